#include "rules/writer.h"

BlobWriter blob_writer(Arena *arena, SymbolBuilder *symbols)
{
    BlobWriter writer = {buf_new(arena), symbols};
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

BlobCode blob_code(BlobWriter *writer, const CelCode *code)
{
    return (BlobCode){blob_add(writer, code->bytes, code->size), code->size, code->stack_max,
                      code->local_count};
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
