#include "scan/unit_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "ir/compose.h"
#include "ir/docker.h"
#include "ir/github_workflow.h"
#include "ir/helm_values.h"
#include "ir/kubernetes.h"
#include "ir/plan.h"
#include "ir/saved_plan.h"
#include "ir/terraform.h"
#include "ir/terragrunt.h"
#include "scan/boundary.h"
#include "scan/chart.h"
#include "scan/hadolint.h"
#include "scan/kustomization.h"
#include "scan/module_files.h"
#include "scan/plan_beside.h"
#include "syntax/text.h"

/* Standard input, or the pipe that an argument names. */
static bool read_stream(const ScanRoot *root, Arena *arena, Str *text, int *error)
{
    const char *path = str_copy_z(arena, root->argument);
    bool is_stdin = str_eq(root->argument, STR("-"));
    int fd = STDIN_FILENO;
    bool ok;

    if (root->text.data) {
        *text = root->text;
        return true;
    }
    if (!path) {
        *error = ENOMEM;
        return false;
    }
    if (!is_stdin)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        *error = errno;
        return false;
    }
    ok = file_read_fd(fd, LIMIT_SOURCE_BYTES, arena, text, error);
    if (!is_stdin)
        close(fd);
    return ok;
}

bool unit_read_file(Unit *unit, const ScanRoot *root, Str path, Str *text)
{
    int error = 0;
    bool ok;

    if (boundary_changed(root, path, text))
        return true;
    if (root->dir < 0)
        ok = read_stream(root, unit->arena, text, &error);
    else if (root->tree)
        ok = root->tree->read(root->tree, path, LIMIT_SOURCE_BYTES, unit->arena, text, &error);
    else
        ok = file_read(root->dir, path.data, LIMIT_SOURCE_BYTES, unit->arena, text, &error);
    if (ok)
        return true;
    if (error == ENODATA)
        diag_path_error(&unit->diags, DIAG_FILE_UNREADABLE, path,
                        "Git LFS keeps it, and not in this clone: `git lfs pull`");
    else if (error == EFBIG)
        diag_path_error(&unit->diags, DIAG_FILE_TOO_LARGE, path, "the file is larger than 4 GiB");
    else
        diag_path_error(&unit->diags, DIAG_FILE_UNREADABLE, path, "cannot be read: %s",
                        strerror(error));
    return false;
}

static void report_binary(Unit *unit, const Source *source)
{
    int64_t zero = str_find_char(source->text, '\0');
    uint32_t at = zero < 0 ? 0 : (uint32_t)zero;

    diag_error(&unit->diags, DIAG_FILE_BINARY, (Span){source->number, at, at + 1},
               "the file is named like a Dockerfile but is no text");
}

static void report_encrypted(Unit *unit, const Source *source)
{
    Diag *diag = diag_error(&unit->diags, DIAG_PLAN_SHAPE, (Span){source->number, 0, 1},
                            "the plan or state is encrypted");

    diag_help(&unit->diags, diag, "give what `tofu show -json` makes of it");
}

static void build(Unit *unit, Source *source, InputKind kind)
{
    if (!text_decode(source, unit->arena, &unit->diags))
        return;
    if (kind == INPUT_ENCRYPTED_PLAN)
        report_encrypted(unit, source);
    else if (kind == INPUT_PLAN)
        plan_build(unit, source);
    else if (kind == INPUT_KUBERNETES)
        kubernetes_build(unit, source);
    else if (kind == INPUT_WORKFLOW)
        github_workflow_build(unit, source);
    else
        docker_build(unit, source);
}

/* A scan, for a Compose file that names Dockerfiles. */
typedef struct ComposePlace {
    const ScanRoot *root;
    const FoundFile *file;
} ComposePlace;

/* A walk finds what is named like a Dockerfile by itself. */
static bool read_named(void *context, Str path, Arena *arena, Str *text)
{
    const ComposePlace *place = context;
    const char *name = str_copy_z(arena, path);
    int error;

    if (!name || (detect_name(path) == NAME_DOCKERFILE && !place->file->given))
        return false;
    return (place->root->dir >= 0 || place->root->tree) &&
           boundary_read(place->root, name, arena, text, &error);
}

static void read_compose(Unit *unit, const ScanRoot *root, const FoundFile *file, Source *source)
{
    ComposePlace place = {root, file};
    ComposeFiles files = {&place, read_named};

    if (text_decode(source, unit->arena, &unit->diags))
        compose_build(unit, source, &files);
}

bool unit_is_template(const Unit *unit, const Diag *after, Str text)
{
    for (const Diag *diag = after ? after->next : unit->diags.first; diag; diag = diag->next)
        if (diag->code == DIAG_YAML_SYNTAX)
            return detect_template(text);
    return false;
}

/* --- Terraform --- */

/* Adds a file of values, if it is text. */
static void add_values(Unit *unit, Str path, Str text, TerraformOptions *options, Source **sources)
{
    Source *source = sources_add(&unit->sources, path, text);

    if (source && text_decode(source, unit->arena, &unit->diags))
        sources[options->var_file_count++] = source;
}

/* The files of values that Terraform takes by itself, in its order, and then those of the user. */
static void read_values(Unit *unit, const ScanRoot *root, const FoundFile *file,
                        const TerraformInputs *inputs, TerraformOptions *options)
{
    Source **sources =
        ARENA_ARRAY(unit->arena, Source *, file->value_count + (inputs ? inputs->file_count : 0));
    Str text;

    options->var_files = sources;
    for (uint32_t i = file->member_count - file->value_count; sources && i < file->member_count;
         i++)
        if (unit_read_file(unit, root, file->members[i], &text))
            add_values(unit, file->members[i], text, options, sources);
    for (uint32_t i = 0; sources && inputs && i < inputs->file_count; i++)
        add_values(unit, discover_inside(root, inputs->files[i].name), inputs->files[i].text,
                   options, sources);
}

/* The workspace that a root module is in: the environment's or, where somebody asks, the one that
 * was selected there. Empty where that is not known. */
static Str workspace_of(Unit *unit, const ModuleFiles *module, const TerraformInputs *inputs)
{
    Str path, text;
    int error;

    if (inputs->workspace.size || !inputs->find_workspace || module->root->dir < 0)
        return inputs->workspace;
    path = str_format(unit->arena, "%.*s/.terraform/environment", STR_ARG(module->dir));
    if (path.data && boundary_read(module->root, path.data, unit->arena, &text, &error))
        return str_trim(text);
    return STR("");
}

/* A root module with what it is given. Not to be moved. */
typedef struct RootModule {
    ModuleFiles place;
    TerraformFiles files;
    TerraformOptions options;
} RootModule;

static void open_module(Unit *unit, const ScanRoot *root, const FoundFile *file,
                        const TerraformInputs *inputs, RootModule *module)
{
    *module = (RootModule){.place = {root, found_directory(file), file->members,
                                     file->member_count - file->value_count,
                                     inputs ? inputs->modules : NULL}};
    module->files = module_files(&module->place);
    if (inputs) {
        module->options.environment = inputs->environment;
        module->options.environment_count = inputs->environment_count;
        module->options.vars = inputs->vars;
        module->options.var_count = inputs->var_count;
        module->options.workspace = workspace_of(unit, &module->place, inputs);
    }
    /* Two root modules may call a third one by the same name. */
    unit->label = module->place.dir;
    read_values(unit, root, file, inputs, &module->options);
}

/* A Terraform root module with those that it calls, as its plan would show them. */
static void read_module(Unit *unit, const ScanRoot *root, const FoundFile *file,
                        const TerraformInputs *inputs)
{
    RootModule module;
    PlanBeside *beside;

    open_module(unit, root, file, inputs, &module);
    beside = plan_beside_read(unit, root, file, &module.files);
    plan_beside_inputs(beside, &module.options, unit->arena);
    terraform_build_tree(unit, module.place.dir, &module.files, &module.options);
    if (beside)
        plan_beside_settle(beside, unit);
}

bool unit_read_value(Unit *unit, const ScanRoot *root, const FoundFile *file,
                     const TerraformInputs *inputs, Str expression, Node *value)
{
    RootModule module;

    unit->path = file->path;
    open_module(unit, root, file, inputs, &module);
    return terraform_value(unit, module.place.dir, &module.files, &module.options, expression,
                           value);
}

/* The module that a terragrunt.hcl runs, for its own inputs. */
static void read_terragrunt(Unit *unit, const ScanRoot *root, const FoundFile *file,
                            const TerraformInputs *inputs)
{
    RootModule module;
    Source *source;
    Str text;

    if (!unit_read_file(unit, root, file->path, &text))
        return;
    source = sources_add(&unit->sources, file->path, text);
    if (!source || !text_decode(source, unit->arena, &unit->diags))
        return;
    open_module(unit, root, file, inputs, &module);
    terragrunt_build(unit, source, module.place.dir, &module.files, &module.options);
}

/* The plan as `terraform plan -out` saves it. What it lacks, such as what file() reads, may lie
 * beside it. */
static void read_saved_plan(Unit *unit, const ScanRoot *root, const FoundFile *file, Str bytes)
{
    ModuleFiles module = {.root = root, .dir = found_directory(file)};
    TerraformFiles files = module_files(&module);
    PlanBeside *beside = plan_beside_read(unit, root, file, &files);

    unit->label = file->path;
    saved_plan_build(unit, bytes, module.dir, root->dir < 0 ? NULL : &files);
    if (beside)
        plan_beside_settle(beside, unit);
}

uint32_t unit_render_count(const FoundFile *file)
{
    return file->name == NAME_CHART ? chart_render_count(file) : 1;
}

uint32_t unit_file_count(const Unit *unit, const FoundFile *file)
{
    if (file->name == NAME_CHART)
        return 1 + (unit->chart ? unit->chart->template_count : 0);
    return found_file_count(file);
}

/* --- other files --- */

/* Where a unit was found. */
typedef struct UnitPlace {
    const ScanRoot *root;
    const FoundFile *file;
} UnitPlace;

static bool is_named(const FoundFile *file, Str name)
{
    for (uint32_t i = 0; i < file->name_count; i++)
        if (str_eq(file->names[i], name))
            return true;
    return false;
}

/* What the walk saw need not be looked for again. */
static bool has_file(const void *context, Str path)
{
    const UnitPlace *place = context;
    const FoundFile *file = place->file;
    uint32_t size = (uint32_t)(str_find_last_char(file->path, '/') + 1);

    if (file->names && str_starts(path, str_sub(file->path, 0, size)) &&
        str_find_char(str_from(path, size), '/') < 0)
        return is_named(file, str_from(path, size));
    return boundary_find(place->root, path);
}

void unit_set_files(Unit *unit, const ScanRoot *root, const FoundFile *file)
{
    UnitPlace *place = root->dir >= 0 ? ARENA_NEW(unit->arena, UnitPlace) : NULL;

    if (!place)
        return;
    *place = (UnitPlace){root, file};
    unit->files = (UnitTree){place, has_file};
}

/* A Dockerfile that is none because of `{{ ... }}` in it, or is built on an image with such a name.
 */
static bool is_docker_template(const Unit *unit, Source *source)
{
    for (const Diag *diag = unit->diags.first; diag; diag = diag->next) {
        Position at;
        if (diag->code != DIAG_DOCKER_SYNTAX)
            continue;
        at = source_position(&unit->sources, source, diag->span.start);
        if (detect_template_mark(source_line(&unit->sources, source, at.line)))
            return true;
    }
    for (uint32_t i = 0; i < unit->resource_count; i++) {
        const Resource *resource = &unit->resources[i];
        if (str_eq(resource->type_name, STR("FROM")) &&
            detect_template_mark(node_string(node_get_named(&resource->body, STR("image")))))
            return true;
    }
    return false;
}

static bool is_template(const Unit *unit, InputKind kind, Source *source)
{
    if (kind == INPUT_DOCKERFILE)
        return is_docker_template(unit, source);
    return kind == INPUT_KUBERNETES && unit->diags.errors &&
           unit_is_template(unit, NULL, source->text);
}

UnitOutcome unit_read(Unit *unit, const ScanRoot *root, const FoundFile *file,
                      const TerraformInputs *inputs)
{
    Source *source;
    InputKind kind;
    Str text;

    unit->path = file->path;
    unit_set_files(unit, root, file);
    if (file->name == NAME_TERRAFORM) {
        read_module(unit, root, file, inputs);
        return UNIT_READ;
    }
    if (file->name == NAME_CHART)
        return chart_read(unit, root, file);
    if (file->name == NAME_TERRAGRUNT) {
        read_terragrunt(unit, root, file, inputs);
        return UNIT_READ;
    }
    if (file->name == NAME_KUSTOMIZATION)
        return kustomization_read(unit, root, file) == KUSTOMIZE_BUILT ? UNIT_READ : UNIT_COMPONENT;
    if (!unit_read_file(unit, root, file->path, &text))
        return UNIT_READ;
    kind = detect_content(file->name, text);
    if (kind == INPUT_NONE)
        return UNIT_NONE;
    if (kind == INPUT_SAVED_PLAN) {
        read_saved_plan(unit, root, file, text);
        return UNIT_READ;
    }
    source = sources_add(&unit->sources, file->path, text);
    if (!source)
        return UNIT_READ;
    if (kind == INPUT_BINARY)
        report_binary(unit, source);
    else if (kind == INPUT_DOCKERFILE && file->hadolint.size)
        hadolint_read(unit, root, file->hadolint);
    if (kind == INPUT_COMPOSE)
        read_compose(unit, root, file, source);
    else if (kind != INPUT_BINARY)
        build(unit, source, kind);
    return is_template(unit, kind, source) ? UNIT_TEMPLATE : UNIT_READ;
}
