#include "base/regex_syntax.h"

#include <ctype.h>
#include <stdio.h>

typedef struct Reader {
    Str pattern;
    uint32_t at;
    RegexSyntax *out;
    char *error;
    bool repeated; /* the last thing read was a repetition */
    bool ended;    /* $ was read: nothing may follow it in a literal */
} Reader;

static bool refuse(Reader *r, const char *what)
{
    snprintf(r->error, REGEX_ERROR_SIZE, "%s (at character %u of the pattern)", what, r->at + 1);
    return false;
}

static int peek(const Reader *r, uint32_t ahead)
{
    uint32_t at = r->at + ahead;

    return at < r->pattern.size ? (unsigned char)r->pattern.data[at] : -1;
}

static void put(Reader *r, const char *text, size_t size)
{
    memcpy(r->out->pattern + r->out->size, text, size);
    r->out->size += (uint32_t)size;
}

static void put_z(Reader *r, const char *text)
{
    put(r, text, strlen(text));
}

/* One byte that stands for itself. */
static void put_byte(Reader *r, int c)
{
    char byte = (char)c;

    if (c < 0x80 && ispunct(c) && c != '_')
        put_z(r, "\\");
    put(r, &byte, 1);
    if (r->ended)
        r->out->literal = false;
    else
        r->out->text[r->out->text_size++] = byte;
}

static void put_codepoint(Reader *r, unsigned long value)
{
    char text[16];
    int size = snprintf(text, sizeof(text), "\\x{%lX}", value);

    put(r, text, (size_t)size);
    r->out->literal = false;
}

static bool starts(const Reader *r, const char *text)
{
    return str_starts(str_from(r->pattern, r->at), str_of(text));
}

/* \x7F, \x{10FFFF}; `at` stands behind the x. */
static bool read_hex(Reader *r)
{
    bool braces = peek(r, 0) == '{';
    unsigned long value = 0;
    uint32_t digits = 0;

    r->at += braces;
    while (isxdigit(peek(r, 0)) && digits < (braces ? 8 : 2)) {
        int c = tolower(peek(r, 0));

        value = value * 16 + (unsigned long)(c <= '9' ? c - '0' : c - 'a' + 10);
        digits++;
        r->at++;
    }
    if (braces ? digits == 0 || peek(r, 0) != '}' || value > 0x10ffff : digits != 2)
        return refuse(r, "invalid escape \\x");
    r->at += braces;
    put_codepoint(r, value);
    return true;
}

/* \0, \07, \123. A lone \1 to \9 is a back reference. */
static bool read_octal(Reader *r, int first)
{
    unsigned long value = (unsigned long)(first - '0');
    int next = peek(r, 0);

    if (first != '0' && (first > '7' || next < '0' || next > '7'))
        return refuse(r, "back references are not supported");
    for (int i = 0; i < 2 && peek(r, 0) >= '0' && peek(r, 0) <= '7'; i++)
        value = value * 8 + (unsigned long)(peek(r, 0) - '0'), r->at++;
    put_codepoint(r, value);
    return true;
}

/* \pN, \p{Greek}, \P{^L}: PCRE2 reads them alike. */
static bool read_property(Reader *r, int letter)
{
    uint32_t start = r->at;

    r->out->literal = false;
    if (peek(r, 0) == '{')
        while (peek(r, 0) >= 0 && peek(r, 0) != '}')
            r->at++;
    if (peek(r, 0) < 0)
        return refuse(r, "invalid escape \\p");
    r->at++;
    put_z(r, letter == 'p' ? "\\p" : "\\P");
    put(r, r->pattern.data + start, r->at - start);
    return true;
}

/* The white space of RE2 lacks the vertical tab that PCRE2's has. */
static void put_space(Reader *r, int letter, bool in_class)
{
    if (letter == 's')
        put_z(r, in_class ? "\\t\\n\\f\\r " : "[\\t\\n\\f\\r ]");
    else
        put_z(r, in_class ? "\\S\\x0b" : "[^\\t\\n\\f\\r ]");
    r->out->literal = false;
}

/* Escapes that mean the same inside and outside of brackets. */
static bool read_common_escape(Reader *r, int c, bool in_class)
{
    char text[3] = {'\\', (char)c, 0};

    switch (c) {
    case 's':
    case 'S':
        put_space(r, c, in_class);
        return true;
    case 'd':
    case 'D':
    case 'w':
    case 'W':
    case 'a':
    case 'f':
    case 't':
    case 'n':
    case 'r':
        put_z(r, text);
        r->out->literal = false;
        return true;
    case 'v':
        put_codepoint(r, 0x0b);
        return true;
    case 'x':
        return read_hex(r);
    case 'p':
    case 'P':
        return read_property(r, c);
    default:
        break;
    }
    if (isdigit(c))
        return read_octal(r, c);
    if (c < 0x80 && ispunct(c)) {
        put_byte(r, c);
        return true;
    }
    if (c == 'C')
        return refuse(r, "\\C is not supported");
    snprintf(r->error, REGEX_ERROR_SIZE,
             c < 0x80 && isprint(c) ? "invalid escape \\%c" : "invalid escape", c);
    return false;
}

static bool read_quoted(Reader *r)
{
    while (peek(r, 0) >= 0 && !starts(r, "\\E"))
        put_byte(r, peek(r, 0)), r->at++;
    if (peek(r, 0) >= 0)
        r->at += 2;
    return true;
}

static bool read_escape(Reader *r)
{
    int c = peek(r, 1);

    if (c < 0)
        return refuse(r, "the pattern ends in a backslash");
    r->at += 2;
    switch (c) {
    case 'A':
        put_z(r, "\\A");
        if (r->out->size == 2)
            r->out->at_start = true;
        else
            r->out->literal = false;
        return true;
    case 'z':
        put_z(r, "\\z");
        r->out->at_end = r->ended = true;
        return true;
    case 'b':
    case 'B':
        put_z(r, c == 'b' ? "\\b" : "\\B");
        r->out->literal = false;
        return true;
    case 'Q':
        return read_quoted(r);
    case 'E': /* of an empty or absent \Q */
        return true;
    default:
        return read_common_escape(r, c, false);
    }
}

/* [:alpha:] inside brackets. */
static bool read_posix_class(Reader *r)
{
    uint32_t start = r->at;

    r->at += 2;
    while (isalpha(peek(r, 0)) || peek(r, 0) == '^')
        r->at++;
    if (!starts(r, ":]")) {
        r->at = start + 1;
        put_z(r, "\\[");
        return true;
    }
    r->at += 2;
    put(r, r->pattern.data + start, r->at - start);
    return true;
}

static bool read_class_item(Reader *r)
{
    int c = peek(r, 0);
    char byte = (char)c;

    if (c == '\\') {
        c = peek(r, 1);
        if (c < 0)
            return refuse(r, "the pattern ends in a backslash");
        r->at += 2;
        return read_common_escape(r, c, true);
    }
    if (starts(r, "[:"))
        return read_posix_class(r);
    if (c == '[')
        put_z(r, "\\");
    put(r, &byte, 1);
    r->at++;
    return true;
}

static bool read_class(Reader *r)
{
    bool first = true;

    r->out->literal = false;
    put_z(r, "[");
    r->at++;
    if (peek(r, 0) == '^') {
        put_z(r, "^");
        r->at++;
    }
    while (first || peek(r, 0) != ']') {
        if (peek(r, 0) < 0)
            return refuse(r, "missing ]");
        if (first && peek(r, 0) == ']') {
            put_z(r, "\\]");
            r->at++;
        } else if (!read_class_item(r)) {
            return false;
        }
        first = false;
    }
    put_z(r, "]");
    r->at++;
    return true;
}

/* (?P<name> and (?<name>: a group; nothing asks for its name. */
static bool read_name(Reader *r, uint32_t skip)
{
    uint32_t size = 0;

    r->at += skip;
    while (isalnum(peek(r, size)) || peek(r, size) == '_')
        size++;
    if (size == 0 || peek(r, size) != '>')
        return refuse(r, "invalid group name");
    r->at += size + 1;
    put_z(r, "(");
    return true;
}

/* (?i) (?s-m:...) (?U) (?:...) */
static bool read_flags(Reader *r)
{
    uint32_t size = 2;
    uint32_t dashes = 0;
    int c;

    while ((c = peek(r, size)) >= 0 && strchr("imsU-", c)) {
        dashes += c == '-';
        size++;
    }
    if ((c != ')' && c != ':') || dashes > 1 || (c == ')' && size == 2))
        return refuse(r, "this kind of group is not supported (look-around, atomic groups, "
                         "conditions, recursion)");
    size++;
    put(r, r->pattern.data + r->at, size);
    r->at += size;
    return true;
}

static bool read_group(Reader *r)
{
    r->out->literal = false;
    if (peek(r, 1) == '?') {
        if (starts(r, "(?P<"))
            return read_name(r, 4);
        if (starts(r, "(?<") && peek(r, 3) != '=' && peek(r, 3) != '!')
            return read_name(r, 3);
        return read_flags(r);
    }
    if (peek(r, 1) == '*' || peek(r, 1) == '+')
        return refuse(r, "nothing to repeat");
    put_z(r, "(");
    r->at++;
    return true;
}

/* The size of "{2}", "{2,}" or "{2,5}" at the reader, or 0: then the brace is a plain one. */
static uint32_t count_size(const Reader *r, bool *too_large)
{
    unsigned long value[2] = {0, 0};
    uint32_t size = 1, part = 0, digits = 0;
    int c;

    for (; (c = peek(r, size)) >= 0 && c != '}'; size++) {
        if (c == ',' && part == 0 && digits > 0) {
            part = 1;
        } else if (isdigit(c)) {
            digits++;
            if (value[part] <= 1000)
                value[part] = value[part] * 10 + (unsigned long)(c - '0');
        } else {
            return 0;
        }
    }
    if (c != '}' || digits == 0)
        return 0;
    *too_large = value[0] > 1000 || value[1] > 1000;
    return size + 1;
}

static bool read_repeat(Reader *r, uint32_t size)
{
    if (r->repeated)
        return refuse(r, "a repetition is repeated (possessive repetition is not supported)");
    put(r, r->pattern.data + r->at, size);
    r->at += size;
    if (peek(r, 0) == '?') {
        put_z(r, "?");
        r->at++;
    }
    r->out->literal = false;
    return true;
}

/* Reads a repetition; *done tells whether there was one. */
static bool try_repeat(Reader *r, bool *done)
{
    int c = peek(r, 0);
    bool too_large = false;
    uint32_t size = c == '*' || c == '+' || c == '?' ? 1 : 0;

    if (c == '{')
        size = count_size(r, &too_large);
    *done = size > 0;
    if (too_large)
        return refuse(r, "a repetition count may be 1000 at most");
    return size == 0 || read_repeat(r, size);
}

static bool read_plain(Reader *r, int c)
{
    switch (c) {
    case '\\':
        return read_escape(r);
    case '[':
        return read_class(r);
    case '(':
        return read_group(r);
    case '^':
        put_z(r, "^");
        if (r->at == 0)
            r->out->at_start = true;
        else
            r->out->literal = false;
        break;
    case '$':
        put_z(r, "$");
        r->out->at_end = r->ended = true;
        break;
    case '.':
    case '|':
    case ')':
        put(r, r->pattern.data + r->at, 1);
        r->out->literal = false;
        break;
    default:
        put_byte(r, c);
        break;
    }
    r->at++;
    return true;
}

bool regex_syntax_translate(Str pattern, RegexSyntax *out, char error[REGEX_ERROR_SIZE])
{
    Reader r = {.pattern = pattern, .out = out, .error = error};

    out->size = out->text_size = 0;
    out->literal = true;
    out->at_start = out->at_end = false;
    while (r.at < pattern.size) {
        bool repeat;

        if (!try_repeat(&r, &repeat))
            return false;
        if (!repeat && !read_plain(&r, peek(&r, 0)))
            return false;
        r.repeated = repeat;
    }
    return true;
}
