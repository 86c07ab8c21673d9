/*
 * scan/score.h - what a scan comes to, from 0 to 100
 *
 * `score/v1`, in whole numbers only; docs/scores.md has the formula and an example. A rule belongs
 * to one category and weighs by its severity and, up to ten, by the resources that it decided. What
 * it loses is its weight times the share of its verdicts that failed. Critical and high failures,
 * and input that could not be read, cap what is left.
 */
#ifndef PLUMB_SCAN_SCORE_H
#define PLUMB_SCAN_SCORE_H

#include "scan/evaluate.h"

#define SCORE_VERSION "score/v1"
#define SCORE_CATEGORIES (CATEGORY_DOCUMENTATION + 1)
#define SCORE_HASH_DIGITS 8

/* A rule's part. `lost` is in thousandths of a point of its category, before any cap. */
typedef struct RuleScore {
    const Rule *rule; /* may be NULL */
    Str id;
    Category category;
    Severity severity;
    RuleTally tally;
    uint32_t weight; /* 0: nothing that counts was decided */
    uint32_t lost;
} RuleScore;

/* The strictest that applies; in this order. */
typedef enum ScoreCap {
    SCORE_CAP_NONE,
    SCORE_CAP_INCOMPLETE, /* input that could not be read: at most 89 */
    SCORE_CAP_HIGH,       /* a high failure: at most 79 */
    SCORE_CAP_CRITICAL,   /* a critical failure: at most 59 */
} ScoreCap;

typedef struct ScoreValue {
    bool applicable; /* something was decided; else the score is n/a and `value` is 0 */
    uint32_t value;
    uint32_t uncapped;
    ScoreCap cap;              /* whether or not it took anything */
    const RuleScore *cap_rule; /* of SCORE_CAP_HIGH and _CRITICAL: the one that fails most often */
    uint32_t cap_rules;        /* how many fail as `cap_rule` does */
    uint32_t rules;            /* that decided something */
    uint64_t decided;          /* verdicts */
    uint64_t undecided;
    const RuleScore *lost; /* rules that lost points, those that lost most first */
    uint32_t lost_count;
} ScoreValue;

/* A score that was written down: what a later one is compared with. */
typedef struct ScoreRecord {
    Str version;
    Str ruleset;
    Str selection;
    int32_t categories[SCORE_CATEGORIES]; /* -1: n/a */
    int32_t overall;
} ScoreRecord;

typedef struct Score {
    ScoreValue categories[SCORE_CATEGORIES];
    ScoreValue overall;                    /* has no `lost` */
    bool incomplete;                       /* input could not be read */
    char selection[SCORE_HASH_DIGITS + 1]; /* hash of the rules that count and how they judge */
    uint32_t wanted;               /* the least that is asked for (--min-score); 0: nothing is */
    const ScoreRecord *before;     /* what it is compared with; NULL: nothing */
    const struct History *history; /* scan/history.h: scans up to this one; NULL: none is kept */
} Score;

/* The formula. Sets `weight` and `lost` of `rules`, sorts them, and keeps pointers to them. */
void score_compute(RuleScore *rules, uint32_t count, bool incomplete, Score *score);

/* The score of a scan whose rules came to `tallies`. In `arena`; NULL if that is spent. */
Score *score_of_scan(const EvalOptions *options, const Tallies *tallies, bool incomplete,
                     Arena *arena);

/* The hash of `Score.selection`, before anything is scanned. */
void score_selection(const EvalOptions *options, char digits[SCORE_HASH_DIGITS + 1]);

/* Whether the score is too low for what is asked for. What is n/a is never too low. */
bool score_is_below(const Score *score);

/* "A+" to "F", and "n/a". */
const char *score_grade(uint32_t value);
const char *score_value_grade(const ScoreValue *value);

/* Share of verdicts that were decided, in thousandths, rounded down; 1000 where there were none. */
uint32_t score_coverage(const ScoreValue *value);

/* The most that a cap leaves, and what a category weighs in the overall score. */
uint32_t score_cap_limit(ScoreCap cap);
const char *score_cap_name(ScoreCap cap); /* "none", "incomplete", "high", "critical" */
uint32_t score_category_weight(Category category);

/* "Security Baseline", ... */
const char *score_category_title(Category category);

#endif
