/* plumb.yaml, any bytes: read, resolved against the shipped rules, and listed. */
#include <assert.h>
#include <stdlib.h>

#include "rules/shipped.h"
#include "scan/environment.h"
#include "scan/settings.h"
#include "scan/suppress_policy.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Makes what a scan makes of a configuration. */
static void resolve(const Config *config, Arena *arena, DiagSink *diags)
{
    RuleSet set = ruleset_shipped();
    const RuleSet *sets[] = {&set};
    SettingsRequest request = {.sets = sets, .set_count = 1, .config = config};
    RuleSettings rules;
    Settings settings;

    if (!settings_resolve(&request, arena, diags, &settings))
        return;
    suppress_policy(&request, STR(""), arena, diags);
    environments_of(config, STR(""), arena);
    config_judgement(config, arena);
    rules = settings.rules;
    for (uint32_t i = 0; i < settings.override_count; i++)
        if (settings.overrides[i].paths &&
            ignore_excludes_below(settings.overrides[i].paths, STR("a/b.yaml")))
            rule_settings_apply(&rules, &settings.overrides[i].changes, sets, 1, arena, &rules);
}

static void read(Arena *arena, Str text)
{
    static const Symbols none;
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    Source *source = sources_add(&sources, STR("plumb.yaml"), text);
    YamlDocument *documents;
    uint32_t count;
    Config config;

    if (!source || !text_decode(source, arena, &diags) ||
        !yaml_read(source, &none, arena, &diags, &documents, &count) || !count)
        return;
    if (config_build(&documents[0].root, arena, &diags, &config))
        resolve(&config, arena, &diags);
    for (const Diag *diag = diags.first; diag; diag = diag->next)
        assert(span_is_none(diag->span) || diag->span.end <= source->text.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena *arena = arena_new((size_t)256 << 20);
    char *copy = malloc(size ? size : 1);

    if (arena && copy && size < 65536) {
        memcpy(copy, data, size);
        read(arena, (Str){copy, (uint32_t)size});
    }
    free(copy);
    arena_free(arena);
    return 0;
}
