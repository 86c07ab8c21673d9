/* ir/scope, ir/pod_makers, scan/facts: what a unit asks of the rest of its tree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/limits.h"
#include "ir/index.h"
#include "ir/kubernetes.h"
#include "ir/pod_makers.h"
#include "scan/facts.h"

static const Symbols no_symbols;

static Unit unit_of(const char *text, Arena *arena)
{
    Unit unit = unit_new(arena, &no_symbols, NULL);

    assert_true(kubernetes_build(&unit, sources_add(&unit.sources, STR("a.yaml"), str_of(text))));
    return unit;
}

static void add_fact(void *context, uint64_t fact)
{
    assert_true(facts_add(context, fact, 1));
}

/* Whether what `asked` asks is answered by a unit of that text. */
static bool answers(const char *text, const ScopeQuestions *asked)
{
    Arena *arena = arena_new(1 << 24);
    Unit unit = unit_of(text, arena);
    Facts facts = {0};
    bool found = false;

    scope_facts(&unit, add_fact, &facts);
    for (uint32_t i = 0; i < asked->count; i++)
        found |= facts_elsewhere(&facts, asked->items[i], 0);
    facts_free(&facts);
    arena_free(arena);
    return found;
}

static const char service[] =
    "apiVersion: v1\nkind: Service\nmetadata: {name: web, namespace: shop}\n"
    "spec: {selector: {app: web, tier: front}}\n";
static const char pod[] =
    "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: %s, labels: {app: "
    "web}}\nspec: {containers: [{name: a}]}\n";

static void a_type_a_name_and_a_namespace_are_asked_for_apart(void **state)
{
    ScopeQuestions type = {0}, name = {0}, other_name = {0}, here = {0}, elsewhere = {0}, any = {0};

    (void)state;
    scope_ask_type(&type, STR("Service"));
    scope_ask_name(&name, STR("Service"), STR("web"));
    scope_ask_name(&other_name, STR("Service"), STR("api"));
    scope_ask_namespace(&here, STR("Service"), STR("shop"));
    scope_ask_namespace(&elsewhere, STR("Service"), STR("other"));
    scope_ask_namespace(&any, STR("Service"), STR("default"));
    assert_true(answers(service, &type));
    assert_true(answers(service, &name));
    assert_false(answers(service, &other_name));
    assert_true(answers(service, &here));
    assert_false(answers(service, &elsewhere));
    assert_true(answers(service, &any));
}

static void pods_are_asked_for_by_the_first_label_that_a_selector_wants(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Unit unit = unit_of(service, arena);
    const Node *selector = node_path(&unit.resources[0].body, "spec.selector");
    ScopeQuestions labels = {0}, all = {0};
    char text[256];

    (void)state;
    scope_ask_pods(&labels, STR("shop"), selector);
    scope_ask_pods(&all, STR("shop"), NULL);
    snprintf(text, sizeof text, pod, "other");
    assert_true(answers(text, &labels));
    assert_true(answers(text, &all));
    assert_false(answers(service, &labels));
    assert_false(answers(service, &all));
    arena_free(arena);
}

static void what_an_operator_makes_may_be_any_pod_of_its_namespace(void **state)
{
    static const char database[] =
        "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: a, namespace: %s}\n";
    ScopeQuestions asked = {0};
    char text[256];

    (void)state;
    scope_ask_pods(&asked, STR("shop"), NULL);
    snprintf(text, sizeof text, database, "shop");
    assert_true(answers(text, &asked));
    snprintf(text, sizeof text, database, "default");
    assert_true(answers(text, &asked));
    snprintf(text, sizeof text, database, "other");
    assert_false(answers(text, &asked));
}

static void not_every_kind_of_others_starts_pods(void **state)
{
    static const struct {
        const char *text;
        const char *namespace; /* NULL: it is none */
    } cases[] = {
        {"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n", NULL},
        {"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\n", NULL},
        {"apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: a}\n", NULL},
        {"apiVersion: monitoring.coreos.com/v1\nkind: Prometheus\nmetadata: {name: a}\n",
         "default"},
        {"apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n"
         "spec: {destination: {namespace: shop}}\n",
         "shop"},
        {"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: a}\n", ""},
        {"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a}\n"
         "spec: {targetNamespace: shop}\n",
         "shop"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Arena *arena = arena_new(1 << 24);
        Unit unit = unit_of(cases[i].text, arena);
        Str namespace;
        bool maker = pod_maker(&unit.resources[0], &namespace);
        assert_int_equal(maker, cases[i].namespace != NULL);
        if (maker)
            assert_true(str_eq(namespace, str_of(cases[i].namespace)));
        arena_free(arena);
    }
}

static void an_answer_is_open_or_noted(void **state)
{
    Arena *arena = arena_new(1 << 24);
    Unit unit = unit_of(service, arena);

    (void)state;
    assert_true(unit_resources(&unit, STR("Ingress")).incomplete);
    assert_true(unit.scope.met);
    unit.scope = (ScopeQuestions){.supposing = true};
    assert_false(unit_resources(&unit, STR("Ingress")).incomplete);
    assert_false(unit_resources(&unit, STR("Ingress")).incomplete);
    assert_int_equal(unit.scope.count, 1);
    for (uint32_t i = 0; i <= SCOPE_QUESTIONS; i++) {
        char type[16];
        snprintf(type, sizeof type, "Kind%u", i);
        unit_resources(&unit, str_of(type));
    }
    assert_int_equal(unit.scope.count, SCOPE_QUESTIONS);
    assert_true(unit.scope.too_many);
    unit.scope = (ScopeQuestions){0};
    unit.closed = true;
    assert_false(unit_resources(&unit, STR("Ingress")).incomplete);
    assert_false(unit.scope.met);
    arena_free(arena);
}

static void a_fact_of_a_unit_is_elsewhere_for_the_others(void **state)
{
    Facts facts = {0};

    (void)state;
    assert_false(facts_elsewhere(&facts, 7, 0));
    assert_true(facts_add(&facts, 7, 0));
    assert_true(facts_add(&facts, 7, 0));
    assert_true(facts_add(&facts, 0, 0));
    assert_false(facts_elsewhere(&facts, 7, 0));
    assert_true(facts_elsewhere(&facts, 7, 1));
    assert_true(facts_elsewhere(&facts, 0, 1));
    assert_true(facts_add(&facts, 7, 1));
    assert_true(facts_elsewhere(&facts, 7, 0));
    facts_free(&facts);
}

static void there_are_only_so_many_facts(void **state)
{
    Facts facts = {0};

    (void)state;
    for (uint64_t i = 1; i <= LIMIT_SCOPE_FACTS; i++)
        assert_true(facts_add(&facts, i << 32, 0));
    assert_false(facts_add(&facts, 1, 0));
    facts_free(&facts);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_type_a_name_and_a_namespace_are_asked_for_apart),
        cmocka_unit_test(pods_are_asked_for_by_the_first_label_that_a_selector_wants),
        cmocka_unit_test(what_an_operator_makes_may_be_any_pod_of_its_namespace),
        cmocka_unit_test(not_every_kind_of_others_starts_pods),
        cmocka_unit_test(an_answer_is_open_or_noted),
        cmocka_unit_test(a_fact_of_a_unit_is_elsewhere_for_the_others),
        cmocka_unit_test(there_are_only_so_many_facts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
