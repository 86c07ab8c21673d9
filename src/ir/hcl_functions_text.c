#include "ir/hcl_functions_parts.h"

#include "syntax/hcl_lex.h"

/* --- letters --- */

/* Simple case mapping of the scripts that names are written in: Latin, Greek, Cyrillic. */
static uint32_t upper_codepoint(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    if ((c >= 0xe0 && c <= 0xfe && c != 0xf7) || (c >= 0x3b1 && c <= 0x3c9 && c != 0x3c2) ||
        (c >= 0x430 && c <= 0x44f))
        return c - 32;
    if (c >= 0x450 && c <= 0x45f)
        return c - 80;
    if ((c >= 0x100 && c <= 0x137 && c != 0x131) || (c >= 0x14a && c <= 0x177) ||
        (c >= 0x460 && c <= 0x481))
        return c & ~1u;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
        return c - (c % 2 == 0);
    return c == 0xff ? 0x178 : c == 0x3c2 ? 0x3a3 : c;
}

static uint32_t lower_codepoint(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) ||
        (c >= 0x410 && c <= 0x42f))
        return c + 32;
    if (c >= 0x400 && c <= 0x40f)
        return c + 80;
    if ((c >= 0x100 && c <= 0x137 && c != 0x130) || (c >= 0x14a && c <= 0x177) ||
        (c >= 0x460 && c <= 0x481))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e))
        return c + (c % 2 == 1);
    return c == 0x178 ? 0xff : c;
}

static Node map_letters(HclEval *eval, const HclCall *call, uint32_t (*map)(uint32_t))
{
    Buf buf = buf_new(eval->arena);
    Str text;

    if (!hcl_arg_text(eval, call, 0, &text))
        return hcl_failed(eval, call);
    for (uint32_t i = 0, length; i < text.size; i += length) {
        uint32_t codepoint;
        length = hcl_utf8(text.data + i, text.size - i, &codepoint);
        if (length)
            buf_add_codepoint(&buf, map(codepoint));
        else
            buf_add_char(&buf, text.data[i]);
        length += !length;
    }
    return hcl_text_result(eval, call, buf_str(&buf));
}

Node hcl_fn_lower(HclEval *eval, const HclCall *call)
{
    return map_letters(eval, call, lower_codepoint);
}

Node hcl_fn_upper(HclEval *eval, const HclCall *call)
{
    return map_letters(eval, call, upper_codepoint);
}
