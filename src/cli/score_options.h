/*
 * cli/score_options.h - what --compare and --badge ask for
 */
#ifndef PLUMB_CLI_SCORE_OPTIONS_H
#define PLUMB_CLI_SCORE_OPTIONS_H

#include "cli/options.h"
#include "scan/score_record.h"

/* Reads the report that --compare names, if any, and checks that scores of the scan that `setup`
 * prepares compare with it. False after an error, which is in the setup's problems. */
bool score_before(const Options *options, Setup *setup, Arena *arena, ScoreRecord *before);

/* Writes the badge, if any is asked for; `score` may be NULL. False after an error that was told.
 */
bool score_badge(const Options *options, const Score *score, Arena *arena);

#endif
