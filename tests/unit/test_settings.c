/* scan/settings: what plumb.yaml and the command line make of the rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buf.h"
#include "rules/load.h"
#include "scan/settings.h"
#include "syntax/yaml.h"

#define RULE(id, rest)                                                                             \
    "- id: " id "\n  title: T\n  severity: low\n  category: cost\n  for: Pod\n"                    \
    "  check: resource.a == 1\n  absent: [a]\n" rest

static const char rules[] = RULE("a-one", "  aliases: [X-1, AVD-AWS-0001, Y-1, KSV-0014]\n")
    RULE("a-two", "  aliases: [Y-1]\n  params:\n    n: {type: int, default: 3}\n    l: {type: "
                  "list, default: [x]}\n") RULE("b-off", "  default: \"off\"\n")
        RULE("b-set", "  params:\n"
                      "    b: {type: bool, default: false}\n"
                      "    d: {type: double, default: 1}\n"
                      "    s: {type: string, default: x}\n");

typedef struct Bench {
    RuleContext context;
    RuleSet set;
    const RuleSet *sets[1];
    SettingsRequest request;
    Config config;
    Sources sources;
    DiagSink diags;
    Settings settings;
    bool good;
} Bench;

static void begin(Bench *b, const char *yaml)
{
    static const Symbols none;
    CompileOptions options = {.version = {"", 0}};
    RuleTree tree = rule_tree_new();
    YamlDocument *documents;
    uint32_t count;
    Source *source;

    b->context = rule_context_new();
    assert_true(rule_tree_add_text(&tree, STR("r.yaml"), str_of(rules), &b->context));
    assert_true(rules_compile(tree.first, &options, &b->context, &b->set));
    assert_int_equal(b->context.diags.errors, 0);
    b->sets[0] = &b->set;
    b->sources = sources_new(b->context.arena);
    b->diags = diags_new(b->context.arena);
    source = sources_add(&b->sources, STR("plumb.yaml"), str_of(yaml));
    assert_true(yaml_read(source, &none, b->context.arena, &b->diags, &documents, &count));
    b->config = config_default();
    if (count)
        assert_true(config_build(&documents[0].root, b->context.arena, &b->diags, &b->config));
    b->request.sets = b->sets;
    b->request.set_count = 1;
    b->request.config = &b->config;
    b->good = settings_resolve(&b->request, b->context.arena, &b->diags, &b->settings);
}

static void end(Bench *b)
{
    rule_context_free(&b->context);
}

/* What `settings` say of each rule: whether it runs, its severity, its parameters. */
static const char *dump(Bench *b, const RuleSettings *settings)
{
    Arena *arena = b->context.arena;
    Buf text = buf_new(arena);

    for (uint32_t i = 0; i < ruleset_rule_count(&b->set); i++) {
        const Rule *rule = ruleset_rule(&b->set, i);
        bool runs = settings->selected ? settings->selected[i] : rule_default(rule) != RULE_OFF;
        buf_printf(&text, "%.*s%s", STR_ARG(rule_id(rule)), runs ? "" : " off");
        if (settings->severities && settings->severities[i] != SEVERITY_OWN)
            buf_printf(&text, " %s", severity_name((Severity)settings->severities[i]));
        if (settings->params && settings->params[i].kind == NODE_MAP)
            buf_printf(&text, " %.*s", STR_ARG(node_dump(&settings->params[i], false, arena)));
        buf_add_char(&text, '\n');
    }
    return str_copy_z(arena, buf_str(&text));
}

static void expect(const char *yaml, const char *expected)
{
    Bench b = {0};

    begin(&b, yaml);
    assert_true(b.good);
    assert_string_equal(dump(&b, &b.settings.rules), expected);
    end(&b);
}

static void without_a_word_there_is_nothing(void **state)
{
    Bench b = {0};

    (void)state;
    begin(&b, "fail-on: low\n");
    assert_true(b.good);
    assert_null(b.settings.rules.selected);
    assert_null(b.settings.rules.severities);
    assert_null(b.settings.rules.params);
    assert_int_equal(b.settings.override_count, 0);
    end(&b);
}

static void names_count_more_than_patterns(void **state)
{
    (void)state;
    expect("disable: ['*']\nenable: [x-1]\n", "a-one\na-two off\nb-off off\nb-set off\n");
    expect("enable: ['b-*']\ndisable: [b-set]\n", "a-one\na-two\nb-off\nb-set off\n");
    expect("enable: [b-off]\ndisable: [b-off]\n", "a-one\na-two\nb-off off\nb-set\n");
    expect("disable: [AWS-0001]\n", "a-one off\na-two\nb-off off\nb-set\n");
    expect("disable: [ksv014]\n", "a-one off\na-two\nb-off off\nb-set\n");
    expect("disable: [AVD-KSV-0014]\n", "a-one off\na-two\nb-off off\nb-set\n");
}

static void only_leaves_the_rest_out(void **state)
{
    (void)state;
    expect("only: ['b-*', a-two]\n", "a-one off\na-two\nb-off off\nb-set\n");
    expect("only: [b-off]\nenable: [a-one]\n", "a-one\na-two off\nb-off\nb-set off\n");
}

static void the_command_line_wins(void **state)
{
    static const Str one[] = {STR_INIT("a-one")};
    Bench b = {.request = {.only = one, .only_count = 1}};
    Bench c = {.request = {.skip = one, .skip_count = 1}};
    RuleSettings rules_there;

    (void)state;
    begin(&b, "disable: [a-one]\nenable: [a-two]\nseverities: {a-one: high}\n"
              "overrides: [{paths: x, enable: b-off}]\n");
    assert_string_equal(dump(&b, &b.settings.rules),
                        "a-one high\na-two off\nb-off off\nb-set off\n");
    assert_int_equal(b.settings.overrides[0].changes.count, 0);
    end(&b);
    begin(&c, "enable: [a-one]\noverrides: [{paths: x, enable: [a-one, b-off]}]\n");
    assert_true(rule_settings_apply(&c.settings.rules, &c.settings.overrides[0].changes, c.sets, 1,
                                    c.context.arena, &rules_there));
    assert_string_equal(dump(&c, &rules_there), "a-one off\na-two\nb-off\nb-set\n");
    end(&c);
}

static void later_severities_win(void **state)
{
    (void)state;
    expect("severities: {'a-*': high, a-one: info}\n",
           "a-one info\na-two high\nb-off off\nb-set\n");
    expect("severities: {a-one: info, '*': high}\n",
           "a-one high\na-two high\nb-off off high\nb-set high\n");
}

static void parameters_have_the_types_of_their_rules(void **state)
{
    (void)state;
    expect("params: {a-two: {n: -7, l: [1.10, yes]}, b-set: {b: true, d: 2.5, s: 3}}\n",
           "a-one\na-two {\"n\": -7, \"l\": [\"1.10\", \"yes\"]}\nb-off off\n"
           "b-set {\"b\": true, \"d\": 2.5, \"s\": \"3\"}\n");
    expect("params: {Y-1: {n: 4}}\n",
           "a-one\na-two {\"n\": 4, \"l\": [\"x\"]}\nb-off off\nb-set\n");
    expect("params: {'*': {n: 4}}\n",
           "a-one\na-two {\"n\": 4, \"l\": [\"x\"]}\nb-off off\nb-set\n");
}

static void an_override_is_put_upon_the_rest(void **state)
{
    Bench b = {0};
    RuleSettings there;

    (void)state;
    begin(&b, "severities: {a-two: high}\nparams: {a-two: {n: 4}}\n"
              "overrides:\n  - {paths: [x/], disable: a-one, params: {a-two: {l: []}}}\n");
    assert_true(b.good);
    assert_true(rule_settings_apply(&b.settings.rules, &b.settings.overrides[0].changes, b.sets, 1,
                                    b.context.arena, &there));
    assert_string_equal(dump(&b, &there),
                        "a-one off\na-two high {\"n\": 4, \"l\": []}\nb-off off\nb-set\n");
    assert_string_equal(dump(&b, &b.settings.rules),
                        "a-one\na-two high {\"n\": 4, \"l\": [\"x\"]}\nb-off off\nb-set\n");
    assert_true(ignore_excludes_below(b.settings.overrides[0].paths, STR("y/x/z.yaml")));
    assert_false(ignore_excludes_below(b.settings.overrides[0].paths, STR("y/x")));
    end(&b);
}

static void mistakes_have_a_place(void **state)
{
    static const struct {
        const char *yaml;
        const char *expected;
    } cases[] = {
        {"disable: [a-tow]\n", "plumb.yaml:1:11: error[config]: no rule is called `a-tow` (did you "
                               "mean `a-two`?)\n"},
        {"only: nothing-like-it\n", "plumb.yaml:1:7: error[config]: no rule is called "
                                    "`nothing-like-it` (`plumb rules` lists them)\n"},
        {"severities: {x-2: low}\n", "plumb.yaml:1:14: error[config]: no rule is called `x-2` (did "
                                     "you mean `X-1`?)\n"},
        {"params: {a-one: {n: 1}}\n",
         "plumb.yaml:1:18: error[config]: a-one has no parameter `n` (it has none at all)\n"},
        {"params: {a-two: {zzz: 1}}\n",
         "plumb.yaml:1:18: error[config]: a-two has no parameter `zzz` (it has `n`, `l`)\n"},
        {"params: {a-two: {n: 1.5}}\n",
         "plumb.yaml:1:21: error[config]: `n` of a-two is a whole number\n"},
        {"params: {a-two: {n: 99999999999999999999}}\n",
         "plumb.yaml:1:21: error[config]: `n` of a-two is a whole number\n"},
        {"params: {a-two: {l: [[a]]}}\n",
         "plumb.yaml:1:21: error[config]: `l` of a-two is a list of texts\n"},
        {"params: {b-set: {b: 1}}\n",
         "plumb.yaml:1:21: error[config]: `b` of b-set is true or false\n"},
        {"params: {b-set: {d: x}}\n", "plumb.yaml:1:21: error[config]: `d` of b-set is a number\n"},
        {"params: {b-set: {s: [x]}}\n", "plumb.yaml:1:21: error[config]: `s` of b-set is a text\n"},
        {"params: {'a-*': {x: 1}}\n",
         "plumb.yaml:1:18: error[config]: no rule of `a-*` has a parameter `x`\n"},
        {"overrides: [{paths: x, disable: [q]}]\n",
         "plumb.yaml:1:34: error[config]: no rule is called `q` (`plumb rules` lists them)\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Bench b = {0};
        Str text;
        begin(&b, cases[i].yaml);
        text = diags_dump(&b.diags, &b.sources, b.context.arena);
        assert_string_equal(str_copy_z(b.context.arena, text), cases[i].expected);
        assert_false(b.good);
        end(&b);
    }
}

static void there_is_a_most_of_overrides(void **state)
{
    (void)state;
    for (uint32_t count = OVERRIDE_LIMIT; count <= OVERRIDE_LIMIT + 1; count++) {
        Arena *arena = arena_new(1 << 20);
        Buf text = buf_new(arena);
        Bench b = {0};
        buf_add_z(&text, "overrides:\n");
        for (uint32_t i = 0; i < count; i++)
            buf_add_z(&text, "- {paths: x, disable: a-one}\n");
        begin(&b, str_copy_z(arena, buf_str(&text)));
        assert_int_equal(b.good, count == OVERRIDE_LIMIT);
        end(&b);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_word_there_is_nothing),
        cmocka_unit_test(names_count_more_than_patterns),
        cmocka_unit_test(only_leaves_the_rest_out),
        cmocka_unit_test(the_command_line_wins),
        cmocka_unit_test(later_severities_win),
        cmocka_unit_test(parameters_have_the_types_of_their_rules),
        cmocka_unit_test(an_override_is_put_upon_the_rest),
        cmocka_unit_test(mistakes_have_a_place),
        cmocka_unit_test(there_is_a_most_of_overrides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
