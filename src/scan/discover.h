/*
 * scan/discover.h - the files that a scan looks at
 *
 * Walks what the user named, in the same order on every machine, and keeps the files whose names
 * promise an input. It looks at no file's content and, but for JSON, at no file's size. Links are
 * not followed: what a link inside the boundary leads to is met in its own place, and what lies
 * outside is none of the scan's business.
 */
#ifndef PLUMB_SCAN_DISCOVER_H
#define PLUMB_SCAN_DISCOVER_H

#include "base/diag.h"
#include "scan/detect.h"
#include "scan/verdict.h"

/* A path that the user named. Paths of files are relative to the boundary, which is the
 * repository's root, so that a finding has the same identity wherever plumb is started. */
typedef struct ScanRoot {
    int dir;      /* the boundary, open; -1 for standard input and pipes */
    Str argument; /* as given, without "./" and slashes at the end */
    Str file;     /* name of a file that is given; "<stdin>" for standard input */
    Str boundary; /* absolute path of the boundary */
    Str prefix;   /* from the boundary to the directory that is scanned, its slash at the end; empty
                     where they are the same */
    Str shown;    /* what reports put in its place: empty, or the argument and a slash */
    bool is_file;
} ScanRoot;

typedef struct FoundFile {
    Str path; /* from the boundary */
    uint32_t root;
    NameKind name;
    bool given;    /* the user named this very file */
    uint64_t size; /* of JSON, which may be large; else 0 */
    /* A Terraform module: its files by name, then its files of values; `path` is the first. */
    const Str *members;
    uint32_t member_count;
    uint32_t value_count; /* of these: files of values */
} FoundFile;

typedef struct DiscoverOptions {
    Str boundary;     /* --root; empty: nearest .git upwards, else the directory that is scanned */
    const Str *paths; /* --path: gitignore patterns, of which one must match; none: all files */
    uint32_t path_count;
    const Str *skip_paths; /* --skip-path */
    uint32_t skip_path_count;
} DiscoverOptions;

typedef struct IgnoredFile {
    Str path;
    uint32_t root;
    const char *reason; /* a literal */
} IgnoredFile;

/* All in `arena`. Files are sorted by root and path. */
typedef struct Discovery {
    Arena *arena;
    ScanRoot *roots;
    uint32_t root_count;
    FoundFile *files;
    uint32_t file_count;
    uint32_t file_capacity;
    IgnoredFile *ignored; /* look-alikes; sorted in the same way */
    uint32_t ignored_count;
    uint32_t ignored_capacity;
    uint32_t files_seen;
    uint32_t files_ignored; /* look-alikes, and entries that an ignore file excludes */
    DiagSink diags;         /* what could not be read, by path; help is not set */
} Discovery;

/* Finds the files below `arguments`; "-" stands for standard input. False, with a diagnostic in
 * `found->diags`, when an argument does not exist or lies outside the boundary: nothing is to be
 * scanned then. The caller ends with discover_close() either way. */
bool discover(const Str *arguments, uint32_t count, const DiscoverOptions *options, Arena *arena,
              Discovery *found);
void discover_close(Discovery *found);

/* The path as reports show it: relative to the root that was scanned. In `arena` where it is not a
 * part of `path`. */
Str discover_shown(const ScanRoot *root, Str path, Arena *arena);

/* The nearest directory from `directory` (absolute) upwards that holds an entry `.git`, or an empty
 * Str. A view of `directory`. */
Str discover_repository(Str directory);

#endif
