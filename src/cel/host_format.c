/* Named formats of Kubernetes' CEL library: names of objects, labels, dates and the like. */
#include "cel/host.h"
#include "cel/host_url.h"

/* What is wrong with a text, or NULL. */
typedef const char *Checker(Str text);

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c);
}

static bool is_alnum(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* names (https://kubernetes.io/docs/concepts/overview/working-with-objects/names/) */

static bool is_label(Str text)
{
    if (text.size == 0 || !is_lower(text.data[0]) || !is_lower(text.data[text.size - 1]))
        return false;
    for (uint32_t i = 0; i < text.size; i++)
        if (!is_lower(text.data[i]) && text.data[i] != '-')
            return false;
    return true;
}

static const char *dns1123_label(Str text)
{
    if (text.size > 63)
        return "must have no more than 63 characters";
    return is_label(text) ? NULL
                          : "must be lower case letters, digits and `-`, and begin and end "
                            "with a letter or digit";
}

static const char *dns1123_subdomain(Str text)
{
    Str label;

    if (text.size > 253)
        return "must have no more than 253 characters";
    if (text.size > 0 && text.data[text.size - 1] != '.') {
        while (str_split(&text, '.', &label))
            if (!is_label(label))
                break;
        if (is_label(label) && text.size == 0)
            return NULL;
    }
    return "must be labels between dots, of lower case letters, digits and `-`, that begin and "
           "end with a letter or digit";
}

static const char *dns1035_label(Str text)
{
    if (text.size > 63)
        return "must have no more than 63 characters";
    return is_label(text) && !is_digit(text.data[0])
               ? NULL
               : "must be lower case letters, digits and `-`, begin with a letter and end with a "
                 "letter or digit";
}

/* A prefix, for generateName, may end in a dash. */
static Str without_dash(Str text)
{
    return text.size > 1 && text.data[text.size - 1] == '-' ? str_sub(text, 0, text.size - 1)
                                                            : text;
}

static const char *dns1123_label_prefix(Str text)
{
    return dns1123_label(without_dash(text));
}

static const char *dns1123_subdomain_prefix(Str text)
{
    return dns1123_subdomain(without_dash(text));
}

static const char *dns1035_label_prefix(Str text)
{
    return dns1035_label(without_dash(text));
}

static const char *label_value(Str text)
{
    if (text.size > 63)
        return "must have no more than 63 characters";
    if (text.size > 0 && (!is_alnum(text.data[0]) || !is_alnum(text.data[text.size - 1])))
        return "must begin and end with a letter or digit";
    for (uint32_t i = 0; i < text.size; i++)
        if (!is_alnum(text.data[i]) && text.data[i] != '-' && text.data[i] != '_' &&
            text.data[i] != '.')
            return "must be letters, digits, `-`, `_` and `.`";
    return NULL;
}

static const char *qualified_name(Str text)
{
    int64_t slash = str_find_char(text, '/');
    Str name = str_from(text, (uint32_t)(slash + 1));

    if (slash >= 0 && dns1123_subdomain(str_sub(text, 0, (uint32_t)slash)))
        return "must have a DNS subdomain before its slash";
    return name.size == 0 ? "must not be empty" : label_value(name);
}

/* data */

static const char *uri(Str text)
{
    Url url;

    return url_read(text, &url) ? NULL : "must be an absolute URI or an absolute path";
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static const char *uuid(Str text)
{
    uint32_t digits = 0;

    for (uint32_t i = 0; i < text.size; i++) {
        bool between = digits == 8 || digits == 12 || digits == 16 || digits == 20;

        if (is_hex(text.data[i]))
            digits++;
        else if (text.data[i] != '-' || !between || text.data[i - 1] == '-')
            return "must be a UUID";
    }
    return digits == 32 ? NULL : "must be a UUID";
}

static const char *byte(Str text)
{
    uint32_t padding = 0;

    while (padding < 2 && padding < text.size && text.data[text.size - 1 - padding] == '=')
        padding++;
    for (uint32_t i = 0; i + padding < text.size; i++)
        if (!is_alnum(text.data[i]) && text.data[i] != '+' && text.data[i] != '/')
            return "must be base64";
    return text.size % 4 == 0 ? NULL : "must be base64";
}

static bool take_number(Str *rest, uint32_t digits, uint32_t low, uint32_t high, uint32_t *number)
{
    *number = 0;
    if (rest->size < digits)
        return false;
    for (uint32_t i = 0; i < digits; i++) {
        if (!is_digit(rest->data[i]))
            return false;
        *number = *number * 10 + (uint32_t)(rest->data[i] - '0');
    }
    *rest = str_from(*rest, digits);
    return *number >= low && *number <= high;
}

static bool take_char(Str *rest, char c)
{
    if (rest->size == 0 || (rest->data[0] | (c >= 'a' ? 0x20 : 0)) != c)
        return false;
    *rest = str_from(*rest, 1);
    return true;
}

static uint32_t days_in(uint32_t year, uint32_t month)
{
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    if (month == 2)
        return leap ? 29 : 28;
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

static bool take_date(Str *rest)
{
    uint32_t year, month, day;

    return take_number(rest, 4, 0, 9999, &year) && take_char(rest, '-') &&
           take_number(rest, 2, 1, 12, &month) && take_char(rest, '-') &&
           take_number(rest, 2, 1, days_in(year, month), &day);
}

static bool take_time(Str *rest)
{
    uint32_t part;

    if (!take_number(rest, 2, 0, 23, &part) || !take_char(rest, ':') ||
        !take_number(rest, 2, 0, 59, &part) || !take_char(rest, ':') ||
        !take_number(rest, 2, 0, 60, &part))
        return false;
    if (!take_char(rest, '.'))
        return true;
    if (!take_number(rest, 1, 0, 9, &part))
        return false;
    while (take_number(rest, 1, 0, 9, &part))
        continue;
    return true;
}

static bool take_zone(Str *rest)
{
    uint32_t part;

    if (take_char(rest, 'z'))
        return true;
    return (take_char(rest, '+') || take_char(rest, '-')) && take_number(rest, 2, 0, 23, &part) &&
           take_char(rest, ':') && take_number(rest, 2, 0, 59, &part);
}

static const char *date(Str text)
{
    return take_date(&text) && text.size == 0 ? NULL : "must be a date, as 2026-01-31";
}

static const char *datetime(Str text)
{
    return take_date(&text) && take_char(&text, 't') && take_time(&text) && take_zone(&text) &&
                   text.size == 0
               ? NULL
               : "must be a date and time of RFC 3339";
}

/* as opaque values */

typedef struct NamedFormat {
    CelOpaque head;
    Str name;
    Checker *check;
} NamedFormat;

static bool equal(const CelOpaque *a, const CelOpaque *b)
{
    return a == b;
}

static Str text_of(const CelOpaque *value, Arena *arena)
{
    (void)arena;
    return ((const NamedFormat *)value)->name;
}

static const CelOpaqueKind format_kind = {"kubernetes.NamedFormat", equal, NULL, text_of};

enum {
    DNS1123_LABEL,
    DNS1123_SUBDOMAIN,
    DNS1035_LABEL,
    QUALIFIED_NAME,
    DNS1123_LABEL_PREFIX,
    DNS1123_SUBDOMAIN_PREFIX,
    DNS1035_LABEL_PREFIX,
    LABEL_VALUE,
    URI,
    UUID,
    BYTE,
    DATE,
    DATETIME,
    NAMED_COUNT,
};

static const NamedFormat formats[NAMED_COUNT] = {
    [DNS1123_LABEL] = {{&format_kind}, STR_INIT("dns1123Label"), dns1123_label},
    [DNS1123_SUBDOMAIN] = {{&format_kind}, STR_INIT("dns1123Subdomain"), dns1123_subdomain},
    [DNS1035_LABEL] = {{&format_kind}, STR_INIT("dns1035Label"), dns1035_label},
    [QUALIFIED_NAME] = {{&format_kind}, STR_INIT("qualifiedName"), qualified_name},
    [DNS1123_LABEL_PREFIX] = {{&format_kind}, STR_INIT("dns1123LabelPrefix"), dns1123_label_prefix},
    [DNS1123_SUBDOMAIN_PREFIX] = {{&format_kind},
                                  STR_INIT("dns1123SubdomainPrefix"),
                                  dns1123_subdomain_prefix},
    [DNS1035_LABEL_PREFIX] = {{&format_kind}, STR_INIT("dns1035LabelPrefix"), dns1035_label_prefix},
    [LABEL_VALUE] = {{&format_kind}, STR_INIT("labelValue"), label_value},
    [URI] = {{&format_kind}, STR_INIT("uri"), uri},
    [UUID] = {{&format_kind}, STR_INIT("uuid"), uuid},
    [BYTE] = {{&format_kind}, STR_INIT("byte"), byte},
    [DATE] = {{&format_kind}, STR_INIT("date"), date},
    [DATETIME] = {{&format_kind}, STR_INIT("datetime"), datetime},
};

/* functions */

#define NAMED(function, index)                                                                     \
    CelValue cel_host_format_##function(CelMachine *machine, const CelValue *args, uint32_t count) \
    {                                                                                              \
        (void)machine;                                                                             \
        (void)args;                                                                                \
        (void)count;                                                                               \
        return cel_new_opaque(&formats[index].head);                                               \
    }

NAMED(dns1123_label, DNS1123_LABEL)
NAMED(dns1123_subdomain, DNS1123_SUBDOMAIN)
NAMED(dns1035_label, DNS1035_LABEL)
NAMED(qualified_name, QUALIFIED_NAME)
NAMED(dns1123_label_prefix, DNS1123_LABEL_PREFIX)
NAMED(dns1123_subdomain_prefix, DNS1123_SUBDOMAIN_PREFIX)
NAMED(dns1035_label_prefix, DNS1035_LABEL_PREFIX)
NAMED(label_value, LABEL_VALUE)
NAMED(uri, URI)
NAMED(uuid, UUID)
NAMED(byte, BYTE)
NAMED(date, DATE)
NAMED(datetime, DATETIME)

CelValue cel_host_format_named(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    if (args[0].kind != CEL_STRING)
        return cel_no_overload(machine);
    for (size_t i = 0; i < NAMED_COUNT; i++)
        if (str_eq(formats[i].name, cel_text(args[0])))
            return cel_new_optional(machine, cel_new_opaque(&formats[i].head));
    return cel_no_optional();
}

CelValue cel_host_format_validate(CelMachine *machine, const CelValue *args, uint32_t count)
{
    const char *reason;
    CelValue list, *items;

    (void)count;
    if (args[0].kind != CEL_OPAQUE || args[0].as.opaque->kind != &format_kind ||
        args[1].kind != CEL_STRING)
        return cel_no_overload(machine);
    reason = ((const NamedFormat *)args[0].as.opaque)->check(cel_text(args[1]));
    if (!reason)
        return cel_no_optional();
    list = cel_new_list(machine, 1, &items);
    if (list.kind != CEL_LIST)
        return list;
    items[0] = cel_string(str_of(reason));
    return cel_new_optional(machine, list);
}
