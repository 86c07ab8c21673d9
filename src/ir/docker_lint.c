/* What hadolint's configuration says about images and labels; see ir/docker_parts.h. */
#include "ir/docker_parts.h"

static Str text_of(const Node *node)
{
    return node->kind == NODE_SCALAR || node->kind == NODE_STRING ? node_text(node) : STR("");
}

/* The texts of a list, those of hadolint's older key too. */
static Node registries(const DockerBuild *build, const Node *config)
{
    static const Str keys[] = {STR_INIT("trustedRegistries"), STR_INIT("trusted-registries")};
    NodeList list = {0};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const Node *given = node_get_named(config, keys[i]);
        for (uint32_t j = 0; given && given->kind == NODE_LIST && j < given->count; j++) {
            const Node *item = &given->as.items[j];
            docker_add(build, &list, node_make_string(node_span(item), text_of(item)));
        }
    }
    return docker_list(&list, node_span(config));
}

/* Names of labels, and what each must be: "text", "url", ... */
static Node labels(const DockerBuild *build, const Node *config)
{
    const Node *given = node_get_named(config, STR("label-schema"));
    EntryList entries = {0};

    for (uint32_t i = 0; given && given->kind == NODE_MAP && i < given->count; i++) {
        const Entry *entry = &given->as.entries[i];
        Span at = node_span(&entry->value);
        docker_put_named(build, &entries, entry_key(entry), at,
                         node_make_string(at, text_of(&entry->value)));
    }
    return node_make_map(node_span(config), entries.items, entries.count);
}

Node docker_lint_node(const DockerBuild *build, const Node *config)
{
    const Node *strict = node_get_named(config, STR("strict-labels"));
    Span at = node_span(config);
    Fields fields;

    docker_begin(&fields, build);
    docker_put(&fields, DOCKER_KEY_trusted_registries, registries(build, config));
    docker_put(&fields, DOCKER_KEY_label_schema, labels(build, config));
    docker_put_bool(&fields, DOCKER_KEY_strict_labels, at,
                    strict && str_eq_nocase(text_of(strict), STR("true")));
    return docker_map(&fields, at);
}
