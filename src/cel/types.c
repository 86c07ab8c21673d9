#include "cel/types.h"

#include "base/buf.h"
#include "base/limits.h"

/* Names as the specification writes them, with how many parameters follow in parentheses. */
static const struct {
    Str name;
    uint8_t kind;
    uint8_t params;
} names[] = {
    {STR_INIT("dyn"), CEL_TYPE_DYN, 0},
    {STR_INIT("null_type"), CEL_TYPE_NULL, 0},
    {STR_INIT("null"), CEL_TYPE_NULL, 0},
    {STR_INIT("bool"), CEL_TYPE_BOOL, 0},
    {STR_INIT("int"), CEL_TYPE_INT, 0},
    {STR_INIT("uint"), CEL_TYPE_UINT, 0},
    {STR_INIT("double"), CEL_TYPE_DOUBLE, 0},
    {STR_INIT("string"), CEL_TYPE_STRING, 0},
    {STR_INIT("bytes"), CEL_TYPE_BYTES, 0},
    {STR_INIT("google.protobuf.Duration"), CEL_TYPE_DURATION, 0},
    {STR_INIT("google.protobuf.Timestamp"), CEL_TYPE_TIMESTAMP, 0},
    {STR_INIT("duration"), CEL_TYPE_DURATION, 0},
    {STR_INIT("timestamp"), CEL_TYPE_TIMESTAMP, 0},
    {STR_INIT("list"), CEL_TYPE_LIST, 1},
    {STR_INIT("map"), CEL_TYPE_MAP, 2},
    {STR_INIT("type"), CEL_TYPE_TYPE, 1},
    {STR_INIT("optional_type"), CEL_TYPE_OPTIONAL, 1},
    {STR_INIT("wrapper"), CEL_TYPE_WRAPPER, 1},
    {STR_INIT("error"), CEL_TYPE_ERROR, 0},
};

static void add_type(const CelType *type, Buf *out)
{
    uint32_t count = 0;

    if (type->kind == CEL_TYPE_PARAM || type->kind == CEL_TYPE_OPAQUE)
        buf_add(out, type->name);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].kind == type->kind) {
            buf_add(out, names[i].name);
            break;
        }
    for (; count < 3 && type->params[count]; count++) {
        buf_add_z(out, count ? ", " : "(");
        add_type(type->params[count], out);
    }
    if (count)
        buf_add_char(out, ')');
}

Str cel_type_text(const CelType *type, Arena *arena)
{
    Buf out = buf_new(arena);

    if (type)
        add_type(type, &out);
    return buf_str(&out);
}

typedef struct Reader {
    Str rest;
    Arena *arena;
    uint32_t depth;
} Reader;

static void skip_blanks(Reader *r)
{
    while (r->rest.size && r->rest.data[0] == ' ')
        r->rest = str_from(r->rest, 1);
}

static bool take(Reader *r, char c)
{
    skip_blanks(r);
    if (!r->rest.size || r->rest.data[0] != c)
        return false;
    r->rest = str_from(r->rest, 1);
    return true;
}

static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

static Str take_name(Reader *r)
{
    uint32_t size = 0;
    Str name;

    skip_blanks(r);
    while (size < r->rest.size && is_name_char(r->rest.data[size]))
        size++;
    name = str_sub(r->rest, 0, size);
    r->rest = str_from(r->rest, size);
    return name;
}

static CelTypeKind kind_of(Str name, uint32_t *params)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(names[i].name, name)) {
            *params = names[i].params;
            return names[i].kind;
        }
    *params = UINT32_MAX;
    return name.size == 1 && name.data[0] >= 'A' && name.data[0] <= 'Z' ? CEL_TYPE_PARAM
                                                                        : CEL_TYPE_OPAQUE;
}

static CelType *read_type(Reader *r)
{
    CelType *type = ARENA_NEW(r->arena, CelType);
    uint32_t wanted, count = 0;

    if (!type || r->depth >= LIMIT_CEL_DEPTH)
        return NULL;
    type->name = take_name(r);
    if (!type->name.size)
        return NULL;
    type->kind = kind_of(type->name, &wanted);
    if (!take(r, '('))
        return wanted == 0 || wanted == UINT32_MAX || type->kind == CEL_TYPE_TYPE ? type : NULL;
    r->depth++;
    do {
        if (count == 3 || !(type->params[count++] = read_type(r)))
            return NULL;
    } while (take(r, ','));
    r->depth--;
    return take(r, ')') && type->kind != CEL_TYPE_PARAM && (wanted == count || wanted == UINT32_MAX)
               ? type
               : NULL;
}

const CelType *cel_type_parse(Str text, Arena *arena)
{
    Reader r = {text, arena, 0};
    CelType *type = read_type(&r);

    skip_blanks(&r);
    return r.rest.size ? NULL : type;
}
