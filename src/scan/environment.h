/*
 * scan/environment.h - which environment a resource belongs to
 *
 * plumb.yaml names environments by files, namespaces, workspaces, and by what the variable, tag or
 * label `environment` or `env` says. One called prod that it does not name is known by the word
 * `prod` or `production` in any of those.
 */
#ifndef PLUMB_SCAN_ENVIRONMENT_H
#define PLUMB_SCAN_ENVIRONMENT_H

#include "cel/value.h"
#include "ir/unit.h"
#include "scan/config.h"
#include "scan/ignore.h"

typedef struct Environment {
    Str name;
    const IgnoreLevel *paths; /* from the directory that plumb.yaml speaks of; or NULL */
    const Node *namespaces;   /* texts with wildcards, or NULL */
    const Node *workspaces;
    const Node *values;
} Environment;

typedef struct Environments {
    const Environment *items;
    uint32_t count;
    Str base; /* from the boundary to that directory: empty or "a/b/" */
} Environments;

/* Those of a configuration, in `arena`; none when that is spent. */
Environments environments_of(const Config *config, Str base, Arena *arena);

/* Whether the name of a file or directory says that it is for production. */
bool environment_is_production(Str name);

/* The name of the environment of `resource`, whose file is `path` from the boundary: the first that
 * fits, an empty text where none does. Unknown where a tag or label that is not known decides. */
CelValue environment_find(const Environments *environments, const Unit *unit,
                          const Resource *resource, Str path);

#endif
