#include "ir/kustomize_fields.h"

#include "base/buf.h"
#include "ir/node_edit.h"

static const struct {
    KustFieldList list;
    KustField field;
} known[] = {
#define KUST_FIELD(list, group, version, kind, path, create)                                       \
    {KUST_FIELDS_##list,                                                                           \
     {STR_INIT(group), STR_INIT(version), STR_INIT(kind), STR_INIT(path), create}},
#include "ir/kustomize_fields.def"
#undef KUST_FIELD
};

typedef struct Walk {
    KustBuild *build;
    const KustSetter *setter;
    bool create;
} Walk;

/* Takes the first word off a path. `*list` tells that it had [] at its end. */
static Str take_word(const Walk *w, Str *path, bool *list)
{
    Buf word = buf_new(w->build->unit->arena);
    uint32_t at = 0;
    Str text;

    for (; at < path->size && path->data[at] != '/'; at++) {
        bool escaped = path->data[at] == '\\' && at + 1 < path->size && path->data[at + 1] == '/';
        at += escaped;
        buf_add_char(&word, path->data[at]);
    }
    *path = str_from(*path, at + 1);
    text = buf_str(&word);
    *list = str_ends(text, STR("[]"));
    if (*list)
        text.size -= 2;
    return text;
}

static Node made(const Walk *w, bool last)
{
    return node_make(last ? w->setter->create : NODE_MAP, node_span(w->setter->at), 0);
}

static void walk(const Walk *w, Node *node, Str path);

static void walk_map(const Walk *w, Node *map, Str path)
{
    Unit *unit = w->build->unit;
    bool list, create;
    Str word = take_word(w, &path, &list);
    Node *field = node_at(map, word);

    create = w->create && w->setter->create != NODE_NULL && !list;
    if (!field && create)
        field = node_put(map, unit->symbols, word, made(w, !path.size), unit->arena);
    else if (field && field->kind == NODE_NULL && create)
        *field = made(w, !path.size);
    if (field)
        walk(w, field, path);
}

static void walk(const Walk *w, Node *node, Str path)
{
    if (!path.size) {
        w->setter->set(w->setter->context, node);
    } else if (node->kind == NODE_MAP) {
        walk_map(w, node, path);
    } else if (node->kind == NODE_LIST && kust_spend(w->build, node->count)) {
        for (uint32_t i = 0; i < node->count; i++)
            walk(w, &node->as.items[i], path);
    }
}

KustField kust_read_field(const KustBuild *build, const Node *item)
{
    return (KustField){kust_field(build, item, "group"), kust_field(build, item, "version"),
                       kust_field(build, item, "kind"), kust_field(build, item, "path"),
                       kust_is_true(item, "create")};
}

bool kust_field_matches(const KustField *field, const KustObject *object)
{
    return kust_is_word(field->kind, kust_kind(object)) &&
           kust_is_word(field->group, kust_group(object)) &&
           kust_is_word(field->version, kust_version(object));
}

void kust_set_field(KustBuild *build, KustObject *object, const KustField *field,
                    const KustSetter *setter)
{
    Walk w = {build, setter, field->create};

    if (kust_field_matches(field, object))
        walk(&w, &object->body, field->path);
}

void kust_set_fields(KustBuild *build, KustObject *object, KustFieldList list,
                     const KustSetter *setter)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].list == list)
            kust_set_field(build, object, &known[i].field, setter);
    for (uint32_t i = 0; i < build->own_field_count; i++)
        if (build->own_fields[i].list == list)
            kust_set_field(build, object, &build->own_fields[i].field, setter);
}
