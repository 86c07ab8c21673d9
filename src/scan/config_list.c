#include "scan/config_list.h"

typedef struct Lister {
    const Setup *setup;
    const SetupOptions *options;
    SettingList list;
} Lister;

static void add_line(Lister *l, Str name, Str value, SettingSource source, Place place)
{
    SettingList *list = &l->list;
    SettingLine *grown = arena_grow(list->arena, list->items, list->count, &list->capacity,
                                    (size_t)list->count + 1, sizeof *grown);

    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = (SettingLine){name, value, source, place};
}

static Place place_at(const Setup *setup, Span span)
{
    Source *source = sources_get(&setup->config_sources, span.source);
    Place place = {.file = setup->config.path};

    if (source) {
        place.start = source_position(&setup->config_sources, source, span.start);
        place.end = source_position(&setup->config_sources, source, span.end);
    }
    return place;
}

static void add_node(Lister *l, Str name, const Node *node)
{
    add_line(l, name, config_text(node), SETTING_FILE, place_at(l->setup, node_span(node)));
}

static void add_given(Lister *l, Str name, Str value)
{
    add_line(l, name, value, SETTING_COMMAND_LINE, (Place){0});
}

static void add_default(Lister *l, Str name, Str value)
{
    add_line(l, name, value, SETTING_DEFAULT, (Place){0});
}

static Str join_name(Lister *l, Str parent, Str name)
{
    return str_format(l->list.arena, "%.*s.%.*s", STR_ARG(parent), STR_ARG(name));
}

/* --- what the command line says --- */

static void add_all_given(Lister *l, Str name, const StrList *values)
{
    for (uint32_t i = 0; i < values->count; i++)
        add_given(l, name, values->items[i]);
}

/* What options say that go with a list of the configuration; NULL for what is no such list. */
static const StrList *given_list(const SetupOptions *options, ConfigKey key)
{
    switch (key) {
    case CONFIG_RULES:
        return &options->rule_paths;
    case CONFIG_POLICIES:
        return &options->policies;
    case CONFIG_ONLY:
        return &options->rules;
    case CONFIG_DISABLE:
        return &options->skip_rules;
    case CONFIG_INCLUDE:
        return &options->paths;
    case CONFIG_EXCLUDE:
        return &options->skip_paths;
    default:
        return NULL;
    }
}

/* Adds what holds in place of the key, or beside it. Whether that is in place of it. */
static bool add_override(Lister *l, ConfigKey key, Str name)
{
    const SetupOptions *options = l->options;
    const StrList *list = given_list(options, key);

    if (list)
        add_all_given(l, name, list);
    switch (key) {
    case CONFIG_ONLY:
    case CONFIG_ENABLE:
    case CONFIG_DISABLE:
        return options->rules.count > 0;
    case CONFIG_FAIL_ON:
        if (options->fail_on_given)
            add_given(l, name,
                      options->blocks ? str_of(severity_name(options->fail_on)) : STR("none"));
        return options->fail_on_given;
    case CONFIG_REPORT_AT:
        if (options->report_at_given)
            add_given(l, name, str_of(severity_name(options->report_at)));
        return options->report_at_given;
    case CONFIG_MIN_SCORE:
        if (options->min_score)
            add_given(l, name, str_format(l->list.arena, "%u", options->min_score));
        return options->min_score > 0;
    case CONFIG_ACCEPT:
        if (options->no_suppressions)
            add_given(l, name, STR("none"));
        return options->no_suppressions;
    default:
        return false;
    }
}

/* --- what holds where nobody says anything --- */

static Str default_value(const Lister *l, ConfigKey key)
{
    switch (key) {
    case CONFIG_RULESET:
        return ruleset_version(&l->setup->shipped);
    case CONFIG_FAIL_ON:
        return STR("high");
    case CONFIG_REPORT_AT:
        return STR("info");
    case CONFIG_KUBERNETES_VERSION:
    case CONFIG_POD_SECURITY_VERSION:
        return STR("latest");
    case CONFIG_POD_SECURITY_LEVEL:
        return STR("restricted");
    case CONFIG_REQUIRE_REASON:
    case CONFIG_REQUIRE_UNTIL:
        return STR("false");
    case CONFIG_ACCEPT:
        return STR("all");
    default:
        return STR("");
    }
}

/* --- what plumb.yaml says --- */

static void add_texts(Lister *l, Str name, const Node *node)
{
    for (uint32_t i = 0; i < config_text_count(node); i++)
        add_node(l, name, config_text_node(node, i));
    if (!config_text_count(node))
        add_line(l, name, STR("none"), SETTING_FILE, place_at(l->setup, node_span(node)));
}

static Str value_text(Lister *l, const Node *node)
{
    return node->kind == NODE_LIST ? node_dump(node, false, l->list.arena) : config_text(node);
}

static void add_map(Lister *l, Str name, const Node *map, uint32_t depth)
{
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        Str path = join_name(l, name, entry_key(entry));
        if (depth && entry->value.kind == NODE_MAP)
            add_map(l, path, &entry->value, depth - 1);
        else
            add_line(l, path, value_text(l, &entry->value), SETTING_FILE,
                     place_at(l->setup, node_span(&entry->value)));
    }
}

static void add_value(Lister *l, ConfigKey key, Str name, const Node *node)
{
    switch (config_key(key)->shape) {
    case CONFIG_SHAPE_SEVERITIES:
        add_map(l, name, node, 0);
        break;
    case CONFIG_SHAPE_PARAMS:
        add_map(l, name, node, 1);
        break;
    case CONFIG_SHAPE_TEXTS:
    case CONFIG_SHAPE_PATHS:
    case CONFIG_SHAPE_GLOBS:
    case CONFIG_SHAPE_RULES:
    case CONFIG_SHAPE_TOOLS:
        add_texts(l, name, node);
        break;
    default:
        add_node(l, name, node);
    }
}

static void add_part(Lister *l, ConfigKey parent, Str name, const ConfigPart *part)
{
    for (ConfigKey key = CONFIG_ROOT + 1; key < CONFIG_KEY_COUNT; key++)
        if (config_key(key)->parent == parent && part->nodes[key])
            add_value(l, key, join_name(l, name, config_key(key)->name), part->nodes[key]);
}

static void add_parts(Lister *l, ConfigKey key, Str name)
{
    const Config *config = &l->setup->config;
    Arena *arena = l->list.arena;

    if (key == CONFIG_OVERRIDES)
        for (uint32_t i = 0; i < config->override_count; i++)
            add_part(l, key, str_format(arena, "%.*s[%u]", STR_ARG(name), i),
                     &config->overrides[i]);
    else
        for (uint32_t i = 0; i < config->environment_count; i++)
            add_part(l, key, join_name(l, name, config->environments[i].name),
                     &config->environments[i]);
}

static void add_key(Lister *l, ConfigKey key)
{
    const Node *const *nodes = l->setup->config.nodes;
    Str name = config_key_path(key, l->list.arena);
    const Node *node = nodes[key];
    uint32_t before = l->list.count;

    if (add_override(l, key, name))
        return;
    /* Pod Security goes by the cluster's version. */
    if (key == CONFIG_POD_SECURITY_VERSION && !node)
        node = nodes[CONFIG_KUBERNETES_VERSION];
    if (node)
        add_value(l, key, name, node);
    if (l->list.count == before)
        add_default(l, name, default_value(l, key));
}

SettingList config_list(const Setup *setup, const SetupOptions *options, Arena *arena)
{
    Lister l = {.setup = setup, .options = options, .list = {.arena = arena}};

    for (ConfigKey key = CONFIG_ROOT + 1; key < CONFIG_KEY_COUNT; key++) {
        ConfigShape shape = config_key(key)->shape;
        ConfigShape above = config_key(config_key(key)->parent)->shape;
        bool inside = above == CONFIG_SHAPE_LIST || above == CONFIG_SHAPE_NAMED;
        if (shape == CONFIG_SHAPE_LIST || shape == CONFIG_SHAPE_NAMED)
            add_parts(&l, key, config_key(key)->name);
        else if (shape != CONFIG_SHAPE_MAP && !inside)
            add_key(&l, key);
    }
    return l.list;
}

/* --- one file --- */

/* What is said last of each thing, in the order of the rules. */
typedef struct Said {
    const RuleChange **items;
    uint32_t count;
} Said;

static bool is_same_thing(const RuleChange *a, const RuleChange *b)
{
    bool both_switch = a->kind <= RULE_CHANGE_OFF && b->kind <= RULE_CHANGE_OFF;

    return a->rule == b->rule && (both_switch || a->kind == b->kind) &&
           (a->kind != RULE_CHANGE_PARAM || str_eq(a->param, b->param));
}

static void say(Said *said, const RuleChanges *changes)
{
    for (uint32_t i = 0; i < changes->count; i++) {
        const RuleChange *change = &changes->items[i];
        uint32_t at = 0;
        while (at < said->count && !is_same_thing(said->items[at], change))
            at++;
        said->items[at] = change;
        said->count += at == said->count;
    }
}

static Str change_value(const RuleChange *change, Arena *arena)
{
    switch (change->kind) {
    case RULE_CHANGE_ON:
        return STR("on");
    case RULE_CHANGE_OFF:
        return STR("off");
    case RULE_CHANGE_SEVERITY:
        return str_of(severity_name(change->severity));
    case RULE_CHANGE_PARAM:
        break;
    }
    return change->value.kind == NODE_STRING ? node_text(&change->value)
                                             : node_dump(&change->value, false, arena);
}

static void add_change(Lister *l, const RuleChange *change)
{
    const Rule *rule = ruleset_rule_at(l->setup->sets, change->rule);
    Str name = rule_id(rule);

    if (change->kind == RULE_CHANGE_SEVERITY)
        name = join_name(l, name, STR("severity"));
    else if (change->kind == RULE_CHANGE_PARAM)
        name = join_name(l, join_name(l, name, STR("params")), change->param);
    add_line(l, name, change_value(change, l->list.arena), SETTING_FILE,
             place_at(l->setup, change->at));
}

static void add_environment(Lister *l, Str path)
{
    const Environments *environments = &l->setup->scan.eval.environments;

    for (uint32_t i = 0; i < environments->count; i++) {
        const Node *paths = l->setup->config.environments[i].nodes[CONFIG_ENVIRONMENT_PATHS];
        if (paths && ignore_excludes_below(environments->items[i].paths, path)) {
            add_line(l, STR("environment"), environments->items[i].name, SETTING_FILE,
                     place_at(l->setup, node_span(paths)));
            return;
        }
    }
}

SettingList config_list_file(const Setup *setup, Str path, Arena *arena)
{
    Lister l = {.setup = setup, .list = {.arena = arena}};
    const Settings *settings = &setup->settings;
    uint32_t most = settings->changes.count;
    Said said = {0};

    for (uint32_t i = 0; i < settings->override_count; i++)
        most += settings->overrides[i].changes.count;
    said.items = ARENA_ARRAY(arena, const RuleChange *, most + 1u);
    if (!said.items)
        return l.list;
    say(&said, &settings->changes);
    for (uint32_t i = 0; i < settings->override_count; i++)
        if (ignore_excludes_below(settings->overrides[i].paths, path))
            say(&said, &settings->overrides[i].changes);
    add_environment(&l, path);
    for (uint32_t i = 0; i < said.count; i++)
        add_change(&l, said.items[i]);
    return l.list;
}
