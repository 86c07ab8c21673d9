/*
 * syntax/msgpack.h - MessagePack to nodes
 *
 * https://github.com/msgpack/msgpack/blob/master/spec.md, as Terraform's plans use it: an extension
 * stands for a value that is not known, and a pair of a type in binary and a value for that value.
 */
#ifndef PLUMB_SYNTAX_MSGPACK_H
#define PLUMB_SYNTAX_MSGPACK_H

#include "syntax/node.h"

/* Reads one value, any bytes at all. Its texts are views of `bytes`; it has no place. False where
 * it is none, is nested beyond LIMIT_DEPTH, or the arena is spent. */
bool msgpack_read(Str bytes, const Symbols *symbols, Arena *arena, Node *value);

#endif
