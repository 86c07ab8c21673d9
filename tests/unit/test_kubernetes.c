/* Manifests to resources, the pod view, label selectors. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ir/index.h"
#include "ir/kubernetes.h"
#include "ir/selector.h"
#include "ir/workload.h"
#include "ir/yaml_schema.h"
#include "syntax/json.h"
#include "syntax/yaml.h"
#include "unit_text.h"

static const Symbols no_symbols;

typedef struct Fixture {
    Unit unit;
    bool good;
} Fixture;

static Fixture build_limited(const char *path, Str text, size_t limit)
{
    Fixture f = {.unit = unit_new(arena_new(limit), &no_symbols, NULL)};
    Source *source;

    /* A unit that moved keeps its sources' arena. */
    source = sources_add(&f.unit.sources, str_of(path), text);
    f.good = source && kubernetes_build(&f.unit, source);
    return f;
}

static Fixture build(const char *path, const char *text)
{
    return build_limited(path, str_of(text), 1 << 22);
}

static void end(Fixture *f)
{
    arena_free(f->unit.arena);
}

static void objects_have_addresses(void **state)
{
    static const struct {
        const char *path;
        const char *text;
        const char *addresses;
    } cases[] = {
        {"a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", "Pod/default/a"},
        {"a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: n}\n", "Pod/n/a"},
        {"a.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n", "Pod/default/a-"},
        {"a.yaml", "apiVersion: v1\nkind: Pod\n", "Pod/default/"},
        {"a.yaml",
         "apiVersion: x/v1\nkind: ClusterRole\nmetadata: {name: a}\n---\n---\njust: text"
         "\n---\n- 1\n---\napiVersion: y/v1\nkind: Own\nmetadata: {name: 007}\n",
         "ClusterRole/default/a Own/default/007"},
        {"a.yaml",
         "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Pod}\n"
         "- apiVersion: v1\n  kind: RoleList\n  items: [{metadata: {name: r}}]\n",
         "Pod/default/ Role/default/r"},
        {"a.json", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"metadata\": {\"name\": \"j\"}}",
         "Pod/default/j"},
        {"-", "{\"apiVersion\": \"v1\", \"kind\": \"Pod\"}", "Pod/default/"},
        {"-", "{apiVersion: v1, kind: Pod}", "Pod/default/"},
        {"a.yaml",
         "\xff\xfe"
         "",
         ""},
        {"a.yaml",
         "\xef\xbb\xbf"
         "apiVersion: v1\r\nkind: Pod\r\n",
         "Pod/default/"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f = build(cases[i].path, cases[i].text);
        assert_true(f.good);
        assert_string_equal(unit_addresses(&f.unit), cases[i].addresses);
        end(&f);
    }
}

static void impossible_shapes_are_warnings(void **state)
{
    static const struct {
        const char *text;
        const char *diags;
    } cases[] = {
        {"{apiVersion: v1, kind: Pod, metadata: x}",
         "a.yaml:1:39: warning[kubernetes-shape]: metadata is not a map\n"},
        {"{apiVersion: v1, kind: Pod, metadata: {name: 1, labels: [a]}}",
         "a.yaml:1:57: warning[kubernetes-shape]: labels is not a map\n"
         "a.yaml:1:46: warning[kubernetes-shape]: metadata.name is not a string\n"},
        {"{apiVersion: v1, kind: Pod, spec: {containers: [1]}}",
         "a.yaml:1:49: warning[kubernetes-shape]: a container is a map\n"},
        {"{apiVersion: v1, kind: Pod, spec: {containers: 1}}",
         "a.yaml:1:48: warning[kubernetes-shape]: containers are a list\n"},
        {"{apiVersion: v1, kind: List, items: 1}",
         "a.yaml:1:37: warning[kubernetes-shape]: items is not a list\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f = build("a.yaml", cases[i].text);
        assert_true(f.good);
        assert_string_equal(unit_diags(&f.unit), cases[i].diags);
        end(&f);
    }
}

static void a_stream_keeps_templates_documents_and_headers(void **state)
{
    Fixture f = build("-", "---\n# Source: c/templates/a.yaml\nmetadata: {}\nkind: Pod\n"
                           "apiVersion: v1\n---\n# Source: c/templates/b.yaml\n---\n]\n---\n"
                           "apiVersion: v1\nkind: Pod\n");
    const Resource *resources = f.unit.resources;

    (void)state;
    assert_false(f.good);
    assert_int_equal(f.unit.resource_count, 2);
    assert_int_equal(f.unit.documents, 2);
    assert_true(str_eq(resources[0].template, STR("c/templates/a.yaml")));
    assert_int_equal(resources[0].document, 0);
    assert_int_equal(resources[0].header.start, 46);
    assert_int_equal(resources[0].header.end, 55);
    assert_int_equal(resources[1].template.size, 0);
    assert_int_equal(resources[1].document, 2);
    end(&f);
}

static void values_of_a_secret_are_sensitive(void **state)
{
    Fixture f = build("-", "apiVersion: v1\nkind: Secret\nmetadata: {name: s, annotations: {a: b}}"
                           "\ndata: {k: dg==}\nstringData: {l: w}\ntype: Opaque\n");
    const Node *body = &f.unit.resources[0].body;

    (void)state;
    assert_true(node_path(body, "data.k")->flags & NODE_SENSITIVE);
    assert_true(node_path(body, "stringData.l")->flags & NODE_SENSITIVE);
    assert_true(node_path(body, "metadata.annotations.a")->flags & NODE_SENSITIVE);
    assert_false(node_path(body, "type")->flags & NODE_SENSITIVE);
    end(&f);
}

/* The kind and the images of the view, "kind main / init / ephemeral", and its labels. */
static const char *view_of(Arena *arena, const Node *pod)
{
    static const char *const lists[] = {"main", "init", "ephemeral"};
    Buf buf = buf_new(arena);
    const Node *labels = node_path(pod, "labels");

    if (!pod)
        return "none";
    buf_add(&buf, node_string(node_path(pod, "kind")));
    for (size_t i = 0; i < 3; i++) {
        const Node *list = node_path(pod, lists[i]);
        if (i)
            buf_add_z(&buf, " /");
        for (uint32_t j = 0; j < list->count; j++)
            buf_printf(&buf, " %.*s", STR_ARG(node_string(node_path(&list->as.items[j], "image"))));
    }
    if (labels)
        buf_add(&buf, node_dump(labels, false, arena));
    return str_copy_z(arena, buf_str(&buf));
}

static void every_kind_that_runs_pods_has_a_view(void **state)
{
#define TEMPLATE "template: {metadata: {labels: {a: b}}, spec: {containers: [{image: x}]}}"
    static const struct {
        const char *text;
        const char *view;
    } cases[] = {
        {"{apiVersion: v1, kind: Pod, metadata: {labels: {l: m}}, spec: {containers: [{image: x}], "
         "initContainers: [{image: i}], ephemeralContainers: [{image: z}]}}",
         "Pod x / i / z{\"l\": \"m\"}"},
        {"{apiVersion: apps/v1, kind: Deployment, spec: {" TEMPLATE "}}",
         "Deployment x / /{\"a\": \"b\"}"},
        {"{apiVersion: v1, kind: PodTemplate, " TEMPLATE "}", "PodTemplate x / /{\"a\": \"b\"}"},
        {"{apiVersion: batch/v1, kind: CronJob, spec: {jobTemplate: {spec: {" TEMPLATE "}}}}",
         "CronJob x / /{\"a\": \"b\"}"},
        {"{apiVersion: serving.knative.dev/v1, kind: Service, spec: {" TEMPLATE "}}",
         "Service x / /{\"a\": \"b\"}"},
        {"{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {" TEMPLATE "}}",
         "Rollout x / /{\"a\": \"b\"}"},
        {"{apiVersion: example.com/v1, kind: Own, spec: {" TEMPLATE "}}",
         "Own x / /{\"a\": \"b\"}"},
        {"{apiVersion: argoproj.io/v1alpha1, kind: Workflow, spec: {templates: [{container: "
         "{image: a}}, {script: {image: b}, sidecars: [{image: c}]}, {containerSet: {containers: "
         "[{image: d}]}, initContainers: [{image: i}]}, {steps: []}]}}",
         "Workflow a b c d / i /"},
        {"{apiVersion: argoproj.io/v1alpha1, kind: CronWorkflow, spec: {workflowSpec: {templates: "
         "[{container: {image: a}}]}}}",
         "CronWorkflow a / /"},
        {"{apiVersion: v1, kind: Service, spec: {ports: []}}", "none"},
        {"{apiVersion: v1, kind: Pod}", "none"},
        {"{apiVersion: v1, kind: Pod, spec: {}}", "Pod / /"},
        {"{apiVersion: apps/v1, kind: Deployment, spec: {template: 3}}", "none"},
        {"{apiVersion: apps/v1, kind: Deployment, spec: {template: {}}}", "none"},
        {"{apiVersion: apps/v1, kind: Deployment, spec: {template: {metadata: {labels: {a: b}}}}}",
         "Deployment / /{\"a\": \"b\"}"},
    };
#undef TEMPLATE

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f = build("a.yaml", cases[i].text);
        assert_int_equal(f.unit.resource_count, 1);
        assert_string_equal(view_of(f.unit.arena, f.unit.resources[0].pod), cases[i].view);
        end(&f);
    }
}

static void what_is_absent_lies_at_the_spec(void **state)
{
    const char *text = "apiVersion: v1\nkind: Pod\nspec:\n  hostPID: true\n";
    Fixture f = build("a.yaml", text);
    const Node *pod = f.unit.resources[0].pod;
    const Entry *spec = node_entry_named(pod, STR("spec"));
    const Entry *containers = node_entry_named(pod, STR("containers"));

    (void)state;
    assert_int_equal(spec->key_start, 25);
    assert_int_equal(containers->key_start, 33);
    assert_int_equal(containers->value.start, 33);
    assert_int_equal(containers->value.count, 0);
    end(&f);
}

/* A resource of the provider with this body, and its view as text. */
static const char *provider_view(Fixture *f, const char *type, const char *body)
{
    Resource resource = {.type_name = str_of(type)};
    Source *source;
    const Node *pod;

    f->unit = unit_new(arena_new(1 << 22), &no_symbols, NULL);
    f->unit.sources.arena = f->unit.diags.arena = f->unit.arena;
    source = sources_add(&f->unit.sources, STR("plan.json"), str_of(body));
    assert_true(json_read(source, &no_symbols, f->unit.arena, &f->unit.diags, &resource.body));
    resource.header = node_span(&resource.body);
    pod = workload_from_provider(&f->unit, &resource);
    if (!pod)
        return "none";
    return str_copy_z(f->unit.arena,
                      node_dump(node_get_named(pod, STR("spec")), false, f->unit.arena));
}

static void the_providers_resources_have_the_same_view(void **state)
{
    static const struct {
        const char *type;
        const char *body;
        const char *spec;
    } cases[] = {
        {"kubernetes_pod_v1",
         "{\"spec\": [{\"host_pid\": true, \"host_ipc\": null, \"init_container\": [], "
         "\"container\": [{\"image\": \"x\", \"port\": [{\"container_port\": 80}], "
         "\"security_context\": [{\"run_as_user\": \"0\", \"fs_group\": \"\", "
         "\"capabilities\": [{\"add\": [\"ALL\"]}]}], "
         "\"resources\": [{\"limits\": {\"my_gpu\": \"1\"}}], "
         "\"liveness_probe\": [{\"http_get\": [{\"port\": \"80\"}], \"tcp_socket\": []}], "
         "\"env\": [{\"name\": \"A\", \"value_from\": [{\"secret_key_ref\": "
         "[{\"name\": \"s\", \"key\": \"k\"}]}]}]}]}]}",
         "{\"hostPID\": true, \"containers\": [{\"image\": \"x\", \"ports\": "
         "[{\"containerPort\": 80}], \"securityContext\": {\"runAsUser\": 0, \"capabilities\": "
         "{\"add\": [\"ALL\"]}}, \"resources\": {\"limits\": {\"my_gpu\": \"1\"}}, "
         "\"livenessProbe\": {\"httpGet\": {\"port\": 80}}, \"env\": [{\"name\": \"A\", "
         "\"valueFrom\": {\"secretKeyRef\": {\"name\": \"s\", \"key\": \"k\"}}}]}]}"},
        {"kubernetes_cron_job",
         "{\"spec\": [{\"job_template\": [{\"spec\": [{\"template\": [{\"spec\": "
         "[{\"restart_policy\": \"Never\", \"volume\": [{\"host_path\": [{\"path\": \"/\"}]}]}]"
         "}]}]}]}]}",
         "{\"restartPolicy\": \"Never\", \"volumes\": [{\"hostPath\": {\"path\": \"/\"}}]}"},
        {"kubernetes_deployment",
         "{\"spec\": [{\"template\": [{\"spec\": [{\"affinity\": [{\"node_affinity\": "
         "[{\"required_during_scheduling_ignored_during_execution\": [{\"node_selector_term\": "
         "[{\"match_expressions\": [{\"key\": \"k\"}]}]}]}], \"pod_anti_affinity\": "
         "[{\"required_during_scheduling_ignored_during_execution\": [{\"topology_key\": \"h\"}]}]"
         "}]}]}]}]}",
         "{\"affinity\": {\"nodeAffinity\": {\"requiredDuringSchedulingIgnoredDuringExecution\": "
         "{\"nodeSelectorTerms\": [{\"matchExpressions\": [{\"key\": \"k\"}]}]}}, "
         "\"podAntiAffinity\": {\"requiredDuringSchedulingIgnoredDuringExecution\": "
         "[{\"topologyKey\": \"h\"}]}}}"},
        {"kubernetes_manifest",
         "{\"manifest\": {\"apiVersion\": \"v1\", \"kind\": \"Pod\", \"spec\": {\"hostPID\": "
         "true}}}",
         "{\"hostPID\": true}"},
        {"kubernetes_service_v1", "{\"spec\": [{}]}", "none"},
        {"kubernetes_pod", "{\"spec\": 3}", "none"},
        {"kubernetes_job_v1", "{}", "none"},
    };
    Fixture f = {0};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_string_equal(provider_view(&f, cases[i].type, cases[i].body), cases[i].spec);
        end(&f);
    }
}

static Node read_node(Unit *unit, const char *text)
{
    Source *source = sources_add(&unit->sources, STR("in"), str_of(text));
    YamlDocument *documents;
    uint32_t count;

    assert_true(yaml_read(source, &no_symbols, unit->arena, &unit->diags, &documents, &count));
    assert_true(
        yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &documents[0].root, unit->arena, &unit->diags));
    return documents[0].root;
}

static void selectors_select_as_kubernetes_does(void **state)
{
    static const struct {
        const char *selector;
        const char *labels;
        SelectorMatch match;
    } cases[] = {
        {"null", "{a: b}", SELECTOR_NO},
        {"{}", "{a: b}", SELECTOR_YES},
        {"{}", "null", SELECTOR_YES},
        {"{a: b}", "{a: b, c: d}", SELECTOR_YES},
        {"{a: b}", "{a: c}", SELECTOR_NO},
        {"{a: b, c: d}", "{a: b}", SELECTOR_NO},
        {"{a: b}", "null", SELECTOR_NO},
        {"{matchLabels: {a: b}}", "{a: b}", SELECTOR_YES},
        {"{matchLabels: b}", "{matchLabels: b}", SELECTOR_YES},
        {"{matchExpressions: [{key: a, operator: In, values: [x, b]}]}", "{a: b}", SELECTOR_YES},
        {"{matchExpressions: [{key: a, operator: In, values: [x]}]}", "{a: b}", SELECTOR_NO},
        {"{matchExpressions: [{key: a, operator: NotIn, values: [x]}]}", "{a: b}", SELECTOR_YES},
        {"{matchExpressions: [{key: a, operator: NotIn, values: [x]}]}", "{}", SELECTOR_YES},
        {"{matchExpressions: [{key: a, operator: Exists}]}", "{a: b}", SELECTOR_YES},
        {"{matchExpressions: [{key: a, operator: DoesNotExist}]}", "{a: b}", SELECTOR_NO},
        {"{matchExpressions: [{key: a, operator: DoesNotExist}]}", "{}", SELECTOR_YES},
        {"{matchExpressions: [{key: a, operator: Near}]}", "{a: b}", SELECTOR_NO},
        {"{matchLabels: {a: b}, matchExpressions: [{key: c, operator: Exists}]}", "{a: b}",
         SELECTOR_NO},
        {"text", "{a: b}", SELECTOR_NO},
        {"[a]", "{a: b}", SELECTOR_NO},
    };
    Unit unit = unit_new(arena_new(1 << 20), &no_symbols, NULL);
    Str cause;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Node selector = read_node(&unit, cases[i].selector);
        Node labels = read_node(&unit, cases[i].labels);
        assert_int_equal(selector_match(&selector, &labels, &cause), cases[i].match);
    }
    assert_int_equal(selector_match(NULL, NULL, &cause), SELECTOR_NO);
    arena_free(unit.arena);
}

static void an_unknown_label_leaves_a_selection_open(void **state)
{
    Unit unit = unit_new(arena_new(1 << 20), &no_symbols, NULL);
    const Unknown *unknown = unknown_new(unit.arena, STR("var.x"));
    Node selector = read_node(&unit, "{a: b, c: d}");
    Node labels = read_node(&unit, "{a: b, c: d}");
    Str cause;

    (void)state;
    labels.as.entries[1].value = node_make_unknown(SPAN_NONE, unknown);
    assert_int_equal(selector_match(&selector, &labels, &cause), SELECTOR_UNKNOWN);
    assert_true(str_eq(cause, STR("var.x")));
    labels.as.entries[0].value = node_make_int(SPAN_NONE, 1);
    assert_int_equal(selector_match(&selector, &labels, &cause), SELECTOR_NO);
    labels = node_make_unknown(SPAN_NONE, unknown);
    assert_int_equal(selector_match(&selector, &labels, &cause), SELECTOR_UNKNOWN);
    arena_free(unit.arena);
}

static void a_service_finds_the_pods_of_its_namespace(void **state)
{
    Fixture f = build("-", "{apiVersion: v1, kind: Pod, metadata: {name: a, labels: {l: m}}, "
                           "spec: {}}\n---\n"
                           "{apiVersion: v1, kind: Pod, metadata: {name: b, namespace: n, labels: "
                           "{l: m}}, spec: {}}\n---\n"
                           "{apiVersion: v1, kind: Service, metadata: {labels: {l: m}}, spec: "
                           "{selector: {l: m}}}\n");
    const Node *selector = node_path(&f.unit.resources[2].body, "spec.selector");
    Found found = unit_selected(&f.unit, STR("default"), selector);

    (void)state;
    assert_int_equal(found.count, 1);
    assert_ptr_equal(found.items[0], &f.unit.resources[0]);
    assert_true(found.incomplete); /* another file may hold more */
    f.unit.closed = true;
    assert_false(unit_selected(&f.unit, STR("default"), selector).incomplete);
    assert_int_equal(unit_selected(&f.unit, STR("none"), selector).count, 0);
    end(&f);
}

static void short_memory_is_no_crash_at_any_size(void **state)
{
    Str text = STR("apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: Pod\n"
                   "  metadata: {name: a}\n  spec: {containers: [{image: x}]}\n");
    bool good = false;

    (void)state;
    for (size_t limit = 256; !good; limit += 64) {
        Fixture f = build_limited("a.yaml", text, limit);
        good = f.good;
        end(&f);
    }
}

static void a_stream_with_origins_is_whole(void **state)
{
    static const struct {
        const char *text;
        bool closed;
    } cases[] = {
        {"apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: "
         "{config.kubernetes.io/origin: "
         "'path: a.yaml'}}\n",
         true},
        {"apiVersion: v1\nkind: Pod\nmetadata: {name: a, annotations: "
         "{config.kubernetes.io/origin: "
         "'path: a.yaml'}}\n---\napiVersion: v1\nkind: Pod\nmetadata: {name: b}\n",
         false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Fixture f = build("in.yaml", cases[i].text);
        assert_int_equal(f.unit.closed, cases[i].closed);
        end(&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stream_with_origins_is_whole),
        cmocka_unit_test(objects_have_addresses),
        cmocka_unit_test(impossible_shapes_are_warnings),
        cmocka_unit_test(a_stream_keeps_templates_documents_and_headers),
        cmocka_unit_test(values_of_a_secret_are_sensitive),
        cmocka_unit_test(every_kind_that_runs_pods_has_a_view),
        cmocka_unit_test(what_is_absent_lies_at_the_spec),
        cmocka_unit_test(the_providers_resources_have_the_same_view),
        cmocka_unit_test(selectors_select_as_kubernetes_does),
        cmocka_unit_test(an_unknown_label_leaves_a_selection_open),
        cmocka_unit_test(a_service_finds_the_pods_of_its_namespace),
        cmocka_unit_test(short_memory_is_no_crash_at_any_size),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
