#include "edit/yaml.h"

#include "edit/value.h"

/* Deeper indentation is no example to follow. */
#define WIDEST_STEP 8u

typedef struct Editor {
    const Source *source;
    Str text;
    Arena *arena;
} Editor;

/* --- what of a tree is written at its place --- */

/* Whether the node stands in the source between these bytes, as what is merged or named by an alias
 * does not. */
static bool is_within(const Editor *e, const Node *node, uint32_t start, uint32_t end)
{
    return node->source == e->source->number && node->start >= start && node->start <= node->end &&
           node->end <= end && end <= e->text.size && !(node->flags & NODE_DEFAULTED);
}

static bool is_own(const Node *map, const Entry *entry)
{
    return entry->key_start >= map->start && entry->key_end > entry->key_start &&
           entry->key_end <= map->end;
}

static const Entry *own_entry(const Node *map, Str key)
{
    for (uint32_t i = 0; i < map->count; i++)
        if (str_eq(entry_key(&map->as.entries[i]), key) && is_own(map, &map->as.entries[i]))
            return &map->as.entries[i];
    return NULL;
}

static const Entry *last_entry(const Node *map)
{
    const Entry *last = NULL;

    for (uint32_t i = 0; i < map->count; i++)
        if (is_own(map, &map->as.entries[i]) &&
            (!last || map->as.entries[i].key_start > last->key_start))
            last = &map->as.entries[i];
    return last;
}

static const Entry *first_entry(const Node *map)
{
    const Entry *first = NULL;

    for (uint32_t i = 0; i < map->count; i++)
        if (is_own(map, &map->as.entries[i]) &&
            (!first || map->as.entries[i].key_start < first->key_start))
            first = &map->as.entries[i];
    return first;
}

static bool begins_with(const Editor *e, const Node *node, char c)
{
    return node->end > node->start && e->text.data[node->start] == c;
}

/* The byte behind the colon of an entry; 0 where there is none. */
static uint32_t behind_colon(const Editor *e, const Entry *entry)
{
    uint32_t at = entry->key_end;

    while (at < e->text.size && (e->text.data[at] == ' ' || e->text.data[at] == '\t'))
        at++;
    return at < e->text.size && e->text.data[at] == ':' ? at + 1 : 0;
}

/* A `key:` with nothing after it. */
static bool is_nothing(const Editor *e, const Node *value)
{
    return (value->kind == NODE_NULL || value->kind == NODE_SCALAR) &&
           (value->start >= value->end ||
            (value->end <= e->text.size && edit_is_blank(e->text, value->start, value->end)));
}

/* --- the end of a block --- */

/* Where the last byte of the content below `entry` ends; 0 where lines of text that count end it.
 */
static uint32_t content_end(const Editor *e, const Entry *entry)
{
    const Node *value = &entry->value;
    uint32_t end;

    if (is_nothing(e, value))
        return behind_colon(e, entry);
    if (!is_within(e, value, entry->key_end, e->text.size)) {
        end = behind_colon(e, entry); /* an alias, on the line of its key */
        return end ? edit_line_end(e->text, end) : 0;
    }
    for (end = value->end; end > value->start; end--)
        if (!strchr(" \t\r\n", e->text.data[end - 1]))
            break;
    return end;
}

/* The entry that stands last in a map, however deep; NULL in what ends by itself. */
static const Node *deepest(const Editor *e, const Node *node)
{
    for (;;) {
        const Node *next = NULL;
        if (begins_with(e, node, '{') || begins_with(e, node, '['))
            return NULL;
        if (node->kind == NODE_MAP) {
            const Entry *last = last_entry(node);
            next = last ? &last->value : NULL;
        } else if (node->kind == NODE_LIST && node->count) {
            next = &node->as.items[node->count - 1];
        }
        if (!next || !is_within(e, next, node->start, e->text.size) || next->end <= next->start)
            return node;
        node = next;
    }
}

/* Where the `|` or `>` of a scalar is, behind its tag and anchor; false of one that is none. */
static bool find_header(const Editor *e, const Node *scalar, uint32_t *header)
{
    uint32_t at = scalar->start;

    while (at < scalar->end && strchr("!&", e->text.data[at])) {
        while (at < scalar->end && !strchr(" \t\r\n", e->text.data[at]))
            at++;
        while (at < scalar->end && strchr(" \t\r\n", e->text.data[at]))
            at++;
    }
    *header = at;
    return at < scalar->end && strchr("|>", e->text.data[at]);
}

/* Whether lines of blanks stand at the end of the lines from `start` to `end`, or below them. */
static bool ends_in_blanks(const Editor *e, uint32_t start, uint32_t end)
{
    for (uint32_t at = end; at > start && strchr(" \t\r\n", e->text.data[at - 1]); at--)
        if (strchr(" \t", e->text.data[at - 1]))
            return true;
    for (uint32_t line = end; line < e->text.size; line = edit_next_line(e->text, line)) {
        uint32_t stop = edit_line_end(e->text, line);
        if (!edit_is_blank(e->text, line, stop))
            return false;
        if (stop > line)
            return true;
    }
    return false;
}

/* Whether lines may follow the map. They would change a text that keeps its line ends, one that
 * ends in blanks, and one at the very end of the file. */
static bool may_follow(const Editor *e, const Node *map)
{
    const Node *last = deepest(e, map);
    uint32_t at, end;

    if (!last || last->kind == NODE_MAP || last->kind == NODE_LIST || !find_header(e, last, &at))
        return true;
    end = edit_line_end(e->text, at);
    if (str_find_char(str_sub(e->text, at, end - at), '+') >= 0)
        return false;
    while (end < e->text.size && end < last->end)
        end = edit_next_line(e->text, end);
    return !ends_in_blanks(e, at, end) && e->text.data[e->text.size - 1] == '\n';
}

/* Whether lines of a block may stand before what comes next: that is not the rest of braces around
 * it, and no blank line has a tab, which some readers mind there. */
static bool may_precede(const Editor *e, uint32_t offset)
{
    bool comment = false;

    for (; offset < e->text.size; offset++) {
        char c = e->text.data[offset];
        if (c == '\n')
            comment = false;
        else if (c == '#')
            comment = true;
        else if (c == '\t' && !comment)
            return false;
        else if (!comment && c != ' ' && c != '\r')
            return !strchr("]},:?", c);
    }
    return true;
}

/* Whether nothing but a comment is on the line behind `offset`. */
static bool ends_line(const Editor *e, uint32_t offset)
{
    uint32_t end = edit_line_end(e->text, offset), at = offset;

    while (at < end && (e->text.data[at] == ' ' || e->text.data[at] == '\t'))
        at++;
    if (at == end)
        return true;
    return e->text.data[at] == '#' && at > offset &&
           str_find_char(str_sub(e->text, at, end - at), '\r') < 0;
}

/* --- places --- */

static Str spaces(const Editor *e, uint32_t count)
{
    char *text = ARENA_ARRAY(e->arena, char, count + 1);

    if (!text)
        return (Str){"", 0};
    memset(text, ' ', count);
    return (Str){text, count};
}

/* The column at which a line says something, behind the dashes of lists. */
static uint32_t content_column(const Editor *e, uint32_t line)
{
    uint32_t at = line;

    while (at < e->text.size && (e->text.data[at] == ' ' || e->text.data[at] == '-'))
        at++;
    return at - line;
}

/* By how much the first map inside of a map is indented. */
static Str step_of(const Editor *e)
{
    uint32_t above = 0;

    for (uint32_t line = 0; line < e->text.size; line = edit_next_line(e->text, line)) {
        uint32_t column = content_column(e, line), at = line + column;
        if (at >= e->text.size || strchr("#\r\n", e->text.data[at]))
            continue;
        if (column > above && column - above <= WIDEST_STEP && edit_is_blank(e->text, line, at))
            return spaces(e, column - above);
        above = column;
    }
    return STR("  ");
}

/* The column of a key whose line has nothing before it but blanks and dashes; -1 of another. */
static int64_t column_of(const Editor *e, uint32_t key)
{
    uint32_t line = edit_line_start(e->text, key);

    for (uint32_t i = line; i < key; i++)
        if (e->text.data[i] != ' ' && e->text.data[i] != '-')
            return -1;
    return key - line;
}

static bool block_site(const Editor *e, uint32_t offset, uint32_t indent, Edit *edit)
{
    if (!ends_line(e, offset) || !may_precede(e, edit_next_line(e->text, offset)))
        return false;
    *edit = (Edit){.form = EDIT_BLOCK, .rank = indent};
    edit_after_line(e->text, offset, edit);
    edit->site.indent = spaces(e, indent);
    edit->site.step = step_of(e);
    return true;
}

/* Below the last key of a map. */
static bool below_map(const Editor *e, const Node *map, Edit *edit)
{
    const Entry *first = first_entry(map), *last = last_entry(map);
    int64_t column = first ? column_of(e, first->key_start) : -1;
    uint32_t end = column >= 0 ? content_end(e, last) : 0;

    return end && may_follow(e, map) && block_site(e, end, (uint32_t)column, edit);
}

/* Below a key of `map` that has no value yet. */
static bool below_key(const Editor *e, const Node *map, const Entry *entry, Edit *edit)
{
    int64_t column = column_of(e, first_entry(map)->key_start);
    uint32_t end = behind_colon(e, entry);

    return end && column >= 0 && block_site(e, end, (uint32_t)column + step_of(e).size, edit);
}

/* What stands before a new key in braces: where keys have lines of their own, such a line. */
static Str flow_gap(const Editor *e, const Entry *last)
{
    uint32_t line = edit_line_start(e->text, last->key_start);

    if (line == 0 || !edit_is_blank(e->text, line, last->key_start))
        return STR(" ");
    return str_join(e->arena, edit_eol(e->text), str_sub(e->text, line, last->key_start - line));
}

static bool in_empty_braces(const Editor *e, const Node *map, Edit *edit)
{
    *edit = (Edit){.form = EDIT_FLOW, .start = map->start + 1, .end = map->end - 1};
    edit->site.between = STR(", ");
    return str_trim(str_sub(e->text, edit->start, edit->end - edit->start)).size == 0;
}

/* Behind the last key in braces. */
static bool in_braces(const Editor *e, const Node *map, Edit *edit)
{
    const Entry *last = last_entry(map);
    Str rest, gap;
    uint32_t end;

    if (map->end - map->start < 2 || e->text.data[map->end - 1] != '}')
        return false;
    if (!last)
        return map->count == 0 && in_empty_braces(e, map, edit);
    /* Behind a lonely colon a comma is read as part of the key by some. */
    if (is_nothing(e, &last->value) || !is_within(e, &last->value, last->key_end, map->end - 1))
        return false;
    end = last->value.end;
    gap = flow_gap(e, last);
    rest = str_trim(str_sub(e->text, end, map->end - 1 - end));
    *edit = (Edit){.form = EDIT_FLOW, .start = end, .end = end};
    edit->site.lead = edit->site.between = str_join(e->arena, STR(","), gap);
    if (str_eq(rest, STR(","))) {
        edit->start = edit->end = (uint32_t)(rest.data - e->text.data) + 1;
        edit->site.lead = gap;
    }
    return !rest.size || str_eq(rest, STR(","));
}

/* --- keys --- */

static ValueForm form_of(const Editor *e, const Node *map)
{
    const Entry *first = first_entry(map);

    if (!first)
        return str_ends(e->source->path, STR(".json")) ? VALUE_JSON : VALUE_YAML;
    return e->text.data[first->key_start] == '"' ? VALUE_JSON : VALUE_YAML;
}

/* The keys of a map that is a value, one inside the other; others stay as they are written. */
static EditKey make_key(const Editor *e, ValueForm form, const Node *value)
{
    EditKey key = {0};
    EditKey *inner;

    if (value->kind != NODE_MAP || !value->count) {
        key.value = value_write(form, value, e->arena);
        return key;
    }
    inner = ARENA_ARRAY(e->arena, EditKey, value->count);
    for (uint32_t i = 0; inner && i < value->count; i++) {
        inner[i] = make_key(e, form, &value->as.entries[i].value);
        inner[i].name = value_key(form, entry_key(&value->as.entries[i]), e->arena);
        inner[i].next = i + 1 < value->count ? &inner[i + 1] : NULL;
    }
    key.inner = inner;
    return key;
}

static bool add_keys(const Editor *e, const Node *map, const Str *path, uint32_t count,
                     const Node *value, Edit *edit)
{
    ValueForm form = form_of(e, map);
    Str *names = ARENA_ARRAY(e->arena, Str, count);

    for (uint32_t i = 0; names && i < count; i++)
        names[i] = value_key(form, path[i], e->arena);
    if (names)
        edit->keys = edit_keys_new(names, count, make_key(e, form, value), e->arena);
    return edit->keys && !arena_spent(e->arena);
}

static bool add_below(const Editor *e, const Node *map, const Str *path, uint32_t count,
                      const Node *value, Edit *edit)
{
    bool good = begins_with(e, map, '{') ? in_braces(e, map, edit) : below_map(e, map, edit);

    return good && add_keys(e, map, path, count, value, edit);
}

/* The first value of a `key:`, or the keys below it. */
static bool fill(const Editor *e, const Node *map, const Entry *entry, const Str *path,
                 uint32_t count, const Node *value, Edit *edit)
{
    uint32_t at = behind_colon(e, entry);
    Str text;

    if (!at)
        return false;
    if (count) {
        return !begins_with(e, map, '{') && below_key(e, map, entry, edit) &&
               add_keys(e, map, path, count, value, edit);
    }
    text = value_write(form_of(e, map), value, e->arena);
    *edit = (Edit){
        .start = at, .end = at, .rank = UINT32_MAX, .text = str_join(e->arena, STR(" "), text)};
    return edit->text.data != NULL;
}

static bool replace(const Editor *e, const Node *map, const Entry *entry, const Node *value,
                    Edit *edit)
{
    const Node *old = &entry->value;
    Str written = str_sub(e->text, old->start, old->end - old->start);
    uint32_t at = behind_colon(e, entry);

    if (!at || at > old->start || !edit_is_blank(e->text, at, old->start) || !written.size ||
        strchr("|>&*!", *written.data) || str_find_char(written, '\n') >= 0)
        return false;
    *edit = (Edit){.start = old->start,
                   .end = old->end,
                   .text = value_write(form_of(e, map), value, e->arena)};
    return edit->text.data != NULL;
}

bool edit_yaml_set(const Source *source, const Node *map, const Str *path, uint32_t count,
                   const Node *value, Arena *arena, Edit *edit)
{
    Editor e = {source, source->text, arena};

    if (map->kind != NODE_MAP || !is_within(&e, map, 0, source->text.size))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const Entry *entry = own_entry(map, path[i]);
        /* An own map would take the place of one that is merged. */
        if (!entry && i + 1 < count && node_entry_named(map, path[i]))
            return false;
        if (!entry)
            return add_below(&e, map, path + i, count - i, value, edit);
        if (is_nothing(&e, &entry->value))
            return fill(&e, map, entry, path + i + 1, count - i - 1, value, edit);
        if (!is_within(&e, &entry->value, entry->key_end, map->end))
            return false;
        if (i + 1 == count)
            return replace(&e, map, entry, value, edit);
        map = &entry->value;
        if (map->kind != NODE_MAP)
            return false;
    }
    return false;
}

/* All lines of an entry, if it has them for itself and is not the only one. */
static bool take_lines(const Editor *e, const Node *map, const Entry *entry, Edit *edit)
{
    uint32_t line = edit_line_start(e->text, entry->key_start), end = content_end(e, entry);

    if (begins_with(e, map, '{') || first_entry(map) == last_entry(map) || !end ||
        !edit_is_blank(e->text, line, entry->key_start) || !ends_line(e, end))
        return false;
    *edit = (Edit){.start = line, .end = edit_next_line(e->text, end)};
    return true;
}

bool edit_yaml_remove(const Source *source, const Node *map, const Str *path, uint32_t count,
                      Edit *edit)
{
    Editor e = {source, source->text, NULL};

    if (map->kind != NODE_MAP || !is_within(&e, map, 0, source->text.size))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        const Entry *entry = own_entry(map, path[i]);
        if (!entry)
            return false;
        if (i + 1 == count)
            return take_lines(&e, map, entry, edit);
        if (entry->value.kind != NODE_MAP ||
            !is_within(&e, &entry->value, entry->key_end, map->end))
            return false;
        map = &entry->value;
    }
    return false;
}
