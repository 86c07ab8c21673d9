#include "scan/setup_policies.h"

#include "scan/suppress_policy.h"

/* The user's rules and those of the policies that were met, which come last, as one set in place of
 * the user's: sets know the names of the shipped one only. */
static bool compile(Setup *setup, const PolicyText *texts, uint32_t count, ProblemList *problems)
{
    RulePaths paths = setup->rule_paths;
    bool good;

    paths.met = texts;
    paths.met_count = count;
    setup->met_context = rule_context_new();
    good = setup->met_context.arena &&
           ruleset_compile_paths(&paths, &setup->shipped, &setup->met_context, &setup->met);
    if (setup->met_context.arena)
        problem_add_diags(problems, &setup->met_context.diags, &setup->met_context.sources);
    return good;
}

/* What is wrong with settings was told before. */
static bool resolve(Setup *setup, EvalOptions *eval)
{
    DiagSink diags = diags_new(setup->arena);
    SettingsRequest request = setup_request(setup, setup->met_sets, 2);

    if (!settings_resolve(&request, setup->arena, &diags, &setup->met_settings))
        return false;
    eval->policy = suppress_policy(&request, setup->config_base, setup->arena, &diags);
    eval->rules = setup->met_settings.rules;
    eval->overrides = setup->met_settings.overrides;
    eval->override_count = setup->met_settings.override_count;
    return diags.errors == 0;
}

bool setup_judge_policies(void *context, const PolicyText *texts, uint32_t count,
                          ProblemList *problems, EvalOptions *eval)
{
    Setup *setup = context;
    uint32_t before = ruleset_total(setup->sets, setup->set_count);

    if (setup->met_context.arena || !compile(setup, texts, count, problems))
        return false;
    setup->met_sets[0] = &setup->shipped;
    setup->met_sets[1] = &setup->met;
    setup->met_symbols = ruleset_symbols(&setup->shipped, &setup->met);
    eval->sets = setup->met_sets;
    eval->set_count = 2;
    eval->symbols = &setup->met_symbols;
    eval->first_rule = before;
    return ruleset_total(setup->met_sets, 2) > before && resolve(setup, eval);
}

void setup_policies_free(Setup *setup)
{
    if (setup->met_context.arena)
        rule_context_free(&setup->met_context);
}
