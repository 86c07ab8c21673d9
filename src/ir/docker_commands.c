/* Commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK as nodes; see ir/docker_parts.h. */
#include "ir/docker_parts.h"

#include "base/buf.h"

/* A script in a script: sh -c "sh -c '...'" */
enum { SCRIPT_DEPTH = 4 };

typedef struct Commands {
    DockerBuild *build;
    NodeList list;
    NodeList piped; /* of them, the parts of pipelines */
    uint32_t size;  /* of them, those that no other command runs */
    const DockerScope *scope;
    DockerLocals *locals; /* of the script at hand; may be NULL */
    Fields *fields;       /* of a RUN, which shows more of its script; else NULL */
    EntryList variables;  /* that commands set */
    uint32_t depth;
    const DockerHeredoc *heredocs; /* bodies that stand below the instruction */
    uint32_t heredoc_count;
} Commands;

static const struct {
    Str program;
    Str names;
} options[] = {
#define OPTIONS(program, names) {STR_INIT(program), STR_INIT(names)},
#include "ir/docker_options.def"
#undef OPTIONS
};

static const Str shells[] = {STR_INIT("sh"),   STR_INIT("bash"), STR_INIT("ash"),
                             STR_INIT("dash"), STR_INIT("zsh"),  STR_INIT("ksh")};

/* They only say whether a command is run. */
static const Str tests[] = {STR_INIT("["), STR_INIT("[[")};

static bool is_shell(Str name)
{
    return STR_IS_ANY(name, shells);
}

Str docker_program(Str path)
{
    uint32_t start = path.size;

    while (start && path.data[start - 1] != '/' && path.data[start - 1] != '\\')
        start--;
    path = str_from(path, start);
    if (path.size > 4 && str_eq_nocase(str_from(path, path.size - 4), STR(".exe")))
        path.size -= 4;
    return path;
}

DockerShell docker_shell_named(Str path)
{
    Str name = docker_program(path);

    return (DockerShell){.path = path, .name = name, .posix = is_shell(name)};
}

/* `-o pipefail`, `-eo pipefail`, `-euxo`, `pipefail` among the words of SHELL. */
static void note_shell_option(DockerShell *shell, Str word, Str next)
{
    if (word.size < 2 || word.data[0] != '-' || word.data[1] == '-')
        return;
    if (str_find_char(word, 'e') > 0)
        shell->options.errexit = true;
    if (str_find_char(word, 'o') > 0 && str_eq(next, STR("pipefail")))
        shell->options.pipefail = true;
}

DockerShell docker_shell_read(const DockerBuild *build, const DockerInstr *instr)
{
    NodeList words = {0};
    DockerShell shell = docker_shell_named(instr->word_count ? instr->words[0].text : (Str){"", 0});

    for (uint32_t i = 0; i < instr->word_count; i++) {
        Str next = i + 1 < instr->word_count ? instr->words[i + 1].text : (Str){"", 0};
        if (i)
            note_shell_option(&shell, instr->words[i].text, next);
        docker_add(build, &words, node_make_string(instr->words[i].span, instr->words[i].text));
    }
    shell.words = docker_list(&words, instr->line);
    return shell;
}

static Node word_node(const Commands *c, const ShellWord *word)
{
    Unknown *unknown;

    if (!(word->flags & SHELL_EXPANDS))
        return node_make_string(word->span, word->text);
    unknown = ARENA_NEW(c->build->arena, Unknown);
    if (!unknown)
        return node_make_null(word->span);
    *unknown = (Unknown){.cause = str_from(word->text, word->known),
                         .type = NODE_STRING,
                         .set = true,
                         .prefix = str_sub(word->text, 0, word->known)};
    return node_make_unknown(word->span, unknown);
}

/* The options of a program that take a value, between blanks. */
static Str options_of(Str program)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (str_eq(options[i].program, program))
            return options[i].names;
    return (Str){"", 0};
}

/* Whether `word` is one of the blank-separated names. */
static bool takes_value(Str names, Str word)
{
    int64_t at;

    for (uint32_t from = 0; (at = str_find(str_from(names, from), word)) >= 0; from++) {
        uint32_t end = from + (uint32_t)at + word.size;
        from += (uint32_t)at;
        if ((from == 0 || names.data[from - 1] == ' ') &&
            (end == names.size || names.data[end] == ' '))
            return true;
    }
    return false;
}

/* Options, and what is none and no option's value. */
static void put_arguments(const Commands *c, Fields *fields, const ShellCommand *command,
                          Str program)
{
    NodeList flags = {0}, operands = {0};
    Str names = {NULL, 0};
    bool only_operands = false;

    for (uint32_t i = 1; i < command->word_count; i++) {
        const ShellWord *word = &command->words[i];
        Node node = node_make_string(word->span, word->text);
        if (only_operands || word->text.size < 2 || word->text.data[0] != '-') {
            docker_add(c->build, &operands, node);
        } else if (str_eq(word->text, STR("--"))) {
            only_operands = true;
        } else {
            docker_add(c->build, &flags, node);
            if (!names.data)
                names = options_of(program);
            if (takes_value(names, word->text) && i + 1 < command->word_count) {
                i++;
                node = node_make_string(command->words[i].span, command->words[i].text);
                docker_add(c->build, &flags, node);
            }
        }
    }
    docker_put(fields, DOCKER_KEY_flags, docker_list(&flags, command->span));
    docker_put(fields, DOCKER_KEY_operands, docker_list(&operands, command->span));
    if (operands.count)
        docker_put(fields, DOCKER_KEY_sub, operands.items[0]);
}

static void put_words(const Commands *c, Fields *fields, const ShellCommand *command)
{
    NodeList words = docker_list_for(c->build, command->word_count);

    for (; words.count < words.capacity; words.count++)
        words.items[words.count] =
            node_make_string(command->words[words.count].span, command->words[words.count].text);
    docker_put(fields, DOCKER_KEY_words, docker_list(&words, command->span));
}

static void put_args(const Commands *c, Fields *fields, const ShellCommand *command)
{
    NodeList args = docker_list_for(c->build, command->word_count ? command->word_count - 1 : 0);

    for (; args.count < args.capacity; args.count++)
        args.items[args.count] = word_node(c, &command->words[args.count + 1]);
    docker_put(fields, DOCKER_KEY_args, docker_list(&args, command->span));
}

/* `open` is false, or unknown where an expansion may give further options. */
static void put_open(const Commands *c, Fields *fields, const ShellCommand *command)
{
    for (uint32_t i = 1; i < command->word_count; i++) {
        Node node;
        if (!(command->words[i].flags & SHELL_SPLITS) || command->words[i].known > 0)
            continue;
        node = word_node(c, &command->words[i]);
        if (node.kind == NODE_UNKNOWN) {
            docker_put(fields, DOCKER_KEY_open, node);
            return;
        }
    }
    docker_put_bool(fields, DOCKER_KEY_open, command->span, false);
}

static void put_assignments(const Commands *c, Fields *fields, const ShellCommand *command)
{
    NodeList list = {0};

    for (uint32_t i = 0; i < command->assignment_count; i++) {
        const ShellAssignment *assignment = &command->assignments[i];
        Fields entry;
        docker_begin(&entry, c->build);
        docker_put_text(&entry, DOCKER_KEY_name, assignment->span, assignment->name);
        docker_put(&entry, DOCKER_KEY_value, word_node(c, &assignment->value));
        docker_put_text(&entry, DOCKER_KEY_text, assignment->value.span, assignment->value.text);
        docker_add(c->build, &list, docker_map(&entry, assignment->span));
    }
    docker_put(fields, DOCKER_KEY_assignments, docker_list(&list, command->span));
}

/* What a command sets: by assignments, and by the NAME=value of export and env. */
static void note_variables(Commands *c, const ShellCommand *command, Str program)
{
    bool declares = str_eq(program, STR("export")) || str_eq(program, STR("env"));

    for (uint32_t i = 0; i < command->assignment_count; i++) {
        const ShellAssignment *set = &command->assignments[i];
        docker_put_named(c->build, &c->variables, set->name, set->span,
                         node_make_string(set->span, set->value.text));
    }
    for (uint32_t i = 1; declares && i < command->word_count; i++) {
        const ShellWord *word = &command->words[i];
        int64_t equals = str_find_char(word->text, '=');
        if (equals > 0)
            docker_put_named(
                c->build, &c->variables, str_sub(word->text, 0, (uint32_t)equals), word->span,
                node_make_string(word->span, str_from(word->text, (uint32_t)equals + 1)));
    }
}

static void put_redirects(const Commands *c, Fields *fields, const ShellCommand *command)
{
    NodeList list = {0};

    for (uint32_t i = 0; i < command->redirect_count; i++) {
        const ShellRedirect *redirect = &command->redirects[i];
        Fields entry;
        docker_begin(&entry, c->build);
        docker_put_text(&entry, DOCKER_KEY_op, redirect->span, redirect->op);
        docker_put(&entry, DOCKER_KEY_fd, node_make_int(redirect->span, redirect->fd));
        docker_put(&entry, DOCKER_KEY_target, word_node(c, &redirect->target));
        docker_add(c->build, &list, docker_map(&entry, redirect->span));
    }
    docker_put(fields, DOCKER_KEY_redirects, docker_list(&list, command->span));
}

static Str join_text(ShellJoin join)
{
    static const Str texts[] = {
        [SHELL_JOIN_START] = STR_INIT(""), [SHELL_JOIN_THEN] = STR_INIT(";"),
        [SHELL_JOIN_AND] = STR_INIT("&&"), [SHELL_JOIN_OR] = STR_INIT("||"),
        [SHELL_JOIN_PIPE] = STR_INIT("|"), [SHELL_JOIN_BACKGROUND] = STR_INIT("&"),
    };

    return texts[join];
}

static void put_context(Fields *fields, const ShellCommand *command)
{
    Span at = command->span;

    docker_put_text(fields, DOCKER_KEY_join, at, join_text(command->join));
    docker_put_int(fields, DOCKER_KEY_pipeline, at, command->pipeline);
    docker_put_int(fields, DOCKER_KEY_position, at, command->position);
    docker_put_int(fields, DOCKER_KEY_pipeline_size, at, command->pipeline_size);
    docker_put_bool(fields, DOCKER_KEY_conditional, at, command->conditional);
    docker_put_bool(fields, DOCKER_KEY_substitution, at, command->substitution);
    docker_put_bool(fields, DOCKER_KEY_subshell, at, command->subshell);
    docker_put_bool(fields, DOCKER_KEY_checked, at, command->checked);
    docker_put_int(fields, DOCKER_KEY_block, at, command->block);
    docker_put_bool(fields, DOCKER_KEY_errexit, at, command->errexit);
    docker_put_bool(fields, DOCKER_KEY_pipefail, at, command->pipefail);
}

static void add_command(Commands *c, const ShellCommand *command, Str wrapper);

static void add_script(Commands *c, const MappedText *text, ShellOptions set, Str wrapper)
{
    DockerLocals *locals = c->locals;
    ShellScript *script;
    uint32_t *numbers;

    if (c->depth >= SCRIPT_DEPTH)
        return;
    script = shell_read(text, set, c->build->arena, &c->build->unit->diags);
    if (!script)
        return;
    numbers = ARENA_ARRAY(c->build->arena, uint32_t, script->count + 1u);
    c->depth++;
    c->locals = c->fields ? docker_locals_new(c->build, c->scope, script) : NULL;
    for (uint32_t i = 0; numbers && i < script->count; i++) {
        numbers[i] = c->list.count;
        add_command(c, &script->commands[i], wrapper);
        if (c->locals)
            docker_locals_note(c->locals, &script->commands[i]);
    }
    c->locals = locals;
    c->depth--;
    if (numbers && c->fields && c->depth == 0)
        docker_put_marks(c->build, c->scope, script, text, numbers, c->fields);
}

/* The text of a word as a script of its own. Places in it are exact where it is written as it is.
 */
static MappedText word_script(const ShellWord *word)
{
    return (MappedText){.text = word->text, .whole = word->span};
}

/* sh -c SCRIPT, and heredocs that a shell reads. */
static void add_inner_script(Commands *c, const ShellCommand *command, Str program)
{
    ShellOptions set = {false, false};

    for (uint32_t i = 1; i < command->word_count; i++) {
        Str word = command->words[i].text;
        if (word.size < 2 || (word.data[0] != '-' && word.data[0] != '+'))
            return;
        if (word.data[1] != '-' && str_find_char(word, 'e') > 0)
            set.errexit = true;
        if (word.data[1] != '-' && str_find_char(word, 'o') > 0 && i + 1 < command->word_count)
            set.pipefail = str_eq(command->words[++i].text, STR("pipefail"));
        if (word.data[1] != '-' && str_find_char(word, 'c') > 0 && i + 1 < command->word_count) {
            MappedText text = word_script(&command->words[i + 1]);
            add_script(c, &text, set, program);
            return;
        }
    }
    for (uint32_t i = 0; i < command->redirect_count; i++)
        for (uint32_t k = 0; k < c->heredoc_count; k++)
            if (str_eq(command->redirects[i].target.text, c->heredocs[k].name))
                add_script(c, &c->heredocs[k].body, set, program);
}

/* How many words of a wrapper come before the command that it runs. 0 if it is no wrapper. */
static uint32_t wrapped_at(const ShellCommand *command, Str program)
{
    static const Str wrappers[] = {STR_INIT("sudo"),     STR_INIT("env"),     STR_INIT("exec"),
                                   STR_INIT("command"),  STR_INIT("nohup"),   STR_INIT("nice"),
                                   STR_INIT("timeout"),  STR_INIT("xargs"),   STR_INIT("builtin"),
                                   STR_INIT("gosu"),     STR_INIT("su-exec"), STR_INIT("setsid"),
                                   STR_INIT("fakeroot"), STR_INIT("doas"),    STR_INIT("eatmydata"),
                                   STR_INIT("busybox"),  STR_INIT("chroot"),  STR_INIT("stdbuf")};
    Str names;
    uint32_t at = 1;

    if (str_starts(program, STR("python")) && command->word_count > 2 &&
        str_eq(command->words[1].text, STR("-m")))
        return 2;

    if (!STR_IS_ANY(program, wrappers))
        return 0;
    names = options_of(program);
    for (; at < command->word_count; at++) {
        Str word = command->words[at].text;
        if (word.size > 1 && word.data[0] == '-')
            at += takes_value(names, word) ? 1 : 0;
        else if (str_find_char(word, '=') <= 0)
            break;
    }
    if (str_eq(program, STR("timeout")) || str_eq(program, STR("gosu")) ||
        str_eq(program, STR("su-exec")) || str_eq(program, STR("chroot")))
        at++;
    return at;
}

static void add_wrapped(Commands *c, const ShellCommand *command, Str program)
{
    ShellCommand inner = *command;
    uint32_t at = wrapped_at(command, program);

    if (at == 0 || at >= command->word_count || c->depth >= SCRIPT_DEPTH)
        return;
    inner.words += at;
    inner.word_count -= at;
    inner.assignment_count = 0;
    inner.span = span_join(inner.words[0].span, inner.words[inner.word_count - 1].span);
    c->depth++;
    add_command(c, &inner, program);
    c->depth--;
}

static void add_command(Commands *c, const ShellCommand *command, Str wrapper)
{
    Fields fields;
    const ShellWord *name = command->word_count ? &command->words[0] : NULL;
    ShellCommand resolved = *command;
    Str program = {"", 0};
    Node node;

    docker_begin(&fields, c->build);
    /* A program that only the run knows has no name: no rule is about it. */
    if (name && !(name->flags & SHELL_EXPANDS)) {
        program = docker_program(name->text);
        docker_put_text(&fields, DOCKER_KEY_name, name->span, program);
    }
    docker_put_int(&fields, DOCKER_KEY_index, command->span, c->list.count);
    docker_put_text(&fields, DOCKER_KEY_text, command->span, command->text);
    put_words(c, &fields, command);
    if (c->locals)
        resolved = docker_locals_resolve(c->locals, command);
    put_args(c, &fields, &resolved);
    put_arguments(c, &fields, &resolved, program);
    put_open(c, &fields, &resolved);
    put_assignments(c, &fields, command);
    note_variables(c, command, program);
    put_redirects(c, &fields, command);
    put_context(&fields, command);
    if (wrapper.size)
        docker_put_text(&fields, DOCKER_KEY_wrapper, command->span, wrapper);
    node = docker_map(&fields, command->span);
    docker_add(c->build, &c->list, node);
    if (command->pipeline_size > 1)
        docker_add(c->build, &c->piped, node);
    c->size += wrapper.size == 0 && !STR_IS_ANY(program, tests);
    if (is_shell(program))
        add_inner_script(c, command, program);
    else
        add_wrapped(c, command, program);
}

/* The exec form: no shell, so every word is what it says. */
static void add_exec(Commands *c, const DockerInstr *instr)
{
    ShellCommand command = {.span = instr->line, .text = instr->text.text, .pipeline_size = 1};

    command.words = ARENA_ARRAY(c->build->arena, ShellWord, instr->word_count);
    if (!command.words || instr->word_count == 0)
        return;
    command.word_count = instr->word_count;
    for (uint32_t i = 0; i < instr->word_count; i++) {
        command.words[i] = (ShellWord){.text = instr->words[i].text,
                                       .written = instr->words[i].text,
                                       .span = instr->words[i].span,
                                       .known = instr->words[i].text.size,
                                       .flags = SHELL_QUOTED};
    }
    command.span = span_join(instr->words[0].span, instr->words[instr->word_count - 1].span);
    add_command(c, &command, (Str){"", 0});
}

/* A heredoc that is the whole command: a script for the shell, or for what its `#!` line names. */
static bool is_script(const DockerInstr *instr)
{
    return instr->heredoc_count == 1 && str_eq(instr->heredocs[0].mark.text, instr->text.text);
}

/* The shell that the `#!` line of a script names, with its options. */
static DockerShell script_shell(Str body)
{
    Str line, word, before = {"", 0}, path = {"", 0};
    DockerShell shell = docker_shell_named(STR(""));

    body = str_from(body, 2);
    if (!str_split(&body, '\n', &line))
        return shell;
    line = str_trim(line);
    while (str_split(&line, ' ', &word)) {
        if (!path.size)
            path = word;
        if (shell.name.size)
            note_shell_option(&shell, before, word);
        else if (word.size && word.data[0] != '-' && !str_eq(docker_program(word), STR("env")))
            shell = docker_shell_named(word);
        before = word;
    }
    note_shell_option(&shell, before, (Str){"", 0});
    shell.path = path;
    return shell;
}

DockerShell docker_shell_of(const DockerInstr *instr, const DockerShell *shell)
{
    if (instr->exec_form || !is_script(instr) ||
        !str_starts(instr->heredocs[0].body.text, STR("#!")))
        return *shell;
    return script_shell(instr->heredocs[0].body.text);
}

/* About how many commands a script is that cannot be read. */
static uint32_t count_parts(Str text, char separator)
{
    uint32_t count = 0;
    Str part;

    while (str_split(&text, separator, &part))
        count += str_trim(part).size > 0;
    return count;
}

static void add_commands(Commands *c, const DockerShell *shell, const DockerInstr *instr)
{
    const MappedText *text = is_script(instr) ? &instr->heredocs[0].body : &instr->text;

    if (instr->exec_form)
        add_exec(c, instr);
    else if (shell->posix)
        add_script(c, text, shell->options, (Str){"", 0});
    else if (is_script(instr))
        c->size = count_parts(text->text, '\n');
    else
        c->size = count_parts(text->text, str_eq_nocase(shell->name, STR("cmd")) ? '&' : ';');
}

/* Programs of one RUN that are told apart. */
enum { PROGRAMS_MAX = 256 };

/* Commands by the names of their programs. */
typedef struct Programs {
    Entry names[PROGRAMS_MAX]; /* without values */
    NodeList lists[PROGRAMS_MAX];
    uint32_t count;
} Programs;

/* The commands of that name; NULL where there are none yet. */
static NodeList *find_program(Programs *programs, Str name)
{
    for (uint32_t i = 0; i < programs->count; i++)
        if (str_eq(entry_key(&programs->names[i]), name))
            return &programs->lists[i];
    return NULL;
}

static NodeList *add_program(Programs *programs, Entry name)
{
    if (programs->count == PROGRAMS_MAX)
        return NULL;
    programs->names[programs->count] = name;
    programs->lists[programs->count] = (NodeList){0};
    return &programs->lists[programs->count++];
}

static Node programs_map(const DockerBuild *build, const Programs *programs, Span at)
{
    Entry *entries = arena_raw(build->arena, programs->count, sizeof *entries);

    if (!entries || arena_spent(build->arena))
        return node_make_map(at, NULL, 0);
    for (uint32_t i = 0; i < programs->count; i++) {
        Node first = programs->lists[i].items[0].as.entries[0].value;
        entries[i] = programs->names[i];
        entries[i].key_start = first.start;
        entries[i].key_end = first.end;
        entries[i].value = docker_list(&programs->lists[i], node_span(&first));
    }
    return node_make_map(at, entries, programs->count);
}

/* The commands by the names of their programs, so that a rule about one program costs a RUN
 * without it a look-up. */
static Node programs_node(const Commands *c, Span at)
{
    Programs programs;

    programs.count = 0;
    for (uint32_t i = 0; i < c->list.count; i++) {
        const Node *command = &c->list.items[i];
        const Node *name = command->count ? &command->as.entries[0].value : NULL;
        NodeList *list;
        if (!name || name->kind != NODE_STRING)
            continue;
        list = find_program(&programs, node_text(name));
        if (!list)
            list = add_program(&programs, (Entry){.key = node_text(name).data,
                                                  .key_size = node_text(name).size,
                                                  .symbol = symbols_find(c->build->unit->symbols,
                                                                         node_text(name))});
        if (list)
            docker_add(c->build, list, *command);
    }
    return programs_map(c->build, &programs, at);
}

Node docker_programs(const DockerBuild *build, const NodeList *maps, Span at)
{
    Programs programs;

    programs.count = 0;
    for (uint32_t i = 0; i < maps->count; i++) {
        for (uint32_t k = 0; k < maps->items[i].count; k++) {
            const Entry *entry = &maps->items[i].as.entries[k];
            NodeList *list = find_program(&programs, entry_key(entry));
            if (!list)
                list = add_program(&programs, *entry);
            for (uint32_t n = 0; list && n < entry->value.count; n++)
                docker_add(build, list, entry->value.as.items[n]);
        }
    }
    return programs_map(build, &programs, at);
}

DockerCommands docker_put_command(DockerBuild *build, const DockerShell *shell,
                                  const DockerScope *scope, const DockerInstr *instr,
                                  Fields *fields)
{
    Commands c = {.build = build,
                  .scope = scope,
                  .fields = instr->op == DOCKER_RUN ? fields : NULL,
                  .heredocs = instr->heredocs,
                  .heredoc_count = instr->heredoc_count};
    NodeList words = {0};
    Node programs;

    docker_put_bool(fields, DOCKER_KEY_exec_form, instr->line, instr->exec_form);
    for (uint32_t i = 0; instr->exec_form && i < instr->word_count; i++)
        docker_add(build, &words, node_make_string(instr->words[i].span, instr->words[i].text));
    if (instr->exec_form)
        docker_put(fields, DOCKER_KEY_words, docker_list(&words, instr->line));
    add_commands(&c, shell, instr);
    docker_put_int(fields, DOCKER_KEY_size, instr->line, c.size);
    docker_put(fields, DOCKER_KEY_commands, docker_list(&c.list, instr->line));
    if (c.piped.count)
        docker_put(fields, DOCKER_KEY_piped, docker_list(&c.piped, instr->line));
    programs = programs_node(&c, instr->line);
    docker_put(fields, DOCKER_KEY_programs, programs);
    if (c.variables.count)
        docker_put(fields, DOCKER_KEY_variables,
                   node_make_map(instr->line, c.variables.items, c.variables.count));
    return (DockerCommands){c.size, programs};
}
