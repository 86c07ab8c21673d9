/*
 * base/process.h - a program that is run to its end
 *
 * No shell takes part: arguments go as they are. The program has no input, runs in a process group
 * of its own, has no file open but its outputs, and is ended with all that it started when it takes
 * too long, says too much, or plumb is to end while signals are held (base/interrupt.h).
 */
#ifndef PLUMB_BASE_PROCESS_H
#define PLUMB_BASE_PROCESS_H

#include "base/str.h"

typedef struct ProcessCommand {
    const char *const *arguments;   /* ends with NULL; the first is the path of the program */
    const char *const *environment; /* NAME=VALUE, all that it gets; ends with NULL */
    const char *directory;          /* that it runs in */
    uint32_t seconds;               /* that it may take; should it be left behind, it ends by itself
                                       once it has worked for some times that */
    size_t output_limit;            /* bytes that it may write to its standard output */
    size_t memory_limit;            /* bytes of data that it may have, where the system can tell */
} ProcessCommand;

typedef enum ProcessEnd {
    PROCESS_EXITED,
    PROCESS_KILLED,      /* by a signal */
    PROCESS_NOT_STARTED, /* the system refused */
    PROCESS_TOO_LONG,    /* it took more time than it had */
    PROCESS_TOO_LARGE,   /* it wrote more than it may */
    PROCESS_INTERRUPTED, /* interrupt_came() */
} ProcessEnd;

typedef struct ProcessResult {
    ProcessEnd end;
    int code;   /* exit status, signal, or errno value */
    Str output; /* in the arena */
    Str errors; /* the beginning of its standard error */
} ProcessResult;

/* Runs a command to its end. False if `arena` is spent; everything else is in `*result`. */
bool process_run(const ProcessCommand *command, Arena *arena, ProcessResult *result);

#endif
