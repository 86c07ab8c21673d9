/* tests/unit/test_docker.c - ir/docker.c and its halves */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/docker.h"
#include "ir/docker_expand.h"

static const Symbols no_symbols;

static Unit build(const char *text)
{
    Arena *arena = arena_new((size_t)1 << 26);
    Unit unit = unit_new(arena, &no_symbols, NULL);
    Source *source = sources_add(&unit.sources, STR("app/Dockerfile"), str_of(text));

    assert_non_null(source);
    assert_true(docker_build(&unit, source));
    return unit;
}

static const Resource *find(const Unit *unit, const char *type, uint32_t nth)
{
    for (uint32_t i = 0; i < unit->resource_count; i++)
        if (str_eq(unit->resources[i].type_name, str_of(type)) && nth-- == 0)
            return &unit->resources[i];
    fail_msg("no %s", type);
    return NULL;
}

static void assert_field(const Unit *unit, const char *type, uint32_t nth, const char *path,
                         const char *expected)
{
    const Resource *resource = find(unit, type, nth);
    const Node *node = node_path(&resource->body, path);
    Str text = node ? node_dump(node, false, unit->arena) : STR("-");

    if (!str_eq(text, str_of(expected)))
        fail_msg("%s %u, %s: %.*s instead of %s", type, nth, path, STR_ARG(text), expected);
}

static void variables_are_replaced_as_the_builder_does(void **state)
{
    static const struct {
        const char *written, *value;
    } cases[] = {
        {"a$X-${X}b", "\"axyzxyz-xyzxyzb\""},
        {"'$X'\"$X\"", "\"$Xxyzxyz\""},
        {"\\$X \"\\$X\" $", "\"$X $X $\""},
        {"${E:-d}${E-d}${N:-${X}}${N-n}", "\"dxyzxyzn\""},
        {"${X:+s}${E:+s}${E+s}${N+s}", "\"ss\""},
        {"${X:?no}${X?no}", "\"xyzxyzxyzxyz\""},
        {"${X#x*y}", "\"zxyz\""},
        {"${X##x*y}", "\"z\""},
        {"${X%y*}", "\"xyzx\""},
        {"${X%%y*}", "\"x\""},
        {"${X#q}", "\"xyzxyz\""},
        {"${X/yz/-}", "\"x-xyz\""},
        {"${X//[y]/-}", "\"xyzxyz\""},
        {"${X//y?/-}", "\"x-x-\""},
        {"$N", "\"\""},
        {"$1x", "\"x\""},
        {"a$U", "<unknown ARG U>"},
        {"${U:-d}", "\"d\""},
        {"${U:+d}", "<unknown ARG U>"},
        {"${X,,}", "<unknown a modifier that the builder does not know>"},
    };
    Arena *arena = arena_new((size_t)1 << 20);
    DockerScope scope = {.arena = arena, .escape = '\\'};

    (void)state;
    docker_scope_set(&scope, STR("X"), (DockerValue){STR("xyzxyz"), NULL, false}, true, SPAN_NONE);
    docker_scope_set(&scope, STR("E"), (DockerValue){STR(""), NULL, false}, true, SPAN_NONE);
    docker_scope_set(&scope, STR("U"), docker_unset(arena, STR("U")), false, SPAN_NONE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Node node =
            docker_value_node(docker_expand(&scope, str_of(cases[i].written)), (Span){0, 0, 0});
        Str text = node_dump(&node, false, arena);
        if (!str_eq(text, str_of(cases[i].value)))
            fail_msg("%s: %.*s instead of %s", cases[i].written, STR_ARG(text), cases[i].value);
    }
    assert_true(str_eq(docker_expand(&scope, STR("a${X}-$U")).unknown->prefix, STR("axyzxyz-")));
    arena_free(arena);
}

static void values_do_not_grow_without_end(void **state)
{
    Arena *arena = arena_new((size_t)1 << 24);
    DockerScope scope = {.arena = arena, .escape = '\\'};

    (void)state;
    docker_scope_set(&scope, STR("A"), (DockerValue){STR("xxxxxxxx"), NULL, false}, true,
                     SPAN_NONE);
    for (int i = 0; i < 100; i++)
        docker_scope_set(&scope, STR("A"), docker_expand(&scope, STR("$A$A")), true, SPAN_NONE);
    assert_non_null(docker_scope_find(&scope, STR("A"))->value.unknown);
    arena_free(arena);
}

static void a_global_arg_is_seen_by_from_only(void **state)
{
    Unit unit = build("ARG V=1\nFROM a:$V\nWORKDIR /x$V\nARG V\nWORKDIR /y$V\n"
                      "FROM scratch\nWORKDIR /z$V\nENV V=2\nARG V=3\nWORKDIR /w$V\n"
                      "FROM b:$W\nARG TARGETARCH\nUSER $TARGETARCH\n");

    (void)state;
    assert_field(&unit, "FROM", 0, "image", "\"a:1\"");
    assert_field(&unit, "WORKDIR", 0, "path", "<unknown ENV V of the base image>");
    assert_field(&unit, "WORKDIR", 1, "path", "\"/y1\"");
    assert_field(&unit, "WORKDIR", 2, "path", "\"/z\"");
    assert_field(&unit, "WORKDIR", 3, "path", "\"/w2\"");
    assert_field(&unit, "FROM", 2, "image", "<unknown W, which no ARG declares>");
    assert_field(&unit, "USER", 0, "user", "<unknown TARGETARCH>");
    arena_free(unit.arena);
}

static void a_stage_begins_as_the_one_it_is_built_on(void **state)
{
    Unit unit = build("FROM a AS Base\nUSER u:g\nENV E=1\nLABEL l=1\nWORKDIR /w\nHEALTHCHECK NONE\n"
                      "FROM base\nLABEL l=2 m=$E\n"
                      "FROM base\nCMD [\"x\"]\n");

    (void)state;
    assert_field(&unit, "stage", 1, "base_stage", "0");
    assert_field(&unit, "stage", 1, "user", "\"u\"");
    assert_field(&unit, "stage", 1, "group", "\"g\"");
    assert_field(&unit, "stage", 1, "labels", "{\"l\": \"2\", \"m\": \"1\"}");
    assert_field(&unit, "stage", 2, "labels", "{\"l\": \"1\"}");
    assert_field(&unit, "stage", 2, "env", "{\"E\": \"1\"}");
    assert_field(&unit, "stage", 2, "healthcheck.none", "true");
    assert_field(&unit, "stage", 2, "cmd.words", "[\"x\"]");
    assert_field(&unit, "CMD", 0, "stage.index", "2");
    assert_field(&unit, "CMD", 0, "workdir", "\"/w\"");
    arena_free(unit.arena);
}

static void the_stage_graph_is_known(void **state)
{
    Unit unit = build("FROM a AS one\nFROM b AS two\nFROM c AS three\nFROM one AS four\n"
                      "COPY --from=two x y\nRUN --mount=type=bind,from=img:1,dst=/m z\n");

    (void)state;
    assert_field(&unit, "stage", 0, "needed", "true");
    assert_field(&unit, "stage", 0, "ships", "true");
    assert_field(&unit, "stage", 1, "needed", "true");
    assert_field(&unit, "stage", 1, "ships", "false");
    assert_field(&unit, "stage", 2, "needed", "false");
    assert_field(&unit, "stage", 3, "copies_from", "[\"two\", \"img:1\"]");
    assert_field(&unit, "stage", 3, "copies.0.from", "\"two\"");
    assert_field(&unit, "stage", 3, "copies.1", "-");
    assert_field(&unit, "dockerfile", 0, "copies.0.destination", "\"y\"");
    assert_field(&unit, "COPY", 0, "from_stage", "1");
    assert_field(&unit, "RUN", 0, "mounts",
                 "[{\"type\": \"bind\", \"from\": \"img:1\", \"target\": \"/m\"}]");
    arena_free(unit.arena);
}

static void parts_of_pipelines_are_listed_by_themselves(void **state)
{
    Unit unit = build("FROM a\nRUN a && b | sudo c; d\nRUN e\nCMD [\"f\"]\n");

    (void)state;
    assert_field(&unit, "RUN", 0, "piped.0.text", "\"b\"");
    assert_field(&unit, "RUN", 0, "piped.1.name", "\"sudo\"");
    assert_field(&unit, "RUN", 0, "piped.2.wrapper", "\"sudo\"");
    assert_field(&unit, "RUN", 0, "piped.3", "-");
    assert_field(&unit, "RUN", 0, "size", "4");
    assert_field(&unit, "RUN", 1, "piped", "-");
    assert_field(&unit, "CMD", 0, "size", "1");
    arena_free(unit.arena);
}

static void a_stage_knows_the_commands_of_its_steps(void **state)
{
    Unit unit = build("FROM a AS one\nRUN cd x && make\nFROM b\nRUN make one\nONBUILD RUN gcc\n"
                      "RUN make two && curl\nCMD wget\n");

    (void)state;
    assert_field(&unit, "stage", 0, "programs.cd.0.text", "\"cd x\"");
    assert_field(&unit, "stage", 0, "programs.make.0.text", "\"make\"");
    assert_field(&unit, "stage", 1, "programs.make.0.text", "\"make one\"");
    assert_field(&unit, "stage", 1, "programs.make.1.text", "\"make two\"");
    assert_field(&unit, "stage", 1, "programs.curl.0.index", "1");
    assert_field(&unit, "stage", 1, "programs.cd", "-");
    assert_field(&unit, "stage", 1, "programs.gcc", "-");
    assert_field(&unit, "stage", 1, "programs.wget", "-");
    arena_free(unit.arena);
}

static void variables_that_commands_set_are_known(void **state)
{
    Unit unit = build(
        "FROM a\nRUN A=1 make B=2 && export C=\"x y\" D && sudo env E=$F id; A=3\nRUN id a=b\n"
        "RUN [\"env\", \"G=1\", \"id\"]\n");

    (void)state;
    assert_field(&unit, "RUN", 0, "variables", "{\"A\": \"3\", \"C\": \"x y\", \"E\": \"$F\"}");
    assert_field(&unit, "RUN", 1, "variables", "-");
    assert_field(&unit, "RUN", 2, "variables", "{\"G\": \"1\"}");
    arena_free(unit.arena);
}

static void commands_are_taken_apart(void **state)
{
    Unit unit =
        build("FROM a\nRUN /usr/bin/apt-get -o A=b install -y 'x' $Y && sudo -u me rm -rf /z\n"
              "RUN [\"sh\", \"-ec\", \"a | b\"]\n"
              "RUN <<E\n#!/usr/bin/env python\nprint('a' | 'b')\nE\n"
              "RUN <<E\nset -e\nc\nE\n"
              "SHELL [\"powershell\", \"-Command\"]\nRUN a & b\n");

    (void)state;
    assert_field(&unit, "RUN", 0, "commands.0.name", "\"apt-get\"");
    assert_field(&unit, "RUN", 0, "commands.0.sub", "\"install\"");
    assert_field(&unit, "RUN", 0, "commands.0.flags", "[\"-o\", \"A=b\", \"-y\"]");
    assert_field(&unit, "RUN", 0, "commands.0.operands", "[\"install\", \"x\", \"$Y\"]");
    assert_field(&unit, "RUN", 0, "commands.0.args.5", "<unknown $Y>");
    assert_field(&unit, "RUN", 0, "commands.0.open", "<unknown $Y>");
    assert_field(&unit, "RUN", 0, "commands.1.name", "\"sudo\"");
    assert_field(&unit, "RUN", 0, "commands.2.name", "\"rm\"");
    assert_field(&unit, "RUN", 0, "commands.2.wrapper", "\"sudo\"");
    assert_field(&unit, "RUN", 1, "commands.2.words", "[\"b\"]");
    assert_field(&unit, "RUN", 1, "commands.2.errexit", "true");
    assert_field(&unit, "RUN", 2, "commands", "[]");
    assert_field(&unit, "RUN", 3, "commands.1.errexit", "true");
    assert_field(&unit, "RUN", 4, "commands", "[]");
    assert_field(&unit, "RUN", 4, "shell", "\"powershell\"");
    arena_free(unit.arena);
}

static void places_are_those_of_the_file(void **state)
{
    static const char text[] = "FROM a\nRUN b && \\\n  # c\n  dd \"e\" | \\\n  f\n";
    Unit unit = build(text);
    const Node *name = node_path(&find(&unit, "RUN", 0)->body, "commands.1.name");
    const Node *word = node_path(&find(&unit, "RUN", 0)->body, "commands.1.words.1");

    (void)state;
    assert_memory_equal(text + name->start, "dd", 2);
    assert_memory_equal(text + word->start, "\"e\"", 3);
    assert_int_equal(word->end - word->start, 3);
    assert_int_equal(find(&unit, "RUN", 0)->header.start, 7);
    assert_int_equal(find(&unit, "RUN", 0)->header.end, 17);
    arena_free(unit.arena);
}

static void instructions_know_their_neighbours(void **state)
{
    Unit unit =
        build("FROM a\nENV A=1 B=$A C=${A:-x}$C\nCMD x\n# c\nRUN a; b\nCMD y\nONBUILD USER z\n");

    (void)state;
    assert_field(&unit, "ENV", 0, "pairs.1.refers_to", "[\"A\"]");
    assert_field(&unit, "ENV", 0, "pairs.2.refers_to", "[]");
    assert_field(&unit, "RUN", 0, "programs.b.0.index", "1");
    assert_field(&unit, "CMD", 0, "last", "false");
    assert_field(&unit, "CMD", 1, "last", "true");
    assert_field(&unit, "CMD", 1, "nth", "1");
    assert_field(&unit, "CMD", 1, "previous.size", "2");
    assert_field(&unit, "RUN", 0, "comments", "[\"# c\"]");
    assert_field(&unit, "USER", 0, "onbuild", "true");
    assert_field(&unit, "stage", 0, "user", "-");
    assert_field(&unit, "ONBUILD", 0, "build.user", "\"z\"");
    assert_ptr_equal(find(&unit, "RUN", 0)->parent, find(&unit, "stage", 0));
    assert_ptr_equal(find(&unit, "stage", 0)->parent, find(&unit, "dockerfile", 0));
    assert_true(str_eq(find(&unit, "FROM", 0)->address, STR("FROM a")));
    assert_true(str_eq(find(&unit, "dockerfile", 0)->address, STR("Dockerfile")));
    arena_free(unit.arena);
}

static void the_size_of_a_run_is_its_commands_without_tests(void **state)
{
    Unit unit =
        build("FROM a\nRUN if [ a = b ]; then x; fi\nRUN [[ -f a ]] && sudo x\nRUN [\"a\"]\n"
              "SHELL [\"pwsh\"]\nRUN a; b;\nRUN & a | b\nSHELL [\"cmd\"]\nRUN a && b\n"
              "RUN <<E\n#!/usr/bin/python3\nprint(1)\nE\n");

    (void)state;
    assert_field(&unit, "RUN", 0, "size", "1");
    assert_field(&unit, "RUN", 1, "size", "1");
    assert_field(&unit, "RUN", 2, "size", "1");
    assert_field(&unit, "RUN", 3, "size", "2");
    assert_field(&unit, "RUN", 4, "size", "1");
    assert_field(&unit, "RUN", 5, "size", "2");
    assert_field(&unit, "RUN", 6, "size", "2");
    arena_free(unit.arena);
}

static void onbuild_sees_the_variables_that_onbuild_sets(void **state)
{
    Unit unit = build("FROM a\nENV A=1 B=2\nONBUILD WORKDIR /$A$B\nONBUILD ENV B=3\nENV C=4\n"
                      "ONBUILD WORKDIR /$A$B$C\nWORKDIR /$A$B$C\n");

    (void)state;
    assert_field(&unit, "WORKDIR", 0, "path", "\"/12\"");
    assert_field(&unit, "WORKDIR", 1, "path", "\"/134\"");
    assert_field(&unit, "WORKDIR", 2, "path", "\"/124\"");
    arena_free(unit.arena);
}

static void stages_add_ports_to_those_of_their_base(void **state)
{
    Unit unit = build("FROM a AS b\nEXPOSE 1 2 3 4 5 6 7 8\nFROM b\nEXPOSE 9\n"
                      "FROM b\nEXPOSE 10 11\nFROM b\n");

    (void)state;
    assert_field(&unit, "stage", 0, "ports.7.port", "8");
    assert_field(&unit, "stage", 0, "ports.8.port", "-");
    assert_field(&unit, "stage", 1, "ports.0.port", "1");
    assert_field(&unit, "stage", 1, "ports.8.port", "9");
    assert_field(&unit, "stage", 1, "ports.9.port", "-");
    assert_field(&unit, "stage", 2, "ports.8.port", "10");
    assert_field(&unit, "stage", 2, "ports.9.port", "11");
    assert_field(&unit, "stage", 3, "ports.8.port", "-");
    arena_free(unit.arena);
}

static void ports_and_mounts_have_parts(void **state)
{
    Unit unit = build("FROM a\nEXPOSE 80 90-99/udp $P x\n");

    (void)state;
    assert_field(&unit, "EXPOSE", 0, "ports.0.protocol", "\"tcp\"");
    assert_field(&unit, "EXPOSE", 0, "ports.1.port", "90");
    assert_field(&unit, "EXPOSE", 0, "ports.1.last_port", "99");
    assert_field(&unit, "EXPOSE", 0, "ports.2.port", "<unknown ENV P of the base image>");
    assert_field(&unit, "EXPOSE", 0, "ports.3.port", "-");
    arena_free(unit.arena);
}

static void an_empty_file_is_an_error(void **state)
{
    Unit unit = build("# nothing\n");

    (void)state;
    assert_int_equal(unit.resource_count, 0);
    assert_int_equal(unit.diags.errors, 1);
    arena_free(unit.arena);
}

static void any_arena_limit_is_survived(void **state)
{
    static const Str text =
        STR_INIT("ARG A=1\nFROM a:$A AS b\nENV X=$A Y=\"$Z\"\nRUN a \"$b\" | sudo c\nLABEL l=$X\n"
                 "FROM b\nCOPY --from=b x y\nEXPOSE 1\nHEALTHCHECK CMD x\nONBUILD USER u\n");

    (void)state;
    for (size_t limit = 0; limit < 262144; limit += 512) {
        Arena *arena = arena_new(limit);
        Unit unit = unit_new(arena, &no_symbols, NULL);
        Source *source = sources_add(&unit.sources, STR("Dockerfile"), text);
        if (source && docker_build(&unit, source))
            assert_int_equal(unit.resource_count, 14);
        arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variables_are_replaced_as_the_builder_does),
        cmocka_unit_test(values_do_not_grow_without_end),
        cmocka_unit_test(a_global_arg_is_seen_by_from_only),
        cmocka_unit_test(a_stage_begins_as_the_one_it_is_built_on),
        cmocka_unit_test(the_stage_graph_is_known),
        cmocka_unit_test(parts_of_pipelines_are_listed_by_themselves),
        cmocka_unit_test(a_stage_knows_the_commands_of_its_steps),
        cmocka_unit_test(variables_that_commands_set_are_known),
        cmocka_unit_test(commands_are_taken_apart),
        cmocka_unit_test(places_are_those_of_the_file),
        cmocka_unit_test(instructions_know_their_neighbours),
        cmocka_unit_test(the_size_of_a_run_is_its_commands_without_tests),
        cmocka_unit_test(onbuild_sees_the_variables_that_onbuild_sets),
        cmocka_unit_test(stages_add_ports_to_those_of_their_base),
        cmocka_unit_test(ports_and_mounts_have_parts),
        cmocka_unit_test(an_empty_file_is_an_error),
        cmocka_unit_test(any_arena_limit_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
