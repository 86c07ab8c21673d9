/*
 * scan/evaluate.h - judges one unit by the rules
 *
 * An evaluator belongs to one worker: it holds the machine, its memory, and for each resource type
 * the list of rules that speak of it.
 */
#ifndef PLUMB_SCAN_EVALUATE_H
#define PLUMB_SCAN_EVALUATE_H

#include "cel/machine.h"
#include "ir/unit.h"
#include "rules/ruleset.h"
#include "scan/condition.h"
#include "scan/environment.h"
#include "scan/settings.h"

/* Which rules run, and what of their verdicts is kept; constant during a scan. */
typedef struct EvalOptions {
    const RuleSet *const *sets; /* the shipped one, then the user's */
    uint32_t set_count;
    const Symbols *symbols;
    const ObjectTypes *objects; /* of the shipped set */
    RuleSettings rules;
    const RuleOverride *overrides; /* what holds for some files only */
    uint32_t override_count;
    Str config_base;      /* from the boundary to the directory that the configuration's paths
                             begin in: empty or "a/b/" */
    uint32_t first_rule;  /* rules of a lower number do not run */
    bool all_verdicts;    /* every rule, also those off by default; keep passes and unknowns too */
    bool keep_unknown;    /* keep unknowns */
    bool keep_every;      /* keep passes and unknowns of the rules that run */
    bool keep_excerpts;   /* copy the source lines of failing places */
    bool keep_fixes;      /* say how failing places would be put right */
    bool no_suppressions; /* no comment or annotation takes back a finding */
    const struct SuppressPolicy *policy; /* which of them count; NULL: all */
    Severity report_at;                  /* failing verdicts below it are counted only */
    uint8_t pod_security_level;          /* 0 privileged, 1 baseline, 2 restricted */
    uint16_t pod_security_minor;         /* of v1.N; UINT16_MAX for latest */
    uint16_t kubernetes_minor;
    Environments environments;
    Str judgement;   /* config_judgement(): scores of one are not compared with those of another */
    Str pin;         /* rules since a later rule set version are preview; empty: none */
    Str root_prefix; /* from the boundary to the scan's root: empty or "a/b/"; fingerprints
                        have it before the file */
    int64_t now;     /* Unix seconds */
} EvalOptions;

/* What a worker has found so far, in an arena that lives until the end of the scan. */
typedef struct VerdictSink {
    Arena *arena;
    Arena *growing; /* of `verdicts` until sink_close(), where nothing stands between them and what
                       they leave behind as they grow is not kept; NULL: `arena` */
    Verdict *verdicts;
    uint32_t count;
    uint32_t capacity;
    Problem *problems;
    uint32_t problem_count;
    uint32_t problem_capacity;
    Str file; /* what was copied last, of texts that come in runs */
    Str path;
    Str render;
    bool keep_all;      /* what is not wanted too, until sink_settle() */
    bool keep_failures; /* the same of what fails */
    Coverage coverage;
    Severity worst;  /* of enabled, unsuppressed failing verdicts, whether or not they are kept */
    bool any_failed; /* whether `worst` means anything */
    uint8_t *rules_used;   /* one for each rule: it judged something */
    Tallies *tallies;      /* of rules that count; NULL: nobody wants them */
    uint32_t unit;         /* number of the one at hand, for conditions */
    Condition *conditions; /* what hangs on the rest of the tree, and is not counted; the last one
                              first */
} VerdictSink;

typedef struct Evaluator Evaluator;

/* The severity of the rule, the `number`th of all sets, as far as no override says otherwise. */
Severity eval_rule_severity(const EvalOptions *options, const Rule *rule, uint32_t number);

/* Whether the rule, the `number`th of all sets, runs and counts for the exit status and the
 * score. */
bool eval_rule_counts(const EvalOptions *options, const Rule *rule, RuleDefault life,
                      uint32_t number);

/* Whether a verdict is among those that are kept. */
bool eval_is_kept(const EvalOptions *options, Status status, Severity severity);

/* `options` and `patterns` are kept. NULL if memory is short. */
Evaluator *evaluator_new(const EvalOptions *options, CelPatterns *patterns);
void evaluator_free(Evaluator *evaluator);

/* Judges all resources of `unit`, whose diagnostics go to `sink` as problems. An error inside a
 * rule's expression becomes an unknown verdict with cause "rule error" and, once a unit, a problem:
 * an error for a user's rule, a warning for a shipped one. Fingerprints may repeat until
 * fingerprints_finish() (scan/fingerprint.h). False where the evaluator's own memory is short: then
 * rules may be missing, of this unit and of all that follow. */
bool evaluator_judge(Evaluator *evaluator, Unit *unit, VerdictSink *sink);

/* Copies the diagnostics of `unit` into `sink`, resolved to places; evaluator_judge() does it. */
void sink_problems(VerdictSink *sink, Unit *unit);

#endif
