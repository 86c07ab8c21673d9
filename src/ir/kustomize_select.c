#include "ir/kustomize_select.h"

#include <stdlib.h>

#include "base/regex.h"

enum { GROUP, VERSION, KIND, NAME, NAMESPACE, PATTERN_COUNT };

struct KustSelector {
    KustBuild *build;
    Regex *patterns[PATTERN_COUNT]; /* NULL: any */
    Str labels;
    Str annotations;
};

/* --- label selectors --- */

/* Takes what stands before the next comma that is not in parentheses. */
static bool take_part(Str *rest, Str *part)
{
    bool inside = false;
    uint32_t at = 0;

    if (!rest->size)
        return false;
    for (; at < rest->size && (inside || rest->data[at] != ','); at++)
        inside = rest->data[at] == '(' || (inside && rest->data[at] != ')');
    *part = str_trim(str_sub(*rest, 0, at));
    *rest = str_from(*rest, at + 1);
    return true;
}

/* `in (a, b)` after a key. */
static bool is_in_list(Str list, Str value)
{
    Str item;

    list = str_trim(list);
    if (!str_starts(list, STR("(")) || !str_ends(list, STR(")")))
        return false;
    list = str_sub(list, 1, list.size - 2);
    while (str_split(&list, ',', &item))
        if (str_eq(str_trim(item), value))
            return true;
    return false;
}

static uint32_t key_size(Str part)
{
    uint32_t size = 0;

    while (size < part.size && !strchr("=! \t", part.data[size]))
        size++;
    return size;
}

/* One requirement: `key`, `!key`, `key=value`, `key!=value`, `key in (...)`, `key notin (...)`. */
static bool meets(Str part, const Node *labels)
{
    bool negated = str_starts(part, STR("!"));
    Str key, rest, value;
    const Node *label;

    if (negated)
        part = str_trim(str_from(part, 1));
    key = str_sub(part, 0, key_size(part));
    rest = str_trim(str_from(part, key.size));
    label = node_get_named(labels, key);
    value = node_string(label);
    if (!rest.size)
        return (label != NULL) != negated;
    if (str_starts(rest, STR("in")))
        return label && is_in_list(str_from(rest, 2), value);
    if (str_starts(rest, STR("notin")))
        return !label || !is_in_list(str_from(rest, 5), value);
    if (str_starts(rest, STR("!=")))
        return !label || !str_eq(value, str_trim(str_from(rest, 2)));
    rest = str_from(rest, str_starts(rest, STR("==")) ? 2 : 1);
    return label && str_eq(value, str_trim(rest));
}

bool kust_selects_labels(Str selector, const Node *labels)
{
    Str part;

    while (take_part(&selector, &part))
        if (part.size && !meets(part, labels))
            return false;
    return true;
}

/* --- selectors --- */

static bool read_pattern(KustSelector *selector, const Node *target, const char *key, int which)
{
    KustBuild *build = selector->build;
    Str text = kust_field(build, target, key);
    char error[REGEX_ERROR_SIZE];

    if (!text.size)
        return true;
    text = str_format(build->unit->arena, "^(?:%.*s)$", STR_ARG(text));
    selector->patterns[which] = text.data ? regex_new(text, error) : NULL;
    if (text.data && !selector->patterns[which])
        return kust_error(build, target, "%s is no pattern: %s", key, error);
    return text.data != NULL;
}

KustSelector *kust_selector_new(KustBuild *build, const Node *target)
{
    static const char *const keys[] = {"group", "version", "kind", "name", "namespace"};
    KustSelector *selector = calloc(1, sizeof *selector);

    if (!selector)
        return NULL;
    selector->build = build;
    selector->labels = kust_field(build, target, "labelSelector");
    selector->annotations = kust_field(build, target, "annotationSelector");
    for (int i = 0; i < PATTERN_COUNT; i++) {
        if (!read_pattern(selector, target, keys[i], i)) {
            kust_selector_free(selector);
            return NULL;
        }
    }
    return selector;
}

void kust_selector_free(KustSelector *selector)
{
    for (int i = 0; selector && i < PATTERN_COUNT; i++)
        regex_free(selector->patterns[i]);
    free(selector);
}

static bool fits(const KustSelector *selector, int which, Str text)
{
    const Regex *pattern = selector->patterns[which];

    return !pattern ||
           regex_find(pattern, text, 0, selector->build->unit->arena, NULL, 0) == REGEX_FOUND;
}

/* What is not of an id. */
static bool fits_beside(const KustSelector *selector, const KustObject *object)
{
    const Node *metadata = node_get_named(&object->body, STR("metadata"));

    return kust_spend(selector->build, 1) && !object->gone &&
           fits(selector, GROUP, kust_group(object)) &&
           fits(selector, VERSION, kust_version(object)) &&
           kust_selects_labels(selector->labels, node_get_named(metadata, STR("labels"))) &&
           kust_selects_labels(selector->annotations, node_get_named(metadata, STR("annotations")));
}

bool kust_selects(const KustSelector *selector, const KustObject *object)
{
    KustId first = kust_id_at(object, 0), now = kust_id(object);

    return (fits(selector, NAMESPACE, first.namespace) ||
            fits(selector, NAMESPACE, now.namespace)) &&
           (fits(selector, NAME, first.name) || fits(selector, NAME, now.name)) &&
           fits(selector, KIND, now.kind) && fits_beside(selector, object);
}

bool kust_selects_any(const KustSelector *selector, const KustObject *object)
{
    for (uint32_t i = 0; i < kust_id_count(object); i++) {
        KustId id = kust_id_at(object, i);
        if (fits(selector, NAMESPACE, id.namespace) && fits(selector, NAME, id.name) &&
            fits(selector, KIND, id.kind))
            return fits_beside(selector, object);
    }
    return false;
}

bool kust_is_named(KustBuild *build, const Node *target, const KustObject *object)
{
    Str kind = kust_field(build, target, "kind"), name = kust_field(build, target, "name");
    Str namespace = kust_field(build, target, "namespace");

    if (!kust_is_word(kust_field(build, target, "group"), kust_group(object)) ||
        !kust_is_word(kust_field(build, target, "version"), kust_version(object)))
        return false;
    for (uint32_t i = 0; i < kust_id_count(object); i++) {
        KustId id = kust_id_at(object, i);
        if (kust_is_word(kind, id.kind) && kust_is_word(name, id.name) &&
            kust_is_word(namespace, id.namespace))
            return true;
    }
    return false;
}
