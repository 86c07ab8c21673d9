#include "cel/timezone.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "cel/time.h"

#define ZONE_FILES "/usr/share/zoneinfo"
#define ZONE_BYTES_MAX ((size_t)1 << 20)
#define DAY 86400

/* "+01:30", "-09:30", "02:00" */
static bool parse_offset(Str zone, int64_t *offset)
{
    bool west = zone.size > 0 && zone.data[0] == '-';
    int value[4];

    if (zone.size > 0 && (west || zone.data[0] == '+'))
        zone = str_from(zone, 1);
    if (zone.size != 5 || zone.data[2] != ':')
        return false;
    for (uint32_t i = 0; i < 4; i++) {
        char c = zone.data[i < 2 ? i : i + 1];

        if (c < '0' || c > '9')
            return false;
        value[i] = c - '0';
    }
    if (value[0] * 10 + value[1] > 23 || value[2] > 5)
        return false;
    *offset = (value[0] * 10 + value[1]) * 3600 + (value[2] * 10 + value[3]) * 60;
    *offset = west ? -*offset : *offset;
    return true;
}

/* Nothing that leads out of the folder of zone files. */
static bool is_zone_name(Str zone)
{
    if (zone.size == 0 || zone.size > 64 || !isalpha((unsigned char)zone.data[0]))
        return false;
    for (uint32_t i = 0; i < zone.size; i++)
        if (!isalnum((unsigned char)zone.data[i]) && !strchr("/_+-", zone.data[i]))
            return false;
    return memchr(zone.data, '\0', zone.size) == NULL;
}

/* The numbers of RFC 8536 are big-endian. */
static int64_t number_at(const char *bytes, uint32_t size)
{
    uint64_t value = (unsigned char)bytes[0] & 0x80 ? UINT64_MAX : 0;

    for (uint32_t i = 0; i < size; i++)
        value = value << 8 | (unsigned char)bytes[i];
    return (int64_t)value;
}

/* One block of a zone file: a header of 44 bytes and tables. */
typedef struct Block {
    uint32_t times; /* transitions */
    uint32_t types;
    const char *time;  /* `width` bytes each */
    const char *index; /* the type from that time on */
    const char *type;  /* 6 bytes each: offset, daylight saving, name */
    uint32_t width;
    uint64_t size; /* of header and tables */
} Block;

static bool read_block(Str file, uint64_t start, uint32_t width, Block *block)
{
    const char *head = file.data + start;
    uint64_t count[6];
    uint64_t tables;

    if (file.size < start + 44 || memcmp(head, "TZif", 4) != 0)
        return false;
    for (uint32_t i = 0; i < 6; i++)
        count[i] = (uint64_t)(uint32_t)number_at(head + 20 + 4 * (size_t)i, 4);
    tables = count[3] * (width + 1) + count[4] * 6 + count[5] + count[2] * (width + 4) + count[1] +
             count[0];
    if (tables > file.size - start - 44 || count[4] == 0)
        return false;
    block->times = (uint32_t)count[3];
    block->types = (uint32_t)count[4];
    block->time = head + 44;
    block->index = block->time + count[3] * width;
    block->type = block->index + count[3];
    block->width = width;
    block->size = tables + 44;
    return true;
}

static bool type_offset(const Block *block, uint32_t type, int64_t *offset)
{
    if (type >= block->types)
        return false;
    *offset = number_at(block->type + 6 * (size_t)type, 4);
    return true;
}

/* The number of transitions at or before the moment. */
static uint32_t transitions_until(const Block *block, int64_t moment)
{
    uint32_t low = 0, high = block->times;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (number_at(block->time + (size_t)middle * block->width, block->width) <= moment)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The rule for times after the last transition, as in the variable TZ: "CST6CDT,M3.2.0,M11.1.0". */
typedef struct Rule {
    const char *at;
    const char *end;
} Rule;

static bool skip_name(Rule *r)
{
    const char *start = r->at;

    if (r->at < r->end && *r->at == '<') {
        while (r->at < r->end && *r->at != '>')
            r->at++;
        if (r->at == r->end)
            return false;
        r->at++;
        return true;
    }
    while (r->at < r->end && isalpha((unsigned char)*r->at))
        r->at++;
    return r->at > start;
}

static bool rule_number(Rule *r, int64_t *value)
{
    const char *start = r->at;

    *value = 0;
    while (r->at < r->end && isdigit((unsigned char)*r->at) && r->at - start < 6)
        *value = *value * 10 + (*r->at++ - '0');
    return r->at > start;
}

static bool rule_char(Rule *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* "6", "-3:30", "02:00:00" in seconds. */
static bool rule_time(Rule *r, int64_t *seconds)
{
    bool negative = rule_char(r, '-');
    int64_t part, unit = 3600;

    *seconds = 0;
    if (!negative)
        rule_char(r, '+');
    do {
        if (!rule_number(r, &part))
            return false;
        *seconds += part * unit;
        unit /= 60;
    } while (unit > 0 && rule_char(r, ':'));
    if (negative)
        *seconds = -*seconds;
    return true;
}

/* Mm.w.d: day d of week w, 5 for the last one, of month m. Days from the start of the year. */
static bool month_rule(Rule *r, int64_t year, int64_t *day)
{
    int64_t month, week, weekday, first, next;
    CelDate date;

    if (!rule_number(r, &month) || !rule_char(r, '.') || !rule_number(r, &week) ||
        !rule_char(r, '.') || !rule_number(r, &weekday) || month < 1 || month > 12 || week < 1 ||
        week > 5 || weekday > 6)
        return false;
    first = cel_days(year, (uint32_t)month, 1);
    next = month == 12 ? cel_days(year + 1, 1, 1) : cel_days(year, (uint32_t)month + 1, 1);
    date = cel_date(first * DAY);
    *day = first + (weekday - date.weekday + 7) % 7 + (week - 1) * 7;
    if (*day >= next)
        *day -= 7;
    *day -= cel_days(year, 1, 1);
    return true;
}

/* When in the year a change happens, in seconds of local time from its start. */
static bool rule_change(Rule *r, int64_t year, int64_t *moment)
{
    bool leap = cel_days(year + 1, 1, 1) - cel_days(year, 1, 1) == 366;
    int64_t day, time = 7200;

    if (!rule_char(r, ','))
        return false;
    if (rule_char(r, 'M')) {
        if (!month_rule(r, year, &day))
            return false;
    } else {
        bool julian = rule_char(r, 'J');

        if (!rule_number(r, &day))
            return false;
        if (julian) /* 29 February is never counted */
            day += leap && day >= 60 ? 0 : -1;
    }
    if (rule_char(r, '/') && !rule_time(r, &time))
        return false;
    *moment = day * DAY + time;
    return true;
}

static bool rule_offset(Str text, int64_t moment, int64_t *offset)
{
    Rule r = {text.data, text.data + text.size};
    int64_t standard, daylight, begin, end, year, start;
    bool inside;

    if (!skip_name(&r) || !rule_time(&r, &standard))
        return false;
    *offset = standard = -standard;
    if (r.at == r.end)
        return true;
    daylight = standard + 3600;
    if (!skip_name(&r))
        return false;
    if (r.at < r.end && *r.at != ',') {
        if (!rule_time(&r, &daylight))
            return false;
        daylight = -daylight;
    }
    year = cel_date(moment + standard).year;
    start = cel_days(year, 1, 1) * DAY;
    if (!rule_change(&r, year, &begin) || !rule_change(&r, year, &end))
        return false;
    begin += start - standard;
    end += start - daylight;
    inside = begin < end ? moment >= begin && moment < end : moment >= begin || moment < end;
    if (inside)
        *offset = daylight;
    return true;
}

/* The line after the last block, between two line feeds. */
static Str footer(Str file, uint64_t start)
{
    Str rest = str_from(file, (uint32_t)start);
    int64_t end;

    if (rest.size < 2 || rest.data[0] != '\n')
        return (Str){"", 0};
    rest = str_from(rest, 1);
    end = str_find_char(rest, '\n');
    return end < 0 ? (Str){"", 0} : str_sub(rest, 0, (uint32_t)end);
}

static bool file_offset(Str file, int64_t moment, int64_t *offset)
{
    Block block;
    Str rule = {"", 0};
    uint32_t before;

    if (!read_block(file, 0, 4, &block))
        return false;
    if (file.data[4] >= '2') { /* a second block with wider times, then the rule */
        uint64_t start = block.size;

        if (!read_block(file, start, 8, &block))
            return false;
        rule = footer(file, start + block.size);
    }
    before = transitions_until(&block, moment);
    if (before == block.times && rule.size > 0 && rule_offset(rule, moment, offset))
        return true;
    return type_offset(&block, before == 0 ? 0 : (unsigned char)block.index[before - 1], offset);
}

bool timezone_offset(Str zone, int64_t moment, Arena *scratch, int64_t *offset)
{
    char path[sizeof ZONE_FILES + 80];
    size_t mark;
    Str file;
    int error;
    bool known;

    *offset = 0;
    if (str_eq(zone, STR("UTC")) || str_eq(zone, STR("Z")) || parse_offset(zone, offset))
        return true;
    if (!is_zone_name(zone))
        return false;
    snprintf(path, sizeof path, "%s/%.*s", ZONE_FILES, STR_ARG(zone));
    mark = arena_mark(scratch);
    known = file_read(AT_FDCWD, path, ZONE_BYTES_MAX, scratch, &file, &error) &&
            file_offset(file, moment, offset);
    arena_rewind(scratch, mark);
    return known;
}
