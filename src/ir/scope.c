#include "ir/scope.h"

#include "ir/pod_makers.h"
#include "ir/unit.h"

/* What a number is about, so that a type is no namespace. */
typedef enum About {
    ABOUT_TYPE = 1,
    ABOUT_NAME,
    ABOUT_PODS,
    ABOUT_LABEL,
    ABOUT_MAKERS,
} About;

/* FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv), 64 bits. */
static uint64_t add_byte(uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * 0x100000001b3u;
}

static uint64_t add_text(uint64_t hash, Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        hash = add_byte(hash, (unsigned char)text.data[i]);
    return add_byte(hash, 0);
}

static uint64_t begin(About about)
{
    return add_byte(0xcbf29ce484222325u, (unsigned char)about);
}

uint64_t scope_of_type(Str type)
{
    return add_text(begin(ABOUT_TYPE), type);
}

uint64_t scope_of_name(Str type, Str name)
{
    return add_text(add_text(begin(ABOUT_NAME), type), name);
}

static uint64_t of_pods(Str namespace)
{
    return add_text(begin(ABOUT_PODS), namespace);
}

static uint64_t of_label(Str namespace, Str key, Str value)
{
    return add_text(add_text(add_text(begin(ABOUT_LABEL), namespace), key), value);
}

uint64_t scope_of_makers(Str namespace)
{
    return add_text(begin(ABOUT_MAKERS), namespace);
}

/* The first label that a selector wants with a value; NULL where it wants none for certain. */
static const Entry *wanted_label(const Node *selector)
{
    const Node *labels = node_get_named(selector, STR("matchLabels"));

    if (!labels || labels->kind != NODE_MAP)
        labels = node_get_named(selector, STR("matchExpressions")) ? NULL : selector;
    for (uint32_t i = 0; labels && labels->kind == NODE_MAP && i < labels->count; i++)
        if (labels->as.entries[i].value.kind == NODE_STRING)
            return &labels->as.entries[i];
    return NULL;
}

uint64_t scope_of_selector(Str namespace, const Node *selector)
{
    const Entry *label = selector ? wanted_label(selector) : NULL;

    return label ? of_label(namespace, entry_key(label), node_text(&label->value))
                 : of_pods(namespace);
}

void scope_ask(ScopeQuestions *questions, uint64_t question)
{
    for (uint32_t i = 0; i < questions->count; i++)
        if (questions->items[i] == question)
            return;
    if (questions->count == SCOPE_QUESTIONS)
        questions->too_many = true;
    else
        questions->items[questions->count++] = question;
}

static void add_pods(const Resource *resource, ScopeFactFn *each, void *context)
{
    const Node *labels = node_get_named(resource->pod, STR("labels"));

    each(context, of_pods(resource->namespace));
    for (uint32_t i = 0; labels && labels->kind == NODE_MAP && i < labels->count; i++) {
        const Entry *label = &labels->as.entries[i];
        if (label->value.kind == NODE_STRING)
            each(context,
                 of_label(resource->namespace, entry_key(label), node_text(&label->value)));
    }
}

void scope_facts(const Unit *unit, ScopeFactFn *each, void *context)
{
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        const Resource *resource = &unit->resources[i];
        Str namespace;
        each(context, scope_of_type(resource->type_name));
        each(context, scope_of_name(resource->type_name, resource->name));
        if (resource->pod)
            add_pods(resource, each, context);
        else if (pod_maker(resource, &namespace))
            each(context, scope_of_makers(namespace));
    }
}
