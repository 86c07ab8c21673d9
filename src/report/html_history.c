#include "report/html_history.h"

#include "report/clock.h"
#include "report/html_text.h"

/* The line's box, and what of a score fills its height at least: a point is no mountain. */
#define WIDTH 112u
#define HEIGHT 26
#define MARGIN 3
#define LEAST_RANGE 10

#define COMMIT_DIGITS 8u

/* Where a value stands in the box. */
static uint32_t height_of(const HistoryTrend *trend, int32_t value)
{
    int32_t range = trend->most - trend->least, least = trend->least;

    if (range < LEAST_RANGE) {
        least -= (LEAST_RANGE - range) / 2;
        range = LEAST_RANGE;
    }
    return (uint32_t)(HEIGHT - MARGIN - (value - least) * (HEIGHT - 2 * MARGIN) / range);
}

static void add_line(Out *out, const HistoryTrend *trend, uint32_t category)
{
    uint32_t x = 0;

    out_z(out, "<polyline points=\"");
    for (uint32_t i = 0; i < trend->count; i++) {
        int32_t value = score_record_value(&trend->entries[i].score, category);
        x = MARGIN + i * (WIDTH - 2 * MARGIN) / (trend->count - 1);
        if (value >= 0)
            out_printf(out, "%u,%u ", x, height_of(trend, value));
    }
    out_printf(out, "\"/><circle cx=\"%u\" cy=\"%u\" r=\"2.5\"/>", x,
               height_of(trend, trend->last));
}

void html_trend(Out *out, const History *history, uint32_t category, const char *title)
{
    HistoryTrend trend;

    if (!history)
        return;
    trend = history_trend(history->entries, history->count, category);
    if (trend.judged < 2)
        return;
    out_printf(out,
               "<svg class=\"trend\" viewBox=\"0 0 %u %d\" role=\"img\" aria-label=\"%s over the "
               "last %u scans: from %d to %d\"><title>%d to %d in %u scans</title>",
               WIDTH, HEIGHT, title, trend.count, (int)trend.first, (int)trend.last,
               (int)trend.first, (int)trend.last, trend.count);
    add_line(out, &trend, category);
    out_z(out, "</svg>");
}

static void add_scan(Out *out, const HistoryEntry *entry)
{
    char exact[CLOCK_BYTES], shown[CLOCK_BYTES];

    clock_format(entry->time, CLOCK_EXACT, exact);
    clock_format(entry->time, CLOCK_SHORT, shown);
    out_printf(out, "<tr><td><time datetime=\"%s\">%s</time></td><td>", exact, shown);
    html_text(out, entry->branch);
    out_z(out, "</td><td><code>");
    html_text(out, str_sub(entry->commit, 0, COMMIT_DIGITS));
    out_z(out, "</code></td><td>");
    html_text(out, entry->score.ruleset);
    out_printf(out, "%s</td>", entry->incomplete ? ", incomplete" : "");
    out_z(out, "<td class=\"r\">");
    html_number(out, entry->failed[SEVERITY_CRITICAL]);
    out_z(out, "</td><td class=\"r\">");
    html_number(out, entry->failed[SEVERITY_HIGH]);
    out_z(out, "</td><td class=\"r\">");
    if (entry->score.overall >= 0)
        out_printf(out, "%d", (int)entry->score.overall);
    out_z(out, "</td></tr>\n");
}

void html_history(Out *out, const History *history)
{
    if (!history || history->count < 2)
        return;
    out_printf(out, "<details class=\"lost\"><summary>The last %u scans</summary>\n",
               history->count);
    out_z(out, "<table><thead><tr><th>time, UTC</th><th>branch</th><th>commit</th><th>rules</th>"
               "<th class=\"r\">critical</th><th class=\"r\">high</th><th class=\"r\">score</th>"
               "</tr></thead><tbody>\n");
    for (uint32_t i = history->count; i-- > 0;)
        add_scan(out, &history->entries[i]);
    out_z(out, "</tbody></table></details>\n");
}
