/*
 * scan/config_keys.h - what plumb.yaml may say, as a table
 *
 * The reader, the list of `plumb config` and the JSON Schema are made of it, so that none of them
 * knows a key that another does not.
 */
#ifndef PLUMB_SCAN_CONFIG_KEYS_H
#define PLUMB_SCAN_CONFIG_KEYS_H

#include "base/str.h"

/* What the value of a key looks like. Lists of texts may be a single text instead. */
typedef enum ConfigShape {
    CONFIG_SHAPE_MAP,        /* of the keys below it */
    CONFIG_SHAPE_LIST,       /* of such maps */
    CONFIG_SHAPE_NAMED,      /* such maps by name */
    CONFIG_SHAPE_TEXTS,      /* a list of texts */
    CONFIG_SHAPE_PATHS,      /* of paths, */
    CONFIG_SHAPE_GLOBS,      /* of patterns as in .gitignore, */
    CONFIG_SHAPE_RULES,      /* of names of rules, */
    CONFIG_SHAPE_TOOLS,      /* of names of scanners */
    CONFIG_SHAPE_SEVERITIES, /* severities by names of rules */
    CONFIG_SHAPE_PARAMS,     /* maps by names of rules */
    CONFIG_SHAPE_RULESET,    /* the version of a rule set */
    CONFIG_SHAPE_VERSION,    /* a version of Kubernetes, or "latest" */
    CONFIG_SHAPE_LEVEL,      /* of the Pod Security Standards */
    CONFIG_SHAPE_SEVERITY,
    CONFIG_SHAPE_SEVERITY_NONE, /* or "none" */
    CONFIG_SHAPE_SCORE,         /* 1 to 100 */
    CONFIG_SHAPE_DAYS,          /* 1 to 36500 */
    CONFIG_SHAPE_BOOL,
} ConfigShape;

typedef enum ConfigKey {
    CONFIG_ROOT,
#define CONFIG_KEY(id, parent, name, shape, help) CONFIG_##id,
#include "scan/config_keys.def"
#undef CONFIG_KEY
    CONFIG_KEY_COUNT
} ConfigKey;

typedef struct ConfigKeyInfo {
    Str name;
    ConfigKey parent;
    ConfigShape shape;
    const char *help; /* sentences */
} ConfigKeyInfo;

const ConfigKeyInfo *config_key(ConfigKey key);

/* The key of that name below `parent`; CONFIG_ROOT where there is none. */
ConfigKey config_key_find(ConfigKey parent, Str name);

/* "kubernetes.pod-security.level"; keys inside of lists and named maps without those. */
Str config_key_path(ConfigKey key, Arena *arena);

/* The words that a value may be, of shapes that have a fixed set of them; NULL and 0 for others. */
const Str *config_words(ConfigShape shape, uint32_t *count);

/* The lowest and highest number of a shape that is one. */
uint32_t config_number_most(ConfigShape shape);

#endif
