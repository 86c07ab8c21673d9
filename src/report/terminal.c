#include "report/terminal.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/utf8.h"

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value && *value;
}

static bool is_forced(const char *name)
{
    const char *value = getenv(name);

    return value && *value && strcmp(value, "0") != 0;
}

bool terminal_color(ColorChoice choice, int fd)
{
    const char *kind = getenv("TERM");

    if (choice != COLOR_AUTO)
        return choice == COLOR_ALWAYS;
    if (is_set("NO_COLOR") || (kind && strcmp(kind, "dumb") == 0))
        return false;
    return is_forced("CLICOLOR_FORCE") || is_forced("FORCE_COLOR") || isatty(fd);
}

/* Control characters of both sets, line and paragraph separators, marks of writing direction, and
 * the byte order mark. */
static bool is_obeyed(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x61c ||
           (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

Str terminal_visible(Str text, char number[16], uint32_t *size)
{
    static const char digits[] = "0123456789abcdef";
    uint32_t code = utf8_first(text, size);
    uint32_t at = 15;

    if (code == '\t')
        return STR(" ");
    if (code == 0xfffd)
        return STR("\xef\xbf\xbd");
    if (!is_obeyed(code))
        return str_sub(text, 0, *size);
    number[at] = '>';
    do {
        number[--at] = digits[code & 15];
        code >>= 4;
    } while (code || at > 11);
    number[--at] = '+';
    number[--at] = 'U';
    number[--at] = '<';
    return (Str){number + at, 16 - at};
}

/* How many bytes at the start are shown as they are, a column each. */
static uint32_t plain_size(Str text)
{
    uint32_t size = 0;

    while (size < text.size && text.data[size] >= ' ' && text.data[size] < 0x7f)
        size++;
    return size;
}

void terminal_text(const Terminal *terminal, Str text)
{
    while (text.size) {
        char number[16];
        uint32_t size = plain_size(text);
        out_add(terminal->out,
                size ? str_sub(text, 0, size) : terminal_visible(text, number, &size));
        text = str_from(text, size);
    }
}

uint32_t terminal_width(Str text)
{
    uint32_t width = 0;

    while (text.size) {
        char number[16];
        uint32_t size = plain_size(text);
        Str shown = size ? str_sub(text, 0, size) : terminal_visible(text, number, &size);
        width += shown.size && (unsigned char)shown.data[0] < 128 ? shown.size : 1;
        text = str_from(text, size);
    }
    return width;
}

void terminal_styled(const Terminal *terminal, Style style, Str text)
{
    static const char *const codes[] = {
        [STYLE_PLAIN] = "",        [STYLE_BOLD] = "\x1b[1m",        [STYLE_FAINT] = "\x1b[2m",
        [STYLE_RED] = "\x1b[31m",  [STYLE_RED_BOLD] = "\x1b[1;31m", [STYLE_YELLOW] = "\x1b[33m",
        [STYLE_BLUE] = "\x1b[34m", [STYLE_GREEN] = "\x1b[32m",
    };
    bool styled = terminal->color && style != STYLE_PLAIN;

    if (styled)
        out_z(terminal->out, codes[style]);
    terminal_text(terminal, text);
    if (styled)
        out_add(terminal->out, STR("\x1b[0m"));
}

void terminal_file(const Terminal *terminal, Style style, Str file)
{
    if (terminal->prefix.size && !str_starts(file, STR("/")))
        terminal_styled(terminal, style, terminal->prefix);
    terminal_styled(terminal, style, file);
}

Style terminal_severity(Severity severity)
{
    switch (severity) {
    case SEVERITY_CRITICAL:
        return STYLE_RED_BOLD;
    case SEVERITY_HIGH:
        return STYLE_RED;
    case SEVERITY_MEDIUM:
        return STYLE_YELLOW;
    case SEVERITY_LOW:
        return STYLE_BLUE;
    case SEVERITY_INFO:
        break;
    }
    return STYLE_FAINT;
}

void terminal_lines(const Terminal *terminal, Str text, uint32_t indent)
{
    Str line;
    bool first = true;

    text = str_trim(text);
    while (str_split(&text, '\n', &line)) {
        if (!first)
            out_char(terminal->out, '\n');
        for (uint32_t i = 0; !first && line.size && i < indent; i++)
            out_char(terminal->out, ' ');
        terminal_text(terminal, line);
        first = false;
    }
}

uint32_t terminal_offset(Str line, uint32_t column)
{
    uint32_t at = 0;

    while (at < line.size && column > 1) {
        at++;
        while (at < line.size && ((unsigned char)line.data[at] & 0xc0) == 0x80)
            at++;
        column--;
    }
    return at;
}
