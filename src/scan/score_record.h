/*
 * scan/score_record.h - scores that were written down, for before and after
 *
 * Scores compare only where the same rules judged, the same way: a change of rules is no change of
 * what they judge.
 */
#ifndef PLUMB_SCAN_SCORE_RECORD_H
#define PLUMB_SCAN_SCORE_RECORD_H

#include "scan/problem.h"
#include "scan/score.h"

/* Reads the score of a JSON report of `plumb scan` or `plumb score`. All in `arena`. False after
 * an error, which is in `problems`. */
bool score_record_read(Str path, Arena *arena, ProblemList *problems, ScoreRecord *record);

/* The same from the text of a report, whose texts it keeps. */
bool score_record_parse(Str path, Str text, Arena *arena, ProblemList *problems,
                        ScoreRecord *record);

/* What would be written of `score`; its texts are kept. */
ScoreRecord score_record_of(const Score *score, Str ruleset);

/* Whether a score of this rule set and selection compares with `record`, which is that of the
 * report at `path`; else an error in `problems` that says why not. */
bool score_record_check(const ScoreRecord *record, Str path, Str ruleset, Str selection,
                        ProblemList *problems);

/* The category's value, or with SCORE_CATEGORIES the overall one; -1: n/a. */
int32_t score_record_value(const ScoreRecord *record, uint32_t category);

#endif
