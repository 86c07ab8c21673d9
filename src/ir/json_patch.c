#include "ir/json_patch.h"

#include "base/limits.h"
#include "ir/node_edit.h"

typedef struct Patcher {
    Node *root;
    const Symbols *symbols;
    uint64_t *budget;
    Arena *arena;
    DiagSink *diags;
    const Node *operation; /* at hand */
} Patcher;

/* Where a pointer leads: `holder` is the map or list, `key` its last part. */
typedef struct Target {
    Node *holder; /* NULL: the pointer is empty and means all of it */
    Str key;
    uint32_t depth;
} Target;

static bool fail(const Patcher *p, const char *what, Str path)
{
    diag_error(p->diags, DIAG_KUSTOMIZE, node_span(p->operation), "the patch cannot %s `%.*s`",
               what, STR_ARG(path));
    return false;
}

/* One part of a pointer, in which ~1 is a slash and ~0 a tilde (RFC 6901, 4). */
static Str unescape(Str part, Arena *arena)
{
    char *text;
    uint32_t size = 0;

    if (str_find_char(part, '~') < 0)
        return part;
    text = arena_raw(arena, part.size, 1);
    for (uint32_t i = 0; text && i < part.size; i++) {
        char c = part.data[i], next = i + 1 < part.size ? part.data[i + 1] : 0;
        bool escaped = c == '~' && (next == '0' || next == '1');
        text[size++] = (char)(!escaped ? c : next == '0' ? '~' : '/');
        i += escaped;
    }
    return (Str){text, text ? size : 0};
}

/* The position that `key` names in a list of `count` items; -1 where it names none. */
static int64_t position_of(Str key, uint32_t count)
{
    bool negative = str_starts(key, STR("-"));
    int64_t position = 0;

    if (key.size == (negative ? 1u : 0u) || key.size > 10)
        return -1;
    for (uint32_t i = negative; i < key.size; i++) {
        if (key.data[i] < '0' || key.data[i] > '9')
            return -1;
        position = position * 10 + (key.data[i] - '0');
    }
    if (negative)
        position = count - position;
    return position > count ? -1 : position;
}

static Node *child_of(Node *holder, Str key)
{
    int64_t position;

    if (holder->kind != NODE_LIST)
        return node_at(holder, key);
    position = position_of(key, holder->count);
    return position >= 0 && position < holder->count ? &holder->as.items[position] : NULL;
}

/* Follows all of a pointer but its last part. False where it leads nowhere. */
static bool find_target(const Patcher *p, Str path, Target *target)
{
    Str rest = str_from(path, 1), part;
    Node *node = p->root;

    *target = (Target){0};
    if (!path.size)
        return true;
    if (path.data[0] != '/')
        return false;
    for (;;) {
        int64_t slash = str_find_char(rest, '/');
        part = unescape(str_sub(rest, 0, slash < 0 ? rest.size : (uint32_t)slash), p->arena);
        target->depth++;
        if (slash < 0)
            break;
        node = child_of(node, part);
        if (!node || target->depth > LIMIT_DEPTH)
            return false;
        rest = str_from(rest, (uint32_t)slash + 1);
    }
    target->holder = node;
    target->key = part;
    return node->kind == NODE_MAP || node->kind == NODE_LIST;
}

static Node *find_value(const Patcher *p, Str path)
{
    Target target;

    if (!find_target(p, path, &target))
        return NULL;
    return target.holder ? child_of(target.holder, target.key) : p->root;
}

/* Puts `value` where the target is: an item goes between others. */
static bool add(const Patcher *p, Str path, const Target *target, const Node *value)
{
    int64_t position;

    if (target->depth + node_depth(value) > LIMIT_DEPTH)
        return fail(p, "make so deep a tree at", path);
    if (!target->holder) {
        *p->root = *value;
        return true;
    }
    if (target->holder->kind == NODE_MAP)
        return node_put(target->holder, p->symbols, target->key, *value, p->arena) != NULL;
    position = str_eq(target->key, STR("-")) ? target->holder->count
                                             : position_of(target->key, target->holder->count);
    if (position < 0)
        return fail(p, "add to", path);
    return node_insert(target->holder, (uint32_t)position, *value, p->arena) != NULL;
}

static bool take_out(const Patcher *p, Str path, const Target *target)
{
    Node *value = target->holder ? child_of(target->holder, target->key) : NULL;

    if (!value)
        return fail(p, "remove", path);
    if (target->holder->kind == NODE_MAP)
        node_remove(target->holder, target->key);
    else
        node_remove_item(target->holder, (uint32_t)(value - target->holder->as.items));
    return true;
}

static bool copy_value(const Patcher *p, Str from, Node *value)
{
    const Node *found = find_value(p, from);

    if (!found)
        return fail(p, "find", from);
    *value = node_copy(found, p->budget, p->arena);
    return true;
}

static bool run_add(const Patcher *p, Str path, const Node *value)
{
    Target target;

    if (!find_target(p, path, &target))
        return fail(p, "add to", path);
    return add(p, path, &target, value);
}

static bool run_replace(const Patcher *p, Str path, const Node *value)
{
    Node *old = find_value(p, path);
    Target target;

    if (!old || !find_target(p, path, &target))
        return fail(p, "replace", path);
    if (target.depth + node_depth(value) > LIMIT_DEPTH)
        return fail(p, "make so deep a tree at", path);
    *old = *value;
    return true;
}

static bool run_remove(const Patcher *p, Str path)
{
    Target target;

    return find_target(p, path, &target) ? take_out(p, path, &target) : fail(p, "remove", path);
}

static bool run_move(const Patcher *p, Str from, Str path)
{
    Node value;

    return copy_value(p, from, &value) && run_remove(p, from) && run_add(p, path, &value);
}

static bool run_test(const Patcher *p, Str path, const Node *value)
{
    const Node *found = find_value(p, path);

    return (found && node_equal(found, value)) || fail(p, "go on, since its test fails at", path);
}

static bool run(const Patcher *p)
{
    const Node *given = node_get_named(p->operation, STR("value"));
    Str op = node_string(node_get_named(p->operation, STR("op")));
    Str path = node_string(node_get_named(p->operation, STR("path")));
    Str from = node_string(node_get_named(p->operation, STR("from")));
    Node value =
        given ? node_copy(given, p->budget, p->arena) : node_make_null(node_span(p->operation));

    if (str_eq(op, STR("remove")))
        return run_remove(p, path);
    if (str_eq(op, STR("move")))
        return run_move(p, from, path);
    if (str_eq(op, STR("copy")))
        return copy_value(p, from, &value) && run_add(p, path, &value);
    if (str_eq(op, STR("add")))
        return run_add(p, path, &value);
    if (str_eq(op, STR("replace")))
        return run_replace(p, path, &value);
    if (str_eq(op, STR("test")))
        return run_test(p, path, &value);
    return fail(p, "be read: no such operation as", op);
}

bool json_patch_apply(const Node *patch, Node *root, const Symbols *symbols, uint64_t *budget,
                      Arena *arena, DiagSink *diags)
{
    Patcher p = {root, symbols, budget, arena, diags, NULL};

    for (uint32_t i = 0; i < patch->count; i++) {
        p.operation = &patch->as.items[i];
        if (!run(&p))
            return false;
    }
    return !arena_spent(arena);
}
