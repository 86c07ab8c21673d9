#include "report/clock.h"

#include <time.h>

void clock_format(int64_t seconds, const char *format, char text[CLOCK_BYTES])
{
    time_t time = (time_t)seconds;
    struct tm parts;

    if (!gmtime_r(&time, &parts) || !strftime(text, CLOCK_BYTES, format, &parts))
        text[0] = '\0';
}
