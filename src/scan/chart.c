#include "scan/chart.h"

#include <errno.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/helm_map.h"
#include "ir/helm_values.h"
#include "ir/kubernetes.h"
#include "ir/yaml_schema.h"
#include "scan/boundary.h"
#include "scan/ignore.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* Folders inside each other that a chart is looked for in. */
enum { FOLDER_DEPTH = 32 };

/* Of what helm says, as much as a message needs. */
enum { MESSAGE_BYTES = 600 };

typedef struct Chart {
    Unit *unit;
    const ScanRoot *root;
    const FoundFile *file;
    const ChartOptions *options;
    Str folder; /* from the boundary, with its slash; empty for that itself */
    HelmFile *files;
    uint32_t count;
    uint32_t capacity;
    size_t bytes;
    bool in_link;               /* a folder is read by way of a link */
    const IgnoreLevel *ignored; /* by .helmignore, whose patterns are much like those of git */
    Source *source;             /* Chart.yaml */
    Node root_node;
    HelmParts parts;
    uint32_t *part_of; /* of each file: its part + 1 */
    uint64_t work;     /* that may still be spent on alignments */
    bool lacks;        /* subcharts that it depends on */
} Chart;

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

/* --- the files of a chart --- */

typedef struct Name {
    Str text;
    bool link; /* or something else that is neither file nor folder */
} Name;

typedef struct Folder {
    Arena *arena;
    Name *names;
    uint32_t count;
    uint32_t capacity;
} Folder;

/* Version control's, and what a package manager has brought, are no part of a chart. */
static bool is_foreign(Str name)
{
    return str_eq(name, STR(".git")) || str_eq(name, STR("node_modules"));
}

static void add_name(void *context, Str name, FolderKind kind)
{
    Folder *folder = context;
    Name *grown;

    if (is_foreign(name))
        return;
    grown = arena_grow(folder->arena, folder->names, folder->count, &folder->capacity,
                       (size_t)folder->count + 1, sizeof *grown);
    if (!grown)
        return;
    folder->names = grown;
    grown[folder->count++] = (Name){str_copy(folder->arena, name), kind == FOLDER_OTHER};
}

static bool add_file(Chart *chart, Str path, Str text)
{
    HelmFile *grown = arena_grow(chart->unit->arena, chart->files, chart->count, &chart->capacity,
                                 (size_t)chart->count + 1, sizeof *grown);

    chart->bytes += text.size;
    if (!grown || chart->count == LIMIT_CHART_FILES || chart->bytes > LIMIT_CHART_BYTES)
        return false;
    chart->files = grown;
    grown[chart->count++] = (HelmFile){path, text};
    return true;
}

static bool read_folder(Chart *chart, Str path, uint32_t depth);

/* A folder, or nothing that helm could read. Of links to folders no second one is followed inside
 * of a first: they might lead round in a circle. */
static bool read_below(Chart *chart, Str path, bool link, uint32_t depth)
{
    bool inside = chart->in_link, good;

    if (depth == 0 || (link && inside))
        return true;
    chart->in_link |= link;
    good = read_folder(chart, path, depth - 1);
    chart->in_link = inside;
    return good;
}

/* A file, or a folder; a link is what it leads to, if that is inside of the boundary. */
static bool read_entry(Chart *chart, Str path, bool link, uint32_t depth)
{
    Arena *arena = chart->unit->arena;
    const char *place = str_copy_z(arena, str_join(arena, chart->folder, path));
    int error = 0;
    Str text;

    if (!place)
        return false;
    if (boundary_read(chart->root, place, arena, &text, &error))
        return add_file(chart, path, text);
    /* A tree of git's says no more than that it is no file. */
    return (error != EISDIR && !chart->root->tree) || read_below(chart, path, link, depth);
}

static bool read_folder(Chart *chart, Str path, uint32_t depth)
{
    Arena *arena = chart->unit->arena;
    Folder folder = {.arena = arena};
    Str whole = str_join(arena, chart->folder, path);
    const char *place;
    int error;

    whole.size -= whole.size && whole.data[whole.size - 1] == '/';
    place = whole.size ? str_copy_z(arena, whole) : ".";
    if (!place || !boundary_list(chart->root, place, add_name, &folder, &error))
        return path.size > 0;
    for (uint32_t i = 0; i < folder.count; i++) {
        Str name = folder.names[i].text;
        if (path.size)
            name = str_format(arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(name));
        if (ignore_excludes_below(chart->ignored, name))
            continue;
        if (!read_entry(chart, name, folder.names[i].link, depth))
            return false;
    }
    return !arena_spent(arena);
}

/* What helm would not read need not be copied. */
static void read_ignored(Chart *chart)
{
    Arena *arena = chart->unit->arena;
    Str path = str_join(arena, chart->folder, STR(".helmignore")), text;
    const char *name = str_copy_z(arena, path);
    IgnoreLevel *level = ignore_level_new(NULL, STR(""), arena);
    int error;

    if (!name || !level || !boundary_read(chart->root, name, arena, &text, &error))
        return;
    ignore_read(level, text, arena);
    chart->ignored = level;
}

static const HelmFile *find_file(const Chart *chart, Str path)
{
    for (uint32_t i = 0; i < chart->count; i++)
        if (str_eq(chart->files[i].path, path))
            return &chart->files[i];
    return NULL;
}

/* --- what it says of itself --- */

static const Node *get(const Node *node, const char *key)
{
    return node_get_named(node, str_of(key));
}

/* Its own line of Chart.yaml that a problem is shown at. */
static Span chart_span(const Chart *chart)
{
    const Entry *entry = node_entry_named(&chart->root_node, STR("name"));

    return entry ? entry_span(&chart->root_node, entry)
                 : (Span){chart->source->number, 0, chart->source->text.size ? 1 : 0};
}

static bool read_description(Chart *chart)
{
    Unit *unit = chart->unit;
    DiagSink quiet = diags_new(unit->arena);
    const HelmFile *file = find_file(chart, STR("Chart.yaml"));
    YamlDocument *documents;
    uint32_t count;

    if (!file)
        return false;
    chart->source = sources_add(&unit->sources, chart->file->path, file->text);
    if (!chart->source)
        return false;
    /* helm says what is wrong with it. */
    chart->root_node = node_make_null(SPAN_NONE);
    yaml_read(chart->source, unit->symbols, unit->arena, &quiet, &documents, &count);
    if (count && yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, unit->symbols,
                                   unit->arena, &quiet))
        chart->root_node = documents[0].root;
    return true;
}

static bool is_library(const Chart *chart)
{
    return str_eq(node_string(get(&chart->root_node, "type")), STR("library"));
}

/* --- what it depends on --- */

/* Whether `charts/` holds a chart of that name: its directory, or an archive NAME-VERSION.tgz. */
static bool has_subchart(const Chart *chart, Str name, Arena *arena)
{
    Str folder = str_format(arena, "charts/%.*s/", STR_ARG(name));
    Str archive = str_format(arena, "charts/%.*s-", STR_ARG(name));
    Str wanted = str_format(arena, "name: %.*s", STR_ARG(name));

    for (uint32_t i = 0; i < chart->count; i++) {
        Str path = chart->files[i].path;
        if (str_starts(path, folder) || (str_starts(path, archive) && str_ends(path, STR(".tgz"))))
            return true;
        /* A directory may have another name than its chart. */
        if (str_starts(path, STR("charts/")) && str_ends(path, STR("/Chart.yaml")) &&
            str_find(chart->files[i].text, wanted) >= 0)
            return true;
    }
    return false;
}

static void blank(char *text, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i < end; i++)
        if (text[i] != '\n' && text[i] != '\r')
            text[i] = ' ';
}

/* The dash of an item of a list that is written in lines. */
static uint32_t dash_before(Str text, uint32_t at)
{
    while (at > 0 && text.data[at - 1] != '-' && text.data[at - 1] != '\n')
        at--;
    return at > 0 && text.data[at - 1] == '-' ? at - 1 : at;
}

static void report_lacking(Chart *chart, const Node *item, Str name)
{
    DiagSink *diags = &chart->unit->diags;

    chart->lacks = true;
    diag_help(diags,
              diag_warning(diags, DIAG_HELM_TEMPLATE, node_span(item),
                           "the subchart `%.*s` is not in charts/; what it makes is not judged",
                           STR_ARG(name)),
              "run `helm dependency build` before");
}

/* Takes what is not there out of the copy that helm reads: it refuses the whole chart else, and
 * most people do not keep in a repository what they depend on. */
static void leave_out_lacking(Chart *chart, HelmFile *file, const Node *list)
{
    char *text = NULL;
    Arena *arena = chart->unit->arena;

    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        Str name = node_string(get(item, "name"));
        if (!name.size || has_subchart(chart, name, arena))
            continue;
        report_lacking(chart, item, name);
        if (!text) {
            text = arena_raw(arena, file->text.size + 1u, 1);
            if (!text)
                return;
            memcpy(text, file->text.data, file->text.size);
        }
        /* A list in brackets loses all of its items. */
        if (file->text.data[list->start] == '[')
            blank(text, list->start + 1, list->end - 1);
        else
            blank(text, dash_before(file->text, item->start), item->end);
    }
    if (text)
        file->text.data = text;
}

/* Of today's charts in Chart.yaml, of older ones in requirements.yaml. */
static void check_dependencies(Chart *chart)
{
    Unit *unit = chart->unit;
    DiagSink quiet = diags_new(unit->arena);
    HelmFile *files = chart->files;
    YamlDocument *documents;
    uint32_t count;

    for (uint32_t i = 0; i < chart->count; i++) {
        if (str_eq(files[i].path, STR("Chart.yaml"))) {
            leave_out_lacking(chart, &files[i], get(&chart->root_node, "dependencies"));
        } else if (str_eq(files[i].path, STR("requirements.yaml"))) {
            Str path = str_join(unit->arena, chart->folder, files[i].path);
            Source *source = sources_add(&unit->sources, path, files[i].text);
            if (!source)
                return;
            yaml_read(source, unit->symbols, unit->arena, &quiet, &documents, &count);
            if (count && yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root,
                                           unit->symbols, unit->arena, &quiet))
                leave_out_lacking(chart, &files[i], get(&documents[0].root, "dependencies"));
        }
    }
}

/* --- templates --- */

static bool is_template(Str path)
{
    return str_starts(path, STR("templates/")) || str_find(path, STR("/templates/")) >= 0;
}

/* Reads all templates: any may hold a definition that another one includes. */
static bool read_templates(Chart *chart)
{
    Unit *unit = chart->unit;

    chart->part_of = ARENA_ARRAY(unit->arena, uint32_t, chart->count + 1u);
    if (!chart->part_of)
        return false;
    for (uint32_t i = 0; i < chart->count; i++) {
        const HelmFile *file = &chart->files[i];
        Source *source;
        if (!is_template(file->path) || str_find_char(file->text, '\0') >= 0)
            continue;
        source = sources_add(&unit->sources, str_join(unit->arena, chart->folder, file->path),
                             file->text);
        if (!source)
            return false;
        chart->part_of[i] = chart->parts.count + 1;
        if (!helm_lines_read(file->text, source->number, unit->arena, &chart->parts))
            return false;
    }
    return true;
}

typedef struct Question {
    Unit *unit;
    uint32_t source;
} Question;

static HelmTruth ask(void *context, Str inner)
{
    const Question *question = context;

    return helm_values_truth(question->unit, question->source, inner);
}

/* Which branches of the templates are printed, where the values alone say so. What definitions ask
 * of is not known. */
static void decide_branches(Chart *chart)
{
    for (uint32_t i = 0; i < chart->parts.count; i++) {
        HelmPart *part = &chart->parts.items[i];
        Question question = {chart->unit, part->source};
        if (!part->name.size)
            helm_lines_decide(part, ask, &question);
    }
}

/* The chart that a dependency's name in the parent's stands for, which may be an alias. */
static Str real_name(const Chart *chart, Str name)
{
    const Node *list = get(&chart->root_node, "dependencies");

    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        if (str_eq(node_string(get(item, "alias")), name))
            return node_string(get(item, "name"));
    }
    return name;
}

/* The part that a `# Source:` names; 0 for none, such as one in an archive. */
static uint32_t find_part(const Chart *chart, Str name)
{
    Str path = name, first, rest, sub;

    str_split(&path, '/', &first);
    for (uint32_t i = 0; i < chart->count; i++)
        if (chart->part_of[i] && str_eq(chart->files[i].path, path))
            return chart->part_of[i];
    if (!str_starts(path, STR("charts/")))
        return 0;
    rest = str_from(path, 7);
    str_split(&rest, '/', &sub);
    path = str_format(chart->unit->arena, "charts/%.*s/%.*s", STR_ARG(real_name(chart, sub)),
                      STR_ARG(rest));
    for (uint32_t i = 0; i < chart->count; i++)
        if (chart->part_of[i] && str_eq(chart->files[i].path, path))
            return chart->part_of[i];
    return 0;
}

/* Where something is shown that no file of the chart says: at the dependency that it comes from,
 * else the chart's name. */
static Span foreign_span(const Chart *chart, Str name)
{
    const Node *list = get(&chart->root_node, "dependencies");
    int64_t at = str_find(name, STR("/charts/"));
    Str rest = at < 0 ? STR("") : str_from(name, (uint32_t)at + 8), sub = STR("");

    str_split(&rest, '/', &sub);
    sub = real_name(chart, sub);
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++)
        if (str_eq(node_string(get(&list->as.items[i], "name")), sub))
            return node_span(&list->as.items[i]);
    return chart_span(chart);
}

/* --- the render --- */

static const Str source_mark = STR_INIT("# Source: ");

/* One document, from its `---`. */
static bool build_document(Chart *chart, Str text)
{
    Unit *unit = chart->unit;
    int64_t at = str_find(text, source_mark);
    Str rest = at < 0 ? STR("") : str_from(text, (uint32_t)at + source_mark.size), name = STR("");
    uint32_t part, count;
    const SourceRoute *routes;
    Source *source;

    str_split(&rest, '\n', &name);
    name = str_trim(name);
    part = find_part(chart, name);
    if (part) {
        const HelmPart *own = &chart->parts.items[part - 1];
        routes = helm_map(text, &chart->parts, part - 1, &chart->work, unit->arena, &count);
        source = sources_add_rendered(&unit->sources, (Span){own->source, 0, own->text.size}, text,
                                      routes, count);
    } else {
        source = sources_add_rendered(&unit->sources, foreign_span(chart, name), text, NULL, 0);
    }
    if (!source)
        return false;
    kubernetes_build(unit, source);
    return !arena_spent(unit->arena);
}

/* Whether a document of another template begins at `at`. */
static bool begins_document(Str text, uint32_t at)
{
    return str_starts(str_from(text, at), STR("---\n# Source: "));
}

static uint32_t find_document(Str text, uint32_t from)
{
    for (uint32_t at = from; at < text.size;) {
        int64_t newline;
        if (begins_document(text, at))
            return at;
        newline = str_find_char(str_from(text, at), '\n');
        if (newline < 0)
            break;
        at += (uint32_t)newline + 1;
    }
    return text.size;
}

static bool build_render(Chart *chart, Str output)
{
    uint32_t start = find_document(output, 0), next;

    chart->unit->format = FORMAT_KUBERNETES;
    chart->work = HELM_MAP_WORK;
    if (!read_templates(chart))
        return false;
    decide_branches(chart);
    for (; start < output.size; start = next) {
        next = find_document(output, start + 1);
        if (!build_document(chart, str_sub(output, start, next - start)))
            return false;
    }
    chart->unit->closed = !chart->lacks;
    return true;
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
        known->template_count += is_template(chart->files[i].path);
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
    file = find_file(chart, path);
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

    if (chart->lacks)
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
    check_dependencies(chart);
    job.files = chart->files;
    job.file_count = chart->count;
    job.values = values.files;
    job.value_count = values.count;
    if (!helm_run(&job, unit->arena, &result, &error)) {
        report_failure(chart, &values, "no copy of it can be made", str_of(strerror(error)));
    } else if (is_rendered(chart, &values, &result)) {
        know_values(chart, &values);
        build_render(chart, result.output);
    }
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

bool chart_read(Unit *unit, const ScanRoot *root, const FoundFile *file)
{
    int64_t slash = str_find_last_char(file->path, '/');
    Chart chart = {.unit = unit,
                   .root = root,
                   .file = file,
                   .options = file->chart,
                   .folder = str_sub(file->path, 0, (uint32_t)(slash + 1))};
    bool whole;

    read_ignored(&chart);
    whole = read_folder(&chart, STR(""), FOLDER_DEPTH);
    if (!read_description(&chart)) {
        diag_path_error(&unit->diags, DIAG_FILE_UNREADABLE, file->path, "cannot be read");
        return true;
    }
    if (is_library(&chart))
        return false;
    if (!whole)
        report_failure(&chart, &(ChartValues){.label = {"", 0}}, "it is too large", STR(""));
    else
        render(&chart);
    leave_others(unit, file);
    return true;
}
