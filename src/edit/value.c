#include "edit/value.h"

#include "base/buf.h"
#include "base/limits.h"

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Words that YAML 1.1 takes for something else. */
static bool is_yaml_word(Str text)
{
    static const Str words[] = {STR_INIT("true"), STR_INIT("false"), STR_INIT("yes"),
                                STR_INIT("no"),   STR_INIT("on"),    STR_INIT("off"),
                                STR_INIT("null"), STR_INIT("y"),     STR_INIT("n")};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_nocase(text, words[i]))
            return true;
    return false;
}

/* Letters, digits and what never means anything between them, after a letter. */
static bool is_plain(Str text)
{
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool inner = is_digit(c) || c == '-' || c == '.' || c == '/';
        if (!is_letter(c) && !(i && inner))
            return false;
    }
    return text.size > 0 && !is_yaml_word(text);
}

static void put_char(Buf *out, ValueForm form, Str text, uint32_t at)
{
    char c = text.data[at];
    bool template = form == VALUE_HCL && (c == '$' || c == '%') && at + 1 < text.size &&
                    text.data[at + 1] == '{';

    if (c == '"' || c == '\\') {
        buf_add_char(out, '\\');
        buf_add_char(out, c);
    } else if (c == '\n') {
        buf_add_z(out, "\\n");
    } else if ((unsigned char)c < 0x20) {
        buf_printf(out, "\\u%04x", (unsigned)c);
    } else {
        buf_add_char(out, c);
        if (template)
            buf_add_char(out, c);
    }
}

static void put_quoted(Buf *out, ValueForm form, Str text)
{
    buf_add_char(out, '"');
    for (uint32_t i = 0; i < text.size; i++)
        put_char(out, form, text, i);
    buf_add_char(out, '"');
}

static bool is_hcl_name(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!is_letter(text.data[i]) && !(i && (is_digit(text.data[i]) || text.data[i] == '-')))
            return false;
    return text.size > 0;
}

static void put_key(Buf *out, ValueForm form, Str key)
{
    bool plain = form == VALUE_HCL ? is_hcl_name(key) : form == VALUE_YAML && is_plain(key);

    if (plain)
        buf_add(out, key);
    else
        put_quoted(out, form, key);
}

static void put_value(Buf *out, ValueForm form, const Node *value, uint32_t depth);

static void put_list(Buf *out, ValueForm form, const Node *list, uint32_t depth)
{
    buf_add_char(out, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        buf_add_z(out, i ? ", " : "");
        put_value(out, form, &list->as.items[i], depth + 1);
    }
    buf_add_char(out, ']');
}

static void put_map(Buf *out, ValueForm form, const Node *map, uint32_t depth)
{
    const char *blank = form == VALUE_HCL && map->count ? " " : "";

    buf_add_char(out, '{');
    buf_add_z(out, blank);
    for (uint32_t i = 0; i < map->count; i++) {
        buf_add_z(out, i ? ", " : "");
        put_key(out, form, entry_key(&map->as.entries[i]));
        buf_add_z(out, form == VALUE_HCL ? " = " : ": ");
        put_value(out, form, &map->as.entries[i].value, depth + 1);
    }
    buf_add_z(out, blank);
    buf_add_char(out, '}');
}

/* Values come out of rules, which their reader limits. */
static void put_value(Buf *out, ValueForm form, const Node *value, uint32_t depth)
{
    if (depth > LIMIT_DEPTH)
        return;
    switch ((NodeKind)value->kind) {
    case NODE_BOOL:
        buf_add_z(out, value->as.boolean ? "true" : "false");
        break;
    case NODE_INT:
        buf_printf(out, "%lld", (long long)value->as.integer);
        break;
    case NODE_DOUBLE:
        buf_printf(out, "%.15g", value->as.number);
        break;
    case NODE_STRING:
    case NODE_SCALAR:
        if (form == VALUE_YAML && is_plain(node_text(value)))
            buf_add(out, node_text(value));
        else
            put_quoted(out, form, node_text(value));
        break;
    case NODE_LIST:
        put_list(out, form, value, depth);
        break;
    case NODE_MAP:
        put_map(out, form, value, depth);
        break;
    case NODE_NULL:
    case NODE_UNKNOWN:
        buf_add_z(out, "null");
        break;
    }
}

Str value_write(ValueForm form, const Node *value, Arena *arena)
{
    Buf out = buf_new(arena);

    put_value(&out, form, value, 0);
    return arena_spent(arena) ? (Str){NULL, 0} : buf_str(&out);
}

Str value_key(ValueForm form, Str key, Arena *arena)
{
    Buf out = buf_new(arena);

    put_key(&out, form, key);
    return arena_spent(arena) ? (Str){NULL, 0} : buf_str(&out);
}
