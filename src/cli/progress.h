/*
 * cli/progress.h - how far a scan is, for whoever waits at a terminal
 *
 * A line on the standard error, once a second has passed, and gone when the scan ends. A thread of
 * its own draws it, so that it also moves while one large file is judged.
 */
#ifndef PLUMB_CLI_PROGRESS_H
#define PLUMB_CLI_PROGRESS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct Progress {
    bool running;
    bool ending; /* under `lock` */
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t end;
    atomic_uint_least64_t files;
} Progress;

/* Begins; nothing will be seen if `wanted` is false or nobody could see it: the standard error is
 * no terminal, or one that knows no control sequences. Not to be moved until progress_end(). */
void progress_begin(Progress *progress, bool wanted);

/* How many files are judged by now. For a ScanObserver; `context` is the Progress. */
void progress_files(void *context, uint64_t files);

/* Clears the line for good; may be called again. `context` is the Progress, as for Out.before. */
void progress_end(void *context);

#endif
