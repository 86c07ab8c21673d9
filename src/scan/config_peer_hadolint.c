/* The keys of https://github.com/hadolint/hadolint */
#include "scan/config.h"
#include "scan/config_peer.h"

static void hadolint_ignored(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, peer_disable);
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

    PEER_TAKE_KEYS(peer, value, keys);
}

/* The rest goes on counting where it is (scan/hadolint.h). */
static void hadolint_stays(const Peer *peer, const Node *value)
{
    (void)value;
    draft_leave(peer->draft, "%.*s itself goes on counting for the Dockerfiles below it",
                STR_ARG(peer->file));
}

void peer_hadolint(const Peer *peer, const Node *root)
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

    PEER_TAKE_KEYS(peer, root, keys);
}
