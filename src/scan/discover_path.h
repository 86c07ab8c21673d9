/*
 * scan/discover_path.h - paths of a walk, from its boundary, as they are put together
 */
#ifndef PLUMB_SCAN_DISCOVER_PATH_H
#define PLUMB_SCAN_DISCOVER_PATH_H

#include "base/arena.h"
#include "base/str.h"

/* `name` in `folder`, which is empty for the boundary itself; ended by NUL. Without data when the
 * arena is spent. */
Str path_below(Arena *arena, Str folder, Str name);

/* What is before the last slash; empty where there is none. A view. */
Str path_folder(Str path);

/* Without "./" and slashes at the end. A view. */
Str path_tidy(Str path);

#endif
