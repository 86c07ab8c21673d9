/*
 * The embedding API over scan/setup.h and scan/scan.h.
 */
#include "plumb/plumb.h"

#include "base/limits.h"
#include "scan/setup.h"

_Static_assert((int)PLUMB_CRITICAL == (int)SEVERITY_CRITICAL, "severities are the same");
_Static_assert((int)PLUMB_SUPPRESSED == (int)STATUS_SUPPRESSED, "outcomes are the same");
_Static_assert((int)PLUMB_INCOMPLETE == (int)SCAN_INCOMPLETE, "the status is the same");

typedef struct Caller {
    plumb_finding_fn *each;
    void *context;
    Arena *arena; /* of the texts of one finding */
    bool stopped;
} Caller;

static const char *text(Caller *caller, Str value)
{
    const char *copy = str_copy_z(caller->arena, value);

    return copy ? copy : "";
}

static void set_place(Caller *caller, plumb_finding *finding, const Place *place)
{
    finding->file = text(caller, place->file);
    finding->line = place->start.line;
    finding->column = place->start.column;
    finding->end_line = place->end.line;
    finding->end_column = place->end.column;
}

static void call(Caller *caller, const plumb_finding *finding)
{
    caller->stopped = caller->each(caller->context, finding) != 0;
}

static void give_verdicts(void *context, const Verdict *verdicts, uint32_t count)
{
    Caller *caller = context;

    for (uint32_t i = 0; i < count && !caller->stopped; i++) {
        const Verdict *verdict = &verdicts[i];
        plumb_finding finding = {.outcome = (plumb_outcome)verdict->status,
                                 .severity = (plumb_severity)verdict->severity,
                                 .enabled = verdict->enabled,
                                 .fingerprint = verdict->fingerprint};
        arena_rewind(caller->arena, 0);
        finding.rule = text(caller, rule_id(verdict->rule));
        finding.resource = text(caller, verdict->resource);
        finding.attribute = text(caller, verdict->attribute);
        finding.element = text(caller, verdict->element);
        finding.message = text(caller, verdict->message);
        finding.cause = text(caller, verdict->cause);
        finding.fix = text(caller, rule_fix(verdict->rule));
        set_place(caller, &finding, &verdict->place);
        call(caller, &finding);
    }
}

static void give_problems(Caller *caller, const Problem *problems, uint32_t count)
{
    for (uint32_t i = 0; i < count && !caller->stopped; i++) {
        plumb_finding finding = {.outcome = PLUMB_ERROR,
                                 .rule = problems[i].code,
                                 .resource = "",
                                 .attribute = "",
                                 .element = "",
                                 .cause = "",
                                 .fingerprint = ""};
        if (problems[i].level != DIAG_ERROR)
            continue;
        arena_rewind(caller->arena, 0);
        finding.message = text(caller, problems[i].message);
        finding.fix = text(caller, problems[i].help);
        set_place(caller, &finding, &problems[i].place);
        call(caller, &finding);
    }
}

static Str given(const char *value)
{
    return value ? str_of(value) : STR("");
}

static bool fill_setup(const plumb_options *options, Arena *arena, SetupOptions *setup)
{
    *setup = (SetupOptions){.root = given(options->root),
                            .config = given(options->config),
                            .report_at = (Severity)options->report_at,
                            .report_at_given = true,
                            .fail_on_given = true,
                            .fail_on = (Severity)options->fail_on,
                            .blocks = options->fail_on != PLUMB_NEVER,
                            .all_verdicts = options->all_verdicts,
                            .show_unknown = options->show_unknown,
                            .allow_empty = options->allow_empty,
                            .jobs = options->jobs};
    for (size_t i = 0; i < options->rule_count; i++)
        if (!str_list_add(&setup->rule_paths, str_of(options->rules[i]), arena))
            return false;
    return true;
}

static plumb_status run(const SetupOptions *wanted, const DiscoverOptions *input, Arena *arena,
                        Caller *caller)
{
    ScanObserver observer = {caller, give_verdicts, NULL};
    ScanResult result = {.status = SCAN_INCOMPLETE};
    Setup setup;

    if (setup_scan(wanted, arena, &setup)) {
        setup.scan.discover.text = input->text;
        setup.scan.discover.text_name = input->text_name;
        scan_run(&setup.scan, &observer, arena, &result);
        give_problems(caller, result.problems, result.problem_count);
    } else {
        give_problems(caller, setup.problems.items, setup.problems.count);
    }
    setup_free(&setup);
    return (plumb_status)result.status;
}

static plumb_status scan(const char *path, const DiscoverOptions *input,
                         const plumb_options *options, plumb_finding_fn *each, void *context)
{
    Arena *arena = arena_new(LIMIT_UNIT_BYTES);
    Caller caller = {each, context, arena_new(LIMIT_UNIT_BYTES), false};
    plumb_status status = PLUMB_FAULT;
    plumb_options defaults;
    SetupOptions setup;

    plumb_options_init(&defaults);
    if (arena && caller.arena && fill_setup(options ? options : &defaults, arena, &setup) &&
        str_list_add(&setup.arguments, str_of(path), arena))
        status = run(&setup, input, arena, &caller);
    arena_free(caller.arena);
    arena_free(arena);
    return status;
}

void plumb_options_init(plumb_options *options)
{
    *options = (plumb_options){.fail_on = PLUMB_HIGH};
}

plumb_status plumb_scan_path(const char *path, const plumb_options *options, plumb_finding_fn *each,
                             void *context)
{
    DiscoverOptions input = {0};

    return scan(path, &input, options, each, context);
}

plumb_status plumb_scan_buffer(const char *name, const void *bytes, size_t size,
                               const plumb_options *options, plumb_finding_fn *each, void *context)
{
    DiscoverOptions input = {.text = {size ? bytes : "", (uint32_t)size},
                             .text_name = str_of(name)};

    if (size > LIMIT_SOURCE_BYTES)
        return PLUMB_INCOMPLETE;
    return scan("-", &input, options, each, context);
}

const char *plumb_version(void)
{
    return PLUMB_VERSION;
}
