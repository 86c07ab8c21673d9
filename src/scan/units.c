#include "scan/units.h"

#include "base/limits.h"
#include "scan/module_calls.h"
#include "scan/place.h"
#include "scan/unit_reader.h"

typedef struct Walk {
    const ScanOptions *options;
    ProblemList *problems;
    UnitFn *each;
    void *context;
    Discovery found;
    Arena *paths; /* of the file at hand */
    Arena *arena; /* of the unit at hand */
    const ModuleCalls *calls;
} Walk;

static bool is_elsewhere(Walk *walk, const FoundFile *file)
{
    const ScanOptions *options = walk->options;

    if ((file->name != NAME_TERRAFORM && file->name != NAME_KUSTOMIZATION) || file->given)
        return false;
    if (!walk->calls)
        walk->calls = module_calls_find(options->arguments, options->argument_count,
                                        &options->discover, NULL, walk->problems->arena);
    return module_calls_has(walk->calls, &walk->found.roots[file->root], file);
}

static void visit(Walk *walk, const FoundFile *file)
{
    const ScanOptions *options = walk->options;
    const ScanRoot *root = &walk->found.roots[file->root];
    UnitReader reader = unit_reader(root, file, &options->terraform, walk->paths);

    if (is_elsewhere(walk, file))
        return;
    for (;;) {
        Unit unit;
        arena_rewind(walk->arena, 0);
        unit = unit_new(walk->arena, options->eval.symbols, options->defaults);
        if (!unit_reader_next(&reader, &unit))
            return;
        walk->each(walk->context, &unit, root);
        problem_add_diags(walk->problems, &unit.diags, &unit.sources);
    }
}

static void visit_all(Walk *walk)
{
    FoundFile file = {0};

    while (discover_next(&walk->found, walk->paths, &file)) {
        visit(walk, &file);
        arena_rewind(walk->paths, 0);
        file = (FoundFile){0};
    }
}

bool units_each(const ScanOptions *options, ProblemList *problems, UnitFn *each, void *context)
{
    Walk walk = {.options = options,
                 .problems = problems,
                 .each = each,
                 .context = context,
                 .paths = arena_new(LIMIT_UNIT_BYTES),
                 .arena = arena_new(LIMIT_UNIT_BYTES)};
    bool good = false;

    if (walk.paths && walk.arena) {
        good = discover_open(options->arguments, options->argument_count, &options->discover,
                             problems->arena, &walk.found);
        if (good)
            visit_all(&walk);
        problem_add_diags(problems, &walk.found.diags, NULL);
        discover_close(&walk.found);
    }
    arena_free(walk.paths);
    arena_free(walk.arena);
    return good;
}

/* The module whose files lie in the scanned directory itself. */
static bool find_module(Discovery *found, Arena *arena, FoundFile *file)
{
    while (discover_next(found, arena, file))
        if (file->name == NAME_TERRAFORM &&
            (file->given ||
             str_eq(found_directory(file), discover_directory(&found->roots[file->root]))))
            return true;
    return false;
}

bool units_value(const ScanOptions *options, Str expression, Unit *unit, Discovery *found,
                 Node *value)
{
    FoundFile file = {0};
    bool opened = discover_open(options->arguments, options->argument_count, &options->discover,
                                unit->arena, found);

    for (const Diag *diag = found->diags.first; diag; diag = diag->next)
        diag_path_error(&unit->diags, diag->code, diag->path, "%.*s", STR_ARG(diag->message));
    if (!opened)
        return false;
    if (!find_module(found, unit->arena, &file))
        file = (FoundFile){.path = STR(""), .name = NAME_TERRAFORM};
    return unit_read_value(unit, &found->roots[file.root], &file, &options->terraform, expression,
                           value);
}
