#include "scan/setup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "rules/shipped.h"

bool str_list_add(StrList *list, Str text, Arena *arena)
{
    Str *grown = arena_grow(arena, list->items, list->count, &list->capacity,
                            (size_t)list->count + 1, sizeof text);

    if (!grown)
        return false;
    list->items = grown;
    grown[list->count++] = text;
    return true;
}

/* --- rules --- */

/* Paths of the command line after those of the configuration. */
static const char **rule_paths(const Config *config, const StrList *paths, Arena *arena,
                               uint32_t *count)
{
    const char **all = ARENA_ARRAY(arena, const char *, config->rule_count + paths->count + 1);

    *count = 0;
    for (uint32_t i = 0; all && i < config->rule_count; i++)
        all[(*count)++] = config->rules[i];
    for (uint32_t i = 0; all && i < paths->count; i++) {
        all[*count] = str_copy_z(arena, paths->items[i]);
        *count += all[*count] != NULL;
    }
    return all;
}

static bool load_rules(Setup *setup, const StrList *paths)
{
    uint32_t count;
    const char **all = rule_paths(&setup->config, paths, setup->arena, &count);

    setup->shipped = ruleset_shipped();
    setup->sets[0] = &setup->shipped;
    setup->set_count = 1;
    if (count) {
        setup->user_context = rule_context_new();
        if (!setup->user_context.arena)
            return false;
        if (ruleset_compile_paths(all, count, &setup->shipped, &setup->user_context, &setup->user))
            setup->sets[setup->set_count++] = &setup->user;
        problem_add_diags(&setup->problems, &setup->user_context.diags,
                          &setup->user_context.sources);
    }
    setup->symbols = ruleset_symbols(&setup->shipped, setup->set_count > 1 ? &setup->user : NULL);
    setup->defaults = ruleset_defaults(&setup->shipped, setup->arena);
    return setup->problems.errors == 0 && all != NULL;
}

bool setup_rules(const StrList *paths, Arena *arena, Setup *setup)
{
    *setup = (Setup){.arena = arena, .problems = problem_list(arena), .config = config_default()};
    return load_rules(setup, paths);
}

void setup_free(Setup *setup)
{
    if (setup->user_context.arena)
        rule_context_free(&setup->user_context);
}

Str setup_ruleset(const Setup *setup)
{
    Str version = ruleset_version(&setup->shipped);
    Str hash = str_sub(ruleset_hash(&setup->shipped), 0, 8);
    Str user = setup->set_count > 1 ? str_sub(ruleset_hash(&setup->user), 0, 8) : STR("");

    return str_format(setup->arena, "%.*s#%.*s%s%.*s", STR_ARG(version), STR_ARG(hash),
                      user.size ? "+" : "", STR_ARG(user));
}

/* --- which rules run --- */

static uint32_t count_rules(const Setup *setup)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < setup->set_count; i++)
        count += ruleset_rule_count(setup->sets[i]);
    return count;
}

static uint32_t count_names(const Setup *setup)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < setup->set_count; i++)
        for (uint32_t j = 0; j < ruleset_rule_count(setup->sets[i]); j++)
            count += 1 + rule_alias_count(ruleset_rule(setup->sets[i], j));
    return count;
}

Str setup_nearest_rule(const Setup *setup, Str name)
{
    Str *names = ARENA_ARRAY(setup->arena, Str, count_names(setup));
    uint32_t count = 0;

    if (!names)
        return STR("");
    for (uint32_t i = 0; i < setup->set_count; i++) {
        for (uint32_t j = 0; j < ruleset_rule_count(setup->sets[i]); j++) {
            const Rule *rule = ruleset_rule(setup->sets[i], j);
            names[count++] = rule_id(rule);
            for (uint32_t k = 0; k < rule_alias_count(rule); k++)
                names[count++] = rule_alias(rule, k);
        }
    }
    return str_nearest(name, names, count);
}

/* A pattern does not bring in what is off by default; its own name does. */
static bool is_brought_in(const Rule *rule, Str name)
{
    return rule_default(rule) != RULE_OFF ||
           (str_find_char(name, '*') < 0 && str_find_char(name, '?') < 0);
}

/* Marks the rules that `name` means. A name that means none is a mistake. */
static void mark_rules(Setup *setup, Str name, bool value, bool *selected)
{
    uint32_t number = 0;
    bool found = false;
    Str near;

    for (uint32_t i = 0; i < setup->set_count; i++) {
        for (uint32_t j = 0; j < ruleset_rule_count(setup->sets[i]); j++, number++) {
            const Rule *rule = ruleset_rule(setup->sets[i], j);
            if (!rule_matches(rule, name))
                continue;
            if (!value || setup->scan.eval.all_verdicts || is_brought_in(rule, name))
                selected[number] = value;
            found = true;
        }
    }
    if (found)
        return;
    near = setup_nearest_rule(setup, name);
    problem_error(&setup->problems, DIAG_CONFIG, STR(""),
                  str_format(setup->arena, "no rule is called `%.*s`", STR_ARG(name)),
                  near.size ? str_format(setup->arena, "did you mean `%.*s`?", STR_ARG(near))
                            : STR("`plumb rules` lists them"));
}

static bool is_selected(const SetupOptions *options, const Rule *rule)
{
    return !options->rules.count && (options->all_verdicts || rule_default(rule) != RULE_OFF);
}

static const bool *select_rules(Setup *setup, const SetupOptions *options)
{
    bool *selected;
    uint32_t number = 0;

    if (!options->rules.count && !options->skip_rules.count)
        return NULL;
    selected = ARENA_ARRAY(setup->arena, bool, count_rules(setup));
    if (!selected)
        return NULL;
    for (uint32_t i = 0; i < setup->set_count; i++)
        for (uint32_t j = 0; j < ruleset_rule_count(setup->sets[i]); j++)
            selected[number++] = is_selected(options, ruleset_rule(setup->sets[i], j));
    for (uint32_t i = 0; i < options->rules.count; i++)
        mark_rules(setup, options->rules.items[i], true, selected);
    for (uint32_t i = 0; i < options->skip_rules.count; i++)
        mark_rules(setup, options->skip_rules.items[i], false, selected);
    return selected;
}

/* --- configuration --- */

/* Where the search for plumb.yaml begins: the directory that is scanned first. */
static Str first_directory(const SetupOptions *options, Arena *arena)
{
    char resolved[PATH_MAX];
    Str argument = options->arguments.count ? options->arguments.items[0] : STR(".");
    const char *path = str_copy_z(arena, str_eq(argument, STR("-")) ? STR(".") : argument);
    Str directory;
    char *slash;

    if (!path || !realpath(path, resolved))
        return STR("");
    directory = str_copy(arena, str_of(resolved));
    if (directory.data && access(str_format(arena, "%s/.", resolved).data, F_OK) == 0)
        return directory;
    slash = strrchr(resolved, '/');
    return str_sub(directory, 0, (uint32_t)(slash - resolved));
}

/* A path below the working directory, as a user there would write it. */
static Str from_here(Str path, Arena *arena)
{
    char here[PATH_MAX];
    Str start;

    if (!getcwd(here, sizeof here))
        return path;
    start = str_format(arena, "%s/", here);
    return str_starts(path, start) ? str_from(path, start.size) : path;
}

static Str find_config(const SetupOptions *options, Arena *arena)
{
    Str directory, boundary;

    if (options->config.size)
        return options->config;
    directory = first_directory(options, arena);
    if (!directory.size)
        return STR("");
    boundary = discover_repository(directory);
    if (!boundary.size)
        boundary = directory;
    return from_here(config_find(directory, boundary, arena), arena);
}

static bool read_config(Setup *setup, const SetupOptions *options)
{
    Str path = find_config(options, setup->arena);
    Sources sources = sources_new(setup->arena);
    DiagSink diags = diags_new(setup->arena);
    bool good;

    if (!path.size)
        return true;
    good = config_read(path, setup->arena, &sources, &diags, &setup->config);
    problem_add_diags(&setup->problems, &diags, &sources);
    return good;
}

/* --- what Terraform is given --- */

static TerraformVar *split_vars(const StrList *list, Arena *arena, uint32_t *count)
{
    TerraformVar *vars = ARENA_ARRAY(arena, TerraformVar, list->count);

    for (uint32_t i = 0; vars && i < list->count; i++) {
        Str text = list->items[i];
        int64_t equals = str_find_char(text, '=');
        if (equals > 0)
            vars[(*count)++] = (TerraformVar){str_sub(text, 0, (uint32_t)equals),
                                              str_from(text, (uint32_t)equals + 1)};
    }
    return vars;
}

static bool read_var_file(Setup *setup, Str path, TerraformVar *file)
{
    char resolved[PATH_MAX];
    const char *name = str_copy_z(setup->arena, path);
    int error = ENOENT;

    if (name && realpath(name, resolved) &&
        file_read(AT_FDCWD, resolved, LIMIT_SOURCE_BYTES, setup->arena, &file->text, &error)) {
        file->name = str_copy(setup->arena, str_of(resolved));
        return true;
    }
    problem_error(&setup->problems, DIAG_FILE_UNREADABLE, STR(""),
                  str_format(setup->arena, "--var-file: `%.*s` cannot be read: %s", STR_ARG(path),
                             strerror(error)),
                  STR(""));
    return false;
}

static void fill_terraform(Setup *setup, const SetupOptions *options, TerraformInputs *inputs)
{
    Arena *arena = setup->arena;
    TerraformVar *files = ARENA_ARRAY(arena, TerraformVar, options->var_files.count);

    inputs->environment = split_vars(&options->environment, arena, &inputs->environment_count);
    inputs->vars = split_vars(&options->vars, arena, &inputs->var_count);
    inputs->files = files;
    for (uint32_t i = 0; files && i < options->var_files.count; i++)
        inputs->file_count +=
            read_var_file(setup, options->var_files.items[i], &files[inputs->file_count]);
}

/* --- all of it --- */

static void fill_eval(Setup *setup, const SetupOptions *options, EvalOptions *eval)
{
    eval->sets = setup->sets;
    eval->set_count = setup->set_count;
    eval->symbols = &setup->symbols;
    eval->all_verdicts = options->all_verdicts;
    eval->selected = select_rules(setup, options);
    eval->keep_unknown = options->show_unknown;
    eval->keep_every = options->keep_every;
    eval->keep_excerpts = options->keep_excerpts;
    eval->no_suppressions = options->no_suppressions;
    eval->report_at = options->report_at;
    eval->pin = setup->config.ruleset;
    eval->pod_security_level = (uint8_t)setup->config.pod_security;
    eval->pod_security_minor = setup->config.pod_security_minor;
    eval->now = (int64_t)time(NULL);
}

static void fill_scan(Setup *setup, const SetupOptions *options)
{
    static const Str here[] = {STR_INIT(".")};
    ScanOptions *scan = &setup->scan;

    scan->arguments = options->arguments.count ? options->arguments.items : here;
    scan->argument_count = options->arguments.count ? options->arguments.count : 1;
    scan->discover = (DiscoverOptions){.boundary = options->root,
                                       .paths = options->paths.items,
                                       .path_count = options->paths.count,
                                       .skip_paths = options->skip_paths.items,
                                       .skip_path_count = options->skip_paths.count};
    scan->source = options->source;
    scan->defaults = &setup->defaults;
    scan->jobs = options->jobs;
    scan->blocks = options->blocks;
    scan->fail_on = options->fail_on;
    scan->allow_empty = options->allow_empty;
    scan->min_score = options->min_score;
    fill_eval(setup, options, &scan->eval);
    fill_terraform(setup, options, &scan->terraform);
}

bool setup_scan(const SetupOptions *options, Arena *arena, Setup *setup)
{
    bool good;

    *setup = (Setup){.arena = arena, .problems = problem_list(arena), .config = config_default()};
    good = read_config(setup, options);
    good = load_rules(setup, &options->rule_paths) && good;
    if (good)
        fill_scan(setup, options);
    return good && setup->problems.errors == 0 && !arena_spent(arena);
}
