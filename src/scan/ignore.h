/*
 * scan/ignore.h - which paths the ignore files of a tree leave out
 *
 * The semantics are those of gitignore(5) and are tested against `git check-ignore`. A level holds
 * the patterns of one directory (.gitignore, then .plumbignore) or of .git/info/exclude, and names
 * the level above; a directory without an ignore file has no level of its own and costs nothing.
 *
 * A path below an excluded directory is excluded whatever the patterns say: whoever walks the tree
 * does not enter such a directory.
 */
#ifndef PLUMB_SCAN_IGNORE_H
#define PLUMB_SCAN_IGNORE_H

#include "base/str.h"

typedef struct IgnorePattern {
    Str text;       /* without `!`, and without slashes at its ends */
    bool negated;   /* `!`: takes back what an earlier one excluded */
    bool directory; /* ends with a slash: matches directories only */
    bool anchored;  /* holds a slash: compared with the whole path below the level */
    bool plain;     /* no wildcard and no escape: a comparison of bytes */
} IgnorePattern;

typedef struct IgnoreLevel IgnoreLevel;
struct IgnoreLevel {
    const IgnoreLevel *above; /* NULL for the topmost */
    uint32_t depth;           /* bytes of a path that lead to this level, its slash included */
    IgnorePattern *patterns;
    uint32_t count;
    uint32_t capacity;
};

/* A level for the directory `directory` (relative to where all paths begin, no slash at its end,
 * empty for the top). In `arena`; NULL if that is spent. */
IgnoreLevel *ignore_level_new(const IgnoreLevel *above, Str directory, Arena *arena);

/* Adds the patterns of an ignore file, any bytes at all. Patterns are views into `text`. Where
 * `arena` is spent the rest is left out. */
void ignore_read(IgnoreLevel *level, Str text, Arena *arena);

/* Whether `path`, which lies below the directory of `level`, is excluded. The last pattern that
 * matches decides, and a deeper level before one above it. `level` may be NULL. */
bool ignore_excludes(const IgnoreLevel *level, Str path, bool is_directory);

/* The same for a path whose directories were not looked at before: it is excluded, or one of them
 * is. */
bool ignore_excludes_below(const IgnoreLevel *level, Str path);

/* A gitignore pattern over a whole path: `*`, `?` and classes match no slash, and two stars that
 * stand between slashes match any directories. Takes time of at most length by length. */
bool ignore_glob(Str pattern, Str path);

#endif
