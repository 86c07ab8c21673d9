/*
 * scan/evaluator.h - the evaluator's own state, for the files that it is made of
 *
 * evaluate.c judges, evaluate_variables.c sets what expressions can name, evaluate_admission.c the
 * same for admission policies, evaluate_verdict.c makes a verdict of what a rule came to. Everyone
 * else uses scan/evaluate.h.
 */
#ifndef PLUMB_SCAN_EVALUATOR_H
#define PLUMB_SCAN_EVALUATOR_H

#include "scan/fix.h"
#include "scan/place.h"
#include "scan/pod_security.h"
#include "scan/rule_view.h"
#include "scan/suppress.h"

/* What of a question that several rules ask is known (rules/questions.h). Only a plain yes or no is
 * kept of a `when`: what is undecided makes a verdict, and is asked again by every rule. */
typedef enum Known {
    KNOWN_NOT,
    KNOWN_FALSE,
    KNOWN_TRUE,
} Known;

typedef struct Answer {
    uint64_t resource;    /* the number of the one it is about; 0: none yet */
    uint8_t known;        /* Known: of a `when` that is about the resource */
    bool none;            /* a `when` about elements is false of all there are */
    bool listed;          /* `list` is the value of an `each` */
    bool met;             /* it may hang on the rest of the tree, as ScopeQuestions has it */
    uint8_t *elements;    /* Known: of a `when` about each element; in scratch; NULL until asked */
    CelValue list;        /* in scratch where it was made */
    Str incomplete_cause; /* the machine's, for `list` */
} Answer;

/* For longer lists the answers are not kept, since they live as long as the resource is judged. */
#define MOST_ELEMENTS 4096u

/* The variable `config` for one Pod Security Standard. */
typedef struct EvalConfig {
    PodStandard wanted;
    CelValue value;
    struct EvalConfig *next;
} EvalConfig;

/* Where a node of the resource at hand stands, which several rules may point at. */
typedef struct KnownSite {
    uint64_t resource; /* its number; 0: none yet */
    const Node *node;
    uint8_t kind;
    Span span;
    Site site;
} KnownSite;

#define KNOWN_SITES 32u

struct Evaluator {
    const EvalOptions *options;
    Arena *arena;   /* as long as the evaluator */
    Arena *scratch; /* values of one rule on one resource */
    RuleViews views;
    uint32_t *erred_in; /* for each rule: the last unit in which it failed to evaluate; NULL as long
                           as none did */
    Answer *answers;    /* for each shared question, from 1 */
    CelMachine machine;
    CelValue variables[RULE_VAR_COUNT];
    EvalConfig *configs; /* those that were met */

    /* at hand */
    uint32_t unit_number;
    bool namespaces_enforce;  /* a standard: `config` is that of each resource's namespace */
    uint64_t resource_number; /* of those judged so far, by this evaluator */
    Unit *unit;
    FixMaker fixes;
    NameMemo names;
    Suppressions *suppressions; /* of the unit, read at the first verdict that is no pass */
    bool suppressions_read;
    const Resource *resource;
    RuleView *view; /* how rules run on it */
    VerdictSink *sink;
    bool supposing; /* the rest of the tree is taken for empty: answers are not for other rules */
    bool environment_found;
    bool meta_made;
    Node meta;
    AdmissionView admission; /* how the policy of the rule at hand sees the resource */
    Node body;               /* as the API server shows it to policies, once one has asked */
    bool body_admitted;
    bool metered;          /* the rule at hand is of a policy that the scan has met, ... */
    uint64_t policy_steps; /* ... for all of which so many steps are left */
    KnownSite sites[KNOWN_SITES];
    uint32_t effort;     /* that may still go into finding places in the resource */
    bool secrets_sought; /* whether `secrets` is known of the resource */
    bool secrets;        /* its body holds something sensitive */
    size_t mark;         /* of scratch: what is above goes with the next rule */
    Str address;         /* in the sink's arena, once a verdict of the resource was kept */
    Str type_name;
};

/* What an expression came to, as a truth. */
typedef enum Truth {
    TRUTH_FALSE,
    TRUTH_TRUE,
    TRUTH_UNKNOWN,
    TRUTH_ERROR,
} Truth;

/* A verdict in the making. */
typedef struct Outcome {
    Status status;
    Severity severity;
    AliasSet aliases; /* those with conditions that hold for it */
    Str cause;
    CelValue result; /* whose origin is the place, where `at` says nothing */
    const BlobCode *at;
    const BlobList *message;
    const char *error; /* or NULL */
    const char *fault; /* the error of a policy's expression that denies; or NULL */
    Str reason;        /* of something suppressed; may be empty */
} Outcome;

/* The variables that no resource changes: `config`, and the keys of `meta`. False when the arena is
 * spent. */
bool eval_variables_init(Evaluator *e);

/* Turns to a unit. */
void eval_set_unit(Evaluator *e, Unit *unit);

/* Turns to a resource of the unit at hand. */
void eval_set_resource(Evaluator *e, const Resource *resource);

/* The file that a resource stands in, from the boundary. */
Str eval_file_of(const Unit *unit, const Resource *resource);

/* The same for paths of plumb.yaml: of a plan, the file of its source, where that is there. */
Str eval_config_file_of(Unit *unit, const Resource *resource);

/* Sets the variables whose bits are in `used`; `it` and `index` are set for each element. */
void eval_set_made_variables(Evaluator *e, const RuleRef *ref, uint32_t used);
static inline void eval_set_variables(Evaluator *e, const RuleRef *ref, uint32_t used)
{
    const uint32_t made = 1u << RULE_VAR_META | 1u << RULE_VAR_ENVIRONMENT | 1u << RULE_VAR_PARAMS;

    if (ref->admission || used & made)
        eval_set_made_variables(e, ref, used);
}
void eval_clear_element(Evaluator *e);

/* For rules that are made of admission policies: whether the policy speaks of the resource, ... */
bool eval_admitted(Evaluator *e, const RuleRef *ref);
/* ... what its expressions name, of the variables in `used`, ... */
void eval_set_admission(Evaluator *e, const RuleRef *ref, uint32_t used);
/* ... how many steps one of them may take, where they are metered, ... */
uint64_t eval_policy_steps(const Evaluator *e);
/* ... the unknown that stands for the cluster, ... */
CelValue eval_cluster(void);
/* ... what it comes to when one of them fails, ... */
void eval_settle_failure(const RuleRef *ref, Outcome *outcome);
/* ... and what it says then, or of an object that is denied. */
Str eval_admission_message(Evaluator *e, const Rule *rule, const Outcome *outcome);

/* Judges the resource at hand by a rule. `there` are the fields that the resource has, of those
 * that the type's rules need. */
void eval_rule(Evaluator *e, const RuleRef *ref, const NeedSet *there);

/* The same where a rule asks for what may lie outside of the unit: what is undecided for that has a
 * Condition in the sink. */
void eval_rule_in_scope(Evaluator *e, const RuleRef *ref, const NeedSet *there);

/* Runs code of a rule with the variables as they are. */
CelValue eval_run(Evaluator *e, const Rule *rule, BlobCode code);

/* What a value is as a truth. */
Truth eval_truth(CelValue value);

/* What is to be said where an unknown or an error keeps the rule from a verdict. */
Outcome eval_undecided(const Rule *rule, CelValue value);

/* Counts what a rule came to and keeps a verdict of it where one is wanted. */
void eval_give(Evaluator *e, const RuleRef *ref, Outcome *outcome);

#endif
