#include "ir/helm_lines.h"

#include "base/limits.h"

/* Conditions inside of a line are looked at where it has no more pieces than this. */
enum { PIECES_MAX = 1000 };

/* What stands in the line at hand. */
typedef struct RawPiece {
    HelmPiece piece;
    GoTokenKind
        control; /* of a block that begins, goes on or ends, which prints nothing; else GO_TEXT */
} RawPiece;

/* A condition, loop or definition that is open. */
typedef struct Open {
    GoTokenKind kind;
    uint32_t part;        /* that it stands in */
    uint32_t first;       /* the line of that part in which it begins */
    Str inner;            /* what is asked on the branch at hand */
    HelmCondition *above; /* what holds around it, ... */
    HelmCondition *now;   /* ... and on the branch at hand */
} Open;

typedef struct Builder {
    Arena *arena;
    Str text;
    uint32_t source;
    HelmParts *parts;
    uint32_t part; /* the one at hand */
    Open open[LIMIT_DEPTH];
    uint32_t depth;
    RawPiece *raw;
    uint32_t raw_count;
    uint32_t raw_capacity;
    bool begun;    /* the line at hand prints something */
    bool optional; /* it is below a condition, ... */
    bool looped;   /* ... in a loop */
    HelmCondition *conditions;
} Builder;

static HelmPart *part_of(const Builder *b)
{
    return &b->parts->items[b->part];
}

static bool is_blank(Str text)
{
    return str_trim(text).size == 0;
}

static Str text_of(const Builder *b, const HelmPiece *piece)
{
    return str_sub(b->text, piece->start, piece->end - piece->start);
}

static bool prints(const Builder *b, const RawPiece *raw)
{
    return raw->control == GO_TEXT && (raw->piece.printed || !is_blank(text_of(b, &raw->piece)));
}

/* Whether a line may be left out, or come again, as things stand. */
static void note_blocks(Builder *b)
{
    b->optional = b->looped = false;
    b->conditions = b->depth ? b->open[b->depth - 1].now : NULL;
    for (uint32_t i = b->depth; i > 0 && b->open[i - 1].kind != GO_DEFINE; i--) {
        b->looped |= b->open[i - 1].kind == GO_RANGE;
        b->optional |= b->open[i - 1].kind == GO_IF || b->open[i - 1].kind == GO_WITH;
    }
}

static bool add_raw(Builder *b, HelmPiece piece, GoTokenKind control)
{
    RawPiece *grown = arena_grow(b->arena, b->raw, b->raw_count, &b->raw_capacity,
                                 (size_t)b->raw_count + 1, sizeof *grown);

    if (!grown)
        return false;
    b->raw = grown;
    grown[b->raw_count] = (RawPiece){piece, control};
    if (!b->begun && prints(b, &grown[b->raw_count])) {
        b->begun = true;
        note_blocks(b);
    }
    b->raw_count++;
    return true;
}

/* --- the end of a line --- */

/* The end of the block that a control begins, on the line at hand; the line's end where it is not
 * on it. `*branches` tells of an `else`. */
static uint32_t find_end(const Builder *b, uint32_t at, bool *branches)
{
    uint32_t depth = 0;

    *branches = false;
    for (uint32_t i = at; i < b->raw_count && b->raw_count <= PIECES_MAX; i++) {
        GoTokenKind kind = b->raw[i].control;
        if (kind == GO_IF || kind == GO_WITH || kind == GO_RANGE || kind == GO_BLOCK)
            depth++;
        *branches |= kind == GO_ELSE && depth == 1;
        if (kind == GO_END && depth <= 1)
            return depth ? i : b->raw_count;
        depth -= kind == GO_END;
    }
    return b->raw_count;
}

static bool any_prints(const Builder *b, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        if (prints(b, &b->raw[i]))
            return true;
    return false;
}

/* What a condition or loop inside of a line prints is one piece that nobody knows. Those that hold
 * all of a line, or parts of others, are none. */
static void join_controls(Builder *b)
{
    uint32_t left = 0;

    for (uint32_t i = 0; i < b->raw_count; i++) {
        bool branches;
        uint32_t end;
        if (b->raw[i].control == GO_TEXT) {
            b->raw[left++] = b->raw[i];
            continue;
        }
        end = find_end(b, i, &branches);
        if (end == b->raw_count || !any_prints(b, i, end) ||
            (!branches && !any_prints(b, 0, left) && !any_prints(b, end, b->raw_count)))
            continue;
        b->raw[left++] =
            (RawPiece){{b->raw[i].piece.start, b->raw[end].piece.end, true, {"", 0}}, GO_TEXT};
        i = end;
    }
    b->raw_count = left;
}

static uint32_t blanks_at_start(Str text)
{
    uint32_t count = 0;

    while (count < text.size && (text.data[count] == ' ' || text.data[count] == '\t'))
        count++;
    return count;
}

/* Leaves out the blanks at both ends of the line at hand. */
static uint32_t trim_line(Builder *b, HelmPiece *pieces, uint32_t *indent)
{
    uint32_t count = 0;

    *indent = 0;
    for (uint32_t i = 0; i < b->raw_count; i++) {
        HelmPiece piece = b->raw[i].piece;
        uint32_t blanks = piece.printed ? 0 : blanks_at_start(text_of(b, &piece));
        if (count == 0) {
            *indent += blanks;
            piece.start += blanks;
        }
        if (piece.end > piece.start)
            pieces[count++] = piece;
    }
    while (count > 0 && !pieces[count - 1].printed) {
        HelmPiece *last = &pieces[count - 1];
        while (last->end > last->start && is_blank(str_sub(b->text, last->end - 1, 1)))
            last->end--;
        if (last->end > last->start)
            break;
        count--;
    }
    return count;
}

static uint32_t read_number(Str word)
{
    uint32_t number = 0;

    for (uint32_t i = 0; i < word.size && word.data[i] >= '0' && word.data[i] <= '9'; i++)
        number = number < 1000 ? number * 10 + (uint32_t)(word.data[i] - '0') : number;
    return number;
}

/* Whether a function gives texts of several lines. */
static bool is_spreading(Str word)
{
    static const Str words[] = {STR_INIT("include"),      STR_INIT("template"), STR_INIT("toYaml"),
                                STR_INIT("nindent"),      STR_INIT("indent"),   STR_INIT("tpl"),
                                STR_INIT("toPrettyJson"), STR_INIT("toToml")};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(word, words[i]))
            return true;
    return str_find(word, STR("Files.")) >= 0;
}

/* What the action at the end of a line says of the lines that it prints. */
static void read_action(HelmLine *line, const HelmPiece *piece)
{
    Str rest = piece->inner, word, before = {"", 0};

    line->spreads = piece->inner.size == 0;
    while (go_template_word(&rest, &word)) {
        line->spreads |= is_spreading(word);
        if (str_eq(before, STR("nindent")) || str_eq(before, STR("indent")))
            line->nested = read_number(word);
        else if ((str_eq(before, STR("include")) || str_eq(before, STR("template"))) &&
                 !line->included.size)
            go_template_string(word, &line->included);
        before = word;
    }
}

static bool end_line(Builder *b)
{
    HelmPart *part = part_of(b);
    HelmLine *grown,
        line = {.optional = b->optional, .looped = b->looped, .conditions = b->conditions};
    HelmPiece *pieces;

    join_controls(b);
    pieces = ARENA_ARRAY(b->arena, HelmPiece, b->raw_count + 1u);
    if (!pieces)
        return false;
    line.pieces = pieces;
    line.count = trim_line(b, pieces, &line.indent);
    b->raw_count = 0;
    b->begun = false;
    if (line.count == 0)
        return true;
    for (uint32_t i = 0; i < line.count; i++)
        line.text += pieces[i].printed ? 0 : str_trim(text_of(b, &pieces[i])).size;
    if (pieces[line.count - 1].printed)
        read_action(&line, &pieces[line.count - 1]);
    grown = arena_grow(b->arena, part->lines, part->count, &part->capacity, (size_t)part->count + 1,
                       sizeof *grown);
    if (!grown)
        return false;
    part->lines = grown;
    grown[part->count++] = line;
    return true;
}

/* --- tokens --- */

static bool begin_part(Builder *b, Str name)
{
    HelmParts *parts = b->parts;
    HelmPart *grown = arena_grow(b->arena, parts->items, parts->count, &parts->capacity,
                                 (size_t)parts->count + 1, sizeof *grown);

    if (!grown)
        return false;
    parts->items = grown;
    b->part = parts->count++;
    grown[b->part] = (HelmPart){.name = name, .source = b->source, .text = b->text};
    return true;
}

static bool add_text(Builder *b, uint32_t start, uint32_t end)
{
    for (uint32_t at = start; at < end;) {
        Str rest = str_sub(b->text, at, end - at);
        int64_t newline = str_find_char(rest, '\n');
        uint32_t stop = newline < 0 ? end : at + (uint32_t)newline;
        if (stop > at && !add_raw(b, (HelmPiece){at, stop, false, {"", 0}}, GO_TEXT))
            return false;
        if (newline < 0)
            return true;
        if (!end_line(b))
            return false;
        at = stop + 1;
    }
    return true;
}

static Str defined_name(Str inner)
{
    Str word, name = {"", 0};

    go_template_word(&inner, &word);
    if (go_template_word(&inner, &word))
        go_template_string(word, &name);
    return name;
}

static HelmCondition *condition_new(Arena *arena, Str inner, bool negated, HelmCondition *above)
{
    HelmCondition *condition = ARENA_NEW(arena, HelmCondition);

    if (condition)
        *condition = (HelmCondition){.above = above, .inner = inner, .negated = negated};
    return condition;
}

/* What follows the first word of an action. */
static Str without_keyword(Str inner)
{
    Str word;

    go_template_word(&inner, &word);
    return str_trim(inner);
}

static bool begin_block(Builder *b, const GoToken *token)
{
    Open open = {token->kind, b->part, part_of(b)->count + b->begun, {"", 0}, NULL, NULL};

    if (b->depth == LIMIT_DEPTH)
        return true;
    if (token->kind == GO_DEFINE && !end_line(b))
        return false;
    if (b->depth && token->kind != GO_DEFINE)
        open.above = b->open[b->depth - 1].now;
    open.now = open.above;
    open.inner = without_keyword(token->inner);
    if (token->kind != GO_DEFINE && token->kind != GO_BLOCK)
        open.now = condition_new(b->arena, open.inner, false, open.above);
    b->open[b->depth++] = open;
    return token->kind != GO_DEFINE || begin_part(b, defined_name(token->inner));
}

/* On to the branch of an `else`, which may ask again. */
static void turn(Builder *b, const GoToken *token)
{
    Open *open = b->depth ? &b->open[b->depth - 1] : NULL;
    Str rest = without_keyword(token->inner);

    if (!open || open->kind == GO_DEFINE)
        return;
    open->now = condition_new(b->arena, open->inner, true, open->above);
    if (!rest.size)
        return;
    open->inner = without_keyword(rest);
    open->above = open->now;
    open->now = condition_new(b->arena, open->inner, false, open->above);
}

static bool end_loop(Builder *b, uint32_t first)
{
    HelmPart *part = part_of(b);
    HelmLoop *grown;
    uint32_t end = part->count + b->begun;

    if (end <= first)
        return true;
    grown = arena_grow(b->arena, part->loops, part->loop_count, &part->loop_capacity,
                       (size_t)part->loop_count + 1, sizeof *grown);
    if (!grown)
        return false;
    part->loops = grown;
    grown[part->loop_count++] = (HelmLoop){first, end - 1};
    return true;
}

static bool end_block(Builder *b)
{
    Open open;

    if (b->depth == 0)
        return true;
    open = b->open[--b->depth];
    if (open.kind == GO_RANGE)
        return end_loop(b, open.first);
    if (open.kind != GO_DEFINE)
        return true;
    if (!end_line(b))
        return false;
    b->part = open.part;
    return true;
}

/* Whether the condition whose `else` comes next stands inside of a line: something is printed
 * before it. */
static bool is_inside(const Builder *b)
{
    uint32_t depth = 0, at = b->raw_count;

    if (b->raw_count > PIECES_MAX)
        return true;
    while (at > 0) {
        GoTokenKind kind = b->raw[--at].control;
        if (kind == GO_END)
            depth++;
        else if (kind != GO_TEXT && kind != GO_ELSE && depth-- == 0)
            return any_prints(b, 0, at);
    }
    return false;
}

static bool add_token(Builder *b, const GoToken *token)
{
    HelmPiece piece = {token->start, token->end, token->kind == GO_OUTPUT, token->inner};

    if (token->kind == GO_TEXT)
        return add_text(b, token->start, token->end);
    if (token->kind == GO_COMMENT)
        return true;
    if (token->kind == GO_END) {
        bool control = b->depth && b->open[b->depth - 1].kind != GO_DEFINE;
        return end_block(b) && (!control || add_raw(b, piece, GO_END));
    }
    /* `nindent` begins what it prints with the end of the line before. */
    if (token->kind == GO_OUTPUT && str_find(token->inner, STR("nindent")) >= 0 && !end_line(b))
        return false;
    /* What one branch prints is another line than what the other one does. */ if (token->kind ==
                                                                                   GO_ELSE) {
        bool inside = is_inside(b);
        if (inside ? !add_raw(b, piece, GO_ELSE) : !end_line(b))
            return false;
        turn(b, token);
        return true;
    }
    if (token->kind != GO_DEFINE &&
        !add_raw(b, piece, token->kind == GO_OUTPUT ? GO_TEXT : token->kind))
        return false;
    return token->kind == GO_OUTPUT || begin_block(b, token);
}

static bool holds(HelmCondition *condition, HelmAsk *ask, void *context)
{
    if (!condition->asked)
        condition->truth = ask(context, condition->inner);
    condition->asked = true;
    return condition->truth != (condition->negated ? HELM_TRUE : HELM_FALSE);
}

void helm_lines_decide(HelmPart *part, HelmAsk *ask, void *context)
{
    for (uint32_t t = 0; t < part->count; t++) {
        HelmLine *line = &part->lines[t];
        for (HelmCondition *c = line->conditions; c && !line->unprinted; c = c->above)
            line->unprinted = !holds(c, ask, context);
    }
}

bool helm_lines_read(Str text, uint32_t source, Arena *arena, HelmParts *parts)
{
    Builder *b = ARENA_NEW(arena, Builder);
    uint32_t count;
    const GoToken *tokens = go_template_read(text, arena, &count);

    if (!b || !tokens)
        return false;
    b->arena = arena;
    b->text = text;
    b->source = source;
    b->parts = parts;
    if (!begin_part(b, STR("")))
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (!add_token(b, &tokens[i]))
            return false;
    /* A definition that does not end has the last line, like any other. */
    return end_line(b);
}
