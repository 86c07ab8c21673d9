/* URLs as Kubernetes' CEL library has them: absolute URIs and absolute paths (RFC 3986). */
#include "cel/host_url.h"
#include "base/buf.h"
#include "cel/host.h"

typedef struct UrlValue {
    CelOpaque head;
    Str text;
    Url url;
} UrlValue;

/* characters */

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool has_control(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] < 0x20 || text.data[i] == 0x7f)
            return true;
    return false;
}

static bool at_escape(Str text, uint32_t i)
{
    return i + 2 < text.size && hex_value(text.data[i + 1]) >= 0 &&
           hex_value(text.data[i + 2]) >= 0;
}

static bool escapes_are_whole(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (text.data[i] == '%' && !at_escape(text, i))
            return false;
    return true;
}

/* reading */

static uint32_t scheme_size(Str text)
{
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];

        if (c == ':')
            return i;
        if (!is_alnum(c) && (i == 0 || (c != '+' && c != '-' && c != '.')))
            return 0;
        if (i == 0 && c >= '0' && c <= '9')
            return 0;
    }
    return 0;
}

static bool is_port(Str port)
{
    for (uint32_t i = 0; i < port.size; i++)
        if (port.data[i] < '0' || port.data[i] > '9')
            return false;
    return true;
}

static bool is_host_char(char c)
{
    return is_alnum(c) || (unsigned char)c >= 0x80 || (c && strchr("-._~!$&'()*+,;=%", c));
}

/* host, host:port, [address], [address]:port */
static bool read_host(Str host, Url *url)
{
    int64_t bracket = host.size && host.data[0] == '[' ? str_find_char(host, ']') : -1;
    int64_t colon = str_find_last_char(host, ':');

    url->host = host;
    url->hostname = host;
    if (host.size && host.data[0] == '[' && bracket < 0)
        return false;
    if (colon > bracket) {
        url->port = str_from(host, (uint32_t)colon + 1);
        url->hostname = str_sub(host, 0, (uint32_t)colon);
        if (!is_port(url->port))
            return false;
    }
    if (bracket >= 0) {
        bool whole = (uint32_t)bracket + 1 == url->hostname.size;

        url->hostname = str_sub(host, 1, (uint32_t)bracket - 1);
        return whole;
    }
    for (uint32_t i = 0; i < url->hostname.size; i++)
        if (!is_host_char(url->hostname.data[i]))
            return false;
    return escapes_are_whole(url->hostname);
}

static bool read_authority(Str *rest, Url *url)
{
    Str authority = str_from(*rest, 2);
    int64_t end = str_find_char(authority, '/'), at;

    *rest = end < 0 ? STR("") : str_from(authority, (uint32_t)end);
    if (end >= 0)
        authority = str_sub(authority, 0, (uint32_t)end);
    at = str_find_last_char(authority, '@');
    return read_host(str_from(authority, (uint32_t)(at + 1)), url);
}

bool url_read(Str text, Url *url)
{
    uint32_t scheme = scheme_size(text);
    int64_t question;
    Str rest = text;

    *url = (Url){{0}, {0}, {0}, {0}, {0}, {0}};
    if (text.size == 0 || has_control(text))
        return false;
    if (scheme > 0) {
        url->scheme = str_sub(text, 0, scheme);
        rest = str_from(text, scheme + 1);
    }
    question = str_find_char(rest, '?');
    if (question >= 0) {
        url->query = str_from(rest, (uint32_t)question + 1);
        rest = str_sub(rest, 0, (uint32_t)question);
    }
    if (rest.size == 0 || rest.data[0] != '/')
        return scheme > 0; /* mailto:a@b.example */
    if (scheme > 0 && str_starts(rest, STR("//")) && !read_authority(&rest, url))
        return false;
    url->path = rest;
    return escapes_are_whole(rest);
}

/* as an opaque value */

static bool equal(const CelOpaque *a, const CelOpaque *b)
{
    return str_eq(((const UrlValue *)a)->text, ((const UrlValue *)b)->text);
}

static Str text_of(const CelOpaque *value, Arena *arena)
{
    (void)arena;
    return ((const UrlValue *)value)->text;
}

static const CelOpaqueKind url_kind = {"kubernetes.URL", equal, NULL, text_of};

static const Url *url_of(const CelValue *args)
{
    if (args[0].kind != CEL_OPAQUE || args[0].as.opaque->kind != &url_kind)
        return NULL;
    return &((const UrlValue *)args[0].as.opaque)->url;
}

/* functions */

CelValue cel_host_url(CelMachine *machine, const CelValue *args, uint32_t count)
{
    UrlValue *value;
    CelValue result;
    Str text;

    (void)count;
    if (host_settled(machine, args, &text, &result))
        return result;
    value = ARENA_NEW(machine->arena, UrlValue);
    if (!value)
        return cel_spent();
    value->head.kind = &url_kind;
    value->text = text;
    if (!url_read(text, &value->url))
        return cel_error(machine, "this is no URL");
    return cel_new_opaque(&value->head);
}

CelValue cel_host_is_url(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Url url;

    (void)count;
    if (args[0].kind != CEL_STRING)
        return cel_no_overload(machine);
    return cel_bool(url_read(cel_text(args[0]), &url));
}

CelValue cel_host_url_scheme(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Url *url = url_of(args);

    (void)count;
    return url ? cel_string(url->scheme) : cel_no_overload(machine);
}

CelValue cel_host_url_host(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Url *url = url_of(args);

    (void)count;
    return url ? cel_string(url->host) : cel_no_overload(machine);
}

CelValue cel_host_url_hostname(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Url *url = url_of(args);

    (void)count;
    return url ? cel_string(url->hostname) : cel_no_overload(machine);
}

CelValue cel_host_url_port(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Url *url = url_of(args);

    (void)count;
    return url ? cel_string(url->port) : cel_no_overload(machine);
}

static bool is_path_char(char c)
{
    return is_alnum(c) || (c && strchr("-._~!$&'()*+,;=:@/%", c));
}

CelValue cel_host_url_escaped_path(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Url *url = url_of(args);
    Buf out = buf_new(machine->arena);

    (void)count;
    if (!url)
        return cel_no_overload(machine);
    for (uint32_t i = 0; i < url->path.size; i++) {
        if (is_path_char(url->path.data[i]))
            buf_add_char(&out, url->path.data[i]);
        else
            buf_printf(&out, "%%%02X", (unsigned char)url->path.data[i]);
    }
    return arena_spent(machine->arena) ? cel_spent() : cel_string(buf_str(&out));
}

/* queries */

static bool decode(CelMachine *machine, Str text, Str *result)
{
    Buf out = buf_new(machine->arena);

    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];

        if (c == '%' && !at_escape(text, i))
            return false;
        if (c == '%') {
            buf_add_char(&out,
                         (char)(hex_value(text.data[i + 1]) * 16 + hex_value(text.data[i + 2])));
            i += 2;
        } else {
            buf_add_char(&out, c == '+' ? ' ' : c);
        }
    }
    *result = buf_str(&out);
    return true;
}

/* One `name=value` between ampersands; false for what cannot be decoded, which is left out. */
static bool read_pair(CelMachine *machine, Str pair, Str *name, Str *value)
{
    int64_t equals = str_find_char(pair, '=');

    if (pair.size == 0 || str_find_char(pair, ';') >= 0)
        return false;
    if (equals < 0)
        equals = pair.size;
    return decode(machine, str_sub(pair, 0, (uint32_t)equals), name) &&
           decode(machine, str_from(pair, (uint32_t)equals + 1), value);
}

typedef struct Query {
    Str *names;
    Str *values;
    uint32_t count;
} Query;

static bool read_query(CelMachine *machine, Str text, Query *query)
{
    uint32_t most = 1;
    Str pair;

    for (uint32_t i = 0; i < text.size; i++)
        most += text.data[i] == '&';
    query->count = 0;
    query->names = ARENA_ARRAY(machine->arena, Str, most);
    query->values = ARENA_ARRAY(machine->arena, Str, most);
    if (!query->names || !query->values)
        return false;
    while (str_split(&text, '&', &pair))
        if (query->count < most &&
            read_pair(machine, pair, &query->names[query->count], &query->values[query->count]))
            query->count++;
    return !arena_spent(machine->arena);
}

static bool stood_before(const Query *query, uint32_t index)
{
    for (uint32_t i = 0; i < index; i++)
        if (str_eq(query->names[i], query->names[index]))
            return true;
    return false;
}

static CelValue values_of(CelMachine *machine, const Query *query, uint32_t first)
{
    uint32_t count = 0;
    CelValue *items, list;

    for (uint32_t i = first; i < query->count; i++)
        count += str_eq(query->names[i], query->names[first]);
    list = cel_new_list(machine, count, &items);
    if (list.kind != CEL_LIST)
        return list;
    count = 0;
    for (uint32_t i = first; i < query->count; i++)
        if (str_eq(query->names[i], query->names[first]))
            items[count++] = cel_string(query->values[i]);
    return list;
}

CelValue cel_host_url_query(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const Url *url = url_of(args);
    uint32_t names = 0;
    CelValue *entries, map;
    Query query;

    (void)count;
    if (!url)
        return cel_no_overload(machine);
    if (!read_query(machine, url->query, &query))
        return cel_spent();
    if (!cel_charge(machine, (uint64_t)query.count * query.count))
        return cel_exhausted(machine);
    for (uint32_t i = 0; i < query.count; i++)
        names += !stood_before(&query, i);
    map = cel_new_map(machine, names, &entries);
    if (map.kind != CEL_MAP)
        return map;
    names = 0;
    for (uint32_t i = 0; i < query.count; i++) {
        if (stood_before(&query, i))
            continue;
        entries[2 * names] = cel_string(query.names[i]);
        entries[2 * names + 1] = values_of(machine, &query, i);
        if (entries[2 * names++ + 1].kind != CEL_LIST)
            return cel_spent();
    }
    return map;
}
