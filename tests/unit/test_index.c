/* ir/index and ir/plan_refs: which resource leads to which. */
#include "arena_state.h"
#include "base/buf.h"
#include "ir/index.h"
#include "plan_text.h"

static const Symbols no_symbols;

/* The addresses of an answer, apart by blanks, and "?" with the cause where it is incomplete. */
static void assert_found(Arena *arena, Found found, const char *expected)
{
    Buf buf = buf_new(arena);

    for (uint32_t i = 0; i < found.count; i++) {
        buf_add(&buf, found.items[i]->address);
        buf_add_char(&buf, ' ');
    }
    if (found.incomplete)
        buf_printf(&buf, "? %.*s", STR_ARG(found.cause));
    if (!str_eq(str_trim(buf_str(&buf)), plan_text(arena, expected)))
        fail_msg("%.*s is not %s", STR_ARG(buf_str(&buf)), expected);
}

static Unit read_unit(Arena *arena, const char *text)
{
    bool ok;
    Unit unit = plan_unit(arena, &no_symbols, NULL, text, &ok);

    assert_true(ok);
    return unit;
}

/* A change that creates ADDRESS with an argument `b` that is not known. */
#define CHANGE(address, after)                                                                     \
    "{'address':'" address "','change':{'actions':['create'],'after':" after                       \
    ",'after_unknown':{'b':true,'id':true}}}"
#define PLAN(changes, module)                                                                      \
    "{'format_version':'1.2','resource_changes':[" changes                                         \
    "],'configuration':{'root_module':" module "}}"
#define BLOCK(address, references, more)                                                           \
    "{'address':'" address "','expressions':{'b':{'references':[" references "]}}" more "}"
#define PLAIN(address, more) "{'address':'" address "','expressions':{}" more "}"

static void referrers_are_found_by_reference(void **state)
{
    Unit unit = read_unit(
        *state,
        PLAN(CHANGE("t_a.x", "{}") "," CHANGE("t_a.y", "{}") "," CHANGE("t_r.one", "{}") "," CHANGE(
                 "t_r.two", "{}"),
             "{'resources':[" PLAIN("t_a.x", "") "," PLAIN("t_a.y", "") "," BLOCK(
                 "t_r.one", "'t_a.x.id','t_a.x'", "") "," BLOCK("t_r.two", "'t_a.x'", "") "]}"));

    assert_found(*state, unit_resources(&unit, STR("t_r")), "t_r.one t_r.two");
    assert_found(*state, unit_resources(&unit, STR("t_none")), "");
    assert_found(*state, unit_referrers(&unit, unit_find(&unit, "t_a.x"), STR("t_r"), STR("b")),
                 "t_r.one t_r.two");
    assert_found(*state, unit_referrers(&unit, unit_find(&unit, "t_a.y"), STR("t_r"), STR("b")),
                 "");
}

static void referrers_are_found_by_a_known_identity(void **state)
{
    Unit unit =
        read_unit(*state, "{'format_version':'1.0','values':{'root_module':{'resources':["
                          "{'address':'t_a.x','values':{'id':'i-1','bucket':'logs'}},"
                          "{'address':'t_a.y','values':{'id':'i-2'}},"
                          "{'address':'t_r.one','values':{'b':'logs'}},"
                          "{'address':'t_r.two','values':{'n':[{'b':'i-1'},{'b':'i-9'}]}}]}}}");
    const Resource *x = unit_find(&unit, "t_a.x");

    assert_found(*state, unit_referrers(&unit, x, STR("t_r"), STR("b")), "t_r.one");
    assert_found(*state, unit_referrers(&unit, x, STR("t_r"), STR("n.b")), "t_r.two");
    assert_found(*state,
                 unit_refs(&unit, unit_find(&unit, "t_r.one"),
                           node_path(&unit_find(&unit, "t_r.one")->body, "b")),
                 "t_a.x");
}

static void a_reference_counts_more_than_an_equal_name(void **state)
{
    Unit unit = read_unit(*state, "{'format_version':'1.2','resource_changes':["
                                  "{'address':'t_a.x','change':{'after':{'bucket':'same'}}},"
                                  "{'address':'t_a.y','change':{'after':{'bucket':'same'}}},"
                                  "{'address':'t_r.r','change':{'after':{'b':'same'}}}],"
                                  "'configuration':{'root_module':{'resources':[" BLOCK(
                                      "t_r.r", "'t_a.x.bucket','t_a.x'", "") "]}}}");

    assert_found(*state, unit_referrers(&unit, unit_find(&unit, "t_a.x"), STR("t_r"), STR("b")),
                 "t_r.r");
    assert_found(*state, unit_referrers(&unit, unit_find(&unit, "t_a.y"), STR("t_r"), STR("b")),
                 "");
}

static void an_unknown_without_a_reference_leaves_it_open(void **state)
{
    Unit unit =
        read_unit(*state, PLAN(CHANGE("t_a.x", "{}") "," CHANGE("t_r.one", "{}"),
                               "{'resources':[" BLOCK("t_r.one", "'local.bucket'", "") "]}"));

    assert_found(*state, unit_referrers(&unit, unit_find(&unit, "t_a.x"), STR("t_r"), STR("b")),
                 "? local.bucket");
}

#define REPEATED "'for_each_expression':{'references':['var.all']}"

static void instances_are_joined_where_both_repeat_alike(void **state)
{
    Unit unit = read_unit(
        *state,
        PLAN(CHANGE("t_a.x[\\'p\\']", "{}") "," CHANGE("t_a.x[\\'q\\']", "{}") "," CHANGE(
                 "t_r.r[\\'p\\']", "{}") "," CHANGE("t_s.s[\\'p\\']", "{}"),
             "{'resources':[" PLAIN("t_a.x", "," REPEATED) "," BLOCK(
                 "t_r.r", "'t_a.x','each.key'",
                 "," REPEATED) "," BLOCK("t_s.s", "'t_a.x','each.key'",
                                         ",'for_each_expression':{'references':['var.b']}") "]}"));
    const Resource *p = unit_find(&unit, "t_a.x['p']"), *q = unit_find(&unit, "t_a.x['q']");

    assert_found(*state, unit_referrers(&unit, p, STR("t_r"), STR("b")), "t_r.r['p']");
    assert_found(*state, unit_referrers(&unit, q, STR("t_r"), STR("b")), "");
    assert_found(*state, unit_referrers(&unit, p, STR("t_s"), STR("b")), "? t_a.x");
}

static void repeating_over_a_resource_joins_its_instances(void **state)
{
    Unit unit =
        read_unit(*state, PLAN(CHANGE("t_a.x[\\'p\\']", "{}") "," CHANGE(
                                   "t_a.x[\\'q\\']", "{}") "," CHANGE("t_r.r[\\'q\\']", "{}"),
                               "{'resources':[" PLAIN("t_a.x", "," REPEATED) "," BLOCK(
                                   "t_r.r", "'each.value.id','each.value'",
                                   ",'for_each_expression':{'references':['t_a.x']}") "]}"));

    assert_found(*state,
                 unit_referrers(&unit, unit_find(&unit, "t_a.x['q']"), STR("t_r"), STR("b")),
                 "t_r.r['q']");
    assert_found(*state,
                 unit_referrers(&unit, unit_find(&unit, "t_a.x['p']"), STR("t_r"), STR("b")), "");
}

static void modules_are_followed_both_ways(void **state)
{
    Unit unit = read_unit(
        *state,
        PLAN(CHANGE("module.m[0].t_a.x", "{}") "," CHANGE("module.m[0].module.n.t_r.in",
                                                          "{}") "," CHANGE("t_r.out", "{}"),
             "{'resources':[" BLOCK(
                 "t_r.out", "'module.m[0].the_id','module.m[0]','module.m'",
                 "") "],'module_calls':{'m':{'count_expression':{'constant_value':1},'module':{"
                     "'outputs':{'the_id':{'expression':{'references':['t_a.x.id','t_a.x']}}},"
                     "'resources':[" PLAIN(
                         "t_a.x", "") "],'module_calls':{'n':{"
                                      "'expressions':{'given':{'references':['t_a.x.id','t_a.x']}},"
                                      "'module':{'resources':[" BLOCK("t_r.in", "'var.given'",
                                                                      "") "]}}}}}}}"));
    const Resource *x = unit_find(&unit, "module.m[0].t_a.x");

    assert_found(*state, unit_referrers(&unit, x, STR("t_r"), STR("b")),
                 "module.m[0].module.n.t_r.in t_r.out");
}

static void the_expression_behind_a_value_is_known(void **state)
{
    Unit unit = read_unit(*state, PLAN(CHANGE("t_a.x", "{}") "," CHANGE("t_r.r", "{'c':[1]}"),
                                       "{'resources':[" BLOCK("t_r.r", "'t_a.x'", "") "]}"));
    const Resource *r = unit_find(&unit, "t_r.r");

    assert_found(*state, unit_refs(&unit, r, node_path(&r->body, "b")), "t_a.x");
    assert_found(*state, unit_refs(&unit, r, node_path(&r->body, "c")), "");
    assert_found(*state, unit_refs(&unit, r, &r->body), "t_a.x");
}

static void a_plan_that_is_not_complete_leaves_all_open(void **state)
{
    Unit unit =
        read_unit(*state, "{'format_version':'1.2','complete':false,'resource_changes':[]}");

    assert_found(*state, unit_resources(&unit, STR("t_a")), "? the plan is not complete");
}

static void calls_in_a_circle_end(void **state)
{
    Unit unit = read_unit(
        *state, PLAN(CHANGE("module.m.t_r.r", "{}"),
                     "{'module_calls':{'m':{'expressions':{'a':{'references':["
                     "'module.m.o','module.m.o.x','module.m.p']}},'module':{"
                     "'outputs':{'o':{'expression':{'references':['var.a','var.a.b','var.a.c']}},"
                     "'p':{'expression':{'references':['var.a','var.a.x']}}},"
                     "'resources':[" BLOCK("t_r.r", "'var.a'", "") "]}}}}"));
    const Resource *r = unit_find(&unit, "module.m.t_r.r");

    unit_refs(&unit, r, &r->body);
    assert_non_null(r);
}

static void resources_are_found_by_a_text(void **state)
{
    Unit unit = read_unit(
        *state,
        PLAN(CHANGE("t_r.one", "{'n':{'m':'x'},'a':'u'}") "," CHANGE(
                 "t_r.two", "{'n':{'m':'y'},'a':'v'}") "," CHANGE("t_s.other", "{'n':{'m':'x'}}"),
             "{'resources':[" PLAIN("t_r.one", "") "," PLAIN("t_r.two", "") "]}"));

    assert_found(*state, unit_valued(&unit, STR("t_r"), STR("n.m"), STR("x")), "t_r.one");
    assert_found(*state, unit_valued(&unit, STR("t_r"), STR("a"), STR("v")), "t_r.two");
    assert_found(*state, unit_valued(&unit, STR("t_r"), STR("a"), STR("x")), "");
    assert_found(*state, unit_valued(&unit, STR("t_none"), STR("a"), STR("x")), "");
    /* what is not known may be any text */
    assert_true(unit_valued(&unit, STR("t_r"), STR("b"), STR("x")).incomplete);
    assert_true(unit_valued(&unit, STR("t_r"), STR("b.c"), STR("x")).incomplete);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(resources_are_found_by_a_text, set_up, tear_down),
        cmocka_unit_test(referrers_are_found_by_reference),
        cmocka_unit_test(referrers_are_found_by_a_known_identity),
        cmocka_unit_test(a_reference_counts_more_than_an_equal_name),
        cmocka_unit_test(an_unknown_without_a_reference_leaves_it_open),
        cmocka_unit_test(instances_are_joined_where_both_repeat_alike),
        cmocka_unit_test(repeating_over_a_resource_joins_its_instances),
        cmocka_unit_test(modules_are_followed_both_ways),
        cmocka_unit_test(the_expression_behind_a_value_is_known),
        cmocka_unit_test(a_plan_that_is_not_complete_leaves_all_open),
        cmocka_unit_test(calls_in_a_circle_end),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
