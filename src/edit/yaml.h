/*
 * edit/yaml.h - keys of YAML and JSON maps, set and taken away
 *
 * What is around them stays as it is: comments, the indentation of the other keys, braces, line
 * ends. Where that cannot be promised (an alias, a tag, a comment inside of braces, a text with
 * kept line ends above) there is no edit.
 */
#ifndef PLUMB_EDIT_YAML_H
#define PLUMB_EDIT_YAML_H

#include "base/source.h"
#include "edit/edit.h"

/* Gives the key at `path` below `map` the value; the maps on the way are made where they are
 * missing. A value that is there is replaced if it is on one line. `map` is a node that a reader
 * made of `source`, or a copy. False where there is no safe edit, or `arena` is spent. */
bool edit_yaml_set(const Source *source, const Node *map, const Str *path, uint32_t count,
                   const Node *value, Arena *arena, Edit *edit);

/* Takes away the key at `path` with its lines. The last one of a map stays. */
bool edit_yaml_remove(const Source *source, const Node *map, const Str *path, uint32_t count,
                      Edit *edit);

#endif
