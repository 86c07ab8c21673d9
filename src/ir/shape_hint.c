#include "ir/shape_hint.h"

#include "base/buf.h"
#include "base/limits.h"

/* How deep below an object a field is looked for that was written too high, in how many objects,
 * and how far above one for a namesake: a pod template and its containers are near enough. */
enum {
    HINT_DEPTH = 4,
    HINT_OBJECTS = 512,
};

/* Fields that an object names; more of a custom resource's are not looked at. */
#define MOST_NAMES 256u

static void add_path(Buf *path, const ShapeStep *step)
{
    if (!step->outer)
        return;
    add_path(path, step->outer);
    if (!step->entry) {
        buf_printf(path, "[%u]", step->index);
        return;
    }
    if (path->size)
        buf_add_char(path, '.');
    buf_add(path, entry_key(step->entry));
}

Str shape_path(const ShapeStep *step, Arena *arena)
{
    Buf path = buf_new(arena);

    add_path(&path, step);
    return buf_str(&path);
}

static uint32_t names_of(const ShapeSource *source, const Shape *object, Str *names)
{
    uint32_t count = shape_field_count(source, object);

    if (count > MOST_NAMES)
        count = MOST_NAMES;
    for (uint32_t i = 0; i < count; i++)
        shape_field_at(source, object, i, &names[i]);
    return count;
}

/* A field that is looked for; only its name counts. */
typedef struct Wanted {
    ShapeSource *source;
    Arena *arena;
    Entry entry;
    Str within; /* the name of what may hold it; empty: any */
} Wanted;

static bool has_field(const Wanted *wanted, const Shape *shape)
{
    ShapeField field;

    return shape->form == FORM_OBJECT && shape_field(wanted->source, shape, &wanted->entry, &field);
}

/* --- below an object --- */

/* An object below the one where the search begins. */
typedef struct Place {
    Shape shape;
    uint32_t above; /* the place that holds it, in `name` */
    Str name;
    bool list; /* in a list */
} Place;

typedef struct Below {
    const ShapeSource *source;
    Place *places; /* each level after the one above */
    uint32_t count;
} Below;

/* They have what containers have, which are meant nearly always. */
static bool is_passed_over(Str name)
{
    return str_eq(name, STR("initContainers")) || str_eq(name, STR("ephemeralContainers"));
}

static void add_place(Below *b, uint32_t above, Str name, Shape shape)
{
    bool list = shape.form == FORM_LIST;

    if (list)
        shape = shape_element(&shape);
    if (shape.form == FORM_OBJECT && !is_passed_over(name) && b->count < HINT_OBJECTS)
        b->places[b->count++] = (Place){shape, above, name, list};
}

static void add_places(Below *b, uint32_t above)
{
    Shape shape = b->places[above].shape;
    uint32_t count = shape_field_count(b->source, &shape);

    for (uint32_t i = 0; i < count && i < MOST_NAMES; i++) {
        Str name;
        ShapeField field = shape_field_at(b->source, &shape, i, &name);
        add_place(b, above, name, field.shape);
    }
}

static void add_place_path(Buf *path, const Below *b, uint32_t place)
{
    if (place == 0)
        return;
    add_place_path(path, b, b->places[place].above);
    if (path->size)
        buf_add_char(path, '.');
    buf_add(path, b->places[place].name);
    if (b->places[place].list)
        buf_add_z(path, "[]");
}

/* The number of the one place from `first` on that has the field; 0 where there is none, or more.
 */
static uint32_t only_place(const Wanted *wanted, const Below *b, uint32_t first)
{
    uint32_t only = 0;

    for (uint32_t i = first; i < b->count && wanted->source->work < LIMIT_SHAPE_WORK; i++) {
        if ((wanted->within.size && !str_eq(wanted->within, b->places[i].name)) ||
            !has_field(wanted, &b->places[i].shape))
            continue;
        if (only)
            return 0;
        only = i;
    }
    return only;
}

/* Where below the object at `holder` the one nearest object is that has the field; empty where
 * there is none, or where several are as near. */
static Str find_below(const Wanted *wanted, const ShapeStep *holder)
{
    Place places[HINT_OBJECTS];
    Below b = {.source = wanted->source, .places = places};
    uint32_t next = 0, only = 0;
    Buf path = buf_new(wanted->arena);

    b.places[b.count++] = (Place){.shape = holder->shape};
    for (uint32_t depth = 0; depth < HINT_DEPTH && !only; depth++) {
        uint32_t end = b.count;
        while (next < end)
            add_places(&b, next++);
        only = only_place(wanted, &b, end);
    }
    if (!only)
        return STR("");
    add_path(&path, holder);
    add_place_path(&path, &b, only);
    return buf_str(&path);
}

/* --- hints --- */

static Str belongs_under(Str path, Arena *arena)
{
    return str_format(arena, ": it belongs under `%.*s`", STR_ARG(path));
}

/* Another object of the holder's name that has the field: the securityContext of a container where
 * the pod's does not. */
static Str find_namesake(Wanted wanted, const ShapeStep *holder)
{
    const ShapeStep *step = holder->outer;
    Str path = {"", 0};

    wanted.within = entry_key(holder->entry);
    for (uint32_t i = 0; i < HINT_DEPTH && step && !path.size; i++, step = step->outer)
        if (step->shape.form == FORM_OBJECT)
            path = find_below(&wanted, step);
    return path;
}

/* Where else in the object the field is known; empty where it is not. */
static Str hint_elsewhere(const Wanted *wanted, const ShapeStep *holder)
{
    Str path;

    for (const ShapeStep *step = holder->outer; step; step = step->outer)
        if (has_field(wanted, &step->shape))
            return step->outer ? belongs_under(shape_path(step, wanted->arena), wanted->arena)
                               : STR(": it belongs to the object itself");
    path = find_below(wanted, holder);
    if (!path.size && holder->entry)
        path = find_namesake(*wanted, holder);
    return path.size ? belongs_under(path, wanted->arena) : path;
}

/* The shape of what is at `step` in an object of another type. False where there is none. */
static bool follow(ShapeSource *source, const ShapeStep *step, const Shape *root, Shape *shape)
{
    ShapeField field;
    Shape holder;

    *shape = *root;
    if (!step->outer)
        return true;
    if (!follow(source, step->outer, root, &holder))
        return false;
    if (holder.form == FORM_LIST || holder.form == FORM_MAP)
        *shape = shape_element(&holder);
    else if (holder.form == FORM_OBJECT && shape_field(source, &holder, step->entry, &field))
        *shape = field.shape;
    else
        return false;
    return true;
}

/* The API version of a built-in kind that has the field where this one lacks it. */
static Str hint_version(const Wanted *wanted, const ShapeStep *holder, Symbol kind)
{
    const ObjectTypes *types = wanted->source->types;

    for (uint32_t i = 0; i < types->kind_count; i++) {
        Shape root = {.form = FORM_OBJECT, .value = (uint16_t)types->kinds[i].type}, shape;
        Str name = symbols_name(wanted->source->symbols, types->kinds[i].api_version);
        if (types->kinds[i].kind == kind && follow(wanted->source, holder, &root, &shape) &&
            has_field(wanted, &shape))
            return str_format(wanted->arena, ": %.*s has it", STR_ARG(name));
    }
    return STR("");
}

/* Labels that stand where a label selector should. */
static Str hint_labels(ShapeSource *source, const ShapeStep *holder, Arena *arena)
{
    static const char labels[] = "matchLabels";
    Wanted wanted = {source, arena, {.key = labels, .key_size = sizeof labels - 1}, {"", 0}};
    Str path = shape_path(holder, arena);

    wanted.entry.symbol = symbols_find(source->symbols, STR("matchLabels"));
    if (!has_field(&wanted, &holder->shape))
        return STR("");
    return belongs_under(str_join(arena, path, STR(".matchLabels")), arena);
}

/* A letter more, less or other, or capitals: a slip, and no field of something else. */
static bool is_slip(Str name, Str near)
{
    return near.size && str_distance(name, near) <= 1;
}

/* Whether any object could have the field: the table's names all have symbols. */
static bool is_known(const Wanted *wanted, const ShapeStep *holder)
{
    return holder->shape.schema || wanted->entry.symbol != SYMBOL_NONE;
}

Str shape_hint(ShapeSource *source, const ShapeStep *holder, Str name, Symbol kind, Arena *arena)
{
    Wanted wanted = {source, arena, {.key = name.data, .key_size = name.size}, {"", 0}};
    Str names[MOST_NAMES];
    Str near = str_nearest(name, names, names_of(source, &holder->shape, names));
    Str hint = {"", 0};

    wanted.entry.symbol = symbols_find(source->symbols, name);
    if (!is_slip(name, near) && is_known(&wanted, holder))
        hint = hint_elsewhere(&wanted, holder);
    if (!hint.size && near.size)
        hint = str_format(arena, ": did you mean `%.*s`?", STR_ARG(near));
    if (!hint.size && is_known(&wanted, holder))
        hint = hint_version(&wanted, holder, kind);
    return hint.size ? hint : hint_labels(source, holder, arena);
}
