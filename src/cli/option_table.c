#include "cli/option_table.h"

/* The letters and groups of options.def. */
enum {
    S = 1 << COMMAND_SCAN,
    R = 1 << COMMAND_RULES,
    E = 1 << COMMAND_EXPLAIN,
    T = 1 << COMMAND_TEST,
    C = 1 << COMMAND_SCORE,
    F = 1 << COMMAND_CONFIG,
    N = 1 << COMMAND_INIT,
    I = 1 << COMMAND_IR,
    V = 1 << COMMAND_EVAL,
    H = 1 << COMMAND_HISTORY,
    B = 1 << COMMAND_BASELINE,
    ALL = (1 << COMMAND_COUNT) - 1,
    RARE = 1 << COMMAND_COUNT,
};

#define INPUT "what is judged"
#define RULES "by which rules"
#define VERDICT "what fails the run"
#define REPORT "what is reported"
#define RUN "how it runs"

static const OptionSpec specs[] = {
#define OPTION(name, text, letter, argument, group, commands, help)                                \
    {STR_INIT(text), letter, argument, group, commands, help},
#include "cli/options.def"
#undef OPTION
};

static const CommandSpec commands[] = {
#define COMMAND(name, id, operands, help) {STR_INIT(#id), operands, help},
#include "cli/commands.def"
#undef COMMAND
};

const CommandSpec *command_spec(Command command)
{
    return &commands[command];
}

const OptionSpec *option_spec(OptionId id)
{
    return &specs[id];
}

bool option_applies(OptionId id, Command command)
{
    return specs[id].commands & 1u << command;
}

bool option_is_common(OptionId id)
{
    return !(specs[id].commands & RARE);
}

bool command_find(Str name, Command *command)
{
    for (uint32_t i = 0; i < COMMAND_COUNT; i++) {
        if (str_eq(name, commands[i].name)) {
            *command = (Command)i;
            return true;
        }
    }
    return false;
}

void command_names(Str names[COMMAND_COUNT])
{
    for (uint32_t i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i].name;
}
