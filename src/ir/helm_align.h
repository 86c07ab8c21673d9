/*
 * ir/helm_align.h - lines of a render beside the lines that printed them
 *
 * Of all ways to read a text as the lines of a template, in their order but for loops, with some
 * left out and some going on over several lines, the one that explains most.
 */
#ifndef PLUMB_IR_HELM_ALIGN_H
#define PLUMB_IR_HELM_ALIGN_H

#include "ir/helm_lines.h"

/* A line of the render that is not blank. */
typedef struct HelmPrinted {
    uint32_t start; /* in the render, without blanks at both ends */
    uint32_t end;
    uint32_t indent;
} HelmPrinted;

/* Where a line of the render comes from. */
typedef struct HelmPlaced {
    const HelmPart *part;
    uint32_t line;
    uint32_t shift; /* blanks that actions around have put before it */
    bool goes_on;   /* printed by the same action as the line before */
} HelmPlaced;

/* A render, line by line. */
typedef struct HelmRender {
    Arena *arena;
    Str text;
    HelmPrinted *lines;
    HelmPlaced *placed; /* of each */
    uint32_t count;
    uint64_t *work; /* pairs of lines that may still be looked at */
} HelmRender;

/* Some lines. */
typedef struct HelmRange {
    uint32_t low;
    uint32_t high; /* the first one behind them */
} HelmRange;

/* Places the lines `printed` of a render in the lines `lines` of a part, to which `shift` blanks
 * were added. False, and nothing is placed, where that is too much work, or memory is short. */
bool helm_align(HelmRender *render, HelmRange printed, const HelmPart *part, HelmRange lines,
                uint32_t shift);

Str helm_piece_text(const HelmPart *part, const HelmPiece *piece);
Str helm_printed_text(const HelmRender *render, const HelmPrinted *line);

/* Whether `text` reads as the line, all of it; `*starts`, if wanted, are where its pieces begin. */
bool helm_reads_as(const HelmPart *part, const HelmLine *line, Str text, uint32_t *starts);

/* How much of `text` is the beginning of a line whose actions may print nothing more on it, or go
 * on below; 0 if it is not. */
uint32_t helm_begins_as(const HelmPart *part, const HelmLine *line, Str text);

/* Whether something at a place of the render may be what the line goes on with. */
bool helm_may_go_on(const HelmLine *line, const HelmPrinted *printed, uint32_t shift);

#endif
