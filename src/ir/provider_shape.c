#include "ir/provider_shape.h"

#include "base/buf.h"
#include "base/limits.h"

typedef enum Form {
    FORM_BLOCK,  /* at most one: a map */
    FORM_BLOCKS, /* any number: a list */
    FORM_NUMBER, /* a number that the provider keeps as text */
} Form;

/* Names that are not just written in camelCase, and blocks that may stand more than once. */
static const struct {
    Str from;
    Str to;
    Form form;
} names[] = {
    {STR_INIT("container"), STR_INIT("containers"), FORM_BLOCKS},
    {STR_INIT("init_container"), STR_INIT("initContainers"), FORM_BLOCKS},
    {STR_INIT("env"), STR_INIT("env"), FORM_BLOCKS},
    {STR_INIT("env_from"), STR_INIT("envFrom"), FORM_BLOCKS},
    {STR_INIT("volume"), STR_INIT("volumes"), FORM_BLOCKS},
    {STR_INIT("volume_mount"), STR_INIT("volumeMounts"), FORM_BLOCKS},
    {STR_INIT("volume_device"), STR_INIT("volumeDevices"), FORM_BLOCKS},
    {STR_INIT("toleration"), STR_INIT("tolerations"), FORM_BLOCKS},
    {STR_INIT("host_aliases"), STR_INIT("hostAliases"), FORM_BLOCKS},
    {STR_INIT("image_pull_secrets"), STR_INIT("imagePullSecrets"), FORM_BLOCKS},
    {STR_INIT("readiness_gate"), STR_INIT("readinessGates"), FORM_BLOCKS},
    {STR_INIT("topology_spread_constraint"), STR_INIT("topologySpreadConstraints"), FORM_BLOCKS},
    {STR_INIT("items"), STR_INIT("items"), FORM_BLOCKS},
    {STR_INIT("sources"), STR_INIT("sources"), FORM_BLOCKS},
    {STR_INIT("match_expressions"), STR_INIT("matchExpressions"), FORM_BLOCKS},
    {STR_INIT("match_fields"), STR_INIT("matchFields"), FORM_BLOCKS},
    {STR_INIT("node_selector_term"), STR_INIT("nodeSelectorTerms"), FORM_BLOCKS},
    {STR_INIT("preferred_during_scheduling_ignored_during_execution"),
     STR_INIT("preferredDuringSchedulingIgnoredDuringExecution"), FORM_BLOCKS},
    {STR_INIT("required_during_scheduling_ignored_during_execution"),
     STR_INIT("requiredDuringSchedulingIgnoredDuringExecution"), FORM_BLOCKS},
    {STR_INIT("sysctl"), STR_INIT("sysctls"), FORM_BLOCKS},
    {STR_INIT("http_header"), STR_INIT("httpHeaders"), FORM_BLOCKS},
    {STR_INIT("option"), STR_INIT("options"), FORM_BLOCKS},
    {STR_INIT("run_as_user"), STR_INIT("runAsUser"), FORM_NUMBER},
    {STR_INIT("run_as_group"), STR_INIT("runAsGroup"), FORM_NUMBER},
    {STR_INIT("fs_group"), STR_INIT("fsGroup"), FORM_NUMBER},
    {STR_INIT("host_ipc"), STR_INIT("hostIPC"), FORM_BLOCK},
    {STR_INIT("host_pid"), STR_INIT("hostPID"), FORM_BLOCK},
    {STR_INIT("cluster_ip"), STR_INIT("clusterIP"), FORM_BLOCK},
    {STR_INIT("external_ips"), STR_INIT("externalIPs"), FORM_BLOCK},
    {STR_INIT("load_balancer_ip"), STR_INIT("loadBalancerIP"), FORM_BLOCK},
    {STR_INIT("set_hostname_as_fqdn"), STR_INIT("setHostnameAsFQDN"), FORM_BLOCK},
    {STR_INIT("downward_api"), STR_INIT("downwardAPI"), FORM_BLOCK},
    {STR_INIT("volume_id"), STR_INIT("volumeID"), FORM_BLOCK},
    {STR_INIT("dataset_uuid"), STR_INIT("datasetUUID"), FORM_BLOCK},
    {STR_INIT("data_disk_uri"), STR_INIT("diskURI"), FORM_BLOCK},
    {STR_INIT("pd_id"), STR_INIT("pdID"), FORM_BLOCK},
    {STR_INIT("target_ww_ns"), STR_INIT("targetWWNs"), FORM_BLOCK},
};

static Str camel_case(Arena *arena, Str name)
{
    Buf buf = buf_new(arena);
    bool raise = false;

    for (uint32_t i = 0; i < name.size; i++) {
        char c = name.data[i];
        if (c == '_') {
            raise = true;
            continue;
        }
        buf_add_char(&buf, raise && c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
        raise = false;
    }
    return buf_str(&buf);
}

static Node shape_map(Unit *unit, const Node *block, uint32_t depth);

static bool is_blocks(const Node *value)
{
    return value->kind == NODE_LIST && value->count > 0 && value->as.items[0].kind == NODE_MAP;
}

static Node shape_blocks(Unit *unit, const Node *list, uint32_t depth)
{
    Node *items = ARENA_ARRAY(unit->arena, Node, list->count);

    if (!items)
        return node_make_list(node_span(list), NULL, 0);
    for (uint32_t i = 0; i < list->count; i++)
        items[i] = list->as.items[i].kind == NODE_MAP
                       ? shape_map(unit, &list->as.items[i], depth + 1)
                       : list->as.items[i];
    return node_make_list(node_span(list), items, list->count);
}

/* Text that is a number becomes one; other text, and what is unknown, stays. */
static Node shape_number(const Node *value)
{
    Str text = node_string(value);
    int64_t number = 0;

    if (text.size == 0 || text.size > 18)
        return *value;
    for (uint32_t i = 0; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return *value;
        number = number * 10 + (text.data[i] - '0');
    }
    return node_make_int(node_span(value), number);
}

/* `port` is a block in a container and a number or a name, kept as text, in a probe. */
static Form port_form(const Node *value)
{
    return value->kind == NODE_LIST ? FORM_BLOCKS : FORM_NUMBER;
}

/* Of what is required, a node affinity has one block of terms and a pod affinity a list. */
static bool is_node_affinity(const Node *value)
{
    return is_blocks(value) && node_entry_named(&value->as.items[0], STR("node_selector_term"));
}

static Form form_of(Unit *unit, const Entry *entry, Str *name)
{
    Str key = entry_key(entry);

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!str_eq(names[i].from, key))
            continue;
        *name = names[i].to;
        return is_node_affinity(&entry->value) ? FORM_BLOCK : names[i].form;
    }
    if (str_eq(key, STR("port"))) {
        Form form = port_form(&entry->value);
        *name = form == FORM_BLOCKS ? STR("ports") : STR("port");
        return form;
    }
    *name = camel_case(unit->arena, key);
    return FORM_BLOCK;
}

/* What is as good as absent: null, no block, and the empty text that a state has for no number. */
static bool is_absent(const Node *value, Form form)
{
    if (value->kind == NODE_NULL)
        return true;
    if (form == FORM_NUMBER)
        return value->kind == NODE_STRING && value->count == 0;
    return value->kind == NODE_LIST && value->count == 0;
}

static Node shape_value(Unit *unit, const Node *value, Form form, uint32_t depth)
{
    if (form == FORM_NUMBER)
        return shape_number(value);
    if (!is_blocks(value) || depth >= LIMIT_DEPTH)
        return *value; /* an attribute: the keys of a map of labels are nobody's to rename */
    if (form == FORM_BLOCKS || value->count > 1)
        return shape_blocks(unit, value, depth);
    return shape_map(unit, &value->as.items[0], depth + 1);
}

static Node shape_map(Unit *unit, const Node *block, uint32_t depth)
{
    MapBuilder map = map_builder(unit->arena, unit->symbols);

    for (uint32_t i = 0; i < block->count; i++) {
        const Entry *entry = &block->as.entries[i];
        Str name;
        Form form = form_of(unit, entry, &name);
        if (is_absent(&entry->value, form))
            continue;
        map_put(&map, name, (Span){block->source, entry->key_start, entry->key_end},
                shape_value(unit, &entry->value, form, depth));
    }
    return map_done(&map, node_span(block));
}

Node provider_shape(Unit *unit, const Node *block)
{
    return shape_map(unit, block, 0);
}
