#include "scan/discover_members.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "scan/boundary.h"
#include "scan/discover_path.h"

/* Whether what a frame names is not left out by an ignore file or a pattern of the user. */
static bool is_member(Discovery *found, const Frame *frame, const Name *name, Str path)
{
    NameKind kind = detect_name(name->text);

    return !name->is_directory && (kind == NAME_TERRAFORM || kind == NAME_TFVARS) &&
           !ignore_excludes(frame->level, path, false) &&
           discover_wants(found, &found->roots[found->root], path);
}

static bool is_value_file(Str path)
{
    return detect_name(path) == NAME_TFVARS;
}

/* Files of values after all others, terraform.tfvars as the first of those, as Terraform takes
 * them. */
static int member_rank(Str path)
{
    return !is_value_file(path)                       ? 0
           : str_ends(path, STR(".auto.tfvars"))      ? 3
           : str_ends(path, STR(".auto.tfvars.json")) ? 3
           : str_ends(path, STR(".json"))             ? 2
                                                      : 1;
}

static int compare_members(const void *a, const void *b)
{
    const Str *x = a, *y = b;
    int order = member_rank(*x) - member_rank(*y);

    return order ? order : str_cmp(*x, *y);
}

/* The Terraform files of the directory at hand are one module. */
bool members_of_module(Discovery *found, Arena *arena, FoundFile *file)
{
    Frame *frame = found->frame;
    Str *members = ARENA_ARRAY(arena, Str, frame->count);
    Str *names = ARENA_ARRAY(arena, Str, frame->count);

    frame->module = true;
    for (uint32_t i = 0; members && names && i < frame->count; i++) {
        Str path = path_below(arena, frame->path, frame->names[i].text);
        if (!path.data)
            return false;
        names[i] = str_from(path, path.size - frame->names[i].text.size);
        if (!is_member(found, frame, &frame->names[i], path))
            continue;
        members[file->member_count++] = path;
        file->value_count += is_value_file(path);
    }
    if (!file->member_count)
        return false;
    qsort(members, file->member_count, sizeof *members, compare_members);
    file->members = members;
    file->names = names;
    file->name_count = frame->count;
    file->path = members[0];
    return true;
}

/* hadolint's configuration in `folder` or a directory above it; empty where there is none. */
Str members_find_hadolint(Discovery *found, Str folder)
{
    static const Str names[] = {STR_INIT(".hadolint.yaml"), STR_INIT(".hadolint.yml")};
    const ScanRoot *root = &found->roots[found->root];

    for (;;) {
        for (size_t i = 0; i < 2; i++) {
            Str path = path_below(found->arena, folder, names[i]);
            if (path.data && boundary_find(root, path))
                return path;
        }
        if (!folder.size)
            return (Str){"", 0};
        folder = path_folder(folder);
    }
}

/* The nearest one to the directory at hand, by the names that were read. */
Str members_nearest_hadolint(Discovery *found, Arena *arena)
{
    Str folder = found->roots[found->root].prefix;

    for (const Frame *frame = found->frame; frame; frame = frame->above)
        if (frame->hadolint.size)
            return path_below(arena, frame->path, frame->hadolint);
    if (!found->above_sought) {
        found->above_sought = true;
        folder.size -= folder.size > 0;
        found->hadolint_above =
            folder.size ? members_find_hadolint(found, path_folder(folder)) : (Str){"", 0};
    }
    return found->hadolint_above;
}

/* Whether a kustomization on the way to the file takes it for a patch. */
bool members_is_patch(const Discovery *found, Str path)
{
    for (const Frame *frame = found->frame; frame; frame = frame->above)
        if (path_list_has(&frame->patches, path))
            return true;
    return false;
}

/* Whether a kustomization in `folder` takes the file for a patch. */
static bool is_patch_of(const ScanRoot *root, Str folder, Str path, Arena *arena)
{
    static const Str names[] = {STR_INIT("kustomization.yaml"), STR_INIT("kustomization.yml"),
                                STR_INIT("Kustomization")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str place = path_below(arena, folder, names[i]);
        PathList patches = {0};
        if (place.data && boundary_find(root, place))
            patches = kustomization_patches(root, place, arena);
        if (path_list_has(&patches, path))
            return true;
    }
    return false;
}

/* members_is_patch() for a file that the user named. */
bool members_is_given_patch(const ScanRoot *root, Str path, Arena *arena)
{
    size_t mark = arena_mark(arena);
    Str folder = path;
    bool found = false;

    while (!found && folder.size) {
        folder = path_folder(folder);
        found = is_patch_of(root, folder, path, arena);
    }
    arena_rewind(arena, mark);
    return found;
}

/* Whether a directory lies below `templates/` of a chart, for a scan that begins there. */
bool members_is_in_templates(const ScanRoot *root, Str folder, Arena *arena)
{
    while (folder.size) {
        Str above = path_folder(folder);
        Str name = str_from(folder, above.size + (above.size > 0));
        Str chart = path_below(arena, above, STR("Chart.yaml"));
        if (str_eq(name, STR("templates")) && chart.data && boundary_find(root, chart))
            return true;
        folder = above;
    }
    return false;
}
