/*
 * scan/verdict.h - what a rule says of a resource, and what a scan comes to
 *
 * A unit's verdicts are copied out of its arena with all that a report needs, so that units
 * need not outlive their judging. Only what a report will show is kept: a pass is counted and,
 * unless every verdict was asked for, dropped.
 */
#ifndef PLUMB_SCAN_VERDICT_H
#define PLUMB_SCAN_VERDICT_H

#include "base/diag.h"
#include "edit/edit.h"
#include "rules/rule.h"

typedef enum Status {
    STATUS_PASS,
    STATUS_FAIL,
    STATUS_UNKNOWN,
    STATUS_SUPPRESSED,
} Status;

/* How a finding stands to the tree that a scan is held against (--since). */
typedef enum Standing {
    STANDING_NONE, /* nothing is compared */
    STANDING_NEW,
    STANDING_UNCHANGED, /* it was there before: no finding of this scan */
    STANDING_FIXED,     /* it was there before, and is no more */
} Standing;

/* A place as reports print it. Line and column count from 1; the end is the first column after.
 * Line 0: only the file is known. */
typedef struct Place {
    Str file;
    Str path; /* the same from the boundary, for readers that know the repository alone; empty where
                 nobody said */
    Position start;
    Position end;
} Place;

typedef struct Related {
    Place place;
    Str message;
} Related;

/* How the file of a finding would be changed so that there is none: all edits, or none of them. */
typedef struct Fix {
    Str root;        /* absolute path of the boundary */
    Str path;        /* of the file, from there */
    char digest[65]; /* SHA-256 of its text, which the edits count in */
    const Edit *edits;
    const Position *starts; /* of the edits, for people */
    const Position *ends;
    uint32_t count;
} Fix;

typedef struct Verdict {
    const Rule *rule;
    AliasSet aliases; /* those with conditions that hold for it */
    Status status;
    Standing standing;
    bool baselined;    /* suppressed by a baseline */
    Severity severity; /* of this verdict: a case of the rule may differ from the rule */
    bool enabled;      /* it counts for the exit status: not off by default, not preview */
    Str resource;      /* address */
    Str type_name;
    Str attribute; /* path of the attribute inside the resource, as "ingress[0].cidr_blocks"; may
                      be empty */
    Str element;   /* of a rule with `each`: the element's name, else its index; may be empty */
    Place place;
    Str render;         /* of a chart: the values that it is rendered with, where that matters */
    Str excerpt;        /* the lines of the place, of a failing verdict; empty where sensitive */
    uint32_t instances; /* how many of the resource it is about, which do not differ */
    Str message;
    Str cause;  /* of an unknown: what is not known */
    Str reason; /* of something suppressed: why, as it was written; may be empty */
    Related *related;
    uint32_t related_count;
    Fix *fix;                    /* NULL where there is none, or nobody asked */
    struct Condition *condition; /* that it hangs on (scan/condition.h), or NULL; ... */
    bool supposed;               /* ... it is one if nothing elsewhere belongs to it */
    char fingerprint[65];        /* plumb/v1, lowercase hex; unique within a report */
} Verdict;

/* Negative, zero or positive, by place, rule, resource, attribute and element: what makes two
 * verdicts the same finding, all but what is said of it. */
int verdict_cmp(const Verdict *x, const Verdict *y);

/* What is wrong with an input, as reports print it. */
typedef struct Problem {
    DiagLevel level;
    const char *code; /* diag_code_id() */
    Place place;
    Str message;
    Str help;
    Str excerpt;    /* the line, or empty */
    bool from_here; /* the file is named from the working directory, not from what is scanned */
} Problem;

/* What was covered: a gate must not pass because it read nothing. */
typedef struct Coverage {
    uint32_t files_seen;    /* regular files met on the way, ignore files applied */
    uint32_t files_read;    /* known inputs that were read, wholly or in part */
    uint32_t files_broken;  /* of these: with an error */
    uint32_t files_ignored; /* named by an ignore file, or look-alikes such as chart templates */
    uint32_t resources;
    uint32_t rules; /* enabled ones that had something to judge */
    uint32_t passed;
    uint32_t failed;
    uint32_t unknown;
    uint32_t suppressed;
} Coverage;

typedef struct Ignored {
    Str path;
    Str reason;
} Ignored;

/* What a scan says to whoever called it, as the exit status of the command (docs/output.md). */
typedef enum ScanStatus {
    SCAN_PASSED = 0,
    SCAN_FAILED = 1,     /* a finding at or above the severity that blocks */
    SCAN_INCOMPLETE = 2, /* no verdict: something could not be read, or there was nothing to read */
    SCAN_FAULT = 3,      /* a fault of plumb's own */
} ScanStatus;

/* What differs from an earlier tree, by fingerprint. */
typedef struct Difference {
    Str ref;            /* as it was named */
    Str commit;         /* whose tree it is */
    uint32_t added;     /* findings that were not there */
    uint32_t unchanged; /* that were */
    Verdict *fixed; /* that were there and are no more, where they were; by file, line, column */
    uint32_t fixed_count;
} Difference;

/* What a baseline did for a scan. */
typedef struct BaselineUse {
    Str file;
    uint32_t excused; /* findings */
    uint32_t expired; /* findings whose entry is over */
    uint32_t stale;   /* entries without a finding */
} BaselineUse;

/* The outcome of a scan, sorted and independent of the number of threads. Owned by the scan's
 * arena. */
typedef struct ScanResult {
    Verdict *verdicts; /* by file, line, column, rule, resource; none where an observer took them */
    uint32_t verdict_count;
    Problem *problems; /* by file, line, column */
    uint32_t problem_count;
    Ignored *ignored; /* look-alikes that were left alone, with the reason */
    uint32_t ignored_count;
    Coverage coverage;
    const Rule **rules; /* those that judged something, preview and off by default too; the order of
                           their sets */
    uint32_t rule_count;
    uint8_t *rule_severities; /* what each of them finds has this severity, but for cases of its own
                                 and what holds for some files only; a Severity */
    uint32_t failed[SEVERITY_CRITICAL + 1]; /* verdicts that were reported, by severity */
    uint32_t blocking;             /* of these: enabled and at or above the severity that blocks */
    const Difference *since;       /* NULL: nothing was compared */
    const BaselineUse *baseline;   /* NULL: there is none */
    const struct Tallies *tallies; /* scan/tally.h; NULL if memory is short */
    const struct Tallies *untouched; /* of these: of units that changes do not touch; NULL where
                                        nothing is known of those */
    struct Score *score;             /* scan/score.h; NULL where nothing could be scanned */
    ScanStatus status;
} ScanResult;

#endif
