#include "ir/saved_plan.h"

#include "ir/str_map.h"
#include "ir/terraform_tree.h"
#include "syntax/json.h"
#include "syntax/msgpack.h"
#include "syntax/text.h"
#include "syntax/zip.h"

/* Names in the archive. */
#define PLAN_NAME STR("tfplan")
#define MANIFEST_NAME STR("tfconfig/modules.json")
#define MODULE_PREFIX STR("tfconfig/m-")

/* Numbers of fields in the plan, a protocol buffer (planfile.proto). */
enum {
    FIELD_VERSION = 1,
    FIELD_VARIABLES = 2,
    FIELD_BACKEND = 13,
    FIELD_ERRORED = 20,
    FIELD_KEY = 1, /* of a map's entry */
    FIELD_VALUE = 2,
    FIELD_MSGPACK = 1,
    FIELD_WORKSPACE = 3,
};

/* The only version of the plan that there has been since it became a protocol buffer. */
#define PLAN_VERSION 3u

typedef struct SavedPlan {
    Unit *unit;
    Zip zip;
    Str dir;     /* of the root module */
    StrMap keys; /* from a module's directory to its number in `names` + 1 */
    Str *names;  /* of the archive's folders: "tfconfig/m-vpc.nat/" */
    uint32_t module_count;
    Str manifest; /* as .terraform/modules/modules.json would have it */
    const TerraformFiles *beside;
    TerraformOptions options;
    TerraformValue *values;
    bool errored;
    uint64_t version;
} SavedPlan;

static bool refuse(SavedPlan *plan, const char *reason)
{
    diag_path_error(&plan->unit->diags, DIAG_PLAN_SHAPE, plan->unit->path,
                    "the saved plan cannot be read: %s", reason);
    return false;
}

static bool unpack(SavedPlan *plan, const ZipMember *member, Str *text)
{
    const char *error;

    return zip_unpack(&plan->zip, member, plan->unit->arena, text, &error) || refuse(plan, error);
}

/* --- the plan: a protocol buffer --- */

/* One field: a number, or bytes. */
typedef struct Field {
    uint32_t number;
    uint64_t integer;
    Str bytes;
} Field;

static bool read_varint(Str *rest, uint64_t *number)
{
    *number = 0;
    for (uint32_t shift = 0; shift < 64 && rest->size; shift += 7) {
        unsigned char byte = (unsigned char)rest->data[0];
        *rest = str_from(*rest, 1);
        *number |= (uint64_t)(byte & 0x7fu) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

/* Takes the next field off; false at the end, and where it is none. */
static bool next_field(Str *rest, Field *field)
{
    uint64_t tag, size = 0;

    if (!read_varint(rest, &tag))
        return false;
    *field = (Field){.number = (uint32_t)(tag >> 3)};
    switch (tag & 7u) {
    case 0:
        return read_varint(rest, &field->integer);
    case 1:
        size = 8;
        break;
    case 5:
        size = 4;
        break;
    case 2:
        if (!read_varint(rest, &size))
            return false;
        break;
    default:
        return false;
    }
    if (size > rest->size)
        return false;
    field->bytes = str_sub(*rest, 0, (uint32_t)size);
    *rest = str_from(*rest, (uint32_t)size);
    return true;
}

/* The bytes of a message's field, the last where there are several; else empty. */
static Str field_of(Str message, uint32_t number)
{
    Field field;
    Str bytes = {"", 0};

    while (next_field(&message, &field))
        if (field.number == number)
            bytes = field.bytes;
    return bytes;
}

/* An entry of the map of variables. One that cannot be read is as if it were not given. */
static void add_variable(SavedPlan *plan, Str entry)
{
    Unit *unit = plan->unit;
    Str value = field_of(field_of(entry, FIELD_VALUE), FIELD_MSGPACK);
    TerraformValue *given = &plan->values[plan->options.value_count];

    given->name = field_of(entry, FIELD_KEY);
    plan->options.value_count += msgpack_read(value, unit->symbols, unit->arena, &given->value);
}

static uint32_t count_variables(Str message)
{
    Field field;
    uint32_t count = 0;

    while (next_field(&message, &field))
        count += field.number == FIELD_VARIABLES;
    return count;
}

static bool read_plan(SavedPlan *plan)
{
    const ZipMember *member = zip_find(&plan->zip, PLAN_NAME);
    Field field;
    Str message;

    if (!member)
        return refuse(plan, "the archive holds no plan");
    if (!unpack(plan, member, &message))
        return false;
    plan->values = ARENA_ARRAY(plan->unit->arena, TerraformValue, count_variables(message) + 1u);
    if (!plan->values)
        return false;
    plan->options.values = plan->values;
    while (next_field(&message, &field)) {
        if (field.number == FIELD_VERSION)
            plan->version = field.integer;
        else if (field.number == FIELD_VARIABLES)
            add_variable(plan, field.bytes);
        else if (field.number == FIELD_BACKEND)
            plan->options.workspace = field_of(field.bytes, FIELD_WORKSPACE);
        else if (field.number == FIELD_ERRORED)
            plan->errored = field.integer != 0;
    }
    return plan->version == PLAN_VERSION || refuse(plan, "it is of another version");
}

/* --- the configuration --- */

/* The modules by their directories, and where the archive has them. Those of one directory are the
 * same. */
static bool add_module(SavedPlan *plan, const Node *record)
{
    Arena *arena = plan->unit->arena;
    Str key = node_string(node_get_named(record, STR("Key")));
    Str dir = node_string(node_get_named(record, STR("Dir")));
    uint32_t *number = str_map_at(&plan->keys, tf_path_join(arena, plan->dir, dir));

    if (!number)
        return false;
    if (*number)
        return true;
    plan->names[plan->module_count] =
        str_format(arena, "%.*s%.*s/", STR_ARG(MODULE_PREFIX), STR_ARG(key));
    *number = ++plan->module_count;
    return true;
}

static bool read_manifest(SavedPlan *plan)
{
    Unit *unit = plan->unit;
    const ZipMember *member = zip_find(&plan->zip, MANIFEST_NAME);
    DiagSink quiet = diags_new(unit->arena);
    Source *source;
    Node modules;
    Str text;

    if (!member)
        return refuse(plan, "it holds no configuration");
    if (!unpack(plan, member, &text))
        return false;
    source = sources_add(&unit->sources, unit->path, text);
    if (!source)
        return false;
    if (!text_decode(source, unit->arena, &quiet) ||
        !json_read(source, unit->symbols, unit->arena, &quiet, &modules) ||
        modules.kind != NODE_LIST)
        return refuse(plan, "its list of modules is broken");
    plan->manifest = str_format(unit->arena, "{\"Modules\":%.*s}", STR_ARG(source->text));
    plan->names = ARENA_ARRAY(unit->arena, Str, modules.count + 1u);
    for (uint32_t i = 0; plan->names && i < modules.count; i++)
        if (!add_module(plan, &modules.as.items[i]))
            return false;
    return plan->names != NULL;
}

/* The folder of the archive that holds a module, or empty. */
static Str folder_of(const SavedPlan *plan, Str dir)
{
    uint32_t number = str_map_find(&plan->keys, dir);

    return number ? plan->names[number - 1] : STR("");
}

static bool add_name(Str **names, uint32_t *count, Str name)
{
    uint32_t at = *count;

    if (!name.size || str_find_char(name, '/') >= 0)
        return false;
    /* A name that stands twice is one file; the archive's order is mostly sorted already. */
    while (at > 0 && str_cmp((*names)[at - 1], name) > 0)
        at--;
    if (at > 0 && str_eq((*names)[at - 1], name))
        return false;
    memmove(*names + at + 1, *names + at, (*count - at) * sizeof **names);
    (*names)[at] = name;
    ++*count;
    return true;
}

static bool list_files(void *context, Str dir, Arena *arena, Str **names, uint32_t *count)
{
    const SavedPlan *plan = context;
    Str folder = folder_of(plan, dir);

    *count = 0;
    *names = folder.size ? ARENA_ARRAY(arena, Str, plan->zip.count + 1u) : NULL;
    for (uint32_t i = 0; *names && i < plan->zip.count; i++)
        if (str_starts(plan->zip.members[i].name, folder))
            add_name(names, count, str_from(plan->zip.members[i].name, folder.size));
    return *names != NULL;
}

static Str directory_of(Str path)
{
    int64_t slash = str_find_last_char(path, '/');

    return slash < 0 ? STR(".") : str_sub(path, 0, (uint32_t)slash);
}

static bool read_file(void *context, Str path, Arena *arena, Str *text)
{
    SavedPlan *plan = context;
    Str dir = directory_of(path), folder = folder_of(plan, dir);
    Str name = str_from(path, (uint32_t)(str_find_last_char(path, '/') + 1));
    const ZipMember *member =
        folder.size ? zip_find(&plan->zip, str_join(arena, folder, name)) : NULL;

    if (member)
        return unpack(plan, member, text);
    if (str_eq(path, tf_path_join(arena, plan->dir, STR(".terraform/modules/modules.json")))) {
        *text = plan->manifest;
        return true;
    }
    return plan->beside && plan->beside->read(plan->beside->context, path, arena, text);
}

/* The archive holds nothing but configuration. */
static bool list_entries(void *context, Str dir, Arena *arena, Str **names, uint32_t *count)
{
    const SavedPlan *plan = context;

    return plan->beside->entries &&
           plan->beside->entries(plan->beside->context, dir, arena, names, count);
}

/* --- all of it --- */

bool saved_plan_build(Unit *unit, Str bytes, Str dir, const TerraformFiles *beside)
{
    SavedPlan plan = {.unit = unit,
                      .dir = tf_path_join(unit->arena, dir, STR("")),
                      .keys = str_map_new(unit->arena),
                      .beside = beside};
    TerraformFiles files = {.context = &plan,
                            .list = list_files,
                            .read = read_file,
                            .entries = beside ? list_entries : NULL,
                            .whole = true};
    const char *error;

    unit->format = FORMAT_TERRAFORM;
    if (!zip_open(bytes, unit->arena, &plan.zip, &error))
        return refuse(&plan, error);
    if (!read_plan(&plan) || !read_manifest(&plan))
        return false;
    if (plan.errored) {
        unit->incomplete = true;
        diag_path_error(&unit->diags, DIAG_PLAN_INCOMPLETE, unit->path,
                        "planning ended with an error: resources may be missing here");
    }
    return terraform_build_tree(unit, plan.dir, &files, &plan.options);
}
