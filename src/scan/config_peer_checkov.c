/* The keys of https://www.checkov.io/2.Basics/CLI%20Command%20Reference.html */
#include "scan/config.h"
#include "scan/config_peer.h"

static void checkov_skip(const Peer *peer, Str id)
{
    Severity severity;

    if (peer_severity(id, &severity))
        draft_leave(peer->draft, "checkov skips checks of severity %.*s; see `report-at`",
                    STR_ARG(id));
    else
        peer_disable(peer, id);
}

static void checkov_skip_check(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, checkov_skip);
}

static void checkov_only(const Peer *peer, Str id)
{
    Severity severity;

    if (peer_severity(id, &severity))
        peer->draft->report_at = peer_switch(peer, severity_name(severity), "check");
    else
        draft_add_rule(peer->draft, &peer->draft->only, STR(""), id, STR(""), peer->tool, STR(""));
}

static void checkov_check(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, checkov_only);
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
        peer_exclude(peer, path, "skip-path");
    else
        draft_leave(peer->draft, "`skip-path: %.*s` of %.*s is a regular expression",
                    STR_ARG(regex), STR_ARG(peer->file));
}

static void checkov_skip_path(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, checkov_path);
}

static void checkov_soft_fail(const Peer *peer, const Node *value)
{
    /* What hard-fail-on names fails all the same. */
    if (peer_is_true(value) && !peer->draft->fail_on.text.size)
        peer->draft->fail_on = peer_switch(peer, "none", "soft-fail");
}

static void checkov_hard_fail(const Peer *peer, const Node *value)
{
    Severity lowest;

    if (peer_lowest_severity(value, &lowest))
        peer->draft->fail_on = peer_switch(peer, severity_name(lowest), "hard-fail-on");
    else
        peer_leave_key(peer, STR("hard-fail-on"));
}

void peer_checkov(const Peer *peer, const Node *root)
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

    PEER_TAKE_KEYS(peer, root, keys);
}
