#include "base/symbols.h"

struct SymbolBuilder {
    Arena *arena;
    Symbols base;
    uint32_t *slots; /* numbers local to the builder, from 1 */
    uint32_t slot_count;
    Str *names; /* names[1] is the first */
    uint32_t count;
    uint32_t capacity;
};

static bool is_name(const SymbolTable *table, const SymbolName *known, Str name, uint64_t last)
{
    return known->last == last && known->size == name.size &&
           (name.size <= sizeof last ||
            memcmp(table->text + known->begin, name.data, name.size - sizeof last) == 0);
}

static inline uint32_t table_find(const SymbolTable *table, Str name, uint64_t hash, uint64_t last)
{
    uint32_t mask = table->slot_count - 1;

    if (table->slot_count == 0)
        return 0;
    for (uint32_t i = (uint32_t)hash & mask;; i = (i + 1) & mask) {
        uint32_t number = table->slots[i];
        if (number == 0 || is_name(table, &table->names[number], name, last))
            return number;
    }
}

Symbol symbols_find(const Symbols *symbols, Str name)
{
    uint64_t hash, last;
    uint32_t number;

    if (name.size == 0)
        return SYMBOL_NONE;
    hash = str_hash(name);
    last = str_last_word(name);
    number = table_find(&symbols->fixed, name, hash, last);
    if (number || symbols->added.slot_count == 0)
        return number;
    number = table_find(&symbols->added, name, hash, last);
    return number ? symbols->fixed.count + number : SYMBOL_NONE;
}

Str symbols_name(const Symbols *symbols, Symbol symbol)
{
    const SymbolTable *table = &symbols->fixed;

    if (symbol > table->count) {
        symbol -= table->count;
        table = &symbols->added;
    }
    if (symbol == 0 || symbol > table->count)
        return (Str){"", 0};
    return (Str){table->text + table->names[symbol].begin, table->names[symbol].size};
}

SymbolBuilder *symbols_builder(Arena *arena, const Symbols *base)
{
    SymbolBuilder *builder = ARENA_NEW(arena, SymbolBuilder);

    if (!builder)
        return NULL;
    builder->arena = arena;
    if (base)
        builder->base = *base;
    builder->slot_count = 64;
    builder->slots = ARENA_ARRAY(arena, uint32_t, builder->slot_count);
    return builder->slots ? builder : NULL;
}

static void place(uint32_t *slots, uint32_t slot_count, uint64_t hash, uint32_t number)
{
    uint32_t i = (uint32_t)hash & (slot_count - 1);

    while (slots[i])
        i = (i + 1) & (slot_count - 1);
    slots[i] = number;
}

static bool widen(SymbolBuilder *builder)
{
    uint32_t slot_count = builder->slot_count * 2;
    uint32_t *slots = ARENA_ARRAY(builder->arena, uint32_t, slot_count);

    if (!slots)
        return false;
    for (uint32_t n = 1; n <= builder->count; n++)
        place(slots, slot_count, str_hash(builder->names[n]), n);
    builder->slots = slots;
    builder->slot_count = slot_count;
    return true;
}

static uint32_t builder_find(const SymbolBuilder *builder, Str name, uint64_t hash)
{
    uint32_t mask = builder->slot_count - 1;

    for (uint32_t i = (uint32_t)hash & mask; builder->slots[i]; i = (i + 1) & mask)
        if (str_eq(builder->names[builder->slots[i]], name))
            return builder->slots[i];
    return 0;
}

Symbol symbols_intern(SymbolBuilder *builder, Str name)
{
    Symbol known = symbols_find(&builder->base, name);
    uint32_t offset = builder->base.fixed.count + builder->base.added.count;
    uint64_t hash = str_hash(name);
    uint32_t number;
    Str *names;

    if (known || name.size == 0)
        return known;
    number = builder_find(builder, name, hash);
    if (number)
        return offset + number;
    if ((builder->count + 1) * 2 > builder->slot_count && !widen(builder))
        return SYMBOL_NONE;
    names = arena_grow(builder->arena, builder->names, builder->count + 1u, &builder->capacity,
                       builder->count + 2u, sizeof *names);
    if (!names)
        return SYMBOL_NONE;
    builder->names = names;
    number = builder->count + 1;
    names[number] = str_copy(builder->arena, name);
    if (!names[number].data)
        return SYMBOL_NONE;
    builder->count = number;
    place(builder->slots, builder->slot_count, hash, number);
    return offset + number;
}

bool symbols_build(const SymbolBuilder *builder, SymbolTable *table)
{
    SymbolName *names = ARENA_ARRAY(builder->arena, SymbolName, builder->count + 1u);
    uint32_t size = 0;
    char *text;

    for (uint32_t n = 1; n <= builder->count; n++)
        size += builder->names[n].size;
    text = arena_alloc(builder->arena, size + 1u, 1);
    if (!names || !text)
        return false;
    size = 0;
    for (uint32_t n = 1; n <= builder->count; n++) {
        Str name = builder->names[n];
        memcpy(text + size, name.data, name.size);
        names[n] = (SymbolName){str_last_word(name), size, name.size};
        size += name.size;
    }
    *table = (SymbolTable){builder->slots, builder->slot_count, names, builder->count, text};
    return true;
}
