/*
 * scan/suppress_lines.h - lines around a comment
 */
#ifndef PLUMB_SCAN_SUPPRESS_LINES_H
#define PLUMB_SCAN_SUPPRESS_LINES_H

#include "base/str.h"

/* Where the line of `at` begins, and where it ends, its line end not included. */
uint32_t line_start(Str text, uint32_t at);
uint32_t line_end(Str text, uint32_t at);

/* Where the line after that of `at` begins; the end of the text where there is none. */
uint32_t line_next(Str text, uint32_t at);

/* The first byte of the line that is no blank, or its end. */
uint32_t line_content(Str text, uint32_t at);

#endif
