/*
 * report/badge.h - the overall score as a picture
 */
#ifndef PLUMB_REPORT_BADGE_H
#define PLUMB_REPORT_BADGE_H

#include "base/out.h"
#include "scan/score.h"

/* An SVG that refers to nothing outside of itself. `score` may be NULL: n/a. */
void badge_svg(Out *out, const Score *score);

/* The same for an endpoint badge of shields.io, which draws it. */
void badge_json(Out *out, const Score *score);

#endif
