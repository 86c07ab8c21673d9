/*
 * rules/load.h - rule files from disk
 *
 * A directory is read with all below it, in the order of the names: files that end in .yaml or
 * .yml, those in a directory `defaults` as provider defaults, that in a directory `schemas` as the
 * fields of Kubernetes' kinds, which only the shipped set keeps, and a file VERSION as the set's
 * version.
 */
#ifndef PLUMB_RULES_LOAD_H
#define PLUMB_RULES_LOAD_H

#include "base/sha256.h"
#include "rules/compile.h"
#include "rules/policy.h"

typedef struct RuleTree {
    RuleFile *first;
    RuleFile *last;
    const Node **defaults;
    uint32_t default_count;
    uint32_t default_capacity;
    PolicyDocuments policies;
    bool takes_policies; /* what is added holds admission policies, not rules */
    const Node *objects; /* the table of `schemas`; or NULL */
    Str version;         /* empty without a VERSION file */
    Str hash; /* SHA-256 of all texts with their paths, hexadecimal; see rule_tree_done() */
    Sha256 sum;
} RuleTree;

/* A context with memory of its own, ended by rule_context_free(); arena NULL if memory is short. */
RuleContext rule_context_new(void);
void rule_context_free(RuleContext *context);

RuleTree rule_tree_new(void);

/* Adds the file or directory at `path`, which is how reports name it. What is wrong is reported to
 * the context; false when `path` could not be read at all. */
bool rule_tree_add(RuleTree *tree, const char *path, RuleContext *context);

/* Adds a text as a file of rules. False if memory is short. */
bool rule_tree_add_text(RuleTree *tree, Str path, Str text, RuleContext *context);

/* Adds the admission policies in the file or directory at `path`; of a directory, JSON files too.
 */
bool rule_tree_add_policies(RuleTree *tree, const char *path, RuleContext *context);

/* Ends the hash. */
void rule_tree_done(RuleTree *tree, RuleContext *context);

/* Where a user's rules and admission policies are. */
typedef struct RulePaths {
    const char *const *rules;
    uint32_t rule_count;
    const char *const *policies;
    uint32_t policy_count;
    const PolicyText *met; /* texts in which a scan has met policies */
    uint32_t met_count;
} RulePaths;

/* Reads and compiles a user's rules, which extend `base`; the set lives as long as the context.
 * Mistakes are in the context's diagnostics and cost the rule that they are in. False when a path
 * could not be read or memory is short. */
bool ruleset_compile_paths(const RulePaths *paths, const RuleSet *base, RuleContext *context,
                           RuleSet *set);

#endif
