/* Comments and annotations that suppress, in each format: what is read of them, and what they
 * cover. The first byte chooses the format. */
#include <assert.h>
#include <stdlib.h>

#include "ir/docker.h"
#include "ir/kubernetes.h"
#include "ir/terraform.h"
#include "rules/shipped.h"
#include "scan/suppress.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void build(Unit *unit, Source *source, uint8_t format)
{
    if (format == 0)
        terraform_build(unit, &source, 1);
    else if (format == 1)
        docker_build(unit, source);
    else
        kubernetes_build(unit, source);
}

/* Asks of some rules on each resource. */
static void ask(Suppressions *all, const Unit *unit, uint32_t rules)
{
    for (uint32_t i = 0; i < unit->resource_count && i < 20; i++) {
        Spot spot = spot_header(&unit->resources[i]);
        Str reason;
        spot.attribute = STR("a[0].b[\"c.d\"].e");
        for (uint32_t rule = 0; rule < rules; rule += 97)
            if (suppress_names(all, rule))
                suppress_covers(all, rule, ALIASES_ALL, SEVERITY_HIGH, &unit->resources[i], &spot,
                                &reason);
    }
    suppress_finish(all);
}

static void judge(Arena *arena, Str text, uint8_t format)
{
    RuleSet set = ruleset_shipped();
    const RuleSet *sets[] = {&set};
    Symbols symbols = ruleset_symbols(&set, NULL);
    EvalOptions options = {.sets = sets, .set_count = 1, .symbols = &symbols, .now = 1782864000};
    Unit unit = unit_new(arena, &symbols, NULL);
    Source *source = sources_add(&unit.sources, STR("in"), text);
    NameMemo memo = {.arena = arena};
    Suppressions *all;

    if (!source)
        return;
    build(&unit, source, format);
    all = suppress_read(&unit, &options, &memo);
    if (all)
        ask(all, &unit, ruleset_rule_count(&set));
    for (const Diag *diag = unit.diags.first; diag; diag = diag->next)
        assert(span_is_none(diag->span) || diag->span.end <= source->text.size + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new((size_t)256 << 20);
    char *copy = malloc(size ? size : 1);

    if (arena && copy && size) {
        memcpy(copy, data + 1, size - 1);
        judge(arena, (Str){copy, (uint32_t)size - 1}, data[0] % 3);
    }
    free(copy);
    arena_free(arena);
    return 0;
}
