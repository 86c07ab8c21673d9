#include "ir/shape_faults.h"

#include <math.h>

#include "base/limits.h"
#include "ir/shape_hint.h"

typedef struct Walk {
    ShapeSource source;
    const Unit *unit;
    Arena *arena;
    Symbol kind; /* of the object */
    uint32_t minor;
    Faults faults;
} Walk;

static bool is_spent(const Walk *w)
{
    return w->faults.count >= LIMIT_FAULTS || w->source.work > LIMIT_SHAPE_WORK;
}

/* Holder and field are those of `step`'s value. */
static void add_fault(Walk *w, Fault fault, const ShapeStep *holder, Str field)
{
    Faults *faults = &w->faults;
    Fault *items = arena_grow(w->arena, faults->items, faults->count, &faults->capacity,
                              faults->count + 1u, sizeof *items);

    if (!items)
        return;
    faults->items = items;
    fault.holder = shape_path(holder, w->arena);
    fault.field = field;
    items[faults->count++] = fault;
}

static Str step_name(const ShapeStep *step, Arena *arena)
{
    return step->entry ? entry_key(step->entry) : str_format(arena, "[%u]", step->index);
}

/* --- forms --- */

static bool holds_letter(Str text, char letter)
{
    return str_find_char(text, letter) >= 0;
}

/* Text that something else replaces before the object is applied: ${REPLICAS}, $(PORT), {{ port }},
 * <port>, %PORT%, @port@; a key such as `$patch`. */
static bool is_placeholder(Str text)
{
    return holds_letter(text, '$') || holds_letter(text, '{') || holds_letter(text, '<') ||
           holds_letter(text, '%') || holds_letter(text, '@') || str_find(text, STR("__")) >= 0;
}

/* The same of {{ port }} without quotes, which YAML takes for a map whose key is a map. */
static bool is_template(const Walk *w, const Node *node)
{
    const Source *source = sources_get(&w->unit->sources, node->source);

    return node->kind == NODE_MAP && source &&
           str_starts(str_from(source->text, node->start), STR("{{"));
}

/* 1.0 is written to JSON as 1. */
static bool is_whole(const Node *node)
{
    return node->kind == NODE_DOUBLE && node->as.number == floor(node->as.number);
}

static bool is_number(const Node *node)
{
    return node->kind == NODE_INT || node->kind == NODE_DOUBLE;
}

static bool has_form(const Node *node, ValueForm form)
{
    switch (form) {
    case FORM_ANY:
        return true;
    case FORM_STRING:
        return node->kind == NODE_STRING;
    case FORM_INTEGER:
        return node->kind == NODE_INT || is_whole(node);
    case FORM_NUMBER:
        return is_number(node);
    case FORM_BOOLEAN:
        return node->kind == NODE_BOOL;
    case FORM_QUANTITY:
        return is_number(node) || node->kind == NODE_STRING;
    case FORM_INT_OR_STRING:
        return node->kind == NODE_INT || is_whole(node) || node->kind == NODE_STRING;
    case FORM_LIST:
        return node->kind == NODE_LIST;
    case FORM_OBJECT:
    case FORM_MAP:
        return node->kind == NODE_MAP;
    }
    return true;
}

static bool is_scalar(const Node *node)
{
    return node->kind == NODE_BOOL || is_number(node);
}

static Str form_hint(const Node *node, ValueForm form)
{
    if (form == FORM_STRING && is_scalar(node))
        return STR(": put it in quotes");
    if (form == FORM_LIST && node->kind == NODE_MAP)
        return STR(": put a hyphen before it");
    return STR("");
}

static void report_form(Walk *w, const Node *node, const ShapeStep *step)
{
    ValueForm form = (ValueForm)step->shape.form;
    Fault fault = {.kind = FAULT_FORM,
                   .at = node,
                   .wanted = value_form_text(form),
                   .hint = form_hint(node, form)};

    if (!is_placeholder(node_string(node)) && !is_template(w, node) && step->outer)
        add_fault(w, fault, step->outer, step_name(step, w->arena));
}

/* --- values --- */

static void judge_value(Walk *w, const Node *node, const ShapeStep *step)
{
    const Node *allowed = node_get_named(step->shape.schema, STR("enum"));
    Fault fault = {.kind = FAULT_VALUE, .at = node};

    if (!allowed || allowed->kind != NODE_LIST || is_placeholder(node_string(node)) || !step->outer)
        return;
    w->source.work += allowed->count;
    for (uint32_t i = 0; i < allowed->count; i++)
        if (node_equal(node, &allowed->as.items[i]))
            return;
    add_fault(w, fault, step->outer, step_name(step, w->arena));
}

/* --- objects --- */

static void judge(Walk *w, const Node *node, const ShapeStep *step);

static void report_unknown(Walk *w, const Entry *entry, const ShapeStep *holder)
{
    Fault fault = {.kind = FAULT_UNKNOWN, .at = &entry->value};

    if (is_placeholder(entry_key(entry)))
        return;
    fault.hint = shape_hint(&w->source, holder, entry_key(entry), w->kind, w->arena);
    add_fault(w, fault, holder, entry_key(entry));
}

static void judge_field(Walk *w, const Entry *entry, const ShapeField *field,
                        const ShapeStep *holder)
{
    ShapeStep step = {.outer = holder, .entry = entry, .shape = field->shape};
    Fault fault = {.kind = FAULT_LATER, .at = &entry->value};

    if (field->since > w->minor && entry->value.kind != NODE_NULL) {
        fault.wanted = str_format(w->arena, "v1.%u", field->since);
        add_fault(w, fault, holder, entry_key(entry));
    }
    judge(w, &entry->value, &step);
}

static void report_missing(Walk *w, const Node *map, const ShapeStep *step)
{
    Fault fault = {.kind = FAULT_MISSING, .at = map};
    uint32_t next = 0;
    Str name;

    while (!is_spent(w) && shape_missing(&w->source, &step->shape, map, &next, &name))
        add_fault(w, fault, step, name);
}

/* Whether there is nothing to say of a field: it is a scalar, as it should be. Most are, and need
 * none of the rest. */
static bool is_plain(const Node *node, const ShapeField *field)
{
    return field->shape.form < FORM_OBJECT && !field->shape.schema && field->since == 0 &&
           has_form(node, (ValueForm)field->shape.form);
}

static void judge_map(Walk *w, const Node *map, const ShapeStep *step)
{
    uint32_t required = 0;

    w->source.work += map->count;
    for (uint32_t i = 0; i < map->count && !is_spent(w); i++) {
        const Entry *entry = &map->as.entries[i];
        ShapeField field;
        if (shape_field(&w->source, &step->shape, entry, &field)) {
            required += field.required;
            if (!is_plain(&entry->value, &field))
                judge_field(w, entry, &field, step);
        } else if (!step->shape.open) {
            report_unknown(w, entry, step);
        }
    }
    if (step->shape.schema || required < w->source.types->types[step->shape.value].required)
        report_missing(w, map, step);
}

/* --- what holds others --- */

static void judge_elements(Walk *w, const Node *node, const ShapeStep *outer)
{
    ShapeStep step = {.outer = outer, .shape = shape_element(&outer->shape)};

    w->source.work += node->count;
    if (step.shape.form == FORM_ANY)
        return;
    for (uint32_t i = 0; i < node->count && !is_spent(w); i++) {
        step.index = i;
        step.entry = node->kind == NODE_MAP ? &node->as.entries[i] : NULL;
        judge(w, step.entry ? &step.entry->value : &node->as.items[i], &step);
    }
}

/* The reader bounds the depth. */
static void judge(Walk *w, const Node *node, const ShapeStep *step)
{
    ValueForm form = (ValueForm)step->shape.form;

    if (form == FORM_ANY || node->kind == NODE_NULL || node->kind == NODE_UNKNOWN)
        return;
    if (!has_form(node, form))
        report_form(w, node, step);
    else if (form == FORM_OBJECT)
        judge_map(w, node, step);
    else if (form == FORM_LIST || form == FORM_MAP)
        judge_elements(w, node, step);
    else if (step->shape.schema)
        judge_value(w, node, step);
}

/* What sops has encrypted is text, whatever it was. */
static bool is_encrypted(const Node *body)
{
    return node_get_named(body, STR("sops")) != NULL;
}

Faults shape_faults(const ObjectTypes *types, Unit *unit, const Resource *resource, uint32_t minor,
                    Arena *arena)
{
    Walk walk = {.source = {.types = types, .symbols = unit->symbols},
                 .unit = unit,
                 .arena = arena,
                 .kind = resource->type,
                 .minor = minor};
    ShapeStep root = {.outer = NULL};

    if (shape_of_resource(&walk.source, unit, resource, &root.shape) &&
        !is_encrypted(&resource->body))
        judge(&walk, &resource->body, &root);
    walk.faults.work = walk.source.work;
    return walk.faults;
}
