/* The hash in the name of a generated object: SHA-256 of its data as Go writes it as JSON. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/sha256.h"
#include "ir/kustomize_generate.h"

/* Characters of the hash that a name gets. */
enum { HASH_SIZE = 10 };

static void write_escape(Buf *json, unsigned char c)
{
    static const char plain[] = "\"\\\n\r\t\b\f", names[] = "\"\\nrtbf";
    const char *found = c ? strchr(plain, c) : NULL;

    if (found)
        buf_printf(json, "\\%c", names[found - plain]);
    else
        buf_printf(json, "\\u%04x", c);
}

/* A string as Go's encoding/json writes it, which escapes what could end a script in HTML. */
static void write_string(Buf *json, Str text)
{
    buf_add_char(json, '"');
    for (uint32_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        Str rest = str_from(text, i);
        if (str_starts(rest, STR("\xe2\x80\xa8")) || str_starts(rest, STR("\xe2\x80\xa9"))) {
            buf_printf(json, "\\u202%c", text.data[i + 2] == '\xa8' ? '8' : '9');
            i += 2;
        } else if (c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&') {
            write_escape(json, c);
        } else {
            buf_add_char(json, (char)c);
        }
    }
    buf_add_char(json, '"');
}

static int compare_entries(const void *a, const void *b)
{
    const Entry *const *x = a, *const *y = b;

    return str_cmp(entry_key(*x), entry_key(*y));
}

/* A map of texts, its keys in order. False where a value is none. */
static bool write_map(Buf *json, const Node *map)
{
    const Entry **order = ARENA_ARRAY(json->arena, const Entry *, map->count);

    if (!order)
        return false;
    for (uint32_t i = 0; i < map->count; i++)
        order[i] = &map->as.entries[i];
    if (map->count)
        qsort(order, map->count, sizeof *order, compare_entries);
    buf_add_char(json, '{');
    for (uint32_t i = 0; i < map->count; i++) {
        if (order[i]->value.kind != NODE_STRING)
            return false;
        if (i)
            buf_add_char(json, ',');
        write_string(json, entry_key(order[i]));
        buf_add_char(json, ':');
        write_string(json, node_text(&order[i]->value));
    }
    buf_add_char(json, '}');
    return true;
}

/* A field of an object, empty text where it has none; `optional` ones are left out then. */
static bool write_field(Buf *json, const Node *body, const char *key, bool optional)
{
    const Node *value = node_get_named(body, str_of(key));

    if (!value && optional)
        return true;
    buf_printf(json, "%s\"%s\":", json->size > 1 ? "," : "", key);
    if (value && value->kind == NODE_MAP)
        return write_map(json, value);
    write_string(json, node_string(value));
    return !value || value->kind == NODE_STRING || value->kind == NODE_NULL;
}

/* kustomize looks for the name where it is not, and hashes an empty one. */
static bool write_object(Buf *json, const KustObject *object)
{
    const Node *body = &object->body;
    bool good;

    buf_add_char(json, '{');
    if (str_eq(kust_kind(object), STR("Secret"))) {
        good = write_field(json, body, "data", false);
        buf_add_z(json, ",\"kind\":\"Secret\",\"name\":\"\"");
        good = good && write_field(json, body, "stringData", true) &&
               write_field(json, body, "type", false);
    } else {
        good =
            write_field(json, body, "binaryData", true) && write_field(json, body, "data", false);
        buf_add_z(json, ",\"kind\":\"ConfigMap\",\"name\":\"\"");
    }
    buf_add_char(json, '}');
    return good;
}

/* Without vowels and what looks like them, so that no word comes out. */
static char safe_digit(char digit)
{
    static const char from[] = "013ae", to[] = "ghkmt";
    const char *found = strchr(from, digit);

    return found ? to[found - from] : digit;
}

static void hash_name(KustBuild *build, KustObject *object)
{
    Buf json = buf_new(build->unit->arena);
    Sha256 hash = sha256_new();
    const Node *name = node_path(&object->body, "metadata.name");
    char digits[65];
    Str text;

    if (!name || !write_object(&json, object))
        return;
    sha256_add(&hash, buf_str(&json));
    sha256_hex(&hash, digits);
    for (int i = 0; i < HASH_SIZE; i++)
        digits[i] = safe_digit(digits[i]);
    kust_remember(build, object);
    text =
        str_format(build->unit->arena, "%.*s-%.*s", STR_ARG(node_string(name)), HASH_SIZE, digits);
    kust_set_metadata(build, object, "name", node_make_string(node_span(name), text));
}

void kust_hash_names(KustBuild *build, KustSet *set)
{
    for (uint32_t i = 0; i < set->count; i++)
        if (set->items[i]->hashed)
            hash_name(build, set->items[i]);
}
