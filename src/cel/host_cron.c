/*
 * cron(): schedules as Kubernetes reads them, five fields or a word such as @daily
 * (https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax).
 */
#include "cel/host.h"

typedef struct Schedule {
    uint64_t minutes, hours, days, months, weekdays; /* a bit for each value */
    bool any_day, any_weekday;                       /* `*`: the other one alone decides */
    int64_t every;                                   /* @every: seconds; else 0 */
} Schedule;

typedef struct Field {
    uint32_t low, high;
    const char *names; /* three letters each, from `low` on; or NULL */
} Field;

static const Field minute_field = {0, 59, NULL};
static const Field hour_field = {0, 23, NULL};
static const Field day_field = {1, 31, NULL};
static const Field month_field = {1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"};
static const Field weekday_field = {0, 6, "sunmontuewedthufrisat"};

/* fields */

static bool read_value(Str text, const Field *field, uint32_t *value)
{
    if (field->names && text.size == 3)
        for (uint32_t i = 0; field->low + i <= field->high; i++)
            if (str_eq_nocase(text, (Str){field->names + (size_t)3 * i, 3})) {
                *value = field->low + i;
                return true;
            }
    return str_to_number(text, value);
}

/* `*`, `5`, `1-5`, each with `/2` or without. */
static bool read_range(Str text, const Field *field, uint64_t *bits, bool *any)
{
    int64_t slash = str_find_char(text, '/');
    Str range = slash < 0 ? text : str_sub(text, 0, (uint32_t)slash);
    int64_t dash = str_find_char(range, '-');
    uint32_t low = field->low, high = field->high, step = 1;

    if (slash >= 0 &&
        (!read_value(str_from(text, (uint32_t)slash + 1), &minute_field, &step) || step == 0))
        return false;
    if (str_eq(range, STR("*")) || str_eq(range, STR("?"))) {
        *any |= slash < 0;
    } else if (dash >= 0) {
        if (!read_value(str_sub(range, 0, (uint32_t)dash), field, &low) ||
            !read_value(str_from(range, (uint32_t)dash + 1), field, &high))
            return false;
    } else {
        if (!read_value(range, field, &low))
            return false;
        high = slash < 0 ? low : field->high;
    }
    if (low < field->low || high > field->high || low > high)
        return false;
    for (uint32_t i = low; i <= high; i += step)
        *bits |= (uint64_t)1 << i;
    return true;
}

static bool read_field(Str text, const Field *field, uint64_t *bits, bool *any)
{
    Str part;

    if (text.size == 0 || text.data[text.size - 1] == ',')
        return false;
    while (str_split(&text, ',', &part))
        if (!read_range(part, field, bits, any))
            return false;
    return true;
}

static Str next_word(Str *rest)
{
    uint32_t n = 0;
    Str word;

    *rest = str_trim(*rest);
    while (n < rest->size && rest->data[n] != ' ' && rest->data[n] != '\t')
        n++;
    word = str_sub(*rest, 0, n);
    *rest = str_from(*rest, n);
    return word;
}

static bool read_fields(Str text, Schedule *s)
{
    bool any = false;

    return read_field(next_word(&text), &minute_field, &s->minutes, &any) &&
           read_field(next_word(&text), &hour_field, &s->hours, &any) &&
           read_field(next_word(&text), &day_field, &s->days, &s->any_day) &&
           read_field(next_word(&text), &month_field, &s->months, &any) &&
           read_field(next_word(&text), &weekday_field, &s->weekdays, &s->any_weekday) &&
           next_word(&text).size == 0;
}

/* words */

/* "1h30m": whole numbers with h, m, s; what robfig/cron's @every takes, less its fractions. */
static bool read_every(Str text, int64_t *seconds)
{
    *seconds = 0;
    while (text.size > 0) {
        uint32_t n = 0;
        int64_t value = 0, unit;

        for (; n < text.size && text.data[n] >= '0' && text.data[n] <= '9' && n < 9; n++)
            value = value * 10 + (text.data[n] - '0');
        if (n == 0 || n == text.size)
            return false;
        unit = text.data[n] == 'h' ? 3600 : text.data[n] == 'm' ? 60 : text.data[n] == 's';
        if (unit == 0 || *seconds > INT64_MAX / 2)
            return false;
        *seconds += value * unit;
        text = str_from(text, n + 1);
    }
    return *seconds > 0;
}

static bool read_word(Str text, Schedule *s)
{
    static const struct {
        Str word;
        Str fields;
    } words[] = {
        {STR_INIT("@yearly"), STR_INIT("0 0 1 1 *")},
        {STR_INIT("@annually"), STR_INIT("0 0 1 1 *")},
        {STR_INIT("@monthly"), STR_INIT("0 0 1 * *")},
        {STR_INIT("@weekly"), STR_INIT("0 0 * * 0")},
        {STR_INIT("@daily"), STR_INIT("0 0 * * *")},
        {STR_INIT("@midnight"), STR_INIT("0 0 * * *")},
        {STR_INIT("@hourly"), STR_INIT("0 * * * *")},
    };

    if (str_starts(text, STR("@every ")))
        return read_every(str_trim(str_from(text, 7)), &s->every);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(text, words[i].word))
            return read_fields(words[i].fields, s);
    return false;
}

static bool read_schedule(Str text, Schedule *s)
{
    *s = (Schedule){0};
    text = str_trim(text);
    if (str_starts(text, STR("TZ=")) || str_starts(text, STR("CRON_TZ="))) {
        next_word(&text);
        text = str_trim(text);
    }
    if (text.size > 0 && text.data[0] == '@')
        return read_word(text, s);
    return read_fields(text, s);
}

/* intervals */

/* A day matches by both fields where one is `*`, else by either. */
static bool day_matches(const Schedule *s, uint32_t month, uint32_t day, uint32_t weekday)
{
    bool in_day = s->days >> day & 1, in_weekday = s->weekdays >> weekday & 1;

    if (!(s->months >> month & 1))
        return false;
    return s->any_day || s->any_weekday ? in_day && in_weekday : in_day || in_weekday;
}

static uint32_t days_in(uint32_t year, uint32_t month)
{
    static const uint8_t days[] = {0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month] + (uint32_t)(month == 2 && year % 4 == 0);
}

/* The least number of days between two that match, from 2000-01-01, a Saturday, on for 28 years,
 * after which weekdays repeat. 0 when none ever matches. */
static int64_t day_gap(const Schedule *s)
{
    int64_t number = 0, last = -1, gap = INT64_MAX;

    for (uint32_t year = 2000; year < 2028; year++)
        for (uint32_t month = 1; month <= 12; month++)
            for (uint32_t day = 1; day <= days_in(year, month); day++, number++) {
                if (!day_matches(s, month, day, (uint32_t)((number + 6) % 7)))
                    continue;
                if (last >= 0 && number - last < gap)
                    gap = number - last;
                last = number;
            }
    return last < 0 ? 0 : gap;
}

/* The shortest time between two runs in seconds; 0 when it never runs. */
static int64_t interval(const Schedule *s)
{
    int64_t first = -1, last = -1, least, days;

    if (s->every)
        return s->every;
    days = day_gap(s);
    if (days == 0)
        return 0;
    least = INT64_MAX;
    for (int64_t minute = 0; minute < 24 * 60; minute++) {
        if (!(s->hours >> (minute / 60) & 1) || !(s->minutes >> (minute % 60) & 1))
            continue;
        if (first < 0)
            first = minute;
        else if (minute - last < least)
            least = minute - last;
        last = minute;
    }
    if (days * 24 * 60 + first - last < least)
        least = days * 24 * 60 + first - last;
    return least * 60;
}

CelValue cel_host_cron(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue result, *entries, time = cel_null();
    int64_t seconds = 0;
    uint32_t used = 0;
    Schedule schedule;
    bool valid;
    Str text;

    (void)count;
    if (host_settled(machine, args, &text, &result))
        return result;
    valid = read_schedule(text, &schedule);
    if (valid)
        seconds = interval(&schedule);
    if (seconds > 0)
        time = cel_new_time(machine, CEL_DURATION, (CelTime){.seconds = seconds});
    result = cel_new_map(machine, 2, &entries);
    if (result.kind != CEL_MAP)
        return result;
    host_put(entries, &used, "valid", cel_bool(valid));
    host_put(entries, &used, "interval", time);
    return result;
}
