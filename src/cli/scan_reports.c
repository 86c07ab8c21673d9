#include "cli/scan_reports.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "git/repository.h"
#include "plumb/plumb.h"

void reports_observe(void *context, const Verdict *verdicts, uint32_t count)
{
    Reports *reports = context;

    for (uint32_t i = 0; i < reports->count; i++)
        report_verdicts(&reports->items[i], verdicts, count);
}

void reports_count_files(void *context, uint64_t files)
{
    progress_files(&((Reports *)context)->progress, files);
}

static int open_output(Str path, Arena *arena)
{
    const char *name = str_copy_z(arena, path);
    int fd = -1;

    if (str_eq(path, STR("-")))
        return STDOUT_FILENO;
    if (name)
        fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0)
        cli_error(str_format(arena, "%.*s cannot be written: %s", STR_ARG(path), strerror(errno)),
                  STR(""));
    return fd;
}

/* --- what reports say of the scan --- */

/* Reports name files from the directory that is scanned; people start where they are. */
static Str path_prefix(const SetupOptions *setup, Arena *arena)
{
    Str path = setup->arguments.count == 1 ? setup->arguments.items[0] : STR(".");
    const char *name = str_copy_z(arena, path);
    struct stat info;

    if (!name || str_eq(path, STR(".")) || stat(name, &info) != 0 || !S_ISDIR(info.st_mode))
        return STR("");
    return str_ends(path, STR("/")) ? path : str_join(arena, path, STR("/"));
}

static Str absolute(Str path, Arena *arena)
{
    char resolved[PATH_MAX];
    const char *name = str_copy_z(arena, path);

    return name && realpath(name, resolved) ? str_copy(arena, str_of(resolved)) : STR("");
}

/* An argument from the boundary: "infra/prod", empty for the boundary itself. */
static Str name_of(const SetupOptions *setup, Str argument, Arena *arena)
{
    Str path = str_eq(argument, STR("-")) ? STR("") : absolute(argument, arena);
    Str boundary = setup->root.size ? absolute(setup->root, arena) : discover_repository(path);

    if (str_eq(argument, STR("-")))
        return STR("stdin");
    if (!boundary.size || !str_starts(path, boundary))
        return STR("");
    path = str_from(path, boundary.size);
    return str_starts(path, STR("/")) ? str_from(path, 1) : path;
}

/* Two scans of parts of a repository must not take each other's place. */
static Str scan_name(const SetupOptions *setup, Arena *arena)
{
    Str name = {0};

    for (uint32_t i = 0; i < setup->arguments.count; i++) {
        Str part = name_of(setup, setup->arguments.items[i], arena);
        if (part.size && name.size)
            name = str_join(arena, name, STR("+"));
        if (part.size)
            name = name.size ? str_join(arena, name, part) : part;
    }
    return name.size ? name : STR("repository");
}

/* As reproducible builds have it. */
static int64_t now(void)
{
    const char *fixed = getenv("SOURCE_DATE_EPOCH");
    char *end = NULL;
    long long seconds = fixed && *fixed ? strtoll(fixed, &end, 10) : 0;

    return end && !*end && seconds >= 0 ? (int64_t)seconds : (int64_t)time(NULL);
}

static Str variable(const char *name)
{
    const char *value = getenv(name);

    return value ? str_of(value) : STR("");
}

/* What the CI system says that it checked out. */
static ReportVersion scanned_version(Arena *arena)
{
    Str server = variable("GITHUB_SERVER_URL");
    Str repository = variable("GITHUB_REPOSITORY");

    if (variable("GITHUB_ACTIONS").size && str_starts(server, STR("http")) && repository.size)
        return (ReportVersion){str_format(arena, "%.*s/%.*s", STR_ARG(server), STR_ARG(repository)),
                               variable("GITHUB_SHA"), variable("GITHUB_REF_NAME")};
    if (variable("GITLAB_CI").size && str_starts(variable("CI_PROJECT_URL"), STR("http")))
        return (ReportVersion){variable("CI_PROJECT_URL"), variable("CI_COMMIT_SHA"),
                               variable("CI_COMMIT_REF_NAME")};
    return (ReportVersion){0};
}

static bool wants_version(const Options *options)
{
    for (uint32_t i = 0; i < options->output_count; i++)
        if (report_wants_version(options->outputs[i].format))
            return true;
    return options->history.size > 0;
}

/* What the repository itself says, if it is one and libgit2 is there to read it. */
static ReportVersion local_version(const Options *options, const Setup *setup, Arena *arena)
{
    const StrList *arguments = &options->setup.arguments;
    Str first = absolute(arguments->count ? arguments->items[0] : STR("."), arena);
    DiagSink quiet = diags_new(arena);
    GitRepository *opened = NULL, *repository = setup->sides.repository;
    ReportVersion version = {0};
    Str root;
    GitId head;

    if (!repository) {
        root = discover_repository(first);
        repository = opened = root.size ? repository_open(root, arena, &quiet) : NULL;
    }
    if (repository && repository_head(repository, &head))
        version = (ReportVersion){repository_origin(repository, arena), git_id_text(&head, arena),
                                  repository_branch(repository, arena)};
    repository_close(opened);
    return version;
}

ReportOptions reports_options(const Options *options, const Setup *setup, Arena *arena)
{
    ReportOptions report = options->report;

    report.version = str_of(plumb_version());
    report.ruleset = setup_ruleset(setup);
    /* What could not begin tells of files that the user named. */
    report.prefix = setup->problems.errors ? STR("") : path_prefix(&options->setup, arena);
    report.fail_on = setup->scan.fail_on;
    report.blocks = setup->scan.blocks;
    report.quiet = options->quiet;
    report.every = options->setup.all_verdicts;
    report.show_unknown = options->setup.show_unknown;
    report.name = scan_name(&options->setup, arena);
    report.now = now();
    report.tree = setup->scan.discover.tree;
    report.scanned = scanned_version(arena);
    if (!report.scanned.repository.size && wants_version(options))
        report.scanned = local_version(options, setup, arena);
    return report;
}

/* --- all of them --- */

void reports_want(const Options *options, SetupOptions *wanted)
{
    for (uint32_t i = 0; i < options->output_count; i++) {
        ReportFormat format = options->outputs[i].format;
        wanted->keep_excerpts |= format == REPORT_HUMAN || format == REPORT_HTML;
        wanted->keep_fixes |= format == REPORT_SARIF;
        wanted->keep_every |= report_wants_every(format, &options->report);
        wanted->keep_unchanged |= report_wants_unchanged(format);
    }
}

/* A report that fills the terminal shows by itself that there is progress. */
static void leave_terminal_to(Out *out, Progress *progress)
{
    out->before = progress_end;
    out->context = progress;
}

bool reports_open(const Options *options, const Setup *setup, Arena *arena, Reports *reports)
{
    ReportOptions report = reports_options(options, setup, arena);

    reports->items = ARENA_ARRAY(arena, Report, options->output_count);
    if (!reports->items)
        return false;
    for (uint32_t i = 0; i < options->output_count; i++) {
        const OutputRequest *request = &options->outputs[i];
        int fd = open_output(request->path, arena);
        if (fd < 0)
            return false;
        report.color = terminal_color(options->color, fd);
        reports->items[i] = report_new(request->format, fd, &report, arena);
        reports->for_people |= request->format == REPORT_HUMAN && fd == STDOUT_FILENO;
        reports->count++;
    }
    progress_begin(&reports->progress, !options->quiet);
    for (uint32_t i = 0; i < reports->count; i++) {
        if (isatty(reports->items[i].out.fd))
            leave_terminal_to(&reports->items[i].out, &reports->progress);
        report_begin(&reports->items[i]);
    }
    return true;
}

bool reports_close(Reports *reports, const ScanResult *result, Arena *arena)
{
    bool good = true;

    progress_end(&reports->progress);
    for (uint32_t i = 0; i < reports->count; i++) {
        Report *report = &reports->items[i];
        if (!report_end(report, result)) {
            cli_error(str_format(arena, "the report cannot be written: %s", strerror(errno)),
                      STR(""));
            good = false;
        }
        if (report->notice.size)
            cli_error(report->notice, STR(""));
        if (report->out.fd != STDOUT_FILENO)
            close(report->out.fd);
    }
    return good;
}
