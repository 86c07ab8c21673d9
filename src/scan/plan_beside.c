#include "scan/plan_beside.h"

#include <math.h>

#include "ir/plan.h"
#include "ir/plan_config.h"
#include "ir/plan_source.h"
#include "ir/saved_plan.h"
#include "ir/str_map.h"
#include "scan/boundary.h"
#include "syntax/text.h"

/* Longer lists are compared in their order, since that of sets costs their square. */
#define LONGEST_SET 64u

struct PlanBeside {
    PlanBeside *next;
    Unit plan;
    Str path;
    PlanSource *source; /* of a plan as JSON; NULL for a saved one, which has its files in it */
    StrMap numbers;     /* of the plan's resources by address, + 1 */
};

/* --- reading --- */

static void index_resources(PlanBeside *beside)
{
    beside->numbers = str_map_new(beside->plan.arena);
    for (uint32_t i = 0; i < beside->plan.resource_count; i++) {
        uint32_t *number = str_map_at(&beside->numbers, beside->plan.resources[i].address);
        if (number && !*number)
            *number = i + 1;
    }
}

static bool read_json(PlanBeside *beside, Str dir, const TerraformFiles *reach, Str text)
{
    Unit *plan = &beside->plan;
    Source *source = sources_add(&plan->sources, beside->path, text);

    if (!source || !text_decode(source, plan->arena, &plan->diags) || !plan_build(plan, source))
        return false;
    beside->source = plan_source_new(plan, dir, reach);
    return beside->source && plan_source_fits(beside->source);
}

/* Whether the plan at beside->path was made of the files of `reach`; it is read then. Two saved
 * ones hold the same files, so one does not speak for another. */
static bool read_plan(PlanBeside *beside, const ScanRoot *root, const FoundFile *file,
                      const TerraformFiles *reach)
{
    Unit *plan = &beside->plan;
    Str dir = found_directory(file), text;
    InputKind kind;
    int error;

    if (!boundary_read(root, beside->path.data, plan->arena, &text, &error))
        return false;
    kind = detect_content(detect_name(beside->path), text);
    if (kind == INPUT_PLAN)
        return read_json(beside, dir, reach, text);
    plan->path = beside->path;
    return kind == INPUT_SAVED_PLAN && file->name == NAME_TERRAFORM &&
           saved_plan_build(plan, text, dir, reach);
}

PlanBeside *plan_beside_read(Unit *unit, const ScanRoot *root, const FoundFile *file,
                             const TerraformFiles *reach)
{
    PlanBeside *first = NULL, **link = &first;

    for (uint32_t i = 0; i < file->plan_count; i++) {
        size_t mark = arena_mark(unit->arena);
        PlanBeside *beside = ARENA_NEW(unit->arena, PlanBeside);
        if (!beside)
            return first;
        beside->plan = unit_new(unit->arena, unit->symbols, unit->defaults);
        beside->path = file->plans[i];
        if (!read_plan(beside, root, file, reach)) {
            arena_rewind(unit->arena, mark);
            continue;
        }
        index_resources(beside);
        *link = beside;
        link = &beside->next;
    }
    return first;
}

void plan_beside_inputs(const PlanBeside *beside, TerraformOptions *options, Arena *arena)
{
    const Node *given = NULL;
    TerraformValue *values;

    for (; beside && !given; beside = beside->next)
        given = beside->source ? plan_config_variables(beside->plan.plan) : NULL;
    if (!given || given->kind != NODE_MAP)
        return;
    values = ARENA_ARRAY(arena, TerraformValue, given->count);
    if (!values)
        return;
    *options = (TerraformOptions){.workspace = options->workspace, .values = values};
    for (uint32_t i = 0; i < given->count; i++) {
        const Node *value = node_get_named(&given->as.entries[i].value, STR("value"));
        if (value)
            values[options->value_count++] = (TerraformValue){entry_key(&given->as.entries[i]),
                                                              node_displaced(*value, 0, arena)};
    }
}

/* --- whether two tell the same --- */

static bool is_empty(const Node *node)
{
    return node->kind == NODE_NULL ||
           ((node->kind == NODE_LIST || node->kind == NODE_MAP) && node->count == 0);
}

/* What a provider keeps in the place of a long text. */
static bool is_digest(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!((text.data[i] >= '0' && text.data[i] <= '9') ||
              (text.data[i] >= 'a' && text.data[i] <= 'f')))
            return false;
    return text.size == 40;
}

/* JSON may differ in blanks and line ends, which providers tidy. */
static bool is_same_text(Str a, Str b)
{
    uint32_t i = 0, j = 0;

    if (!str_starts(b, STR("{")) && !str_starts(b, STR("[")))
        return str_eq(a, b);
    for (;;) {
        while (i < a.size && (unsigned char)a.data[i] <= ' ')
            i++;
        while (j < b.size && (unsigned char)b.data[j] <= ' ')
            j++;
        if (i == a.size || j == b.size)
            return i == a.size && j == b.size;
        if (a.data[i++] != b.data[j++])
            return false;
    }
}

static bool read_number(const Node *node, double *number)
{
    *number = node->kind == NODE_INT ? (double)node->as.integer : node->as.number;
    return node->kind == NODE_INT || node->kind == NODE_DOUBLE;
}

/* Terraform calculates with more digits. */
static bool is_same_number(const Node *written, const Node *planned)
{
    double a, b;

    return read_number(written, &a) && read_number(planned, &b) && fabs(a - b) <= 1e-12 * fabs(b);
}

/* A bool or number and its string are the same to Terraform. */
static bool is_same_scalar(const Node *written, const Node *planned, Arena *arena)
{
    Str a, b;

    if (node_equal(written, planned) || is_same_number(written, planned))
        return true;
    a = written->kind == NODE_STRING ? node_text(written) : node_dump(written, false, arena);
    b = planned->kind == NODE_STRING ? node_text(planned) : node_dump(planned, false, arena);
    return is_same_text(a, b) || is_digest(b);
}

static bool agrees(const Node *written, const Node *planned, Arena *arena);

static bool lists_agree(const Node *written, const Node *planned, Arena *arena)
{
    bool in_order = written->count > LONGEST_SET;
    uint64_t taken = 0;

    if (written->count != planned->count)
        return false;
    for (uint32_t i = 0; i < written->count; i++) {
        uint32_t j = in_order ? i : 0;
        while (j < planned->count && ((!in_order && taken >> j & 1) ||
                                      !agrees(&written->as.items[i], &planned->as.items[j], arena)))
            j = in_order ? planned->count : j + 1;
        if (j == planned->count)
            return false;
        taken |= in_order ? 0 : (uint64_t)1 << j;
    }
    return true;
}

static bool maps_agree(const Node *written, const Node *planned, Arena *arena)
{
    for (uint32_t i = 0; i < written->count; i++) {
        const Entry *entry = &written->as.entries[i];
        const Node *other = node_get_named(planned, entry_key(entry));
        if (other ? !agrees(&entry->value, other, arena)
                  : !is_empty(&entry->value) && !(entry->value.flags & NODE_DEFAULTED))
            return false;
    }
    return true;
}

/* Whether nothing that is known of `written` differs in the plan, which adds what providers do. */
static bool agrees(const Node *written, const Node *planned, Arena *arena)
{
    if (written->kind == NODE_UNKNOWN || planned->kind == NODE_UNKNOWN || is_empty(written) ||
        (written->flags & NODE_DEFAULTED))
        return true;
    if (written->kind == NODE_LIST && planned->kind == NODE_MAP && written->count == 1)
        return agrees(&written->as.items[0], planned, arena);
    if (written->kind == NODE_LIST || written->kind == NODE_MAP) {
        if (written->kind != planned->kind)
            return false;
        return written->kind == NODE_LIST ? lists_agree(written, planned, arena)
                                          : maps_agree(written, planned, arena);
    }
    return planned->kind != NODE_NULL && planned->kind != NODE_LIST && planned->kind != NODE_MAP &&
           is_same_scalar(written, planned, arena);
}

static bool is_meta(Str name)
{
    static const Str names[] = {STR_INIT("count"),     STR_INIT("for_each"),
                                STR_INIT("provider"),  STR_INIT("depends_on"),
                                STR_INIT("lifecycle"), STR_INIT("provisioner"),
                                STR_INIT("alias"),     STR_INIT("connection")};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

static bool bodies_agree(const Resource *written, const Resource *planned, Arena *arena)
{
    for (uint32_t i = 0; i < written->body.count; i++) {
        const Entry *entry = &written->body.as.entries[i];
        const Node *other = node_get_named(&planned->body, entry_key(entry));
        const Node null = node_make_null(SPAN_NONE);
        if (!is_meta(entry_key(entry)) && !agrees(&entry->value, other ? other : &null, arena))
            return false;
    }
    return true;
}

/* Whether all that the plan was told of a resource is still written. */
static bool is_still_written(PlanBeside *beside, const Resource *planned)
{
    const Node *expressions = node_get_named(planned->config, STR("expressions"));
    PlanPlace place;

    for (uint32_t i = 0; expressions && expressions->kind == NODE_MAP && i < expressions->count;
         i++) {
        const Entry *entry = &expressions->as.entries[i];
        const Node *constant = node_get_named(&entry->value, STR("constant_value"));
        if (constant && constant->kind == NODE_NULL)
            continue;
        if (!plan_source_find(beside->source, planned, entry_key(entry), &place) ||
            place.at.start == place.header.start)
            return false;
    }
    return true;
}

/* --- settling --- */

/* Whether the saved plan holds the very file that a resource stands in. */
static bool holds_file(const PlanBeside *beside, const Unit *unit, const Resource *resource)
{
    const Source *source = sources_get(&unit->sources, resource->header.source);

    for (uint32_t i = 0; source && i < beside->plan.sources.count; i++) {
        const Source *saved = beside->plan.sources.items[i];
        if (str_eq(saved->path, source->path))
            return str_eq(saved->text, source->text);
    }
    return false;
}

/* A resource, data source or provider; a plan says nothing of the other blocks. */
static bool is_planned_kind(const Resource *resource)
{
    static const Str others[] = {STR_INIT("terraform"), STR_INIT("variable"), STR_INIT("output"),
                                 STR_INIT("module")};

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq(resource->type_name, others[i]))
            return false;
    return true;
}

/* How many instances there are may be known to the plan alone. */
static bool has_block(PlanBeside *beside, const Resource *resource)
{
    PlanPlace place;
    Address address;

    return (resource->open & RESOURCE_OPEN_COUNT) &&
           address_take_apart(resource->address, &address) &&
           plan_config_resource(beside->plan.plan,
                                plan_config_module(beside->plan.plan, resource->module_path),
                                address.local) &&
           plan_source_find(beside->source, resource, STR(""), &place);
}

static bool speaks_for(PlanBeside *beside, const Unit *unit, const Resource *resource)
{
    uint32_t number = str_map_find(&beside->numbers, resource->address);
    const Resource *planned = number ? &beside->plan.resources[number - 1] : NULL;

    if (!beside->source)
        return holds_file(beside, unit, resource);
    if (!is_planned_kind(resource))
        return false;
    if (!planned)
        return has_block(beside, resource);
    return bodies_agree(resource, planned, beside->plan.arena) && is_still_written(beside, planned);
}

static void note_other(const PlanBeside *beside, Unit *unit, const Resource *resource)
{
    Str name = str_from(beside->path, (uint32_t)(str_find_last_char(beside->path, '/') + 1));
    Diag *diag = diag_note(&unit->diags, DIAG_PLAN_SOURCE, resource->header,
                           "%.*s is not as %.*s has it", STR_ARG(resource->address), STR_ARG(name));

    diag_help(&unit->diags, diag, "both are judged; make the plan anew, or take it away");
}

void plan_beside_settle(PlanBeside *beside, Unit *unit)
{
    bool told = false;

    for (uint32_t i = 0; i < unit->resource_count; i++) {
        Resource *resource = &unit->resources[i];
        for (PlanBeside *plan = beside; plan && !resource->left_alone; plan = plan->next)
            resource->left_alone = speaks_for(plan, unit, resource);
        if (resource->left_alone || told || !is_planned_kind(resource))
            continue;
        note_other(beside, unit, resource);
        told = true;
    }
}
