#include "scan/scan_policies.h"

#include <stdlib.h>

/* --- what is found --- */

static bool is_policy(const Resource *resource)
{
    Str kind = resource->type_name, version = resource->api_version;

    if (!kind.size || (kind.data[0] != 'V' && kind.data[0] != 'N' && kind.data[0] != 'P'))
        return false;
    if (str_starts(version, STR("admissionregistration.k8s.io/")))
        return str_starts(kind, STR("ValidatingAdmissionPolicy"));
    return str_starts(version, STR("policies.kyverno.io/")) &&
           (str_ends(kind, STR("ValidatingPolicy")) || str_eq(kind, STR("PolicyException")));
}

static void add_text(Scan *scan, uint32_t root, const Source *source)
{
    PolicyText *texts;
    uint32_t *known;
    Str path;

    if (str_map_find(&scan->policy_paths, source->path))
        return;
    path = str_copy(scan->arena, source->path);
    known = path.data ? str_map_at(&scan->policy_paths, path) : NULL;
    texts = arena_grow(scan->arena, scan->policies, scan->policy_count, &scan->policy_capacity,
                       scan->policy_count + 1u, sizeof *texts);
    if (!texts || !known)
        return;
    scan->policies = texts;
    texts[scan->policy_count++] =
        (PolicyText){.path = path, .text = str_copy(scan->arena, source->text), .root = root};
    *known = scan->policy_count;
}

/* What changes touch is no whole tree, and standard input is read once. */
static bool is_wanted(const Scan *scan, const FoundFile *file)
{
    return scan->options->judge_policies && !scan->options->selection &&
           scan->found.roots[file->root].dir >= 0;
}

void policies_note(Scan *scan, const FoundFile *file, const Unit *unit)
{
    if (unit->format != FORMAT_KUBERNETES || unit->chart || !is_wanted(scan, file))
        return;
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        const Resource *resource = &unit->resources[i];
        const Source *source =
            is_policy(resource) ? sources_get(&unit->sources, resource->header.source) : NULL;
        if (!source)
            continue;
        pthread_mutex_lock(&scan->lock);
        add_text(scan, file->root, source);
        pthread_mutex_unlock(&scan->lock);
    }
}

/* --- the second scan --- */

static int compare_texts(const void *a, const void *b)
{
    const PolicyText *x = a, *y = b;

    return str_cmp(x->path, y->path);
}

/* Mistakes in what was found, at their places as reports show them. */
static void add_problems(Scan *scan, const ProblemList *problems)
{
    for (uint32_t i = 0; i < problems->count; i++) {
        Problem problem = problems->items[i];
        const PolicyText wanted = {.path = problem.place.file};
        const PolicyText *text = bsearch(&wanted, scan->policies, scan->policy_count,
                                         sizeof *scan->policies, compare_texts);
        if (!text)
            continue;
        problem.place.path = problem.place.file;
        problem.place.file =
            discover_shown(&scan->found.roots[text->root], text->path, scan->arena);
        problem_add(&scan->problems, &problem);
    }
}

const ScanOptions *policies_options(Scan *scan)
{
    ProblemList problems = problem_list(scan->arena);
    ScanOptions *options;
    bool good;

    if (!scan->policy_count)
        return NULL;
    options = ARENA_NEW(scan->arena, ScanOptions);
    if (!options)
        return NULL;
    *options = *scan->options;
    options->judge_policies = NULL;
    qsort(scan->policies, scan->policy_count, sizeof *scan->policies, compare_texts);
    good = scan->options->judge_policies(scan->options->judge_context, scan->policies,
                                         scan->policy_count, &problems, &options->eval);
    add_problems(scan, &problems);
    return good ? options : NULL;
}

bool policies_may_hold(const FoundFile *file)
{
    switch (file->name) {
    case NAME_TERRAFORM:
    case NAME_TERRAGRUNT:
    case NAME_TFVARS:
    case NAME_PLAN:
    case NAME_DOCKERFILE:
    case NAME_COMPOSE:
    case NAME_WORKFLOW:
        return false;
    default:
        return true;
    }
}

/* --- results --- */

/* Rules of the first scan that judged something, then those of the second. */
static void append_rules(Scan *scan, const ScanResult *more)
{
    ScanResult *result = scan->result;
    uint32_t count = result->rule_count + more->rule_count;
    const Rule **rules = ARENA_ARRAY(scan->arena, const Rule *, count + 1u);
    uint8_t *severities = ARENA_ARRAY(scan->arena, uint8_t, count + 1u);

    if (!rules || !severities)
        return;
    for (uint32_t i = 0; i < result->rule_count; i++) {
        rules[i] = result->rules[i];
        severities[i] = result->rule_severities[i];
    }
    for (uint32_t i = result->rule_count; i < count; i++) {
        rules[i] = more->rules[i - result->rule_count];
        severities[i] = more->rule_severities[i - result->rule_count];
    }
    result->rules = rules;
    result->rule_severities = severities;
    result->rule_count = count;
}

void policies_merge(Scan *scan, const Scan *again)
{
    ScanResult *result = scan->result;
    const Coverage *more = &again->result->coverage;

    tallies_merge(again->tallies, scan->tallies);
    scan->tallies = again->tallies;
    scan->rule_count = again->rule_count;
    scan->options = again->options;
    append_rules(scan, again->result);
    result->coverage.rules += more->rules;
    result->coverage.passed += more->passed;
    result->coverage.failed += more->failed;
    result->coverage.unknown += more->unknown;
    result->coverage.suppressed += more->suppressed;
    result->blocking += again->result->blocking;
    for (uint32_t i = 0; i <= SEVERITY_CRITICAL; i++)
        result->failed[i] += again->result->failed[i];
    if (again->any_failed && (!scan->any_failed || again->worst > scan->worst))
        scan->worst = again->worst;
    scan->any_failed |= again->any_failed;
    scan->out_of_memory |= again->out_of_memory;
}
