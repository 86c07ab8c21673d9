/*
 * report/diff.h - changes of a file as a unified diff, as `git apply` and `patch -p1` read it
 */
#ifndef PLUMB_REPORT_DIFF_H
#define PLUMB_REPORT_DIFF_H

#include "base/out.h"
#include "edit/plan.h"

/* Writes what `plan` changes in `text`, with three lines around each change. `path` is the file's
 * from where the diff is applied. `arena` is for what is made on the way. */
void diff_write(Out *out, Str path, Str text, const EditPlan *plan, Arena *arena);

#endif
