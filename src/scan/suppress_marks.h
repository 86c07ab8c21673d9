/*
 * scan/suppress_marks.h - what comments and annotations say that a finding is wanted
 *
 * The syntax of our own marks and of the peers', one comment or annotation at a time; where a mark
 * applies is for scan/suppress_range.h, and whom it names for scan/suppress.h. docs/suppressions.md
 * lists them all.
 */
#ifndef PLUMB_SCAN_SUPPRESS_MARKS_H
#define PLUMB_SCAN_SUPPRESS_MARKS_H

#include "base/diag.h"
#include "syntax/node.h"

/* Whose mark it is; in the order of config_words(CONFIG_SHAPE_TOOLS). */
typedef enum MarkTool {
    MARK_PLUMB,
    MARK_CHECKOV,
    MARK_TERRASCAN,
    MARK_TRIVY,
    MARK_TFSEC,
    MARK_HADOLINT,
    MARK_KICS,
    MARK_KUBE_LINTER,
    MARK_KUBE_SCORE,
    MARK_POLARIS,
    MARK_CONFIGURED, /* of hadolint's configuration, which speaks for many files */
} MarkTool;

/* What it covers. */
typedef enum MarkScope {
    MARK_NEXT,   /* what begins on its own line or, where it stands alone, below it */
    MARK_LINE,   /* that line only */
    MARK_AROUND, /* the block that it stands in */
    MARK_FILE,
    MARK_RESOURCE, /* of an annotation: what has it */
} MarkScope;

/* A day that never comes. */
#define MARK_FOREVER INT64_MAX

/* The first second of a day (UTC) that is written YYYY-MM-DD; false for anything else. */
bool mark_day(Str date, int64_t *start);

typedef struct Mark {
    MarkTool tool;
    MarkScope scope;
    Str name;      /* of a rule: id, alias or pattern */
    Str condition; /* what stands in brackets after it: "path", or "path=value" by comma */
    Str reason;    /* may be empty */
    int64_t until; /* Unix seconds from which on it counts no longer, or MARK_FOREVER */
    Span span;     /* of the name */
    Span range;    /* what it covers, once scan/suppress_range.h has set it; SPAN_NONE: nothing */
    Str module;    /* label of the module call that it covers, or empty */
} Mark;

typedef struct MarkList {
    Arena *arena;
    Mark *items;
    uint32_t count;
    uint32_t capacity;
} MarkList;

/* No unit may make more of them. */
#define MARK_LIMIT 4096u

/* Adds a mark, unless there are too many. */
void mark_add(MarkList *list, const Mark *mark);

/* Where the first comment of YAML or a Dockerfile may begin, which are those with a `#` and those in
 * a template's braces; text.size where there is none. */
uint32_t marks_begin(Str text);

/* Where, from `at` on, the next word stands that only a mark needs: a mark begins no later than on
 * the line of one. text.size where there is none. */
uint32_t marks_next(Str text, uint32_t at);

/* Whether `text` may hold a mark at all. */
bool marks_possible(Str text);

/* Adds the marks of a comment, whose text begins at `at`. What is meant as one of ours but cannot
 * be read is a warning, and no mark. */
void marks_of_comment(Str text, Span at, MarkList *list, DiagSink *diags);

/* Adds those of an annotation; `at` is its key. */
void marks_of_annotation(Str key, const Node *value, Span at, MarkList *list, DiagSink *diags);

/* A day, YYYY-MM-DD, to the second from which on it is over; false for anything else. */
bool mark_read_until(Str date, int64_t *until);

#endif
