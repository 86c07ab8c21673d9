#include "report/score_text.h"

#include <stdio.h>

#include "scan/score_record.h"

#define TITLE_COLUMNS 27u
#define VALUE_COLUMNS 6u
#define POINT_COLUMNS 8u

static void add_padded(Out *out, const char *text, uint32_t columns)
{
    out_z(out, text);
    for (uint32_t i = (uint32_t)strlen(text); i < columns; i++)
        out_char(out, ' ');
}

static Style style_of(int32_t value)
{
    if (value < 0)
        return STYLE_FAINT;
    return value >= 80 ? STYLE_GREEN : value >= 60 ? STYLE_YELLOW : STYLE_RED;
}

/* " 62 D-", in the colour that it deserves, without blanks at its end. */
static void add_value(const Terminal *terminal, int32_t value)
{
    char text[16];

    if (value < 0)
        snprintf(text, sizeof text, "n/a");
    else
        snprintf(text, sizeof text, "%3d %s", (int)value, score_grade((uint32_t)value));
    terminal_styled(terminal, style_of(value), str_of(text));
}

/* What it lacks of the width of the widest, before something else. */
static void pad_value(Out *out, int32_t value)
{
    size_t size = value < 0 ? 3 : 4 + strlen(score_grade((uint32_t)value));

    for (; size < VALUE_COLUMNS; size++)
        out_char(out, ' ');
}

static void add_places(Out *out, uint32_t count)
{
    out_printf(out, " in %u %s", count, count == 1 ? "place" : "places");
}

static void add_cap(const Terminal *terminal, const ScoreValue *value)
{
    static const Severity severities[] = {
        [SCORE_CAP_HIGH] = SEVERITY_HIGH, [SCORE_CAP_CRITICAL] = SEVERITY_CRITICAL};
    const RuleScore *rule = value->cap_rule;

    out_printf(terminal->out, "at most %u: ", score_cap_limit(value->cap));
    if (!rule) {
        out_z(terminal->out, "incomplete, there is input that could not be read");
        return;
    }
    out_z(terminal->out, score_cap_name(value->cap));
    out_char(terminal->out, ' ');
    terminal_text(terminal, rule->id);
    add_places(terminal->out, rule->tally.failed[severities[value->cap]]);
    if (value->cap_rules > 1)
        out_printf(terminal->out, " and %u more %s", value->cap_rules - 1,
                   value->cap_rules == 2 ? "rule" : "rules");
}

/* --- the table --- */

static int32_t number_of(const ScoreValue *value)
{
    return value->applicable ? (int32_t)value->value : -1;
}

static void add_change(const Terminal *terminal, int32_t before, int32_t after)
{
    Out *out = terminal->out;

    add_value(terminal, before);
    pad_value(out, before);
    out_z(out, " \xe2\x86\x92 ");
    add_value(terminal, after);
    if (before < 0 || after < 0)
        return;
    pad_value(out, after);
    out_printf(out, " (%s%d)", after > before ? "+" : "", (int)(after - before));
}

static void add_row(const Terminal *terminal, const Score *score, uint32_t category)
{
    const ScoreValue *value =
        category < SCORE_CATEGORIES ? &score->categories[category] : &score->overall;
    bool binding = value->applicable && value->value < value->uncapped;
    int32_t before = score->before ? score_record_value(score->before, category) : -1;

    if (!value->applicable && before < 0)
        return;
    if (category < SCORE_CATEGORIES) {
        out_z(terminal->out, "  ");
        add_padded(terminal->out, score_category_title((Category)category), TITLE_COLUMNS - 2);
    } else {
        add_padded(terminal->out, score->incomplete ? "score (incomplete)" : "score",
                   TITLE_COLUMNS);
    }
    if (score->before)
        add_change(terminal, before, number_of(value));
    else
        add_value(terminal, number_of(value));
    if (binding) {
        if (!score->before)
            pad_value(terminal->out, number_of(value));
        out_z(terminal->out, "  ");
        add_cap(terminal, value);
    }
    out_char(terminal->out, '\n');
}

void score_text_table(const Terminal *terminal, const Score *score)
{
    add_row(terminal, score, SCORE_CATEGORIES);
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        add_row(terminal, score, i);
}

/* --- every point --- */

/* "+6.3": in tenths, as most people count. */
static void add_points(const Terminal *terminal, uint32_t thousandths)
{
    uint32_t tenths = (thousandths + 50) / 100;
    char text[24];

    if (tenths)
        snprintf(text, sizeof text, "+%u.%u", tenths / 10, tenths % 10);
    else
        snprintf(text, sizeof text, "<0.1");
    for (size_t i = strlen(text); i < POINT_COLUMNS; i++)
        out_char(terminal->out, ' ');
    terminal_styled(terminal, STYLE_GREEN, str_of(text));
}

static void add_loss(const Terminal *terminal, const RuleScore *rule)
{
    add_points(terminal, rule->lost);
    out_z(terminal->out, "  fix ");
    terminal_styled(terminal, terminal_severity(rule->severity), rule->id);
    add_places(terminal->out, tally_failed(&rule->tally));
    out_printf(terminal->out, " (%s, %u passed)\n", severity_name(rule->severity),
               rule->tally.passed);
}

/* "41 rules, 97.5% decided" */
static void add_basis(Out *out, const ScoreValue *value)
{
    uint32_t coverage = score_coverage(value);

    out_printf(out, "  %u %s, %u.%u%% decided", value->rules, value->rules == 1 ? "rule" : "rules",
               coverage / 10, coverage % 10);
}

static void explain_category(const Terminal *terminal, const Score *score, Category category)
{
    const ScoreValue *value = &score->categories[category];

    out_char(terminal->out, '\n');
    terminal_styled(terminal, STYLE_BOLD, str_of(score_category_title(category)));
    out_char(terminal->out, ' ');
    add_value(terminal, number_of(value));
    add_basis(terminal->out, value);
    out_char(terminal->out, '\n');
    if (value->cap != SCORE_CAP_NONE) {
        out_z(terminal->out, "  ");
        add_cap(terminal, value);
        out_printf(terminal->out, "; %u without caps\n", value->uncapped);
    }
    for (uint32_t i = 0; i < value->lost_count; i++)
        add_loss(terminal, &value->lost[i]);
}

static void explain_nothing(Out *out, const Score *score)
{
    const char *before = "\nnot judged, and no part of the score: ";

    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++) {
        if (score->categories[i].applicable)
            continue;
        out_z(out, before);
        out_z(out, score_category_title((Category)i));
        before = ", ";
    }
    if (before[0] == ',')
        out_char(out, '\n');
}

void score_text_explain(const Terminal *terminal, const Score *score)
{
    score_text_table(terminal, score);
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        if (score->categories[i].applicable)
            explain_category(terminal, score, (Category)i);
    explain_nothing(terminal->out, score);
}

void score_text_wanted(const Terminal *terminal, const Score *score)
{
    if (score_is_below(score))
        out_printf(terminal->out, "score %u is below what is asked for (--min-score %u)\n",
                   score->overall.value, score->wanted);
}
