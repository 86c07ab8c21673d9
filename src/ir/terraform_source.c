#include "ir/terraform_source.h"

typedef struct Paths {
    Arena *arena;
    Str *items;
    uint32_t count;
    Str inner; /* the directory inside of what is kept: of "a/b//modules/c", "modules/c" */
} Paths;

static void add(Paths *paths, Str path)
{
    if (!path.size || paths->count == TF_SOURCE_PATHS_MAX)
        return;
    paths->items[paths->count++] =
        paths->inner.size
            ? str_format(paths->arena, "%.*s/%.*s", STR_ARG(path), STR_ARG(paths->inner))
            : path;
}

static Str before(Str text, Str mark)
{
    int64_t at = str_find(text, mark);

    return at < 0 ? text : str_sub(text, 0, (uint32_t)at);
}

static Str after(Str text, Str mark)
{
    int64_t at = str_find(text, mark);

    return at < 0 ? text : str_from(text, (uint32_t)at + mark.size);
}

/* "git::https://user@host/org/repo.git//sub?ref=v1" to "host/org/repo" and "sub". */
static Str tidy(Arena *arena, Str source, Str *inner)
{
    Str text = after(after(before(source, STR("?")), STR("::")), STR("://"));
    int64_t at = str_find(text, STR("//"));
    int64_t colon;

    *inner = at < 0 ? STR("") : str_from(text, (uint32_t)at + 2);
    text = before(text, STR("//"));
    text = after(text, STR("@"));
    if (str_ends(text, STR(".git")))
        text.size -= 4;
    /* git@host:org/repo */
    colon = str_find_char(text, ':');
    return colon < 0 ? text
                     : str_format(arena, "%.*s/%.*s", (int)colon, text.data,
                                  STR_ARG(str_from(text, (uint32_t)colon + 1)));
}

/* A registry's "namespace/name/provider" is the repository "terraform-provider-name". */
static void add_repository(Paths *paths, Str base)
{
    Str parts[4], rest = base;
    uint32_t count = 0;

    while (count < 4 && str_split(&rest, '/', &parts[count]))
        count++;
    if (rest.size || count < 3)
        return;
    add(paths, str_format(paths->arena, "terraform-%.*s-%.*s", STR_ARG(parts[count - 1]),
                          STR_ARG(parts[count - 2])));
}

static bool leads_up(Str path)
{
    Str part;

    while (str_split(&path, '/', &part))
        if (str_eq(part, STR("..")))
            return true;
    return false;
}

uint32_t tf_source_paths(Str source, Str name, Arena *arena, Str items[TF_SOURCE_PATHS_MAX])
{
    Paths paths = {.arena = arena, .items = items};
    Str base = tidy(arena, source, &paths.inner), rest = base, part;

    if (leads_up(base) || leads_up(paths.inner))
        return 0;
    do
        add(&paths, rest);
    while (paths.count < TF_SOURCE_PATHS_MAX - 2 && str_split(&rest, '/', &part) && rest.size);
    add_repository(&paths, base);
    add(&paths, name);
    return paths.count;
}
