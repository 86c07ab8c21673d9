/*
 * scan/sink.h - what leaves a unit's memory
 *
 * Verdicts and problems outlive their unit, so all that they hold is copied.
 */
#ifndef PLUMB_SCAN_SINK_H
#define PLUMB_SCAN_SINK_H

#include "scan/evaluate.h"

/* A new verdict or problem at the end, zeroed; NULL when the sink's arena is spent. */
Verdict *sink_verdict(VerdictSink *sink);
Problem *sink_problem(VerdictSink *sink);

/* place_of() with its texts copied. */
Place sink_place(VerdictSink *sink, const Unit *unit, Span span);

/* Puts the verdicts in order, for good in the sink's arena. False, with none left, if memory is
 * short. */
bool sink_close(VerdictSink *sink);

/* Leaves the verdicts that are wanted, where all were kept to be held against others. */
void sink_settle(VerdictSink *sink, const EvalOptions *options);

/* Counts what a rule came to. */
void coverage_count(Coverage *coverage, const RuleCounts *counts);

#endif
