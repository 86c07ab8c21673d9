#include "cel/matches.h"

#define SLOTS 512u
#define LONGEST 53u

/* One cache line of most processors. */
typedef struct Match {
    const Regex *regex; /* NULL: free */
    uint8_t size;
    uint8_t found;
    char text[LONGEST + 1];
} Match;

struct CelMatches {
    Match slots[SLOTS];
};

CelMatches *cel_matches_new(Arena *arena)
{
    return ARENA_NEW(arena, CelMatches);
}

/* A mixture of the text's ends is enough: what falls together costs a second match. */
static uint32_t slot_of(const Regex *regex, Str text)
{
    uint64_t first = 0, last = 0, mixed;
    uint32_t part = text.size < sizeof first ? text.size : (uint32_t)sizeof first;

    if (part) {
        memcpy(&first, text.data, part);
        memcpy(&last, text.data + text.size - part, part);
    }
    mixed = (first ^ (last << 7 | last >> 57) ^ (uint64_t)(uintptr_t)regex >> 4) + text.size;
    mixed *= UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(mixed >> 32) % SLOTS;
}

RegexResult cel_matches_find(CelMatches *matches, const Regex *regex, Str text, Arena *scratch)
{
    Match *match;
    RegexResult found;

    if (!matches || text.size > LONGEST)
        return regex_find(regex, text, 0, scratch, NULL, 0);
    match = &matches->slots[slot_of(regex, text)];
    if (match->regex == regex && match->size == text.size &&
        (!text.size || memcmp(match->text, text.data, text.size) == 0))
        return match->found ? REGEX_FOUND : REGEX_NONE;
    found = regex_find(regex, text, 0, scratch, NULL, 0);
    if (found == REGEX_FAILED)
        return found;
    *match = (Match){.regex = regex, .size = (uint8_t)text.size, .found = found == REGEX_FOUND};
    if (text.size)
        memcpy(match->text, text.data, text.size);
    return found;
}
