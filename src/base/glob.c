#include "base/glob.h"

/* Stars and alternatives inside each other. */
#define DEPTH_MAX 100u

typedef struct Matcher {
    Arena *arena;
    uint32_t *effort;
    uint32_t depth;
} Matcher;

static bool match(Matcher *m, Str pattern, Str path);

/* The bytes of the first character. */
static uint32_t char_size(Str text)
{
    uint32_t size = 1;

    while (size < text.size && ((unsigned char)text.data[size] & 0xc0) == 0x80)
        size++;
    return size;
}

/* `**` and the rest after its slash: no part of the path, or one more. */
static bool match_parts(Matcher *m, Str rest, Str path)
{
    int64_t slash;

    for (;;) {
        if (match(m, rest, path))
            return true;
        slash = str_find_char(path, '/');
        if (slash < 0 || *m->effort == 0)
            return false;
        path = str_from(path, (uint32_t)slash + 1);
    }
}

static bool match_star(Matcher *m, Str rest, Str path)
{
    for (uint32_t i = 0;; i++) {
        if (match(m, rest, str_from(path, i)))
            return true;
        if (i == path.size || path.data[i] == '/' || *m->effort == 0)
            return false;
    }
}

/* Where a class or alternative ends, behind its bracket; 0 where it does not. */
static uint32_t closing(Str pattern, char open, char close)
{
    uint32_t depth = 0;

    for (uint32_t i = 0; i < pattern.size; i++) {
        if (pattern.data[i] == '\\')
            i++;
        else if (pattern.data[i] == open && (open == '{' || i == 0))
            depth++;
        else if (pattern.data[i] == close && --depth == 0)
            return i + 1;
    }
    return 0;
}

/* Whether one character is in `class`, what stands between the brackets. */
static bool in_class(Str class, Str one)
{
    bool negated = class.size && (class.data[0] == '^' || class.data[0] == '!'), found = false;

    class = str_from(class, negated);
    while (class.size) {
        Str low, high;
        if (class.data[0] == '\\' && class.size > 1)
            class = str_from(class, 1);
        low = high = str_sub(class, 0, char_size(class));
        class = str_from(class, low.size);
        if (class.size > 1 && class.data[0] == '-') {
            class = str_from(class, 1);
            high = str_sub(class, 0, char_size(class));
            class = str_from(class, high.size);
        }
        found |= str_cmp(one, low) >= 0 && str_cmp(one, high) <= 0;
    }
    return found != negated;
}

static bool match_class(Matcher *m, Str pattern, Str path)
{
    uint32_t end = closing(pattern, '[', ']'), size = char_size(path);

    return end && path.size && path.data[0] != '/' &&
           in_class(str_sub(pattern, 1, end - 2), str_sub(path, 0, size)) &&
           match(m, str_from(pattern, end), str_from(path, size));
}

static bool match_either(Matcher *m, Str pattern, Str path)
{
    uint32_t end = closing(pattern, '{', '}'), depth = 0, from = 1;

    for (uint32_t i = 1; i < end; i++) {
        char c = pattern.data[i];
        if (c == '\\')
            i++;
        else if (c == '{')
            depth++;
        else if (c == '}' && i + 1 < end)
            depth--;
        else if ((c == ',' && depth == 0) || i + 1 == end) {
            Str whole =
                str_join(m->arena, str_sub(pattern, from, i - from), str_from(pattern, end));
            if (whole.data && match(m, whole, path))
                return true;
            from = i + 1;
        }
    }
    return false;
}

static bool match_one(Matcher *m, Str pattern, Str path)
{
    if (pattern.data[0] == '\\' && pattern.size > 1)
        pattern = str_from(pattern, 1);
    return path.size && path.data[0] == pattern.data[0] &&
           match(m, str_from(pattern, 1), str_from(path, 1));
}

static bool match_first(Matcher *m, Str pattern, Str path)
{
    if (str_starts(pattern, STR("**/")))
        return match_parts(m, str_from(pattern, 3), path);
    if (str_eq(pattern, STR("**")))
        return true;
    if (pattern.data[0] == '*')
        return match_star(m, str_from(pattern, 1), path);
    if (pattern.data[0] == '?')
        return path.size && path.data[0] != '/' &&
               match(m, str_from(pattern, 1), str_from(path, char_size(path)));
    if (pattern.data[0] == '[')
        return match_class(m, pattern, path);
    if (pattern.data[0] == '{')
        return match_either(m, pattern, path);
    return match_one(m, pattern, path);
}

/* Plain characters are gone through here, so that only the others take depth. */
static bool match(Matcher *m, Str pattern, Str path)
{
    bool good;

    while (pattern.size && path.size && pattern.data[0] == path.data[0] &&
           !strchr("*?[{\\", pattern.data[0])) {
        pattern = str_from(pattern, 1);
        path = str_from(path, 1);
    }
    if (!pattern.size)
        return !path.size;
    if (*m->effort == 0 || m->depth == DEPTH_MAX)
        return false;
    --*m->effort;
    m->depth++;
    good = match_first(m, pattern, path);
    m->depth--;
    return good;
}

bool glob_match(Str pattern, Str path, Arena *arena, uint32_t *effort)
{
    Matcher matcher = {arena, effort, 0};

    return match(&matcher, pattern, path);
}
