/*
 * base/diag.h - what is wrong with an input, as data
 *
 * A mistake in an input is a diagnostic with a span, and work goes on. Only report/ makes text of
 * it. Whoever knows the span reports, once; callers see false or NULL and stay silent.
 */
#ifndef PLUMB_BASE_DIAG_H
#define PLUMB_BASE_DIAG_H

#include <stdarg.h>

#include "base/source.h"

typedef enum DiagLevel {
    DIAG_NOTE,    /* worth knowing; changes nothing */
    DIAG_WARNING, /* odd, but read as its format says */
    DIAG_ERROR,   /* part of the input was not read: the scan is incomplete, exit status 2 */
} DiagLevel;

typedef enum DiagCode {
#define DIAG(name, id) DIAG_##name,
#include "base/diag_codes.def"
#undef DIAG
} DiagCode;

typedef struct Diag {
    DiagLevel level;
    DiagCode code;
    Span span;   /* SPAN_NONE where only the file is known; then `path` names it */
    Str path;    /* empty where the span says it */
    Str message; /* a sentence without its full stop */
    Str help;    /* what to do about it, or empty */
    struct Diag *next;
} Diag;

/* The diagnostics of one unit, in the order in which they were found. */
typedef struct DiagSink {
    Arena *arena;
    Diag *first;
    Diag *last;
    uint32_t count; /* of those kept */
    uint32_t errors;
    uint32_t dropped; /* beyond LIMIT_UNIT_DIAGS */
} DiagSink;

static inline DiagSink diags_new(Arena *arena)
{
    return (DiagSink){.arena = arena};
}

/* Adds a diagnostic; the text is formatted into the sink's arena. They return the diagnostic, so
 * that a caller can add help, or NULL when it could not be kept; the count is right all the same.
 */
Diag *diag_error(DiagSink *diags, DiagCode code, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
Diag *diag_warning(DiagSink *diags, DiagCode code, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
Diag *diag_note(DiagSink *diags, DiagCode code, Span span, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* The same for a module that says more than its place in a way of its own. */
Diag *diag_add(DiagSink *diags, DiagLevel level, DiagCode code, Span span, const char *format,
               va_list args) __attribute__((format(printf, 5, 0)));

/* About a file of which there is no text, such as one that cannot be opened. */
Diag *diag_path_error(DiagSink *diags, DiagCode code, Str path, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Adds `help`, a sentence, to what one of the above returned; takes NULL. */
void diag_help(DiagSink *diags, Diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The stable id of a code, such as "yaml-syntax". */
const char *diag_code_id(DiagCode code);

/* One line for each, "path:line:column: error[code]: message", for tests and tools. */
Str diags_dump(const DiagSink *diags, const Sources *sources, Arena *arena);

#endif
