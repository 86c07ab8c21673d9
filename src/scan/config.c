#include "scan/config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* What it names is looked for among all rules, name by name. */

typedef struct Reader {
    Config *config;
    Arena *arena;
    DiagSink *diags;
    Str folder; /* of the file, with its slash; rules are found from there */
} Reader;

Config config_default(void)
{
    return (Config){.pod_security = POD_SECURITY_RESTRICTED,
                    .pod_security_minor = KUBERNETES_LATEST,
                    .kubernetes_minor = KUBERNETES_LATEST,
                    .fail_on = SEVERITY_HIGH,
                    .blocks = true,
                    .report_at = SEVERITY_INFO};
}

/* --- values --- */

static bool is_scalar(const Node *node)
{
    return node->kind == NODE_SCALAR || node->kind == NODE_STRING;
}

static bool is_empty(const Node *node)
{
    return node->kind == NODE_NULL ||
           (node->kind == NODE_SCALAR && node->count == 0 && !(node->flags & NODE_QUOTED));
}

Str config_text(const Node *node)
{
    return node && is_scalar(node) ? node_text(node) : STR("");
}

uint32_t config_text_count(const Node *node)
{
    return !node || is_empty(node) ? 0 : node->kind == NODE_LIST ? node->count : 1;
}

const Node *config_text_node(const Node *node, uint32_t index)
{
    return node->kind == NODE_LIST ? &node->as.items[index] : node;
}

bool config_bool(const Node *node)
{
    return str_eq(config_text(node), STR("true"));
}

/* A number of at most nine digits; false for anything else. */
static bool parse_number(Str text, uint32_t *number)
{
    *number = 0;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        *number = *number * 10 + (uint32_t)(text.data[i] - '0');
    }
    return text.size > 0 && text.size < 10;
}

uint32_t config_number(const Node *node)
{
    uint32_t number;

    return parse_number(config_text(node), &number) ? number : 0;
}

uint32_t config_word(ConfigShape shape, const Node *node)
{
    uint32_t count, i = 0;
    const Str *words = config_words(shape, &count);

    while (i < count && !str_eq(words[i], config_text(node)))
        i++;
    return i;
}

/* "latest", "v1.31" or "1.31". */
static bool parse_minor(Str text, uint16_t *minor)
{
    uint32_t number;

    *minor = KUBERNETES_LATEST;
    if (str_eq(text, STR("latest")))
        return true;
    if (str_starts(text, STR("v")))
        text = str_from(text, 1);
    if (!str_starts(text, STR("1.")) || text.size > 6 || !parse_number(str_from(text, 2), &number))
        return false;
    *minor = (uint16_t)number;
    return true;
}

/* "2026.1": numbers with points between them. */
static bool is_ruleset(Str text)
{
    Str part;
    uint32_t number, parts = 0;

    while (str_split(&text, '.', &part)) {
        if (!parse_number(part, &number))
            return false;
        parts++;
    }
    return parts > 0;
}

/* --- mistakes --- */

static void suggest(Reader *reader, Diag *diag, Str word, const Str *words, uint32_t count)
{
    Str near = str_nearest(word, words, count);

    if (near.size)
        diag_help(reader->diags, diag, "did you mean `%.*s`?", STR_ARG(near));
}

/* Suggests the nearest of the words, or says all of them. */
static void suggest_key(Reader *reader, Diag *diag, Str word, const Str *words, uint32_t count)
{
    Buf list = buf_new(reader->arena);

    if (str_nearest(word, words, count).size) {
        suggest(reader, diag, word, words, count);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        buf_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(words[i]));
    diag_help(reader->diags, diag, "the keys here are %.*s", STR_ARG(buf_str(&list)));
}

static void reject_key(Reader *reader, const Node *map, const Entry *entry, ConfigKey parent)
{
    Span span = {map->source, entry->key_start, entry->key_end};
    Str names[CONFIG_KEY_COUNT];
    uint32_t count = 0;

    for (ConfigKey key = CONFIG_ROOT + 1; key < CONFIG_KEY_COUNT; key++)
        if (config_key(key)->parent == parent)
            names[count++] = config_key(key)->name;
    suggest_key(reader,
                diag_error(reader->diags, DIAG_CONFIG, span, "unknown key `%.*s`",
                           STR_ARG(entry_key(entry))),
                entry_key(entry), names, count);
}

static void reject_value(Reader *reader, ConfigKey key, const Node *value, const char *wanted)
{
    diag_error(reader->diags, DIAG_CONFIG, node_span(value), "`%.*s` is %s",
               STR_ARG(config_key_path(key, reader->arena)), wanted);
}

static void reject_word(Reader *reader, ConfigKey key, ConfigShape shape, const Node *value)
{
    uint32_t count;
    const Str *words = config_words(shape, &count);
    Buf list = buf_new(reader->arena);
    Diag *diag;

    for (uint32_t i = 0; i < count; i++) {
        if (i)
            buf_add_z(&list, i + 1 == count ? " or " : ", ");
        buf_add(&list, words[i]);
    }
    diag = diag_error(reader->diags, DIAG_CONFIG, node_span(value), "`%.*s` is %.*s",
                      STR_ARG(config_key_path(key, reader->arena)), STR_ARG(buf_str(&list)));
    suggest(reader, diag, config_text(value), words, count);
}

/* --- reading --- */

static bool is_word(ConfigShape shape, const Node *value)
{
    uint32_t count;

    config_words(shape, &count);
    return config_word(shape, value) < count;
}

static void check_word(Reader *reader, ConfigKey key, ConfigShape shape, const Node *value)
{
    if (!is_word(shape, value))
        reject_word(reader, key, shape, value);
}

static void check_texts(Reader *reader, ConfigKey key, const Node *value)
{
    ConfigShape shape = config_key(key)->shape;

    for (uint32_t i = 0; i < config_text_count(value); i++) {
        const Node *item = config_text_node(value, i);
        if (!is_scalar(item) || !item->count)
            reject_value(reader, key, item, "a text or a list of texts");
        else if (shape == CONFIG_SHAPE_TOOLS)
            check_word(reader, key, shape, item);
    }
}

/* Maps by the names of rules, which are looked up once the rules are there. */
static void check_by_rule(Reader *reader, ConfigKey key, const Node *value)
{
    bool severities = config_key(key)->shape == CONFIG_SHAPE_SEVERITIES;

    if (value->kind != NODE_MAP) {
        reject_value(reader, key, value,
                     severities ? "a map of severities by rule" : "a map of parameters by rule");
        return;
    }
    for (uint32_t i = 0; i < value->count; i++) {
        const Node *item = &value->as.entries[i].value;
        if (severities)
            check_word(reader, key, CONFIG_SHAPE_SEVERITIES, item);
        else if (item->kind != NODE_MAP)
            reject_value(reader, key, item, "a map of parameters for each rule");
    }
}

static void check_number(Reader *reader, ConfigKey key, const Node *value)
{
    uint32_t most = config_number_most(config_key(key)->shape);
    uint32_t number;

    if (!parse_number(config_text(value), &number) || number == 0 || number > most)
        diag_error(reader->diags, DIAG_CONFIG, node_span(value), "`%.*s` is a number from 1 to %u",
                   STR_ARG(config_key_path(key, reader->arena)), most);
}

static void check_version(Reader *reader, ConfigKey key, const Node *value)
{
    uint16_t minor;

    if (!parse_minor(config_text(value), &minor))
        reject_value(reader, key, value, "`latest` or a version of Kubernetes such as v1.31");
}

static void read_map(Reader *reader, ConfigKey parent, const Node *map, const Node **nodes);

static ConfigPart *parts_new(Reader *reader, ConfigKey key, uint32_t count)
{
    ConfigPart *parts = ARENA_ARRAY(reader->arena, ConfigPart, count);

    if (key == CONFIG_OVERRIDES) {
        reader->config->overrides = parts;
        reader->config->override_count = parts ? count : 0;
    } else {
        reader->config->environments = parts;
        reader->config->environment_count = parts ? count : 0;
    }
    return parts;
}

/* A list of maps, or maps by name. */
static void read_parts(Reader *reader, ConfigKey key, const Node *value)
{
    bool named = config_key(key)->shape == CONFIG_SHAPE_NAMED;
    ConfigPart *parts;

    if (value->kind != (named ? NODE_MAP : NODE_LIST)) {
        reject_value(reader, key, value, named ? "a map of maps" : "a list of maps");
        return;
    }
    parts = parts_new(reader, key, value->count);
    for (uint32_t i = 0; parts && i < value->count; i++) {
        const Node *item = named ? &value->as.entries[i].value : &value->as.items[i];
        if (named)
            parts[i].name = entry_key(&value->as.entries[i]);
        read_map(reader, key, item, parts[i].nodes);
        if (key == CONFIG_OVERRIDES && item->kind == NODE_MAP &&
            !config_text_count(parts[i].nodes[CONFIG_OVERRIDE_PATHS]))
            diag_error(reader->diags, DIAG_CONFIG, node_span(item),
                       "an override needs `paths`: the files that it is about");
    }
}

static void read_value(Reader *reader, ConfigKey key, const Node *value, const Node **nodes)
{
    ConfigShape shape = config_key(key)->shape;

    switch (shape) {
    case CONFIG_SHAPE_MAP:
        read_map(reader, key, value, nodes);
        break;
    case CONFIG_SHAPE_LIST:
    case CONFIG_SHAPE_NAMED:
        read_parts(reader, key, value);
        break;
    case CONFIG_SHAPE_TEXTS:
    case CONFIG_SHAPE_PATHS:
    case CONFIG_SHAPE_GLOBS:
    case CONFIG_SHAPE_RULES:
    case CONFIG_SHAPE_TOOLS:
        check_texts(reader, key, value);
        break;
    case CONFIG_SHAPE_SEVERITIES:
    case CONFIG_SHAPE_PARAMS:
        check_by_rule(reader, key, value);
        break;
    case CONFIG_SHAPE_RULESET:
        if (!is_ruleset(config_text(value)))
            reject_value(reader, key, value, "the version of a rule set, such as \"2026.1\"");
        break;
    case CONFIG_SHAPE_VERSION:
        check_version(reader, key, value);
        break;
    case CONFIG_SHAPE_SCORE:
    case CONFIG_SHAPE_DAYS:
        check_number(reader, key, value);
        break;
    case CONFIG_SHAPE_LEVEL:
    case CONFIG_SHAPE_SEVERITY:
    case CONFIG_SHAPE_SEVERITY_NONE:
    case CONFIG_SHAPE_BOOL:
        check_word(reader, key, shape, value);
        break;
    }
}

static void reject_map(Reader *reader, ConfigKey parent, const Node *value)
{
    if (parent == CONFIG_ROOT)
        diag_error(reader->diags, DIAG_CONFIG, node_span(value), "plumb.yaml must be a map");
    else
        reject_value(reader, parent, value, "a map");
}

/* Reads a map that may have the keys below `parent` and nothing else. A key without a value is as
 * good as none. */
static void read_map(Reader *reader, ConfigKey parent, const Node *map, const Node **nodes)
{
    if (is_empty(map))
        return;
    if (map->kind != NODE_MAP) {
        reject_map(reader, parent, map);
        return;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        ConfigKey key = config_key_find(parent, entry_key(entry));
        if (key == CONFIG_ROOT) {
            reject_key(reader, map, entry, parent);
        } else if (!is_empty(&entry->value)) {
            nodes[key] = &entry->value;
            read_value(reader, key, &entry->value, nodes);
        }
    }
}

/* --- what they mean --- */

/* Paths are from the file's own directory. */
static void take_paths(Reader *reader, ConfigKey key, ConfigPaths *paths)
{
    const Node *node = reader->config->nodes[key];
    uint32_t count = config_text_count(node);

    paths->items = count ? ARENA_ARRAY(reader->arena, const char *, count) : NULL;
    for (uint32_t i = 0; paths->items && i < count; i++) {
        Str path = config_text(config_text_node(node, i));
        if (!str_starts(path, STR("/")))
            path = str_join(reader->arena, reader->folder, path);
        paths->items[paths->count] = str_copy_z(reader->arena, path);
        paths->count += paths->items[paths->count] != NULL;
    }
}

static void take_severities(Config *config)
{
    if (config->nodes[CONFIG_FAIL_ON]) {
        uint32_t word = config_word(CONFIG_SHAPE_SEVERITY_NONE, config->nodes[CONFIG_FAIL_ON]);
        config->blocks = word <= SEVERITY_CRITICAL;
        if (config->blocks)
            config->fail_on = (Severity)word;
    }
    if (config->nodes[CONFIG_REPORT_AT])
        config->report_at =
            (Severity)config_word(CONFIG_SHAPE_SEVERITY, config->nodes[CONFIG_REPORT_AT]);
}

static void take_values(Reader *reader)
{
    Config *config = reader->config;
    const Node *const *nodes = config->nodes;

    take_paths(reader, CONFIG_RULES, &config->rules);
    take_paths(reader, CONFIG_POLICIES, &config->policies);
    take_severities(config);
    config->ruleset = config_text(nodes[CONFIG_RULESET]);
    config->min_score = config_number(nodes[CONFIG_MIN_SCORE]);
    if (nodes[CONFIG_POD_SECURITY_LEVEL])
        config->pod_security =
            (PodSecurity)config_word(CONFIG_SHAPE_LEVEL, nodes[CONFIG_POD_SECURITY_LEVEL]);
    if (nodes[CONFIG_KUBERNETES_VERSION])
        parse_minor(config_text(nodes[CONFIG_KUBERNETES_VERSION]), &config->kubernetes_minor);
    config->pod_security_minor = config->kubernetes_minor;
    if (nodes[CONFIG_POD_SECURITY_VERSION])
        parse_minor(config_text(nodes[CONFIG_POD_SECURITY_VERSION]), &config->pod_security_minor);
}

Str config_judgement(const Config *config, Arena *arena)
{
    static const ConfigKey keys[] = {CONFIG_SEVERITIES,   CONFIG_PARAMS,
                                     CONFIG_OVERRIDES,    CONFIG_ENVIRONMENTS,
                                     CONFIG_SUPPRESSIONS, CONFIG_KUBERNETES_VERSION};
    Buf text = buf_new(arena);

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const Node *node = config->nodes[keys[i]];
        if (node) {
            buf_add(&text, config_key(keys[i])->name);
            buf_add(&text, node_dump(node, false, arena));
        }
    }
    return buf_str(&text);
}

static bool build(Reader *reader, const Node *root)
{
    uint32_t before = reader->diags->errors;

    read_map(reader, CONFIG_ROOT, root, reader->config->nodes);
    if (reader->diags->errors != before)
        return false;
    take_values(reader);
    return !arena_spent(reader->arena);
}

bool config_build(const Node *root, Arena *arena, DiagSink *diags, Config *config)
{
    Reader reader = {.config = config, .arena = arena, .diags = diags, .folder = STR("")};

    *config = config_default();
    return build(&reader, root);
}

/* --- the file --- */

Str config_find(Str directory, Str boundary, Arena *arena)
{
    static const char *const names[] = {"plumb.yaml", ".plumb.yaml"};

    for (;;) {
        int64_t slash = str_find_last_char(directory, '/');
        for (size_t i = 0; i < 2; i++) {
            Str path = str_format(arena, "%.*s/%s", STR_ARG(directory), names[i]);
            if (path.data && access(path.data, F_OK) == 0)
                return path;
        }
        if (slash < 0 || directory.size <= boundary.size)
            return STR("");
        directory = str_sub(directory, 0, (uint32_t)slash);
    }
}

bool config_read(Str path, Arena *arena, Sources *sources, DiagSink *diags, Config *config)
{
    const char *name = str_copy_z(arena, path);
    int error = ENOMEM;
    Str text;

    *config = config_default();
    config->path = path;
    if (name && file_read(AT_FDCWD, name, CONFIG_BYTES_MAX, arena, &text, &error))
        return config_parse(path, text, arena, sources, diags, config);
    diag_path_error(diags, DIAG_CONFIG, path, "cannot be read: %s", strerror(error));
    return false;
}

bool config_parse(Str path, Str text, Arena *arena, Sources *sources, DiagSink *diags,
                  Config *config)
{
    static const Symbols none;
    Reader reader = {.config = config, .arena = arena, .diags = diags};
    Source *source = sources_add(sources, path, text);
    YamlDocument *documents;
    uint32_t count;

    *config = config_default();
    config->path = path;
    reader.folder = str_sub(path, 0, (uint32_t)(str_find_last_char(path, '/') + 1));
    if (!source || !text_decode(source, arena, diags) ||
        !yaml_read(source, &none, arena, diags, &documents, &count))
        return false;
    if (count > 1) {
        diag_error(diags, DIAG_CONFIG, documents[1].span, "a configuration is one document");
        return false;
    }
    return count == 0 || build(&reader, &documents[0].root);
}
