#include "rules/writer.h"

BlobWriter blob_writer(Arena *arena, SymbolBuilder *symbols)
{
    BlobWriter writer = {.buf = buf_new(arena), .symbols = symbols};
    BlobHeader room = {.magic = BLOB_MAGIC};

    blob_add(&writer, &room, sizeof room);
    return writer;
}

uint32_t blob_add(BlobWriter *writer, const void *bytes, size_t size)
{
    static const char zeros[8];
    uint32_t offset;

    buf_add(&writer->buf, (Str){zeros, (8 - writer->buf.size % 8) % 8});
    offset = writer->buf.size;
    if (size <= UINT32_MAX - offset)
        buf_add(&writer->buf, (Str){bytes, (uint32_t)size});
    return offset;
}

BlobText blob_text(BlobWriter *writer, Str text)
{
    uint32_t offset = writer->buf.size;

    buf_add(&writer->buf, text);
    return (BlobText){offset, text.size};
}

BlobList blob_list(BlobWriter *writer, const void *items, uint32_t count, size_t size)
{
    return (BlobList){blob_add(writer, items, count * size), count};
}

static Str code_bytes(const BlobWriter *writer, const BlobCode *code)
{
    return (Str){writer->buf.data + code->offset, code->size};
}

/* The slot of code with these bytes, or the free one for it. */
static BlobCode *code_slot(const BlobWriter *writer, Str bytes)
{
    uint32_t mask = writer->code_slots - 1;
    uint32_t at = (uint32_t)str_hash(bytes) & mask;

    while (writer->codes[at].size && !str_eq(code_bytes(writer, &writer->codes[at]), bytes))
        at = (at + 1) & mask;
    return &writer->codes[at];
}

/* Makes room for one more: at least half of the slots stay free. */
static bool grow_codes(BlobWriter *writer)
{
    BlobCode *before = writer->codes;
    uint32_t slots = writer->code_slots;

    if (writer->code_count < slots / 2)
        return true;
    writer->codes = ARENA_ARRAY(writer->buf.arena, BlobCode, slots ? slots * 2 : 256);
    writer->code_slots = writer->codes ? (slots ? slots * 2 : 256) : 0;
    if (!writer->codes)
        return false;
    for (uint32_t i = 0; i < slots; i++)
        if (before[i].size)
            *code_slot(writer, code_bytes(writer, &before[i])) = before[i];
    return true;
}

BlobCode blob_code(BlobWriter *writer, const CelCode *code)
{
    BlobCode new = {
        .size = code->size, .stack_max = code->stack_max, .local_count = code->local_count};
    BlobCode *slot;

    if (!writer->buf.data || !grow_codes(writer))
        return new;
    slot = code_slot(writer, (Str){(const char *)code->bytes, code->size});
    if (!slot->size) {
        new.offset = blob_add(writer, code->bytes, code->size);
        *slot = new;
        writer->code_count++;
    }
    return *slot;
}

uint32_t blob_once(BlobWriter *writer, const void *bytes, uint32_t size)
{
    CelCode code = {.bytes = bytes, .size = size};

    return size ? blob_code(writer, &code).offset : 0;
}

static BlobData list_data(BlobWriter *writer, const Node *node)
{
    BlobData *items = ARENA_ARRAY(writer->buf.arena, BlobData, node->count);
    BlobData data = {.kind = NODE_LIST, .count = node->count};

    for (uint32_t i = 0; items && i < node->count; i++)
        items[i] = blob_data(writer, &node->as.items[i]);
    if (items)
        data.as.offset = blob_add(writer, items, node->count * sizeof *items);
    return data;
}

static BlobData map_data(BlobWriter *writer, const Node *node)
{
    BlobField *fields = ARENA_ARRAY(writer->buf.arena, BlobField, node->count);
    BlobData data = {.kind = NODE_MAP, .count = node->count};

    for (uint32_t i = 0; fields && i < node->count; i++) {
        const Entry *entry = &node->as.entries[i];
        fields[i].key = blob_text(writer, entry_key(entry));
        fields[i].symbol = symbols_intern(writer->symbols, entry_key(entry));
        fields[i].value = blob_data(writer, &entry->value);
    }
    if (fields)
        data.as.offset = blob_add(writer, fields, node->count * sizeof *fields);
    return data;
}

/* Readers keep trees within LIMIT_DEPTH. */
BlobData blob_data(BlobWriter *writer, const Node *node)
{
    BlobData data = {.kind = node->kind};

    switch ((NodeKind)node->kind) {
    case NODE_BOOL:
        data.as.integer = node->as.boolean;
        return data;
    case NODE_INT:
        data.as.integer = node->as.integer;
        return data;
    case NODE_DOUBLE:
        data.as.number = node->as.number;
        return data;
    case NODE_STRING:
    case NODE_SCALAR:
        data.kind = NODE_STRING;
        data.count = node->count;
        data.as.offset = blob_text(writer, node_text(node)).offset;
        return data;
    case NODE_LIST:
        return list_data(writer, node);
    case NODE_MAP:
        return map_data(writer, node);
    case NODE_NULL:
    case NODE_UNKNOWN:
        break;
    }
    data.kind = NODE_NULL;
    return data;
}
