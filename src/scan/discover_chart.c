#include "scan/discover_chart.h"

#include <stdlib.h>

#include "scan/boundary.h"
#include "scan/chart.h"
#include "scan/discover_path.h"

/* What the user calls a scan without helm. */
static const Str no_helm = STR_INIT("none");

bool chart_is_rendered(Discovery *found)
{
    const ChartOptions *options = found->options->charts;
    ChartOptions *charts;

    if (found->helm_sought || !options || str_eq(options->helm, no_helm))
        return found->charts != NULL;
    found->helm_sought = true;
    charts = ARENA_NEW(found->arena, ChartOptions);
    if (!charts)
        return false;
    *charts = *options;
    charts->helm = helm_find(options->helm, &options->world, found->arena);
    if (charts->helm.size)
        found->charts = charts;
    return found->charts != NULL;
}

bool chart_is_met(const Discovery *found)
{
    for (const Frame *frame = found->frame; frame; frame = frame->above)
        if (frame->chart)
            return true;
    return false;
}

/* --- what is wanted --- */

/* Whether the directory at hand is below `charts/` of a chart, which renders what is in there. */
static bool is_subchart(const Discovery *found)
{
    for (const Frame *frame = found->frame; frame->above; frame = frame->above) {
        Str folder = path_folder(frame->path);
        Str name = str_from(frame->path, folder.size + (folder.size > 0));
        if (frame->above->chart && str_eq(name, STR("charts")))
            return true;
    }
    return false;
}

typedef struct Wish {
    const Discovery *found;
    Str folder;
    bool wanted;
} Wish;

static void ask_template(void *context, Str name, FolderKind kind)
{
    Wish *wish = context;
    const Discovery *found = wish->found;
    size_t mark = arena_mark(found->memory);

    if (kind == FOLDER_FILE && !wish->wanted)
        wish->wanted = discover_wants(found, &found->roots[found->root],
                                      path_below(found->memory, wish->folder, name));
    arena_rewind(found->memory, mark);
}

/* Whether the user wants anything of the chart: a pattern may be about its templates alone. */
static bool is_chart_wanted(const Discovery *found, Str path)
{
    const ScanRoot *root = &found->roots[found->root];
    Wish wish = {found, path_below(found->memory, path_folder(path), STR("templates")), false};
    int error;

    if (!discover_chooses(found) || discover_wants(found, root, path))
        return true;
    if (wish.folder.data)
        boundary_list(root, wish.folder.data, ask_template, &wish, &error);
    return wish.wanted;
}

/* --- values --- */

typedef struct ValueList {
    Arena *arena;
    Str chart;  /* its directory */
    Str folder; /* in it, or empty */
    Str *items;
    uint32_t count;
    uint32_t capacity;
} ValueList;

static void add_values(void *context, Str name, FolderKind kind)
{
    ValueList *list = context;
    Str folder =
        list->folder.size ? path_below(list->arena, list->chart, list->folder) : list->chart;
    Str *grown;

    if (kind != FOLDER_FILE || !chart_is_values(list->folder, name))
        return;
    grown = arena_grow(list->arena, list->items, list->count, &list->capacity,
                       (size_t)list->count + 1, sizeof *grown);
    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = path_below(list->arena, folder, name);
}

static int compare_paths(const void *a, const void *b)
{
    return str_cmp(*(const Str *)a, *(const Str *)b);
}

/* Those beside Chart.yaml, then those in the folders that people keep them in. */
static void find_values(const Discovery *found, ValueList *list)
{
    static const Str folders[] = {STR_INIT("ci"), STR_INIT("values")};
    const Frame *frame = found->frame;
    uint32_t first;
    int error;

    for (uint32_t i = 0; i < frame->count; i++)
        if (!frame->names[i].is_directory)
            add_values(list, frame->names[i].text, FOLDER_FILE);
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        for (uint32_t j = 0; j < frame->count; j++) {
            if (!frame->names[j].is_directory || !str_eq(frame->names[j].text, folders[i]))
                continue;
            list->folder = folders[i];
            first = list->count;
            boundary_list(&found->roots[found->root],
                          path_below(list->arena, list->chart, list->folder).data, add_values, list,
                          &error);
            if (list->count > first)
                qsort(list->items + first, list->count - first, sizeof *list->items, compare_paths);
        }
    }
}

/* The chart in the directory at hand. */
static bool give(Discovery *found, Str folder, Arena *arena, FoundFile *file)
{
    ValueList list = {.arena = arena, .chart = folder};

    *file = (FoundFile){.path = path_below(arena, folder, STR("Chart.yaml")),
                        .root = found->root,
                        .name = NAME_CHART,
                        .chart = found->charts};
    if (!found->charts->value_count)
        find_values(found, &list);
    file->members = list.items;
    file->member_count = list.count;
    return file->path.data != NULL;
}

bool chart_give(Discovery *found, Str path, Arena *arena, FoundFile *file)
{
    if (is_subchart(found) || !is_chart_wanted(found, path))
        return false;
    if (!chart_is_rendered(found)) {
        found->charts_left += found->helm_sought;
        return false;
    }
    return give(found, str_copy(arena, path_folder(path)), arena, file);
}

/* --- files that are named --- */

static bool is_in_templates(Str inside)
{
    return str_starts(inside, STR("templates/")) || str_find(inside, STR("/templates/")) >= 0;
}

/* Whether a file of a chart, by its path from there, has a part in what the chart is rendered to.
 * Of subcharts, those that have one in their own. */
static bool has_part(Str inside, bool below)
{
    if (str_starts(inside, STR("charts/")))
        return below;
    return str_starts(inside, STR("templates/")) || str_eq(inside, STR("Chart.yaml")) ||
           str_eq(inside, STR("values.yaml")) || chart_is_values(path_folder(inside), inside);
}

bool chart_above(const ScanRoot *root, Str path, Arena *arena, Str *folder)
{
    Str at = path;
    bool good = false;

    do {
        Str inside, chart;
        at = path_folder(at);
        inside = str_from(path, at.size + (at.size > 0));
        if (!has_part(inside, good))
            continue;
        chart = path_below(arena, at, STR("Chart.yaml"));
        if (chart.data && boundary_find(root, chart)) {
            *folder = at;
            good = true;
        }
    } while (at.size);
    return good;
}

/* Whether a file prints for itself: not so definitions, which any template may include. */
static bool is_printing(Str path)
{
    Str name = str_from(path, path_folder(path).size + 1);

    return is_in_templates(path) && !str_starts(name, STR("_")) &&
           detect_may_be_manifest(detect_name(name));
}

/* Takes all files of the chart that are named from here on. */
static void take_named(Discovery *found, FoundFile *file, Str folder, Arena *arena)
{
    const ScanRoot *here = &found->roots[found->root];
    Str *only = ARENA_ARRAY(arena, Str, found->root_count);
    bool whole = false;

    for (uint32_t i = found->root; only && i < found->root_count; i++) {
        ScanRoot *root = &found->roots[i];
        Str path = str_join(arena, root->prefix, root->file), chart;
        if (!root->is_file || root->skipped || root->dir < 0 ||
            !str_eq(root->boundary, here->boundary) ||
            !chart_above(root, path, found->memory, &chart) || !str_eq(chart, folder))
            continue;
        root->skipped = true;
        found->files_seen += i > found->root;
        whole |= !is_printing(path);
        only[file->only_count++] = path;
    }
    file->only = only;
    if (whole)
        file->only_count = 0;
}

bool chart_give_named(Discovery *found, Str folder, Arena *arena, FoundFile *file)
{
    bool good;

    folder = str_copy(arena, folder);
    if (!folder.data || !frame_look_into(found, folder))
        return false;
    good = give(found, folder, arena, file);
    frame_leave(found);
    if (good)
        take_named(found, file, folder, arena);
    return good;
}
