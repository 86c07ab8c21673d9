#include "scan/settings.h"

#include "base/buf.h"
#include "scan/param_value.h"

/* What a hostile file can make is bounded: names for which a suggestion is looked for, and changes,
 * as of a long list of patterns that all rules meet. */
#define MOST_SUGGESTIONS 100u
#define MOST_CHANGES 1000000u

typedef struct Resolver {
    const SettingsRequest *request;
    Arena *arena;
    DiagSink *diags;
    uint32_t total;
    uint32_t changes; /* all that were made */
} Resolver;

/* --- paths --- */

const IgnoreLevel *settings_patterns(const Node *node, Arena *arena)
{
    uint32_t count = config_text_count(node);
    IgnoreLevel *level = count ? ignore_level_new(NULL, STR(""), arena) : NULL;

    for (uint32_t i = 0; level && i < count; i++)
        ignore_read(level, config_text(config_text_node(node, i)), arena);
    return level;
}

/* --- names of rules --- */

typedef struct NamedRules {
    const SettingsRequest *request;
    Str name;
    uint32_t set;
    uint32_t index;
    uint32_t number; /* of the rule that was given, among all sets */
    AliasSet means;  /* so much of it */
    uint32_t next;
} NamedRules;

static NamedRules named_rules(const Resolver *r, Str name)
{
    return (NamedRules){.request = r->request, .name = name};
}

/* The next rule of that name; NULL after the last. */
static const Rule *next_rule(NamedRules *named)
{
    const SettingsRequest *request = named->request;

    for (; named->set < request->set_count; named->set++, named->index = 0) {
        const RuleSet *set = request->sets[named->set];
        while (named->index < ruleset_rule_count(set)) {
            const Rule *rule = ruleset_rule(set, named->index++);
            named->number = named->next++;
            named->means = rule_called(rule, named->name);
            if (named->means)
                return rule;
        }
    }
    return NULL;
}

bool settings_is_policy(Str name)
{
    return str_starts(name, STR("policy/")) || str_starts(name, STR("policy."));
}

/* A name that is in no file has SPAN_NONE. */
static void reject_name(Resolver *r, Str name, Span at)
{
    const SettingsRequest *request = r->request;
    Str near = {0};
    Diag *diag;

    if (settings_is_policy(name))
        return;
    if (r->diags->errors < MOST_SUGGESTIONS)
        near = ruleset_nearest(request->sets, request->set_count, name, r->arena);
    if (span_is_none(at))
        diag = diag_path_error(r->diags, DIAG_CONFIG, STR(""), "no rule is called `%.*s`",
                               STR_ARG(name));
    else
        diag = diag_error(r->diags, DIAG_CONFIG, at, "no rule is called `%.*s`", STR_ARG(name));
    if (near.size)
        diag_help(r->diags, diag, "did you mean `%.*s`?", STR_ARG(near));
    else
        diag_help(r->diags, diag, "`plumb rules` lists them");
}

/* --- which rules run --- */

/* A pattern does not bring in what is off by default; its own name does. */
static bool is_brought_in(const Resolver *r, const Rule *rule, Str name)
{
    return rule_default(rule) != RULE_OFF || r->request->all_verdicts ||
           !rule_name_is_pattern(name);
}

/* Which rules run, and what of them. */
typedef struct Chosen {
    bool *selected;
    RuleParts *parts;
} Chosen;

/* Switches the rules that `name` means. */
static void mark_rules(Resolver *r, Str name, Span at, bool value, const Chosen *chosen)
{
    NamedRules named = named_rules(r, name);
    const Rule *rule;
    bool found = false;

    while ((rule = next_rule(&named))) {
        found = true;
        if (!value || is_brought_in(r, rule, name))
            rule_parts_switch(&chosen->parts[named.number], &chosen->selected[named.number],
                              named.means, value);
    }
    if (!found)
        reject_name(r, name, at);
}

static void mark_list(Resolver *r, const Node *names, bool value, const Chosen *chosen)
{
    for (uint32_t i = 0; i < config_text_count(names); i++) {
        const Node *name = config_text_node(names, i);
        mark_rules(r, config_text(name), node_span(name), value, chosen);
    }
}

static void select_default(const Resolver *r, bool *selected)
{
    const SettingsRequest *request = r->request;
    uint32_t number = 0;

    for (uint32_t i = 0; i < request->set_count; i++)
        for (uint32_t j = 0; j < ruleset_rule_count(request->sets[i]); j++)
            selected[number++] = request->all_verdicts ||
                                 rule_default(ruleset_rule(request->sets[i], j)) != RULE_OFF;
}

/* --rule says alone what runs, else `only`, else the rules themselves. None where nothing could
 * change that. */
static bool select_rules(Resolver *r, RuleSettings *rules)
{
    const SettingsRequest *request = r->request;
    const Config *config = request->config;
    const Node *only = config->nodes[CONFIG_ONLY];
    Chosen chosen;

    if (!request->only_count && !request->skip_count && !only && !config->nodes[CONFIG_ENABLE] &&
        !config->nodes[CONFIG_DISABLE] && !config->override_count)
        return true;
    chosen = (Chosen){ARENA_ARRAY(r->arena, bool, r->total + 1u),
                      ARENA_ARRAY(r->arena, RuleParts, r->total + 1u)};
    rules->selected = chosen.selected;
    rules->parts = chosen.parts;
    if (!chosen.selected || !chosen.parts)
        return false;
    if (!request->only_count && !only)
        select_default(r, chosen.selected);
    for (uint32_t i = 0; i < request->only_count; i++)
        mark_rules(r, request->only[i], SPAN_NONE, true, &chosen);
    if (!request->only_count)
        mark_list(r, only, true, &chosen);
    return true;
}

static void skip_rules(Resolver *r, RuleSettings *rules)
{
    const SettingsRequest *request = r->request;
    Chosen chosen = {(bool *)rules->selected, (RuleParts *)rules->parts};

    /* select_rules() has made the arrays. */
    for (uint32_t i = 0; i < request->skip_count; i++)
        mark_rules(r, request->skip[i], SPAN_NONE, false, &chosen);
}

/* --- parameters --- */

static void add_change(Resolver *r, RuleChanges *changes, RuleChange change)
{
    RuleChange *items;

    if (r->changes++ == MOST_CHANGES)
        diag_error(r->diags, DIAG_CONFIG, change.at, "this says more of rules than can be kept");
    if (r->changes > MOST_CHANGES)
        return;
    items = arena_grow(r->arena, changes->items, changes->count, &changes->capacity,
                       (size_t)changes->count + 1, sizeof *items);
    if (!items)
        return;
    changes->items = items;
    items[changes->count++] = change;
}

static void reject_param(Resolver *r, const Rule *rule, Str name, Span at)
{
    Node params = rule_params(rule, r->arena);
    const Node *defaults = &params;
    Str *names = ARENA_ARRAY(r->arena, Str, defaults->count + 1u);
    Diag *diag = diag_error(r->diags, DIAG_CONFIG, at, "%.*s has no parameter `%.*s`",
                            STR_ARG(rule_id(rule)), STR_ARG(name));
    Buf list = buf_new(r->arena);
    Str near;

    if (!names || defaults->kind != NODE_MAP || !defaults->count) {
        diag_help(r->diags, diag, "it has none at all");
        return;
    }
    for (uint32_t i = 0; i < defaults->count; i++) {
        names[i] = entry_key(&defaults->as.entries[i]);
        buf_printf(&list, "%s`%.*s`", i ? ", " : "", STR_ARG(names[i]));
    }
    near = str_nearest(name, names, defaults->count);
    if (near.size)
        diag_help(r->diags, diag, "did you mean `%.*s`?", STR_ARG(near));
    else
        diag_help(r->diags, diag, "it has %.*s", STR_ARG(buf_str(&list)));
}

/* Whether the rule has that parameter, and so was meant. */
static bool add_param(Resolver *r, RuleChanges *changes, const Rule *rule, uint32_t number,
                      const Entry *entry, Span at)
{
    Node defaults = rule_params(rule, r->arena);
    const Node *own = node_get_named(&defaults, entry_key(entry));
    Node value;

    if (!own)
        return false;
    if (!param_value((NodeKind)own->kind, &entry->value, r->arena, &value))
        diag_error(r->diags, DIAG_CONFIG, node_span(&entry->value), "`%.*s` of %.*s is %s",
                   STR_ARG(entry_key(entry)), STR_ARG(rule_id(rule)),
                   param_kind_words((NodeKind)own->kind));
    else
        add_change(r, changes,
                   (RuleChange){.kind = RULE_CHANGE_PARAM,
                                .rule = number,
                                .param = entry_key(entry),
                                .value = value,
                                .at = at});
    return true;
}

/* Of several rules of a name, those without the parameter are not meant; one has to be. */
static void add_named_param(Resolver *r, RuleChanges *changes, Str name, const Entry *entry,
                            Span at)
{
    NamedRules named = named_rules(r, name);
    const Rule *rule, *last = NULL;
    uint32_t count = 0;
    bool meant = false;

    while ((rule = next_rule(&named))) {
        meant |= add_param(r, changes, rule, named.number, entry, at);
        last = rule;
        count++;
    }
    if (meant)
        return;
    if (count == 1)
        reject_param(r, last, entry_key(entry), at);
    else
        diag_error(r->diags, DIAG_CONFIG, at, "no rule of `%.*s` has a parameter `%.*s`",
                   STR_ARG(name), STR_ARG(entry_key(entry)));
}

static void add_params(Resolver *r, RuleChanges *changes, Str name, const Node *params)
{
    for (uint32_t i = 0; i < params->count; i++) {
        const Entry *entry = &params->as.entries[i];
        Span at = {params->source, entry->key_start, entry->key_end};
        add_named_param(r, changes, name, entry, at);
    }
}

/* --- what is said, in the order in which it holds --- */

static bool is_a_rule(Resolver *r, Str name, Span at)
{
    NamedRules named = named_rules(r, name);

    if (r->changes > MOST_CHANGES)
        return false; /* which is reported */
    if (next_rule(&named))
        return true;
    reject_name(r, name, at);
    return false;
}

/* Whether the command line says that the rule does not run. */
static bool is_ruled_out(const Resolver *r, const Rule *rule)
{
    const SettingsRequest *request = r->request;

    for (uint32_t i = 0; i < request->skip_count; i++)
        if (rule_called(rule, request->skip[i]) == ALIASES_ALL)
            return true;
    return request->only_count > 0;
}

/* Of a list of names, those that are patterns, or those that are none. */
static void add_names(Resolver *r, RuleChanges *changes, const Node *names, RuleChangeKind kind,
                      bool patterns)
{
    for (uint32_t i = 0; i < config_text_count(names); i++) {
        const Node *item = config_text_node(names, i);
        NamedRules named = named_rules(r, config_text(item));
        const Rule *rule;
        if (rule_name_is_pattern(named.name) != patterns ||
            !is_a_rule(r, named.name, node_span(item)))
            continue;
        while ((rule = next_rule(&named)))
            if (kind == RULE_CHANGE_OFF || !is_ruled_out(r, rule))
                add_change(r, changes,
                           (RuleChange){.kind = kind,
                                        .rule = named.number,
                                        .means = named.means,
                                        .at = node_span(item)});
    }
}

/* A name says more than a pattern; apart from that, what is disabled is. */
static void add_switches(Resolver *r, RuleChanges *changes, const Node *enable, const Node *disable)
{
    for (int patterns = 1; patterns >= 0; patterns--) {
        add_names(r, changes, enable, RULE_CHANGE_ON, patterns);
        add_names(r, changes, disable, RULE_CHANGE_OFF, patterns);
    }
}

static void add_severity(Resolver *r, RuleChanges *changes, Str name, const Entry *entry, Span at)
{
    NamedRules named = named_rules(r, name);
    Severity severity = (Severity)config_word(CONFIG_SHAPE_SEVERITIES, &entry->value);
    const Rule *rule, *part = NULL;
    bool whole = false;

    while ((rule = next_rule(&named))) {
        if (named.means != ALIASES_ALL) {
            part = rule;
            continue;
        }
        whole = true;
        add_change(r, changes,
                   (RuleChange){.kind = RULE_CHANGE_SEVERITY,
                                .rule = named.number,
                                .severity = severity,
                                .at = at});
    }
    if (part && !whole)
        diag_help(r->diags,
                  diag_error(r->diags, DIAG_CONFIG, at, "`%.*s` is only a part of %.*s",
                             STR_ARG(name), STR_ARG(rule_id(part))),
                  "a severity is given to a whole rule");
}

static void add_by_rule(Resolver *r, RuleChanges *changes, const Node *map, bool severities)
{
    for (uint32_t i = 0; map && map->kind == NODE_MAP && i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        Span at = {map->source, entry->key_start, entry->key_end};
        if (!is_a_rule(r, entry_key(entry), at))
            continue;
        if (severities)
            add_severity(r, changes, entry_key(entry), entry, at);
        else
            add_params(r, changes, entry_key(entry), &entry->value);
    }
}

static void resolve_override(Resolver *r, const ConfigPart *part, RuleOverride *override)
{
    override->paths = settings_patterns(part->nodes[CONFIG_OVERRIDE_PATHS], r->arena);
    add_switches(r, &override->changes, part->nodes[CONFIG_OVERRIDE_ENABLE],
                 part->nodes[CONFIG_OVERRIDE_DISABLE]);
    add_by_rule(r, &override->changes, part->nodes[CONFIG_OVERRIDE_SEVERITIES], true);
    add_by_rule(r, &override->changes, part->nodes[CONFIG_OVERRIDE_PARAMS], false);
}

static void resolve_overrides(Resolver *r, Settings *settings)
{
    const Config *config = r->request->config;
    uint32_t count = config->override_count;

    if (count > OVERRIDE_LIMIT) {
        diag_error(r->diags, DIAG_CONFIG, node_span(config->nodes[CONFIG_OVERRIDES]),
                   "there are %u overrides, and no more than %u are read", count, OVERRIDE_LIMIT);
        return;
    }
    settings->overrides = count ? ARENA_ARRAY(r->arena, RuleOverride, count) : NULL;
    for (uint32_t i = 0; settings->overrides && i < count; i++)
        resolve_override(r, &config->overrides[i], &settings->overrides[i]);
    settings->override_count = settings->overrides ? count : 0;
}

static void resolve_config(Resolver *r, Settings *settings)
{
    const Config *config = r->request->config;

    /* What the command line names alone runs, whatever the file says. */
    if (!r->request->only_count)
        add_switches(r, &settings->changes, config->nodes[CONFIG_ENABLE],
                     config->nodes[CONFIG_DISABLE]);
    add_by_rule(r, &settings->changes, config->nodes[CONFIG_SEVERITIES], true);
    add_by_rule(r, &settings->changes, config->nodes[CONFIG_PARAMS], false);
    resolve_overrides(r, settings);
}

bool settings_resolve(const SettingsRequest *request, Arena *arena, DiagSink *diags,
                      Settings *settings)
{
    Resolver r = {.request = request,
                  .arena = arena,
                  .diags = diags,
                  .total = ruleset_total(request->sets, request->set_count)};
    uint32_t before = diags->errors;
    RuleSettings chosen = {0};

    *settings = (Settings){0};
    if (!select_rules(&r, &chosen))
        return false;
    resolve_config(&r, settings);
    if (!rule_settings_apply(&chosen, &settings->changes, request->sets, request->set_count, arena,
                             &settings->rules))
        return false;
    skip_rules(&r, &settings->rules);
    return diags->errors == before && !arena_spent(arena);
}

const AliasSet *settings_rules(const SettingsRequest *request, const Node *names, Arena *arena,
                               DiagSink *diags)
{
    uint32_t total = ruleset_total(request->sets, request->set_count);
    Resolver r = {.request = request, .arena = arena, .diags = diags, .total = total};
    AliasSet *rules = names ? ARENA_ARRAY(arena, AliasSet, total + 1u) : NULL;

    for (uint32_t i = 0; rules && i < config_text_count(names); i++) {
        const Node *item = config_text_node(names, i);
        NamedRules named = named_rules(&r, config_text(item));
        if (!is_a_rule(&r, named.name, node_span(item)))
            continue;
        while (next_rule(&named))
            rules[named.number] |= named.means;
    }
    return rules;
}
