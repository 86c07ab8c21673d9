#include "scan/chart_state.h"

#include "ir/helm_map.h"
#include "ir/helm_values.h"
#include "ir/kubernetes.h"

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
        if (!chart_is_template(file->path) || str_find_char(file->text, '\0') >= 0)
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

/* The directory of a subchart below `base`, such as "charts/", by what the chart that holds it
 * calls it: mostly that, else the one whose chart has the name. */
static Str folder_of(const Chart *chart, Str base, Str name)
{
    Str found = name;

    for (uint32_t i = 0; i < chart->count; i++) {
        const HelmFile *file = &chart->files[i];
        Str rest = str_from(file->path, base.size), folder;
        if (!str_starts(file->path, base) || !str_split(&rest, '/', &folder) ||
            !str_eq(rest, STR("Chart.yaml")))
            continue;
        if (str_eq(folder, name))
            return name;
        if (chart_is_called(file->text, name))
            found = folder;
    }
    return found;
}

/* The part that a `# Source:` names; 0 for none, such as one in an archive. */
static uint32_t find_part(const Chart *chart, Str name)
{
    Arena *arena = chart->unit->arena;
    Str rest = name, path = STR(""), sub;

    str_split(&rest, '/', &sub);
    while (str_starts(rest, STR("charts/"))) {
        rest = str_from(rest, 7);
        str_split(&rest, '/', &sub);
        if (!path.size)
            sub = chart_real_name(chart, sub);
        path = str_join(arena, path, STR("charts/"));
        sub = folder_of(chart, path, sub);
        path = str_format(arena, "%.*s%.*s/", STR_ARG(path), STR_ARG(sub));
    }
    path = str_join(arena, path, rest);
    for (uint32_t i = 0; i < chart->count; i++)
        if (chart->part_of[i] && str_eq(chart->files[i].path, path))
            return chart->part_of[i];
    return 0;
}

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
        source =
            sources_add_rendered(&unit->sources, chart_dependency_span(chart, name), text, NULL, 0);
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

bool chart_build(Chart *chart, Str output)
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
