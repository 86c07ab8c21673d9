#include "scan/environment.h"

#include "scan/settings.h"

/* What is known of where a resource belongs. */
typedef struct Evidence {
    Str path;  /* from the boundary */
    Str below; /* from the directory that plumb.yaml speaks of; data NULL outside of it */
    Str namespace;
    Str name; /* of a Kubernetes object */
    Str workspace;
    const Node *variable; /* the value of the variable */
    const Node *tags[4];  /* maps that may have the tag or label */
} Evidence;

typedef enum Fit {
    FIT_NO,
    FIT_YES,
    FIT_UNKNOWN,
} Fit;

/* --- words --- */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool is_at(Str text, uint32_t at, Str word)
{
    if (text.size - at < word.size)
        return false;
    for (uint32_t i = 0; i < word.size; i++)
        if (lower(text.data[at + i]) != word.data[i])
            return false;
    return true;
}

static bool is_mark(const char *marks, char c)
{
    return c && strchr(marks, c);
}

/* Whether `prod` or `production` is the text, or a word of it between any of `marks`. */
static bool is_production(Str text, const char *marks)
{
    static const Str words[] = {STR_INIT("production"), STR_INIT("prod")};

    for (uint32_t at = 0; at + 4 <= text.size; at++) {
        if (lower(text.data[at]) != 'p' || (at > 0 && !is_mark(marks, text.data[at - 1])))
            continue;
        for (int i = 0; i < 2; i++) {
            uint32_t end = at + words[i].size;
            if (is_at(text, at, words[i]) && (end == text.size || is_mark(marks, text.data[end])))
                return true;
        }
    }
    return false;
}

static bool meets(const Node *patterns, Str text)
{
    for (uint32_t i = 0; text.size && i < config_text_count(patterns); i++)
        if (str_glob(config_text(config_text_node(patterns, i)), text))
            return true;
    return false;
}

/* --- tags and labels --- */

/* Whether a value fits: it meets one of the patterns or, with none given, says production. */
static Fit value_fits(const Node *value, const Node *patterns)
{
    Str text;

    if (!value)
        return FIT_NO;
    if (value->kind == NODE_UNKNOWN)
        return FIT_UNKNOWN;
    text = node_string(value);
    if (patterns ? meets(patterns, text) : is_production(text, "-_"))
        return FIT_YES;
    return FIT_NO;
}

static Fit either(Fit a, Fit b)
{
    return a == FIT_YES || b == FIT_YES           ? FIT_YES
           : a == FIT_UNKNOWN || b == FIT_UNKNOWN ? FIT_UNKNOWN
                                                  : FIT_NO;
}

static bool is_tag(Str key)
{
    return str_eq_nocase(key, STR("environment")) || str_eq_nocase(key, STR("env"));
}

/* `*unknown` is what could not be told. */
static Fit tags_fit(const Evidence *evidence, const Node *patterns, const Node **unknown)
{
    Fit fit = FIT_NO;

    for (uint32_t i = 0; i < 4; i++) {
        const Node *tags = evidence->tags[i];
        if (tags && tags->kind == NODE_UNKNOWN) {
            fit = either(fit, FIT_UNKNOWN);
            *unknown = tags;
        }
        for (uint32_t j = 0; tags && tags->kind == NODE_MAP && j < tags->count; j++) {
            const Entry *entry = &tags->as.entries[j];
            if (!is_tag(entry_key(entry)))
                continue;
            fit = either(fit, value_fits(&entry->value, patterns));
            if (entry->value.kind == NODE_UNKNOWN)
                *unknown = &entry->value;
        }
    }
    return fit;
}

/* What nobody has given to a variable says nothing, so that a module that is judged by itself is
 * still judged. */
static Fit values_fit(const Evidence *evidence, const Node *patterns, const Node **unknown)
{
    if (value_fits(evidence->variable, patterns) == FIT_YES)
        return FIT_YES;
    return tags_fit(evidence, patterns, unknown);
}

/* --- environments --- */

static Fit fits(const Environment *environment, const Evidence *evidence, const Node **unknown)
{
    if (evidence->below.data && ignore_excludes_below(environment->paths, evidence->below))
        return FIT_YES;
    if (meets(environment->namespaces, evidence->namespace) ||
        meets(environment->workspaces, evidence->workspace))
        return FIT_YES;
    return environment->values ? values_fit(evidence, environment->values, unknown) : FIT_NO;
}

static Fit is_prod(const Evidence *evidence, const Node **unknown)
{
    if (is_production(evidence->path, "/-_.") || is_production(evidence->namespace, "-_") ||
        is_production(evidence->name, "-_") || is_production(evidence->workspace, "-_"))
        return FIT_YES;
    return values_fit(evidence, NULL, unknown);
}

static Evidence evidence_of(const Environments *environments, const Unit *unit,
                            const Resource *resource, Str path)
{
    static const Str names[] = {STR_INIT("tags"), STR_INIT("tags_all"), STR_INIT("labels"),
                                STR_INIT("user_labels")};
    bool kubernetes = resource->format == FORMAT_KUBERNETES;
    Evidence evidence = {.path = path,
                         .namespace = resource->namespace,
                         .workspace = unit->workspace,
                         .variable = &unit->environment};

    if (str_starts(path, environments->base))
        evidence.below = str_from(path, environments->base.size);
    if (kubernetes)
        evidence.name = resource->name;
    for (uint32_t i = 0; !kubernetes && i < 4; i++)
        evidence.tags[i] = node_get_named(&resource->body, names[i]);
    if (kubernetes)
        evidence.tags[0] = node_path(&resource->body, "metadata.labels");
    return evidence;
}

CelValue environment_find(const Environments *environments, const Unit *unit,
                          const Resource *resource, Str path)
{
    Evidence evidence = evidence_of(environments, unit, resource, path);
    const Node *unknown = NULL;
    bool named = false;

    for (uint32_t i = 0; i < environments->count; i++) {
        const Environment *environment = &environments->items[i];
        named |= str_eq(environment->name, STR("prod"));
        if (fits(environment, &evidence, &unknown) == FIT_YES)
            return cel_string(environment->name);
    }
    if (!named && is_prod(&evidence, &unknown) == FIT_YES)
        return cel_string(STR("prod"));
    return unknown ? cel_from_node(unknown) : cel_string(STR(""));
}

bool environment_is_production(Str name)
{
    return is_production(name, "/-_.");
}

Environments environments_of(const Config *config, Str base, Arena *arena)
{
    uint32_t count = config->environment_count;
    Environment *items = count ? ARENA_ARRAY(arena, Environment, count) : NULL;

    for (uint32_t i = 0; items && i < count; i++) {
        const ConfigPart *part = &config->environments[i];
        items[i] =
            (Environment){.name = part->name,
                          .paths = settings_patterns(part->nodes[CONFIG_ENVIRONMENT_PATHS], arena),
                          .namespaces = part->nodes[CONFIG_ENVIRONMENT_NAMESPACES],
                          .workspaces = part->nodes[CONFIG_ENVIRONMENT_WORKSPACES],
                          .values = part->nodes[CONFIG_ENVIRONMENT_VALUES]};
    }
    return (Environments){items, items ? count : 0, base};
}
