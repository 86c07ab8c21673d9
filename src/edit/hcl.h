/*
 * edit/hcl.h - arguments of HCL blocks, set and taken away
 *
 * A new argument stands below the others, its equal sign below theirs or, where its name is longer,
 * after an empty line: what `terraform fmt` has formatted stays as it would format it. Only what is
 * written out is replaced; a value that refers to something is somebody's decision.
 */
#ifndef PLUMB_EDIT_HCL_H
#define PLUMB_EDIT_HCL_H

#include "base/source.h"
#include "edit/edit.h"
#include "syntax/hcl.h"

/* The block of `file` that takes up exactly `span`; NULL where there is none. */
const HclBlock *edit_hcl_block(const HclBody *file, Span span);

/* Gives the argument at `path` the value; all of `path` but the last are blocks, which are made
 * where they are missing. False where there is no safe edit, or `arena` is spent. */
bool edit_hcl_set(const Source *source, const HclBlock *block, const Str *path, uint32_t count,
                  const Node *value, Arena *arena, Edit *edit);

/* Takes away the argument at `path` with its lines. */
bool edit_hcl_remove(const Source *source, const HclBlock *block, const Str *path, uint32_t count,
                     Edit *edit);

#endif
