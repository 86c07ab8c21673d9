#include "scan/config_peer.h"

#include "scan/config.h"

void peer_each_text(const Peer *peer, const Node *value, void (*take)(const Peer *, Str))
{
    for (uint32_t i = 0; i < config_text_count(value); i++) {
        Str rest = config_text(config_text_node(value, i));
        Str part;
        while (str_split(&rest, ',', &part))
            if (str_trim(part).size)
                take(peer, str_trim(part));
    }
}

bool peer_is_true(const Node *value)
{
    return str_eq_nocase(config_text(value), STR("true"));
}

bool peer_severity(Str word, Severity *severity)
{
    for (Severity s = SEVERITY_INFO; s <= SEVERITY_CRITICAL; s++) {
        if (str_eq_nocase(word, str_of(severity_name(s)))) {
            *severity = s;
            return true;
        }
    }
    return false;
}

bool peer_lowest_severity(const Node *value, Severity *lowest)
{
    bool any = false;
    Severity severity;

    for (uint32_t i = 0; i < config_text_count(value); i++) {
        Str rest = config_text(config_text_node(value, i)), part;
        while (str_split(&rest, ',', &part)) {
            if (!peer_severity(str_trim(part), &severity))
                continue;
            *lowest = any && *lowest < severity ? *lowest : severity;
            any = true;
        }
    }
    return any;
}

DraftItem peer_switch(const Peer *peer, const char *value, const char *key)
{
    return (DraftItem){
        .text = str_of(value),
        .note = str_format(peer->draft->arena, "`%s` of %.*s", key, STR_ARG(peer->file))};
}

void peer_leave_key(const Peer *peer, Str key)
{
    draft_leave(peer->draft, "`%.*s` of %.*s", STR_ARG(key), STR_ARG(peer->file));
}

void peer_take_keys(const Peer *peer, const Node *map, const PeerKey *keys, size_t count)
{
    for (uint32_t i = 0; map->kind == NODE_MAP && i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        size_t key = 0;
        while (key < count && !str_eq(keys[key].name, entry_key(entry)))
            key++;
        if (key == count)
            peer_leave_key(peer, entry_key(entry));
        else if (keys[key].take)
            keys[key].take(peer, &entry->value);
    }
}

void peer_exclude(const Peer *peer, Str pattern, const char *key)
{
    ConfigDraft *draft = peer->draft;

    draft_add(draft, &draft->exclude, pattern, STR(""),
              str_format(draft->arena, "`%s` of %.*s", key, STR_ARG(peer->file)));
}

void peer_disable(const Peer *peer, Str id)
{
    draft_add_rule(peer->draft, &peer->draft->disable, STR(""), id, STR(""), peer->tool, STR(""));
}
