#include "base/base64.h"
#include "base/sha256.h"
#include "ir/hcl_digest.h"
#include "ir/hcl_functions_parts.h"
#include "ir/hcl_json.h"
#include "ir/yaml_schema.h"
#include "syntax/hcl_lex.h"
#include "syntax/json.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* --- JSON and YAML --- */

/* The text of a value that is not known as a whole; it remembers the value. */
static Node unknown_encoded(HclEval *eval, const HclCall *call)
{
    Node result = hcl_unknown_text(eval, call->at, &call->args[0], STR(""));

    hcl_set_decoded(eval, &result, &call->args[0]);
    return result;
}

Node hcl_fn_jsonencode(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    const Node *value = &call->args[0];

    if (hcl_find_unknown(value))
        return unknown_encoded(eval, call);
    hcl_json_write(eval, &buf, value);
    return hcl_text_result(eval, call, buf_str(&buf));
}

/* A text as a source of its own, whose places lead back to the call. */
static Source *decoded_source(HclEval *eval, const HclCall *call, Str text)
{
    return sources_add_decoded(eval->sources, call->at, text, NULL, 0);
}

/* All of a value that was read elsewhere as if it stood at the call. */
static void move_to_call(const HclCall *call, Node *value)
{
    *value = hcl_at(*value, call->at);
    value->flags |= NODE_DERIVED;
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        move_to_call(call, &value->as.items[i]);
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        value->as.entries[i].key_start = call->at.start;
        value->as.entries[i].key_end = call->at.end;
        move_to_call(call, &value->as.entries[i].value);
    }
}

Node hcl_fn_jsondecode(HclEval *eval, const HclCall *call)
{
    DiagSink quiet = diags_new(eval->arena);
    Source *source;
    Node value;
    Str text;

    if (call->args[0].kind == NODE_UNKNOWN && hcl_decoded(&call->args[0]))
        return *hcl_decoded(&call->args[0]);
    if (call->args[0].kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, call->at, &call->args[0], NODE_UNKNOWN);
    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    source = decoded_source(eval, call, text);
    if (!source || !json_read(source, eval->symbols, eval->arena, &quiet, &value))
        return hcl_fail(eval, call->at, "the text is not JSON");
    move_to_call(call, &value);
    return value;
}

Node hcl_fn_yamldecode(HclEval *eval, const HclCall *call)
{
    DiagSink quiet = diags_new(eval->arena);
    YamlDocument *documents;
    uint32_t count;
    Source *source;
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    source = decoded_source(eval, call, text);
    if (!source || !text_decode(source, eval->arena, &quiet) ||
        !yaml_read(source, eval->symbols, eval->arena, &quiet, &documents, &count) ||
        quiet.errors || count != 1 ||
        !yaml_schema_apply(YAML_SCHEMA_TERRAFORM, &documents[0].root, eval->arena, &quiet))
        return hcl_fail(eval, call->at, "the text is not one YAML document");
    move_to_call(call, &documents[0].root);
    return documents[0].root;
}

static void write_yaml(HclEval *eval, Buf *buf, const Node *value, uint32_t indent);

static void yaml_indent(Buf *buf, uint32_t indent)
{
    for (uint32_t i = 0; i < indent; i++)
        buf_add_char(buf, ' ');
}

static bool is_filled(const Node *value)
{
    return (value->kind == NODE_MAP || value->kind == NODE_LIST) && value->count;
}

static void yaml_map(HclEval *eval, Buf *buf, const Node *map, uint32_t indent)
{
    const Entry **sorted = hcl_sorted(eval->arena, map);

    for (uint32_t i = 0; sorted && i < map->count; i++) {
        const Node *value = &sorted[i]->value;
        if (i)
            yaml_indent(buf, indent);
        hcl_json_quote(buf, entry_key(sorted[i]));
        buf_add_char(buf, ':');
        if (is_filled(value)) {
            uint32_t inner = value->kind == NODE_MAP ? indent + 2 : indent;
            buf_add_char(buf, '\n');
            yaml_indent(buf, inner);
            write_yaml(eval, buf, value, inner);
        } else {
            buf_add_char(buf, ' ');
            write_yaml(eval, buf, value, indent);
        }
    }
}

static void yaml_list(HclEval *eval, Buf *buf, const Node *list, uint32_t indent)
{
    for (uint32_t i = 0; i < list->count; i++) {
        if (i)
            yaml_indent(buf, indent);
        buf_add_z(buf, "- ");
        write_yaml(eval, buf, &list->as.items[i], indent + 2);
    }
}

/* Lines as a block, as yamlencode() does it. */
static void yaml_lines(Buf *buf, Str text, uint32_t indent)
{
    bool ended = text.data[text.size - 1] == '\n';
    Str line;

    buf_add_z(buf, ended ? "|\n" : "|-\n");
    if (ended)
        text.size--;
    while (str_split(&text, '\n', &line)) {
        if (line.size)
            yaml_indent(buf, indent + 2);
        buf_add(buf, line);
        buf_add_char(buf, '\n');
    }
}

static void write_yaml(HclEval *eval, Buf *buf, const Node *value, uint32_t indent)
{
    if (buf->size > LIMIT_HCL_TEXT || !hcl_work(eval, 1, node_span(value)))
        return;
    if (is_filled(value)) {
        if (value->kind == NODE_MAP)
            yaml_map(eval, buf, value, indent);
        else
            yaml_list(eval, buf, value, indent);
    } else if (value->kind == NODE_STRING && str_find_char(node_text(value), '\n') >= 0) {
        yaml_lines(buf, node_text(value), indent);
    } else {
        hcl_json_write(eval, buf, value);
        buf_add_char(buf, '\n');
    }
}

Node hcl_fn_yamlencode(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    const Node *value = &call->args[0];

    if (hcl_find_unknown(value))
        return unknown_encoded(eval, call);
    write_yaml(eval, &buf, value, 0);
    return hcl_text_result(eval, call, buf_str(&buf));
}

/* --- Base64 --- */

Node hcl_fn_base64encode(HclEval *eval, const HclCall *call)
{
    Str text;

    if (call->args[0].kind == NODE_UNKNOWN)
        return hcl_unknown_from(eval, call->at, &call->args[0], NODE_STRING);
    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    return hcl_text_result(eval, call, base64_encode(eval->arena, text));
}

Node hcl_fn_base64decode(HclEval *eval, const HclCall *call)
{
    Str text, bytes;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    if (!base64_decode(eval->arena, text, &bytes) || text_valid(bytes) != bytes.size)
        return hcl_fail(eval, call->at, "the text is not Base64 of UTF-8");
    return hcl_text_result(eval, call, bytes);
}

/* --- texts in other encodings --- */

typedef enum Encoding {
    ENCODING_OTHER,
    ENCODING_UTF8,
    ENCODING_UTF16LE,
    ENCODING_UTF16BE
} Encoding;

static Encoding encoding_of(Str name)
{
    if (str_eq_nocase(name, STR("UTF-8")) || str_eq_nocase(name, STR("UTF8")))
        return ENCODING_UTF8;
    if (str_eq_nocase(name, STR("UTF-16LE")))
        return ENCODING_UTF16LE;
    return str_eq_nocase(name, STR("UTF-16BE")) ? ENCODING_UTF16BE : ENCODING_OTHER;
}

static void add_unit(Buf *buf, uint32_t unit, Encoding encoding)
{
    bool little = encoding == ENCODING_UTF16LE;

    buf_add_char(buf, (char)(little ? unit : unit >> 8));
    buf_add_char(buf, (char)(little ? unit >> 8 : unit));
}

static Str to_utf16(Arena *arena, Str text, Encoding encoding)
{
    Buf buf = buf_new(arena);

    for (uint32_t i = 0, length; i < text.size; i += length) {
        uint32_t c;
        length = hcl_utf8(text.data + i, text.size - i, &c);
        if (!length) {
            length = 1;
            c = 0xfffd;
        }
        if (c >= 0x10000) {
            add_unit(&buf, 0xd800 + ((c - 0x10000) >> 10), encoding);
            c = 0xdc00 + ((c - 0x10000) & 0x3ff);
        }
        add_unit(&buf, c, encoding);
    }
    return buf_str(&buf);
}

Node hcl_fn_textencodebase64(HclEval *eval, const HclCall *call)
{
    Str text, name;
    Encoding encoding;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_text(eval, call, 1, &name))
        return hcl_failed(eval, call);
    encoding = encoding_of(name);
    if (encoding == ENCODING_OTHER)
        return hcl_unknown(eval, call->at, STR("textencodebase64()"), NODE_STRING);
    if (encoding != ENCODING_UTF8)
        text = to_utf16(eval->arena, text, encoding);
    return hcl_text_result(eval, call, base64_encode(eval->arena, text));
}

static uint32_t unit_at(Str bytes, uint32_t at, Encoding encoding)
{
    uint32_t a = (unsigned char)bytes.data[at], b = (unsigned char)bytes.data[at + 1];

    return encoding == ENCODING_UTF16LE ? b << 8 | a : a << 8 | b;
}

static Str from_utf16(Arena *arena, Str bytes, Encoding encoding)
{
    Buf buf = buf_new(arena);

    for (uint32_t i = 0; i + 1 < bytes.size; i += 2) {
        uint32_t c = unit_at(bytes, i, encoding);
        if (c >= 0xd800 && c < 0xdc00 && i + 3 < bytes.size) {
            uint32_t low = unit_at(bytes, i + 2, encoding);
            if (low >= 0xdc00 && low < 0xe000) {
                c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
                i += 2;
            }
        }
        buf_add_codepoint(&buf, c >= 0xd800 && c < 0xe000 ? 0xfffd : c);
    }
    return buf_str(&buf);
}

Node hcl_fn_textdecodebase64(HclEval *eval, const HclCall *call)
{
    Str text, name, bytes;
    Encoding encoding;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_text(eval, call, 1, &name))
        return hcl_failed(eval, call);
    encoding = encoding_of(name);
    if (encoding == ENCODING_OTHER)
        return hcl_unknown(eval, call->at, STR("textdecodebase64()"), NODE_STRING);
    if (!base64_decode(eval->arena, text, &bytes))
        return hcl_fail(eval, call->at, "the text is not Base64");
    if (encoding != ENCODING_UTF8)
        bytes = from_utf16(eval->arena, bytes, encoding);
    return hcl_text_result(eval, call, bytes);
}

/* --- URLs --- */

Node hcl_fn_urlencode(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (plain || (c && strchr("-_.~", c)))
            buf_add_char(&buf, c);
        else if (c == ' ')
            buf_add_char(&buf, '+');
        else
            buf_printf(&buf, "%%%02X", (unsigned char)c);
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}

static int hex(char c)
{
    const char *digit = c ? strchr("0123456789abcdefABCDEF", c) : NULL;
    int value = digit ? (int)(digit - "0123456789abcdefABCDEF") : 99;

    return value > 15 ? value - 6 : value;
}

Node hcl_fn_urldecode(HclEval *eval, const HclCall *call)
{
    Buf buf = buf_new(eval->arena);
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i] == '+' ? ' ' : text.data[i];
        if (c == '%') {
            int high = i + 2 < text.size ? hex(text.data[i + 1]) : 99;
            int low = i + 2 < text.size ? hex(text.data[i + 2]) : 99;
            if (high > 15 || low > 15)
                return hcl_fail(eval, call->at, "the text is not encoded for URLs");
            c = (char)(high << 4 | low);
            i += 2;
        }
        buf_add_char(&buf, c);
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}

/* --- CSV (RFC 4180) --- */

/* Takes a field off the front of `*rest`; `*last` tells whether it ends its line. */
static Str csv_field(Arena *arena, Str *rest, bool *last)
{
    Buf buf = buf_new(arena);
    bool quoted = rest->size && *rest->data == '"';
    uint32_t i = quoted;

    for (; i < rest->size; i++) {
        char c = rest->data[i];
        if (quoted && c == '"') {
            if (i + 1 < rest->size && rest->data[i + 1] == '"')
                i++;
            else {
                quoted = false;
                continue;
            }
        } else if (!quoted && (c == ',' || c == '\n')) {
            break;
        } else if (!quoted && c == '\r' && i + 1 < rest->size && rest->data[i + 1] == '\n') {
            continue;
        }
        buf_add_char(&buf, c);
    }
    *last = i >= rest->size || rest->data[i] == '\n';
    *rest = str_from(*rest, i + 1);
    return buf_str(&buf);
}

#define CSV_FIELDS 512u

static uint32_t csv_line(Arena *arena, Str *rest, Str fields[CSV_FIELDS])
{
    uint32_t count = 0;
    bool last = false;

    while (!last) {
        Str field = csv_field(arena, rest, &last);
        if (count < CSV_FIELDS)
            fields[count++] = field;
    }
    return count;
}

Node hcl_fn_csvdecode(HclEval *eval, const HclCall *call)
{
    Str *names = ARENA_ARRAY(eval->arena, Str, CSV_FIELDS), text;
    Str *fields = ARENA_ARRAY(eval->arena, Str, CSV_FIELDS);
    uint32_t name_count, count = 0, capacity = 0;
    Node *items = hcl_items(eval, call, 1);

    if (!hcl_arg_text(eval, call, 0, &text) || !names || !fields)
        return hcl_failed(eval, call);
    name_count = csv_line(eval->arena, &text, names);
    while (items && text.size) {
        HclMap map = hcl_map_new(eval->arena, eval->symbols);
        uint32_t field_count = csv_line(eval->arena, &text, fields);
        if (field_count == 1 && fields[0].size == 0)
            continue;
        if (field_count != name_count)
            return hcl_fail(eval, call->at, "a line of the CSV text has %u fields, not %u",
                            field_count, name_count);
        if (!hcl_work(eval, name_count, call->at))
            break;
        for (uint32_t i = 0; i < name_count; i++)
            hcl_map_put(&map, names[i], call->at, node_make_string(call->at, fields[i]));
        Node *grown = arena_grow(eval->arena, capacity ? items : NULL, count, &capacity,
                                 (size_t)count + 1, sizeof *items);
        if (!grown)
            break;
        items = grown;
        items[count++] = hcl_map_done(&map, call->at);
    }
    return hcl_list_result(eval, call, items, count);
}

/* --- hashes --- */

static Str hex_text(Arena *arena, const uint8_t *bytes, uint32_t size)
{
    Buf buf = buf_new(arena);

    for (uint32_t i = 0; i < size; i++)
        buf_printf(&buf, "%02x", bytes[i]);
    return buf_str(&buf);
}

static void raw_sha256(Str text, uint8_t hash[32])
{
    Sha256 state = sha256_new();
    char digits[65];

    sha256_add(&state, text);
    sha256_hex(&state, digits);
    for (uint32_t i = 0; i < 32; i++)
        hash[i] = (uint8_t)(hex(digits[2 * i]) << 4 | hex(digits[2 * i + 1]));
}

typedef void HashFn(Str text, uint8_t *hash);

static Node hash_result(HclEval *eval, const HclCall *call, Str text, HashFn *hash, uint32_t size,
                        bool in_base64)
{
    uint8_t bytes[64];

    if (!hcl_work(eval, text.size / 256, call->at))
        return hcl_failed(eval, call);
    hash(text, bytes);
    return hcl_text_result(eval, call,
                           in_base64 ? base64_encode(eval->arena, (Str){(const char *)bytes, size})
                                     : hex_text(eval->arena, bytes, size));
}

/* The text of an argument, or of the file that it names. */
static bool hashed_text(HclEval *eval, const HclCall *call, bool file, Str *text, Node *open)
{
    Str path;

    if (!file)
        return hcl_arg_text(eval, call, 0, text);
    if (!hcl_arg_text(eval, call, 0, &path))
        return false;
    if (eval->world->file && eval->world->file(eval, path, call->at, text))
        return true;
    *open = hcl_unknown(eval, call->at, str_format(eval->arena, "file \"%.*s\"", STR_ARG(path)),
                        NODE_STRING);
    return false;
}

static Node hash_call(HclEval *eval, const HclCall *call, HashFn *hash, uint32_t size,
                      bool in_base64, bool file)
{
    Node open = node_make_null(call->at);
    Str text;

    if (!hashed_text(eval, call, file, &text, &open))
        return open.kind == NODE_UNKNOWN ? open : hcl_failed(eval, call);
    return hash_result(eval, call, text, hash, size, in_base64);
}

#define HASH_FUNCTION(name, hash, size, in_base64, file)                                           \
    Node hcl_fn_##name(HclEval *eval, const HclCall *call)                                         \
    {                                                                                              \
        return hash_call(eval, call, hash, size, in_base64, file);                                 \
    }

HASH_FUNCTION(md5, hcl_md5, 16, false, false)
HASH_FUNCTION(sha1, hcl_sha1, 20, false, false)
HASH_FUNCTION(sha256, raw_sha256, 32, false, false)
HASH_FUNCTION(sha512, hcl_sha512, 64, false, false)
HASH_FUNCTION(base64sha256, raw_sha256, 32, true, false)
HASH_FUNCTION(base64sha512, hcl_sha512, 64, true, false)
HASH_FUNCTION(filemd5, hcl_md5, 16, false, true)
HASH_FUNCTION(filesha1, hcl_sha1, 20, false, true)
HASH_FUNCTION(filesha256, raw_sha256, 32, false, true)
HASH_FUNCTION(filesha512, hcl_sha512, 64, false, true)
HASH_FUNCTION(filebase64sha256, raw_sha256, 32, true, true)
HASH_FUNCTION(filebase64sha512, hcl_sha512, 64, true, true)

/* --- files --- */

Node hcl_fn_file(HclEval *eval, const HclCall *call)
{
    Node open = node_make_null(call->at);
    Str text;

    if (!hashed_text(eval, call, true, &text, &open))
        return open.kind == NODE_UNKNOWN ? open : hcl_failed(eval, call);
    if (text_valid(text) != text.size)
        return hcl_fail(eval, call->at, "the file is not UTF-8");
    return hcl_text_result(eval, call, text);
}

Node hcl_fn_filebase64(HclEval *eval, const HclCall *call)
{
    Node open = node_make_null(call->at);
    Str text;

    if (!hashed_text(eval, call, true, &text, &open))
        return open.kind == NODE_UNKNOWN ? open : hcl_failed(eval, call);
    return hcl_text_result(eval, call, base64_encode(eval->arena, text));
}

Node hcl_fn_fileexists(HclEval *eval, const HclCall *call)
{
    Node open = node_make_null(call->at);
    Str text;

    if (hashed_text(eval, call, true, &text, &open))
        return node_make_bool(call->at, true);
    return open.kind == NODE_UNKNOWN ? hcl_unknown_from(eval, call->at, &open, NODE_BOOL)
                                     : hcl_failed(eval, call);
}

Node hcl_fn_basename(HclEval *eval, const HclCall *call)
{
    int64_t slash;
    Str path;

    if (!hcl_arg_text(eval, call, 0, &path))
        return hcl_failed(eval, call);
    while (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    slash = path.size > 1 ? str_find_last_char(path, '/') : -1;
    return hcl_text_result(eval, call,
                           path.size == 0 ? STR(".")
                           : slash >= 0   ? str_from(path, (uint32_t)slash + 1)
                                          : path);
}

Node hcl_fn_dirname(HclEval *eval, const HclCall *call)
{
    int64_t slash;
    Str path;

    if (!hcl_arg_text(eval, call, 0, &path))
        return hcl_failed(eval, call);
    slash = str_find_last_char(path, '/');
    if (slash < 0)
        return hcl_text_result(eval, call, STR("."));
    path.size = (uint32_t)slash;
    while (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    return hcl_text_result(eval, call, path.size ? path : STR("/"));
}

/* --- UUIDs of names (RFC 4122, 4.3) --- */

static bool read_uuid(Str text, uint8_t bytes[16])
{
    uint32_t count = 0;

    for (uint32_t i = 0; i + 1 < text.size && count < 16; i++) {
        if (text.data[i] == '-')
            continue;
        if (hex(text.data[i]) > 15 || hex(text.data[i + 1]) > 15)
            return false;
        bytes[count++] = (uint8_t)(hex(text.data[i]) << 4 | hex(text.data[i + 1]));
        i++;
    }
    return count == 16 && text.size == 36;
}

Node hcl_fn_uuidv5(HclEval *eval, const HclCall *call)
{
    static const char *const spaces[] = {"dns", "url", "oid", "", "x500"};
    uint8_t bytes[20] = {0x6b, 0xa7, 0xb8, 0x10, 0x9d, 0xad, 0x11, 0xd1,
                         0x80, 0xb4, 0x00, 0xc0, 0x4f, 0xd4, 0x30, 0xc8};
    uint32_t i = 0;
    Str space, name, uuid;

    if (!hcl_arg_text(eval, call, 0, &space) || !hcl_arg_text(eval, call, 1, &name))
        return hcl_failed(eval, call);
    while (i < 5 && !(space.size && str_eq(space, str_of(spaces[i]))))
        i++;
    if (i < 5)
        bytes[3] = (uint8_t)(0x10 + i);
    else if (!read_uuid(space, bytes))
        return hcl_fail(eval, call->at, "uuidv5() needs a namespace that is a UUID");
    hcl_sha1(str_join(eval->arena, (Str){(const char *)bytes, 16}, name), bytes);
    bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x50);
    bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
    uuid = hex_text(eval->arena, bytes, 16);
    return hcl_text_result(eval, call,
                           str_format(eval->arena, "%.8s-%.4s-%.4s-%.4s-%.12s", uuid.data,
                                      uuid.data + 8, uuid.data + 12, uuid.data + 16,
                                      uuid.data + 20));
}
