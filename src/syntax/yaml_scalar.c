#include "syntax/yaml_scalar.h"

bool yaml_indicator_begins_plain(const YamlCursor *c, bool flow)
{
    char first = yaml_peek(c, c->at);
    char second = yaml_peek(c, c->at + 1);

    if (first == '-' && flow)
        return (second >= '0' && second <= '9') || (second >= 'a' && second <= 'z') ||
               second == '-';
    return (first == '-' || first == ':') && !flow && !yaml_ends_word(c, c->at + 1);
}

/* Between brackets, libyaml's versions differ on a colon before punctuation. */
static bool may_follow_colon(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '/';
}

/* Nonzero if one of eight bytes may be YAML_PLAIN_STOP, with the top bit set of the first that may.
 * In text that yaml_text_is_plain() those are the colon, the hash and what is below the blank; so
 * seem bytes that are not ASCII. */
static uint64_t stops_in(uint64_t word)
{
    uint64_t colons = word ^ YAML_OF_EACH(':'), hashes = word ^ YAML_OF_EACH('#');

    return ((word - YAML_OF_EACH(' ')) | (colons - YAML_OF_EACH(1)) | (hashes - YAML_OF_EACH(1))) &
           YAML_OF_EACH(0x80);
}

/* yaml_skip_until() of YAML_PLAIN_STOP, by eight bytes where they are ASCII. */
static const char *skip_words(const YamlCursor *c, const char *p)
{
    uint64_t stops;

    for (; c->end - p >= 8; p += 8) {
        stops = stops_in(yaml_word(p));
        if (stops) {
            p += __builtin_ctzll(stops) / 8;
            break;
        }
    }
    return yaml_skip_until(c, p, YAML_PLAIN_STOP);
}

/* Whether a plain scalar ends at what may end one. */
static bool ends_plain(const YamlCursor *c, const char *p)
{
    if (*p == ':')
        return yaml_ends_word(c, p + 1);
    return *p == '#' ? yaml_is(p[-1], YAML_BLANK) : *p != '\t';
}

/* Where the part of a plain scalar ends that begins at the cursor, blanks included. */
static const char *find_end(const YamlCursor *c)
{
    const char *p = c->at;

    for (;; p++) {
        p = skip_words(c, p);
        if (p == c->end || ends_plain(c, p))
            return p;
    }
}

/* The same between brackets; NULL where it is for libyaml to say. */
static const char *find_flow_end(const YamlCursor *c)
{
    const char *p = c->at;

    for (;; p++) {
        p = yaml_skip_until(c, p, YAML_FLOW_STOP);
        if (p == c->end)
            return p;
        if (*p == ':') {
            if (yaml_ends_word(c, p + 1))
                return p;
            if (!may_follow_colon(p[1]))
                return NULL;
        } else if (*p != '#' || yaml_is(p[-1], YAML_BLANK)) {
            return *p == '?' ? NULL : p;
        }
    }
}

/* The text from the cursor to `stop`, but for blanks before that, where the cursor goes. */
static inline void take_plain(YamlCursor *c, const char *stop, Node *node)
{
    const char *start = c->at, *end = stop;

    while (end > start && yaml_is(end[-1], YAML_BLANK))
        end--;
    *node = yaml_scalar(c, 0, start, end, str_range(start, end));
    c->at = stop;
}

void yaml_read_plain(YamlCursor *c, Node *node)
{
    take_plain(c, find_end(c), node);
}

bool yaml_read_flow_plain(YamlCursor *c, Node *node)
{
    const char *stop = find_flow_end(c);

    if (stop)
        take_plain(c, stop, node);
    return stop != NULL;
}

bool yaml_continue_plain(YamlCursor *c, int64_t indent, Node *node)
{
    const char *start = c->begin + node->start, *end = c->begin + node->end;
    Node line;

    c->scratch.count = 0;
    if (!yaml_put(c, start, (size_t)(end - start)))
        return false;
    while (c->column > indent && !c->commented) {
        yaml_read_plain(c, &line);
        if (yaml_peek(c, c->at) == ':' || !yaml_put_fold(c, c->breaks - 1) ||
            !yaml_put(c, line.as.text, line.count))
            return false;
        end = c->begin + line.end;
        if (!yaml_next(c, false))
            return false;
    }
    return yaml_scratch_scalar(c, 0, start, end, end, node);
}

static bool put_codepoint(YamlCursor *c, uint32_t codepoint)
{
    char bytes[4];
    size_t size = codepoint < 0x80 ? 1 : codepoint < 0x800 ? 2 : codepoint < 0x10000 ? 3 : 4;
    static const uint8_t marks[] = {0, 0, 0xc0, 0xe0, 0xf0};

    for (size_t i = size; i-- > 1; codepoint >>= 6)
        bytes[i] = (char)(0x80 | (codepoint & 0x3f));
    bytes[0] = (char)(marks[size] | codepoint);
    return yaml_put(c, bytes, size);
}

/* `digits` hexadecimal digits, as of \x41. */
static bool read_code(YamlCursor *c, uint32_t digits)
{
    uint32_t codepoint = 0;

    for (; digits > 0; digits--, c->at++) {
        char d = yaml_peek(c, c->at);
        uint32_t digit = d >= '0' && d <= '9'   ? (uint32_t)(d - '0')
                         : d >= 'a' && d <= 'f' ? (uint32_t)(d - 'a' + 10)
                         : d >= 'A' && d <= 'F' ? (uint32_t)(d - 'A' + 10)
                                                : 16;
        if (digit == 16 || codepoint > 0x10ffff)
            return false;
        codepoint = codepoint << 4 | digit;
    }
    return codepoint <= 0x10ffff && !(codepoint >= 0xd800 && codepoint <= 0xdfff) &&
           put_codepoint(c, codepoint);
}

/* The lines that begin at the cursor until one that is not blank; how many are. */
static bool skip_blank_lines(YamlCursor *c, uint32_t *count)
{
    for (*count = 0;; ++*count) {
        if (yaml_is_marker(c, c->at))
            return false;
        c->at = yaml_skip(c, c->at, YAML_BLANK);
        if (c->at == c->end || !yaml_is(*c->at, YAML_BREAK))
            return true;
        c->at = yaml_skip_break(c->at);
    }
}

/* What a backslash, at the cursor, and the characters behind it stand for. */
static bool read_escape(YamlCursor *c)
{
    static const char names[] = "0btnfr \"\\";
    static const char values[] = "\0\b\t\n\f\r \"\\";
    char name = yaml_peek(c, c->at + 1);
    const char *known = strchr(names, name);
    uint32_t blank_lines;

    if (yaml_is(name, YAML_BREAK)) {
        c->at = yaml_skip_break(c->at + 1);
        return skip_blank_lines(c, &blank_lines) && yaml_put_breaks(c, blank_lines);
    }
    if (name == '\0')
        return false;
    c->at += 2;
    if (known)
        return yaml_put(c, &values[known - names], 1);
    return (name == 'x' && read_code(c, 2)) || (name == 'u' && read_code(c, 4)) ||
           (name == 'U' && read_code(c, 8));
}

static bool read_quoted_break(YamlCursor *c)
{
    uint32_t blank_lines;

    c->at = yaml_skip_break(c->at);
    return skip_blank_lines(c, &blank_lines) && yaml_put_fold(c, blank_lines);
}

/* The text without the blanks at its end, of which there are none before `from`. */
static void drop_blanks(YamlCursor *c, uint32_t from)
{
    const char *text = c->scratch.items;

    while (c->scratch.count > from && yaml_is(text[c->scratch.count - 1], YAML_BLANK))
        c->scratch.count--;
}

/* What a text between quotes holds, from the cursor on, to `scratch`. */
static bool read_quoted_text(YamlCursor *c, char quote)
{
    uint32_t solid = 0; /* what is before it counts even if it is blank */

    for (;;) {
        const char *stop = yaml_skip_until(c, c->at, YAML_QUOTE_STOP);
        if (!yaml_put(c, c->at, (size_t)(stop - c->at)) || stop == c->end)
            return false;
        c->at = stop;
        if (yaml_is(*stop, YAML_BREAK)) {
            drop_blanks(c, solid);
            if (!read_quoted_break(c))
                return false;
        } else if (*stop == '\\' && quote == '"') {
            if (!read_escape(c))
                return false;
        } else {
            if (*stop == quote && (quote == '"' || yaml_peek(c, stop + 1) != quote))
                return true;
            c->at += *stop == quote ? 2 : 1;
            if (!yaml_put(c, stop, 1))
                return false;
        }
        solid = c->scratch.count;
    }
}

bool yaml_read_quoted(YamlCursor *c, Node *node)
{
    const char *start = c->at, *stop;
    char quote = *start;

    stop = yaml_skip_until(c, start + 1, YAML_QUOTE_STOP);
    if (yaml_peek(c, stop) == quote && (quote == '"' || yaml_peek(c, stop + 1) != quote)) {
        c->at = stop + 1;
        *node = yaml_scalar(c, NODE_QUOTED, start, c->at, str_range(start + 1, stop));
        return true;
    }
    c->at = start + 1;
    c->scratch.count = 0;
    if (!read_quoted_text(c, quote))
        return false;
    c->at++;
    return yaml_scratch_scalar(c, NODE_QUOTED, start, c->at, c->at - 1, node);
}

/* A block scalar's first line, and where it stands. */
typedef struct Block {
    bool folded;
    char chomping;   /* '+', '-' or 0 */
    int64_t indent;  /* columns before its text */
    uint32_t breaks; /* line ends after its last line with text, but for that line's own */
    bool line_break; /* that one, not written yet */
} Block;

/* `|`, `>`, what may be with it, and the rest of the line. */
static bool read_block_header(YamlCursor *c, int64_t indent, Block *block)
{
    const char *behind;
    char sign;

    *block = (Block){.folded = *c->at++ == '>'};
    for (int i = 0; i < 2; i++) {
        sign = yaml_peek(c, c->at);
        if ((sign == '+' || sign == '-') && !block->chomping)
            block->chomping = sign;
        else if (sign >= '1' && sign <= '9' && !block->indent)
            block->indent = (indent > 0 ? indent : 0) + sign - '0';
        else
            break;
        c->at++;
    }
    behind = c->at;
    c->at = yaml_skip_spaces(c, c->at);
    if (yaml_peek(c, c->at) == '#' && c->at > behind)
        c->at = yaml_skip_until(c, c->at, YAML_BREAK);
    if (c->at < c->end && !yaml_is(*c->at, YAML_BREAK))
        return false;
    if (c->at < c->end)
        c->at = yaml_skip_break(c->at);
    return true;
}

/* Goes over lines without text to the text of the next line with some, which the cursor is at if
 * true; else the block ends there, unless `*good` is false. */
static bool find_text(YamlCursor *c, Block *block, int64_t indent, bool *good)
{
    int64_t widest = 0, column;

    for (;;) {
        const char *line = c->at, *p = yaml_skip_indent(c, line);
        if (block->indent && p - line > block->indent)
            p = line + block->indent;
        column = p - line;
        widest = column > widest ? column : widest;
        *good = yaml_peek(c, p) != '\t' || (block->indent && column == block->indent);
        if (p < c->end && yaml_is(*p, YAML_BREAK)) {
            c->at = yaml_skip_break(p);
            block->breaks++;
            continue;
        }
        if (block->indent == 0) {
            block->indent = widest > indent + 1 ? widest : indent + 1;
            block->indent += block->indent == 0;
        }
        if (p == c->end || column != block->indent || !*good)
            return false;
        c->at = p;
        return true;
    }
}

static bool put_block_line(YamlCursor *c, Block *block, bool *blank_before)
{
    const char *stop = memchr(c->at, '\n', (size_t)(c->end - c->at));
    const char *end = !stop ? c->end : stop > c->at && stop[-1] == '\r' ? stop - 1 : stop;
    bool blank = yaml_is(*c->at, YAML_BLANK);

    if (block->folded && block->line_break && !*blank_before && !blank) {
        if (block->breaks == 0 && !yaml_put(c, " ", 1))
            return false;
    } else if (block->line_break && !yaml_put(c, "\n", 1)) {
        return false;
    }
    if (!yaml_put_breaks(c, block->breaks) || !yaml_put(c, c->at, (size_t)(end - c->at)))
        return false;
    *blank_before = blank;
    block->breaks = 0;
    block->line_break = stop != NULL;
    c->at = stop ? stop + 1 : c->end;
    return true;
}

bool yaml_read_block_scalar(YamlCursor *c, int64_t indent, Node *node)
{
    const char *start = c->at, *end;
    bool good = true, blank_before = false;
    Block block;

    c->scratch.count = 0;
    if (!read_block_header(c, indent, &block))
        return false;
    while (find_text(c, &block, indent, &good))
        if (!put_block_line(c, &block, &blank_before))
            return false;
    if (!good || (block.chomping != '-' && block.line_break && !yaml_put(c, "\n", 1)) ||
        (block.chomping == '+' && !yaml_put_breaks(c, block.breaks)))
        return false;
    for (end = c->at; end > start + 1 && yaml_is(end[-1], YAML_BLANK | YAML_BREAK);)
        end--;
    return yaml_scratch_scalar(c, NODE_QUOTED, start, end, end, node) && yaml_next(c, true);
}
