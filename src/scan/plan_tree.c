#include "scan/plan_tree.h"

#include "scan/module_files.h"

struct PlanTree {
    ModuleFiles files;
    TerraformFiles reach;
    bool given;
    bool looked;
    bool told;      /* that something is not there */
    uint32_t first; /* its sources in the unit, and the one after the last */
    uint32_t end;
    PlanSource *source;
};

void plan_tree_offer(Unit *unit, const ScanRoot *root, Str dir, bool given)
{
    PlanTree *tree = ARENA_NEW(unit->arena, PlanTree);

    if (!tree)
        return;
    tree->files = (ModuleFiles){.root = root, .dir = dir};
    tree->reach = module_files(&tree->files);
    tree->given = given;
    unit->tree = tree;
}

bool plan_tree_has(Unit *unit)
{
    PlanTree *tree = unit->tree;

    if (!tree || tree->looked)
        return tree && tree->source;
    tree->looked = true;
    tree->first = unit->sources.count;
    tree->source = plan_source_new(unit, tree->files.dir, &tree->reach);
    tree->end = unit->sources.count;
    if (tree->source && !tree->given && !plan_source_fits(tree->source))
        tree->source = NULL;
    if (tree->given && !tree->source)
        diag_error(&unit->diags, DIAG_PLAN_SOURCE, SPAN_NONE, "--source holds no Terraform file");
    return tree->source != NULL;
}

static void tell_missing(Unit *unit, const Resource *resource)
{
    PlanTree *tree = unit->tree;
    Diag *diag;

    if (!tree->given || tree->told)
        return;
    tree->told = true;
    diag = diag_warning(&unit->diags, DIAG_PLAN_SOURCE, resource->header,
                        "%.*s stands in no file of the source", STR_ARG(resource->address));
    diag_help(&unit->diags, diag, "make the plan anew, or name the directory that it was made in");
}

bool plan_tree_find(Unit *unit, const Resource *resource, Str attribute, PlanPlace *place)
{
    if (!plan_tree_has(unit))
        return false;
    if (plan_source_find(unit->tree->source, resource, attribute, place))
        return true;
    tell_missing(unit, resource);
    return false;
}

bool plan_tree_shown(const Unit *unit, const Source *source, Arena *arena, Str *shown)
{
    const PlanTree *tree = unit->tree;

    if (!tree || !tree->source || source->number < tree->first || source->number >= tree->end)
        return false;
    *shown = discover_shown(tree->files.root, source->path, arena);
    return true;
}

Str plan_tree_dir(const Unit *unit)
{
    return unit->tree ? unit->tree->files.dir : STR("");
}
