#include "ir/scope.h"

#include "ir/pod_makers.h"
#include "ir/unit.h"

/* What a number is about, so that a type is no namespace. */
typedef enum About {
    ABOUT_TYPE = 1,
    ABOUT_NAME,
    ABOUT_NAMESPACE,
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

static uint64_t number_of(About about, Str first, Str second)
{
    return add_text(add_text(add_byte(0xcbf29ce484222325u, (unsigned char)about), first), second);
}

static uint64_t of_type(Str type)
{
    return number_of(ABOUT_TYPE, type, STR(""));
}

static uint64_t of_pods(void)
{
    return number_of(ABOUT_PODS, STR(""), STR(""));
}

static uint64_t of_makers(Str namespace)
{
    return number_of(ABOUT_MAKERS, namespace, STR(""));
}

/* --- questions --- */

static void ask(ScopeQuestions *questions, uint64_t question)
{
    for (uint32_t i = 0; i < questions->count; i++)
        if (questions->items[i] == question)
            return;
    if (questions->count == SCOPE_QUESTIONS)
        questions->too_many = true;
    else
        questions->items[questions->count++] = question;
}

static bool is_any(Str namespace)
{
    return str_eq(namespace, STR("default"));
}

void scope_ask_type(ScopeQuestions *questions, Str type)
{
    ask(questions, of_type(type));
}

void scope_ask_name(ScopeQuestions *questions, Str type, Str name)
{
    ask(questions, number_of(ABOUT_NAME, type, name));
    ask(questions, of_makers(STR("*")));
}

void scope_ask_namespace(ScopeQuestions *questions, Str type, Str namespace)
{
    if (is_any(namespace)) {
        scope_ask_type(questions, type);
        return;
    }
    ask(questions, number_of(ABOUT_NAMESPACE, type, namespace));
    ask(questions, number_of(ABOUT_NAMESPACE, type, STR("default")));
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

void scope_ask_pods(ScopeQuestions *questions, Str namespace, const Node *selector)
{
    const Entry *label = selector ? wanted_label(selector) : NULL;

    ask(questions,
        label ? number_of(ABOUT_LABEL, entry_key(label), node_text(&label->value)) : of_pods());
    if (is_any(namespace)) {
        ask(questions, of_makers(STR("*")));
        return;
    }
    ask(questions, of_makers(namespace));
    ask(questions, of_makers(STR("default")));
    ask(questions, of_makers(STR("")));
}

/* --- facts --- */

static void add_pods(const Resource *resource, ScopeFactFn *each, void *context)
{
    const Node *labels = node_get_named(resource->pod, STR("labels"));

    each(context, of_pods());
    for (uint32_t i = 0; labels && labels->kind == NODE_MAP && i < labels->count; i++) {
        const Entry *label = &labels->as.entries[i];
        if (label->value.kind == NODE_STRING)
            each(context, number_of(ABOUT_LABEL, entry_key(label), node_text(&label->value)));
    }
}

void scope_facts(const Unit *unit, ScopeFactFn *each, void *context)
{
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        const Resource *resource = &unit->resources[i];
        Str namespace;
        each(context, of_type(resource->type_name));
        each(context, number_of(ABOUT_NAME, resource->type_name, resource->name));
        each(context, number_of(ABOUT_NAMESPACE, resource->type_name, resource->namespace));
        if (resource->pod) {
            add_pods(resource, each, context);
        } else if (pod_maker(resource, &namespace)) {
            each(context, of_makers(namespace));
            each(context, of_makers(STR("*")));
        }
    }
}
