/*
 * rules/writer.h - the bytes of a rule set, put together
 */
#ifndef PLUMB_RULES_WRITER_H
#define PLUMB_RULES_WRITER_H

#include "base/buf.h"
#include "cel/machine.h"
#include "rules/blob.h"

typedef struct BlobWriter {
    Buf buf;
    SymbolBuilder *symbols;
    BlobCode *codes; /* a hash table of those written so far */
    uint32_t code_count;
    uint32_t code_slots;
} BlobWriter;

/* An empty set with room for its header. Spent memory shows at the end: arena_spent(). */
BlobWriter blob_writer(Arena *arena, SymbolBuilder *symbols);

/* Adds bytes, aligned to 8, and returns their offset. */
uint32_t blob_add(BlobWriter *writer, const void *bytes, size_t size);

BlobText blob_text(BlobWriter *writer, Str text);
BlobList blob_list(BlobWriter *writer, const void *items, uint32_t count, size_t size);

/* Equal code is written once, so that equal expressions have the same offset. */
BlobCode blob_code(BlobWriter *writer, const CelCode *code);

/* Bytes of any other kind that are written once; those of no size have no offset. */
uint32_t blob_once(BlobWriter *writer, const void *bytes, uint32_t size);

/* The value of a node with typed scalars; what is unknown becomes null. */
BlobData blob_data(BlobWriter *writer, const Node *node);

#endif
