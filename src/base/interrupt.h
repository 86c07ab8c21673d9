/*
 * base/interrupt.h - work that puts something away before a signal ends the program
 *
 * SIGINT, SIGTERM and SIGHUP end the program as they always do, but wait while somebody holds them:
 * who makes something that would outlive the program (a directory, another program) holds them,
 * asks now and then whether one has come, and takes away what he made. The last to release them
 * lets the program end by that signal. Signals that are ignored, or that somebody else handles, are
 * left alone.
 */
#ifndef PLUMB_BASE_INTERRUPT_H
#define PLUMB_BASE_INTERRUPT_H

#include <stdbool.h>

/* Holds signals, for a short time. False if one has come: nothing is held then, and nothing is to
 * be made any more. */
bool interrupt_hold(void);

/* Ends what interrupt_hold() began, and the program if it is to end and nobody else holds on. */
void interrupt_release(void);

/* Whether a signal that is held has come. */
bool interrupt_came(void);

#endif
