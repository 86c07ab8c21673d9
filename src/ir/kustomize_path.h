/*
 * ir/kustomize_path.h - paths of a kustomization's replacements and vars
 *
 * Words between dots: a key, a position of a list, `*` for every item, `[key=value]` for those with
 * such a field. A dot in a key stands after a backslash or inside of brackets.
 */
#ifndef PLUMB_IR_KUSTOMIZE_PATH_H
#define PLUMB_IR_KUSTOMIZE_PATH_H

#include "ir/kustomize_parts.h"

/* The words of a path. False when the arena is spent. */
bool kust_split_path(Arena *arena, Str path, KustWords *words);

/* The one value at a path, or NULL. */
const Node *kust_look_up(const Node *body, const KustWords *path);

/* Calls `set` with each value at a path, and returns how many there were. `create` makes maps, and
 * at the end a null, where nothing is. A path that leads into a text goes no further: `set` has
 * that text, and `whole` false. */
typedef struct KustVisitor {
    KustBuild *build;
    void (*set)(void *context, Node *field, bool whole);
    void *context;
    const Node *at; /* place of what is created */
    bool create;
} KustVisitor;
uint32_t kust_visit(const KustVisitor *visitor, Node *body, const KustWords *path);

#endif
