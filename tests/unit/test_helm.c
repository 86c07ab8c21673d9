/* syntax/go_template, ir/helm_lines, ir/helm_map: from a render back to its template. */
#include "arena_state.h"

#include "base/buf.h"
#include "ir/helm_map.h"
#include "syntax/go_template.h"

static const char *kind_name(GoTokenKind kind)
{
    static const char *const names[] = {
        [GO_TEXT] = "text", [GO_OUTPUT] = "output", [GO_COMMENT] = "comment",
        [GO_IF] = "if",     [GO_WITH] = "with",     [GO_RANGE] = "range",
        [GO_ELSE] = "else", [GO_DEFINE] = "define", [GO_BLOCK] = "block",
        [GO_END] = "end",
    };

    return names[kind];
}

/* "kind(text) kind(text)" */
static const char *tokens_of(const char *text, Arena *arena)
{
    Buf out = buf_new(arena);
    uint32_t count;
    const GoToken *tokens = go_template_read(str_of(text), arena, &count);

    assert_non_null(tokens);
    for (uint32_t i = 0; i < count; i++) {
        Str part = tokens[i].kind == GO_TEXT
                       ? str_sub(str_of(text), tokens[i].start, tokens[i].end - tokens[i].start)
                       : tokens[i].inner;
        buf_printf(&out, "%s%s(%.*s)", i ? " " : "", kind_name(tokens[i].kind), STR_ARG(part));
    }
    return str_copy_z(arena, buf_str(&out));
}

static void actions_are_found_with_what_they_trim(void **state)
{
    static const struct {
        const char *text;
        const char *tokens;
    } cases[] = {
        {"a", "text(a)"},
        {"", ""},
        {"a: {{ .b }}\n", "text(a: ) output(.b) text(\n)"},
        {"a \n {{- .b -}} \n c", "text(a) output(.b) text(c)"},
        {"a {{-.b}}", "text(a ) output(-.b)"},
        {"{{ if .x }}y{{ else if .z }}w{{ end }}",
         "if(if .x) text(y) else(else if .z) text(w) end(end)"},
        {"{{ range $k, $v := .x }}", "range(range $k, $v := .x)"},
        {"{{ $x := 1 }}{{ $x = 2 }}{{ $x }}", "comment($x := 1) comment($x = 2) output($x)"},
        {"{{/* a }} b */}}c", "comment(/* a }} b */) text(c)"},
        {"{{- /* a */ -}} c", "comment(/* a */) text(c)"},
        {"{{ \"}}\" }}{{ `}}` }}", "output(\"}}\") output(`}}`)"},
        {"{{ \"\\\"}}\" }}", "output(\"\\\"}}\")"},
        {"{{ define \"x\" }}{{ endsWith }}", "define(define \"x\") output(endsWith)"},
        {"a {{ b", "text(a {{ b)"},
        {"{{", "text({{)"},
        {"{{ \"", "text({{ \")"},
        {"{{}}", "comment()"},
        {"{{-}}", "output(-)"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(tokens_of(cases[i].text, *state), cases[i].tokens);
}

/* The template with a helper file behind it, and what of it each line of a render comes from:
 * "1 2 h1". */
static const char *map_of(const char *template, const char *helpers, const char *render,
                          Arena *arena)
{
    Str texts[] = {str_of(template), str_of(helpers)};
    HelmParts parts = {0};
    uint64_t work = HELM_MAP_WORK;
    Buf out = buf_new(arena);
    Str rest = str_of(render), line;
    uint32_t count;
    const SourceRoute *routes;

    for (uint32_t i = 0; i < 2; i++)
        assert_true(helm_lines_read(texts[i], i, arena, &parts));
    routes = helm_map(str_of(render), &parts, 0, &work, arena, &count);
    while (str_split(&rest, '\n', &line)) {
        uint32_t at = (uint32_t)(str_trim(line).data - render), number = 1;
        const SourceRoute *route = NULL;
        for (uint32_t i = 0; i < count && routes[i].here <= at; i++)
            route = &routes[i];
        if (!str_trim(line).size || !route)
            continue;
        for (uint32_t i = 0; i < route->there.start; i++)
            number += texts[route->there.source].data[i] == '\n';
        buf_printf(&out, "%s%s%u", out.size ? " " : "", route->there.source ? "h" : "", number);
    }
    return str_copy_z(arena, buf_str(&out));
}

static void lines_lead_back_to_what_printed_them(void **state)
{
    static const char none[] = "";
    static const char helper[] = "{{ define \"x\" -}}\n"
                                 "one: 1\n"
                                 "two: {{ .two }}\n"
                                 "{{- end }}\n"
                                 "{{ define \"y\" }}{{ include \"x\" . }}{{ end }}\n";
    static const struct {
        const char *template;
        const char *helpers;
        const char *render;
        const char *lines;
    } cases[] = {
        /* texts, and values in them */
        {"a: 1\nb: 2\n", none, "a: 1\nb: 2\n", "1 2"},
        {"a: {{ .a }}\nb: \"{{ .b }}-{{ .c }}\"\n", none, "a: x\nb: \"y-z\"\n", "1 2"},
        {"a: {{ .a }}\nb: 1\n", none, "a:\nb: 1\n", "1 2"},
        /* conditions */
        {"a: 1\n{{- if .x }}\nb: 1\n{{- else }}\nb: 2\n{{- end }}\nc: 1\n", none,
         "a: 1\nb: 2\nc: 1\n", "1 5 7"},
        {"a: {{ if .x }}1{{ else }}2{{ end }}\nb: 1\n", none, "a: 2\nb: 1\n", "1 2"},
        {"{{ if .x }}a: 1{{ end }}\nb: 1\n", none, "a: 1\nb: 1\n", "1 2"},
        {"a: 1\n{{ if .x -}}\nb: 1\n{{ end -}}\nc: 1\n", none, "a: 1\nb: 1\nc: 1\n", "1 3 5"},
        /* loops */
        {"a:\n{{- range .x }}\n- b: {{ . }}\n  c: 1\n{{- end }}\nd: 1\n", none,
         "a:\n- b: 1\n  c: 1\n- b: 2\n  c: 1\nd: 1\n", "1 3 4 3 4 6"},
        {"{{- range .x }}\n---\na: {{ . }}\n{{- if .y }}\nb: 1\n{{- end }}\n{{- end }}\n", none,
         "---\na: 1\n", "3"},
        {"a: 1\n{{- range .x }}\nb: 1\nc: 1\n{{- range .y }}\nd: 1\n{{- end }}\n{{- end }}\n", none,
         "a: 1\nb: 1\nc: 1\nd: 1\nd: 1\nb: 1\nc: 1\n", "1 3 4 6 6 3 4"},
        /* a loop over what `- name` begins is not entered by each item of a list in it */
        {"{{- range .x }}\n- name: {{ .n }}\n  image: {{ .i }}\n  env:\n    {{- toYaml .e | "
         "nindent 4 "
         "}}\n  ports: 1\n{{- end }}\n",
         none,
         "- name: a\n  image: b\n  env:\n    - name: c\n      value: d\n    - name: e\n      "
         "value: "
         "f\n  ports: 1\n",
         "2 3 4 5 5 5 5 6"},
        /* documents: each is looked for in all of them */
        {"a: 1\nb: {{ .b }}\n---\na: 1\nc: {{ .c }}\n", none, "---\n# Source: x\na: 1\nc: 2\n",
         "4 5"},
        /* what goes over several lines */
        {"a:\n  {{- toYaml .x | nindent 2 }}\nb: 1\n", none, "a:\n  c: 1\n  d: 1\nb: 1\n",
         "1 2 2 3"},
        {"a: {{- toYaml .x | nindent 2 }}\nb: 1\n", none, "a:\n  c: 1\n  d: 1\nb: 1\n", "1 1 1 2"},
        {"a: {{ .x }}\n", none, "a: |\n  b\n  c\n", "1 1 1"},
        /* definitions */
        {"a:\n  {{- include \"x\" . | nindent 2 }}\nb: 1\n", helper,
         "a:\n  one: 1\n  two: 2\nb: 1\n", "1 h2 h3 3"},
        {"a: {{- include \"y\" . | nindent 2 }}\n", helper, "a:\n  one: 1\n  two: 2\n", "1 h2 h3"},
        {"{{ include \"x\" . }}\n", helper, "one: 1\ntwo: 2\nthree: 3\n", "h2 h3 1"},
        {"a: {{ include \"none\" . }}\n", helper, "a: 1\n", "1"},
        /* what nothing explains stays near what is above */
        {"a: 1\nb: 1\n", none, "a: 1\nwhat: is this\nb: 1\n", "1 1 2"},
        {"", none, "a: 1\n", ""},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(map_of(cases[i].template, cases[i].helpers, cases[i].render, *state),
                            cases[i].lines);
}

/* Nothing but what is asked of `.on` holds. */
static HelmTruth ask(void *context, Str inner)
{
    (void)context;
    if (str_eq(inner, STR(".unknown")))
        return HELM_UNKNOWN;
    return str_eq(inner, STR(".on")) ? HELM_TRUE : HELM_FALSE;
}

/* Of each line 1 where it may be printed, else 0. */
static const char *printed_of(const char *template, Arena *arena)
{
    HelmParts parts = {0};
    Buf out = buf_new(arena);

    assert_true(helm_lines_read(str_of(template), 0, arena, &parts));
    helm_lines_decide(&parts.items[0], ask, NULL);
    for (uint32_t t = 0; t < parts.items[0].count; t++)
        buf_add_char(&out, parts.items[0].lines[t].unprinted ? '0' : '1');
    return str_copy_z(arena, buf_str(&out));
}

static void branches_that_do_not_hold_are_not_printed(void **state)
{
    static const struct {
        const char *template;
        const char *printed;
    } cases[] = {
        {"a: 1\n{{ if .on }}\nb: 1\n{{ end }}\nc: 1\n", "111"},
        {"{{ if .off }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n", "01"},
        {"{{ if .on }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n", "10"},
        {"{{ if .off }}\na: 1\n{{ else if .on }}\na: 2\n{{ else }}\na: 3\n{{ end }}\n", "010"},
        {"{{ if .on }}\na: 1\n{{ else if .on }}\na: 2\n{{ end }}\n", "10"},
        {"{{ if .on }}\n{{ with .off }}\na: 1\n{{ end }}\nb: 1\n{{ end }}\n", "01"},
        {"{{ range .off }}\na: 1\n{{ end }}\nb: 1\n", "01"},
        {"{{ if .unknown }}\na: 1\n{{ else }}\na: 2\n{{ end }}\n", "11"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_string_equal(printed_of(cases[i].template, *state), cases[i].printed);
}

static void definitions_that_include_each_other_end(void **state)
{
    static const char helpers[] = "{{ define \"a\" }}{{ include \"b\" . }}{{ end }}\n"
                                  "{{ define \"b\" }}{{ include \"a\" . }}{{ end }}\n";

    assert_non_null(map_of("{{ include \"a\" . }}\n", helpers, "x: 1\ny: 2\n", *state));
}

static void columns_of_text_are_exact(void **state)
{
    Str template = STR("  a: {{ .a }}-b\n");
    HelmParts parts = {0};
    uint64_t work = HELM_MAP_WORK;
    uint32_t count;
    const SourceRoute *routes;

    assert_true(helm_lines_read(template, 0, *state, &parts));
    routes = helm_map(STR("  a: xyz-b\n"), &parts, 0, &work, *state, &count);
    assert_int_equal(count, 3);
    assert_int_equal(routes[0].here, 2);
    assert_int_equal(routes[0].there.start, 2);
    assert_false(routes[0].whole);
    assert_int_equal(routes[1].here, 5);
    assert_int_equal(routes[1].there.start, 5);
    assert_int_equal(routes[1].there.end, 13);
    assert_true(routes[1].whole);
    assert_int_equal(routes[2].here, 8);
    assert_int_equal(routes[2].there.start, 13);
}

static void work_that_is_spent_maps_nothing(void **state)
{
    HelmParts parts = {0};
    uint64_t work = 3;
    uint32_t count;

    assert_true(helm_lines_read(STR("a: {{ .a }}\nb: {{ .b }}\n"), 0, *state, &parts));
    helm_map(STR("a: 1\nb: 1\n"), &parts, 0, &work, *state, &count);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(actions_are_found_with_what_they_trim, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lines_lead_back_to_what_printed_them, set_up, tear_down),
        cmocka_unit_test_setup_teardown(branches_that_do_not_hold_are_not_printed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(definitions_that_include_each_other_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(columns_of_text_are_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(work_that_is_spent_maps_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
