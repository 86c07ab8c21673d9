#include "report/uri.h"

#include "base/buf.h"

static bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~' || c == '/';
}

Str uri_of_path(Str path, Arena *arena)
{
    static const char digits[] = "0123456789ABCDEF";
    Buf uri = buf_new(arena);

    while (str_starts(path, STR("./")))
        path = str_from(path, 2);
    for (uint32_t i = 0; i < path.size; i++) {
        unsigned char c = (unsigned char)path.data[i];
        char code[3] = {'%', digits[c >> 4], digits[c & 15]};
        buf_add(&uri, is_unreserved(path.data[i]) ? str_sub(path, i, 1) : (Str){code, 3});
    }
    return uri.size ? buf_str(&uri) : STR(".");
}
