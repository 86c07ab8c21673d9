#include "scan/chart_state.h"

#include "ir/yaml_schema.h"
#include "syntax/yaml.h"

static const Node *get(const Node *node, const char *key)
{
    return node_get_named(node, str_of(key));
}

Span chart_span(const Chart *chart)
{
    const Entry *entry = node_entry_named(&chart->description, STR("name"));

    return entry ? entry_span(&chart->description, entry)
                 : (Span){chart->source->number, 0, chart->source->text.size ? 1 : 0};
}

bool chart_read_description(Chart *chart)
{
    Unit *unit = chart->unit;
    DiagSink quiet = diags_new(unit->arena);
    const HelmFile *file = chart_find_file(chart, STR("Chart.yaml"));
    YamlDocument *documents;
    uint32_t count;

    if (!file)
        return false;
    chart->source = sources_add(&unit->sources, chart->file->path, file->text);
    if (!chart->source)
        return false;
    /* helm says what is wrong with it. */
    chart->description = node_make_null(SPAN_NONE);
    yaml_read(chart->source, unit->symbols, unit->arena, &quiet, &documents, &count);
    if (count && yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, unit->arena, &quiet))
        chart->description = documents[0].root;
    return true;
}

Str chart_real_name(const Chart *chart, Str name)
{
    const Node *list = get(&chart->description, "dependencies");

    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++) {
        const Node *item = &list->as.items[i];
        if (str_eq(node_string(get(item, "alias")), name))
            return node_string(get(item, "name"));
    }
    return name;
}

Span chart_dependency_span(const Chart *chart, Str name)
{
    const Node *list = get(&chart->description, "dependencies");
    int64_t at = str_find(name, STR("/charts/"));
    Str rest = at < 0 ? STR("") : str_from(name, (uint32_t)at + 8), sub = STR("");

    str_split(&rest, '/', &sub);
    sub = chart_real_name(chart, sub);
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++)
        if (str_eq(node_string(get(&list->as.items[i], "name")), sub))
            return node_span(&list->as.items[i]);
    return chart_span(chart);
}

/* The text of a scalar that ends on its line: quoted, or before a comment. */
static Str scalar_of(Str rest)
{
    char quote;
    int64_t end;

    rest = str_trim(rest);
    quote = rest.size ? rest.data[0] : '\0';
    if (quote == '"' || quote == '\'') {
        rest = str_from(rest, 1);
        end = str_find_char(rest, quote);
    } else {
        end = str_find(rest, STR(" #"));
    }
    return str_trim(end < 0 ? rest : str_sub(rest, 0, (uint32_t)end));
}

bool chart_is_called(Str text, Str name)
{
    Str line;

    while (str_split(&text, '\n', &line))
        if (str_starts(line, STR("name:")))
            return str_eq(scalar_of(str_from(line, 5)), name);
    return false;
}

/* Whether `charts/` holds a chart of that name: its directory, or an archive NAME-VERSION.tgz. */
static bool has_subchart(const Chart *chart, Str name, Arena *arena)
{
    Str folder = str_format(arena, "charts/%.*s/", STR_ARG(name));
    Str archive = str_format(arena, "charts/%.*s-", STR_ARG(name));

    for (uint32_t i = 0; i < chart->count; i++) {
        Str path = chart->files[i].path;
        if (str_starts(path, folder) || (str_starts(path, archive) && str_ends(path, STR(".tgz"))))
            return true;
        /* A directory may have another name than its chart. */
        if (str_starts(path, STR("charts/")) && str_ends(path, STR("/Chart.yaml")) &&
            chart_is_called(chart->files[i].text, name))
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
void chart_check_dependencies(Chart *chart)
{
    Unit *unit = chart->unit;
    DiagSink quiet = diags_new(unit->arena);
    HelmFile *files = chart->files;
    YamlDocument *documents;
    uint32_t count;

    for (uint32_t i = 0; i < chart->count; i++) {
        if (str_eq(files[i].path, STR("Chart.yaml"))) {
            leave_out_lacking(chart, &files[i], get(&chart->description, "dependencies"));
        } else if (str_eq(files[i].path, STR("requirements.yaml"))) {
            Str path = str_join(unit->arena, chart->folder, files[i].path);
            Source *source = sources_add(&unit->sources, path, files[i].text);
            if (!source)
                return;
            yaml_read(source, unit->symbols, unit->arena, &quiet, &documents, &count);
            if (count &&
                yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, unit->arena, &quiet))
                leave_out_lacking(chart, &files[i], get(&documents[0].root, "dependencies"));
        }
    }
}
