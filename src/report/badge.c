#include "report/badge.h"

#include <stdio.h>

#include "base/json_doc.h"

#define LABEL "plumb"
/* Of a letter in the badge's type, on average, and of the margins. */
#define LETTER_WIDTH 7u
#define MARGIN 10u

typedef struct Badge {
    char message[32];
    const char *color;
} Badge;

static const char *color_of(const ScoreValue *value)
{
    if (!value->applicable)
        return "#777777";
    if (value->value >= 90)
        return "#2e7d32";
    if (value->value >= 80)
        return "#55802a";
    if (value->value >= 70)
        return "#8a6d00";
    return value->value >= 60 ? "#b35900" : "#c62828";
}

static Badge badge_of(const Score *score)
{
    static const ScoreValue nothing = {0};
    const ScoreValue *value = score ? &score->overall : &nothing;
    const char *mark = score && score->incomplete ? " incomplete" : "";
    Badge badge = {.color = color_of(value)};

    if (value->applicable)
        snprintf(badge.message, sizeof badge.message, "%u %s%s", value->value,
                 score_grade(value->value), mark);
    else
        snprintf(badge.message, sizeof badge.message, "n/a%s", mark);
    return badge;
}

static uint32_t width_of(const char *text)
{
    return (uint32_t)strlen(text) * LETTER_WIDTH;
}

static void add_text(Out *out, const char *text, uint32_t x)
{
    out_printf(out, "<text x=\"%u\" y=\"14\" textLength=\"%u\">%s</text>\n", x, width_of(text),
               text);
}

void badge_svg(Out *out, const Score *score)
{
    Badge badge = badge_of(score);
    uint32_t left = width_of(LABEL) + MARGIN, right = width_of(badge.message) + MARGIN;

    out_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%u\" height=\"20\" role=\"img\" "
               "aria-label=\"%s: %s\">\n<title>%s: %s</title>\n",
               left + right, LABEL, badge.message, LABEL, badge.message);
    out_printf(out, "<clipPath id=\"r\"><rect width=\"%u\" height=\"20\" rx=\"3\"/></clipPath>\n",
               left + right);
    out_printf(out,
               "<g clip-path=\"url(#r)\"><rect width=\"%u\" height=\"20\" fill=\"#444444\"/>"
               "<rect x=\"%u\" width=\"%u\" height=\"20\" fill=\"%s\"/></g>\n",
               left, left, right, badge.color);
    out_z(out, "<g fill=\"#ffffff\" font-family=\"Verdana,DejaVu Sans,sans-serif\" "
               "font-size=\"11\">\n");
    add_text(out, LABEL, MARGIN / 2);
    add_text(out, badge.message, left + MARGIN / 2);
    out_z(out, "</g>\n</svg>\n");
}

void badge_json(Out *out, const Score *score)
{
    Badge badge = badge_of(score);
    JsonDoc doc = json_doc(out);

    json_begin(&doc, '{');
    json_put_number(&doc, "schemaVersion", 1);
    json_put_string(&doc, "label", STR(LABEL));
    json_put_string(&doc, "message", str_of(badge.message));
    json_put_string(&doc, "color", str_of(badge.color));
    json_end(&doc, '}');
}
