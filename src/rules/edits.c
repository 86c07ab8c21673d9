#include "rules/edits.h"

#include "ir/yaml_schema.h"

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
            compiler_push(c, &fields, &field, sizeof field);
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
        return compiler_code(c, expr, &item->at);
    diag_error(compiler_diags(c), DIAG_RULE_FILE, node_span(scalar),
               "an edit needs a field's path here");
    return false;
}

static bool add_edit_value(Compiler *c, const Node *value, uint32_t *offset)
{
    Node typed = *value;
    BlobData data;

    if (!yaml_schema_apply(YAML_SCHEMA_CORE, &typed, c->context->arena, compiler_diags(c)))
        return false;
    data = blob_data(&c->writer, &typed);
    *offset = blob_add(&c->writer, &data, sizeof data);
    return true;
}

static bool add_edit(Compiler *c, const RuleEdit *edit, BlobEdit *item)
{
    const Node *at = edit->at ? edit->at : c->draft->fields[RULE_FIELD_AT];
    bool field = edit->op == RULE_EDIT_SET || edit->op == RULE_EDIT_REMOVE;
    bool good = compiler_expr(c, edit->each, EXPR_INPUT, &item->each) &&
                compiler_expr(c, edit->when, EXPR_INPUT, &item->when);

    item->op = edit->op;
    if (!at && edit->op != RULE_EDIT_ABOVE) {
        diag_error(compiler_diags(c), DIAG_RULE_FILE, node_span(edit->value),
                   "an edit needs `at`, since the rule has none");
        return false;
    }
    if (field)
        good &= add_edit_path(c, at, item);
    else if (edit->op != RULE_EDIT_ABOVE || edit->at)
        good &= compiler_expr(c, at, EXPR_PATH, &item->at);
    if (edit->op == RULE_EDIT_SET)
        return add_edit_value(c, edit->value, &item->value) && good;
    return (field || compiler_message(c, edit->value, &item->text)) && good;
}

bool edits_compile(Compiler *c, BlobList *list)
{
    Vec items = {0};
    bool good = true;

    for (uint32_t i = 0; i < c->draft->edit_count; i++) {
        uint32_t others = compiler_variables(c);
        BlobEdit item = {0};
        good &= add_edit(c, &c->draft->edits[i], &item);
        /* The element of its own `each` is not the rule's. */
        if (item.each.size)
            c->reader.variables &= ~ELEMENT_VARIABLES;
        c->reader.variables |= others;
        compiler_push(c, &items, &item, sizeof item);
    }
    *list = blob_list(&c->writer, items.items, items.count, sizeof(BlobEdit));
    return good;
}
