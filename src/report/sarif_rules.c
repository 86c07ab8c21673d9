#include "report/sarif_rules.h"

#include "base/buf.h"
#include "base/utf8.h"

/* What GitHub takes of a text, and of a rule's tags. */
#define TEXT_BYTES 1024u
#define MAX_TAGS 20u

const char *sarif_level(Severity severity)
{
    if (severity >= SEVERITY_HIGH)
        return "error";
    return severity == SEVERITY_MEDIUM ? "warning" : "note";
}

/* Of rules about security; GitHub's own bounds are 9.0, 7.0 and 4.0, and none is met exactly. */
static const char *security_severity(Severity severity)
{
    static const char *const scores[] = {
        [SEVERITY_INFO] = NULL,  [SEVERITY_LOW] = "2.0",      [SEVERITY_MEDIUM] = "5.5",
        [SEVERITY_HIGH] = "8.0", [SEVERITY_CRITICAL] = "9.5",
    };

    return scores[severity];
}

static const char *problem_severity(Severity severity)
{
    if (severity >= SEVERITY_HIGH)
        return "error";
    return severity == SEVERITY_MEDIUM ? "warning" : "recommendation";
}

/* --- texts --- */

/* At most TEXT_BYTES of `text`, cut between code points. */
static Str cut(Str text, Arena *arena)
{
    uint32_t at = 0;

    text = str_trim(text);
    if (text.size <= TEXT_BYTES)
        return text;
    while (at < TEXT_BYTES - 4) {
        uint32_t size = utf8_size(str_from(text, at));
        at += size ? size : 1;
    }
    return str_join(arena, str_sub(text, 0, at), STR("..."));
}

static void add_references(Buf *text, const Rule *rule, const char *heading, bool markdown)
{
    uint32_t count = rule_reference_count(rule);

    if (count)
        buf_add_z(text, heading);
    for (uint32_t i = 0; i < count; i++) {
        Str reference = rule_reference(rule, i);
        bool is_link = markdown && str_starts(reference, STR("http"));
        buf_printf(text, "\n- %s%.*s%s", is_link ? "<" : "", STR_ARG(reference),
                   is_link ? ">" : "");
    }
}

static void add_aliases(Buf *text, const Rule *rule, const char *quote)
{
    uint32_t count = rule_alias_count(rule);

    if (count)
        buf_add_z(text, "\n\nThe same in other scanners: ");
    for (uint32_t i = 0; i < count; i++) {
        buf_add_z(text, i ? ", " : "");
        buf_add_z(text, quote);
        buf_add(text, rule_alias(rule, i));
        buf_add_z(text, quote);
    }
}

static Str plain_help(const Rule *rule, Arena *arena)
{
    Buf text = buf_new(arena);

    buf_add(&text, str_trim(rule_why(rule).size ? rule_why(rule) : rule_title(rule)));
    if (rule_fix(rule).size) {
        buf_add_z(&text, "\n\nHow to fix it: ");
        buf_add(&text, str_trim(rule_fix(rule)));
    }
    add_references(&text, rule, "\n\nReferences:", false);
    add_aliases(&text, rule, "");
    return buf_str(&text);
}

/* A block of code with a fence that is longer than any in it. */
static void add_code(Buf *text, const char *heading, Str code)
{
    uint32_t longest = 2, run = 0;

    code = str_trim(code);
    if (!code.size)
        return;
    for (uint32_t i = 0; i < code.size; i++) {
        run = code.data[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    buf_printf(text, "\n\n## %s\n\n", heading);
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(text, '`');
    buf_add_char(text, '\n');
    buf_add(text, code);
    buf_add_char(text, '\n');
    for (uint32_t i = 0; i <= longest; i++)
        buf_add_char(text, '`');
}

static Str markdown_help(const Rule *rule, Arena *arena)
{
    Buf text = buf_new(arena);

    buf_add(&text, str_trim(rule_why(rule).size ? rule_why(rule) : rule_title(rule)));
    if (rule_fix(rule).size) {
        buf_add_z(&text, "\n\n## How to fix it\n\n");
        buf_add(&text, str_trim(rule_fix(rule)));
    }
    add_code(&text, "Fails", rule_failing_example(rule));
    add_code(&text, "Passes", rule_passing_example(rule));
    add_references(&text, rule, "\n\n## References\n", true);
    add_aliases(&text, rule, "`");
    return buf_str(&text);
}

/* --- one rule --- */

static void put_text(JsonDoc *doc, const char *key, Str text)
{
    json_key(doc, key);
    json_begin(doc, '{');
    json_put_string(doc, "text", text);
    json_end(doc, '}');
}

static void put_help(JsonDoc *doc, const Rule *rule, Arena *arena)
{
    Str uri = rule_reference_count(rule) ? rule_reference(rule, 0) : STR("");

    json_key(doc, "help");
    json_begin(doc, '{');
    json_put_string(doc, "text", plain_help(rule, arena));
    json_put_string(doc, "markdown", markdown_help(rule, arena));
    json_end(doc, '}');
    if (str_starts(uri, STR("https://")) && str_find_char(uri, ' ') < 0)
        json_put_string(doc, "helpUri", uri);
}

static void put_tags(JsonDoc *doc, const Rule *rule, Arena *arena)
{
    uint32_t count = rule_framework_count(rule);

    json_key(doc, "tags");
    json_begin(doc, '[');
    json_string(doc, str_of(category_name(rule_category(rule))));
    for (uint32_t i = 0; i < count && i + 1 < MAX_TAGS; i++)
        json_string(doc, str_format(arena, "%.*s:%.*s", STR_ARG(rule_framework(rule, i)),
                                    STR_ARG(rule_framework_control(rule, i))));
    json_end(doc, ']');
}

static void put_properties(JsonDoc *doc, const Rule *rule, Severity severity, Arena *arena)
{
    bool preview = rule_default(rule) == RULE_PREVIEW;

    json_key(doc, "properties");
    json_begin(doc, '{');
    put_tags(doc, rule, arena);
    json_put_string(doc, "precision", preview ? STR("medium") : STR("high"));
    json_put_string(doc, "problem.severity", str_of(problem_severity(severity)));
    if (rule_category(rule) == CATEGORY_SECURITY && security_severity(severity))
        json_put_string(doc, "security-severity", str_of(security_severity(severity)));
    json_end(doc, '}');
}

static void put_rule(JsonDoc *doc, const Rule *rule, Severity severity, Arena *arena)
{
    Str why = rule_why(rule).size ? rule_why(rule) : rule_title(rule);

    json_line(doc);
    json_begin(doc, '{');
    json_put_string(doc, "id", rule_id(rule));
    json_put_string(doc, "name", str_sub(rule_id(rule), 0, 255));
    put_text(doc, "shortDescription", cut(rule_title(rule), arena));
    put_text(doc, "fullDescription", cut(why, arena));
    put_help(doc, rule, arena);
    json_key(doc, "defaultConfiguration");
    json_begin(doc, '{');
    json_put_string(doc, "level", str_of(sarif_level(severity)));
    json_end(doc, '}');
    put_properties(doc, rule, severity, arena);
    json_end(doc, '}');
}

void sarif_put_rules(JsonDoc *doc, const ScanResult *result, Arena *arena)
{
    json_key(doc, "rules");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < result->rule_count; i++) {
        size_t mark = arena_mark(arena);
        put_rule(doc, result->rules[i], (Severity)result->rule_severities[i], arena);
        arena_rewind(arena, mark);
    }
    json_end(doc, ']');
}
