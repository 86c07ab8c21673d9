#include "scan/rule_settings.h"

typedef struct Applier {
    const RuleSet *const *sets;
    uint32_t set_count;
    uint32_t total;
    Arena *arena;
    bool *selected;
    RuleParts *parts;
    uint8_t *severities;
    Node *params;
} Applier;

void rule_parts_switch(RuleParts *parts, bool *runs, AliasSet means, bool on)
{
    if (means == ALIASES_ALL) {
        *parts = (RuleParts){0, 0};
        *runs = on;
    } else if (!on) {
        *runs = *runs && (!parts->only || parts->only & ~means);
        parts->only &= ~means;
        parts->without |= means;
    } else {
        if (!*runs)
            *parts = (RuleParts){0, 0};
        if (!*runs || parts->only)
            parts->only |= means;
        parts->without &= ~means;
        *runs = true;
    }
}

static bool copy_selected(Applier *a, const RuleSettings *base)
{
    a->selected = ARENA_ARRAY(a->arena, bool, a->total + 1u);
    a->parts = ARENA_ARRAY(a->arena, RuleParts, a->total + 1u);
    for (uint32_t i = 0; a->selected && a->parts && i < a->total; i++) {
        a->selected[i] = base->selected[i];
        a->parts[i] = base->parts ? base->parts[i] : (RuleParts){0, 0};
    }
    return a->selected && a->parts;
}

static bool copy_severities(Applier *a, const uint8_t *base)
{
    a->severities = ARENA_ARRAY(a->arena, uint8_t, a->total + 1u);
    for (uint32_t i = 0; a->severities && i < a->total; i++)
        a->severities[i] = base ? base[i] : SEVERITY_OWN;
    return a->severities != NULL;
}

static bool copy_params(Applier *a, const Node *base)
{
    a->params = ARENA_ARRAY(a->arena, Node, a->total + 1u);
    for (uint32_t i = 0; a->params && i < a->total; i++)
        a->params[i] = base ? base[i] : node_make_null(SPAN_NONE);
    return a->params != NULL;
}

/* A copy of the rule's parameters with one set. */
static bool set_param(Applier *a, const RuleChange *change)
{
    Node *params = &a->params[change->rule];
    Node own = params->kind == NODE_MAP
                   ? *params
                   : rule_params(ruleset_rule_at(a->sets, change->rule), a->arena);
    Entry *entries = ARENA_ARRAY(a->arena, Entry, own.count + 1u);

    if (!entries)
        return false;
    for (uint32_t i = 0; i < own.count; i++) {
        entries[i] = own.as.entries[i];
        if (str_eq(entry_key(&entries[i]), change->param))
            entries[i].value = change->value;
    }
    *params = node_make_map(SPAN_NONE, entries, own.count);
    return true;
}

/* Where anything is on or off, `base` has the array of it. */
static bool apply_change(Applier *a, const RuleChange *change, const RuleSettings *base)
{
    switch (change->kind) {
    case RULE_CHANGE_ON:
    case RULE_CHANGE_OFF:
        if (!a->selected && !copy_selected(a, base))
            return false;
        rule_parts_switch(&a->parts[change->rule], &a->selected[change->rule], change->means,
                          change->kind == RULE_CHANGE_ON);
        return true;
    case RULE_CHANGE_SEVERITY:
        if (!a->severities && !copy_severities(a, base->severities))
            return false;
        a->severities[change->rule] = (uint8_t)change->severity;
        return true;
    case RULE_CHANGE_PARAM:
        return (a->params || copy_params(a, base->params)) && set_param(a, change);
    }
    return true;
}

bool rule_settings_apply(const RuleSettings *base, const RuleChanges *changes,
                         const RuleSet *const *sets, uint32_t set_count, Arena *arena,
                         RuleSettings *result)
{
    Applier a = {.sets = sets,
                 .set_count = set_count,
                 .total = ruleset_total(sets, set_count),
                 .arena = arena};

    for (uint32_t i = 0; i < changes->count; i++)
        if (!apply_change(&a, &changes->items[i], base))
            return false;
    *result = (RuleSettings){
        a.selected ? a.selected : base->selected, a.parts ? a.parts : base->parts,
        a.severities ? a.severities : base->severities, a.params ? a.params : base->params};
    return true;
}
