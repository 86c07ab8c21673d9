#include <unistd.h>

#include "cli/commands.h"
#include "cli/completion.h"

static int mistaken(Str shell, Arena *arena)
{
    Str names[COMPLETION_SHELLS];
    Str near;

    completion_shells(names);
    near = str_nearest(shell, names, COMPLETION_SHELLS);
    cli_error(STR("completion takes the name of a shell: bash, zsh or fish"),
              near.size ? str_format(arena, "did you mean `%.*s`?", STR_ARG(near)) : STR(""));
    return SCAN_INCOMPLETE;
}

int cmd_completion(const Options *options, Arena *arena)
{
    const StrList *names = &options->setup.arguments;
    Out out = out_new(STDOUT_FILENO, arena);

    if (names->count != 1)
        return mistaken(STR(""), arena);
    if (!completion_write(names->items[0], &out))
        return mistaken(names->items[0], arena);
    return out_flush(&out) ? SCAN_PASSED : SCAN_INCOMPLETE;
}
