/* ir/terraform: modules to resources. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ir/terraform.h"
#include "unit_text.h"

typedef struct Module {
    Arena *arena;
    Unit unit;
} Module;

static Module build_with(Str text, const TerraformOptions *options)
{
    static const Symbols no_symbols;
    Module module = {.arena = arena_new((size_t)512 << 20)};
    Source *source;

    module.unit = unit_new(module.arena, &no_symbols, NULL);
    source = sources_add(&module.unit.sources, STR("main.tf"), text);
    assert_true(terraform_build_with(&module.unit, &source, 1, options));
    return module;
}

static Module build(Str text)
{
    return build_with(text, NULL);
}

static const Resource *find(const Module *module, const char *address)
{
    for (uint32_t i = 0; i < module->unit.resource_count; i++)
        if (str_eq(module->unit.resources[i].address, str_of(address)))
            return &module->unit.resources[i];
    return NULL;
}

static const char *body(Module *module, const char *address)
{
    const Resource *resource = find(module, address);

    assert_non_null(resource);
    return str_copy_z(module->arena, node_dump(&resource->body, false, module->arena));
}

static void blocks_are_lists_of_maps(void **state)
{
    Module m = build(STR("resource \"t_a\" \"x\" {\n"
                         "  a = 1\n"
                         "  one { b = 2 }\n"
                         "  more {}\n"
                         "  more { c = true }\n"
                         "}\n"));
    const Resource *resource = find(&m, "t_a.x");

    (void)state;
    assert_string_equal(body(&m, "t_a.x"),
                        "{\"a\": 1, \"one\": [{\"b\": 2}], \"more\": [{}, {\"c\": true}]}");
    assert_true(str_eq(resource->type_name, STR("t_a")));
    assert_int_equal(resource->format, FORMAT_TERRAFORM);
    assert_int_equal(resource->header.start, 0);
    assert_int_equal(resource->header.end, 20);
    assert_true(m.unit.closed);
    arena_free(m.arena);
}

static void names_are_looked_up_wherever_they_stand(void **state)
{
    Module m =
        build(STR("resource \"t_a\" \"x\" { n = \"${local.b}-${var.v}\" }\n"
                  "locals {\n  b = upper(local.a)\n  a = \"p\"\n}\n"
                  "variable \"v\" {\n  type = number\n  default = \"7\"\n}\n"
                  "variable \"w\" {}\n"
                  "resource \"t_a\" \"y\" {\n  a = t_a.x.n\n  b = var.w\n  c = t_a.x.arn\n}\n"));

    (void)state;
    assert_string_equal(unit_diags(&m.unit), "");
    assert_string_equal(body(&m, "t_a.x"), "{\"n\": \"P-7\"}");
    assert_string_equal(body(&m, "t_a.y"),
                        "{\"a\": \"P-7\", \"b\": <unknown var.w>, \"c\": <unknown t_a.x.arn>}");
    arena_free(m.arena);
}

static void references_lead_to_resources(void **state)
{
    Module m = build(STR("resource \"k\" \"a\" {}\n"
                         "locals { key = k.a.arn }\n"
                         "resource \"b\" \"x\" {\n"
                         "  rule { key = local.key }\n"
                         "  ids = [\"lit\", k.a.id]\n"
                         "  depends_on = [k.a]\n"
                         "  other = gone.x.id\n"
                         "}\n"));
    const Resource *x = find(&m, "b.x"), *k = find(&m, "k.a");

    (void)state;
    assert_int_equal(x->ref_count, 4);
    assert_true(str_eq(x->refs[0].from, STR("ids")));
    assert_ptr_equal(x->refs[0].value, node_path(&x->body, "ids.1"));
    assert_true(str_eq(x->refs[0].attribute, STR("id")));
    assert_ptr_equal(x->refs[0].to, k);
    assert_true(str_eq(x->refs[1].from, STR("depends_on")));
    assert_ptr_equal(x->refs[1].to, k);
    assert_true(str_eq(x->refs[2].target, STR("gone.x")));
    assert_null(x->refs[2].to);
    assert_true(str_eq(x->refs[3].from, STR("rule.key")));
    assert_true(str_eq(x->refs[3].target, STR("k.a")));
    assert_ptr_equal(x->refs[3].value, node_path(&x->body, "rule.0.key"));
    arena_free(m.arena);
}

static void count_and_for_each_make_instances(void **state)
{
    Module m = build(STR("resource \"a\" \"n\" {\n  count = 2\n  i = count.index\n}\n"
                         "resource \"a\" \"e\" {\n  for_each = { x = 1, \"y z\" = 2 }\n"
                         "  k = \"${each.key}${each.value}\"\n}\n"
                         "resource \"a\" \"none\" { count = 0 }\n"
                         "resource \"a\" \"open\" {\n  count = var.c\n  i = count.index\n}\n"
                         "variable \"c\" {}\n"
                         "resource \"b\" \"all\" {\n  l = a.n[*].i\n  e = a.e[\"x\"].k\n"
                         "  o = a.open[0].id\n}\n"));

    (void)state;
    assert_string_equal(unit_diags(&m.unit), "");
    assert_string_equal(body(&m, "a.n[1]"), "{\"count\": 2, \"i\": 1}");
    assert_string_equal(body(&m, "a.e[\"y z\"]"),
                        "{\"for_each\": {\"x\": 1, \"y z\": 2}, \"k\": \"y z2\"}");
    assert_null(find(&m, "a.none"));
    assert_int_equal(find(&m, "a.open[*]")->open, RESOURCE_OPEN_COUNT);
    assert_string_equal(body(&m, "b.all"),
                        "{\"l\": [0, 1], \"e\": \"x1\", \"o\": <unknown a.open[*].id>}");
    arena_free(m.arena);
}

static void dynamic_blocks_are_expanded(void **state)
{
    Module m = build(STR("variable \"u\" {}\n"
                         "resource \"a\" \"x\" {\n"
                         "  dynamic \"in\" {\n    for_each = { p = 1, q = 2 }\n"
                         "    content {\n      k = in.key\n      v = in.value\n    }\n  }\n"
                         "  dynamic \"open\" {\n    for_each = var.u\n    content {}\n  }\n"
                         "  dynamic \"none\" {\n    for_each = []\n    content {}\n  }\n"
                         "}\n"));

    (void)state;
    assert_string_equal(body(&m, "a.x"),
                        "{\"in\": [{\"k\": \"p\", \"v\": 1}, {\"k\": \"q\", \"v\": "
                        "2}], \"open\": <unknown var.u>}");
    arena_free(m.arena);
}

static void the_code_itself_can_be_judged(void **state)
{
    Module m = build(STR("terraform {\n  required_version = \">= 1\"\n  backend \"s3\" {}\n}\n"
                         "provider \"aws\" { region = \"r\" }\n"
                         "provider \"aws\" {\n  alias = \"w\"\n}\n"
                         "variable \"v\" { type = list(string) }\n"
                         "output \"o\" { value = 1 }\n"
                         "module \"m\" { source = \"./x\" }\n"
                         "data \"d\" \"x\" { a = module.m.out }\n"));

    (void)state;
    assert_string_equal(body(&m, "terraform"),
                        "{\"required_version\": \">= 1\", \"backend\": [{\"type\": \"s3\"}]}");
    assert_string_equal(body(&m, "aws.default"), "{\"region\": \"r\"}");
    assert_true(str_eq(find(&m, "aws.w")->type_name, STR("provider.aws")));
    assert_string_equal(body(&m, "variable.v"), "{\"type\": \"list(string)\"}");
    assert_string_equal(body(&m, "output.o"), "{\"value\": 1}");
    assert_string_equal(body(&m, "module.m"), "{\"source\": \"./x\"}");
    assert_true(find(&m, "data.d.x")->data_source);
    assert_string_equal(body(&m, "data.d.x"), "{\"a\": <unknown module.m.out>}");
    arena_free(m.arena);
}

static void given_values_win_over_defaults(void **state)
{
    static const TerraformVar vars[] = {{STR_INIT("a"), STR_INIT("cli")},
                                        {STR_INIT("l"), STR_INIT("[1, 2]")}};
    const TerraformOptions options = {.vars = vars, .var_count = 2, .workspace = STR("prod")};
    Module m = build_with(STR("variable \"a\" { default = \"d\" }\n"
                              "variable \"l\" { type = list(number) }\n"
                              "resource \"r\" \"x\" {\n  a = var.a\n  l = var.l\n"
                              "  w = terraform.workspace\n}\n"),
                          &options);

    (void)state;
    assert_string_equal(body(&m, "r.x"), "{\"a\": \"cli\", \"l\": [1, 2], \"w\": \"prod\"}");
    arena_free(m.arena);
}

static void object_types_fill_in_what_is_optional(void **state)
{
    Module m = build(STR("variable \"o\" {\n  type = object({ a = string, b = optional(number, 3), "
                         "c = optional(bool) })\n  default = { a = 1 }\n}\n"
                         "resource \"r\" \"x\" { o = var.o }\n"));

    (void)state;
    assert_string_equal(body(&m, "r.x"), "{\"o\": {\"a\": \"1\", \"b\": 3, \"c\": null}}");
    arena_free(m.arena);
}

static void what_is_not_declared_is_said_once_a_name(void **state)
{
    Module m = build(STR("resource \"r\" \"x\" {\n  a = var.no\n  b = [var.no, local.no]\n}\n"
                         "resource \"r\" \"y\" {\n  a = local.no\n}\n"));

    (void)state;
    assert_string_equal(unit_diags(&m.unit),
                        "main.tf:2:10: note[terraform-reference]: var.no is not declared\n"
                        "main.tf:3:21: note[terraform-reference]: local.no is not declared\n");
    arena_free(m.arena);
}

static void collections_of_any_have_one_type(void **state)
{
    Module m =
        build(STR("variable \"m\" {\n  type = map(any)\n  default = { a = 1, b = \"x\" }\n}\n"
                  "variable \"l\" {\n  type = list(any)\n  default = [1, true]\n}\n"
                  "resource \"r\" \"x\" {\n  m = var.m\n  l = var.l\n}\n"));

    (void)state;
    assert_string_equal(body(&m, "r.x"), "{\"m\": {\"a\": \"1\", \"b\": \"x\"}, \"l\": [1, true]}");
    arena_free(m.arena);
}

static void policy_documents_are_their_json(void **state)
{
    Module m =
        build(STR("data \"aws_iam_policy_document\" \"d\" {\n"
                  "  statement {\n    actions = [\"s3:*\"]\n    resources = [\"*\"]\n  }\n}\n"
                  "resource \"r\" \"x\" {\n"
                  "  p = data.aws_iam_policy_document.d.json\n"
                  "  h = <<E\n{\"Statement\": [{\"Resource\": \"${r.y.arn}/*\"}]}\nE\n}\n"
                  "resource \"r\" \"y\" {}\n"));
    const Node *h = node_get_named(&find(&m, "r.x")->body, STR("h"));

    (void)state;
    assert_true(str_eq(node_string(node_get_named(&find(&m, "r.x")->body, STR("p"))),
                       STR("{\"Statement\":[{\"Action\":\"s3:*\",\"Effect\":\"Allow\",\"Resource\":"
                           "\"*\"}],\"Version\":\"2012-10-17\"}")));
    assert_int_equal(h->kind, NODE_UNKNOWN);
    assert_non_null(h->as.unknown->decoded);
    assert_int_equal(node_path(h->as.unknown->decoded, "Statement.0.Resource")->kind, NODE_UNKNOWN);
    arena_free(m.arena);
}

static void cycles_are_errors_with_a_place(void **state)
{
    Module m = build(STR("locals {\n  a = local.b\n  b = local.a\n}\n"
                         "resource \"r\" \"x\" {\n  a = local.a\n  b = r.x.b\n}\n"
                         "resource \"r\" \"c\" { count = r.c.n }\n"));

    (void)state;
    assert_int_equal(m.unit.diags.errors, 3);
    assert_non_null(
        strstr(unit_diags(&m.unit), "main.tf:2:3: error[terraform-cycle]: local.a refers to"));
    assert_non_null(
        strstr(unit_diags(&m.unit), "main.tf:7:3: error[terraform-cycle]: r.x.b refers to"));
    arena_free(m.arena);
}

static void assert_body(const Module *module, const char *address, const char *expected)
{
    const Resource *resource = find(module, address);

    assert_non_null(resource);
    assert_true(str_eq(node_dump(&resource->body, false, module->arena), str_of(expected)));
}

static void instances_that_do_not_differ_are_one(void **state)
{
    Module m = build(
        STR("resource \"r\" \"x\" {\n  count = 100000\n  n = count.index\n}\n"
            "resource \"r\" \"y\" {\n  for_each = toset([for i in setproduct(range(1000), "
            "range(100)) : \"${i[0]}-${i[1]}\"])\n  k = each.key\n}\n"
            "resource \"r\" \"z\" {\n  for_each = { for i in range(1001) : \"k${i}\" => i < 500 }\n"
            "  v = each.value\n  k = each.key\n}\n"
            "resource \"r\" \"u\" {\n  v = r.z[\"k7\"].v\n}\n"));

    (void)state;
    assert_int_equal(m.unit.diags.errors, 0);
    assert_int_equal(find(&m, "r.x[0]")->instances, 100000);
    assert_body(&m, "r.x[0]", "{\"count\": 100000, \"n\": <unknown count.index>}");
    assert_int_equal(find(&m, "r.y[\"0-0\"]")->instances, 100000);
    assert_body(&m, "r.y[\"0-0\"]",
                "{\"for_each\": <unknown for_each>, \"k\": <unknown each.key>}");
    assert_int_equal(find(&m, "r.z[\"k0\"]")->instances, 500);
    assert_int_equal(find(&m, "r.z[\"k1000\"]")->instances, 501);
    assert_body(&m, "r.z[\"k0\"]",
                "{\"for_each\": <unknown for_each>, \"v\": true, \"k\": <unknown each.key>}");
    assert_int_equal(node_path(&find(&m, "r.u")->body, "v")->kind, NODE_UNKNOWN);
    arena_free(m.arena);
}

static void groups_are_bounded(void **state)
{
    Module m = build(
        STR("resource \"r\" \"z\" {\n  for_each = { for i in setproduct(range(50), range(50)) : "
            "\"${i[0]}-${i[1]}\" => i }\n  v = each.value\n}\n"));

    (void)state;
    assert_int_equal(m.unit.diags.errors, 0);
    assert_true(m.unit.resource_count <= 1002);
    arena_free(m.arena);
}

static void too_many_instances_are_one(void **state)
{
    Buf text = buf_new(arena_new((size_t)1 << 20));
    Module m;

    (void)state;
    for (uint32_t i = 0; i < 21; i++)
        buf_printf(&text, "resource \"r\" \"x%u\" { count = 1000 }\n", i);
    m = build(buf_str(&text));
    assert_int_equal(m.unit.diags.errors, 1);
    assert_non_null(find(&m, "r.x20[*]"));
    arena_free(m.arena);
    arena_free(text.arena);
}

/* Files in memory: path and text in turn. */
typedef struct Tree {
    const char *const (*files)[2];
    uint32_t count;
} Tree;

static bool list_files(void *context, Str dir, Arena *arena, Str **names, uint32_t *count)
{
    const Tree *tree = context;
    Str prefix = str_eq(dir, STR(".")) ? STR("") : str_join(arena, dir, STR("/"));

    *names = ARENA_ARRAY(arena, Str, tree->count);
    *count = 0;
    for (uint32_t i = 0; i < tree->count; i++) {
        Str path = str_of(tree->files[i][0]);
        if (str_starts(path, prefix) && str_find_char(str_from(path, prefix.size), '/') < 0)
            (*names)[(*count)++] = str_from(path, prefix.size);
    }
    return *count > 0;
}

static bool read_file(void *context, Str path, Arena *arena, Str *text)
{
    const Tree *tree = context;

    (void)arena;
    for (uint32_t i = 0; i < tree->count; i++) {
        if (str_eq(path, str_of(tree->files[i][0]))) {
            *text = str_of(tree->files[i][1]);
            return true;
        }
    }
    return false;
}

static Module build_tree(const char *const (*files)[2], uint32_t count, Str dir)
{
    static const Symbols no_symbols;
    Tree tree = {files, count};
    TerraformFiles reach = {.context = &tree, .list = list_files, .read = read_file};
    Module module = {.arena = arena_new((size_t)64 << 20)};

    module.unit = unit_new(module.arena, &no_symbols, NULL);
    assert_true(terraform_build_tree(&module.unit, dir, &reach, NULL));
    return module;
}

static void providers_are_passed_to_modules(void **state)
{
    static const char *const files[][2] = {
        {"main.tf", "provider \"aws\" {\n  region = \"eu-west-1\"\n}\n"
                    "provider \"aws\" {\n  alias = \"west\"\n  region = \"us-west-2\"\n}\n"
                    "resource \"aws_t\" \"a\" {}\n"
                    "resource \"aws_t\" \"b\" {\n  provider = aws.west\n}\n"
                    "resource \"gcp_t\" \"c\" {}\n"
                    "module \"plain\" { source = \"./m\" }\n"
                    "module \"west\" {\n  source = \"./m\"\n"
                    "  providers = {\n    aws = aws.west\n    aws.other = aws\n  }\n}\n"},
        {"m/main.tf", "resource \"aws_t\" \"a\" {}\n"
                      "data \"aws_t\" \"b\" {\n  provider = aws.other\n}\n"
                      "provider \"gcp\" {}\n"
                      "resource \"gcp_t\" \"c\" {}\n"},
    };
    static const char *const expected[][2] = {
        {"aws_t.a", "aws.default"},
        {"aws_t.b", "aws.west"},
        {"gcp_t.c", ""},
        {"module.plain.aws_t.a", "aws.default"},
        {"module.plain.data.aws_t.b", ""},
        {"module.plain.gcp_t.c", "module.plain.gcp.default"},
        {"module.west.aws_t.a", "aws.west"},
        {"module.west.data.aws_t.b", "aws.default"},
    };
    Module m = build_tree(files, 2, STR("."));

    (void)state;
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const Resource *resource = find(&m, expected[i][0]);
        assert_non_null(resource);
        assert_string_equal(str_copy_z(m.arena, resource->provider), expected[i][1]);
    }
    arena_free(m.arena);
}

/* The list of directories is full when the one that is missing is asked for. */
static void a_missing_module_costs_the_others_nothing(void **state)
{
    enum { COUNT = 20, MISSING = 7 };
    char names[COUNT][32];
    const char *files[COUNT + 1][2];
    Buf text = buf_new(arena_new((size_t)1 << 20));
    Module m;

    (void)state;
    for (int i = 0; i < COUNT; i++) {
        buf_printf(&text, "module \"m%d\" { source = \"./m%d\" }\n", i, i);
        snprintf(names[i], sizeof names[i], "m%d/main.tf", i);
        files[i][0] = i == MISSING ? "other/main.tf" : names[i];
        files[i][1] = "resource \"r\" \"a\" {}\n";
    }
    files[COUNT][0] = "main.tf";
    files[COUNT][1] = str_copy_z(text.arena, buf_str(&text));
    m = build_tree(files, COUNT + 1, STR("."));
    assert_null(find(&m, "module.m7.r.a"));
    assert_non_null(find(&m, "module.m8.r.a"));
    assert_non_null(find(&m, "module.m19.r.a"));
    arena_free(m.arena);
    arena_free(text.arena);
}

static void modules_are_instantiated_with_their_inputs(void **state)
{
    static const char *const files[][2] = {
        {"live/main.tf",
         "module \"m\" {\n  source = \"../mod\"\n  for_each = toset([\"a\", \"b\"])\n"
         "  name = \"n-${each.key}\"\n}\n"
         "module \"far\" { source = \"org/x/aws\" }\n"
         "resource \"r\" \"out\" {\n  x = module.m[\"a\"].id\n"
         "  y = module.m[\"b\"].name\n  z = module.far.q\n"
         "  f = file(\"${path.module}/data.txt\")\n}\n"},
        {"live/data.txt", "hello"},
        {"mod/main.tf", "variable \"name\" {}\nresource \"r\" \"x\" {\n  name = var.name\n"
                        "  dir = path.module\n}\n"
                        "output \"id\" { value = r.x.id }\noutput \"name\" { value = r.x.name }\n"},
        {"live/.terraform/modules/modules.json",
         "{\"Modules\":[{\"Key\":\"far\",\"Dir\":\".terraform/modules/far\"}]}"},
        {"live/.terraform/modules/far/main.tf", "output \"q\" { value = 7 }"},
    };
    Module m = build_tree(files, 5, STR("live"));
    const Resource *out = find(&m, "r.out"), *inner = find(&m, "module.m[\"a\"].r.x");

    (void)state;
    assert_string_equal(unit_diags(&m.unit), "");
    assert_string_equal(body(&m, "module.m[\"b\"].r.x"),
                        "{\"name\": \"n-b\", \"dir\": \"../mod\"}");
    assert_string_equal(body(&m, "r.out"),
                        "{\"x\": <unknown module.m[\"a\"].r.x.id>, \"y\": \"n-b\", \"z\": 7, "
                        "\"f\": \"hello\"}");
    assert_ptr_equal(out->refs[0].to, inner);
    assert_true(str_eq(inner->module_path, STR("module.m[\"a\"]")));
    assert_false(span_is_none(inner->related));
    assert_non_null(find(&m, "module.m[\"a\"].variable.name"));
    assert_null(find(&m, "module.m[\"b\"].variable.name"));
    arena_free(m.arena);
}

static void a_module_that_calls_itself_is_an_error(void **state)
{
    static const char *const files[][2] = {
        {"main.tf", "module \"a\" { source = \"./a\" }\nmodule \"o\" { source = \"../o\" }\n"},
        {"a/main.tf", "module \"b\" { source = \"../b\" }\nresource \"r\" \"x\" {}\n"},
        {"b/main.tf", "module \"a\" { source = \"../a\" }\n"},
    };
    Module m = build_tree(files, 3, STR("."));

    (void)state;
    assert_string_equal(unit_diags(&m.unit),
                        "b/main.tf:1:23: error[terraform-module]: the module calls itself\n"
                        "main.tf:2:23: error[path-escapes]: the module lies outside of what is "
                        "scanned\n");
    assert_non_null(find(&m, "module.a.r.x"));
    arena_free(m.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_lists_of_maps),
        cmocka_unit_test(names_are_looked_up_wherever_they_stand),
        cmocka_unit_test(references_lead_to_resources),
        cmocka_unit_test(count_and_for_each_make_instances),
        cmocka_unit_test(dynamic_blocks_are_expanded),
        cmocka_unit_test(the_code_itself_can_be_judged),
        cmocka_unit_test(given_values_win_over_defaults),
        cmocka_unit_test(object_types_fill_in_what_is_optional),
        cmocka_unit_test(what_is_not_declared_is_said_once_a_name),
        cmocka_unit_test(collections_of_any_have_one_type),
        cmocka_unit_test(policy_documents_are_their_json),
        cmocka_unit_test(cycles_are_errors_with_a_place),
        cmocka_unit_test(instances_that_do_not_differ_are_one),
        cmocka_unit_test(groups_are_bounded),
        cmocka_unit_test(too_many_instances_are_one),
        cmocka_unit_test(providers_are_passed_to_modules),
        cmocka_unit_test(a_missing_module_costs_the_others_nothing),
        cmocka_unit_test(modules_are_instantiated_with_their_inputs),
        cmocka_unit_test(a_module_that_calls_itself_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
