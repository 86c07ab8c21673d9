/* image(): references to container images, by the grammar of github.com/distribution/reference. */
#include "cel/host.h"

typedef struct Image {
    Str registry;
    Str path; /* without the registry, as written */
    Str tag;
    Str digest;
} Image;

static bool is_lower(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

static bool is_alnum(char c)
{
    return is_lower(c) || (c >= 'A' && c <= 'Z');
}

static bool is_hex(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static uint32_t run(Str text, bool (*is)(char))
{
    uint32_t n = 0;

    while (n < text.size && is(text.data[n]))
        n++;
    return n;
}

/* What may stand between two runs of letters in a part of a path: `_`, `.`, `__` or any `-`. */
static uint32_t path_separator(Str text)
{
    uint32_t n = 0;

    if (text.size == 0)
        return 0;
    if (text.data[0] == '-') {
        while (n < text.size && text.data[n] == '-')
            n++;
        return n;
    }
    if (text.data[0] == '.')
        return 1;
    if (text.data[0] == '_')
        return text.size > 1 && text.data[1] == '_' ? 2 : 1;
    return 0;
}

static bool is_path_part(Str part)
{
    for (;;) {
        uint32_t letters = run(part, is_lower), separator;

        part = str_from(part, letters);
        if (letters == 0 || part.size == 0)
            return letters > 0;
        separator = path_separator(part);
        if (separator == 0)
            return false;
        part = str_from(part, separator);
    }
}

static bool is_path(Str path)
{
    Str part;

    if (path.size == 0 || path.data[path.size - 1] == '/')
        return false;
    while (str_split(&path, '/', &part))
        if (!is_path_part(part))
            return false;
    return true;
}

static bool is_host_label(Str label)
{
    if (label.size == 0 || label.data[0] == '-' || label.data[label.size - 1] == '-')
        return false;
    for (uint32_t i = 0; i < label.size; i++)
        if (!is_alnum(label.data[i]) && label.data[i] != '-')
            return false;
    return true;
}

static bool is_host(Str host)
{
    Str label;

    if (host.size > 2 && host.data[0] == '[' && host.data[host.size - 1] == ']') {
        for (uint32_t i = 1; i + 1 < host.size; i++)
            if (!is_hex(host.data[i]) && host.data[i] != ':')
                return false;
        return true;
    }
    if (host.size == 0 || host.data[host.size - 1] == '.')
        return false;
    while (str_split(&host, '.', &label))
        if (!is_host_label(label))
            return false;
    return true;
}

static bool is_registry(Str registry)
{
    int64_t colon = str_find_last_char(registry, ':');
    int64_t bracket = str_find_last_char(registry, ']');
    Str port;

    if (colon < 0 || colon < bracket)
        return is_host(registry);
    port = str_from(registry, (uint32_t)colon + 1);
    for (uint32_t i = 0; i < port.size; i++)
        if (port.data[i] < '0' || port.data[i] > '9')
            return false;
    return port.size > 0 && is_host(str_sub(registry, 0, (uint32_t)colon));
}

/* The first part of a name is a registry if it cannot be part of a path, or is localhost. */
static bool names_registry(Str part)
{
    if (str_eq(part, STR("localhost")))
        return true;
    for (uint32_t i = 0; i < part.size; i++)
        if (part.data[i] == '.' || part.data[i] == ':' ||
            (part.data[i] >= 'A' && part.data[i] <= 'Z'))
            return true;
    return false;
}

static bool is_tag(Str tag)
{
    if (tag.size == 0 || tag.size > 128 || tag.data[0] == '.' || tag.data[0] == '-')
        return false;
    for (uint32_t i = 0; i < tag.size; i++)
        if (!is_alnum(tag.data[i]) && tag.data[i] != '_' && tag.data[i] != '.' &&
            tag.data[i] != '-')
            return false;
    return true;
}

static bool is_digest(Str digest)
{
    int64_t colon = str_find_char(digest, ':');
    Str hex, algorithm;

    if (colon <= 0)
        return false;
    algorithm = str_sub(digest, 0, (uint32_t)colon);
    hex = str_from(digest, (uint32_t)colon + 1);
    for (uint32_t i = 0; i < algorithm.size; i++) {
        char c = algorithm.data[i];
        bool separator = c == '+' || c == '.' || c == '-' || c == '_';

        if ((!is_alnum(c) && !separator) || (separator && (i == 0 || i + 1 == algorithm.size)))
            return false;
    }
    return hex.size >= 32 && run(hex, is_hex) == hex.size;
}

/* Takes what follows the last `mark` behind the last slash off the end. False if it is not there.
 */
static bool take_end(Str *rest, char mark, Str *end)
{
    int64_t at = str_find_last_char(*rest, mark);

    if (at < 0 || at < str_find_last_char(*rest, '/'))
        return false;
    *end = str_from(*rest, (uint32_t)at + 1);
    *rest = str_sub(*rest, 0, (uint32_t)at);
    return true;
}

static bool take_digest(Str *rest, Str *digest)
{
    int64_t at = str_find_char(*rest, '@');

    if (at < 0)
        return true;
    *digest = str_from(*rest, (uint32_t)at + 1);
    *rest = str_sub(*rest, 0, (uint32_t)at);
    return is_digest(*digest);
}

static bool read_image(Str text, Image *image)
{
    int64_t slash;
    Str rest = text;

    *image = (Image){{0}, {0}, {0}, {0}};
    if (!take_digest(&rest, &image->digest))
        return false;
    if (take_end(&rest, ':', &image->tag) && !is_tag(image->tag))
        return false;
    slash = str_find_char(rest, '/');
    if (slash > 0 && names_registry(str_sub(rest, 0, (uint32_t)slash))) {
        image->registry = str_sub(rest, 0, (uint32_t)slash);
        rest = str_from(rest, (uint32_t)slash + 1);
        if (!is_registry(image->registry))
            return false;
    }
    image->path = rest;
    return is_path(rest) && image->registry.size + rest.size < 256;
}

/* Docker's registry is meant where none is named, and its library where the name is one word. */
static bool complete(CelMachine *machine, Image *image)
{
    if (image->registry.size == 0 || str_eq(image->registry, STR("index.docker.io")))
        image->registry = STR("docker.io");
    if (str_eq(image->registry, STR("docker.io")) && str_find_char(image->path, '/') < 0)
        image->path = str_join(machine->arena, STR("library/"), image->path);
    return image->path.data != NULL;
}

CelValue cel_host_image(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue result, *entries;
    uint32_t used = 0;
    Image image;
    Str text;

    (void)count;
    if (host_settled(machine, args, &text, &result))
        return result;
    if (!read_image(text, &image) || !complete(machine, &image))
        return host_absent(args[0]);
    result = cel_new_map(machine, 5, &entries);
    if (result.kind != CEL_MAP)
        return result;
    host_put(entries, &used, "registry", host_string(image.registry, args[0]));
    host_put(entries, &used, "repository", host_string(image.path, args[0]));
    host_put(entries, &used, "name",
             host_string(str_from(image.path, (uint32_t)(str_find_last_char(image.path, '/') + 1)),
                         args[0]));
    host_put(entries, &used, "tag",
             image.tag.size ? host_string(image.tag, args[0]) : host_absent(args[0]));
    host_put(entries, &used, "digest",
             image.digest.size ? host_string(image.digest, args[0]) : host_absent(args[0]));
    return result;
}
