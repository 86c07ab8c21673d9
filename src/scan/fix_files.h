/*
 * scan/fix_files.h - the files that fixes change
 *
 * Fixes are collected while a scan goes on; when it is over, each file is read once more and gets
 * all those that do not stand in each other's way. A file that is not what was scanned any more is
 * left alone.
 */
#ifndef PLUMB_SCAN_FIX_FILES_H
#define PLUMB_SCAN_FIX_FILES_H

#include "edit/plan.h"
#include "scan/problem.h"
#include "scan/verdict.h"

typedef struct FixFile {
    Str root; /* absolute path of the boundary */
    Str path; /* from there */
    char digest[65];
    EditPlan plan;
    uint32_t findings; /* that the plan puts right */
    uint32_t waiting;  /* that another run can put right */
} FixFile;

/* Sorted by root and path. */
typedef struct FixFiles {
    Arena *arena;
    FixFile **items;
    uint32_t count;
    uint32_t capacity;
} FixFiles;

static inline FixFiles fix_files_new(Arena *arena)
{
    return (FixFiles){arena, NULL, 0, 0};
}

/* Adds the fixes of verdicts that fail and count; copies what it keeps. */
void fix_files_add(FixFiles *files, const Verdict *verdicts, uint32_t count);

/* The text of a file, without its byte order mark, before and after; in `arena`. False where it is
 * to be left alone, with the reason in `problems`. */
bool fix_file_texts(const FixFile *file, Arena *arena, ProblemList *problems, Str *before,
                    Str *after);

/* Writes the text after to the file, or leaves it as it is and gives the reason. */
bool fix_file_write(const FixFile *file, Arena *arena, ProblemList *problems);

#endif
