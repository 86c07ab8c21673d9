/* Three-valued evaluation: each cell of the truth tables, and what else is or is not decided. */
#include "cel_eval.h"

/* t true, f false, u unknown, e an error. */
#define CASES                                                                                      \
    /* && */                                                                                       \
    CASE(and_t_t, "t && t", "true")                                                                \
    CASE(and_t_f, "t && f", "false")                                                               \
    CASE(and_t_u, "t && u", "unknown")                                                             \
    CASE(and_t_e, "t && e", "error")                                                               \
    CASE(and_f_t, "f && t", "false")                                                               \
    CASE(and_f_f, "f && f", "false")                                                               \
    CASE(and_f_u, "f && u", "false")                                                               \
    CASE(and_f_e, "f && e", "false")                                                               \
    CASE(and_u_t, "u && t", "unknown")                                                             \
    CASE(and_u_f, "u && f", "false")                                                               \
    CASE(and_u_u, "u && u", "unknown")                                                             \
    CASE(and_u_e, "u && e", "unknown")                                                             \
    CASE(and_e_t, "e && t", "error")                                                               \
    CASE(and_e_f, "e && f", "false")                                                               \
    CASE(and_e_u, "e && u", "unknown")                                                             \
    CASE(and_e_e, "e && e", "error")                                                               \
    /* || */                                                                                       \
    CASE(or_t_t, "t || t", "true")                                                                 \
    CASE(or_t_f, "t || f", "true")                                                                 \
    CASE(or_t_u, "t || u", "true")                                                                 \
    CASE(or_t_e, "t || e", "true")                                                                 \
    CASE(or_f_t, "f || t", "true")                                                                 \
    CASE(or_f_f, "f || f", "false")                                                                \
    CASE(or_f_u, "f || u", "unknown")                                                              \
    CASE(or_f_e, "f || e", "error")                                                                \
    CASE(or_u_t, "u || t", "true")                                                                 \
    CASE(or_u_f, "u || f", "unknown")                                                              \
    CASE(or_u_u, "u || u", "unknown")                                                              \
    CASE(or_u_e, "u || e", "unknown")                                                              \
    CASE(or_e_t, "e || t", "true")                                                                 \
    CASE(or_e_f, "e || f", "error")                                                                \
    CASE(or_e_u, "e || u", "unknown")                                                              \
    CASE(or_e_e, "e || e", "error")                                                                \
    /* ! */                                                                                        \
    CASE(not_t, "!t", "false")                                                                     \
    CASE(not_f, "!f", "true")                                                                      \
    CASE(not_u, "!u", "unknown")                                                                   \
    CASE(not_e, "!e", "error")                                                                     \
    /* ?: */                                                                                       \
    CASE(choose_t, "t ? 1 : 2", "1")                                                               \
    CASE(choose_f, "f ? 1 : 2", "2")                                                               \
    CASE(choose_u, "u ? 1 : 2", "unknown")                                                         \
    CASE(choose_e, "e ? 1 : 2", "error")                                                           \
    CASE(choose_t_u, "t ? u : 2", "unknown")                                                       \
    CASE(choose_t_leaves_u, "t ? 1 : u", "1")                                                      \
    CASE(choose_f_leaves_u, "f ? u : 2", "2")                                                      \
    CASE(choose_f_u, "f ? 1 : u", "unknown")                                                       \
    CASE(choose_t_leaves_e, "t ? 1 : (e ? 3 : 4)", "1")                                            \
    CASE(choose_u_e, "u ? e : e", "unknown")                                                       \
    /* in */                                                                                       \
    CASE(in_found, "1 in [1, 2]", "true")                                                          \
    CASE(in_not_found, "3 in [1, 2]", "false")                                                     \
    CASE(in_found_beside_u, "1 in [n, 1]", "true")                                                 \
    CASE(in_not_found_beside_u, "1 in [n, 2]", "unknown")                                          \
    CASE(in_u, "n in [1, 2]", "unknown")                                                           \
    CASE(in_u_in_nothing, "n in []", "false")                                                      \
    CASE(in_unknown_list, "1 in n", "unknown")                                                     \
    CASE(in_e, "(1 / zero) in [1, 2]", "error")                                                    \
    CASE(in_u_over_e, "(1 / zero) in n", "unknown")                                                \
    CASE(in_map_u_key, "n in {'a': 1}", "unknown")                                                 \
    CASE(in_map_u_value, "'a' in {'a': n}", "true")                                                \
    CASE(in_input_beside_u, "1 in input.list", "true")                                             \
    CASE(not_in_input_beside_u, "7 in input.list", "unknown")                                      \
    CASE(in_by_prefix, "p in ['x', 'y']", "false")                                                 \
    CASE(in_by_prefix_open, "p in ['arn:aws:s3:::a', 'y']", "unknown")                             \
    /* all */                                                                                      \
    CASE(all_t, "[t, t].all(x, x)", "true")                                                        \
    CASE(all_f, "[t, f].all(x, x)", "false")                                                       \
    CASE(all_u, "[t, u].all(x, x)", "unknown")                                                     \
    CASE(all_u_f, "[u, f].all(x, x)", "false")                                                     \
    CASE(all_f_u, "[f, u].all(x, x)", "false")                                                     \
    CASE(all_e, "[1, 0].all(x, 1 / x == 1)", "error")                                              \
    CASE(all_e_f, "[0, 2].all(x, 1 / x == 1)", "false")                                            \
    CASE(all_e_u, "[0, n].all(x, 1 / x == 1)", "unknown")                                          \
    CASE(all_u_e, "[n, 0].all(x, 1 / x == 1)", "unknown")                                          \
    CASE(all_u_e_f, "[n, 0, 2].all(x, 1 / x == 1)", "false")                                       \
    CASE(all_empty, "[].all(x, u)", "true")                                                        \
    CASE(all_unknown_list, "n.all(x, false)", "unknown")                                           \
    /* exists */                                                                                   \
    CASE(exists_t, "[f, t].exists(x, x)", "true")                                                  \
    CASE(exists_f, "[f, f].exists(x, x)", "false")                                                 \
    CASE(exists_u, "[f, u].exists(x, x)", "unknown")                                               \
    CASE(exists_u_t, "[u, t].exists(x, x)", "true")                                                \
    CASE(exists_t_u, "[t, u].exists(x, x)", "true")                                                \
    CASE(exists_e, "[2, 0].exists(x, 1 / x == 1)", "error")                                        \
    CASE(exists_e_t, "[0, 1].exists(x, 1 / x == 1)", "true")                                       \
    CASE(exists_e_u, "[0, n].exists(x, 1 / x == 1)", "unknown")                                    \
    CASE(exists_u_e_t, "[n, 0, 1].exists(x, 1 / x == 1)", "true")                                  \
    CASE(exists_empty, "[].exists(x, u)", "false")                                                 \
    CASE(exists_unknown_list, "n.exists(x, true)", "unknown")                                      \
    /* the macros that do not absorb */                                                            \
    CASE(exists_one_u, "[t, u].exists_one(x, x)", "unknown")                                       \
    CASE(exists_one_unknown_list, "n.exists_one(x, true)", "unknown")                              \
    CASE(filter_u, "[t, u].filter(x, x)", "unknown")                                               \
    CASE(filter_unknown_list, "n.filter(x, true)", "unknown")                                      \
    CASE(map_unknown_list, "n.map(x, x)", "unknown")                                               \
    CASE(map_keeps_elements, "[1, n].map(x, x)[0]", "1")                                           \
    CASE(map_of_u_is_found_in, "2 in [1, n].map(x, x + 1)", "true")                                \
    CASE(map_e_u, "[0, n].map(x, 1 / x == 1 && u, x)", "unknown")                                  \
    /* an unknown wins over an error */                                                            \
    CASE(plus_u, "1 + n", "unknown")                                                               \
    CASE(plus_u_e, "n + 1 / zero", "unknown")                                                      \
    CASE(plus_e_u, "1 / zero + n", "unknown")                                                      \
    CASE(less_u_e, "n < 1 / zero", "unknown")                                                      \
    CASE(less_e_u, "1 / zero < n", "unknown")                                                      \
    CASE(equal_u_e, "n == 1 / zero", "unknown")                                                    \
    CASE(equal_e_u, "1 / zero == n", "unknown")                                                    \
    CASE(call_u_e, "math.greatest(1 / zero, n)", "unknown")                                        \
    CASE(index_u, "[1, 2][n]", "unknown")                                                          \
    CASE(index_of_u, "n[0]", "unknown")                                                            \
    CASE(field_of_u, "n.a.b", "unknown")                                                           \
    CASE(has_of_u, "has(n.a)", "unknown")                                                          \
    CASE(negate_u, "-n", "unknown")                                                                \
    CASE(bind_u_unused, "cel.bind(x, n, 1)", "1")                                                  \
    CASE(or_value_of_u, "optional.of(1).orValue(n)", "1")                                          \
    /* equality with parts that are unknown */                                                     \
    CASE(list_equal_u, "[1, n] == [1, 2]", "unknown")                                              \
    CASE(list_unequal_u, "[1, n] == [2, 2]", "false")                                              \
    CASE(list_unequal_size, "[1, n] == [1]", "false")                                              \
    CASE(map_equal_u, "{'a': n} == {'a': 1}", "unknown")                                           \
    CASE(map_unequal_key, "{'a': n} == {'b': 1}", "false")                                         \
    CASE(size_beside_u, "size([1, n])", "2")                                                       \
    /* presence */                                                                                 \
    CASE(set_is_not_null, "s != null", "true")                                                     \
    CASE(set_equals_null, "s == null", "false")                                                    \
    CASE(maybe_null_is_not_null, "m != null", "unknown")                                           \
    CASE(unset_is_not_null, "n != null", "unknown")                                                \
    CASE(unset_equals_null, "n == null", "unknown")                                                \
    CASE(is_set_s, "isSet(input.set)", "true")                                                     \
    CASE(is_set_n, "isSet(input.unset)", "unknown")                                                \
    CASE(has_s, "has(input.set)", "true")                                                          \
    CASE(has_n, "has(input.unset)", "unknown")                                                     \
    /* a known beginning */                                                                        \
    CASE(prefix_equal, "p == 'arn:aws:s3:::a'", "unknown")                                         \
    CASE(prefix_unequal, "p == 'http://a'", "false")                                               \
    CASE(prefix_not_equal, "p != 'http://a'", "true")                                              \
    CASE(prefix_unequal_shorter, "p == 'arn'", "false")                                            \
    CASE(prefix_starts, "p.startsWith('arn:')", "true")                                            \
    CASE(prefix_starts_otherwise, "p.startsWith('http')", "false")                                 \
    CASE(prefix_starts_longer, "p.startsWith('arn:aws:s3')", "unknown")                            \
    CASE(prefix_ends, "p.endsWith('x')", "unknown")                                                \
    CASE(prefix_made, "('s3://' + n).startsWith('s3:')", "true")                                   \
    CASE(prefix_made_longer, "('x-' + p) == 'x-http'", "false")                                    \
    CASE(prefix_is_set, "dyn('a' + n) != null", "true")                                            \
    CASE(prefix_of_another, "p.lowerAscii() == 'x'", "unknown")                                    \
    CASE(prefix_of_a_field, "p.a == 'x'", "unknown")                                               \
    CASE(prefix_kept, "(p + 'x') == 'http'", "false")                                              \
    CASE(prefix_made_of_another, "('x-' + p.a) == 'x-http'", "unknown")                            \
    CASE(field_of_set_is_null, "s.a == null", "unknown")                                           \
    CASE(field_of_set_is_set, "isSet(input.set.a)", "unknown")                                     \
    CASE(element_of_set_is_set, "isSet(input.set[0])", "unknown")                                  \
    /* lists that may have more elements */                                                        \
    CASE(open_exists_found, "open.exists(x, x == 1)", "true")                                      \
    CASE(open_exists_not_found, "open.exists(x, x == 7)", "unknown")                               \
    CASE(open_all_f, "open.all(x, x == 1)", "false")                                               \
    CASE(open_all_t, "open.all(x, x < 7)", "unknown")                                              \
    CASE(open_exists_one, "open.exists_one(x, x == 1)", "unknown")                                 \
    CASE(open_exists_one_two, "open.exists_one(x, x < 7)", "false")                                \
    CASE(open_size, "size(open)", "unknown")                                                       \
    CASE(open_size_member, "open.size() == 0", "unknown")                                          \
    CASE(open_equal_empty, "open == []", "false")                                                  \
    CASE(none_equal_empty, "none == []", "unknown")                                                \
    CASE(none_not_equal_empty, "none != []", "unknown")                                            \
    CASE(open_in, "2 in open", "true")                                                             \
    CASE(open_not_in, "7 in open", "unknown")                                                      \
    CASE(open_u_in_nothing, "n in none", "unknown")                                                \
    CASE(open_filter, "open.filter(x, x == 7).exists(y, true)", "unknown")                         \
    CASE(open_filter_found, "open.filter(x, x == 1).exists(y, true)", "true")                      \
    CASE(open_map, "open.map(x, x + 1).exists(y, y == 3)", "true")                                 \
    CASE(open_index, "open[0]", "1")                                                               \
    CASE(open_index_beyond, "open[9]", "unknown")                                                  \
    CASE(open_joined, "(open + [5]).exists(x, x == 9)", "unknown")                                 \
    CASE(open_error_within, "none.all(x, x)", "unknown")                                           \
    CASE(open_call, "open.sum()", "unknown")

static const Unknown plain = {.cause = STR_INIT("var.n"), .type = NODE_UNKNOWN};
static const Unknown set = {.cause = STR_INIT("a.b.id"), .type = NODE_STRING, .set = true};
static const Unknown maybe = {
    .cause = STR_INIT("a.b.id"), .type = NODE_STRING, .set = true, .may_be_null = true};
static const Unknown begun = {
    .cause = STR_INIT("a.b.arn"), .type = NODE_STRING, .set = true, .prefix = STR_INIT("arn:aws:")};

static CelValue unknown_value(const Unknown *unknown)
{
    CelValue value = {.kind = CEL_UNKNOWN};

    value.as.unknown = unknown;
    return value;
}

static CelValue open_list(Bench *bench, uint32_t count)
{
    CelValue *items, list = cel_new_list(&bench->machine, count, &items);

    for (uint32_t i = 0; i < count; i++)
        items[i] = cel_int(i + 1);
    list.flags |= CEL_INCOMPLETE;
    return list;
}

/* {list: [1, unknown, 3], set: unknown but set, unset: unknown} */
static CelValue input_map(Bench *bench)
{
    Entry *entries = ARENA_ARRAY(bench->arena, Entry, 3);
    Node *items = ARENA_ARRAY(bench->arena, Node, 3), *map = ARENA_NEW(bench->arena, Node);

    items[0] = node_make_int(SPAN_NONE, 1);
    items[1] = node_make_unknown(SPAN_NONE, &plain);
    items[2] = node_make_int(SPAN_NONE, 3);
    entries[0] = bench_entry(bench, "list", node_make_list(SPAN_NONE, items, 3));
    entries[1] = bench_entry(bench, "set", node_make_unknown(SPAN_NONE, &set));
    entries[2] = bench_entry(bench, "unset", node_make_unknown(SPAN_NONE, &plain));
    *map = node_make_map(SPAN_NONE, entries, 3);
    return cel_from_node(map);
}

static void check(const char *text, const char *expected)
{
    Bench *bench = bench_new();

    bench_set(bench, "t", cel_bool(true));
    bench_set(bench, "f", cel_bool(false));
    bench_set(bench, "u", unknown_value(&plain));
    bench_set(bench, "e", cel_error(&bench->machine, "broken"));
    bench_set(bench, "n", unknown_value(&plain));
    bench_set(bench, "s", unknown_value(&set));
    bench_set(bench, "m", unknown_value(&maybe));
    bench_set(bench, "p", unknown_value(&begun));
    bench_set(bench, "zero", cel_int(0));
    bench_set(bench, "open", open_list(bench, 2));
    bench_set(bench, "none", open_list(bench, 0));
    bench_set(bench, "input", input_map(bench));
    bench_expect(bench, text, expected);
    bench_free(bench);
}

#define CASE(name, text, expected)                                                                 \
    static void name(void **state)                                                                 \
    {                                                                                              \
        (void)state;                                                                               \
        check(text, expected);                                                                     \
    }
CASES
#undef CASE

static void the_cause_of_an_unknown_is_kept(void **state)
{
    (void)state;
    check("n == 1 || f", "(unknown: var.n)");
    check("s + 'x'", "(unknown: a.b.id)");
    check("e || p.endsWith('x')", "(unknown: a.b.arn)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name, text, expected) cmocka_unit_test(name),
        CASES
#undef CASE
            cmocka_unit_test(the_cause_of_an_unknown_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
