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

/* A module or kustomization is also touched where it is judged by itself on one side, and through
 * its callers on the other. */
static bool is_module_touched(Selection *selection, const ScanRoot *root, const FoundFile *file)
{
    bool elsewhere = module_calls_has(selection_calls(selection, SIDE_NOW), root, file);

    for (Side side = 0; side < SIDE_COUNT; side++) {
        const ModuleCalls *calls = selection->sides[side] ? selection_calls(selection, side) : NULL;
        if (selection->sides[side] && (module_calls_touched(calls, root, file) ||
                                       module_calls_has(calls, root, file) != elsewhere))
            return true;
    }
    return false;
}

/* May be a plan, which is read with the configuration that it was made from. */
static bool may_be_plan(NameKind name)
{
    return name == NAME_JSON || name == NAME_PLAN || name == NAME_ANY;
}

static bool is_file_touched(const Changes *changes, Str path, NameKind name)
{
    return changes_has(changes, path) || (may_be_plan(name) && changes_in_terraform(changes)) ||
           (detect_may_be_manifest(name) && changes_in_kustomization_above(changes, path));
}

/* What is judged together is touched by what comes and goes beside it too. */
static bool is_any_touched(const Changes *changes, const FoundFile *file)
{
    bool touched =
        detect_goes_together(file->name, file->name) && changes_beside(changes, file->path);

    for (uint32_t i = 0; i < file->member_count && !touched; i++)
        touched = changes_has(changes, file->members[i]);
    return touched;
}

/* Manifests of a tree are judged by what the others of it define: one that changes for others
 * touches all. Those that charts and kustomizations make ask nothing of others. */
static bool is_others_touched(Selection *selection, NameKind name)
{
    return detect_may_be_manifest(name) && selection->sides[SIDE_BEFORE] &&
           (selection->facts_differ ||
            module_calls_touch_manifests(selection_calls(selection, SIDE_NOW)));
}

bool selection_has_manifests(Selection *selection)
{
    return selection->changes->everything || selection->changes->manifests ||
           selection->facts_differ ||
           module_calls_touch_manifests(selection_calls(selection, SIDE_NOW));
}

bool selection_has(Selection *selection, const ScanRoot *root, const FoundFile *file)
{
    const Changes *changes = selection->changes;

    if (changes->everything || root->dir < 0)
        return true;
    if (file->name == NAME_TERRAFORM || file->name == NAME_KUSTOMIZATION)
        return is_module_touched(selection, root, file);
    return is_file_touched(changes, file->path, file->name) || is_any_touched(changes, file) ||
           is_others_touched(selection, file->name) ||
           (file->name == NAME_CHART && changes_in_folder(changes, found_directory(file))) ||
           (file->name == NAME_TERRAGRUNT && is_module_touched(selection, root, file));
}

bool selection_narrow(const Selection *selection, FoundFile *file, Arena *arena)
{
    const Changes *changes = selection->changes;
    uint32_t count = file->member_count, judged = count - file->context_count, kept = 0;
    Str *members;

    if (!detect_goes_together(file->name, file->name))
        return true;
    if (!found_is_scope(file))
        return is_file_touched(changes, file->path, file->name);
    members = ARENA_ARRAY(arena, Str, count);
    for (uint32_t i = 0, rest = count; members && i < count; i++) {
        Str path = file->members[i];
        if (i < judged && is_file_touched(changes, path, detect_name(path)))
            members[kept++] = path;
        else
            members[--rest] = path;
    }
    file->members = members ? members : file->members;
    file->context_count = members ? count - kept : file->context_count;
    return kept > 0;
}
