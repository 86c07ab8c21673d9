/*
 * edit/words.h - words of a Dockerfile, and lines above an instruction
 */
#ifndef PLUMB_EDIT_WORDS_H
#define PLUMB_EDIT_WORDS_H

#include "base/source.h"
#include "edit/edit.h"

typedef enum WordChange {
    WORD_REPLACE,
    WORD_BEFORE, /* text is put directly before the word */
    WORD_AFTER,
} WordChange;

/* Changes the word that `word` was read from. It must stand in `source` as it is, letter case
 * aside, so that nothing is put into quotes, over line ends or behind an escape. A word in small
 * letters is replaced by one in small letters. False where there is no such edit, or `arena` is
 * spent. */
bool edit_word(const Source *source, const Node *word, WordChange change, Str text, Arena *arena,
               Edit *edit);

/* Puts a line above the one of `at`, and above the comments directly over it. False where other
 * words stand before `at` on its line, or `arena` is spent. */
bool edit_line_above(const Source *source, uint32_t at, Str text, Arena *arena, Edit *edit);

#endif
