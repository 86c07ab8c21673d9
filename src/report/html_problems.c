#include "report/html_problems.h"

#include "report/html_text.h"
#include "report/report.h"

/* The JSON report has all; so many errors are shown at once, more when they are asked for. */
#define SHOWN_PROBLEMS 200u
#define SHOWN_ERRORS 5u

static uint32_t count_problems(const ScanResult *result, bool errors)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < result->problem_count; i++)
        count += (result->problems[i].level == DIAG_ERROR) == errors;
    return count;
}

static void add_problem(Out *out, const Problem *problem)
{
    out_z(out, "<li>");
    html_text(out, problem->message);
    out_printf(out, " <code>%s</code>", problem->code);
    if (place_path(&problem->place).size) {
        out_z(out, "<br>");
        html_place(out, &problem->place);
    }
    if (problem->help.size) {
        out_z(out, "<br><small>");
        html_text(out, problem->help);
        out_z(out, "</small>");
    }
    out_z(out, "</li>\n");
}

/* Errors, or the others, from the `from`-th on up to the `to`-th. */
static void add_list(Out *out, const ScanResult *result, bool errors, uint32_t from, uint32_t to)
{
    uint32_t at = 0;

    out_z(out, "<ul class=\"problems\">\n");
    for (uint32_t i = 0; i < result->problem_count && at < to; i++) {
        if ((result->problems[i].level == DIAG_ERROR) != errors)
            continue;
        if (at++ >= from)
            add_problem(out, &result->problems[i]);
    }
    out_z(out, "</ul>\n");
}

static void add_folded(Out *out, const ScanResult *result, bool errors, uint32_t from,
                       const char *title)
{
    uint32_t count = count_problems(result, errors);

    if (count <= from)
        return;
    out_z(out, "<details class=\"lost\"><summary>");
    html_number(out, count - from);
    out_printf(out, " %s</summary>\n", title);
    add_list(out, result, errors, from, SHOWN_PROBLEMS);
    if (count > SHOWN_PROBLEMS)
        out_printf(out, "<p class=\"note\">and %u more, which the JSON report has</p>\n",
                   count - SHOWN_PROBLEMS);
    out_z(out, "</details>\n");
}

void html_errors(Out *out, const ScanResult *result)
{
    if (!count_problems(result, true))
        return;
    out_z(out, "<section id=\"errors\" aria-labelledby=\"errors-title\">"
               "<h2 id=\"errors-title\">Not read</h2>\n");
    add_list(out, result, true, 0, SHOWN_ERRORS);
    add_folded(out, result, true, SHOWN_ERRORS, "more");
    out_z(out, "</section>\n");
}

void html_notes(Out *out, const ScanResult *result)
{
    add_folded(out, result, false, 0,
               count_problems(result, false) == 1 ? "note on the input" : "notes on the input");
}
