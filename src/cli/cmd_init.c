#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "cli/commands.h"
#include "report/config_file.h"
#include "scan/config_peers.h"

static int fail(Arena *arena, Str path, Str help)
{
    cli_error(str_format(arena, "%.*s cannot be written: %s", STR_ARG(path), strerror(errno)),
              help);
    return SCAN_INCOMPLETE;
}

/* Opens the file for writing, a new one unless the user has said --force; -1 with errno set. */
static int open_file(const char *path, bool force)
{
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (force ? O_TRUNC : O_EXCL), 0666);
}

/* Whether the directory has a configuration by its other name; errno then says why that is refused.
 */
static bool is_configured(Str directory, Arena *arena)
{
    Str hidden = str_format(arena, "%.*s/.plumb.yaml", STR_ARG(directory));

    errno = EEXIST;
    return hidden.data && access(hidden.data, F_OK) == 0;
}

static bool write_file(const ConfigDraft *draft, int fd)
{
    Out out = out_new(fd, draft->arena);
    bool good;

    config_file_write(draft, &out);
    good = out_flush(&out);
    errno = out.error;
    return close(fd) == 0 && good;
}

/* What was done, for people. */
static void tell(const ConfigDraft *draft, Str path)
{
    Out out = out_new(STDOUT_FILENO, draft->arena);
    Terminal terminal = {.out = &out};

    terminal_text(&terminal, path);
    out_z(&out, " is written");
    for (uint32_t i = 0; i < draft->files.count; i++)
        out_printf(&out, "%s%.*s",
                   i ? ", " : "; taken over: ", STR_ARG(draft->files.items[i].text));
    out_char(&out, '\n');
    if (draft->left.count)
        out_printf(&out, "%u %s no place in it, and %s named there in a comment\n",
                   draft->left.count, draft->left.count == 1 ? "thing has" : "things have",
                   draft->left.count == 1 ? "is" : "are");
    out_flush(&out);
}

static int init(const Options *options, const Setup *setup, Arena *arena)
{
    const StrList *arguments = &options->setup.arguments;
    Str directory = arguments->count ? arguments->items[0] : STR(".");
    bool here = str_eq(directory, STR("."));
    Str path = here ? STR("plumb.yaml") : str_format(arena, "%.*s/plumb.yaml", STR_ARG(directory));
    const char *name = str_copy_z(arena, path);
    ConfigDraft draft = {.arena = arena, .sets = setup->sets, .set_count = setup->set_count};
    int fd;

    draft_survey(&draft, directory);
    config_peers(&draft, directory, (int64_t)time(NULL));
    fd = name && (options->force || !is_configured(directory, arena))
             ? open_file(name, options->force)
             : -1;
    if (fd < 0)
        return fail(arena, path, name && errno == EEXIST ? STR("--force writes over it") : STR(""));
    if (!write_file(&draft, fd))
        return fail(arena, path, STR(""));
    tell(&draft, path);
    return SCAN_PASSED;
}

int cmd_init(const Options *options, Arena *arena)
{
    int status = SCAN_INCOMPLETE;
    Setup setup;

    if (options->setup.arguments.count > 1) {
        cli_error(STR("`plumb init` writes into one directory"), STR(""));
        return SCAN_INCOMPLETE;
    }
    if (setup_rules(&options->setup, arena, &setup))
        status = init(options, &setup, arena);
    else
        cli_problems(&setup.problems, options->color, arena);
    setup_free(&setup);
    return status;
}
