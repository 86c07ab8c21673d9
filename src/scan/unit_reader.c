#include "scan/unit_reader.h"

#include "base/limits.h"
#include "ir/github_workflow.h"
#include "ir/kubernetes.h"

/* How far into a text Helm says which template it was made of. */
#define RENDER_HEAD_BYTES 4096u

static const char template_reason[] = "template that nobody has rendered";

UnitReader unit_reader(const ScanRoot *root, const FoundFile *file, const TerraformInputs *inputs,
                       Arena *arena)
{
    return (UnitReader){.root = root, .file = file, .inputs = inputs, .arena = arena};
}

static void leave_out(UnitReader *reader, Str path, const char *reason)
{
    if (!reader->left)
        reader->left = ARENA_ARRAY(reader->arena, LeftFile, found_file_count(reader->file));
    if (reader->left)
        reader->left[reader->left_count++] = (LeftFile){path, reason};
}

static void set_aside(UnitReader *reader, uint32_t member)
{
    if (!reader->alone)
        reader->alone = ARENA_ARRAY(reader->arena, uint32_t, reader->file->member_count);
    if (reader->alone)
        reader->alone[reader->alone_count++] = member;
}

/* --- one file --- */

static bool read_alone(UnitReader *reader, Unit *unit, const FoundFile *file)
{
    UnitOutcome outcome = unit_read(unit, reader->root, file, reader->inputs);

    if (outcome == UNIT_TEMPLATE && file->render == 0)
        leave_out(reader, file->path, template_reason);
    if (outcome == UNIT_LIBRARY && file->render == 0)
        leave_out(reader, file->path, "library chart; it is rendered with the charts that use it");
    if (outcome == UNIT_COMPONENT)
        leave_out(reader, file->path, "component that no kustomization uses");
    reader->files = unit_file_count(unit, file);
    reader->broken = unit->diags.errors > 0;
    return outcome == UNIT_READ;
}

/* --- manifests, or workflows, of a directory --- */

static bool is_context(const FoundFile *file, uint32_t member)
{
    return member >= file->member_count - file->context_count;
}

/* Whether it begins as what Helm prints, or kustomize where it tells origins. */
static bool may_be_render(Str text)
{
    Str head = str_sub(text, 0, RENDER_HEAD_BYTES);

    return str_find(head, STR("# Source: ")) >= 0 ||
           str_find(head, STR("config.kubernetes.io/origin")) >= 0;
}

/* Forgets what a member has added. */
static void take_back(Unit *unit, const DiagSink *diags, uint32_t resources)
{
    unit->resource_count = resources;
    unit->diags = *diags;
    if (unit->diags.last)
        unit->diags.last->next = NULL;
}

static bool are_workflows(const UnitReader *reader)
{
    return reader->file->name == NAME_WORKFLOW;
}

/* Whether nobody has rendered the text, which added the mistakes behind `last`. */
static bool is_template(const UnitReader *reader, const Unit *unit, const Diag *last, Str text)
{
    return !are_workflows(reader) && unit_is_template(unit, last, text);
}

/* Whether a text of that kind is one of those that are judged together. */
static bool belongs(const UnitReader *reader, InputKind kind, Str text)
{
    return are_workflows(reader) ? kind == INPUT_WORKFLOW
                                 : kind == INPUT_KUBERNETES && !may_be_render(text);
}

/* Adds what the text of `source` holds. */
static void add_member(UnitReader *reader, Unit *unit, Source *source)
{
    const DiagSink before = unit->diags;
    uint32_t first = unit->resource_count;

    if (are_workflows(reader))
        github_workflow_build(unit, source);
    else
        kubernetes_build(unit, source);
    if (unit->diags.errors > before.errors &&
        is_template(reader, unit, before.last, source->text)) {
        take_back(unit, &before, first);
        if (!source->context)
            leave_out(reader, source->path, template_reason);
        source->context = true;
    } else if (source->context) {
        take_back(unit, &before, unit->resource_count);
        for (uint32_t i = first; i < unit->resource_count; i++)
            unit->resources[i].left_alone = true;
    } else {
        reader->files++;
        reader->broken += unit->diags.errors > before.errors;
    }
}

/* Reads a member into the unit; `*bytes` is the sum of texts in there. */
static void read_member(UnitReader *reader, Unit *unit, uint32_t member, uint64_t *bytes)
{
    const FoundFile *file = reader->file;
    const DiagSink before = unit->diags;
    bool context = is_context(file, member);
    size_t mark = arena_mark(unit->arena);
    Str path = file->members[member], text;
    InputKind kind;
    Source *source;

    if (!unit_read_file(unit, reader->root, path, &text)) {
        if (context)
            take_back(unit, &before, unit->resource_count);
        reader->files += !context;
        reader->broken += !context;
        return;
    }
    kind = detect_content(detect_name(path), text);
    if (text.size > LIMIT_SCOPE_FILE_BYTES || !belongs(reader, kind, text)) {
        if (kind != INPUT_NONE && !context)
            set_aside(reader, member);
        arena_rewind(unit->arena, mark);
        return;
    }
    *bytes += text.size;
    source = sources_add(&unit->sources, path, text);
    if (!source)
        return;
    source->context = context;
    add_member(reader, unit, source);
}

/* Members in their order, as many as fit. */
static bool read_together(UnitReader *reader, Unit *unit)
{
    const FoundFile *file = reader->file;
    uint64_t bytes = 0;

    unit->path = file->path;
    unit_set_files(unit, reader->root, file);
    reader->files = reader->broken = 0;
    while (reader->next < file->member_count && bytes < LIMIT_SCOPE_BYTES)
        read_member(reader, unit, reader->next++, &bytes);
    return reader->files > 0;
}

static bool read_next_alone(UnitReader *reader, Unit *unit)
{
    const FoundFile *file = reader->file;
    Str path = file->members[reader->alone[reader->alone_at++]];
    FoundFile *member = ARENA_NEW(unit->arena, FoundFile);

    if (!member)
        return false;
    *member = (FoundFile){
        .path = path, .root = file->root, .name = detect_name(path), .given = file->given};
    return read_alone(reader, unit, member);
}

static uint32_t count_steps(const UnitReader *reader)
{
    return found_is_scope(reader->file) ? reader->file->member_count
                                        : unit_render_count(reader->file);
}

static bool read_next(UnitReader *reader, Unit *unit)
{
    if (!found_is_scope(reader->file)) {
        reader->one = *reader->file;
        reader->one.render = reader->next++;
        return read_alone(reader, unit, &reader->one);
    }
    return reader->next < count_steps(reader) ? read_together(reader, unit)
                                              : read_next_alone(reader, unit);
}

bool unit_reader_next(UnitReader *reader, Unit *unit)
{
    const Unit fresh = *unit;
    size_t mark = arena_mark(unit->arena);

    while (reader->next < count_steps(reader) || reader->alone_at < reader->alone_count) {
        if (read_next(reader, unit))
            return true;
        *unit = fresh;
        arena_rewind(unit->arena, mark);
    }
    return false;
}
