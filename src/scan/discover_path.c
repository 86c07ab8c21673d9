#include "scan/discover_path.h"

Str path_below(Arena *arena, Str folder, Str name)
{
    uint32_t from = folder.size ? folder.size + 1 : 0;
    char *path = arena_raw(arena, (size_t)from + name.size + 1, 1);

    if (!path)
        return (Str){NULL, 0};
    if (from) {
        memcpy(path, folder.data, folder.size);
        path[folder.size] = '/';
    }
    memcpy(path + from, name.data, name.size);
    path[from + name.size] = '\0';
    return (Str){path, from + name.size};
}

Str path_folder(Str path)
{
    int64_t slash = str_find_last_char(path, '/');

    return slash < 0 ? (Str){path.data, 0} : str_sub(path, 0, (uint32_t)slash);
}

Str path_tidy(Str path)
{
    while (str_starts(path, STR("./")))
        path = str_from(path, 2);
    while (path.size > 1 && path.data[path.size - 1] == '/')
        path.size--;
    return str_eq(path, STR(".")) ? (Str){path.data, 0} : path;
}
