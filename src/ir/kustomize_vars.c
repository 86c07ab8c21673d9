/* `vars` of a kustomization, which newer ones write as replacements. */
#include "base/buf.h"
#include "ir/kustomize_fields.h"
#include "ir/kustomize_path.h"
#include "ir/kustomize_replace.h"
#include "ir/kustomize_select.h"
#include "ir/node_edit.h"

/* A var with what it comes to. */
typedef struct Value {
    Str name;
    Node node;
} Value;

typedef struct Resolver {
    KustBuild *build;
    Value *values;
    uint32_t count;
} Resolver;

/* The object that `objref` names. */
static const KustObject *find_object(KustBuild *build, const KustSet *set, const Node *objref)
{
    Str api_version = kust_field(build, objref, "apiVersion");

    for (uint32_t i = 0; i < set->count && kust_spend(build, 1); i++) {
        const KustObject *object = set->items[i];
        Str own = node_string(node_get_named(&object->body, STR("apiVersion")));
        if (kust_is_named(build, objref, object) && (!api_version.size || str_eq(api_version, own)))
            return object;
    }
    return NULL;
}

void kust_note_vars(const KustDir *dir, const KustSet *set)
{
    KustBuild *build = dir->build;
    const Node *list = kust_list(dir->root, "vars");

    for (uint32_t i = 0; list && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        KustVar *grown =
            arena_grow(build->unit->arena, build->vars, build->var_count, &build->var_capacity,
                       (size_t)build->var_count + 1, sizeof *grown);
        if (!grown)
            return;
        build->vars = grown;
        grown[build->var_count++] =
            (KustVar){kust_field(build, item, "name"), item,
                      find_object(build, set, node_get_named(item, STR("objref")))};
    }
}

static const Value *find_value(const Resolver *r, Str name)
{
    for (uint32_t i = 0; i < r->count; i++)
        if (str_eq(r->values[i].name, name))
            return &r->values[i];
    return NULL;
}

/* `$$(NAME)` stands for itself. */
static bool take_reference(const Resolver *r, Str text, uint32_t at, const Value **value,
                           uint32_t *size)
{
    int64_t end;

    if (!str_starts(str_from(text, at), STR("$(")))
        return false;
    end = str_find_char(str_from(text, at), ')');
    *value = end < 0 ? NULL : find_value(r, str_sub(text, at + 2, (uint32_t)end - 2));
    *size = end < 0 ? 0 : (uint32_t)end + 1;
    return *value != NULL;
}

static void resolve_text(const Resolver *r, Node *field)
{
    Str text = node_text(field);
    Buf out = buf_new(r->build->unit->arena);
    const Value *value;
    uint32_t size;
    bool found = false;

    if (str_find(text, STR("$(")) < 0)
        return;
    for (uint32_t i = 0; i < text.size; i++) {
        if (str_starts(str_from(text, i), STR("$$"))) {
            buf_add_char(&out, '$');
            i++;
        } else if (take_reference(r, text, i, &value, &size)) {
            if (size == text.size) {
                *field = value->node;
                return;
            }
            buf_add(&out, kust_text(r->build, &value->node));
            i += size - 1;
            found = true;
        } else {
            buf_add_char(&out, text.data[i]);
        }
    }
    if (found)
        *field = node_make_string(node_span(field), buf_str(&out));
}

static void resolve(void *context, Node *field)
{
    const Resolver *r = context;

    if (!kust_spend(r->build, (uint64_t)field->count + 1))
        return;
    if (field->kind == NODE_STRING)
        resolve_text(r, field);
    for (uint32_t i = 0; field->kind == NODE_LIST && i < field->count; i++)
        resolve(context, &field->as.items[i]);
    for (uint32_t i = 0; field->kind == NODE_MAP && i < field->count; i++)
        resolve(context, &field->as.entries[i].value);
}

/* The fields of objects in which vars count. */
static void resolve_object(Resolver *r, KustObject *object)
{
    static const char *const pods[] = {"spec", "spec/template/spec",
                                       "spec/jobTemplate/spec/template/spec"};
    static const char *const parts[] = {"args", "command", "env/value", "volumeMounts/mountPath"};
    KustSetter setter = {resolve, r, NODE_NULL, &object->body};
    Arena *arena = r->build->unit->arena;

    object->patched = true;
    kust_set_fields(r->build, object, KUST_FIELDS_VAR, &setter);
    for (size_t i = 0; i < sizeof pods / sizeof *pods; i++)
        for (size_t j = 0; j < 2 * sizeof parts / sizeof *parts; j++) {
            Str path = str_format(arena, "%s/%s/%s", pods[i],
                                  j % 2 ? "initContainers" : "containers", parts[j / 2]);
            kust_set_field(r->build, object, &(KustField){.path = path}, &setter);
        }
}

static void read_var(Resolver *r, const KustVar *var)
{
    KustBuild *build = r->build;
    const Node *ref = node_get_named(var->item, STR("fieldref"));
    Str path;
    KustWords words;
    const Node *found = NULL;

    ref = ref ? ref : node_get_named(var->item, STR("fieldRef"));
    path = kust_field(build, ref, "fieldPath");
    if (!path.size)
        path = kust_field(build, ref, "fieldpath");
    if (var->object &&
        kust_split_path(build->unit->arena, path.size ? path : STR("metadata.name"), &words))
        found = kust_look_up(&var->object->body, &words);
    if (found)
        r->values[r->count++] = (Value){var->name, *found};
    else if (!build->open)
        kust_error(build, var->item, "the kustomization has no such value");
}

void kust_resolve_vars(KustBuild *build, KustSet *set)
{
    Resolver r = {build, ARENA_ARRAY(build->unit->arena, Value, build->var_count + 1), 0};

    for (uint32_t i = 0; r.values && i < build->var_count; i++)
        read_var(&r, &build->vars[i]);
    for (uint32_t i = 0; r.count && i < set->count; i++)
        resolve_object(&r, set->items[i]);
}
