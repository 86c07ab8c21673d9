#include "scan/suppress_lines.h"

uint32_t line_start(Str text, uint32_t at)
{
    const char *end = at && at <= text.size ? memrchr(text.data, '\n', at) : NULL;

    return end ? (uint32_t)(end - text.data) + 1 : 0;
}

/* The line end after `at`, or the end of the text. */
static uint32_t find_end(Str text, uint32_t at)
{
    const char *end = at < text.size ? memchr(text.data + at, '\n', text.size - at) : NULL;

    return end ? (uint32_t)(end - text.data) : text.size;
}

uint32_t line_end(Str text, uint32_t at)
{
    uint32_t end = find_end(text, at);

    return end > at && text.data[end - 1] == '\r' ? end - 1 : end;
}

uint32_t line_next(Str text, uint32_t at)
{
    uint32_t end = find_end(text, at);

    return end < text.size ? end + 1 : text.size;
}

uint32_t line_content(Str text, uint32_t at)
{
    at = line_start(text, at);
    while (at < text.size && (text.data[at] == ' ' || text.data[at] == '\t'))
        at++;
    return at;
}
