/* cel/host_*: what plumb adds to CEL, in whole expressions. */
#include "arena_state.h"
#include "base/limits.h"
#include "cel/host_decode.h"
#include "cel/machine.h"
#include "plan_text.h"
#include "syntax/align.h"
#include "syntax/json.h"

typedef struct Case {
    const char *text;
    const char *expected;
} Case;

#define ALL(cases) cases, sizeof(cases) / sizeof *(cases)

typedef struct Compiled {
    CelCode code;
    Symbols symbols;
} Compiled;

static Compiled compile(Arena *arena, const char *text)
{
    static const CelType dyn = {.kind = CEL_TYPE_DYN};
    static const CelVariable variables[] = {{STR_INIT("resource"), &dyn}};
    CelEnv env = {.variables = variables, .variable_count = 1};
    SymbolBuilder *builder = symbols_builder(arena, NULL);
    DiagSink diags = diags_new(arena);
    Compiled result = {.symbols = {{0}, {0}}};
    CelExpr *expr = cel_parse(str_of(text), NULL, arena, &diags);

    if (!expr || !cel_check(expr, &env, arena, &diags) ||
        !cel_compile(expr, builder, arena, &diags, &result.code))
        fail_msg("%s: %.*s", text, STR_ARG(diags.first->message));
    assert_true(symbols_build(builder, &result.symbols.fixed));
    return result;
}

static CelValue resource_value(const Resource *resource)
{
    CelValue value = {.kind = CEL_RESOURCE, .flags = CEL_INPUT | CEL_CONFIGURED};

    value.as.resource = resource;
    value.origin = &resource->body;
    return value;
}

static CelValue run(Arena *arena, const Compiled *compiled, Unit *unit, const Resource *resource)
{
    CelPatterns *patterns = cel_patterns_new();
    CelValue variable = resource_value(resource), result;
    CelMachine machine = {.arena = arena,
                          .symbols = &compiled->symbols,
                          .patterns = patterns,
                          .unit = unit,
                          .resource = resource,
                          .variables = &variable,
                          .variable_count = 1};

    result = cel_eval(&compiled->code, &machine);
    cel_patterns_free(patterns);
    return result;
}

/* Judges one resource whose body is `body`, JSON with single quotes. */
static CelValue evaluate(Arena *arena, const char *text, const char *body, Unit *unit)
{
    Compiled *compiled = ARENA_NEW(arena, Compiled);
    Source *source;
    Resource *resource;

    assert_non_null(compiled);
    *compiled = compile(arena, text);
    *unit = unit_new(arena, &compiled->symbols, NULL);
    source = sources_add(&unit->sources, STR("a.json"), plan_text(arena, body));
    assert_non_null(source);
    resource = unit_add_resource(unit);
    assert_non_null(resource);
    assert_true(json_read(source, &compiled->symbols, arena, &unit->diags, &resource->body));
    return run(arena, compiled, unit, resource);
}

static void assert_values(Arena *arena, const char *body, const Case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Unit unit;
        CelValue value = evaluate(arena, cases[i].text, body, &unit);
        Str got = cel_value_text(value, arena);

        if (value.kind == CEL_ERROR)
            got = STR("error");
        if (!str_eq(got, str_of(cases[i].expected)))
            fail_msg("%s is %.*s, not %s", cases[i].text, STR_ARG(got), cases[i].expected);
    }
}

static void assert_true_all(Arena *arena, const char *body, const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        Unit unit;
        CelValue value = evaluate(arena, texts[i], body, &unit);

        if (value.kind != CEL_BOOL || !value.as.boolean)
            fail_msg("%s is %.*s", texts[i], STR_ARG(cel_value_text(value, arena)));
    }
}

#define EMPTY "{'a':null}"

static void images_are_taken_apart(void **state)
{
    static const char *const texts[] = {
        "image('nginx') == {'registry': 'docker.io', 'repository': 'library/nginx', "
        "'name': 'nginx', 'tag': null, 'digest': null}",
        "image('localhost:5000/a/b:1.2').registry == 'localhost:5000'",
        "image('localhost:5000/a/b:1.2').tag == '1.2'",
        "image('localhost:5000/a/b').tag == null",
        "image('registry.example/web').repository == 'web'",
        "image('a/b').registry == 'docker.io' && image('a/b').repository == 'a/b'",
        "image('[fd00::1]:443/a').registry == '[fd00::1]:443'",
        "image('a@sha256:0123456789abcdef0123456789abcdef').digest == "
        "'sha256:0123456789abcdef0123456789abcdef'",
        "image('a:1@sha256:0123456789abcdef0123456789abcdef').tag == '1'",
        "image('gcr.io/x/y-z__w.v:T_1').name == 'y-z__w.v'",
        "['', 'A', 'a:', 'a:-x', '/a', 'a/', 'a//b', 'a@sha256:12', 'a..b', 'a b', '${X}', "
        "'-a', 'x:y:z', 'host.example:/a', 'a___b', 'h.example/A'].all(i, image(i) == null)",
        "image(resource.a) == null && image(resource.a.b).tag == null",
        "image('a:B').tag.size() == 1",
    };

    assert_true_all(*state, EMPTY, ALL(texts));
}

#define COMMAND                                                                                    \
    "{'command':['sh','-c','exec /usr/bin/etcd --name a \\\\\\n  --auto-tls'],"                    \
    "'args':['--debug','-v=2','--a=1','--a=2','--log_dir','/x','--last']}"

static void command_lines_have_words_and_flags(void **state)
{
    static const char *const texts[] = {
        "words(resource.command) == ['sh', '-c', 'exec', '/usr/bin/etcd', '--name', 'a', "
        "'--auto-tls']",
        "words([resource.command, resource.none, resource.args]).size() == 14",
        "words(resource.none) == [] && words('ls') == ['ls'] && words([1, ['a', ['b']]]) == "
        "['a', 'b']",
        "words(['-c', '\"--a=1\" x']) == ['-c', '--a=1', 'x']",
        "flag(words(resource.command), 'name') == 'a'",
        "flag(words(resource.command), 'auto-tls') == 'true'",
        "flag(words(resource.args), 'debug') == 'true' && flag(words(resource.args), 'v') == '2'",
        "flag(words(resource.args), 'a') == '2'",
        "flag(words(resource.args), 'log-dir') == '/x'",
        "flag(words(resource.args), 'last') == 'true'",
        "flag(words(resource.args), 'log') == null && flag(words(resource.none), 'a') == null",
        "flag(['-', '--', '', 'a=1', '--=x'], 'a') == null",
    };

    assert_true_all(*state, COMMAND, ALL(texts));
}

#define LISTS "{'m':{'a':[1,2],'b':[3],'none':null,'text':'t'}}"

static void lists_under_several_keys_are_gathered(void **state)
{
    static const char *const texts[] = {
        "gather(resource.m, ['b', 'a']) == [3, 1, 2] && gather(resource.m, ['a']) == [1, 2]",
        "gather(resource.m, ['x', 'none', 'b']) == [3] && gather(resource.m, ['x']) == null",
        "gather(resource.m, []) == null && gather(resource.none, ['a']) == null",
        "gather(resource.m, ['none']).filter(i, true).size() == 0",
        "!gather(resource.m, ['none', 'x']).exists(i, true)",
        "gather(resource.m, ['text']) == null && gather(resource.m.text, ['a']) == null",
    };
    static const Case errors[] = {
        {"gather({'a': [1]}, ['a'])", "error"},
    };

    assert_true_all(*state, LISTS, ALL(texts));
    assert_values(*state, LISTS, ALL(errors));
}

static void quantities_are_exact(void **state)
{
    static const char *const texts[] = {
        "quantity('1') == quantity('1000m')",
        "quantity('1.5Gi').asInteger() == 1610612736",
        "quantity('100m') < quantity('0.2')",
        "quantity('1e3') == quantity('1k') && quantity('1E') > quantity('1P')",
        "quantity('0.1').add(quantity('0.2')) == quantity('300m')",
        "quantity('1').sub(2).sign() == -1",
        "quantity('1Ki').compareTo(quantity('1024')) == 0",
        "!quantity('1500m').isInteger() && quantity('1500m').asApproximateFloat() == 1.5",
        "quantity('1n') == quantity('0.1n')", /* rounds up to a billionth */
        "quantity('-0.5').isLessThan(quantity('0'))",
        "quantity('999999999999E') == quantity('9223372036854775807')",
        "quantity('0.0000000000001E') == quantity('100k')",
        "['1', '+1', '-1.', '.5', '5Mi', '1e-2', '12E', '1E2'].all(q, isQuantity(q))",
        "['', '1KI', 'x', '1 ', '1.2.3', '.', '1e', '1mm', '--1', '1Gib'].all(q, !isQuantity(q))",
        "quantity(2) == quantity('2') && quantity(0.1) == quantity('100m')",
        "quantity(resource.a) == null",
        "!isQuantity(resource.a)",
        "quantity('1').isGreaterThan(quantity('0.999999999'))",
    };

    assert_true_all(*state, EMPTY, ALL(texts));
}

static void versions_have_an_order(void **state)
{
    static const char *const texts[] = {
        "semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() "
        "== 3",
        "semver('1.0.0-alpha.1') < semver('1.0.0-alpha.beta')",
        "semver('1.0.0-rc.2').isLessThan(semver('1.0.0-rc.11'))",
        "semver('1.0.0-rc').isLessThan(semver('1.0.0'))",
        "semver('1.0.0+a').compareTo(semver('1.0.0+b')) == 0",
        "semver('v01.2', true) == semver('1.2.0')",
        "['1', '1.2', 'v1.2.3', '01.2.3', '1.2.3-', '1.2.3-01', '1.2.3.4', ''].all(v, "
        "!isSemver(v))",
        "['v1', '1.02', 'V1.2.3'].all(v, isSemver(v, true))",
        "versionCompare('1.28', '1.3') == 1",
        "versionCompare('1.0', '1') == 0 && versionCompare('1.0-rc1', '1.0') == -1",
        "versionCompare('v2', '10') == -1 && versionCompare('8.0.mysql_aurora.3', '8.0') == -1",
        "versionCompare('TLSv1.2', 'TLSv1.1') == 1",
        "versionCompare(resource.a, '1') == null",
    };

    assert_true_all(*state, EMPTY, ALL(texts));
}

static void address_ranges_are_open_or_public(void **state)
{
    static const char *const texts[] = {
        "['0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '8000::/1', ' 0.0.0.0/0']"
        ".all(c, isOpenCIDR(c) && isPublicCIDR(c))",
        "['10.0.0.0/8', '10.1.2.3', '192.168.1.0/24', '172.31.0.0/16', 'fd00::/8', '127.0.0.1/32', "
        "'169.254.169.254/32', '100.64.0.0/10'].all(c, !isPublicCIDR(c) && !isOpenCIDR(c))",
        "['8.8.8.8', '8.8.8.0/24', '172.0.0.0/8', '2606:4700::/32', '10.0.0.0/7']"
        ".all(c, isPublicCIDR(c) && !isOpenCIDR(c))",
        "['', '*', 'Internet', '0.0.0.0/', '0.0.0.0/33', '1.2.3/8', '::/129', '1.2.3.4/a']"
        ".all(c, !isPublicCIDR(c) && !isOpenCIDR(c))",
        "!isOpenCIDR(resource.a)",
    };

    assert_true_all(*state, EMPTY, ALL(texts));
}

static void schedules_have_an_interval(void **state)
{
    static const char *const texts[] = {
        "cron('*/5 * * * *').interval == duration('5m')",
        "cron('0 3 * * *').interval == duration('24h')",
        "cron('0 0,1 * * *').interval == duration('1h')",
        "cron('0 0 1 * *').interval == duration('672h')",
        "cron('0 12 * * mon-fri').interval == duration('24h')",
        "cron('0 0 * * 1,4').interval == duration('72h')",
        "cron('@hourly').interval == duration('1h') && cron('@every 1m30s').interval == "
        "duration('90s')",
        "cron('TZ=Europe/Paris 0 6 * * *').valid",
        "cron('0 0 31 2 *').valid && cron('0 0 31 2 *').interval == null",
        "['', '* * * *', '60 * * * *', '* 24 * * *', '* * 0 * *', '* * * 13 *', '* * * * 7', "
        "'*/0 * * * *', '1-0 * * * *', 'a * * * *', '@often', '* * * * * *', '1, * * * *', "
        "'@every 0s'].all(c, !cron(c).valid)",
        "cron(resource.a) == null",
    };

    assert_true_all(*state, EMPTY, ALL(texts));
}

static void urls_are_taken_apart(void **state)
{
    static const char *const texts[] = {
        "url('https://u:p@example.com:8443/a%20b/c?x=1&y=a+b&x=2').getHost() == "
        "'example.com:8443'",
        "url('https://example.com:8443/').getHostname() == 'example.com'",
        "url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getPort() == "
        "'80'",
        "url('https://[::1]').getHost() == '[::1]'",
        "url('/a b').getEscapedPath() == '/a%20b' && url('/a').getScheme() == ''",
        "url('http://h/?x=1&y=a+%41&x=2').getQuery() == {'x': ['1', '2'], 'y': ['a A']}",
        "url('http://h').getQuery() == {} && isURL('mailto:a@b.example')",
        "['', 'a', '../a', ':a', 'http://h:x/', 'http://[::1/', '/%zz', 'http://a b/', '1a:b', "
        "'/a\\n'].all(u, !isURL(u))",
        "url(resource.a) == null",
    };

    assert_true_all(*state, EMPTY, ALL(texts));
}

static void formats_are_checked(void **state)
{
    static const char *const texts[] = {
        "!format.dns1123Label().validate('a-b').hasValue()",
        "format.dns1123Label().validate('A').value().size() == 1",
        "format.named('uri').value().validate('a').hasValue()",
        "!format.named('nothing').hasValue()",
        "['a.b', 'a-1.c'].all(t, !format.dns1123Subdomain().validate(t).hasValue())",
        "['', '.', 'a.', 'a..b', '-a', 'a.b-'].all(t, "
        "format.dns1123Subdomain().validate(t).hasValue())",
        "format.dns1035Label().validate('1a').hasValue()",
        "!format.dns1123LabelPrefix().validate('a-').hasValue()",
        "['', 'A_b.c', '1'].all(t, !format.labelValue().validate(t).hasValue())",
        "!format.qualifiedName().validate('a.example/B_c').hasValue()",
        "format.qualifiedName().validate('/b').hasValue()",
        "!format.uuid().validate('00000000-0000-0000-0000-000000000000').hasValue()",
        "format.uuid().validate('0000000-00000-0000-0000-000000000000').hasValue()",
        "!format.byte().validate('YWI=').hasValue() && format.byte().validate('YWI').hasValue()",
        "!format.date().validate('2024-02-29').hasValue()",
        "format.date().validate('2023-02-29').hasValue()",
        "['2024-01-01T00:00:00Z', '2024-01-01t00:00:00.5+01:00'].all(t, "
        "!format.datetime().validate(t).hasValue())",
        "format.datetime().validate('2024-01-01 00:00:00Z').hasValue()",
        "jsonpatch.escapeKey('a/b~c') == 'a~1b~0c'",
        "glob('*.example', 'a.example') && !glob('a?', 'a')",
    };

    assert_true_all(*state, EMPTY, ALL(texts));
}

#define POLICY                                                                                     \
    "{'policy':'{\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Action\\\":\\\"s3:*\\\","    \
    "\\\"Resource\\\":[\\\"*\\\"],\\\"Principal\\\":\\\"*\\\"},{\\\"Sid\\\":\\\"b\\\","            \
    "\\\"Effect\\\":\\\"Deny\\\",\\\"NotAction\\\":[\\\"a:b\\\",\\\"c:d\\\"],\\\"Principal\\\":"   \
    "{\\\"AWS\\\":[\\\"1\\\",\\\"2\\\"],\\\"Service\\\":\\\"ec2\\\"},\\\"Condition\\\":{"          \
    "\\\"StringEquals\\\":{\\\"aws:x\\\":\\\"1\\\",\\\"aws:y\\\":[\\\"2\\\"]},\\\"Bool\\\":{"      \
    "\\\"aws:z\\\":false}}}]}'}"

static void policy_statements_have_one_shape(void **state)
{
    static const char *const texts[] = {
        "statements(resource.policy).size() == 2",
        "statements(resource.policy)[0].actions == ['s3:*']",
        "statements(resource.policy)[0].resources == ['*']",
        "statements(resource.policy)[0].principals == [{'type': '*', 'values': ['*']}]",
        "statements(resource.policy)[0].sid == null",
        "statements(resource.policy)[1].sid == 'b' && statements(resource.policy)[1].effect == "
        "'Deny'",
        "statements(resource.policy)[1].notActions == ['a:b', 'c:d']",
        "statements(resource.policy)[1].actions == []",
        "statements(resource.policy)[1].principals == [{'type': 'AWS', 'values': ['1', '2']}, "
        "{'type': 'Service', 'values': ['ec2']}]",
        "statements(resource.policy)[1].conditions.map(c, c.test + c.variable) == "
        "['StringEqualsaws:x', 'StringEqualsaws:y', 'Boolaws:z']",
        "statements(resource.policy).exists(s, s.effect == 'Allow' && s.actions.exists(a, "
        "a.endsWith('*')))",
        "statements(resource.nothing) == null",
    };

    assert_true_all(*state, POLICY, ALL(texts));
}

static void statement_blocks_have_the_same_shape(void **state)
{
    static const char *const body =
        "{'statement':[{'actions':['s3:Get'],'resources':['*'],'principals':[{'type':'AWS',"
        "'identifiers':['1']}],'condition':[{'test':'Bool','variable':'v','values':['x']}]},"
        "{'effect':'Deny','not_actions':['a']}],'source_policy_documents':[],"
        "'one':{'Statement':{'Effect':'Allow','Action':'a'}}}";
    static const char *const texts[] = {
        "statements(resource)[0].effect == 'Allow' && statements(resource)[1].effect == 'Deny'",
        "statements(resource)[0].actions == ['s3:Get']",
        "statements(resource)[0].principals == [{'type': 'AWS', 'values': ['1']}]",
        ("statements(resource)[0].conditions == [{'test': 'Bool', 'variable': 'v', 'values': "
         "['x']}]"),
        "statements(resource)[1].notActions == ['a'] && statements(resource)[1].principals == []",
        "statements(resource.statement).size() == 2",
        "statements(resource.one)[0].actions == ['a']",
    };

    assert_true_all(*state, body, ALL(texts));
}

static void what_is_no_policy_is_unknown(void **state)
{
    static const Case cases[] = {
        {"statements(resource.text)", "(unknown: a policy that is no JSON)"},
        {"json.parse(resource.text)", "(unknown: text that is no JSON)"},
        {"statements(resource.list)", "[]"},
        {"statements(1)", "error"},
    };

    assert_values(*state, "{'text':'not json','list':[]}", ALL(cases));
}

static void documents_in_strings_are_inputs(void **state)
{
    static const char *const texts[] = {
        "json.parse(resource.json).a.b == 1",
        "json.parse(resource.json).a.c.d == null",
        "yaml.parse(resource.yaml).a[1] == 'x' && yaml.parse(resource.yaml).b == true",
        "json.parse(resource.nothing) == null",
        "json.parse('[1, 2]').size() == 2",
    };

    assert_true_all(*state, "{'json':'{\\\"a\\\":{\\\"b\\\":1}}','yaml':'a: [1, x]\\nb: yes\\n'}",
                    ALL(texts));
}

/* The bytes of the file that a value inside a document came from. */
static void values_in_strings_keep_their_place(void **state)
{
    static const char *const body =
        "{'json':'{\\\"a\\\":\\\"\\u00e9\\\",\\n \\\"b\\\":\\\"here\\\"}'}";
    Unit unit;
    CelValue value = evaluate(*state, "json.parse(resource.json).b", body, &unit);
    Span span;
    Str text;

    assert_non_null(value.origin);
    span = sources_origin(&unit.sources, node_span(value.origin));
    text =
        str_sub(sources_get(&unit.sources, span.source)->text, span.start, span.end - span.start);
    assert_int_equal(span.source, 0);
    if (str_find(text, STR("here")) < 0 || text.size > 10)
        fail_msg("at %u-%u: %.*s", span.start, span.end, STR_ARG(text));
}

static void a_document_is_read_once(void **state)
{
    Unit unit;

    evaluate(*state, "json.parse(resource.json).a == 1 && json.parse(resource.json).b == 2",
             "{'json':'{\\\"a\\\":1,\\\"b\\\":2}'}", &unit);
    assert_int_equal(unit.sources.count, 2);
}

static void data_in_sensitive_strings_is_sensitive(void **state)
{
    Unit unit;
    Compiled compiled = compile(*state, "json.parse(resource.json).a[0]");
    Node text = node_make_string((Span){0, 0, 5}, STR("{\"a\":[1]}"));
    Entry entry = {.key = "json", .key_size = 4};
    Resource *resource;
    CelValue value;

    unit = unit_new(*state, &compiled.symbols, NULL);
    assert_non_null(sources_add(&unit.sources, STR("a"), STR("12345")));
    resource = unit_add_resource(&unit);
    text.flags |= NODE_SENSITIVE;
    entry.value = text;
    entry.symbol = symbols_find(&compiled.symbols, STR("json"));
    resource->body = node_make_map((Span){0, 0, 5}, &entry, 1);
    value = run(*state, &compiled, &unit, resource);
    assert_int_equal(value.kind, CEL_INT);
    assert_true(value.origin->flags & NODE_SENSITIVE);
}

static void texts_are_aligned_with_their_source(void **state)
{
    static const struct {
        const char *text, *raw;
        uint32_t at, expected; /* byte `at` of the text is byte `expected` of the source */
    } cases[] = {
        {"abc", "\"abc\"", 1, 2},
        {"a\"b", "\"a\\\"b\"", 2, 4},
        {"a\nb\n", "|\n    a\n    b\n", 2, 12},
        {"x y", "'x\n  y'", 2, 5},
        {"it's", "'it''s'", 3, 5},
        {"\xc3\xa9z", "\"\\u00e9z\"", 2, 7},
        {"{\n}\n", "<<EOF\n{\n}\nEOF", 2, 8},
        {"abc", "abc", 2, 2},
        {"abc", "var.x", 0, UINT32_MAX},
        {"abcd", "\"ab\"", 0, UINT32_MAX},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t count, there = UINT32_MAX;
        const OffsetStep *steps =
            text_align(str_of(cases[i].text), str_of(cases[i].raw), 0, *state, &count);

        for (uint32_t k = 0; k < count; k++)
            if (steps[k].here <= cases[i].at)
                there = steps[k].there + cases[i].at - steps[k].here;
        if (there != cases[i].expected)
            fail_msg("%s: %u", cases[i].raw, there);
    }
}

#define PLAN                                                                                       \
    "{'format_version':'1.2','planned_values':{'root_module':{'resources':["                       \
    "{'address':'aws_s3_bucket.a','mode':'managed','type':'aws_s3_bucket','name':'a','values':{}}" \
    ","                                                                                            \
    "{'address':'aws_s3_bucket.b','mode':'managed','type':'aws_s3_bucket','name':'b','values':{}}" \
    ","                                                                                            \
    "{'address':'aws_s3_bucket_policy.p','mode':'managed','type':'aws_s3_bucket_policy','name':'"  \
    "p',"                                                                                          \
    "'values':{}}]}},'resource_changes':["                                                         \
    "{'address':'aws_s3_bucket.a','mode':'managed','type':'aws_s3_bucket','name':'a','change':{"   \
    "'actions':['create'],'after':{},'after_unknown':{'id':true}}},"                               \
    "{'address':'aws_s3_bucket.b','mode':'managed','type':'aws_s3_bucket','name':'b','change':{"   \
    "'actions':['create'],'after':{},'after_unknown':{'id':true}}},"                               \
    "{'address':'aws_s3_bucket_policy.p','mode':'managed','type':'aws_s3_bucket_policy','name':'"  \
    "p',"                                                                                          \
    "'change':{'actions':['create'],'after':{},'after_unknown':{'bucket':true}}}],"                \
    "'configuration':{'root_module':{'resources':["                                                \
    "{'address':'aws_s3_bucket.a','mode':'managed','type':'aws_s3_bucket','name':'a',"             \
    "'expressions':{}},{'address':'aws_s3_bucket.b','mode':'managed','type':'aws_s3_bucket',"      \
    "'name':'b','expressions':{}},{'address':'aws_s3_bucket_policy.p','mode':'managed',"           \
    "'type':'aws_s3_bucket_policy','name':'p','expressions':{'bucket':{'references':["             \
    "'aws_s3_bucket.a.id','aws_s3_bucket.a']}}}]}}}"

static void resources_of_the_unit_are_found(void **state)
{
    static const Case cases[] = {
        {"resources('aws_s3_bucket').size()", "2"},
        {"resources('aws_s3_bucket')[1].address", "aws_s3_bucket.b"},
        {"resources('nothing').size()", "0"},
        {"referrers(resource, 'aws_s3_bucket_policy', 'bucket').size()", "1"},
        {"referrers(resources('aws_s3_bucket')[1], 'aws_s3_bucket_policy', 'bucket').size()", "0"},
        {"refs(resources('aws_s3_bucket_policy')[0].bucket).map(r, r.address)[0]",
         "aws_s3_bucket.a"},
        {"resources(resource.nothing)", "null"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Compiled compiled = compile(*state, cases[i].text);
        bool ok;
        Unit unit = plan_unit(*state, &compiled.symbols, NULL, PLAN, &ok);
        Str got;

        assert_true(ok);
        got = cel_value_text(run(*state, &compiled, &unit, &unit.resources[0]), *state);
        if (!str_eq(got, str_of(cases[i].expected)))
            fail_msg("%s is %.*s", cases[i].text, STR_ARG(got));
    }
}

static bool has_readme(const void *context, Str path)
{
    return str_eq(path, str_of(context));
}

static void files_beside_a_resource_are_found(void **state)
{
    static const Case cases[] = {
        {"beside('README.md')", "true"},
        {"beside('./x/../README.md')", "true"},
        {"beside('../README.md')", "false"},
        {"beside('../../README.md')", "(unknown: files outside of what is scanned)"},
        {"beside('/README.md')", "(unknown: files outside of what is scanned)"},
        {"beside(resource.nothing)", "null"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Compiled compiled = compile(*state, cases[i].text);
        bool ok;
        Unit unit = plan_unit(*state, &compiled.symbols, NULL, PLAN, &ok);
        Str got;

        assert_true(ok);
        unit.sources.items[0]->path = STR("net/plan.json");
        unit.files = (UnitTree){"net/README.md", has_readme};
        got = cel_value_text(run(*state, &compiled, &unit, &unit.resources[0]), *state);
        if (!str_eq(got, str_of(cases[i].expected)))
            fail_msg("%s is %.*s", cases[i].text, STR_ARG(got));
    }
}

static void files_beside_a_stream_are_unknown(void **state)
{
    Compiled compiled = compile(*state, "beside('README.md')");
    bool ok;
    Unit unit = plan_unit(*state, &compiled.symbols, NULL, PLAN, &ok);

    assert_true(ok);
    assert_int_equal(run(*state, &compiled, &unit, &unit.resources[0]).kind, CEL_UNKNOWN);
}

/* docs/cel.md, "Absence" */
static void what_is_absent_needs_no_guard(void **state)
{
    static const char *const texts[] = {
        "resource.n.b == null && resource.a.b.c.d == null && resource['q'] == null",
        "resource.l[9] == null",
        "!has(resource.a.b) && !has(resource.z)",
        "!(resource.n < 3) && !(resource.n >= 3)",
        "resource.n + 1 == null && resource.n.lowerAscii() == null",
        "resource.n.size() == 0",
        "!resource.n.startsWith('x') && !resource.n.matches('x')",
        "!resource.n && !(resource.n && true)",
        "!resource.n.exists(x, true) && resource.n.all(x, false)",
        "!('x' in resource.n)",
        "!resource.s.exists(x, true)",
        "isSet(resource.s) && !isSet(resource.n)",
    };

    assert_true_all(*state, "{'a':{},'l':[1],'s':'x','z':null}", ALL(texts));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(images_are_taken_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lists_under_several_keys_are_gathered, set_up, tear_down),
        cmocka_unit_test_setup_teardown(command_lines_have_words_and_flags, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quantities_are_exact, set_up, tear_down),
        cmocka_unit_test_setup_teardown(versions_have_an_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(address_ranges_are_open_or_public, set_up, tear_down),
        cmocka_unit_test_setup_teardown(schedules_have_an_interval, set_up, tear_down),
        cmocka_unit_test_setup_teardown(urls_are_taken_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(formats_are_checked, set_up, tear_down),
        cmocka_unit_test_setup_teardown(policy_statements_have_one_shape, set_up, tear_down),
        cmocka_unit_test_setup_teardown(statement_blocks_have_the_same_shape, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_policy_is_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(documents_in_strings_are_inputs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(values_in_strings_keep_their_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_document_is_read_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(data_in_sensitive_strings_is_sensitive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_are_aligned_with_their_source, set_up, tear_down),
        cmocka_unit_test_setup_teardown(resources_of_the_unit_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_beside_a_resource_are_found, set_up, tear_down),
        cmocka_unit_test_setup_teardown(files_beside_a_stream_are_unknown, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_absent_needs_no_guard, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
