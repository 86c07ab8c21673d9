#include "ir/helm_paths.h"

#include "base/limits.h"
#include "syntax/go_template.h"

/* What `.` stands for inside of an action. */
typedef struct Dot {
    GoTokenKind kind; /* of the block that sets it */
    bool is_value;    /* a value of the chart; else all there is, or something unknown */
    bool is_element;  /* of what `path` leads to */
    Str path;
} Dot;

/* A variable that stands for a value. */
typedef struct Variable {
    Str name; /* "$x" */
    Str path;
    bool is_element;
} Variable;

/* Of one template, as many are followed. */
enum { VARIABLES_MAX = 64 };

struct HelmPathFinder {
    Arena *arena;
    Str text; /* the template that was looked at last, and its tokens */
    const GoToken *tokens;
    uint32_t token_count;
    Dot dots[LIMIT_DEPTH];
    uint32_t depth;
    Variable variables[VARIABLES_MAX];
    uint32_t variable_count;
    Str *paths;
    uint32_t count;
    uint32_t most;
};

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
}

Str helm_field_path(Str text)
{
    uint32_t size = 0;

    while (size < text.size && is_name(text.data[size]))
        size++;
    return str_sub(text, 0, size);
}

static const Dot *dot_of(const HelmPathFinder *finder)
{
    static const Dot all = {GO_DEFINE, false, false, {"", 0}};

    return finder->depth ? &finder->dots[finder->depth - 1] : &all;
}

/* A field of a value. Of elements nobody knows which one it is. */
static Str field_of(const HelmPathFinder *finder, Str path, bool is_element, Str fields)
{
    fields = helm_field_path(fields);
    if (!fields.size || is_element)
        return path;
    return str_format(finder->arena, "%.*s.%.*s", STR_ARG(path), STR_ARG(fields));
}

static const Variable *variable_of(const HelmPathFinder *finder, Str word)
{
    Str name = word;

    str_split(&word, '.', &name);
    for (uint32_t i = finder->variable_count; i-- > 0;)
        if (str_eq(finder->variables[i].name, name))
            return &finder->variables[i];
    return NULL;
}

/* The value that a word of an action names, or an empty text. */
static Str path_of(const HelmPathFinder *finder, Str word)
{
    static const Str values = STR_INIT(".Values.");
    const Dot *dot = dot_of(finder);
    const Variable *variable;
    int64_t at = str_find(word, values);

    if (at >= 0)
        return helm_field_path(str_from(word, (uint32_t)at + values.size));
    if (str_starts(word, STR("$"))) {
        variable = variable_of(finder, word);
        return variable ? field_of(finder, variable->path, variable->is_element,
                                   str_from(word, variable->name.size + 1))
                        : STR("");
    }
    return dot->is_value && str_starts(word, STR("."))
               ? field_of(finder, dot->path, dot->is_element, str_from(word, 1))
               : STR("");
}

/* The first value that an action names. */
static Str first_path(const HelmPathFinder *finder, Str inner)
{
    Str word, path = STR("");

    while (!path.size && go_template_word(&inner, &word))
        path = path_of(finder, word);
    return path;
}

/* Follows `$x := ...` and `$key, $x := ...`, of which the last name stands for the value. */
static void set_variable(HelmPathFinder *finder, Str inner, bool is_element)
{
    Str rest = inner, word, name = STR("");

    while (go_template_word(&rest, &word) && !str_eq(word, STR(":=")) && !str_eq(word, STR("=")))
        if (str_starts(word, STR("$")))
            name = word;
    if (name.size && rest.size && finder->variable_count < VARIABLES_MAX)
        finder->variables[finder->variable_count++] =
            (Variable){name, first_path(finder, rest), is_element};
}

static void add_path(HelmPathFinder *finder, Str path)
{
    /* What is common to all charts says nothing of one attribute. */
    if (!path.size || str_eq(path, STR("global")) || finder->count == finder->most)
        return;
    for (uint32_t i = 0; i < finder->count; i++)
        if (str_eq(finder->paths[i], path))
            return;
    finder->paths[finder->count++] = path;
}

static void add_paths(HelmPathFinder *finder, Str inner)
{
    Str word;

    while (go_template_word(&inner, &word))
        add_path(finder, path_of(finder, word));
}

/* The value that `with` or `range` makes the dot. */
static void open_block(HelmPathFinder *finder, const GoToken *token)
{
    Dot dot = *dot_of(finder);

    dot.kind = token->kind;
    if (token->kind == GO_WITH || token->kind == GO_RANGE) {
        set_variable(finder, token->inner, token->kind == GO_RANGE);
        dot.path = first_path(finder, token->inner);
        dot.is_value = dot.path.size > 0;
        dot.is_element = token->kind == GO_RANGE;
    } else if (token->kind == GO_DEFINE) {
        dot.is_value = false;
    }
    if (finder->depth < LIMIT_DEPTH)
        finder->dots[finder->depth++] = dot;
}

static void follow_block(HelmPathFinder *finder, const GoToken *token)
{
    switch (token->kind) {
    case GO_END:
        finder->depth -= finder->depth > 0;
        break;
    case GO_COMMENT:
        set_variable(finder, token->inner, false);
        break;
    case GO_IF:
    case GO_WITH:
    case GO_RANGE:
    case GO_DEFINE:
    case GO_BLOCK:
        open_block(finder, token);
        break;
    case GO_TEXT:
    case GO_OUTPUT:
    case GO_ELSE:
        break;
    }
}

static Str token_text(const HelmPathFinder *finder, const GoToken *token)
{
    return str_sub(finder->text, token->start, token->end - token->start);
}

/* Whether the line that ends at `end` is a key without a value. */
static bool ends_with_key(Str text, uint32_t start, uint32_t end)
{
    return str_ends(str_trim(str_sub(text, start, end - start)), STR(":"));
}

/* What actions print between `start` and the end of its line or, of a key without a value, first
 * below it. */
static void find_paths(HelmPathFinder *finder, uint32_t start)
{
    int64_t newline = str_find_char(str_from(finder->text, start), '\n');
    uint32_t end = newline < 0 ? finder->text.size : start + (uint32_t)newline;
    bool below = ends_with_key(finder->text, start, end);

    for (uint32_t i = 0; finder->tokens && i < finder->token_count; i++) {
        const GoToken *token = &finder->tokens[i];
        bool behind = token->start >= end;
        if (behind && (!below || finder->count))
            return;
        if (token->kind == GO_OUTPUT && token->end > start)
            add_paths(finder, token->inner);
        /* The first text below belongs to somebody else. */
        if (behind && (token->kind == GO_TEXT ? str_trim(token_text(finder, token)).size > 0
                                              : token->kind == GO_OUTPUT))
            return;
        if (token->kind == GO_TEXT && token->start < end && token->end > end &&
            str_trim(str_sub(finder->text, end, token->end - end)).size)
            return;
        follow_block(finder, token);
    }
}

/* --- what is not printed --- */

/* Whether a line begins with a key that `attribute` ends with, or has just before its end. */
static bool is_key_of(Str line, Str attribute)
{
    Str key = line, rest = attribute;

    str_split(&line, ':', &key);
    for (uint32_t steps = 0; steps < 3 && key.size && rest.size > key.size; steps++) {
        int64_t dot = str_find_last_char(rest, '.');
        if (str_eq(str_from(rest, (uint32_t)(dot + 1)), key))
            return true;
        rest = str_sub(rest, 0, dot < 0 ? 0 : (uint32_t)dot);
    }
    return false;
}

/* Something that is not there is looked at by what lacks it. Where the template would print it, had
 * the values said so, is among the lines below: those of an item's further keys, or of the first
 * that are indented deeper than a key. UINT32_MAX where there is no such line. */
static uint32_t find_missing(Str text, uint32_t start, Str attribute)
{
    uint32_t line_start = start, at, column, indent = 0;
    int64_t newline = str_find_char(str_from(text, start), '\n');

    while (line_start > 0 && text.data[line_start - 1] != '\n')
        line_start--;
    column = start - line_start;
    at = newline < 0 ? text.size : start + (uint32_t)newline + 1;
    if (!ends_with_key(text, start, at))
        indent = column;
    while (at < text.size) {
        Str rest = str_from(text, at), line;
        uint32_t blanks = 0;
        str_split(&rest, '\n', &line);
        while (blanks < line.size && line.data[blanks] == ' ')
            blanks++;
        at += blanks;
        line = str_from(line, blanks);
        if (str_trim(line).size && !str_starts(line, STR("{{")) && !str_starts(line, STR("#"))) {
            if (blanks < column || (blanks == column && indent != column))
                break;
            indent = indent ? indent : blanks;
            if (blanks == indent && is_key_of(line, attribute))
                return at;
        }
        at += line.size + 1;
    }
    return UINT32_MAX;
}

HelmPathFinder *helm_paths_new(Arena *arena)
{
    HelmPathFinder *finder = ARENA_NEW(arena, HelmPathFinder);

    if (finder)
        finder->arena = arena;
    return finder;
}

static void begin(HelmPathFinder *finder)
{
    finder->depth = 0;
    finder->variable_count = 0;
}

uint32_t helm_paths_at(HelmPathFinder *finder, Str text, uint32_t start, Str attribute, Str *paths,
                       uint32_t most)
{
    uint32_t missing;

    if (finder->text.data != text.data) {
        finder->text = text;
        finder->tokens = go_template_read(text, finder->arena, &finder->token_count);
    }
    finder->paths = paths;
    finder->most = most;
    finder->count = 0;
    begin(finder);
    find_paths(finder, start);
    missing = finder->count ? UINT32_MAX : find_missing(text, start, attribute);
    if (missing != UINT32_MAX) {
        begin(finder);
        find_paths(finder, missing);
    }
    return finder->count;
}
