#include "syntax/go_template.h"

typedef struct Lexer {
    Arena *arena;
    Str text;
    GoToken *tokens;
    uint32_t count;
    uint32_t capacity;
    bool trim; /* the action before takes the blanks behind it */
} Lexer;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool has_at(const Lexer *lexer, uint32_t at, Str part)
{
    return str_starts(str_from(lexer->text, at), part);
}

static bool add(Lexer *lexer, GoToken token)
{
    GoToken *grown = arena_grow(lexer->arena, lexer->tokens, lexer->count, &lexer->capacity,
                                (size_t)lexer->count + 1, sizeof *grown);

    if (!grown)
        return false;
    lexer->tokens = grown;
    grown[lexer->count++] = token;
    return true;
}

static bool add_text(Lexer *lexer, uint32_t start, uint32_t end, bool trim_end)
{
    while (lexer->trim && start < end && is_blank(lexer->text.data[start]))
        start++;
    while (trim_end && end > start && is_blank(lexer->text.data[end - 1]))
        end--;
    return start == end || add(lexer, (GoToken){GO_TEXT, start, end, {"", 0}});
}

/* Behind the string that begins at `at`; the end of the text for one that does not end. */
static uint32_t skip_string(Str text, uint32_t at)
{
    char quote = text.data[at++];

    for (; at < text.size && text.data[at] != quote; at++)
        if (text.data[at] == '\\' && quote != '`')
            at++;
    return at < text.size ? at + 1 : text.size;
}

static bool is_quote(char c)
{
    return c == '"' || c == '`' || c == '\'';
}

/* Where the `}}` of an action is whose inside begins at `at`; the end of the text for none. */
static uint32_t find_end(const Lexer *lexer, uint32_t at)
{
    Str text = lexer->text;

    if (has_at(lexer, at, STR("/*"))) {
        int64_t close = str_find(str_from(text, at), STR("*/"));
        at = close < 0 ? text.size : at + (uint32_t)close + 2;
    }
    while (at < text.size && !has_at(lexer, at, STR("}}")))
        at = is_quote(text.data[at]) ? skip_string(text, at) : at + 1;
    return at < text.size ? at : text.size;
}

/* `$x := ...`, `$x = ...`, `$k, $v := ...` */
static bool sets_variable(Str inner)
{
    Str word, rest = inner;

    if (!str_starts(inner, STR("$")))
        return false;
    while (go_template_word(&rest, &word))
        if (str_eq(word, STR(":=")) || str_eq(word, STR("=")))
            return true;
        else if (!str_starts(word, STR("$")) && !str_eq(word, STR(",")))
            return false;
    return false;
}

static GoTokenKind kind_of(Str inner)
{
    static const struct {
        Str word;
        GoTokenKind kind;
    } words[] = {
        {STR_INIT("if"), GO_IF},
        {STR_INIT("with"), GO_WITH},
        {STR_INIT("range"), GO_RANGE},
        {STR_INIT("else"), GO_ELSE},
        {STR_INIT("define"), GO_DEFINE},
        {STR_INIT("block"), GO_BLOCK},
        {STR_INIT("end"), GO_END},
        {STR_INIT("break"), GO_COMMENT},
        {STR_INIT("continue"), GO_COMMENT},
    };
    Str word, rest = inner;

    if (inner.size == 0 || str_starts(inner, STR("/*")) || sets_variable(inner))
        return GO_COMMENT;
    if (go_template_word(&rest, &word))
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (str_eq(word, words[i].word))
                return words[i].kind;
    return GO_OUTPUT;
}

/* The action that begins at `at`, its closing braces at `close`; `from` is where the text before it
 * begins. */
static bool add_action(Lexer *lexer, uint32_t from, uint32_t at, uint32_t close)
{
    Str text = lexer->text;
    uint32_t inside = at + 2;
    bool trim_before = has_at(lexer, inside, STR("-")) && is_blank(text.data[inside + 1]);
    bool trim_after =
        close > inside + 1 && text.data[close - 1] == '-' && is_blank(text.data[close - 2]);
    Str inner;

    inside += trim_before;
    inner = str_trim(
        str_sub(text, inside, close - trim_after > inside ? close - trim_after - inside : 0));
    if (!add_text(lexer, from, at, trim_before))
        return false;
    lexer->trim = trim_after;
    return add(lexer, (GoToken){kind_of(inner), at, close + 2, inner});
}

GoToken *go_template_read(Str text, Arena *arena, uint32_t *count)
{
    Lexer lexer = {.arena = arena, .text = text};
    uint32_t from = 0;

    *count = 0;
    for (;;) {
        int64_t open = str_find(str_from(text, from), STR("{{"));
        uint32_t at = open < 0 ? text.size : from + (uint32_t)open;
        uint32_t inside = at + 2 + (has_at(&lexer, at + 2, STR("- ")) ? 2 : 0);
        uint32_t close = open < 0 ? text.size : find_end(&lexer, inside);
        if (close >= text.size)
            break;
        if (!add_action(&lexer, from, at, close))
            return NULL;
        from = close + 2;
    }
    if (!add_text(&lexer, from, text.size, false))
        return NULL;
    *count = lexer.count;
    return lexer.tokens ? lexer.tokens : ARENA_NEW(arena, GoToken);
}

static bool is_mark(char c)
{
    return c == '(' || c == ')' || c == '|' || c == ',';
}

bool go_template_word(Str *rest, Str *word)
{
    Str text = *rest;
    uint32_t start = 0, end;

    while (start < text.size && is_blank(text.data[start]))
        start++;
    if (start == text.size)
        return false;
    end = start;
    if (is_mark(text.data[start]))
        end++;
    else if (is_quote(text.data[start]))
        end = skip_string(text, start);
    else
        while (end < text.size && !is_blank(text.data[end]) && !is_mark(text.data[end]) &&
               !is_quote(text.data[end]))
            end++;
    *word = str_sub(text, start, end - start);
    *rest = str_from(text, end);
    return true;
}

bool go_template_string(Str word, Str *text)
{
    if (word.size < 2 || !is_quote(word.data[0]) || word.data[word.size - 1] != word.data[0])
        return false;
    *text = str_sub(word, 1, word.size - 2);
    return true;
}
