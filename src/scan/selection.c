#include "scan/selection.h"

static const ModuleCalls *find_calls(const Selection *selection, Side side)
{
    return module_calls_find(selection->arguments, selection->argument_count,
                             selection->sides[side], selection->changes, selection->arena);
}

const ModuleCalls *selection_calls(Selection *selection, Side side)
{
    const ModuleCalls **calls = selection->calls;

    if (!calls[SIDE_NOW])
        calls[SIDE_NOW] = find_calls(selection, SIDE_NOW);
    if (side == SIDE_BEFORE && !calls[SIDE_BEFORE])
        calls[SIDE_BEFORE] = module_calls_differ(calls[SIDE_NOW])
                                 ? find_calls(selection, SIDE_BEFORE)
                                 : calls[SIDE_NOW];
    return calls[side];
}

/* A module is also touched where it is judged by itself on one side, and through its callers on the
 * other. */
static bool is_module_touched(Selection *selection, const ScanRoot *root, const FoundFile *file)
{
    Str dir = found_directory(file);
    bool elsewhere = module_calls_has(selection_calls(selection, SIDE_NOW), root, dir);

    for (Side side = 0; side < SIDE_COUNT; side++) {
        const ModuleCalls *calls = selection->sides[side] ? selection_calls(selection, side) : NULL;
        if (selection->sides[side] && (module_calls_touched(calls, root, dir) ||
                                       module_calls_has(calls, root, dir) != elsewhere))
            return true;
    }
    return false;
}

/* May be a plan, which is read with the configuration that it was made from. */
static bool may_be_plan(NameKind name)
{
    return name == NAME_JSON || name == NAME_PLAN || name == NAME_ANY;
}

bool selection_has(Selection *selection, const ScanRoot *root, const FoundFile *file)
{
    const Changes *changes = selection->changes;

    if (changes->everything || root->dir < 0)
        return true;
    if (file->name == NAME_TERRAFORM)
        return is_module_touched(selection, root, file);
    return changes_has(changes, file->path) ||
           (file->name == NAME_CHART && changes_in_folder(changes, found_directory(file))) ||
           (file->name == NAME_TERRAGRUNT && is_module_touched(selection, root, file)) ||
           (may_be_plan(file->name) && changes_in_terraform(changes));
}
