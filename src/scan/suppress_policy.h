/*
 * scan/suppress_policy.h - which suppressions count: `suppressions` of plumb.yaml
 *
 * What it refuses takes nothing back, and is reported with the reason.
 */
#ifndef PLUMB_SCAN_SUPPRESS_POLICY_H
#define PLUMB_SCAN_SUPPRESS_POLICY_H

#include "scan/settings.h"
#include "scan/suppress_marks.h"

typedef struct SuppressPolicy {
    uint32_t tools; /* bit n: marks of MarkTool n count */
    bool require_reason;
    bool require_until;
    uint32_t max_days;           /* until its end; 0: any number */
    const AliasSet *forbidden;   /* one for each rule: so much of its findings stays; NULL: none */
    uint8_t forbid_from;         /* findings of this severity or a higher one stay; SEVERITY_OWN: of
                                    none */
    const IgnoreLevel *allow_in; /* files whose marks count; NULL: all */
    Str base;                    /* what they are from */
} SuppressPolicy;

/* That of a configuration whose rules and paths are known, in `arena`; NULL where it has none. A
 * name that means no rule is reported to `diags`. */
const SuppressPolicy *suppress_policy(const SettingsRequest *request, Str base, Arena *arena,
                                      DiagSink *diags);

/* Why a mark in the file at `path` (from the boundary) does not count, as the end of a sentence,
 * and in `*help` what to do about it; NULL where it does. Takes a NULL policy. */
const char *suppress_refuses(const SuppressPolicy *policy, const Mark *mark, Str path, int64_t now,
                             const char **help);

#endif
