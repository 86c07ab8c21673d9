#include "ir/hcl_json.h"

#include "base/limits.h"

/* U+2028 and U+2029 end a line in JavaScript. */
static bool is_line_separator(Str text, uint32_t i)
{
    return i + 2 < text.size && (unsigned char)text.data[i] == 0xe2 &&
           (unsigned char)text.data[i + 1] == 0x80 &&
           ((unsigned char)text.data[i + 2] & 0xfe) == 0xa8;
}

void hcl_json_quote(Buf *buf, Str text)
{
    buf_add_char(buf, '"');
    for (uint32_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c == '"' || c == '\\') {
            buf_printf(buf, "\\%c", c);
        } else if (c == '\n' || c == '\r' || c == '\t') {
            buf_printf(buf, "\\%c", c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
        } else if (c < 0x20 || c == '<' || c == '>' || c == '&') {
            buf_printf(buf, "\\u%04x", c);
        } else if (is_line_separator(text, i)) {
            buf_add_z(buf, (unsigned char)text.data[i + 2] == 0xa8 ? "\\u2028" : "\\u2029");
            i += 2;
        } else {
            buf_add_char(buf, (char)c);
        }
    }
    buf_add_char(buf, '"');
}

static void write_map(HclEval *eval, Buf *buf, const Node *map)
{
    const Entry **sorted = hcl_sorted(eval->arena, map);

    buf_add_char(buf, '{');
    for (uint32_t i = 0; sorted && i < map->count; i++) {
        if (i)
            buf_add_char(buf, ',');
        hcl_json_quote(buf, entry_key(sorted[i]));
        buf_add_char(buf, ':');
        hcl_json_write(eval, buf, &sorted[i]->value);
    }
    buf_add_char(buf, '}');
}

static void write_list(HclEval *eval, Buf *buf, const Node *list)
{
    buf_add_char(buf, '[');
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            buf_add_char(buf, ',');
        hcl_json_write(eval, buf, &list->as.items[i]);
    }
    buf_add_char(buf, ']');
}

void hcl_json_write(HclEval *eval, Buf *buf, const Node *value)
{
    Str text;

    if (buf->size > LIMIT_HCL_TEXT || !hcl_work(eval, 1, node_span(value)))
        return;
    if (value->kind == NODE_MAP)
        write_map(eval, buf, value);
    else if (value->kind == NODE_LIST)
        write_list(eval, buf, value);
    else if (value->kind == NODE_STRING)
        hcl_json_quote(buf, node_text(value));
    else if (hcl_to_text(eval->arena, value, &text))
        buf_add(buf, text);
    else
        buf_add_z(buf, "null");
}
