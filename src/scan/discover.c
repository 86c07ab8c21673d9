#include "scan/discover.h"

#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/limits.h"
#include "scan/discover_chart.h"
#include "scan/discover_frame.h"
#include "scan/discover_members.h"
#include "scan/discover_path.h"
#include "scan/discover_roots.h"

static const char patch_reason[] = "patch of a kustomization; it is judged with that one";

/* --- paths --- */

Str found_directory(const FoundFile *file)
{
    Str folder = path_folder(file->path);

    return folder.size ? folder : STR(".");
}

Str discover_directory(const ScanRoot *root)
{
    return root->prefix.size ? str_sub(root->prefix, 0, root->prefix.size - 1) : STR(".");
}

Str discover_inside(const ScanRoot *root, Str path)
{
    uint32_t size = root->boundary.size;

    return str_starts(path, root->boundary) && path.size > size && path.data[size] == '/'
               ? str_from(path, size + 1)
               : path;
}

Str discover_shown(const ScanRoot *root, Str path, Arena *arena)
{
    Str up = STR("");
    Str prefix = root->prefix;

    /* Outside of the boundary, as what the user gives by name may be. */
    if (str_starts(path, STR("/")))
        return path;
    if (str_starts(path, prefix)) {
        path = str_from(path, prefix.size);
        return root->shown.size ? str_join(arena, root->shown, path) : path;
    }
    /* Above the scanned directory, as a module that it calls may be. */
    while (prefix.size && !str_starts(path, prefix)) {
        prefix = path_folder((Str){prefix.data, prefix.size - 1});
        prefix.size += prefix.size > 0;
        up = str_join(arena, up, STR("../"));
    }
    path = str_join(arena, up, str_from(path, prefix.size));
    return root->shown.size ? str_join(arena, root->shown, path) : path;
}

Str discover_repository(Str directory)
{
    char name[PATH_MAX];

    while (directory.size) {
        int size = snprintf(name, sizeof name, "%.*s/.git", STR_ARG(directory));
        if (size > 0 && (size_t)size < sizeof name && access(name, F_OK) == 0)
            return directory;
        directory = path_folder(directory);
    }
    return directory;
}

/* --- what is kept --- */

/* Whether plumb.yaml leaves it in; of what does not lie where that speaks of, it says nothing. */
static bool is_included(const Discovery *found, Str path)
{
    const ConfigFiles *config = &found->config;

    return !config->include || !str_starts(path, config->base) ||
           ignore_excludes_below(config->include, str_from(path, config->base.size));
}

bool discover_wants(const Discovery *found, const ScanRoot *root, Str path)
{
    bool below = str_starts(path, root->prefix);
    Str rest = below ? str_from(path, root->prefix.size) : path;

    return is_included(found, path) && (!found->only || ignore_excludes_below(found->only, rest)) &&
           (!found->skip || !ignore_excludes_below(found->skip, rest));
}

bool discover_chooses(const Discovery *found)
{
    return found->only || found->skip || found->config.include;
}

static bool is_wanted(const Discovery *found, Str path)
{
    return discover_wants(found, &found->roots[found->root], path);
}

void discover_ignore(Discovery *found, const ScanRoot *root, Str path, const char *reason)
{
    Ignored *grown =
        arena_grow(found->arena, found->ignored, found->ignored_count, &found->ignored_capacity,
                   (size_t)found->ignored_count + 1, sizeof *grown);

    found->files_ignored++;
    if (!grown)
        return;
    found->ignored = grown;
    path = str_copy(found->arena, discover_shown(root, path, found->arena));
    grown[found->ignored_count++] = (Ignored){path, str_of(reason)};
}

/* --- files --- */

/* Version control's own files, and what Terraform has downloaded. */
static bool is_skipped(Str name)
{
    return str_eq(name, STR(".git")) || str_eq(name, STR(".hg")) || str_eq(name, STR(".svn")) ||
           str_eq(name, STR(".terraform")) || str_eq(name, STR(".terragrunt-cache"));
}

/* A part of a kustomization. */
static void leave_to_kustomization(Discovery *found, Str path, MemberOf member)
{
    if (member == MEMBER_STRAY_PATCH)
        discover_ignore(found, &found->roots[found->root], path, patch_reason);
    else
        found->files_built++;
}

/* A file that no ignore file excludes. Whether it is one for the scan. */
static bool give_file(Discovery *found, Str path, bool templates, Arena *arena, FoundFile *file)
{
    const ScanRoot *root = &found->roots[found->root];
    NameKind name = detect_name(path);
    MemberOf member;

    found->files_seen++;
    if (name == NAME_CHART)
        return chart_give(found, path, arena, file);
    if (name == NAME_OTHER)
        found->hidden |= detect_makes_manifests(path);
    if (name == NAME_OTHER || name == NAME_TFVARS || !is_wanted(found, path))
        return false;
    if (templates && chart_is_met(found) && chart_is_rendered(found))
        return false;
    if (templates && detect_may_be_manifest(name)) {
        discover_ignore(
            found, root, path,
            "template of a Helm chart; scan what it renders: helm template . | plumb scan -");
        return false;
    }
    member = detect_may_be_manifest(name) ? members_kustomized(found, path) : MEMBER_NONE;
    if (member != MEMBER_NONE) {
        leave_to_kustomization(found, path, member);
        return false;
    }
    *file = (FoundFile){.root = found->root, .name = name};
    if (name == NAME_TERRAFORM)
        return !found->frame->module && members_of_module(found, arena, file);
    if (name == NAME_PLAN && !members_of_plan(found, arena, file))
        return false;
    file->path = str_copy(arena, path);
    if (detect_goes_together(name, name))
        return members_of_manifest(found, arena, file);
    if (name == NAME_DOCKERFILE || name == NAME_ANY)
        file->hadolint = members_nearest_hadolint(found, arena);
    return file->path.data != NULL;
}

/* Whether a directory is a repository of its own, which git knows by its commit alone. */
static bool is_module(const Discovery *found, Str path)
{
    for (uint32_t i = 0; i < found->options->module_count; i++)
        if (str_eq(found->options->modules[i], path))
            return true;
    return false;
}

/* Whether a name is none of the walk's business, or not any more. */
static bool is_out(const Discovery *found, const Name *name, Str path)
{
    return name->given || !path.data || (name->is_directory && is_skipped(name->text)) ||
           roots_have_other(found, path, name->is_directory);
}

/* Whether a name that is ignored may stand for manifests: what tools keep beside the sources does
 * not. */
static bool may_hide(const Name *name)
{
    static const Str tools[] = {
        STR_INIT("__pycache__"), STR_INIT("bin"),  STR_INIT("build"),        STR_INIT("coverage"),
        STR_INIT("dist"),        STR_INIT("logs"), STR_INIT("node_modules"), STR_INIT("obj"),
        STR_INIT("target"),      STR_INIT("tmp"),  STR_INIT("vendor"),       STR_INIT("venv"),
    };

    if (!name->is_directory)
        return detect_may_be_manifest(detect_name(name->text));
    return name->text.data[0] != '.' && !STR_IS_ANY(name->text, tools);
}

/* Meets the next name of the directory at hand. Whether it is a file for the scan. */
static bool meet_name(Discovery *found, Arena *arena, FoundFile *file)
{
    Frame *frame = found->frame;
    const Name *name = &frame->names[frame->at++];
    size_t mark = arena_mark(found->memory);
    Str path = path_below(found->memory, frame->path, name->text);
    bool templates = frame->templates || (frame->chart && str_eq(name->text, STR("templates")));
    bool given = false;

    if (is_out(found, name, path)) {
        found->files_seen += name->given;
    } else if (ignore_excludes(frame->level, path, name->is_directory)) {
        found->files_ignored++;
        found->hidden |= may_hide(name);
    } else if (name->is_directory && is_module(found, path)) {
        discover_ignore(found, &found->roots[found->root], path,
                        "submodule; scan it where it is a repository");
    } else if (name->is_directory) {
        frame_enter(found, path, frame->level, templates, mark);
        return false;
    } else {
        given = give_file(found, path, templates, arena, file);
    }
    arena_rewind(found->memory, mark);
    return given;
}

/* --- roots --- */

static void enter_root(Discovery *found)
{
    const ScanRoot *root = &found->roots[found->root];
    size_t mark = arena_mark(found->memory);
    Str folder = root->prefix;

    folder.size -= folder.size > 0;
    folder = str_copy(found->memory, folder);
    frame_enter(found, folder, frame_levels_at(found, folder),
                members_is_in_templates(root, folder, found->memory), mark);
}

static const char *given_reason(Discovery *found, const ScanRoot *root, Str path, NameKind name)
{
    Str folder;

    if (name == NAME_CHART)
        return "Helm chart; scan what it renders";
    if (!detect_may_be_manifest(name) || root->dir < 0)
        return NULL;
    if (chart_above(root, path, found->memory, &folder))
        return "template of a Helm chart; scan what it renders";
    return members_is_given_patch(root, path, found->memory) ? patch_reason : NULL;
}

/* A file that the user named is read whatever the ignore files say. */
static bool give_root(Discovery *found, Arena *arena, FoundFile *file)
{
    const ScanRoot *root = &found->roots[found->root];
    Str path = str_join(arena, root->prefix, root->file);
    NameKind name = root->dir < 0 ? NAME_ANY : detect_name(path);
    const char *reason = given_reason(found, root, path, name);
    Str folder;

    found->files_seen++;
    if (!path.data)
        return false;
    if (root->dir >= 0 && chart_above(root, path, found->memory, &folder)) {
        if (chart_is_rendered(found))
            return chart_give_named(found, folder, arena, file);
        found->charts_left += found->helm_sought;
    }
    if (reason) {
        discover_ignore(found, root, path, reason);
        return false;
    }
    *file = (FoundFile){.path = path, .root = found->root, .name = name, .given = true};
    if (name == NAME_OTHER || name == NAME_TFVARS)
        file->name = NAME_ANY;
    if (root->dir >= 0 && (name == NAME_DOCKERFILE || file->name == NAME_ANY))
        file->hadolint = members_find_hadolint(found, path_folder(path));
    if (name == NAME_TERRAFORM)
        return members_of_given_module(arena, file);
    if (detect_goes_together(name, name))
        return members_of_given_manifest(found, arena, file);
    return true;
}

/* --- all of it --- */

static const IgnoreLevel *pattern_level(const Str *patterns, uint32_t count, Arena *arena)
{
    IgnoreLevel *level = count ? ignore_level_new(NULL, STR(""), arena) : NULL;

    for (uint32_t i = 0; level && i < count; i++)
        ignore_read(level, patterns[i], arena);
    return level;
}

bool discover_open(const Str *arguments, uint32_t count, const DiscoverOptions *options,
                   Arena *arena, Discovery *found)
{
    *found = (Discovery){.arena = arena, .diags = diags_new(arena), .options = options};
    if (!roots_find(found, arguments, count, options->boundary))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        ScanRoot *root = &found->roots[i];
        root->skipped |= roots_is_repeated(found, root);
        if (options->text.data && str_eq(root->argument, STR("-"))) {
            root->text = options->text;
            root->file = options->text_name;
        }
    }
    found->memory = arena_new(LIMIT_UNIT_BYTES);
    found->only = pattern_level(options->paths, options->path_count, arena);
    found->config = options->config;
    found->skip = pattern_level(options->skip_paths, options->skip_path_count, arena);
    return found->memory != NULL;
}

bool discover_open_directory(Str directory, const DiscoverOptions *options, Arena *arena,
                             Discovery *found)
{
    ScanRoot *root;

    *found = (Discovery){.arena = arena, .diags = diags_new(arena), .options = options};
    if (!roots_find(found, &directory, 1, options->boundary))
        return false;
    root = found->roots;
    if (root->is_file) {
        diag_path_error(&found->diags, DIAG_FILE_UNREADABLE, STR(""), "`%.*s` is no directory",
                        STR_ARG(directory));
        return false;
    }
    if (root->argument.size)
        root->shown = str_join(arena, root->argument, STR("/"));
    return true;
}

bool discover_next(Discovery *found, Arena *arena, FoundFile *file)
{
    while (found->root < found->root_count) {
        const ScanRoot *root = &found->roots[found->root];
        if (found->frame) {
            if (found->frame->at == found->frame->count)
                frame_leave(found);
            else if (meet_name(found, arena, file))
                return true;
            continue;
        }
        if (found->entered || root->skipped) {
            found->root++;
            found->entered = false;
            found->above_sought = false;
            continue;
        }
        found->entered = true;
        if (!root->is_file)
            enter_root(found);
        else if (give_root(found, arena, file))
            return true;
    }
    return false;
}

const KustomizationFiles *discover_kustomization(const Discovery *found, const FoundFile *file)
{
    const Frame *frame = found->frame;

    return frame && frame->kustomization.size && str_eq(path_folder(file->path), frame->path) &&
                   str_ends(file->path, frame->kustomization)
               ? &frame->built
               : NULL;
}

void discover_close(Discovery *found)
{
    while (found->frame)
        frame_leave(found);
    for (uint32_t i = 0; i < found->root_count; i++)
        if (found->roots[i].dir >= 0)
            close(found->roots[i].dir);
    arena_free(found->memory);
    *found = (Discovery){.arena = found->arena};
}
