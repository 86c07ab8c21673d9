/*
 * scan/config_peer.h - the configuration of one other scanner, as a plumb.yaml would have it
 *
 * What the readers of each of them share (config_peer_checkov.c and its like); config_peers.h calls
 * them for the files that are there.
 */
#ifndef PLUMB_SCAN_CONFIG_PEER_H
#define PLUMB_SCAN_CONFIG_PEER_H

#include "scan/config_draft.h"

/* One configuration at work. */
typedef struct Peer {
    ConfigDraft *draft;
    Str tool;    /* "checkov" */
    Str file;    /* its name, for remarks */
    int64_t now; /* Unix seconds */
} Peer;

/* A key, and what takes its value over; NULL where it is about how the scanner runs and prints. */
typedef struct PeerKey {
    Str name;
    void (*take)(const Peer *peer, const Node *value);
} PeerKey;

/* Takes the keys of a map; those that are not listed are left over. */
void peer_take_keys(const Peer *peer, const Node *map, const PeerKey *keys, size_t count);
#define PEER_TAKE_KEYS(peer, map, keys)                                                            \
    peer_take_keys((peer), (map), (keys), sizeof(keys) / sizeof *(keys))

/* Calls for each text of a list, or of one text with commas. */
void peer_each_text(const Peer *peer, const Node *value, void (*take)(const Peer *, Str));

/* Peers write severities in capitals; false for what is none. The second is the lowest of a list,
 * false where it has none. */
bool peer_severity(Str word, Severity *severity);
bool peer_lowest_severity(const Node *value, Severity *lowest);

bool peer_is_true(const Node *value);

/* `value` for a switch of ours, and whose `key` says so. */
DraftItem peer_switch(const Peer *peer, const char *value, const char *key);

void peer_exclude(const Peer *peer, Str pattern, const char *key);
void peer_disable(const Peer *peer, Str id);
void peer_leave_key(const Peer *peer, Str key);

/* Of each file, its root; of .trivyignore, its text. */
void peer_checkov(const Peer *peer, const Node *root);
void peer_trivy(const Peer *peer, const Node *root);
void peer_trivyignore(const Peer *peer, Str text);
void peer_trivyignore_yaml(const Peer *peer, const Node *root);
void peer_kube_linter(const Peer *peer, const Node *root);
void peer_hadolint(const Peer *peer, const Node *root);
void peer_tfsec(const Peer *peer, const Node *root);

#endif
