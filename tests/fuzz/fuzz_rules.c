/* Any bytes as a rule file, and as a file with admission policies: read, compiled, and what
 * compiles judges a manifest. */
#include <assert.h>
#include <stdlib.h>

#include "base/limits.h"
#include "ir/kubernetes.h"
#include "rules/load.h"
#include "scan/evaluate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char manifest[] = "apiVersion: v1\n"
                               "kind: Pod\n"
                               "metadata: {name: web, labels: {app: web}}\n"
                               "spec:\n"
                               "  hostNetwork: true\n"
                               "  containers:\n"
                               "    - name: web\n"
                               "      image: nginx:1.27\n"
                               "      resources: {limits: {cpu: 500m, memory: 1Gi}}\n"
                               "      ports: [{containerPort: 80}, {containerPort: 443}]\n";

static void judge(const RuleSet *set, const Symbols *symbols)
{
    EvalOptions options = {.sets = &set,
                           .set_count = 1,
                           .symbols = symbols,
                           .all_verdicts = true,
                           .keep_excerpts = true,
                           .pod_security_level = 2,
                           .pod_security_minor = UINT16_MAX};
    CelPatterns *patterns = cel_patterns_new();
    Evaluator *evaluator = evaluator_new(&options, patterns);
    VerdictSink sink = {.arena = arena_new((size_t)64 << 20)};
    Unit unit = unit_new(arena_new((size_t)64 << 20), symbols, NULL);

    if (evaluator && kubernetes_build(&unit, sources_add(&unit.sources, STR("a.yaml"),
                                                         (Str){manifest, sizeof manifest - 1})))
        evaluator_judge(evaluator, &unit, &sink);
    for (uint32_t i = 0; i < sink.count; i++)
        assert(sink.verdicts[i].place.start.line <= 11);
    evaluator_free(evaluator);
    cel_patterns_free(patterns);
    arena_free(sink.arena);
    arena_free(unit.arena);
}

/* The rules of a text; NULL where there are none. */
static const RuleFile *read_text(Str text, bool policies, RuleContext *context)
{
    RuleTree tree = rule_tree_new();
    bool good;

    if (!policies)
        return rule_tree_add_text(&tree, STR("rules.yaml"), text, context) ? tree.first : NULL;
    good = policy_documents_add(&tree.policies, STR("rules.yaml"), text, true, context);
    return good ? policy_rules(&tree.policies, context) : NULL;
}

static void try_text(Str text, bool policies)
{
    RuleContext context = rule_context_new();
    CompileOptions options = {.version = {"", 0}};
    const RuleFile *rules = read_text(text, policies, &context);
    RuleSet set;

    if (rules && rules_compile(rules, &options, &context, &set)) {
        Symbols symbols = ruleset_symbols(&set, NULL);
        judge(&set, &symbols);
    }
    diags_dump(&context.diags, &context.sources, context.arena);
    rule_context_free(&context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size ? size : 1);

    assert(copy);
    if (size)
        memcpy(copy, data, size);
    try_text((Str){copy, (uint32_t)size}, false);
    try_text((Str){copy, (uint32_t)size}, true);
    free(copy);
    return 0;
}
