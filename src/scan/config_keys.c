#include "scan/config_keys.h"

static const ConfigKeyInfo keys[] = {
    {STR_INIT(""), CONFIG_ROOT, CONFIG_SHAPE_MAP, "plumb.yaml"},
#define CONFIG_KEY(id, parent, name, shape, help)                                                  \
    {STR_INIT(name), CONFIG_##parent, CONFIG_SHAPE_##shape, help},
#include "scan/config_keys.def"
#undef CONFIG_KEY
};

const ConfigKeyInfo *config_key(ConfigKey key)
{
    return &keys[key];
}

ConfigKey config_key_find(ConfigKey parent, Str name)
{
    for (ConfigKey key = CONFIG_ROOT + 1; key < CONFIG_KEY_COUNT; key++)
        if (keys[key].parent == parent && str_eq(keys[key].name, name))
            return key;
    return CONFIG_ROOT;
}

Str config_key_path(ConfigKey key, Arena *arena)
{
    ConfigKey parent = keys[key].parent;

    if (parent == CONFIG_ROOT)
        return keys[key].name;
    return str_join(arena, str_join(arena, config_key_path(parent, arena), STR(".")),
                    keys[key].name);
}

const Str *config_words(ConfigShape shape, uint32_t *count)
{
    /* In the order of Severity, PodSecurity and MarkTool. */
    static const Str severities[] = {STR_INIT("info"), STR_INIT("low"),      STR_INIT("medium"),
                                     STR_INIT("high"), STR_INIT("critical"), STR_INIT("none")};
    static const Str levels[] = {STR_INIT("privileged"), STR_INIT("baseline"),
                                 STR_INIT("restricted")};
    static const Str tools[] = {
        STR_INIT("plumb"),   STR_INIT("checkov"),     STR_INIT("terrascan"),
        STR_INIT("trivy"),   STR_INIT("tfsec"),       STR_INIT("hadolint"),
        STR_INIT("kics"),    STR_INIT("kube-linter"), STR_INIT("kube-score"),
        STR_INIT("polaris"),
    };
    static const Str truths[] = {STR_INIT("false"), STR_INIT("true")};

    switch (shape) {
    case CONFIG_SHAPE_SEVERITY:
    case CONFIG_SHAPE_SEVERITIES:
        *count = 5;
        return severities;
    case CONFIG_SHAPE_SEVERITY_NONE:
        *count = 6;
        return severities;
    case CONFIG_SHAPE_LEVEL:
        *count = sizeof levels / sizeof *levels;
        return levels;
    case CONFIG_SHAPE_TOOLS:
        *count = sizeof tools / sizeof *tools;
        return tools;
    case CONFIG_SHAPE_BOOL:
        *count = 2;
        return truths;
    default:
        *count = 0;
        return NULL;
    }
}

uint32_t config_number_most(ConfigShape shape)
{
    return shape == CONFIG_SHAPE_SCORE ? 100 : shape == CONFIG_SHAPE_DAYS ? 36500 : 0;
}
