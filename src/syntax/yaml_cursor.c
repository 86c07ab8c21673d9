#include "syntax/yaml_cursor.h"

#include "base/limits.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

#define BREAK_CLASS                                                                                \
    (YAML_BREAK | YAML_PLAIN_STOP | YAML_FLOW_STOP | YAML_QUOTE_STOP | YAML_NO_START)
#define BRACKET_CLASS (YAML_FLOW_STOP | YAML_NO_START)

const uint8_t yaml_classes[256] = {
    ['\0'] = YAML_NO_START,
    [' '] = YAML_BLANK | YAML_NO_START,
    ['\t'] = YAML_BLANK | YAML_PLAIN_STOP | YAML_NO_START,
    ['\n'] = BREAK_CLASS,
    ['\r'] = BREAK_CLASS,
    [':'] = YAML_PLAIN_STOP | YAML_FLOW_STOP | YAML_NO_START,
    ['-'] = YAML_NO_START,
    [','] = BRACKET_CLASS,
    ['['] = BRACKET_CLASS,
    [']'] = BRACKET_CLASS,
    ['{'] = BRACKET_CLASS,
    ['}'] = BRACKET_CLASS,
    ['?'] = BRACKET_CLASS,
    ['"'] = YAML_QUOTE_STOP | YAML_NO_START,
    ['\''] = YAML_QUOTE_STOP | YAML_NO_START,
    ['\\'] = YAML_QUOTE_STOP,
    ['#'] = YAML_PLAIN_STOP | YAML_FLOW_STOP | YAML_NO_START,
    ['&'] = YAML_NO_START,
    ['*'] = YAML_NO_START,
    ['!'] = YAML_NO_START,
    ['|'] = YAML_NO_START,
    ['>'] = YAML_NO_START,
    ['%'] = YAML_NO_START,
    ['@'] = YAML_NO_START,
    ['`'] = YAML_NO_START,
};

/* U+0085, U+2028 and U+2029 end lines in YAML 1.1, U+FEFF may begin them; the rest of what is
 * refused here libyaml refuses as well. */
static bool is_plain_character(uint32_t codepoint)
{
    return codepoint >= 0xa0 && !(codepoint >= 0xd800 && codepoint <= 0xdfff) &&
           codepoint != 0x2028 && codepoint != 0x2029 && codepoint != 0xfeff &&
           codepoint != 0xfffe && codepoint != 0xffff && codepoint <= 0x10ffff;
}

/* Bytes of the character of several bytes at `p`; 0 if it is none, or none that is plain. */
static size_t wide_character(const char *p, const char *end)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint8_t first = (uint8_t)*p;
    size_t size = first >= 0xf8 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
    uint32_t codepoint = first & (0x7fu >> size);

    if (size == 0 || (size_t)(end - p) < size)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if (((uint8_t)p[i] & 0xc0) != 0x80)
            return 0;
        codepoint = codepoint << 6 | ((uint8_t)p[i] & 0x3f);
    }
    return codepoint >= least[size] && is_plain_character(codepoint) ? size : 0;
}

static size_t plain_character(const char *p, const char *end)
{
    char c = *p;

    if ((c >= ' ' && c < 0x7f) || c == '\n' || c == '\t')
        return 1;
    if (c == '\r')
        return p + 1 < end && p[1] == '\n';
    return (uint8_t)c < 0x80 ? 0 : wide_character(p, end);
}

bool yaml_text_is_plain(Str text)
{
    const char *p = text.data, *end = p + text.size;
    size_t size;

    for (;; p += size) {
        p += text_printable(str_range(p, end));
        if (p == end)
            return true;
        size = plain_character(p, end);
        if (size == 0)
            return false;
    }
}

/* A comment needs a blank before it, or a line that begins with it. */
static bool skip_comment(const YamlCursor *c, const char **p)
{
    const char *newline;

    if (*p > c->begin && (*p)[-1] != ' ' && (*p)[-1] != '\n')
        return false;
    newline = memchr(*p, '\n', (size_t)(c->end - *p));
    *p = newline ? newline : c->end;
    return true;
}

bool yaml_next(YamlCursor *c, bool fresh)
{
    const char *line = fresh ? c->at : NULL, *p = c->at;
    bool ended = !fresh && yaml_peek(c, p) == '\n'; /* as most values are */

    c->breaks = ended;
    c->commented = false;
    if (ended)
        line = ++p;
    for (;; p = yaml_skip_break(p), c->breaks++, line = p) {
        p = yaml_skip_indent(c, p);
        if (yaml_peek(c, p) == '#') {
            c->commented = true;
            if (!skip_comment(c, &p))
                return false;
        }
        if (p == c->end || !yaml_is(*p, YAML_BREAK))
            break;
    }
    c->at = p;
    c->column = -1;
    if (p == c->end)
        return true;
    if (!line || *p == '\t')
        return false;
    if (p > line || !yaml_is_marker(c, p))
        c->column = p - line;
    return true;
}

bool yaml_next_in_flow(YamlCursor *c)
{
    const char *p = c->at;

    for (;; p = yaml_skip_break(p)) {
        if (p > c->begin && p[-1] == '\n' && yaml_is_marker(c, p))
            return false;
        p = yaml_skip_spaces(c, p);
        if (yaml_peek(c, p) == '#' && !skip_comment(c, &p))
            return false;
        if (p == c->end || !yaml_is(*p, YAML_BREAK))
            break;
    }
    c->at = p;
    return p < c->end && *p != '\t';
}

bool yaml_put(YamlCursor *c, const char *text, size_t size)
{
    Stack *scratch = &c->scratch;

    while (scratch->capacity - scratch->count < size)
        if (!stack_widen(scratch, 1))
            return false;
    if (size)
        memcpy((char *)scratch->items + scratch->count, text, size);
    scratch->count += (uint32_t)size;
    return true;
}

bool yaml_put_breaks(YamlCursor *c, uint32_t count)
{
    for (; count > 0; count--)
        if (!yaml_put(c, "\n", 1))
            return false;
    return true;
}

bool yaml_put_fold(YamlCursor *c, uint32_t blank_lines)
{
    return blank_lines ? yaml_put_breaks(c, blank_lines) : yaml_put(c, " ", 1);
}

bool yaml_scratch_scalar(YamlCursor *c, uint8_t flags, const char *start, const char *end,
                         const char *text_end, Node *node)
{
    Str text = {c->scratch.count ? c->scratch.items : "", c->scratch.count};

    if (text_end - start >= text.size && memcmp(text_end - text.size, text.data, text.size) == 0)
        text.data = text_end - text.size;
    else
        text = str_copy(c->arena, text);
    if (!text.data)
        return false;
    *node = yaml_scalar(c, flags, start, end, text);
    return true;
}

bool yaml_push_entry(YamlCursor *c, const Node *key, const Node *value)
{
    Entry *entry = stack_push(&c->maps, sizeof *entry);

    if (!entry)
        return false;
    *entry = (Entry){.key = key->as.text,
                     .key_size = key->count,
                     .symbol = symbols_find(c->symbols, node_text(key)),
                     .key_start = key->start,
                     .key_end = key->end,
                     .value = *value};
    return true;
}

bool yaml_push_item(YamlCursor *c, const Node *item)
{
    Node *place = stack_push(&c->lists, sizeof *place);

    if (place)
        *place = *item;
    return place != NULL;
}

bool yaml_open(YamlCursor *c, const Stack *children, uint32_t *base)
{
    *base = children->count;
    return c->depth++ < LIMIT_DEPTH;
}

static Node collection(YamlCursor *c, NodeKind kind, const char *start, const char *end,
                       uint32_t count)
{
    c->depth--;
    return (Node){.kind = (uint8_t)kind,
                  .source = (uint16_t)c->source->number,
                  .start = yaml_offset(c, start),
                  .end = yaml_offset(c, end),
                  .count = count};
}

bool yaml_close_map(YamlCursor *c, uint32_t base, const char *start, const char *end, Node *node)
{
    uint32_t count = c->maps.count - base, kept = count;
    void *taken;

    if (count && (!keys_close((Entry *)c->maps.items + base, &kept, NULL, NULL) || kept < count))
        return false;
    if (!stack_take(&c->maps, base, count, sizeof(Entry), c->arena, &taken))
        return false;
    *node = collection(c, NODE_MAP, start, end, count);
    node->as.entries = taken;
    return true;
}

bool yaml_close_list(YamlCursor *c, uint32_t base, const char *start, const char *end, Node *node)
{
    uint32_t count = c->lists.count - base;
    void *taken;

    if (!stack_take(&c->lists, base, count, sizeof(Node), c->arena, &taken))
        return false;
    *node = collection(c, NODE_LIST, start, end, count);
    node->as.items = taken;
    return true;
}
