/*
 * ir/node_edit.h - a tree that is changed in place
 *
 * For front ends that make an object out of several texts, as a kustomization does of a manifest
 * and its patches. Values keep the span of the text that they came from. A key has its place only
 * where it stands in the text of the map that it is in; elsewhere it has none, and the value's
 * place stands for it.
 */
#ifndef PLUMB_IR_NODE_EDIT_H
#define PLUMB_IR_NODE_EDIT_H

#include "syntax/node.h"

/* A copy that shares no child with `from`, so that either can be changed: text and unknowns are
 * shared. Takes the number of its nodes off `*budget`, since an input that can copy can double. A
 * null node at the same place once that or the arena is spent. */
Node node_copy(const Node *from, uint64_t *budget, Arena *arena);

/* How many lists and maps lie inside each other. */
uint32_t node_depth(const Node *node);

/* The value of a key, to be changed; NULL where there is none or `map` is no map or NULL. */
Node *node_at(Node *map, Str key);

/* Sets a key of a map, where it stands or else as the last, and returns its value. `entry` is
 * copied; its key's place is kept if it lies in the text of `map`, which is that of
 * `key_source`. NULL when the arena is spent. */
Node *node_put_entry(Node *map, const Entry *entry, uint32_t key_source, Arena *arena);

/* The same with a key that is made: its place is that of the value. The text is kept. */
Node *node_put(Node *map, const Symbols *symbols, Str key, Node value, Arena *arena);

/* Takes a key out of a map; nothing happens where it is none. */
void node_remove(Node *map, Str key);

/* Puts an item before the one at `index`, or last. NULL when the arena is spent. */
Node *node_insert(Node *list, uint32_t index, Node item, Arena *arena);

void node_remove_item(Node *list, uint32_t index);

#endif
