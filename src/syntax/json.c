#include "syntax/json.h"

#include <stdlib.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "base/buf.h"
#include "base/limits.h"
#include "syntax/keys.h"
#include "syntax/stack.h"

typedef struct Reader {
    const char *base; /* where offsets count from */
    const char *p;
    const char *end;
    Arena *arena;
    DiagSink *diags;
    uint16_t source;
    uint32_t depth;
    Stack nodes;
    Stack entries;
    const Symbols *symbols;
    const Str *skip;
    uint32_t skip_count;
} Reader;

static uint32_t offset(const Reader *r, const char *p)
{
    return (uint32_t)(p - r->base);
}

static Span span_at(const Reader *r, const char *from, const char *to)
{
    return (Span){r->source, offset(r, from), offset(r, to)};
}

static bool fail(Reader *r, const char *at, const char *message)
{
    diag_error(r->diags, DIAG_JSON_SYNTAX, span_at(r, at, at < r->end ? at + 1 : at), "%s%s",
               at < r->end ? "" : "the text ends early: ", message);
    return false;
}

static bool fail_memory(Reader *r)
{
    diag_error(r->diags, DIAG_MEMORY_SPENT, span_at(r, r->p, r->p), "memory is short");
    return false;
}

/* Inlined where it matters: most files have no blanks, or one after each colon. */
static void skip_blanks_far(Reader *r)
{
    const char *p = r->p;

#ifdef __SSE2__
    /* Indentation of pretty-printed text. */
    while (r->end - p >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        unsigned other =
            (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(' '))) ^ 0xffffu;
        if (other) {
            p += __builtin_ctz(other);
            if (*p != '\n' && *p != '\r' && *p != '\t')
                break;
            p++;
            continue;
        }
        p += 16;
    }
#endif
    while (p < r->end && (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t'))
        p++;
    r->p = p;
}

static inline void skip_blanks(Reader *r)
{
    if (r->p < r->end && (uint8_t)*r->p <= ' ')
        skip_blanks_far(r);
}

/* The first byte from `p` on that ends or interrupts the inside of a string. */
static inline const char *string_stop(const char *p, const char *end)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"'), back = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x1f);

    while (end - p >= 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);
        __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes);
        __m128i hit = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, back));
        unsigned mask = (unsigned)_mm_movemask_epi8(_mm_or_si128(hit, low));
        if (mask)
            return p + __builtin_ctz(mask);
        p += 16;
    }
#endif
    while (p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= 0x20)
        p++;
    return p;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* The four digits at `p`, or -1. */
static int32_t read_hex4(const Reader *r, const char *p)
{
    int32_t value = 0;

    if (r->end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(p[i]);
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value;
}

/* \uXXXX with r->p behind the u; a pair of surrogates is one character. */
static bool read_unicode(Reader *r, Buf *buf)
{
    int32_t code = read_hex4(r, r->p);
    int32_t low;

    if (code < 0)
        return fail(r, r->p, "\\u wants four hexadecimal digits");
    r->p += 4;
    if (code >= 0xd800 && code < 0xdc00 && r->end - r->p >= 6 && r->p[0] == '\\' &&
        r->p[1] == 'u') {
        low = read_hex4(r, r->p + 2);
        if (low >= 0xdc00 && low < 0xe000) {
            r->p += 6;
            code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
    }
    if (code >= 0xd800 && code < 0xe000)
        code = 0xfffd;
    if (buf)
        buf_add_codepoint(buf, (uint32_t)code);
    return true;
}

/* An escape with r->p behind its backslash; `buf` may be NULL to check only. */
static bool read_escape(Reader *r, Buf *buf)
{
    static const char from[] = "\"\\/bfnrt";
    static const char to[] = "\"\\/\b\f\n\r\t";
    const char *found;

    if (r->p == r->end)
        return fail(r, r->p, "a string is not closed");
    found = *r->p ? memchr(from, *r->p, sizeof from - 1) : NULL;
    if (found) {
        r->p++;
        if (buf)
            buf_add_char(buf, to[found - from]);
        return true;
    }
    if (*r->p != 'u')
        return fail(r, r->p, "a string holds an unknown escape");
    r->p++;
    return read_unicode(r, buf);
}

/* Goes on behind the part of a string without escapes, from `start` to the backslash at r->p. */
static bool read_escaped(Reader *r, const char *start, Str *text, bool keep)
{
    Buf buf = buf_new(r->arena);

    for (;;) {
        const char *stop = string_stop(r->p, r->end);
        r->p = stop;
        if (keep)
            buf_add(&buf, str_range(start, stop));
        if (stop == r->end)
            return fail(r, stop, "a string is not closed");
        if (*stop != '\\')
            break;
        r->p = stop + 1;
        if (!read_escape(r, keep ? &buf : NULL))
            return false;
        start = r->p;
    }
    if ((uint8_t)*r->p < 0x20)
        return fail(r, r->p, "a string holds a control character");
    r->p++;
    *text = buf_str(&buf);
    return !arena_spent(r->arena);
}

/* A string with r->p at its opening quote. */
static inline bool read_string(Reader *r, Str *text, bool keep)
{
    const char *start = r->p + 1;
    const char *stop = string_stop(start, r->end);

    r->p = stop;
    if (stop < r->end && *stop == '"') {
        *text = str_range(start, stop);
        r->p = stop + 1;
        return true;
    }
    if (stop < r->end && *stop == '\\')
        return read_escaped(r, start, text, keep);
    return fail(r, stop,
                stop == r->end ? "a string is not closed" : "a string holds a control character");
}

static const char *skip_digits(const Reader *r, const char *p)
{
    while (p < r->end && *p >= '0' && *p <= '9')
        p++;
    return p;
}

/* The end of the number at r->p, or NULL; `*integer` tells whether it has neither a fraction nor an
 * exponent. */
static const char *number_end(Reader *r, bool *integer)
{
    const char *p = r->p + (*r->p == '-');
    const char *digits = p;

    p = skip_digits(r, p);
    if (p == digits || (*digits == '0' && p - digits > 1)) {
        fail(r, p == digits ? p : digits,
             p == digits ? "a number has no digits" : "a number begins with a zero");
        return NULL;
    }
    *integer = true;
    if (p < r->end && *p == '.') {
        *integer = false;
        digits = ++p;
        p = skip_digits(r, p);
    }
    if (p > digits && p < r->end && (*p == 'e' || *p == 'E')) {
        *integer = false;
        p++;
        p += p < r->end && (*p == '+' || *p == '-');
        digits = p;
        p = skip_digits(r, p);
    }
    if (p == digits) {
        fail(r, p, "a number lacks digits");
        return NULL;
    }
    return p;
}

/* Digits to an int64; false when they do not fit. */
static bool to_integer(Str text, int64_t *value)
{
    bool negative = text.data[0] == '-';
    uint64_t magnitude = 0;

    for (uint32_t i = negative; i < text.size; i++) {
        uint64_t digit = (uint64_t)(text.data[i] - '0');
        if (magnitude > (UINT64_MAX - digit) / 10)
            return false;
        magnitude = magnitude * 10 + digit;
    }
    if (magnitude > (uint64_t)INT64_MAX + negative)
        return false;
    *value = negative ? (int64_t)(0 - magnitude) : (int64_t)magnitude;
    return true;
}

static bool to_double(Reader *r, Str text, double *value)
{
    char small[64];
    const char *copy = small;

    if (text.size < sizeof small) {
        memcpy(small, text.data, text.size);
        small[text.size] = '\0';
    } else {
        copy = str_copy_z(r->arena, text);
    }
    if (copy)
        *value = strtod(copy, NULL);
    return copy != NULL;
}

static bool read_number(Reader *r, Node *node)
{
    bool integer;
    const char *end = number_end(r, &integer);
    Str text;

    if (!end)
        return false;
    text = str_range(r->p, end);
    r->p = end;
    if (!node)
        return true;
    if (integer && to_integer(text, &node->as.integer)) {
        node->kind = NODE_INT;
        return true;
    }
    node->kind = NODE_DOUBLE;
    return to_double(r, text, &node->as.number);
}

static bool read_word(Reader *r, Str word)
{
    if ((size_t)(r->end - r->p) < word.size || memcmp(r->p, word.data, word.size) != 0)
        return fail(r, r->p, "expected a value");
    r->p += word.size;
    return true;
}

static bool read_value(Reader *r, Node *node);

/* The comma or the closing bracket behind an element. */
static bool read_next(Reader *r, char close, bool *more)
{
    skip_blanks(r);
    if (r->p < r->end && (*r->p == ',' || *r->p == close)) {
        *more = *r->p++ == ',';
        return true;
    }
    return fail(r, r->p, close == ']' ? "expected ',' or ']'" : "expected ',' or '}'");
}

static bool close_list(Reader *r, uint32_t base, Node *node)
{
    void *items;

    node->kind = NODE_LIST;
    node->count = r->nodes.count - base;
    if (!stack_take(&r->nodes, base, node->count, sizeof(Node), r->arena, &items))
        return false;
    node->as.items = items;
    return true;
}

static bool push_node(Reader *r, const Node *item)
{
    Node *top = stack_push(&r->nodes, sizeof *top);

    if (!top)
        return fail_memory(r);
    *top = *item;
    return true;
}

static bool read_list(Reader *r, Node *node)
{
    uint32_t base = r->nodes.count;
    bool more = true;
    Node item;

    r->p++;
    skip_blanks(r);
    if (r->p < r->end && *r->p == ']') {
        r->p++;
        more = false;
    }
    while (more) {
        if (!read_value(r, node ? &item : NULL))
            return false;
        if (node && !push_node(r, &item))
            return false;
        if (!read_next(r, ']', &more))
            return false;
    }
    return node ? close_list(r, base, node) : true;
}

static void warn_repeated(void *context, const Entry *entry)
{
    Reader *r = context;

    diag_warning(r->diags, DIAG_DUPLICATE_KEY, (Span){r->source, entry->key_start, entry->key_end},
                 "the key \"%.*s\" stands twice; this value counts", STR_ARG(entry_key(entry)));
}

static bool close_map(Reader *r, uint32_t base, Node *node)
{
    uint32_t count = r->entries.count - base;
    void *entries;

    if (count && !keys_close((Entry *)r->entries.items + base, &count, warn_repeated, r))
        return fail_memory(r);
    if (!stack_take(&r->entries, base, count, sizeof(Entry), r->arena, &entries))
        return false;
    node->kind = NODE_MAP;
    node->count = count;
    node->as.entries = entries;
    return true;
}

/* The key and the colon of a member. */
static bool read_key(Reader *r, Entry *entry, bool keep)
{
    const char *start;
    Str key;

    skip_blanks(r);
    if (r->p == r->end || *r->p != '"')
        return fail(r, r->p, "expected a key in double quotes");
    start = r->p;
    if (!read_string(r, &key, keep))
        return false;
    if (keep) {
        entry->key = key.data;
        entry->key_size = key.size;
        entry->key_start = offset(r, start);
        entry->key_end = offset(r, r->p);
        entry->symbol = symbols_find(r->symbols, key);
    }
    skip_blanks(r);
    if (r->p == r->end || *r->p != ':')
        return fail(r, r->p, "expected ':' after a key");
    r->p++;
    return true;
}

static bool is_skipped(const Reader *r, Str key)
{
    for (uint32_t i = 0; r->depth == 1 && i < r->skip_count; i++)
        if (str_eq(r->skip[i], key))
            return true;
    return false;
}

/* Checks a value and leaves its place alone in `node`. */
static bool skip_value(Reader *r, Node *node)
{
    skip_blanks(r);
    *node = (Node){.kind = NODE_NULL, .source = r->source, .start = offset(r, r->p)};
    if (!read_value(r, NULL))
        return false;
    node->end = offset(r, r->p);
    return true;
}

static bool read_member(Reader *r)
{
    Entry entry, *top;
    bool read;

    if (!read_key(r, &entry, true))
        return false;
    read = is_skipped(r, entry_key(&entry)) ? skip_value(r, &entry.value)
                                            : read_value(r, &entry.value);
    if (!read)
        return false;
    top = stack_push(&r->entries, sizeof *top);
    if (!top)
        return fail_memory(r);
    *top = entry;
    return true;
}

static bool read_map(Reader *r, Node *node)
{
    uint32_t base = r->entries.count;
    bool more = true;

    r->p++;
    skip_blanks(r);
    if (r->p < r->end && *r->p == '}') {
        r->p++;
        more = false;
    }
    while (more) {
        bool read = node ? read_member(r) : read_key(r, NULL, false) && read_value(r, NULL);
        if (!read || !read_next(r, '}', &more))
            return false;
    }
    return node ? close_map(r, base, node) : true;
}

static bool read_nested(Reader *r, Node *node)
{
    bool read;

    if (r->depth == LIMIT_DEPTH) {
        diag_error(r->diags, DIAG_TOO_DEEP, span_at(r, r->p, r->p + 1),
                   "values are nested more than %u deep", LIMIT_DEPTH);
        return false;
    }
    r->depth++;
    read = *r->p == '{' ? read_map(r, node) : read_list(r, node);
    r->depth--;
    return read;
}

static bool read_text(Reader *r, Node *node)
{
    Str text;

    if (!read_string(r, &text, node != NULL))
        return false;
    if (node) {
        node->kind = NODE_STRING;
        node->count = text.size;
        node->as.text = text.data;
    }
    return true;
}

static bool read_bool(Reader *r, Node *node)
{
    bool value = *r->p == 't';

    if (!read_word(r, value ? STR("true") : STR("false")))
        return false;
    if (node) {
        node->kind = NODE_BOOL;
        node->as.boolean = value;
    }
    return true;
}

/* Any value, after blanks. Without a node its syntax is checked only. */
static bool read_value(Reader *r, Node *node)
{
    bool read;

    skip_blanks(r);
    if (r->p == r->end)
        return fail(r, r->p, "expected a value");
    if (node)
        *node = (Node){.kind = NODE_NULL, .source = r->source, .start = offset(r, r->p)};
    switch (*r->p) {
    case '{':
    case '[':
        read = read_nested(r, node);
        break;
    case '"':
        read = read_text(r, node);
        break;
    case 't':
    case 'f':
        read = read_bool(r, node);
        break;
    case 'n':
        read = read_word(r, STR("null"));
        break;
    default:
        if (*r->p != '-' && (*r->p < '0' || *r->p > '9'))
            return fail(r, r->p, "expected a value");
        read = read_number(r, node);
    }
    if (node)
        node->end = offset(r, r->p);
    return read;
}

static bool read_part(Reader *r, Node *node)
{
    bool read = read_value(r, node);

    if (read) {
        skip_blanks(r);
        if (r->p < r->end)
            read = fail(r, r->p, "something stands after the value");
    }
    free(r->nodes.items);
    free(r->entries.items);
    return read;
}

static Reader reader_of(const Source *source, Span part, const Symbols *symbols, Arena *arena,
                        DiagSink *diags)
{
    return (Reader){.base = source->text.data,
                    .p = source->text.data + part.start,
                    .end = source->text.data + part.end,
                    .arena = arena,
                    .diags = diags,
                    .source = (uint16_t)source->number,
                    .symbols = symbols};
}

bool json_read_part(const Source *source, Span part, const Symbols *symbols, Arena *arena,
                    DiagSink *diags, Node *node)
{
    Reader reader = reader_of(source, part, symbols, arena, diags);

    return read_part(&reader, node);
}

bool json_read_partial(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
                       const Str *skip, uint32_t skip_count, Node *node)
{
    Span all = {source->number, 0, source->text.size};
    Reader reader = reader_of(source, all, symbols, arena, diags);

    reader.skip = skip;
    reader.skip_count = skip_count;
    return read_part(&reader, node);
}

bool json_read(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
               Node *node)
{
    return json_read_partial(source, symbols, arena, diags, NULL, 0, node);
}
