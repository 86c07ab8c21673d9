/*
 * cel/time.h - timestamps and durations: their text, their parts
 *
 * Timestamps lie in the years 1 to 9999, durations within that many seconds either way
 * (google.protobuf.Timestamp and Duration).
 */
#ifndef PLUMB_CEL_TIME_H
#define PLUMB_CEL_TIME_H

#include "cel/value.h"

#define CEL_TIME_TEXT_SIZE 64

/* RFC 3339; false for anything else and for what is out of range. */
bool cel_timestamp_parse(Str text, CelTime *time);

/* As Go writes them, "1h45m", "-1.5s", "300ms"; also what duration_print gives. */
bool cel_duration_parse(Str text, CelTime *time);

/* "2009-02-13T23:31:30Z" and "1.5s", with as many decimals as are needed. */
void cel_timestamp_print(CelTime time, char text[CEL_TIME_TEXT_SIZE]);
void cel_duration_print(CelTime time, char text[CEL_TIME_TEXT_SIZE]);

bool cel_timestamp_in_range(CelTime time);
bool cel_duration_in_range(CelTime time);

/* Sums that keep the sign rules of CelTime.nanos; false when the seconds overflow. The duration
 * or timestamp that comes out may be out of range. */
bool cel_time_add(CelTime a, CelTime b, bool timestamp, CelTime *sum);
CelTime cel_time_negate(CelTime duration);

/* A timestamp taken apart in UTC. */
typedef struct CelDate {
    int64_t year;
    uint32_t month;       /* 1 to 12 */
    uint32_t day;         /* of the month, 1 to 31 */
    uint32_t weekday;     /* 0 is Sunday */
    uint32_t day_of_year; /* from 0 */
    uint32_t hour;
    uint32_t minute;
    uint32_t second;
} CelDate;
CelDate cel_date(int64_t seconds);

/* Days from 1970-01-01 to that date. */
int64_t cel_days(int64_t year, uint32_t month, uint32_t day);

#endif
