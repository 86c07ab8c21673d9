/*
 * scan/schedule.h - the files of a scan on their way to the workers
 *
 * They are taken from the walk as workers ask for them, into a window that is reported in its
 * order, so that nobody can run far ahead of the slowest.
 */
#ifndef PLUMB_SCAN_SCHEDULE_H
#define PLUMB_SCAN_SCHEDULE_H

#include "scan/scan_state.h"

/* Takes the next file of the walk into the window. False when there is none. Called with the lock
 * held, or before there are workers. */
bool schedule_take(Scan *scan);

/* The next file for a worker; NULL when there is none. */
Done *schedule_give(Scan *scan);

/* A worker is done with it. */
void schedule_finish(Scan *scan, Done *done);

void schedule_free(Scan *scan);

#endif
