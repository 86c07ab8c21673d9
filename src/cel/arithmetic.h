/*
 * cel/arithmetic.h - the operators + - * / % and unary -
 *
 * Operands may be of any kind; unknowns and errors are passed on, and an absent operand from the
 * input makes the result absent.
 */
#ifndef PLUMB_CEL_ARITHMETIC_H
#define PLUMB_CEL_ARITHMETIC_H

#include "cel/machine.h"

CelValue arithmetic_add(CelMachine *machine, CelValue a, CelValue b);
CelValue arithmetic_subtract(CelMachine *machine, CelValue a, CelValue b);
CelValue arithmetic_multiply(CelMachine *machine, CelValue a, CelValue b);
CelValue arithmetic_divide(CelMachine *machine, CelValue a, CelValue b);
CelValue arithmetic_modulo(CelMachine *machine, CelValue a, CelValue b);
CelValue arithmetic_negate(CelMachine *machine, CelValue a);

#endif
