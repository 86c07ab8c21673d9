/*
 * cel/number.h - numbers as text and across types
 */
#ifndef PLUMB_CEL_NUMBER_H
#define PLUMB_CEL_NUMBER_H

#include "base/str.h"

/* Decimal text of the whole of `text`; false for anything else and for what does not fit. */
bool number_parse_int(Str text, int64_t *value);
bool number_parse_uint(Str text, uint64_t *value);

/* Decimal and exponent form, "NaN", "Infinity", "inf" with a sign or none. */
bool number_parse_double(Str text, double *value);

/* The shortest text that reads back as the same number. With `fixed` never in exponent form. */
#define NUMBER_TEXT_SIZE 400
uint32_t number_print_double(double value, bool fixed, char text[NUMBER_TEXT_SIZE]);

/* Whether the value, cut to a whole number, lies in the type's range, and then what it is. */
bool number_double_to_int(double value, int64_t *out);
bool number_double_to_uint(double value, uint64_t *out);

#endif
