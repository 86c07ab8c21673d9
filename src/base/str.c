#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

int str_cmp(Str a, Str b)
{
    uint32_t size = a.size < b.size ? a.size : b.size;
    int order = size ? memcmp(a.data, b.data, size) : 0;

    return order ? order : (a.size > b.size) - (a.size < b.size);
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_eq_nocase(Str a, Str b)
{
    if (a.size != b.size)
        return false;
    for (uint32_t i = 0; i < a.size; i++)
        if (lower(a.data[i]) != lower(b.data[i]))
            return false;
    return true;
}

bool str_is_any(Str s, const Str *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(s, texts[i]))
            return true;
    return false;
}

bool str_starts(Str s, Str prefix)
{
    return s.size >= prefix.size && str_eq((Str){s.data, prefix.size}, prefix);
}

bool str_ends(Str s, Str suffix)
{
    return s.size >= suffix.size &&
           str_eq((Str){s.data + (s.size - suffix.size), suffix.size}, suffix);
}

/* How common a byte is in configuration and scripts. */
static uint8_t commonness(char c)
{
    static const uint8_t common[256] = {
        [' '] = 2, ['-'] = 2, ['.'] = 2, ['/'] = 2, ['a'] = 2, ['c'] = 2, ['e'] = 2, ['i'] = 2,
        ['l'] = 2, ['n'] = 2, ['o'] = 2, ['r'] = 2, ['s'] = 2, ['t'] = 2, ['b'] = 1, ['d'] = 1,
        ['f'] = 1, ['g'] = 1, ['h'] = 1, ['k'] = 1, ['m'] = 1, ['p'] = 1, ['u'] = 1, ['v'] = 1,
        ['w'] = 1, ['y'] = 1, ['"'] = 1, ['='] = 1, ['_'] = 1, ['0'] = 1, ['1'] = 1, ['2'] = 1,
    };

    return common[(uint8_t)c];
}

/* Where the first of the rarest bytes of `part` stands in it. */
static uint32_t rarest_of(Str part)
{
    uint32_t rarest = 0;

    for (uint32_t i = 1; i < part.size && commonness(part.data[rarest]); i++)
        if (commonness(part.data[i]) < commonness(part.data[rarest]))
            rarest = i;
    return rarest;
}

/* Parts of words are mostly not there: looking for one byte that is rare says so soonest. */
static const char *find_short(Str s, Str part)
{
    uint32_t rarest = rarest_of(part);
    const char *at = s.data + rarest, *end = s.data + (s.size - part.size) + rarest + 1;

    for (; (at = memchr(at, part.data[rarest], (size_t)(end - at))); at++)
        if (memcmp(at - rarest, part.data, part.size) == 0)
            return at - rarest;
    return NULL;
}

/* Longer ones take memmem(), which needs no more time than the text and the part have bytes. */
enum { SHORT_PART = 32 };

int64_t str_find(Str s, Str part)
{
    const char *at;

    if (part.size == 0)
        return 0;
    if (s.size < part.size)
        return -1;
    at = part.size <= SHORT_PART ? find_short(s, part)
                                 : memmem(s.data, s.size, part.data, part.size);
    return at ? at - s.data : -1;
}

int64_t str_find_char(Str s, char c)
{
    const char *at = s.size ? memchr(s.data, c, s.size) : NULL;

    return at ? at - s.data : -1;
}

int64_t str_find_last_char(Str s, char c)
{
    const char *at = s.size ? memrchr(s.data, c, s.size) : NULL;

    return at ? at - s.data : -1;
}

bool str_to_number(Str s, uint32_t *number)
{
    if (s.size == 0 || s.size > 9)
        return false;
    *number = 0;
    for (uint32_t i = 0; i < s.size; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        *number = *number * 10 + (uint32_t)(s.data[i] - '0');
    }
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

Str str_trim(Str s)
{
    while (s.size && is_blank(s.data[0])) {
        s.data++;
        s.size--;
    }
    while (s.size && is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

bool str_split(Str *rest, char separator, Str *part)
{
    int64_t at;

    if (!rest->data || rest->size == 0)
        return false;
    at = str_find_char(*rest, separator);
    *part = at < 0 ? *rest : str_sub(*rest, 0, (uint32_t)at);
    *rest = at < 0 ? (Str){NULL, 0} : str_from(*rest, (uint32_t)at + 1);
    return true;
}

const char *str_copy_z(Arena *arena, Str s)
{
    char *copy = arena_raw(arena, (size_t)s.size + 1, 1);

    if (!copy)
        return NULL;
    if (s.size)
        memcpy(copy, s.data, s.size);
    copy[s.size] = '\0';
    return copy;
}

Str str_copy(Arena *arena, Str s)
{
    const char *copy = s.size ? str_copy_z(arena, s) : "";

    return (Str){copy, copy ? s.size : 0};
}

Str str_copy_again(Arena *arena, Str *last, Str s)
{
    if (!last->data || !str_eq(*last, s))
        *last = str_copy(arena, s);
    return *last;
}

Str str_concat(Arena *arena, const Str *parts, uint32_t count)
{
    size_t size = 0;
    char *text, *to;

    for (uint32_t i = 0; i < count; i++)
        size += parts[i].size;
    text = to = size < UINT32_MAX ? arena_raw(arena, size + 1, 1) : NULL;
    if (!text)
        return (Str){NULL, 0};
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].size)
            memcpy(to, parts[i].data, parts[i].size);
        to += parts[i].size;
    }
    *to = '\0';
    return (Str){text, (uint32_t)size};
}

Str str_join(Arena *arena, Str a, Str b)
{
    char *copy = arena_raw(arena, (size_t)a.size + b.size + 1, 1);

    if (!copy)
        return (Str){NULL, 0};
    if (a.size)
        memcpy(copy, a.data, a.size);
    if (b.size)
        memcpy(copy + a.size, b.data, b.size);
    copy[a.size + b.size] = '\0';
    return (Str){copy, a.size + b.size};
}

Str str_number(uint64_t number, char digits[STR_DIGITS])
{
    uint32_t at = STR_DIGITS;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number);
    return (Str){digits + at, STR_DIGITS - at};
}

Str str_format_list(Arena *arena, const char *format, va_list args)
{
    va_list again;
    int size;
    char *text;

    va_copy(again, args);
    size = vsnprintf(NULL, 0, format, again);
    va_end(again);
    text = size < 0 ? NULL : arena_raw(arena, (size_t)size + 1, 1);
    if (!text)
        return (Str){NULL, 0};
    vsnprintf(text, (size_t)size + 1, format, args);
    return (Str){text, (uint32_t)size};
}

Str str_format(Arena *arena, const char *format, ...)
{
    va_list args;
    Str text;

    va_start(args, format);
    text = str_format_list(arena, format, args);
    va_end(args);
    return text;
}

uint64_t str_hash(Str s)
{
    uint64_t hash = 0xcbf29ce484222325u ^ s.size; /* FNV-1a over words, finished by a mix */

    for (uint32_t i = 0; i + 8 < s.size; i += 8) {
        hash = (hash ^ str_word(s.data + i)) * 0x9e3779b97f4a7c15u;
        hash ^= hash >> 32;
    }
    hash = (hash ^ str_last_word(s)) * 0x9e3779b97f4a7c15u;
    hash ^= hash >> 29;
    hash *= 0xbf58476d1ce4e5b9u;
    return hash ^ hash >> 32;
}

bool str_glob(Str pattern, Str text)
{
    uint32_t p = 0, t = 0, star = UINT32_MAX, resume = 0;

    while (t < text.size) {
        if (p < pattern.size && pattern.data[p] == '*') {
            star = p++;
            resume = t;
        } else if (p < pattern.size &&
                   (pattern.data[p] == '?' || pattern.data[p] == text.data[t])) {
            p++;
            t++;
        } else if (star != UINT32_MAX) {
            p = star + 1;
            t = ++resume;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.data[p] == '*')
        p++;
    return p == pattern.size;
}

#define DISTANCE_MAX 64u

static uint32_t min3(uint32_t a, uint32_t b, uint32_t c)
{
    uint32_t least = a < b ? a : b;

    return least < c ? least : c;
}

uint32_t str_distance(Str a, Str b)
{
    uint32_t rows[3][DISTANCE_MAX + 1];
    uint32_t *before = rows[0], *last = rows[1], *row = rows[2];

    if (a.size > DISTANCE_MAX || b.size > DISTANCE_MAX)
        return UINT32_MAX;
    for (uint32_t j = 0; j <= b.size; j++)
        last[j] = j;
    for (uint32_t i = 1; i <= a.size; i++) {
        uint32_t *recycled = before;
        row[0] = i;
        for (uint32_t j = 1; j <= b.size; j++) {
            bool same = lower(a.data[i - 1]) == lower(b.data[j - 1]);
            row[j] = min3(last[j] + 1, row[j - 1] + 1, last[j - 1] + !same);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] &&
                a.data[i - 2] == b.data[j - 1] && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        before = last;
        last = row;
        row = recycled;
    }
    return last[b.size];
}

Str str_nearest(Str word, const Str *candidates, size_t count)
{
    Str best = {NULL, 0};
    uint32_t least = word.size / 3 + 2;

    for (size_t i = 0; i < count; i++) {
        uint32_t distance = str_distance(word, candidates[i]);
        if (distance < least) {
            least = distance;
            best = candidates[i];
        }
    }
    return best;
}
