#include "rules/compile.h"

#include <stdlib.h>

#include "rules/edits.h"
#include "rules/needs.h"
#include "rules/policy_expr.h"
#include "rules/set_write.h"

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
        good &= compiler_expr(c, node_get_named(node, STR("if")), EXPR_INPUT, &item.condition);
        good &= compiler_expr(c, node_get_named(node, STR("at")), EXPR_PATH, &item.at);
        good &= compiler_message(c, node_get_named(node, STR("message")), &item.message);
        compiler_push(c, &items, &item, sizeof item);
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

        good &= compiler_expr(c, node_get_named(node, STR("at")), EXPR_PATH, &item.at);
        good &= compiler_message(c, node_get_named(node, STR("message")), &item.message);
        compiler_push(c, &items, &item, sizeof item);
    }
    *list = blob_list(&c->writer, items.items, items.count, sizeof(BlobRelated));
    return good;
}

/* --- lists --- */

static BlobList add_texts(Compiler *c, RuleField field)
{
    Vec texts = {0};

    for (uint32_t i = 0; i < draft_list_count(c->draft, field); i++) {
        BlobText text = blob_text(&c->writer, draft_list_text(c->draft, field, i));
        compiler_push(c, &texts, &text, sizeof text);
    }
    return blob_list(&c->writer, texts.items, texts.count, sizeof(BlobText));
}

static void push_texts(Compiler *c, const Node *node, Vec *texts)
{
    bool list = node && node->kind == NODE_LIST;

    for (uint32_t i = 0; node && i < (list ? node->count : 1); i++) {
        BlobText text = blob_text(&c->writer, scalar_text(list ? &node->as.items[i] : node));
        compiler_push(c, texts, &text, sizeof text);
    }
}

/* Aliases are texts, and maps of such with the part of the rule that they mean. What decides that
 * alone makes no rule ask others: it decides no verdict. */
static bool add_aliases(Compiler *c, const Node *aliases, Rule *rule)
{
    Vec names = {0}, parts = {0};
    bool good = true, asks = c->reader.asks;

    for (uint32_t i = 0; aliases && i < draft_list_count(c->draft, RULE_FIELD_ALIASES); i++) {
        const Node *node = draft_list_node(c->draft, RULE_FIELD_ALIASES, i);
        BlobAliasPart part = {.first = names.count};
        Vec types = {0};

        push_texts(c, node->kind == NODE_MAP ? node_get_named(node, STR("id")) : node, &names);
        if (node->kind != NODE_MAP)
            continue;
        part.count = names.count - part.first;
        push_texts(c, node_get_named(node, STR("for")), &types);
        part.types = blob_list(&c->writer, types.items, types.count, sizeof(BlobText));
        good &= compiler_expr(c, node_get_named(node, STR("if")), EXPR_INPUT, &part.condition);
        compiler_push(c, &parts, &part, sizeof part);
    }
    c->reader.asks = asks;
    rule->aliases = blob_list(&c->writer, names.items, names.count, sizeof(BlobText));
    rule->alias_parts = blob_list(&c->writer, parts.items, parts.count, sizeof(BlobAliasPart));
    return good;
}

static void add_control(Compiler *c, Vec *list, Str name, const Node *control)
{
    BlobFramework item = {blob_text(&c->writer, name), blob_text(&c->writer, scalar_text(control))};

    compiler_push(c, list, &item, sizeof item);
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
        diag_error(compiler_diags(c), DIAG_RULE_FILE, node_span(node), "the default is no %.*s",
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
        compiler_push(c, &fields, &field, sizeof field);
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
    diag_error(compiler_diags(c), DIAG_RULE_FILE, node_span(id),
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
    diag_error(compiler_diags(c), DIAG_RULE_FILE, node_span(c->draft->fields[RULE_FIELD_ID]),
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
    rule->needed_by = blob_text(writer, str_trim(draft_text(draft, RULE_FIELD_NEEDED_BY)));
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
    rule->references = add_texts(c, RULE_FIELD_REFERENCES);
    rule->frameworks = add_frameworks(c, draft->fields[RULE_FIELD_FRAMEWORKS]);
}

/* Whether an expression that reads these variables is about the element of `each`. */
static bool reads_element(uint32_t variables)
{
    return (variables & ELEMENT_VARIABLES) != 0;
}

static bool check_element(Compiler *c, const Rule *rule)
{
    const Node *id = c->draft->fields[RULE_FIELD_ID];

    if (c->draft->fields[RULE_FIELD_EACH] || !reads_element(rule->variables))
        return true;
    diag_error(compiler_diags(c), DIAG_RULE_FILE, node_span(id),
               "%.*s reads `it` or `index` and has no `each`", STR_ARG(node_text(id)));
    return false;
}

static bool add_when(Compiler *c, const Node *scalar, Rule *rule)
{
    CelExpr *expr = scalar ? compiler_read(c, scalar, EXPR_INPUT) : NULL;

    if (!scalar)
        return true;
    if (!compiler_code(c, expr, &rule->when.code))
        return false;
    rule->when_needs = needs_of_when(expr, &c->writer);
    rule->format = needs_format(expr);
    return guards_note(&c->guards, rule->number, expr, &c->writer, c->context->arena,
                       compiler_diags(c));
}

static bool add_each(Compiler *c, const Node *scalar, Rule *rule)
{
    CelExpr *expr = scalar ? compiler_read(c, scalar, EXPR_INPUT) : NULL;

    if (!scalar)
        return true;
    if (!compiler_code(c, expr, &rule->each))
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
    rule->when.variables = compiler_variables(c);
    rule->when.each = reads_element(rule->when.variables);
    good &= add_each(c, fields[RULE_FIELD_EACH], rule);
    rule->each_variables = compiler_variables(c);
    good &= compiler_expr(c, fields[RULE_FIELD_CHECK], EXPR_INPUT, &rule->check);
    good &= compiler_expr(c, fields[RULE_FIELD_AT], EXPR_PATH, &rule->at);
    good &= compiler_message(c, message, &rule->message);
    good &= add_cases(c, fields[RULE_FIELD_CASES], &rule->cases);
    good &= add_related(c, fields[RULE_FIELD_RELATED], &rule->related);
    good &= add_params(c, fields[RULE_FIELD_PARAMS], &rule->params);
    good &= edits_compile(c, &rule->edits);
    good &= add_aliases(c, fields[RULE_FIELD_ALIASES], rule);
    rule->variables = rule->when.variables | rule->each_variables | compiler_variables(c);
    return check_element(c, rule) && good;
}

/* The rule of an admission policy's validation. */
static bool add_admission(Compiler *c, const RuleAdmission *policy, Rule *rule)
{
    BlobPart message = {.text = blob_text(&c->writer, policy->message)};
    BlobData data = blob_data(&c->writer, &policy->data);
    bool none;
    CelExpr *when = policy_expr_conditions(&c->reader, policy, &none);
    bool good = none || compiler_code(c, when, &rule->when.code);

    good &= add_aliases(c, c->draft->fields[RULE_FIELD_ALIASES], rule);
    rule->when.variables = compiler_variables(c);
    good &= compiler_code(c, policy_expr_read(&c->reader, policy, policy->check), &rule->check);
    if (policy->say)
        good &= compiler_code(c, policy_expr_read(&c->reader, policy, policy->say), &rule->say);
    rule->variables = rule->when.variables | compiler_variables(c);
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
        compiler_push(c, &c->any, &rule->number, sizeof rule->number);
    } else if (str_eq(target, STR("pod")) || str_eq(target, STR("workload"))) {
        rule->families |= RULE_FAMILY_POD;
        compiler_push(c, &c->pod, &rule->number, sizeof rule->number);
    } else if (str_find_char(target, '*') >= 0 || str_find_char(target, '?') >= 0) {
        glob.pattern = blob_text(&c->writer, target);
        compiler_push(c, &c->globs, &glob, sizeof glob);
    } else {
        type.type = symbols_intern(c->writer.symbols, target);
        compiler_push(c, &c->types, &type, sizeof type);
    }
}

static void compile_rule(Compiler *c, const RuleDraft *draft)
{
    Rule rule = {.number = c->rules.count};
    uint32_t guards = c->guards.count;
    bool good;

    c->draft = draft;
    c->reader.variables = 0;
    c->reader.asks = false;
    good = check_id_free(c);
    good &= check_tests(c);
    good &=
        draft->admission ? add_admission(c, draft->admission, &rule) : add_expressions(c, &rule);
    if (!good) {
        c->guards.count = guards; /* the next rule gets its number */
        return;
    }
    rule.asks = c->reader.asks;
    add_metadata(c, &rule);
    if (draft->admission)
        index_target(c, STR("any"), &rule);
    for (uint32_t i = 0; !draft->admission && i < draft_list_count(draft, RULE_FIELD_FOR); i++)
        index_target(c, draft_list_text(draft, RULE_FIELD_FOR, i), &rule);
    c->drafts[c->rules.count] = draft;
    compiler_push(c, &c->rules, &rule, sizeof rule);
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
    return set_write(&c, bytes);
}

bool rules_compile(const RuleFile *files, const CompileOptions *options, RuleContext *context,
                   RuleSet *set)
{
    Str bytes;

    return rules_compile_bytes(files, options, context, &bytes) &&
           ruleset_open(bytes.data, bytes.size, set);
}
