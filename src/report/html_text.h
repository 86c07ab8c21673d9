/*
 * report/html_text.h - text inside of HTML
 *
 * Names and messages come out of files that anybody may have written. None of them can end an
 * element or an attribute, and what hides or turns text is shown as its number.
 */
#ifndef PLUMB_REPORT_HTML_TEXT_H
#define PLUMB_REPORT_HTML_TEXT_H

#include "base/out.h"
#include "scan/verdict.h"

/* `text` in an element or a quoted attribute, on one line. */
void html_text(Out *out, Str text);

/* A rule's text as paragraphs: a blank line ends one, `code` between backticks is marked. */
void html_prose(Out *out, Str text);

/* "path:12:3", in an element of its own. */
void html_place(Out *out, const Place *place);

/* Whether a browser may be sent there: http and https only. */
bool html_is_link(Str address);

/* "1,234,567", and that with a word: "1 file", "2 files". */
void html_number(Out *out, uint64_t number);
void html_count(Out *out, uint64_t number, const char *one, const char *many);

#endif
