/*
 * report/html_problems.h - what the HTML report says of inputs that could not be read, or are odd
 */
#ifndef PLUMB_REPORT_HTML_PROBLEMS_H
#define PLUMB_REPORT_HTML_PROBLEMS_H

#include "base/out.h"
#include "scan/verdict.h"

/* The section of errors; nothing where there are none. */
void html_errors(Out *out, const ScanResult *result);

/* The rest, folded; nothing where there is none. */
void html_notes(Out *out, const ScanResult *result);

#endif
