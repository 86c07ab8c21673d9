#include "ir/hcl_functions_parts.h"

#include "syntax/hcl_lex.h"

/* --- letters --- */

/* Simple case mapping of the scripts that names are written in: Latin, Greek, Cyrillic. */
static uint32_t upper_codepoint(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    if ((c >= 0xe0 && c <= 0xfe && c != 0xf7) || (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) ||
        (c >= 0x430 && c <= 0x44f))
        return c - 32;
    if (c >= 0x450 && c <= 0x45f)
        return c - 80;
    if ((c >= 0x100 && c <= 0x137 && c != 0x131) || (c >= 0x14a && c <= 0x177) ||
        (c >= 0x460 && c <= 0x481))
        return c & ~1u;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
        return c - (c % 2 == 0);
    return c == 0xff ? 0x178 : c == 0x3c2 ? 0x3a3 : c;
}

static uint32_t lower_codepoint(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) ||
        (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    if ((c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177) ||
        (c >= 0x460 && c <= 0x481))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
        return c + (c % 2 == 1);
    return c == 0x178 ? 0xff : c;
}

static Node map_letters(HclEval *eval, const HclCall *call, uint32_t (*map)(uint32_t))
{
    Buf buf = buf_new(eval->arena);
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    for (uint32_t i = 0, length; i < text.size; i += length) {
        uint32_t codepoint;
        length = hcl_utf8(text.data + i, text.size - i, &codepoint);
        if (length)
            buf_add_codepoint(&buf, map(codepoint));
        else
            buf_add_char(&buf, text.data[i]);
        length += !length;
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}

Node hcl_fn_lower(HclEval *eval, const HclCall *call)
{
    return map_letters(eval, call, lower_codepoint);
}

Node hcl_fn_upper(HclEval *eval, const HclCall *call)
{
    return map_letters(eval, call, upper_codepoint);
}

/* The first letter of each word, where words are letters, digits and marks in a row. */
Node hcl_fn_title(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    bool inside = false;
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    for (uint32_t i = 0, length; i < text.size; i += length) {
        uint32_t c;
        length = hcl_utf8(text.data + i, text.size - i, &c);
        if (!length) {
            length = 1;
            c = 0xfffd;
        }
        buf_add_codepoint(&buf, inside ? c : upper_codepoint(c));
        inside = c == '_' || c == '\'' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                 (c >= 'a' && c <= 'z') || (c >= 0xc0 && !(c >= 0x2000 && c < 0x2070));
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}

/* --- characters as people count them --- */

static bool joins_on(uint32_t c)
{
    return (c >= 0x300 && c < 0x370) || (c >= 0x20d0 && c < 0x2100) || c == 0x200d ||
           (c >= 0xfe00 && c < 0xfe10) || (c >= 0x1f3fb && c <= 0x1f3ff) ||
           (c >= 0xe0020 && c < 0xe0080);
}

/* Bytes of the grapheme cluster at the front of a text that is not empty (Unicode annex 29, but
 * for Hangul and Indic scripts). */
static uint32_t cluster_size(Str text)
{
    uint32_t size = 0, c = 0, last = 0, flags = 0;

    while (size < text.size) {
        uint32_t length = hcl_utf8(text.data + size, text.size - size, &c);
        bool flag;
        if (!length) {
            length = 1;
            c = 0xfffd;
        }
        flag = c >= 0x1f1e6 && c <= 0x1f1ff;
        bool joined =
            joins_on(c) || last == 0x200d || (last == '\r' && c == '\n') || (flag && flags == 1);
        if (size && !joined)
            break;
        flags += flag;
        last = c;
        size += length;
    }
    return size;
}

static uint32_t cluster_count(Str text)
{
    uint32_t count = 0;

    for (; text.size; count++)
        text = str_from(text, cluster_size(text));
    return count;
}

Node hcl_text_length(const HclCall *call, Str text)
{
    return node_make_int(call->at, cluster_count(text));
}

Node hcl_fn_strrev(HclEval *eval, const HclCall *call)
{
    char *reversed;
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    reversed = arena_raw(eval->arena, text.size + 1, 1);
    for (uint32_t at = 0; reversed && at < text.size;) {
        uint32_t size = cluster_size(str_from(text, at));
        memcpy(reversed + text.size - at - size, text.data + at, size);
        at += size;
    }
    return hcl_text_result(eval, call, (Str){reversed, text.size});
}

Node hcl_fn_substr(HclEval *eval, const HclCall *call)
{
    int64_t offset, length;
    uint32_t start = 0, end;
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_integer(eval, call, 1, &offset) ||
        !hcl_arg_integer(eval, call, 2, &length))
        return hcl_failed(eval, call);
    if (offset < 0)
        offset += cluster_count(text);
    for (; offset > 0 && start < text.size; offset--)
        start += cluster_size(str_from(text, start));
    end = length < 0 ? text.size : start;
    for (; length > 0 && end < text.size; length--)
        end += cluster_size(str_from(text, end));
    return hcl_text_result(eval, call, str_sub(text, start, end - start));
}

/* --- parts --- */

static Node truth(HclEval *eval, const HclCall *call, bool (*test)(Str text, Str part))
{
    Str text, part;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_text(eval, call, 1, &part))
        return hcl_failed(eval, call);
    return node_make_bool(call->at, test(text, part));
}

static bool holds(Str text, Str part)
{
    return part.size == 0 || str_find(text, part) >= 0;
}

/* startswith("arn:...${x}", "arn:") is known although the text is not. */
Node hcl_fn_startswith(HclEval *eval, const HclCall *call)
{
    const Node *text = &call->args[0], *part = &call->args[1];

    if (text->kind == NODE_UNKNOWN && part->kind == NODE_STRING) {
        Str prefix = text->as.unknown->prefix, wanted = node_text(part);
        if (prefix.size >= wanted.size)
            return node_make_bool(call->at, str_starts(prefix, wanted));
        if (!str_starts(wanted, prefix))
            return node_make_bool(call->at, false);
    }
    if (text->kind == NODE_UNKNOWN || part->kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, call->at, text->kind == NODE_UNKNOWN ? text : part,
                                NODE_BOOL);
    return truth(eval, call, str_starts);
}

Node hcl_fn_endswith(HclEval *eval, const HclCall *call)
{
    return truth(eval, call, str_ends);
}

Node hcl_fn_strcontains(HclEval *eval, const HclCall *call)
{
    return truth(eval, call, holds);
}

Node hcl_fn_chomp(HclEval *eval, const HclCall *call)
{
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    while (text.size && (text.data[text.size - 1] == '\n' || text.data[text.size - 1] == '\r'))
        text.size--;
    return hcl_text_result(eval, call, text);
}

Node hcl_fn_trimspace(HclEval *eval, const HclCall *call)
{
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    while (text.size && (*text.data == ' ' || (*text.data >= '\t' && *text.data <= '\r')))
        text = str_from(text, 1);
    while (text.size && (text.data[text.size - 1] == ' ' ||
                         (text.data[text.size - 1] >= '\t' && text.data[text.size - 1] <= '\r')))
        text.size--;
    return hcl_text_result(eval, call, text);
}

/* Bytes of the last character. */
static uint32_t last_size(Str text)
{
    uint32_t size = 1;

    while (size < text.size && size < 4 &&
           ((unsigned char)text.data[text.size - size] & 0xc0) == 0x80)
        size++;
    return size;
}

static uint32_t first_size(Str text)
{
    uint32_t c, size = hcl_utf8(text.data, text.size, &c);

    return size ? size : 1;
}

Node hcl_fn_trim(HclEval *eval, const HclCall *call)
{
    Str text, cut;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_text(eval, call, 1, &cut))
        return hcl_failed(eval, call);
    while (text.size && cut.size && holds(cut, str_sub(text, 0, first_size(text))))
        text = str_from(text, first_size(text));
    while (text.size && cut.size && holds(cut, str_from(text, text.size - last_size(text))))
        text.size -= last_size(text);
    return hcl_text_result(eval, call, text);
}

Node hcl_fn_trimprefix(HclEval *eval, const HclCall *call)
{
    Str text, part;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_text(eval, call, 1, &part))
        return hcl_failed(eval, call);
    return hcl_text_result(eval, call, str_starts(text, part) ? str_from(text, part.size) : text);
}

Node hcl_fn_trimsuffix(HclEval *eval, const HclCall *call)
{
    Str text, part;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_text(eval, call, 1, &part))
        return hcl_failed(eval, call);
    if (str_ends(text, part))
        text.size -= part.size;
    return hcl_text_result(eval, call, text);
}

Node hcl_fn_indent(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    int64_t spaces;
    Str text;

    if (!hcl_arg_integer(eval, call, 0, &spaces) || !hcl_arg_text(eval, call, 1, &text))
        return hcl_failed(eval, call);
    if (spaces < 0 || spaces > 1000 || !hcl_work(eval, text.size, call->at))
        return hcl_fail(eval, call->at, "indent() by %lld blanks", (long long)spaces);
    for (uint32_t i = 0; i < text.size && buf.size < LIMIT_HCL_TEXT; i++) {
        buf_add_char(&buf, text.data[i]);
        for (int64_t j = 0; text.data[i] == '\n' && j < spaces; j++)
            buf_add_char(&buf, ' ');
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}

/* --- joining and splitting --- */

/* Adds the texts of a list; false at an unknown one, with `*open` set, and where one is no text. */
static bool join_list(HclEval *eval, Buf *buf, Str separator, const Node *list, bool *first,
                      const Node **open)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const Node *item = &list->as.items[i];
        Str text;
        if (!*first)
            buf_add(buf, separator);
        *first = false;
        if (item->kind == NODE_UNKNOWN) {
            *open = item;
            return false;
        }
        if (!hcl_to_text(eval->arena, item, &text) || buf->size > LIMIT_HCL_TEXT)
            return false;
        buf_add(buf, text);
    }
    return true;
}

Node hcl_fn_join(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    const Node *list, *open = NULL;
    bool first = true;
    Str separator;

    if (!hcl_arg_text(eval, call, 0, &separator))
        return hcl_failed(eval, call);
    for (uint32_t i = 1; i < call->count; i++) {
        if (!hcl_arg_list(eval, call, i, &list) || !hcl_work(eval, list->count, call->at))
            return hcl_failed(eval, call);
        if (join_list(eval, &buf, separator, list, &first, &open))
            continue;
        if (!open)
            return hcl_fail(eval, call->at, "join() takes lists of texts");
        return hcl_unknown_text(eval, call->at, open,
                                str_join(eval->arena, buf_str(&buf), open->as.unknown->prefix));
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}

static uint32_t parts_of(Str text, Str separator)
{
    uint32_t count = 1;
    int64_t at;

    if (separator.size == 0)
        return text.size + 1;
    while ((at = str_find(text, separator)) >= 0) {
        text = str_from(text, (uint32_t)at + separator.size);
        count++;
    }
    return count;
}

Node hcl_fn_split(HclEval *eval, const HclCall *call)
{
    Str separator, text;
    uint32_t count = 0;
    Node *items;

    if (!hcl_arg_text(eval, call, 0, &separator) || !hcl_arg_text(eval, call, 1, &text))
        return hcl_failed(eval, call);
    items = hcl_items(eval, call, parts_of(text, separator));
    while (items && separator.size == 0 && text.size) {
        uint32_t size = first_size(text);
        items[count++] = node_make_string(call->at, str_sub(text, 0, size));
        text = str_from(text, size);
    }
    while (items && separator.size) {
        int64_t at = str_find(text, separator);
        uint32_t size = at < 0 ? text.size : (uint32_t)at;
        items[count++] = node_make_string(call->at, str_sub(text, 0, size));
        if (at < 0)
            break;
        text = str_from(text, size + separator.size);
    }
    return hcl_list_result(eval, call, items, count);
}
