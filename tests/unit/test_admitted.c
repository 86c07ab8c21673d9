/* ir/admitted: what the API server fills in before policies see an object. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ir/admitted.h"
#include "ir/kubernetes.h"
#include "rules/ruleset.h"
#include "rules/shipped.h"

typedef struct World {
    Arena *arena;
    Symbols symbols;
    ProviderDefaults defaults;
} World;

static int set_up(void **state)
{
    Arena *arena = arena_new((size_t)1 << 24);
    World *world = ARENA_NEW(arena, World);
    RuleSet *shipped = ARENA_NEW(arena, RuleSet);

    *shipped = ruleset_shipped();
    world->arena = arena;
    world->symbols = ruleset_symbols(shipped, NULL);
    world->defaults = ruleset_defaults(shipped, arena);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    arena_free(((World *)*state)->arena);
    return 0;
}

/* What lies at a path of the only object of a manifest, once it is admitted. */
static const char *at(World *world, const char *text, const char *path)
{
    Unit unit = unit_new(world->arena, &world->symbols, &world->defaults);
    const Node *node;
    Node *body = ARENA_NEW(world->arena, Node);

    assert_true(kubernetes_build(&unit, sources_add(&unit.sources, STR("a.yaml"), str_of(text))));
    assert_int_equal(unit.resource_count, 1);
    *body = admitted_body(&unit, &unit.resources[0]);
    node = node_path(body, path);
    return node ? str_copy_z(world->arena, node_dump(node, false, world->arena)) : "nothing";
}

#define HEAD(version, kind) "apiVersion: " version "\nkind: " kind "\nmetadata: {name: a}\n"

static void a_deployment_has_one_replica(void **state)
{
    World *world = *state;

    assert_string_equal(at(world, HEAD("apps/v1", "Deployment") "spec: {}\n", "spec.replicas"),
                        "1");
    assert_string_equal(
        at(world, HEAD("apps/v1", "Deployment") "spec: {replicas: 3}\n", "spec.replicas"), "3");
    assert_string_equal(
        at(world, HEAD("apps/v1", "Deployment") "spec: {replicas: null}\n", "spec.replicas"), "1");
}

static void what_is_null_is_not_there(void **state)
{
    assert_string_equal(
        at(*state, HEAD("v1", "ConfigMap") "data: null\nx: {y: [{z: null}]}\n", "data"), "nothing");
    assert_string_equal(at(*state, HEAD("v1", "ConfigMap") "x: {y: [{z: null}]}\n", "x"),
                        "{\"y\": [{}]}");
}

#define TEMPLATE(container)                                                                        \
    HEAD("apps/v1", "Deployment") "spec: {template: {spec: {containers: [{" container "}]}}}\n"
#define POD(container) HEAD("v1", "Pod") "spec: {containers: [{" container "}]}\n"

static void containers_are_completed(void **state)
{
    static const char path[] = "spec.template.spec.containers.0.";
    static const struct {
        const char *container, *key, *expected;
    } cases[] = {
        {"image: nginx", "imagePullPolicy", "\"Always\""},
        {"image: nginx:latest", "imagePullPolicy", "\"Always\""},
        {"image: \"a:5000/nginx\"", "imagePullPolicy", "\"Always\""},
        {"image: nginx:1", "imagePullPolicy", "\"IfNotPresent\""},
        {"image: nginx@sha256:ab", "imagePullPolicy", "\"IfNotPresent\""},
        {"name: a", "imagePullPolicy", "\"IfNotPresent\""},
        {"image: nginx, imagePullPolicy: Never", "imagePullPolicy", "\"Never\""},
        {"name: a", "resources", "{}"},
        {"ports: [{containerPort: 1}]", "ports.0.protocol", "\"TCP\""},
        {"resources: {limits: {cpu: 1, memory: 1.5}}", "resources.limits.cpu", "\"1\""},
        {"resources: {limits: {cpu: 1, memory: 1.5}}", "resources.limits.memory", "\"1.5\""},
        {"resources: {limits: {cpu: 1}}", "resources.requests", "nothing"},
    };
    World *world = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Str text = str_format(world->arena, TEMPLATE("%s"), cases[i].container);
        Str key = str_format(world->arena, "%s%s", path, cases[i].key);
        assert_string_equal(at(world, text.data, key.data), cases[i].expected);
    }
}

static void a_pod_requests_what_it_is_limited_to(void **state)
{
    assert_string_equal(
        at(*state, POD("resources: {limits: {cpu: 1}}"), "spec.containers.0.resources.requests"),
        "{\"cpu\": \"1\"}");
    assert_string_equal(at(*state,
                           POD("resources: {limits: {cpu: 1, memory: 1Gi}, requests: {cpu: 0.5}}"),
                           "spec.containers.0.resources.requests"),
                        "{\"cpu\": \"0.5\", \"memory\": \"1Gi\"}");
}

static void the_namespace_is_known_where_it_is_given(void **state)
{
    World *world = *state;

    assert_string_equal(at(world, HEAD("v1", "ConfigMap"), "metadata.namespace"),
                        "<unknown the namespace that it is applied to>");
    assert_string_equal(at(world, HEAD("v1", "Namespace"), "metadata.namespace"), "nothing");
    assert_string_equal(at(world, "{apiVersion: v1, kind: ConfigMap, metadata: {namespace: x}}",
                           "metadata.namespace"),
                        "\"x\"");
    assert_string_equal(at(world, "{apiVersion: v1, kind: ConfigMap}", "metadata"),
                        "{\"namespace\": <unknown the namespace that it is applied to>}");
}

static void ports_and_subjects_are_completed(void **state)
{
    assert_string_equal(
        at(*state, HEAD("v1", "Service") "spec: {ports: [{port: 80}]}\n", "spec.ports.0"),
        "{\"port\": 80, \"protocol\": \"TCP\", \"targetPort\": 80}");
    assert_string_equal(at(*state,
                           HEAD("rbac.authorization.k8s.io/v1",
                                "RoleBinding") "subjects: [{kind: User}, {kind: ServiceAccount}]\n",
                           "subjects"),
                        "[{\"kind\": \"User\", \"apiGroup\": \"rbac.authorization.k8s.io\"}, "
                        "{\"kind\": \"ServiceAccount\"}]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_deployment_has_one_replica, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_null_is_not_there, set_up, tear_down),
        cmocka_unit_test_setup_teardown(containers_are_completed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_pod_requests_what_it_is_limited_to, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_namespace_is_known_where_it_is_given, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(ports_and_subjects_are_completed, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
