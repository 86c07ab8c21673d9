/* The keys of https://aquasecurity.github.io/tfsec/latest/guides/configuration/config/ */
#include "scan/config.h"
#include "scan/config_peer.h"

static void tfsec_exclude(const Peer *peer, const Node *value)
{
    peer_each_text(peer, value, peer_disable);
}

static void tfsec_overrides(const Peer *peer, const Node *value)
{
    for (uint32_t i = 0; value->kind == NODE_MAP && i < value->count; i++) {
        const Entry *entry = &value->as.entries[i];
        Severity severity;
        if (peer_severity(config_text(&entry->value), &severity))
            draft_add_rule(peer->draft, &peer->draft->severities, STR(""), entry_key(entry),
                           str_of(severity_name(severity)), peer->tool, STR(""));
        else if (str_eq_nocase(config_text(&entry->value), STR("NONE")))
            peer_disable(peer, entry_key(entry));
    }
}

static void tfsec_minimum(const Peer *peer, const Node *value)
{
    Severity severity;

    if (peer_severity(config_text(value), &severity))
        peer->draft->report_at = peer_switch(peer, severity_name(severity), "minimum_severity");
}

void peer_tfsec(const Peer *peer, const Node *root)
{
    static const PeerKey keys[] = {
        {STR_INIT("exclude"), tfsec_exclude},
        {STR_INIT("severity_overrides"), tfsec_overrides},
        {STR_INIT("minimum_severity"), tfsec_minimum},
        {STR_INIT("min_required_version"), NULL},
    };

    PEER_TAKE_KEYS(peer, root, keys);
}
