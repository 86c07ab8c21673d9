/*
 * cel/timezone.h - how far a time zone is from UTC
 */
#ifndef PLUMB_CEL_TIMEZONE_H
#define PLUMB_CEL_TIMEZONE_H

#include "base/str.h"

/* Seconds east of UTC at a moment, in Unix seconds, for "UTC", an offset such as "+01:30", "-09:30"
 * or "02:00", or a name of the system's zone files (RFC 8536), which are read to `scratch`. False
 * for a name that is not known here. */
bool timezone_offset(Str zone, int64_t moment, Arena *scratch, int64_t *offset);

#endif
