#include "syntax/mapped.h"

static uint32_t lead_back(const MappedText *text, uint32_t offset)
{
    uint32_t low = 0, high = text->step_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (text->steps[middle].here <= offset)
            low = middle;
        else
            high = middle;
    }
    return text->steps[low].there + (offset - text->steps[low].here);
}

Span mapped_span(const MappedText *text, uint32_t start, uint32_t end)
{
    Span span = text->whole;

    if (text->step_count == 0)
        return span;
    if (end > text->text.size)
        end = text->text.size;
    /* By the last byte, not the one after it, which may stand some lines further down. */
    if (end > start) {
        span.start = lead_back(text, text->at + start);
        span.end = lead_back(text, text->at + end - 1) + 1;
    } else {
        span.start = start ? lead_back(text, text->at + start - 1) + 1 : lead_back(text, text->at);
        span.end = span.start;
    }
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
