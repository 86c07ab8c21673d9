#include "scan/chart_state.h"
#include "syntax/json.h"
#include "syntax/text.h"

/* --- what a schema asks for --- */

/* The dialects that whoever reads schemas knows by heart. */
static bool is_dialect(Str address)
{
    static const Str known[] = {
        STR_INIT("json-schema.org/schema"),
        STR_INIT("json-schema.org/draft-04/schema"),
        STR_INIT("json-schema.org/draft-06/schema"),
        STR_INIT("json-schema.org/draft-07/schema"),
        STR_INIT("json-schema.org/draft/2019-09/schema"),
        STR_INIT("json-schema.org/draft/2020-12/schema"),
    };
    int64_t at = str_find(address, STR("://"));

    if (!str_starts(address, STR("http")))
        return false;
    address = str_from(address, at < 0 ? 0 : (uint32_t)at + 3);
    address.size -= str_ends(address, STR("#"));
    return STR_IS_ANY(address, known);
}

/* Whether a key of a schema may have another document read. An address of its own turns references
 * inside of it into others; that of the whole schema does not. */
static bool leads_elsewhere(Str key, Str value, bool is_top)
{
    static const Str references[] = {STR_INIT("$ref"), STR_INIT("$dynamicRef"),
                                     STR_INIT("$recursiveRef")};
    static const Str addresses[] = {STR_INIT("$id"), STR_INIT("id")};

    if (str_eq(key, STR("$schema")))
        return !is_dialect(value);
    if (STR_IS_ANY(key, references) || (!is_top && STR_IS_ANY(key, addresses)))
        return !str_starts(value, STR("#"));
    return false;
}

/* The first value that leads elsewhere, or NULL. json_read() keeps the nesting small. */
static const Node *find_elsewhere(const Node *node, bool is_top)
{
    const Node *found = NULL;

    for (uint32_t i = 0; node->kind == NODE_LIST && !found && i < node->count; i++)
        found = find_elsewhere(&node->as.items[i], false);
    for (uint32_t i = 0; node->kind == NODE_MAP && !found && i < node->count; i++) {
        const Entry *entry = &node->as.entries[i];
        const Node *value = &entry->value;
        if (value->kind != NODE_STRING)
            found = find_elsewhere(value, false);
        else if (leads_elsewhere(entry_key(entry), node_text(value), is_top))
            found = value;
    }
    return found;
}

/* Whether helm would read it and nothing else; what is doubtful to us it may take for another text.
 */
static bool is_self_contained(Chart *chart, const HelmFile *file)
{
    static const Symbols none;
    Unit *unit = chart->unit;
    DiagSink quiet = diags_new(unit->arena);
    Source *source =
        sources_add(&unit->sources, str_join(unit->arena, chart->folder, file->path), file->text);
    const Node *found = NULL;
    Node node;
    bool good;

    if (!source)
        return false;
    good = text_decode(source, unit->arena, &quiet) &&
           json_read(source, &none, unit->arena, &quiet, &node) && !quiet.last;
    if (good)
        found = find_elsewhere(&node, true);
    if (found)
        diag_note(&unit->diags, DIAG_HELM_TEMPLATE, node_span(found),
                  "the values are not held against this schema: it has other texts read");
    else if (!good)
        diag_note(&unit->diags, DIAG_HELM_TEMPLATE, (Span){source->number, 0, 0},
                  "the values are not held against this schema: it is not plain JSON");
    return good && !found;
}

/* --- what is copied --- */

static bool is_schema(Str path)
{
    static const Str name = STR_INIT("values.schema.json");

    return str_ends(path, name) &&
           (path.size == name.size || path.data[path.size - name.size - 1] == '/');
}

void chart_check_schemas(Chart *chart)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < chart->count; i++) {
        const HelmFile *file = &chart->files[i];
        chart->has_archives |= str_ends(file->path, STR(".tgz"));
        if (!is_schema(file->path) || is_self_contained(chart, file))
            chart->files[left++] = *file;
    }
    chart->count = left;
}
