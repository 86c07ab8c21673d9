/* Any bytes as YAML and as HCL: whatever map or block gets a new key, the text must be read as
 * before afterwards, with that key and no other change. */
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "edit/hcl.h"
#include "edit/plan.h"
#include "edit/yaml.h"
#include "ir/yaml_schema.h"
#include "syntax/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Maps or blocks of one input that are tried. */
enum { MOST_PLACES = 40 };

#define NEW_KEY STR("plumb_new")

typedef struct Input {
    Arena *arena;
    Sources sources;
    DiagSink diags;
    Source *source;
} Input;

static const Symbols no_symbols;

static Input input_of(Str text)
{
    Input input = {.arena = arena_new((size_t)64 << 20)};
    char *copy = malloc(text.size ? text.size : 1);

    assert(input.arena && copy);
    if (text.size)
        memcpy(copy, text.data, text.size);
    input.sources = sources_new(input.arena);
    input.diags = diags_new(input.arena);
    input.source = sources_add(&input.sources, STR("in"), (Str){copy, text.size});
    return input;
}

static void input_free(Input *input)
{
    free((char *)(uintptr_t)input->source->text.data);
    arena_free(input->arena);
}

static Str apply(Input *input, const Edit *edit)
{
    EditPlan plan = edit_plan_new(input->arena);

    assert(edit->start <= edit->end && edit->end <= input->source->text.size);
    assert(edit_plan_add(&plan, edit, 1));
    return edit_plan_apply(&plan, input->source->text, input->arena);
}

/* --- YAML --- */

typedef struct Documents {
    YamlDocument *items;
    uint32_t count;
} Documents;

static bool read_yaml(Input *input, Documents *documents)
{
    if (!yaml_read(input->source, &no_symbols, input->arena, &input->diags, &documents->items,
                   &documents->count))
        return false;
    for (uint32_t i = 0; i < documents->count; i++)
        if (!yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents->items[i].root, input->arena,
                               &input->diags))
            return false;
    return input->diags.errors == 0 && !arena_spent(input->arena);
}

/* The map at position `number` of a walk through a tree, counted down; NULL where there are fewer.
 */
static Node *map_at(Node *node, uint32_t *number)
{
    Node *found = NULL;

    if (node->kind == NODE_MAP && (*number)-- == 0)
        return node;
    for (uint32_t i = 0; node->kind == NODE_MAP && !found && i < node->count; i++)
        found = map_at(&node->as.entries[i].value, number);
    for (uint32_t i = 0; node->kind == NODE_LIST && !found && i < node->count; i++)
        found = map_at(&node->as.items[i], number);
    return found;
}

/* Takes the new key out of the tree again. */
static void drop_key(Node *map)
{
    uint32_t i = 0;

    while (i < map->count && !str_eq(entry_key(&map->as.entries[i]), NEW_KEY))
        i++;
    assert(i < map->count);
    map->count--;
    memmove(&map->as.entries[i], &map->as.entries[i + 1],
            (map->count - i) * sizeof *map->as.entries);
}

static void check_yaml_after(Input *before, const Documents *documents, uint32_t document,
                             uint32_t number, Str text)
{
    Input input = input_of(text);
    Documents again;
    Node *map;

    assert(read_yaml(&input, &again) && again.count == documents->count);
    map = map_at(&again.items[document].root, &number);
    assert(map && node_get_named(map, NEW_KEY));
    drop_key(map);
    for (uint32_t i = 0; i < again.count; i++)
        assert(str_eq(node_dump(&documents->items[i].root, false, before->arena),
                      node_dump(&again.items[i].root, false, input.arena)));
    input_free(&input);
}

static void try_yaml_map(Input *input, const Documents *documents, uint32_t document,
                         uint32_t number)
{
    const Str path[] = {NEW_KEY, STR("a: b")};
    uint32_t rest = number;
    const Node *map = map_at(&documents->items[document].root, &rest);
    Node value = node_make_string(SPAN_NONE, STR("x # y"));
    Edit edit;

    for (uint32_t count = 1; count <= 2; count++)
        if (edit_yaml_set(input->source, map, path, count, &value, input->arena, &edit))
            check_yaml_after(input, documents, document, number, apply(input, &edit));
}

static void try_yaml(Str text)
{
    Input input = input_of(text);
    Documents documents;

    /* What an anchor holds is in several places. */
    if (str_find_char(text, '&') < 0 && str_find(text, NEW_KEY) < 0 &&
        read_yaml(&input, &documents) && documents.count < MOST_PLACES)
        for (uint32_t i = 0; i < documents.count; i++)
            for (uint32_t number = 0; number < MOST_PLACES; number++) {
                uint32_t rest = number;
                if (!map_at(&documents.items[i].root, &rest))
                    break;
                try_yaml_map(&input, &documents, i, number);
            }
    input_free(&input);
}

/* --- HCL --- */

static const HclBlock *block_at(const HclBody *body, uint32_t *number)
{
    const HclBlock *found = NULL;

    for (uint32_t i = 0; !found && i < body->block_count; i++) {
        if ((*number)-- == 0)
            return &body->blocks[i];
        found = block_at(body->blocks[i].body, number);
    }
    return found;
}

static void check_hcl_after(const HclBlock *before, uint32_t number, uint32_t depth, Str text)
{
    Input input = input_of(text);
    const HclBody *file = hcl_read(input.source, input.arena, &input.diags);
    const HclBlock *block = file ? block_at(file, &number) : NULL;

    assert(block && input.diags.errors == 0);
    if (depth == 1) {
        assert(hcl_attribute(block->body, NEW_KEY));
        assert(block->body->attribute_count == before->body->attribute_count + 1);
        assert(block->body->block_count == before->body->block_count);
    } else {
        assert(block->body->attribute_count == before->body->attribute_count);
        assert(block->body->block_count == before->body->block_count + 1);
    }
    input_free(&input);
}

static void try_hcl(Str text)
{
    const Str path[] = {NEW_KEY, STR("x")};
    Input input = input_of(text);
    const HclBody *file = hcl_read(input.source, input.arena, &input.diags);
    Node value = node_make_string(SPAN_NONE, STR("${x}"));

    for (uint32_t number = 0; file && !input.diags.errors && number < MOST_PLACES; number++) {
        uint32_t rest = number;
        const HclBlock *block = block_at(file, &rest);
        Edit edit;
        if (!block || str_find(text, NEW_KEY) >= 0)
            break;
        assert(edit_hcl_block(file, block->span));
        for (uint32_t count = 1; count <= 2; count++)
            if (edit_hcl_set(input.source, block, path, count, &value, input.arena, &edit))
                check_hcl_after(block, number, count, apply(&input, &edit));
    }
    input_free(&input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Str text = {(const char *)data, (uint32_t)size};

    if (size > 20000)
        return 0;
    try_yaml(text);
    try_hcl(text);
    return 0;
}
