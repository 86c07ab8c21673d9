#include "report/history_text.h"

#include <stdio.h>

#include "report/clock.h"

#define BRANCH_COLUMNS 16u
#define COMMIT_COLUMNS 8u
/* Blocks of a trend; each is a scan. */
#define TREND_BLOCKS 20u

/* Short for their columns; docs/history.md has the whole names. */
static const char *const headings[SCORE_CATEGORIES] = {"sec",  "rel", "auto", "git",
                                                       "cost", "obs", "doc"};

static void pad(Out *out, uint32_t used, uint32_t columns)
{
    while (used++ < columns)
        out_char(out, ' ');
}

/* The text, cut to the column and filled up to it. */
static void add_cell(const Terminal *terminal, Str text, uint32_t columns)
{
    uint32_t used = 0;

    while (text.size) {
        char number[16];
        uint32_t size;
        Str shown = terminal_visible(text, number, &size);
        uint32_t width = terminal_width(str_sub(text, 0, size));
        if (used + width > columns)
            break;
        out_add(terminal->out, shown);
        used += width;
        text = str_from(text, size);
    }
    pad(terminal->out, used, columns);
}

static Style style_of(int32_t value)
{
    if (value < 0)
        return STYLE_FAINT;
    return value >= 80 ? STYLE_GREEN : value >= 60 ? STYLE_YELLOW : STYLE_RED;
}

static void add_score(const Terminal *terminal, int32_t value, int columns)
{
    char text[16];

    if (value < 0)
        snprintf(text, sizeof text, "%*s", columns, "-");
    else
        snprintf(text, sizeof text, "%*d", columns, (int)value);
    terminal_styled(terminal, style_of(value), str_of(text));
}

/* --- one scan --- */

/* What moved since the scan before, where the two compare. */
static void add_change(Out *out, const HistoryEntry *before, const HistoryEntry *entry)
{
    int32_t from = before ? before->score.overall : -1, to = entry->score.overall;

    if (before && !history_compares(before, entry))
        out_z(out, "  other rules");
    else if (from >= 0 && to >= 0 && from != to)
        out_printf(out, "  %+d", (int)(to - from));
    if (entry->incomplete)
        out_z(out, "  incomplete");
}

static void add_entry(const Terminal *terminal, const HistoryEntry *before,
                      const HistoryEntry *entry)
{
    Out *out = terminal->out;
    char time[CLOCK_BYTES];

    clock_format(entry->time, CLOCK_SHORT, time);
    out_printf(out, "  %-17s ", time);
    add_cell(terminal, entry->branch, BRANCH_COLUMNS);
    out_char(out, ' ');
    add_cell(terminal, entry->commit, COMMIT_COLUMNS);
    add_score(terminal, entry->score.overall, 6);
    out_printf(out, " %-2s",
               entry->score.overall < 0 ? "" : score_grade((uint32_t)entry->score.overall));
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        add_score(terminal, entry->score.categories[i], 5);
    out_printf(out, " %5llu %5llu", (unsigned long long)entry->failed[SEVERITY_CRITICAL],
               (unsigned long long)entry->failed[SEVERITY_HIGH]);
    add_change(out, before, entry);
    out_char(out, '\n');
}

/* --- how scores moved --- */

/* One of eight blocks for each of the last scans, between the least and the most of them. */
static void add_blocks(Out *out, const HistoryTrend *trend, uint32_t category)
{
    static const char *const blocks[] = {"\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83",
                                         "\xe2\x96\x84", "\xe2\x96\x85", "\xe2\x96\x86",
                                         "\xe2\x96\x87", "\xe2\x96\x88"};
    int32_t range = trend->most - trend->least;
    uint32_t from = trend->count > TREND_BLOCKS ? trend->count - TREND_BLOCKS : 0;

    for (uint32_t i = from; i < trend->count; i++) {
        int32_t value = score_record_value(&trend->entries[i].score, category);
        if (value < 0)
            out_char(out, ' ');
        else
            out_z(out, blocks[range ? (value - trend->least) * 7 / range : 3]);
    }
}

static void add_trend(const Terminal *terminal, const HistoryEntry *entries, uint32_t count,
                      uint32_t category)
{
    HistoryTrend trend = history_trend(entries, count, category);
    Out *out = terminal->out;

    if (trend.judged < 2)
        return;
    out_printf(out, "  %-26s",
               category < SCORE_CATEGORIES ? score_category_title((Category)category) : "Overall");
    add_score(terminal, trend.first, 3);
    out_z(out, " \xe2\x86\x92 ");
    add_score(terminal, trend.last, 3);
    out_printf(out, "  %+4d  ", (int)(trend.last - trend.first));
    add_blocks(out, &trend, category);
    out_char(out, '\n');
}

/* --- one name --- */

static void add_headings(Out *out)
{
    out_printf(out, "  %-17s %-*s %-*s %5s   ", "time", (int)BRANCH_COLUMNS, "branch",
               (int)COMMIT_COLUMNS, "commit", "score");
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        out_printf(out, "%5s", headings[i]);
    out_printf(out, " %5s %5s\n", "crit", "high");
}

static void add_table(const Terminal *terminal, const HistoryEntry *entries, uint32_t count)
{
    terminal_styled(terminal, STYLE_BOLD, entries->name);
    out_char(terminal->out, '\n');
    add_headings(terminal->out);
    for (uint32_t i = 0; i < count; i++)
        add_entry(terminal, i ? &entries[i - 1] : NULL, &entries[i]);
    if (count < 2)
        return;
    out_char(terminal->out, '\n');
    add_trend(terminal, entries, count, SCORE_CATEGORIES);
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        add_trend(terminal, entries, count, i);
}

void history_text(const Terminal *terminal, const History *history)
{
    uint32_t end;

    for (uint32_t at = 0; at < history->count; at = end) {
        for (end = at + 1; end < history->count; end++)
            if (!str_eq(history->entries[end].name, history->entries[at].name))
                break;
        if (at)
            out_char(terminal->out, '\n');
        add_table(terminal, &history->entries[at], end - at);
    }
}
