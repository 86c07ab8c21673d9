#include "report/html_score.h"

#include "report/html_history.h"
#include "report/html_text.h"
#include "scan/score_record.h"

/* Rules of a category that are listed with what they cost. */
#define SHOWN_LOSSES 10u

/* The letter of a grade, for its colour. */
static char letter_of(const ScoreValue *value)
{
    return value->applicable ? score_value_grade(value)[0] : 'N';
}

/* A ring that is as full as the score; `title` says what of. */
static void add_dial(Out *out, const ScoreValue *value, const char *title, bool large)
{
    out_printf(out,
               "<svg class=\"dial g%c%s\" viewBox=\"0 0 120 120\" role=\"img\" aria-label=\"%s: ",
               letter_of(value), large ? " large" : "", title);
    if (value->applicable)
        out_printf(out, "%u of 100, grade %s", value->value, score_value_grade(value));
    else
        out_z(out, "not judged");
    out_z(out, "\"><circle class=\"track\" cx=\"60\" cy=\"60\" r=\"52\"/>");
    if (value->value)
        out_printf(out,
                   "<circle class=\"arc\" cx=\"60\" cy=\"60\" r=\"52\" pathLength=\"100\" "
                   "stroke-dasharray=\"%u 100\"/>",
                   value->value);
    if (!value->applicable)
        out_z(out, "<text class=\"value\" x=\"60\" y=\"60\">n/a</text>");
    else
        out_printf(out, "<text class=\"value\" x=\"60\" y=\"%u\">%u</text>", large ? 56u : 60u,
                   value->value);
    if (large && value->applicable)
        out_printf(out, "<text class=\"grade\" x=\"60\" y=\"86\">%s</text>",
                   score_value_grade(value));
    out_z(out, "</svg>");
}

/* "+4 since the report that it is compared with" */
static void add_change(Out *out, const ScoreValue *value, int32_t before)
{
    int change = (int)value->value - (int)before;

    if (!value->applicable || before < 0)
        return;
    out_printf(out, "<span class=\"change %s\">%s%d</span>",
               change > 0   ? "up"
               : change < 0 ? "down"
                            : "same",
               change > 0   ? "+"
               : change < 0 ? "\xe2\x88\x92"
                            : "\xc2\xb1",
               change < 0 ? -change : change);
}

static void add_cap(Out *out, const ScoreValue *value)
{
    if (value->cap == SCORE_CAP_NONE || value->value >= value->uncapped)
        return;
    out_printf(out, "At most %u: ", score_cap_limit(value->cap));
    if (!value->cap_rule) {
        out_z(out, "there is input that could not be read. ");
        return;
    }
    out_printf(out, "%s <a href=\"#rule-", score_cap_name(value->cap));
    html_text(out, value->cap_rule->id);
    out_z(out, "\">");
    html_text(out, value->cap_rule->id);
    out_z(out, "</a>");
    if (value->cap_rules > 1)
        out_printf(out, " and %u more %s", value->cap_rules - 1,
                   value->cap_rules == 2 ? "rule" : "rules");
    out_z(out, ". ");
}

static void add_basis(Out *out, const ScoreValue *value)
{
    uint32_t coverage = score_coverage(value);

    if (!value->applicable) {
        out_z(out, "Nothing to judge");
        return;
    }
    add_cap(out, value);
    html_count(out, value->rules, "rule", "rules");
    out_z(out, ", ");
    html_count(out, value->decided, "verdict", "verdicts");
    if (coverage < 1000)
        out_printf(out, ", %u.%u %% decided", coverage / 10, coverage % 10);
}

static void add_category(Out *out, const Score *score, Category category)
{
    const ScoreValue *value = &score->categories[category];
    const char *title = score_category_title(category);

    out_z(out, "<li>");
    add_dial(out, value, title, false);
    out_printf(out, "<div><h3>%s", title);
    if (value->applicable)
        out_printf(out, " <span class=\"letter\">%s</span>", score_value_grade(value));
    add_change(out, value, score->before ? score->before->categories[category] : -1);
    out_z(out, "</h3><p>");
    add_basis(out, value);
    out_z(out, "</p></div>");
    html_trend(out, score->history, category, title);
    out_z(out, "</li>\n");
}

static void add_overall(Out *out, const Score *score)
{
    out_z(out, "<div class=\"overall\">");
    add_dial(out, &score->overall, "Overall score", true);
    out_z(out, "<p class=\"caption\">Overall score");
    add_change(out, &score->overall, score->before ? score->before->overall : -1);
    out_z(out, "</p>");
    html_trend(out, score->history, SCORE_CATEGORIES, "Overall score");
    if (score->incomplete)
        out_z(out, "<p class=\"note\">Incomplete: there is input that could not be read.</p>");
    out_z(out, "</div>\n");
}

/* --- where points were lost --- */

static void add_loss(Out *out, const RuleScore *rule)
{
    uint32_t failed = tally_failed(&rule->tally);
    const char *severity = severity_name(rule->severity);

    out_z(out, "<tr><td><a href=\"#rule-");
    html_text(out, rule->id);
    out_z(out, "\"><code>");
    html_text(out, rule->id);
    out_printf(out,
               "</code></a></td><td><b class=\"sev %s\">%s</b></td><td class=\"r\">%u of %u</td>"
               "<td class=\"r\">%u.%u</td></tr>\n",
               severity, severity, failed, failed + rule->tally.passed, rule->lost / 1000,
               rule->lost / 100 % 10);
}

static void add_losses(Out *out, const Score *score, Category category)
{
    const ScoreValue *value = &score->categories[category];
    uint32_t shown = value->lost_count < SHOWN_LOSSES ? value->lost_count : SHOWN_LOSSES;

    if (!shown)
        return;
    out_printf(out,
               "<div><table><caption>%s</caption><thead><tr><th>rule</th><th>severity</th>"
               "<th class=\"r\">failed</th><th class=\"r\">points lost</th></tr></thead><tbody>\n",
               score_category_title(category));
    for (uint32_t i = 0; i < shown; i++)
        add_loss(out, &value->lost[i]);
    out_z(out, "</tbody></table>");
    if (shown < value->lost_count)
        out_printf(out, "<p class=\"note\">and %u more</p>", value->lost_count - shown);
    out_z(out, "</div>\n");
}

void html_score(Out *out, const Score *score)
{
    if (!score || !score->overall.applicable)
        return;
    out_z(out, "<section id=\"scores\" aria-labelledby=\"scores-title\">"
               "<h2 id=\"scores-title\">Scores</h2>\n<div class=\"scores\">");
    add_overall(out, score);
    out_z(out, "<ul class=\"categories\">\n");
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        add_category(out, score, (Category)i);
    out_z(out, "</ul></div>\n<details class=\"lost\"><summary>Where points were lost</summary>"
               "<div class=\"tables\">\n");
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        if (score->categories[i].applicable)
            add_losses(out, score, (Category)i);
    out_z(out, "</div></details>\n");
    html_history(out, score->history);
    out_z(out, "</section>\n");
}
