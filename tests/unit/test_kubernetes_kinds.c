/* ir/kubernetes_kinds: plurals, groups and scopes of kinds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/kubernetes.h"
#include "ir/kubernetes_kinds.h"

static void a_plural_is_known_by_its_kind(void **state)
{
    static const struct {
        const char *resource, *kind;
        bool expected;
    } cases[] = {
        {"pods", "Pod", true},
        {"ingresses", "Ingress", true},
        {"networkpolicies", "NetworkPolicy", true},
        {"gateways", "Gateway", true},
        {"endpoints", "Endpoints", true},
        {"deployments", "DaemonSet", false},
        {"s", "", true},
        {"", "Pod", false},
        {"ies", "y", true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(kubernetes_is_plural(str_of(cases[i].resource), str_of(cases[i].kind)),
                         cases[i].expected);
}

static void a_plural_is_made_of_its_kind(void **state)
{
    static const char *const cases[][2] = {
        {"Pod", "pods"},         {"Ingress", "ingresses"},   {"NetworkPolicy", "networkpolicies"},
        {"Gateway", "gateways"}, {"Endpoints", "endpoints"}, {"", "es"},
    };
    Arena *arena = arena_new(1 << 16);

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str plural = kubernetes_plural(str_of(cases[i][0]), arena);
        assert_string_equal(str_copy_z(arena, plural), cases[i][1]);
    }
    arena_free(arena);
}

static void an_api_version_has_a_group_and_a_version(void **state)
{
    (void)state;
    assert_true(str_eq(kubernetes_group(STR("apps/v1")), STR("apps")));
    assert_true(str_eq(kubernetes_version(STR("apps/v1")), STR("v1")));
    assert_true(str_eq(kubernetes_group(STR("v1")), STR("")));
    assert_true(str_eq(kubernetes_version(STR("v1")), STR("v1")));
}

static void a_namesake_is_no_kind_of_kubernetes(void **state)
{
    static const struct {
        const char *api_version, *kind;
        bool expected;
    } cases[] = {
        {"v1", "Service", false},
        {"", "Role", false},
        {"networking.k8s.io/v1", "Ingress", false},
        {"extensions/v1beta1", "Ingress", false},
        {"app/v1", "Deployment", false},
        {"authorization.openshift.io/v1", "Role", false},
        {"serving.knative.dev/v1", "Service", true},
        {"projectcalico.org/v3", "NetworkPolicy", true},
        {"config.openshift.io/v1", "Ingress", true},
        {"servicebus.azure.upbound.io/v1beta1", "Namespace", true},
        {"cluster.x-k8s.io/v1beta1", "Node", true},
        {"networking.istio.io/v1", "Gateway", false},
        {"argoproj.io/v1alpha1", "Rollout", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(
            kubernetes_is_namesake(str_of(cases[i].api_version), str_of(cases[i].kind)),
            cases[i].expected);
}

static void a_kind_lies_in_namespaces_or_not(void **state)
{
    static const char text[] =
        "{apiVersion: v1, kind: Pod}\n---\n{apiVersion: v1, kind: Namespace}\n---\n"
        "{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole}\n---\n"
        "{apiVersion: a.example/v1, kind: Far}\n---\n{apiVersion: a.example/v1, kind: Near}\n---\n"
        "{apiVersion: b.example/v1, kind: Far}\n---\n"
        "{apiVersion: b.example/v1, kind: Far, metadata: {namespace: a}}\n---\n"
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition,\n"
        " spec: {group: a.example, scope: Cluster, names: {kind: Far}}}\n---\n"
        "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition,\n"
        " spec: {group: a.example, scope: Namespaced, names: {kind: Near}}}\n";
    static const KubernetesScope expected[] = {
        SCOPE_NAMESPACED, SCOPE_CLUSTER,    SCOPE_CLUSTER, SCOPE_CLUSTER, SCOPE_NAMESPACED,
        SCOPE_UNKNOWN,    SCOPE_NAMESPACED, SCOPE_CLUSTER, SCOPE_CLUSTER,
    };
    static const Symbols none;
    Unit unit = unit_new(arena_new(1 << 22), &none, NULL);

    (void)state;
    assert_true(kubernetes_build(
        &unit, sources_add(&unit.sources, STR("a.yaml"), (Str){text, sizeof text - 1})));
    assert_int_equal(unit.resource_count, sizeof expected / sizeof *expected);
    for (uint32_t i = 0; i < unit.resource_count; i++)
        assert_int_equal(kubernetes_scope(&unit, &unit.resources[i]), expected[i]);
    arena_free(unit.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plural_is_known_by_its_kind),
        cmocka_unit_test(a_plural_is_made_of_its_kind),
        cmocka_unit_test(an_api_version_has_a_group_and_a_version),
        cmocka_unit_test(a_namesake_is_no_kind_of_kubernetes),
        cmocka_unit_test(a_kind_lies_in_namespaces_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
