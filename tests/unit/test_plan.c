/* ir/plan: what a plan or state says of each resource. */
#include "arena_state.h"
#include "ir/address.h"
#include "plan_text.h"

static const Symbols no_symbols;

static void assert_text(Str text, const char *expected)
{
    if (!str_eq(text, str_of(expected)))
        fail_msg("%.*s is not %s", STR_ARG(text), expected);
}

/* The body of the resource at `address`, apostrophes for quotation marks. */
static void assert_body(const Unit *unit, const char *address, const char *expected)
{
    const Resource *resource = unit_find(unit, address);

    assert_non_null(resource);
    assert_text(node_dump(&resource->body, false, unit->arena),
                plan_text(unit->arena, expected).data);
}

static void addresses_come_apart(void **state)
{
    Address address;

    (void)state;
    assert_true(address_take_apart(
        STR("module.a[\"x.]\\\"y\"].module.b.data.aws_ami.c[0].tags.Name"), &address));
    assert_text(address.module, "module.a[\"x.]\\\"y\"].module.b");
    assert_text(address.local, "data.aws_ami.c");
    assert_text(address.key, "[0]");
    assert_text(address.attribute, "tags.Name");
    assert_true(address.data);
    assert_true(address_take_apart(STR("aws_vpc.a"), &address));
    assert_text(address.module, "");
    assert_text(address.name, "a");
    assert_false(address_take_apart(STR("var.x"), &address));
    assert_false(address_take_apart(STR("module.m.output"), &address));
    assert_false(address_take_apart(STR(""), &address));
    assert_false(address_take_apart(STR("a[0"), &address));
}

static void callers_of_modules_are_found(void **state)
{
    Str caller;
    AddressStep call;

    (void)state;
    assert_true(address_caller(STR("module.a[0].module.b"), &caller, &call));
    assert_text(caller, "module.a[0]");
    assert_text(call.name, "b");
    assert_true(address_caller(STR("module.a[0]"), &caller, &call));
    assert_text(caller, "");
    assert_text(call.key, "[0]");
    assert_false(address_caller(STR(""), &caller, &call));
}

static void destroyed_and_deposed_objects_are_not_judged(void **state)
{
    bool ok;
    Unit unit = plan_unit(
        *state, &no_symbols, NULL,
        "{'format_version':'1.2','resource_changes':["
        "{'address':'a_b.gone','change':{'actions':['delete'],'after':null}},"
        "{'address':'a_b.left','change':{'actions':['forget'],'after':null}},"
        "{'address':'a_b.x','deposed':'1234','change':{'actions':['delete'],'after':null}},"
        "{'address':'a_b.x','change':{'actions':['delete','create'],'after':{'n':1}}},"
        "{'address':'a_b.y','change':{'actions':['create','forget'],'after':{'n':2}}},"
        "{'address':'a_b.z','change':{'actions':['no-op'],'after':{'n':3}}}]}",
        &ok);

    assert_true(ok);
    assert_int_equal(unit.resource_count, 3);
    assert_body(&unit, "a_b.x", "{'n': 1}");
    assert_body(&unit, "a_b.y", "{'n': 2}");
    assert_body(&unit, "a_b.z", "{'n': 3}");
}

static void unknowns_are_laid_over_the_values(void **state)
{
    bool ok;
    Unit unit = plan_unit(
        *state, &no_symbols, NULL,
        "{'format_version':'1.2','resource_changes':[{'address':'a_b.c','change':{"
        "'actions':['create'],"
        "'after':{'bl':[{'p':1,'q':null}],'k':null,'n':'x'},"
        "'after_unknown':{'bl':[{'q':true}],'id':true,'k':true,'l':[],'m':{'in':true},'n':false}"
        "}}],'configuration':{'root_module':{'resources':[{'address':'a_b.c','expressions':{"
        "'bl':[{'p':{'constant_value':1},'q':{'references':['data.d_e.f.id','data.d_e.f']}}],"
        "'k':{'references':['a_k.a.arn','a_k.a']}}}]}}}",
        &ok);
    const Resource *resource = unit_find(&unit, "a_b.c");

    assert_true(ok);
    assert_body(
        &unit, "a_b.c",
        "{'bl': [{'p': 1, 'q': <unknown data.d_e.f.id>}], 'k': <unknown a_k.a.arn>, 'n': 'x', "
        "'id': <unknown known after apply>, 'm': {'in': <unknown known after apply>}}");
    assert_true(node_path(&resource->body, "k")->as.unknown->set);
    assert_false(node_path(&resource->body, "id")->as.unknown->set);
    assert_true(node_path(&resource->body, "id")->as.unknown->unset);
}

static void a_variable_that_nobody_sets_leaves_an_argument_unset(void **state)
{
    bool ok;
    Unit unit = plan_unit(
        *state, &no_symbols, NULL,
        "{'format_version':'1.2','resource_changes':[{'address':'module.m.a_b.c','change':{"
        "'actions':['create'],'after':{},'after_unknown':{'k':true,'l':true,'n':true}}}],"
        "'variables':{'w':{'value':null}},"
        "'configuration':{'root_module':{'variables':{'w':{}},'module_calls':{'m':{"
        "'expressions':{'l':{'references':['var.w']},'n':{'references':['t_x.y.id','t_x.y']}},"
        "'module':{'variables':{'k':{'default':null},'l':{},'n':{'default':null}},'resources':["
        "{'address':'a_b.c','expressions':{'k':{'references':['var.k']},"
        "'l':{'references':['var.l']},'n':{'references':['var.n']}}}]}}}}}}",
        &ok);
    const Node *body = &unit_find(&unit, "module.m.a_b.c")->body;

    assert_true(ok);
    assert_true(node_path(body, "k")->as.unknown->unset);
    assert_true(node_path(body, "l")->as.unknown->unset);
    assert_false(node_path(body, "n")->as.unknown->unset);
    assert_true(node_path(body, "n")->as.unknown->set);
}

static void without_a_configuration_nobody_knows_what_is_set(void **state)
{
    bool ok;
    Unit unit = plan_unit(*state, &no_symbols, NULL,
                          "{'format_version':'1.0','resource_changes':[{'address':'a_b.c','change':"
                          "{'actions':['create'],'after':{},'after_unknown':{'id':true}}}]}",
                          &ok);
    const Node *id = node_path(&unit_find(&unit, "a_b.c")->body, "id");

    assert_true(ok);
    assert_false(id->as.unknown->set);
    assert_false(id->as.unknown->unset);
}

static void reordered_keys_and_whole_unknown_blocks_are_found(void **state)
{
    bool ok;
    Unit unit =
        plan_unit(*state, &no_symbols, NULL,
                  "{'format_version':'1.0','resource_changes':[{'address':'a_b.c','change':{"
                  "'actions':['create'],'after':{'z':1,'b':null,'a':[]},"
                  "'after_unknown':{'z':false,'a':[{'v':true},true],'b':true}}}]}",
                  &ok);

    assert_true(ok);
    assert_body(&unit, "a_b.c",
                "{'z': 1, 'b': <unknown known after apply>, 'a': [{'v': <unknown known after "
                "apply>}, <unknown known after apply>]}");
}

static void sensitive_values_are_flagged(void **state)
{
    bool ok;
    Unit unit = plan_unit(*state, &no_symbols, NULL,
                          "{'format_version':'1.0','resource_changes':["
                          "{'address':'a_b.c','change':{'actions':['create'],"
                          "'after':{'p':'x','q':{'r':1}},'after_sensitive':{'q':true}}},"
                          "{'address':'a_b.d','change':{'actions':['create'],"
                          "'after':{'p':'x'},'after_sensitive':true}}]}",
                          &ok);
    const Resource *part = unit_find(&unit, "a_b.c"), *all = unit_find(&unit, "a_b.d");

    assert_true(ok);
    assert_false(node_path(&part->body, "p")->flags & NODE_SENSITIVE);
    assert_true(node_path(&part->body, "q.r")->flags & NODE_SENSITIVE);
    assert_true(node_path(&all->body, "p")->flags & NODE_SENSITIVE);
}

static void planned_values_serve_where_there_are_no_changes(void **state)
{
    bool ok;
    Unit unit =
        plan_unit(*state, &no_symbols, NULL,
                  "{'format_version':'0.1','planned_values':{'root_module':{"
                  "'resources':[{'address':'a_b.c','values':{'k':null,'n':1}}],"
                  "'child_modules':[{'address':'module.m','resources':["
                  "{'address':'module.m.a_b.c[0]','values':{'n':2}}]}]}},"
                  "'configuration':{'root_module':{'resources':[{'address':'a_b.c','expressions':{"
                  "'k':{'references':['a_k.a']},'o':{'references':['a_k.b']}}}]}}}",
                  &ok);

    assert_true(ok);
    assert_body(&unit, "a_b.c", "{'k': <unknown a_k.a>, 'n': 1, 'o': <unknown a_k.b>}");
    assert_body(&unit, "module.m.a_b.c[0]", "{'n': 2}");
    assert_text(unit_find(&unit, "module.m.a_b.c[0]")->module_path, "module.m");
}

static void data_sources_come_from_the_prior_state(void **state)
{
    bool ok;
    Unit unit = plan_unit(
        *state, &no_symbols, NULL,
        "{'format_version':'1.0','resource_changes':[{'address':'data.d_e.later','mode':'data',"
        "'change':{'actions':['read'],'after':{},'after_unknown':{'json':true}}}],"
        "'prior_state':{'values':{'root_module':{'resources':["
        "{'address':'data.d_e.later','mode':'data','values':{'json':'old'}},"
        "{'address':'data.d_e.now','mode':'data','values':{'json':'{}'}},"
        "{'address':'a_b.c','mode':'managed','values':{}}]}}}}",
        &ok);

    assert_true(ok);
    assert_int_equal(unit.resource_count, 2);
    assert_body(&unit, "data.d_e.now", "{'json': '{}'}");
    assert_body(&unit, "data.d_e.later", "{'json': <unknown known after apply>}");
    assert_text(unit.resources[0].type_name, "data.d_e");
    assert_true(unit.resources[0].data_source);
}

static void providers_are_resources(void **state)
{
    bool ok;
    Unit unit = plan_unit(
        *state, &no_symbols, NULL,
        "{'format_version':'1.0','planned_values':{},'configuration':{'provider_config':{"
        "'aws':{'name':'aws','expressions':{'region':{'constant_value':'eu-west-1'},"
        "'secret_key':{'references':['var.k']},'default_tags':[{'tags':{'constant_value':{'a':'b'}}"
        "}]}},"
        "'aws.west':{'name':'aws','alias':'west'},"
        "'module.m:aws':{'name':'aws','module_address':'module.m','version_constraint':'1'}}}}",
        &ok);

    assert_true(ok);
    assert_int_equal(unit.resource_count, 2);
    assert_body(&unit, "aws.default",
                "{'region': 'eu-west-1', 'secret_key': <unknown var.k>, 'default_tags': [{'tags': "
                "{'a': 'b'}}]}");
    assert_body(&unit, "aws.west", "{}");
    assert_text(unit.resources[0].type_name, "provider.aws");
}

static void a_state_is_read_as_it_is(void **state)
{
    bool ok;
    Unit unit = plan_unit(*state, &no_symbols, NULL,
                          "{'format_version':'1.0','terraform_version':'1.9.0','values':{"
                          "'root_module':{'resources':[{'address':'a_b.c','values':{'p':'x'},"
                          "'sensitive_values':{'p':true}}]}}}",
                          &ok);

    assert_true(ok);
    assert_body(&unit, "a_b.c", "{'p': 'x'}");
    assert_true(node_path(&unit.resources[0].body, "p")->flags & NODE_SENSITIVE);
}

static void assert_refused(Arena *arena, const char *text, const char *expected)
{
    bool ok;
    Unit unit = plan_unit(arena, &no_symbols, NULL, text, &ok);

    assert_false(ok);
    assert_text(diags_dump(&unit.diags, &unit.sources, arena), expected);
}

static void what_is_no_plan_is_refused_with_its_place(void **state)
{
    assert_refused(*state, "{'format_version':'2.0'}",
                   "plan.json:1:19: error[plan-version]: a plan of format version 2.0 is not "
                   "understood\n");
    assert_refused(*state, "{'format_version':'1.0',\n 'resource_changes':[{'address':'a",
                   "plan.json:2:35: error[json-syntax]: the text ends early: a string is not "
                   "closed\n");
    assert_refused(*state, "[]", "plan.json:1:1: error[plan-shape]: a plan is an object\n");
}

static void an_incomplete_plan_says_so(void **state)
{
    bool ok;
    Unit errored = plan_unit(*state, &no_symbols, NULL,
                             "{'format_version':'1.2','errored':true,'planned_values':{}}", &ok);
    Unit partial = plan_unit(*state, &no_symbols, NULL,
                             "{'format_version':'1.2','complete':false,'planned_values':{}}", &ok);

    assert_true(ok);
    assert_true(errored.incomplete);
    assert_int_equal(errored.diags.errors, 1);
    assert_true(partial.incomplete);
    assert_int_equal(partial.diags.first->code, DIAG_PLAN_INCOMPLETE);
}

static void odd_shapes_are_reported_and_passed_over(void **state)
{
    bool ok;
    Unit unit = plan_unit(*state, &no_symbols, NULL,
                          "{'format_version':'1.2','resource_changes':[1,{'address':'var.x',"
                          "'change':{}},{'address':'a_b.c','change':{'actions':3,'after':[],"
                          "'after_unknown':{'x':[3]},'after_sensitive':7}}],"
                          "'configuration':{'root_module':{'resources':[{'address':'a_b.c',"
                          "'expressions':[]}],'module_calls':[]},'provider_config':[]}}",
                          &ok);

    assert_true(ok);
    assert_int_equal(unit.resource_count, 1);
    assert_body(&unit, "a_b.c", "{}");
    assert_int_equal(unit.diags.errors, 1);
}

static void no_arena_is_too_small_to_fail_in_order(void **state)
{
    static const char text[] =
        "{'format_version':'1.2','resource_changes':[{'address':'data.d_e.f[0]','change':{"
        "'actions':['read'],'after':{'b':{}},'after_unknown':{'a':true,'b':{'c':[true]}},"
        "'after_sensitive':{'a':true}}}],'configuration':{'provider_config':{'a':{'name':'a',"
        "'expressions':{'x':{'references':['var.x']},'y':[{}]}}},'root_module':{'resources':["
        "{'address':'data.d_e.f','expressions':{'a':{'references':['var.a']}}}]}}}";
    bool ok = false;

    (void)state;
    for (size_t limit = 64; !ok && limit < 1 << 20; limit += 64) {
        Arena *arena = arena_new(limit);
        if (arena && plan_text(arena, text).data) {
            Unit unit = unit_new(arena, &no_symbols, NULL);
            Source *source = sources_add(&unit.sources, STR("p"), plan_text(arena, text));
            ok = source && plan_build(&unit, source) && !arena_spent(arena);
        }
        arena_free(arena);
    }
    assert_true(ok);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_come_apart),
        cmocka_unit_test(callers_of_modules_are_found),
        cmocka_unit_test(destroyed_and_deposed_objects_are_not_judged),
        cmocka_unit_test(unknowns_are_laid_over_the_values),
        cmocka_unit_test(a_variable_that_nobody_sets_leaves_an_argument_unset),
        cmocka_unit_test(without_a_configuration_nobody_knows_what_is_set),
        cmocka_unit_test(reordered_keys_and_whole_unknown_blocks_are_found),
        cmocka_unit_test(sensitive_values_are_flagged),
        cmocka_unit_test(planned_values_serve_where_there_are_no_changes),
        cmocka_unit_test(data_sources_come_from_the_prior_state),
        cmocka_unit_test(providers_are_resources),
        cmocka_unit_test(a_state_is_read_as_it_is),
        cmocka_unit_test(what_is_no_plan_is_refused_with_its_place),
        cmocka_unit_test(an_incomplete_plan_says_so),
        cmocka_unit_test(odd_shapes_are_reported_and_passed_over),
        cmocka_unit_test(no_arena_is_too_small_to_fail_in_order),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
