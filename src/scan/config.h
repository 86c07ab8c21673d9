/*
 * scan/config.h - plumb.yaml
 *
 * One file, the nearest upwards from what is scanned to the boundary; files are not merged. It is
 * configuration and never an input. What it may say is in docs/output.md.
 */
#ifndef PLUMB_SCAN_CONFIG_H
#define PLUMB_SCAN_CONFIG_H

#include "base/diag.h"
#include "syntax/node.h"

typedef enum PodSecurity {
    POD_SECURITY_PRIVILEGED,
    POD_SECURITY_BASELINE,
    POD_SECURITY_RESTRICTED,
} PodSecurity;

#define POD_SECURITY_LATEST UINT16_MAX

typedef struct Config {
    Str path;                 /* of the file; empty without one */
    PodSecurity pod_security; /* kubernetes.pod-security.level; restricted */
    uint16_t
        pod_security_minor; /* kubernetes.pod-security.version, N of v1.N; POD_SECURITY_LATEST */
    const char **rules;     /* directories of rules, relative to the file's own directory */
    uint32_t rule_count;
    Str ruleset; /* version of the shipped rules that is pinned; empty for the newest */
} Config;

/* What holds without a file. */
Config config_default(void);

/* The nearest plumb.yaml or .plumb.yaml from `directory` upwards to `boundary`, both absolute. In
 * `arena`; empty where there is none. */
Str config_find(Str directory, Str boundary, Arena *arena);

/* Reads the file at `path` into `*config`, all in `arena`. An unknown key or a value of the wrong
 * kind is an error at its place, in `sources`; false after any. */
bool config_read(Str path, Arena *arena, Sources *sources, DiagSink *diags, Config *config);

/* The same for a tree of untyped scalars, as inline tests of rules hold one. */
bool config_build(const Node *root, Arena *arena, DiagSink *diags, Config *config);

#endif
