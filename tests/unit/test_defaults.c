/* ir/defaults: what a provider does with arguments that are left unset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/defaults.h"
#include "plan_text.h"

typedef struct World {
    Arena *arena;
    Symbols symbols;
    ProviderDefault items[4];
    ProviderDefaults defaults;
} World;

static int set_up(void **state)
{
    Arena *arena = arena_new((size_t)1 << 24);
    World *world = ARENA_NEW(arena, World);
    SymbolBuilder *builder = symbols_builder(arena, NULL);
    Symbol other = symbols_intern(builder, STR("t_a")), type = symbols_intern(builder, STR("t_b"));

    world->arena = arena;
    symbols_build(builder, &world->symbols.fixed);
    world->items[0] = (ProviderDefault){other, STR_INIT("x"), node_make_bool(SPAN_NONE, true)};
    world->items[1] = (ProviderDefault){type, STR_INIT("block.tokens"),
                                        node_make_string(SPAN_NONE, STR("optional"))};
    world->items[2] = (ProviderDefault){type, STR_INIT("flag"), node_make_bool(SPAN_NONE, false)};
    world->items[3] = (ProviderDefault){type, STR_INIT("size"), node_make_int(SPAN_NONE, 3)};
    world->defaults = (ProviderDefaults){world->items, 4};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((World *)*state)->arena);
    return 0;
}

static Unit read_unit(World *world, const char *text)
{
    bool ok;
    Unit unit = plan_unit(world->arena, &world->symbols, &world->defaults, text, &ok);

    assert_true(ok);
    return unit;
}

static void assert_body(Unit *unit, const char *expected)
{
    assert_string_equal(
        str_copy_z(unit->arena, node_dump(&unit->resources[0].body, false, unit->arena)),
        plan_text(unit->arena, expected).data);
}

static void unset_arguments_take_the_default(void **state)
{
    Unit unit = read_unit(*state, "{'format_version':'1.0','resource_changes':[{'address':'t_b.c',"
                                  "'change':{'actions':['create'],'after':{'flag':null,"
                                  "'block':[{'tokens':null},{},{'tokens':'required'}]}}}]}");
    const Node *flag = node_path(&unit.resources[0].body, "flag");

    assert_body(&unit, "{'flag': false, 'block': [{'tokens': 'optional'}, {'tokens': 'optional'}, "
                       "{'tokens': 'required'}], 'size': 3}");
    assert_true(flag->flags & NODE_DEFAULTED);
    assert_int_equal(flag->start, unit.resources[0].header.start);
}

static void what_is_set_stays(void **state)
{
    Unit unit = read_unit(*state, "{'format_version':'1.0','resource_changes':[{'address':'t_b.c',"
                                  "'change':{'actions':['create'],'after':{'flag':true,'size':'4',"
                                  "'block':[]}}}]}");

    assert_body(&unit, "{'flag': true, 'size': '4', 'block': []}");
    assert_false(node_path(&unit.resources[0].body, "flag")->flags & NODE_DEFAULTED);
}

static void an_unknown_gives_way_only_where_nothing_sets_it(void **state)
{
    Unit unit = read_unit(
        *state, "{'format_version':'1.0','resource_changes':[{'address':'t_b.c',"
                "'change':{'actions':['create'],'after':{},'after_unknown':{'flag':true,"
                "'size':true}}}],'configuration':{'root_module':{'resources':["
                "{'address':'t_b.c','expressions':{'size':{'references':['var.n']}}}]}}}");

    assert_body(&unit, "{'flag': false, 'size': <unknown var.n>}");
}

static void without_a_configuration_a_switch_is_the_providers(void **state)
{
    Unit unit = read_unit(*state, "{'format_version':'1.0','resource_changes':[{'address':'t_b.c',"
                                  "'change':{'actions':['create'],'after':{},"
                                  "'after_unknown':{'flag':true,'size':true}}}]}");

    assert_body(&unit, "{'flag': false, 'size': <unknown known after apply>}");
}

static void a_type_without_defaults_is_left_alone(void **state)
{
    Unit unit = read_unit(*state, "{'format_version':'1.0','resource_changes':[{'address':'t_z.c',"
                                  "'change':{'actions':['create'],'after':{'flag':null}}}]}");

    assert_body(&unit, "{'flag': null}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(unset_arguments_take_the_default),
        cmocka_unit_test(what_is_set_stays),
        cmocka_unit_test(an_unknown_gives_way_only_where_nothing_sets_it),
        cmocka_unit_test(without_a_configuration_a_switch_is_the_providers),
        cmocka_unit_test(a_type_without_defaults_is_left_alone),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
