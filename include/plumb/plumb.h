/*
 * plumb/plumb.h - libplumb: judge infrastructure as code from inside another program
 *
 *     static int show(void *context, const plumb_finding *finding)
 *     {
 *         printf("%s:%u: %s\n", finding->file, finding->line, finding->message);
 *         return 0;
 *     }
 *     ...
 *     plumb_status status = plumb_scan_path("deploy/", NULL, show, NULL);
 *
 * All texts are UTF-8 as far as the inputs are, and end with NUL. Functions may be called from
 * several threads at once; the callbacks of one scan come one at a time. No function prints, ends
 * the process, or opens a network connection.
 */
#ifndef PLUMB_PLUMB_H
#define PLUMB_PLUMB_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define PLUMB_API __attribute__((visibility("default")))
#else
#define PLUMB_API
#endif

/* The outcome of a scan; the same numbers as the exit status of the command. */
typedef enum plumb_status {
    PLUMB_PASSED = 0,
    PLUMB_FAILED = 1, /* a finding at or above `fail_on` */
    PLUMB_INCOMPLETE =
        2,           /* no verdict: something could not be read, or there was nothing to read */
    PLUMB_FAULT = 3, /* a fault of plumb's own, such as too little memory to begin */
} plumb_status;

typedef enum plumb_severity {
    PLUMB_INFO,
    PLUMB_LOW,
    PLUMB_MEDIUM,
    PLUMB_HIGH,
    PLUMB_CRITICAL,
    PLUMB_NEVER, /* as `fail_on`: no finding makes the scan fail */
} plumb_severity;

typedef enum plumb_outcome {
    PLUMB_PASS,
    PLUMB_FAIL,
    PLUMB_UNKNOWN,
    PLUMB_SUPPRESSED,
    PLUMB_ERROR, /* not a verdict: an input that could not be read; `rule` is the code of the error
                  */
} plumb_outcome;

/* One verdict or error. Texts live until the callback returns. docs/output.md says more. */
typedef struct plumb_finding {
    plumb_outcome outcome;
    plumb_severity severity;
    int enabled; /* it counts for the status */
    const char *rule;
    const char *resource;
    const char *attribute;
    const char *element;
    const char *file;
    unsigned line; /* from 1; 0 where only the file is known */
    unsigned column;
    unsigned end_line;
    unsigned end_column;
    const char *message;
    const char *cause; /* of PLUMB_UNKNOWN */
    const char *fix;
    const char *fingerprint;
} plumb_finding;

/* A result other than 0 stops further calls; the scan itself goes on to its status. */
typedef int plumb_finding_fn(void *context, const plumb_finding *finding);

/* What is left 0 has its default, so that a zeroed struct is `plumb scan` without options but for
 * `fail_on`, which plumb_options_init() sets. */
typedef struct plumb_options {
    const char *const *rules; /* directories and files of further rules */
    size_t rule_count;
    const char *config; /* instead of the nearest plumb.yaml */
    const char *root;   /* read nothing outside of it */
    plumb_severity report_at;
    plumb_severity fail_on;
    int all_verdicts;
    int show_unknown;
    int allow_empty;
    unsigned jobs; /* 0: one for each processor */
} plumb_options;

PLUMB_API void plumb_options_init(plumb_options *options);

/* Scans a file or directory. `options` may be NULL. */
PLUMB_API plumb_status plumb_scan_path(const char *path, const plumb_options *options,
                                       plumb_finding_fn *each, void *context);

/* Scans one text, whose kind its content tells: a stream of manifests, a plan, a Dockerfile. */
PLUMB_API plumb_status plumb_scan_buffer(const char *name, const void *text, size_t size,
                                         const plumb_options *options, plumb_finding_fn *each,
                                         void *context);

PLUMB_API const char *plumb_version(void);

#ifdef __cplusplus
}
#endif

#endif
