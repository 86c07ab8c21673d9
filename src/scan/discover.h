/*
 * scan/discover.h - the files that a scan looks at
 *
 * Walks what the user named and gives the files whose names promise an input, one by one in the
 * order of their paths, the same on every machine. Only the directories on the way to the current
 * file are remembered, so that memory does not grow with the tree. It looks at no file's content,
 * but for ignore files and the names of patches in kustomizations, and, but for JSON, at no file's
 * size. Links are not followed: what a link inside the boundary
 * leads to is met in its own place, and what lies outside is none of the scan's business.
 */
#ifndef PLUMB_SCAN_DISCOVER_H
#define PLUMB_SCAN_DISCOVER_H

#include "base/diag.h"
#include "scan/detect.h"
#include "scan/file_tree.h"
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
    Str text;     /* what is read in place of standard input; data NULL: that itself */
    const FileTree *tree;            /* what is read in place of the disk, or NULL */
    const struct FileCache *changed; /* texts that files on disk are to have, by absolute path */
    struct FileCache *cache; /* files of it that were read already (scan/file_cache.h), or NULL */
    bool is_file;
    bool skipped; /* named before, or not in `tree` */
} ScanRoot;

typedef struct FoundFile {
    Str path; /* from the boundary */
    uint32_t root;
    NameKind name;
    bool given;    /* the user named this very file */
    uint64_t size; /* of its JSON, which may be large; else 0 */
    Str hadolint;  /* of a Dockerfile: the nearest .hadolint.yaml upwards, from the boundary; or
                      empty */
    /* What is judged together; `path` is the first. A Terraform module: its files by name, then its
     * files of values, a later one of which wins. Of manifests, where there are several in a
     * directory: its files by name, then those that are read for what they say of others. Of a
     * chart: files of values for its renders. */
    Str *members;
    uint32_t member_count;
    uint32_t value_count;             /* of these: files of values */
    uint32_t context_count;           /* of these: files that are not judged */
    const struct ChartOptions *chart; /* how a chart is rendered (scan/chart.h); else NULL */
    uint32_t render;                  /* which of its renders is meant, from 0 */
    const Str *only; /* of a chart: the templates that the user named; none: all of it */
    uint32_t only_count;
    Str *names; /* of all that lies in its directory; NULL: not known */
    uint32_t name_count;
    Str *plans; /* of a module or plan: what beside it may be a plan, by its name */
    uint32_t plan_count;
} FoundFile;

/* What plumb.yaml says of files. */
typedef struct ConfigFiles {
    Str base; /* from the boundary to the directory that its paths begin in: empty or "a/b/" */
    const struct IgnoreLevel *include; /* patterns of which one must match; NULL: all files */
    const Str *exclude;
    uint32_t exclude_count;
} ConfigFiles;

typedef struct DiscoverOptions {
    Str boundary;     /* --root; empty: nearest .git upwards, else the directory that is scanned */
    const Str *paths; /* --path: gitignore patterns, of which one must match; none: all files */
    uint32_t path_count;
    const Str *skip_paths; /* --skip-path */
    uint32_t skip_path_count;
    ConfigFiles config;
    Str text; /* what "-" stands for; data NULL: standard input */
    Str text_name;
    const FileTree *tree; /* read this and not the disk; needs `boundary`. NULL: the disk */
    const struct FileCache *changed;   /* texts in place of those of files on disk; may be NULL */
    const struct ChartOptions *charts; /* how charts are rendered; NULL: not at all */
    const Str *modules; /* directories that are repositories of their own, and left alone */
    uint32_t module_count;
} DiscoverOptions;

typedef struct Frame Frame;

/* A walk, and what it met so far. */
typedef struct Discovery {
    Arena *arena; /* for all that outlives the walk */
    ScanRoot *roots;
    uint32_t root_count;
    uint32_t files_seen;
    uint32_t files_built;   /* parts of kustomizations, which are read with those */
    uint32_t files_ignored; /* look-alikes, and entries that an ignore file excludes */
    bool hidden; /* manifests may lie in what is ignored, or come out of what is no input */
    uint32_t charts_left; /* charts that there is no helm for */
    Ignored *ignored;     /* look-alikes, as reports show them */
    uint32_t ignored_count;
    uint32_t ignored_capacity;
    DiagSink diags; /* what could not be read, by path */

    /* the walk's own */
    Arena *memory;                  /* of the frames, a stack */
    Frame *frame;                   /* the directory at hand, or NULL */
    uint32_t root;                  /* the one at hand */
    bool entered;                   /* it was begun */
    bool above_sought;              /* `hadolint_above` is known */
    Str hadolint_above;             /* the nearest one above the directory that is scanned */
    const struct IgnoreLevel *only; /* --path, or NULL */
    const struct IgnoreLevel *skip; /* --skip-path, or NULL */
    ConfigFiles config;
    const struct ChartOptions *charts; /* with the helm that was found; NULL before, or none */
    bool helm_sought;
    const DiscoverOptions *options;
} Discovery;

/* Begins a walk through `arguments`; "-" stands for standard input. `options` are kept. False, with
 * a diagnostic in `found->diags`, when an argument does not exist or lies outside the boundary:
 * nothing is to be scanned then. The caller ends with discover_close() either way. */
bool discover_open(const Str *arguments, uint32_t count, const DiscoverOptions *options,
                   Arena *arena, Discovery *found);

/* One directory that is read without being walked. Its files are shown below its name. As
 * discover_open(). */
bool discover_open_directory(Str directory, const DiscoverOptions *options, Arena *arena,
                             Discovery *found);

/* The next file, its texts in `arena`; false after the last one. */
bool discover_next(Discovery *found, Arena *arena, FoundFile *file);

/* What the kustomization names that discover_next() gave last, until the next file is asked for.
 * NULL where the walk did not read it. */
const struct KustomizationFiles *discover_kustomization(const Discovery *found,
                                                        const FoundFile *file);

void discover_close(Discovery *found);

/* Adds to what was ignored; `reason` is kept. */
void discover_ignore(Discovery *found, const ScanRoot *root, Str path, const char *reason);

/* The path as reports show it: relative to the root that was scanned. In `arena` where it is not a
 * part of `path`. */
Str discover_shown(const ScanRoot *root, Str path, Arena *arena);

/* An absolute path from the boundary, where it is inside of it; else as it is. A view. */
Str discover_inside(const ScanRoot *root, Str path);

/* The directory that a root stands for, from the boundary; "." for that itself. */
Str discover_directory(const ScanRoot *root);

/* Whether the user wants what is in a file of `root`, by its path from the boundary. */
bool discover_wants(const Discovery *found, const ScanRoot *root, Str path);

/* Whether there is anything that a user does not want. */
bool discover_chooses(const Discovery *found);

/* The directory of a file, from the boundary; "." for that itself. */
Str found_directory(const FoundFile *file);

/* Whether it stands for manifests or workflows of a directory, which are judged together. */
static inline bool found_is_scope(const FoundFile *file)
{
    return detect_goes_together(file->name, file->name) && file->member_count > 0;
}

/* How many files it is made of. */
static inline uint32_t found_file_count(const FoundFile *file)
{
    return file->member_count ? file->member_count : 1;
}

/* The nearest directory from `directory` (absolute) upwards that holds an entry `.git`, or an empty
 * Str. A view of `directory`. */
Str discover_repository(Str directory);

#endif
