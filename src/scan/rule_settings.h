/*
 * scan/rule_settings.h - which rules run, with what severity and what parameters
 *
 * Nothing is said of most rules, so settings are arrays only where something is; changes are put
 * upon them, one set after the other, as overrides of plumb.yaml are.
 */
#ifndef PLUMB_SCAN_RULE_SETTINGS_H
#define PLUMB_SCAN_RULE_SETTINGS_H

#include "base/source.h"
#include "rules/ruleset.h"

/* The severity of a rule about which nothing is said: that of the rule and its cases. */
#define SEVERITY_OWN UINT8_MAX

/* What is said of parts of a rule, by aliases that mean no more of it. */
typedef struct RuleParts {
    AliasSet only;    /* nothing but findings that one of these holds of; 0: all */
    AliasSet without; /* no finding that one of these holds of */
} RuleParts;

/* Changes `parts` of a rule and whether it runs, as a name says it that means so much of it
 * (rule_called()). */
void rule_parts_switch(RuleParts *parts, bool *runs, AliasSet means, bool on);

/* One value for each rule, sets in order; NULL where nothing is said of any. */
typedef struct RuleSettings {
    const bool *selected;   /* it runs; NULL: all that are on or preview */
    const RuleParts *parts; /* NULL: all of each rule */
    const uint8_t *severities;
    const Node *params; /* maps of all parameters; NODE_NULL: those of the rule */
} RuleSettings;

typedef enum RuleChangeKind {
    RULE_CHANGE_ON,
    RULE_CHANGE_OFF,
    RULE_CHANGE_SEVERITY,
    RULE_CHANGE_PARAM,
} RuleChangeKind;

/* One thing that is said of one rule. */
typedef struct RuleChange {
    RuleChangeKind kind;
    uint32_t rule;  /* number among all sets */
    AliasSet means; /* so much of it is switched */
    Severity severity;
    Str param;
    Node value;
    Span at; /* in plumb.yaml */
} RuleChange;

typedef struct RuleChanges {
    RuleChange *items;
    uint32_t count;
    uint32_t capacity;
} RuleChanges;

/* `base` with `changes` put upon it, in `arena`. False if that is spent. */
bool rule_settings_apply(const RuleSettings *base, const RuleChanges *changes,
                         const RuleSet *const *sets, uint32_t set_count, Arena *arena,
                         RuleSettings *result);

#endif
