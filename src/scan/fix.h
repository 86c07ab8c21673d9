/*
 * scan/fix.h - how the edits of a rule put one finding right
 *
 * A rule says what is to be done in terms of its resource (docs/fixes.md); here it becomes edits of
 * the file. Whatever is in doubt gives no fix: text that was decoded out of other text, a rendered
 * chart, a plan, a value that only the run can tell.
 */
#ifndef PLUMB_SCAN_FIX_H
#define PLUMB_SCAN_FIX_H

#include "cel/machine.h"
#include "ir/unit.h"
#include "rules/ruleset.h"
#include "scan/verdict.h"
#include "syntax/hcl.h"

/* What is known of the file that the last fix was in, for the next one. Of one unit. */
typedef struct FixMaker {
    const Source *source;
    const HclBody *blocks; /* NULL until they are asked for */
    bool broken;           /* it could not be read as a whole */
    char digest[65];
} FixMaker;

static inline FixMaker fix_maker_new(void)
{
    return (FixMaker){0};
}

/* The fix of a finding on `resource`, in `arena`; NULL where there is none. `machine` has the
 * variables of the finding, and its unit. */
Fix *fix_make(FixMaker *maker, const Rule *rule, const Resource *resource, CelMachine *machine,
              Arena *arena);

#endif
