#include "report/html_text.h"

#include "report/report.h"
#include "report/terminal.h"
#include "report/xml.h"

/* Bytes at the start that stand for themselves wherever they are. */
static uint32_t plain_size(Str text)
{
    uint32_t size = 0;

    while (size < text.size && text.data[size] >= ' ' && text.data[size] < 0x7f &&
           !strchr("&<>\"'`", text.data[size]))
        size++;
    return size;
}

static void add_codepoint(Out *out, Str *text)
{
    char number[16];
    uint32_t size;
    Str shown = terminal_visible(*text, number, &size);

    if (shown.size == 1 && shown.data[0] == '\'')
        out_z(out, "&#39;");
    else
        xml_text(out, shown);
    *text = str_from(*text, size);
}

void html_text(Out *out, Str text)
{
    while (text.size) {
        uint32_t size = plain_size(text);
        out_add(out, str_sub(text, 0, size));
        text = str_from(text, size);
        if (text.size)
            add_codepoint(out, &text);
    }
}

/* A line of prose; `*code` is whether it begins, and ends, between backticks. */
static void add_prose_line(Out *out, Str line, bool *code)
{
    int64_t tick;

    while ((tick = str_find_char(line, '`')) >= 0) {
        html_text(out, str_sub(line, 0, (uint32_t)tick));
        out_z(out, *code ? "</code>" : "<code>");
        *code = !*code;
        line = str_from(line, (uint32_t)tick + 1);
    }
    html_text(out, line);
}

static void end_paragraph(Out *out, bool *open, bool *code)
{
    if (*open)
        out_z(out, *code ? "</code></p>" : "</p>");
    *open = *code = false;
}

void html_prose(Out *out, Str text)
{
    bool open = false, code = false;
    Str line;

    text = str_trim(text);
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (!line.size) {
            end_paragraph(out, &open, &code);
            continue;
        }
        out_z(out, open ? " " : "<p>");
        open = true;
        add_prose_line(out, line, &code);
    }
    end_paragraph(out, &open, &code);
}

void html_place(Out *out, const Place *place)
{
    out_z(out, "<span class=\"at\">");
    html_text(out, place_path(place));
    if (place->start.line)
        out_printf(out, ":%u:%u", place->start.line, place->start.column);
    out_z(out, "</span>");
}

bool html_is_link(Str address)
{
    return str_starts(address, STR("https://")) || str_starts(address, STR("http://"));
}

void html_number(Out *out, uint64_t number)
{
    uint64_t unit = 1;

    while (number / unit >= 1000)
        unit *= 1000;
    out_number(out, number / unit);
    for (unit /= 1000; unit; unit /= 1000)
        out_printf(out, ",%03u", (unsigned)(number / unit % 1000));
}

void html_count(Out *out, uint64_t number, const char *one, const char *many)
{
    html_number(out, number);
    out_char(out, ' ');
    out_z(out, number == 1 ? one : many);
}
