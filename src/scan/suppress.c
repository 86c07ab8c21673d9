#include "scan/suppress.h"

#include "ir/terraform_tree.h"
#include "scan/hadolint.h"
#include "scan/plan_tree.h"
#include "scan/suppress_condition.h"
#include "scan/suppress_policy.h"
#include "scan/suppress_range.h"

typedef struct Suppression {
    Mark mark;
    const Resource *resource; /* of an annotation */
    bool over;                /* its date is */
    bool refused;             /* by the policy of plumb.yaml */
    bool forbidden;           /* it names a rule whose findings the policy lets nobody take back */
    const char *stays;        /* why the policy lets nobody take back a finding that it met; or
                                 NULL */
    bool used;
    bool
        judged; /* all rules of its name run, or any of its pattern: its use would have been seen */
    bool known; /* it names a rule */
} Suppression;

/* One of the suppressions that name a rule. */
typedef struct Link {
    Suppression *item;
    AliasSet means; /* so much of the rule */
    struct Link *next;
} Link;

struct Suppressions {
    Unit *unit;
    const EvalOptions *options;
    Suppression *items;
    uint32_t count;
    Link **by_rule; /* for each rule, sets in order */
};

/* --- finding marks --- */

static bool has_comments(const Unit *unit, const Source *source)
{
    if (!span_is_none(source->origin) || source->context)
        return false;
    if (unit->format == FORMAT_DOCKERFILE && hadolint_is_name(source->path))
        return false;
    /* The JSON forms have none. */
    if (unit->format == FORMAT_PLAN)
        return str_ends(source->path, STR(".tf")) || str_ends(source->path, STR(".tofu"));
    return unit->format != FORMAT_TERRAFORM || !str_ends(source->path, STR(".json"));
}

static bool is_hcl(const Unit *unit)
{
    return unit->format == FORMAT_TERRAFORM || unit->format == FORMAT_PLAN;
}

/* Whether a comment of the text may hold a mark. */
static bool may_have_marks(const Unit *unit, const Source *source)
{
    Str text = source->text;

    return has_comments(unit, source) &&
           marks_possible(is_hcl(unit) ? text : str_from(text, marks_begin(text)));
}

static void read_comments(Unit *unit, const Source *source, MarkList *list)
{
    if (!may_have_marks(unit, source))
        return;
    if (is_hcl(unit))
        suppress_hcl(unit, source, list);
    else if (unit->format == FORMAT_DOCKERFILE && detect_name(source->path) != NAME_COMPOSE)
        suppress_dockerfile(unit, source, list);
    else
        suppress_yaml(unit, source, list);
}

/* Annotations of an object, and of the pods that it makes; each may be NULL. */
static void find_annotations(const Resource *resource, const Node *found[2])
{
    const Node *own = node_path(&resource->body, "metadata.annotations");
    const Node *pods = resource->pod ? node_get_named(resource->pod, STR("annotations")) : NULL;

    found[0] = own && own->kind == NODE_MAP ? own : NULL;
    found[1] = pods && pods->kind == NODE_MAP && (!own || pods->start != own->start) ? pods : NULL;
}

static void read_annotations(Unit *unit, const Node *annotations, MarkList *list)
{
    for (uint32_t i = 0; annotations && i < annotations->count; i++) {
        const Entry *entry = &annotations->as.entries[i];
        Span span = entry_key_span(annotations, entry);
        if (marks_possible(entry_key(entry)))
            marks_of_annotation(entry_key(entry), &entry->value, span, list, &unit->diags);
    }
}

static void read_resource(Unit *unit, const Resource *resource, MarkList *list)
{
    const Node *annotations[2];

    find_annotations(resource, annotations);
    read_annotations(unit, annotations[0], list);
    read_annotations(unit, annotations[1], list);
}

static bool has_possible_key(const Node *annotations)
{
    for (uint32_t i = 0; annotations && i < annotations->count; i++)
        if (marks_possible(entry_key(&annotations->as.entries[i])))
            return true;
    return false;
}

static bool has_possible_annotation(const Unit *unit)
{
    const Node *annotations[2];

    for (uint32_t i = 0; unit->format == FORMAT_KUBERNETES && i < unit->resource_count; i++) {
        find_annotations(&unit->resources[i], annotations);
        if (has_possible_key(annotations[0]) || has_possible_key(annotations[1]))
            return true;
    }
    return false;
}

static bool is_possible(Unit *unit)
{
    if (unit->format == FORMAT_PLAN && !plan_tree_has(unit))
        return false;
    if (unit->hadolint)
        return true;
    for (uint32_t i = 0; i < unit->sources.count; i++)
        if (may_have_marks(unit, unit->sources.items[i]))
            return true;
    return has_possible_annotation(unit);
}

/* --- whom they name --- */

/* Whether an override says that the rule does not run, which may hold for this file. */
static bool is_off_somewhere(const EvalOptions *options, uint32_t number)
{
    for (uint32_t i = 0; i < options->override_count; i++) {
        const RuleChanges *changes = &options->overrides[i].changes;
        for (uint32_t j = 0; j < changes->count; j++)
            if (changes->items[j].rule == number && changes->items[j].kind == RULE_CHANGE_OFF)
                return true;
    }
    return false;
}

/* Whether only a part of what the rule finds is wanted. */
static bool is_cut(const EvalOptions *options, uint32_t number)
{
    const RuleParts *parts = options->rules.parts;

    return parts && (parts[number].only || parts[number].without);
}

/* Whether all that the rule finds is judged. */
static bool is_run(const EvalOptions *options, const Rule *rule, uint32_t number)
{
    if (is_off_somewhere(options, number) || is_cut(options, number))
        return false;
    if (options->rules.selected)
        return options->rules.selected[number];
    return options->all_verdicts || rule_default(rule) != RULE_OFF;
}

static void link_rule(Suppressions *all, Suppression *item, const CalledRule *rule)
{
    Link *link = ARENA_NEW(all->unit->arena, Link);

    if (!link)
        return;
    *link = (Link){item, rule->means, all->by_rule[rule->number]};
    all->by_rule[rule->number] = link;
}

static bool add_called(Arena *arena, Called *all, const Rule *rule, uint32_t number, Str name)
{
    CalledRule *items = arena_grow(arena, all->items, all->count, &all->capacity,
                                   (size_t)all->count + 1, sizeof *items);

    if (!items)
        return false;
    all->items = items;
    items[all->count++] = (CalledRule){rule, number, rule_called(rule, name)};
    return true;
}

/* Adds those of a set whose first rule has the number `first`. */
static bool find_called(Arena *arena, const RuleSet *set, Str name, uint32_t first, Called *found)
{
    bool pattern = rule_name_is_pattern(name);
    RuleNames names = ruleset_names(set, name);
    const Rule *rule;

    for (uint32_t i = 0; pattern && i < ruleset_rule_count(set); i++)
        if (rule_matches(ruleset_rule(set, i), name) &&
            !add_called(arena, found, ruleset_rule(set, i), first + i, name))
            return false;
    while (!pattern && (rule = ruleset_next_called(&names)))
        if (!add_called(arena, found, rule, first + rule->number, name))
            return false;
    return true;
}

/* The rules that a name means, found once a worker. */
static const Called *called(NameMemo *memo, const EvalOptions *options, Str name)
{
    uint32_t *slot, number = 0;
    Called *items, *found;

    if (!memo->names.arena)
        memo->names = str_map_new(memo->arena);
    slot = str_map_at(&memo->names, name);
    if (!slot)
        return NULL;
    if (*slot)
        return &memo->items[*slot - 1];
    items = arena_grow(memo->arena, memo->items, memo->count, &memo->capacity,
                       (size_t)memo->count + 1, sizeof *items);
    if (!items)
        return NULL;
    memo->items = items;
    found = &items[memo->count];
    *found = (Called){0};
    for (uint32_t i = 0; i < options->set_count; i++) {
        if (!find_called(memo->arena, options->sets[i], name, number, found))
            return NULL;
        number += ruleset_rule_count(options->sets[i]);
    }
    *slot = ++memo->count;
    return found;
}

/* How much of a rule's findings the policy lets nobody take back. */
static AliasSet forbidden_of(const EvalOptions *options, uint32_t number)
{
    return options->policy && options->policy->forbidden ? options->policy->forbidden[number] : 0;
}

static void resolve(Suppressions *all, NameMemo *memo, Suppression *item)
{
    const EvalOptions *options = all->options;
    Str name = item->mark.name;
    bool any = rule_name_is_pattern(name);
    const Called *rules = called(memo, options, str_copy(memo->arena, name));

    item->judged = !any;
    for (uint32_t i = 0; rules && i < rules->count; i++) {
        uint32_t number = rules->items[i].number;
        bool run = is_run(options, rules->items[i].rule, number);
        item->known = true;
        if (any)
            item->judged |= run;
        else
            item->judged &= run;
        if (!(rules->items[i].means & ~forbidden_of(options, number)))
            item->forbidden = true;
        else
            link_rule(all, item, &rules->items[i]);
    }
}

/* --- what is wrong with them --- */

/* The nearest of the rules' own ids. */
static Str nearest(const Suppressions *all, Str name)
{
    Str near = {"", 0};

    for (uint32_t i = 0; i < all->options->set_count; i++) {
        const RuleSet *set = all->options->sets[i];
        uint32_t count = ruleset_rule_count(set);
        Str *ids = ARENA_ARRAY(all->unit->arena, Str, count + 1u);
        for (uint32_t j = 0; ids && j < count; j++)
            ids[j] = rule_id(ruleset_rule(set, j));
        if (ids && count && !near.size)
            near = str_nearest(name, ids, count);
    }
    return near;
}

static void report_unknown(Suppressions *all, const Suppression *item)
{
    Diag *diag = diag_warning(&all->unit->diags, DIAG_SUPPRESSION_UNKNOWN, item->mark.span,
                              "no rule is called `%.*s`", STR_ARG(item->mark.name));
    Str near = diag ? nearest(all, item->mark.name) : (Str){"", 0};

    if (near.size)
        diag_help(&all->unit->diags, diag, "did you mean `%.*s`?", STR_ARG(near));
    else
        diag_help(&all->unit->diags, diag, "`plumb rules` lists them");
}

static void report_refused(Suppressions *all, const Mark *mark, const char *why, const char *help)
{
    DiagSink *diags = &all->unit->diags;

    diag_help(diags,
              diag_warning(diags, DIAG_SUPPRESSION_REFUSED, mark->span,
                           "the suppression of `%.*s` is refused: %s", STR_ARG(mark->name), why),
              "%s", help);
}

/* Holds a suppression against the policy. */
static void check_policy(Suppressions *all, Suppression *item)
{
    const Sources *sources = &all->unit->sources;
    const Source *source = sources_get(sources, sources_origin(sources, item->mark.span).source);
    const char *help = "fix what it is for";
    const char *why =
        suppress_refuses(all->options->policy, &item->mark, source ? source->path : all->unit->path,
                         all->options->now, &help);

    if (!why && item->forbidden && !rule_name_is_pattern(item->mark.name))
        why = "findings of this rule stay";
    item->refused = why != NULL;
    if (why && item->known)
        report_refused(all, &item->mark, why, help);
}

static void report_item(Suppressions *all, const Suppression *item)
{
    DiagSink *diags = &all->unit->diags;
    const Mark *mark = &item->mark;

    if (item->over)
        diag_help(diags,
                  diag_warning(diags, DIAG_SUPPRESSION_EXPIRED, mark->span,
                               "the suppression of `%.*s` has expired", STR_ARG(mark->name)),
                  "fix what it was for, or set a new date");
    if (mark->tool != MARK_PLUMB)
        return;
    if (!item->known && !settings_is_policy(mark->name))
        report_unknown(all, item);
    else if (!item->known)
        return; /* it may be met later */
    else if (!mark->reason.size && !item->refused)
        diag_help(diags,
                  diag_warning(diags, DIAG_SUPPRESSION_REASON, mark->span,
                               "the suppression of `%.*s` gives no reason", STR_ARG(mark->name)),
                  mark->scope == MARK_RESOURCE ? "make it the annotation's value"
                                               : "add reason=\"...\"");
}

/* The directory that a path names a file in; of one without any, an empty text. */
static Str directory_of(Str path)
{
    int64_t slash = str_find_last_char(path, '/');

    return str_sub(path, 0, slash < 0 ? 0 : (uint32_t)slash);
}

/* Whether the text belongs to this unit alone: a module that several call may need a suppression
 * for one of them only. A Terraform unit goes by the first file of its root module. */
static bool is_own(const Unit *unit, Span span)
{
    const Source *source = sources_get(&unit->sources, span.source);

    if (!source)
        return false;
    if (unit->format == FORMAT_PLAN)
        return str_eq(tf_path_join(unit->arena, directory_of(source->path), STR("")),
                      plan_tree_dir(unit));
    return unit->format != FORMAT_TERRAFORM ||
           str_eq(directory_of(source->path), directory_of(unit->path));
}

/* Whether a text has its full say here: a chart's template may be rendered with other values too,
 * or not at all. */
static bool is_said(const Unit *unit, Span span)
{
    if (!unit->chart)
        return true;
    for (uint32_t i = 0; i < unit->resource_count && !unit->render.size; i++)
        if (sources_origin(&unit->sources, unit->resources[i].header).source == span.source)
            return true;
    return false;
}

static bool is_unused(const Unit *unit, const Suppression *item)
{
    /* A plan need not hold all of its source. */
    return unit->format != FORMAT_PLAN && is_said(unit, item->mark.span) && item->known &&
           item->judged && !item->used && !item->over && !item->refused &&
           is_own(unit, item->mark.span);
}

/* What the peers' marks are worth is for the peers to say: one note for all of a unit. */
static void report_foreign(Suppressions *all)
{
    const Suppression *first = NULL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < all->count; i++) {
        const Suppression *item = &all->items[i];
        if (item->mark.tool == MARK_PLUMB || item->mark.tool == MARK_CONFIGURED ||
            (item->known && !is_unused(all->unit, item)))
            continue;
        first = first ? first : item;
        count++;
    }
    if (count)
        diag_note(&all->unit->diags, DIAG_SUPPRESSION_UNUSED, first->mark.span,
                  count == 1 ? "the suppression of `%.*s`, of another tool, covers no finding"
                             : "the suppression of `%.*s`, of another tool, and %u more cover no "
                               "finding",
                  STR_ARG(first->mark.name), count - 1);
}

void suppress_finish(Suppressions *all)
{
    for (uint32_t i = 0; all && i < all->count; i++) {
        const Suppression *item = &all->items[i];
        DiagSink *diags = &all->unit->diags;
        if (item->stays)
            report_refused(all, &item->mark, item->stays, "fix what it is for");
        if (item->mark.tool != MARK_PLUMB || !is_unused(all->unit, item))
            continue;
        diag_help(diags,
                  diag_warning(diags, DIAG_SUPPRESSION_UNUSED, item->mark.span,
                               "the suppression of `%.*s` covers no finding",
                               STR_ARG(item->mark.name)),
                  "take it out, or put it on the line of the finding or the one above");
    }
    if (all && all->unit->format != FORMAT_PLAN)
        report_foreign(all);
}

/* --- making the list --- */

static Suppressions *make(Unit *unit, const EvalOptions *options, NameMemo *memo,
                          const MarkList *marks, const Resource *const *owners)
{
    Suppressions *all = marks->count ? ARENA_NEW(unit->arena, Suppressions) : NULL;

    if (!all)
        return NULL;
    all->unit = unit;
    all->options = options;
    all->by_rule =
        ARENA_ARRAY(unit->arena, Link *, ruleset_total(options->sets, options->set_count) + 1u);
    all->items = ARENA_ARRAY(unit->arena, Suppression, marks->count);
    if (!all->by_rule || !all->items)
        return NULL;
    for (; all->count < marks->count; all->count++) {
        Suppression *item = &all->items[all->count];
        item->mark = marks->items[all->count];
        item->resource = owners ? owners[all->count] : NULL;
        item->over = item->mark.until <= options->now;
        resolve(all, memo, item);
        if (options->policy)
            check_policy(all, item);
        report_item(all, item);
    }
    return all;
}

Suppressions *suppress_read(Unit *unit, const EvalOptions *options, NameMemo *memo)
{
    MarkList list = {.arena = unit->arena};
    const Resource **owners;
    uint32_t at;

    if (options->no_suppressions || !is_possible(unit))
        return NULL;
    for (uint32_t i = 0; i < unit->sources.count; i++)
        read_comments(unit, unit->sources.items[i], &list);
    if (unit->hadolint)
        hadolint_marks(unit->hadolint, (Span){0, 0, UINT32_MAX}, &list);
    owners = unit->format == FORMAT_KUBERNETES ? arena_raw(unit->arena, MARK_LIMIT, sizeof *owners)
                                               : NULL;
    /* Comments have none. */
    if (owners)
        memset(owners, 0, list.count * sizeof *owners);
    for (uint32_t i = 0; owners && i < unit->resource_count; i++) {
        if (unit->resources[i].left_alone)
            continue;
        at = list.count;
        read_resource(unit, &unit->resources[i], &list);
        for (; at < list.count; at++)
            owners[at] = &unit->resources[i];
    }
    return make(unit, options, memo, &list, owners);
}

/* --- asking --- */

bool suppress_names(const Suppressions *all, uint32_t rule)
{
    return all && all->by_rule[rule];
}

static bool has_position(Span range, Span span)
{
    return !span_is_none(span) && range.source == span.source && span.start >= range.start &&
           span.start < range.end;
}

/* Whether the resource was made by a call of that name in the root module, or below it. */
static bool is_of_module(const Resource *resource, Str label)
{
    Str path = resource->module_path;

    if (!label.size || !str_starts(path, STR("module.")))
        return false;
    path = str_from(path, 7);
    if (!str_starts(path, label))
        return false;
    path = str_from(path, label.size);
    return !path.size || path.data[0] == '.' || path.data[0] == '[';
}

static bool covers_place(const Suppressions *all, const Suppression *item, const Resource *resource,
                         const Spot *spot)
{
    const Sources *sources = &all->unit->sources;
    const Mark *mark = &item->mark;
    Span whole = resource->format == FORMAT_KUBERNETES
                     ? sources_origin(sources, node_span(&resource->body))
                     : spot->header;

    if (mark->scope == MARK_RESOURCE)
        return item->resource == resource;
    if (span_is_none(mark->range))
        return false;
    if (has_position(mark->range, sources_origin(sources, spot->span)))
        return true;
    if (mark->scope == MARK_LINE)
        return false;
    return has_position(mark->range, whole) || has_position(mark->range, spot->call) ||
           (is_of_module(resource, mark->module) && is_own(all->unit, mark->range));
}

/* Why the policy lets nobody take back such a finding, as report_refused() says it; NULL where it
 * does. */
static const char *why_stays(const EvalOptions *options, uint32_t rule, AliasSet aliases,
                             Severity severity)
{
    if (forbidden_of(options, rule) & aliases)
        return "such findings of this rule stay";
    if (options->policy && options->policy->forbid_from != SEVERITY_OWN &&
        severity >= options->policy->forbid_from)
        return "findings of this severity stay";
    return NULL;
}

bool suppress_covers(Suppressions *all, uint32_t rule, AliasSet aliases, Severity severity,
                     const Resource *resource, const Spot *spot, Str *reason)
{
    const char *stays = why_stays(all->options, rule, aliases, severity);
    bool covered = false;

    for (Link *link = all->by_rule[rule]; link; link = link->next) {
        Suppression *item = link->item;
        if ((link->means != ALIASES_ALL && !(link->means & aliases)) ||
            !covers_place(all, item, resource, spot) ||
            !condition_meets(resource, spot->attribute, item->mark.condition))
            continue;
        item->used = true;
        if (item->over || item->refused)
            continue;
        if (stays) {
            item->stays = stays;
            continue;
        }
        if (!covered || item->mark.reason.size)
            *reason = item->mark.reason;
        covered = true;
    }
    return covered;
}
