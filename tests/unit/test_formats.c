/* The forms of a report for machines, with texts that want to be more than text. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "demo_rule.h"
#include "report/report.h"
#include "syntax/json.h"

/* What a report of `count` times one verdict says. */
static Str report_of(Arena *arena, ReportFormat format, const Verdict *verdict, uint32_t count)
{
    char name[] = "/tmp/plumb-form-XXXXXX";
    const Rule *rule = ruleset_rule(&rules, 0);
    ReportOptions options = {.version = STR("1.2.3"), .ruleset = STR("x"), .name = STR("a/b")};
    uint8_t severity = (uint8_t)rule_severity(rule);
    ScanResult result = {
        .rules = &rule, .rule_severities = &severity, .rule_count = 1, .status = SCAN_FAILED};
    int fd = mkstemp(name);
    Report report = report_new(format, fd, &options, arena);
    Str text;
    int error;

    assert_true(fd >= 0);
    report_begin(&report);
    for (uint32_t i = 0; i < count; i++)
        report_verdicts(&report, verdict, 1);
    assert_true(report_end(&report, &result));
    close(fd);
    assert_true(file_read(AT_FDCWD, name, 1 << 26, arena, &text, &error));
    unlink(name);
    return text;
}

static Verdict hostile_verdict(void)
{
    return (Verdict){.rule = ruleset_rule(&rules, 0),
                     .status = STATUS_FAIL,
                     .severity = SEVERITY_HIGH,
                     .enabled = true,
                     .resource = STR("Pod/<b>|`x`"),
                     .type_name = STR("Pod"),
                     .place = {.file = STR("a,b:c.yaml"),
                               .path = STR("dir/a,b:c.yaml"),
                               .start = {3, 4},
                               .end = {3, 9}},
                     .message = STR("::set-env::x\n ::stop-commands::y [a](http://b) @team 100%"),
                     .fingerprint = "f00"};
}

static void assert_json(Arena *arena, Str text)
{
    static const Symbols none;
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    Node node;

    assert_true(json_read(sources_add(&sources, STR("x"), text), &none, arena, &diags, &node));
}

static void assert_has(Str text, const char *part)
{
    if (!strstr(text.data, part))
        fail_msg("no %s in %s", part, text.data);
}

static uint32_t count_of(Str text, const char *part)
{
    uint32_t count = 0;

    for (const char *at = text.data; (at = strstr(at, part)); at++)
        count++;
    return count;
}

static void sarif_has_what_code_scanning_reads(void **state)
{
    static const char *const parts[] = {
        "\"version\":\"2.1.0\",\"runs\":[{",
        "\"semanticVersion\":\"1.2.3\"",
        "{\"id\":\"demo-a\"",
        "\"precision\":\"high\",\"problem.severity\":\"error\",\"security-severity\":\"8.0\"",
        "\"markdown\":\"Because.\\n\\n## How to fix it\\n\\nDo\\nthis.",
        "\"automationDetails\":{\"id\":\"plumb/a/b/\"}",
        "{\"ruleId\":\"demo-a\",\"ruleIndex\":0,\"level\":\"error\",\"message\":{\"text\":\"::set-"
        "env",
        "y [a] (http://b) @team",
        "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"dir/a%2Cb%3Ac.yaml\"},\"region\":"
        "{\"startLine\":3,\"startColumn\":4,\"endLine\":3,\"endColumn\":9}}",
        "\"partialFingerprints\":{\"plumb/v1\":\"f00\"}",
        "\"invocations\":[{\"executionSuccessful\":true,\"toolExecutionNotifications\":[]}]",
    };
    Arena *arena = arena_new(1 << 24);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_SARIF, &verdict, 2);

    (void)state;
    assert_json(arena, text);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        assert_has(text, parts[i]);
    assert_int_equal(count_of(text, "\"ruleId\""), 2);
    arena_free(arena);
}

static void sarif_keeps_no_more_than_code_scanning(void **state)
{
    Arena *arena = arena_new(1 << 26);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_SARIF, &verdict, 5001);

    (void)state;
    assert_json(arena, text);
    assert_int_equal(count_of(text, "\"ruleId\""), 5000);
    assert_has(text, "\"descriptor\":{\"id\":\"sarif-results-cut\"}");
    arena_free(arena);
}

static void annotations_are_escaped(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Verdict verdict = hostile_verdict();

    (void)state;
    assert_string_equal(
        report_of(arena, REPORT_GITHUB, &verdict, 1).data,
        "::error file=dir/a%2Cb%3Ac.yaml,line=3,endLine=3,col=4,endColumn=9,title=high demo-a::"
        ": :set-env::x%0A : :stop-commands::y [a](http://b) @team 100%25%0Afix: Do%0Athis.%0A%0AOr "
        "that.\n");
    arena_free(arena);
}

static void annotations_are_ten_of_a_kind(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_GITHUB, &verdict, 25);
    uint32_t lines = 0;

    (void)state;
    for (uint32_t i = 0; i < text.size; i++)
        lines += text.data[i] == '\n';
    assert_int_equal(lines, 11);
    assert_has(text, "\nplumb: and 15 more\n");
    arena_free(arena);
}

static void markdown_formats_nothing_of_an_input(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_MARKDOWN, &verdict, 1);

    (void)state;
    assert_has(text, "Pod/&lt;b\\>\\|\\`x\\`");
    assert_has(text, "\\[a\\](http:\xe2\x81\xa0//b) @\xe2\x81\xa0team");
    arena_free(arena);
}

static void gitlab_has_root_relative_paths(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_GITLAB, &verdict, 1);

    (void)state;
    assert_json(arena, text);
    assert_has(text, "\"severity\": \"critical\"");
    assert_has(text, "{\"path\": \"dir/a,b:c.yaml\", \"lines\": {\"begin\": 3}}");
    arena_free(arena);
}

static void ndjson_has_a_line_for_each(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_NDJSON, &verdict, 2);
    Str line;

    (void)state;
    assert_int_equal(count_of(text, "\n"), 3);
    while (str_split(&text, '\n', &line))
        if (line.size)
            assert_json(arena, line);
    arena_free(arena);
}

static void junit_has_one_case_for_a_rule_and_resource(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_JUNIT, &verdict, 3);

    (void)state;
    assert_has(text, "<testsuites name=\"plumb\" tests=\"1\" failures=\"1\" "
                     "errors=\"0\" skipped=\"0\" time=\"0\">");
    assert_has(text, "classname=\"Pod/&lt;b&gt;|`x`\" name=\"demo-a: Demo\"");
    arena_free(arena);
}

static void html_lets_no_text_out_of_its_element(void **state)
{
    Arena *arena = arena_new(1 << 26);
    Verdict verdict = hostile_verdict();
    Str text;

    (void)state;
    verdict.excerpt = STR("  </code><script>a(\"b\")</script>\xff\xe2\x80\xae");
    verdict.place.start.column = 3;
    verdict.place.end.column = 10;
    text = report_of(arena, REPORT_HTML, &verdict, 2);
    assert_has(text, "<code><mark>&lt;/code&gt;</mark>&lt;script&gt;a(&quot;b&quot;)&lt;/script&gt;"
                     "\xef\xbf\xbd&lt;U+202e&gt;</code>");
    assert_has(text, "Pod/&lt;b&gt;|`x`");
    assert_int_equal(count_of(text, "<script"), 1);
    assert_int_equal(count_of(text, "class=\"f\""), 2);
    assert_int_equal(count_of(text, "class=\"place\""), 1);
    arena_free(arena);
}

static void html_keeps_no_more_than_browsers_open(void **state)
{
    Arena *arena = arena_new(1 << 28);
    Verdict verdict = hostile_verdict();
    Str text = report_of(arena, REPORT_HTML, &verdict, 20001);

    (void)state;
    assert_int_equal(count_of(text, "class=\"f\""), 20000);
    assert_has(text, "The worst 20,000 of 20,001 findings");
    arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sarif_has_what_code_scanning_reads),
        cmocka_unit_test(sarif_keeps_no_more_than_code_scanning),
        cmocka_unit_test(annotations_are_escaped),
        cmocka_unit_test(annotations_are_ten_of_a_kind),
        cmocka_unit_test(markdown_formats_nothing_of_an_input),
        cmocka_unit_test(gitlab_has_root_relative_paths),
        cmocka_unit_test(ndjson_has_a_line_for_each),
        cmocka_unit_test(junit_has_one_case_for_a_rule_and_resource),
        cmocka_unit_test(html_lets_no_text_out_of_its_element),
        cmocka_unit_test(html_keeps_no_more_than_browsers_open),
    };

    return cmocka_run_group_tests(tests, make_rules, free_rules);
}
