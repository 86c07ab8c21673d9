#include "scan/config_peers.h"

#include <fcntl.h>

#include "base/file.h"
#include "scan/config.h"
#include "scan/suppress_marks.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

#define PEER_BYTES ((size_t)1 << 20)

/* One configuration at work. */
typedef struct Peer {
    ConfigDraft *draft;
    Str tool; /* "checkov" */
    Str file; /* its name, for remarks */
    int64_t now;
} Peer;

typedef struct PeerKey {
    Str name;
    void (*take)(const Peer *peer, const Node *value);
} PeerKey;

/* --- texts --- */

/* Calls for each text of a list, or of one text with commas. */
static void each_text(const Peer *peer, const Node *value, void (*take)(const Peer *, Str))
{
    for (uint32_t i = 0; i < config_text_count(value); i++) {
        Str rest = config_text(config_text_node(value, i));
        Str part;
        while (str_split(&rest, ',', &part))
            if (str_trim(part).size)
                take(peer, str_trim(part));
    }
}

static bool is_true(const Node *value)
{
    return str_eq_nocase(config_text(value), STR("true"));
}

/* Peers write severities in capitals. */
static bool severity_of(Str word, Severity *severity)
{
    for (Severity s = SEVERITY_INFO; s <= SEVERITY_CRITICAL; s++) {
        if (str_eq_nocase(word, str_of(severity_name(s)))) {
            *severity = s;
            return true;
        }
    }
    return false;
}

/* The lowest of a list of severities; false where it has none. */
static bool lowest_severity(const Node *value, Severity *lowest)
{
    bool any = false;
    Severity severity;

    for (uint32_t i = 0; i < config_text_count(value); i++) {
        Str rest = config_text(config_text_node(value, i)), part;
        while (str_split(&rest, ',', &part)) {
            if (!severity_of(str_trim(part), &severity))
                continue;
            *lowest = any && *lowest < severity ? *lowest : severity;
            any = true;
        }
    }
    return any;
}

static DraftItem switch_item(const Peer *peer, const char *value, const char *key)
{
    return (DraftItem){
        .text = str_of(value),
        .note = str_format(peer->draft->arena, "`%s` of %.*s", key, STR_ARG(peer->file))};
}

static void leave_key(const Peer *peer, Str key)
{
    draft_leave(peer->draft, "`%.*s` of %.*s", STR_ARG(key), STR_ARG(peer->file));
}

static void take_keys(const Peer *peer, const Node *map, const PeerKey *keys, size_t count)
{
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        size_t key = 0;
        while (key < count && !str_eq(keys[key].name, entry_key(entry)))
            key++;
        if (key == count)
            leave_key(peer, entry_key(entry));
        else if (keys[key].take)
            keys[key].take(peer, &entry->value);
    }
}

#define TAKE_KEYS(peer, map, keys) take_keys((peer), (map), (keys), sizeof(keys) / sizeof *(keys))

static void add_pattern(const Peer *peer, Str pattern, const char *key)
{
    ConfigDraft *draft = peer->draft;

    draft_add(draft, &draft->exclude, pattern, STR(""),
              str_format(draft->arena, "`%s` of %.*s", key, STR_ARG(peer->file)));
}

static void disable(const Peer *peer, Str id)
{
    draft_add_rule(peer->draft, &peer->draft->disable, STR(""), id, STR(""), peer->tool, STR(""));
}

/* --- checkov --- */

static void checkov_skip(const Peer *peer, Str id)
{
    Severity severity;

    if (severity_of(id, &severity))
        draft_leave(peer->draft, "checkov skips checks of severity %.*s; see `report-at`",
                    STR_ARG(id));
    else
        disable(peer, id);
}

static void checkov_skip_check(const Peer *peer, const Node *value)
{
    each_text(peer, value, checkov_skip);
}

static void checkov_only(const Peer *peer, Str id)
{
    Severity severity;

    if (severity_of(id, &severity))
        peer->draft->report_at = switch_item(peer, severity_name(severity), "check");
    else
        draft_add_rule(peer->draft, &peer->draft->only, STR(""), id, STR(""), peer->tool, STR(""));
}

static void checkov_check(const Peer *peer, const Node *value)
{
    each_text(peer, value, checkov_only);
}

static bool is_plain(Str text)
{
    for (uint32_t i = 0; i < text.size; i++) {
        char c = text.data[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') &&
            c != '/' && c != '.' && c != '-' && c != '_' && c != ' ')
            return false;
    }
    return text.size > 0;
}

/* A regular expression, which is mostly a path. */
static void checkov_path(const Peer *peer, Str regex)
{
    static const Str ends[] = {STR_INIT("$"), STR_INIT("/.*"), STR_INIT("/*"), STR_INIT("*")};
    Str path = regex;

    path = str_from(path, str_starts(path, STR("^")) ? 1 : 0);
    path = str_from(path, str_starts(path, STR("./")) ? 2 : 0);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (str_ends(path, ends[i]))
            path.size -= ends[i].size;
    if (is_plain(path) && !str_eq(path, STR(".")))
        add_pattern(peer, path, "skip-path");
    else
        draft_leave(peer->draft, "`skip-path: %.*s` of %.*s is a regular expression",
                    STR_ARG(regex), STR_ARG(peer->file));
}

static void checkov_skip_path(const Peer *peer, const Node *value)
{
    each_text(peer, value, checkov_path);
}

static void checkov_soft_fail(const Peer *peer, const Node *value)
{
    if (is_true(value))
        peer->draft->fail_on = switch_item(peer, "none", "soft-fail");
}

static void checkov_hard_fail(const Peer *peer, const Node *value)
{
    Severity lowest;

    if (lowest_severity(value, &lowest))
        peer->draft->fail_on = switch_item(peer, severity_name(lowest), "hard-fail-on");
    else
        leave_key(peer, STR("hard-fail-on"));
}

static void take_checkov(const Peer *peer, const Node *root)
{
    /* What has no function is how checkov runs and prints. */
    static const PeerKey keys[] = {
        {STR_INIT("skip-check"), checkov_skip_check},
        {STR_INIT("check"), checkov_check},
        {STR_INIT("skip-path"), checkov_skip_path},
        {STR_INIT("soft-fail"), checkov_soft_fail},
        {STR_INIT("hard-fail-on"), checkov_hard_fail},
        {STR_INIT("branch"), NULL},
        {STR_INIT("compact"), NULL},
        {STR_INIT("quiet"), NULL},
        {STR_INIT("output"), NULL},
        {STR_INIT("directory"), NULL},
        {STR_INIT("no-guide"), NULL},
        {STR_INIT("evaluate-variables"), NULL},
        {STR_INIT("download-external-modules"), NULL},
    };

    TAKE_KEYS(peer, root, keys);
}

/* --- trivy --- */

static void trivy_severity(const Peer *peer, const Node *value)
{
    Severity lowest;

    if (lowest_severity(value, &lowest))
        peer->draft->report_at = switch_item(peer, severity_name(lowest), "severity");
}

static void trivy_path(const Peer *peer, Str path)
{
    add_pattern(peer, str_from(path, str_starts(path, STR("./")) ? 2 : 0), "skip-dirs, skip-files");
}

static void trivy_paths(const Peer *peer, const Node *value)
{
    each_text(peer, value, trivy_path);
}

static void trivy_scan(const Peer *peer, const Node *value)
{
    static const PeerKey keys[] = {
        {STR_INIT("skip-dirs"), trivy_paths},
        {STR_INIT("skip-files"), trivy_paths},
        {STR_INIT("scanners"), NULL},
        {STR_INIT("parallel"), NULL},
        {STR_INIT("slow"), NULL},
    };

    TAKE_KEYS(peer, value, keys);
}

static void take_trivy(const Peer *peer, const Node *root)
{
    static const PeerKey keys[] = {
        {STR_INIT("severity"), trivy_severity},
        {STR_INIT("scan"), trivy_scan},
        {STR_INIT("skip-dirs"), trivy_paths},
        {STR_INIT("skip-files"), trivy_paths},
        {STR_INIT("format"), NULL},
        {STR_INIT("output"), NULL},
        {STR_INIT("quiet"), NULL},
        {STR_INIT("debug"), NULL},
        {STR_INIT("timeout"), NULL},
        {STR_INIT("cache"), NULL},
        {STR_INIT("db"), NULL},
        {STR_INIT("vulnerability"), NULL},
        {STR_INIT("exit-code"), NULL},
    };

    TAKE_KEYS(peer, root, keys);
}

/* Ids of vulnerabilities, which are no business of plumb's. */
static bool is_vulnerability(Str id)
{
    return str_starts(id, STR("CVE-")) || str_starts(id, STR("GHSA-")) ||
           str_starts(id, STR("TEMP-"));
}

static void trivy_ignore(const Peer *peer, DraftList *list, Str id, Str day, Str note)
{
    int64_t until = MARK_FOREVER;
    ConfigDraft *draft = peer->draft;

    if (is_vulnerability(id))
        return;
    if (day.size && mark_day(day, &until) && until <= peer->now) {
        draft_leave(draft, "%.*s of %.*s expired on %.*s", STR_ARG(id), STR_ARG(peer->file),
                    STR_ARG(day));
        return;
    }
    if (day.size)
        note = str_format(draft->arena, "until %.*s%s%.*s", STR_ARG(day), note.size ? ", " : "",
                          STR_ARG(note));
    draft_add_rule(draft, list, STR(""), id, STR(""), peer->file, note);
}

/* .trivyignore: an id a line, perhaps with `exp:DATE`. */
static void take_trivyignore(const Peer *peer, Str text)
{
    Str line;

    while (str_split(&text, '\n', &line)) {
        int64_t comment = str_find_char(line, '#');
        Str id = {0}, day = {0}, word;
        line = str_trim(comment < 0 ? line : str_sub(line, 0, (uint32_t)comment));
        while (str_split(&line, ' ', &word)) {
            if (str_starts(word, STR("exp:")))
                day = str_from(word, 4);
            else if (word.size && !id.size)
                id = word;
        }
        if (id.size)
            trivy_ignore(peer, &peer->draft->disable, id, day, STR(""));
    }
}

/* One of .trivyignore.yaml: {id, paths, expired_at, statement}. */
static void take_trivyignore_item(const Peer *peer, const Node *item)
{
    Str id = config_text(node_get_named(item, STR("id")));
    Str day = config_text(node_get_named(item, STR("expired_at")));
    Str note = config_text(node_get_named(item, STR("statement")));
    const Node *paths = node_get_named(item, STR("paths"));
    ConfigDraft *draft = peer->draft;
    DraftOverride *override;
    DraftList disabled = {0};

    if (!id.size)
        return;
    if (!config_text_count(paths)) {
        trivy_ignore(peer, &draft->disable, id, day, note);
        return;
    }
    trivy_ignore(peer, &disabled, id, day, note);
    override = disabled.count ? draft_override(draft) : NULL;
    if (!override)
        return;
    override->disable = disabled;
    for (uint32_t i = 0; i < config_text_count(paths); i++)
        draft_add(draft, &override->paths, config_text(config_text_node(paths, i)), STR(""),
                  STR(""));
}

static void take_trivyignore_yaml(const Peer *peer, const Node *root)
{
    const Node *list = node_get_named(root, STR("misconfigurations"));

    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++)
        take_trivyignore_item(peer, &list->as.items[i]);
}

/* --- kube-linter --- */

static void linter_exclude(const Peer *peer, Str id)
{
    draft_add_rule(peer->draft, &peer->draft->disable, STR("kube-linter/"), id, STR(""), peer->tool,
                   STR(""));
}

static void linter_include(const Peer *peer, Str id)
{
    draft_add_rule(peer->draft, &peer->draft->enable, STR("kube-linter/"), id, STR(""), peer->tool,
                   STR(""));
}

static void linter_excludes(const Peer *peer, const Node *value)
{
    each_text(peer, value, linter_exclude);
}

static void linter_includes(const Peer *peer, const Node *value)
{
    each_text(peer, value, linter_include);
}

static void linter_path(const Peer *peer, Str path)
{
    add_pattern(peer, str_from(path, str_starts(path, STR("~/")) ? 2 : 0), "ignorePaths");
}

static void linter_paths(const Peer *peer, const Node *value)
{
    each_text(peer, value, linter_path);
}

static void linter_all(const Peer *peer, const Node *value)
{
    if (is_true(value))
        draft_add_rule(peer->draft, &peer->draft->enable, STR("kube-linter/"), STR("*"), STR(""),
                       peer->tool, STR("addAllBuiltIn"));
}

static void linter_checks(const Peer *peer, const Node *value)
{
    static const PeerKey keys[] = {
        {STR_INIT("addAllBuiltIn"), linter_all},
        {STR_INIT("exclude"), linter_excludes},
        {STR_INIT("include"), linter_includes},
        {STR_INIT("ignorePaths"), linter_paths},
    };

    TAKE_KEYS(peer, value, keys);
}

static void linter_custom(const Peer *peer, const Node *value)
{
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        draft_leave(peer->draft, "the check `%.*s` of %.*s: write it as a rule of your own",
                    STR_ARG(config_text(node_get_named(&value->as.items[i], STR("name")))),
                    STR_ARG(peer->file));
}

static void take_kube_linter(const Peer *peer, const Node *root)
{
    static const PeerKey keys[] = {
        {STR_INIT("checks"), linter_checks},
        {STR_INIT("customChecks"), linter_custom},
    };

    TAKE_KEYS(peer, root, keys);
}

/* --- hadolint --- */

static void hadolint_ignored(const Peer *peer, const Node *value)
{
    each_text(peer, value, disable);
}

static void hadolint_level(const Peer *peer, const Node *value, const char *severity)
{
    for (uint32_t i = 0; i < config_text_count(value); i++)
        draft_add_rule(peer->draft, &peer->draft->severities, STR(""),
                       config_text(config_text_node(value, i)), str_of(severity), peer->tool,
                       STR(""));
}

static void hadolint_error(const Peer *peer, const Node *value)
{
    hadolint_level(peer, value, "high");
}

static void hadolint_warning(const Peer *peer, const Node *value)
{
    hadolint_level(peer, value, "medium");
}

static void hadolint_info(const Peer *peer, const Node *value)
{
    hadolint_level(peer, value, "low");
}

static void hadolint_style(const Peer *peer, const Node *value)
{
    hadolint_level(peer, value, "info");
}

static void hadolint_override(const Peer *peer, const Node *value)
{
    static const PeerKey keys[] = {
        {STR_INIT("error"), hadolint_error},
        {STR_INIT("warning"), hadolint_warning},
        {STR_INIT("info"), hadolint_info},
        {STR_INIT("style"), hadolint_style},
    };

    TAKE_KEYS(peer, value, keys);
}

/* The rest goes on counting where it is (scan/hadolint.h). */
static void hadolint_stays(const Peer *peer, const Node *value)
{
    (void)value;
    draft_leave(peer->draft, "%.*s itself goes on counting for the Dockerfiles below it",
                STR_ARG(peer->file));
}

static void take_hadolint(const Peer *peer, const Node *root)
{
    static const PeerKey keys[] = {
        {STR_INIT("ignored"), hadolint_ignored},
        {STR_INIT("override"), hadolint_override},
        {STR_INIT("failure-threshold"), hadolint_stays},
        {STR_INIT("no-fail"), hadolint_stays},
        {STR_INIT("trustedRegistries"), hadolint_stays},
        {STR_INIT("label-schema"), hadolint_stays},
        {STR_INIT("strict-labels"), hadolint_stays},
        {STR_INIT("disable-ignore-pragma"), hadolint_stays},
        {STR_INIT("format"), NULL},
        {STR_INIT("no-color"), NULL},
        {STR_INIT("output"), NULL},
    };

    TAKE_KEYS(peer, root, keys);
}

/* --- tfsec --- */

static void tfsec_exclude(const Peer *peer, const Node *value)
{
    each_text(peer, value, disable);
}

static void tfsec_overrides(const Peer *peer, const Node *value)
{
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        const Entry *entry = &value->as.entries[i];
        Severity severity;
        if (severity_of(config_text(&entry->value), &severity))
            draft_add_rule(peer->draft, &peer->draft->severities, STR(""), entry_key(entry),
                           str_of(severity_name(severity)), peer->tool, STR(""));
        else if (str_eq_nocase(config_text(&entry->value), STR("NONE")))
            disable(peer, entry_key(entry));
    }
}

static void tfsec_minimum(const Peer *peer, const Node *value)
{
    Severity severity;

    if (severity_of(config_text(value), &severity))
        peer->draft->report_at = switch_item(peer, severity_name(severity), "minimum_severity");
}

static void take_tfsec(const Peer *peer, const Node *root)
{
    static const PeerKey keys[] = {
        {STR_INIT("exclude"), tfsec_exclude},
        {STR_INIT("severity_overrides"), tfsec_overrides},
        {STR_INIT("minimum_severity"), tfsec_minimum},
        {STR_INIT("min_required_version"), NULL},
    };

    TAKE_KEYS(peer, root, keys);
}

/* --- files --- */

typedef struct PeerFile {
    Str name;
    Str tool;
    void (*take)(const Peer *peer, const Node *root);
    void (*take_text)(const Peer *peer, Str text); /* of what is no YAML */
} PeerFile;

static const PeerFile files[] = {
    {STR_INIT(".checkov.yaml"), STR_INIT("checkov"), take_checkov, NULL},
    {STR_INIT(".checkov.yml"), STR_INIT("checkov"), take_checkov, NULL},
    {STR_INIT("trivy.yaml"), STR_INIT("trivy"), take_trivy, NULL},
    {STR_INIT(".trivyignore"), STR_INIT("trivy"), NULL, take_trivyignore},
    {STR_INIT(".trivyignore.yaml"), STR_INIT("trivy"), take_trivyignore_yaml, NULL},
    {STR_INIT(".kube-linter.yaml"), STR_INIT("kube-linter"), take_kube_linter, NULL},
    {STR_INIT(".kube-linter.yml"), STR_INIT("kube-linter"), take_kube_linter, NULL},
    {STR_INIT(".hadolint.yaml"), STR_INIT("hadolint"), take_hadolint, NULL},
    {STR_INIT(".hadolint.yml"), STR_INIT("hadolint"), take_hadolint, NULL},
    {STR_INIT(".tfsec/config.yml"), STR_INIT("tfsec"), take_tfsec, NULL},
    {STR_INIT(".tfsec/config.yaml"), STR_INIT("tfsec"), take_tfsec, NULL},
    {STR_INIT(".tfsec/config.json"), STR_INIT("tfsec"), take_tfsec, NULL},
};

static void take_yaml(const Peer *peer, const PeerFile *file, Str text)
{
    static const Symbols none;
    Arena *arena = peer->draft->arena;
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    Source *source = sources_add(&sources, file->name, text);
    YamlDocument *documents;
    uint32_t count;

    if (!source || !text_decode(source, arena, &diags) ||
        !yaml_read(source, &none, arena, &diags, &documents, &count))
        draft_leave(peer->draft, "%.*s, which cannot be read", STR_ARG(file->name));
    else if (count)
        file->take(peer, &documents[0].root);
}

/* What checkov alone was to look for would silence the rules that stand for the other scanners. */
static void settle_only(ConfigDraft *draft)
{
    bool alone = true;

    for (uint32_t i = 0; i < draft->files.count; i++)
        alone &= str_starts(draft->files.items[i].text, STR(".checkov."));
    for (uint32_t i = 0; !alone && i < draft->only.count; i++)
        draft_leave(draft, "checkov looked only for %.*s and the like; see `only`",
                    STR_ARG(draft->only.items[i].text));
    if (!alone)
        draft->only.count = 0;
}

void config_peers(ConfigDraft *draft, Str directory, int64_t now)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        Peer peer = {draft, files[i].tool, files[i].name, now};
        Str path =
            str_format(draft->arena, "%.*s/%.*s", STR_ARG(directory), STR_ARG(files[i].name));
        Str text;
        int error;
        if (!path.data || !file_read(AT_FDCWD, path.data, PEER_BYTES, draft->arena, &text, &error))
            continue;
        draft_add(draft, &draft->files, files[i].name, STR(""), STR(""));
        if (files[i].take)
            take_yaml(&peer, &files[i], text);
        else
            files[i].take_text(&peer, text);
    }
    settle_only(draft);
}
