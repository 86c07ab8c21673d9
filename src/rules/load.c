#include "rules/load.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/limits.h"
#include "ir/yaml_schema.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* Directories inside each other; more is a loop of links. */
#define LIMIT_RULE_DIRS 16u

/* A rule file is written by hand. */
#define LIMIT_RULE_FILE ((size_t)16 << 20)

RuleContext rule_context_new(void)
{
    RuleContext context = {.arena = arena_new(LIMIT_UNIT_BYTES)};

    context.sources = sources_new(context.arena);
    context.diags = diags_new(context.arena);
    return context;
}

void rule_context_free(RuleContext *context)
{
    arena_free(context->arena);
    context->arena = NULL;
}

RuleTree rule_tree_new(void)
{
    return (RuleTree){.sum = sha256_new()};
}

/* Rule files have no keys that rules mention. */
static const Symbols none;

static YamlDocument *read_yaml(Str path, Str text, RuleContext *context, uint32_t *count)
{
    Source *source = sources_add(&context->sources, path, text);
    YamlDocument *documents = NULL;

    *count = 0;
    if (!source || !text_decode(source, context->arena, &context->diags))
        return NULL;
    yaml_read(source, &none, context->arena, &context->diags, &documents, count);
    return documents;
}

static void add_hash(RuleTree *tree, Str path, Str text)
{
    sha256_add(&tree->sum, path);
    sha256_add(&tree->sum, (Str){"", 1});
    sha256_add(&tree->sum, text);
    sha256_add(&tree->sum, (Str){"", 1});
}

bool rule_tree_add_text(RuleTree *tree, Str path, Str text, RuleContext *context)
{
    uint32_t count;
    YamlDocument *documents = read_yaml(path, text, context, &count);

    add_hash(tree, path, text);
    for (uint32_t i = 0; i < count; i++) {
        RuleFile *file = rule_file_build(path, &documents[i].root, context->arena, &context->diags);
        if (!file)
            return false;
        if (tree->last)
            tree->last->next = file;
        else
            tree->first = file;
        tree->last = file;
    }
    return true;
}

static bool add_defaults(RuleTree *tree, Str path, Str text, RuleContext *context)
{
    uint32_t count;
    YamlDocument *documents = read_yaml(path, text, context, &count);

    add_hash(tree, path, text);
    for (uint32_t i = 0; i < count; i++) {
        const Node **defaults =
            arena_grow(context->arena, tree->defaults, tree->default_count, &tree->default_capacity,
                       tree->default_count + 1u, sizeof *defaults);
        if (!defaults)
            return false;
        tree->defaults = defaults;
        if (!yaml_schema_apply(YAML_SCHEMA_CORE, &documents[i].root, context->arena,
                               &context->diags))
            return false;
        defaults[tree->default_count++] = &documents[i].root;
    }
    return true;
}

static bool add_objects(RuleTree *tree, Str path, Str text, RuleContext *context)
{
    uint32_t count;
    YamlDocument *documents = read_yaml(path, text, context, &count);

    add_hash(tree, path, text);
    if (count)
        tree->objects = &documents[0].root;
    return true;
}

/* What the files of a directory are, by its name. */
typedef enum FileUse {
    USE_RULES,
    USE_DEFAULTS,
    USE_SCHEMAS,
} FileUse;

static FileUse use_of(Str directory)
{
    if (str_ends(directory, STR("/defaults")))
        return USE_DEFAULTS;
    return str_ends(directory, STR("/schemas")) ? USE_SCHEMAS : USE_RULES;
}

static bool add_text(RuleTree *tree, Str path, Str text, FileUse use, RuleContext *context)
{
    switch (use) {
    case USE_DEFAULTS:
        return add_defaults(tree, path, text, context);
    case USE_SCHEMAS:
        return add_objects(tree, path, text, context);
    case USE_RULES:
        break;
    }
    return rule_tree_add_text(tree, path, text, context);
}

static bool unreadable(Str path, int error, RuleContext *context)
{
    diag_path_error(&context->diags, DIAG_FILE_UNREADABLE, path, "cannot be read: %s",
                    strerror(error));
    return false;
}

static bool is_yaml(Str path)
{
    return str_ends(path, STR(".yaml")) || str_ends(path, STR(".yml"));
}

static bool add_policies(RuleTree *tree, Str path, Str text, RuleContext *context)
{
    add_hash(tree, path, text);
    return policy_documents_add(&tree->policies, path, text, false, context);
}

static bool add_file(RuleTree *tree, const char *path, FileUse use, RuleContext *context)
{
    Str text, name = str_copy(context->arena, str_of(path));
    int error;

    if (!file_read(AT_FDCWD, path, LIMIT_RULE_FILE, context->arena, &text, &error))
        return unreadable(name, error, context);
    if (tree->takes_policies)
        return add_policies(tree, name, text, context);
    if (str_ends(name, STR("/VERSION"))) {
        tree->version = str_trim(text);
        add_hash(tree, name, text);
        return true;
    }
    return add_text(tree, name, text, use, context);
}

static bool is_directory(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool add_path(RuleTree *tree, const char *path, FileUse use, uint32_t depth,
                     RuleContext *context);

static bool is_wanted(const RuleTree *tree, Str name)
{
    return is_yaml(name) ||
           (tree->takes_policies ? str_ends(name, STR(".json")) : str_eq(name, STR("VERSION")));
}

static bool add_entries(RuleTree *tree, const char *path, struct dirent **names, int count,
                        uint32_t depth, RuleContext *context)
{
    FileUse use = use_of(str_of(path));
    bool good = true;

    for (int i = 0; i < count; i++) {
        Str name = str_of(names[i]->d_name);
        Str full = str_format(context->arena, "%s/%s", path, names[i]->d_name);

        if (!full.data || name.data[0] == '.')
            continue;
        if (is_wanted(tree, name) || is_directory(full.data))
            good &= add_path(tree, full.data, use, depth + 1, context);
    }
    return good;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_directory(RuleTree *tree, const char *path, uint32_t depth, RuleContext *context)
{
    struct dirent **names;
    int count = scandir(path, &names, NULL, by_name);
    bool good;

    if (count < 0)
        return unreadable(str_copy(context->arena, str_of(path)), errno, context);
    good = add_entries(tree, path, names, count, depth, context);
    for (int i = 0; i < count; i++)
        free(names[i]);
    free(names);
    return good;
}

static bool add_path(RuleTree *tree, const char *path, FileUse use, uint32_t depth,
                     RuleContext *context)
{
    struct stat status;

    if (stat(path, &status) != 0)
        return unreadable(str_copy(context->arena, str_of(path)), errno, context);
    if (!S_ISDIR(status.st_mode))
        return add_file(tree, path, use, context);
    return depth < LIMIT_RULE_DIRS && add_directory(tree, path, depth, context);
}

bool rule_tree_add(RuleTree *tree, const char *path, RuleContext *context)
{
    Str name = str_of(path);

    while (name.size > 1 && name.data[name.size - 1] == '/')
        name.size--;
    path = str_copy_z(context->arena, name);
    return path && add_path(tree, path, USE_RULES, 0, context);
}

bool rule_tree_add_policies(RuleTree *tree, const char *path, RuleContext *context)
{
    bool good;

    tree->takes_policies = true;
    good = rule_tree_add(tree, path, context);
    tree->takes_policies = false;
    return good;
}

void rule_tree_done(RuleTree *tree, RuleContext *context)
{
    char digits[65];
    Sha256 sum = tree->sum;

    sha256_hex(&sum, digits);
    tree->hash = str_copy(context->arena, str_of(digits));
}

/* The rules that policies make come after the others. */
static void add_policy_rules(RuleTree *tree, RuleContext *context)
{
    RuleFile *rules = policy_rules(&tree->policies, context);

    if (tree->last)
        tree->last->next = rules;
    else
        tree->first = rules;
}

bool ruleset_compile_paths(const RulePaths *paths, const RuleSet *base, RuleContext *context,
                           RuleSet *set)
{
    RuleTree tree = rule_tree_new();
    CompileOptions options = {.base = base};
    bool good = true;

    for (uint32_t i = 0; i < paths->rule_count; i++)
        good &= rule_tree_add(&tree, paths->rules[i], context);
    for (uint32_t i = 0; i < paths->policy_count; i++)
        good &= rule_tree_add_policies(&tree, paths->policies[i], context);
    for (uint32_t i = 0; i < paths->met_count; i++)
        good &= policy_documents_add(&tree.policies, paths->met[i].path, paths->met[i].text, true,
                                     context);
    rule_tree_done(&tree, context);
    add_policy_rules(&tree, context);
    options.hash = tree.hash;
    options.defaults = tree.defaults;
    options.default_count = tree.default_count;
    return rules_compile(tree.first, &options, context, set) && good;
}
