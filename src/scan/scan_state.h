/*
 * scan/scan_state.h - a scan's own state, for the files that it is made of
 *
 * scan.c begins and ends it, schedule.c gives files to workers and keeps their order, scan_judge.c
 * is what a worker does with one, scan_report.c hands results over, scan_policies.c sees to
 * policies that are met on the way. Everyone else uses scan/scan.h.
 */
#ifndef PLUMB_SCAN_SCAN_STATE_H
#define PLUMB_SCAN_SCAN_STATE_H

#include <pthread.h>
#include <stdatomic.h>

#include "ir/str_map.h"
#include "scan/found_list.h"
#include "scan/held.h"
#include "scan/module_calls.h"
#include "scan/problem.h"
#include "scan/repeats.h"
#include "scan/scan.h"
#include "scan/unit_reader.h"

#define MAX_JOBS 64u

/* What an arena keeps from one file to the next: that of a worker, and one of results. */
#define UNIT_KEEP_BYTES ((size_t)2 << 20)
#define RESULT_KEEP_BYTES ((size_t)64 << 10)
/* Files between the one whose turn it is and the newest that a worker has, for each worker. */
#define AHEAD 8u
#define WINDOW (AHEAD * MAX_JOBS)
/* Files that lie ready for each of several workers. */
#define READY 4u
/* Files that a walk remembers, so that it need not be done twice. */
#define AHEAD_MAX 20000u
/* More than one worker pays off from so many files, or so many bytes of JSON, on. */
#define FIRST_FILES 4u
#define FIRST_BYTES ((uint64_t)1 << 20)

/* One file, from its discovery to its report; all of it lies in its own arena. */
typedef struct Done {
    Arena *arena;
    FoundFile file;
    const LeftFile *left; /* files of it that are no input after all */
    uint32_t left_count;
    bool read; /* plumb knows what it is */
    atomic_bool finished;
    bool starved;   /* there was no memory to judge it */
    bool elsewhere; /* a module that is judged where it is called */
    bool touched;   /* by what Selection knows of */
    bool heard;     /* it is not judged, and only read for what it means to others */
    VerdictSink sink;
    UnitFact *facts; /* of its manifests */
    uint32_t fact_count;
    uint32_t fact_capacity;
    uint32_t unit_count; /* that it made */
    bool spoils;         /* it may define anything: nobody knows what the tree lacks */
    uint32_t reported;   /* of its verdicts */
    struct Done *below;  /* in Scan.open */
} Done;

typedef struct Worker {
    bool met;        /* it has had a unit, and so what follows is made, or was not to be had */
    bool ready;      /* all of it was */
    Arena *arena;    /* of the unit that it works on */
    Arena *verdicts; /* of the file that it works on */
    Evaluator *evaluator;
    struct DockerKeys *docker_keys; /* ir/docker.h */
    Arena *tables;                  /* of what follows: as long as the worker */
    uint8_t *rules_used;
    Tallies *tallies;   /* of units that changes touch, or of all where nothing is known of those */
    Tallies *untouched; /* of the others */
} Worker;

/* A problem of a file until the end of the scan. A list, since an array that grows would leave
 * half of its bytes behind. */
typedef struct KeptProblem {
    Problem problem;
    struct KeptProblem *next;
} KeptProblem;

typedef struct Scan {
    const ScanOptions *options;
    const ScanObserver *observer;
    ScanResult *result;
    Arena *arena;
    CelPatterns *patterns;
    uint32_t rule_count;
    Tallies *tallies;   /* those of all workers */
    Tallies *untouched; /* of these: of units that changes do not touch */
    Worker *workers;
    uint32_t worker_count;

    /* What follows is guarded by `lock` while workers run. */
    pthread_mutex_t lock;
    pthread_cond_t reported;
    Discovery found;
    DiscoverOptions source_options;
    Discovery source;         /* its one root, if any, is where plans were made */
    FoundList ahead;          /* found while looking for calls, and not taken yet */
    FoundList unheard;        /* of an older tree: not judged, and not read yet for the others */
    Arena *cache_arena;       /* of the texts that were looked at then; or NULL */
    const ModuleCalls *calls; /* NULL before the first Terraform file */
    Done *window[WINDOW];     /* files by number: from `next`, whose turn it is, up to `taken` */
    uint64_t next;
    _Atomic(uint64_t) taken;
    _Atomic(uint64_t) given; /* how many of them a worker has; not guarded */
    bool exhausted;          /* no file is left */
    Done *open; /* directories that are not reported to their end: their files have others
                   between them; the innermost first */
    Arena *spare[WINDOW];
    uint32_t spare_count;
    Repeats kustomized; /* findings of kustomizations */
    Held held;
    KeptProblem *problem_first;
    KeptProblem *problem_last;
    ProblemList problems; /* of no file; in the end, all */
    Severity worst;
    bool any_failed;
    bool out_of_memory;

    PolicyText *policies; /* files with admission policies that were met; later by their paths */
    uint32_t policy_count;
    uint32_t policy_capacity;
    StrMap policy_paths;      /* of those files */
    const struct Scan *again; /* manifests judged by those, or NULL */
    bool is_again;            /* this is such a scan */
} Scan;

#endif
