/*
 * scan/settings.h - how rules run where plumb.yaml or the command line says otherwise than they do
 *
 * What is said names rules by id, alias or pattern; here it is resolved to the rules that are
 * there. Where nothing is said there is nothing: a scan then pays for none of it.
 */
#ifndef PLUMB_SCAN_SETTINGS_H
#define PLUMB_SCAN_SETTINGS_H

#include "base/diag.h"
#include "scan/config.h"
#include "scan/ignore.h"
#include "scan/rule_settings.h"

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

/* Whether a name is that of an admission policy, which may be one that a scan meets on its way and
 * nobody knows before. */
bool settings_is_policy(Str name);

/* How much of which rules a list of names means, one for each rule; NULL where `names` is. A name
 * that means none is an error. */
const AliasSet *settings_rules(const SettingsRequest *request, const Node *names, Arena *arena,
                               DiagSink *diags);

/* Patterns as in .gitignore, `node` being one or a list; NULL without any, or with `arena` spent.
 */
const IgnoreLevel *settings_patterns(const Node *node, Arena *arena);

#endif
