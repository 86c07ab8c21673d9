/*
 * rules/compile.h - drafts of rules to a rule set
 *
 * The build does it once for the shipped rules (tools/rulec), a scan at its start for a user's.
 */
#ifndef PLUMB_RULES_COMPILE_H
#define PLUMB_RULES_COMPILE_H

#include "rules/ruleset.h"
#include "rules/schema.h"

/* What the compiler works in. Diagnostics have spans in `sources`. */
typedef struct RuleContext {
    Arena *arena;
    Sources sources;
    DiagSink diags;
} RuleContext;

typedef struct CompileOptions {
    const RuleSet *base; /* the shipped set, whose symbols and ids the new one extends; or NULL */
    Str version;         /* "2026.1"; empty for a user's */
    Str hash;            /* of the text; empty for a user's */
    const Node *const *defaults; /* trees of provider default files, scalars typed */
    uint32_t default_count;
    const Node *objects; /* the fields of Kubernetes' kinds (rules/object_table.h); or NULL */
    bool tests_required; /* every rule has a failing and a passing test */
    bool ids_free;       /* rules may have the ids of base's, as when those are tested */
} CompileOptions;

/* Compiles the rules of a list of files. A rule with a mistake is reported and left out; see
 * `context->diags.errors`. The set lies in the context's arena. False when that is spent. */
bool rules_compile(const RuleFile *files, const CompileOptions *options, RuleContext *context,
                   RuleSet *set);

/* The same, as bytes aligned to 8. */
bool rules_compile_bytes(const RuleFile *files, const CompileOptions *options, RuleContext *context,
                         Str *bytes);

#endif
