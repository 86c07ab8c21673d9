/*
 * ir/docker_expand.h - what the variables of a Dockerfile stand for
 *
 * ARG and ENV as BuildKit substitutes them
 * (https://docs.docker.com/reference/dockerfile/#environment-replacement). A value that only the
 * build knows is unknown and names its cause; an ARG with a default counts as that default.
 */
#ifndef PLUMB_IR_DOCKER_EXPAND_H
#define PLUMB_IR_DOCKER_EXPAND_H

#include "syntax/node.h"

typedef struct DockerValue {
    Str text;               /* where known */
    const Unknown *unknown; /* else this, with the part of the text that is sure */
    bool unset;             /* an ARG that has no default: unknown, but ${x:-y} means y */
} DockerValue;

typedef struct DockerVariable {
    Str name;
    DockerValue value;
    bool env;  /* ENV, which goes before an ARG of the same name wherever it stands */
    Span span; /* of the value */
} DockerVariable;

/* The variables that an instruction sees. */
typedef struct DockerScope {
    Arena *arena;
    char escape;
    bool global;    /* that of FROM: only what ARG declares above it, and the platforms */
    bool base_open; /* the base image may set variables that the file does not show */
    bool shared;    /* `variables` belong to another scope */
    uint32_t *work; /* steps done for patterns, of all scopes of a file; may be NULL */
    DockerVariable *variables;
    uint32_t count;
    uint32_t capacity;
} DockerScope;

/* A copy that can grow apart from `from`. */
DockerScope docker_scope_inherit(const DockerScope *from);

/* The variable, or NULL. */
const DockerVariable *docker_scope_find(const DockerScope *scope, Str name);

/* Sets a variable. An ARG does not hide an ENV. Beyond a few hundred names no more are taken, and
 * names that are not there are unknown. */
void docker_scope_set(DockerScope *scope, Str name, DockerValue value, bool env, Span span);

/* `written` with quotes and escapes removed and variables replaced. */
DockerValue docker_expand(const DockerScope *scope, Str written);

/* An ARG that has no default and that nothing else sets. */
DockerValue docker_unset(Arena *arena, Str name);

/* What is known of the platform arguments that the builder sets (TARGETARCH, ...): their cause.
 * False for other names. */
bool docker_platform(Arena *arena, Str name, DockerValue *value);

/* A string node, or an unknown one. */
Node docker_value_node(DockerValue value, Span at);

#endif
