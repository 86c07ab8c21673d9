/*
 * rules/ruleset.h - a set of compiled rules, used where it lies
 *
 * A set is a view of constant bytes (rules/blob.h): opening one parses nothing and allocates
 * nothing, whatever the number of rules. A user's set extends the shipped one: symbols in its
 * code go on after those.
 */
#ifndef PLUMB_RULES_RULESET_H
#define PLUMB_RULES_RULESET_H

#include "cel/machine.h"
#include "ir/object_types.h"
#include "ir/unit.h"
#include "rules/blob.h"

struct RuleSet {
    const uint8_t *bytes;
    uint32_t size;
    SymbolTable symbols; /* the names that this set adds */
    ObjectTypes objects; /* of Kubernetes' kinds; no kinds in a user's set */
};

/* What an expression of a rule may name; the machine's variables in this order. */
typedef enum RuleVariable {
#define RULE_VARIABLE(name, id) RULE_VAR_##name,
#include "rules/variables.def"
#undef RULE_VARIABLE
    RULE_VAR_COUNT
} RuleVariable;

/* The name of a variable, such as "resource". */
Str rule_variable_name(RuleVariable variable);

/* A view of `bytes`, which are aligned to 8 and kept. False where they are no rule set of this
 * version of plumb; what rulec or rules_compile() made is not doubted beyond that. */
bool ruleset_open(const void *bytes, size_t size, RuleSet *set);

/* The names of both sets; `user` may be NULL. */
Symbols ruleset_symbols(const RuleSet *shipped, const RuleSet *user);

Str ruleset_version(const RuleSet *set); /* "2026.1" */
Str ruleset_hash(const RuleSet *set);    /* of the rules' text */

/* Negative, 0 or positive as version `a` is before, the same as or after `b`; numbers part by part,
 * so that "2026.10" is after "2026.9". An empty one is before all others. */
int ruleset_version_cmp(Str a, Str b);

uint32_t ruleset_rule_count(const RuleSet *set);

/* rule_default() of each rule, side by side: cheap to look at for all of them. */
const uint8_t *ruleset_lives(const RuleSet *set);

/* How many questions several rules of the set ask: Rule.when_shared and each_shared run from 1 to
 * it. */
uint32_t ruleset_shared_count(const RuleSet *set);

const Rule *ruleset_rule(const RuleSet *set, uint32_t number);

/* Whether `name` is the rule's id, an alias of it, or a pattern that its id or an alias meets. */
bool rule_matches(const Rule *rule, Str name);

/* The same for names that people write down: a name that is no pattern is also one that differs in
 * case or, of a peer's id, in trivy's older forms of it (AVD-KSV-0014, KSV014). */
bool rule_is_called(const Rule *rule, Str name);

/* Which findings of a rule that is called so the name means: ALIASES_ALL unless it is an alias of a
 * part of them; 0 of a rule that is not called so. */
AliasSet rule_called(const Rule *rule, Str name);

/* The rules of a set that are called so (rule_is_called()), by their numbers, without a look at the
 * others: ruleset_next_called() until it gives NULL. `name` is no pattern, and kept. */
typedef struct RuleNames {
    const RuleSet *set;
    Str name;
    uint32_t at, end; /* in the set's list of names */
} RuleNames;
RuleNames ruleset_names(const RuleSet *set, Str name);
const Rule *ruleset_next_called(RuleNames *names);

/* Names that rule_is_called() takes for the same have the same one. */
uint32_t rule_name_hash(Str name);

/* Whether a name is a pattern: it holds `*` or `?`. */
bool rule_name_is_pattern(Str name);

/* The rule with that id or, failing that, with that alias; NULL where there is none. */
const Rule *ruleset_find(const RuleSet *const *sets, uint32_t set_count, Str name);

/* The id or alias that a misspelt `name` most likely meant, or an empty Str. */
Str ruleset_nearest(const RuleSet *const *sets, uint32_t set_count, Str name, Arena *arena);

/* The rule with that number among all sets. */
const Rule *ruleset_rule_at(const RuleSet *const *sets, uint32_t number);

/* How many rules there are in all sets. */
uint32_t ruleset_total(const RuleSet *const *sets, uint32_t set_count);

/* Numbers of the rules of a set that judge a resource: those that name its type, ... */
typedef struct RuleNumbers {
    const uint32_t *items;
    uint32_t count;
} RuleNumbers;
RuleNumbers ruleset_for_type(const RuleSet *set, Symbol type);
RuleNumbers ruleset_for_pod(const RuleSet *set); /* those for everything that runs pods, ... */
RuleNumbers ruleset_for_any(const RuleSet *set); /* those for everything, ... */
/* ... and those with a pattern that the type meets, which `each` is called with. */
typedef void RuleNumberFn(void *context, uint32_t number);
void ruleset_for_glob(const RuleSet *set, Str type, RuleNumberFn *each, void *context);

/* The condition that rules are put together by, since when it is false it is for all of them: the
 * number of the question that the guard is or, without one, `when`; 0 where none is shared. Lists
 * of rules are in the order of their gates, then of their numbers. */
static inline uint32_t rule_gate(const Rule *rule)
{
    return rule->guard.shared ? rule->guard.shared : rule->when.shared;
}

/* A path that a rule needs. In one set, equal paths have their symbols at one place. */
typedef struct RulePath {
    const Symbol *symbols;
    uint32_t count;
    bool pod; /* it begins in the pod, not in the resource */
} RulePath;

/* One of Rule.when_needs or each_needs. */
RulePath rule_path(const Rule *rule, BlobList needs, uint32_t index);

/* The code of an expression of `rule`; size 0 for none. */
static inline CelCode rule_code(const Rule *rule, BlobCode code)
{
    return (CelCode){(const uint8_t *)rule - rule->self + code.offset, code.size, code.stack_max,
                     code.local_count};
}

/* Element `index` of a list of `rule`'s. */
const BlobPart *rule_part(const Rule *rule, BlobList parts, uint32_t index);
const BlobCase *rule_case(const Rule *rule, uint32_t index);
const BlobRelated *rule_related(const Rule *rule, uint32_t index);
const BlobAliasPart *rule_alias_part(const Rule *rule, uint32_t index);
Str rule_part_type(const Rule *rule, const BlobAliasPart *part, uint32_t index);
const BlobEdit *rule_edit(const Rule *rule, uint32_t index);
Str rule_text(const Rule *rule, BlobText text);

/* Field `index` of the path of an edit, and the value that it sets, in `arena`. */
Str rule_edit_field(const Rule *rule, const BlobEdit *edit, uint32_t index);
Node rule_edit_value(const Rule *rule, const BlobEdit *edit, Arena *arena);

/* The defaults of the rule's parameters as a map in `arena`; a null without any. */
Node rule_params(const Rule *rule, Arena *arena);

/* What of an admission policy is no expression, as a map in `arena` (rules/policy_rule.h); a null
 * for other rules. */
Node rule_admission(const Rule *rule, Arena *arena);

/* The provider defaults of a set, as nodes in `arena`; none when that is spent. */
ProviderDefaults ruleset_defaults(const RuleSet *set, Arena *arena);

#endif
