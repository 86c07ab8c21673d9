/* The keys of https://docs.kubelinter.io/#/configuring-kubelinter */
#include "scan/config.h"
#include "scan/config_peer.h"

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
    peer_each_text(peer, value, linter_exclude);
}

static void linter_includes(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, linter_include);
}

/* Paths of the machine mean nothing to anybody else. */
static void linter_path(const Peer *peer, Str path)
{
    if (str_starts(path, STR("~")) || str_starts(path, STR("../")) ||
        (str_starts(path, STR("/")) && !str_starts(path, STR("/**"))))
        draft_leave(peer->draft, "`ignorePaths: %.*s` of %.*s", STR_ARG(path), STR_ARG(peer->file));
    else
        peer_exclude(peer, path, "ignorePaths");
}

static void linter_paths(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, linter_path);
}

static void linter_all(const Peer *peer, const Node *value)
{
    if (peer_is_true(value))
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

    PEER_TAKE_KEYS(peer, value, keys);
}

static void linter_custom(const Peer *peer, const Node *value)
{
    for (uint32_t i = 0; value->kind == NODE_LIST && i < value->count; i++)
        draft_leave(peer->draft, "the check `%.*s` of %.*s: write it as a rule of your own",
                    STR_ARG(config_text(node_get_named(&value->as.items[i], STR("name")))),
                    STR_ARG(peer->file));
}

void peer_kube_linter(const Peer *peer, const Node *root)
{
    static const PeerKey keys[] = {
        {STR_INIT("checks"), linter_checks},
        {STR_INIT("customChecks"), linter_custom},
    };

    PEER_TAKE_KEYS(peer, root, keys);
}
