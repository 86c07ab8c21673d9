/*
 * base/workers.h - a pool that works through a numbered list
 */
#ifndef PLUMB_BASE_WORKERS_H
#define PLUMB_BASE_WORKERS_H

#include <stdbool.h>
#include <stdint.h>

/* Does task number `task` as worker number `worker`. */
typedef void WorkFn(void *context, uint32_t worker, uint32_t task);

/* Calls `work` once for each task from 0 to task_count - 1, taken in that order by up to
 * `worker_count` threads, of which the caller is number 0, and returns when all are done. With one
 * worker no thread is made. Where a thread cannot be made the others do its part. */
void workers_run(uint32_t worker_count, uint32_t task_count, WorkFn *work, void *context);

/* How many processors this process may use; at least 1. */
uint32_t workers_available(void);

#endif
