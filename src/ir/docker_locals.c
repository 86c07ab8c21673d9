/* Variables of a script whose values it says itself; see ir/docker_parts.h. */
#include "ir/docker_parts.h"

/* Names of a script that are told apart; further ones are not known. */
enum { LOCALS_MAX = 64 };

typedef struct Local {
    Str name;
    Str value;
    bool known;  /* it was set, to `value` */
    bool banned; /* which value it has depends on the way through the script */
} Local;

struct DockerLocals {
    Arena *arena;
    const DockerScope *scope;
    bool open; /* names that are not there may have been set all the same */
    uint32_t count;
    Local items[LOCALS_MAX];
};

static Local *find_local(DockerLocals *locals, Str name)
{
    for (uint32_t i = 0; i < locals->count; i++)
        if (str_eq(locals->items[i].name, name))
            return &locals->items[i];
    return NULL;
}

static Local *add_local(DockerLocals *locals, Str name)
{
    Local *local = find_local(locals, name);

    if (local)
        return local;
    if (locals->count == LOCALS_MAX) {
        locals->open = true;
        return NULL;
    }
    local = &locals->items[locals->count++];
    *local = (Local){.name = name};
    return local;
}

static void ban(DockerLocals *locals, Str name)
{
    Local *local = add_local(locals, name);

    if (local)
        local->banned = true;
}

/* `x=y` in a command of its own that runs once, whatever happens. */
static bool is_straight(const ShellCommand *command, const ShellAssignment *assignment)
{
    return command->word_count == 0 && !command->conditional && !command->subshell &&
           !command->substitution && !command->function && command->pipeline_size == 1 &&
           assignment->value.span.start - assignment->span.start == assignment->name.size + 1;
}

static bool is_any(Str name, const Str *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(name, names[i]))
            return true;
    return false;
}

/* What other commands than assignments set is not followed. */
static void ban_arguments(DockerLocals *locals, const ShellCommand *command)
{
    static const Str setting[] = {STR_INIT("export"),   STR_INIT("local"),   STR_INIT("declare"),
                                  STR_INIT("typeset"),  STR_INIT("unset"),   STR_INIT("read"),
                                  STR_INIT("readonly"), STR_INIT("getopts"), STR_INIT("printf"),
                                  STR_INIT("let")};
    static const Str opening[] = {STR_INIT("."), STR_INIT("source"), STR_INIT("eval")};

    locals->open |= is_any(command->words[0].text, opening, sizeof opening / sizeof *opening);
    if (!is_any(command->words[0].text, setting, sizeof setting / sizeof *setting))
        return;
    for (uint32_t i = 1; i < command->word_count; i++) {
        Str word = command->words[i].text;
        int64_t equals = str_find_char(word, '=');
        /* `export x` changes nothing. */
        if (equals >= 0 || !str_eq(command->words[0].text, STR("export")))
            ban(locals, equals < 0 ? word : str_sub(word, 0, (uint32_t)equals));
    }
}

DockerLocals *docker_locals_new(const DockerBuild *build, const DockerScope *scope,
                                const ShellScript *script)
{
    DockerLocals *locals = script->mark_count ? arena_raw(build->arena, 1, sizeof *locals) : NULL;

    if (!locals)
        return NULL;
    locals->arena = build->arena;
    locals->scope = scope;
    locals->open = false;
    locals->count = 0;
    for (uint32_t i = 0; i < script->mark_count; i++)
        if (script->marks[i].kind == SHELL_MARK_LOOP_VARIABLE)
            ban(locals, script->marks[i].name);
    for (uint32_t i = 0; i < script->count; i++) {
        const ShellCommand *command = &script->commands[i];
        for (uint32_t k = 0; k < command->assignment_count; k++)
            if (command->word_count == 0 && !is_straight(command, &command->assignments[k]))
                ban(locals, command->assignments[k].name);
        if (command->word_count)
            ban_arguments(locals, command);
    }
    return locals;
}

void docker_locals_note(DockerLocals *locals, const ShellCommand *command)
{
    for (uint32_t i = 0; command->word_count == 0 && i < command->assignment_count; i++) {
        const ShellAssignment *assignment = &command->assignments[i];
        Local *local = add_local(locals, assignment->name);
        if (!local)
            continue;
        local->known = !(assignment->value.flags & (SHELL_EXPANDS | SHELL_SPLITS));
        local->banned |= !local->known;
        local->value = assignment->value.text;
    }
}

/* The value of a variable that the file says; false where only the build knows it. */
static bool find_value(DockerLocals *locals, Str name, Str *value)
{
    const Local *local = find_local(locals, name);
    const DockerVariable *variable;

    if (local && (local->banned || local->known)) {
        *value = local->value;
        return !local->banned;
    }
    variable = locals->open ? NULL : docker_scope_find(locals->scope, name);
    if (!variable || variable->value.unknown)
        return false;
    *value = variable->value.text;
    return true;
}

static bool is_name(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789",
                    text.data[i]))
            return false;
    return text.size && !(text.data[0] >= '0' && text.data[0] <= '9');
}

/* The name in a word that is one variable and nothing else: $x, ${x}, "$x". */
static Str only_variable(const ShellWord *word)
{
    Str text = word->written;

    if (text.size > 2 && text.data[0] == '"' && text.data[text.size - 1] == '"')
        text = str_sub(text, 1, text.size - 2);
    if (text.size < 2 || text.data[0] != '$')
        return (Str){"", 0};
    text = str_from(text, 1);
    if (text.data[0] == '{' && text.data[text.size - 1] == '}')
        text = str_sub(text, 1, text.size - 2);
    return is_name(text) ? text : (Str){"", 0};
}

static bool has_glob(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (strchr("*?[", text.data[i]))
            return true;
    return false;
}

static bool resolves(DockerLocals *locals, const ShellWord *word, Str *value)
{
    Str name = word->flags & SHELL_EXPANDS ? only_variable(word) : (Str){"", 0};

    return name.size && find_value(locals, name, value) &&
           (!(word->flags & SHELL_SPLITS) || !has_glob(*value));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Adds a value as the words that it becomes: one in quotes, else those between blanks. */
static bool add_words(DockerLocals *locals, ShellCommand *command, uint32_t *capacity,
                      const ShellWord *word, Str value)
{
    bool splits = word->flags & SHELL_SPLITS;

    do {
        ShellWord part = {.written = word->written, .span = word->span, .flags = SHELL_QUOTED};
        uint32_t size = 0;
        ShellWord *words;
        while (splits && value.size && is_blank(value.data[0]))
            value = str_from(value, 1);
        while (size < value.size && !(splits && is_blank(value.data[size])))
            size++;
        if (splits && size == 0)
            return true;
        part.text = str_sub(value, 0, size);
        part.known = size;
        value = str_from(value, size);
        words = arena_grow(locals->arena, command->words, command->word_count, capacity,
                           command->word_count + 1u, sizeof *words);
        if (!words)
            return false;
        command->words = words;
        words[command->word_count++] = part;
    } while (splits && value.size);
    return true;
}

static bool add_word(DockerLocals *locals, ShellCommand *command, uint32_t *capacity,
                     const ShellWord *word)
{
    ShellWord *words = arena_grow(locals->arena, command->words, command->word_count, capacity,
                                  command->word_count + 1u, sizeof *words);

    if (!words)
        return false;
    command->words = words;
    words[command->word_count++] = *word;
    return true;
}

ShellCommand docker_locals_resolve(DockerLocals *locals, const ShellCommand *command)
{
    ShellCommand resolved = *command;
    uint32_t capacity = 0, first = 1;
    bool fine = true;
    Str value;

    while (first < command->word_count && !resolves(locals, &command->words[first], &value))
        first++;
    if (first >= command->word_count)
        return resolved;
    resolved.words = NULL;
    resolved.word_count = 0;
    for (uint32_t i = 0; fine && i < command->word_count; i++)
        fine = i && resolves(locals, &command->words[i], &value)
                   ? add_words(locals, &resolved, &capacity, &command->words[i], value)
                   : add_word(locals, &resolved, &capacity, &command->words[i]);
    return fine ? resolved : *command;
}
