#include "scan/rule_trial.h"

#include <stdarg.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/compose.h"
#include "ir/docker.h"
#include "ir/github_workflow.h"
#include "ir/kubernetes.h"
#include "ir/plan.h"
#include "ir/terraform.h"
#include "rules/paths.h"
#include "scan/config.h"
#include "scan/hadolint.h"
#include "syntax/json.h"

void trial_failed(const Trial *trial, const char *format, ...)
{
    va_list args;
    Str text;

    va_start(args, format);
    text = str_format_list(trial->arena, format, args);
    va_end(args);
    diag_error(&trial->runner->context->diags, DIAG_RULE_TEST, trial->test->span,
               "%.*s, `%s`: %.*s", STR_ARG(draft_text(trial->draft, RULE_FIELD_ID)),
               rule_outcome_name(trial->test->outcome), STR_ARG(text));
}

static Format test_format(const RuleDraft *draft, const RuleTest *test)
{
    for (uint32_t i = 0; i < FORMAT_COUNT; i++)
        if (str_eq(test->as, str_of(format_id((Format)i))))
            return (Format)i;
    return rule_target_format(draft_list_text(draft, RULE_FIELD_FOR, 0));
}

bool trial_begin(TrialRunner *runner, const RuleDraft *draft, const RuleTest *test, Trial *trial)
{
    *trial = (Trial){.runner = runner,
                     .draft = draft,
                     .test = test,
                     .format = test_format(draft, test),
                     .arena = arena_new(LIMIT_UNIT_BYTES)};
    if (!trial->arena)
        return false;
    trial->unit = unit_new(trial->arena, &runner->symbols, &runner->defaults);
    return true;
}

void trial_free(Trial *trial)
{
    arena_free(trial->arena);
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
    for (uint32_t i = 0; i < unit->sources.count && i < count; i++) {
        NameKind name = detect_name(unit->sources.items[i]->path);
        if (name == NAME_COMPOSE)
            good &= compose_build(unit, unit->sources.items[i], NULL);
        else if (name != NAME_OTHER && !hadolint_is_name(unit->sources.items[i]->path))
            good &= build(unit, unit->sources.items[i]);
    }
    return good;
}

/* The test's files of Terraform's are one module. */
static bool build_module(Trial *trial)
{
    Unit *unit = &trial->unit;
    Source **sources = ARENA_ARRAY(trial->arena, Source *, unit->sources.count);
    uint32_t count = 0;

    for (uint32_t i = 0; sources && i < unit->sources.count; i++)
        if (detect_name(unit->sources.items[i]->path) == NAME_TERRAFORM)
            sources[count++] = unit->sources.items[i];
    return sources && terraform_build(unit, sources, count);
}

/* A test is all there is: its files, and the directories that these are in. */
static bool has_file(const void *context, Str path)
{
    const Trial *trial = context;

    for (uint32_t i = 0; i < trial->test->file_count; i++) {
        Str name = trial->test->files[i].path;
        if (str_starts(name, path) && (name.size == path.size || name.data[path.size] == '/'))
            return true;
    }
    return false;
}

static bool build_unit(Trial *trial)
{
    Unit *unit = &trial->unit;

    unit->format = trial->format;
    unit->closed = true;
    unit->files = (UnitTree){trial, has_file};
    switch (trial->format) {
    case FORMAT_KUBERNETES:
        return build_each(trial, kubernetes_build);
    case FORMAT_PLAN:
        return build_each(trial, plan_build);
    case FORMAT_DOCKERFILE:
        return build_each(trial, docker_build);
    case FORMAT_TERRAFORM:
        return build_module(trial);
    case FORMAT_GITHUB_WORKFLOW:
        return build_each(trial, github_workflow_build);
    default:
        trial_failed(trial, "the format %s cannot be read yet", format_id(trial->format));
        return false;
    }
}

static void add_mark(Trial *trial, Str file, uint32_t line)
{
    TrialMark *marks = arena_grow(trial->arena, trial->marks, trial->mark_count,
                                  &trial->mark_capacity, trial->mark_count + 1u, sizeof *marks);

    if (!marks)
        return;
    trial->marks = marks;
    marks[trial->mark_count++] = (TrialMark){file, line};
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
        trial_failed(trial, "`at` names nothing in the input");
        return;
    }
    add_mark(trial, source->path, source_position(&trial->unit.sources, source, offset).line);
}

static bool add_sources(Trial *trial)
{
    for (uint32_t i = 0; i < trial->test->file_count; i++) {
        const RuleTestFile *file = &trial->test->files[i];
        Str text = trial->texts ? trial->texts[i] : scalar_text(file->text);
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
            trial_failed(trial, "the input is broken: %.*s", STR_ARG(diag->message));
            return false;
        }
    return true;
}

/* What a test says as plumb.yaml would. */
static bool read_config(Trial *trial, Config *config, Settings *settings)
{
    const Node *given = trial->test->config;
    RuleContext *context = trial->runner->context;
    SettingsRequest request = {.sets = &trial->runner->set, .set_count = 1, .config = config};

    *config = config_default();
    *settings = (Settings){0};
    return !given || (config_build(given, trial->arena, &context->diags, config) &&
                      settings_resolve(&request, trial->arena, &context->diags, settings));
}

static bool judge(Trial *trial, const Config *config, const Settings *settings)
{
    TrialRunner *runner = trial->runner;
    EvalOptions options = {.sets = &runner->set,
                           .set_count = 1,
                           .symbols = &runner->symbols,
                           .objects = runner->objects,
                           .rules = {.selected = runner->selected,
                                     .severities = settings->rules.severities,
                                     .params = settings->rules.params},
                           .overrides = settings->overrides,
                           .override_count = settings->override_count,
                           .keep_unknown = true,
                           .keep_fixes = true,
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

bool trial_judge(Trial *trial)
{
    Settings settings;
    Config config;

    if (!read_config(trial, &config, &settings))
        return false;
    if (!add_sources(trial) || !build_unit(trial) || !input_is_good(trial)) {
        if (input_is_good(trial))
            trial_failed(trial, "the input cannot be read");
        return false;
    }
    return judge(trial, &config, &settings);
}
