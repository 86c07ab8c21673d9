#include "scan/module_calls.h"

#include "base/limits.h"
#include "ir/str_map.h"
#include "ir/terraform_json.h"
#include "ir/terraform_tree.h"
#include "ir/terragrunt.h"
#include "scan/boundary.h"
#include "scan/file_cache.h"
#include "scan/kustomization.h"
#include "syntax/hcl.h"
#include "syntax/text.h"

/* Bytes of texts that are kept for their turn; what is beyond is read twice. A large repository of
 * modules has less. Kustomizations, which are short, are kept where a tree has few of them: memory
 * must not grow with it. */
#define MODULE_TEXTS ((size_t)16 << 20)
#define KUSTOMIZATION_TEXTS ((size_t)28 << 10)

/* One directory calls another; numbers of `names`. */
typedef struct Call {
    uint32_t from;
    uint32_t to;
    const ScanRoot *root; /* with changes: the directory that is called */
    Str dir;
    bool is_back; /* no call: whoever touches `to` touches `from` */
} Call;

struct ModuleCalls {
    Arena *arena;
    StrMap names; /* absolute paths, to their number */
    uint32_t count;
    Call *calls;
    uint32_t call_count;
    uint32_t call_capacity;
    const Changes *changes; /* or NULL */
    uint32_t *marks;        /* numbers of directories that were walked, and whether touched */
    uint32_t mark_count;
    uint32_t mark_capacity;
    bool any_untracked; /* a module's file was met that git does not know */
    bool manifests;     /* see module_calls_touch_manifests() */
    bool objects;       /* a module may make some of Kubernetes, ... */
    bool modules;       /* ... and a change touches a module */
    /* By number: */
    bool *called;  /* by another directory */
    bool *within;  /* is judged through another one */
    bool *touched; /* by a change, in itself or in what it calls */
};

/* --- calls of one directory --- */

/* What a kustomization is known by, since a directory may be a module too. */
static Str kustomization_name(Arena *arena, Str dir)
{
    return tf_path_join(arena, dir, STR("kustomization"));
}

/* In `arena`. */
static Str absolute(const ScanRoot *root, Str dir, Arena *arena)
{
    return str_eq(dir, STR("."))
               ? str_copy(arena, root->boundary)
               : str_format(arena, "%.*s/%.*s", STR_ARG(root->boundary), STR_ARG(dir));
}

/* The number of a directory; 0 when memory is short. */
static uint32_t number_of(ModuleCalls *calls, const ScanRoot *root, Str dir)
{
    size_t mark = arena_mark(calls->arena);
    Str path = absolute(root, dir, calls->arena);
    uint32_t number = path.data ? str_map_find(&calls->names, path) : 0;
    uint32_t *slot;

    if (number) {
        arena_rewind(calls->arena, mark);
        return number;
    }
    slot = path.data ? str_map_at(&calls->names, path) : NULL;
    if (!slot)
        return 0;
    *slot = ++calls->count;
    return *slot;
}

static void add_call(ModuleCalls *calls, const ScanRoot *root, Str from, Str to, bool is_back)
{
    Call call = {.from = number_of(calls, root, from),
                 .to = number_of(calls, root, to),
                 .root = root,
                 .is_back = is_back};
    Call *grown;

    if (!call.from || !call.to || call.from == call.to)
        return;
    grown = arena_grow(calls->arena, calls->calls, calls->call_count, &calls->call_capacity,
                       (size_t)calls->call_count + 1, sizeof *grown);
    if (!grown)
        return;
    if (calls->changes)
        call.dir = str_copy(calls->arena, to);
    calls->calls = grown;
    grown[calls->call_count++] = call;
}

static void add_block(ModuleCalls *calls, const ScanRoot *root, Str dir, const HclBlock *block,
                      Arena *scratch)
{
    const HclAttribute *attribute;
    Str source, called;

    if (!str_eq(block->type, STR("module")))
        return;
    attribute = hcl_attribute(block->body, STR("source"));
    source = hcl_string(attribute ? attribute->value : NULL);
    if (!tf_source_is_local(source))
        return;
    called = tf_path_join(scratch, dir, source);
    if (called.data && !tf_path_leads_out(called))
        add_call(calls, root, dir, called, false);
}

/* Most files call nothing local, which two searches tell without reading them as HCL. */
static bool may_call(Str text)
{
    return str_find(text, STR("module")) >= 0 &&
           (str_find(text, STR("\"./")) >= 0 || str_find(text, STR("\"..")) >= 0 ||
            str_find(text, STR("\".\"")) >= 0);
}

/* Whether the text may read a file above its directory. */
static bool may_read_above(Str text)
{
    return str_find(text, STR("../")) >= 0 &&
           (str_find(text, STR("file")) >= 0 || str_find(text, STR("path.")) >= 0);
}

/* Keeps a copy of a file's text for its turn, where there is room. */
static void keep_text(const ScanRoot *root, Str path, Str text)
{
    Arena *kept = root->cache ? file_cache_arena(root->cache, KUSTOMIZATION_TEXTS) : NULL;

    text = kept && text.data ? str_copy(kept, text) : (Str){NULL, 0};
    if (text.data)
        file_cache_add(root->cache, path, text);
}

/* The text of a file, kept for its turn where there is room. */
static bool read_file(const ScanRoot *root, Str path, Arena *scratch, Str *text)
{
    Arena *kept = root->cache ? file_cache_arena(root->cache, MODULE_TEXTS) : NULL;
    int error;

    if (!boundary_read(root, path.data, kept ? kept : scratch, text, &error))
        return false;
    if (kept)
        file_cache_add(root->cache, path, *text);
    return true;
}

/* Reads the calls of a file. Whether it may read data that the changes touch elsewhere. */
static bool add_file(ModuleCalls *calls, const ScanRoot *root, Str dir, Str path, Arena *scratch)
{
    Sources sources = sources_new(scratch);
    DiagSink quiet = diags_new(scratch);
    const Symbols none = {0};
    Source *source;
    HclBody *body;
    bool touched;
    Str text;

    if (!read_file(root, path, scratch, &text))
        return false;
    touched = calls->changes && may_read_above(text) && changes_in_data(calls->changes);
    calls->objects |= calls->changes && detect_makes_objects(text);
    source = may_call(text) ? sources_add(&sources, path, text) : NULL;
    if (!source || !text_decode(source, scratch, &quiet))
        return touched;
    body = str_ends(path, STR(".json")) ? tf_json_read(&sources, source, &none, scratch, &quiet)
                                        : hcl_read(source, scratch, &quiet);
    for (uint32_t i = 0; body && i < body->block_count; i++)
        add_block(calls, root, dir, &body->blocks[i], scratch);
    return touched;
}

/* --- changes --- */

static bool is_tracked(const ModuleCalls *calls, Str path)
{
    return git_tree_find(calls->changes->tracked, path) != NULL;
}

static bool is_touched(ModuleCalls *calls, const FoundFile *file, Str dir)
{
    const Changes *changes = calls->changes;
    bool touched = changes->everything || changes_in_module(changes, dir);

    for (uint32_t i = 0; i < file->member_count; i++) {
        touched |= changes_has(changes, file->members[i]);
        calls->any_untracked |= !is_tracked(calls, file->members[i]);
    }
    return touched;
}

/* Notes that a directory was walked. */
static void mark(ModuleCalls *calls, uint32_t number, bool touched)
{
    uint32_t *grown = arena_grow(calls->arena, calls->marks, calls->mark_count,
                                 &calls->mark_capacity, calls->mark_count + 1u, sizeof *grown);

    if (!grown)
        return;
    calls->marks = grown;
    grown[calls->mark_count++] = number << 1 | touched;
}

/* --- one module --- */

static void add_module(ModuleCalls *calls, const ScanRoot *root, const FoundFile *file,
                       Arena *scratch)
{
    Str dir = found_directory(file);

    uint32_t count = file->member_count - file->value_count;
    bool touched = calls->changes && is_touched(calls, file, dir);

    for (uint32_t i = 0; i < count; i++) {
        size_t before = arena_mark(scratch);
        if (tf_is_module_file(file->members, count, i))
            touched |= add_file(calls, root, dir, file->members[i], scratch);
        arena_rewind(scratch, before);
    }
    calls->modules |= touched;
    if (calls->changes)
        mark(calls, number_of(calls, root, dir), touched);
}

/* What a terragrunt.hcl runs, it calls. */
static void add_terragrunt(ModuleCalls *calls, const ScanRoot *root, const FoundFile *file,
                           Arena *scratch)
{
    Sources sources = sources_new(scratch);
    DiagSink quiet = diags_new(scratch);
    Str dir = found_directory(file), text, called;
    bool touched = calls->changes && changes_has(calls->changes, file->path);
    Source *source;
    HclBody *body;
    int error;

    calls->modules |= touched;
    if (calls->changes)
        mark(calls, number_of(calls, root, dir), touched);
    if (!boundary_read(root, file->path.data, scratch, &text, &error))
        return;
    source = sources_add(&sources, file->path, text);
    body =
        source && text_decode(source, scratch, &quiet) ? hcl_read(source, scratch, &quiet) : NULL;
    called = body ? terragrunt_module(body, dir, scratch) : STR("");
    if (called.size && !tf_path_leads_out(called))
        add_call(calls, root, dir, called, false);
}

/* Of a file that a kustomization names. What a link leads to may have changed while the link has
 * not, and there may be nothing on either side. */
static bool may_be_touched(const ModuleCalls *calls, const ScanRoot *root, Str path)
{
    const GitEntry *entry = git_tree_find(calls->changes->tracked, path);

    if (entry && entry->kind == GIT_LINK)
        return true;
    return changes_has(calls->changes, path) &&
           (entry || changes_list(calls->changes, path) || boundary_find(root, path));
}

static bool is_any_touched(const ModuleCalls *calls, const ScanRoot *root, const PathList *list)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (may_be_touched(calls, root, list->paths[i]))
            return true;
    return false;
}

/* Adds what a kustomization calls. Whether a change touches what else it is made of. */
static bool add_resources(ModuleCalls *calls, const ScanRoot *root, Str name, const PathList *list,
                          Arena *scratch)
{
    bool touched = false;

    for (uint32_t i = 0; i < list->count; i++) {
        Str path = list->paths[i], base = kustomization_name(scratch, path);
        if (kustomization_is_file_name(path)) {
            touched |= calls->changes && may_be_touched(calls, root, path);
        } else if (!tf_path_leads_out(path)) {
            add_call(calls, root, name, base, false);
            if (calls->changes)
                add_call(calls, root, base, name, true);
        }
    }
    return touched;
}

static void add_kustomization(ModuleCalls *calls, const Discovery *found, const FoundFile *file,
                              Arena *scratch)
{
    const ScanRoot *root = &found->roots[file->root];
    const KustomizationFiles *known = discover_kustomization(found, file);
    KustomizationFiles files = known ? *known : kustomization_files(root, file->path, scratch);
    Str name = kustomization_name(scratch, found_directory(file));
    bool touched = add_resources(calls, root, name, &files.resources, scratch);

    keep_text(root, file->path, files.text);
    if (!calls->changes)
        return;
    touched |= calls->changes->everything || changes_has(calls->changes, file->path) ||
               is_any_touched(calls, root, &files.patches) ||
               is_any_touched(calls, root, &files.data);
    mark(calls, number_of(calls, root, name), touched);
    calls->any_untracked |= !is_tracked(calls, file->path);
    calls->manifests |= touched;
}

/* --- other manifests --- */

static void meet_chart(ModuleCalls *calls, const FoundFile *file)
{
    bool touched = changes_in_folder(calls->changes, found_directory(file));

    for (uint32_t i = 0; i < file->member_count; i++)
        touched |= changes_has(calls->changes, file->members[i]);
    calls->manifests |= touched;
}

static bool is_manifest(const ScanRoot *root, Str path, Arena *scratch)
{
    Str text;
    int error;

    return boundary_read(root, path.data, scratch, &text, &error) &&
           detect_content(detect_name(path), text) == INPUT_KUBERNETES;
}

/* What is new beside files that git knows is among the changes; what is new elsewhere is only met.
 */
static void meet_manifests(ModuleCalls *calls, const ScanRoot *root, const FoundFile *file,
                           Arena *scratch)
{
    const Str *paths = file->member_count ? file->members : &file->path;
    uint32_t count = found_file_count(file);

    for (uint32_t i = 0; i < count && !calls->manifests && root->dir >= 0; i++) {
        size_t before = arena_mark(scratch);
        calls->manifests = !is_tracked(calls, paths[i]) && is_manifest(root, paths[i], scratch);
        arena_rewind(scratch, before);
    }
}

/* --- all of them --- */

/* Follows the calls from those that nobody calls. What only calls itself in a ring is left, and
 * judged by itself. */
static bool decide(ModuleCalls *calls)
{
    uint32_t *queue = ARENA_ARRAY(calls->arena, uint32_t, calls->count + 1);
    uint32_t *next = ARENA_ARRAY(calls->arena, uint32_t, calls->call_count + 1);
    uint32_t *first = ARENA_ARRAY(calls->arena, uint32_t, calls->count + 1);
    uint32_t head = 0, tail = 0;

    calls->called = ARENA_ARRAY(calls->arena, bool, calls->count + 1);
    calls->within = ARENA_ARRAY(calls->arena, bool, calls->count + 1);
    if (!queue || !next || !first || !calls->called || !calls->within)
        return false;
    for (uint32_t i = 0; i < calls->call_count; i++) {
        if (calls->calls[i].is_back)
            continue;
        calls->called[calls->calls[i].to] = true;
        next[i] = first[calls->calls[i].from];
        first[calls->calls[i].from] = i + 1;
    }
    for (uint32_t i = 1; i <= calls->count; i++)
        if (!calls->called[i])
            queue[tail++] = i;
    while (head < tail) {
        for (uint32_t i = first[queue[head++]]; i; i = next[i - 1]) {
            uint32_t to = calls->calls[i - 1].to;
            if (!calls->within[to])
                queue[tail++] = to;
            calls->within[to] = true;
        }
    }
    return true;
}

/* From what is marked, against the calls. */
static bool spread_touched(ModuleCalls *calls)
{
    uint32_t *queue = ARENA_ARRAY(calls->arena, uint32_t, calls->count + 1);
    uint32_t *next = ARENA_ARRAY(calls->arena, uint32_t, calls->call_count + 1);
    uint32_t *first = ARENA_ARRAY(calls->arena, uint32_t, calls->count + 1);
    uint32_t head = 0, tail = 0;

    if (!queue || !next || !first)
        return false;
    for (uint32_t i = 0; i < calls->call_count; i++) {
        next[i] = first[calls->calls[i].to];
        first[calls->calls[i].to] = i + 1;
    }
    for (uint32_t i = 1; i <= calls->count; i++)
        if (calls->touched[i])
            queue[tail++] = i;
    while (head < tail) {
        for (uint32_t i = first[queue[head++]]; i; i = next[i - 1]) {
            uint32_t from = calls->calls[i - 1].from;
            if (!calls->touched[from])
                queue[tail++] = from;
            calls->touched[from] = true;
        }
    }
    return true;
}

/* A name in a directory that was not walked. */
typedef struct Listing {
    const ModuleCalls *calls;
    Str dir;
    Arena *scratch;
    bool touched;
} Listing;

static void look_at(void *context, Str name, FolderKind kind)
{
    Listing *listing = context;
    Str path = str_eq(listing->dir, STR(".")) ? name
                                              : str_format(listing->scratch, "%.*s/%.*s",
                                                           STR_ARG(listing->dir), STR_ARG(name));

    if (kind == FOLDER_FILE && detect_name(name) == NAME_TERRAFORM)
        listing->touched |= changes_has(listing->calls->changes, path);
}

/* Of a directory that is called and was not walked, as one outside of what is scanned. */
static bool is_touched_outside(ModuleCalls *calls, const Call *call, Arena *scratch)
{
    Listing listing = {calls, call->dir, scratch, false};
    const char *path = str_copy_z(scratch, call->dir);
    int error;

    if (str_ends(call->dir, STR("/kustomization")))
        return true;
    listing.touched =
        calls->changes->everything || !path || changes_in_module(calls->changes, call->dir);
    if (!listing.touched)
        boundary_list(call->root, path, look_at, &listing, &error);
    calls->objects = true; /* nobody has read it */
    calls->modules |= listing.touched;
    return listing.touched;
}

static bool decide_touched(ModuleCalls *calls, Arena *scratch)
{
    bool *walked = ARENA_ARRAY(scratch, bool, calls->count + 1);

    calls->touched = ARENA_ARRAY(calls->arena, bool, calls->count + 1);
    if (!calls->touched || !walked)
        return false;
    calls->touched[0] = true;
    for (uint32_t i = 0; i < calls->mark_count; i++) {
        calls->touched[calls->marks[i] >> 1] |= calls->marks[i] & 1;
        walked[calls->marks[i] >> 1] = true;
    }
    for (uint32_t i = 0; i < calls->call_count; i++) {
        const Call *call = &calls->calls[i];
        if (!walked[call->to])
            calls->touched[call->to] = is_touched_outside(calls, call, scratch);
        walked[call->to] = true;
    }
    /* What a module makes may hang on what another one gives it. */
    calls->manifests |= calls->objects && calls->modules;
    return spread_touched(calls);
}

ModuleCalls *module_calls_new(const Changes *changes, Arena *arena)
{
    ModuleCalls *calls = ARENA_NEW(arena, ModuleCalls);

    if (calls)
        *calls = (ModuleCalls){.arena = arena, .names = str_map_new(arena), .changes = changes};
    return calls;
}

void module_calls_add(ModuleCalls *calls, const Discovery *found, const FoundFile *file,
                      Arena *scratch)
{
    const ScanRoot *root = &found->roots[file->root];
    size_t before = arena_mark(scratch);

    if (file->name == NAME_TERRAFORM)
        add_module(calls, root, file, scratch);
    else if (file->name == NAME_TERRAGRUNT)
        add_terragrunt(calls, root, file, scratch);
    else if (file->name == NAME_KUSTOMIZATION)
        add_kustomization(calls, found, file, scratch);
    else if (calls->changes && file->name == NAME_CHART)
        meet_chart(calls, file);
    else if (calls->changes && detect_may_be_manifest(file->name))
        meet_manifests(calls, root, file, scratch);
    arena_rewind(scratch, before);
}

bool module_calls_decide(ModuleCalls *calls, Arena *scratch)
{
    return decide(calls) && (!calls->changes || decide_touched(calls, scratch));
}

static void walk(ModuleCalls *calls, Discovery *found)
{
    Arena *scratch = arena_new(LIMIT_UNIT_BYTES);
    FoundFile file = {0};

    while (scratch && discover_next(found, scratch, &file)) {
        module_calls_add(calls, found, &file, scratch);
        arena_rewind(scratch, 0);
        file = (FoundFile){0};
    }
    arena_free(scratch);
}

const ModuleCalls *module_calls_find(const Str *arguments, uint32_t count,
                                     const DiscoverOptions *options, const Changes *changes,
                                     Arena *arena)
{
    ModuleCalls *calls = module_calls_new(changes, arena);
    Arena *walked = arena_new(LIMIT_UNIT_BYTES);
    bool good = calls && walked;
    Discovery found;

    if (good) {
        if (discover_open(arguments, count, options, walked, &found))
            walk(calls, &found);
        good = module_calls_decide(calls, walked);
        discover_close(&found);
    }
    arena_free(walked);
    return good ? calls : NULL;
}

/* The number of a module or kustomization, or 0. */
static uint32_t find_number(const ModuleCalls *calls, const ScanRoot *root, const FoundFile *file)
{
    size_t before = arena_mark(calls->arena);
    Str dir = found_directory(file), path;
    uint32_t number;

    if (file->name == NAME_KUSTOMIZATION)
        dir = kustomization_name(calls->arena, dir);
    path = absolute(root, dir, calls->arena);
    number = path.data ? str_map_find(&calls->names, path) : 0;
    arena_rewind(calls->arena, before);
    return number;
}

bool module_calls_has(const ModuleCalls *calls, const ScanRoot *root, const FoundFile *file)
{
    uint32_t number = calls && root->dir >= 0 ? find_number(calls, root, file) : 0;

    return number && calls->within[number];
}

bool module_calls_differ(const ModuleCalls *calls)
{
    return !calls || !calls->changes || calls->any_untracked ||
           changes_in_terraform(calls->changes) || changes_in_kustomizations(calls->changes);
}

bool module_calls_touched(const ModuleCalls *calls, const ScanRoot *root, const FoundFile *file)
{
    return !calls || !calls->touched || calls->touched[find_number(calls, root, file)];
}

bool module_calls_touch_manifests(const ModuleCalls *calls)
{
    return !calls || calls->manifests;
}
