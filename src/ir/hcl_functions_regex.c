#include "base/regex.h"
#include "ir/hcl_functions_parts.h"

#define GROUPS_MAX 64u

typedef struct Pattern {
    Regex *regex;
    uint32_t groups;
    Str names[GROUPS_MAX + 1]; /* of groups from 1 on; empty where a group has none */
    bool named;
} Pattern;

/* The names of the groups, by counting the parentheses that open one. */
static void find_names(Str pattern, Pattern *out)
{
    uint32_t group = 0;
    bool in_class = false;

    for (uint32_t i = 0; i < pattern.size; i++) {
        Str rest = str_from(pattern, i);
        int64_t end;
        if (*rest.data == '\\') {
            i++;
        } else if (*rest.data == '[') {
            in_class = true;
        } else if (*rest.data == ']') {
            in_class = false;
        } else if (!in_class && *rest.data == '(' && group < GROUPS_MAX) {
            bool named = str_starts(rest, STR("(?P<")) || str_starts(rest, STR("(?<"));
            if (!named && str_starts(rest, STR("(?")))
                continue;
            group++;
            end = named ? str_find_char(rest, '>') : -1;
            if (end > 0) {
                uint32_t from = (uint32_t)str_find_char(rest, '<') + 1;
                out->names[group] = str_sub(rest, from, (uint32_t)end - from);
                out->named = true;
            }
        }
    }
}

static bool compile(HclEval *eval, const HclCall *call, Str text, Pattern *pattern)
{
    char error[REGEX_ERROR_SIZE];

    *pattern = (Pattern){0};
    if (!hcl_work(eval, 50, call->at))
        return false;
    pattern->regex = regex_new(text, error);
    if (!pattern->regex) {
        hcl_fail(eval, call->at, "\"%.*s\" is no pattern: %s", STR_ARG(text), error);
        return false;
    }
    pattern->groups = regex_group_count(pattern->regex);
    if (pattern->groups > GROUPS_MAX) {
        regex_free(pattern->regex);
        hcl_fail(eval, call->at, "the pattern has too many groups");
        return false;
    }
    find_names(text, pattern);
    return true;
}

static Node group_text(const HclCall *call, Str text, RegexSpan span)
{
    if (span.start == UINT32_MAX)
        return node_make_null(call->at);
    return node_make_string(call->at, str_sub(text, span.start, span.end - span.start));
}

/* A match in its form: a text, a list of groups, a map of named ones. */
static Node match_value(HclEval *eval, const HclCall *call, const Pattern *pattern, Str text,
                        const RegexSpan *spans)
{
    HclMap map = hcl_map_new(eval->arena, eval->symbols);
    Node *items;

    if (pattern->groups == 0)
        return group_text(call, text, spans[0]);
    if (pattern->named) {
        for (uint32_t i = 1; i <= pattern->groups; i++)
            if (pattern->names[i].size)
                hcl_map_put(&map, pattern->names[i], call->at, group_text(call, text, spans[i]));
        return hcl_map_done(&map, call->at);
    }
    items = hcl_items(eval, call, pattern->groups);
    for (uint32_t i = 0; items && i < pattern->groups; i++)
        items[i] = group_text(call, text, spans[i + 1]);
    return hcl_list_result(eval, call, items, pattern->groups);
}

static RegexResult find(HclEval *eval, const Pattern *pattern, Str text, uint32_t from,
                        RegexSpan *spans)
{
    return regex_find(pattern->regex, text, from, eval->arena, spans, pattern->groups + 1);
}

Node hcl_fn_regex(HclEval *eval, const HclCall *call)
{
    RegexSpan spans[GROUPS_MAX + 1];
    Pattern pattern;
    Str text, source;
    Node result;

    if (!hcl_arg_text(eval, call, 0, &source) || !hcl_arg_text(eval, call, 1, &text) ||
        !compile(eval, call, source, &pattern))
        return hcl_failed(eval, call);
    if (find(eval, &pattern, text, 0, spans) == REGEX_FOUND)
        result = match_value(eval, call, &pattern, text, spans);
    else
        result = hcl_fail(eval, call->at, "the pattern matches nothing in \"%.*s\"",
                          STR_ARG(str_sub(text, 0, 60)));
    regex_free(pattern.regex);
    return result;
}

/* Where to search on after a match; an empty one must not be found again. */
static uint32_t after(Str text, RegexSpan span)
{
    uint32_t next = span.end;

    if (span.end > span.start)
        return next;
    do
        next++;
    while (next < text.size && ((unsigned char)text.data[next] & 0xc0) == 0x80);
    return next;
}

Node hcl_fn_regexall(HclEval *eval, const HclCall *call)
{
    RegexSpan spans[GROUPS_MAX + 1];
    uint32_t count = 0, capacity = 0, from = 0;
    Node *items = hcl_items(eval, call, 1), *grown;
    Pattern pattern;
    Str text, source;

    if (!hcl_arg_text(eval, call, 0, &source) || !hcl_arg_text(eval, call, 1, &text) ||
        !compile(eval, call, source, &pattern))
        return hcl_failed(eval, call);
    while (from <= text.size && hcl_work(eval, 1, call->at) &&
           find(eval, &pattern, text, from, spans) == REGEX_FOUND) {
        Node match = match_value(eval, call, &pattern, text, spans);
        grown = arena_grow(eval->arena, capacity ? items : NULL, count, &capacity,
                           (size_t)count + 1, sizeof *items);
        if (!grown)
            break;
        items = grown;
        items[count++] = match;
        from = after(text, spans[0]);
    }
    regex_free(pattern.regex);
    return hcl_list_result(eval, call, items, count);
}

/* --- replace --- */

static bool is_name(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static void add_group(Buf *buf, const Pattern *pattern, Str name, Str text, const RegexSpan *spans)
{
    uint32_t number = 0, i = 0;

    while (i < name.size && name.data[i] >= '0' && name.data[i] <= '9' && number < 1000)
        number = number * 10 + (uint32_t)(name.data[i++] - '0');
    if (i < name.size || name.size == 0)
        for (number = 1; number <= pattern->groups; number++)
            if (str_eq(pattern->names[number], name))
                break;
    if (number <= pattern->groups && spans[number].start != UINT32_MAX)
        buf_add(buf, str_sub(text, spans[number].start, spans[number].end - spans[number].start));
}

/* Adds `with`, in which $1, ${1} and ${name} stand for groups. */
static void add_replacement(Buf *buf, const Pattern *pattern, Str with, Str text,
                            const RegexSpan *spans)
{
    for (uint32_t i = 0; i < with.size;) {
        uint32_t end;
        bool braces = i + 1 < with.size && with.data[i + 1] == '{';
        uint32_t start = i + 1 + braces;
        for (end = start; end < with.size && is_name(with.data[end]); end++)
            continue;
        if (with.data[i] != '$') {
            buf_add_char(buf, with.data[i++]);
        } else if (i + 1 < with.size && with.data[i + 1] == '$') {
            buf_add_char(buf, '$');
            i += 2;
        } else if (end == start || (braces && (end >= with.size || with.data[end] != '}'))) {
            buf_add_char(buf, with.data[i++]);
        } else {
            add_group(buf, pattern, str_sub(with, start, end - start), text, spans);
            i = end + braces;
        }
    }
}

static Node replace_pattern(HclEval *eval, const HclCall *call, Str text, Str source, Str with)
{
    RegexSpan spans[GROUPS_MAX + 1];
    Buf buf = buf_new(eval->arena);
    uint32_t from = 0, copied = 0;
    Pattern pattern;

    if (!compile(eval, call, source, &pattern))
        return hcl_failed(eval, call);
    while (from <= text.size && buf.size < LIMIT_HCL_TEXT && hcl_work(eval, 1, call->at) &&
           find(eval, &pattern, text, from, spans) == REGEX_FOUND) {
        buf_add(&buf, str_sub(text, copied, spans[0].start - copied));
        add_replacement(&buf, &pattern, with, text, spans);
        copied = spans[0].end;
        from = after(text, spans[0]);
    }
    regex_free(pattern.regex);
    buf_add(&buf, str_from(text, copied));
    return hcl_text_result(eval, call, buf_str(&buf));
}

static Node replace_text(HclEval *eval, const HclCall *call, Str text, Str part, Str with)
{
    Buf buf = buf_new(eval->arena);
    int64_t at;

    while (part.size && (at = str_find(text, part)) >= 0 && buf.size < LIMIT_HCL_TEXT) {
        buf_add(&buf, str_sub(text, 0, (uint32_t)at));
        buf_add(&buf, with);
        text = str_from(text, (uint32_t)at + part.size);
    }
    /* Between all characters, as Go's strings.ReplaceAll has it. */
    while (part.size == 0 && text.size && buf.size < LIMIT_HCL_TEXT) {
        buf_add(&buf, with);
        do {
            buf_add_char(&buf, *text.data);
            text = str_from(text, 1);
        } while (text.size && ((unsigned char)*text.data & 0xc0) == 0x80);
    }
    buf_add(&buf, part.size ? text : with);
    return hcl_text_result(eval, call, buf_str(&buf));
}

Node hcl_fn_replace(HclEval *eval, const HclCall *call)
{
    Str text, part, with;

    if (!hcl_arg_text(eval, call, 0, &text) || !hcl_arg_text(eval, call, 1, &part) ||
        !hcl_arg_text(eval, call, 2, &with))
        return hcl_failed(eval, call);
    if (part.size > 1 && part.data[0] == '/' && part.data[part.size - 1] == '/')
        return replace_pattern(eval, call, text, str_sub(part, 1, part.size - 2), with);
    return replace_text(eval, call, text, part, with);
}
