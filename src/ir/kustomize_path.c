#include "ir/kustomize_path.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/regex.h"
#include "ir/node_edit.h"

/* --- words --- */

/* Takes one word off a path. */
static Str take_word(Arena *arena, Str *path)
{
    bool bracket = str_starts(*path, STR("["));
    Buf word = buf_new(arena);
    uint32_t at = 0;
    Str text;

    for (; at < path->size && (bracket || path->data[at] != '.'); at++) {
        if (path->data[at] == '\\' && at + 1 < path->size && path->data[at + 1] == '.')
            at++;
        buf_add_char(&word, path->data[at]);
        bracket = bracket && path->data[at] != ']';
    }
    *path = str_from(*path, at + 1);
    text = buf_str(&word);
    /* [a.b] is a key in brackets, unlike [a=b]. */
    if (str_starts(text, STR("[")) && str_ends(text, STR("]")) && str_find_char(text, '=') < 0)
        text = str_sub(text, 1, text.size - 2);
    return text;
}

static bool add_word(Arena *arena, KustWords *words, Str word)
{
    Str *grown = arena_grow(arena, words->items, words->count, &words->capacity,
                            (size_t)words->count + 1, sizeof *grown);

    if (!grown)
        return false;
    words->items = grown;
    if (word.size)
        grown[words->count++] = word;
    return true;
}

/* `ports[1]` is a key and a position. */
static bool add_words(Arena *arena, KustWords *words, Str word)
{
    int64_t bracket = str_find_char(word, '[');

    if (bracket <= 0 || !str_ends(word, STR("]")))
        return add_word(arena, words, word);
    return add_word(arena, words, str_sub(word, 0, (uint32_t)bracket)) &&
           add_word(arena, words,
                    str_sub(word, (uint32_t)bracket + 1, word.size - (uint32_t)bracket - 2));
}

bool kust_split_path(Arena *arena, Str path, KustWords *words)
{
    *words = (KustWords){0};
    while (path.size)
        if (!add_words(arena, words, take_word(arena, &path)))
            return false;
    return words->count <= LIMIT_DEPTH / 2;
}

/* Splits `[key=value]`. */
static bool is_condition(Str word, Str *key, Str *value)
{
    int64_t equals = str_find_char(word, '=');

    if (equals < 0 || !str_starts(word, STR("[")) || !str_ends(word, STR("]")))
        return false;
    *key = str_sub(word, 1, (uint32_t)equals - 1);
    *value = str_sub(word, (uint32_t)equals + 1, word.size - (uint32_t)equals - 2);
    return true;
}

static bool is_position(Str word, uint32_t *position)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < word.size; i++) {
        if (word.data[i] < '0' || word.data[i] > '9' || number > UINT32_MAX / 10)
            return false;
        number = number * 10 + (uint64_t)(word.data[i] - '0');
    }
    *position = (uint32_t)number;
    return word.size > 0;
}

/* --- one value --- */

static const Node *child(const Node *node, Str word)
{
    uint32_t position;
    Str key, value;

    if (node->kind == NODE_MAP)
        return node_get_named(node, word);
    if (node->kind != NODE_LIST)
        return NULL;
    if (is_position(word, &position))
        return position < node->count ? &node->as.items[position] : NULL;
    for (uint32_t i = 0; is_condition(word, &key, &value) && i < node->count; i++)
        if (str_eq(node_string(node_get_named(&node->as.items[i], key)), value))
            return &node->as.items[i];
    return NULL;
}

const Node *kust_look_up(const Node *body, const KustWords *path)
{
    for (uint32_t i = 0; body && i < path->count; i++)
        body = child(body, path->items[i]);
    return body;
}

/* --- all values --- */

static uint32_t visit(const KustVisitor *v, Node *node, const KustWords *path, uint32_t at);

/* The value of a condition is a regular expression. */
static uint32_t visit_matching(const KustVisitor *v, Node *list, const KustWords *path, uint32_t at,
                               Str key, Str value)
{
    char error[REGEX_ERROR_SIZE];
    Regex *pattern = regex_new(value, error);
    uint32_t count = 0;

    for (uint32_t i = 0; pattern && i < list->count; i++) {
        Node *item = &list->as.items[i];
        Str text = kust_text(v->build, key.size ? node_get_named(item, key) : item);
        if ((!key.size || node_get_named(item, key)) &&
            regex_find(pattern, text, 0, v->build->unit->arena, NULL, 0) == REGEX_FOUND)
            count += visit(v, item, path, at + 1);
    }
    regex_free(pattern);
    return count;
}

static uint32_t visit_list(const KustVisitor *v, Node *list, const KustWords *path, uint32_t at)
{
    Str word = path->items[at], key, value;
    uint32_t position, count = 0;

    if (!kust_spend(v->build, list->count))
        return 0;
    if (is_condition(word, &key, &value))
        return visit_matching(v, list, path, at, key, value);
    if (is_position(word, &position))
        return position < list->count ? visit(v, &list->as.items[position], path, at + 1) : 0;
    for (uint32_t i = 0; str_eq(word, STR("*")) && i < list->count; i++)
        count += visit(v, &list->as.items[i], path, at + 1);
    return count;
}

static uint32_t visit_map(const KustVisitor *v, Node *map, const KustWords *path, uint32_t at)
{
    const Unit *unit = v->build->unit;
    Node *field = node_at(map, path->items[at]);
    bool last = at + 1 == path->count;

    if (!field && v->create)
        field = node_put(map, unit->symbols, path->items[at],
                         node_make(last ? NODE_NULL : NODE_MAP, node_span(v->at), 0), unit->arena);
    return field ? visit(v, field, path, at + 1) : 0;
}

static uint32_t visit(const KustVisitor *v, Node *node, const KustWords *path, uint32_t at)
{
    if (at == path->count || node->kind == NODE_STRING) {
        v->set(v->context, node, at == path->count);
        return 1;
    }
    if (node->kind == NODE_LIST)
        return visit_list(v, node, path, at);
    return node->kind == NODE_MAP ? visit_map(v, node, path, at) : 0;
}

uint32_t kust_visit(const KustVisitor *visitor, Node *body, const KustWords *path)
{
    return visit(visitor, body, path, 0);
}
