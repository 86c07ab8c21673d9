/*
 * scan/fix_files.h - the files that fixes change
 *
 * Fixes are collected while a scan goes on; when it is over, each file is read once more and gets
 * all those that do not stand in each other's way. A file that is not what was scanned any more is
 * left alone. What that makes of the files may be scanned again before anything is written, since
 * one fix can open the way for another.
 */
#ifndef PLUMB_SCAN_FIX_FILES_H
#define PLUMB_SCAN_FIX_FILES_H

#include "edit/plan.h"
#include "scan/file_cache.h"
#include "scan/problem.h"
#include "scan/verdict.h"

/* That a rule put something right. */
typedef struct FixDone {
    Str rule;
    uint32_t at; /* where its first edit begins in the file */
} FixDone;

typedef struct FixFile {
    Str root; /* absolute path of the boundary */
    Str path; /* from there */
    char digest[65];
    EditPlan plan;
    FixDone *done; /* for each finding that the plan puts right */
    uint32_t findings;
    uint32_t done_capacity;
    uint32_t waiting; /* findings that another run can put right */
    Str text;         /* what the plan makes of the file, once that was asked for */
    bool refused;     /* it is left alone, and somebody was told */
} FixFile;

/* Sorted by root and path. */
typedef struct FixFiles {
    Arena *arena;
    const struct FixFiles *before; /* of the scans before, whose texts were scanned; may be NULL */
    FixFile **items;
    uint32_t count;
    uint32_t capacity;
} FixFiles;

static inline FixFiles fix_files_new(Arena *arena)
{
    return (FixFiles){.arena = arena};
}

/* The same for a scan of what `before` makes of the files. */
static inline FixFiles fix_files_after(const FixFiles *before, Arena *arena)
{
    return (FixFiles){.arena = arena, .before = before};
}

/* Adds the fixes of verdicts that fail and count; copies what it keeps. */
void fix_files_add(FixFiles *files, const Verdict *verdicts, uint32_t count);

/* Adds to `files` what a scan after them found, and makes the texts of the files that this changes.
 * Reasons why a file is left alone go to `problems`. Whether anything is changed by it. */
bool fix_files_join(FixFiles *files, const FixFiles *found, ProblemList *problems);

/* The texts that the files get, by their absolute paths; NULL when the arena is spent. */
const FileCache *fix_files_texts(const FixFiles *files, Arena *arena);

/* The text of a file, without its byte order mark, before and after; in `arena`. False where it is
 * to be left alone, with the reason in `problems`. */
bool fix_file_texts(const FixFile *file, Arena *arena, ProblemList *problems, Str *before,
                    Str *after);

/* Writes the text after to the file, or leaves it as it is and gives the reason. */
bool fix_file_write(const FixFile *file, Arena *arena, ProblemList *problems);

#endif
