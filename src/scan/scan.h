/*
 * scan/scan.h - from paths to verdicts
 *
 * Finds the inputs, and lets workers read and judge them, each unit by itself. Verdicts are handed
 * over unit by unit in the order of the paths, whichever worker is done first, and are forgotten
 * then, so that memory does not grow with the number of findings.
 */
#ifndef PLUMB_SCAN_SCAN_H
#define PLUMB_SCAN_SCAN_H

#include "rules/policy.h"
#include "scan/discover.h"
#include "scan/evaluate.h"
#include "scan/filter.h"
#include "scan/problem.h"
#include "scan/selection.h"
#include "scan/unit_read.h"

/* Makes of `*eval`, by which manifests were judged, what they are to be judged by for the policies
 * that were met among them, and nothing else. False where that is nothing. Mistakes in the policies
 * are added to `problems`. */
typedef bool JudgePolicies(void *context, const PolicyText *texts, uint32_t count,
                           ProblemList *problems, EvalOptions *eval);

typedef struct ScanOptions {
    const Str *arguments; /* paths, or "-" for standard input */
    uint32_t argument_count;
    DiscoverOptions discover;
    EvalOptions eval;
    const ProviderDefaults *defaults; /* may be NULL */
    TerraformInputs terraform;
    Str source;                   /* --source: where plans were made; empty: beside them */
    uint32_t jobs;                /* 0: as many as there are processors */
    bool blocks;                  /* findings make the status SCAN_FAILED, ... */
    Severity fail_on;             /* ... from this severity on */
    bool allow_empty;             /* finding no input is no failure */
    Selection *selection;         /* NULL: no unit is known to be touched by changes */
    Side side;                    /* the tree that this scan reads */
    bool only_touched;            /* leave other units alone */
    const VerdictFilter *filters; /* what findings are, one after the other; ... */
    uint32_t filter_count;
    Severity report_at;            /* ... of those, the ones from this severity on are reported */
    const ProblemList *problems;   /* to be reported with those of the scan, or NULL */
    JudgePolicies *judge_policies; /* NULL: policies among the manifests judge nothing */
    void *judge_context;
    uint32_t min_score; /* a lower overall score makes it SCAN_FAILED; 0: none does */
} ScanOptions;

/* Takes the verdicts of one unit, sorted by file, line, column, rule and resource; they are gone
 * when it returns. Called by one thread at a time. */
typedef struct ScanObserver {
    void *context;
    void (*verdicts)(void *context, const Verdict *verdicts, uint32_t count);
    void (*files)(void *context, uint64_t count); /* so many are done; may be NULL */
} ScanObserver;

/* Scans. Problems and what was ignored are in `arena`. Whatever happens is in `*result`. */
void scan_run(const ScanOptions *options, const ScanObserver *observer, Arena *arena,
              ScanResult *result);

#endif
