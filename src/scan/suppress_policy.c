#include "scan/suppress_policy.h"

#define DAY 86400

static uint32_t tools_of(const Node *accept)
{
    uint32_t tools = 0;

    if (!accept)
        return UINT32_MAX;
    for (uint32_t i = 0; i < config_text_count(accept); i++)
        tools |= 1u << config_word(CONFIG_SHAPE_TOOLS, config_text_node(accept, i));
    return tools;
}

const SuppressPolicy *suppress_policy(const SettingsRequest *request, Str base, Arena *arena,
                                      DiagSink *diags)
{
    const Node *const *nodes = request->config->nodes;
    const Node *from = nodes[CONFIG_FORBID_FROM];
    SuppressPolicy *policy = nodes[CONFIG_SUPPRESSIONS] ? ARENA_NEW(arena, SuppressPolicy) : NULL;

    if (!policy)
        return NULL;
    *policy = (SuppressPolicy){
        .tools = tools_of(nodes[CONFIG_ACCEPT]),
        .require_reason = config_bool(nodes[CONFIG_REQUIRE_REASON]),
        .require_until = config_bool(nodes[CONFIG_REQUIRE_UNTIL]),
        .max_days = config_number(nodes[CONFIG_MAX_DAYS]),
        .forbidden = settings_rules(request, nodes[CONFIG_FORBID], arena, diags),
        .forbid_from = from ? (uint8_t)config_word(CONFIG_SHAPE_SEVERITY, from) : SEVERITY_OWN,
        .allow_in = settings_patterns(nodes[CONFIG_ALLOW_IN], arena),
        .base = base,
    };
    return policy;
}

static bool is_allowed_in(const SuppressPolicy *policy, Str path)
{
    if (!policy->allow_in)
        return true;
    return str_starts(path, policy->base) &&
           ignore_excludes_below(policy->allow_in, str_from(path, policy->base.size));
}

const char *suppress_refuses(const SuppressPolicy *policy, const Mark *mark, Str path, int64_t now,
                             const char **help)
{
    bool configured = mark->tool == MARK_CONFIGURED;
    MarkTool tool = configured ? MARK_HADOLINT : mark->tool;

    if (!policy)
        return NULL;
    *help = "fix what it is for, or ask whoever keeps plumb.yaml";
    if (!(policy->tools >> tool & 1))
        return "marks of this tool do not count here";
    if (!is_allowed_in(policy, path))
        return "suppressions do not count in this file";
    /* Configurations have no place for what follows. */
    if (configured)
        return NULL;
    if (policy->require_reason && !mark->reason.size) {
        *help = "say why it is meant so";
        return "it gives no reason";
    }
    *help = mark->tool == MARK_PLUMB ? "add until=YYYY-MM-DD" : "say until when";
    if ((policy->require_until || policy->max_days) && mark->until == MARK_FOREVER)
        return "it has no end";
    *help = "name an earlier day";
    if (policy->max_days && mark->until > now + ((int64_t)policy->max_days + 1) * DAY)
        return "its end is too far away";
    return NULL;
}
