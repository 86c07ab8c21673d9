/*
 * scan/suppress.h - findings that somebody wants to keep
 *
 * A comment or an annotation of the input names a rule, by its id or an alias, and so takes back
 * what that rule says there. Nothing is done for an input in which no mark can be.
 */
#ifndef PLUMB_SCAN_SUPPRESS_H
#define PLUMB_SCAN_SUPPRESS_H

#include "ir/str_map.h"
#include "scan/evaluate.h"
#include "scan/place.h"

typedef struct Suppressions Suppressions;

typedef struct CalledRule {
    const Rule *rule;
    uint32_t number; /* among all sets */
    AliasSet means;  /* so much of it */
} CalledRule;

typedef struct Called {
    CalledRule *items;
    uint32_t count;
    uint32_t capacity;
} Called;

/* What names of rules mean, for a worker, as far as its units had them. */
typedef struct NameMemo {
    Arena *arena;
    StrMap names; /* numbers in `items` + 1 */
    Called *items;
    uint32_t count;
    uint32_t capacity;
} NameMemo;

/* Those of `unit`, in its arena; NULL where there are none. Marks that cannot be read, are over,
 * name no rule, or lack a reason are reported to the unit's diagnostics. */
Suppressions *suppress_read(Unit *unit, const EvalOptions *options, NameMemo *memo);

/* Whether any of them names the rule with that number among all sets; takes NULL. */
bool suppress_names(const Suppressions *suppressions, uint32_t rule);

/* Whether one of them takes back a finding of that rule, by those names and with that severity at
 * `spot` of `resource`, which is noted as their use; `*reason` is what it says for it, and may be
 * empty. */
bool suppress_covers(Suppressions *suppressions, uint32_t rule, AliasSet aliases, Severity severity,
                     const Resource *resource, const Spot *spot, Str *reason);

/* Reports those that covered nothing, once all is judged. Takes NULL. */
void suppress_finish(Suppressions *suppressions);

#endif
