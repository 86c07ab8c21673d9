#include "syntax/shell_marks.h"

/* No script of a real Dockerfile comes near; the rest of one that does goes without. */
enum { MARKS_MAX = 20000 };

void shell_mark(ShellReader *r, ShellMarkKind kind, uint32_t start, uint32_t end, Str name)
{
    ShellScript *script = r->script;
    ShellMark *marks;

    if (script->mark_count >= MARKS_MAX)
        return;
    if (end > r->in->text.size)
        end = r->in->text.size;
    if (start > end)
        start = end;
    marks = arena_grow(r->arena, script->marks, script->mark_count, &script->mark_capacity,
                       script->mark_count + 1u, sizeof *marks);
    if (!marks)
        return;
    script->marks = marks;
    marks[script->mark_count++] = (ShellMark){.kind = (uint8_t)kind,
                                              .place = (uint8_t)r->place,
                                              .flags = r->quoted ? SHELL_MARK_QUOTED : 0,
                                              .start = start,
                                              .end = end,
                                              .name = name,
                                              .command = SHELL_NO_COMMAND,
                                              .inner = SHELL_NO_COMMAND,
                                              .word = r->word};
}

void shell_marks_own(ShellReader *r, uint32_t first, uint32_t command)
{
    for (uint32_t i = first; i < r->script->mark_count; i++)
        if (r->script->marks[i].command == SHELL_NO_COMMAND)
            r->script->marks[i].command = command;
}

/* Whether the word is a keyword, with capitals or without. */
static bool is_keyword(Str word)
{
    static const Str keywords[] = {STR_INIT("if"),    STR_INIT("then"), STR_INIT("elif"),
                                   STR_INIT("else"),  STR_INIT("fi"),   STR_INIT("for"),
                                   STR_INIT("do"),    STR_INIT("done"), STR_INIT("case"),
                                   STR_INIT("while"), STR_INIT("esac"), STR_INIT("until")};

    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_eq_nocase(word, keywords[i]))
            return true;
    return false;
}

static bool has_capital(Str word)
{
    bool capital = false;

    for (uint32_t i = 0; i < word.size; i++)
        capital |= word.data[i] >= 'A' && word.data[i] <= 'Z';
    return capital;
}

/* Whether `$x=` or `${x}=` begins the word. */
static bool assigns_to_dollar(Str word)
{
    uint32_t at = 1;
    bool braces;

    if (!str_starts(word, STR("$")))
        return false;
    braces = at < word.size && word.data[at] == '{';
    at += braces;
    while (at < word.size && shell_is_name(word.data[at]))
        at++;
    if (braces && (at >= word.size || word.data[at++] != '}'))
        return false;
    return at > 1 && at < word.size && word.data[at] == '=';
}

/* The word that names a command. */
static void mark_name(ShellReader *r, Str word, uint32_t start)
{
    uint32_t end = start + word.size;
    int64_t comment = str_find_char(word, '#');

    if (assigns_to_dollar(word))
        shell_mark(r, SHELL_MARK_DOLLAR_ASSIGNMENT, start, end, (Str){"", 0});
    if (has_capital(word) && is_keyword(word))
        shell_mark(r, SHELL_MARK_KEYWORD_CASE, start, end, word);
    if (comment > 0 && is_keyword(str_sub(word, 0, (uint32_t)comment)))
        shell_mark(r, SHELL_MARK_KEYWORD_COMMENT, start, end, str_sub(word, 0, (uint32_t)comment));
    if (word.size < 2)
        return;
    if ((word.data[0] == '[' && word.data[1] != '[') || word.data[0] == '!' ||
        (word.data[0] == '[' && word.size > 2 && word.data[1] == '[') ||
        (word.data[0] == '{' && word.data[1] != '}' && !shell_brace_end(r, start)))
        shell_mark(r, SHELL_MARK_MISSING_SPACE, start, end, str_sub(word, 0, 1));
}

/* `[ -f"x" ]`: an option of a test that its operand is glued to. */
static bool is_glued_test(Str word)
{
    return word.size > 2 && word.data[0] == '-' &&
           ((word.data[1] >= 'a' && word.data[1] <= 'z') ||
            (word.data[1] >= 'A' && word.data[1] <= 'Z')) &&
           strchr("\"'$/", word.data[2]);
}

/* `[ x =y ]`: how long the operator is that its second operand is glued to, or 0. */
static uint32_t glued_operator(Str before, Str word)
{
    uint32_t size = 0;

    if (str_starts(word, STR("==")) || str_starts(word, STR("!=")) || str_starts(word, STR("=~")))
        size = 2;
    else if (str_starts(word, STR("=")))
        size = 1;
    return size < word.size && before.size && !strchr("-=!(&|<>", before.data[0]) ? size : 0;
}

void shell_mark_test(ShellReader *r, const ShellCommand *command, uint32_t start)
{
    uint32_t last = command->word_count - 1;
    Str word = command->words[last].written;
    uint32_t size = is_glued_test(word) ? 2 : 0;

    if (last > 1 && !size)
        size = glued_operator(command->words[last - 1].written, word);
    if (size)
        shell_mark(r, SHELL_MARK_MISSING_SPACE, start, start + word.size, str_sub(word, 0, size));
}

/* Whether the last word so far is a pattern of file names among the arguments of grep. */
static bool is_grep_glob(const ShellCommand *command)
{
    static const Str greps[] = {STR_INIT("grep"), STR_INIT("egrep"), STR_INIT("fgrep")};
    const ShellWord *word = &command->words[command->word_count - 1];

    return word->flags & SHELL_GLOB && STR_IS_ANY(command->words[0].text, greps) &&
           (str_find_char(word->written, '*') >= 0 || str_find_char(word->written, '?') >= 0 ||
            str_find_char(word->written, ']') >= 0);
}

void shell_mark_word(ShellReader *r, const ShellCommand *command, uint32_t start)
{
    static const Str keywords[] = {STR_INIT("do"), STR_INIT("done"), STR_INIT("then"),
                                   STR_INIT("fi"), STR_INIT("esac")};
    Str word = command->words[command->word_count - 1].written;
    char first = word.size ? word.data[0] : '\0';
    uint32_t end = start + word.size;

    if (command->word_count == 1) {
        mark_name(r, word, start);
        return;
    }
    if ((first == '-' || first == '=' || first == '!') && str_eq(command->words[0].text, STR("[")))
        shell_mark_test(r, command, start);
    if (first == '*' || first == '?')
        shell_mark(r, SHELL_MARK_LEADING_GLOB, start, end, word);
    else if (first == '=' && command->word_count == 2 && !str_starts(word, STR("==")) &&
             !(command->words[0].flags & SHELL_EXPANDS))
        shell_mark(r, SHELL_MARK_SPACED_ASSIGNMENT, start, end, command->words[0].text);
    else if ((first == 'd' || first == 't' || first == 'f' || first == 'e') &&
             STR_IS_ANY(word, keywords))
        shell_mark(r, SHELL_MARK_KEYWORD_ARGUMENT, start, end, word);
    if (is_grep_glob(command))
        shell_mark(r, SHELL_MARK_GREP_GLOB, start, end, word);
}

/* Expansions inside one another that are looked at: where many braces are open each is looked at
 * anew, and nobody writes as many. */
enum { BRACES_MAX = 64 };

uint32_t shell_brace_end(const ShellReader *r, uint32_t start)
{
    uint32_t depth = 0;
    bool expands = false;

    for (uint32_t i = start; i < r->text.size; i++) {
        char c = r->text.data[i];
        if (c == '\\' || (c == '$' && i + 1 < r->text.size && r->text.data[i + 1] == '{'))
            i++;
        else if (c == '{' && ++depth > BRACES_MAX)
            return 0;
        else if (c == '}' && --depth == 0)
            return expands ? i + 1 : 0;
        else if (c == ',' || (c == '.' && r->text.data[i - 1] == '.'))
            expands |= depth == 1;
        else if (strchr(" \t\r\n;&|<>()", c))
            return 0;
    }
    return 0;
}

/* NAME, #NAME or !NAME at `at`, cut off before what follows it. */
static Str name_in_braces(Str text, uint32_t at)
{
    uint32_t start, end;

    if (at + 1 < text.size && (text.data[at] == '#' || text.data[at] == '!') &&
        (shell_is_name(text.data[at + 1]) || text.data[at + 1] == '@'))
        at++;
    start = end = at;
    while (end < text.size && shell_is_name(text.data[end]))
        end++;
    return str_sub(text, start, end > start ? end - start : 1);
}

void shell_mark_variable(ShellReader *r, uint32_t start)
{
    Str whole = str_sub(r->text, start, r->at - start), name, rest = {"", 0};
    bool braces = whole.size > 1 && whole.data[1] == '{', replaces = false;
    ShellMark *mark;

    name = braces ? name_in_braces(whole, 2) : str_from(whole, 1);
    if (braces && name.data + name.size < whole.data + whole.size)
        rest = (Str){name.data + name.size,
                     (uint32_t)(whole.data + whole.size - 1 - (name.data + name.size))};
    shell_mark(r, SHELL_MARK_VARIABLE, start, r->at, name);
    if (!braces && name.size && !(name.data[0] >= '0' && name.data[0] <= '9') &&
        shell_is_name(name.data[0]) && shell_peek(r, 0) == '[')
        shell_mark(r, SHELL_MARK_ARRAY_INDEX, start, r->at, name);
    if (!braces || !r->script->mark_count)
        return;
    mark = &r->script->marks[r->script->mark_count - 1];
    mark->flags |= SHELL_MARK_BRACES;
    mark->rest = rest;
    if (str_starts(rest, STR("/")))
        replaces = true;
    if (whole.data[2] == '#' && whole.size > 4)
        mark->flags |= SHELL_MARK_PLAIN; /* a number */
    if (replaces)
        shell_mark(r, SHELL_MARK_REPLACEMENT, start, r->at, name);
}

/* Whether arithmetic sets the name at [from, at): x = 1, x += 1, x++, --x. */
static bool is_assigned(Str text, uint32_t from, uint32_t at)
{
    Str before = str_trim(str_sub(text, 0, from)), after = str_trim(str_from(text, at));
    char next = after.size > 1 ? after.data[1] : '\0';

    if (str_ends(before, STR("++")) || str_ends(before, STR("--")) ||
        str_starts(after, STR("++")) || str_starts(after, STR("--")))
        return true;
    if (!after.size)
        return false;
    return after.data[0] == '=' ? next != '='
                                : strchr("+-*/%&|^", after.data[0]) != NULL && next == '=';
}

void shell_mark_arithmetic(ShellReader *r, uint32_t start, uint32_t end)
{
    Str text = str_sub(r->text, 0, end);
    bool quoted = r->quoted;

    r->quoted = true; /* what comes out is a number */
    for (uint32_t at = start; at < end; at++) {
        uint32_t from = at;
        while (at < end && shell_is_name(text.data[at]))
            at++;
        if (at == from || (text.data[from] >= '0' && text.data[from] <= '9'))
            continue;
        shell_mark(r, SHELL_MARK_VARIABLE, from, at, str_sub(text, from, at - from));
        if (r->script->mark_count && is_assigned(text, from, at))
            r->script->marks[r->script->mark_count - 1].rest = STR("=");
    }
    r->quoted = quoted;
}

void shell_mark_single(ShellReader *r, uint32_t start)
{
    Str text = str_sub(r->text, start + 1, r->at - start - 2);

    for (uint32_t i = 0; i + 1 < text.size; i++) {
        char next = text.data[i + 1];
        bool expands = text.data[i] == '$' && (shell_is_name(next) || next == '{' || next == '(');
        if (expands || (text.data[i] == '`' && next != '`' &&
                        str_find_char(str_from(text, i + 2), '`') >= 0)) {
            shell_mark(r, SHELL_MARK_SINGLE_QUOTED, start, r->at, text);
            return;
        }
    }
}

void shell_mark_double(ShellReader *r, uint32_t start)
{
    Str text = str_sub(r->text, start + 1, r->at - start - 2);
    char next = shell_peek(r, 0);

    if (str_find_char(text, '\n') > 0 &&
        (shell_is_name(next) || next == '%' || next == '$' || next == '"'))
        shell_mark(r, SHELL_MARK_LONG_QUOTE, start, start + 1, (Str){"", 0});
}

void shell_mark_odd_byte(ShellReader *r)
{
    char next = shell_peek(r, 1);

    if (next == '\xa0')
        shell_mark(r, SHELL_MARK_NO_BREAK_SPACE, r->at, r->at + 2, (Str){"", 0});
    else if (next == '\xb4')
        shell_mark(r, SHELL_MARK_SLANTED_TICK, r->at, r->at + 2, (Str){"", 0});
}

/* Where the characters of a class end, which begin at `at`: at its closing bracket, or 0 where they
 * are none, or hold more than characters and ranges. */
static uint32_t range_end(const ShellReader *r, uint32_t at)
{
    for (uint32_t i = at; i < r->text.size; i++) {
        char c = r->text.data[i];
        if (c == ']')
            return i > at ? i : 0;
        if ((unsigned char)c >= 0x80 || shell_ends_word(c) || strchr("\"'`\\$[:", c))
            return 0;
    }
    return 0;
}

void shell_mark_range(ShellReader *r)
{
    uint32_t start = r->at + 1, end;
    uint64_t seen[2] = {0};
    bool again = false;

    if (r->place != SHELL_IN_WORD && r->place != SHELL_IN_LIST)
        return;
    if (shell_peek(r, 1) == '!' || shell_peek(r, 1) == '^')
        start++;
    end = range_end(r, start);
    for (uint32_t i = start; i < end; i++) {
        unsigned char c = (unsigned char)r->text.data[i];
        again |= c != '-' && (seen[c / 64] >> c % 64 & 1);
        seen[c / 64] |= (uint64_t)1 << c % 64;
    }
    if (again)
        shell_mark(r, SHELL_MARK_REPEATED_RANGE, r->at, end + 1,
                   str_sub(r->text, r->at, end + 1 - r->at));
}

bool shell_needs_no_escape(char c)
{
    return c && !strchr("|&;<>()\\ '\t\n\r\"$`?*@!+[]{}.,~#ntr", c) && (unsigned char)c < 0x80;
}

Str shell_mark_name(ShellMarkKind kind)
{
    static const Str names[] = {
#define MARK(name, text) STR_INIT(text),
#include "syntax/shell_marks.def"
#undef MARK
    };

    return names[kind];
}
