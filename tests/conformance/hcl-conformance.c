/*
 * hcl-conformance DIR [-v] - inputs in HCL against syntax/hcl and ir/hcl_eval
 *
 * DIR holds CASE.hcl and CASE.json, which says whether the input is refused by the parser, fails to
 * evaluate or is good, what its attributes and blocks are worth, and where its first mistake is.
 */
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "ir/hcl_eval.h"
#include "syntax/hcl.h"
#include "syntax/json.h"

typedef struct Case {
    Arena *arena;
    Symbols symbols;
    Sources sources;
    DiagSink diags;
    Node variables;
    HclEval eval;
} Case;

enum { FILE_MAX = 1 << 20 };

static Source *open_source(Case *c, const char *dir, Str name, const char *ending)
{
    Str path = str_format(c->arena, "%s/%.*s%s", dir, STR_ARG(name), ending), text;
    int error;

    if (!file_read(AT_FDCWD, str_copy_z(c->arena, path), FILE_MAX, c->arena, &text, &error))
        return NULL;
    return sources_add(&c->sources, path, text);
}

/* {"string": "x"} and the like to the value that is meant. */
static Node value_of(Case *c, const Node *tagged)
{
    const Entry *entry = tagged->as.entries;
    Str tag = entry_key(entry);
    Node value = entry->value;

    if (str_eq(tag, STR("number"))) {
        Node number = value;
        hcl_to_number(c->arena, &value, &number);
        return number;
    }
    if (str_eq(tag, STR("list")))
        for (uint32_t i = 0; i < value.count; i++)
            value.as.items[i] = value_of(c, &value.as.items[i]);
    if (str_eq(tag, STR("map")))
        for (uint32_t i = 0; i < value.count; i++)
            value.as.entries[i].value = value_of(c, &value.as.entries[i].value);
    return value;
}

static bool near(const Node *a, const Node *b)
{
    double x = hcl_double(a), y = hcl_double(b);

    return x == y || fabs(x - y) <= 1e-12 * fmax(fabs(x), fabs(y));
}

static bool same(const Node *value, const Node *tagged)
{
    Str tag = entry_key(tagged->as.entries);
    const Node *want = &tagged->as.entries[0].value;

    if (str_eq(tag, STR("unknown")) || str_eq(tag, STR("error")))
        return value->kind == NODE_UNKNOWN;
    if (str_eq(tag, STR("number"))) {
        char *text = strndup(want->as.text, want->count);
        Node number = node_make_double(node_span(want), strtod(text, NULL));
        free(text);
        return hcl_is_number(value) && near(value, &number);
    }
    if (value->kind != want->kind)
        return false;
    if (value->kind != NODE_LIST && value->kind != NODE_MAP)
        return node_equal(value, want);
    if (value->count != want->count)
        return false;
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        if (!same(&value->as.items[i], &want->as.items[i]))
            return false;
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        const Node *other = node_get_named(want, entry_key(&value->as.entries[i]));
        if (!other || !same(&value->as.entries[i].value, other))
            return false;
    }
    return true;
}

static bool root(HclEval *eval, const HclExpr *name, Node *value)
{
    Case *c = eval->world->context;
    const Node *found = node_get_named(&c->variables, name->as.name);

    if (found)
        *value = *found;
    else
        hcl_fail(eval, name->span, "nothing is called that");
    return found != NULL;
}

static Node no_step(HclEval *eval, const HclHandle *handle, const Node *key, Span at)
{
    (void)handle;
    (void)key;
    return hcl_fail(eval, at, "there is nothing to step into");
}

static bool labels_match(const HclBlock *block, const Node *labels)
{
    if (!labels || labels->count != block->label_count)
        return false;
    for (uint32_t i = 0; i < labels->count; i++)
        if (!str_eq(node_string(&labels->as.items[i]), block->labels[i].text))
            return false;
    return true;
}

static bool body_matches(Case *c, const HclBody *body, const Node *want)
{
    const Node *attributes = node_get_named(want, STR("attributes"));
    const Node *blocks = node_get_named(want, STR("blocks"));

    if (!attributes || !blocks || attributes->count != body->attribute_count ||
        blocks->count != body->block_count)
        return false;
    for (uint32_t i = 0; i < body->attribute_count; i++) {
        const Node *tagged = node_get_named(attributes, body->attributes[i].name);
        c->eval.failed = false;
        Node value = hcl_eval(&c->eval, body->attributes[i].value);
        if (c->eval.failed)
            value = hcl_unknown(&c->eval, node_span(&value), STR("mistake"), NODE_UNKNOWN);
        if (!tagged || !same(&value, tagged))
            return false;
    }
    for (uint32_t i = 0; i < body->block_count; i++) {
        const HclBlock *block = &body->blocks[i];
        const Node *expected = &blocks->as.items[i];
        Source *source = sources_get(&c->sources, block->span.source);
        const Node *line = node_get_named(expected, STR("line"));
        if (!str_eq(node_string(node_get_named(expected, STR("type"))), block->type) ||
            !labels_match(block, node_get_named(expected, STR("labels"))) || !line ||
            line->as.integer != source_position(&c->sources, source, block->span.start).line ||
            !body_matches(c, block->body, node_get_named(expected, STR("body"))))
            return false;
    }
    return true;
}

/* Whether the first mistake is of the phase and on the line that is wanted. */
static bool mistake_matches(Case *c, const Node *want, bool evaluate)
{
    const Node *line = node_path(want, "errors.0.from.line");
    const Diag *diag = c->diags.first;
    Source *source = diag ? sources_get(&c->sources, diag->span.source) : NULL;

    return source && line && (diag->code == DIAG_HCL_EVALUATE) == evaluate &&
           source_position(&c->sources, source, diag->span.start).line == line->as.integer;
}

static bool run(Case *c, const char *dir, Str name)
{
    Source *input = open_source(c, dir, name, ".hcl"),
           *expected = open_source(c, dir, name, ".json");
    HclWorld world = {.context = c, .root = root, .step = no_step};
    HclBody *body;
    Node want;
    Str phase;

    if (!input || !expected || !json_read(expected, &c->symbols, c->arena, &c->diags, &want))
        return false;
    c->variables = *node_get_named(&want, STR("variables"));
    for (uint32_t i = 0; i < c->variables.count; i++)
        c->variables.as.entries[i].value = value_of(c, &c->variables.as.entries[i].value);
    c->eval = (HclEval){.arena = c->arena,
                        .symbols = &c->symbols,
                        .sources = &c->sources,
                        .diags = &c->diags,
                        .world = &world};
    phase = node_string(node_get_named(&want, STR("phase")));
    body = hcl_read(input, c->arena, &c->diags);
    if (!body)
        return false;
    if (str_eq(phase, STR("parse")))
        return mistake_matches(c, &want, false);
    if (c->diags.count || !body_matches(c, body, node_get_named(&want, STR("body"))))
        return false;
    return str_eq(phase, STR("ok")) ? c->diags.count == 0 : mistake_matches(c, &want, true);
}

static bool run_case(const char *dir, const char *file, bool verbose)
{
    Arena *arena = arena_new((size_t)256 << 20);
    Case c = {.arena = arena, .sources = sources_new(arena), .diags = diags_new(arena)};
    Str name = {file, (uint32_t)strlen(file) - 4};
    bool passed = run(&c, dir, name);
    Str text;

    if (!passed && verbose) {
        text = diags_dump(&c.diags, &c.sources, arena);
        printf("FAIL %.*s\n%.*s", STR_ARG(name), STR_ARG(text));
    }
    arena_free(arena);
    return passed;
}

static int is_case(const struct dirent *entry)
{
    return str_ends(str_of(entry->d_name), STR(".hcl"));
}

int main(int argc, char **argv)
{
    bool verbose = argc > 2 && strcmp(argv[2], "-v") == 0;
    uint32_t passed = 0, failed = 0;
    struct dirent **cases;
    int count = argc > 1 ? scandir(argv[1], &cases, is_case, alphasort) : -1;

    if (count < 0) {
        fprintf(stderr, "usage: hcl-conformance DIR [-v]\n");
        return 2;
    }
    for (int i = 0; i < count; i++) {
        if (run_case(argv[1], cases[i]->d_name, verbose))
            passed++;
        else
            failed++;
        free(cases[i]);
    }
    free(cases);
    printf("%u passed, %u failed\n", passed, failed);
    return failed != 0;
}
