#include "scan/baseline.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/json_doc.h"
#include "base/limits.h"
#include "scan/fingerprint.h"
#include "scan/suppress_marks.h"
#include "syntax/json.h"

#define BASELINE_SCHEMA "plumb/baseline/v1"

static bool refuse(ProblemList *problems, Str file, const char *message, const char *help)
{
    problem_error(problems, DIAG_BASELINE, file, str_of(message), str_of(help));
    return false;
}

/* --- reading --- */

bool baseline_date(Str date, int64_t *end)
{
    return mark_read_until(date, end);
}

static Str text_of(const Node *entry, const char *key)
{
    const Node *value = node_get_named(entry, str_of(key));

    return value ? node_string(value) : STR("");
}

static bool is_fingerprint(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!((text.data[i] >= '0' && text.data[i] <= '9') ||
              (text.data[i] >= 'a' && text.data[i] <= 'f')))
            return false;
    return text.size == FINGERPRINT_DIGITS;
}

static bool read_entry(const Node *node, BaselineEntry *entry)
{
    *entry = (BaselineEntry){.fingerprint = text_of(node, "fingerprint"),
                             .moved = text_of(node, "moved"),
                             .rule = text_of(node, "rule"),
                             .path = text_of(node, "path"),
                             .resource = text_of(node, "resource"),
                             .attribute = text_of(node, "attribute"),
                             .element = text_of(node, "element"),
                             .until = text_of(node, "until"),
                             .reason = text_of(node, "reason"),
                             .end = INT64_MAX};
    if (!entry->moved.size)
        entry->moved = entry->fingerprint;
    return is_fingerprint(entry->fingerprint) && is_fingerprint(entry->moved) &&
           (!entry->until.size || baseline_date(entry->until, &entry->end));
}

static bool read_entries(const Node *root, ProblemList *problems, Baseline *baseline)
{
    const Node *list = node_get_named(root, STR("entries"));

    if (!str_eq(text_of(root, "schema"), STR(BASELINE_SCHEMA)) || !list || list->kind != NODE_LIST)
        return refuse(problems, baseline->file, "this is no baseline of plumb's",
                      "`plumb baseline create` writes one");
    baseline->count = baseline->capacity = list->count;
    baseline->entries = ARENA_ARRAY(baseline->arena, BaselineEntry, baseline->count);
    for (uint32_t i = 0; baseline->entries && i < baseline->count; i++)
        if (!read_entry(&list->as.items[i], &baseline->entries[i])) {
            Str message = str_format(problems->arena,
                                     "entry %u has no fingerprint, or no date "
                                     "YYYY-MM-DD in `until`",
                                     i + 1);
            return refuse(problems, baseline->file, message.data, "");
        }
    return baseline->entries || !baseline->count;
}

bool baseline_read(Str file, Arena *arena, ProblemList *problems, Baseline *baseline)
{
    const char *name = str_copy_z(arena, file);
    const Symbols none = {0};
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    const Source *source;
    int error = ENOMEM;
    Node root;
    Str text;

    *baseline = (Baseline){.arena = arena, .file = file, .use = {.file = file}};
    if (!name || !file_read(AT_FDCWD, name, LIMIT_SOURCE_BYTES, arena, &text, &error))
        return refuse(problems, file,
                      str_format(arena, "it cannot be read: %s", strerror(error)).data,
                      error == ENOENT ? "`plumb baseline create` writes one" : "");
    source = sources_add(&sources, file, text);
    if (source && json_read(source, &none, arena, &diags, &root))
        return read_entries(&root, problems, baseline);
    problem_add_diags(problems, &diags, &sources);
    return false;
}

/* --- which entry a finding has --- */

bool baseline_prepare(Baseline *baseline, const BaselineScope *scope)
{
    baseline->scope = *scope;
    baseline->known = known_new(baseline->arena);
    baseline->copier = (Copier){.arena = baseline->arena};
    for (uint32_t i = 0; i < baseline->count; i++) {
        const BaselineEntry *entry = &baseline->entries[i];
        if (!known_add(&baseline->known, entry->fingerprint.data, entry->moved.data,
                       !scope->has(scope->context, entry->path)))
            return false;
    }
    return known_seal(&baseline->known);
}

static BaselineEntry *entry_of(Baseline *baseline, const KnownFinding *finding)
{
    BaselineEntry *entry = finding ? &baseline->entries[finding->number] : NULL;

    if (entry)
        entry->met = true;
    return entry;
}

BaselineEntry *baseline_take(Baseline *baseline, const Verdict *verdict)
{
    char moved[FINGERPRINT_DIGITS + 1];

    if (known_may_move(&baseline->known)) {
        fingerprint_moved(verdict, moved);
        known_see(&baseline->known, moved);
    }
    return entry_of(baseline, known_take(&baseline->known, verdict->fingerprint));
}

BaselineEntry *baseline_take_moved(Baseline *baseline, const Verdict *verdict)
{
    char moved[FINGERPRINT_DIGITS + 1];

    fingerprint_moved(verdict, moved);
    return entry_of(baseline, known_take_moved(&baseline->known, moved));
}

bool baseline_covers(const Baseline *baseline, const BaselineEntry *entry)
{
    const BaselineScope *scope = &baseline->scope;

    for (uint32_t i = 0; scope->whole && i < scope->root_count; i++)
        if (str_starts(entry->path, scope->roots[i]))
            return true;
    return false;
}

/* --- in a scan --- */

static void excuse(Baseline *baseline, const BaselineEntry *entry, Verdict *verdict)
{
    if (entry->end <= baseline->scope.now) {
        baseline->use.expired++;
        return;
    }
    baseline->use.excused++;
    verdict->status = STATUS_SUPPRESSED;
    verdict->baselined = true;
    verdict->reason = entry->reason;
}

static bool hold(Baseline *baseline, const Verdict *verdict)
{
    Verdict *grown = arena_grow(baseline->arena, baseline->held, baseline->held_count,
                                &baseline->held_capacity, baseline->held_count + 1u, sizeof *grown);

    if (!grown)
        return false;
    baseline->held = grown;
    grown[baseline->held_count++] = verdict_copy_whole(&baseline->copier, verdict);
    return true;
}

static bool may_have_moved(const Baseline *baseline, const Verdict *verdict)
{
    char moved[FINGERPRINT_DIGITS + 1];

    if (!known_may_move(&baseline->known))
        return false;
    fingerprint_moved(verdict, moved);
    return known_has_moved(&baseline->known, moved);
}

static uint32_t take(void *context, bool touched, Verdict *verdicts, uint32_t count)
{
    Baseline *baseline = context;
    uint32_t left = 0;

    (void)touched;
    for (uint32_t i = 0; i < count; i++) {
        Verdict *verdict = &verdicts[i];
        BaselineEntry *entry =
            verdict->status == STATUS_FAIL ? baseline_take(baseline, verdict) : NULL;
        if (entry)
            excuse(baseline, entry, verdict);
        else if (verdict->status == STATUS_FAIL && may_have_moved(baseline, verdict) &&
                 hold(baseline, verdict))
            continue;
        verdicts[left++] = *verdict;
    }
    return left;
}

static uint32_t end(void *context, Verdict **verdicts)
{
    Baseline *baseline = context;

    for (uint32_t i = 0; i < baseline->held_count; i++) {
        BaselineEntry *entry = baseline_take_moved(baseline, &baseline->held[i]);
        if (entry)
            excuse(baseline, entry, &baseline->held[i]);
    }
    *verdicts = baseline->held;
    return baseline->held_count;
}

static void warn(const Baseline *baseline, DiagCode code, const BaselineEntry *entry,
                 const char *what, const char *help, ProblemList *problems)
{
    Problem problem = {.level = DIAG_WARNING,
                       .code = diag_code_id(code),
                       .place = {.file = baseline->file},
                       .help = str_of(help),
                       .from_here = true};

    problem.message =
        str_format(problems->arena, "%.*s of %.*s in %.*s %s%.*s", STR_ARG(entry->rule),
                   STR_ARG(entry->resource), STR_ARG(entry->path), what,
                   STR_ARG(code == DIAG_BASELINE_EXPIRED ? entry->until : STR("")));
    problem_add(problems, &problem);
}

/* An input that was not read has findings that nobody saw. */
static void finish(void *context, ProblemList *problems)
{
    Baseline *baseline = context;
    bool complete = problems->errors == 0;

    for (uint32_t i = 0; i < baseline->count; i++) {
        const BaselineEntry *entry = &baseline->entries[i];
        if (entry->met && entry->end <= baseline->scope.now)
            warn(baseline, DIAG_BASELINE_EXPIRED, entry, "was excused until ",
                 "put it right, or give it another date", problems);
        if (entry->met || !complete || !baseline_covers(baseline, entry))
            continue;
        baseline->use.stale++;
        warn(baseline, DIAG_BASELINE_STALE, entry, "is not found any more",
             "`plumb baseline update` drops it", problems);
    }
}

VerdictFilter baseline_filter(Baseline *baseline)
{
    return (VerdictFilter){baseline, take, end, finish};
}

/* --- writing --- */

bool baseline_keep(Baseline *baseline, const BaselineEntry *entry)
{
    BaselineEntry *grown = arena_grow(baseline->arena, baseline->entries, baseline->count,
                                      &baseline->capacity, baseline->count + 1u, sizeof *grown);

    if (!grown)
        return false;
    baseline->entries = grown;
    grown[baseline->count++] = *entry;
    return true;
}

BaselineEntry *baseline_add(Baseline *baseline, const Verdict *verdict)
{
    Copier copier = {.arena = baseline->arena};
    Verdict copy = verdict_copy(&copier, verdict);
    char moved[FINGERPRINT_DIGITS + 1];
    BaselineEntry entry;

    fingerprint_moved(verdict, moved);
    entry = (BaselineEntry){.fingerprint = str_copy(baseline->arena, str_of(verdict->fingerprint)),
                            .moved = str_copy(baseline->arena, str_of(moved)),
                            .rule = rule_id(verdict->rule),
                            .path = copy.place.path,
                            .resource = copy.resource,
                            .attribute = copy.attribute,
                            .element = copy.element,
                            .end = INT64_MAX,
                            .met = true};
    return baseline_keep(baseline, &entry) ? &baseline->entries[baseline->count - 1] : NULL;
}

static int compare_entries(const void *a, const void *b)
{
    const BaselineEntry *x = a, *y = b;
    const Str keys[][2] = {{x->path, y->path},         {x->rule, y->rule},
                           {x->resource, y->resource}, {x->attribute, y->attribute},
                           {x->element, y->element},   {x->fingerprint, y->fingerprint}};
    int order = 0;

    for (size_t i = 0; order == 0 && i < sizeof keys / sizeof *keys; i++)
        order = str_cmp(keys[i][0], keys[i][1]);
    return order;
}

static void put_entry(JsonDoc *doc, const BaselineEntry *entry)
{
    json_begin(doc, '{');
    json_put_string(doc, "path", entry->path);
    json_put_string(doc, "rule", entry->rule);
    json_put_string(doc, "resource", entry->resource);
    json_put_some(doc, "attribute", entry->attribute);
    json_put_some(doc, "element", entry->element);
    json_put_some(doc, "until", entry->until);
    json_put_some(doc, "reason", entry->reason);
    json_put_string(doc, "fingerprint", entry->fingerprint);
    json_put_string(doc, "moved", entry->moved);
    json_end(doc, '}');
}

void baseline_write(Baseline *baseline, Str ruleset, Out *out)
{
    JsonDoc doc = json_doc(out);

    if (baseline->count)
        qsort(baseline->entries, baseline->count, sizeof *baseline->entries, compare_entries);
    json_begin(&doc, '{');
    json_put_string(&doc, "schema", STR(BASELINE_SCHEMA));
    json_put_string(&doc, "ruleset", ruleset);
    json_key(&doc, "entries");
    json_begin(&doc, '[');
    for (uint32_t i = 0; i < baseline->count; i++)
        put_entry(&doc, &baseline->entries[i]);
    json_end(&doc, ']');
    json_end(&doc, '}');
}
