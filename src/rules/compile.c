#include "rules/compile.h"

#include <stdlib.h>

#include "ir/yaml_schema.h"
#include "rules/expr.h"
#include "rules/guards.h"
#include "rules/needs.h"
#include "rules/object_table.h"
#include "rules/paths.h"
#include "rules/policy_expr.h"
#include "rules/questions.h"
#include "rules/writer.h"

/* A type that a rule names. */
typedef struct TypeRule {
    Symbol type;
    uint32_t rule;
} TypeRule;

/* A list that grows. */
typedef struct Vec {
    void *items;
    uint32_t count;
    uint32_t capacity;
} Vec;

typedef struct Compiler {
    RuleContext *context;
    const CompileOptions *options;
    BlobWriter writer;
    ExprReader reader;
    const RuleDraft *draft; /* at hand */
    Guards guards;
    Vec rules;    /* Rule */
    Vec types;    /* TypeRule */
    Vec globs;    /* BlobGlob */
    Vec pod, any; /* uint32_t */
    const RuleDraft **drafts;
} Compiler;

static void push(Compiler *c, Vec *vec, const void *item, size_t size)
{
    char *items = arena_grow(c->context->arena, vec->items, vec->count, &vec->capacity,
                             vec->count + 1u, size);

    if (!items)
        return;
    vec->items = items;
    memcpy(items + vec->count * size, item, size);
    vec->count++;
}

static DiagSink *diags_of(Compiler *c)
{
    return &c->context->diags;
}

/* Compiles an expression of the draft at hand; `from` and `size` choose a part of its text. */
static bool add_code(Compiler *c, CelExpr *expr, BlobCode *code)
{
    CelCode compiled;

    if (!expr || !expr_compile(&c->reader, expr, c->writer.symbols, &compiled))
        return false;
    *code = blob_code(&c->writer, &compiled);
    return true;
}

typedef enum ExprUse {
    EXPR_VALUE,
    EXPR_INPUT, /* reads the input: its fields must be known to the tests */
    EXPR_PATH,
} ExprUse;

/* The tree of a scalar that is an expression; NULL after a report. */
static CelExpr *read_expr(Compiler *c, const Node *scalar, ExprUse use)
{
    ExprText text;
    CelExpr *expr;

    if (!expr_text(&c->reader, scalar, &text))
        return NULL;
    expr = expr_read(&c->reader, &text, 0, text.text.size, use == EXPR_PATH);
    if (expr && use == EXPR_INPUT && !paths_check(c->draft, expr, diags_of(c)))
        return NULL;
    return expr;
}

/* The code of a scalar that is an expression; none where `scalar` is NULL. */
static bool add_expr(Compiler *c, const Node *scalar, ExprUse use, BlobCode *code)
{
    return !scalar || add_code(c, read_expr(c, scalar, use), code);
}

/* Where the expression that begins at `from`, after a brace, ends: at its own closing brace. */
static uint32_t expression_end(Str text, uint32_t from)
{
    uint32_t depth = 0;
    char quote = 0;

    for (uint32_t i = from; i < text.size; i++) {
        char c = text.data[i];
        if (quote) {
            if (c == '\\')
                i++;
            else if (c == quote)
                quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '{') {
            depth++;
        } else if (c == '}' && depth-- == 0) {
            return i;
        }
    }
    return text.size;
}

/* Text up to the next expression; `{{` and `}}` stand for braces. */
static Str literal_part(Compiler *c, Str text, uint32_t *from)
{
    Buf part = buf_new(c->context->arena);

    while (*from < text.size) {
        char letter = text.data[*from];
        bool twice = *from + 1 < text.size && text.data[*from + 1] == letter;
        if (letter == '{' && !twice)
            break;
        buf_add_char(&part, letter);
        *from += (letter == '{' || letter == '}') && twice ? 2 : 1;
    }
    return buf_str(&part);
}

static bool message_part(Compiler *c, const ExprText *text, uint32_t *from, BlobPart *part)
{
    uint32_t end;

    *part = (BlobPart){.text = blob_text(&c->writer, literal_part(c, text->text, from))};
    if (*from >= text->text.size)
        return true;
    end = expression_end(text->text, *from + 1);
    if (end == text->text.size) {
        Span span = {text->source, text->offset + *from, text->offset + *from + 1};
        diag_error(diags_of(c), DIAG_RULE_FILE, span, "the brace is not closed");
        return false;
    }
    if (!add_code(c, expr_read(&c->reader, text, *from + 1, end - *from - 1, false), &part->value))
        return false;
    *from = end + 1;
    return true;
}

static bool add_message(Compiler *c, const Node *scalar, BlobList *list)
{
    Vec parts = {0};
    ExprText text;

    if (!scalar)
        return true;
    if (!expr_text(&c->reader, scalar, &text))
        return false;
    text.text.size = str_trim(text.text).size ? text.text.size : 0;
    while (text.text.size && text.text.data[text.text.size - 1] == '\n')
        text.text.size--;
    for (uint32_t from = 0; from < text.text.size;) {
        BlobPart part;
        if (!message_part(c, &text, &from, &part))
            return false;
        push(c, &parts, &part, sizeof part);
    }
    *list = blob_list(&c->writer, parts.items, parts.count, sizeof(BlobPart));
    return true;
}

static bool add_cases(Compiler *c, const Node *cases, BlobList *list)
{
    Vec items = {0};
    bool good = true;

    for (uint32_t i = 0; cases && i < cases->count; i++) {
        const Node *node = &cases->as.items[i];
        const Node *severity = node_get_named(node, STR("severity"));
        Severity level = c->draft->severity;
        BlobCase item = {.severity = 0};

        if (severity)
            severity_parse(scalar_text(severity), &level);
        item.severity = level;
        good &= add_expr(c, node_get_named(node, STR("if")), EXPR_INPUT, &item.condition);
        good &= add_expr(c, node_get_named(node, STR("at")), EXPR_PATH, &item.at);
        good &= add_message(c, node_get_named(node, STR("message")), &item.message);
        push(c, &items, &item, sizeof item);
    }
    *list = blob_list(&c->writer, items.items, items.count, sizeof(BlobCase));
    return good;
}

static bool add_related(Compiler *c, const Node *related, BlobList *list)
{
    Vec items = {0};
    bool good = true;

    for (uint32_t i = 0; related && i < related->count; i++) {
        const Node *node = &related->as.items[i];
        BlobRelated item = {.at = {0}};

        good &= add_expr(c, node_get_named(node, STR("at")), EXPR_PATH, &item.at);
        good &= add_message(c, node_get_named(node, STR("message")), &item.message);
        push(c, &items, &item, sizeof item);
    }
    *list = blob_list(&c->writer, items.items, items.count, sizeof(BlobRelated));
    return good;
}

/* --- variables --- */

#define ELEMENT_VARIABLES (1u << RULE_VAR_IT | 1u << RULE_VAR_INDEX)

/* Whether an expression that reads these variables is about the element of `each`. */
static bool reads_element(uint32_t variables)
{
    return (variables & ELEMENT_VARIABLES) != 0;
}

/* The variables that expressions have named since the last call. */
static uint32_t take_variables(Compiler *c)
{
    uint32_t variables = c->reader.variables;

    c->reader.variables = 0;
    return variables;
}

/* --- edits --- */

/* A field that ends a path: `.name`, or `["name"]`. What `pod` holds is not in the input. */
static bool ends_in_field(const CelExpr *expr, Str *name)
{
    const CelExpr *of = expr->arg_count ? expr->args[0] : NULL;

    if (expr->kind == CEL_EXPR_SELECT && !expr->optional && !expr->test)
        *name = expr->name;
    else if (cel_is_call(expr, STR("_[_]")) && expr->args[1]->kind == CEL_EXPR_STRING)
        *name = expr->args[1]->name;
    else
        return false;
    return of->kind != CEL_EXPR_IDENT || !str_eq(of->name, rule_variable_name(RULE_VAR_POD));
}

/* `[0]`, as Terraform's rules name the one block of a kind. */
static bool ends_in_first(const CelExpr *expr)
{
    return cel_is_call(expr, STR("_[_]")) && expr->args[1]->kind == CEL_EXPR_INT &&
           expr->args[1]->as.integer == 0;
}

/* Takes the fields at the end of `*path` off it. */
static BlobList split_path(Compiler *c, CelExpr **path)
{
    Vec fields = {0};
    BlobText *items;
    Str name;

    for (;;) {
        if (ends_in_field(*path, &name)) {
            BlobText field = blob_text(&c->writer, name);
            push(c, &fields, &field, sizeof field);
        } else if (!ends_in_first(*path)) {
            break;
        }
        *path = (*path)->args[0];
    }
    items = fields.items;
    for (uint32_t i = 0; i < fields.count / 2; i++) {
        BlobText field = items[i];
        items[i] = items[fields.count - 1 - i];
        items[fields.count - 1 - i] = field;
    }
    return blob_list(&c->writer, fields.items, fields.count, sizeof(BlobText));
}

/* The path of a field that is set or taken away. */
static bool add_edit_path(Compiler *c, const Node *scalar, BlobEdit *item)
{
    ExprText text;
    CelExpr *expr;

    if (!expr_text(&c->reader, scalar, &text))
        return false;
    expr = expr_read(&c->reader, &text, 0, text.text.size, true);
    if (!expr)
        return false;
    item->path = split_path(c, &expr);
    if (item->path.count)
        return add_code(c, expr, &item->at);
    diag_error(diags_of(c), DIAG_RULE_FILE, node_span(scalar), "an edit needs a field's path here");
    return false;
}

static bool add_edit_value(Compiler *c, const Node *value, uint32_t *offset)
{
    static const Symbols none;
    Node typed = *value;
    BlobData data;

    if (!yaml_schema_apply(YAML_SCHEMA_CORE, &typed, &none, c->context->arena, diags_of(c)))
        return false;
    data = blob_data(&c->writer, &typed);
    *offset = blob_add(&c->writer, &data, sizeof data);
    return true;
}

static bool add_edit(Compiler *c, const RuleEdit *edit, BlobEdit *item)
{
    const Node *at = edit->at ? edit->at : c->draft->fields[RULE_FIELD_AT];
    bool field = edit->op == RULE_EDIT_SET || edit->op == RULE_EDIT_REMOVE;
    bool good = add_expr(c, edit->each, EXPR_INPUT, &item->each) &&
                add_expr(c, edit->when, EXPR_INPUT, &item->when);

    item->op = edit->op;
    if (!at && edit->op != RULE_EDIT_ABOVE) {
        diag_error(diags_of(c), DIAG_RULE_FILE, node_span(edit->value),
                   "an edit needs `at`, since the rule has none");
        return false;
    }
    if (field)
        good &= add_edit_path(c, at, item);
    else if (edit->op != RULE_EDIT_ABOVE || edit->at)
        good &= add_expr(c, at, EXPR_PATH, &item->at);
    if (edit->op == RULE_EDIT_SET)
        return add_edit_value(c, edit->value, &item->value) && good;
    return (field || add_message(c, edit->value, &item->text)) && good;
}

static bool add_edits(Compiler *c, BlobList *list)
{
    Vec items = {0};
    bool good = true;

    for (uint32_t i = 0; i < c->draft->edit_count; i++) {
        uint32_t others = take_variables(c);
        BlobEdit item = {0};
        good &= add_edit(c, &c->draft->edits[i], &item);
        /* The element of its own `each` is not the rule's. */
        if (item.each.size)
            c->reader.variables &= ~ELEMENT_VARIABLES;
        c->reader.variables |= others;
        push(c, &items, &item, sizeof item);
    }
    *list = blob_list(&c->writer, items.items, items.count, sizeof(BlobEdit));
    return good;
}

/* --- lists --- */

static BlobList add_texts(Compiler *c, RuleField field)
{
    Vec texts = {0};

    for (uint32_t i = 0; i < draft_list_count(c->draft, field); i++) {
        BlobText text = blob_text(&c->writer, draft_list_text(c->draft, field, i));
        push(c, &texts, &text, sizeof text);
    }
    return blob_list(&c->writer, texts.items, texts.count, sizeof(BlobText));
}

static void add_control(Compiler *c, Vec *list, Str name, const Node *control)
{
    BlobFramework item = {blob_text(&c->writer, name), blob_text(&c->writer, scalar_text(control))};

    push(c, list, &item, sizeof item);
}

static BlobList add_frameworks(Compiler *c, const Node *map)
{
    Vec list = {0};

    for (uint32_t i = 0; map && i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        if (entry->value.kind != NODE_LIST)
            add_control(c, &list, entry_key(entry), &entry->value);
        for (uint32_t k = 0; entry->value.kind == NODE_LIST && k < entry->value.count; k++)
            add_control(c, &list, entry_key(entry), &entry->value.as.items[k]);
    }
    return blob_list(&c->writer, list.items, list.count, sizeof(BlobFramework));
}

/* A number is the whole text. */
static bool parse_number(Compiler *c, Str text, bool whole, Node *value)
{
    const char *start = str_copy_z(c->context->arena, text);
    char *end = NULL;

    if (!start || text.size == 0)
        return false;
    if (whole)
        *value = node_make_int(SPAN_NONE, strtoll(start, &end, 10));
    else
        *value = node_make_double(SPAN_NONE, strtod(start, &end));
    return end == start + text.size;
}

/* The default of a parameter as its type wants it. */
static bool param_value(Compiler *c, Str type, const Node *node, Node *value)
{
    Str text = scalar_text(node);
    bool good = node->kind == NODE_SCALAR || node->kind == NODE_STRING;

    if (str_eq(type, STR("list"))) {
        *value = *node;
        good = node->kind == NODE_LIST;
    } else if (str_eq(type, STR("bool"))) {
        *value = node_make_bool(SPAN_NONE, str_eq(text, STR("true")));
        good = good && (str_eq(text, STR("true")) || str_eq(text, STR("false")));
    } else if (str_eq(type, STR("string"))) {
        *value = node_make_string(SPAN_NONE, text);
    } else {
        good = good && parse_number(c, text, str_eq(type, STR("int")), value);
    }
    if (!good)
        diag_error(diags_of(c), DIAG_RULE_FILE, node_span(node), "the default is no %.*s",
                   STR_ARG(type));
    return good;
}

static bool add_params(Compiler *c, const Node *params, uint32_t *offset)
{
    Vec fields = {0};
    BlobData map = {.kind = NODE_MAP};
    bool good = true;

    for (uint32_t i = 0; params && i < params->count; i++) {
        const Entry *entry = &params->as.entries[i];
        Str type = scalar_text(node_get_named(&entry->value, STR("type")));
        Node value = node_make_null(SPAN_NONE);
        BlobField field = {.symbol = symbols_intern(c->writer.symbols, entry_key(entry))};

        good &= param_value(c, type, node_get_named(&entry->value, STR("default")), &value);
        field.key = blob_text(&c->writer, entry_key(entry));
        field.value = blob_data(&c->writer, &value);
        push(c, &fields, &field, sizeof field);
    }
    map.count = fields.count;
    map.as.offset = blob_add(&c->writer, fields.items, fields.count * sizeof(BlobField));
    *offset = params ? blob_add(&c->writer, &map, sizeof map) : 0;
    return good;
}

/* The text of the first test with that outcome, one file or all of them after each other. */
static BlobText add_example(Compiler *c, RuleOutcome outcome)
{
    for (uint32_t t = 0; t < c->draft->test_count; t++) {
        const RuleTest *test = &c->draft->tests[t];
        if (test->outcome == outcome && test->file_count)
            return blob_text(&c->writer, scalar_text(test->files[0].text));
    }
    return (BlobText){0, 0};
}

static bool has_test(const RuleDraft *draft, RuleOutcome outcome)
{
    for (uint32_t t = 0; t < draft->test_count; t++)
        if (draft->tests[t].outcome == outcome)
            return true;
    return false;
}

static bool check_tests(Compiler *c)
{
    const Node *id = c->draft->fields[RULE_FIELD_ID];

    if (!c->options->tests_required ||
        (has_test(c->draft, RULE_TEST_FAIL) && has_test(c->draft, RULE_TEST_PASS)))
        return true;
    diag_error(diags_of(c), DIAG_RULE_FILE, node_span(id),
               "%.*s needs a test that fails and one that passes", STR_ARG(node_text(id)));
    return false;
}

/* Whether the id is one that an earlier rule has. */
static bool id_taken(const Compiler *c, Str id)
{
    for (uint32_t i = 0; i < c->rules.count; i++)
        if (str_eq(draft_text(c->drafts[i], RULE_FIELD_ID), id))
            return true;
    if (!c->options->base || c->options->ids_free)
        return false;
    for (uint32_t i = 0; i < ruleset_rule_count(c->options->base); i++)
        if (str_eq(rule_id(ruleset_rule(c->options->base, i)), id))
            return true;
    return false;
}

static bool check_id_free(Compiler *c)
{
    Str id = draft_text(c->draft, RULE_FIELD_ID);

    if (!id_taken(c, id))
        return true;
    diag_error(diags_of(c), DIAG_RULE_FILE, node_span(c->draft->fields[RULE_FIELD_ID]),
               "there is a rule %.*s already", STR_ARG(id));
    return false;
}

static void add_metadata(Compiler *c, Rule *rule)
{
    const RuleDraft *draft = c->draft;
    BlobWriter *writer = &c->writer;
    const Node *id = draft->fields[RULE_FIELD_ID];
    Source *source = sources_get(&c->context->sources, id->source);

    rule->id = blob_text(writer, node_text(id));
    rule->title = blob_text(writer, draft_text(draft, RULE_FIELD_TITLE));
    rule->why = blob_text(writer, str_trim(draft_text(draft, RULE_FIELD_WHY)));
    rule->fix = blob_text(writer, str_trim(draft_text(draft, RULE_FIELD_FIX)));
    rule->note = blob_text(writer, str_trim(draft_text(draft, RULE_FIELD_NOTE)));
    rule->since = blob_text(writer, draft_text(draft, RULE_FIELD_SINCE));
    rule->replaced_by = blob_text(writer, draft_text(draft, RULE_FIELD_REPLACED_BY));
    rule->failing = add_example(c, RULE_TEST_FAIL);
    rule->passing = add_example(c, RULE_TEST_PASS);
    rule->file = blob_text(writer, draft->file->path);
    if (source)
        rule->line = source_position(&c->context->sources, source, id->start).line;
    rule->severity = (uint8_t)draft->severity;
    rule->category = (uint8_t)draft->category;
    rule->life = (uint8_t)draft->life;
    rule->secret = draft->secret;
    rule->targets = add_texts(c, RULE_FIELD_FOR);
    rule->aliases = add_texts(c, RULE_FIELD_ALIASES);
    rule->references = add_texts(c, RULE_FIELD_REFERENCES);
    rule->frameworks = add_frameworks(c, draft->fields[RULE_FIELD_FRAMEWORKS]);
}

static bool check_element(Compiler *c, const Rule *rule)
{
    const Node *id = c->draft->fields[RULE_FIELD_ID];

    if (c->draft->fields[RULE_FIELD_EACH] || !reads_element(rule->variables))
        return true;
    diag_error(diags_of(c), DIAG_RULE_FILE, node_span(id),
               "%.*s reads `it` or `index` and has no `each`", STR_ARG(node_text(id)));
    return false;
}

static bool add_when(Compiler *c, const Node *scalar, Rule *rule)
{
    CelExpr *expr = scalar ? read_expr(c, scalar, EXPR_INPUT) : NULL;

    if (!scalar)
        return true;
    if (!add_code(c, expr, &rule->when.code))
        return false;
    rule->when_needs = needs_of_when(expr, &c->writer);
    return guards_note(&c->guards, rule->number, expr, &c->writer, c->context->arena, diags_of(c));
}

static bool add_each(Compiler *c, const Node *scalar, Rule *rule)
{
    CelExpr *expr = scalar ? read_expr(c, scalar, EXPR_INPUT) : NULL;

    if (!scalar)
        return true;
    if (!add_code(c, expr, &rule->each))
        return false;
    rule->each_needs = needs_of_each(expr, &c->writer);
    return true;
}

static bool add_expressions(Compiler *c, Rule *rule)
{
    const Node *const *fields = c->draft->fields;
    const Node *message =
        fields[RULE_FIELD_MESSAGE] ? fields[RULE_FIELD_MESSAGE] : fields[RULE_FIELD_TITLE];
    bool good = true;

    good &= add_when(c, fields[RULE_FIELD_WHEN], rule);
    rule->when.variables = take_variables(c);
    rule->when.each = reads_element(rule->when.variables);
    good &= add_each(c, fields[RULE_FIELD_EACH], rule);
    rule->each_variables = take_variables(c);
    good &= add_expr(c, fields[RULE_FIELD_CHECK], EXPR_INPUT, &rule->check);
    good &= add_expr(c, fields[RULE_FIELD_AT], EXPR_PATH, &rule->at);
    good &= add_message(c, message, &rule->message);
    good &= add_cases(c, fields[RULE_FIELD_CASES], &rule->cases);
    good &= add_related(c, fields[RULE_FIELD_RELATED], &rule->related);
    good &= add_params(c, fields[RULE_FIELD_PARAMS], &rule->params);
    good &= add_edits(c, &rule->edits);
    rule->variables = rule->when.variables | rule->each_variables | take_variables(c);
    return check_element(c, rule) && good;
}

/* The rule of an admission policy's validation. */
static bool add_admission(Compiler *c, const RuleAdmission *policy, Rule *rule)
{
    BlobPart message = {.text = blob_text(&c->writer, policy->message)};
    BlobData data = blob_data(&c->writer, &policy->data);
    bool none;
    CelExpr *when = policy_expr_conditions(&c->reader, policy, &none);
    bool good = none || add_code(c, when, &rule->when.code);

    rule->when.variables = take_variables(c);
    good &= add_code(c, policy_expr_read(&c->reader, policy, policy->check), &rule->check);
    if (policy->say)
        good &= add_code(c, policy_expr_read(&c->reader, policy, policy->say), &rule->say);
    rule->variables = rule->when.variables | take_variables(c);
    rule->message = blob_list(&c->writer, &message, 1, sizeof message);
    rule->admission = blob_add(&c->writer, &data, sizeof data);
    return good;
}

static void index_target(Compiler *c, Str target, Rule *rule)
{
    TypeRule type = {SYMBOL_NONE, rule->number};
    BlobGlob glob = {.rule = rule->number};

    if (str_eq(target, STR("any"))) {
        rule->families |= RULE_FAMILY_ANY;
        push(c, &c->any, &rule->number, sizeof rule->number);
    } else if (str_eq(target, STR("pod")) || str_eq(target, STR("workload"))) {
        rule->families |= RULE_FAMILY_POD;
        push(c, &c->pod, &rule->number, sizeof rule->number);
    } else if (str_find_char(target, '*') >= 0 || str_find_char(target, '?') >= 0) {
        glob.pattern = blob_text(&c->writer, target);
        push(c, &c->globs, &glob, sizeof glob);
    } else {
        type.type = symbols_intern(c->writer.symbols, target);
        push(c, &c->types, &type, sizeof type);
    }
}

static void compile_rule(Compiler *c, const RuleDraft *draft)
{
    Rule rule = {.number = c->rules.count};
    bool good;

    c->draft = draft;
    c->reader.variables = 0;
    good = check_id_free(c);
    good &= check_tests(c);
    good &=
        draft->admission ? add_admission(c, draft->admission, &rule) : add_expressions(c, &rule);
    if (!good)
        return;
    add_metadata(c, &rule);
    if (draft->admission)
        index_target(c, STR("any"), &rule);
    for (uint32_t i = 0; !draft->admission && i < draft_list_count(draft, RULE_FIELD_FOR); i++)
        index_target(c, draft_list_text(draft, RULE_FIELD_FOR, i), &rule);
    c->drafts[c->rules.count] = draft;
    push(c, &c->rules, &rule, sizeof rule);
}

static int compare_types(const void *a, const void *b)
{
    const TypeRule *x = a, *y = b;

    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return (x->rule > y->rule) - (x->rule < y->rule);
}

static BlobList write_types(Compiler *c)
{
    TypeRule *pairs = c->types.items;
    Vec types = {0};

    if (c->types.count)
        qsort(pairs, c->types.count, sizeof *pairs, compare_types);
    for (uint32_t i = 0; i < c->types.count;) {
        Vec rules = {0};
        BlobType type = {.type = pairs[i].type};

        for (; i < c->types.count && pairs[i].type == type.type; i++)
            push(c, &rules, &pairs[i].rule, sizeof pairs[i].rule);
        type.rules = blob_list(&c->writer, rules.items, rules.count, sizeof(uint32_t));
        push(c, &types, &type, sizeof type);
    }
    return blob_list(&c->writer, types.items, types.count, sizeof(BlobType));
}

/* A default of a provider with its type's and attribute's names, for the order. */
typedef struct DefaultLine {
    Str type;
    Str path;
    const Node *value;
} DefaultLine;

static bool take_default_line(Compiler *c, const Node *node, DefaultLine *line)
{
    *line = (DefaultLine){scalar_text(node_get_named(node, STR("type"))),
                          scalar_text(node_get_named(node, STR("attribute"))),
                          node_get_named(node, STR("value"))};
    if (line->type.size && line->path.size && line->value)
        return true;
    diag_error(diags_of(c), DIAG_RULE_FILE, node_span(node),
               "a provider default needs `type`, `attribute` and `value`");
    return false;
}

static void write_default_file(Compiler *c, const Node *root, Vec *list)
{
    for (uint32_t i = 0; root->kind == NODE_LIST && i < root->count; i++) {
        DefaultLine line;
        BlobDefault item;

        if (!take_default_line(c, &root->as.items[i], &line))
            continue;
        item = (BlobDefault){.type = symbols_intern(c->writer.symbols, line.type),
                             .path = blob_text(&c->writer, line.path),
                             .value = blob_data(&c->writer, line.value)};
        push(c, list, &item, sizeof item);
    }
}

/* The bytes do not move while they are sorted. */
static int compare_defaults(const void *a, const void *b, void *bytes)
{
    const BlobDefault *x = a, *y = b;

    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return str_cmp((Str){(const char *)bytes + x->path.offset, x->path.size},
                   (Str){(const char *)bytes + y->path.offset, y->path.size});
}

static BlobList write_defaults(Compiler *c)
{
    Vec list = {0};

    for (uint32_t i = 0; i < c->options->default_count; i++)
        write_default_file(c, c->options->defaults[i], &list);
    if (list.count)
        qsort_r(list.items, list.count, sizeof(BlobDefault), compare_defaults, c->writer.buf.data);
    return blob_list(&c->writer, list.items, list.count, sizeof(BlobDefault));
}

static BlobList write_rules(Compiler *c)
{
    Rule *rules = c->rules.items;
    BlobList list;

    blob_add(&c->writer, "", 0);
    list = (BlobList){c->writer.buf.size, c->rules.count};
    for (uint32_t i = 0; i < c->rules.count; i++)
        rules[i].self = list.offset + i * (uint32_t)sizeof(Rule);
    blob_add(&c->writer, rules, c->rules.count * sizeof(Rule));
    return list;
}

/* What is asked of every rule of the set lies apart from the rest of them. */
static BlobList write_lives(Compiler *c)
{
    const Rule *rules = c->rules.items;
    uint8_t *lives = ARENA_ARRAY(c->context->arena, uint8_t, (size_t)c->rules.count + 1);

    for (uint32_t i = 0; lives && i < c->rules.count; i++)
        lives[i] = rules[i].life;
    return blob_list(&c->writer, lives, lives ? c->rules.count : 0, sizeof *lives);
}

static bool write_symbols(Compiler *c, BlobHeader *header)
{
    SymbolTable table;

    if (!symbols_build(c->writer.symbols, &table))
        return false;
    header->slots = blob_list(&c->writer, table.slots, table.slot_count, sizeof(uint32_t));
    header->ends = blob_list(&c->writer, table.ends, table.count + 1u, sizeof(uint32_t));
    header->names = blob_add(&c->writer, table.text, table.count ? table.ends[table.count] : 0);
    return true;
}

static bool write_set(Compiler *c, Str *bytes)
{
    BlobWriter *writer = &c->writer;
    BlobHeader header = {.magic = BLOB_MAGIC, .format = BLOB_FORMAT};

    header.version = blob_text(writer, c->options->version);
    header.hash = blob_text(writer, c->options->hash);
    guards_choose(&c->guards, c->rules.items, writer);
    header.shared = questions_share(c->rules.items, c->rules.count, c->context->arena);
    header.rules = write_rules(c);
    header.lives = write_lives(c);
    header.types = write_types(c);
    header.globs = blob_list(writer, c->globs.items, c->globs.count, sizeof(BlobGlob));
    header.pod = blob_list(writer, c->pod.items, c->pod.count, sizeof(uint32_t));
    header.any = blob_list(writer, c->any.items, c->any.count, sizeof(uint32_t));
    header.defaults = write_defaults(c);
    if (c->options->objects)
        header.objects = object_table_write(c->options->objects, writer, diags_of(c));
    if (!write_symbols(c, &header))
        return false;
    header.size = writer->buf.size;
    if (arena_spent(c->context->arena) || !writer->buf.data)
        return false;
    memcpy(writer->buf.data, &header, sizeof header);
    *bytes = buf_str(&writer->buf);
    return true;
}

static uint32_t draft_count(const RuleFile *files)
{
    uint32_t count = 0;

    for (; files; files = files->next)
        count += files->rule_count;
    return count;
}

static void compile_file(Compiler *c, const RuleFile *file)
{
    c->reader.defines = defines_new(file->defines, c->context->arena);
    defines_check(&c->reader);
    for (uint32_t i = 0; i < file->rule_count; i++)
        compile_rule(c, &file->rules[i]);
}

bool rules_compile_bytes(const RuleFile *files, const CompileOptions *options, RuleContext *context,
                         Str *bytes)
{
    Arena *arena = context->arena;
    Symbols base = {0};
    SymbolBuilder *symbols;
    Compiler c = {.context = context, .options = options};

    if (options->base)
        base = ruleset_symbols(options->base, NULL);
    symbols = symbols_builder(arena, &base);
    c.drafts = ARENA_ARRAY(arena, const RuleDraft *, draft_count(files) + 1u);
    if (!symbols || !c.drafts)
        return false;
    c.writer = blob_writer(arena, symbols);
    c.reader = (ExprReader){.sources = &context->sources, .arena = arena, .diags = &context->diags};
    for (const RuleFile *file = files; file; file = file->next)
        compile_file(&c, file);
    return write_set(&c, bytes);
}

bool rules_compile(const RuleFile *files, const CompileOptions *options, RuleContext *context,
                   RuleSet *set)
{
    Str bytes;

    return rules_compile_bytes(files, options, context, &bytes) &&
           ruleset_open(bytes.data, bytes.size, set);
}
