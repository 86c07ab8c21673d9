#include "cli/score_options.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "cli/commands.h"
#include "report/badge.h"

bool score_before(const Options *options, Setup *setup, Arena *arena, ScoreRecord *before)
{
    char selection[SCORE_HASH_DIGITS + 1];

    if (!options->compare.size)
        return true;
    score_selection(&setup->scan.eval, selection);
    return score_record_read(options->compare, arena, &setup->problems, before) &&
           score_record_check(before, options->compare, setup_ruleset(setup),
                              str_copy(arena, str_of(selection)), &setup->problems);
}

static bool write_badge(Str path, const Score *score, const char *name, Arena *arena)
{
    int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    Out out = out_new(fd, arena);

    if (fd < 0)
        return false;
    if (str_ends(path, STR(".json")))
        badge_json(&out, score);
    else
        badge_svg(&out, score);
    out_flush(&out);
    if (close(fd) != 0 && !out.error)
        out.error = errno;
    errno = out.error;
    return out.error == 0;
}

bool score_badge(const Options *options, const Score *score, Arena *arena)
{
    const char *name = str_copy_z(arena, options->badge);

    if (!options->badge.size)
        return true;
    if (name && write_badge(options->badge, score, name, arena))
        return true;
    cli_error(
        str_format(arena, "%.*s cannot be written: %s", STR_ARG(options->badge), strerror(errno)),
        STR(""));
    return false;
}
