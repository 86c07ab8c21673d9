#include "cel/lex.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/buf.h"

static int peek(const CelLexer *l, uint32_t ahead)
{
    return ahead < l->text.size - l->at ? (unsigned char)l->text.data[l->at + ahead] : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static int hex_value(int c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static Span span_of(const CelLexer *l, uint32_t start, uint32_t end)
{
    return (Span){l->source, l->offset + start, l->offset + end};
}

static CelToken fail(CelLexer *l, uint32_t start, uint32_t end, const char *message)
{
    diag_error(l->diags, DIAG_CEL_SYNTAX, span_of(l, start, end), "%s", message);
    return (CelToken){.kind = CEL_TOKEN_ERROR, .start = start, .end = end};
}

static void skip_blanks(CelLexer *l)
{
    for (;;) {
        int c = peek(l, 0);

        if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
            l->at++;
        } else if (c == '/' && peek(l, 1) == '/') {
            while (l->at < l->text.size && l->text.data[l->at] != '\n')
                l->at++;
        } else {
            return;
        }
    }
}

static CelToken token(CelLexer *l, CelTokenKind kind, uint32_t size)
{
    CelToken result = {.kind = kind, .start = l->at, .end = l->at + size};

    result.text = str_sub(l->text, l->at, size);
    l->at += size;
    return result;
}

/* names */

static bool is_reserved(Str word)
{
    static const Str words[] = {
        STR_INIT("as"),    STR_INIT("break"),     STR_INIT("const"), STR_INIT("continue"),
        STR_INIT("else"),  STR_INIT("for"),       STR_INIT("if"),    STR_INIT("function"),
        STR_INIT("let"),   STR_INIT("import"),    STR_INIT("loop"),  STR_INIT("package"),
        STR_INIT("var"),   STR_INIT("namespace"), STR_INIT("void"),  STR_INIT("return"),
        STR_INIT("while"),
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(word, words[i]))
            return true;
    return false;
}

static CelToken lex_name(CelLexer *l)
{
    uint32_t size = 1;
    CelToken result;

    while (is_letter(peek(l, size)) || is_digit(peek(l, size)))
        size++;
    result = token(l, CEL_TOKEN_IDENT, size);
    if (str_eq(result.text, STR("true")))
        result.kind = CEL_TOKEN_TRUE;
    else if (str_eq(result.text, STR("false")))
        result.kind = CEL_TOKEN_FALSE;
    else if (str_eq(result.text, STR("null")))
        result.kind = CEL_TOKEN_NULL;
    else if (str_eq(result.text, STR("in")))
        result.kind = CEL_TOKEN_IN;
    else if (is_reserved(result.text))
        result.kind = CEL_TOKEN_RESERVED;
    return result;
}

/* A field in backticks: letters, digits and `_ . - /` and blanks. */
static CelToken lex_quoted_name(CelLexer *l)
{
    uint32_t size = 1;
    CelToken result;

    while (is_letter(peek(l, size)) || is_digit(peek(l, size)) || peek(l, size) == '.' ||
           peek(l, size) == '-' || peek(l, size) == '/' || peek(l, size) == ' ')
        size++;
    if (peek(l, size) != '`' || size == 1)
        return fail(l, l->at, l->at + size,
                    "a field in backticks has letters, digits, `_.-/` and "
                    "blanks, and ends with a backtick");
    result = token(l, CEL_TOKEN_QUOTED, size + 1);
    result.text = str_sub(result.text, 1, size - 1);
    return result;
}

/* numbers */

static uint32_t count_digits(const CelLexer *l, uint32_t from)
{
    uint32_t n = 0;

    while (is_digit(peek(l, from + n)))
        n++;
    return n;
}

/* Bytes of a fraction and exponent at `from`; 0 when the number is no double. */
static uint32_t double_tail(const CelLexer *l, uint32_t from)
{
    uint32_t size = 0, sign, digits;

    if (peek(l, from) == '.' && is_digit(peek(l, from + 1)))
        size = 1 + count_digits(l, from + 1);
    if (peek(l, from + size) != 'e' && peek(l, from + size) != 'E')
        return size;
    sign = peek(l, from + size + 1) == '+' || peek(l, from + size + 1) == '-';
    digits = count_digits(l, from + size + 1 + sign);
    return digits ? size + 1 + sign + digits : size;
}

static CelToken lex_double(CelLexer *l, uint32_t size)
{
    CelToken result = token(l, CEL_TOKEN_DOUBLE, size);
    const char *text = str_copy_z(l->arena, result.text);

    if (!text)
        return (CelToken){.kind = CEL_TOKEN_ERROR};
    result.as.number = strtod(text, NULL);
    if (isinf(result.as.number))
        return fail(l, result.start, result.end, "the number is beyond what a double can hold");
    return result;
}

static bool read_magnitude(Str digits, unsigned base, uint64_t *value)
{
    *value = 0;
    for (uint32_t i = 0; i < digits.size; i++) {
        uint64_t digit = (uint64_t)hex_value((unsigned char)digits.data[i]);

        if (*value > (UINT64_MAX - digit) / base)
            return false;
        *value = *value * base + digit;
    }
    return true;
}

static CelToken lex_integer(CelLexer *l)
{
    bool hex =
        peek(l, 0) == '0' && (peek(l, 1) == 'x' || peek(l, 1) == 'X') && hex_value(peek(l, 2)) >= 0;
    uint32_t skip = hex ? 2 : 0, size = skip;
    bool is_unsigned;
    CelToken result;

    while (hex ? hex_value(peek(l, size)) >= 0 : is_digit(peek(l, size)))
        size++;
    is_unsigned = peek(l, size) == 'u' || peek(l, size) == 'U';
    result = token(l, is_unsigned ? CEL_TOKEN_UINT : CEL_TOKEN_INT, size + is_unsigned);
    if (!read_magnitude(str_sub(result.text, skip, size - skip), hex ? 16 : 10,
                        &result.as.magnitude))
        return fail(l, result.start, result.end, "the integer does not fit 64 bits");
    return result;
}

static CelToken lex_number(CelLexer *l)
{
    uint32_t digits = count_digits(l, 0);
    uint32_t tail = double_tail(l, digits);

    return tail ? lex_double(l, digits + tail) : lex_integer(l);
}

/* strings */

typedef struct Literal {
    uint32_t start;  /* of the token, prefix included */
    uint32_t quotes; /* 1 or 3 */
    char quote;
    bool raw;
    bool bytes;
} Literal;

static bool at_quotes(const CelLexer *l, uint32_t ahead, const Literal *literal)
{
    for (uint32_t i = 0; i < literal->quotes; i++)
        if (peek(l, ahead + i) != literal->quote)
            return false;
    return true;
}

/* Bytes up to the closing quotes, or -1 when there are none. */
static int64_t literal_size(const CelLexer *l, const Literal *literal, bool *plain)
{
    uint32_t size = 0;

    for (*plain = true; !at_quotes(l, size, literal); size++) {
        int c = peek(l, size);

        if (c < 0 || (literal->quotes == 1 && (c == '\n' || c == '\r')))
            return -1;
        if (c == '\r')
            *plain = false;
        if (c == '\\' && !literal->raw) {
            *plain = false;
            size++;
            if (peek(l, size) < 0)
                return -1;
        }
    }
    return size;
}

static int simple_escape(int c)
{
    static const char names[] = "abfnrtv\\?\"'`";
    static const char values[] = "\a\b\f\n\r\t\v\\?\"'`";
    const char *found = c > 0 ? strchr(names, c) : NULL;

    return found ? values[found - names] : -1;
}

/* Digits of a numeric escape whose first letter is `c`, and its base; 0 when `c` begins none. */
static uint32_t escape_digits(int c, bool bytes, uint32_t *base)
{
    *base = c >= '0' && c <= '3' ? 8 : 16;
    switch (c) {
    case 'x':
    case 'X':
        return 2;
    case 'u':
        return bytes ? 0 : 4;
    case 'U':
        return bytes ? 0 : 8;
    default:
        return *base == 8 ? 3 : 0;
    }
}

static bool is_scalar_value(uint64_t codepoint)
{
    return codepoint <= 0x10ffff && !(codepoint >= 0xd800 && codepoint <= 0xdfff);
}

/* The escape at `text[*at]`, after its backslash, appended to `out`. */
static bool add_escape(Str text, uint32_t *at, const Literal *literal, Buf *out)
{
    int c = (unsigned char)text.data[*at];
    int simple = simple_escape(c);
    uint32_t base, digits = escape_digits(c, literal->bytes, &base);
    uint32_t first = *at + (base == 16);
    uint64_t value = 0;

    if (simple >= 0) {
        buf_add_char(out, (char)simple);
        *at += 1;
        return true;
    }
    if (digits == 0 || first + digits > text.size)
        return false;
    for (uint32_t i = 0; i < digits; i++) {
        int digit = hex_value((unsigned char)text.data[first + i]);

        if (digit < 0 || (uint32_t)digit >= base)
            return false;
        value = value * base + (uint64_t)digit;
    }
    *at = first + digits;
    if (literal->bytes)
        buf_add_char(out, (char)value);
    else if (is_scalar_value(value))
        buf_add_codepoint(out, (uint32_t)value);
    else
        return false;
    return true;
}

/* A line end of any kind in a literal of several lines is one LF. */
static bool unescape(CelLexer *l, Str text, uint32_t begin, const Literal *literal, Str *result)
{
    Buf out = buf_new(l->arena);

    for (uint32_t at = 0; at < text.size;) {
        char c = text.data[at++];

        if (c == '\\' && !literal->raw) {
            uint32_t escape = at - 1;

            if (!add_escape(text, &at, literal, &out)) {
                fail(l, begin + escape, begin + escape + 2, "there is no such escape");
                return false;
            }
        } else if (c == '\r') {
            at += at < text.size && text.data[at] == '\n';
            buf_add_char(&out, '\n');
        } else {
            buf_add_char(&out, c);
        }
    }
    *result = buf_str(&out);
    return !arena_spent(l->arena);
}

static CelToken lex_string(CelLexer *l, Literal literal)
{
    CelToken result = {.kind = literal.bytes ? CEL_TOKEN_BYTES : CEL_TOKEN_STRING,
                       .start = literal.start};
    uint32_t begin;
    int64_t size;
    bool plain;

    literal.quote = (char)peek(l, 0);
    literal.quotes = peek(l, 1) == literal.quote && peek(l, 2) == literal.quote ? 3 : 1;
    l->at += literal.quotes;
    begin = l->at;
    size = literal_size(l, &literal, &plain);
    if (size < 0)
        return fail(l, literal.start, begin, "the string has no closing quotes");
    l->at = begin + (uint32_t)size + literal.quotes;
    result.end = l->at;
    result.text = str_sub(l->text, begin, (uint32_t)size);
    if (!plain && !unescape(l, result.text, begin, &literal, &result.text))
        result.kind = CEL_TOKEN_ERROR;
    return result;
}

/* Whether a string begins here, and its prefix; moves to the quotes. */
static bool begins_string(CelLexer *l, Literal *literal)
{
    uint32_t size = 0;

    *literal = (Literal){.start = l->at};
    if (peek(l, size) == 'b' || peek(l, size) == 'B') {
        literal->bytes = true;
        size++;
    }
    if (peek(l, size) == 'r' || peek(l, size) == 'R') {
        literal->raw = true;
        size++;
    }
    if (peek(l, size) != '"' && peek(l, size) != '\'')
        return false;
    l->at += size;
    return true;
}

/* punctuation */

static CelToken lex_punctuation(CelLexer *l)
{
    static const struct {
        char text[3];
        uint8_t kind;
    } table[] = {
        {"&&", CEL_TOKEN_AND},          {"||", CEL_TOKEN_OR},
        {"==", CEL_TOKEN_EQUAL},        {"!=", CEL_TOKEN_NOT_EQUAL},
        {"<=", CEL_TOKEN_LESS_EQUAL},   {">=", CEL_TOKEN_GREATER_EQUAL},
        {"<", CEL_TOKEN_LESS},          {">", CEL_TOKEN_GREATER},
        {"!", CEL_TOKEN_NOT},           {".", CEL_TOKEN_DOT},
        {",", CEL_TOKEN_COMMA},         {":", CEL_TOKEN_COLON},
        {"?", CEL_TOKEN_QUESTION},      {"(", CEL_TOKEN_LEFT_PAREN},
        {")", CEL_TOKEN_RIGHT_PAREN},   {"[", CEL_TOKEN_LEFT_BRACKET},
        {"]", CEL_TOKEN_RIGHT_BRACKET}, {"{", CEL_TOKEN_LEFT_BRACE},
        {"}", CEL_TOKEN_RIGHT_BRACE},   {"+", CEL_TOKEN_PLUS},
        {"-", CEL_TOKEN_MINUS},         {"*", CEL_TOKEN_STAR},
        {"/", CEL_TOKEN_SLASH},         {"%", CEL_TOKEN_PERCENT},
    };

    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (peek(l, 0) == table[i].text[0] && (!table[i].text[1] || peek(l, 1) == table[i].text[1]))
            return token(l, table[i].kind, table[i].text[1] ? 2 : 1);
    return fail(l, l->at, l->at + 1,
                peek(l, 0) == '=' ? "a comparison is written `==`"
                                  : "this character has no meaning");
}

CelToken cel_lex(CelLexer *l)
{
    Literal literal;

    skip_blanks(l);
    if (l->at >= l->text.size)
        return (CelToken){.kind = CEL_TOKEN_END, .start = l->at, .end = l->at};
    if (begins_string(l, &literal))
        return lex_string(l, literal);
    if (is_letter(peek(l, 0)))
        return lex_name(l);
    if (is_digit(peek(l, 0)) || (peek(l, 0) == '.' && is_digit(peek(l, 1))))
        return lex_number(l);
    if (peek(l, 0) == '`')
        return lex_quoted_name(l);
    return lex_punctuation(l);
}
