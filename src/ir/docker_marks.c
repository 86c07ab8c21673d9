/* What a script of RUN holds besides its commands, as nodes; see ir/docker_parts.h. */
#include "ir/docker_parts.h"
#include "syntax/shell_words.h"

/* Names that a script sets and that are told apart. */
enum { SET_MAX = 256 };

/* A name that the script sets. */
typedef struct SetName {
    Str name;
    Span span;  /* of the first assignment */
    bool plain; /* to values only that are one word, whatever happens */
    bool used;
} SetName;

typedef struct Marks {
    const DockerBuild *build;
    const DockerScope *scope;
    const ShellScript *script;
    const MappedText *text;
    const uint32_t *numbers; /* of the script's commands among those of the instruction */
    bool open;               /* somebody else may set or use variables too */
    uint32_t set_count;
    SetName set[SET_MAX];
} Marks;

static Span mark_span(const Marks *m, const ShellMark *mark)
{
    return mapped_span(m->text, mark->start, mark->end);
}

/* --- names that are set --- */

static SetName *find_set(Marks *m, Str name)
{
    for (uint32_t i = 0; i < m->set_count; i++)
        if (str_eq(m->set[i].name, name))
            return &m->set[i];
    return NULL;
}

static void note_set(Marks *m, Str name, Span span, bool plain, bool used)
{
    SetName *known = find_set(m, name);

    if (known) {
        known->plain = known->plain && plain;
        known->used = known->used || used;
    } else if (m->set_count < SET_MAX) {
        m->set[m->set_count++] = (SetName){name, span, plain, used};
    } else {
        m->open = true;
    }
}

/* Whether a value as it is written is one expansion that gives a number: $!, ${#x}, $((x + 1)). */
static bool is_number(Str written)
{
    static const Str numbers[] = {STR_INIT("$!"), STR_INIT("$?"), STR_INIT("$#"), STR_INIT("$$")};

    if (written.size > 2 && written.data[0] == '"' && str_ends(written, STR("\"")))
        written = str_sub(written, 1, written.size - 2);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_eq(written, numbers[i]))
            return true;
    if (str_starts(written, STR("${#")))
        return str_find_char(written, '}') == written.size - 1;
    return str_starts(written, STR("$((")) && str_find(written, STR("))")) == written.size - 2;
}

/* The name in `$name` or `${name}` that begins at `*at`, which moves to its last byte; empty where
 * something else is expanded. */
static Str plain_name(Str text, uint32_t *at)
{
    bool braces = *at + 1 < text.size && text.data[*at + 1] == '{';
    uint32_t start = *at + 1 + braces, end = start;

    while (end < text.size && shell_is_name(text.data[end]))
        end++;
    if (braces && (end == text.size || text.data[end] != '}'))
        return (Str){"", 0};
    *at = braces ? end : end - 1;
    return str_sub(text, start, end - start);
}

/* Whether a value as it is written is made of plain text and of variables that are one word. */
static bool is_made_of_plain(Marks *m, Str written)
{
    for (uint32_t i = 0; i < written.size; i++) {
        const SetName *set;
        Str name;
        if (strchr(" \t\n*?[`'\\", written.data[i]))
            return false;
        if (written.data[i] != '$')
            continue;
        name = plain_name(written, &i);
        set = find_set(m, name);
        if (!name.size || (set ? !set->plain : !docker_scope_find(m->scope, name)))
            return false;
    }
    return true;
}

/* Whether a value is one word whatever happens; `text` and `written` are what follows the `=`. */
static bool is_plain(Marks *m, const ShellWord *value, Str text, Str written)
{
    if (is_number(written) || is_made_of_plain(m, written))
        return true;
    if (value->flags & (SHELL_EXPANDS | SHELL_SPLITS))
        return false;
    for (uint32_t i = 0; i < text.size; i++)
        if (strchr(" \t\n*?[", text.data[i]))
            return false;
    return true;
}

/* NAME and NAME=VALUE among the arguments of export and its like. */
static void note_declared(Marks *m, const ShellCommand *command, bool used)
{
    for (uint32_t i = 1; i < command->word_count; i++) {
        const ShellWord *word = &command->words[i];
        int64_t equals = str_find_char(word->text, '=');
        int64_t written = str_find_char(word->written, '=');
        Str name = equals < 0 ? word->text : str_sub(word->text, 0, (uint32_t)equals);
        if (!name.size || name.data[0] == '-')
            continue;
        if (equals < 0 && find_set(m, name))
            find_set(m, name)->used |= used;
        else
            note_set(m, name, word->span,
                     equals >= 0 && is_plain(m, word, str_from(word->text, (uint32_t)equals + 1),
                                             str_from(word->written, (uint32_t)(written + 1))),
                     used);
    }
}

/* Names that a command sets by what it reads. */
static void note_read(Marks *m, const ShellCommand *command, bool second)
{
    for (uint32_t i = 1 + second; i < command->word_count; i++)
        if (command->words[i].text.size && command->words[i].text.data[0] != '-')
            note_set(m, command->words[i].text, command->words[i].span, false, false);
}

static void note_builtin(Marks *m, const ShellCommand *command)
{
    static const Str declaring[] = {STR_INIT("local"), STR_INIT("declare"), STR_INIT("typeset"),
                                    STR_INIT("readonly")};
    static const Str opening[] = {STR_INIT("."), STR_INIT("source"), STR_INIT("eval"),
                                  STR_INIT("trap")};
    Str name = command->words[0].text;

    if (str_eq(name, STR("export")))
        note_declared(m, command, true);
    for (size_t i = 0; i < sizeof declaring / sizeof *declaring; i++)
        if (str_eq(name, declaring[i]))
            note_declared(m, command, false);
    for (size_t i = 0; i < sizeof opening / sizeof *opening; i++)
        m->open |= str_eq(name, opening[i]);
    if (str_eq(name, STR("read")) || str_eq(name, STR("mapfile")) ||
        str_eq(name, STR("readarray")) || str_eq(name, STR("let")))
        note_read(m, command, false);
    else if (str_eq(name, STR("getopts")) ||
             (str_eq(name, STR("printf")) && command->word_count > 2 &&
              str_eq(command->words[1].text, STR("-v"))))
        note_read(m, command, true);
}

static void note_command(Marks *m, const ShellCommand *command)
{
    for (uint32_t i = 0; i < command->assignment_count; i++) {
        const ShellAssignment *assignment = &command->assignments[i];
        note_set(m, assignment->name, assignment->span,
                 is_plain(m, &assignment->value, assignment->value.text, assignment->value.written),
                 command->word_count > 0);
    }
    for (uint32_t i = 0; i < command->redirect_count; i++)
        m->open |= str_eq(command->redirects[i].op, STR("<<"));
    if (command->word_count)
        note_builtin(m, command);
}

static bool sets_itself(const ShellMark *mark)
{
    return str_starts(mark->rest, STR("=")) || str_starts(mark->rest, STR(":="));
}

static void note_names(Marks *m)
{
    for (uint32_t i = 0; i < m->script->count; i++)
        note_command(m, &m->script->commands[i]);
    for (uint32_t i = 0; i < m->script->mark_count; i++) {
        const ShellMark *mark = &m->script->marks[i];
        if (mark->kind == SHELL_MARK_LOOP_VARIABLE)
            note_set(m, mark->name, mark_span(m, mark), mark->flags & SHELL_MARK_PLAIN, false);
        else if (mark->kind == SHELL_MARK_VARIABLE && sets_itself(mark))
            note_set(m, mark->name, mark_span(m, mark), false, true);
    }
}

/* --- nodes --- */

static void put_place(const Marks *m, Fields *entry, const ShellMark *mark, Span at)
{
    docker_put_text(entry, DOCKER_KEY_text, at,
                    str_sub(m->text->text, mark->start, mark->end - mark->start));
    if (mark->name.size)
        docker_put_text(entry, DOCKER_KEY_name, at, mark->name);
    if (mark->command == SHELL_NO_COMMAND)
        return;
    docker_put_int(entry, DOCKER_KEY_command, at, m->numbers[mark->command]);
    if (mark->place == SHELL_IN_WORD || mark->place == SHELL_IN_TEST)
        docker_put_int(entry, DOCKER_KEY_word, at, mark->word);
}

static Node plain_node(const Marks *m, const ShellMark *mark)
{
    Fields entry;
    Span at = mark_span(m, mark);

    docker_begin(&entry, m->build);
    put_place(m, &entry, mark, at);
    docker_put_bool(&entry, DOCKER_KEY_plain, at, mark->flags & SHELL_MARK_PLAIN);
    return docker_map(&entry, at);
}

/* An expansion: where it stands, and whether quotes are around it. */
static void put_expansion(const Marks *m, Fields *entry, const ShellMark *mark, Span at)
{
    static const Str places[] = {STR_INIT("word"), STR_INIT("assignment"), STR_INIT("redirect"),
                                 STR_INIT("test"), STR_INIT("list"),       STR_INIT("case")};

    put_place(m, entry, mark, at);
    docker_put_text(entry, DOCKER_KEY_place, at, places[mark->place]);
    docker_put_bool(entry, DOCKER_KEY_quoted, at, mark->flags & SHELL_MARK_QUOTED);
    docker_put_bool(entry, DOCKER_KEY_alone, at, mark->flags & SHELL_MARK_ALONE);
}

static Node variable_node(Marks *m, const ShellMark *mark, const SetName *set)
{
    Fields entry;
    Span at = mark_span(m, mark);
    bool plain = mark->flags & SHELL_MARK_PLAIN;

    docker_begin(&entry, m->build);
    put_expansion(m, &entry, mark, at);
    if (mark->rest.size)
        docker_put_text(&entry, DOCKER_KEY_rest, at, mark->rest);
    docker_put_bool(&entry, DOCKER_KEY_plain, at,
                    plain || (set ? set->plain : docker_scope_find(m->scope, mark->name) != NULL));
    return docker_map(&entry, at);
}

static Node substitution_node(const Marks *m, const ShellMark *mark)
{
    Fields entry;
    Span at = mark_span(m, mark);
    const ShellCommand *inner =
        mark->inner == SHELL_NO_COMMAND ? NULL : &m->script->commands[mark->inner];

    docker_begin(&entry, m->build);
    put_expansion(m, &entry, mark, at);
    if (inner && inner->word_count && !(inner->words[0].flags & SHELL_EXPANDS))
        docker_put_text(&entry, DOCKER_KEY_program, at, docker_program(inner->words[0].text));
    return docker_map(&entry, at);
}

/* --- lists of them --- */

/* Splits and matches files where it stands. */
static bool is_unquoted(const ShellMark *mark)
{
    return !(mark->flags & SHELL_MARK_QUOTED) &&
           (mark->place == SHELL_IN_WORD || mark->place == SHELL_IN_REDIRECT);
}

/* ${x:-y} and the like say what holds where nothing is set. */
static bool has_default(const ShellMark *mark)
{
    Str rest = mark->rest;

    if (rest.size && rest.data[0] == ':')
        rest = str_from(rest, 1);
    return rest.size && strchr("-=?+", rest.data[0]);
}

static bool is_listed(const NodeList *list, Str name)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (str_eq(node_string(node_get_named(&list->items[i], STR("name"))), name))
            return true;
    return false;
}

/* A variable that nothing in the file sets. */
static bool is_undefined(Marks *m, const ShellMark *mark)
{
    char c = mark->name.size ? mark->name.data[0] : '0';

    return ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_') && !m->open &&
           !has_default(mark) && !docker_scope_find(m->scope, mark->name);
}

static void put_list(Fields *fields, DockerKey key, const NodeList *list, Span at)
{
    if (list->count)
        docker_put(fields, key, docker_list(list, at));
}

/* One use of a variable, for the lists that it belongs to. */
static void add_variable(Marks *m, const ShellMark *mark, NodeList *unquoted, NodeList *undefined)
{
    SetName *set = find_set(m, mark->name);
    bool splits = is_unquoted(mark);
    bool missing = !set && is_undefined(m, mark) && undefined->count < SET_MAX &&
                   !is_listed(undefined, mark->name);
    Node node;

    if (set)
        set->used = true;
    if (!splits && !missing)
        return;
    node = variable_node(m, mark, set);
    if (splits)
        docker_add(m->build, unquoted, node);
    if (missing)
        docker_add(m->build, undefined, node);
}

static void put_expansions(Marks *m, Fields *fields, Span at)
{
    NodeList unquoted = {0}, undefined = {0}, substitutions = {0};

    for (uint32_t i = 0; i < m->script->mark_count; i++) {
        const ShellMark *mark = &m->script->marks[i];
        if (mark->kind == SHELL_MARK_SUBSTITUTION)
            docker_add(m->build, &substitutions, substitution_node(m, mark));
        else if (mark->kind == SHELL_MARK_VARIABLE)
            add_variable(m, mark, &unquoted, &undefined);
    }
    put_list(fields, DOCKER_KEY_unquoted, &unquoted, at);
    put_list(fields, DOCKER_KEY_undefined, &undefined, at);
    put_list(fields, DOCKER_KEY_substitutions, &substitutions, at);
}

/* Names that the script sets and then does not use. */
static void put_unused(const Marks *m, Fields *fields, Span at)
{
    NodeList unused = {0};

    for (uint32_t i = 0; i < m->set_count && !m->open; i++) {
        const SetName *set = &m->set[i];
        if (!set->used && !docker_scope_find(m->scope, set->name))
            docker_add(m->build, &unused, node_make_string(set->span, set->name));
    }
    put_list(fields, DOCKER_KEY_unused, &unused, at);
}

/* Rare things by their names, each a list. */
static void put_constructs(const Marks *m, Fields *fields, Span at)
{
    NodeList lists[SHELL_MARK_COUNT] = {0};
    EntryList entries = {0};

    for (uint32_t i = 0; i < m->script->mark_count; i++) {
        const ShellMark *mark = &m->script->marks[i];
        if (mark->kind >= SHELL_MARK_SYNTAX_ERROR)
            docker_add(m->build, &lists[mark->kind], plain_node(m, mark));
    }
    for (uint32_t i = 0; i < SHELL_MARK_COUNT; i++)
        if (lists[i].count)
            docker_put_named(m->build, &entries, shell_mark_name((ShellMarkKind)i),
                             node_span(&lists[i].items[0]), docker_list(&lists[i], at));
    if (entries.count)
        docker_put(fields, DOCKER_KEY_constructs, node_make_map(at, entries.items, entries.count));
}

void docker_put_marks(const DockerBuild *build, const DockerScope *scope, const ShellScript *script,
                      const MappedText *text, const uint32_t *numbers, Fields *fields)
{
    Span at = text->whole;
    Marks m;

    m.build = build;
    m.scope = scope;
    m.script = script;
    m.text = text;
    m.numbers = numbers;
    m.open = !script->complete;
    m.set_count = 0;
    note_names(&m);
    put_expansions(&m, fields, at);
    put_unused(&m, fields, at);
    put_constructs(&m, fields, at);
}
