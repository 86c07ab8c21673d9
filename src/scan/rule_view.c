#include "scan/rule_view.h"

#include <stdlib.h>

#include "cel/plain.h"

/* The rules for a type that no rule names: those of families and patterns. */
typedef struct OtherType {
    Str name;
    RuleList lists[2];
    struct OtherType *next;
} OtherType;

#define OTHER_SLOTS 256u

struct RuleView {
    const EvalOptions *options;
    Arena *arena;
    RuleSettings rules;
    uint64_t overrides; /* bit n: the n-th of plumb.yaml is about its files */
    RuleList **lists; /* for each symbol, without and with a pod; NULL before its first resource */
    OtherType *others[OTHER_SLOTS];
    uint32_t symbol_count;
    CelValue **params;            /* for each rule; NULL before its first use */
    const Admission **admissions; /* the same; NULL while no rule is made of a policy */
    RuleView *next;
};

typedef struct ListMaker {
    RuleView *view;
    RuleList *list;
    uint32_t set;
    uint32_t first;    /* number of the set's first rule */
    uint32_t question; /* number before that of the set's first shared question */
} ListMaker;

static uint32_t answer_number(const ListMaker *maker, uint32_t shared)
{
    return shared ? maker->question + shared : 0;
}

static bool is_preview(const EvalOptions *options, const Rule *rule, RuleDefault life)
{
    return life == RULE_PREVIEW ||
           (options->pin.size && ruleset_version_cmp(rule_since(rule), options->pin) > 0);
}

/* Whether the rule runs; sets whether it counts. */
static bool is_chosen(const EvalOptions *options, const RuleSettings *rules, const Rule *rule,
                      RuleDefault life, uint32_t number, bool *enabled)
{
    bool off = life == RULE_OFF;
    bool chosen = number >= options->first_rule &&
                  (rules->selected ? rules->selected[number] : !off || options->all_verdicts);

    *enabled = chosen && !is_preview(options, rule, life) && !(off && options->all_verdicts);
    return chosen;
}

bool eval_rule_counts(const EvalOptions *options, const Rule *rule, RuleDefault life,
                      uint32_t number)
{
    bool enabled;

    return is_chosen(options, &options->rules, rule, life, number, &enabled) && enabled;
}

Severity eval_rule_severity(const EvalOptions *options, const Rule *rule, uint32_t number)
{
    uint8_t set = options->rules.severities ? options->rules.severities[number] : SEVERITY_OWN;

    return set == SEVERITY_OWN ? rule_severity(rule) : (Severity)set;
}

static void add_needs(const RuleView *view, RuleList *list, RuleRef *ref)
{
    ref->when_needs = need_paths_add(&list->paths, ref->rule, ref->rule->when_needs, view->arena);
    ref->each_needs = need_paths_add(&list->paths, ref->rule, ref->rule->each_needs, view->arena);
}

static const Admission *admission_of(RuleView *view, const Rule *rule, uint32_t number)
{
    uint32_t count = ruleset_total(view->options->sets, view->options->set_count);

    if (!rule->admission)
        return NULL;
    if (!view->admissions)
        view->admissions = (const Admission **)arena_alloc(view->arena, count + (size_t)1,
                                                           sizeof *view->admissions);
    if (view->admissions && !view->admissions[number])
        view->admissions[number] = admission_read(rule, view->arena);
    return view->admissions ? view->admissions[number] : NULL;
}

static void list_add(void *context, uint32_t local)
{
    ListMaker *maker = context;
    const EvalOptions *options = maker->view->options;
    const RuleSettings *rules = &maker->view->rules;
    RuleList *list = maker->list;
    RuleRef ref = {.rule = ruleset_rule(options->sets[maker->set], local),
                   .number = maker->first + local,
                   .shipped = maker->set == 0};
    RuleRef *items;

    if (!is_chosen(options, rules, ref.rule, rule_default(ref.rule), ref.number, &ref.enabled))
        return;
    ref.severity = rules->severities ? rules->severities[ref.number] : SEVERITY_OWN;
    ref.guard = answer_number(maker, ref.rule->guard.shared);
    ref.when = answer_number(maker, ref.rule->when.shared);
    ref.each = answer_number(maker, ref.rule->each_shared);
    ref.gate = ref.guard ? ref.guard : ref.when;
    ref.admission = admission_of(maker->view, ref.rule, ref.number);
    items = arena_grow(maker->view->arena, list->items, list->count, &list->capacity,
                       list->count + 1u, sizeof *items);
    if (!items)
        return;
    list->items = items;
    add_needs(maker->view, list, &ref);
    items[list->count++] = ref;
}

static void list_add_all(ListMaker *maker, RuleNumbers numbers)
{
    for (uint32_t i = 0; i < numbers.count; i++)
        list_add(maker, numbers.items[i]);
}

static int compare_refs(const void *a, const void *b)
{
    const RuleRef *x = a, *y = b;

    if (x->gate != y->gate)
        return x->gate < y->gate ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

/* Puts the rules of each gate together, so that one answer can pass over all of them, and keeps one
 * of each: a rule may speak of a type by name and by pattern. */
static void list_group(RuleList *list)
{
    uint32_t kept = 0;

    if (list->count)
        qsort(list->items, list->count, sizeof *list->items, compare_refs);
    for (uint32_t i = 0; i < list->count; i++)
        if (!kept || list->items[kept - 1].number != list->items[i].number)
            list->items[kept++] = list->items[i];
    list->count = kept;
    for (uint32_t i = list->count; i-- > 1;)
        if (list->items[i].gate && list->items[i].gate == list->items[i - 1].gate)
            list->items[i - 1].behind = list->items[i].behind + 1;
}

/* Makes room at once for all rules that are filed under a type, which grows by those of patterns
 * alone. */
static void reserve(RuleView *view, RuleList *list, Symbol type, bool pod)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < view->options->set_count; i++) {
        const RuleSet *set = view->options->sets[i];
        count += type != SYMBOL_NONE ? ruleset_for_type(set, type).count : 0;
        count += pod ? ruleset_for_pod(set).count : 0;
        count += ruleset_for_any(set).count;
    }
    list->items =
        arena_grow(view->arena, NULL, 0, &list->capacity, count + 1u, sizeof *list->items);
}

static void make_list(RuleView *view, RuleList *list, Symbol type, Str name, bool pod)
{
    ListMaker maker = {.view = view, .list = list};

    reserve(view, list, type, pod);
    for (; maker.set < view->options->set_count; maker.set++) {
        const RuleSet *set = view->options->sets[maker.set];
        if (type != SYMBOL_NONE)
            list_add_all(&maker, ruleset_for_type(set, type));
        if (pod)
            list_add_all(&maker, ruleset_for_pod(set));
        list_add_all(&maker, ruleset_for_any(set));
        ruleset_for_glob(set, name, list_add, &maker);
        maker.first += ruleset_rule_count(set);
        maker.question += ruleset_shared_count(set);
    }
    list_group(list);
    list->made = true;
}

static RuleList *other_list(RuleView *view, Str name, bool pod)
{
    OtherType **slot = &view->others[str_hash(name) % OTHER_SLOTS];
    OtherType *type = *slot;

    while (type && !str_eq(type->name, name))
        type = type->next;
    if (!type) {
        type = ARENA_NEW(view->arena, OtherType);
        if (!type)
            return NULL;
        type->name = str_copy(view->arena, name);
        type->next = *slot;
        *slot = type;
    }
    return &type->lists[pod];
}

static RuleList *known_list(RuleView *view, Symbol type, bool pod)
{
    RuleList **slot = &view->lists[(size_t)type * 2 + pod];

    if (!*slot)
        *slot = ARENA_NEW(view->arena, RuleList);
    return *slot;
}

const RuleList *rule_view_rules(RuleView *view, const Resource *resource)
{
    Symbol type = resource->type;
    bool pod = resource->pod != NULL;
    RuleList *list = type != SYMBOL_NONE && type < view->symbol_count
                         ? known_list(view, type, pod)
                         : other_list(view, resource->type_name, pod);

    if (list && !list->made)
        make_list(view, list, type, resource->type_name, pod);
    return list;
}

CelValue rule_view_params(RuleView *view, const RuleRef *ref)
{
    const Node *set = view->rules.params ? &view->rules.params[ref->number] : NULL;
    CelValue **made = &view->params[ref->number];

    if (!*made) {
        Node params = set && set->kind == NODE_MAP ? *set : rule_params(ref->rule, view->arena);
        *made = ARENA_NEW(view->arena, CelValue);
        if (!*made)
            return cel_from_node(NULL);
        **made = cel_plain(&params, view->arena);
    }
    return **made;
}

/* --- views --- */

static RuleView *view_new(const RuleViews *views, const RuleSettings *rules)
{
    Arena *arena = views->arena;
    const EvalOptions *options = views->options;
    uint32_t count = ruleset_total(options->sets, options->set_count);
    RuleView *view = ARENA_NEW(arena, RuleView);

    if (!view)
        return NULL;
    view->options = options;
    view->arena = arena;
    view->rules = *rules;
    view->symbol_count = options->symbols->fixed.count + options->symbols->added.count + 1;
    view->lists = ARENA_ARRAY(arena, RuleList *, (size_t)view->symbol_count * 2);
    view->params = ARENA_ARRAY(arena, CelValue *, count + 1u);
    return view->lists && view->params ? view : NULL;
}

bool rule_views_init(RuleViews *views, const EvalOptions *options, Arena *arena)
{
    *views = (RuleViews){.options = options, .arena = arena};
    views->base = view_new(views, &options->rules);
    return views->base != NULL;
}

/* Which overrides are about a file. */
static uint64_t overrides_of(const EvalOptions *options, Str path)
{
    uint64_t set = 0;

    if (!str_starts(path, options->config_base))
        return 0;
    path = str_from(path, options->config_base.size);
    for (uint32_t i = 0; i < options->override_count; i++)
        if (ignore_excludes_below(options->overrides[i].paths, path))
            set |= (uint64_t)1 << i;
    return set;
}

static RuleView *make_view(RuleViews *views, uint64_t set)
{
    const EvalOptions *options = views->options;
    RuleSettings rules = options->rules;
    RuleView *view;

    for (uint32_t i = 0; i < options->override_count; i++)
        if (set >> i & 1 &&
            !rule_settings_apply(&rules, &options->overrides[i].changes, options->sets,
                                 options->set_count, views->arena, &rules))
            return NULL;
    view = view_new(views, &rules);
    if (view) {
        view->overrides = set;
        view->next = views->others;
        views->others = view;
    }
    return view;
}

RuleView *rule_views_at(RuleViews *views, Str path)
{
    uint64_t set;
    RuleView *view;

    if (views->path == path.data && path.data)
        return views->view;
    set = overrides_of(views->options, path);
    view = set ? views->others : views->base;
    while (set && view && view->overrides != set)
        view = view->next;
    if (!view)
        view = make_view(views, set);
    views->path = path.data;
    views->view = view ? view : views->base;
    return views->view;
}

void rule_views_forget(RuleViews *views)
{
    views->path = NULL;
}
