#include "scan/config_peers.h"

#include <fcntl.h>

#include "base/file.h"
#include "scan/config_peer.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

#define PEER_BYTES ((size_t)1 << 20)

typedef struct PeerFile {
    Str name;
    Str tool;
    void (*take)(const Peer *peer, const Node *root);
    void (*take_text)(const Peer *peer, Str text); /* of what is no YAML */
} PeerFile;

static const PeerFile files[] = {
    {STR_INIT(".checkov.yaml"), STR_INIT("checkov"), peer_checkov, NULL},
    {STR_INIT(".checkov.yml"), STR_INIT("checkov"), peer_checkov, NULL},
    {STR_INIT("trivy.yaml"), STR_INIT("trivy"), peer_trivy, NULL},
    {STR_INIT(".trivyignore"), STR_INIT("trivy"), NULL, peer_trivyignore},
    {STR_INIT(".trivyignore.yaml"), STR_INIT("trivy"), peer_trivyignore_yaml, NULL},
    {STR_INIT(".kube-linter.yaml"), STR_INIT("kube-linter"), peer_kube_linter, NULL},
    {STR_INIT(".kube-linter.yml"), STR_INIT("kube-linter"), peer_kube_linter, NULL},
    {STR_INIT(".hadolint.yaml"), STR_INIT("hadolint"), peer_hadolint, NULL},
    {STR_INIT(".hadolint.yml"), STR_INIT("hadolint"), peer_hadolint, NULL},
    {STR_INIT(".tfsec/config.yml"), STR_INIT("tfsec"), peer_tfsec, NULL},
    {STR_INIT(".tfsec/config.yaml"), STR_INIT("tfsec"), peer_tfsec, NULL},
    {STR_INIT(".tfsec/config.json"), STR_INIT("tfsec"), peer_tfsec, NULL},
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
