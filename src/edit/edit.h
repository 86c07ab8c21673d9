/*
 * edit/edit.h - a change of a text
 *
 * Either bytes that take the place of others, or keys that a map or block gets. The latter are kept
 * as a tree until the end, so that two changes which each need the same new map inside of a map
 * make it once. Everything is in the arena of whoever makes the edit; offsets are those of the
 * text that was read.
 */
#ifndef PLUMB_EDIT_EDIT_H
#define PLUMB_EDIT_EDIT_H

#include "base/str.h"
#include "syntax/node.h"

typedef enum EditForm {
    EDIT_TEXT,  /* `text` */
    EDIT_BLOCK, /* keys of YAML, each on its line */
    EDIT_FLOW,  /* keys in braces, of YAML or JSON */
    EDIT_HCL,   /* arguments and blocks */
} EditForm;

/* A key that is to be, with its value or with the keys of the map or block that it names. */
typedef struct EditKey EditKey;
struct EditKey {
    Str name;  /* as it is written */
    Str value; /* as it is written; empty where there are inner keys */
    EditKey *inner;
    EditKey *next;
};

/* How keys are written at a place. */
typedef struct EditSite {
    Str lead;    /* before the first */
    Str between; /* of EDIT_FLOW: a comma and what follows it */
    Str tail;    /* after the last */
    Str indent;  /* of a line */
    Str step;    /* what lines inside of it have more */
    Str eol;
    uint32_t
        width; /* of EDIT_HCL: to which names in the line above are filled up; 0: there are none */
} EditSite;

typedef struct Edit {
    EditForm form;
    uint32_t start; /* the bytes that it replaces; none where they are the same */
    uint32_t end;
    uint32_t rank; /* of two edits that insert at one place, the higher one comes first */
    bool repeats;  /* a value of the file is written again, which may be a secret */
    Str text;
    EditSite site;
    EditKey *keys;
} Edit;

/* What stands in the place of the bytes afterwards. Its data is NULL when `arena` is spent. */
Str edit_text(const Edit *edit, Arena *arena);

/* The same with all its texts and keys in `arena`. */
Edit edit_copy(const Edit *edit, Arena *arena);

/* Whether both add keys to the same map or block. */
bool edit_same_site(const Edit *a, const Edit *b);

/* Whether no key of `a` has another value in `b`. */
bool edit_keys_agree(const EditKey *a, const EditKey *b);

/* Adds the keys that `*keys` does not have, as copies in `arena`. They must agree. */
void edit_keys_merge(EditKey **keys, const EditKey *more, Arena *arena);

/* One key inside the other for `path`, the innermost with `value`. NULL when `arena` is spent. */
EditKey *edit_keys_new(const Str *path, uint32_t count, EditKey last, Arena *arena);

/* --- what the editors of all languages ask of a text --- */

/* Where the line of `offset` begins, and where it ends: at its line feed (of CR LF: at the CR), or
 * at the end of the text. */
uint32_t edit_line_start(Str text, uint32_t offset);
uint32_t edit_line_end(Str text, uint32_t offset);

/* The first byte of the next line; the size of the text after the last. */
uint32_t edit_next_line(Str text, uint32_t offset);

/* How lines of the text end: "\r\n" where the first one does, else "\n". */
Str edit_eol(Str text);

/* Whether the bytes from `start` to `end` are blanks and tabs, if any. */
bool edit_is_blank(Str text, uint32_t start, uint32_t end);

/* Sets the place of new lines behind the line of `offset`: start, end, lead, tail and eol. */
void edit_after_line(Str text, uint32_t offset, Edit *edit);

#endif
