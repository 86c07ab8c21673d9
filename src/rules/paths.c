#include "rules/paths.h"

/* Keys of tests among which a misspelt field is looked for. */
#define MOST_WORDS 256u

/* A variable of a macro: whether it stands for a part of the input. */
typedef struct Local {
    Str name;
    bool input;
    const struct Local *outer;
} Local;

typedef struct Walk {
    const RuleDraft *draft;
    DiagSink *diags;
    bool good;
} Walk;

static bool is_upper(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (text.data[i] < 'A' || text.data[i] > 'Z')
            return false;
    return text.size > 0;
}

static bool is_among(Str word, const Str *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq(word, words[i]))
            return true;
    return false;
}

Format rule_target_format(Str target)
{
    static const Str terraform[] = {STR_INIT("terraform"), STR_INIT("variable"),
                                    STR_INIT("output"),    STR_INIT("module"),
                                    STR_INIT("locals"),    STR_INIT("provider")};
    static const Str docker[] = {STR_INIT("dockerfile"), STR_INIT("stage"), STR_INIT("comment"),
                                 STR_INIT("service")};
    static const Str workflow[] = {STR_INIT("workflow"), STR_INIT("job"), STR_INIT("step")};

    if (is_among(target, terraform, sizeof terraform / sizeof *terraform) ||
        str_starts(target, STR("data.")) || str_starts(target, STR("provider.")) ||
        str_starts(target, STR("terraform.")) || str_find_char(target, '_') > 0)
        return FORMAT_TERRAFORM;
    if (is_upper(target) || is_among(target, docker, sizeof docker / sizeof *docker))
        return FORMAT_DOCKERFILE;
    if (is_among(target, workflow, sizeof workflow / sizeof *workflow))
        return FORMAT_GITHUB_WORKFLOW;
    return FORMAT_KUBERNETES;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
}

/* Whether what follows a word makes it a key: `a:`, `"a":`, `a =`, `a {`, `a "label" {`. */
static bool is_key(Str text, uint32_t after)
{
    if (after < text.size && (text.data[after] == '"' || text.data[after] == '\''))
        after++;
    while (after < text.size && text.data[after] == ' ')
        after++;
    return after < text.size && (text.data[after] == ':' || text.data[after] == '=' ||
                                 text.data[after] == '{' || text.data[after] == '"');
}

static bool text_sets(Str text, Str name)
{
    for (uint32_t from = 0; from < text.size;) {
        int64_t found = str_find(str_from(text, from), name);
        uint32_t start, end;

        if (found < 0)
            return false;
        start = from + (uint32_t)found;
        end = start + name.size;
        if ((start == 0 || !is_word(text.data[start - 1])) &&
            (end == text.size || !is_word(text.data[end])) && is_key(text, end))
            return true;
        from = start + 1;
    }
    return false;
}

static bool tests_set(const RuleDraft *draft, Str name)
{
    for (uint32_t t = 0; t < draft->test_count; t++)
        for (uint32_t f = 0; f < draft->tests[t].file_count; f++)
            if (text_sets(scalar_text(draft->tests[t].files[f].text), name))
                return true;
    return false;
}

/* Adds the keys of a text to `words`; stops when they are full. */
static size_t text_keys(Str text, Str *words, size_t count)
{
    for (uint32_t i = 0; i < text.size && count < MOST_WORDS; i++) {
        uint32_t start = i;
        while (i < text.size && is_word(text.data[i]))
            i++;
        if (i > start && is_key(text, i))
            words[count++] = str_sub(text, start, i - start);
    }
    return count;
}

/* The key of a test that `name` most likely meant, or an empty Str. */
static Str nearest_key(const RuleDraft *draft, Str name)
{
    Str words[MOST_WORDS];
    size_t count = 0;

    for (uint32_t t = 0; t < draft->test_count; t++)
        for (uint32_t f = 0; f < draft->tests[t].file_count; f++)
            count = text_keys(scalar_text(draft->tests[t].files[f].text), words, count);
    return str_nearest(name, words, count);
}

/* Fields that the front ends make and no input spells. */
static bool is_made(Str name)
{
    static const Str names[] = {
        STR_INIT("address"), /* of every resource; the others are of the pod view (ir/workload.h) */
        STR_INIT("kind"),    STR_INIT("metadata"),   STR_INIT("labels"),
        STR_INIT("spec"),    STR_INIT("containers"), STR_INIT("annotations"),
        STR_INIT("main"),    STR_INIT("init"),       STR_INIT("ephemeral"),
    };

    return is_among(name, names, sizeof names / sizeof *names);
}

static bool is_listed(const RuleDraft *draft, Str name)
{
    for (uint32_t i = 0; i < draft_list_count(draft, RULE_FIELD_ABSENT); i++) {
        Str listed = draft_list_text(draft, RULE_FIELD_ABSENT, i);
        int64_t dot = str_find_last_char(listed, '.');

        if (str_eq(str_from(listed, (uint32_t)(dot + 1)), name))
            return true;
    }
    return false;
}

static bool is_input(const CelExpr *expr, const Local *locals);

static bool name_is_input(Str name, const Local *locals)
{
    static const Str inputs[] = {STR_INIT("resource"), STR_INIT("pod"), STR_INIT("it")};

    for (; locals; locals = locals->outer)
        if (str_eq(locals->name, name))
            return locals->input;
    return is_among(name, inputs, sizeof inputs / sizeof *inputs);
}

static bool call_is_input(const CelExpr *expr, const Local *locals)
{
    static const Str resources[] = {STR_INIT("resources"), STR_INIT("referrers"), STR_INIT("refs"),
                                    STR_INIT("selected")};

    if (str_eq(expr->name, STR("_[_]")) && expr->arg_count == 2)
        return is_input(expr->args[0], locals);
    if (str_eq(expr->name, STR("_?_:_")) && expr->arg_count == 3)
        return is_input(expr->args[1], locals) || is_input(expr->args[2], locals);
    if (str_eq(expr->name, STR("_+_")) && expr->arg_count == 2)
        return is_input(expr->args[0], locals) || is_input(expr->args[1], locals);
    return is_among(expr->name, resources, sizeof resources / sizeof *resources);
}

/* Whether the value of `expr` is a part of the input, so that its fields are somebody's spelling.
 */
static bool is_input(const CelExpr *expr, const Local *locals)
{
    switch (expr->kind) {
    case CEL_EXPR_IDENT:
        return name_is_input(expr->name, locals);
    case CEL_EXPR_SELECT:
        return is_input(expr->args[0], locals);
    case CEL_EXPR_CALL:
        return call_is_input(expr, locals);
    case CEL_EXPR_COMPREHENSION:
        return expr->as.macro == CEL_MACRO_FILTER && is_input(expr->args[0], locals);
    default:
        return false;
    }
}

static void report_field(Walk *walk, const CelExpr *expr)
{
    Str near = nearest_key(walk->draft, expr->name);
    Span span = expr->span;
    Diag *diag;

    /* The name stands at the end. */
    if (span.end - span.start > expr->name.size)
        span.start = span.end - expr->name.size;
    diag = diag_error(walk->diags, DIAG_RULE_FILE, span, "no test of %.*s sets `%.*s`",
                      STR_ARG(draft_text(walk->draft, RULE_FIELD_ID)), STR_ARG(expr->name));
    if (near.size)
        diag_help(walk->diags, diag, "did you mean `%.*s`?", STR_ARG(near));
    else
        diag_help(walk->diags, diag, "add a test that sets it, or list it under `absent`");
    walk->good = false;
}

static void check_select(Walk *walk, const CelExpr *expr, const Local *locals)
{
    if (expr->kind != CEL_EXPR_SELECT || !is_input(expr->args[0], locals) || is_made(expr->name) ||
        is_listed(walk->draft, expr->name) || tests_set(walk->draft, expr->name))
        return;
    report_field(walk, expr);
}

static void walk_tree(Walk *walk, const CelExpr *expr, const Local *locals)
{
    bool binds = expr->kind == CEL_EXPR_COMPREHENSION || expr->kind == CEL_EXPR_BIND ||
                 expr->kind == CEL_EXPR_OPT_MAP;
    bool input = binds && expr->arg_count && is_input(expr->args[0], locals);
    Local first = {expr->iter_var, input, locals};
    Local second = {expr->iter_var2, input, &first};

    check_select(walk, expr, locals);
    for (uint32_t i = 0; i < expr->arg_count; i++)
        if (expr->args[i])
            walk_tree(walk, expr->args[i],
                      i == 0 || !binds       ? locals
                      : expr->iter_var2.size ? &second
                                             : &first);
}

bool paths_check(const RuleDraft *draft, const CelExpr *expr, DiagSink *diags)
{
    Walk walk = {draft, diags, true};

    if (rule_target_format(draft_list_text(draft, RULE_FIELD_FOR, 0)) == FORMAT_DOCKERFILE)
        return true;
    walk_tree(&walk, expr, NULL);
    return walk.good;
}
