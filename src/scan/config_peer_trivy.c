/* The keys of https://trivy.dev/latest/docs/references/configuration/config-file/ */
#include "scan/config.h"
#include "scan/config_peer.h"
#include "scan/suppress_marks.h"

static void trivy_severity(const Peer *peer, const Node *value)
{
    Severity lowest;

    if (peer_lowest_severity(value, &lowest))
        peer->draft->report_at = peer_switch(peer, severity_name(lowest), "severity");
}

static void trivy_path(const Peer *peer, Str path)
{
    peer_exclude(peer, str_from(path, str_starts(path, STR("./")) ? 2 : 0),
                 "skip-dirs, skip-files");
}

static void trivy_paths(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, trivy_path);
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

    PEER_TAKE_KEYS(peer, value, keys);
}

void peer_trivy(const Peer *peer, const Node *root)
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

    PEER_TAKE_KEYS(peer, root, keys);
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
void peer_trivyignore(const Peer *peer, Str text)
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

void peer_trivyignore_yaml(const Peer *peer, const Node *root)
{
    const Node *list = node_get_named(root, STR("misconfigurations"));

    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++)
        take_trivyignore_item(peer, &list->as.items[i]);
}
