/*
 * ir/helm_lines.h - the lines that a Helm template can print
 *
 * A template is taken apart into lines as they come out: of texts, which are printed as they stand,
 * and of actions, which print what nobody knows before the run. Conditions and loops print nothing
 * of their own; what they hold may be printed not at all, or again and again. Each definition
 * (`define`) has lines of its own.
 */
#ifndef PLUMB_IR_HELM_LINES_H
#define PLUMB_IR_HELM_LINES_H

#include "syntax/go_template.h"

/* A part of a line: a text, or what an action prints. */
typedef struct HelmPiece {
    uint32_t start; /* in the template; an action with its braces */
    uint32_t end;
    bool printed; /* by an action */
    Str inner;    /* of an action (GoToken); empty for several in one */
} HelmPiece;

typedef enum HelmTruth {
    HELM_UNKNOWN,
    HELM_TRUE,
    HELM_FALSE,
} HelmTruth;

/* What a line is printed on: `if`, `with` and `range`. */
typedef struct HelmCondition {
    struct HelmCondition *above; /* that has to hold too, or NULL */
    Str inner;                   /* what is asked, without its keyword */
    bool negated;                /* it is on the branch of `else` */
    bool asked;
    HelmTruth truth; /* of `inner`, once it was asked for */
} HelmCondition;

typedef struct HelmLine {
    const HelmPiece *pieces; /* without blanks at both ends; at least one */
    uint32_t count;
    uint32_t indent;           /* blanks before the first piece */
    bool optional;             /* below a condition */
    bool unprinted;            /* which does not hold, as far as helm_lines_decide() was told */
    HelmCondition *conditions; /* the innermost one, or NULL */
    bool looped;               /* in a loop */
    bool spreads;              /* what an action of it prints may go over several lines */
    uint32_t nested; /* blanks that `nindent` and `indent` put before each of them; else 0 */
    Str included;    /* the definition that they come from, or empty */
    uint32_t text;   /* bytes of its texts, blanks at both ends left out */
} HelmLine;

/* Lines [first, last] that a loop may print again. */
typedef struct HelmLoop {
    uint32_t first;
    uint32_t last;
} HelmLoop;

/* A template without its definitions, or one of those. */
typedef struct HelmPart {
    Str name;        /* of a definition; empty for the template itself */
    uint32_t source; /* number of its template, for whoever reads several */
    Str text;        /* the template */
    HelmLine *lines;
    uint32_t count;
    uint32_t capacity;
    HelmLoop *loops; /* inner ones first */
    uint32_t loop_count;
    uint32_t loop_capacity;
} HelmPart;

typedef struct HelmParts {
    HelmPart *items;
    uint32_t count;
    uint32_t capacity;
} HelmParts;

/* Adds the parts of a template, itself first, to `parts`, in `arena`. Texts are views of `text`.
 * False if the arena is spent. */
bool helm_lines_read(Str text, uint32_t source, Arena *arena, HelmParts *parts);

/* Finds out which lines of a part are not printed, by what `ask` says of conditions. */
typedef HelmTruth HelmAsk(void *context, Str inner);
void helm_lines_decide(HelmPart *part, HelmAsk *ask, void *context);
#endif
