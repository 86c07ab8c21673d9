#include "scan/discover_members.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/limits.h"
#include "scan/boundary.h"
#include "scan/discover_path.h"
#include "scan/discover_roots.h"

/* What a name of the directory at hand promises; NAME_OTHER where an ignore file or a pattern of
 * the user leaves it out. */
static NameKind member_kind(Discovery *found, const Name *name, Str path)
{
    if (name->is_directory || ignore_excludes(found->frame->level, path, false) ||
        !discover_wants(found, &found->roots[found->root], path))
        return NAME_OTHER;
    return detect_name(name->text);
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

static void add_member(FoundFile *file, NameKind kind, Str path)
{
    if (kind == NAME_TERRAFORM || kind == NAME_TFVARS)
        file->members[file->member_count++] = path;
    else if (kind == NAME_JSON || kind == NAME_PLAN)
        file->plans[file->plan_count++] = path;
    file->value_count += kind == NAME_TFVARS;
}

/* What lies in the directory at hand, by what it is to Terraform. */
static bool list_members(Discovery *found, Arena *arena, FoundFile *file)
{
    const Frame *frame = found->frame;

    file->members = ARENA_ARRAY(arena, Str, frame->count);
    file->names = ARENA_ARRAY(arena, Str, frame->count);
    file->plans = ARENA_ARRAY(arena, Str, frame->count);
    for (uint32_t i = 0; i < frame->count; i++) {
        const Name *name = &frame->names[i];
        Str path = path_below(arena, frame->path, name->text);
        if (!file->members || !file->names || !file->plans || !path.data)
            return false;
        file->names[file->name_count++] = str_from(path, path.size - name->text.size);
        add_member(file, member_kind(found, name, path), path);
    }
    return true;
}

bool members_of_plan(Discovery *found, Arena *arena, FoundFile *file)
{
    bool good = list_members(found, arena, file);

    file->members = NULL;
    file->member_count = file->value_count = 0;
    return good;
}

bool members_of_module(Discovery *found, Arena *arena, FoundFile *file)
{
    found->frame->module = true;
    if (!list_members(found, arena, file) || !file->member_count)
        return false;
    qsort(file->members, file->member_count, sizeof *file->members, compare_members);
    file->path = file->members[0];
    return true;
}

bool members_of_given_module(Arena *arena, FoundFile *file)
{
    Str *members = ARENA_NEW(arena, Str);

    if (!members)
        return false;
    *members = file->path;
    file->members = members;
    file->member_count = 1;
    return true;
}

/* --- manifests --- */

static uint64_t size_of(const ScanRoot *root, Str path)
{
    struct stat info;

    return fstatat(root->dir, path.data, &info, AT_SYMLINK_NOFOLLOW) == 0 ? (uint64_t)info.st_size
                                                                          : 0;
}

/* Manifests of one directory on their way to a FoundFile: those to be judged from the start of
 * `members` on, the others from its end backwards. */
typedef struct Gathering {
    Discovery *found;
    Arena *arena;
    FoundFile *file;
    Str *members;
    uint32_t capacity;
    uint32_t judged;
    uint32_t context;
    bool given; /* beside a file that the user named, which is judged by itself */
} Gathering;

/* How many names of the directory may be manifests, as far as that matters. */
static uint32_t count_candidates(const Frame *frame)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < frame->count && count < LIMIT_SCOPE_FILES; i++)
        count += !frame->names[i].is_directory && !frame->names[i].given &&
                 detect_may_be_manifest(detect_name(frame->names[i].text));
    return count;
}

static bool begin_gathering(Gathering *g)
{
    g->capacity = count_candidates(g->found->frame);
    g->members = g->capacity > 1 ? ARENA_ARRAY(g->arena, Str, g->capacity) : NULL;
    return g->members != NULL;
}

/* A large file of JSON is a plan or a dump, and a unit of its own. */
static bool is_large(const Gathering *g, Str path, uint64_t *size)
{
    const ScanRoot *root = &g->found->roots[g->found->root];

    *size = detect_name(path) == NAME_JSON && !root->tree ? size_of(root, path) : 0;
    return *size > LIMIT_SCOPE_FILE_BYTES;
}

/* Takes a file in, if there is room. */
static bool gather(Gathering *g, Str path, bool judged)
{
    uint64_t size;

    if (g->judged + g->context == g->capacity || is_large(g, path, &size))
        return false;
    g->file->size += size;
    if (judged)
        g->members[g->judged++] = path;
    else
        g->members[g->capacity - ++g->context] = path;
    return true;
}

static void end_gathering(Gathering *g)
{
    uint32_t count = g->judged + g->context;

    if (count < 2)
        return;
    memmove(g->members + g->judged, g->members + g->capacity - g->context,
            g->context * sizeof *g->members);
    g->file->members = g->members;
    g->file->member_count = count;
    g->file->context_count = g->context;
    g->file->path = g->members[0];
}

/* Whether it is not judged with a kustomization. */
static bool is_own(const Gathering *g, Str path)
{
    MemberOf member = members_kustomized(g->found, path);

    return member == MEMBER_NONE || (member == MEMBER_RESOURCE && g->given);
}

/* Its path in the arena, if it may be a manifest that nothing leaves out; else without data. */
static Str path_of_manifest(const Gathering *g, const Name *name)
{
    const Frame *frame = g->found->frame;
    size_t mark = arena_mark(g->arena);
    Str path;

    if (name->is_directory || name->given || !detect_may_be_manifest(detect_name(name->text)))
        return (Str){NULL, 0};
    path = path_below(g->arena, frame->path, name->text);
    if (path.data && detect_goes_together(g->file->name, detect_name(path)) &&
        !ignore_excludes(frame->level, path, false) && is_own(g, path))
        return path;
    arena_rewind(g->arena, mark);
    return (Str){NULL, 0};
}

bool members_of_manifest(Discovery *found, Arena *arena, FoundFile *file)
{
    Gathering g = {.found = found, .arena = arena, .file = file};
    Frame *frame = found->frame;
    uint64_t size;

    if (!file->path.data)
        return false;
    if (is_large(&g, file->path, &size) || !begin_gathering(&g)) {
        file->size = size;
        return true;
    }
    frame->names[frame->at - 1].given = true;
    gather(&g, file->path, true);
    for (uint32_t i = 0; i < frame->count; i++) {
        Name *name = &frame->names[i];
        Str path = path_of_manifest(&g, name);
        bool judged = path.data && discover_wants(found, &found->roots[found->root], path) &&
                      !roots_have_other(found, path, false);
        if (path.data)
            name->given = gather(&g, path, judged) && judged;
    }
    end_gathering(&g);
    return true;
}

/* Which of the files that the user named one in the directory at hand is; NULL where it is none of
 * those that are still to be met. */
static ScanRoot *root_named(Discovery *found, const Name *name)
{
    const ScanRoot *here = &found->roots[found->root];

    for (uint32_t i = found->root; i < found->root_count; i++) {
        ScanRoot *root = &found->roots[i];
        if (root->is_file && !root->skipped && root->dir >= 0 && str_eq(root->file, name->text) &&
            str_eq(root->prefix, here->prefix) && str_eq(root->boundary, here->boundary))
            return root;
    }
    return NULL;
}

/* What the user named is read whatever the ignore files say. */
static void gather_beside(Gathering *g, const Name *name)
{
    Discovery *found = g->found;
    const ScanRoot *here = &found->roots[found->root];
    ScanRoot *root = root_named(found, name);
    Str path =
        root ? path_below(g->arena, found->frame->path, name->text) : path_of_manifest(g, name);

    if (root == here || !path.data || !detect_goes_together(g->file->name, detect_name(path)) ||
        members_is_given_patch(here, path, found->memory))
        return;
    if (gather(g, path, root != NULL) && root) {
        root->skipped = true;
        found->files_seen++;
    }
}

bool members_of_given_manifest(Discovery *found, Arena *arena, FoundFile *file)
{
    Gathering g = {.found = found, .arena = arena, .file = file, .given = true};
    Str folder = str_copy(arena, path_folder(file->path));

    if (is_large(&g, file->path, &file->size) || !folder.data || !frame_look_into(found, folder))
        return true;
    if (begin_gathering(&g)) {
        file->size = 0;
        gather(&g, file->path, true);
        for (uint32_t i = 0; i < found->frame->count; i++)
            gather_beside(&g, &found->frame->names[i]);
        end_gathering(&g);
    }
    frame_leave(found);
    return true;
}

/* --- what others say of a file --- */

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

MemberOf members_kustomized(const Discovery *found, Str path)
{
    MemberOf member = MEMBER_NONE;

    for (const Frame *frame = found->frame; frame; frame = frame->above) {
        bool patch = path_list_has(&frame->built.patches, path);
        if (frame->builds && patch)
            return MEMBER_PATCH;
        if (frame->builds && path_list_has(&frame->built.resources, path))
            return MEMBER_RESOURCE;
        if (patch)
            member = MEMBER_STRAY_PATCH;
    }
    return member;
}

/* Whether a kustomization in `folder` takes the file for a patch. */
static bool is_patch_of(const ScanRoot *root, Str folder, Str path, Arena *arena)
{
    static const Str names[] = {STR_INIT("kustomization.yaml"), STR_INIT("kustomization.yml"),
                                STR_INIT("Kustomization")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        Str place = path_below(arena, folder, names[i]);
        KustomizationFiles files = {0};
        if (place.data && boundary_find(root, place))
            files = kustomization_files(root, place, arena);
        if (path_list_has(&files.patches, path))
            return true;
    }
    return false;
}

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
