#include "report/sarif.h"

#include <fcntl.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/limits.h"
#include "report/sarif_rules.h"
#include "report/uri.h"

/* A file is read again for its lines' hashes up to this size; a larger one is no source that
 * somebody edits line by line, and its findings follow plumb/v1 alone. */
#define HASHED_BYTES ((size_t)32 << 20)
#define MAX_LOCATIONS 100u

/* --- lines --- */

static bool read_text(const Report *report, const Place *place, Arena *arena, Str *text)
{
    const FileTree *tree = report->options.tree;
    Str file = place->file;
    const char *name;
    int error;

    if (tree)
        return tree->read(tree, place->path, HASHED_BYTES, arena, text, &error);
    if (!str_starts(file, STR("/")))
        file = str_join(arena, report->options.prefix, file);
    name = str_copy_z(arena, file);
    return name && file_read(AT_FDCWD, name, HASHED_BYTES, arena, text, &error);
}

static void read_lines(const Report *report, SarifState *state, const Place *place)
{
    Str text;

    arena_rewind(state->arena, 0);
    state->file = str_copy(state->arena, place->file);
    state->line_count = 0;
    if (str_eq(place->file, STR("<stdin>")))
        return;
    if (read_text(report, place, state->arena, &text))
        state->lines = line_hashes(text, state->arena, &state->line_count);
    if (!state->lines)
        state->line_count = 0;
}

/* The hash of the line of `place`, in the report's arena; empty if its file cannot be read. */
static Str hash_of_place(Report *report, const Place *place)
{
    SarifState *state = report->state;

    if (!place->start.line || !state->arena)
        return STR("");
    if (!state->file.data || !str_eq(state->file, place->file))
        read_lines(report, state, place);
    if (place->start.line > state->line_count)
        return STR("");
    return line_hash_text(state->lines[place->start.line - 1], report->arena);
}

void sarif_begin(Report *report)
{
    SarifState *state = report->state;
    uint32_t limit = report->options.sarif_max_results;

    state->results = worst_new(limit ? limit : SARIF_MAX_RESULTS, report->arena);
    state->arena = arena_new(LIMIT_UNIT_BYTES);
}

/* What is undecided or passes has no place in code scanning, which knows nothing but alerts. */
static bool is_result(const Report *report, const Verdict *verdict)
{
    return verdict->status == STATUS_FAIL ||
           (verdict->status == STATUS_SUPPRESSED && report->options.sarif_suppressed);
}

void sarif_verdicts(Report *report, const Verdict *verdicts, uint32_t count)
{
    SarifState *state = report->state;

    for (uint32_t i = 0; i < count; i++) {
        Kept *kept =
            is_result(report, &verdicts[i]) ? worst_add(&state->results, &verdicts[i]) : NULL;
        if (kept)
            kept->extra = hash_of_place(report, &verdicts[i].place);
    }
}

/* --- places --- */

static void put_region(JsonDoc *doc, const char *key, const Place *place)
{
    json_key(doc, key);
    json_begin(doc, '{');
    json_put_number(doc, "startLine", place->start.line ? place->start.line : 1);
    if (place->start.line) {
        json_put_number(doc, "startColumn", place->start.column);
        json_put_number(doc, "endLine", place->end.line);
        json_put_number(doc, "endColumn", place->end.column);
    }
    json_end(doc, '}');
}

/* GitHub wants a region for a result; elsewhere none is better than a wrong one. */
static void put_physical(Report *report, const Place *place, bool needs_region)
{
    JsonDoc *doc = &report->doc;

    json_key(doc, "physicalLocation");
    json_begin(doc, '{');
    json_key(doc, "artifactLocation");
    json_begin(doc, '{');
    json_put_string(doc, "uri", uri_of_path(place_path(place), report->scratch));
    json_end(doc, '}');
    if (place->start.line || needs_region)
        put_region(doc, "region", place);
    json_end(doc, '}');
}

static void put_resource(JsonDoc *doc, const Verdict *verdict)
{
    if (!verdict->resource.size)
        return;
    json_key(doc, "logicalLocations");
    json_begin(doc, '[');
    json_begin(doc, '{');
    json_put_string(doc, "fullyQualifiedName", verdict->resource);
    json_put_string(doc, "kind", STR("resource"));
    json_end(doc, '}');
    json_end(doc, ']');
}

static void put_location(Report *report, const Verdict *verdict)
{
    JsonDoc *doc = &report->doc;

    json_key(doc, "locations");
    json_begin(doc, '[');
    json_begin(doc, '{');
    put_physical(report, &verdict->place, true);
    put_resource(doc, verdict);
    json_end(doc, '}');
    json_end(doc, ']');
}

static uint32_t related_count(const Verdict *verdict)
{
    return verdict->related_count < MAX_LOCATIONS ? verdict->related_count : MAX_LOCATIONS;
}

static void put_related(Report *report, const Verdict *verdict)
{
    JsonDoc *doc = &report->doc;

    if (!verdict->related_count)
        return;
    json_key(doc, "relatedLocations");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < related_count(verdict); i++) {
        json_begin(doc, '{');
        json_put_number(doc, "id", i + 1);
        put_physical(report, &verdict->related[i].place, false);
        json_key(doc, "message");
        json_begin(doc, '{');
        json_put_string(doc, "text", verdict->related[i].message);
        json_end(doc, '}');
        json_end(doc, '}');
    }
    json_end(doc, ']');
}

/* --- messages --- */

/* `[text](target)` in a message is a link; what comes from an input must not make one. */
static void add_unlinked(Buf *text, Str part)
{
    for (uint32_t i = 0; i < part.size; i++) {
        buf_add_char(text, part.data[i]);
        if (part.data[i] == ']' && i + 1 < part.size && part.data[i + 1] == '(')
            buf_add_char(text, ' ');
    }
}

/* The text of a link, which may have no brackets. */
static void add_link(Buf *text, const Related *related, uint32_t id)
{
    buf_add_char(text, '[');
    for (uint32_t i = 0; i < related->message.size; i++) {
        char c = related->message.data[i];
        buf_add_char(text, c == '[' ? '(' : c == ']' ? ')' : c);
    }
    buf_printf(text, "](%u)", id);
}

/* GitHub shows a related place only where the message links to it. */
static Str message_text(const Verdict *verdict, Arena *arena)
{
    Buf text = buf_new(arena);

    add_unlinked(&text, verdict_message(verdict));
    for (uint32_t i = 0; i < related_count(verdict); i++) {
        buf_add_z(&text, i ? ", " : ". See: ");
        add_link(&text, &verdict->related[i], i + 1);
    }
    return buf_str(&text);
}

/* --- results --- */

static void put_fingerprints(JsonDoc *doc, const Kept *kept)
{
    json_key(doc, "partialFingerprints");
    json_begin(doc, '{');
    json_put_some(doc, "primaryLocationLineHash", kept->extra);
    json_put_string(doc, "plumb/v1", str_of(kept->verdict.fingerprint));
    json_end(doc, '}');
}

static void put_suppression(JsonDoc *doc, const Verdict *verdict)
{
    if (verdict->status != STATUS_SUPPRESSED)
        return;
    json_key(doc, "suppressions");
    json_begin(doc, '[');
    json_begin(doc, '{');
    json_put_string(doc, "kind", verdict->baselined ? STR("external") : STR("inSource"));
    json_put_some(doc, "justification", verdict->reason);
    json_end(doc, '}');
    json_end(doc, ']');
}

/* Of a scan that is held against an earlier tree. */
static void put_standing(JsonDoc *doc, const Verdict *verdict)
{
    static const char *const names[] = {
        [STANDING_NEW] = "new", [STANDING_UNCHANGED] = "unchanged", [STANDING_FIXED] = "absent"};

    if (verdict->standing != STANDING_NONE)
        json_put_string(doc, "baselineState", str_of(names[verdict->standing]));
}

static void put_properties(JsonDoc *doc, const Verdict *verdict)
{
    json_key(doc, "properties");
    json_begin(doc, '{');
    json_put_string(doc, "severity", str_of(severity_name(verdict->severity)));
    json_put_some(doc, "attribute", verdict->attribute);
    json_put_some(doc, "element", verdict->element);
    json_put_some(doc, "render", verdict->render);
    json_key(doc, "enabled");
    json_bool(doc, verdict->enabled);
    json_end(doc, '}');
}

/* --- fixes --- */

static void put_replacement(Report *report, const Fix *fix, uint32_t index)
{
    const Place region = {.start = fix->starts[index], .end = fix->ends[index]};
    JsonDoc *doc = &report->doc;

    json_begin(doc, '{');
    put_region(doc, "deletedRegion", &region);
    json_key(doc, "insertedContent");
    json_begin(doc, '{');
    json_put_string(doc, "text", edit_text(&fix->edits[index], report->scratch));
    json_end(doc, '}');
    json_end(doc, '}');
}

static void put_change(Report *report, const Fix *fix)
{
    JsonDoc *doc = &report->doc;

    json_begin(doc, '{');
    json_key(doc, "artifactLocation");
    json_begin(doc, '{');
    json_put_string(doc, "uri", uri_of_path(fix->path, report->scratch));
    json_end(doc, '}');
    json_key(doc, "replacements");
    json_begin(doc, '[');
    for (uint32_t i = 0; i < fix->count; i++)
        put_replacement(report, fix, i);
    json_end(doc, ']');
    json_end(doc, '}');
}

/* Nothing of an input but names is in a report. */
static bool repeats_input(const Fix *fix)
{
    for (uint32_t i = 0; i < fix->count; i++)
        if (fix->edits[i].repeats)
            return true;
    return false;
}

static void put_fix(Report *report, const Verdict *verdict)
{
    JsonDoc *doc = &report->doc;

    if (!verdict->fix || repeats_input(verdict->fix))
        return;
    json_key(doc, "fixes");
    json_begin(doc, '[');
    json_begin(doc, '{');
    json_key(doc, "description");
    json_begin(doc, '{');
    json_put_string(doc, "text", rule_title(verdict->rule));
    json_end(doc, '}');
    json_key(doc, "artifactChanges");
    json_begin(doc, '[');
    put_change(report, verdict->fix);
    json_end(doc, ']');
    json_end(doc, '}');
    json_end(doc, ']');
}

static uint32_t index_of(const ScanResult *result, const Rule *rule)
{
    uint32_t index = 0;

    while (index < result->rule_count && result->rules[index] != rule)
        index++;
    return index;
}

static void put_result(Report *report, const ScanResult *result, const Kept *kept)
{
    const Verdict *verdict = &kept->verdict;
    uint32_t index = index_of(result, verdict->rule);
    JsonDoc *doc = &report->doc;

    json_line(doc);
    json_begin(doc, '{');
    json_put_string(doc, "ruleId", rule_id(verdict->rule));
    if (index < result->rule_count)
        json_put_number(doc, "ruleIndex", index);
    json_put_string(doc, "level", str_of(sarif_level(verdict->severity)));
    json_key(doc, "message");
    json_begin(doc, '{');
    json_put_string(doc, "text", message_text(verdict, report->scratch));
    json_end(doc, '}');
    put_location(report, verdict);
    put_related(report, verdict);
    put_fix(report, verdict);
    put_fingerprints(doc, kept);
    put_suppression(doc, verdict);
    put_standing(doc, verdict);
    put_properties(doc, verdict);
    json_end(doc, '}');
}

static void put_results(Report *report, const ScanResult *result)
{
    const Worst *results = &((const SarifState *)report->state)->results;

    json_key(&report->doc, "results");
    json_begin(&report->doc, '[');
    for (const Kept *kept = worst_first(results); kept; kept = worst_next(results, kept)) {
        arena_rewind(report->scratch, 0);
        put_result(report, result, kept);
    }
    json_end(&report->doc, ']');
}

/* --- what became of the scan --- */

static void begin_notification(JsonDoc *doc, const char *level, const char *code, Str message)
{
    json_line(doc);
    json_begin(doc, '{');
    json_put_string(doc, "level", str_of(level));
    json_key(doc, "message");
    json_begin(doc, '{');
    json_put_string(doc, "text", message);
    json_end(doc, '}');
    json_key(doc, "descriptor");
    json_begin(doc, '{');
    json_put_string(doc, "id", str_of(code));
    json_end(doc, '}');
}

static void put_problem(Report *report, const Problem *problem)
{
    const char *level = problem->level == DIAG_ERROR     ? "error"
                        : problem->level == DIAG_WARNING ? "warning"
                                                         : "note";
    JsonDoc *doc = &report->doc;

    begin_notification(doc, level, problem->code, problem->message);
    if (place_path(&problem->place).size) {
        json_key(doc, "locations");
        json_begin(doc, '[');
        json_begin(doc, '{');
        put_physical(report, &problem->place, false);
        json_end(doc, '}');
        json_end(doc, ']');
    }
    json_end(doc, '}');
}

/* Says that results were left out, in the log and to whoever runs plumb. */
static void put_cut(Report *report)
{
    const Worst *results = &((const SarifState *)report->state)->results;

    if (results->seen == results->count)
        return;
    report->notice = str_format(report->outer,
                                "the SARIF log holds the worst %u of %llu results; "
                                "--sarif-max-results sets how many",
                                results->count, (unsigned long long)results->seen);
    begin_notification(&report->doc, "warning", "sarif-results-cut", report->notice);
    json_end(&report->doc, '}');
}

static void put_invocation(Report *report, const ScanResult *result)
{
    JsonDoc *doc = &report->doc;

    json_line(doc);
    json_key(doc, "invocations");
    json_begin(doc, '[');
    json_begin(doc, '{');
    json_key(doc, "executionSuccessful");
    json_bool(doc, result->status == SCAN_PASSED || result->status == SCAN_FAILED);
    json_key(doc, "toolExecutionNotifications");
    json_begin(doc, '[');
    put_cut(report);
    for (uint32_t i = 0; i < result->problem_count; i++) {
        arena_rewind(report->scratch, 0);
        put_problem(report, &result->problems[i]);
    }
    json_end(doc, ']');
    json_end(doc, '}');
    json_end(doc, ']');
}

static void put_tool(Report *report, const ScanResult *result)
{
    JsonDoc *doc = &report->doc;

    json_line(doc);
    json_key(doc, "tool");
    json_begin(doc, '{');
    json_key(doc, "driver");
    json_begin(doc, '{');
    json_put_string(doc, "name", STR("plumb"));
    json_put_string(doc, "version", report->options.version);
    json_put_string(doc, "semanticVersion", report->options.version);
    sarif_put_rules(doc, result, report->scratch);
    json_key(doc, "properties");
    json_begin(doc, '{');
    json_put_string(doc, "ruleset", report->options.ruleset);
    json_end(doc, '}');
    json_end(doc, '}');
    json_end(doc, '}');
}

static void put_scanned(Report *report)
{
    const ReportVersion *scanned = &report->options.scanned;
    JsonDoc *doc = &report->doc;

    if (!scanned->repository.size)
        return;
    json_key(doc, "versionControlProvenance");
    json_begin(doc, '[');
    json_begin(doc, '{');
    json_put_string(doc, "repositoryUri", scanned->repository);
    json_put_some(doc, "revisionId", scanned->commit);
    json_put_some(doc, "branch", scanned->ref);
    json_end(doc, '}');
    json_end(doc, ']');
}

/* What tells this run from others of the same commit: GitHub takes all up to the last slash. */
static void put_category(Report *report)
{
    JsonDoc *doc = &report->doc;

    json_key(doc, "automationDetails");
    json_begin(doc, '{');
    json_put_string(doc, "id",
                    str_format(report->scratch, "plumb/%.*s/", STR_ARG(report->options.name)));
    json_end(doc, '}');
}

void sarif_end(Report *report, const ScanResult *result)
{
    SarifState *state = report->state;
    JsonDoc *doc = &report->doc;

    arena_free(state->arena);
    for (uint32_t i = 0; result->since && i < result->since->fixed_count; i++)
        worst_add(&state->results, &result->since->fixed[i]);
    arena_rewind(report->scratch, 0);
    *doc = json_doc_compact(&report->out);
    json_begin(doc, '{');
    json_put_string(doc, "$schema", STR("https://json.schemastore.org/sarif-2.1.0.json"));
    json_put_string(doc, "version", STR("2.1.0"));
    json_key(doc, "runs");
    json_begin(doc, '[');
    json_begin(doc, '{');
    put_tool(report, result);
    json_line(doc);
    put_category(report);
    json_put_string(doc, "columnKind", STR("unicodeCodePoints"));
    put_scanned(report);
    put_invocation(report, result);
    put_results(report, result);
    json_end(doc, '}');
    json_end(doc, ']');
    json_end(doc, '}');
}
