#include "scan/config.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

#define CONFIG_BYTES ((size_t)1 << 20)

typedef struct Reader {
    Config *config;
    Arena *arena;
    DiagSink *diags;
    Str folder; /* of the file, with its slash; rules are found from there */
} Reader;

/* A key that may stand in a map, and what reads its value. */
typedef struct Key {
    Str name;
    void (*read)(Reader *reader, const Node *value);
} Key;

Config config_default(void)
{
    return (Config){.pod_security = POD_SECURITY_RESTRICTED,
                    .pod_security_minor = POD_SECURITY_LATEST};
}

/* --- values --- */

static Str text_of(const Node *node)
{
    return node->kind == NODE_SCALAR || node->kind == NODE_STRING ? node_text(node) : STR("");
}

static bool is_empty(const Node *node)
{
    return node->kind == NODE_NULL || (node->kind == NODE_SCALAR && node->count == 0);
}

static void reject_key(Reader *reader, const Node *map, const Entry *entry, const Key *keys,
                       uint32_t count)
{
    Span span = {map->source, entry->key_start, entry->key_end};
    Str names[8];
    Str near;
    Diag *diag;

    for (uint32_t i = 0; i < count; i++)
        names[i] = keys[i].name;
    near = str_nearest(entry_key(entry), names, count);
    diag = diag_error(reader->diags, DIAG_CONFIG, span, "unknown key `%.*s`",
                      STR_ARG(entry_key(entry)));
    if (near.size)
        diag_help(reader->diags, diag, "did you mean `%.*s`?", STR_ARG(near));
}

/* Reads a map that may have `keys` and nothing else. */
static void read_map(Reader *reader, const Node *map, const char *what, const Key *keys,
                     uint32_t count)
{
    if (is_empty(map))
        return;
    if (map->kind != NODE_MAP) {
        diag_error(reader->diags, DIAG_CONFIG, node_span(map), "%s must be a map", what);
        return;
    }
    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        uint32_t key = 0;
        while (key < count && !str_eq(keys[key].name, entry_key(entry)))
            key++;
        if (key < count)
            keys[key].read(reader, &entry->value);
        else
            reject_key(reader, map, entry, keys, count);
    }
}

#define READ_MAP(reader, map, what, keys)                                                          \
    read_map((reader), (map), (what), (keys), sizeof(keys) / sizeof *(keys))

static void read_level(Reader *reader, const Node *value)
{
    static const Str levels[] = {STR_INIT("privileged"), STR_INIT("baseline"),
                                 STR_INIT("restricted")};
    Str text = text_of(value);
    Str near;
    Diag *diag;

    for (uint32_t i = 0; i < 3; i++) {
        if (str_eq(text, levels[i])) {
            reader->config->pod_security = (PodSecurity)i;
            return;
        }
    }
    near = str_nearest(text, levels, 3);
    diag = diag_error(reader->diags, DIAG_CONFIG, node_span(value),
                      "the level is privileged, baseline or restricted");
    if (near.size)
        diag_help(reader->diags, diag, "did you mean `%.*s`?", STR_ARG(near));
}

/* "latest", "v1.31" or "1.31". */
static void read_version(Reader *reader, const Node *value)
{
    Str text = text_of(value);
    uint32_t minor = 0;

    if (str_eq(text, STR("latest"))) {
        reader->config->pod_security_minor = POD_SECURITY_LATEST;
        return;
    }
    if (str_starts(text, STR("v")))
        text = str_from(text, 1);
    if (str_starts(text, STR("1.")) && text.size > 2 && text.size <= 6) {
        text = str_from(text, 2);
        while (text.size && text.data[0] >= '0' && text.data[0] <= '9') {
            minor = minor * 10 + (uint32_t)(text.data[0] - '0');
            text = str_from(text, 1);
        }
        if (text.size == 0) {
            reader->config->pod_security_minor = (uint16_t)minor;
            return;
        }
    }
    diag_error(reader->diags, DIAG_CONFIG, node_span(value),
               "the version is `latest` or a Kubernetes version such as v1.31");
}

static void read_pod_security(Reader *reader, const Node *value)
{
    static const Key keys[] = {{STR_INIT("level"), read_level},
                               {STR_INIT("version"), read_version}};

    READ_MAP(reader, value, "kubernetes.pod-security", keys);
}

static void read_kubernetes(Reader *reader, const Node *value)
{
    static const Key keys[] = {{STR_INIT("pod-security"), read_pod_security}};

    READ_MAP(reader, value, "kubernetes", keys);
}

static void add_rules(Reader *reader, const Node *value)
{
    Config *config = reader->config;
    Str text = text_of(value);

    if (!text.size) {
        diag_error(reader->diags, DIAG_CONFIG, node_span(value),
                   "rules are the paths of directories or rule files");
        return;
    }
    if (text.data[0] != '/')
        text = str_join(reader->arena, reader->folder, text);
    config->rules[config->rule_count] = str_copy_z(reader->arena, text);
    config->rule_count += config->rules[config->rule_count] != NULL;
}

static void read_rules(Reader *reader, const Node *value)
{
    uint32_t count = value->kind == NODE_LIST ? value->count : 1;

    if (is_empty(value))
        return;
    reader->config->rules = ARENA_ARRAY(reader->arena, const char *, count);
    if (!reader->config->rules)
        return;
    if (value->kind != NODE_LIST)
        add_rules(reader, value);
    for (uint32_t i = 0; value->kind == NODE_LIST && i < count; i++)
        add_rules(reader, &value->as.items[i]);
}

/* "2026.1": numbers with points between them. */
static void read_ruleset(Reader *reader, const Node *value)
{
    Str text = text_of(value);
    bool good = text.size > 0;

    for (uint32_t i = 0; i < text.size; i++)
        good = good && (text.data[i] == '.' || (text.data[i] >= '0' && text.data[i] <= '9'));
    if (good)
        reader->config->ruleset = str_copy(reader->arena, text);
    else
        diag_error(reader->diags, DIAG_CONFIG, node_span(value),
                   "a rule set is pinned by its version, such as \"2026.1\"");
}

static bool build(Reader *reader, const Node *root)
{
    static const Key keys[] = {{STR_INIT("kubernetes"), read_kubernetes},
                               {STR_INIT("rules"), read_rules},
                               {STR_INIT("ruleset"), read_ruleset}};
    uint32_t before = reader->diags->errors;

    READ_MAP(reader, root, "plumb.yaml", keys);
    return reader->diags->errors == before && !arena_spent(reader->arena);
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
    static const Symbols none;
    const char *name = str_copy_z(arena, path);
    Reader reader = {.config = config, .arena = arena, .diags = diags};
    YamlDocument *documents;
    uint32_t count;
    Source *source;
    Str text;
    int error;

    *config = config_default();
    config->path = path;
    reader.folder = str_sub(path, 0, (uint32_t)(str_find_last_char(path, '/') + 1));
    if (!name || !file_read(AT_FDCWD, name, CONFIG_BYTES, arena, &text, &error)) {
        diag_path_error(diags, DIAG_CONFIG, path, "cannot be read: %s",
                        strerror(name ? error : ENOMEM));
        return false;
    }
    source = sources_add(sources, path, text);
    if (!source || !text_decode(source, arena, diags) ||
        !yaml_read(source, &none, arena, diags, &documents, &count))
        return false;
    if (count > 1) {
        diag_error(diags, DIAG_CONFIG, documents[1].span, "a configuration is one document");
        return false;
    }
    return count == 0 || build(&reader, &documents[0].root);
}
