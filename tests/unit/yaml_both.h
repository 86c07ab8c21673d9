/*
 * tests/unit/yaml_both.h - that YAML reads the same with and without libyaml
 */
#ifndef PLUMB_TESTS_YAML_BOTH_H
#define PLUMB_TESTS_YAML_BOTH_H

#include "base/buf.h"
#include "reading.h"
#include "syntax/yaml.h"

typedef bool ReadYaml(const Source *source, const Symbols *symbols, Arena *arena, DiagSink *diags,
                      YamlDocument **documents, uint32_t *count);

/* All that one reading of `text` gives, with spans, ended by NUL; in the arena of `*r`. */
static inline const char *yaml_reading(ReadYaml *read, Str text, Reading *r)
{
    YamlDocument *documents;
    uint32_t count;
    bool good;
    Buf buf;

    *r = reading_of(text, (size_t)64 << 20);
    good = read(r->source, &r->symbols, r->arena, &r->diags, &documents, &count);
    buf = buf_new(r->arena);
    buf_printf(&buf, "%s\n", good ? "good" : "bad");
    for (uint32_t i = 0; i < count; i++) {
        buf_printf(&buf, "%u-%u: ", documents[i].span.start, documents[i].span.end);
        buf_add(&buf, node_dump(&documents[i].root, true, r->arena));
        buf_add_char(&buf, '\n');
    }
    buf_add_z(&buf, reading_diags(r));
    return str_copy_z(r->arena, buf_str(&buf));
}

static inline void expect_both_same(Str text)
{
    Reading fast, slow;
    const char *given = yaml_reading(yaml_read, text, &fast);

    assert_string_equal(given, yaml_reading(yaml_read_slowly, text, &slow));
    arena_free(fast.arena);
    arena_free(slow.arena);
}

#endif
