/*
 * cel/machine.h - runs compiled expressions
 *
 * Last of four steps: cel_parse() makes a tree, cel_check() types it, cel_compile() lays it out as
 * code, cel_eval() runs that. Code holds no pointers, only offsets and constant numbers, so that
 * the build can write the shipped rules as one constant array.
 */
#ifndef PLUMB_CEL_MACHINE_H
#define PLUMB_CEL_MACHINE_H

#include "cel/ast.h"
#include "cel/value.h"
#include "ir/object_types.h"
#include "ir/unit.h"

/* Compiled code of one expression. `bytes` holds instructions and constants; it refers to itself by
 * offsets only and may be copied anywhere with 8-byte alignment. Symbols in it are those of the
 * builder that it was compiled with. */
typedef struct CelCode {
    const uint8_t *bytes;
    uint32_t size;
    uint16_t stack_max;   /* most values on the stack at once, so that no push is checked */
    uint16_t local_count; /* variables of macros that live at once */
} CelCode;

/* Compiles `expr`, which cel_check() or cel_resolve() has been through. Field names are interned in
 * `symbols`. Folds what is constant; checks each constant pattern of matches(), so that a bad one
 * is a mistake in the rule and not in a scan. False after a report to `diags`, or when `arena`,
 * which takes the code, is spent. */
bool cel_compile(const CelExpr *expr, SymbolBuilder *symbols, Arena *arena, DiagSink *diags,
                 CelCode *code);

/* Patterns of matches() compiled at their first use; one for a scan, shared by its workers. */
typedef struct CelPatterns CelPatterns;
CelPatterns *cel_patterns_new(void);
void cel_patterns_free(CelPatterns *patterns);

/* All that an evaluation may ask for. One a worker. */
typedef struct CelMachine {
    Arena *arena; /* for values made on the way; the caller rewinds it */
    const Symbols *symbols;
    CelPatterns *patterns;
    struct CelMatches *matches; /* cel/matches.h, of texts put to `patterns`; may be NULL */
    Unit *unit;                 /* what host functions look around in; may be NULL (then they give
                                   unknown) */
    const Resource *resource;   /* the one that is judged; may be NULL */
    const ObjectTypes *objects; /* fields of Kubernetes' kinds; may be NULL (then none is known) */
    const CelValue *variables;  /* in the order of CelEnv.variables */
    uint32_t variable_count;
    uint64_t steps;       /* work done so far; the caller resets it */
    uint64_t step_limit;  /* LIMIT_CEL_STEPS where 0 */
    int64_t now;          /* the scan's date in Unix seconds, for tables that are dated */
    Symbol address;       /* of the word; the machine's own, found at its first use */
    uint8_t places[256];  /* of fields in the maps that had them last, by symbol */
    Str incomplete_cause; /* why the last CEL_INCOMPLETE list is that; whoever makes one sets it */
} CelMachine;

/* Runs `code`. The result may be CEL_ERROR or CEL_UNKNOWN; there is no other way to fail, a spent
 * arena included. */
CelValue cel_eval(const CelCode *code, CelMachine *machine);

/* The instructions as text, for tests. */
Str cel_disassemble(const CelCode *code, const Symbols *symbols, Arena *arena);

#endif
