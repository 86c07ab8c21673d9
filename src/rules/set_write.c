#include "rules/set_write.h"

#include <stdlib.h>

#include "rules/object_table.h"
#include "rules/questions.h"
#include "rules/ruleset.h"

/* The order that ruleset.h promises for lists of rules, of which `rules` are all. */
static int compare_rules(const void *a, const void *b, void *rules)
{
    const Rule *x = (const Rule *)rules + *(const uint32_t *)a;
    const Rule *y = (const Rule *)rules + *(const uint32_t *)b;
    uint32_t gate = rule_gate(x), other = rule_gate(y);

    if (gate != other)
        return gate < other ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int compare_types(const void *a, const void *b, void *rules)
{
    const TypeRule *x = a, *y = b;

    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return compare_rules(&x->rule, &y->rule, rules);
}

static int compare_globs(const void *a, const void *b, void *rules)
{
    const BlobGlob *x = a, *y = b;

    return compare_rules(&x->rule, &y->rule, rules);
}

/* Writes a list of things about rules. */
static BlobList write_sorted(Compiler *c, const Vec *list, size_t size,
                             int (*compare)(const void *a, const void *b, void *rules))
{
    if (list->count)
        qsort_r(list->items, list->count, size, compare, c->rules.items);
    return blob_list(&c->writer, list->items, list->count, size);
}

static BlobList write_types(Compiler *c)
{
    TypeRule *pairs = c->types.items;
    Vec types = {0};

    if (c->types.count)
        qsort_r(pairs, c->types.count, sizeof *pairs, compare_types, c->rules.items);
    for (uint32_t i = 0; i < c->types.count;) {
        Vec rules = {0};
        BlobType type = {.type = pairs[i].type};

        for (; i < c->types.count && pairs[i].type == type.type; i++)
            compiler_push(c, &rules, &pairs[i].rule, sizeof pairs[i].rule);
        type.rules = blob_list(&c->writer, rules.items, rules.count, sizeof(uint32_t));
        compiler_push(c, &types, &type, sizeof type);
    }
    return blob_list(&c->writer, types.items, types.count, sizeof(BlobType));
}

/* A default of a provider with its type's and attribute's names, for the order. */
typedef struct DefaultLine {
    Str type;
    Str path;
    const Node *value;
} DefaultLine;

static bool take_default_line(Compiler *c, const Node *node, DefaultLine *line)
{
    *line = (DefaultLine){scalar_text(node_get_named(node, STR("type"))),
                          scalar_text(node_get_named(node, STR("attribute"))),
                          node_get_named(node, STR("value"))};
    if (line->type.size && line->path.size && line->value)
        return true;
    diag_error(compiler_diags(c), DIAG_RULE_FILE, node_span(node),
               "a provider default needs `type`, `attribute` and `value`");
    return false;
}

static void write_default_file(Compiler *c, const Node *root, Vec *list)
{
    for (uint32_t i = 0; root->kind == NODE_LIST && i < root->count; i++) {
        DefaultLine line;
        BlobDefault item;

        if (!take_default_line(c, &root->as.items[i], &line))
            continue;
        item = (BlobDefault){.type = symbols_intern(c->writer.symbols, line.type),
                             .path = blob_text(&c->writer, line.path),
                             .value = blob_data(&c->writer, line.value)};
        compiler_push(c, list, &item, sizeof item);
    }
}

/* The bytes do not move while they are sorted. */
static int compare_defaults(const void *a, const void *b, void *bytes)
{
    const BlobDefault *x = a, *y = b;

    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return str_cmp((Str){(const char *)bytes + x->path.offset, x->path.size},
                   (Str){(const char *)bytes + y->path.offset, y->path.size});
}

static BlobList write_defaults(Compiler *c)
{
    Vec list = {0};

    for (uint32_t i = 0; i < c->options->default_count; i++)
        write_default_file(c, c->options->defaults[i], &list);
    if (list.count)
        qsort_r(list.items, list.count, sizeof(BlobDefault), compare_defaults, c->writer.buf.data);
    return blob_list(&c->writer, list.items, list.count, sizeof(BlobDefault));
}

static BlobList write_rules(Compiler *c)
{
    Rule *rules = c->rules.items;
    BlobList list;

    blob_add(&c->writer, "", 0);
    list = (BlobList){c->writer.buf.size, c->rules.count};
    for (uint32_t i = 0; i < c->rules.count; i++)
        rules[i].self = list.offset + i * (uint32_t)sizeof(Rule);
    blob_add(&c->writer, rules, c->rules.count * sizeof(Rule));
    return list;
}

/* What is asked of every rule of the set lies apart from the rest of them. */
static BlobList write_lives(Compiler *c)
{
    const Rule *rules = c->rules.items;
    uint8_t *lives = ARENA_ARRAY(c->context->arena, uint8_t, (size_t)c->rules.count + 1);

    for (uint32_t i = 0; lives && i < c->rules.count; i++)
        lives[i] = rules[i].life;
    return blob_list(&c->writer, lives, lives ? c->rules.count : 0, sizeof *lives);
}

static int compare_called(const void *a, const void *b)
{
    const BlobCalled *x = a, *y = b;

    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

static BlobCalled called_as(const BlobWriter *writer, BlobText name, uint32_t rule)
{
    return (BlobCalled){rule_name_hash((Str){writer->buf.data + name.offset, name.size}), rule};
}

/* So that a name is looked up, where going through all rules would touch all of the set. */
static BlobList write_called(Compiler *c)
{
    const Rule *rules = c->rules.items;
    Vec list = {0};

    for (uint32_t i = 0; i < c->rules.count; i++) {
        BlobCalled item = called_as(&c->writer, rules[i].id, i);
        compiler_push(c, &list, &item, sizeof item);
        for (uint32_t j = 0; j < rules[i].aliases.count; j++) {
            BlobText alias;
            memcpy(&alias, c->writer.buf.data + rules[i].aliases.offset + j * sizeof alias,
                   sizeof alias);
            item = called_as(&c->writer, alias, i);
            compiler_push(c, &list, &item, sizeof item);
        }
    }
    if (list.count)
        qsort(list.items, list.count, sizeof(BlobCalled), compare_called);
    return blob_list(&c->writer, list.items, list.count, sizeof(BlobCalled));
}

static bool write_symbols(Compiler *c, BlobHeader *header)
{
    SymbolTable table;
    const SymbolName *last;

    if (!symbols_build(c->writer.symbols, &table))
        return false;
    last = &table.names[table.count];
    header->slots = blob_list(&c->writer, table.slots, table.slot_count, sizeof(uint32_t));
    header->names = blob_list(&c->writer, table.names, table.count + 1u, sizeof(SymbolName));
    header->texts = blob_add(&c->writer, table.text, last->begin + last->size);
    return true;
}

bool set_write(Compiler *c, Str *bytes)
{
    BlobWriter *writer = &c->writer;
    BlobHeader header = {.magic = BLOB_MAGIC, .format = BLOB_FORMAT};

    header.version = blob_text(writer, c->options->version);
    header.hash = blob_text(writer, c->options->hash);
    guards_choose(&c->guards, c->rules.items, writer);
    header.shared = questions_share(c->rules.items, c->rules.count, c->context->arena);
    header.rules = write_rules(c);
    header.lives = write_lives(c);
    header.called = write_called(c);
    header.types = write_types(c);
    header.globs = write_sorted(c, &c->globs, sizeof(BlobGlob), compare_globs);
    header.pod = write_sorted(c, &c->pod, sizeof(uint32_t), compare_rules);
    header.any = write_sorted(c, &c->any, sizeof(uint32_t), compare_rules);
    header.defaults = write_defaults(c);
    if (c->options->objects)
        header.objects = object_table_write(c->options->objects, writer, compiler_diags(c));
    if (!write_symbols(c, &header))
        return false;
    header.size = writer->buf.size;
    if (arena_spent(c->context->arena) || !writer->buf.data)
        return false;
    memcpy(writer->buf.data, &header, sizeof header);
    *bytes = buf_str(&writer->buf);
    return true;
}
