#include "scan/ignore.h"

#include <ctype.h>

/* --- one pattern --- */

typedef struct Glob {
    Str pattern;
    Str path;
    uint32_t at;   /* in the pattern */
    uint32_t here; /* in the path */
    /* Where to go on after a mismatch: the last `*` of this path segment takes one byte more, else
     * the last `**` one directory more. Earlier ones need no second try. */
    uint32_t star_at;
    uint32_t star_here;
    uint32_t stars_at;
    uint32_t stars_here;
} Glob;

#define NO_STAR UINT32_MAX

static uint32_t star_run(Str pattern, uint32_t at)
{
    uint32_t end = at;

    while (end < pattern.size && pattern.data[end] == '*')
        end++;
    return end - at;
}

/* Two or more stars that are a whole segment. */
static bool is_segment_of_stars(Str pattern, uint32_t at, uint32_t run)
{
    return run >= 2 && (at == 0 || pattern.data[at - 1] == '/') &&
           (at + run == pattern.size || pattern.data[at + run] == '/');
}

static bool class_holds(Str name, unsigned char c)
{
    static const struct {
        Str name;
        int (*holds)(int);
    } classes[] = {
        {STR_INIT("alnum"), isalnum}, {STR_INIT("alpha"), isalpha}, {STR_INIT("blank"), isblank},
        {STR_INIT("cntrl"), iscntrl}, {STR_INIT("digit"), isdigit}, {STR_INIT("graph"), isgraph},
        {STR_INIT("lower"), islower}, {STR_INIT("print"), isprint}, {STR_INIT("punct"), ispunct},
        {STR_INIT("space"), isspace}, {STR_INIT("upper"), isupper}, {STR_INIT("xdigit"), isxdigit},
    };

    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (str_eq(name, classes[i].name))
            return c < 128 && classes[i].holds(c);
    return false;
}

/* `[:name:]` at `*at`: moves past it and tells whether it holds `c`. */
static bool read_class(Str pattern, uint32_t *at, unsigned char c, bool *holds)
{
    Str rest = str_from(pattern, *at + 2);
    int64_t end = str_find(rest, STR(":]"));

    if (!str_starts(str_from(pattern, *at), STR("[:")) || end < 0)
        return false;
    *holds = class_holds(str_sub(rest, 0, (uint32_t)end), c);
    *at += (uint32_t)end + 4;
    return true;
}

/* One byte of a bracket expression, escaped or not. False at the end of the pattern. */
static bool read_member(Str pattern, uint32_t *at, unsigned char *c)
{
    if (*at < pattern.size && pattern.data[*at] == '\\')
        ++*at;
    if (*at >= pattern.size)
        return false;
    *c = (unsigned char)pattern.data[(*at)++];
    return true;
}

/* A member or a range of members, `a` or `a-z`. False if the bracket is never closed. */
static bool read_range(Str pattern, uint32_t *at, unsigned char c, bool *holds)
{
    unsigned char low, high;

    if (!read_member(pattern, at, &low))
        return false;
    high = low;
    if (*at + 1 < pattern.size && pattern.data[*at] == '-' && pattern.data[*at + 1] != ']') {
        ++*at;
        if (!read_member(pattern, at, &high))
            return false;
    }
    *holds = c >= low && c <= high;
    return true;
}

/* The bracket expression that begins at `at`. Moves `*end` past it; false if it does not hold `c`
 * or is never closed. No bracket holds a slash. */
static bool match_bracket(Str pattern, uint32_t at, unsigned char c, uint32_t *end)
{
    bool negated = false;
    bool found = false;
    uint32_t first;

    at++;
    if (at < pattern.size && (pattern.data[at] == '!' || pattern.data[at] == '^')) {
        negated = true;
        at++;
    }
    for (first = at; at < pattern.size && (at == first || pattern.data[at] != ']');) {
        bool holds = false;
        if (!read_class(pattern, &at, c, &holds) && !read_range(pattern, &at, c, &holds))
            return false;
        found |= holds;
    }
    *end = at + 1;
    return at < pattern.size && found != negated && c != '/';
}

/* Matches what stands at `at`, which is no star, with one byte of the path. */
static bool match_one(Glob *glob)
{
    Str pattern = glob->pattern;
    char c = glob->path.data[glob->here];
    uint32_t at = glob->at;
    uint32_t end = at + 1;
    bool matched;

    if (at >= pattern.size)
        return false;
    if (pattern.data[at] == '?') {
        matched = c != '/';
    } else if (pattern.data[at] == '[') {
        matched = match_bracket(pattern, at, (unsigned char)c, &end);
    } else {
        if (pattern.data[at] == '\\')
            end = ++at + 1;
        matched = at < pattern.size && pattern.data[at] == c;
    }
    if (matched) {
        glob->at = end;
        glob->here++;
    }
    return matched;
}

/* Goes back to the last star and lets it take more. */
static bool retry(Glob *glob)
{
    Str path = glob->path;

    if (glob->star_at != NO_STAR && path.data[glob->star_here] != '/') {
        glob->at = glob->star_at;
        glob->here = ++glob->star_here;
        return true;
    }
    if (glob->stars_at == NO_STAR)
        return false;
    while (glob->stars_here < path.size && path.data[glob->stars_here] != '/')
        glob->stars_here++;
    if (glob->stars_here == path.size)
        return false;
    glob->at = glob->stars_at;
    glob->here = ++glob->stars_here;
    glob->star_at = NO_STAR;
    return true;
}

/* Takes the stars at `at`. True if they match all the rest. */
static bool take_stars(Glob *glob, uint32_t run)
{
    if (is_segment_of_stars(glob->pattern, glob->at, run)) {
        if (glob->at + run == glob->pattern.size)
            return true;
        glob->at += run + 1;
        glob->stars_at = glob->at;
        glob->stars_here = glob->here;
        glob->star_at = NO_STAR;
        return false;
    }
    glob->at += run;
    glob->star_at = glob->at;
    glob->star_here = glob->here;
    return false;
}

bool ignore_glob(Str pattern, Str path)
{
    Glob glob = {.pattern = pattern, .path = path, .star_at = NO_STAR, .stars_at = NO_STAR};

    while (glob.here < path.size) {
        uint32_t run = star_run(pattern, glob.at);
        if (run) {
            if (take_stars(&glob, run))
                return true;
        } else if (!match_one(&glob) && !retry(&glob)) {
            return false;
        }
    }
    glob.at += star_run(pattern, glob.at);
    return glob.at == pattern.size;
}

/* --- ignore files --- */

IgnoreLevel *ignore_level_new(const IgnoreLevel *above, Str directory, Arena *arena)
{
    IgnoreLevel *level = ARENA_NEW(arena, IgnoreLevel);

    if (level) {
        level->above = above;
        level->depth = directory.size ? directory.size + 1 : 0;
    }
    return level;
}

/* Blanks at the end do not count unless a backslash precedes them. */
static Str trim_line(Str line)
{
    uint32_t keep = 0;

    if (str_ends(line, STR("\r")))
        line.size--;
    for (uint32_t i = 0; i < line.size; i++) {
        if (line.data[i] == '\\' && i + 1 < line.size)
            i++;
        else if (line.data[i] == ' ')
            continue;
        keep = i + 1;
    }
    return str_sub(line, 0, keep);
}

static bool is_plain(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (strchr("*?[\\", text.data[i]))
            return false;
    return true;
}

static bool read_pattern(Str line, IgnorePattern *pattern)
{
    Str text = trim_line(line);

    *pattern = (IgnorePattern){0};
    if (text.size == 0 || text.data[0] == '#')
        return false;
    if (text.data[0] == '!') {
        pattern->negated = true;
        text = str_from(text, 1);
    }
    if (str_ends(text, STR("/"))) {
        pattern->directory = true;
        text.size--;
    }
    pattern->anchored = str_find_char(text, '/') >= 0;
    if (str_starts(text, STR("/")))
        text = str_from(text, 1);
    pattern->text = text;
    pattern->plain = is_plain(text);
    return text.size > 0;
}

void ignore_read(IgnoreLevel *level, Str text, Arena *arena)
{
    Str line;

    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_from(text, 3);
    while (str_split(&text, '\n', &line)) {
        IgnorePattern pattern;
        IgnorePattern *grown;
        if (!read_pattern(line, &pattern))
            continue;
        grown = arena_grow(arena, level->patterns, level->count, &level->capacity,
                           (size_t)level->count + 1, sizeof pattern);
        if (!grown)
            return;
        level->patterns = grown;
        level->patterns[level->count++] = pattern;
    }
}

static bool pattern_matches(const IgnorePattern *pattern, Str path, Str name, bool is_directory)
{
    Str text = pattern->anchored ? path : name;

    if (pattern->directory && !is_directory)
        return false;
    return pattern->plain ? str_eq(pattern->text, text) : ignore_glob(pattern->text, text);
}

bool ignore_excludes(const IgnoreLevel *level, Str path, bool is_directory)
{
    Str name = str_from(path, (uint32_t)(str_find_last_char(path, '/') + 1));

    for (; level; level = level->above) {
        Str below = str_from(path, level->depth);
        for (uint32_t i = level->count; i > 0; i--)
            if (pattern_matches(&level->patterns[i - 1], below, name, is_directory))
                return !level->patterns[i - 1].negated;
    }
    return false;
}

bool ignore_excludes_below(const IgnoreLevel *level, Str path)
{
    for (uint32_t i = 0; level && i < path.size; i++)
        if (path.data[i] == '/' && ignore_excludes(level, str_sub(path, 0, i), true))
            return true;
    return level && ignore_excludes(level, path, false);
}
