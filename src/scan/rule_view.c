#include "scan/rule_view.h"

#include "cel/plain.h"
#include "ir/str_map.h"

/* The rules for a type. */
typedef struct TypeRules {
    Symbol type;        /* of one that rules name */
    RuleList *lists[2]; /* without and with a pod; NULL before the first such resource */
    struct TypeRules *next;
} TypeRules;

/* The parameters of a rule. */
typedef struct RuleParams {
    uint32_t rule;
    CelValue value;
    struct RuleParams *next;
} RuleParams;

#define TYPE_SLOTS 256u
#define PARAM_SLOTS 128u

struct RuleView {
    const EvalOptions *options;
    Arena *arena;
    RuleSettings rules;
    uint64_t overrides;           /* bit n: the n-th of plumb.yaml is about its files */
    TypeRules *types[TYPE_SLOTS]; /* that rules name */
    StrMap names;                 /* of types that no rule names: 1 for one that is as all others,
                                     else 2 more than its place in `named` */
    TypeRules others;
    TypeRules *named; /* those that meet a pattern */
    uint32_t named_count;
    uint32_t named_room;
    RuleParams *params[PARAM_SLOTS]; /* of the rules that were asked for theirs */
    const Admission **admissions;    /* for each rule; NULL while none is made of a policy */
    uint64_t *keys;                  /* room to make lists in */
    uint32_t key_room;
    RuleView *next;
};

/* The keys of the rules of a list, which sort by gate, then by number. */
typedef struct ListMaker {
    RuleView *view;
    uint32_t count;
    uint32_t set;
    uint32_t first;    /* number of the set's first rule */
    uint32_t question; /* number before that of the set's first shared question */
} ListMaker;

static bool is_preview(const EvalOptions *options, const Rule *rule, RuleDefault life)
{
    return life == RULE_PREVIEW ||
           (options->pin.size && ruleset_version_cmp(rule_since(rule), options->pin) > 0);
}

/* Whether the rule runs. */
static bool is_chosen(const EvalOptions *options, const RuleSettings *rules, RuleDefault life,
                      uint32_t number)
{
    return number >= options->first_rule &&
           (rules->selected ? rules->selected[number] : life != RULE_OFF || options->all_verdicts);
}

/* Whether one that runs counts. */
static bool is_enabled(const EvalOptions *options, const Rule *rule, RuleDefault life)
{
    return !is_preview(options, rule, life) && !(life == RULE_OFF && options->all_verdicts);
}

bool eval_rule_counts(const EvalOptions *options, const Rule *rule, RuleDefault life,
                      uint32_t number)
{
    return is_chosen(options, &options->rules, life, number) && is_enabled(options, rule, life);
}

Severity eval_rule_severity(const EvalOptions *options, const Rule *rule, uint32_t number)
{
    uint8_t set = options->rules.severities ? options->rules.severities[number] : SEVERITY_OWN;

    return set == SEVERITY_OWN ? rule_severity(rule) : (Severity)set;
}

/* Without a condition an empty `each` is enough for a rule to have nothing to say. */
static void add_needs(const RuleView *view, RuleList *list, RuleRef *ref)
{
    const Rule *rule = ref->rule;
    bool always = !rule->when.code.size && !rule->admission;

    ref->needs = need_paths_add(&list->paths, rule, rule->when_needs, view->arena);
    ref->each_needs = need_paths_add(&list->paths, rule, rule->each_needs, view->arena);
    if (always)
        ref->needs = ref->each_needs;
}

static const Admission *admission_of(RuleView *view, const Rule *rule, uint32_t number)
{
    uint32_t count;

    if (!rule->admission)
        return NULL;
    count = ruleset_total(view->options->sets, view->options->set_count);
    if (!view->admissions)
        view->admissions = (const Admission **)arena_alloc(view->arena, count + (size_t)1,
                                                           sizeof *view->admissions);
    if (view->admissions && !view->admissions[number])
        view->admissions[number] = admission_read(rule, view->arena);
    return view->admissions ? view->admissions[number] : NULL;
}

static void add_key(void *context, uint32_t local)
{
    ListMaker *maker = context;
    RuleView *view = maker->view;
    const Rule *rule = ruleset_rule(view->options->sets[maker->set], local);
    uint32_t number = maker->first + local, gate = rule_gate(rule);
    uint64_t *keys = view->keys;

    if (!is_chosen(view->options, &view->rules, (RuleDefault)rule->life, number))
        return;
    keys = arena_grow(view->arena, keys, maker->count, &view->key_room, maker->count + 1u,
                      sizeof *keys);
    if (!keys)
        return;
    view->keys = keys;
    keys[maker->count++] = (uint64_t)(gate ? maker->question + gate : 0) << 32 | number;
}

/* Puts the keys from number `from` on, which are in order, among those before, which are too. */
static void merge(ListMaker *maker, uint32_t from)
{
    uint64_t *keys = maker->view->keys, *run;
    uint32_t count = maker->count, left = count - from;

    if (!from || !left || keys[from - 1] < keys[from])
        return;
    run = arena_grow(maker->view->arena, NULL, 0, &(uint32_t){0}, left, sizeof *run);
    if (!run)
        return;
    memcpy(run, keys + from, left * sizeof *run);
    while (left)
        keys[--count] = from && keys[from - 1] > run[left - 1] ? keys[--from] : run[--left];
}

static void add_run(ListMaker *maker, RuleNumbers numbers)
{
    uint32_t from = maker->count;

    for (uint32_t i = 0; i < numbers.count; i++)
        add_key(maker, numbers.items[i]);
    merge(maker, from);
}

/* The keys of the rules that speak of a type; one that does so by name and by pattern is there
 * twice. */
static uint32_t list_keys(RuleView *view, Symbol type, Str name, bool pod)
{
    ListMaker maker = {.view = view};
    uint32_t from;

    for (; maker.set < view->options->set_count; maker.set++) {
        const RuleSet *set = view->options->sets[maker.set];
        if (type != SYMBOL_NONE)
            add_run(&maker, ruleset_for_type(set, type));
        if (pod)
            add_run(&maker, ruleset_for_pod(set));
        add_run(&maker, ruleset_for_any(set));
        from = maker.count;
        ruleset_for_glob(set, name, add_key, &maker);
        merge(&maker, from);
        maker.first += ruleset_rule_count(set);
        maker.question += ruleset_shared_count(set);
    }
    return maker.count;
}

static uint32_t answer_number(uint32_t before, uint32_t shared)
{
    return shared ? before + shared : 0;
}

/* With a `kind`, the list is for that alone. */
static void add_ref(RuleView *view, RuleList *list, uint32_t number, Str kind)
{
    const EvalOptions *options = view->options;
    const RuleSettings *rules = &view->rules;
    uint32_t set = 0, local = number, question = 0;
    const Admission *admission;
    const Rule *rule;
    RuleRef *ref;

    for (; local >= ruleset_rule_count(options->sets[set]); set++) {
        local -= ruleset_rule_count(options->sets[set]);
        question += ruleset_shared_count(options->sets[set]);
    }
    rule = ruleset_rule(options->sets[set], local);
    admission = admission_of(view, rule, number);
    if (admission && kind.size && !admission_may_mean(admission, kind))
        return;
    ref = &list->items[list->count++];
    ref->rule = rule;
    ref->number = number;
    ref->guard = answer_number(question, rule->guard.shared);
    ref->when = answer_number(question, rule->when.shared);
    ref->each = answer_number(question, rule->each_shared);
    ref->gate = answer_number(question, rule_gate(rule));
    ref->behind = 0;
    ref->admission = admission;
    ref->parts = rules->parts ? rules->parts[number] : (RuleParts){0, 0};
    ref->severity = rules->severities ? rules->severities[number] : SEVERITY_OWN;
    ref->enabled = is_enabled(options, rule, (RuleDefault)rule->life);
    ref->shipped = set == 0;
    add_needs(view, list, ref);
}

/* Tells of each rule how many behind it have its gate, so that one answer can pass over all. */
static void count_behind(RuleList *list)
{
    for (uint32_t i = list->count; i-- > 1;)
        if (list->items[i].gate && list->items[i].gate == list->items[i - 1].gate)
            list->items[i - 1].behind = list->items[i].behind + 1;
}

static RuleList *list_new(RuleView *view, Symbol type, Str name, bool pod)
{
    RuleList *list = ARENA_NEW(view->arena, RuleList);
    uint32_t count = list_keys(view, type, name, pod);
    Str kind = type != SYMBOL_NONE ? name : STR("");

    if (!list)
        return NULL;
    list->items = arena_raw(view->arena, count, sizeof *list->items);
    for (uint32_t i = 0; list->items && i < count; i++)
        if (!i || view->keys[i] != view->keys[i - 1])
            add_ref(view, list, (uint32_t)view->keys[i], kind);
    count_behind(list);
    return list;
}

static TypeRules *find_type(RuleView *view, Symbol type)
{
    TypeRules **slot = &view->types[type % TYPE_SLOTS], *found = *slot;

    while (found && found->type != type)
        found = found->next;
    if (found)
        return found;
    found = ARENA_NEW(view->arena, TypeRules);
    if (!found)
        return NULL;
    found->type = type;
    found->next = *slot;
    *slot = found;
    return found;
}

static void note_pattern(void *context, uint32_t rule)
{
    (void)rule;
    *(bool *)context = true;
}

static bool meets_pattern(const EvalOptions *options, Str name)
{
    bool meets = false;

    for (uint32_t i = 0; i < options->set_count; i++)
        ruleset_for_glob(options->sets[i], name, note_pattern, &meets);
    return meets;
}

/* What RuleView.names says of a name from now on; 0 when memory is short. */
static uint32_t add_name(RuleView *view, Str name)
{
    uint32_t *number = str_map_at(&view->names, str_copy(view->arena, name));
    TypeRules *grown;

    if (!number || arena_spent(view->arena))
        return 0;
    *number = 1;
    if (!meets_pattern(view->options, name))
        return *number;
    grown = arena_grow(view->arena, view->named, view->named_count, &view->named_room,
                       view->named_count + 1u, sizeof *grown);
    if (!grown)
        return 0;
    view->named = grown;
    grown[view->named_count++] = (TypeRules){.type = SYMBOL_NONE};
    *number = view->named_count + 1;
    return *number;
}

/* A tree may have as many types that no rule names as it has objects. */
static TypeRules *find_name(RuleView *view, Str name)
{
    uint32_t number = str_map_find(&view->names, name);

    if (!number)
        number = add_name(view, name);
    if (number < 2)
        return number ? &view->others : NULL;
    return &view->named[number - 2];
}

const RuleList *rule_view_rules(RuleView *view, const Resource *resource)
{
    TypeRules *rules = resource->type != SYMBOL_NONE ? find_type(view, resource->type)
                                                     : find_name(view, resource->type_name);
    bool pod = resource->pod != NULL;

    if (!rules)
        return NULL;
    if (!rules->lists[pod])
        rules->lists[pod] = list_new(view, resource->type, resource->type_name, pod);
    return rules->lists[pod];
}

CelValue rule_view_params(RuleView *view, const RuleRef *ref)
{
    const Node *set = view->rules.params ? &view->rules.params[ref->number] : NULL;
    RuleParams **slot = &view->params[ref->number % PARAM_SLOTS], *made = *slot;
    Node params;

    while (made && made->rule != ref->number)
        made = made->next;
    if (made)
        return made->value;
    made = ARENA_NEW(view->arena, RuleParams);
    if (!made)
        return cel_from_node(NULL);
    params = set && set->kind == NODE_MAP ? *set : rule_params(ref->rule, view->arena);
    *made = (RuleParams){ref->number, cel_plain(&params, view->arena), *slot};
    *slot = made;
    return made->value;
}

/* --- views --- */

static RuleView *view_new(const RuleViews *views, const RuleSettings *rules)
{
    RuleView *view = ARENA_NEW(views->arena, RuleView);

    if (!view)
        return NULL;
    view->options = views->options;
    view->arena = views->arena;
    view->names = str_map_new(views->arena);
    view->rules = *rules;
    return view;
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
