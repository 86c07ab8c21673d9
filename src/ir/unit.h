/*
 * ir/unit.h - what is judged together
 *
 * The manifests of a directory, a Terraform root module with its local modules, a plan, a chart's
 * render, a Dockerfile. Units are independent of each other; all that belongs to one lives in its
 * arena.
 */
#ifndef PLUMB_IR_UNIT_H
#define PLUMB_IR_UNIT_H

#include "base/diag.h"
#include "ir/resource.h"
#include "ir/scope.h"

/* What a provider does with an attribute that is left unset (rules/defaults/PROVIDER.yaml).
 * Sorted by type, then path. */
typedef struct ProviderDefault {
    Symbol type;
    Str path; /* "metadata_options.http_tokens": top level, or inside a block that is there */
    Node value;
} ProviderDefault;

typedef struct ProviderDefaults {
    const ProviderDefault *items;
    uint32_t count;
} ProviderDefaults;

/* What is known of a unit's resources from the first question on (ir/index.h, ir/pod_makers.h). */
typedef struct UnitIndex UnitIndex;
typedef struct PodMakers PodMakers;

/* Where the values of its resources lie, made at the first question (ir/owner.h). */
typedef struct UnitOwners UnitOwners;

/* Documents inside strings of the unit that were read (cel/host_decode.h). */
typedef struct UnitDecoded UnitDecoded;

/* The tree of files that a unit was read from, for rules that ask what else is there. */
typedef struct UnitTree {
    const void *context;
    /* Whether there is a file or directory at `path`, which is like those of sources and stays
     * inside. */
    bool (*has)(const void *context, Str path);
} UnitTree;

typedef struct Unit {
    Arena *arena;
    Sources sources;
    DiagSink diags;
    const Symbols *symbols;           /* shared, read-only */
    const ProviderDefaults *defaults; /* shared, read-only; may be NULL */

    UnitTree files; /* `has` is NULL where nobody knows, as of standard input */

    Format format;
    Str path;             /* of the file or directory, relative to the scan's root */
    Str label;            /* tells units apart whose findings are alike: part of fingerprints */
    Str render;           /* of a chart: the values that it was rendered with; else empty */
    Str workspace;        /* Terraform's, where it is known; else empty */
    Node environment;     /* what the root module's variable `environment` or `env` is; else null */
    bool closed;          /* nothing outside can belong to it: what it lacks is really not there */
    bool may_close;       /* the rest of the tree may tell whether it is: see scan/held.h */
    ScopeQuestions scope; /* what it was asked that others may know more of */
    bool incomplete;      /* the input says itself that it is not all, as an errored plan does */

    Resource *resources;
    uint32_t resource_count;
    uint32_t resource_capacity;
    uint32_t documents; /* of a stream: how many held something */
    UnitIndex *index;
    PodMakers *pod_makers;
    UnitOwners *owners;
    UnitDecoded *decoded;
    struct PlanTree *tree;          /* the source of a plan (scan/plan_tree.h), or NULL */
    struct HelmChart *chart;        /* that it was rendered from (ir/helm_values.h), or NULL */
    struct DockerKeys *docker_keys; /* kept from unit to unit (ir/docker.h), or NULL */
    const Node *hadolint;    /* hadolint's configuration for a Dockerfile, as written; or NULL */
    struct PlanConfig *plan; /* a plan's configuration (ir/plan_config.h); else NULL */
} Unit;

/* An empty unit whose memory is `arena`. */
Unit unit_new(Arena *arena, const Symbols *symbols, const ProviderDefaults *defaults);

/* A new resource at the end of the list, zeroed but for format, header and related. The pointer is
 * good until the next call; NULL when the arena is spent. Pointers between resources are set once
 * all are there. */
Resource *unit_add_resource(Unit *unit);

#endif
