/*
 * scan/scan_judge.h - what a worker does with the files that it is given
 */
#ifndef PLUMB_SCAN_SCAN_JUDGE_H
#define PLUMB_SCAN_SCAN_JUDGE_H

#include "scan/scan_state.h"

/* Reads and judges until no file is left: a WorkerFn (base/workers.h) whose context is the scan. */
void scan_work(void *context, uint32_t number, uint32_t task);

void worker_free(Worker *worker);

#endif
