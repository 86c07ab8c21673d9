/*
 * syntax/mapped.h - text that was put together out of a source, with the way back
 *
 * A Dockerfile instruction may go over several lines; what is read is the text without the escapes
 * and line ends between them. Places in it are places of the file all the same.
 */
#ifndef PLUMB_SYNTAX_MAPPED_H
#define PLUMB_SYNTAX_MAPPED_H

#include "base/source.h"

typedef struct MappedText {
    Str text;
    uint32_t at;             /* where `text` begins, counted as in `steps` */
    Span whole;              /* in the source; every place in `text` where there are no steps */
    const OffsetStep *steps; /* ascending; offsets `there` are in the source of `whole` */
    uint32_t step_count;
} MappedText;

/* The bytes [start, end) of `text` as a place in its source. */
Span mapped_span(const MappedText *text, uint32_t start, uint32_t end);

/* The bytes [start, end) of `text` as a text of their own. */
MappedText mapped_sub(const MappedText *text, uint32_t start, uint32_t end);

#endif
