#include "syntax/yaml_fast.h"

#include "syntax/yaml_cursor.h"
#include "syntax/yaml_flow.h"
#include "syntax/yaml_scalar.h"

static bool read_node(YamlCursor *c, int64_t indent, int64_t column, bool may_be_key, Node *node);

static Node nothing_at(const YamlCursor *c, const char *at)
{
    return yaml_scalar(c, 0, at, at, (Str){"", 0});
}

/* Whether a list's dash is at the cursor. */
static bool is_dash(const YamlCursor *c)
{
    return yaml_peek(c, c->at) == '-' && yaml_ends_word(c, c->at + 1);
}

static bool is_colon(const YamlCursor *c)
{
    return yaml_peek(c, c->at) == ':' && yaml_ends_word(c, c->at + 1);
}

static bool read_list(YamlCursor *c, int64_t column, bool in_map, Node *node);

/* What is behind the `:` or `-` that the cursor has just passed, in a collection at `column`. Goes
 * on to the next token, as all that is called from here does. */
static bool read_value(YamlCursor *c, int64_t column, bool in_map, Node *node)
{
    const char *behind = c->at;
    char first;

    c->at = yaml_skip_spaces(c, c->at);
    first = yaml_peek(c, c->at);
    if (first != '\0' && first != '#' && !yaml_is(first, YAML_BREAK))
        return read_node(c, column, column + 1 + (c->at - behind), !in_map, node);
    if (!yaml_next(c, false))
        return false;
    if (c->column > column)
        return read_node(c, column, c->column, true, node);
    if (in_map && c->column == column && is_dash(c))
        return read_list(c, column, true, node);
    *node = nothing_at(c, behind);
    return true;
}

/* A list whose first dash is at the cursor. As the value of a key it may be in the same column. */
static bool read_list(YamlCursor *c, int64_t column, bool in_map, Node *node)
{
    const char *start = c->at;
    uint32_t base;
    Node item;

    if (!yaml_open(c, &c->lists, &base))
        return false;
    do {
        c->at++;
        if (!read_value(c, column, false, &item) || !yaml_push_item(c, &item))
            return false;
    } while (c->column == column && is_dash(c));
    if (c->column > column || (c->column == column && !in_map))
        return false;
    return yaml_close_list(c, base, start, c->begin + item.end, node);
}

static bool is_quote(char c)
{
    return c == '"' || c == '\'';
}

/* The scalar at the cursor, as far as it is on one line if it is plain. The cursor is left at the
 * colon behind it if it is a `*key`. */
static bool read_scalar(YamlCursor *c, Node *node, bool *key)
{
    const char *behind;

    if (!is_quote(yaml_peek(c, c->at))) {
        if (!yaml_begins_plain(c, false))
            return false;
        yaml_read_plain(c, node);
        *key = yaml_peek(c, c->at) == ':';
        return true;
    }
    if (!yaml_read_quoted(c, node))
        return false;
    behind = c->at;
    c->at = yaml_skip_spaces(c, behind);
    *key = is_colon(c);
    if (!*key)
        c->at = behind;
    return true;
}

/* Past the colon behind a key, which only quotes let go over several lines. */
static bool pass_colon(YamlCursor *c, const Node *key)
{
    const char *start = c->begin + key->start, *colon = c->at++;

    return colon - start < YAML_KEY_MAX &&
           !(is_quote(*start) && memchr(start, '\n', (size_t)(colon - start)));
}

/* A map whose first key, and its colon, are before the cursor. */
static bool read_map(YamlCursor *c, int64_t column, Node key, Node *node)
{
    const char *start = c->begin + key.start;
    uint32_t base;
    bool is_key;
    Node value;

    if (!yaml_open(c, &c->maps, &base))
        return false;
    for (;;) {
        if (!read_value(c, column, true, &value) || !yaml_push_entry(c, &key, &value))
            return false;
        if (c->column != column)
            break;
        if (!read_scalar(c, &key, &is_key) || !is_key || !pass_colon(c, &key))
            return false;
    }
    return c->column < column && yaml_close_map(c, base, start, c->begin + value.end, node);
}

/* A scalar, or the map whose first key it is. */
static bool read_text(YamlCursor *c, int64_t indent, int64_t column, bool may_be_key, Node *node)
{
    bool is_key;

    if (!read_scalar(c, node, &is_key))
        return false;
    if (is_key)
        return may_be_key && pass_colon(c, node) && read_map(c, column, *node, node);
    if (!yaml_next(c, false))
        return false;
    return c->column <= indent || c->commented || node->flags & NODE_QUOTED ||
           yaml_continue_plain(c, indent, node);
}

/* The node at the cursor, which stands in `column` inside of a collection at `indent`. On a line
 * with what it is the value of it can be no map nor list, unless that is a list. */
static bool read_node(YamlCursor *c, int64_t indent, int64_t column, bool may_be_key, Node *node)
{
    switch (*c->at) {
    case '[':
    case '{':
        return yaml_read_flow(c, node) && yaml_next(c, false);
    case '|':
    case '>':
        return yaml_read_block_scalar(c, indent, node);
    case '-':
        if (is_dash(c))
            return may_be_key && read_list(c, column, false, node);
        break;
    default:
        break;
    }
    return read_text(c, indent, column, may_be_key, node);
}

/* What is behind a `---` that the cursor has passed. */
static bool read_root(YamlCursor *c, Node *root)
{
    char first;

    c->at = yaml_skip_spaces(c, c->at);
    first = yaml_peek(c, c->at);
    if (first != '\0' && first != '#' && !yaml_is(first, YAML_BREAK))
        return read_node(c, -1, 0, false, root);
    if (!yaml_next(c, false))
        return false;
    if (c->column >= 0)
        return read_node(c, -1, c->column, true, root);
    *root = nothing_at(c, c->at);
    return true;
}

/* At the `---` of the next document, or at the end of the text: after `...` only that, since
 * libyaml has to know of `...` when it goes on. */
static bool end_document(YamlCursor *c)
{
    if (c->column >= 0)
        return false;
    if (yaml_peek(c, c->at) != '.')
        return true;
    c->at += 3;
    return yaml_next(c, false) && c->at == c->end;
}

static bool add_document(YamlCursor *c, const Node *root, uint32_t start, Stack *documents)
{
    YamlDocument *document = stack_push(documents, sizeof *document);

    if (!document)
        return false;
    *document = (YamlDocument){*root, {c->source->number, start, yaml_offset(c, c->end)}};
    if (documents->count > 1)
        document[-1].span.end = start;
    return true;
}

static bool read_documents(YamlCursor *c, Stack *documents, uint32_t *at)
{
    bool explicit;
    Node root;

    if (!yaml_next(c, true))
        return false;
    while (c->at < c->end) {
        explicit = c->column < 0;
        if (explicit && *c->at == '.')
            return false;
        *at = documents->count ? yaml_offset(c, c->at) : 0;
        c->at += explicit ? 3 : 0;
        if (!(explicit ? read_root(c, &root) : read_node(c, -1, c->column, true, &root)) ||
            !end_document(c) || !add_document(c, &root, *at, documents))
            return false;
    }
    return true;
}

bool yaml_fast_read(const Source *source, const Symbols *symbols, Arena *arena, Stack *documents,
                    uint32_t *at)
{
    YamlCursor cursor = {.source = source,
                         .begin = source->text.data,
                         .end = source->text.data + source->text.size,
                         .at = source->text.data,
                         .symbols = symbols,
                         .arena = arena};
    bool all;

    *at = 0;
    if (source->text.size == 0)
        return true;
    all = (source->printable || yaml_text_is_plain(source->text)) &&
          read_documents(&cursor, documents, at);
    free(cursor.lists.items);
    free(cursor.maps.items);
    free(cursor.scratch.items);
    return all;
}
