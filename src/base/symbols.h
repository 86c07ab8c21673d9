/*
 * base/symbols.h - names that rules mention, as small integers
 *
 * A key or type that any rule names has a number from 1 on; every other name is SYMBOL_NONE and
 * is compared as text where it matters at all. The shipped names are a constant hash table made by
 * the build; users' rules extend it once, before a scan starts. During a scan the table is
 * only read, so that all workers share it.
 */
#ifndef PLUMB_BASE_SYMBOLS_H
#define PLUMB_BASE_SYMBOLS_H

#include "base/str.h"

typedef uint32_t Symbol;

#define SYMBOL_NONE 0u

/* A name in the text of its table. Most keys are so short that the last word is all of them. */
typedef struct SymbolName {
    uint64_t last; /* str_last_word() */
    uint32_t begin;
    uint32_t size;
} SymbolName;

/* Open addressing, a power of two of slots, each the number of a name or 0; names[0] is unused.
 * Offsets instead of pointers, so that the build can write it as constant data. */
typedef struct SymbolTable {
    const uint32_t *slots;
    uint32_t slot_count;
    const SymbolName *names;
    uint32_t count; /* highest number in use; names has count + 1 elements */
    const char *text;
} SymbolTable;

typedef struct Symbols {
    SymbolTable fixed; /* numbers 1 .. fixed.count */
    SymbolTable added; /* numbers fixed.count + 1 ..; empty without users' rules */
} Symbols;

/* The number of `name`, or SYMBOL_NONE. */
Symbol symbols_find(const Symbols *symbols, Str name);

/* The name of `symbol`, as long as the table lives; empty for SYMBOL_NONE. */
Str symbols_name(const Symbols *symbols, Symbol symbol);

/* Collects names before a table is made of them. Numbers go on after `base`, which may be NULL
 * and whose names keep theirs. In `arena`; NULL if that is spent. */
typedef struct SymbolBuilder SymbolBuilder;
SymbolBuilder *symbols_builder(Arena *arena, const Symbols *base);

/* The number of `name`, given now where it has none. SYMBOL_NONE if the arena is spent. */
Symbol symbols_intern(SymbolBuilder *builder, Str name);

/* The table of the names that the builder added, in its arena. False if that is spent. */
bool symbols_build(const SymbolBuilder *builder, SymbolTable *table);

#endif
