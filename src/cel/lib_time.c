/* The parts of timestamps and durations. */
#include "cel/library.h"
#include "cel/time.h"
#include "cel/timezone.h"

/* Takes the first argument apart, in the time zone that the second names. False with the error in
 * `*failure`. */
static bool take_apart(CelMachine *machine, const CelValue *args, uint32_t count, CelDate *date,
                       CelValue *failure)
{
    int64_t moment, offset = 0;

    if (!cel_args_are(args, count, "t") && !cel_args_are(args, count, "ts")) {
        *failure = cel_no_overload(machine);
        return false;
    }
    moment = args[0].as.time->seconds;
    if (count == 2 && !cel_charge(machine, 500)) {
        *failure = cel_exhausted(machine);
        return false;
    }
    if (count == 2 && !timezone_offset(cel_text(args[1]), moment, machine->arena, &offset)) {
        *failure = cel_error(machine, "unknown time zone '%.*s'", (int)(args[1].size & 0x7f),
                             args[1].as.text);
        return false;
    }
    *date = cel_date(moment + offset);
    return true;
}

typedef int64_t Part(const CelDate *date);

static CelValue part(CelMachine *machine, const CelValue *args, uint32_t count, Part *of)
{
    CelValue failure;
    CelDate date;

    if (!take_apart(machine, args, count, &date, &failure))
        return failure;
    return cel_int(of(&date));
}

/* Of a duration, all of it in that unit. */
static CelValue part_or_whole(CelMachine *machine, const CelValue *args, uint32_t count, Part *of,
                              int64_t unit)
{
    if (cel_args_are(args, count, "D"))
        return cel_int(args[0].as.time->seconds / unit);
    return part(machine, args, count, of);
}

static int64_t day_of_month(const CelDate *date)
{
    return date->day;
}

static int64_t day_of_month_from_0(const CelDate *date)
{
    return (int64_t)date->day - 1;
}

static int64_t weekday(const CelDate *date)
{
    return date->weekday;
}

static int64_t day_of_year(const CelDate *date)
{
    return date->day_of_year;
}

static int64_t year(const CelDate *date)
{
    return date->year;
}

static int64_t month_from_0(const CelDate *date)
{
    return (int64_t)date->month - 1;
}

static int64_t hour(const CelDate *date)
{
    return date->hour;
}

static int64_t minute(const CelDate *date)
{
    return date->minute;
}

static int64_t second(const CelDate *date)
{
    return date->second;
}

CelValue cel_fn_get_date(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part(machine, args, count, day_of_month);
}

CelValue cel_fn_get_day_of_month(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part(machine, args, count, day_of_month_from_0);
}

CelValue cel_fn_get_day_of_week(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part(machine, args, count, weekday);
}

CelValue cel_fn_get_day_of_year(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part(machine, args, count, day_of_year);
}

CelValue cel_fn_get_full_year(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part(machine, args, count, year);
}

CelValue cel_fn_get_month(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part(machine, args, count, month_from_0);
}

CelValue cel_fn_get_hours(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part_or_whole(machine, args, count, hour, 3600);
}

CelValue cel_fn_get_minutes(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part_or_whole(machine, args, count, minute, 60);
}

CelValue cel_fn_get_seconds(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return part_or_whole(machine, args, count, second, 1);
}

/* Of both the part below a second, as the reference has it. */
CelValue cel_fn_get_milliseconds(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue failure;
    CelDate date;

    if (cel_args_are(args, count, "D") || take_apart(machine, args, count, &date, &failure))
        return cel_int(args[0].as.time->nanos / 1000000);
    return failure;
}
