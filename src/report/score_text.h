/*
 * report/score_text.h - a score for people
 */
#ifndef PLUMB_REPORT_SCORE_TEXT_H
#define PLUMB_REPORT_SCORE_TEXT_H

#include "report/terminal.h"
#include "scan/score.h"

/* The overall score and those of the categories that were judged, a line each. With something to
 * compare with, before and after. Nothing for what is n/a altogether. */
void score_text_table(const Terminal *terminal, const Score *score);

/* Each category with its caps and every lost point, the largest first. */
void score_text_explain(const Terminal *terminal, const Score *score);

/* "score 62 is below 80 (--min-score 80)" where that is so. */
void score_text_wanted(const Terminal *terminal, const Score *score);

#endif
