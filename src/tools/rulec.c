/*
 * tools/rulec.c - the rules to one constant array
 *
 * rulec -o FILE.c RULES...: compiles rule files and directories and writes C source that holds
 * the set. Run by the build; a mistake in a rule ends it with status 1 and the mistakes on the
 * standard error.
 */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "rules/load.h"

/* A string literal compiles in a fraction of the time that a list of numbers takes. */
static void write_bytes(FILE *out, Str bytes)
{
    for (uint32_t i = 0; i < bytes.size; i++) {
        unsigned char c = (unsigned char)bytes.data[i];
        if (i % 1024 == 0)
            fputs(i ? "\"\n\"" : "\"", out);
        if (c >= ' ' && c < 0x7f && c != '"' && c != '\\' && c != '?')
            fputc(c, out);
        else
            fprintf(out, "\\%03o", c);
    }
    fputs("\"", out);
}

static bool write_source(const char *path, Str bytes)
{
    FILE *out = fopen(path, "w");
    bool good;

    if (!out) {
        perror(path);
        return false;
    }
    fputs("/* Made by tools/rulec.c from rules/. */\n"
          "extern const unsigned char plumb_ruleset[];\n"
          "extern const unsigned int plumb_ruleset_size;\n\n"
          "_Alignas(8) const unsigned char plumb_ruleset[] =\n",
          out);
    write_bytes(out, bytes);
    fprintf(out, ";\n\nconst unsigned int plumb_ruleset_size = %uu;\n", bytes.size);
    good = !ferror(out);
    if (fclose(out) != 0 || !good) {
        perror(path);
        return false;
    }
    return true;
}

static bool compile(RuleTree *tree, RuleContext *context, Str *bytes)
{
    CompileOptions options = {
        .defaults = tree->defaults, .default_count = tree->default_count, .tests_required = true};

    rule_tree_done(tree, context);
    options.objects = tree->objects;
    options.version = tree->version;
    options.hash = tree->hash;
    return rules_compile_bytes(tree->first, &options, context, bytes);
}

static int run(const char *output, char **paths, int count, RuleContext *context)
{
    RuleTree tree = rule_tree_new();
    Str bytes, text;
    bool good = true;

    for (int i = 0; i < count; i++)
        good &= rule_tree_add(&tree, paths[i], context);
    good &= compile(&tree, context, &bytes);
    text = diags_dump(&context->diags, &context->sources, context->arena);
    fprintf(stderr, "%.*s", STR_ARG(text));
    if (!good || context->diags.errors)
        return 1;
    return write_source(output, bytes) ? 0 : 1;
}

int main(int argc, char **argv)
{
    RuleContext context;
    int status;

    if (argc < 3 || strcmp(argv[1], "-o") != 0) {
        fputs("usage: rulec -o FILE.c RULES...\n", stderr);
        return 2;
    }
    context = rule_context_new();
    if (!context.arena)
        return 1;
    status = run(argv[2], argv + 3, argc - 3, &context);
    rule_context_free(&context);
    return status;
}
