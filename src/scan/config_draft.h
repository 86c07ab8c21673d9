/*
 * scan/config_draft.h - a plumb.yaml that nobody has written yet
 *
 * What `plumb init` puts together: what the tree holds, and what the configurations of other
 * scanners in it say, as far as that has a meaning here. What has none is kept as a remark, so that
 * nobody takes it for taken over.
 */
#ifndef PLUMB_SCAN_CONFIG_DRAFT_H
#define PLUMB_SCAN_CONFIG_DRAFT_H

#include "base/diag.h"
#include "rules/ruleset.h"

/* An entry of a list, or a key with a value, and where it comes from. */
typedef struct DraftItem {
    Str text;
    Str value; /* of `severities`: the severity; else empty */
    Str note;  /* may be empty */
} DraftItem;

typedef struct DraftList {
    DraftItem *items;
    uint32_t count;
    uint32_t capacity;
} DraftList;

/* Rules that do not run for some files. */
typedef struct DraftOverride {
    DraftList paths;
    DraftList disable;
    Str note;
} DraftOverride;

typedef struct ConfigDraft {
    Arena *arena;
    const RuleSet *const *sets;
    uint32_t set_count;

    /* what the tree holds */
    uint32_t manifests; /* at least so many */
    uint32_t modules;
    uint32_t dockerfiles;
    DraftList production; /* directories that look like production */
    DraftList asides;     /* directories that look like examples and tests */

    /* what other scanners' configurations say */
    DraftList files; /* their names */
    DraftList only;
    DraftList enable;
    DraftList disable;
    DraftList severities;
    DraftList exclude;
    DraftOverride *overrides;
    uint32_t override_count;
    uint32_t override_capacity;
    DraftItem fail_on; /* text empty: nothing is said */
    DraftItem report_at;
    DraftList left; /* what has no place in plumb.yaml, as sentences */
} ConfigDraft;

/* Adds an entry, unless there is one of that text. Texts are kept. */
void draft_add(ConfigDraft *draft, DraftList *list, Str text, Str value, Str note);

/* Adds the rules that another scanner calls `id`, by their own ids, each with `value`; a pattern as
 * it is. `prefix` is what such ids have before them here, as "kube-linter/"; `source` says whose it
 * is, and `note` may add to that. What names no rule is left over. */
void draft_add_rule(ConfigDraft *draft, DraftList *list, Str prefix, Str id, Str value, Str source,
                    Str note);

/* Notes something that has no place. */
void draft_leave(ConfigDraft *draft, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A new override; NULL if the arena is spent. */
DraftOverride *draft_override(ConfigDraft *draft);

/* Looks at what lies below `directory`. */
void draft_survey(ConfigDraft *draft, Str directory);

#endif
