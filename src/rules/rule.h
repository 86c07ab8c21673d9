/*
 * rules/rule.h - a compiled rule, as the rest of the scanner sees it
 *
 * Rules come from YAML (docs/writing-rules.md); rules/compile.h makes a rule set of them, either by
 * the build into constant data, or at start for a user's own.
 */
#ifndef PLUMB_RULES_RULE_H
#define PLUMB_RULES_RULE_H

#include "base/str.h"

typedef enum Severity {
    SEVERITY_INFO,
    SEVERITY_LOW,
    SEVERITY_MEDIUM,
    SEVERITY_HIGH,
    SEVERITY_CRITICAL,
} Severity;

typedef enum Category {
    CATEGORY_SECURITY,
    CATEGORY_RELIABILITY,
    CATEGORY_AUTOMATION,
    CATEGORY_GITOPS,
    CATEGORY_COST,
    CATEGORY_OBSERVABILITY,
    CATEGORY_DOCUMENTATION,
} Category;

/* "info", "low", ...; the parse takes the same words and returns false for others. */
const char *severity_name(Severity severity);
bool severity_parse(Str text, Severity *severity);
const char *category_name(Category category);
bool category_parse(Str text, Category *category);

typedef enum RuleDefault {
    RULE_ON,
    RULE_OFF,     /* judged only when asked for */
    RULE_PREVIEW, /* reported, never blocking */
} RuleDefault;

/* Some aliases mean only a part of what a rule finds (`for` and `if` of an alias). Of a finding,
 * bit n says that the n-th such condition holds; of a name, that it means the findings of which it
 * does, and ALIASES_ALL that it means all of them. */
typedef uint32_t AliasSet;
#define ALIASES_ALL UINT32_MAX

/* As many conditions of aliases has a rule at most. */
#define ALIAS_CONDITION_LIMIT 31u

/* What an edit of a rule does (docs/fixes.md). */
typedef enum RuleEditOp {
    RULE_EDIT_SET,     /* gives a field a value */
    RULE_EDIT_REMOVE,  /* takes a field away */
    RULE_EDIT_REPLACE, /* puts a text in the place of a word, ... */
    RULE_EDIT_BEFORE,  /* ... before it, ... */
    RULE_EDIT_AFTER,   /* ... or behind it */
    RULE_EDIT_ABOVE,   /* puts lines above an instruction */
    RULE_EDIT_OPS,
} RuleEditOp;

typedef struct RuleSet RuleSet;

/* One rule. Lives as long as its set. */
typedef struct Rule Rule;

Str rule_id(const Rule *rule);
Str rule_title(const Rule *rule);
Severity rule_severity(const Rule *rule);
Category rule_category(const Rule *rule);
RuleDefault rule_default(const Rule *rule);
Str rule_why(const Rule *rule);
Str rule_fix(const Rule *rule);
bool rule_can_fix(const Rule *rule); /* it has edits: `plumb scan --fix` */
Str rule_note(const Rule *rule);
Str rule_since(const Rule *rule);       /* rule set version that brought it, "2026.1" */
bool rule_is_secret(const Rule *rule);  /* what it finds may be a secret: no line is shown */
Str rule_replaced_by(const Rule *rule); /* id, or empty */
Str rule_needed_by(const Rule *rule);   /* who needs a rule that only follows another scanner */
Str rule_file(const Rule *rule);      /* the file that holds it, as it was given to the compiler */
uint32_t rule_line(const Rule *rule); /* of its id in that file */
uint32_t rule_target_count(const Rule *rule); /* `for` as written: types, patterns, families */
Str rule_target(const Rule *rule, uint32_t index);
uint32_t rule_alias_count(const Rule *rule);
Str rule_alias(const Rule *rule, uint32_t index);
/* Which of the rule's findings an alias means. */
AliasSet rule_alias_means(const Rule *rule, uint32_t index);
/* Whether an alias means a finding of which these hold. */
bool rule_alias_holds(const Rule *rule, uint32_t index, AliasSet holding);
uint32_t rule_reference_count(const Rule *rule);
Str rule_reference(const Rule *rule, uint32_t index);
uint32_t rule_framework_count(const Rule *rule); /* "aws-fsbp: RDS.5" as a pair of texts */
Str rule_framework(const Rule *rule, uint32_t index);
Str rule_framework_control(const Rule *rule, uint32_t index);
/* The first failing and the first passing test's text, for `plumb explain` and the documentation.
 */
Str rule_failing_example(const Rule *rule);
Str rule_passing_example(const Rule *rule);

#endif
