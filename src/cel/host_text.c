/* glob(), unbase64() and jsonpatch.escapeKey(). */
#include "base/base64.h"
#include "base/buf.h"
#include "cel/host.h"

CelValue cel_host_glob(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    if (args[0].kind != CEL_STRING || args[1].kind != CEL_STRING)
        return cel_no_overload(machine);
    /* a pattern of stars may look at every text position for every one of its own */
    if (!cel_charge(machine, (uint64_t)args[0].size * args[1].size / 16))
        return cel_exhausted(machine);
    return cel_bool(str_glob(cel_text(args[0]), cel_text(args[1])));
}

/* What is no Base64 of a text is the text itself: first scripts of machines are written both ways.
 */
CelValue cel_host_unbase64(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue result;
    Str text, bytes;

    (void)count;
    if (host_settled(machine, args, &text, &result))
        return result;
    if (!cel_charge(machine, text.size / 4))
        return cel_exhausted(machine);
    if (!text.size || !base64_decode(machine->arena, text, &bytes) || !utf8_valid(bytes))
        return arena_spent(machine->arena) ? cel_spent() : args[0];
    return host_string(bytes, args[0]);
}

/* RFC 6901: `~` and `/` of a key in a JSON pointer. */
CelValue cel_host_jsonpatch_escape(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Buf out = buf_new(machine->arena);
    CelValue result;
    Str text;

    (void)count;
    if (host_settled(machine, args, &text, &result))
        return result;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] == '~')
            buf_add_z(&out, "~0");
        else if (text.data[i] == '/')
            buf_add_z(&out, "~1");
        else
            buf_add_char(&out, text.data[i]);
    }
    return arena_spent(machine->arena) ? cel_spent() : cel_string(buf_str(&out));
}
