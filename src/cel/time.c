#include "cel/time.h"

#include <stdio.h>

#define DAY 86400
#define BILLION 1000000000
#define FIRST_SECOND (-62135596800) /* 0001-01-01T00:00:00Z */
#define LAST_SECOND 253402300799    /* 9999-12-31T23:59:59Z */
#define LONGEST 315576000000        /* google.protobuf.Duration: 10000 years */

/* Years begin in March here, so that the leap day is the last (civil calendar in eras of 400 years,
 * 146097 days each). */
int64_t cel_days(int64_t year, uint32_t month, uint32_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t shifted = month > 2 ? (int64_t)month - 3 : (int64_t)month + 9;
    int64_t of_year = (153 * shifted + 2) / 5 + (int64_t)day - 1;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

CelDate cel_date(int64_t seconds)
{
    int64_t days = floor_div(seconds, DAY), rest = seconds - days * DAY;
    int64_t shifted = days + 719468, era = floor_div(shifted, 146097);
    int64_t of_era = shifted - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    CelDate date;

    date.day = (uint32_t)(of_year - (153 * month + 2) / 5 + 1);
    date.month = (uint32_t)(month < 10 ? month + 3 : month - 9);
    date.year = year + era * 400 + (date.month <= 2);
    date.weekday = (uint32_t)(((days + 4) % 7 + 7) % 7);
    date.day_of_year = (uint32_t)(days - cel_days(date.year, 1, 1));
    date.hour = (uint32_t)(rest / 3600);
    date.minute = (uint32_t)(rest / 60 % 60);
    date.second = (uint32_t)(rest % 60);
    return date;
}

bool cel_timestamp_in_range(CelTime time)
{
    return time.seconds >= FIRST_SECOND && time.seconds <= LAST_SECOND;
}

bool cel_duration_in_range(CelTime time)
{
    return time.seconds >= -LONGEST && time.seconds <= LONGEST;
}

bool cel_time_add(CelTime a, CelTime b, bool timestamp, CelTime *sum)
{
    int64_t nanos = (int64_t)a.nanos + b.nanos;
    int64_t seconds;

    if (__builtin_add_overflow(a.seconds, b.seconds, &seconds) ||
        __builtin_add_overflow(seconds, nanos / BILLION, &seconds))
        return false;
    nanos %= BILLION;
    if (nanos < 0 && (timestamp || seconds > 0)) {
        nanos += BILLION;
        seconds--;
    } else if (nanos > 0 && seconds < 0 && !timestamp) {
        nanos -= BILLION;
        seconds++;
    }
    *sum = (CelTime){seconds, (int32_t)nanos};
    return true;
}

CelTime cel_time_negate(CelTime duration)
{
    return (CelTime){-duration.seconds, -duration.nanos};
}

/* Reading */

static bool take_digits(Str *text, uint32_t count, uint32_t *value)
{
    *value = 0;
    if (text->size < count)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        if (text->data[i] < '0' || text->data[i] > '9')
            return false;
        *value = *value * 10 + (uint32_t)(text->data[i] - '0');
    }
    *text = str_from(*text, count);
    return true;
}

static bool take(Str *text, const char *any)
{
    if (text->size == 0 || text->data[0] == '\0' || !strchr(any, text->data[0]))
        return false;
    *text = str_from(*text, 1);
    return true;
}

/* ".5" with up to nine digits that count. */
static bool take_fraction(Str *text, int32_t *nanos)
{
    int32_t unit = BILLION / 10;
    uint32_t digit;

    *nanos = 0;
    if (!take(text, "."))
        return true;
    if (!take_digits(text, 1, &digit))
        return false;
    do {
        *nanos += (int32_t)digit * unit;
        unit /= 10;
    } while (take_digits(text, 1, &digit));
    return true;
}

/* "Z" or "+01:30" to the end. */
static bool take_offset(Str *text, int64_t *seconds)
{
    bool west = text->size > 0 && text->data[0] == '-';
    uint32_t hours, minutes;

    *seconds = 0;
    if (take(text, "Zz"))
        return text->size == 0;
    if (!take(text, "+-") || !take_digits(text, 2, &hours) || !take(text, ":") ||
        !take_digits(text, 2, &minutes) || hours > 23 || minutes > 59 || text->size > 0)
        return false;
    *seconds = (int64_t)hours * 3600 + minutes * 60;
    if (west)
        *seconds = -*seconds;
    return true;
}

static uint32_t month_days(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap ? 1u : 0u);
}

static bool take_day(Str *text, int64_t *days)
{
    uint32_t year, month, day;

    if (!take_digits(text, 4, &year) || !take(text, "-") || !take_digits(text, 2, &month) ||
        !take(text, "-") || !take_digits(text, 2, &day))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > month_days(year, month))
        return false;
    *days = cel_days(year, month, day);
    return true;
}

bool cel_timestamp_parse(Str text, CelTime *time)
{
    uint32_t hour, minute, second;
    int64_t days, offset;

    if (!take_day(&text, &days) || !take(&text, "Tt") || !take_digits(&text, 2, &hour) ||
        !take(&text, ":") || !take_digits(&text, 2, &minute) || !take(&text, ":") ||
        !take_digits(&text, 2, &second) || !take_fraction(&text, &time->nanos) ||
        !take_offset(&text, &offset))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    time->seconds = days * DAY + (int64_t)hour * 3600 + minute * 60 + second - offset;
    return cel_timestamp_in_range(*time);
}

/* Nanoseconds of the unit at the front of the text, or 0. */
static int64_t take_unit(Str *text)
{
    static const struct {
        Str name;
        int64_t nanos;
    } units[] = {
        {STR_INIT("ns"), 1},
        {STR_INIT("us"), 1000},
        {STR_INIT("\xc2\xb5s"), 1000}, /* micro sign */
        {STR_INIT("\xce\xbcs"), 1000}, /* Greek mu */
        {STR_INIT("ms"), 1000000},
        {STR_INIT("s"), BILLION},
        {STR_INIT("m"), 60 * (int64_t)BILLION},
        {STR_INIT("h"), 3600 * (int64_t)BILLION},
    };

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_starts(*text, units[i].name)) {
            *text = str_from(*text, units[i].name.size);
            return units[i].nanos;
        }
    return 0;
}

/* One part such as "1.5h", added to `*total`. */
static bool take_part(Str *text, __int128 *total)
{
    __int128 whole = 0, fraction = 0, scale = 1;
    uint32_t digits = 0, digit;
    int64_t unit;

    for (; take_digits(text, 1, &digit); digits++)
        if ((whole = whole * 10 + digit) > INT64_MAX)
            return false;
    if (take(text, "."))
        for (; take_digits(text, 1, &digit); digits++)
            if (scale < (__int128)BILLION * BILLION) {
                fraction = fraction * 10 + digit;
                scale *= 10;
            }
    unit = take_unit(text);
    if (digits == 0 || unit == 0)
        return false;
    *total += whole * unit + fraction * unit / scale;
    return *total <= (__int128)INT64_MAX * BILLION;
}

bool cel_duration_parse(Str text, CelTime *time)
{
    bool negative = text.size > 0 && text.data[0] == '-';
    __int128 total = 0;

    take(&text, "+-");
    *time = (CelTime){0, 0};
    if (str_eq(text, STR("0")))
        return true;
    if (text.size == 0)
        return false;
    while (text.size > 0)
        if (!take_part(&text, &total))
            return false;
    if (negative)
        total = -total;
    *time = (CelTime){(int64_t)(total / BILLION), (int32_t)(total % BILLION)};
    return cel_duration_in_range(*time);
}

/* Writing */

/* ".5" without trailing zeros, nothing for 0. */
static void print_fraction(int32_t nanos, char text[16])
{
    size_t size;

    text[0] = '\0';
    if (nanos == 0)
        return;
    size = (size_t)snprintf(text, 16, ".%09u", (unsigned)nanos % BILLION);
    while (text[size - 1] == '0')
        text[--size] = '\0';
}

void cel_timestamp_print(CelTime time, char text[CEL_TIME_TEXT_SIZE])
{
    CelDate date = cel_date(time.seconds);
    char fraction[16];

    print_fraction(time.nanos, fraction);
    snprintf(text, CEL_TIME_TEXT_SIZE, "%04lld-%02u-%02uT%02u:%02u:%02u%sZ", (long long)date.year,
             date.month, date.day, date.hour, date.minute, date.second, fraction);
}

void cel_duration_print(CelTime time, char text[CEL_TIME_TEXT_SIZE])
{
    bool negative = time.seconds < 0 || time.nanos < 0;
    char fraction[16];

    print_fraction(time.nanos < 0 ? -time.nanos : time.nanos, fraction);
    snprintf(text, CEL_TIME_TEXT_SIZE, "%s%lld%ss", negative ? "-" : "",
             (long long)(time.seconds < 0 ? -time.seconds : time.seconds), fraction);
}
