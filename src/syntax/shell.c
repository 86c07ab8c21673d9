#include "syntax/shell.h"

#include "syntax/shell_command.h"
#include "syntax/shell_marks.h"

static bool take_reserved(ShellReader *r, const char *word)
{
    if (!shell_at_word(r, word))
        return false;
    r->at += (uint32_t)strlen(word);
    return true;
}

/* Blanks, comments and line ends. */
static void skip_lines(ShellReader *r)
{
    shell_skip_blanks(r);
    while (!shell_at_end(r) && shell_peek(r, 0) == '\n') {
        shell_skip_line_end(r);
        shell_skip_blanks(r);
    }
}

/* `;;`, `;&` and `;;&`, which end a branch of a case. */
static bool ends_branch(const ShellReader *r)
{
    char next = shell_peek(r, 1);

    return shell_peek(r, 0) == ';' && (next == ';' || next == '&');
}

/* What ends a list is read by whoever began it. */
static bool ends_list(const ShellReader *r)
{
    static const char *const enders[] = {"then", "do", "done", "fi", "elif", "else", "esac", "}"};
    char c = shell_peek(r, 0);

    if (shell_at_end(r) || c == ')' || ends_branch(r))
        return true;
    if (c != 't' && c != 'd' && c != 'f' && c != 'e' && c != '}')
        return false;
    for (size_t i = 0; i < sizeof enders / sizeof *enders; i++)
        if (shell_at_word(r, enders[i]))
            return true;
    return false;
}

static bool read_compound_body(ShellReader *r);

/* f(a, b): parameters as other languages have them, to the parenthesis that closes them, if a body
 * follows. */
static bool skip_parameters(ShellReader *r, uint32_t start)
{
    uint32_t ahead = 0, body;

    while (shell_is_name(shell_peek(r, ahead)) ||
           strchr(" \t,$", shell_peek(r, ahead) ? shell_peek(r, ahead) : ';'))
        ahead++;
    body = ahead + 1;
    while (shell_peek(r, body) == ' ' || shell_peek(r, body) == '\t')
        body++;
    if (shell_peek(r, ahead) != ')' || shell_peek(r, body) != '{')
        return false;
    r->at += ahead;
    shell_mark(r, SHELL_MARK_FUNCTION_PARAMETERS, start, r->at + 1, (Str){"", 0});
    return true;
}

bool shell_read_function(ShellReader *r)
{
    ShellCommand state = r->state;
    uint32_t start = r->at;
    bool fine;

    if (shell_peek(r, 0) == '(') {
        r->at++;
        shell_skip_blanks(r);
        if (shell_peek(r, 0) != ')' && !skip_parameters(r, start))
            return shell_fail(r, start, "a parenthesis stands where none can");
        r->at++;
    }
    skip_lines(r);
    r->state.function = true;
    fine = read_compound_body(r);
    r->state = state;
    return fine;
}

static bool expect(ShellReader *r, const char *word, uint32_t start)
{
    skip_lines(r);
    if (r->failed || take_reserved(r, word))
        return !r->failed;
    return shell_fail(r, start, "a compound command is not closed");
}

static void set_checked(ShellReader *r, uint32_t first)
{
    for (uint32_t i = first; i < r->script->count; i++)
        r->script->commands[i].checked = true;
}

/* A list whose commands may not run. */
static bool read_branch(ShellReader *r)
{
    bool before = r->state.conditional;

    r->state.conditional = true;
    shell_read_list(r);
    r->state.conditional = before;
    return !r->failed;
}

/* The list that a branch or a loop depends on: somebody asks whether it failed. */
static bool read_condition(ShellReader *r)
{
    uint32_t first = r->script->count;

    shell_read_list(r);
    set_checked(r, first);
    return !r->failed;
}

static bool read_if(ShellReader *r, uint32_t start)
{
    do {
        if (!read_condition(r) || !expect(r, "then", start) || !read_branch(r))
            return false;
    } while (take_reserved(r, "elif"));
    if (take_reserved(r, "else") && !read_branch(r))
        return false;
    return expect(r, "fi", start);
}

static bool read_loop_body(ShellReader *r, uint32_t start)
{
    skip_lines(r);
    if (shell_peek(r, 0) == ';') {
        r->at++;
        skip_lines(r);
    }
    return expect(r, "do", start) && read_branch(r) && expect(r, "done", start);
}

/* (( ... )), whose parentheses stand here. */
static bool skip_arithmetic(ShellReader *r)
{
    uint32_t start = r->at;

    if (!shell_skip_parentheses(r))
        return shell_fail(r, start, "a parenthesis is not closed");
    shell_mark_arithmetic(r, start, r->at);
    return true;
}

/* The words of a loop. Whether all are what they say: nothing is expanded in them. */
static bool read_loop_words(ShellReader *r)
{
    bool plain = true;
    ShellWord word;

    r->place = SHELL_IN_LIST;
    for (;;) {
        shell_skip_blanks(r);
        if (!shell_read_word(r, &word))
            break;
        plain = plain && !(word.flags & (SHELL_EXPANDS | SHELL_GLOB)) &&
                str_find_char(word.text, ' ') < 0;
        if (str_eq(word.written, STR("done")))
            shell_mark(r, SHELL_MARK_KEYWORD_ARGUMENT, r->at - 4, r->at, word.text);
    }
    r->place = SHELL_IN_WORD;
    return plain;
}

static bool read_for(ShellReader *r, uint32_t start)
{
    ShellWord word;
    uint32_t at;
    bool plain = false;

    shell_skip_blanks(r);
    if (shell_peek(r, 0) == '(')
        return skip_arithmetic(r) && read_loop_body(r, start);
    at = r->at;
    if (!shell_read_word(r, &word))
        return shell_fail(r, start, "a loop has no variable");
    if (word.flags & SHELL_EXPANDS)
        shell_mark(r, SHELL_MARK_FOR_DOLLAR, at, r->at, word.written);
    skip_lines(r);
    if (take_reserved(r, "in"))
        plain = read_loop_words(r);
    shell_mark(r, SHELL_MARK_LOOP_VARIABLE, at, at + word.written.size, word.text);
    if (plain && r->script->mark_count)
        r->script->marks[r->script->mark_count - 1].flags |= SHELL_MARK_PLAIN;
    return !r->failed && read_loop_body(r, start);
}

static bool read_while(ShellReader *r, uint32_t start)
{
    return read_condition(r) && read_loop_body(r, start);
}

/* [(] pattern [| pattern]... ) list, and `;;` unless `esac` comes. */
static bool read_case_branch(ShellReader *r, uint32_t start)
{
    ShellWord word;

    if (shell_peek(r, 0) == '(')
        r->at++;
    r->place = SHELL_IN_CASE;
    for (;;) {
        skip_lines(r);
        if (!shell_read_word(r, &word))
            return shell_fail(r, start, "a case has no pattern");
        shell_skip_blanks(r);
        if (shell_peek(r, 0) != '|')
            break;
        r->at++;
    }
    r->place = SHELL_IN_WORD;
    if (shell_peek(r, 0) != ')')
        return shell_fail(r, start, "a case pattern is not closed");
    r->at++;
    if (!read_branch(r))
        return false;
    if (shell_peek(r, 0) == ';') {
        r->at += 2;
        if (shell_peek(r, 0) == '&')
            r->at++;
    }
    return true;
}

static bool read_case(ShellReader *r, uint32_t start)
{
    ShellWord word;

    shell_skip_blanks(r);
    r->place = SHELL_IN_CASE;
    if (!shell_read_word(r, &word))
        return shell_fail(r, start, "a case has no word");
    r->place = SHELL_IN_WORD;
    if (!expect(r, "in", start))
        return false;
    for (;;) {
        skip_lines(r);
        if (shell_at_end(r))
            return shell_fail(r, start, "a compound command is not closed");
        if (take_reserved(r, "esac"))
            return true;
        if (!read_case_branch(r, start))
            return false;
    }
}

static bool read_subshell(ShellReader *r, uint32_t start)
{
    ShellCommand state = r->state;

    r->state.subshell = true;
    shell_read_list(r);
    r->state = state;
    if (!r->failed && shell_peek(r, 0) != ')')
        return shell_fail(r, start, "a parenthesis is not closed");
    r->at += !r->failed;
    return !r->failed;
}

static bool read_function(ShellReader *r, uint32_t start)
{
    ShellWord word;

    shell_skip_blanks(r);
    if (!shell_read_word(r, &word))
        return shell_fail(r, start, "a function has no name");
    if (str_ends(word.written, STR("{"))) {
        shell_mark(r, SHELL_MARK_FUNCTION_GLUED, r->at - 1, r->at, word.text);
        r->at--;
    }
    shell_skip_blanks(r);
    return shell_read_function(r);
}

static bool may_begin_compound(char c)
{
    return c && strchr("({ifswuc", c);
}

/* The compound command that stands here. `*none` where there is none. */
static bool read_compound(ShellReader *r, bool *none)
{
    uint32_t start = r->at;

    *none = !may_begin_compound(shell_peek(r, 0));
    if (*none)
        return true;
    if (shell_peek(r, 0) == '(') {
        if (shell_peek(r, 1) == '(')
            return skip_arithmetic(r);
        r->at++;
        return read_subshell(r, start);
    }
    if (take_reserved(r, "{"))
        return shell_read_list(r) && expect(r, "}", start);
    if (take_reserved(r, "if"))
        return read_if(r, start);
    if (take_reserved(r, "for") || take_reserved(r, "select"))
        return read_for(r, start);
    if (take_reserved(r, "while") || take_reserved(r, "until"))
        return read_while(r, start);
    if (take_reserved(r, "case"))
        return read_case(r, start);
    if (take_reserved(r, "function"))
        return read_function(r, start);
    *none = true;
    return true;
}

static bool read_compound_body(ShellReader *r)
{
    bool none, fine;

    if (!shell_enter(r))
        return false;
    fine = read_compound(r, &none);
    shell_leave(r);
    if (fine && none)
        return shell_fail(r, r->at ? r->at - 1 : 0, "a function has no body");
    return fine && shell_read_redirects(r);
}

static bool read_command(ShellReader *r, const ShellCommand *place)
{
    bool none, fine;

    if (!shell_enter(r))
        return false;
    fine = read_compound(r, &none);
    if (fine)
        fine = none ? shell_read_command(r, place) : shell_read_redirects(r);
    shell_leave(r);
    return fine;
}

static void set_pipeline_size(ShellReader *r, uint32_t first, uint32_t pipeline, uint32_t size)
{
    for (uint32_t i = first; i < r->script->count; i++)
        if (r->script->commands[i].pipeline == pipeline)
            r->script->commands[i].pipeline_size = size;
}

static bool at_pipe(const ShellReader *r)
{
    return shell_peek(r, 0) == '|' && shell_peek(r, 1) != '|';
}

/* ! or time before a pipeline. */
static bool take_prefix(ShellReader *r)
{
    uint32_t start = r->at;

    if (take_reserved(r, "time"))
        return true;
    if (!take_reserved(r, "!"))
        return false;
    shell_mark(r, SHELL_MARK_NEGATION, start, start + 1, (Str){"", 0});
    return true;
}

/* The marks of what stood before a pipeline are those of its first command, if it has any. */
static void own_prefixes(ShellReader *r, uint32_t from, uint32_t to, uint32_t first)
{
    for (uint32_t i = from; i < to && first < r->script->count; i++)
        r->script->marks[i].command = first;
}

/* [!] [time] command [| command]... */
static bool read_pipeline(ShellReader *r, ShellJoin join)
{
    uint32_t first = r->script->count, pipeline = r->pipelines++;
    uint32_t marks = r->script->mark_count, prefixes;
    bool fine, piped;
    uint32_t size = 0;

    while (take_prefix(r))
        shell_skip_blanks(r);
    prefixes = r->script->mark_count;
    do {
        ShellCommand place = r->state;
        place.block = r->block;
        place.pipeline = pipeline;
        place.position = size++;
        place.pipeline_size = 1;
        place.join = join;
        skip_lines(r);
        fine = read_command(r, &place);
        shell_skip_blanks(r);
        piped = fine && at_pipe(r);
        if (piped)
            r->at += shell_peek(r, 1) == '&' ? 2 : 1;
        join = SHELL_JOIN_PIPE;
    } while (piped);
    own_prefixes(r, marks, prefixes, first);
    if (size > 1)
        set_pipeline_size(r, first, pipeline, size);
    return fine;
}

/* Takes the operator between two pipelines; false where the list ends. */
static bool take_operator(ShellReader *r, ShellJoin *join)
{
    char c = shell_peek(r, 0), next = shell_peek(r, 1);

    if (shell_at_end(r))
        return false;
    if (c == '&' && next == '&')
        *join = SHELL_JOIN_AND;
    else if (c == '|' && next == '|')
        *join = SHELL_JOIN_OR;
    else if (c == '&')
        *join = SHELL_JOIN_BACKGROUND;
    else if (c == '\n' || (c == ';' && !ends_branch(r)))
        *join = SHELL_JOIN_THEN;
    else
        return false;
    if (c == '\n')
        shell_skip_line_end(r);
    else
        r->at += *join == SHELL_JOIN_AND || *join == SHELL_JOIN_OR ? 2 : 1;
    return true;
}

/* What a list is read with: where the pipelines that && and || join begin, and how they are. */
typedef struct List {
    uint32_t first;   /* command of the first of them */
    ShellJoin join;   /* before the next pipeline */
    ShellJoin before; /* before the one before */
} List;

/* `a && b || c`, of which c was just read, from command number `first` on: it also runs where b
 * fails. */
static void mark_and_or(ShellReader *r, const List *list, uint32_t first, uint32_t start)
{
    uint32_t count = r->script->count;
    ShellMark *mark;

    if (list->join != SHELL_JOIN_OR || list->before != SHELL_JOIN_AND)
        return;
    shell_mark(r, SHELL_MARK_AND_OR, start, r->at, (Str){"", 0});
    if (!r->script->mark_count)
        return;
    mark = &r->script->marks[r->script->mark_count - 1];
    mark->command = count > first ? count - 1 : SHELL_NO_COMMAND;
    if (count > first && r->script->commands[count - 1].block == r->block &&
        r->script->commands[count - 1].pipeline_size == 1)
        mark->flags |= SHELL_MARK_PLAIN;
}

/* `foo &; bar`: the semicolon is one too many. */
static void skip_semicolon(ShellReader *r, ShellJoin join)
{
    uint32_t start = r->at;

    shell_skip_blanks(r);
    if (join != SHELL_JOIN_BACKGROUND || shell_peek(r, 0) != ';' || ends_branch(r))
        return;
    r->at++;
    shell_mark(r, SHELL_MARK_BACKGROUND_SEMICOLON, start, r->at, (Str){"", 0});
}

/* One pipeline of a list, and the operator after it. False where the list ends. */
static bool read_item(ShellReader *r, List *list, bool conditional)
{
    uint32_t first = r->script->count, start = r->at;
    ShellJoin join = list->join;

    if (join != SHELL_JOIN_AND && join != SHELL_JOIN_OR) {
        list->first = first;
        list->before = SHELL_JOIN_START;
        r->state.conditional = conditional;
    } else if (join == SHELL_JOIN_OR) {
        r->state.conditional = true;
    }
    if (!read_pipeline(r, join))
        return false;
    mark_and_or(r, list, first, start);
    list->before = join;
    shell_skip_blanks(r);
    if (!take_operator(r, &list->join))
        return false;
    skip_semicolon(r, list->join);
    if (list->join == SHELL_JOIN_AND || list->join == SHELL_JOIN_OR)
        set_checked(r, list->first);
    return true;
}

bool shell_read_list(ShellReader *r)
{
    bool before = r->state.conditional;
    uint32_t block = r->block;
    List list = {.join = SHELL_JOIN_START};

    r->block = r->blocks++;
    do
        skip_lines(r);
    while (!ends_list(r) && read_item(r, &list, before));
    r->block = block;
    r->state.conditional = before;
    return !r->failed;
}

ShellScript *shell_read(const MappedText *text, ShellOptions options, Arena *arena, DiagSink *diags)
{
    ShellScript *script = ARENA_NEW(arena, ShellScript);
    ShellReader r = {.in = text,
                     .text = text->text,
                     .arena = arena,
                     .diags = diags,
                     .script = script,
                     .state = {.errexit = options.errexit, .pipefail = options.pipefail}};

    if (!script)
        return NULL;
    shell_read_list(&r);
    if (!shell_at_end(&r))
        shell_fail(&r, r.at, "this stands where it cannot");
    script->complete = !r.failed;
    return arena_spent(arena) ? NULL : script;
}
