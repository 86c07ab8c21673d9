/* The encoders extension: base64 (RFC 4648, section 4). */
#include "base/base64.h"
#include "cel/library.h"

CelValue cel_fn_base64_encode(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint64_t size;
    Str text;

    if (!cel_args_are(args, count, "b"))
        return cel_no_overload(machine);
    size = ((uint64_t)args[0].size + 2) / 3 * 4;
    if (size >= UINT32_MAX || !cel_charge(machine, size / 8))
        return cel_exhausted(machine);
    text = base64_encode(machine->arena, (Str){args[0].as.text, args[0].size});
    return text.data ? cel_string(text) : cel_spent();
}

/* The text without its padding, which may be missing; false when there is too much of it. */
static bool without_padding(Str *text)
{
    uint32_t padding = 0;

    while (padding < text->size && text->data[text->size - 1 - padding] == '=')
        padding++;
    if (padding > 2 || (padding > 0 && text->size % 4 != 0))
        return false;
    text->size -= padding;
    return text->size % 4 != 1;
}

static bool decode(Str text, char *out, uint32_t *size)
{
    uint32_t group = 0, used = 0;

    for (uint32_t i = 0; i < text.size; i++) {
        const char *digit = text.data[i] ? strchr(base64_digits, text.data[i]) : NULL;

        if (!digit)
            return false;
        group = group << 6 | (uint32_t)(digit - base64_digits);
        if (i % 4 != 0)
            out[used++] = (char)(group >> (6 - 2 * (i % 4)));
    }
    *size = used;
    return true;
}

CelValue cel_fn_base64_decode(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint32_t size;
    Str text;
    char *out;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, args[0].size / 4))
        return cel_exhausted(machine);
    text = cel_text(args[0]);
    out = arena_raw(machine->arena, (size_t)text.size + 1, 1);
    if (!out)
        return cel_spent();
    if (!without_padding(&text) || !decode(text, out, &size))
        return cel_error(machine, "illegal base64 data");
    return cel_bytes((Str){out, size});
}
