/*
 * base/json_doc.h - JSON text, written piece by piece
 *
 * Nothing is collected: a report with a million results needs no more memory than one with none.
 * What is no UTF-8 is written as U+FFFD, so that the text is JSON whatever the inputs held.
 *
 * The outer two levels have a line for each member, so that a report reads and diffs well; what is
 * further in stays on its line. A compact document has neither blanks nor lines but those asked
 * for.
 */
#ifndef PLUMB_BASE_JSON_DOC_H
#define PLUMB_BASE_JSON_DOC_H

#include "base/out.h"

typedef struct JsonDoc {
    Out *out;
    uint32_t depth;
    bool empty;     /* nothing in the innermost object or array yet */
    bool after_key; /* the next value belongs to a key */
    bool compact;
    bool want_line; /* of a compact document: the next member begins one */
} JsonDoc;

static inline JsonDoc json_doc(Out *out)
{
    return (JsonDoc){.out = out, .empty = true};
}

static inline JsonDoc json_doc_compact(Out *out)
{
    return (JsonDoc){.out = out, .empty = true, .compact = true};
}

/* The next member of a compact document begins a line, so that lines stay of a size to work with.
 */
static inline void json_line(JsonDoc *doc)
{
    doc->want_line = true;
}

/* `{` or `[`, and its end. The caller pairs them. */
void json_begin(JsonDoc *doc, char bracket);
void json_end(JsonDoc *doc, char bracket);

/* `key` is a word of plumb's own and needs no escape. */
void json_key_word(JsonDoc *doc, Str key);
/* A key that comes out of an input. */
void json_key_text(JsonDoc *doc, Str key);
void json_string(JsonDoc *doc, Str text);
void json_number(JsonDoc *doc, uint64_t number);
void json_signed(JsonDoc *doc, int64_t number);
void json_double(JsonDoc *doc, double number);
void json_decimal(JsonDoc *doc, uint64_t thousandths); /* 6250 is 6.25 */
void json_null(JsonDoc *doc);
void json_bool(JsonDoc *doc, bool value);

/* A member: json_key_word() and what follows it. A `word` is one of plumb's own too. */
void json_member_string(JsonDoc *doc, Str key, Str text);
void json_member_word(JsonDoc *doc, Str key, Str word);
void json_member_number(JsonDoc *doc, Str key, uint64_t number);

/* Members that were written before, in the same place of another object. */
void json_again(JsonDoc *doc, Str members);

/* In line, so that the size of a literal costs nothing. */
static inline void json_key(JsonDoc *doc, const char *key)
{
    json_key_word(doc, str_of(key));
}

static inline void json_put_string(JsonDoc *doc, const char *key, Str text)
{
    json_member_string(doc, str_of(key), text);
}

static inline void json_put_word(JsonDoc *doc, const char *key, const char *word)
{
    json_member_word(doc, str_of(key), str_of(word));
}

/* json_put_string(), where there is any text. */
static inline void json_put_some(JsonDoc *doc, const char *key, Str text)
{
    if (text.size)
        json_put_string(doc, key, text);
}

static inline void json_put_number(JsonDoc *doc, const char *key, uint64_t number)
{
    json_member_number(doc, str_of(key), number);
}

#endif
