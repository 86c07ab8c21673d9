/*
 * scan/baseline.h - a file of findings that are known and excused
 *
 * For adopting plumb where there is much to put right: what was there at the beginning does not
 * block, what is new does. An entry excuses one finding, by its fingerprint, and may end on a day.
 * The file is JSON, an entry a line, sorted, so that it reads well as a diff (docs/baseline.md).
 */
#ifndef PLUMB_SCAN_BASELINE_H
#define PLUMB_SCAN_BASELINE_H

#include "base/out.h"
#include "scan/copy.h"
#include "scan/filter.h"
#include "scan/known.h"
#include "scan/problem.h"

#define BASELINE_FILE ".plumb-baseline.json"

typedef struct BaselineEntry {
    Str fingerprint;
    Str moved; /* plumb/moved/v1 */
    Str rule;
    Str path; /* from the boundary */
    Str resource;
    Str attribute;
    Str element;
    Str until;   /* YYYY-MM-DD, or empty */
    Str reason;  /* or empty */
    int64_t end; /* Unix seconds from which on it excuses nothing */
    bool met;    /* a finding was found to be this one */
} BaselineEntry;

/* What of the tree a scan sees: entries of other files say nothing of it. */
typedef struct BaselineScope {
    const Str *roots; /* what is scanned, from the boundary: "", "a/", "a/file.yaml" */
    uint32_t root_count;
    bool whole; /* all rules and all files there; else no entry is ever stale */
    bool (*has)(void *context, Str path); /* whether there is such a file */
    void *context;
    int64_t now; /* Unix seconds */
} BaselineScope;

typedef struct Baseline {
    Arena *arena;
    Str file;
    BaselineEntry *entries; /* by path, rule, resource, attribute, element, fingerprint */
    uint32_t count;
    uint32_t capacity;
    BaselineScope scope;
    KnownSet known;
    BaselineUse use;
    Copier copier;
    Verdict *held; /* those that may have moved */
    uint32_t held_count;
    uint32_t held_capacity;
} Baseline;

/* Reads the file, all in `arena`. False after an error, which is in `problems`. */
bool baseline_read(Str file, Arena *arena, ProblemList *problems, Baseline *baseline);

/* Makes a baseline that was read ready for one scan. False if memory is short. */
bool baseline_prepare(Baseline *baseline, const BaselineScope *scope);

/* Marks what the baseline excuses as suppressed, and reports entries that are stale or over. */
VerdictFilter baseline_filter(Baseline *baseline);

/* Whether the scan would have seen what the entry excuses. */
bool baseline_covers(const Baseline *baseline, const BaselineEntry *entry);

/* The entry that a failing verdict has, or NULL; for verdicts that may have moved, after all others
 * were asked for. */
BaselineEntry *baseline_take(Baseline *baseline, const Verdict *verdict);
BaselineEntry *baseline_take_moved(Baseline *baseline, const Verdict *verdict);

/* Adds an entry for a failing verdict, its texts copied. NULL if memory is short. */
BaselineEntry *baseline_add(Baseline *baseline, const Verdict *verdict);

/* Adds an entry as it is. False if memory is short. */
bool baseline_keep(Baseline *baseline, const BaselineEntry *entry);

/* Sorts the entries and writes them. */
void baseline_write(Baseline *baseline, Str ruleset, Out *out);

/* A date to the second from which on it is over; false for what is none. */
bool baseline_date(Str date, int64_t *end);

#endif
