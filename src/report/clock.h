/*
 * report/clock.h - times as reports write them, always in UTC
 */
#ifndef PLUMB_REPORT_CLOCK_H
#define PLUMB_REPORT_CLOCK_H

#include <stdint.h>

#define CLOCK_BYTES 40

/* For strftime(): "2026-01-01T00:00:00Z", and "2026-01-01 00:00". */
#define CLOCK_EXACT "%Y-%m-%dT%H:%M:%SZ"
#define CLOCK_SHORT "%Y-%m-%d %H:%M"

/* Writes seconds since 1970; an empty text for a time that no calendar has. */
void clock_format(int64_t seconds, const char *format, char text[CLOCK_BYTES]);

#endif
