#include "report/standing_text.h"

/* More are counted only; the other reports have all. */
#define SHOWN_FIXED 10u
#define SHORT_COMMIT 7u

static void add_fixed(const Terminal *terminal, const Verdict *verdict)
{
    Out *out = terminal->out;

    terminal_styled(terminal, STYLE_GREEN, STR("fixed"));
    out_add(out, STR(": "));
    terminal_file(terminal, STYLE_PLAIN, verdict->place.file);
    if (verdict->place.start.line)
        out_printf(out, ":%u", verdict->place.start.line);
    out_char(out, ' ');
    terminal_text(terminal, verdict->resource);
    out_add(out, STR("  "));
    terminal_styled(terminal, STYLE_FAINT, rule_id(verdict->rule));
    out_char(out, '\n');
}

static void add_since(const Terminal *terminal, const Difference *since)
{
    Out *out = terminal->out;

    for (uint32_t i = 0; i < since->fixed_count && i < SHOWN_FIXED; i++)
        add_fixed(terminal, &since->fixed[i]);
    if (since->fixed_count > SHOWN_FIXED)
        out_printf(out, "and %u more that were fixed\n", since->fixed_count - SHOWN_FIXED);
    out_add(out, STR("since "));
    terminal_text(terminal, since->ref);
    out_add(out, STR(" ("));
    out_add(out, str_sub(since->commit, 0, SHORT_COMMIT));
    out_printf(out, "): %u new, %u fixed, %u unchanged\n", since->added, since->fixed_count,
               since->unchanged);
}

static void add_baseline(const Terminal *terminal, const BaselineUse *use)
{
    Out *out = terminal->out;

    out_add(out, STR("baseline "));
    terminal_text(terminal, use->file);
    out_printf(out, ": %u excused", use->excused);
    if (use->expired)
        out_printf(out, ", %u whose date is over", use->expired);
    if (use->stale)
        out_printf(out, ", %u stale (`plumb baseline update`)", use->stale);
    out_char(out, '\n');
}

void standing_text(const Terminal *terminal, const ScanResult *result)
{
    if (result->since)
        add_since(terminal, result->since);
    if (result->baseline)
        add_baseline(terminal, result->baseline);
}
