#include "syntax/mapped.h"

#include "base/sorted.h"

/* The step that an offset stands behind. */
static uint32_t step_of(const MappedText *text, uint32_t offset)
{
    return sorted_last_until(text->steps, text->step_count, sizeof *text->steps, offset);
}

static uint32_t lead_back(const MappedText *text, uint32_t offset)
{
    const OffsetStep *step = &text->steps[step_of(text, offset)];

    return step->there + (offset - step->here);
}

/* By the last byte, not the one after it, which may stand some lines further down. */
static Span span_of(const MappedText *text, uint32_t start, uint32_t last)
{
    uint32_t step = step_of(text, start);
    const OffsetStep *from = &text->steps[step];
    bool together = step + 1 == text->step_count || last < from[1].here;
    uint32_t there = from->there - from->here;

    return (Span){text->whole.source, there + start,
                  (together ? there + last : lead_back(text, last)) + 1};
}

Span mapped_span(const MappedText *text, uint32_t start, uint32_t end)
{
    Span span = text->whole;

    if (text->step_count == 0)
        return span;
    if (end > text->text.size)
        end = text->text.size;
    if (end > start)
        return span_of(text, text->at + start, text->at + end - 1);
    span.start = start ? lead_back(text, text->at + start - 1) + 1 : lead_back(text, text->at);
    span.end = span.start;
    return span;
}

MappedText mapped_sub(const MappedText *text, uint32_t start, uint32_t end)
{
    MappedText part = *text;

    part.text = str_sub(text->text, start, end - start);
    part.at += start;
    part.whole = mapped_span(text, start, end);
    return part;
}
