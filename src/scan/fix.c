#include "scan/fix.h"

#include "base/buf.h"
#include "base/sha256.h"
#include "edit/hcl.h"
#include "edit/words.h"
#include "edit/yaml.h"

/* Fields of one path, and edits of one fix. */
enum { MOST_FIELDS = 32, MOST_EDITS = 1000 };

typedef struct Fixer {
    FixMaker *maker;
    const Rule *rule;
    const Resource *resource;
    CelMachine *machine;
    Arena *arena;
    const Source *source; /* the file of the first edit; NULL before */
    CelValue variables[RULE_VAR_COUNT];
    Edit *edits;
    uint32_t count;
    uint32_t capacity;
} Fixer;

/* --- expressions --- */

static CelValue run(const Fixer *f, BlobCode code)
{
    CelCode compiled = rule_code(f->rule, code);

    f->machine->steps = 0;
    return cel_eval(&compiled, f->machine);
}

static bool applies(const Fixer *f, const BlobEdit *edit)
{
    CelValue value;

    if (!edit->when.size)
        return true;
    value = run(f, edit->when);
    return value.kind == CEL_BOOL && value.as.boolean;
}

/* The node that an expression leads to, or NULL. */
static const Node *node_of(const Fixer *f, BlobCode code)
{
    CelValue value = run(f, code);

    if (value.kind == CEL_RESOURCE)
        return &value.as.resource->body;
    if (!(value.flags & CEL_INPUT) || value.kind == CEL_NULL)
        return NULL;
    return value.kind == CEL_MAP ? value.as.node : value.origin;
}

/* A part of a text; false for what is not known, secret, or goes over several lines. */
static bool add_part(const Fixer *f, const BlobPart *part, Buf *text)
{
    CelValue value;
    Str written;

    buf_add(text, rule_text(f->rule, part->text));
    if (!part->value.size)
        return true;
    value = run(f, part->value);
    if (value.kind != CEL_STRING && value.kind != CEL_INT)
        return false;
    if (value.origin && (value.origin->flags & NODE_SENSITIVE))
        return false;
    written = cel_value_text(value, f->machine->arena);
    buf_add(text, written);
    return str_find_char(written, '\n') < 0 && str_find_char(written, '\r') < 0;
}

static bool text_of(const Fixer *f, const BlobEdit *edit, Str *text)
{
    Buf out = buf_new(f->arena);

    for (uint32_t i = 0; i < edit->text.count; i++)
        if (!add_part(f, rule_part(f->rule, edit->text, i), &out))
            return false;
    *text = buf_str(&out);
    return !arena_spent(f->arena);
}

/* --- files --- */

static bool is_broken(const Unit *unit, uint32_t source)
{
    for (const Diag *diag = unit->diags.first; diag; diag = diag->next)
        if (diag->span.source == source &&
            (diag->code == DIAG_YAML_SYNTAX || diag->code == DIAG_JSON_SYNTAX ||
             diag->code == DIAG_HCL_SYNTAX || diag->code == DIAG_DOCKER_SYNTAX))
            return true;
    return false;
}

/* Finds out what is to be known of a file. */
static void turn_to(FixMaker *maker, const Unit *unit, const Source *source)
{
    Sha256 sum = sha256_new();

    if (maker->source == source)
        return;
    *maker = (FixMaker){.source = source, .broken = is_broken(unit, source->number)};
    sha256_add(&sum, source->text);
    sha256_hex(&sum, maker->digest);
}

/* Whether a file is somebody else's: a module that was downloaded, or one of --module-dir, whose
 * paths are absolute. */
static bool is_foreign(Str path)
{
    static const Str parts[] = {STR_INIT(".terraform/"), STR_INIT(".terragrunt-cache/")};

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        int64_t at = str_find(path, parts[i]);
        if (at == 0 || (at > 0 && path.data[at - 1] == '/'))
            return true;
    }
    return str_starts(path, STR("/"));
}

/* The file that a span lies in, as it is on disk; NULL for decoded text, for what has mistakes or
 * is not the user's, and for another file than that of the edits before. */
static const Source *source_of(Fixer *f, uint32_t number)
{
    const Source *source = sources_get(&f->machine->unit->sources, number);

    if (!source || !span_is_none(source->origin) || (f->source && f->source != source) ||
        is_foreign(source->path))
        return NULL;
    turn_to(f->maker, f->machine->unit, source);
    if (f->maker->broken)
        return NULL;
    f->source = source;
    return source;
}

static const HclBlock *block_of(const Fixer *f, const Source *source, const Node *map)
{
    Arena *arena = f->machine->unit->arena;
    DiagSink ignored = diags_new(arena);

    if (!f->maker->blocks)
        f->maker->blocks = hcl_read(source, arena, &ignored);
    return f->maker->blocks ? edit_hcl_block(f->maker->blocks, node_span(map)) : NULL;
}

/* --- edits --- */

static uint32_t fields_of(const Fixer *f, const BlobEdit *edit, Str fields[MOST_FIELDS])
{
    uint32_t count = edit->path.count < MOST_FIELDS ? edit->path.count : 0;

    for (uint32_t i = 0; i < count; i++)
        fields[i] = rule_edit_field(f->rule, edit, i);
    return count;
}

static bool edit_hcl_field(const Fixer *f, const BlobEdit *item, const Source *source,
                           const Node *map, const Str *fields, uint32_t count, Edit *edit)
{
    Node value = {.kind = NODE_NULL};
    const HclBlock *block;

    if (str_ends(source->path, STR(".json")) || !(block = block_of(f, source, map)))
        return false;
    if (item->op == RULE_EDIT_REMOVE)
        return edit_hcl_remove(source, block, fields, count, edit);
    value = rule_edit_value(f->rule, item, f->arena);
    return edit_hcl_set(source, block, fields, count, &value, f->arena, edit);
}

static bool edit_yaml_field(const Fixer *f, const BlobEdit *item, const Source *source,
                            const Node *map, const Str *fields, uint32_t count, Edit *edit)
{
    Node value;

    if (item->op == RULE_EDIT_REMOVE)
        return edit_yaml_remove(source, map, fields, count, edit);
    value = rule_edit_value(f->rule, item, f->arena);
    return edit_yaml_set(source, map, fields, count, &value, f->arena, edit);
}

static bool edit_field(Fixer *f, const BlobEdit *item, Edit *edit)
{
    const Node *map = node_of(f, item->at);
    const Source *source = map ? source_of(f, map->source) : NULL;
    Str fields[MOST_FIELDS];
    uint32_t count = fields_of(f, item, fields);

    if (!source || !count)
        return false;
    /* What a kustomization sets in all objects does not stand in the file of one. */
    if (f->resource->built && (map->flags & NODE_DERIVED))
        return false;
    if (f->resource->format == FORMAT_KUBERNETES)
        return edit_yaml_field(f, item, source, map, fields, count, edit);
    return f->resource->format == FORMAT_TERRAFORM &&
           edit_hcl_field(f, item, source, map, fields, count, edit);
}

static bool edit_text_at(Fixer *f, const BlobEdit *item, Edit *edit)
{
    static const WordChange changes[] = {[RULE_EDIT_REPLACE] = WORD_REPLACE,
                                         [RULE_EDIT_BEFORE] = WORD_BEFORE,
                                         [RULE_EDIT_AFTER] = WORD_AFTER};
    const Node *word = node_of(f, item->at);
    const Source *source = word ? source_of(f, word->source) : NULL;
    Str text;

    return source && text_of(f, item, &text) &&
           edit_word(source, word, changes[item->op], text, f->arena, edit);
}

static bool edit_above(Fixer *f, const BlobEdit *item, Edit *edit)
{
    const Node *node = item->at.size ? node_of(f, item->at) : NULL;
    Span place = node ? node_span(node) : f->resource->header;
    const Source *source = source_of(f, place.source);
    Str text;

    if (f->resource->format != FORMAT_DOCKERFILE || (item->at.size && !node))
        return false;
    return source && text_of(f, item, &text) &&
           edit_line_above(source, place.start, text, f->arena, edit);
}

static bool make_edit(Fixer *f, const BlobEdit *item, Edit *edit)
{
    switch ((RuleEditOp)item->op) {
    case RULE_EDIT_SET:
    case RULE_EDIT_REMOVE:
        return edit_field(f, item, edit);
    case RULE_EDIT_REPLACE:
    case RULE_EDIT_BEFORE:
    case RULE_EDIT_AFTER:
        return edit_text_at(f, item, edit);
    case RULE_EDIT_ABOVE:
        return edit_above(f, item, edit);
    case RULE_EDIT_OPS:
        break;
    }
    return false;
}

static bool add_edit(Fixer *f, const BlobEdit *item)
{
    Edit *edits;

    if (f->count >= MOST_EDITS)
        return false;
    edits =
        arena_grow(f->arena, f->edits, f->count, &f->capacity, (size_t)f->count + 1, sizeof *edits);
    if (!edits)
        return false;
    f->edits = edits;
    return applies(f, item) && make_edit(f, item, &edits[f->count++]);
}

/* The edit for each element of its list. */
static bool add_each(Fixer *f, const BlobEdit *item)
{
    CelValue list = run(f, item->each);
    bool good = list.kind == CEL_LIST && !(list.flags & CEL_INCOMPLETE);
    CelValue it = f->variables[RULE_VAR_IT], index = f->variables[RULE_VAR_INDEX];

    for (uint32_t i = 0; good && i < cel_count(list); i++) {
        f->variables[RULE_VAR_IT] = cel_list_item(list, i);
        f->variables[RULE_VAR_INDEX] = cel_int(i);
        good = add_edit(f, item);
    }
    f->variables[RULE_VAR_IT] = it;
    f->variables[RULE_VAR_INDEX] = index;
    return good;
}

static bool add_edits(Fixer *f)
{
    for (uint32_t i = 0; i < f->rule->edits.count; i++) {
        const BlobEdit *item = rule_edit(f->rule, i);
        if (!(item->each.size ? add_each(f, item) : add_edit(f, item)))
            return false;
    }
    return f->count > 0;
}

/* Pods of Terraform have the names of its provider, and what is rendered, planned or patched is
 * edited where it was made. */
static bool may_fix(const Rule *rule, const Resource *resource, const Unit *unit)
{
    bool terraform = resource->format == FORMAT_TERRAFORM;

    return resource->format != FORMAT_PLAN && !resource->template.size && !resource->patched &&
           !(terraform && (rule->families & RULE_FAMILY_POD)) &&
           !str_eq(unit->path, STR("<stdin>"));
}

static Fix *finish(const Fixer *f)
{
    Sources *sources = &f->machine->unit->sources;
    Source *source = sources_get(sources, f->source->number);
    Fix *fix = ARENA_NEW(f->arena, Fix);
    Position *starts = ARENA_ARRAY(f->arena, Position, f->count);
    Position *ends = ARENA_ARRAY(f->arena, Position, f->count);

    if (!fix || !starts || !ends)
        return NULL;
    for (uint32_t i = 0; i < f->count; i++) {
        /* The unit's texts go before the verdict does. */
        f->edits[i] = edit_copy(&f->edits[i], f->arena);
        starts[i] = source_position(sources, source, f->edits[i].start);
        ends[i] = source_position(sources, source, f->edits[i].end);
    }
    *fix = (Fix){.edits = f->edits, .starts = starts, .ends = ends, .count = f->count};
    fix->path = str_copy(f->arena, source->path);
    memcpy(fix->digest, f->maker->digest, sizeof fix->digest);
    return fix;
}

Fix *fix_make(FixMaker *maker, const Rule *rule, const Resource *resource, CelMachine *machine,
              Arena *arena)
{
    Fixer f = {
        .maker = maker, .rule = rule, .resource = resource, .machine = machine, .arena = arena};
    const CelValue *variables = machine->variables;
    Fix *fix = NULL;

    if (!may_fix(rule, resource, machine->unit))
        return NULL;
    memcpy(f.variables, variables, sizeof f.variables);
    machine->variables = f.variables;
    if (add_edits(&f))
        fix = finish(&f);
    machine->variables = variables;
    return fix;
}
