/*
 * yaml-conformance DIR [-v] - the YAML test suite against syntax/yaml and the core schema
 *
 * DIR holds index.tsv and a folder for each test: in.yaml, and in.json with an array of its
 * documents, or an empty file named error. A test with neither passes when its input is accepted.
 * An input counts as refused, too, when it is said not to be YAML but is read all the same, because
 * libyaml and the readers that descend from it do.
 */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "ir/yaml_schema.h"
#include "syntax/json.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

typedef struct Suite {
    const char *dir;
    bool verbose;
    Arena *arena;
    Symbols symbols;
    Sources sources;
    DiagSink diags;
} Suite;

enum { FILE_MAX = 1 << 20 };

static Source *open_source(Suite *suite, Str id, const char *name)
{
    Str path = str_format(suite->arena, "%s/%.*s/%s", suite->dir, STR_ARG(id), name);
    Str text;
    int error;

    if (!file_read(AT_FDCWD, str_copy_z(suite->arena, path), FILE_MAX, suite->arena, &text, &error))
        return NULL;
    return sources_add(&suite->sources, path, text);
}

static bool read_yaml(Suite *suite, Str id, YamlDocument **documents, uint32_t *count)
{
    Source *source = open_source(suite, id, "in.yaml");

    if (!source || !text_decode(source, suite->arena, &suite->diags) ||
        !yaml_read(source, &suite->symbols, suite->arena, &suite->diags, documents, count))
        return false;
    for (const Diag *diag = suite->diags.first; diag; diag = diag->next)
        if (diag->code == DIAG_YAML_SYNTAX)
            return false;
    for (uint32_t i = 0; i < *count; i++)
        if (!yaml_schema_apply(YAML_SCHEMA_CORE, &(*documents)[i].root, suite->arena,
                               &suite->diags))
            return false;
    return true;
}

static bool matches(Suite *suite, Str id, const YamlDocument *documents, uint32_t count)
{
    Source *source = open_source(suite, id, "in.json");
    Node wanted;

    if (!source || !json_read(source, &suite->symbols, suite->arena, &suite->diags, &wanted))
        return false;
    if (wanted.kind != NODE_LIST || wanted.count != count)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!node_equal(&documents[i].root, &wanted.as.items[i]))
            return false;
    return true;
}

static bool run(Suite *suite, Str id, Str kind)
{
    YamlDocument *documents;
    uint32_t count;
    bool passed;

    arena_rewind(suite->arena, 0);
    suite->sources = sources_new(suite->arena);
    suite->diags = diags_new(suite->arena);
    passed = read_yaml(suite, id, &documents, &count);
    if (str_eq(kind, STR("error")))
        passed = !passed;
    else if (passed && str_eq(kind, STR("json")))
        passed = matches(suite, id, documents, count);
    if (!passed && suite->verbose) {
        Str text = diags_dump(&suite->diags, &suite->sources, suite->arena);
        printf("%.*s (%.*s)\n%.*s\n", STR_ARG(id), STR_ARG(kind), STR_ARG(text));
    }
    return passed;
}

int main(int argc, char **argv)
{
    Arena *index_arena = arena_new(FILE_MAX), *arena = arena_new((size_t)64 << 20);
    Suite suite = {.dir = argc > 1 ? argv[1] : ".", .verbose = argc > 2, .arena = arena};
    unsigned passed = 0, failed = 0;
    Str index, line, id, kind;
    int error;

    if (chdir(suite.dir) != 0 ||
        !file_read(AT_FDCWD, "index.tsv", FILE_MAX, index_arena, &index, &error)) {
        fprintf(stderr, "yaml-conformance: no index.tsv in %s\n", suite.dir);
        return 2;
    }
    suite.dir = ".";
    while (str_split(&index, '\n', &line)) {
        if (!str_split(&line, '\t', &id) || !str_split(&line, '\t', &kind) || str_eq(id, STR("id")))
            continue;
        if (run(&suite, id, kind))
            passed++;
        else
            failed++;
    }
    printf("%u passed, %u failed\n", passed, failed);
    arena_free(arena);
    arena_free(index_arena);
    return failed != 0;
}
