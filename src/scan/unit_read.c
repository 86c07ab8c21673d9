#include "scan/unit_read.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "ir/docker.h"
#include "ir/kubernetes.h"
#include "ir/plan.h"
#include "ir/terraform.h"
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

static bool read_file(Unit *unit, const ScanRoot *root, Str path, Str *text)
{
    int error = 0;
    bool ok = root->dir < 0
                  ? read_stream(root, unit->arena, text, &error)
                  : file_read(root->dir, path.data, LIMIT_SOURCE_BYTES, unit->arena, text, &error);

    if (ok)
        return true;
    if (error == EFBIG)
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

static void build(Unit *unit, Source *source, InputKind kind)
{
    if (!text_decode(source, unit->arena, &unit->diags))
        return;
    if (kind == INPUT_PLAN)
        plan_build(unit, source);
    else if (kind == INPUT_KUBERNETES)
        kubernetes_build(unit, source);
    else
        docker_build(unit, source);
}

/* A manifest that is no YAML because of `{{ ... }}` in it: somebody has still to render it. */
static bool is_template(const Unit *unit, InputKind kind, Str text)
{
    if (kind != INPUT_KUBERNETES || unit->diags.errors == 0)
        return false;
    for (const Diag *diag = unit->diags.first; diag; diag = diag->next)
        if (diag->code == DIAG_YAML_SYNTAX)
            return detect_template(text);
    return false;
}

/* A Terraform module as its plan would show it. */
static void read_module(Unit *unit, const ScanRoot *root, const FoundFile *file)
{
    Source **sources = ARENA_ARRAY(unit->arena, Source *, file->member_count);
    uint32_t values_from = file->member_count - file->value_count;
    TerraformOptions options = {0};
    uint32_t count = 0;

    for (uint32_t i = 0; sources && i < file->member_count; i++) {
        Str text;
        if (i == values_from)
            options.var_files = &sources[count];
        if (!read_file(unit, root, file->members[i], &text))
            continue;
        sources[count] = sources_add(&unit->sources, file->members[i], text);
        if (!sources[count] || !text_decode(sources[count], unit->arena, &unit->diags))
            continue;
        options.var_file_count += i >= values_from;
        count++;
    }
    if (sources)
        terraform_build_with(unit, sources, count - options.var_file_count, &options);
}

uint32_t unit_file_count(const FoundFile *file)
{
    return file->member_count ? file->member_count : 1;
}

UnitOutcome unit_read(Unit *unit, const ScanRoot *root, const FoundFile *file)
{
    Source *source;
    InputKind kind;
    Str text;

    unit->path = file->path;
    if (file->name == NAME_TERRAFORM) {
        read_module(unit, root, file);
        return UNIT_READ;
    }
    if (!read_file(unit, root, file->path, &text))
        return UNIT_READ;
    kind = detect_content(file->name, text);
    if (kind == INPUT_NONE)
        return UNIT_NONE;
    source = sources_add(&unit->sources, file->path, text);
    if (!source)
        return UNIT_READ;
    if (kind == INPUT_BINARY)
        report_binary(unit, source);
    else
        build(unit, source, kind);
    return is_template(unit, kind, source->text) ? UNIT_TEMPLATE : UNIT_READ;
}
