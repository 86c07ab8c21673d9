/* ir/shape*: faults of Kubernetes objects against the shipped table and definitions in the input.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/kubernetes.h"
#include "ir/shape_faults.h"
#include "rules/shipped.h"

#define LATEST UINT32_MAX

typedef struct Fixture {
    RuleSet set;
    Symbols symbols;
    Unit unit;
} Fixture;

static void begin(Fixture *f, Str text, size_t limit)
{
    Source *source;

    f->set = ruleset_shipped();
    f->symbols = ruleset_symbols(&f->set, NULL);
    f->unit = unit_new(arena_new(limit), &f->symbols, NULL);
    source = sources_add(&f->unit.sources, STR("a.yaml"), text);
    if (source)
        kubernetes_build(&f->unit, source);
}

static void end(Fixture *f)
{
    arena_free(f->unit.arena);
}

static void add_faults(Fixture *f, Buf *buf, const Resource *resource, uint32_t minor)
{
    static const char *const kinds[] = {"unknown", "later", "form", "value", "missing"};
    Faults faults = shape_faults(&f->set.objects, &f->unit, resource, minor, f->unit.arena);

    for (uint32_t i = 0; i < faults.count; i++) {
        const Fault *fault = &faults.items[i];
        buf_printf(buf, "%s %.*s/%.*s", kinds[fault->kind], STR_ARG(fault->holder),
                   STR_ARG(fault->field));
        if (fault->wanted.size)
            buf_printf(buf, " (%.*s)", STR_ARG(fault->wanted));
        buf_printf(buf, "%.*s\n", STR_ARG(fault->hint));
    }
}

/* The faults of all objects of a text, one a line. */
static void assert_faults_at(const char *text, uint32_t minor, const char *expected)
{
    Fixture f;
    Buf buf;

    begin(&f, str_of(text), (size_t)1 << 24);
    buf = buf_new(f.unit.arena);
    for (uint32_t i = 0; i < f.unit.resource_count; i++)
        add_faults(&f, &buf, &f.unit.resources[i], minor);
    assert_string_equal(str_copy_z(f.unit.arena, buf_str(&buf)), expected);
    end(&f);
}

static void assert_faults(const char *text, const char *expected)
{
    assert_faults_at(text, LATEST, expected);
}

#define POD "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n"
#define DEPLOYMENT "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a}\n"

static void a_slip_gets_the_name_that_was_meant(void **state)
{
    (void)state;
    assert_faults(POD "spec: {containers: [{name: a, livenesProbe: {}, Image: b}]}\n",
                  "unknown spec.containers[0]/livenesProbe: did you mean `livenessProbe`?\n"
                  "unknown spec.containers[0]/Image: did you mean `image`?\n");
    assert_faults(POD "spec: {containers: [{name: a, xyzzy: 1}]}\n",
                  "unknown spec.containers[0]/xyzzy\n");
}

static void a_field_on_the_wrong_level_gets_its_place(void **state)
{
    (void)state;
    assert_faults(DEPLOYMENT "replicas: 1\n", "unknown /replicas: it belongs under `spec`\n");
    assert_faults(POD "spec: {containers: [{name: a, hostNetwork: true}]}\n",
                  "unknown spec.containers[0]/hostNetwork: it belongs under `spec`\n");
    assert_faults(POD "spec: {containers: [{name: a}], data: {}, metadata: {}}\n",
                  "unknown spec/data\n"
                  "unknown spec/metadata: it belongs to the object itself\n");
    assert_faults(POD "spec: {containers: [{name: a}], securityContext: {privileged: true}}\n",
                  "unknown spec.securityContext/privileged: it belongs under "
                  "`spec.containers[].securityContext`\n");
    assert_faults(
        "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nspec: {podSelector: "
        "{app: a}}\n",
        "unknown spec.podSelector/app: it belongs under `spec.podSelector.matchLabels`\n");
}

static void a_field_of_another_version_names_it(void **state)
{
    (void)state;
    assert_faults("apiVersion: autoscaling/v1\nkind: HorizontalPodAutoscaler\nspec: {maxReplicas: "
                  "1, scaleTargetRef: {kind: a, name: b}, metrics: []}\n",
                  "unknown spec/metrics: autoscaling/v2 has it\n");
}

static void a_later_field_is_told_for_an_older_cluster(void **state)
{
    static const char text[] = POD "spec: {containers: [{name: a}], hostUsers: false}\n";

    (void)state;
    assert_faults_at(text, 24, "later spec/hostUsers (v1.25)\n");
    assert_faults_at(text, 25, "");
}

static void a_value_of_another_form_is_told(void **state)
{
    (void)state;
    assert_faults(DEPLOYMENT "spec: {replicas: \"3\", selector: {}, template: {spec: {containers: "
                             "{name: a}}}}\n",
                  "form spec/replicas (an integer)\n"
                  "form spec.template.spec/containers (a list): put a hyphen before it\n");
    assert_faults("apiVersion: v1\nkind: ConfigMap\ndata: {a: 1, b: yes, c: x, d: null}\n",
                  "form data/a (a string): put it in quotes\n"
                  "form data/b (a string): put it in quotes\n");
    assert_faults(POD "spec: {containers: [{name: a, args: [1, b], ports: [80]}]}\n",
                  "form spec.containers[0].args/[0] (a string): put it in quotes\n"
                  "form spec.containers[0].ports/[0] (a map)\n");
}

static void values_of_either_form_are_left_alone(void **state)
{
    (void)state;
    assert_faults(POD "spec:\n"
                      "  terminationGracePeriodSeconds: 3.0\n"
                      "  containers:\n"
                      "    - name: a\n"
                      "      resources: {limits: {cpu: 1, memory: 1Gi}}\n"
                      "      livenessProbe: {httpGet: {port: http}}\n"
                      "      readinessProbe: {httpGet: {port: 80}}\n",
                  "");
}

static void what_is_filled_in_later_is_left_alone(void **state)
{
    (void)state;
    assert_faults(DEPLOYMENT
                  "spec: {replicas: \"${REPLICAS}\", selector: {}, template: \"{{ t }}\", "
                  "$patch: merge}\n",
                  "");
    assert_faults(DEPLOYMENT "spec: {replicas: {{ n }}, selector: {}, template: {}}\n", "");
    assert_faults("apiVersion: v1\nkind: Secret\nsops: {}\nextra: 1\ndata: {a: 1}\n", "");
}

static void kinds_that_nobody_knows_are_left_alone(void **state)
{
    (void)state;
    assert_faults("apiVersion: v1\nkind: Widget\nspec: {a: 1}\nother: 2\n", "");
    assert_faults("apiVersion: apps/v9\nkind: Deployment\nother: 2\n", "");
    assert_faults("apiVersion: v1\nkind: Pod\nstatus: {anything: 1}\nspec: {containers: []}\n", "");
}

static void a_missing_field_is_told(void **state)
{
    (void)state;
    assert_faults(POD "spec: {containers: [{image: a}]}\n", "missing spec.containers[0]/name\n");
}

/* A definition with one version whose schema has these properties. */
#define DEFINITION(more, properties)                                                               \
    "apiVersion: apiextensions.k8s.io/v1\n"                                                        \
    "kind: CustomResourceDefinition\n"                                                             \
    "metadata: {name: lamps.example.com}\n"                                                        \
    "spec:\n"                                                                                      \
    "  group: example.com\n"                                                                       \
    "  names: {kind: Lamp, plural: lamps}\n"                                                       \
    "  scope: Namespaced\n" more "  versions:\n"                                                   \
    "    - name: v1\n"                                                                             \
    "      served: true\n"                                                                         \
    "      storage: true\n"                                                                        \
    "      schema: {openAPIV3Schema: {type: object, properties: {" properties "}}}\n"              \
    "---\n"
#define LAMP "apiVersion: example.com/v1\nkind: Lamp\nmetadata: {name: a}\n"

static void a_definition_in_the_input_says_what_its_kind_has(void **state)
{
    (void)state;
    assert_faults(DEFINITION("",
                             "spec: {type: object, required: [lit], properties: {lit: {type: "
                             "boolean}, colour: {type: string, enum: [red, green]}, any: {type: "
                             "object, x-kubernetes-preserve-unknown-fields: true}, port: "
                             "{x-kubernetes-int-or-string: true}}}") LAMP
                  "status: {a: 1}\n"
                  "spec: {color: red, any: {a: 1}, colour: blue, port: 80}\n",
                  "unknown spec/color: did you mean `colour`?\n"
                  "value spec/colour\n"
                  "missing spec/lit\n");
}

static void metadata_of_a_custom_resource_is_known(void **state)
{
    (void)state;
    assert_faults(DEFINITION("", "spec: {type: object}") "apiVersion: example.com/v1\nkind: Lamp\n"
                                                         "metadata: {name: a, label: {}}\n"
                                                         "spec: {a: 1}\n",
                  "unknown metadata/label: did you mean `labels`?\n");
}

static void an_open_definition_tells_nothing(void **state)
{
    (void)state;
    assert_faults(DEFINITION("  preserveUnknownFields: true\n", "spec: {type: object, properties: "
                                                                "{}}") LAMP "spec: {a: 1}\n",
                  "");
    assert_faults(DEFINITION("", "") "apiVersion: example.com/v2\nkind: Lamp\nspec: {a: 1}\n", "");
    assert_faults(DEFINITION("", "") "apiVersion: other.com/v1\nkind: Lamp\nspec: {a: 1}\n", "");
}

static void an_embedded_object_has_what_all_objects_have(void **state)
{
    (void)state;
    assert_faults(DEFINITION("", "inner: {type: object, x-kubernetes-embedded-resource: true, "
                                 "properties: {a: {type: string}}}") LAMP
                  "inner: {apiVersion: v1, kind: B, metadata: {name: c}, a: x, other: y}\n",
                  "unknown inner/other\n");
}

static void the_faults_of_an_object_are_limited(void **state)
{
    Fixture f;
    Faults faults;
    Buf text = buf_new(arena_new((size_t)1 << 20));

    (void)state;
    buf_add_z(&text, "apiVersion: v1\nkind: ConfigMap\n");
    for (uint32_t i = 0; i < 2 * LIMIT_FAULTS; i++)
        buf_printf(&text, "a%u: 1\n", i);
    begin(&f, buf_str(&text), (size_t)1 << 24);
    faults = shape_faults(&f.set.objects, &f.unit, &f.unit.resources[0], LATEST, f.unit.arena);
    assert_int_equal(faults.count, LIMIT_FAULTS);
    end(&f);
    arena_free(text.arena);
}

/* Any limit of memory is survived. */
static void little_memory_is_survived(void **state)
{
    static const char text[] = DEFINITION("", "spec: {type: object, properties: {a: {type: "
                                              "string}}}") LAMP "spec: {b: 1, a: 2}\nx: 1\n";

    (void)state;
    for (size_t limit = 256; limit < 200000; limit += 256 + limit / 16) {
        Fixture f;
        begin(&f, str_of(text), limit);
        for (uint32_t i = 0; i < f.unit.resource_count; i++)
            shape_faults(&f.set.objects, &f.unit, &f.unit.resources[i], 20, f.unit.arena);
        end(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_slip_gets_the_name_that_was_meant),
        cmocka_unit_test(a_field_on_the_wrong_level_gets_its_place),
        cmocka_unit_test(a_field_of_another_version_names_it),
        cmocka_unit_test(a_later_field_is_told_for_an_older_cluster),
        cmocka_unit_test(a_value_of_another_form_is_told),
        cmocka_unit_test(values_of_either_form_are_left_alone),
        cmocka_unit_test(what_is_filled_in_later_is_left_alone),
        cmocka_unit_test(kinds_that_nobody_knows_are_left_alone),
        cmocka_unit_test(a_missing_field_is_told),
        cmocka_unit_test(a_definition_in_the_input_says_what_its_kind_has),
        cmocka_unit_test(metadata_of_a_custom_resource_is_known),
        cmocka_unit_test(an_open_definition_tells_nothing),
        cmocka_unit_test(an_embedded_object_has_what_all_objects_have),
        cmocka_unit_test(the_faults_of_an_object_are_limited),
        cmocka_unit_test(little_memory_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
