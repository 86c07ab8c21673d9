/*
 * cel/dispatch.h - calls of functions, with what holds for all of them
 */
#ifndef PLUMB_CEL_DISPATCH_H
#define PLUMB_CEL_DISPATCH_H

#include "cel/functions.h"

/* Calls a function that is no operator. An unknown argument makes the result unknown, an error is
 * passed on, unless the function is CEL_FN_LAZY. Absent input that the function does not take
 * makes the result false (`predicate`) or absent. The result has the origin of the first argument
 * that has one. */
CelValue dispatch_call(CelMachine *machine, uint32_t function, const CelValue *args, uint32_t count,
                       bool predicate);

/* Whether all overloads of a function give a bool. */
bool dispatch_predicate(uint32_t function);

#endif
