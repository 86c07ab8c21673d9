#include "syntax/shell_command.h"

#include "syntax/shell_marks.h"

static ShellCommand *add_command(ShellReader *r, const ShellCommand *command)
{
    ShellScript *script = r->script;
    ShellCommand *commands = arena_grow(r->arena, script->commands, script->count,
                                        &script->capacity, script->count + 1u, sizeof *commands);

    if (!commands) {
        r->failed = true;
        return NULL;
    }
    script->commands = commands;
    commands[script->count] = *command;
    return &commands[script->count++];
}

/* Lists of a command that is being read. */
typedef struct Parts {
    uint32_t words;
    uint32_t assignments;
    uint32_t redirects;
} Parts;

static bool add_word(ShellReader *r, ShellCommand *command, Parts *room, ShellWord word)
{
    ShellWord *words = arena_grow(r->arena, command->words, command->word_count, &room->words,
                                  command->word_count + 1u, sizeof *words);

    if (!words)
        return !(r->failed = true);
    command->words = words;
    words[command->word_count++] = word;
    return true;
}

static bool add_assignment(ShellReader *r, ShellCommand *command, Parts *room,
                           ShellAssignment assignment)
{
    ShellAssignment *items =
        arena_grow(r->arena, command->assignments, command->assignment_count, &room->assignments,
                   command->assignment_count + 1u, sizeof *items);

    if (!items)
        return !(r->failed = true);
    command->assignments = items;
    items[command->assignment_count++] = assignment;
    return true;
}

static bool add_redirect(ShellReader *r, ShellCommand *command, Parts *room, ShellRedirect redirect)
{
    ShellRedirect *items =
        arena_grow(r->arena, command->redirects, command->redirect_count, &room->redirects,
                   command->redirect_count + 1u, sizeof *items);

    if (!items)
        return !(r->failed = true);
    command->redirects = items;
    items[command->redirect_count++] = redirect;
    return true;
}

static uint32_t digits_here(const ShellReader *r)
{
    uint32_t count = 0;

    while (shell_is_digit(shell_peek(r, count)))
        count++;
    return count;
}

/* The operator of a redirection, of those that begin alike the longest first. */
static Str redirect_operator(const ShellReader *r)
{
    static const char *const operators[] = {"<<<", "<<-", "&>>", "<<", ">>", "<&",
                                            ">&",  "<>",  ">|",  "&>", "<",  ">"};
    Str rest = str_from(r->text, r->at);

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++)
        if (str_starts(rest, str_of(operators[i])))
            return str_of(operators[i]);
    return (Str){"", 0};
}

static bool at_redirect(const ShellReader *r)
{
    uint32_t digits = digits_here(r);
    char c = shell_peek(r, digits), next = shell_peek(r, digits + 1);

    if (c == '&' && digits == 0)
        return next == '>';
    return (c == '<' || c == '>') && (digits || next != '(');
}

static void expect_heredoc(ShellReader *r, const ShellRedirect *redirect)
{
    ShellHeredoc *doc = ARENA_NEW(r->arena, ShellHeredoc), **tail = &r->pending;

    if (!doc) {
        r->failed = true;
        return;
    }
    doc->name = redirect->target.text;
    doc->strip_tabs = redirect->op.size == 3;
    while (*tail)
        tail = &(*tail)->next;
    *tail = doc;
}

static int redirect_fd(const ShellReader *r, uint32_t digits, Str op)
{
    int fd = 0;

    if (op.size && op.data[0] == '&')
        return -1;
    if (digits == 0)
        return op.size && op.data[0] == '<' ? 0 : 1;
    for (uint32_t i = 0; i < digits && i < 6; i++)
        fd = fd * 10 + (shell_peek(r, i) - '0');
    return fd;
}

/* Whether it takes a stream to a file, and not to where another stream goes. */
static bool goes_to_file(Str op, Str target)
{
    return op.data[0] != '<' && !(op.size == 2 && op.data[1] == '&' && target.size &&
                                  (shell_is_digit(target.data[0]) || target.data[0] == '-'));
}

static void mark_redirect(ShellReader *r, const ShellCommand *command,
                          const ShellRedirect *redirect, uint32_t start)
{
    Str op = redirect->op;

    if (redirect->fd == -1)
        shell_mark(r, SHELL_MARK_BOTH_REDIRECT, start, r->at, op);
    if (str_eq(op, STR(">>")))
        shell_mark(r, SHELL_MARK_APPEND, start, r->at, redirect->target.text);
    for (uint32_t i = 0; i < command->redirect_count; i++) {
        const ShellRedirect *other = &command->redirects[i];
        bool same = other->fd == redirect->fd || other->fd == -1 || redirect->fd == -1;
        if (same && goes_to_file(op, redirect->target.text) &&
            goes_to_file(other->op, other->target.text)) {
            shell_mark(r, SHELL_MARK_COMPETING_REDIRECT, start, r->at, op);
            return;
        }
    }
}

static bool read_redirect(ShellReader *r, ShellCommand *command, Parts *room)
{
    uint32_t start = r->at, digits = digits_here(r), number = r->at;
    ShellRedirect redirect;

    r->at += digits;
    redirect.op = redirect_operator(r);
    r->at = number;
    redirect.fd = redirect_fd(r, digits, redirect.op);
    r->at += digits + redirect.op.size;
    shell_skip_blanks(r);
    r->place = SHELL_IN_REDIRECT;
    if (!shell_read_word(r, &redirect.target))
        return shell_fail(r, start, "a redirection leads nowhere");
    r->place = SHELL_IN_WORD;
    redirect.span = mapped_span(r->in, start, r->at);
    mark_redirect(r, command, &redirect, start);
    if (str_eq(redirect.op, STR("<<")) || str_eq(redirect.op, STR("<<-")))
        expect_heredoc(r, &redirect);
    return add_redirect(r, command, room, redirect);
}

/* The size of `NAME=`, `NAME+=` or `NAME[...]=` here, or 0. */
static uint32_t assignment_head(const ShellReader *r)
{
    uint32_t size = 0;

    if (!shell_is_name(shell_peek(r, 0)) || shell_is_digit(shell_peek(r, 0)))
        return 0;
    while (shell_is_name(shell_peek(r, size)))
        size++;
    if (shell_peek(r, size) == '[') {
        while (!shell_ends_word(shell_peek(r, size)) && shell_peek(r, size) != ']')
            size++;
        if (shell_peek(r, size) != ']')
            return 0;
        size++;
    }
    if (shell_peek(r, size) == '+')
        size++;
    return shell_peek(r, size) == '=' ? size + 1 : 0;
}

static uint32_t name_size(const ShellReader *r)
{
    uint32_t size = 0;

    while (shell_is_name(shell_peek(r, size)))
        size++;
    return size;
}

/* Whether a blank stands here and a word after it. */
static bool is_before_word(const ShellReader *r)
{
    uint32_t ahead = 0;

    while (shell_peek(r, ahead) == ' ' || shell_peek(r, ahead) == '\t')
        ahead++;
    return ahead && !strchr("\r\n;&|)#<>", shell_peek(r, ahead)) && shell_peek(r, ahead) != '\\';
}

static bool read_assignment(ShellReader *r, ShellCommand *command, Parts *room, uint32_t head)
{
    uint32_t start = r->at;
    ShellAssignment assignment = {.name = str_sub(r->text, start, name_size(r))};

    r->at += head;
    r->place = SHELL_IN_ASSIGNMENT;
    if (shell_peek(r, 0) == '=')
        shell_mark(r, SHELL_MARK_DOUBLE_EQUALS, start, r->at + 1, assignment.name);
    if (shell_peek(r, 0) == '(') {
        if (!shell_read_array(r, &assignment.value))
            return false;
    } else if (!shell_read_word(r, &assignment.value)) {
        if (r->failed)
            return false;
        assignment.value = (ShellWord){
            .text = {"", 0}, .written = {"", 0}, .span = mapped_span(r->in, r->at, r->at)};
    }
    r->place = SHELL_IN_WORD;
    if (assignment.value.written.size == 0 && is_before_word(r) &&
        !str_eq(assignment.name, STR("IFS")))
        shell_mark(r, SHELL_MARK_ASSIGNED_COMMAND, start, r->at, assignment.name);
    assignment.span = mapped_span(r->in, start, r->at);
    return add_assignment(r, command, room, assignment);
}

/* `set -e`, `set -euxo pipefail`, `set +e`: options that hold from here on. */
static void apply_set(ShellReader *r, const ShellCommand *command)
{
    for (uint32_t i = 1; i < command->word_count; i++) {
        Str word = command->words[i].text;
        bool on = word.size && word.data[0] == '-';
        if (!on && !(word.size && word.data[0] == '+'))
            break;
        if (str_find_char(word, 'e') > 0)
            r->state.errexit = on;
        if (str_find_char(word, 'o') < 1 || i + 1 >= command->word_count)
            continue;
        if (str_eq(command->words[++i].text, STR("pipefail")))
            r->state.pipefail = on;
        else if (str_eq(command->words[i].text, STR("errexit")))
            r->state.errexit = on;
    }
}

static void finish_command(ShellReader *r, ShellCommand *command, uint32_t start, uint32_t end,
                           uint32_t first_mark)
{
    command->text = str_sub(r->text, start, end - start);
    command->span = mapped_span(r->in, start, end);
    if (!add_command(r, command))
        return;
    shell_marks_own(r, first_mark, r->script->count - 1);
    if (command->word_count && str_eq(command->words[0].text, STR("set")))
        apply_set(r, command);
}

/* [[ ... ]], where operators are words. */
static bool read_test(ShellReader *r, ShellCommand *command, Parts *room)
{
    uint32_t start = r->at;

    r->place = SHELL_IN_TEST;
    while (!shell_at_end(r)) {
        ShellWord word;
        bool last = shell_at_word(r, "]]");
        uint32_t at = r->at;
        r->word = command->word_count;
        if (!shell_read_word(r, &word)) {
            if (r->failed)
                return false;
            if (shell_peek(r, 0) == '\n')
                shell_skip_line_end(r);
            else
                r->at++;
            shell_skip_blanks(r);
            continue;
        }
        if (add_word(r, command, room, word))
            shell_mark_test(r, command, at);
        if (r->failed || last) {
            r->place = SHELL_IN_WORD;
            return !r->failed;
        }
        shell_skip_blanks(r);
    }
    return shell_fail(r, start, "[[ is not closed");
}

static bool can_be_function(const ShellCommand *command)
{
    return command->word_count == 1 && command->assignment_count == 0 &&
           command->redirect_count == 0 &&
           !(command->words[0].flags & (SHELL_QUOTED | SHELL_EXPANDS));
}

/* A word of a command. False where none begins, and after a report. */
static bool read_argument(ShellReader *r, ShellCommand *command, Parts *room)
{
    uint32_t start = r->at;
    ShellWord word;

    if (!shell_read_word(r, &word) || !add_word(r, command, room, word))
        return false;
    shell_mark_word(r, command, start);
    if (shell_peek(r, 0) != '(')
        return true;
    if (str_eq(command->words[0].text, STR("eval")) && command->word_count > 1)
        shell_mark(r, SHELL_MARK_EVAL_PARENTHESIS, r->at, r->at + 1, (Str){"", 0});
    /* `declare -a x=(...)` */
    return !str_ends(word.written, STR("=")) || shell_read_array(r, &word);
}

bool shell_read_command(ShellReader *r, const ShellCommand *place)
{
    ShellCommand command = *place;
    Parts room = {0, 0, 0};
    uint32_t start = r->at, end = r->at, head, first_mark = r->script->mark_count;

    for (;;) {
        shell_skip_blanks(r);
        r->word = command.word_count;
        if (at_redirect(r)) {
            if (!read_redirect(r, &command, &room))
                break;
        } else if (command.word_count == 0 && (head = assignment_head(r)) != 0) {
            if (!read_assignment(r, &command, &room, head))
                break;
        } else if (command.word_count == 0 && shell_at_word(r, "[[")) {
            if (!read_test(r, &command, &room))
                break;
        } else if (!read_argument(r, &command, &room)) {
            break;
        }
        end = r->at;
    }
    if (!r->failed && shell_peek(r, 0) == '(' && can_be_function(&command))
        return shell_read_function(r);
    if (end > start)
        finish_command(r, &command, start, end, first_mark);
    if (!r->failed && end == start)
        return shell_fail(r, start, "a command is missing");
    return !r->failed;
}

bool shell_read_redirects(ShellReader *r)
{
    ShellCommand ignored = {0};
    Parts room = {0, 0, 0};

    for (shell_skip_blanks(r); at_redirect(r); shell_skip_blanks(r))
        if (!read_redirect(r, &ignored, &room))
            return false;
    return true;
}
