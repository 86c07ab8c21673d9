#include "ir/docker_expand.h"

#include "base/buf.h"

enum {
    VARIABLES_MAX =
        256,           /* names in a scope, which are looked up one by one and copied for a stage */
    VALUE_MAX = 4096,  /* bytes that variables may add: A=$B$B, B=$C$C, ... doubles each time */
    EXPAND_DEPTH = 32, /* ${a:-${b:-...}} */
    OPERAND_MAX = 256, /* bytes of what a pattern is tried on, which takes cubic time at worst */
    PATTERN_MAX = 64,
    WORK_MAX = 50000000, /* steps that all patterns of a file may take */
};

typedef struct Expander {
    const DockerScope *scope;
    Str text;
    uint32_t at;
    uint32_t depth;
} Expander;

/* A value in the making: known text, and once something unknown was added no more of it. */
typedef struct Piece {
    Buf buf;
    const Unknown *unknown;
} Piece;

static DockerValue known(Str text)
{
    return (DockerValue){text, NULL, false};
}

static DockerValue unknown_value(Arena *arena, Str cause, Str prefix)
{
    Unknown *unknown = ARENA_NEW(arena, Unknown);

    if (!unknown)
        return known((Str){"", 0});
    *unknown = (Unknown){.cause = cause, .type = NODE_STRING, .set = true, .prefix = prefix};
    return (DockerValue){{"", 0}, unknown, false};
}

DockerValue docker_unset(Arena *arena, Str name)
{
    DockerValue value =
        unknown_value(arena, str_format(arena, "ARG %.*s", STR_ARG(name)), (Str){"", 0});

    value.unset = true;
    return value;
}

bool docker_platform(Arena *arena, Str name, DockerValue *value)
{
    static const Str parts[] = {STR_INIT("PLATFORM"), STR_INIT("OS"), STR_INIT("ARCH"),
                                STR_INIT("VARIANT")};
    Str rest;

    if (!str_starts(name, STR("BUILD")) && !str_starts(name, STR("TARGET")))
        return false;
    rest = str_from(name, str_starts(name, STR("BUILD")) ? 5 : 6);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!str_eq(rest, parts[i]))
            continue;
        *value = unknown_value(arena, name, (Str){"", 0});
        return true;
    }
    return false;
}

DockerScope docker_scope_inherit(const DockerScope *from)
{
    DockerScope scope = *from;

    /* Copied when the first variable is set, which most stages do not. */
    scope.shared = true;
    return scope;
}

const DockerVariable *docker_scope_find(const DockerScope *scope, Str name)
{
    for (uint32_t i = 0; i < scope->count; i++)
        if (str_eq(scope->variables[i].name, name))
            return &scope->variables[i];
    return NULL;
}

static bool own_variables(DockerScope *scope)
{
    DockerVariable *variables;

    if (!scope->shared)
        return true;
    variables = arena_raw(scope->arena, scope->count + 8u, sizeof *variables);
    if (!variables)
        return false;
    if (scope->count)
        memcpy(variables, scope->variables, scope->count * sizeof *variables);
    scope->variables = variables;
    scope->capacity = scope->count + 8u;
    scope->shared = false;
    return true;
}

void docker_scope_set(DockerScope *scope, Str name, DockerValue value, bool env, Span span)
{
    DockerVariable variable = {name, value, env, span}, *variables;

    if (!own_variables(scope))
        return;
    for (uint32_t i = 0; i < scope->count; i++) {
        if (!str_eq(scope->variables[i].name, name))
            continue;
        if (env || !scope->variables[i].env)
            scope->variables[i] = variable;
        return;
    }
    if (scope->count >= VARIABLES_MAX) {
        scope->base_open = true;
        return;
    }
    variables = arena_grow(scope->arena, scope->variables, scope->count, &scope->capacity,
                           scope->count + 1u, sizeof *variables);
    if (!variables)
        return;
    scope->variables = variables;
    variables[scope->count++] = variable;
}

static DockerValue look_up(const DockerScope *scope, Str name)
{
    const DockerVariable *variable = docker_scope_find(scope, name);
    DockerValue value;

    if (variable)
        return variable->value;
    if (name.size && name.data[0] >= '0' && name.data[0] <= '9')
        return known((Str){"", 0});
    if (scope->global && docker_platform(scope->arena, name, &value))
        return value;
    if (scope->global)
        return unknown_value(scope->arena,
                             str_format(scope->arena, "%.*s, which no ARG declares", STR_ARG(name)),
                             (Str){"", 0});
    if (scope->base_open)
        return unknown_value(scope->arena,
                             str_format(scope->arena, "ENV %.*s of the base image", STR_ARG(name)),
                             (Str){"", 0});
    value = known((Str){"", 0});
    value.unset = true;
    return value;
}

static void add_unknown(const Expander *x, Piece *piece, const Unknown *unknown)
{
    Buf prefix;
    DockerValue value;

    if (piece->unknown)
        return;
    prefix = piece->buf;
    buf_add(&prefix, unknown->prefix);
    value = unknown_value(x->scope->arena, unknown->cause, buf_str(&prefix));
    piece->unknown = value.unknown;
}

static void add_text(const Expander *x, Piece *piece, Str text)
{
    static const Unknown long_value = {.cause = STR_INIT("a value that is too long"),
                                       .type = NODE_STRING,
                                       .set = true,
                                       .prefix = STR_INIT("")};

    if (piece->unknown)
        return;
    if (piece->buf.size + (uint64_t)text.size > (uint64_t)VALUE_MAX + x->text.size)
        add_unknown(x, piece, &long_value);
    else
        buf_add(&piece->buf, text);
}

static void add_value(const Expander *x, Piece *piece, DockerValue value)
{
    if (value.unknown)
        add_unknown(x, piece, value.unknown);
    else
        add_text(x, piece, value.text);
}

static char peek(const Expander *x, uint32_t ahead)
{
    return x->at + ahead < x->text.size ? x->text.data[x->at + ahead] : '\0';
}

static void take(Expander *x, Piece *piece, uint32_t count)
{
    add_text(x, piece, str_sub(x->text, x->at, count));
    x->at += count;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static Str take_name(Expander *x)
{
    uint32_t start = x->at;

    if (is_letter(peek(x, 0)))
        while (is_letter(peek(x, 0)) || is_digit(peek(x, 0)))
            x->at++;
    else if (is_digit(peek(x, 0)))
        x->at++;
    return str_sub(x->text, start, x->at - start);
}

static void expand_until(Expander *x, Piece *piece, char stop, char stop_too, bool keep_escapes);

static DockerValue finish(const Piece *piece)
{
    return piece->unknown ? (DockerValue){{"", 0}, piece->unknown, false}
                          : known(buf_str(&piece->buf));
}

static DockerValue expand_part(Expander *x, char stop, char stop_too, bool keep_escapes)
{
    Piece piece = {buf_new(x->scope->arena), NULL};

    if (x->depth >= EXPAND_DEPTH) {
        x->at = x->text.size;
        return unknown_value(x->scope->arena, STR("an expansion that is too deep"), (Str){"", 0});
    }
    x->depth++;
    expand_until(x, &piece, stop, stop_too, keep_escapes);
    x->depth--;
    return finish(&piece);
}

/* Whether a shell pattern (`*`, `?`, `\` before a character) matches a whole text. */
static bool pattern_matches(Str pattern, Str text)
{
    uint32_t p = 0, t = 0, star = UINT32_MAX, star_text = 0;

    while (t < text.size) {
        bool escaped = p + 1 < pattern.size && pattern.data[p] == '\\';
        if (p < pattern.size && pattern.data[p] == '*') {
            star = p++;
            star_text = t;
        } else if (p < pattern.size && (pattern.data[p] == '?' ||
                                        pattern.data[p + (escaped ? 1 : 0)] == text.data[t])) {
            p += escaped ? 2 : 1;
            t++;
        } else if (star != UINT32_MAX) {
            p = star + 1;
            t = ++star_text;
        } else {
            return false;
        }
    }
    while (p < pattern.size && pattern.data[p] == '*')
        p++;
    return p == pattern.size;
}

/* ${x#p}, ${x##p}, ${x%p}, ${x%%p} */
static Str cut(Str text, Str pattern, bool at_start, bool longest)
{
    for (uint32_t i = 0; i <= text.size; i++) {
        uint32_t size = longest ? text.size - i : i;
        Str part = at_start ? str_sub(text, 0, size) : str_from(text, text.size - size);
        if (pattern_matches(pattern, part))
            return at_start ? str_from(text, size) : str_sub(text, 0, text.size - size);
    }
    return text;
}

/* The size of the longest match at the start of `text`, 0 for none. */
static uint32_t match_size(Str pattern, Str text)
{
    for (uint32_t size = text.size; size > 0; size--)
        if (pattern_matches(pattern, str_sub(text, 0, size)))
            return size;
    return 0;
}

/* ${x/p/r}, ${x//p/r} */
static Str replace(Arena *arena, Str text, Str pattern, Str with, bool all)
{
    Buf buf = buf_new(arena);
    uint32_t at = 0;
    bool more = pattern.size > 0;

    while (at < text.size) {
        uint32_t size = more ? match_size(pattern, str_from(text, at)) : 0;
        if (size) {
            buf_add(&buf, with);
            more = all;
        } else {
            buf_add_char(&buf, text.data[at]);
        }
        at += size ? size : 1;
    }
    return buf_str(&buf);
}

/* Whether trying `pattern` on `value` would take too long; if not, the work is counted. */
static bool too_much(const DockerScope *scope, DockerValue value, DockerValue pattern)
{
    uint32_t work = value.text.size * value.text.size * (pattern.text.size + 1);

    if (value.text.size > OPERAND_MAX || pattern.text.size > PATTERN_MAX)
        return true;
    if (!scope->work)
        return false;
    if (*scope->work > WORK_MAX)
        return true;
    *scope->work += work;
    return false;
}

static DockerValue first_unknown(DockerValue a, DockerValue b, DockerValue c)
{
    a.unset = b.unset = c.unset = false;
    if (a.unknown || b.unknown)
        return a.unknown ? a : b;
    return c;
}

static DockerValue long_operand(const DockerScope *scope)
{
    return unknown_value(scope->arena, STR("a value that is too long"), (Str){"", 0});
}

static DockerValue expand_cut(Expander *x, DockerValue value)
{
    char sign = peek(x, 0);
    bool longest = peek(x, 1) == sign;
    DockerValue pattern;

    x->at += longest ? 2 : 1;
    pattern = expand_part(x, '}', '}', true);
    if (value.unknown || pattern.unknown)
        return first_unknown(value, pattern, pattern);
    if (too_much(x->scope, value, pattern))
        return long_operand(x->scope);
    return known(cut(value.text, pattern.text, sign == '#', longest));
}

static DockerValue expand_replace(Expander *x, DockerValue value)
{
    bool all = peek(x, 1) == '/';
    DockerValue pattern, with = known((Str){"", 0});

    x->at += all ? 2 : 1;
    pattern = expand_part(x, '/', '}', true);
    if (peek(x, 0) == '/') {
        x->at++;
        with = expand_part(x, '}', '}', false);
    }
    if (value.unknown || pattern.unknown || with.unknown)
        return first_unknown(value, pattern, with);
    if (with.text.size > OPERAND_MAX || too_much(x->scope, value, pattern))
        return long_operand(x->scope);
    return known(replace(x->scope->arena, value.text, pattern.text, with.text, all));
}

/* ${x-y}, ${x+y}, ${x?y}, with the colon already taken. */
static DockerValue expand_default(Expander *x, DockerValue value, bool colon)
{
    char sign = peek(x, 0);
    DockerValue word;
    bool there = !value.unset && (!colon || value.text.size > 0);

    x->at++;
    word = expand_part(x, '}', '}', false);
    if (value.unknown && !(value.unset && sign == '-'))
        return first_unknown(value, value, value);
    if (sign == '-')
        return there ? value : word;
    if (sign == '+')
        return there ? word : known((Str){"", 0});
    return value;
}

static DockerValue expand_modifier(Expander *x, DockerValue value)
{
    bool colon = peek(x, 0) == ':';
    char sign = peek(x, colon ? 1 : 0);

    if (sign == '-' || sign == '+' || sign == '?') {
        x->at += colon;
        return expand_default(x, value, colon);
    }
    if (!colon && (sign == '#' || sign == '%'))
        return expand_cut(x, value);
    if (!colon && sign == '/')
        return expand_replace(x, value);
    return unknown_value(x->scope->arena, STR("a modifier that the builder does not know"),
                         (Str){"", 0});
}

/* An expansion, whose dollar sign stands here. */
static void expand_dollar(Expander *x, Piece *piece)
{
    bool braces = peek(x, 1) == '{';
    DockerValue value;
    Str name;

    if (!braces && !is_letter(peek(x, 1)) && !is_digit(peek(x, 1))) {
        take(x, piece, 1);
        return;
    }
    x->at += braces ? 2 : 1;
    name = take_name(x);
    value = look_up(x->scope, name);
    if (braces && peek(x, 0) != '}')
        value = expand_modifier(x, value);
    if (braces) {
        while (x->at < x->text.size && peek(x, 0) != '}')
            x->at++;
        x->at++;
    }
    add_value(x, piece, value);
}

static void expand_single(Expander *x, Piece *piece)
{
    Str rest = str_from(x->text, x->at + 1);
    int64_t end = str_find_char(rest, '\'');

    if (end < 0) {
        take(x, piece, x->text.size - x->at);
        return;
    }
    add_text(x, piece, str_sub(rest, 0, (uint32_t)end));
    x->at += (uint32_t)end + 2;
}

/* The bytes here that mean themselves, and are not `stop` or `stop_too`; one at least. */
static uint32_t plain_size(const Expander *x, char stop, char stop_too)
{
    uint32_t at = x->at;
    char c;

    do
        c = ++at < x->text.size ? x->text.data[at] : stop;
    while (c != stop && c != stop_too && c != '\'' && c != '"' && c != '$' &&
           c != x->scope->escape);
    return at - x->at;
}

static void expand_double(Expander *x, Piece *piece)
{
    char escape = x->scope->escape;

    for (x->at++; x->at < x->text.size && peek(x, 0) != '"';) {
        char next = peek(x, 1);
        if (peek(x, 0) == '$') {
            expand_dollar(x, piece);
        } else if (peek(x, 0) == escape && (next == '"' || next == '$' || next == escape)) {
            x->at++;
            take(x, piece, 1);
        } else {
            take(x, piece, plain_size(x, '"', '"'));
        }
    }
    x->at++;
}

static void expand_escape(Expander *x, Piece *piece, bool keep)
{
    if (x->at + 1 >= x->text.size) {
        x->at++;
        return;
    }
    if (keep)
        add_text(x, piece, STR("\\"));
    x->at++;
    take(x, piece, 1);
}

static void expand_until(Expander *x, Piece *piece, char stop, char stop_too, bool keep_escapes)
{
    while (x->at < x->text.size) {
        char c = peek(x, 0);
        if (stop && (c == stop || c == stop_too))
            return;
        if (c == '\'')
            expand_single(x, piece);
        else if (c == '"')
            expand_double(x, piece);
        else if (c == '$')
            expand_dollar(x, piece);
        else if (c == x->scope->escape)
            expand_escape(x, piece, keep_escapes);
        else
            take(x, piece, plain_size(x, stop, stop_too));
    }
}

static bool is_plain(const DockerScope *scope, Str text)
{
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (c == '$' || c == '"' || c == '\'' || c == scope->escape)
            return false;
    }
    return true;
}

/* Text in quotes of one kind with nothing to expand inside, the common case of LABEL and ENV. */
static bool is_quoted_plain(const DockerScope *scope, Str text)
{
    return text.size >= 2 && (text.data[0] == '"' || text.data[0] == '\'') &&
           text.data[text.size - 1] == text.data[0] &&
           is_plain(scope, str_sub(text, 1, text.size - 2));
}

DockerValue docker_expand(const DockerScope *scope, Str written)
{
    Expander x = {scope, written, 0, 0};

    if (is_plain(scope, written))
        return known(written);
    if (is_quoted_plain(scope, written))
        return known(str_sub(written, 1, written.size - 2));
    return expand_part(&x, '\0', '\0', false);
}

Node docker_value_node(DockerValue value, Span at)
{
    return value.unknown ? node_make_unknown(at, value.unknown) : node_make_string(at, value.text);
}
