#include "rules/object_table.h"

#include <stdlib.h>

typedef struct Table {
    BlobWriter *writer;
    DiagSink *diags;
    const Node *types; /* TYPE: {FIELD: WORDS} */
    ObjectType *rows;  /* of `types` */
    struct Line {
        uint16_t name;
        ObjectField field;
    } * lines; /* of all types */
    uint32_t line_count;
    ObjectKind *kinds;
    uint32_t kind_count;
} Table;

static void mistake(Table *t, const Node *node, const char *what)
{
    diag_error(t->diags, DIAG_RULE_FILE, node_span(node), "%s", what);
}

/* The number of a type; UINT32_MAX where there is none of that name. */
static uint32_t type_number(const Table *t, Str name)
{
    for (uint32_t i = 0; i < t->types->count; i++)
        if (str_eq(entry_key(&t->types->as.entries[i]), name))
            return i;
    return UINT32_MAX;
}

/* ObjectField.value of one that is no list and no map; UINT32_MAX for a word that means nothing. */
static uint32_t plain_value(const Table *t, Str word)
{
    uint32_t type;

    for (uint32_t form = 0; form < FORM_OBJECT; form++)
        if (str_eq(word, value_form_word((ValueForm)form)))
            return form;
    type = type_number(t, word);
    return type > VALUE_MOST - FORM_OBJECT ? UINT32_MAX : FORM_OBJECT + type;
}

static uint8_t minor_of(Str digits)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < digits.size && i < 3; i++)
        number = number * 10 + (uint32_t)(digits.data[i] - '0');
    return number <= UINT8_MAX ? (uint8_t)number : UINT8_MAX;
}

static bool read_words(const Table *t, Str text, ObjectField *field)
{
    Str word = {"", 0};
    uint32_t value;

    str_split(&text, ' ', &word);
    value = plain_value(t, word);
    *field = (ObjectField){.value = (uint16_t)value};
    while (str_split(&text, ' ', &word)) {
        if (str_eq(word, STR("list")))
            field->value |= VALUE_LIST;
        else if (str_eq(word, STR("map")))
            field->value |= VALUE_MAP;
        else if (str_eq(word, STR("required")))
            field->required = true;
        else if (str_eq(word, STR("since")) && str_split(&text, ' ', &word))
            field->since = minor_of(word);
        else
            return false;
    }
    return value != UINT32_MAX;
}

static int compare_lines(const void *a, const void *b)
{
    const struct Line *x = a, *y = b;

    return (x->name > y->name) - (x->name < y->name);
}

static void add_line(Table *t, const Entry *entry)
{
    Symbol symbol = symbols_intern(t->writer->symbols, entry_key(entry));
    struct Line *line = &t->lines[t->line_count++];

    *line = (struct Line){.name = (uint16_t)symbol};
    if (symbol > UINT16_MAX || !read_words(t, node_text(&entry->value), &line->field))
        mistake(t, &entry->value, "this says nothing that a field holds");
}

static void add_type(Table *t, uint32_t number)
{
    const Node *fields = &t->types->as.entries[number].value;
    uint32_t first = t->line_count;
    ObjectType *row = &t->rows[number];

    for (uint32_t i = 0; fields->kind == NODE_MAP && i < fields->count; i++)
        add_line(t, &fields->as.entries[i]);
    qsort(t->lines + first, t->line_count - first, sizeof *t->lines, compare_lines);
    *row = (ObjectType){.first = (uint16_t)first, .count = (uint16_t)(t->line_count - first)};
    for (uint32_t i = first; i < t->line_count; i++)
        row->required = (uint16_t)(row->required + t->lines[i].field.required);
}

static int compare_kinds(const void *a, const void *b)
{
    const ObjectKind *x = a, *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return (x->api_version > y->api_version) - (x->api_version < y->api_version);
}

static void add_kind(Table *t, const Entry *kind)
{
    for (uint32_t i = 0; kind->value.kind == NODE_MAP && i < kind->value.count; i++) {
        const Entry *version = &kind->value.as.entries[i];
        ObjectKind *item = &t->kinds[t->kind_count++];
        *item = (ObjectKind){symbols_intern(t->writer->symbols, entry_key(kind)),
                             symbols_intern(t->writer->symbols, entry_key(version)),
                             type_number(t, node_text(&version->value))};
        if (item->type == UINT32_MAX)
            mistake(t, &version->value, "there is no type of this name");
    }
}

static uint32_t count_below(const Node *map)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < map->count; i++)
        count += map->as.entries[i].value.count;
    return count;
}

static BlobObjects write_table(const Table *t)
{
    Arena *arena = t->writer->buf.arena;
    uint16_t *names = ARENA_ARRAY(arena, uint16_t, t->line_count + 1u);
    ObjectField *fields = ARENA_ARRAY(arena, ObjectField, t->line_count + 1u);

    if (!names || !fields)
        return (BlobObjects){.kinds = {0, 0}};
    for (uint32_t i = 0; i < t->line_count; i++) {
        names[i] = t->lines[i].name;
        fields[i] = t->lines[i].field;
    }
    return (BlobObjects){
        .kinds = blob_list(t->writer, t->kinds, t->kind_count, sizeof *t->kinds),
        .types = blob_add(t->writer, t->rows, t->types->count * sizeof *t->rows),
        .names = blob_add(t->writer, names, t->line_count * sizeof *names),
        .fields = blob_add(t->writer, fields, t->line_count * sizeof *fields),
    };
}

BlobObjects object_table_write(const Node *root, BlobWriter *writer, DiagSink *diags)
{
    Arena *arena = writer->buf.arena;
    const Node *kinds = node_get_named(root, STR("kinds"));
    Table t = {.writer = writer, .diags = diags, .types = node_get_named(root, STR("types"))};

    if (!t.types || t.types->kind != NODE_MAP || !kinds || kinds->kind != NODE_MAP ||
        count_below(t.types) > UINT16_MAX) {
        mistake(&t, root, "a table of fields needs `kinds` and `types`, with at most 65535 fields");
        return (BlobObjects){.kinds = {0, 0}};
    }
    t.rows = ARENA_ARRAY(arena, ObjectType, t.types->count);
    t.lines = ARENA_ARRAY(arena, struct Line, count_below(t.types) + 1u);
    t.kinds = ARENA_ARRAY(arena, ObjectKind, count_below(kinds) + 1u);
    if (!t.rows || !t.lines || !t.kinds)
        return (BlobObjects){.kinds = {0, 0}};
    for (uint32_t i = 0; i < t.types->count; i++)
        add_type(&t, i);
    for (uint32_t i = 0; i < kinds->count; i++)
        add_kind(&t, &kinds->as.entries[i]);
    qsort(t.kinds, t.kind_count, sizeof *t.kinds, compare_kinds);
    return write_table(&t);
}
