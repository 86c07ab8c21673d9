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
#include "scan/setup_against.h"
#include "scan/setup_policies.h"
#include "scan/suppress_policy.h"

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
static const char **paths_of(const ConfigPaths *config, const StrList *paths, Arena *arena,
                             uint32_t *count)
{
    const char **all = ARENA_ARRAY(arena, const char *, config->count + paths->count + 1);

    *count = 0;
    for (uint32_t i = 0; all && i < config->count; i++)
        all[(*count)++] = config->items[i];
    for (uint32_t i = 0; all && i < paths->count; i++) {
        all[*count] = str_copy_z(arena, paths->items[i]);
        *count += all[*count] != NULL;
    }
    return all;
}

static bool load_rules(Setup *setup, const SetupOptions *options)
{
    const Config *config = &setup->config;
    RulePaths *paths = &setup->rule_paths;

    paths->rules = paths_of(&config->rules, &options->rule_paths, setup->arena, &paths->rule_count);
    paths->policies =
        paths_of(&config->policies, &options->policies, setup->arena, &paths->policy_count);
    setup->shipped = ruleset_shipped();
    setup->sets[0] = &setup->shipped;
    setup->set_count = 1;
    if (paths->rule_count || paths->policy_count) {
        setup->user_context = rule_context_new();
        if (!setup->user_context.arena)
            return false;
        if (ruleset_compile_paths(paths, &setup->shipped, &setup->user_context, &setup->user))
            setup->sets[setup->set_count++] = &setup->user;
        problem_add_diags(&setup->problems, &setup->user_context.diags,
                          &setup->user_context.sources);
    }
    setup->symbols = ruleset_symbols(&setup->shipped, setup->set_count > 1 ? &setup->user : NULL);
    setup->defaults = ruleset_defaults(&setup->shipped, setup->arena);
    return setup->problems.errors == 0 && !arena_spent(setup->arena);
}

bool setup_rules(const SetupOptions *options, Arena *arena, Setup *setup)
{
    *setup = (Setup){.arena = arena, .problems = problem_list(arena), .config = config_default()};
    return load_rules(setup, options);
}

void setup_free(Setup *setup)
{
    if (setup->user_context.arena)
        rule_context_free(&setup->user_context);
    setup_policies_free(setup);
    setup_against_free(setup);
    discover_close(&setup->modules);
}

Str setup_ruleset(const Setup *setup)
{
    Str version = ruleset_version(&setup->shipped);
    Str hash = str_sub(ruleset_hash(&setup->shipped), 0, 8);
    Str user = setup->set_count > 1 ? str_sub(ruleset_hash(&setup->user), 0, 8) : STR("");

    return str_format(setup->arena, "%.*s#%.*s%s%.*s", STR_ARG(version), STR_ARG(hash),
                      user.size ? "+" : "", STR_ARG(user));
}

Str setup_nearest_rule(const Setup *setup, Str name)
{
    return ruleset_nearest(setup->sets, setup->set_count, name, setup->arena);
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

static Str resolved_path(Str path, Arena *arena)
{
    char resolved[PATH_MAX];
    const char *name = str_copy_z(arena, path);

    return name && realpath(name, resolved) ? str_copy(arena, str_of(resolved)) : STR("");
}

/* What is scanned lies below it; paths are from there. */
static Str find_boundary(const SetupOptions *options, Str directory, Arena *arena)
{
    Str boundary =
        options->root.size ? resolved_path(options->root, arena) : discover_repository(directory);

    return boundary.size ? boundary : directory;
}

static bool is_below(Str path, Str directory)
{
    return str_starts(path, directory) &&
           (path.size == directory.size || directory.size == 1 || path.data[directory.size] == '/');
}

/* The paths of a configuration begin in its own directory where that holds what is scanned, and
 * else at the boundary. */
static void set_base(Setup *setup, Str config, Str directory, Str boundary)
{
    Str folder = str_sub(config, 0, (uint32_t)(str_find_last_char(config, '/') + 1));
    Str above = str_sub(folder, 0, folder.size > 1 ? folder.size - 1 : folder.size);

    setup->config_base = STR("");
    if (is_below(directory, above) && is_below(above, boundary) && above.size > boundary.size)
        setup->config_base = str_from(folder, boundary.size + (boundary.size > 1));
    setup->config_root = setup->config_base.size ? folder
                                                 : str_join(setup->arena, boundary,
                                                            boundary.size > 1 ? STR("/") : STR(""));
}

/* The path of the configuration, as reports show it; empty where there is none. `*found` is the
 * absolute one. */
static Str find_config(Setup *setup, const SetupOptions *options, Str *found)
{
    Arena *arena = setup->arena;
    Str directory = first_directory(options, arena);
    Str boundary;

    *found = STR("");
    if (!directory.size)
        return options->config;
    boundary = find_boundary(options, directory, arena);
    *found = options->config.size ? resolved_path(options->config, arena)
                                  : config_find(directory, boundary, arena);
    if (found->size)
        set_base(setup, *found, directory, boundary);
    return options->config.size ? options->config : from_here(*found, arena);
}

/* With --staged, the configuration that nobody names is the one which would be committed, if it
 * would be. */
static bool read_staged_config(const Setup *setup, const SetupOptions *options, Str found,
                               Str *text)
{
    const Sides *sides = &setup->sides;
    const FileTree *tree = &sides->index_files.tree;
    int error;

    if (!options->staged || options->config.size ||
        !str_starts(found, str_join(setup->arena, sides->boundary, STR("/"))))
        return false;
    found = str_from(found, sides->boundary.size + 1);
    return git_tree_find(&sides->index, found) &&
           tree->read(tree, found, CONFIG_BYTES_MAX, setup->arena, text, &error);
}

static bool read_config(Setup *setup, const SetupOptions *options)
{
    Str found, text;
    Str path = find_config(setup, options, &found);
    DiagSink diags = diags_new(setup->arena);
    bool good;

    setup->config_sources = sources_new(setup->arena);
    if (!path.size)
        return true;
    if (read_staged_config(setup, options, found, &text))
        good =
            config_parse(path, text, setup->arena, &setup->config_sources, &diags, &setup->config);
    else
        good = config_read(path, setup->arena, &setup->config_sources, &diags, &setup->config);
    problem_add_diags(&setup->problems, &diags, &setup->config_sources);
    return good;
}

SettingsRequest setup_request(const Setup *setup, const RuleSet *const *sets, uint32_t set_count)
{
    const SetupOptions *options = setup->options;

    return (SettingsRequest){.sets = sets,
                             .set_count = set_count,
                             .config = &setup->config,
                             .only = options->rules.items,
                             .only_count = options->rules.count,
                             .skip = options->skip_rules.items,
                             .skip_count = options->skip_rules.count,
                             .all_verdicts = options->all_verdicts};
}

/* A pin beyond what the program has would pin nothing. */
static void check_pin(const Setup *setup, DiagSink *diags)
{
    Str version = ruleset_version(&setup->shipped);

    if (!setup->config.ruleset.size || ruleset_version_cmp(setup->config.ruleset, version) <= 0)
        return;
    diag_help(diags,
              diag_error(diags, DIAG_CONFIG, node_span(setup->config.nodes[CONFIG_RULESET]),
                         "this plumb has the rules of %.*s and none newer", STR_ARG(version)),
              "update plumb, or pin a version that it has");
}

/* What the configuration and the options say of rules. */
static bool resolve_settings(Setup *setup)
{
    DiagSink diags = diags_new(setup->arena);
    SettingsRequest request = setup_request(setup, setup->sets, setup->set_count);
    bool good = settings_resolve(&request, setup->arena, &diags, &setup->settings);

    check_pin(setup, &diags);
    setup->scan.eval.policy = suppress_policy(&request, setup->config_base, setup->arena, &diags);
    problem_add_diags(&setup->problems, &diags, &setup->config_sources);
    return good && diags.errors == 0;
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

/* Reads a file that `option` names; `*name` is its absolute path. */
static bool read_given(Setup *setup, const char *option, Str path, Str *name, Str *text)
{
    char resolved[PATH_MAX];
    const char *given = str_copy_z(setup->arena, path);
    int error = ENOENT;

    if (given && realpath(given, resolved) &&
        file_read(AT_FDCWD, resolved, LIMIT_SOURCE_BYTES, setup->arena, text, &error)) {
        *name = str_copy(setup->arena, str_of(resolved));
        return true;
    }
    problem_error(&setup->problems, DIAG_FILE_UNREADABLE, STR(""),
                  str_format(setup->arena, "%s: `%.*s` cannot be read: %s", option, STR_ARG(path),
                             strerror(error)),
                  STR(""));
    return false;
}

/* Whether any environment is known by its workspace. */
static bool asks_workspace(const Config *config)
{
    for (uint32_t i = 0; i < config->environment_count; i++)
        if (config->environments[i].nodes[CONFIG_ENVIRONMENT_WORKSPACES])
            return true;
    return false;
}

static void fill_terraform(Setup *setup, const SetupOptions *options, TerraformInputs *inputs)
{
    Arena *arena = setup->arena;
    TerraformVar *files = ARENA_ARRAY(arena, TerraformVar, options->var_files.count);

    inputs->environment = split_vars(&options->environment, arena, &inputs->environment_count);
    inputs->vars = split_vars(&options->vars, arena, &inputs->var_count);
    inputs->files = files;
    inputs->workspace = options->workspace;
    inputs->find_workspace = asks_workspace(&setup->config);
    for (uint32_t i = 0; files && i < options->var_files.count; i++)
        inputs->file_count +=
            read_given(setup, "--var-file", options->var_files.items[i],
                       &files[inputs->file_count].name, &files[inputs->file_count].text);
}

/* A file that plumb.yaml names, which must not lead out of its directory. */
static bool read_configured(Setup *setup, Str path, Str *name, Str *text)
{
    const char *option = "kubernetes.helm-values";
    Str place = str_join(setup->arena, setup->config_root, path);

    if (!read_given(setup, option, place, name, text))
        return false;
    if (str_starts(*name, setup->config_root))
        return true;
    problem_error(&setup->problems, DIAG_PATH_ESCAPES, STR(""),
                  str_format(setup->arena, "%s: `%.*s` lies outside of the directory of plumb.yaml",
                             option, STR_ARG(path)),
                  STR("name it by --helm-values"));
    return false;
}

/* The files of one render, by comma. */
static bool read_values(Setup *setup, Str given, bool configured, ChartValues *values)
{
    HelmFile *files = ARENA_ARRAY(setup->arena, HelmFile, given.size + 1u);
    Str path;

    *values = (ChartValues){given, files, 0};
    while (files && str_split(&given, ',', &path)) {
        HelmFile *file = &files[values->count];
        if (configured ? !read_configured(setup, path, &file->path, &file->text)
                       : !read_given(setup, "--helm-values", path, &file->path, &file->text))
            return false;
        values->count++;
    }
    return files != NULL;
}

static void fill_charts(Setup *setup, const SetupOptions *options, DiscoverOptions *discover)
{
    ChartOptions *charts = &setup->charts;
    uint16_t minor = setup->config.kubernetes_minor;
    const Node *node = setup->config.nodes[CONFIG_HELM_VALUES];
    bool configured = options->helm_values.count == 0;
    uint32_t count = configured ? config_text_count(node) : options->helm_values.count;
    ChartValues *values = ARENA_ARRAY(setup->arena, ChartValues, count);

    charts->helm = options->helm;
    charts->world = options->world;
    charts->kubernetes_minor = minor == KUBERNETES_LATEST ? 0 : minor;
    charts->values = values;
    for (uint32_t i = 0; values && i < count; i++) {
        Str given =
            configured ? config_text(config_text_node(node, i)) : options->helm_values.items[i];
        charts->value_count += read_values(setup, given, configured, &values[charts->value_count]);
    }
    discover->charts = charts;
}

static void open_module_dir(Setup *setup, Str dir, TerraformInputs *inputs)
{
    DiscoverOptions options = {.boundary = dir};

    if (!dir.size)
        return;
    if (discover_open_directory(dir, &options, setup->arena, &setup->modules))
        inputs->modules = setup->modules.roots;
    else
        problem_add_diags(&setup->problems, &setup->modules.diags, NULL);
}

/* --- all of it --- */

static void fill_eval(Setup *setup, const SetupOptions *options, EvalOptions *eval)
{
    eval->sets = setup->sets;
    eval->set_count = setup->set_count;
    eval->symbols = &setup->symbols;
    eval->objects = &setup->shipped.objects;
    eval->all_verdicts = options->all_verdicts;
    eval->rules = setup->settings.rules;
    eval->overrides = setup->settings.overrides;
    eval->override_count = setup->settings.override_count;
    eval->config_base = setup->config_base;
    eval->keep_unknown = options->show_unknown;
    eval->keep_every = options->keep_every;
    eval->keep_excerpts = options->keep_excerpts;
    eval->keep_fixes = options->keep_fixes;
    eval->no_suppressions = options->no_suppressions;
    eval->report_at = options->report_at_given ? options->report_at : setup->config.report_at;
    eval->pin = setup->config.ruleset;
    eval->pod_security_level = (uint8_t)setup->config.pod_security;
    eval->pod_security_minor = setup->config.pod_security_minor;
    eval->kubernetes_minor = setup->config.kubernetes_minor;
    eval->environments = environments_of(&setup->config, setup->config_base, setup->arena);
    eval->judgement = config_judgement(&setup->config, setup->arena);
    eval->now = (int64_t)time(NULL);
}

static void fill_files(Setup *setup, ConfigFiles *files)
{
    const Node *exclude = setup->config.nodes[CONFIG_EXCLUDE];
    uint32_t count = config_text_count(exclude);
    Str *patterns = count ? ARENA_ARRAY(setup->arena, Str, count) : NULL;

    files->base = setup->config_base;
    files->include = settings_patterns(setup->config.nodes[CONFIG_INCLUDE], setup->arena);
    files->exclude = patterns;
    for (; patterns && files->exclude_count < count; files->exclude_count++)
        patterns[files->exclude_count] =
            config_text(config_text_node(exclude, files->exclude_count));
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
                                       .skip_path_count = options->skip_paths.count,
                                       .changed = options->changed};
    scan->source = options->source;
    scan->defaults = &setup->defaults;
    scan->jobs = options->jobs;
    scan->allow_empty = options->allow_empty;
    scan->min_score = options->min_score ? options->min_score : setup->config.min_score;
    fill_files(setup, &scan->discover.config);
    fill_eval(setup, options, &scan->eval);
    scan->report_at = scan->eval.report_at;
    scan->problems = &setup->problems;
    scan->judge_policies = setup_judge_policies;
    scan->judge_context = setup;
    fill_terraform(setup, options, &scan->terraform);
    open_module_dir(setup, options->module_dir, &scan->terraform);
    fill_charts(setup, options, &scan->discover);
}

/* What blocks is said in reports even where nothing could be scanned. */
static void fill_blocking(Setup *setup, const SetupOptions *options)
{
    const Config *config = &setup->config;

    setup->scan.blocks = options->fail_on_given ? options->blocks : config->blocks;
    setup->scan.fail_on = options->fail_on_given ? options->fail_on : config->fail_on;
}

bool setup_scan(const SetupOptions *options, Arena *arena, Setup *setup)
{
    bool good;

    *setup = (Setup){.arena = arena,
                     .problems = problem_list(arena),
                     .config = config_default(),
                     .options = options};
    good = setup_git(setup, options);
    good = read_config(setup, options) && good;
    fill_blocking(setup, options);
    good = load_rules(setup, options) && good;
    good = good && resolve_settings(setup);
    if (good)
        fill_scan(setup, options);
    good = good && setup_against(setup, options);
    return good && setup->problems.errors == 0 && !arena_spent(arena);
}
