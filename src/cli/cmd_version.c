#include <unistd.h>

#include "cli/commands.h"
#include "plumb/plumb.h"
#include "rules/shipped.h"

int cmd_version(const Options *options, Arena *arena)
{
    Out out = out_new(STDOUT_FILENO, arena);
    RuleSet rules = ruleset_shipped();

    (void)options;
    out_printf(&out, "plumb %s (rules ", plumb_version());
    out_add(&out, ruleset_version(&rules));
    out_z(&out, ")\n");
    return out_flush(&out) ? SCAN_PASSED : SCAN_INCOMPLETE;
}
