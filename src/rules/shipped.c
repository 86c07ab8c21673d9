#include "rules/shipped.h"

#include <assert.h>

/* In build/KIND/ruleset.c. */
extern const unsigned char plumb_ruleset[];
extern const unsigned int plumb_ruleset_size;

RuleSet ruleset_shipped(void)
{
    RuleSet set = {.bytes = plumb_ruleset};
    bool good = ruleset_open(plumb_ruleset, plumb_ruleset_size, &set);

    assert(good);
    (void)good;
    return set;
}
