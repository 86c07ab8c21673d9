#include "scan/rule_test.h"

#include "scan/rule_test_fix.h"
#include "scan/rule_test_plan.h"
#include "scan/rule_trial.h"

static bool marked(const Trial *trial, const Place *place)
{
    for (uint32_t i = 0; i < trial->mark_count; i++)
        if (trial->marks[i].line == place->start.line && str_eq(trial->marks[i].file, place->file))
            return true;
    return false;
}

static bool mark_met(const Trial *trial, const TrialMark *mark, Status status)
{
    for (uint32_t i = 0; i < trial->sink.count; i++)
        if (trial->sink.verdicts[i].status == status &&
            trial->sink.verdicts[i].place.start.line == mark->line &&
            str_eq(trial->sink.verdicts[i].place.file, mark->file))
            return true;
    return false;
}

static bool names(const Node *texts, Str name)
{
    if (texts->kind != NODE_LIST)
        return str_eq(scalar_text(texts), name);
    for (uint32_t i = 0; i < texts->count; i++)
        if (str_eq(scalar_text(&texts->as.items[i]), name))
            return true;
    return false;
}

/* Whether the finding goes by those aliases with conditions that the test names, and by no other.
 */
static bool check_aliases(const Trial *trial, const Verdict *verdict)
{
    const Node *wanted = trial->test->aliases;
    const Rule *rule = verdict->rule;

    for (uint32_t i = 0; wanted && i < rule_alias_count(rule); i++) {
        bool holds = rule_alias_holds(rule, i, verdict->aliases);
        if (rule_alias_means(rule, i) == ALIASES_ALL || holds == names(wanted, rule_alias(rule, i)))
            continue;
        trial_failed(trial, "the finding is %s %.*s", holds ? "also" : "not",
                     STR_ARG(rule_alias(rule, i)));
        return false;
    }
    return true;
}

static bool check_verdict(const Trial *trial, const Verdict *verdict)
{
    const RuleTest *test = trial->test;

    if (trial->mark_count && !marked(trial, &verdict->place)) {
        trial_failed(trial, "the verdict on %.*s is at %.*s:%u, which is not marked",
                     STR_ARG(verdict->resource), STR_ARG(verdict->place.file),
                     verdict->place.start.line);
        return false;
    }
    if (test->resource.size && !str_eq(test->resource, verdict->resource)) {
        trial_failed(trial, "the verdict is on %.*s", STR_ARG(verdict->resource));
        return false;
    }
    if (test->severity_given && verdict->status == STATUS_FAIL &&
        verdict->severity != test->severity) {
        trial_failed(trial, "the finding is %s", severity_name(verdict->severity));
        return false;
    }
    return verdict->status != STATUS_FAIL || check_aliases(trial, verdict);
}

/* Whether the verdicts with `status` are where and what the test wants. */
static bool check_places(const Trial *trial, Status status)
{
    for (uint32_t i = 0; i < trial->sink.count; i++)
        if (trial->sink.verdicts[i].status == status &&
            !check_verdict(trial, &trial->sink.verdicts[i]))
            return false;
    for (uint32_t i = 0; i < trial->mark_count; i++)
        if (!mark_met(trial, &trial->marks[i], status)) {
            trial_failed(trial, "nothing points at the marked line %u of %.*s",
                         trial->marks[i].line, STR_ARG(trial->marks[i].file));
            return false;
        }
    return true;
}

/* The first verdict of a status, for messages. */
static const Verdict *first_of(const Trial *trial, Status status)
{
    for (uint32_t i = 0; i < trial->sink.count; i++)
        if (trial->sink.verdicts[i].status == status)
            return &trial->sink.verdicts[i];
    return NULL;
}

static bool no_finding(const Trial *trial)
{
    const Verdict *verdict = first_of(trial, STATUS_FAIL);

    if (verdict)
        trial_failed(trial, "there is a finding on %.*s at line %u: %.*s",
                     STR_ARG(verdict->resource), verdict->place.start.line,
                     STR_ARG(verdict->message));
    return !verdict;
}

static bool no_unknown(const Trial *trial)
{
    const Verdict *verdict = first_of(trial, STATUS_UNKNOWN);

    if (verdict)
        trial_failed(trial, "%.*s is undecided: %.*s", STR_ARG(verdict->resource),
                     STR_ARG(verdict->cause));
    return !verdict;
}

static bool check_fail(const Trial *trial)
{
    const RuleTest *test = trial->test;
    uint32_t failed = trial->sink.coverage.failed;
    const Verdict *unknown = first_of(trial, STATUS_UNKNOWN);

    if (test->count_given && failed != test->count) {
        trial_failed(trial, "%u findings instead of %u", failed, test->count);
        return false;
    }
    if (!test->count_given && failed == 0) {
        trial_failed(trial, "no finding; %u passed, %u undecided%s%.*s",
                     trial->sink.coverage.passed, trial->sink.coverage.unknown, unknown ? ": " : "",
                     STR_ARG(unknown ? unknown->cause : STR("")));
        return false;
    }
    return check_places(trial, STATUS_FAIL);
}

/* A rule that speaks of a part of its resources only may be silent where it has nothing to say. */
static bool may_be_silent(const RuleDraft *draft)
{
    return draft->fields[RULE_FIELD_WHEN] || draft->fields[RULE_FIELD_EACH];
}

static bool check_pass(const Trial *trial)
{
    if (!no_finding(trial) || !no_unknown(trial))
        return false;
    if (trial->sink.coverage.passed || may_be_silent(trial->draft))
        return true;
    trial_failed(trial, "the rule judged nothing; is that what `skip` would say?");
    return false;
}

static bool check_unknown(const Trial *trial)
{
    if (!no_finding(trial))
        return false;
    if (!first_of(trial, STATUS_UNKNOWN)) {
        trial_failed(trial, "nothing is undecided; %u passed", trial->sink.coverage.passed);
        return false;
    }
    return check_places(trial, STATUS_UNKNOWN);
}

static bool check_skip(const Trial *trial)
{
    const Coverage *coverage = &trial->sink.coverage;
    uint32_t verdicts = coverage->passed + coverage->failed + coverage->unknown;

    if (verdicts)
        trial_failed(trial, "the rule gave %u verdicts", verdicts);
    return verdicts == 0;
}

static const Problem *rule_error(const Trial *trial)
{
    const char *code = diag_code_id(DIAG_RULE_ERROR);

    for (uint32_t i = 0; i < trial->sink.problem_count; i++)
        if (str_eq(str_of(trial->sink.problems[i].code), str_of(code)))
            return &trial->sink.problems[i];
    return NULL;
}

static bool check_outcome(const Trial *trial)
{
    const Problem *error = rule_error(trial);

    if (error && trial->test->outcome != RULE_TEST_ERROR) {
        trial_failed(trial, "%.*s", STR_ARG(error->message));
        return false;
    }
    switch (trial->test->outcome) {
    case RULE_TEST_FAIL:
        return check_fail(trial);
    case RULE_TEST_PASS:
        return check_pass(trial);
    case RULE_TEST_UNKNOWN:
        return check_unknown(trial);
    case RULE_TEST_SKIP:
        return check_skip(trial);
    case RULE_TEST_ERROR:
        break;
    }
    if (!error)
        trial_failed(trial, "no expression of the rule failed");
    return error != NULL;
}

static bool run_test(TrialRunner *runner, const RuleDraft *draft, const RuleTest *test,
                     uint32_t *fixed)
{
    Trial trial;
    bool good;

    if (!trial_begin(runner, draft, test, &trial))
        return false;
    good = trial_judge(&trial) && check_outcome(&trial) && rule_test_plan(&trial);
    if (good && test->outcome == RULE_TEST_FAIL)
        good = rule_test_fix(&trial, fixed);
    trial_free(&trial);
    return good;
}

static const Rule *find_rule(const RuleSet *set, Str id)
{
    for (uint32_t i = 0; i < ruleset_rule_count(set); i++)
        if (str_eq(rule_id(ruleset_rule(set, i)), id))
            return ruleset_rule(set, i);
    return NULL;
}

/* A rule that can put findings right shows it by a test. */
static void check_fixed(TrialRunner *runner, const RuleDraft *draft, uint32_t fixed)
{
    const Node *id = draft->fields[RULE_FIELD_ID];

    if (!draft->edit_count || fixed)
        return;
    diag_error(&runner->context->diags, DIAG_RULE_TEST, node_span(id),
               "%.*s: `edit` changes no input of a failing test", STR_ARG(node_text(id)));
    runner->summary->failed++;
}

static void test_rule(TrialRunner *runner, const RuleDraft *draft)
{
    const Rule *rule = find_rule(runner->set, draft_text(draft, RULE_FIELD_ID));
    bool failing = false, passing = false;
    uint32_t fixed = 0, before = runner->summary->failed;

    if (!rule)
        return; /* it did not compile, which is reported */
    runner->summary->rules++;
    runner->selected[rule->number] = true;
    for (uint32_t i = 0; i < draft->test_count; i++) {
        failing |= draft->tests[i].outcome == RULE_TEST_FAIL;
        passing |= draft->tests[i].outcome == RULE_TEST_PASS;
        runner->summary->tests++;
        runner->summary->failed += !run_test(runner, draft, &draft->tests[i], &fixed);
    }
    if (runner->summary->failed == before)
        check_fixed(runner, draft, fixed);
    runner->summary->untested += !failing || !passing;
    runner->selected[rule->number] = false;
}

static bool run_tests(TrialRunner *runner, const RuleTree *tree)
{
    Arena *arena = runner->context->arena;

    runner->selected = ARENA_ARRAY(arena, bool, ruleset_rule_count(runner->set) + 1u);
    runner->patterns = cel_patterns_new();
    if (!runner->selected || !runner->patterns) {
        cel_patterns_free(runner->patterns);
        return false;
    }
    for (const RuleFile *file = tree->first; file; file = file->next) {
        runner->summary->files++;
        for (uint32_t i = 0; i < file->rule_count; i++)
            test_rule(runner, &file->rules[i]);
    }
    cel_patterns_free(runner->patterns);
    return true;
}

bool rules_test(const char *const *paths, uint32_t count, const RuleSet *base, RuleContext *context,
                RuleTestSummary *summary)
{
    RuleTree tree = rule_tree_new();
    CompileOptions options = {.base = base, .ids_free = true};
    RuleSet set;
    TrialRunner runner = {.context = context, .set = &set, .summary = summary};
    bool good = true;

    *summary = (RuleTestSummary){0};
    for (uint32_t i = 0; i < count; i++)
        good &= rule_tree_add(&tree, paths[i], context);
    options.defaults = tree.defaults;
    options.default_count = tree.default_count;
    if (!rules_compile(tree.first, &options, context, &set))
        return false;
    if (base)
        runner.symbols = ruleset_symbols(base, &set);
    else
        runner.symbols = ruleset_symbols(&set, NULL);
    runner.objects = base ? &base->objects : &set.objects;
    runner.defaults = ruleset_defaults(tree.default_count || !base ? &set : base, context->arena);
    return run_tests(&runner, &tree) && good;
}
