#include "report/xml.h"

#include "base/utf8.h"

static const char *escape_of(uint32_t code)
{
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    case 0xfffd:
        return "\xef\xbf\xbd";
    default:
        return NULL;
    }
}

/* Char of XML 1.0, section 2.2. */
static bool is_allowed(uint32_t code)
{
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code < 0xfffe) ||
           code > 0xffff;
}

static void add_text(Out *out, Str text, bool lines)
{
    while (text.size) {
        uint32_t size;
        uint32_t code = utf8_first(text, &size);
        const char *escape = lines && (code == '\n' || code == '\t') ? NULL : escape_of(code);
        if (escape)
            out_z(out, escape);
        else if (is_allowed(code))
            out_add(out, str_sub(text, 0, size));
        text = str_from(text, size);
    }
}

void xml_text(Out *out, Str text)
{
    add_text(out, text, true);
}

void xml_attribute(Out *out, const char *name, Str text)
{
    out_char(out, ' ');
    out_z(out, name);
    out_z(out, "=\"");
    add_text(out, text, false);
    out_char(out, '"');
}
