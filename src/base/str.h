/*
 * base/str.h - a view of bytes
 *
 * Not ended by NUL, since an input may hold one, and not owned: whoever makes a Str says how long
 * its bytes live.
 */
#ifndef PLUMB_BASE_STR_H
#define PLUMB_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

typedef struct Str {
    const char *data;
    uint32_t size;
} Str;

/* A view of a string literal; STR_INIT where a constant initialiser is needed. */
#define STR(literal) ((Str){(literal), (uint32_t)(sizeof(literal) - 1)})
#define STR_INIT(literal)                                                                          \
    {                                                                                              \
        (literal), (uint32_t)(sizeof(literal) - 1)                                                 \
    }

/* For printf("%.*s", STR_ARG(s)). */
#define STR_ARG(s) (int)(s).size, (s).data ? (s).data : ""

static inline Str str_of(const char *text)
{
    return (Str){text, text ? (uint32_t)strlen(text) : 0};
}

static inline Str str_range(const char *begin, const char *end)
{
    return (Str){begin, (uint32_t)(end - begin)};
}

/* Eight bytes at `p` as a number, in the machine's order; str_half_word() four. */
static inline uint64_t str_word(const char *p)
{
    uint64_t word;

    memcpy(&word, p, sizeof word);
    return word;
}

static inline uint32_t str_half_word(const char *p)
{
    uint32_t half;

    memcpy(&half, p, sizeof half);
    return half;
}

/* The last eight bytes, or what there are of fewer, each of them at least once: of texts of the
 * same size up to eight, only equal ones have the same. */
static inline uint64_t str_last_word(Str s)
{
    if (s.size >= 8)
        return str_word(s.data + s.size - 8);
    if (s.size >= 4)
        return str_half_word(s.data) | (uint64_t)str_half_word(s.data + s.size - 4) << 32;
    if (s.size == 0)
        return 0;
    return (uint8_t)s.data[0] | (uint32_t)(uint8_t)s.data[s.size / 2] << 8 |
           (uint32_t)(uint8_t)s.data[s.size - 1] << 16;
}

static inline bool str_eq(Str a, Str b)
{
    return a.size == b.size &&
           (a.size == 0 || (a.data[0] == b.data[0] && memcmp(a.data, b.data, a.size) == 0));
}

/* Bytewise order, as strcmp(). */
int str_cmp(Str a, Str b);

bool str_eq_nocase(Str a, Str b); /* ASCII letters only */

/* Whether `s` is one of `count` texts. */
bool str_is_any(Str s, const Str *texts, size_t count);
#define STR_IS_ANY(s, texts) str_is_any((s), (texts), sizeof(texts) / sizeof *(texts))

bool str_starts(Str s, Str prefix);
bool str_ends(Str s, Str suffix);

/* Where `part` first stands in `s`, or -1. */
int64_t str_find(Str s, Str part);
int64_t str_find_char(Str s, char c);
int64_t str_find_last_char(Str s, char c);

/* Whether `s` is nothing but one to nine decimal digits, and the number that they are. */
bool str_to_number(Str s, uint32_t *number);

/* The part from `from` on, of at most `size` bytes; cut to what is there. */
static inline Str str_sub(Str s, uint32_t from, uint32_t size)
{
    if (from > s.size)
        from = s.size;
    if (size > s.size - from)
        size = s.size - from;
    return (Str){from ? s.data + from : s.data, size}; /* data may be NULL */
}

static inline Str str_from(Str s, uint32_t from)
{
    return str_sub(s, from, UINT32_MAX);
}

/* Without blanks, tabs and line ends at both ends. */
Str str_trim(Str s);

/* Takes the part before the next `separator` off the front of `*rest` (all of it when there is
 * none) and returns true; false once nothing is left. An empty text gives no part. */
bool str_split(Str *rest, char separator, Str *part);

/* Copies in `arena`, an empty text apart; with data NULL when the arena is spent. str_copy_z() adds
 * a NUL. */
Str str_copy(Arena *arena, Str s);
const char *str_copy_z(Arena *arena, Str s);
Str str_join(Arena *arena, Str a, Str b);

/* A copy, or `*last`, the copy made before, where that says the same: of texts that come in runs.
 */
Str str_copy_again(Arena *arena, Str *last, Str s);

/* `count` texts in a row, as str_join(); for what is made too often for str_format(). */
Str str_concat(Arena *arena, const Str *parts, uint32_t count);
Str str_format(Arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
Str str_format_list(Arena *arena, const char *format, va_list args)
    __attribute__((format(printf, 2, 0)));

/* The number in decimal: a view of the end of `digits`. */
#define STR_DIGITS 20u
Str str_number(uint64_t number, char digits[STR_DIGITS]);

/* 64-bit hash, the same in every run and on all machines of one byte order. */
uint64_t str_hash(Str s);

/* Shell-like pattern over a whole text: `*` and `?` match any bytes. */
bool str_glob(Str pattern, Str text);

/* Letters to insert, drop, change or swap to make `b` of `a`; for "did you mean". */
uint32_t str_distance(Str a, Str b);

/* The candidate that a misspelt `word` most likely meant, or an empty Str when none is near. */
Str str_nearest(Str word, const Str *candidates, size_t count);

#endif
