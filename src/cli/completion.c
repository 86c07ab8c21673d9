#include "cli/completion.h"

#include "cli/commands.h"

/* What stands for a value in the shells, by a word of its name in the tables. */
typedef struct Kind {
    const char *word;
    const char *bash; /* a command of the script */
    const char *zsh;  /* an action of _arguments */
    const char *fish; /* options of complete */
} Kind;

static const Kind kinds[] = {
    {"PATH", "_plumb_files \"$current\"", "_files", "-r -F"},
    {"FILE", "_plumb_files \"$current\"", "_files", "-r -F"},
    {"DIR", "_plumb_directories \"$current\"", "_files -/",
     "-x -a '(__fish_complete_directories)'"},
    {"ID", "_plumb_rules \"$current\"", "_plumb_rules", "-x -a '(__plumb_rules)'"},
    {"RULE", "_plumb_rules \"$current\"", "_plumb_rules", "-x -a '(__plumb_rules)'"},
    {"FILTER", "_plumb_rules \"$current\"", "_plumb_rules", "-x -a '(__plumb_rules)'"},
    {"REF", "_plumb_refs \"$current\"", "_plumb_refs", "-x -a '(__plumb_refs)'"},
};

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Whether `name`, as in "[FORMAT=]PATH", has `word` as a whole. */
static bool has_word(const char *name, const char *word)
{
    const char *found = strstr(name, word);

    return found && (found == name || !is_letter(found[-1])) && !is_letter(found[strlen(word)]);
}

/* NULL where there is nothing to propose. */
static const Kind *find_kind(const char *name)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (has_word(name, kinds[i].word))
            return &kinds[i];
    return NULL;
}

/* The words that the first operand of a command must be one of. */
static uint32_t operand_words(Command command, Str words[OPTION_WORDS_MAX])
{
    if (command == COMMAND_BASELINE) {
        memcpy(words, baseline_actions, sizeof baseline_actions);
        return BASELINE_ACTIONS;
    }
    if (command == COMMAND_COMPLETION) {
        completion_shells(words);
        return COMPLETION_SHELLS;
    }
    if (command != COMMAND_HELP)
        return 0;
    command_names(words);
    return COMMAND_COUNT;
}

static void add_words(Out *out, const Str *words, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        out_z(out, i ? " " : "");
        out_add(out, words[i]);
    }
}

/* The words between `begin` and `end`; `otherwise` where there are none. */
static void add_choice(Out *out, const Str *words, uint32_t count, const char *begin,
                       const char *end, const char *otherwise)
{
    out_z(out, count ? begin : otherwise);
    add_words(out, words, count);
    out_z(out, count ? end : "");
}

static void add_command_names(Out *out)
{
    Str names[COMMAND_COUNT];

    command_names(names);
    add_words(out, names, COMMAND_COUNT);
}

/* Inside of single quotes, where `escapes` also get a backslash. */
static void add_quoted(Out *out, const char *text, const char *quote, const char *escapes)
{
    for (; *text; text++) {
        if (*text == '\'') {
            out_z(out, quote);
            continue;
        }
        if (strchr(escapes, *text))
            out_char(out, '\\');
        out_char(out, *text);
    }
}

/* --- bash --- */

static const char bash_begin[] =
    "# Completion of plumb for bash, made by `plumb completion bash`.\n"
    "_plumb_words() { mapfile -t COMPREPLY < <(compgen -W \"$2\" -- \"$1\"); }\n"
    "_plumb_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- \"$1\"); }\n"
    "_plumb_directories() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -d -- \"$1\"); "
    "}\n"
    "_plumb_rules() { _plumb_words \"$1\" \"$(plumb rules --color never 2>/dev/null | awk '{print "
    "$2}')\"; }\n"
    "_plumb_refs() { _plumb_words \"$1\" \"$(git for-each-ref --format='%(refname:short)' "
    "2>/dev/null)\"; }\n"
    "\n"
    "_plumb()\n"
    "{\n"
    "    local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
    "\n"
    "    COMPREPLY=()\n"
    "    # bash takes --option=value apart.\n"
    "    if [[ $current == = ]]; then\n"
    "        current=\n"
    "    elif [[ $before == = ]]; then\n"
    "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
    "    fi\n"
    "    if ((COMP_CWORD == 1)); then\n"
    "        _plumb_words \"$current\" '";

static void bash_action(Out *out, const char *name, const Str *words, uint32_t count)
{
    const Kind *kind = find_kind(name);

    add_choice(out, words, count, "_plumb_words \"$current\" '", "'", kind ? kind->bash : ":");
}

/* "scan:--format | scan:-f) ...; return ;;" */
static void bash_value(Out *out, Command command, OptionId id)
{
    const OptionSpec *spec = option_spec(id);
    Str name = command_spec(command)->name;
    Str words[OPTION_WORDS_MAX];

    out_printf(out, "    %.*s:--%.*s", STR_ARG(name), STR_ARG(spec->name));
    if (spec->letter)
        out_printf(out, " | %.*s:-%c", STR_ARG(name), spec->letter);
    out_z(out, ") ");
    bash_action(out, spec->argument, words, options_words(id, command, words));
    out_z(out, "; return ;;\n");
}

static void bash_operands(Out *out, Command command)
{
    const CommandSpec *spec = command_spec(command);
    Str words[OPTION_WORDS_MAX];
    uint32_t count = operand_words(command, words);

    out_printf(out, "    %.*s:-*) _plumb_words \"$current\" '", STR_ARG(spec->name));
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (option_applies(id, command))
            out_printf(out, "--%.*s ", STR_ARG(option_spec(id)->name));
    out_printf(out, "' ;;\n    %.*s:*) ", STR_ARG(spec->name));
    if (count) {
        out_z(out, "if ((COMP_CWORD == 2)); then ");
        bash_action(out, spec->operands, words, count);
        out_z(out, "; else ");
    }
    bash_action(out, spec->operands, NULL, 0);
    out_z(out, count ? "; fi ;;\n" : " ;;\n");
}

static void write_bash(Out *out)
{
    out_z(out, bash_begin);
    add_command_names(out);
    out_z(out, "'\n        return\n    fi\n    case ${COMP_WORDS[1]}:$before in\n");
    for (Command command = 0; command < COMMAND_COUNT; command++)
        for (OptionId id = 0; id < OPTION_COUNT; id++)
            if (option_applies(id, command) && option_spec(id)->argument)
                bash_value(out, command, id);
    out_z(out, "    esac\n    case ${COMP_WORDS[1]}:$current in\n");
    for (Command command = 0; command < COMMAND_COUNT; command++)
        bash_operands(out, command);
    out_z(out, "    esac\n}\n\ncomplete -F _plumb plumb\n");
}

/* --- zsh --- */

static const char zsh_begin[] =
    "#compdef plumb\n"
    "# Completion of plumb for zsh, made by `plumb completion zsh`.\n"
    "_plumb_rules() { compadd -- ${(f)\"$(plumb rules --color never 2>/dev/null | awk '{print "
    "$2}')\"}; }\n"
    "_plumb_refs() { compadd -- ${(f)\"$(git for-each-ref --format='%(refname:short)' "
    "2>/dev/null)\"}; }\n"
    "\n"
    "_plumb()\n"
    "{\n"
    "    local command=$words[2]\n"
    "    local -a commands=(\n";

static void zsh_action(Out *out, const char *name, const Str *words, uint32_t count)
{
    const Kind *kind = find_kind(name);

    out_char(out, ':');
    add_quoted(out, name, "'\\''", ":[]");
    out_char(out, ':');
    add_choice(out, words, count, "(", ")", kind ? kind->zsh : " ");
}

static void zsh_option(Out *out, Command command, OptionId id)
{
    const OptionSpec *spec = option_spec(id);
    const char *value = spec->argument ? "=" : "";
    Str words[OPTION_WORDS_MAX];

    out_z(out, "            '*'");
    if (spec->letter)
        out_printf(out, "{-%c%s,--%.*s%s}", spec->letter, spec->argument ? "+" : "",
                   STR_ARG(spec->name), value);
    else
        out_printf(out, "--%.*s%s", STR_ARG(spec->name), value);
    out_z(out, "'[");
    add_quoted(out, spec->help, "'\\''", "[]");
    out_char(out, ']');
    if (spec->argument)
        zsh_action(out, spec->argument, words, options_words(id, command, words));
    out_z(out, "' \\\n");
}

static void zsh_command(Out *out, Command command)
{
    const CommandSpec *spec = command_spec(command);
    Str words[OPTION_WORDS_MAX];
    uint32_t count = operand_words(command, words);

    out_printf(out, "    %.*s)\n        _arguments -s -S \\\n", STR_ARG(spec->name));
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (option_applies(id, command))
            zsh_option(out, command, id);
    if (count) {
        out_z(out, "            '1");
        zsh_action(out, spec->operands, words, count);
        out_z(out, "' \\\n");
    }
    out_z(out, "            '*");
    zsh_action(out, *spec->operands ? spec->operands : "nothing", NULL, 0);
    out_z(out, "' ;;\n");
}

static void write_zsh(Out *out)
{
    out_z(out, zsh_begin);
    for (Command command = 0; command < COMMAND_COUNT; command++) {
        out_printf(out, "        '%.*s:", STR_ARG(command_spec(command)->name));
        add_quoted(out, command_spec(command)->help, "'\\''", ":");
        out_z(out, "'\n");
    }
    out_z(out,
          "    )\n\n    if ((CURRENT == 2)); then\n        _describe command commands\n"
          "        return\n    fi\n    shift words\n    ((CURRENT--))\n    case $command in\n");
    for (Command command = 0; command < COMMAND_COUNT; command++)
        zsh_command(out, command);
    out_z(out, "    esac\n}\n\n# Loaded by the completion system, or by whoever evaluates this.\n"
               "if [[ $funcstack[1] == _plumb ]]; then\n    _plumb \"$@\"\nelse\n"
               "    compdef _plumb plumb\nfi\n");
}

/* --- fish --- */

static const char fish_begin[] =
    "# Completion of plumb for fish, made by `plumb completion fish`.\n"
    "function __plumb_command\n"
    "    set -l words (commandline -opc)\n"
    "    test (count $words) -gt 1; and test \"$words[2]\" = \"$argv[1]\"\n"
    "end\n"
    "function __plumb_rules\n"
    "    plumb rules --color never 2>/dev/null | awk '{print $2}'\n"
    "end\n"
    "function __plumb_refs\n"
    "    git for-each-ref --format='%(refname:short)' 2>/dev/null\n"
    "end\n"
    "complete -c plumb -f\n";

static void fish_action(Out *out, const char *name, const Str *words, uint32_t count)
{
    const Kind *kind = find_kind(name);

    out_char(out, ' ');
    add_choice(out, words, count, "-x -a '", "'", kind ? kind->fish : "-x");
}

static void fish_condition(Out *out, Command command)
{
    out_printf(out, "complete -c plumb -n '__plumb_command %.*s'",
               STR_ARG(command_spec(command)->name));
}

static void fish_option(Out *out, Command command, OptionId id)
{
    const OptionSpec *spec = option_spec(id);
    Str words[OPTION_WORDS_MAX];

    fish_condition(out, command);
    out_printf(out, " -l %.*s", STR_ARG(spec->name));
    if (spec->letter)
        out_printf(out, " -s %c", spec->letter);
    if (spec->argument)
        fish_action(out, spec->argument, words, options_words(id, command, words));
    out_z(out, " -d '");
    add_quoted(out, spec->help, "\\'", "\\");
    out_z(out, "'\n");
}

static void fish_command(Out *out, Command command)
{
    const CommandSpec *spec = command_spec(command);
    Str words[OPTION_WORDS_MAX];
    uint32_t count = operand_words(command, words);

    out_printf(out, "complete -c plumb -n __fish_use_subcommand -a %.*s -d '", STR_ARG(spec->name));
    add_quoted(out, spec->help, "\\'", "\\");
    out_z(out, "'\n");
    if (*spec->operands) {
        fish_condition(out, command);
        fish_action(out, spec->operands, words, count);
        out_char(out, '\n');
    }
    if (count && find_kind(spec->operands)) {
        fish_condition(out, command);
        fish_action(out, spec->operands, NULL, 0);
        out_char(out, '\n');
    }
    for (OptionId id = 0; id < OPTION_COUNT; id++)
        if (option_applies(id, command))
            fish_option(out, command, id);
}

static void write_fish(Out *out)
{
    out_z(out, fish_begin);
    for (Command command = 0; command < COMMAND_COUNT; command++)
        fish_command(out, command);
}

/* --- all of them --- */

typedef struct Shell {
    Str name;
    void (*write)(Out *out);
} Shell;

static const Shell shells[COMPLETION_SHELLS] = {
    {STR_INIT("bash"), write_bash},
    {STR_INIT("zsh"), write_zsh},
    {STR_INIT("fish"), write_fish},
};

void completion_shells(Str names[COMPLETION_SHELLS])
{
    for (uint32_t i = 0; i < COMPLETION_SHELLS; i++)
        names[i] = shells[i].name;
}

bool completion_write(Str shell, Out *out)
{
    for (uint32_t i = 0; i < COMPLETION_SHELLS; i++) {
        if (str_eq(shell, shells[i].name)) {
            shells[i].write(out);
            return true;
        }
    }
    return false;
}
