/*
 * report/uri.h - paths as relative references (RFC 3986)
 */
#ifndef PLUMB_REPORT_URI_H
#define PLUMB_REPORT_URI_H

#include "base/str.h"

/* `path` without "./" before it, all that is neither a letter, a digit, one of "-._~" nor a slash
 * percent-encoded; in `arena`. "." for an empty path. */
Str uri_of_path(Str path, Arena *arena);

#endif
