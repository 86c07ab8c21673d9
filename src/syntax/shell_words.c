#include "syntax/shell_words.h"

#include "base/buf.h"
#include "syntax/shell_marks.h"

/* Substitutions and compound commands in each other. A level takes some eight frames. */
enum { SHELL_DEPTH = 200 };

/* What a part of a word is, for those who put quotes inside of quotes. */
typedef enum PieceKind {
    PIECE_NONE,
    PIECE_LITERAL,
    PIECE_SINGLE,
    PIECE_DOUBLE,
    PIECE_OTHER,
} PieceKind;

typedef struct Piece {
    uint8_t kind;
    bool simple; /* of double quotes: one expansion is all that they hold */
    uint32_t start, end;
} Piece;

/* A word that is being read. Text is collected only from the first quote on; before, it is a view.
 */
typedef struct WordReader {
    uint32_t start;
    Buf buf;
    bool copied;
    bool expanded;
    uint32_t known;
    uint8_t flags;
    uint32_t braces;  /* where the expansion in braces ends that was met last */
    uint32_t literal; /* where what is literal begins, since the last piece that is not */
    Piece pieces[2];  /* the two before, the last one first */
} WordReader;

bool shell_fail(ShellReader *r, uint32_t start, const char *what)
{
    if (!r->failed)
        shell_mark(r, SHELL_MARK_SYNTAX_ERROR, start, start + 1, str_of(what));
    if (!r->failed)
        diag_note(r->diags, DIAG_SHELL_SYNTAX, mapped_span(r->in, start, start + 1),
                  "the rest of the command is not judged: %s", what);
    r->failed = true;
    return false;
}

bool shell_skip_parentheses(ShellReader *r)
{
    uint32_t open = 0;

    for (; r->at < r->text.size; r->at++) {
        char c = shell_peek(r, 0);
        if (c == '(')
            open++;
        else if (c == ')' && --open == 0) {
            r->at++;
            return true;
        }
    }
    return false;
}

bool shell_enter(ShellReader *r)
{
    if (r->depth >= SHELL_DEPTH)
        return shell_fail(r, r->at ? r->at - 1 : 0, "too deeply nested");
    r->depth++;
    return true;
}

void shell_skip_blanks(ShellReader *r)
{
    for (;;) {
        char c = shell_peek(r, 0);
        if (c == ' ' || c == '\t' || c == '\r') {
            r->at++;
        } else if (c == '\\' && shell_peek(r, 1) == '\n') {
            r->at += 2;
        } else if (c == '\\' && shell_peek(r, 1) == '\r' && shell_peek(r, 2) == '\n') {
            r->at += 3;
        } else if (c == '#') {
            while (r->at < r->text.size && shell_peek(r, 0) != '\n')
                r->at++;
        } else {
            return;
        }
    }
}

static bool ends_heredoc(const ShellHeredoc *doc, Str line)
{
    if (line.size && line.data[line.size - 1] == '\r')
        line.size--;
    while (doc->strip_tabs && line.size && line.data[0] == '\t')
        line = str_from(line, 1);
    return str_eq(line, doc->name);
}

static void skip_heredoc(ShellReader *r, const ShellHeredoc *doc)
{
    bool found = false;

    while (!found && r->at < r->text.size) {
        Str rest = str_from(r->text, r->at);
        int64_t end = str_find_char(rest, '\n');
        uint32_t size = end < 0 ? rest.size : (uint32_t)end;
        found = ends_heredoc(doc, str_sub(rest, 0, size));
        r->at += size + (end < 0 ? 0u : 1u);
    }
}

void shell_skip_line_end(ShellReader *r)
{
    ShellHeredoc *doc = r->pending;

    r->at++;
    r->pending = NULL;
    for (; doc; doc = doc->next)
        skip_heredoc(r, doc);
}

static void start_copy(ShellReader *r, WordReader *w)
{
    if (w->copied)
        return;
    w->copied = true;
    w->buf = buf_new(r->arena);
    buf_add(&w->buf, str_sub(r->text, w->start, r->at - w->start));
}

static void take(ShellReader *r, WordReader *w, uint32_t count)
{
    if (w->copied)
        buf_add(&w->buf, str_sub(r->text, r->at, count));
    r->at += count;
}

/* Bits for the characters from one to another of the same 64. */
#define CHARACTERS(from, to) (UINT64_MAX >> (63 - ((to) - (from))) << (from) % 64)

/* Whether the character means itself wherever it stands in a word. */
static bool is_plain(char c)
{
    static const uint64_t plain[4] = {
        CHARACTERS('+', ':') | CHARACTERS('=', '='),
        CHARACTERS('A', 'Z') | CHARACTERS('_', '_') | CHARACTERS('a', 'z'),
    };

    return plain[(unsigned char)c / 64] >> (unsigned char)c % 64 & 1;
}

/* Where what means itself ends that stands here. */
static uint32_t plain_end(const ShellReader *r)
{
    uint32_t end = r->at;

    while (end < r->text.size && is_plain(r->text.data[end]))
        end++;
    return end;
}

/* Most of a word, in one go. */
static void take_plain(ShellReader *r, WordReader *w)
{
    uint32_t end = plain_end(r);

    if (end > r->at)
        take(r, w, end - r->at);
}

static uint32_t text_size(const ShellReader *r, const WordReader *w)
{
    return w->copied ? w->buf.size : r->at - w->start;
}

static void note_expansion(ShellReader *r, WordReader *w, bool quoted)
{
    if (!w->expanded)
        w->known = text_size(r, w);
    w->expanded = true;
    w->flags |= quoted ? SHELL_EXPANDS : SHELL_EXPANDS | SHELL_SPLITS;
}

/* The commands of a substitution, with nothing around them. */
static void read_inner(ShellReader *r)
{
    ShellCommand state = r->state;
    ShellPlace place = r->place;
    uint32_t word = r->word;
    bool quoted = r->quoted;

    r->state.substitution = true;
    r->quoted = false;
    r->place = SHELL_IN_WORD;
    shell_read_list(r);
    r->state = state;
    r->quoted = quoted;
    r->place = place;
    r->word = word;
}

/* Notes a substitution that was read; its commands are those from number `inner` on. */
static void mark_substitution(ShellReader *r, ShellMarkKind kind, uint32_t start, uint32_t inner)
{
    shell_mark(r, kind, start, r->at, (Str){"", 0});
    if (r->script->mark_count && inner < r->script->count)
        r->script->marks[r->script->mark_count - 1].inner = inner;
}

/* Reads the commands of a substitution, whose first byte stands here, up to `)`. */
static bool read_substitution(ShellReader *r)
{
    uint32_t start = r->at;

    if (!shell_enter(r))
        return false;
    read_inner(r);
    shell_leave(r);
    if (r->failed)
        return false;
    if (shell_peek(r, 0) != ')')
        return shell_fail(r, start ? start - 1 : 0, "a parenthesis is not closed");
    r->at++;
    return true;
}

/* `...`, whose first byte stands here: the commands in it are read in place. */
static bool read_backticks(ShellReader *r)
{
    Str whole = r->text;
    uint32_t start = r->at++, end, inner = r->script->count;

    for (end = r->at; end < whole.size && whole.data[end] != '`'; end++)
        if (whole.data[end] == '\\')
            end++;
    if (end >= whole.size)
        return shell_fail(r, start, "a backtick is not closed");
    if (!shell_enter(r))
        return false;
    r->text = str_sub(whole, 0, end);
    read_inner(r);
    r->text = whole;
    r->at = end + 1;
    shell_leave(r);
    if (r->failed)
        return false;
    mark_substitution(r, SHELL_MARK_SUBSTITUTION, start, inner);
    shell_mark(r, SHELL_MARK_BACKTICKS, start, r->at, (Str){"", 0});
    return true;
}

static bool skip_dollar(ShellReader *r);

static bool skip_single(ShellReader *r)
{
    uint32_t start = r->at++;

    while (r->at < r->text.size && shell_peek(r, 0) != '\'')
        r->at++;
    if (r->at >= r->text.size)
        return shell_fail(r, start, "a quote is not closed");
    r->at++;
    return true;
}

static bool skip_double(ShellReader *r)
{
    uint32_t start = r->at++;
    bool quoted = r->quoted;

    r->quoted = true;
    while (!shell_at_end(r) && shell_peek(r, 0) != '"') {
        char c = shell_peek(r, 0);
        if (c == '$') {
            if (!skip_dollar(r))
                return false;
        } else if (c == '`') {
            if (!read_backticks(r))
                return false;
        } else {
            r->at += c == '\\' ? 2 : 1;
        }
    }
    r->quoted = quoted;
    if (shell_at_end(r))
        return shell_fail(r, start, "a quote is not closed");
    r->at++;
    return true;
}

/* ${...}, whose brace stands here, to the brace that closes it. */
static bool skip_braces(ShellReader *r)
{
    uint32_t start = r->at++;

    while (!shell_at_end(r) && shell_peek(r, 0) != '}') {
        char c = shell_peek(r, 0);
        bool fine = true;
        if (c == '$')
            fine = skip_dollar(r);
        else if (c == '`')
            fine = read_backticks(r);
        else if (c == '"')
            fine = skip_double(r);
        else
            r->at += c == '\\' ? 2 : 1;
        if (!fine)
            return false;
    }
    if (shell_at_end(r))
        return shell_fail(r, start, "a brace is not closed");
    r->at++;
    return true;
}

/* Where $(( ... )) ends, which begins at `at`; 0 if it is a substitution after all. */
static uint32_t arithmetic_end(const ShellReader *r, uint32_t at)
{
    uint32_t open = 0;

    for (; at < r->text.size; at++) {
        char c = r->text.data[at];
        if (c == '(')
            open++;
        else if (c == ')' && --open == 0)
            return at >= 1 && r->text.data[at - 1] == ')' ? at + 1 : 0;
        else if (c == '\n' || c == '"')
            return 0;
    }
    return 0;
}

static bool expands(const ShellReader *r)
{
    char c = shell_peek(r, 1);

    return shell_is_name(c) || (c && strchr("{(@*#?$!-", c));
}

static bool skip_braced(ShellReader *r, uint32_t start)
{
    if (!skip_braces(r))
        return false;
    shell_mark_variable(r, start);
    return true;
}

static bool skip_command(ShellReader *r, uint32_t start)
{
    uint32_t inner = r->script->count;

    r->at++;
    if (!read_substitution(r))
        return false;
    mark_substitution(r, SHELL_MARK_SUBSTITUTION, start, inner);
    return true;
}

static bool skip_name(ShellReader *r, uint32_t start)
{
    char c = shell_peek(r, 0);

    if (shell_is_name(c) && !(c >= '0' && c <= '9'))
        while (shell_is_name(shell_peek(r, 0)))
            r->at++;
    else if (c && (strchr("@*#?$!-", c) || (c >= '0' && c <= '9')))
        r->at++;
    else
        return true;
    shell_mark_variable(r, start);
    return true;
}

/* An expansion, whose dollar sign stands here; a lone one is passed as text. */
static bool skip_dollar(ShellReader *r)
{
    uint32_t end, start = r->at;
    bool fine = true;
    char c;

    if (!shell_enter(r))
        return false;
    r->at++;
    c = shell_peek(r, 0);
    if (c == '{') {
        fine = skip_braced(r, start);
    } else if (c == '(' && shell_peek(r, 1) == '(' && (end = arithmetic_end(r, r->at)) != 0) {
        shell_mark_arithmetic(r, r->at, end);
        r->at = end;
    } else if (c == '(') {
        fine = skip_command(r, start);
    } else {
        fine = skip_name(r, start);
    }
    shell_leave(r);
    return fine;
}

/* Runs `skip` and adds what it passed to the word. */
static bool take_skipped(ShellReader *r, WordReader *w, bool (*skip)(ShellReader *))
{
    uint32_t start = r->at;

    if (!skip(r))
        return false;
    if (w->copied)
        buf_add(&w->buf, str_sub(r->text, start, r->at - start));
    return true;
}

static bool take_expansion(ShellReader *r, WordReader *w, bool quoted)
{
    if (shell_peek(r, 0) == '`') {
        note_expansion(r, w, quoted);
        return take_skipped(r, w, read_backticks);
    }
    if (!expands(r)) {
        if (!shell_ends_word(shell_peek(r, 1)) && !strchr("\"'/\\", shell_peek(r, 1)))
            shell_mark(r, SHELL_MARK_LONE_DOLLAR, r->at, r->at + 1, (Str){"", 0});
        take(r, w, 1);
        return true;
    }
    note_expansion(r, w, quoted);
    return take_skipped(r, w, skip_dollar);
}

static bool take_single(ShellReader *r, WordReader *w)
{
    uint32_t start = r->at;

    start_copy(r, w);
    if (!skip_single(r))
        return false;
    shell_mark_single(r, start);
    buf_add(&w->buf, str_sub(r->text, start + 1, r->at - start - 2));
    return true;
}

/* $'...': escapes as in C, of which the usual ones are decoded. */
static bool take_ansi(ShellReader *r, WordReader *w)
{
    static const char names[] = "ntrab'\"\\", values[] = "\n\t\r\a\b'\"\\";
    uint32_t start = r->at;

    start_copy(r, w);
    for (r->at += 2; !shell_at_end(r) && shell_peek(r, 0) != '\''; r->at++) {
        char c = shell_peek(r, 0);
        const char *found = c == '\\' && shell_peek(r, 1) ? strchr(names, shell_peek(r, 1)) : NULL;
        if (found)
            r->at++;
        buf_add_char(&w->buf, found ? values[found - names] : c);
    }
    if (shell_at_end(r))
        return shell_fail(r, start, "a quote is not closed");
    r->at++;
    return true;
}

static void take_quoted_escape(ShellReader *r, WordReader *w)
{
    char next = shell_peek(r, 1);

    if (next == '\n')
        r->at += 2;
    else if (next && strchr("$`\"\\", next)) {
        r->at++;
        take(r, w, 1);
    } else {
        take(r, w, 1);
    }
}

/* What stands between double quotes, up to the one that closes them. */
static bool take_between(ShellReader *r, WordReader *w)
{
    while (!shell_at_end(r) && shell_peek(r, 0) != '"') {
        char c = shell_peek(r, 0);
        if (c == '$' || c == '`') {
            if (!take_expansion(r, w, true))
                return false;
        } else if (c == '\\') {
            take_quoted_escape(r, w);
        } else {
            take(r, w, 1);
            take_plain(r, w);
        }
    }
    return !r->failed;
}

static bool take_double(ShellReader *r, WordReader *w)
{
    uint32_t start = r->at;
    bool quoted = r->quoted, fine;

    start_copy(r, w);
    r->at++;
    r->quoted = true;
    fine = take_between(r, w);
    r->quoted = quoted;
    if (!fine)
        return false;
    if (shell_at_end(r))
        return shell_fail(r, start, "a quote is not closed");
    r->at++;
    shell_mark_double(r, start);
    return true;
}

static void take_escape(ShellReader *r, WordReader *w)
{
    start_copy(r, w);
    w->flags |= SHELL_QUOTED;
    r->at++;
    if (shell_needs_no_escape(shell_peek(r, 0)))
        shell_mark(r, SHELL_MARK_ESCAPE, r->at - 1, r->at + 1, str_sub(r->text, r->at, 1));
    if (shell_peek(r, 0) == '\n')
        r->at++;
    else if (r->at < r->text.size)
        take(r, w, 1);
}

/* <(...) and >(...). */
static bool skip_process(ShellReader *r)
{
    uint32_t start = r->at, inner = r->script->count;

    r->at += 2;
    if (!read_substitution(r))
        return false;
    mark_substitution(r, SHELL_MARK_PROCESS_SUBSTITUTION, start, inner);
    return true;
}

/* @(a|b) and its like, which bash has for patterns. */
static bool skip_pattern(ShellReader *r)
{
    return shell_skip_parentheses(r) || shell_fail(r, r->at - 1, "a parenthesis is not closed");
}

static bool take_quotes(ShellReader *r, WordReader *w, char c)
{
    w->flags |= SHELL_QUOTED;
    if (c == '\'')
        return take_single(r, w);
    if (c == '"')
        return take_double(r, w);
    if (shell_peek(r, 1) == '\'')
        return take_ansi(r, w);
    start_copy(r, w);
    r->at++;
    return take_double(r, w);
}

static bool before_pattern(const ShellReader *r, const WordReader *w)
{
    return r->at > w->start && strchr("@!?*+", r->text.data[r->at - 1]);
}

/* A brace, and with the first one of an expansion all of that, if it holds no quote. */
static bool take_brace(ShellReader *r, WordReader *w)
{
    uint32_t end = shell_peek(r, 0) == '{' ? shell_brace_end(r, r->at) : 0;

    if (end) {
        shell_mark(r, SHELL_MARK_BRACE_EXPANSION, r->at, end, (Str){"", 0});
        if (end > w->braces) /* not one inside another */
            w->braces = end;
    } else if (shell_peek(r, 0) == '{' && shell_peek(r, 1) == '}') {
        take(r, w, 1);
    } else if (r->at >= w->braces) {
        shell_mark(r, SHELL_MARK_LITERAL_BRACE, r->at, r->at + 1, str_sub(r->text, r->at, 1));
    }
    take(r, w, 1);
    return true;
}

/* One piece of a word; false at its end and after a report. */
static bool take_piece(ShellReader *r, WordReader *w)
{
    char c = shell_peek(r, 0), next = shell_peek(r, 1);

    if (c == '\'' || c == '"' || (c == '$' && (next == '\'' || next == '"')))
        return take_quotes(r, w, c);
    if (c == '$' || c == '`')
        return take_expansion(r, w, false);
    if (c == '\\') {
        take_escape(r, w);
        return true;
    }
    if ((c == '<' || c == '>') && next == '(' && r->at == w->start) {
        note_expansion(r, w, true);
        return take_skipped(r, w, skip_process);
    }
    if (c == '(' && before_pattern(r, w))
        return take_skipped(r, w, skip_pattern);
    if (c == '\0' ? r->at >= r->text.size : strchr(" \t\r\n;&|<>()", c) != NULL)
        return false;
    if (c == '[')
        shell_mark_range(r);
    if (c == '*' || c == '?' || c == '[')
        w->flags |= SHELL_GLOB;
    else if (c == '{' || c == '}')
        return take_brace(r, w);
    else if (c == '\xc2')
        shell_mark_odd_byte(r);
    take(r, w, 1);
    return true;
}

static PieceKind piece_kind(const ShellReader *r)
{
    char c = shell_peek(r, 0), next = shell_peek(r, 1);

    if (c == '\'' || (c == '$' && next == '\''))
        return PIECE_SINGLE;
    if (c == '"' || (c == '$' && next == '"'))
        return PIECE_DOUBLE;
    return c == '$' || c == '`' || c == '\\' || c == '(' || c == '*' || c == '?' || c == '['
               ? PIECE_OTHER
               : PIECE_LITERAL;
}

static void push_piece(WordReader *w, Piece piece)
{
    w->pieces[1] = w->pieces[0];
    w->pieces[0] = piece;
}

/* What is literal since the last quote or expansion, as a piece. */
static void push_literal(WordReader *w, uint32_t end)
{
    if (end > w->literal)
        push_piece(w, (Piece){.kind = PIECE_LITERAL, .start = w->literal, .end = end});
}

static bool is_word_text(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!shell_is_name(text.data[i]) || text.data[i] == '_')
            return false;
    return text.size > 0;
}

/* Whether double quotes hold one expansion and nothing else, as in "$x". */
static bool quotes_one(const ShellReader *r, const Piece *piece)
{
    Str inner = str_sub(r->text, piece->start + 1, piece->end - piece->start - 2);
    uint32_t count = 0;

    for (uint32_t i = 0; i < inner.size; i++)
        count += inner.data[i] == '$';
    if (count != 1 || inner.data[0] != '$' || inner.size < 2)
        return false;
    return inner.data[1] == '{'   ? inner.data[inner.size - 1] == '}'
           : inner.data[1] == '(' ? inner.data[inner.size - 1] == ')'
                                  : is_word_text(str_from(inner, 1));
}

/* Whether a piece is an expansion that the shell splits where it stands. */
static bool is_split(const ShellReader *r, const Piece *piece, Str text)
{
    return piece->kind == PIECE_OTHER && text.size > 1 &&
           (text.data[0] == '`' || (text.data[0] == '$' && !str_starts(text, STR("$((")))) &&
           (r->place == SHELL_IN_WORD || r->place == SHELL_IN_REDIRECT);
}

/* 'a'b'c', "a"b"c" and "a"$b"c", where quotes were meant to stand inside of quotes. `quote` is the
 * piece that follows the one between, if one does. */
static void mark_pieces(ShellReader *r, const WordReader *w, const Piece *quote)
{
    const Piece *middle = &w->pieces[0], *first = &w->pieces[1];
    Str text = str_sub(r->text, middle->start, middle->end - middle->start);

    if (middle->kind == PIECE_LITERAL && first->kind == PIECE_SINGLE && is_word_text(text))
        shell_mark(r, SHELL_MARK_UNQUOTED_BETWEEN, middle->start, middle->end, text);
    if (first->kind != PIECE_DOUBLE || !quote || quote->kind != PIECE_DOUBLE ||
        (quotes_one(r, first) && quotes_one(r, quote)))
        return;
    if (is_split(r, middle, text))
        shell_mark(r, SHELL_MARK_EXPANSION_BETWEEN, middle->start, middle->end, text);
    else if (middle->kind == PIECE_LITERAL && !str_eq(text, STR("=")) && !str_eq(text, STR(":")) &&
             !str_eq(text, STR("/")))
        shell_mark(r, SHELL_MARK_BETWEEN_QUOTES, middle->start, middle->end, text);
}

/* A quote or an expansion that was read. */
static void note_piece(ShellReader *r, WordReader *w, Piece piece)
{
    push_literal(w, piece.start);
    if (w->flags & SHELL_QUOTED)
        mark_pieces(r, w, &piece);
    push_piece(w, piece);
    w->literal = r->at;
}

static void finish_word(ShellReader *r, WordReader *w, ShellWord *word)
{
    word->written = str_sub(r->text, w->start, r->at - w->start);
    word->text = w->copied ? buf_str(&w->buf) : word->written;
    word->span = mapped_span(r->in, w->start, r->at);
    word->known = w->expanded ? w->known : word->text.size;
    word->flags = w->flags;
}

/* The expansion that is all of the word, with its quotes. */
static void mark_alone(ShellReader *r, uint32_t first, uint32_t start)
{
    for (uint32_t i = first; i < r->script->mark_count; i++) {
        ShellMark *mark = &r->script->marks[i];
        uint32_t quote = mark->flags & SHELL_MARK_QUOTED ? 1 : 0;
        if (mark->start == start + quote && mark->end + quote == r->at)
            mark->flags |= SHELL_MARK_ALONE;
    }
}

/* A word that is its own text, as most are. */
static bool read_plain_word(ShellReader *r, ShellWord *word)
{
    uint32_t start = r->at, end = plain_end(r);

    if (end == start || r->failed ||
        (end < r->text.size && !(r->text.data[end] == ' ' || r->text.data[end] == '\n')))
        return false;
    r->at = end;
    word->text = word->written = str_sub(r->text, start, end - start);
    word->span = mapped_span(r->in, start, end);
    word->known = end - start;
    word->flags = 0;
    return true;
}

bool shell_read_word(ShellReader *r, ShellWord *word)
{
    WordReader w = {.start = r->at};
    uint32_t first = r->script->mark_count, start;

    if (read_plain_word(r, word))
        return true;
    w.literal = w.start;
    for (;;) {
        PieceKind kind;
        take_plain(r, &w);
        kind = piece_kind(r);
        start = r->at;
        if (!take_piece(r, &w))
            break;
        if (kind != PIECE_LITERAL)
            note_piece(r, &w, (Piece){.kind = (uint8_t)kind, .start = start, .end = r->at});
    }
    if (r->failed || r->at == w.start)
        return false;
    if (w.flags & SHELL_QUOTED) {
        push_literal(&w, r->at);
        mark_pieces(r, &w, NULL);
    }
    mark_alone(r, first, w.start);
    finish_word(r, &w, word);
    return true;
}

bool shell_read_array(ShellReader *r, ShellWord *word)
{
    WordReader w = {.start = r->at++, .flags = SHELL_SPLITS};
    ShellWord element;

    for (;;) {
        shell_skip_blanks(r);
        if (shell_peek(r, 0) == '\n')
            shell_skip_line_end(r);
        else if (!shell_read_word(r, &element))
            break;
        else
            w.flags |= element.flags & SHELL_EXPANDS;
    }
    if (r->failed || shell_peek(r, 0) != ')')
        return shell_fail(r, w.start, "a parenthesis is not closed");
    r->at++;
    finish_word(r, &w, word);
    return true;
}
