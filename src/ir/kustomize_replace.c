#include "ir/kustomize_replace.h"

#include "ir/kustomize_path.h"
#include "ir/kustomize_read.h"
#include "ir/kustomize_select.h"
#include "ir/node_edit.h"
#include "ir/yaml_schema.h"

/* A replacement on its way to a target. */
typedef struct Writing {
    KustBuild *build;
    const Node *value;
    const Node *options; /* of the target, or NULL */
} Writing;

static Str delimiter_of(const KustBuild *build, const Node *options)
{
    return kust_field(build, options, "delimiter");
}

static int64_t index_of(const Node *options)
{
    const Node *index = node_get_named(options, STR("index"));

    return index && index->kind == NODE_INT ? index->as.integer : 0;
}

/* The `index`th part of a text; data NULL where it has fewer. */
static Str part_at(Str text, Str delimiter, int64_t index)
{
    for (;; index--) {
        int64_t end = str_find(text, delimiter);
        if (index == 0)
            return str_sub(text, 0, end < 0 ? text.size : (uint32_t)end);
        if (end < 0 || index < 0)
            return (Str){NULL, 0};
        text = str_from(text, (uint32_t)end + delimiter.size);
    }
}

/* `text` with one of its parts replaced; before the first and past the last, one is added. */
static Str with_part(Arena *arena, Str text, Str delimiter, int64_t index, Str part)
{
    Str old = index < 0 ? (Str){NULL, 0} : part_at(text, delimiter, index);

    if (index < 0)
        return str_format(arena, "%.*s%.*s%.*s", STR_ARG(part), STR_ARG(delimiter), STR_ARG(text));
    if (!old.data)
        return str_format(arena, "%.*s%.*s%.*s", STR_ARG(text), STR_ARG(delimiter), STR_ARG(part));
    return str_format(arena, "%.*s%.*s%.*s", (int)(old.data - text.data), text.data, STR_ARG(part),
                      STR_ARG(str_from(text, (uint32_t)(old.data - text.data) + old.size)));
}

/* A text that takes the type of what it replaces: "8080" is a number where one was. */
static Node typed(const Node *old, const Node *value, Str text)
{
    Node node = node_make_string(node_span(value), text);

    if (old->kind == NODE_STRING || old->kind == NODE_NULL)
        return node;
    node.kind = NODE_SCALAR;
    yaml_schema_scalar(YAML_SCHEMA_KUBERNETES, &node);
    return node;
}

static bool is_scalar(const Node *node)
{
    return node->kind != NODE_MAP && node->kind != NODE_LIST;
}

/* A value inside of a text, such as JSON in an annotation, is not put there: the text is unknown
 * then. */
static void write_field(void *context, Node *field, bool whole)
{
    const Writing *w = context;
    Arena *arena = w->build->unit->arena;
    Str delimiter = delimiter_of(w->build, w->options), text = kust_text(w->build, w->value);
    const Unknown *unknown;

    if (!whole) {
        unknown = unknown_new(arena, STR("a replacement inside of a text"));
        if (unknown)
            *field = node_make_unknown(node_span(w->value), unknown);
        return;
    }
    if (delimiter.size && is_scalar(field))
        text = with_part(arena, kust_text(w->build, field), delimiter, index_of(w->options), text);
    if (!is_scalar(w->value) || (field->kind == NODE_NULL && !delimiter.size))
        *field = node_copy(w->value, &w->build->budget, arena);
    else if (is_scalar(field))
        *field = typed(field, w->value, text);
    else
        *field = *w->value;
}

/* --- targets --- */

/* Whether an item of `reject` is for the object. */
static bool is_rejected(KustBuild *build, const Node *target, const KustObject *object)
{
    const Node *list = kust_list(target, "reject");
    bool rejected = false;

    for (uint32_t i = 0; list && !rejected && i < list->count; i++) {
        KustSelector *selector = kust_selector_new(build, &list->as.items[i]);
        rejected = selector && kust_selects_any(selector, object);
        kust_selector_free(selector);
    }
    return rejected;
}

static void write_path(const Writing *writing, KustObject *object, const Node *target, Str path)
{
    KustBuild *build = writing->build;
    Writing copy = *writing;
    KustVisitor visitor = {build, write_field, &copy, writing->value,
                           kust_is_true(writing->options, "create")};
    KustWords words;

    if (!kust_split_path(build->unit->arena, path, &words))
        return;
    if (!kust_visit(&visitor, &object->body, &words))
        kust_error(build, target, "%.*s %.*s has no field `%.*s`", STR_ARG(kust_kind(object)),
                   STR_ARG(kust_name(object)), STR_ARG(path));
}

static void write_object(const Writing *writing, KustObject *object, const Node *target)
{
    const Node *paths = kust_list(target, "fieldPaths");

    object->patched = true;
    if (!paths)
        write_path(writing, object, target, STR("metadata.name"));
    for (uint32_t i = 0; paths && i < paths->count; i++)
        write_path(writing, object, target, kust_text(writing->build, &paths->as.items[i]));
}

static void write_target(Writing *writing, KustSet *set, const Node *target)
{
    KustBuild *build = writing->build;
    const Node *select = node_get_named(target, STR("select"));
    KustSelector *selector;

    if (!select) {
        kust_error(build, target, "a target of a replacement selects nothing");
        return;
    }
    writing->options = node_get_named(target, STR("options"));
    selector = kust_selector_new(build, select);
    for (uint32_t i = 0; selector && i < set->count; i++)
        if (kust_selects_any(selector, set->items[i]) && !is_rejected(build, target, set->items[i]))
            write_object(writing, set->items[i], target);
    kust_selector_free(selector);
}

/* --- sources --- */

/* The one object that `source` names; NULL, reported, where there is none or several. */
static const KustObject *find_source(KustBuild *build, const KustSet *set, const Node *source)
{
    const KustObject *found = NULL;

    for (uint32_t i = 0; i < set->count && kust_spend(build, 1); i++) {
        if (!kust_is_named(build, source, set->items[i]))
            continue;
        if (found) {
            kust_error(build, source, "the source is more than one object");
            return NULL;
        }
        found = set->items[i];
    }
    if (!found && !build->open)
        kust_error(build, source, "the kustomization has no such object");
    return found;
}

/* A copy of the value that a source gives. */
static bool read_value(KustBuild *build, const KustSet *set, const Node *source, Node *value)
{
    const KustObject *object = find_source(build, set, source);
    Str path = kust_field(build, source, "fieldPath");
    const Node *options = node_get_named(source, STR("options")), *found;
    Str delimiter = delimiter_of(build, options), part;
    KustWords words;

    if (!object ||
        !kust_split_path(build->unit->arena, path.size ? path : STR("metadata.name"), &words))
        return false;
    found = kust_look_up(&object->body, &words);
    if (!found || found->kind == NODE_NULL)
        return kust_error(build, source, "%.*s %.*s has no field `%.*s`",
                          STR_ARG(kust_kind(object)), STR_ARG(kust_name(object)), STR_ARG(path));
    *value = node_copy(found, &build->budget, build->unit->arena);
    if (!delimiter.size)
        return true;
    part = part_at(kust_text(build, found), delimiter, index_of(options));
    if (!part.data)
        return kust_error(build, source, "the value has fewer parts");
    *value = node_make_string(node_span(found), part);
    return true;
}

static void replace(KustBuild *build, KustSet *set, const Node *item)
{
    const Node *source = node_get_named(item, STR("source"));
    const Node *given = node_get_named(item, STR("sourceValue"));
    const Node *targets = kust_list(item, "targets");
    Node value;
    Writing writing = {.build = build, .value = &value};

    if (!targets || (!source && !given)) {
        kust_error(build, item, "a replacement has a source and targets");
        return;
    }
    if (given)
        value = node_make_string(node_span(given), kust_text(build, given));
    else if (!read_value(build, set, source, &value))
        return;
    for (uint32_t i = 0; i < targets->count; i++)
        write_target(&writing, set, &targets->as.items[i]);
}

/* A file with a replacement, or a list of them. */
static void replace_file(const KustDir *dir, KustSet *set, const Node *path)
{
    YamlDocument *documents;
    uint32_t count = kust_named_documents(dir, path, &documents);

    for (uint32_t i = 0; i < count; i++) {
        const Node *root = &documents[i].root;
        if (root->kind == NODE_MAP)
            replace(dir->build, set, root);
        for (uint32_t j = 0; root->kind == NODE_LIST && j < root->count; j++)
            replace(dir->build, set, &root->as.items[j]);
    }
}

void kust_replacements(const KustDir *dir, KustSet *set)
{
    const Node *list = kust_list(dir->root, "replacements");

    for (uint32_t i = 0; list && i < list->count; i++) {
        const Node *path = node_get_named(&list->as.items[i], STR("path"));
        if (path)
            replace_file(dir, set, path);
        else
            replace(dir->build, set, &list->as.items[i]);
    }
}
