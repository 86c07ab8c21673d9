#include "syntax/yaml_flow.h"

#include "syntax/yaml_scalar.h"

static bool read_flow_scalar(YamlCursor *c, Node *node)
{
    char first = yaml_peek(c, c->at);

    if (first == '"' || first == '\'')
        return yaml_read_quoted(c, node);
    return yaml_begins_plain(c, true) && yaml_read_flow_plain(c, node);
}

static bool read_flow_node(YamlCursor *c, Node *node)
{
    char first = yaml_peek(c, c->at);

    return first == '[' || first == '{' ? yaml_read_flow(c, node) : read_flow_scalar(c, node);
}

/* A key and its colon, all on one line. */
static bool read_flow_key(YamlCursor *c, Node *key)
{
    const char *start = c->at, *colon;

    if (!read_flow_scalar(c, key))
        return false;
    colon = yaml_skip_spaces(c, c->at);
    if (yaml_peek(c, colon) != ':')
        return false;
    c->at = colon + 1;
    return colon - start < YAML_KEY_MAX && !memchr(start, '\n', (size_t)(colon - start));
}

/* To behind a comma, or to behind `close`, in which case `*closed`. */
static bool end_flow_node(YamlCursor *c, char close, bool *closed)
{
    if (!yaml_next_in_flow(c))
        return false;
    *closed = *c->at == close;
    if (*c->at != ',' && !*closed)
        return false;
    c->at++;
    if (*closed)
        return true;
    if (!yaml_next_in_flow(c))
        return false;
    *closed = *c->at == close;
    c->at += *closed;
    return true;
}

static bool read_flow_list(YamlCursor *c, Node *node)
{
    const char *start = c->at++;
    bool closed;
    uint32_t base;
    Node item;

    if (!yaml_open(c, &c->lists, &base) || !yaml_next_in_flow(c))
        return false;
    closed = *c->at == ']';
    c->at += closed;
    while (!closed)
        if (!read_flow_node(c, &item) || !yaml_push_item(c, &item) ||
            !end_flow_node(c, ']', &closed))
            return false;
    return yaml_close_list(c, base, start, c->at, node);
}

static bool read_flow_map(YamlCursor *c, Node *node)
{
    const char *start = c->at++;
    bool closed;
    uint32_t base;
    Node key, value;

    if (!yaml_open(c, &c->maps, &base) || !yaml_next_in_flow(c))
        return false;
    closed = *c->at == '}';
    c->at += closed;
    while (!closed)
        if (!read_flow_key(c, &key) || !yaml_next_in_flow(c) || !read_flow_node(c, &value) ||
            !yaml_push_entry(c, &key, &value) || !end_flow_node(c, '}', &closed))
            return false;
    return yaml_close_map(c, base, start, c->at, node);
}

bool yaml_read_flow(YamlCursor *c, Node *node)
{
    return *c->at == '[' ? read_flow_list(c, node) : read_flow_map(c, node);
}
