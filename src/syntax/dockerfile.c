#include "syntax/dockerfile.h"

#include "base/buf.h"
#include "syntax/docker_json.h"
#include "syntax/docker_lines.h"

/* ONBUILD inside ONBUILD is refused by the builder; it is read so far to say what is inside. */
enum { NESTED_MAX = 4 };

typedef struct Reader {
    DockerLines lines;
    Arena *arena;
    DiagSink *diags;
    const Source *source;
    char escape;
} Reader;

static const struct {
    Str name;
    DockerForm form;
} ops[DOCKER_OP_COUNT] = {
#define DOCKER(name, form) [DOCKER_##name] = {STR_INIT(#name), DOCKER_FORM_##form},
#include "syntax/docker_ops.def"
#undef DOCKER
};

Str docker_op_name(DockerOp op)
{
    return op < DOCKER_OP_COUNT ? ops[op].name : (Str){"", 0};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r' || c == '\n';
}

static uint32_t skip_blanks(Str text, uint32_t at)
{
    while (at < text.size && is_blank(text.data[at]))
        at++;
    return at;
}

static uint32_t skip_word(Str text, uint32_t at)
{
    while (at < text.size && !is_blank(text.data[at]))
        at++;
    return at;
}

/* The end of a word in which blanks may stand between quotes or after the escape character. */
static uint32_t skip_quoted_word(const Reader *r, Str text, uint32_t at)
{
    char quote = 0;

    for (; at < text.size; at++) {
        char c = text.data[at];
        if (c == r->escape && quote != '\'' && at + 1 < text.size)
            at++;
        else if (quote && c == quote)
            quote = 0;
        else if (!quote && (c == '"' || c == '\''))
            quote = c;
        else if (!quote && is_blank(c))
            break;
    }
    return at;
}

static DockerWord word_at(const MappedText *text, uint32_t start, uint32_t end)
{
    return (DockerWord){str_sub(text->text, start, end - start), mapped_span(text, start, end)};
}

static MappedText trimmed(const MappedText *text, uint32_t start)
{
    uint32_t end = text->text.size;

    start = skip_blanks(text->text, start);
    while (end > start && is_blank(text->text.data[end - 1]))
        end--;
    return mapped_sub(text, start, end);
}

static DockerOp find_op(Str keyword)
{
    for (uint32_t op = 1; op < DOCKER_OP_COUNT; op++)
        if (str_eq_nocase(keyword, ops[op].name))
            return (DockerOp)op;
    return DOCKER_UNKNOWN;
}

static Str upper(Arena *arena, Str text)
{
    Buf buf = buf_new(arena);

    for (uint32_t i = 0; i < text.size; i++)
        buf_add_char(&buf, text.data[i] >= 'a' && text.data[i] <= 'z' ? (char)(text.data[i] - 32)
                                                                      : text.data[i]);
    return buf_str(&buf);
}

static void report_unknown(Reader *r, const DockerInstr *instr)
{
    Str names[DOCKER_OP_COUNT];
    Str near = {"", 0};
    uint32_t shown = instr->keyword.size < 40 ? instr->keyword.size : 40;
    Diag *diag;

    for (uint32_t op = 1; op < DOCKER_OP_COUNT; op++)
        names[op - 1] = ops[op].name;
    if (instr->keyword.size <= 40)
        near = str_nearest(upper(r->arena, instr->keyword), names, DOCKER_OP_COUNT - 1);
    diag = diag_error(r->diags, DIAG_DOCKER_SYNTAX, instr->keyword_span, "unknown instruction %.*s",
                      (int)shown, instr->keyword.data);
    if (near.size)
        diag_help(r->diags, diag, "Did you mean %.*s?", STR_ARG(near));
}

static bool report(Reader *r, const DockerInstr *instr, const char *what)
{
    diag_error(r->diags, DIAG_DOCKER_SYNTAX, instr->line, "%.*s %s",
               STR_ARG(docker_op_name(instr->op)), what);
    return false;
}

typedef struct WordList {
    DockerWord *items;
    uint32_t count;
    uint32_t capacity;
} WordList;

static bool add_word(Reader *r, WordList *list, DockerWord word)
{
    DockerWord *items = arena_grow(r->arena, list->items, list->count, &list->capacity,
                                   list->count + 1u, sizeof *items);

    if (!items)
        return false;
    list->items = items;
    items[list->count++] = word;
    return true;
}

/* --name=value, --name; at `*at`, which is moved past it. */
static bool add_flag(Reader *r, DockerInstr *instr, const MappedText *text, uint32_t *at,
                     uint32_t *capacity)
{
    uint32_t start = *at, end = skip_quoted_word(r, text->text, start);
    Str written = str_sub(text->text, start + 2, end - start - 2);
    int64_t equals = str_find_char(written, '=');
    uint32_t name_size = equals < 0 ? written.size : (uint32_t)equals;
    DockerFlag *flags = arena_grow(r->arena, instr->flags, instr->flag_count, capacity,
                                   instr->flag_count + 1u, sizeof *flags);
    DockerFlag flag = {.name = str_sub(written, 0, name_size),
                       .has_value = equals >= 0,
                       .span = mapped_span(text, start, end)};

    if (!flags)
        return false;
    if (flag.has_value) {
        flag.value = str_from(written, name_size + 1);
        flag.value_span = mapped_span(text, start + 3 + name_size, end);
    } else {
        flag.value = (Str){"", 0};
        flag.value_span = flag.span;
    }
    instr->flags = flags;
    flags[instr->flag_count++] = flag;
    *at = end;
    return true;
}

/* The flags before the arguments; `--` alone ends them. Returns where the arguments begin. */
static uint32_t read_flags(Reader *r, DockerInstr *instr, const MappedText *text, uint32_t at)
{
    uint32_t capacity = 0;

    for (;;) {
        at = skip_blanks(text->text, at);
        if (!str_starts(str_from(text->text, at), STR("--")))
            return at;
        if (skip_word(text->text, at) == at + 2)
            return at + 2;
        if (!add_flag(r, instr, text, &at, &capacity))
            return at;
    }
}

static bool read_list(Reader *r, DockerInstr *instr)
{
    WordList list = {0};
    Str text = instr->text.text;

    for (uint32_t at = skip_blanks(text, 0); at < text.size; at = skip_blanks(text, at)) {
        uint32_t end = skip_word(text, at);
        if (!add_word(r, &list, word_at(&instr->text, at, end)))
            return false;
        at = end;
    }
    instr->words = list.items;
    instr->word_count = list.count;
    return true;
}

static bool read_json(Reader *r, DockerInstr *instr)
{
    return docker_json_read(&instr->text, r->arena, &instr->words, &instr->word_count);
}

static bool add_pair(Reader *r, DockerInstr *instr, uint32_t *capacity, DockerPair pair)
{
    DockerPair *pairs = arena_grow(r->arena, instr->pairs, instr->pair_count, capacity,
                                   instr->pair_count + 1u, sizeof *pairs);

    if (!pairs)
        return false;
    instr->pairs = pairs;
    pairs[instr->pair_count++] = pair;
    return true;
}

/* `ENV NAME the rest of the line`, the old way to write one pair. */
static bool read_single_pair(Reader *r, DockerInstr *instr, uint32_t name_end)
{
    uint32_t capacity = 0, size = instr->text.text.size;
    uint32_t start = skip_blanks(instr->text.text, name_end);
    DockerPair pair = {.name = word_at(&instr->text, 0, name_end),
                       .value = word_at(&instr->text, start, size),
                       .has_value = true};

    if (start >= size)
        return report(r, instr, "needs a name and a value");
    return add_pair(r, instr, &capacity, pair);
}

static bool read_pairs(Reader *r, DockerInstr *instr)
{
    Str text = instr->text.text;
    uint32_t capacity = 0;

    for (uint32_t at = skip_blanks(text, 0); at < text.size; at = skip_blanks(text, at)) {
        uint32_t end = skip_quoted_word(r, text, at);
        int64_t equals = str_find_char(str_sub(text, at, end - at), '=');
        uint32_t name_end = equals < 0 ? end : at + (uint32_t)equals;
        DockerPair pair = {.name = word_at(&instr->text, at, name_end), .has_value = equals >= 0};

        if (equals < 0 && instr->op != DOCKER_ARG) {
            if (at == 0)
                return read_single_pair(r, instr, end);
            diag_error(r->diags, DIAG_DOCKER_SYNTAX, pair.name.span, "%.*s needs name=value here",
                       STR_ARG(docker_op_name(instr->op)));
        } else {
            pair.value = equals < 0 ? (DockerWord){{"", 0}, pair.name.span}
                                    : word_at(&instr->text, name_end + 1, end);
            if (!add_pair(r, instr, &capacity, pair))
                return false;
        }
        at = end;
    }
    return true;
}

static bool read_text(Reader *r, DockerInstr *instr)
{
    WordList list = {0};

    if (instr->text.text.size == 0)
        return report(r, instr, "needs an argument");
    if (!add_word(r, &list, word_at(&instr->text, 0, instr->text.text.size)))
        return false;
    instr->words = list.items;
    instr->word_count = list.count;
    return true;
}

static bool read_health(Reader *r, DockerInstr *instr)
{
    uint32_t end = skip_word(instr->text.text, 0);
    Str kind = str_sub(instr->text.text, 0, end);

    if (!str_eq_nocase(kind, STR("NONE")) && !str_eq_nocase(kind, STR("CMD")))
        return report(r, instr, "needs NONE or CMD");
    instr->health = word_at(&instr->text, 0, end);
    instr->text = trimmed(&instr->text, end);
    instr->exec_form = str_eq_nocase(kind, STR("CMD")) && read_json(r, instr);
    return true;
}

static DockerInstr *read_instr(Reader *r, const MappedText *text, uint32_t depth);

static bool read_nested(Reader *r, DockerInstr *instr, uint32_t depth)
{
    if (instr->text.text.size == 0)
        return report(r, instr, "needs an instruction");
    if (depth >= NESTED_MAX)
        return report(r, instr, "is nested too deeply");
    instr->nested = read_instr(r, &instr->text, depth + 1);
    if (!instr->nested)
        return false;
    instr->heredocs = instr->nested->heredocs;
    instr->heredoc_count = instr->nested->heredoc_count;
    return true;
}

static bool read_arguments(Reader *r, DockerInstr *instr, uint32_t depth)
{
    switch (ops[instr->op].form) {
    case DOCKER_FORM_LIST_OR_JSON:
        instr->exec_form = read_json(r, instr);
        return instr->exec_form || read_list(r, instr);
    case DOCKER_FORM_LIST:
        return read_list(r, instr);
    case DOCKER_FORM_PAIRS:
        return read_pairs(r, instr);
    case DOCKER_FORM_TEXT:
        return read_text(r, instr);
    case DOCKER_FORM_COMMAND:
        instr->exec_form = read_json(r, instr);
        return true;
    case DOCKER_FORM_HEALTH:
        return read_health(r, instr);
    case DOCKER_FORM_NESTED:
        return read_nested(r, instr, depth);
    }
    return true;
}

static bool has_heredocs(const DockerInstr *instr)
{
    return (instr->op == DOCKER_RUN || instr->op == DOCKER_COPY || instr->op == DOCKER_ADD) &&
           !instr->exec_form;
}

/* The name of a heredoc without its quotes and escapes. */
static Str heredoc_name(Reader *r, Str written)
{
    Buf buf = buf_new(r->arena);

    for (uint32_t i = 0; i < written.size; i++) {
        char c = written.data[i];
        if (c == r->escape && i + 1 < written.size)
            buf_add_char(&buf, written.data[++i]);
        else if (c != '"' && c != '\'')
            buf_add_char(&buf, c);
    }
    return buf_str(&buf);
}

/* Digits, `<<`, `-` or nothing, and a name without `<`: BuildKit's idea of a heredoc. */
static bool parse_heredoc(Reader *r, Str word, DockerHeredoc *doc)
{
    uint32_t at = 0;

    while (at < word.size && word.data[at] >= '0' && word.data[at] <= '9')
        at++;
    if (!str_starts(str_from(word, at), STR("<<")))
        return false;
    at += 2;
    doc->strip_tabs = at < word.size && word.data[at] == '-';
    at += doc->strip_tabs;
    word = str_from(word, at);
    if (word.size == 0 || str_find_char(word, '<') >= 0)
        return false;
    doc->name = heredoc_name(r, word);
    doc->expands = str_eq(doc->name, word);
    return doc->name.size > 0;
}

static bool ends_heredoc(const DockerHeredoc *doc, Str line)
{
    while (doc->strip_tabs && line.size && line.data[0] == '\t')
        line = str_from(line, 1);
    return str_eq(line, doc->name);
}

static bool read_heredoc_body(Reader *r, DockerInstr *instr, DockerHeredoc *doc)
{
    uint32_t start = r->lines.at, end = start;
    OffsetStep *step = ARENA_NEW(r->arena, OffsetStep);
    bool found = false;
    Str line;

    if (!step)
        return false;
    while (!found && docker_lines_raw(&r->lines, &line)) {
        found = ends_heredoc(doc, line);
        if (!found)
            end = r->lines.at;
        else
            instr->span.end = (uint32_t)(line.data - r->source->text.data) + line.size;
    }
    if (!found) {
        instr->span.end = end;
        diag_error(r->diags, DIAG_DOCKER_SYNTAX, doc->mark.span, "the heredoc %.*s has no end",
                   STR_ARG(doc->name));
    }
    step->there = start;
    doc->body = (MappedText){
        str_sub(r->source->text, start, end - start), 0, {r->source->number, start, end}, step, 1};
    return true;
}

static bool add_heredoc(Reader *r, DockerInstr *instr, uint32_t *capacity, DockerHeredoc doc)
{
    DockerHeredoc *docs = arena_grow(r->arena, instr->heredocs, instr->heredoc_count, capacity,
                                     instr->heredoc_count + 1u, sizeof *docs);

    if (!docs)
        return false;
    instr->heredocs = docs;
    docs[instr->heredoc_count++] = doc;
    return true;
}

static bool read_heredocs(Reader *r, DockerInstr *instr)
{
    Str text = instr->text.text;
    uint32_t capacity = 0;

    if (str_find(text, STR("<<")) < 0)
        return true;
    for (uint32_t at = skip_blanks(text, 0); at < text.size; at = skip_blanks(text, at)) {
        uint32_t end = skip_quoted_word(r, text, at);
        DockerHeredoc doc = {.mark = word_at(&instr->text, at, end)};
        if (parse_heredoc(r, doc.mark.text, &doc) &&
            (!read_heredoc_body(r, instr, &doc) || !add_heredoc(r, instr, &capacity, doc)))
            return false;
        at = end;
    }
    return true;
}

static bool check_arguments(Reader *r, const DockerInstr *instr)
{
    DockerForm form = ops[instr->op].form;

    if (instr->op == DOCKER_FROM && instr->word_count == 0)
        return report(r, instr, "names no image");
    if ((instr->op == DOCKER_COPY || instr->op == DOCKER_ADD) && instr->word_count < 2)
        return report(r, instr, "needs a source and a destination");
    if ((form == DOCKER_FORM_LIST || form == DOCKER_FORM_LIST_OR_JSON) && instr->word_count == 0)
        return report(r, instr, "needs an argument");
    if (form == DOCKER_FORM_PAIRS && instr->pair_count == 0 && instr->text.text.size == 0)
        return report(r, instr, "needs an argument");
    if (instr->op == DOCKER_SHELL && !instr->exec_form)
        return report(r, instr, "needs a JSON array of strings");
    return true;
}

static void set_line(const Reader *r, DockerInstr *instr)
{
    Str rest = str_from(r->source->text, instr->span.start);
    const char *end = memchr(rest.data, '\n', rest.size);
    uint32_t size = end ? (uint32_t)(end - rest.data) : rest.size;

    while (size && is_blank(rest.data[size - 1]))
        size--;
    instr->line = instr->span;
    if (instr->line.end > instr->line.start + size)
        instr->line.end = instr->line.start + size;
}

static DockerInstr *read_instr(Reader *r, const MappedText *text, uint32_t depth)
{
    uint32_t end = skip_word(text->text, 0);
    DockerInstr *instr = ARENA_NEW(r->arena, DockerInstr);

    if (!instr)
        return NULL;
    instr->keyword = str_sub(text->text, 0, end);
    instr->keyword_span = mapped_span(text, 0, end);
    instr->span = mapped_span(text, 0, text->text.size);
    instr->op = find_op(instr->keyword);
    set_line(r, instr);
    if (instr->op == DOCKER_UNKNOWN) {
        report_unknown(r, instr);
        return NULL;
    }
    instr->text = trimmed(text, read_flags(r, instr, text, end));
    if (!read_arguments(r, instr, depth) || !check_arguments(r, instr))
        return NULL;
    if (has_heredocs(instr) && !read_heredocs(r, instr))
        return NULL;
    if (instr->nested)
        instr->span.end = instr->nested->span.end;
    return instr;
}

Dockerfile *dockerfile_read(const Source *source, Arena *arena, DiagSink *diags)
{
    Dockerfile *file = ARENA_NEW(arena, Dockerfile);
    Reader r = {.arena = arena, .diags = diags, .source = source};
    DockerInstr **tail;
    MappedText text;

    if (!file)
        return NULL;
    r.lines = docker_lines_new(source, file, arena, diags);
    r.escape = file->escape;
    tail = &file->first;
    while (docker_lines_next(&r.lines, &text)) {
        MappedText rest = trimmed(&text, 0);
        DockerInstr *instr = rest.text.size ? read_instr(&r, &rest, 0) : NULL;
        if (instr) {
            *tail = instr;
            tail = &instr->next;
            file->count++;
        }
    }
    return arena_spent(arena) ? NULL : file;
}
