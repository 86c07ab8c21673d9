#include "base/diag.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"

/* A text that was cut, without the character at its end, of which only a part may be left. */
static Str without_last(Str text)
{
    while (text.size && ((uint8_t)text.data[text.size - 1] & 0xc0) == 0x80)
        text.size--;
    text.size -= text.size > 0;
    return text;
}

static Str format_text(Arena *arena, const char *format, va_list args)
{
    char text[LIMIT_DIAG_TEXT];
    int size = vsnprintf(text, sizeof text, format, args);
    Str copy = size < 0 ? STR("") : str_of(text);

    if (size >= (int)sizeof text)
        copy = without_last(copy);
    copy = str_copy(arena, copy);
    return copy.data ? copy : STR("");
}

static Diag *add(DiagSink *diags, Diag what, const char *format, va_list args)
{
    Diag *diag;

    diags->errors += what.level == DIAG_ERROR;
    if (diags->count >= LIMIT_UNIT_DIAGS) {
        diags->dropped++;
        return NULL;
    }
    diag = ARENA_NEW(diags->arena, Diag);
    if (!diag) {
        diags->dropped++;
        return NULL;
    }
    *diag = what;
    diag->message = format_text(diags->arena, format, args);
    if (diags->last)
        diags->last->next = diag;
    else
        diags->first = diag;
    diags->last = diag;
    diags->count++;
    return diag;
}

Diag *diag_add(DiagSink *diags, DiagLevel level, DiagCode code, Span span, const char *format,
               va_list args)
{
    return add(diags, (Diag){.level = level, .code = code, .span = span}, format, args);
}

Diag *diag_error(DiagSink *diags, DiagCode code, Span span, const char *format, ...)
{
    va_list args;
    Diag *diag;

    va_start(args, format);
    diag = diag_add(diags, DIAG_ERROR, code, span, format, args);
    va_end(args);
    return diag;
}

Diag *diag_warning(DiagSink *diags, DiagCode code, Span span, const char *format, ...)
{
    va_list args;
    Diag *diag;

    va_start(args, format);
    diag = diag_add(diags, DIAG_WARNING, code, span, format, args);
    va_end(args);
    return diag;
}

Diag *diag_note(DiagSink *diags, DiagCode code, Span span, const char *format, ...)
{
    va_list args;
    Diag *diag;

    va_start(args, format);
    diag = diag_add(diags, DIAG_NOTE, code, span, format, args);
    va_end(args);
    return diag;
}

Diag *diag_path_error(DiagSink *diags, DiagCode code, Str path, const char *format, ...)
{
    Diag what = {.level = DIAG_ERROR, .code = code, .span = SPAN_NONE};
    va_list args;
    Diag *diag;

    va_start(args, format);
    diag = add(diags, what, format, args);
    va_end(args);
    if (diag)
        diag->path = str_copy(diags->arena, path);
    return diag;
}

void diag_help(DiagSink *diags, Diag *diag, const char *format, ...)
{
    va_list args;

    if (!diag)
        return;
    va_start(args, format);
    diag->help = format_text(diags->arena, format, args);
    va_end(args);
}

const char *diag_code_id(DiagCode code)
{
    static const char *const ids[] = {
#define DIAG(name, id) id,
#include "base/diag_codes.def"
#undef DIAG
    };

    return ids[code];
}

Str diags_dump(const DiagSink *diags, const Sources *sources, Arena *arena)
{
    static const char *const levels[] = {"note", "warning", "error"};
    Buf buf = buf_new(arena);

    for (const Diag *diag = diags->first; diag; diag = diag->next) {
        Span span = sources_origin(sources, diag->span);
        Source *source = sources_get(sources, span.source);
        buf_add(&buf, source ? source->path : diag->path);
        if (source) {
            Position at = source_position(sources, source, span.start);
            buf_printf(&buf, ":%u:%u", at.line, at.column);
        }
        buf_printf(&buf, ": %s[%s]: %.*s", levels[diag->level], diag_code_id(diag->code),
                   STR_ARG(diag->message));
        if (diag->help.size)
            buf_printf(&buf, " (%.*s)", STR_ARG(diag->help));
        buf_add_char(&buf, '\n');
    }
    return buf_str(&buf);
}
