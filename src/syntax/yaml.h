/*
 * syntax/yaml.h - YAML text to nodes
 *
 * Scalars come out untyped, as NODE_SCALAR with their text, style and tag, and `<<` is a key like
 * any other, because what they mean depends on who reads the file: ir/yaml_schema.h gives them
 * types. Anchors and aliases are resolved; an alias is a copy of the node that it names, which
 * shares its children and keeps its span.
 */
#ifndef PLUMB_SYNTAX_YAML_H
#define PLUMB_SYNTAX_YAML_H

#include "base/diag.h"
#include "syntax/node.h"

typedef struct YamlDocument {
    Node root; /* an empty plain scalar where there is nothing */
    Span span; /* from its `---`, or the start of the text, to where the next document begins */
} YamlDocument;

/* Reads the documents of `source`'s text (UTF-8, text_decode()). They are in `arena` and point into
 * the text, which must live as long. A key given twice takes its last value and is a warning, but
 * for a plain `<<`, which may stand in a map more than once. A key that is no scalar has its source
 * text for a name.
 *
 * A mistake costs the document that it is in: it is reported, and reading goes on at the next line
 * that begins a document. False if any document was lost, also with more aliases than
 * LIMIT_YAML_EXPANSION or nesting beyond LIMIT_DEPTH, and if memory is short; what could be read is
 * in `*documents` all the same. */
bool yaml_read(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
               YamlDocument **documents, uint32_t *count);

/* The same by libyaml alone, which yaml_read() does without where it can (syntax/yaml_fast.h): for
 * tests, which compare the two. */
bool yaml_read_slowly(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
                      YamlDocument **documents, uint32_t *count);

/* Whether the key is a plain `<<`; only its consumer knows whether that means a merge. */
static inline bool yaml_is_merge(const Entry *entry)
{
    /* A quoted one takes up four bytes. */
    return entry->key_size == 2 && entry->key_end - entry->key_start == 2 &&
           memcmp(entry->key, "<<", 2) == 0;
}

/* The rest of the last comment line that begins with `prefix`, such as "# Source: ", between the
 * start of the document and its root; empty where there is none. */
Str yaml_head_comment(const Source *source, const YamlDocument *document, Str prefix);

#endif
