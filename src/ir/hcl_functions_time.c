#include <stdio.h>

#include "ir/hcl_functions_parts.h"

/* A moment as RFC 3339 writes it. */
typedef struct Moment {
    int64_t seconds; /* since 1970 in UTC */
    uint32_t nanos;
    int32_t offset; /* of the clock that it is written in, in seconds */
} Moment;

typedef struct Calendar {
    int64_t year;
    int month, day, hour, minute, second, weekday; /* Sunday is 0 */
} Calendar;

/* Days since 1970 of a date in the Gregorian calendar, counted from March of the year before. */
static int64_t days_of(int64_t year, int month, int day)
{
    int64_t y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static Calendar calendar_of(const Moment *moment)
{
    int64_t local = moment->seconds + moment->offset;
    int64_t days = (local >= 0 ? local : local - 86399) / 86400, rest = local - days * 86400;
    int64_t shifted = days + 719468, era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t doe = shifted - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
    Calendar c = {.day = (int)(doy - (153 * mp + 2) / 5 + 1),
                  .month = (int)(mp < 10 ? mp + 3 : mp - 9),
                  .hour = (int)(rest / 3600),
                  .minute = (int)(rest / 60 % 60),
                  .second = (int)(rest % 60),
                  .weekday = (int)(((days + 4) % 7 + 7) % 7)};

    c.year = yoe + era * 400 + (c.month <= 2);
    return c;
}

static bool digits(Str text, uint32_t at, uint32_t count, int *value)
{
    *value = 0;
    for (uint32_t i = at; i < at + count; i++) {
        if (i >= text.size || text.data[i] < '0' || text.data[i] > '9')
            return false;
        *value = *value * 10 + (text.data[i] - '0');
    }
    return true;
}

static bool is_at(Str text, uint32_t at, const char *any)
{
    return at < text.size && text.data[at] && strchr(any, text.data[at]) != NULL;
}

/* Z or +hh:mm at the end. */
static bool read_zone(Str text, uint32_t at, int32_t *offset)
{
    int hours, minutes;

    *offset = 0;
    if (is_at(text, at, "Zz"))
        return at + 1 == text.size;
    if (!is_at(text, at, "+-") || !digits(text, at + 1, 2, &hours) || !is_at(text, at + 3, ":") ||
        !digits(text, at + 4, 2, &minutes) || at + 6 != text.size || hours > 23 || minutes > 59)
        return false;
    *offset = (hours * 60 + minutes) * 60 * (text.data[at] == '-' ? -1 : 1);
    return true;
}

static bool read_moment(Str text, Moment *moment)
{
    int year, month, day, hour, minute, second;
    uint32_t at = 19, scale = 100000000;

    if (!digits(text, 0, 4, &year) || !is_at(text, 4, "-") || !digits(text, 5, 2, &month) ||
        !is_at(text, 7, "-") || !digits(text, 8, 2, &day) || !is_at(text, 10, "T") ||
        !digits(text, 11, 2, &hour) || !is_at(text, 13, ":") || !digits(text, 14, 2, &minute) ||
        !is_at(text, 16, ":") || !digits(text, 17, 2, &second))
        return false;
    moment->nanos = 0;
    if (is_at(text, at, "."))
        for (at++; at < text.size && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
            moment->nanos += (uint32_t)(text.data[at] - '0') * scale;
            scale /= 10;
        }
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 59 ||
        !read_zone(text, at, &moment->offset))
        return false;
    moment->seconds =
        days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - moment->offset;
    return true;
}

static bool arg_moment(HclEval *eval, const HclCall *call, uint32_t i, Moment *moment)
{
    Str text;

    if (!hcl_arg_text(eval, call, i, &text))
        return false;
    if (read_moment(text, moment))
        return true;
    hcl_fail(eval, call->at, "\"%.*s\" is no time such as 2006-01-02T15:04:05Z", STR_ARG(text));
    return false;
}

Node hcl_fn_timecmp(HclEval *eval, const HclCall *call)
{
    Moment a, b;
    int order;

    if (!arg_moment(eval, call, 0, &a) || !arg_moment(eval, call, 1, &b))
        return hcl_failed(eval, call);
    order = (a.seconds > b.seconds) - (a.seconds < b.seconds);
    if (order == 0)
        order = (a.nanos > b.nanos) - (a.nanos < b.nanos);
    return node_make_int(call->at, order);
}

/* --- durations --- */

/* Nanoseconds in one of a duration's units; takes the unit off the front. */
static double unit_size(Str *text)
{
    static const struct {
        const char *unit;
        double size;
    } units[] = {{"ns", 1},  {"us", 1e3}, {"\xc2\xb5s", 1e3}, {"ms", 1e6},
                 {"s", 1e9}, {"m", 6e10}, {"h", 3.6e12}};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        Str unit = str_of(units[i].unit);
        if (str_starts(*text, unit)) {
            *text = str_from(*text, unit.size);
            return units[i].size;
        }
    }
    return 0;
}

/* 1h30m, -1.5h, 10ms: numbers with units. */
static bool read_duration(Str text, double *nanos)
{
    bool negative = text.size && *text.data == '-';

    if (text.size && (*text.data == '-' || *text.data == '+'))
        text = str_from(text, 1);
    *nanos = 0;
    if (text.size == 0)
        return false;
    while (text.size) {
        double number = 0, scale = 1, size;
        uint32_t i = 0;
        bool fraction = false;
        for (; i < text.size &&
               ((text.data[i] >= '0' && text.data[i] <= '9') || (text.data[i] == '.' && !fraction));
             i++) {
            if (text.data[i] == '.') {
                fraction = true;
                continue;
            }
            scale *= fraction ? 10 : 1;
            number = number * 10 + (text.data[i] - '0');
        }
        text = str_from(text, i);
        size = i ? unit_size(&text) : 0;
        if (size == 0)
            return str_eq(text, STR("")) && number == 0 && i > 0;
        *nanos += number / scale * size;
    }
    *nanos = negative ? -*nanos : *nanos;
    return *nanos < 9e18 && *nanos > -9e18;
}

static Str moment_text(Arena *arena, const Moment *moment)
{
    Calendar c = calendar_of(moment);
    char zone[8] = "Z", fraction[16] = "";

    if (moment->offset)
        snprintf(zone, sizeof zone, "%c%02d:%02d", moment->offset < 0 ? '-' : '+',
                 (moment->offset < 0 ? -moment->offset : moment->offset) / 3600 % 100,
                 (moment->offset < 0 ? -moment->offset : moment->offset) / 60 % 60);
    if (moment->nanos) {
        int size = snprintf(fraction, sizeof fraction, ".%09u", moment->nanos);
        while (size > 0 && fraction[size - 1] == '0')
            fraction[--size] = '\0';
    }
    return str_format(arena, "%04lld-%02d-%02dT%02d:%02d:%02d%s%s", (long long)c.year, c.month,
                      c.day, c.hour, c.minute, c.second, fraction, zone);
}

Node hcl_fn_timeadd(HclEval *eval, const HclCall *call)
{
    int64_t whole, nanos;
    Moment moment;
    double add;
    Str text;

    if (!arg_moment(eval, call, 0, &moment) || !hcl_arg_text(eval, call, 1, &text))
        return hcl_failed(eval, call);
    if (!read_duration(text, &add))
        return hcl_fail(eval, call->at, "\"%.*s\" is no duration such as 1h30m", STR_ARG(text));
    whole = (int64_t)(add / 1e9);
    nanos = (int64_t)moment.nanos + (int64_t)(add - (double)whole * 1e9);
    if (nanos < 0 || nanos >= 1000000000) {
        int64_t carry = nanos < 0 ? -1 : 1;
        whole += carry;
        nanos -= carry * 1000000000;
    }
    moment.seconds += whole;
    moment.nanos = (uint32_t)nanos;
    return hcl_text_result(eval, call, moment_text(eval->arena, &moment));
}

/* --- formatdate --- */

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};
static const char *const weekdays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                       "Thursday", "Friday", "Saturday"};

static void add_zone(Buf *buf, const Moment *moment, uint32_t count)
{
    int32_t offset = moment->offset, size = offset < 0 ? -offset : offset;

    if (offset == 0 && (count == 1 || count == 3)) {
        buf_add_z(buf, count == 1 ? "Z" : "UTC");
        return;
    }
    buf_printf(buf, "%c%02d%s%02d", offset < 0 ? '-' : '+', size / 3600,
               count == 1 || count == 5 ? ":" : "", size / 60 % 60);
}

static void add_name(Buf *buf, const char *name, uint32_t count)
{
    buf_add(buf, count == 3 ? str_sub(str_of(name), 0, 3) : str_of(name));
}

/* A run of one letter; false where it is no token. */
static bool add_token(Buf *buf, char letter, uint32_t count, const Moment *moment)
{
    Calendar c = calendar_of(moment);
    int hour = c.hour % 12 ? c.hour % 12 : 12;
    const char *number = count == 1 ? "%d" : "%02d";
    bool plain = count <= 2;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (letter == 'Y' && count == 4)
        buf_printf(buf, "%04lld", (long long)c.year);
    else if (letter == 'Y' && count == 2)
        buf_printf(buf, "%02lld", (long long)(c.year % 100));
    else if (letter == 'M' && !plain && count <= 4)
        add_name(buf, months[c.month - 1], count);
    else if (letter == 'E' && (count == 3 || count == 4))
        add_name(buf, weekdays[c.weekday], count);
    else if (letter == 'M' && plain)
        buf_printf(buf, number, c.month);
    else if (letter == 'D' && plain)
        buf_printf(buf, number, c.day);
    else if (letter == 'H' && plain)
        buf_printf(buf, number, hour);
    else if (letter == 'h' && plain)
        buf_printf(buf, number, c.hour);
    else if (letter == 'm' && plain)
        buf_printf(buf, number, c.minute);
    else if (letter == 's' && plain)
        buf_printf(buf, number, c.second);
    else if (letter == 'A' && count == 2)
        buf_add_z(buf, c.hour < 12 ? "AM" : "PM");
    else if (letter == 'a' && count == 2)
        buf_add_z(buf, c.hour < 12 ? "am" : "pm");
    else if (letter == 'Z' && count != 2 && count <= 5)
        add_zone(buf, moment, count);
    else
        return false;
#pragma GCC diagnostic pop
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Text in single quotes; two of them are one. */
static uint32_t add_literal(Buf *buf, Str spec, uint32_t i)
{
    for (i++; i < spec.size; i++) {
        if (spec.data[i] != '\'')
            buf_add_char(buf, spec.data[i]);
        else if (i + 1 < spec.size && spec.data[i + 1] == '\'')
            buf_add_char(buf, spec.data[i++]);
        else
            return i + 1;
    }
    return i;
}

Node hcl_fn_formatdate(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    Moment moment;
    Str spec;

    if (!hcl_arg_text(eval, call, 0, &spec) || !arg_moment(eval, call, 1, &moment))
        return hcl_failed(eval, call);
    for (uint32_t i = 0; i < spec.size;) {
        uint32_t end = i + 1;
        if (spec.data[i] == '\'') {
            i = add_literal(&buf, spec, i);
            continue;
        }
        while (end < spec.size && spec.data[end] == spec.data[i])
            end++;
        if (!is_letter(spec.data[i]))
            buf_add(&buf, str_sub(spec, i, end - i));
        else if (!add_token(&buf, spec.data[i], end - i, &moment))
            return hcl_fail(eval, call->at, "formatdate() knows no \"%.*s\"",
                            STR_ARG(str_sub(spec, i, end - i)));
        i = end;
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}
