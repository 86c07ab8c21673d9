#include "scan/config_draft.h"

#include <stdarg.h>

#include "scan/boundary.h"
#include "scan/discover.h"
#include "scan/environment.h"

void draft_add(ConfigDraft *draft, DraftList *list, Str text, Str value, Str note)
{
    DraftItem *grown;

    for (uint32_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i].text, text))
            return;
    grown = arena_grow(draft->arena, list->items, list->count, &list->capacity,
                       (size_t)list->count + 1, sizeof *grown);
    if (!grown)
        return;
    list->items = grown;
    grown[list->count++] = (DraftItem){text, value, note};
}

void draft_leave(ConfigDraft *draft, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    draft_add(draft, &draft->left, str_format_list(draft->arena, format, args), STR(""), STR(""));
    va_end(args);
}

static Str join_note(ConfigDraft *draft, Str id, Str source, Str note)
{
    return str_format(draft->arena, "%.*s of %.*s%s%.*s", STR_ARG(id), STR_ARG(source),
                      note.size ? ": " : "", STR_ARG(note));
}

/* Whether any rule is called so. */
static bool add_called(ConfigDraft *draft, DraftList *list, Str name, Str value, Str note)
{
    bool pattern = rule_name_is_pattern(name), found = false, part = false;

    for (uint32_t i = 0; i < draft->set_count; i++) {
        for (uint32_t j = 0; j < ruleset_rule_count(draft->sets[i]); j++) {
            const Rule *rule = ruleset_rule(draft->sets[i], j);
            AliasSet means = rule_called(rule, name);
            found |= means != 0;
            part |= means && means != ALIASES_ALL;
            if (!pattern && means == ALIASES_ALL)
                draft_add(draft, list, rule_id(rule), value, note);
        }
    }
    /* What means only a part of a rule says so itself. */
    if (found && (pattern || part))
        draft_add(draft, list, name, value, note);
    return found;
}

void draft_add_rule(ConfigDraft *draft, DraftList *list, Str prefix, Str id, Str value, Str source,
                    Str note)
{
    Str text = join_note(draft, id, source, note);
    Str full = prefix.size ? str_join(draft->arena, prefix, id) : id;

    if (!add_called(draft, list, full, value, text))
        draft_leave(draft, "%.*s: no rule answers to this id", STR_ARG(text));
}

DraftOverride *draft_override(ConfigDraft *draft)
{
    DraftOverride *grown =
        arena_grow(draft->arena, draft->overrides, draft->override_count, &draft->override_capacity,
                   (size_t)draft->override_count + 1, sizeof *grown);

    if (!grown)
        return NULL;
    draft->overrides = grown;
    grown[draft->override_count] = (DraftOverride){0};
    return &grown[draft->override_count++];
}

/* --- what the tree holds --- */

/* The directories on the way to a file that fit, each as a pattern. */
static void add_directories(ConfigDraft *draft, DraftList *list, Str path, bool (*fits)(Str name))
{
    uint32_t from = 0;

    for (uint32_t i = 0; i < path.size; i++) {
        if (path.data[i] != '/')
            continue;
        if (fits(str_sub(path, from, i - from))) {
            draft_add(draft, list, str_copy(draft->arena, str_sub(path, 0, i + 1)), STR(""),
                      STR(""));
            return;
        }
        from = i + 1;
    }
}

static bool is_aside(Str name)
{
    static const Str names[] = {STR_INIT("examples"), STR_INIT("example"),     STR_INIT("test"),
                                STR_INIT("tests"),    STR_INIT("testdata"),    STR_INIT("fixtures"),
                                STR_INIT("vendor"),   STR_INIT("node_modules")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

static bool is_manifest(const Discovery *found, Str file, Arena *arena)
{
    const char *path = str_copy_z(arena, file);
    int error;
    Str text;

    return path && boundary_read(&found->roots[0], path, arena, &text, &error) &&
           detect_content(detect_name(file), text) == INPUT_KUBERNETES;
}

/* YAML is a manifest by what it holds; one is enough to know. */
static bool has_manifest(const Discovery *found, const FoundFile *file, Arena *arena)
{
    const Str *files = found_is_scope(file) ? file->members : &file->path;

    for (uint32_t i = 0; i < found_file_count(file); i++)
        if (detect_name(files[i]) == NAME_YAML && is_manifest(found, files[i], arena))
            return true;
    return false;
}

static void count_file(ConfigDraft *draft, const Discovery *found, const FoundFile *file,
                       Arena *arena)
{
    Str path = str_from(file->path, found->roots[0].prefix.size);

    draft->modules += file->name == NAME_TERRAFORM;
    draft->dockerfiles += file->name == NAME_DOCKERFILE;
    if (!draft->manifests && detect_may_be_manifest(file->name) && has_manifest(found, file, arena))
        draft->manifests = 1;
    add_directories(draft, &draft->production, path, environment_is_production);
    add_directories(draft, &draft->asides, path, is_aside);
}

void draft_survey(ConfigDraft *draft, Str directory)
{
    DiscoverOptions options = {0};
    Discovery found;
    FoundFile file;
    Arena *arena = arena_new((size_t)64 << 20);

    if (arena && discover_open(&directory, 1, &options, draft->arena, &found)) {
        while (discover_next(&found, arena, &file)) {
            count_file(draft, &found, &file, arena);
            arena_rewind(arena, 0);
        }
        discover_close(&found);
    }
    arena_free(arena);
}
