#include "report/line_hash.h"

#include <inttypes.h>

#include "base/utf8.h"

#define WINDOW 100u
#define FACTOR UINT64_C(37)
#define END_OF_FILE 0xffffu
#define NO_LINE UINT32_MAX

typedef struct Hasher {
    uint64_t hash;
    uint64_t oldest; /* what a character counts when it leaves the window */
    uint32_t window[WINDOW];
    uint32_t line_at[WINDOW]; /* the line that begins there, or NO_LINE */
    uint32_t at;
    uint32_t lines; /* begun so far */
    bool line_start;
    bool after_cr;
    LineHash *out;
    /* How often a hash was met: an open table, one free place at least. */
    LineHash *seen;
    uint32_t mask;
} Hasher;

static uint32_t next_number(Hasher *hasher, uint64_t hash)
{
    uint64_t slot = (hash * UINT64_C(0x9e3779b97f4a7c15)) >> 32;

    while (hasher->seen[slot & hasher->mask].number &&
           hasher->seen[slot & hasher->mask].hash != hash)
        slot++;
    hasher->seen[slot & hasher->mask].hash = hash;
    return ++hasher->seen[slot & hasher->mask].number;
}

/* The line that began a window ago is complete. */
static void end_line(Hasher *hasher)
{
    uint32_t line = hasher->line_at[hasher->at];

    if (line == NO_LINE)
        return;
    hasher->out[line] = (LineHash){hasher->hash, next_number(hasher, hasher->hash)};
    hasher->line_at[hasher->at] = NO_LINE;
}

static void push(Hasher *hasher, uint32_t unit)
{
    uint32_t old = hasher->window[hasher->at];

    hasher->window[hasher->at] = unit;
    hasher->hash = FACTOR * hasher->hash + unit - hasher->oldest * old;
    hasher->at = (hasher->at + 1) % WINDOW;
}

static void add_unit(Hasher *hasher, uint32_t unit)
{
    bool second = hasher->after_cr && unit == '\n';

    hasher->after_cr = false;
    if (unit == ' ' || unit == '\t' || second)
        return;
    if (unit == '\r') {
        hasher->after_cr = true;
        unit = '\n';
    }
    end_line(hasher);
    if (hasher->line_start)
        hasher->line_at[hasher->at] = hasher->lines++;
    hasher->line_start = unit == '\n';
    push(hasher, unit);
}

/* How many bytes at the start of `text`, which begin no code point, a decoder replaces by one
 * U+FFFD: as many as could have begun one. */
static uint32_t broken_size(Str text)
{
    unsigned char first = (unsigned char)text.data[0];
    unsigned char second = text.size > 1 ? (unsigned char)text.data[1] : 0;
    unsigned char least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

    if (first < 0xe0 || first > 0xf4 || second < least || second > most)
        return 1;
    return first >= 0xf0 && text.size > 2 && ((unsigned char)text.data[2] & 0xc0) == 0x80 ? 3 : 2;
}

static void add_text(Hasher *hasher, Str text)
{
    while (text.size) {
        uint32_t size;
        uint32_t code = utf8_first(text, &size);
        if (utf8_size(text) == 0)
            size = broken_size(text);
        if (code > 0xffff) {
            add_unit(hasher, 0xd800 + ((code - 0x10000) >> 10));
            code = 0xdc00 + ((code - 0x10000) & 0x3ff);
        }
        add_unit(hasher, code);
        text = str_from(text, size);
    }
    add_unit(hasher, END_OF_FILE);
    for (uint32_t i = 0; i < WINDOW; i++) {
        end_line(hasher);
        push(hasher, 0);
    }
}

static uint32_t count_lines(Str text)
{
    uint32_t count = 1;

    for (uint32_t i = 0; i < text.size; i++)
        count += text.data[i] == '\n' || text.data[i] == '\r';
    return count;
}

LineHash *line_hashes(Str text, Arena *arena, uint32_t *count)
{
    uint32_t most = count_lines(text);
    uint32_t places = 4;
    Hasher hasher = {.oldest = 1, .line_start = true};

    while (places <= most && places < UINT32_C(1) << 31)
        places *= 2;
    hasher.mask = places * 2 - 1;
    hasher.out = ARENA_ARRAY(arena, LineHash, most);
    hasher.seen = ARENA_ARRAY(arena, LineHash, (size_t)places * 2);
    if (!hasher.out || !hasher.seen)
        return NULL;
    for (uint32_t i = 0; i < WINDOW; i++) {
        hasher.line_at[i] = NO_LINE;
        hasher.oldest *= FACTOR;
    }
    add_text(&hasher, text);
    *count = hasher.lines;
    return hasher.out;
}

Str line_hash_text(LineHash hash, Arena *arena)
{
    return str_format(arena, "%" PRIx64 ":%u", hash.hash, hash.number);
}
