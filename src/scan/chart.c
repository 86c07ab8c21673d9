#include "scan/chart.h"

#include <errno.h>

#include "base/buf.h"
#include "ir/helm_values.h"
#include "scan/boundary.h"
#include "scan/chart_state.h"
#include "syntax/text.h"

/* Of what helm says, as much as a message needs. */
enum { MESSAGE_BYTES = 600 };

/* --- names --- */

static bool is_yaml(Str name)
{
    return str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml"));
}

static Str stem_of(Str name)
{
    return str_sub(name, 0, (uint32_t)str_find_last_char(name, '.'));
}

bool chart_is_values(Str folder, Str name)
{
    Str stem;

    if (!is_yaml(name))
        return false;
    stem = stem_of(name);
    if (str_eq(folder, STR("ci")))
        return str_ends(stem, STR("-values"));
    if (folder.size)
        return str_eq(folder, STR("values"));
    return str_starts(stem, STR("values-")) || str_starts(stem, STR("values.")) ||
           str_starts(stem, STR("values_")) || str_ends(stem, STR("-values")) ||
           str_ends(stem, STR(".values"));
}

uint32_t chart_render_count(const FoundFile *file)
{
    return file->chart->value_count ? file->chart->value_count : 1 + file->member_count;
}

/* --- values --- */

static void add_values(Chart *chart, HelmChart *known, Str path, Str text, Str subchart)
{
    Source *source = sources_add(&chart->unit->sources, path, text);

    if (source && text_decode(source, chart->unit->arena, &chart->unit->diags))
        known->files[known->file_count++] = (HelmValuesFile){.source = source, .chart = subchart};
}

/* The values that the chart says itself, or with `below` those of its subcharts. */
static void add_own_values(Chart *chart, HelmChart *known, bool below)
{
    static const Str name = STR_INIT("values.yaml");

    for (uint32_t i = 0; i < chart->count; i++) {
        const HelmFile *file = &chart->files[i];
        Str folder = str_sub(file->path, 0, file->path.size - name.size);
        if (!str_ends(file->path, name))
            continue;
        if (below ? str_starts(folder, STR("charts/")) && str_ends(folder, STR("/"))
                  : folder.size == 0)
            add_values(chart, known, str_join(chart->unit->arena, chart->folder, file->path),
                       file->text, folder);
    }
}

/* What a finding may have been decided by: what was given, the last first, then the chart's own,
 * then those of its subcharts. */
static void know_values(Chart *chart, const ChartValues *given)
{
    Arena *arena = chart->unit->arena;
    HelmChart *known = ARENA_NEW(arena, HelmChart);

    if (!known)
        return;
    known->folder = chart->folder;
    known->files = ARENA_ARRAY(arena, HelmValuesFile, given->count + chart->count + 1u);
    if (!known->files)
        return;
    for (uint32_t i = given->count; i-- > 0;)
        add_values(chart, known, given->files[i].path, given->files[i].text, STR(""));
    add_own_values(chart, known, false);
    add_own_values(chart, known, true);
    for (uint32_t i = 0; i < chart->count; i++)
        known->template_count += chart_is_template(chart->files[i].path);
    chart->unit->chart = known;
}

/* What the user gave, by its path from the boundary where it is inside. */
static bool take_given(Chart *chart, const ChartValues *given, ChartValues *values)
{
    HelmFile *files = ARENA_ARRAY(chart->unit->arena, HelmFile, given->count + 1u);

    for (uint32_t i = 0; files && i < given->count; i++)
        files[i] =
            (HelmFile){discover_inside(chart->root, given->files[i].path), given->files[i].text};
    *values = (ChartValues){given->label, files, given->count};
    return files != NULL;
}

/* The set of values of this render: one that was given, or a file that was found, or none. */
static bool choose_values(Chart *chart, ChartValues *values)
{
    const FoundFile *file = chart->file;
    HelmFile *found;
    int error;

    *values = (ChartValues){.label = file->member_count ? STR("values.yaml") : STR("")};
    if (chart->options->value_count) {
        return take_given(chart, &chart->options->values[file->render], values);
    }
    if (file->render == 0)
        return true;
    found = ARENA_NEW(chart->unit->arena, HelmFile);
    if (!found)
        return false;
    found->path = file->members[file->render - 1];
    if (!boundary_read(chart->root, found->path.data, chart->unit->arena, &found->text, &error)) {
        diag_path_error(&chart->unit->diags, DIAG_FILE_UNREADABLE, found->path,
                        "cannot be read: %s", strerror(error));
        return false;
    }
    *values = (ChartValues){str_from(found->path, chart->folder.size), found, 1};
    return true;
}

/* --- what went wrong --- */

static bool ends_path(char c)
{
    return c == ' ' || c == '"' || c == ':' || c == '(' || c == ')' || c == '<';
}

static uint32_t read_number(Str text)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < text.size && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        number = number < 100000000 ? number * 10 + (uint32_t)(text.data[i] - '0') : number;
    return number;
}

static Span line_span(const Sources *sources, Source *source, uint32_t number)
{
    Str line = source_line(sources, source, number);
    uint32_t start = line.size ? (uint32_t)(line.data - source->text.data) : 0;

    return (Span){source->number, start, start + line.size};
}

/* The template and line that helm names, as in `template: a/templates/b.yaml:3:5: ...`; else the
 * chart. */
static Span failure_span(Chart *chart, Str words)
{
    Sources *sources = &chart->unit->sources;
    int64_t at = str_find(words, STR("/templates/"));
    uint32_t start = at < 0 ? 0 : (uint32_t)at, end = start;
    const HelmFile *file;
    Source *source;
    Str path, first;

    while (start > 0 && !ends_path(words.data[start - 1]))
        start--;
    while (end < words.size && !ends_path(words.data[end]))
        end++;
    path = str_sub(words, start, end - start);
    str_split(&path, '/', &first);
    file = chart_find_file(chart, path);
    if (!file)
        return chart_span(chart);
    source = sources_add(sources, str_join(chart->unit->arena, chart->folder, path), file->text);
    return source ? line_span(sources, source, read_number(str_from(words, end + 1)))
                  : chart_span(chart);
}

/* What helm says last is what stopped it; warnings before it are none of ours. */
static Str last_words(Str errors, Arena *arena)
{
    int64_t at = str_find(errors, STR("Error: "));
    static const Str advice = STR_INIT("Use --debug flag to render out invalid YAML");
    Buf text = buf_new(arena);

    errors = str_trim(at < 0 ? errors : str_from(errors, (uint32_t)at + 7));
    if (str_ends(errors, advice))
        errors = str_trim(str_sub(errors, 0, errors.size - advice.size));
    errors = str_sub(errors, 0, MESSAGE_BYTES);
    for (uint32_t i = 0; i < errors.size; i++) {
        bool gap = errors.data[i] == '\n' || errors.data[i] == '\r' || errors.data[i] == '\t';
        buf_add_char(&text, gap ? ' ' : errors.data[i]);
    }
    return buf_str(&text);
}

static void report_failure(Chart *chart, const ChartValues *values, const char *what, Str words)
{
    DiagSink *diags = &chart->unit->diags;
    bool asks = str_find(words, STR("nil pointer")) >= 0 ||
                str_find(words, STR("execution error")) >= 0 || str_find(words, STR("schema")) >= 0;
    Diag *diag =
        diag_error(diags, DIAG_HELM_TEMPLATE, failure_span(chart, words),
                   "the chart is not rendered%s%.*s: %s%s%.*s", values->label.size ? " with " : "",
                   STR_ARG(values->label), what, words.size ? ": " : "", STR_ARG(words));

    if (chart->has_archives && str_find(words, STR("unknown flag: --skip-schema")) >= 0)
        diag_help(diags, diag, "a chart with subcharts in archives wants helm 3.16 or later");
    else if (chart->lacks)
        diag_help(diags, diag,
                  "run `helm dependency build` before, for the subcharts that it lacks");
    else if (asks)
        diag_help(diags, diag, "name the values that it needs: --helm-values FILE");
}

static bool is_rendered(Chart *chart, const ChartValues *values, const ProcessResult *result)
{
    Arena *arena = chart->unit->arena;

    if (result->end == PROCESS_EXITED && result->code == 0)
        return true;
    if (result->end == PROCESS_EXITED)
        report_failure(chart, values, "helm says", last_words(result->errors, arena));
    else if (result->end == PROCESS_TOO_LONG)
        report_failure(chart, values, "helm takes too long", STR(""));
    else if (result->end == PROCESS_TOO_LARGE)
        report_failure(chart, values, "helm prints too much", STR(""));
    else if (result->end == PROCESS_KILLED)
        report_failure(chart, values, "helm was stopped by a signal", STR(""));
    else if (result->end == PROCESS_INTERRUPTED)
        report_failure(chart, values, "plumb is told to end", STR(""));
    else
        report_failure(chart, values, "helm does not start", str_of(strerror(result->code)));
    return false;
}

static void render(Chart *chart)
{
    const ChartOptions *options = chart->options;
    Unit *unit = chart->unit;
    ChartValues values;
    ProcessResult result;
    HelmJob job = {.program = options->helm,
                   .world = &options->world,
                   .kubernetes_minor = options->kubernetes_minor};
    int error = 0;

    if (!choose_values(chart, &values))
        return;
    if (chart_render_count(chart->file) > 1)
        unit->render = values.label;
    chart_check_dependencies(chart);
    chart_check_schemas(chart);
    job.skips_schemas = chart->has_archives;
    job.files = chart->files;
    job.file_count = chart->count;
    job.values = values.files;
    job.value_count = values.count;
    if (!helm_run(&job, unit->arena, &result, &error)) {
        report_failure(chart, &values, "no copy of it can be made", str_of(strerror(error)));
    } else if (is_rendered(chart, &values, &result)) {
        know_values(chart, &values);
        chart_build(chart, result.output);
    }
}

static bool is_library(const Chart *chart)
{
    return str_eq(node_string(node_get_named(&chart->description, STR("type"))), STR("library"));
}

/* Of templates that the user named, he wants no others. */
static void leave_others(Unit *unit, const FoundFile *file)
{
    for (uint32_t i = 0; i < unit->resource_count && file->only_count; i++) {
        Resource *resource = &unit->resources[i];
        const Source *source =
            sources_get(&unit->sources, sources_origin(&unit->sources, resource->header).source);
        resource->left_alone = true;
        for (uint32_t j = 0; source && j < file->only_count; j++)
            resource->left_alone &= !str_eq(source->path, file->only[j]);
    }
}

UnitOutcome chart_read(Unit *unit, const ScanRoot *root, const FoundFile *file)
{
    int64_t slash = str_find_last_char(file->path, '/');
    Chart chart = {.unit = unit,
                   .root = root,
                   .file = file,
                   .options = file->chart,
                   .folder = str_sub(file->path, 0, (uint32_t)(slash + 1))};
    bool whole;

    whole = chart_read_files(&chart);
    if (!chart_read_description(&chart)) {
        diag_path_error(&unit->diags, DIAG_FILE_UNREADABLE, file->path, "cannot be read");
        return UNIT_READ;
    }
    if (is_library(&chart))
        return UNIT_LIBRARY;
    /* Whoever makes charts of it, as cookiecutter does, has not yet. */
    if (detect_template(chart.source->text))
        return UNIT_TEMPLATE;
    if (!whole)
        report_failure(&chart, &(ChartValues){.label = {"", 0}}, "it is too large", STR(""));
    else
        render(&chart);
    leave_others(unit, file);
    return UNIT_READ;
}
