/*
 * rules/guards.h - what several conditions begin with
 *
 * `when: apiserver && flag(command, "x") != null` begins, before its last `&&`, with what many
 * rules begin with. Where that is false the whole is, whatever comes behind; so it is a question of
 * its own, asked once of a resource or element for all of these rules.
 */
#ifndef PLUMB_RULES_GUARDS_H
#define PLUMB_RULES_GUARDS_H

#include "cel/ast.h"
#include "rules/writer.h"

typedef struct Guards {
    struct GuardPrefix *items;
    uint32_t count;
    uint32_t capacity;
} Guards;

/* Notes what the checked tree of a rule's `when` begins with. Symbols are interned in those of
 * `writer`; everything lies in `arena`. False when memory is short. */
bool guards_note(Guards *guards, uint32_t rule, const CelExpr *when, BlobWriter *writer,
                 Arena *arena, DiagSink *diags);

/* Sets `guard` of the rules that begin as another one does: with the longest such beginning. */
void guards_choose(Guards *guards, Rule *rules, BlobWriter *writer);

#endif
