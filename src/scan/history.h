/*
 * scan/history.h - the scores of earlier scans, kept in a file
 *
 * One row for each scan, in an SQLite database of one table, which other programs may read. A row
 * is written whole or not at all: runs wait for each other, and one that is killed or finds the
 * disk full leaves what was there before. A file that is damaged is put aside, which is said, and a
 * new one begun.
 */
#ifndef PLUMB_SCAN_HISTORY_H
#define PLUMB_SCAN_HISTORY_H

#include "scan/score_record.h"

typedef struct HistoryEntry {
    int64_t time; /* seconds since 1970 */
    Str name;     /* of what was scanned: "repository", "infra/prod" */
    Str branch;   /* both empty where nobody knows */
    Str commit;
    ScoreRecord score;
    bool incomplete;                        /* input could not be read */
    uint64_t failed[SEVERITY_CRITICAL + 1]; /* verdicts that cost points; none of severity info */
} HistoryEntry;

/* Oldest first. */
typedef struct History {
    HistoryEntry *entries;
    uint32_t count;
} History;

/* Which scans: of one name and branch, or where that is empty of all; of each name the last ones.
 */
typedef struct HistoryQuery {
    Str name;
    Str branch;
    uint32_t most;
} HistoryQuery;

/* What there is to keep of a score; the rest of the entry is zero. */
HistoryEntry history_entry(const Score *score, Str ruleset);

/* Adds a scan to the file at `path`, which is made if there is none. False after an error; that,
 * and a warning where a damaged file was put aside, is in `problems`. */
bool history_record(Str path, const HistoryEntry *entry, Arena *arena, ProblemList *problems);

/* The scans in the file, by name and then in the order in which they were recorded; in `arena`.
 * False after an error, which is in `problems`. */
bool history_read(Str path, const HistoryQuery *query, Arena *arena, ProblemList *problems,
                  History *history);

/* Whether two scans were judged by the same rules, so that their scores compare. */
bool history_compares(const HistoryEntry *a, const HistoryEntry *b);

/* How a score moved: the category's, or with SCORE_CATEGORIES the overall one. */
typedef struct HistoryTrend {
    const HistoryEntry *entries; /* those that compare with the last */
    uint32_t count;
    uint32_t judged; /* of these: not n/a; without any the rest means nothing */
    int32_t first;
    int32_t last;
    int32_t least;
    int32_t most;
} HistoryTrend;

HistoryTrend history_trend(const HistoryEntry *entries, uint32_t count, uint32_t category);

#endif
