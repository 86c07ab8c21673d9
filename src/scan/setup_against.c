#include "scan/setup_against.h"

#include "scan/boundary.h"
#include "scan/since.h"

static bool refuse(Setup *setup, Str message)
{
    problem_error(&setup->problems, DIAG_CONFIG, STR(""), message, STR(""));
    return false;
}

/* --- git --- */

/* What neither names nor reads files of the repository. */
static bool check_git(Setup *setup, const SetupOptions *options)
{
    for (uint32_t i = 0; i < options->arguments.count; i++)
        if (str_eq(options->arguments.items[i], STR("-")))
            return refuse(setup, str_format(setup->arena, "%s reads git, not standard input",
                                            options->staged ? "--staged" : "--since"));
    if (options->staged && !options->since.size && options->min_score)
        return refuse(setup,
                      STR("--min-score needs a whole scan, and --staged judges what is staged"));
    return true;
}

bool setup_git(Setup *setup, const SetupOptions *options)
{
    SidesOptions wanted = {.staged = options->staged,
                           .since = options->since,
                           .root = options->root,
                           .first =
                               options->arguments.count ? options->arguments.items[0] : STR(".")};

    if (!options->staged && !options->since.size)
        return true;
    return check_git(setup, options) &&
           sides_open(&wanted, setup->arena, &setup->problems, &setup->sides);
}

static void fill_sides(Setup *setup, const SetupOptions *options)
{
    DiscoverOptions *discover = &setup->scan.discover;

    if (!setup->sides.repository)
        return;
    discover->boundary = setup->sides.boundary;
    discover->tree = options->staged ? &setup->sides.index_files.tree : NULL;
    discover->modules = setup->sides.modules;
    discover->module_count = setup->sides.module_count;
    setup->keep_unchanged = options->keep_unchanged;
}

/* --- a baseline --- */

static bool has_file(void *context, Str path)
{
    const Discovery *roots = context;
    FolderKind kind;

    for (uint32_t i = 0; i < roots->root_count; i++) {
        const ScanRoot *root = &roots->roots[i];
        if (root->tree ? root->tree->find(root->tree, path, &kind)
                       : root->dir >= 0 && boundary_has(root->dir, path))
            return true;
    }
    return false;
}

static Str *root_paths(const Discovery *roots, Arena *arena, uint32_t *count)
{
    Str *paths = ARENA_ARRAY(arena, Str, roots->root_count);

    *count = 0;
    for (uint32_t i = 0; paths && i < roots->root_count; i++) {
        const ScanRoot *root = &roots->roots[i];
        if (root->dir >= 0)
            paths[(*count)++] =
                root->is_file ? str_join(arena, root->prefix, root->file) : root->prefix;
    }
    return paths;
}

bool setup_baseline_scope(Setup *setup, const SetupOptions *options, BaselineScope *scope)
{
    const ScanOptions *scan = &setup->scan;
    Discovery *roots = &setup->baseline_roots;

    if (!discover_open(scan->arguments, scan->argument_count, &scan->discover, setup->arena,
                       roots)) {
        problem_add_diags(&setup->problems, &roots->diags, NULL);
        return false;
    }
    *scope = (BaselineScope){.has = has_file, .context = roots, .now = scan->eval.now};
    scope->roots = root_paths(roots, setup->arena, &scope->root_count);
    scope->whole = !options->rules.count && !options->skip_rules.count && !options->paths.count &&
                   !options->skip_paths.count && (!options->staged || options->since.size);
    return scope->roots != NULL;
}

static bool fill_baseline(Setup *setup, const SetupOptions *options)
{
    VerdictFilter *filter;
    BaselineScope scope;

    if (!options->baseline.size)
        return true;
    filter = ARENA_NEW(setup->arena, VerdictFilter);
    if (!filter ||
        !baseline_read(options->baseline, setup->arena, &setup->problems, &setup->baseline) ||
        !setup_baseline_scope(setup, options, &scope) ||
        !baseline_prepare(&setup->baseline, &scope))
        return false;
    *filter = baseline_filter(&setup->baseline);
    setup->scan.filters = filter;
    setup->scan.filter_count = 1;
    setup->has_baseline = true;
    return true;
}

/* --- both --- */

bool setup_against(Setup *setup, const SetupOptions *options)
{
    ScanOptions *scan = &setup->scan;

    fill_sides(setup, options);
    if (!fill_baseline(setup, options))
        return false;
    /* Findings that are not reported decide too, and filters must see them. */
    if ((setup->sides.repository || setup->has_baseline) && scan->blocks &&
        scan->fail_on < scan->report_at)
        scan->eval.report_at = scan->fail_on;
    return true;
}

void setup_against_free(Setup *setup)
{
    sides_close(&setup->sides);
    if (setup->baseline_roots.arena)
        discover_close(&setup->baseline_roots);
}

void setup_run(Setup *setup, const ScanObserver *observer, Arena *arena, ScanResult *result)
{
    Sides *sides = &setup->sides;

    if (sides->since)
        since_run(&setup->scan, sides, setup->keep_unchanged, observer, arena, result);
    else if (sides->staged)
        staged_run(&setup->scan, sides, observer, arena, result);
    else
        scan_run(&setup->scan, observer, arena, result);
    if (setup->has_baseline)
        result->baseline = &setup->baseline.use;
}
