#include "base/regex.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/limits.h"

/* Machine code for a pattern takes PCRE2 tens of microseconds to make, which pays off after some
 * dozens of short texts. Until then it interprets. */
#define HEAT_OF_SEARCH 64u /* and a unit for each byte of the text */
#define HEAT_OF_CODE 8192u

/* Shared by the threads that use the pattern. */
typedef struct Fast {
    _Atomic uint32_t heat;
    _Atomic(pcre2_code *) code; /* with machine code; NULL until that is made */
} Fast;

struct Regex {
    bool literal;
    bool at_start;
    bool at_end;
    char *text; /* of a literal */
    uint32_t text_size;
    pcre2_code *code;
    pcre2_match_context *limits;
    uint32_t groups;
    Fast *fast;
};

static void *scratch_alloc(size_t size, void *arena)
{
    return arena_raw(arena, 1, size);
}

static void scratch_free(void *memory, void *arena)
{
    (void)memory;
    (void)arena;
}

static pcre2_code *compile(const RegexSyntax *syntax, char *error)
{
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_DOLLAR_ENDONLY |
                       PCRE2_ALT_CIRCUMFLEX | PCRE2_NEVER_BACKSLASH_C;
    pcre2_code *code = NULL;
    PCRE2_SIZE offset;
    int failure = PCRE2_ERROR_NOMEMORY;

    if (context && pcre2_set_newline(context, PCRE2_NEWLINE_LF) == 0)
        code = pcre2_compile((PCRE2_SPTR)syntax->pattern, syntax->size, options, &failure, &offset,
                             context);
    if (!code)
        pcre2_get_error_message(failure, (PCRE2_UCHAR *)error, REGEX_ERROR_SIZE);
    pcre2_compile_context_free(context);
    return code;
}

static bool prepare(Regex *regex, const RegexSyntax *syntax, char *error)
{
    regex->code = compile(syntax, error);
    if (!regex->code)
        return false;
    pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &regex->groups);
    regex->limits = pcre2_match_context_create(NULL);
    regex->fast = calloc(1, sizeof *regex->fast);
    if (!regex->limits || !regex->fast) {
        snprintf(error, REGEX_ERROR_SIZE, "out of memory");
        return false;
    }
    pcre2_set_match_limit(regex->limits, LIMIT_REGEX_MATCH);
    pcre2_set_depth_limit(regex->limits, LIMIT_REGEX_DEPTH);
    return true;
}

/* A literal needs no compiled pattern: its text is all. */
static Regex *finish(Regex *regex, RegexSyntax *syntax, char *error)
{
    regex->literal = syntax->literal;
    regex->at_start = syntax->at_start;
    regex->at_end = syntax->at_end;
    if (syntax->literal) {
        regex->text = syntax->text;
        regex->text_size = syntax->text_size;
        syntax->text = NULL;
        return regex;
    }
    if (prepare(regex, syntax, error))
        return regex;
    regex_free(regex);
    return NULL;
}

Regex *regex_new(Str pattern, char error[REGEX_ERROR_SIZE])
{
    RegexSyntax syntax = {.pattern = malloc(regex_syntax_room(pattern.size)),
                          .text = malloc((size_t)pattern.size + 1)};
    Regex *regex = calloc(1, sizeof(*regex));

    if (!syntax.pattern || !syntax.text || !regex)
        snprintf(error, REGEX_ERROR_SIZE, "out of memory");
    else if (regex_syntax_translate(pattern, &syntax, error))
        regex = finish(regex, &syntax, error), error = NULL;
    if (error) {
        free(regex);
        regex = NULL;
    }
    free(syntax.pattern);
    free(syntax.text);
    return regex;
}

void regex_free(Regex *regex)
{
    if (!regex)
        return;
    pcre2_code_free(regex->code);
    if (regex->fast)
        pcre2_code_free(atomic_load(&regex->fast->code));
    free(regex->fast);
    pcre2_match_context_free(regex->limits);
    free(regex->text);
    free(regex);
}

uint32_t regex_group_count(const Regex *regex)
{
    return regex->groups;
}

static RegexResult find_literal(const Regex *regex, Str text, uint32_t from, RegexSpan *span)
{
    Str wanted = {regex->text, regex->text_size};
    int64_t at;

    if (regex->at_start && (from > 0 || !str_starts(text, wanted)))
        return REGEX_NONE;
    if (regex->at_end) {
        if (!str_ends(text, wanted) || text.size - wanted.size < from)
            return REGEX_NONE;
        at = text.size - wanted.size;
        if (regex->at_start && at != 0)
            return REGEX_NONE;
    } else if (regex->at_start) {
        at = 0;
    } else {
        at = wanted.size == 0 ? 0 : str_find(str_from(text, from), wanted);
        if (at < 0)
            return REGEX_NONE;
        at += from;
    }
    *span = (RegexSpan){(uint32_t)at, (uint32_t)at + wanted.size};
    return REGEX_FOUND;
}

static void copy_spans(pcre2_match_data *data, RegexSpan *spans, uint32_t span_count)
{
    const PCRE2_SIZE *offsets = pcre2_get_ovector_pointer(data);
    uint32_t known = pcre2_get_ovector_count(data);

    for (uint32_t i = 0; i < span_count; i++) {
        bool set = i < known && offsets[2 * i] != PCRE2_UNSET;

        spans[i].start = set ? (uint32_t)offsets[2 * i] : UINT32_MAX;
        spans[i].end = set ? (uint32_t)offsets[2 * i + 1] : UINT32_MAX;
    }
}

/* Makes the machine code. Where two threads are at it, one keeps the other's. */
static const pcre2_code *heat_up(Fast *fast, const pcre2_code *code)
{
    pcre2_code *made = pcre2_code_copy(code), *first = NULL;

    if (!made)
        return code;
    pcre2_jit_compile(made, PCRE2_JIT_COMPLETE); /* without it, it is only slower */
    if (atomic_compare_exchange_strong(&fast->code, &first, made))
        return made;
    pcre2_code_free(made);
    return first;
}

/* What searches a text of that size best. */
static const pcre2_code *code_for(const Regex *regex, uint32_t size)
{
    Fast *fast = regex->fast;
    const pcre2_code *code = atomic_load_explicit(&fast->code, memory_order_acquire);
    uint32_t heat = HEAT_OF_SEARCH + (size < HEAT_OF_CODE ? size : HEAT_OF_CODE);

    if (code)
        return code;
    heat += atomic_fetch_add_explicit(&fast->heat, heat, memory_order_relaxed);
    return heat < HEAT_OF_CODE ? regex->code : heat_up(fast, regex->code);
}

/* A search in either way. The two count their work differently: where one gives up, the other has a
 * try, so that the answer is the same whichever is first. */
static int search(const Regex *regex, Str text, uint32_t from, pcre2_match_data *data)
{
    const pcre2_code *code = code_for(regex, text.size);
    PCRE2_SPTR subject = (PCRE2_SPTR)(text.data ? text.data : "");
    int result = pcre2_match(code, subject, text.size, from, 0, data, regex->limits);

    if (result >= PCRE2_ERROR_NOMATCH)
        return result;
    code = code == regex->code ? heat_up(regex->fast, code) : regex->code;
    return pcre2_match(code, subject, text.size, from, 0, data, regex->limits);
}

/* PCRE2's own memory comes from `scratch`, so that matching needs no lock and no malloc(). */
static RegexResult find_code(const Regex *regex, Str text, uint32_t from, Arena *scratch,
                             RegexSpan *spans, uint32_t span_count)
{
    pcre2_general_context *context =
        pcre2_general_context_create(scratch_alloc, scratch_free, scratch);
    pcre2_match_data *data =
        context ? pcre2_match_data_create(span_count ? span_count : 1, context) : NULL;
    int result;

    if (!data)
        return REGEX_FAILED;
    result = search(regex, text, from, data);
    if (result >= 0)
        copy_spans(data, spans, span_count);
    return result >= 0 ? REGEX_FOUND : result == PCRE2_ERROR_NOMATCH ? REGEX_NONE : REGEX_FAILED;
}

RegexResult regex_find(const Regex *regex, Str text, uint32_t from, Arena *scratch,
                       RegexSpan *spans, uint32_t span_count)
{
    RegexResult result;
    RegexSpan literal;
    size_t mark;

    if (from > text.size)
        return REGEX_NONE;
    if (regex->literal) {
        result = find_literal(regex, text, from, &literal);
        if (result == REGEX_FOUND && span_count > 0)
            spans[0] = literal;
        return result;
    }
    mark = arena_mark(scratch);
    result = find_code(regex, text, from, scratch, spans, span_count);
    arena_rewind(scratch, mark);
    return result;
}
