#include "ir/kustomize_generate.h"

#include "base/base64.h"
#include "base/buf.h"
#include "base/limits.h"
#include "ir/kustomize_read.h"
#include "ir/node_edit.h"
#include "syntax/text.h"

/* A generator at work. */
typedef struct Generator {
    const KustDir *dir;
    KustSet *set;
    const Node *item;
    const Node *options[2]; /* `generatorOptions` of the kustomization, `options` of the item */
    bool secret;
    Node body; /* of the object to be */
} Generator;

/* Characters on a line of the base64 that kustomize writes. */
enum { BASE64_LINE = 70 };

static Arena *arena_of(const Generator *g)
{
    return g->dir->build->unit->arena;
}

static Node *put(const Generator *g, Node *map, Str key, Node value)
{
    return node_put(map, g->dir->build->unit->symbols, key, value, arena_of(g));
}

/* A map of the object, made at its first use. */
static Node *map_at(const Generator *g, Node *holder, const char *key)
{
    Node *map = node_at(holder, str_of(key));

    return map ? map : put(g, holder, str_of(key), node_make_map(node_span(g->item), NULL, 0));
}

/* --- data --- */

/* As kustomize breaks it. */
static Str encode(Arena *arena, Str bytes)
{
    Str text = base64_encode(arena, bytes);
    Buf lines = buf_new(arena);

    if (text.size < BASE64_LINE)
        return text;
    for (; text.size; text = str_from(text, BASE64_LINE)) {
        buf_add(&lines, str_sub(text, 0, BASE64_LINE));
        buf_add_char(&lines, '\n');
    }
    return buf_str(&lines);
}

static void add_value(Generator *g, Str key, Str bytes, Span at)
{
    bool binary = !g->secret && text_valid(bytes) != bytes.size;
    Node *data = map_at(g, &g->body, binary ? "binaryData" : "data");
    Str text = binary || g->secret ? encode(arena_of(g), bytes) : bytes;

    if (!key.size)
        kust_error(g->dir->build, g->item, "a generated value has no key");
    else if (data && node_at(data, key))
        kust_error(g->dir->build, g->item, "the key `%.*s` is given twice", STR_ARG(key));
    else if (data)
        put(g, data, key, node_make_string(at, text));
}

/* The bytes of a file, and its place where it is text. One that is not there may be made when the
 * kustomization is built for use, as secrets are that nobody commits. */
static bool read_data(Generator *g, const Node *node, Str name, Str *bytes, Span *at)
{
    KustBuild *build = g->dir->build;
    Unit *unit = build->unit;
    Str path = kust_path(g->dir, name);
    Source *source;

    *at = node_span(node);
    if (!name.size || kust_leads_out(path) ||
        !build->files->read(build->files->context, path, unit->arena, bytes)) {
        kust_leave_out(build, node, "`%.*s` cannot be read: what it holds is not judged",
                       STR_ARG(name));
        return false;
    }
    if (bytes->size > LIMIT_KUSTOMIZE_DATA) {
        kust_leave_out(build, node, "`%.*s` is larger than what an object may hold", STR_ARG(name));
        return false;
    }
    source = text_valid(*bytes) == bytes->size ? sources_add(&unit->sources, path, *bytes) : NULL;
    if (source)
        *at = (Span){source->number, 0, bytes->size};
    return true;
}

/* KEY=VALUE, the value perhaps in quotes. */
static void add_literal(Generator *g, const Node *node)
{
    Str text = kust_text(g->dir->build, node), value;
    int64_t equals = str_find_char(text, '=');

    if (equals <= 0) {
        kust_error(g->dir->build, node, "a literal is KEY=VALUE");
        return;
    }
    value = str_from(text, (uint32_t)equals + 1);
    if (value.size > 1 && value.data[0] == value.data[value.size - 1] &&
        (value.data[0] == '"' || value.data[0] == '\''))
        value = str_sub(value, 1, value.size - 2);
    add_value(g, str_sub(text, 0, (uint32_t)equals), value, node_span(node));
}

/* PATH, or KEY=PATH. */
static void add_file(Generator *g, const Node *node)
{
    Str text = kust_text(g->dir->build, node), key, bytes;
    int64_t equals = str_find_char(text, '=');
    Span at;

    key = equals < 0 ? str_from(text, (uint32_t)(str_find_last_char(text, '/') + 1))
                     : str_sub(text, 0, (uint32_t)equals);
    if (read_data(g, node, str_from(text, (uint32_t)(equals + 1)), &bytes, &at))
        add_value(g, key, bytes, at);
}

/* A file with a KEY=VALUE on each line. */
static void add_env(Generator *g, const Node *node)
{
    Str bytes, rest, line;
    Span file;

    if (!read_data(g, node, kust_text(g->dir->build, node), &bytes, &file))
        return;
    rest = str_starts(bytes, STR("\xef\xbb\xbf")) ? str_from(bytes, 3) : bytes;
    while (str_split(&rest, '\n', &line)) {
        Span at = {file.source, file.start + (uint32_t)(line.data - bytes.data), 0};
        int64_t equals;
        at.end = at.start + line.size;
        if (str_ends(line, STR("\r")))
            line.size--;
        while (line.size && strchr(" \t\v\f\r", *line.data))
            line = str_from(line, 1);
        if (!line.size || *line.data == '#')
            continue;
        equals = str_find_char(line, '=');
        add_value(g, str_sub(line, 0, equals < 0 ? line.size : (uint32_t)equals),
                  equals < 0 ? STR("") : str_from(line, (uint32_t)equals + 1),
                  file.source == node->source ? file : at);
    }
}

static void add_each(Generator *g, const char *key, void (*add)(Generator *g, const Node *node))
{
    const Node *list = kust_list(g->item, key);

    for (uint32_t i = 0; list && i < list->count; i++)
        add(g, &list->as.items[i]);
}

static void add_data(Generator *g)
{
    const Node *env = node_get_named(g->item, STR("env"));

    add_each(g, "envs", add_env);
    if (env)
        add_env(g, env);
    add_each(g, "literals", add_literal);
    add_each(g, "files", add_file);
    if (g->secret)
        map_at(g, &g->body, "data");
}

/* --- objects --- */

static bool has_option(const Generator *g, const char *key)
{
    return kust_is_true(g->options[0], key) || kust_is_true(g->options[1], key);
}

static void add_pairs(Generator *g, Node *metadata, const char *key)
{
    for (int i = 0; i < 2; i++) {
        const Node *pairs = node_get_named(g->options[i], str_of(key));
        for (uint32_t j = 0; pairs && pairs->kind == NODE_MAP && j < pairs->count; j++) {
            const Entry *entry = &pairs->as.entries[j];
            Node *map = map_at(g, metadata, key);
            Str text = kust_text(g->dir->build, &entry->value);
            if (map)
                put(g, map, entry_key(entry), node_make_string(node_span(&entry->value), text));
        }
    }
}

/* What the item says of the object but for its data. */
static void add_head(Generator *g)
{
    KustBuild *build = g->dir->build;
    const Node *name = node_get_named(g->item, STR("name"));
    Span at = node_span(name ? name : g->item);
    Str namespace = kust_field(build, g->item, "namespace");
    Str type = kust_field(build, g->item, "type");
    Node *metadata;

    g->body = node_make_map(node_span(g->item), NULL, 0);
    put(g, &g->body, STR("apiVersion"), node_make_string(at, STR("v1")));
    put(g, &g->body, STR("kind"),
        node_make_string(at, g->secret ? STR("Secret") : STR("ConfigMap")));
    metadata = map_at(g, &g->body, "metadata");
    if (!metadata)
        return;
    put(g, metadata, STR("name"), node_make_string(at, kust_text(build, name)));
    if (namespace.size)
        put(g, metadata, STR("namespace"), node_make_string(at, namespace));
    add_pairs(g, metadata, "labels");
    add_pairs(g, metadata, "annotations");
    if (g->secret)
        put(g, &g->body, STR("type"), node_make_string(at, type.size ? type : STR("Opaque")));
    if (has_option(g, "immutable"))
        put(g, &g->body, STR("immutable"), node_make_bool(at, true));
}

/* --- merging into what is there --- */

/* Puts what `old` has in a map under what `own` has. */
static void merge_map(const Generator *g, Node *own, const Node *old, const char *key)
{
    const Node *below = node_get_named(old, str_of(key));
    Node *map;

    if (!below || below->kind != NODE_MAP || !below->count)
        return;
    map = map_at(g, own, key);
    for (uint32_t i = 0; map && i < below->count; i++)
        if (!node_at(map, entry_key(&below->as.entries[i])))
            node_put_entry(map, &below->as.entries[i], below->source, arena_of(g));
}

static void merge_into(Generator *g, KustObject *old, bool hashed, bool data)
{
    const Node *metadata = node_get_named(&old->body, STR("metadata"));
    Node *own = node_at(&g->body, STR("metadata"));
    const Node *namespace = node_get_named(metadata, STR("namespace"));

    if (!own)
        return;
    merge_map(g, own, metadata, "labels");
    merge_map(g, own, metadata, "annotations");
    if (data) {
        merge_map(g, &g->body, &old->body, "data");
        merge_map(g, &g->body, &old->body, "binaryData");
    }
    put(g, own, STR("name"), node_make_string(node_span(own), kust_name(old)));
    if (namespace)
        put(g, own, STR("namespace"), *namespace);
    old->body = g->body;
    old->patched = true;
    old->hashed = old->hashed && hashed;
}

static void run(Generator *g)
{
    KustBuild *build = g->dir->build;
    Str behavior = kust_field(build, g->item, "behavior");
    bool merges = str_eq(behavior, STR("merge")), replaces = str_eq(behavior, STR("replace"));
    bool hashed = !has_option(g, "disableNameSuffixHash");
    uint32_t count = 0;
    KustObject *object;

    add_head(g);
    add_data(g);
    object = kust_spend_look(build, g->set) ? kust_find(g->set, &g->body, &count) : NULL;
    if (count == 1 && (merges || replaces)) {
        merge_into(g, object, hashed, merges);
    } else if (merges || replaces) {
        if (!build->open)
            kust_error(build, g->item, "there is nothing to %.*s", STR_ARG(behavior));
    } else if ((object = kust_object(build, &g->body))) {
        object->hashed = hashed;
        kust_add(build, g->set, object, g->item);
    }
}

static void run_list(const KustDir *dir, KustSet *set, const char *key, bool secret)
{
    const Node *list = kust_list(dir->root, key);

    for (uint32_t i = 0; list && i < list->count; i++) {
        Generator g = {.dir = dir, .set = set, .item = &list->as.items[i], .secret = secret};
        g.options[0] = node_get_named(dir->root, STR("generatorOptions"));
        g.options[1] = node_get_named(g.item, STR("options"));
        if (g.item->kind == NODE_MAP)
            run(&g);
    }
}

void kust_generate(const KustDir *dir, KustSet *set)
{
    run_list(dir, set, "configMapGenerator", false);
    run_list(dir, set, "secretGenerator", true);
}
