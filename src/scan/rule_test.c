#include "scan/rule_test.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/docker.h"
#include "ir/kubernetes.h"
#include "ir/plan.h"
#include "ir/terraform.h"
#include "rules/paths.h"
#include "scan/config.h"
#include "scan/hadolint.h"
#include "syntax/json.h"

/* A line of a test's input that `# here` marks. */
typedef struct Mark {
    Str file;
    uint32_t line;
} Mark;

typedef struct Runner {
    RuleContext *context;
    const RuleSet *set;
    Symbols symbols;
    ProviderDefaults defaults;
    CelPatterns *patterns;
    bool *selected; /* one for each rule of the set: the one at hand */
    RuleTestSummary *summary;
} Runner;

/* One test at work. */
typedef struct Trial {
    Runner *runner;
    const RuleDraft *draft;
    const RuleTest *test;
    Format format;
    Arena *arena;
    Unit unit;
    VerdictSink sink;
    Mark *marks;
    uint32_t mark_count;
    uint32_t mark_capacity;
} Trial;

static Format test_format(const RuleDraft *draft, const RuleTest *test)
{
    for (uint32_t i = 0; i < FORMAT_COUNT; i++)
        if (str_eq(test->as, str_of(format_id((Format)i))))
            return (Format)i;
    return rule_target_format(draft_list_text(draft, RULE_FIELD_FOR, 0));
}

static void test_failed(const Trial *trial, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void test_failed(const Trial *trial, const char *format, ...)
{
    Buf text = buf_new(trial->arena);
    char message[400];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    buf_add_z(&text, message);
    diag_error(&trial->runner->context->diags, DIAG_RULE_TEST, trial->test->span,
               "%.*s, `%s`: %.*s", STR_ARG(draft_text(trial->draft, RULE_FIELD_ID)),
               rule_outcome_name(trial->test->outcome), STR_ARG(buf_str(&text)));
}

static Str file_name(Format format)
{
    static const Str names[FORMAT_COUNT] = {
        [FORMAT_KUBERNETES] = STR_INIT("test.yaml"),
        [FORMAT_TERRAFORM] = STR_INIT("test.tf"),
        [FORMAT_PLAN] = STR_INIT("plan.json"),
        [FORMAT_DOCKERFILE] = STR_INIT("Dockerfile"),
        [FORMAT_GITHUB_WORKFLOW] = STR_INIT(".github/workflows/test.yaml"),
    };

    return names[format];
}

/* Configurations of hadolint before what they are about. */
static bool build_each(Trial *trial, bool (*build)(Unit *, Source *))
{
    Unit *unit = &trial->unit;
    uint32_t count = trial->test->file_count;
    bool good = true;

    for (uint32_t i = 0; i < unit->sources.count && i < count; i++)
        if (hadolint_is_name(unit->sources.items[i]->path))
            hadolint_build(unit, unit->sources.items[i]);
    for (uint32_t i = 0; i < unit->sources.count && i < count; i++)
        if (!hadolint_is_name(unit->sources.items[i]->path))
            good &= build(unit, unit->sources.items[i]);
    return good;
}

static bool build_unit(Trial *trial)
{
    Unit *unit = &trial->unit;

    unit->format = trial->format;
    unit->closed = true; /* a test is all there is */
    switch (trial->format) {
    case FORMAT_KUBERNETES:
        return build_each(trial, kubernetes_build);
    case FORMAT_PLAN:
        return build_each(trial, plan_build);
    case FORMAT_DOCKERFILE:
        return build_each(trial, docker_build);
    case FORMAT_TERRAFORM:
        return terraform_build(unit, unit->sources.items, unit->sources.count);
    default:
        test_failed(trial, "the format %s cannot be read yet", format_id(trial->format));
        return false;
    }
}

static void add_mark(Trial *trial, Str file, uint32_t line)
{
    Mark *marks = arena_grow(trial->arena, trial->marks, trial->mark_count, &trial->mark_capacity,
                             trial->mark_count + 1u, sizeof *marks);

    if (!marks)
        return;
    trial->marks = marks;
    marks[trial->mark_count++] = (Mark){file, line};
}

/* `# here` at the end of a line marks it; alone on a line it marks the next one. */
static void find_marks(Trial *trial, Str file, Str text)
{
    Str line;
    uint32_t number = 1;

    while (text.size) {
        int64_t end = str_find_char(text, '\n');
        line = str_trim(str_sub(text, 0, end < 0 ? text.size : (uint32_t)end));
        if (str_eq(line, STR("# here")))
            add_mark(trial, file, number + 1);
        else if (str_ends(line, STR("# here")))
            add_mark(trial, file, number);
        if (end < 0)
            break;
        text = str_from(text, (uint32_t)end + 1);
        number++;
    }
}

/* The part of a JSON pointer (RFC 6901) up to the next slash, unescaped in place of `part`. */
static Str pointer_part(Arena *arena, Str *rest)
{
    Buf part = buf_new(arena);
    uint32_t i = 1;

    for (; i < rest->size && rest->data[i] != '/'; i++) {
        bool escape = rest->data[i] == '~' && i + 1 < rest->size;
        buf_add_char(&part, !escape ? rest->data[i] : rest->data[i + 1] == '0' ? '~' : '/');
        i += escape;
    }
    *rest = str_from(*rest, i);
    return buf_str(&part);
}

static const Node *list_at(const Node *list, Str index)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < index.size && number < list->count; i++)
        number = number * 10 + (uint32_t)(index.data[i] - '0');
    return number < list->count ? &list->as.items[number] : NULL;
}

/* The place of what the pointer names: a key, or a list's element. */
static bool follow_pointer(Trial *trial, const Node *node, Str pointer, uint32_t *offset)
{
    *offset = node->start;
    while (node && pointer.size) {
        Str part = pointer_part(trial->arena, &pointer);
        const Entry *entry = node_entry_named(node, part);
        node = entry ? &entry->value : node->kind == NODE_LIST ? list_at(node, part) : NULL;
        if (node)
            *offset = entry ? entry->key_start : node->start;
    }
    return node != NULL;
}

static void mark_pointer(Trial *trial)
{
    Source *source = sources_get(&trial->unit.sources, 0);
    Node root;
    uint32_t offset;
    DiagSink ignored = diags_new(trial->arena);

    if (!trial->test->at.size || !source)
        return;
    if (!json_read(source, &trial->runner->symbols, trial->arena, &ignored, &root) ||
        !follow_pointer(trial, &root, trial->test->at, &offset)) {
        test_failed(trial, "`at` names nothing in the input");
        return;
    }
    add_mark(trial, source->path, source_position(&trial->unit.sources, source, offset).line);
}

static bool add_sources(Trial *trial)
{
    for (uint32_t i = 0; i < trial->test->file_count; i++) {
        const RuleTestFile *file = &trial->test->files[i];
        Str text = scalar_text(file->text);
        Str path = file->path.size ? file->path : file_name(trial->format);
        if (!sources_add(&trial->unit.sources, path, text))
            return false;
        find_marks(trial, path, text);
    }
    trial->unit.path = trial->unit.sources.count ? trial->unit.sources.items[0]->path : STR("");
    mark_pointer(trial);
    return true;
}

/* An input that cannot be read proves nothing. */
static bool input_is_good(const Trial *trial)
{
    for (const Diag *diag = trial->unit.diags.first; diag; diag = diag->next)
        if (diag->level == DIAG_ERROR) {
            test_failed(trial, "the input is broken: %.*s", STR_ARG(diag->message));
            return false;
        }
    return true;
}

static bool marked(const Trial *trial, const Place *place)
{
    for (uint32_t i = 0; i < trial->mark_count; i++)
        if (trial->marks[i].line == place->start.line && str_eq(trial->marks[i].file, place->file))
            return true;
    return false;
}

static bool mark_met(const Trial *trial, const Mark *mark, Status status)
{
    for (uint32_t i = 0; i < trial->sink.count; i++)
        if (trial->sink.verdicts[i].status == status &&
            trial->sink.verdicts[i].place.start.line == mark->line &&
            str_eq(trial->sink.verdicts[i].place.file, mark->file))
            return true;
    return false;
}

static bool check_verdict(const Trial *trial, const Verdict *verdict)
{
    const RuleTest *test = trial->test;

    if (trial->mark_count && !marked(trial, &verdict->place)) {
        test_failed(trial, "the verdict on %.*s is at %.*s:%u, which is not marked",
                    STR_ARG(verdict->resource), STR_ARG(verdict->place.file),
                    verdict->place.start.line);
        return false;
    }
    if (test->resource.size && !str_eq(test->resource, verdict->resource)) {
        test_failed(trial, "the verdict is on %.*s", STR_ARG(verdict->resource));
        return false;
    }
    if (test->severity_given && verdict->status == STATUS_FAIL &&
        verdict->severity != test->severity) {
        test_failed(trial, "the finding is %s", severity_name(verdict->severity));
        return false;
    }
    return true;
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
            test_failed(trial, "nothing points at the marked line %u of %.*s", trial->marks[i].line,
                        STR_ARG(trial->marks[i].file));
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
        test_failed(trial, "there is a finding on %.*s at line %u: %.*s",
                    STR_ARG(verdict->resource), verdict->place.start.line,
                    STR_ARG(verdict->message));
    return !verdict;
}

static bool no_unknown(const Trial *trial)
{
    const Verdict *verdict = first_of(trial, STATUS_UNKNOWN);

    if (verdict)
        test_failed(trial, "%.*s is undecided: %.*s", STR_ARG(verdict->resource),
                    STR_ARG(verdict->cause));
    return !verdict;
}

static bool check_fail(const Trial *trial)
{
    const RuleTest *test = trial->test;
    uint32_t failed = trial->sink.coverage.failed;
    const Verdict *unknown = first_of(trial, STATUS_UNKNOWN);

    if (test->count_given && failed != test->count) {
        test_failed(trial, "%u findings instead of %u", failed, test->count);
        return false;
    }
    if (!test->count_given && failed == 0) {
        test_failed(trial, "no finding; %u passed, %u undecided%s%.*s", trial->sink.coverage.passed,
                    trial->sink.coverage.unknown, unknown ? ": " : "",
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
    test_failed(trial, "the rule judged nothing; is that what `skip` would say?");
    return false;
}

static bool check_unknown(const Trial *trial)
{
    if (!no_finding(trial))
        return false;
    if (!first_of(trial, STATUS_UNKNOWN)) {
        test_failed(trial, "nothing is undecided; %u passed", trial->sink.coverage.passed);
        return false;
    }
    return check_places(trial, STATUS_UNKNOWN);
}

static bool check_skip(const Trial *trial)
{
    const Coverage *coverage = &trial->sink.coverage;
    uint32_t verdicts = coverage->passed + coverage->failed + coverage->unknown;

    if (verdicts)
        test_failed(trial, "the rule gave %u verdicts", verdicts);
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
        test_failed(trial, "%.*s", STR_ARG(error->message));
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
        test_failed(trial, "no expression of the rule failed");
    return error != NULL;
}

static bool judge(Trial *trial, const Config *config)
{
    Runner *runner = trial->runner;
    EvalOptions options = {.sets = &runner->set,
                           .set_count = 1,
                           .symbols = &runner->symbols,
                           .rules = {.selected = runner->selected},
                           .keep_unknown = true,
                           .report_at = SEVERITY_INFO,
                           .pod_security_level = (uint8_t)config->pod_security,
                           .pod_security_minor = config->pod_security_minor,
                           .kubernetes_minor = config->kubernetes_minor,
                           .environments = environments_of(config, STR(""), trial->arena)};
    Evaluator *evaluator = evaluator_new(&options, runner->patterns);

    if (!evaluator)
        return false;
    trial->sink.arena = trial->arena;
    evaluator_judge(evaluator, &trial->unit, &trial->sink);
    evaluator_free(evaluator);
    return true;
}

static bool run_trial(Trial *trial)
{
    RuleContext *context = trial->runner->context;
    Config config = config_default();

    if (trial->test->config &&
        !config_build(trial->test->config, context->arena, &context->diags, &config))
        return false;
    if (!add_sources(trial) || !build_unit(trial) || !input_is_good(trial)) {
        if (input_is_good(trial))
            test_failed(trial, "the input cannot be read");
        return false;
    }
    return judge(trial, &config) && check_outcome(trial);
}

static void run_test(Runner *runner, const RuleDraft *draft, const RuleTest *test)
{
    Trial trial = {.runner = runner,
                   .draft = draft,
                   .test = test,
                   .format = test_format(draft, test),
                   .arena = arena_new(LIMIT_UNIT_BYTES)};

    runner->summary->tests++;
    if (!trial.arena) {
        runner->summary->failed++;
        return;
    }
    trial.unit = unit_new(trial.arena, &runner->symbols, &runner->defaults);
    if (!run_trial(&trial))
        runner->summary->failed++;
    arena_free(trial.arena);
}

static const Rule *find_rule(const RuleSet *set, Str id)
{
    for (uint32_t i = 0; i < ruleset_rule_count(set); i++)
        if (str_eq(rule_id(ruleset_rule(set, i)), id))
            return ruleset_rule(set, i);
    return NULL;
}

static void test_rule(Runner *runner, const RuleDraft *draft)
{
    const Rule *rule = find_rule(runner->set, draft_text(draft, RULE_FIELD_ID));
    bool failing = false, passing = false;

    if (!rule)
        return; /* it did not compile, which is reported */
    runner->summary->rules++;
    runner->selected[rule->number] = true;
    for (uint32_t i = 0; i < draft->test_count; i++) {
        failing |= draft->tests[i].outcome == RULE_TEST_FAIL;
        passing |= draft->tests[i].outcome == RULE_TEST_PASS;
        run_test(runner, draft, &draft->tests[i]);
    }
    runner->summary->untested += !failing || !passing;
    runner->selected[rule->number] = false;
}

static bool run_tests(Runner *runner, const RuleTree *tree)
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
    Runner runner = {.context = context, .set = &set, .summary = summary};
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
    runner.defaults = ruleset_defaults(tree.default_count || !base ? &set : base, context->arena);
    return run_tests(&runner, &tree) && good;
}
