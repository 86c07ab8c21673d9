#include "ir/helm_values.h"

#include "base/buf.h"
#include "ir/helm_paths.h"
#include "ir/yaml_schema.h"
#include "syntax/go_template.h"
#include "syntax/yaml.h"

/* What a value is looked for. */
typedef struct Wanted {
    Unit *unit;
    const Node *body; /* of the resource */
    Str attribute;    /* what of it */
} Wanted;

/* --- where they are set --- */
static void read_file(Unit *unit, HelmValuesFile *file)
{
    DiagSink quiet = diags_new(unit->arena);
    YamlDocument *documents;
    uint32_t count;

    if (file->is_read)
        return;
    file->is_read = true;
    file->root = node_make_null(SPAN_NONE);
    yaml_read(file->source, unit->symbols, unit->arena, &quiet, &documents, &count);
    if (count && yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, unit->arena, &quiet))
        file->root = documents[0].root;
}

/* Leads as far into a tree as `path` goes; the place of the last key that is there is `*span`. True
 * where that is all of it. */
static bool walk(const Node **node, Str path, Span *span)
{
    Str key;

    while (str_split(&path, '.', &key)) {
        const Entry *entry = node_entry_named(*node, key);
        if (!entry)
            return false;
        *span = entry_span(*node, entry);
        *node = &entry->value;
    }
    return true;
}

/* One step of an attribute's path, and what is there in the resource. */
typedef struct Step {
    Str key; /* without data: a position in a list */
    uint32_t index;
    const Node *node; /* NULL where it is absent */
} Step;

/* Longer paths lead nowhere that values are given for. */
enum { STEPS_MAX = 64 };

static uint32_t read_index(Str text)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        number = number < 1000000 ? number * 10 + (uint32_t)(text.data[i] - '0') : number;
    return number;
}

/* Takes the first step off a path such as `a.b[0]["c.d"]`. */
static Step take_step(Str *path)
{
    Step step = {.key = {NULL, 0}};
    Str text = *path, inner;
    uint32_t size = 0;

    if (str_starts(text, STR("["))) {
        inner = str_from(text, 1);
        str_split(&inner, ']', &text);
        *path = inner;
        if (str_starts(text, STR("\"")))
            step.key = str_sub(text, 1, text.size > 1 ? text.size - 2 : 0);
        else
            step.index = read_index(text);
    } else {
        while (size < text.size && text.data[size] != '.' && text.data[size] != '[')
            size++;
        step.key = str_sub(text, 0, size);
        *path = str_from(text, size);
    }
    if (str_starts(*path, STR(".")))
        *path = str_from(*path, 1);
    return step;
}

static const Node *item_at(const Node *list, uint32_t index)
{
    return list && list->kind == NODE_LIST && index < list->count ? &list->as.items[index] : NULL;
}

static uint32_t read_steps(const Node *body, Str attribute, Step *steps)
{
    uint32_t count = 0;

    while (attribute.size && count < STEPS_MAX) {
        Step step = take_step(&attribute);
        body = step.key.data ? node_get_named(body, step.key) : item_at(body, step.index);
        step.node = body;
        steps[count++] = step;
    }
    return attribute.size ? 0 : count;
}

/* The item of a list of values that an item of a resource was made of: lists are put together, so
 * that positions say nothing. */
static const Node *find_item(const Node *list, const Node *item, uint32_t *index)
{
    Str name = node_string(node_get_named(item, STR("name")));

    for (uint32_t i = 0; list->kind == NODE_LIST && item && i < list->count; i++) {
        const Node *other = &list->as.items[i];
        if (name.size ? str_eq(node_string(node_get_named(other, STR("name"))), name)
                      : node_equal(other, item)) {
            *index = i;
            return other;
        }
    }
    return NULL;
}

/* Leads on from a value by steps; `*place` is that of the last one. */
static bool follow(const Node *node, const Step *steps, uint32_t count, Span *place, Buf *key)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index = 0;
        if (steps[i].key.data) {
            const Entry *entry = node_entry_named(node, steps[i].key);
            if (!entry)
                return false;
            *place = entry_span(node, entry);
            node = &entry->value;
            buf_printf(key, ".%.*s", STR_ARG(steps[i].key));
        } else {
            node = find_item(node, steps[i].node, &index);
            if (!node)
                return false;
            *place = node_span(node);
            buf_printf(key, "[%u]", index);
        }
    }
    return true;
}

/* Leads on from a value by the end of an attribute's path, as much of it as fits: what `toYaml`
 * printed. The rest of the key. */
static Str descend(const Node *node, const Node *body, Str attribute, Span *span, Arena *arena)
{
    Step steps[STEPS_MAX];
    uint32_t count = read_steps(body, attribute, steps);

    /* What is not there has no value, but what lacks it may have. */
    while (count && !steps[count - 1].node)
        count--;
    for (uint32_t from = 0; from < count; from++) {
        Buf key = buf_new(arena);
        Span place = *span;
        if (follow(node, steps + from, count - from, &place, &key)) {
            *span = place;
            return buf_str(&key);
        }
    }
    return STR("");
}

/* The subchart that a template belongs to: "charts/a/", or empty. */
static Str subchart_of(const HelmChart *chart, Str path)
{
    Str inside = str_from(path, chart->folder.size);
    int64_t at = str_find(inside, STR("templates/"));

    return at < 0 || !str_starts(inside, STR("charts/")) ? STR("")
                                                         : str_sub(inside, 0, (uint32_t)at);
}

/* A value of `subchart` as a file says it that belongs to `owner`, a chart that holds it. */
static Str seen_from(Str subchart, Str owner, Str path, Arena *arena)
{
    Str rest = str_from(subchart, owner.size), name;

    if (str_starts(path, STR("global.")))
        return path;
    while (str_starts(rest, STR("charts/"))) {
        Str after = str_from(rest, 7);
        name = after;
        str_split(&after, '/', &name);
        path = str_format(arena, "%.*s.%.*s", STR_ARG(name), STR_ARG(path));
        rest = after;
    }
    return path;
}

/* Looks in one file. What it does not set is worth knowing only where nobody sets it. */
static bool find_in(const Wanted *wanted, HelmValuesFile *file, Str path, HelmValue *value)
{
    Unit *unit = wanted->unit;
    const Node *node;
    Span span = SPAN_NONE;
    bool set;

    read_file(unit, file);
    node = &file->root;
    set = walk(&node, path, &span);
    if (span_is_none(span) || (!set && value->key.size))
        return false;
    value->key = path;
    value->set = set;
    if (set)
        value->key = str_join(unit->arena, path,
                              descend(node, wanted->body, wanted->attribute, &span, unit->arena));
    value->span = span;
    return set;
}

static bool find_value(const Wanted *wanted, Str subchart, Str path, HelmValue *value)
{
    Arena *arena = wanted->unit->arena;
    const HelmChart *chart = wanted->unit->chart;
    *value = (HelmValue){.key = {"", 0}};
    for (uint32_t i = 0; i < chart->file_count; i++) {
        HelmValuesFile *file = &chart->files[i];
        if (str_starts(subchart, file->chart) &&
            find_in(wanted, file, seen_from(subchart, file->chart, path, arena), value))
            return true;
    }
    return value->key.size > 0;
}

/* --- conditions --- */

/* Conditions inside each other that are followed. */
enum { TRUTH_DEPTH = 8 };

typedef struct Asking {
    Unit *unit;
    Str subchart;
    Str rest;
    uint32_t depth;
} Asking;

/* As Go's templates take a value for a condition. */
static HelmTruth truth_of(const Node *node)
{
    bool set = true;

    if (node->kind == NODE_NULL)
        set = false;
    else if (node->kind == NODE_BOOL)
        set = node->as.boolean;
    else if (node->kind == NODE_INT)
        set = node->as.integer != 0;
    else if (node->kind == NODE_DOUBLE)
        set = node->as.number != 0;
    else
        set = node->count > 0;
    return set ? HELM_TRUE : HELM_FALSE;
}

/* The first file that sets it counts, but for maps, which are put together. */
static HelmTruth truth_of_path(Unit *unit, Str subchart, Str path)
{
    const HelmChart *chart = unit->chart;
    HelmTruth truth = HELM_UNKNOWN;

    for (uint32_t i = 0; i < chart->file_count; i++) {
        HelmValuesFile *file = &chart->files[i];
        const Node *node;
        Span place;
        if (!str_starts(subchart, file->chart))
            continue;
        read_file(unit, file);
        node = &file->root;
        if (node->kind == NODE_MAP &&
            walk(&node, seen_from(subchart, file->chart, path, unit->arena), &place)) {
            if (node->kind != NODE_MAP || node->count)
                return truth_of(node);
        }
        if (str_eq(file->chart, subchart) && file->root.kind == NODE_MAP)
            truth = HELM_FALSE;
    }
    return truth;
}

static HelmTruth negate(HelmTruth truth)
{
    return truth == HELM_UNKNOWN ? truth : truth == HELM_TRUE ? HELM_FALSE : HELM_TRUE;
}

/* `or` is decided by what is true, `and` by what is false. */
static HelmTruth combine(HelmTruth decisive, HelmTruth a, HelmTruth b)
{
    if (a == decisive || b == decisive)
        return decisive;
    return a == HELM_UNKNOWN || b == HELM_UNKNOWN ? HELM_UNKNOWN : negate(decisive);
}

static HelmTruth ask_all(Asking *asking);
static HelmTruth ask_word(Asking *asking, Str word)
{
    static const Str values = STR_INIT(".Values.");
    HelmTruth truth = HELM_UNKNOWN;
    Str path = word;

    if (str_eq(word, STR("("))) {
        if (asking->depth == TRUTH_DEPTH)
            return HELM_UNKNOWN;
        asking->depth++;
        truth = ask_all(asking);
        asking->depth--;
        return truth;
    }
    if (str_starts(path, STR("$")))
        path = str_from(path, 1);
    path = str_starts(path, values) ? str_from(path, values.size) : STR("");
    if (path.size && helm_field_path(path).size == path.size)
        truth = truth_of_path(asking->unit, asking->subchart, path);
    return truth;
}

/* Up to the end or a closing bracket: a word, or what one of three functions makes of some. */
static HelmTruth ask_all(Asking *asking)
{
    HelmTruth truth = HELM_UNKNOWN;
    bool any = false, all = false, not = false;
    Str word;

    for (uint32_t count = 0; go_template_word(&asking->rest, &word); count++) {
        HelmTruth one;
        if (str_eq(word, STR(")")))
            break;
        if (count == 0 && (any = str_eq(word, STR("or"))))
            continue;
        if (count == 0 && (all = str_eq(word, STR("and"))))
            continue;
        if (count == 0 && (not = str_eq(word, STR("not"))))
            continue;
        one = ask_word(asking, word);
        if (count == 0 || (count == 1 && (any || all || not )))
            truth = one;
        else if (!any && !all)
            truth = HELM_UNKNOWN; /* some other function */
        else
            truth = combine(any ? HELM_TRUE : HELM_FALSE, truth, one);
    }
    return not ? negate(truth) : truth;
}

HelmTruth helm_values_truth(Unit *unit, uint32_t source, Str inner)
{
    const Source *template = sources_get(&unit->sources, source);
    int64_t set = str_find(inner, STR(":="));
    Asking asking = {.unit = unit, .rest = set < 0 ? inner : str_from(inner, (uint32_t)set + 2)};

    if (!unit->chart || !template)
        return HELM_UNKNOWN;
    asking.subchart = subchart_of(unit->chart, template->path);
    return ask_all(&asking);
}

bool helm_is_template(const Unit *unit, Span at)
{
    const Source *source = sources_get(&unit->sources, sources_origin(&unit->sources, at).source);

    return unit->chart && source && str_find(source->path, STR("templates/")) >= 0;
}

uint32_t helm_values_at(Unit *unit, Span at, const Node *body, Str attribute, HelmValue *values,
                        uint32_t most)
{
    HelmChart *chart = unit->chart;
    const Source *source = chart ? sources_get(&unit->sources, at.source) : NULL;
    Wanted wanted = {unit, body, attribute};
    Str *paths = source ? ARENA_ARRAY(unit->arena, Str, most + 1u) : NULL;
    uint32_t count = 0, found;
    Str subchart;

    if (paths && !chart->finder)
        chart->finder = helm_paths_new(unit->arena);
    if (!paths || !chart->finder)
        return 0;
    found = helm_paths_at(chart->finder, source->text, at.start, attribute, paths, most);
    subchart = subchart_of(chart, source->path);
    for (uint32_t i = 0; i < found; i++)
        count += find_value(&wanted, subchart, paths[i], &values[count]);
    return count;
}
