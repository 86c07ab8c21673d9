#include "syntax/docker_lines.h"

#include "base/buf.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

static Str trim_left(Str s)
{
    uint32_t i = 0;

    while (i < s.size && is_blank(s.data[i]))
        i++;
    return str_from(s, i);
}

static Str trim_right(Str s)
{
    while (s.size && is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

static uint32_t offset_of(const DockerLines *lines, Str part)
{
    return (uint32_t)(part.data - lines->source->text.data);
}

static Span span_of(const DockerLines *lines, Str part)
{
    uint32_t start = offset_of(lines, part);

    return (Span){lines->source->number, start, start + part.size};
}

bool docker_lines_raw(DockerLines *lines, Str *line)
{
    Str rest = str_from(lines->source->text, lines->at);
    const char *end;

    if (rest.size == 0)
        return false;
    end = memchr(rest.data, '\n', rest.size);
    *line = end ? str_range(rest.data, end) : rest;
    lines->at += line->size + (end ? 1u : 0u);
    if (line->size && line->data[line->size - 1] == '\r')
        line->size--;
    return true;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* `# name = value`, as BuildKit's parser directives are written. */
static bool split_directive(Str line, Str *name, Str *value)
{
    Str rest = trim_left(line);
    uint32_t size = 0;

    if (rest.size == 0 || rest.data[0] != '#')
        return false;
    rest = trim_left(str_from(rest, 1));
    while (size < rest.size && is_word(rest.data[size]))
        size++;
    *name = str_sub(rest, 0, size);
    rest = trim_left(str_from(rest, size));
    if (size == 0 || rest.size == 0 || rest.data[0] != '=')
        return false;
    *value = trim_right(trim_left(str_from(rest, 1)));
    return value->size > 0;
}

static bool read_directive(DockerLines *lines, Str line)
{
    Str name, value;

    if (!split_directive(line, &name, &value))
        return false;
    if (str_eq_nocase(name, STR("syntax"))) {
        lines->file->syntax = (DockerWord){value, span_of(lines, value)};
    } else if (str_eq_nocase(name, STR("check"))) {
        lines->file->check = (DockerWord){value, span_of(lines, value)};
    } else if (str_eq_nocase(name, STR("escape"))) {
        if (value.size == 1 && (value.data[0] == '\\' || value.data[0] == '`'))
            lines->file->escape = value.data[0];
        else
            diag_error(lines->diags, DIAG_DOCKER_SYNTAX, span_of(lines, value),
                       "the escape character must be \\ or `");
    } else {
        return false;
    }
    return true;
}

DockerLines docker_lines_new(const Source *source, Dockerfile *file, Arena *arena, DiagSink *diags)
{
    DockerLines lines = {source, arena, diags, file, 0, 0};
    uint32_t before;
    Str line;

    file->escape = '\\';
    if (str_starts(source->text, STR("\xef\xbb\xbf")))
        lines.at = 3;
    before = lines.at;
    if (docker_lines_raw(&lines, &line) && str_starts(line, STR("#!")))
        before = lines.at;
    lines.at = before;
    while (docker_lines_raw(&lines, &line) && read_directive(&lines, line))
        before = lines.at;
    lines.at = before;
    return lines;
}

static void add_comment(DockerLines *lines, Str line)
{
    Dockerfile *file = lines->file;
    DockerComment *comments =
        arena_grow(lines->arena, file->comments, file->comment_count, &lines->comment_capacity,
                   file->comment_count + 1u, sizeof *comments);

    if (!comments)
        return;
    file->comments = comments;
    line = trim_right(line);
    comments[file->comment_count++] = (DockerComment){line, span_of(lines, line)};
}

/* Whether `line` goes on in the next one: it ends in the escape character, blanks after it allowed,
 * and that is not escaped itself. Cuts both off. */
static bool cut_continuation(const DockerLines *lines, Str *line)
{
    uint32_t size = line->size;
    char escape = lines->file->escape;

    while (size && (line->data[size - 1] == ' ' || line->data[size - 1] == '\t'))
        size--;
    if (size == 0 || line->data[size - 1] != escape)
        return false;
    if (size > 1 && line->data[size - 2] == escape)
        return false;
    line->size = size - 1;
    return true;
}

/* The first line of an instruction: neither empty nor a comment. */
static bool first_line(DockerLines *lines, Str *line)
{
    while (docker_lines_raw(lines, line)) {
        *line = trim_left(*line);
        if (line->size && line->data[0] == '#')
            add_comment(lines, *line);
        else if (line->size)
            return true;
    }
    return false;
}

/* The next line that continues an instruction. Comments between are passed over, and so are empty
 * lines, which BuildKit still takes with a warning. */
static bool continued_line(DockerLines *lines, Str *line)
{
    while (docker_lines_raw(lines, line)) {
        Str trimmed = trim_left(*line);
        if (trimmed.size && trimmed.data[0] == '#')
            add_comment(lines, trimmed);
        else if (trimmed.size)
            return true;
    }
    return false;
}

typedef struct Joined {
    Buf text;
    OffsetStep *steps;
    uint32_t count;
    uint32_t capacity;
} Joined;

static bool join_line(DockerLines *lines, Joined *joined, Str line)
{
    OffsetStep *steps = arena_grow(lines->arena, joined->steps, joined->count, &joined->capacity,
                                   joined->count + 1u, sizeof *steps);

    if (!steps)
        return false;
    joined->steps = steps;
    steps[joined->count++] = (OffsetStep){joined->text.size, offset_of(lines, line)};
    buf_add(&joined->text, line);
    return !arena_spent(lines->arena);
}

static bool one_line(DockerLines *lines, Str line, MappedText *text)
{
    OffsetStep *step = ARENA_NEW(lines->arena, OffsetStep);

    if (!step)
        return false;
    step->there = offset_of(lines, line);
    *text = (MappedText){line, 0, span_of(lines, line), step, 1};
    return true;
}

bool docker_lines_next(DockerLines *lines, MappedText *text)
{
    Joined joined = {.text = buf_new(lines->arena)};
    bool more;
    Str line;

    if (!first_line(lines, &line))
        return false;
    more = cut_continuation(lines, &line);
    if (!more)
        return one_line(lines, trim_right(line), text);
    if (!join_line(lines, &joined, line))
        return false;
    while (more && continued_line(lines, &line)) {
        more = cut_continuation(lines, &line);
        if (!join_line(lines, &joined, more ? line : trim_right(line)))
            return false;
    }
    *text =
        (MappedText){buf_str(&joined.text), 0, span_of(lines, line), joined.steps, joined.count};
    text->whole = mapped_span(text, 0, text->text.size);
    return true;
}
