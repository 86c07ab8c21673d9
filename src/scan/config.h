/*
 * scan/config.h - plumb.yaml
 *
 * One file, the nearest upwards from what is scanned to the boundary; files are not merged. It is
 * configuration and never an input. docs/configuration.md says what it may hold; the keys are those
 * of scan/config_keys.def. What names rules is understood by scan/settings.h, once those are there.
 */
#ifndef PLUMB_SCAN_CONFIG_H
#define PLUMB_SCAN_CONFIG_H

#include "base/diag.h"
#include "rules/rule.h"
#include "scan/config_keys.h"
#include "syntax/node.h"

typedef enum PodSecurity {
    POD_SECURITY_PRIVILEGED,
    POD_SECURITY_BASELINE,
    POD_SECURITY_RESTRICTED,
} PodSecurity;

#define KUBERNETES_LATEST UINT16_MAX

/* An entry of `overrides` or `environments`. */
typedef struct ConfigPart {
    Str name; /* of an environment; empty for an override */
    const Node *nodes[CONFIG_KEY_COUNT];
} ConfigPart;

/* All of it points into the file's text and into the arena that it was read with. */
/* Files and directories, relative to the working directory or absolute. */
typedef struct ConfigPaths {
    const char **items;
    uint32_t count;
} ConfigPaths;

typedef struct Config {
    Str path;                            /* of the file; empty without one */
    const Node *nodes[CONFIG_KEY_COUNT]; /* the value of each key that is said; else NULL. Those
                                            below lists and named maps are in the parts */
    ConfigPart *overrides;
    uint32_t override_count;
    ConfigPart *environments;
    uint32_t environment_count;

    PodSecurity pod_security;    /* kubernetes.pod-security.level; restricted */
    uint16_t pod_security_minor; /* kubernetes.pod-security.version, N of v1.N */
    uint16_t kubernetes_minor;   /* kubernetes.version; KUBERNETES_LATEST */
    ConfigPaths rules;
    ConfigPaths policies;
    Str ruleset;        /* version of the shipped rules that is pinned; empty for the newest */
    Severity fail_on;   /* high, ... */
    bool blocks;        /* ... and false for "none" */
    Severity report_at; /* info */
    uint32_t min_score; /* 0: none */
} Config;

/* What holds without a file. */
Config config_default(void);

/* The nearest plumb.yaml or .plumb.yaml from `directory` upwards to `boundary`, both absolute. In
 * `arena`; empty where there is none. */
Str config_find(Str directory, Str boundary, Arena *arena);

/* Reads the file at `path` into `*config`, all in `arena`. An unknown key or a value of the wrong
 * kind is an error at its place, in `sources`; false after any. */
bool config_read(Str path, Arena *arena, Sources *sources, DiagSink *diags, Config *config);

/* The same for the text of the file at `path`, which has CONFIG_BYTES_MAX at most. */
#define CONFIG_BYTES_MAX ((size_t)256 << 10)
bool config_parse(Str path, Str text, Arena *arena, Sources *sources, DiagSink *diags,
                  Config *config);

/* The same for a tree of untyped scalars, as inline tests of rules hold one. */
bool config_build(const Node *root, Arena *arena, DiagSink *diags, Config *config);

/* What is said that changes how rules judge, as a text that is the same for the same meaning; empty
 * where nothing is. Which rules run is not in it. */
Str config_judgement(const Config *config, Arena *arena);

/* What `node` has as a list of texts: its items, or itself alone; NULL has none. */
uint32_t config_text_count(const Node *node);
const Node *config_text_node(const Node *node, uint32_t index);

/* The text of a scalar, typed or not. */
Str config_text(const Node *node);

/* Whether a scalar says true, and the number that it is; of values that were read without a
 * mistake. NULL is false and 0. */
bool config_bool(const Node *node);
uint32_t config_number(const Node *node);

/* Where the text of a list of words or a severity stands among config_words(shape). */
uint32_t config_word(ConfigShape shape, const Node *node);

#endif
