/*
 * scan/settings.h - how rules run where plumb.yaml or the command line says otherwise than they do
 *
 * What is said names rules by id, alias or pattern; here it is resolved to the rules that are
 * there. Where nothing is said there is nothing: a scan then pays for none of it.
 */
#ifndef PLUMB_SCAN_SETTINGS_H
#define PLUMB_SCAN_SETTINGS_H

#include "base/diag.h"
#include "rules/ruleset.h"
#include "scan/config.h"
#include "scan/ignore.h"

/* The severity of a rule about which nothing is said: that of the rule and its cases. */
#define SEVERITY_OWN UINT8_MAX

/* One value for each rule, sets in order; NULL where nothing is said of any. */
typedef struct RuleSettings {
    const bool *selected; /* it runs; NULL: all that are on or preview */
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
    uint32_t rule; /* number among all sets */
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

/* What holds for some files. */
typedef struct RuleOverride {
    const IgnoreLevel *paths; /* from the directory that plumb.yaml speaks of */
    RuleChanges changes;
} RuleOverride;

/* More of them are a mistake: a set of them is a number of so many bits. */
#define OVERRIDE_LIMIT 64u

typedef struct SettingsRequest {
    const RuleSet *const *sets;
    uint32_t set_count;
    const Config *config;
    const Str *only; /* --rule */
    uint32_t only_count;
    const Str *skip; /* --skip-rule */
    uint32_t skip_count;
    bool all_verdicts; /* also rules that are off by default */
} SettingsRequest;

typedef struct Settings {
    RuleSettings rules;      /* for files that no override is about */
    RuleChanges changes;     /* what plumb.yaml says to that; for whoever lists it */
    RuleOverride *overrides; /* one for each of the configuration's */
    uint32_t override_count;
} Settings;

/* Resolves all that is said of rules, in `arena`. A name that means no rule and a parameter that a
 * rule does not have, or of another type, is an error; false after any. */
bool settings_resolve(const SettingsRequest *request, Arena *arena, DiagSink *diags,
                      Settings *settings);

/* Which rules a list of names means, one for each rule; NULL where `names` is. A name that means
 * none is an error. */
const bool *settings_rules(const SettingsRequest *request, const Node *names, Arena *arena,
                           DiagSink *diags);

/* `base` with `changes` put upon it, in `arena`. False if that is spent. */
bool settings_apply(const RuleSettings *base, const RuleChanges *changes,
                    const RuleSet *const *sets, uint32_t set_count, Arena *arena,
                    RuleSettings *result);

/* The rule with that number among all sets. */
const Rule *settings_rule(const RuleSet *const *sets, uint32_t number);

/* Patterns as in .gitignore, `node` being one or a list; NULL without any, or with `arena` spent.
 */
const IgnoreLevel *settings_patterns(const Node *node, Arena *arena);

#endif
