/* What kustomizations build, out of files in memory. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "ir/kustomization.h"
#include "ir/kustomize.h"
#include "ir/kustomize_select.h"
#include "unit_text.h"

static const Symbols no_symbols;

typedef struct File {
    const char *path;
    const char *text;
} File;

typedef struct Fixture {
    Unit unit;
    KustomizeOutcome outcome;
} Fixture;

/* The files of a case end with one that has no path. */
static bool read_file(void *context, Str path, Arena *arena, Str *text)
{
    (void)arena;
    for (const File *file = context; file->path; file++) {
        if (str_eq(path, str_of(file->path))) {
            *text = str_of(file->text);
            return true;
        }
    }
    return false;
}

static Fixture build_limited(const File *all, const char *path, size_t limit)
{
    Fixture f = {.unit = unit_new(arena_new(limit), &no_symbols, NULL)};
    KustomizeFiles files = {(void *)(uintptr_t)all, read_file};

    f.outcome = kustomize_build(&f.unit, str_of(path), &files);
    return f;
}

static Fixture build(const File *all, const char *path)
{
    return build_limited(all, path, (size_t)1 << 24);
}

static void end(Fixture *f)
{
    arena_free(f->unit.arena);
}

static const char *dump(Fixture *f, const char *path)
{
    const Node *node = f->unit.resource_count ? node_path(&f->unit.resources[0].body, path) : NULL;

    return node ? str_copy_z(f->unit.arena, node_dump(node, false, f->unit.arena)) : "nothing";
}

/* The file and line of a value of the first resource. */
static const char *place(Fixture *f, const char *path)
{
    const Node *node = node_path(&f->unit.resources[0].body, path);
    Span span = sources_origin(&f->unit.sources, node_span(node));
    Source *source = sources_get(&f->unit.sources, span.source);

    return str_copy_z(f->unit.arena,
                      str_format(f->unit.arena, "%.*s:%u", STR_ARG(source->path),
                                 source_position(&f->unit.sources, source, span.start).line));
}

#define WEB                                                                                        \
    "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 1\n"         \
    "  template:\n    spec:\n      containers:\n"                                                  \
    "      - {name: app, image: 'example/app:1', env: [{name: A, value: a}, {name: B, value: b}]," \
    " ports: [{containerPort: 80}, {containerPort: 90}]}\n      - {name: side, image: side}\n"     \
    "      tolerations: [{key: x}]\n"

/* --- patches --- */

static void patches_merge_what_they_name(void **state)
{
    static const struct {
        const char *patch; /* an item of `patches` */
        const char *path;
        const char *expected;
    } cases[] = {
        {"path: p.yaml", "spec.replicas", "3"},
        {"path: p.yaml", "spec.template.spec.containers.0.env",
         "[{\"name\": \"C\", \"value\": \"c\"}, {\"name\": \"A\", \"value\": \"new\"}, {\"name\": "
         "\"B\", \"value\": \"b\"}]"},
        {"path: p.yaml", "spec.template.spec.containers.0.image", "\"example/app:1\""},
        {"path: p.yaml", "spec.template.spec.containers.1.name", "\"side\""},
        {"path: p.yaml", "spec.template.spec.tolerations", "[{\"key\": \"z\"}]"},
        {"path: p.yaml", "spec.template.spec.containers.0.ports",
         "[{\"containerPort\": 90, \"name\": \"nm\"}, {\"containerPort\": 80}]"},
        {"{path: no-side.yaml}", "spec.template.spec.containers.1", "nothing"},
        {"{path: no-replicas.yaml}", "spec.replicas", "nothing"},
        {"{path: replace.yaml}", "spec", "{\"paused\": true}"},
        {"{path: ops.yaml, target: {kind: Deployment}}", "spec.replicas", "7"},
        {"{path: ops.yaml, target: {name: w.b}}", "spec.replicas", "7"},
        {"{path: ops.yaml, target: {name: w}}", "spec.replicas", "1"},
        {"{path: ops.yaml, target: {group: apps, version: v1}}", "spec.replicas", "7"},
        {"{path: ops.yaml, target: {namespace: default}}", "spec.replicas", "7"},
        {"{path: ops.yaml, target: {labelSelector: 'a=b'}}", "spec.replicas", "1"},
        {"{path: any-name.yaml, target: {kind: Deployment}}", "spec.replicas", "5"},
        {"{path: any-name.yaml, target: {kind: Deployment}}", "metadata.name", "\"web\""},
        {"{patch: '[{op: remove, path: /spec/replicas}]', target: {name: web}}", "spec.replicas",
         "nothing"},
    };
    File files[] = {
        {"k/kustomization.yaml", NULL},
        {"k/web.yaml", WEB},
        {"k/p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
                     "  replicas: 3\n  template:\n    spec:\n      tolerations: [{key: z}]\n"
                     "      containers: [{name: app, env: [{name: C, value: c}, {name: A, value: "
                     "new}], ports: [{containerPort: 90, name: nm}]}]\n"},
        {"k/no-side.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: "
                           "{template: {spec: {containers: [{$patch: delete, name: side}]}}}\n"},
        {"k/no-replicas.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
                               "spec: {replicas: null}\n"},
        {"k/replace.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
                           "spec: {$patch: replace, paused: true}\n"},
        {"k/ops.yaml", "- {op: test, path: /kind, value: Deployment}\n"
                       "- {op: replace, path: /spec/replicas, value: 7}\n"},
        {"k/any-name.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: any}\n"
                            "spec: {replicas: 5}\n"},
        {NULL, NULL},
    };
    char text[400];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "resources: [web.yaml]\npatches:\n- %s\n", cases[i].patch);
        files[0].text = text;
        Fixture f = build(files, "k/kustomization.yaml");
        assert_string_equal(unit_diags(&f.unit), "");
        assert_string_equal(dump(&f, cases[i].path), cases[i].expected);
        end(&f);
    }
}

static void lists_of_unknown_kinds_are_replaced(void **state)
{
    static const File files[] = {
        {"kustomization.yaml", "resources: [a.yaml]\npatches: [{path: p.yaml}]\n"},
        {"a.yaml", "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a}\n"
                   "spec: {containers: [{name: x, image: i}], keep: 1}\n"},
        {"p.yaml", "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: a}\n"
                   "spec: {containers: [{name: x, tag: t}]}\n"},
        {NULL, NULL},
    };
    Fixture f = build(files, "kustomization.yaml");

    (void)state;
    assert_string_equal(dump(&f, "spec"),
                        "{\"containers\": [{\"name\": \"x\", \"tag\": \"t\"}], \"keep\": 1}");
    end(&f);
}

static void json_patches_follow_their_standard(void **state)
{
    static const struct {
        const char *operations;
        const char *expected; /* of `data` */
    } cases[] = {
        {"[{op: add, path: /data/l/-, value: 3}]", "{\"l\": [1, 2, 3], \"a/b\": \"x\"}"},
        {"[{op: add, path: /data/l/0, value: 3}]", "{\"l\": [3, 1, 2], \"a/b\": \"x\"}"},
        {"[{op: add, path: /data/n, value: {m: 1}}]",
         "{\"l\": [1, 2], \"a/b\": \"x\", \"n\": {\"m\": 1}}"},
        {"[{op: remove, path: /data/l/1}]", "{\"l\": [1], \"a/b\": \"x\"}"},
        {"[{op: remove, path: /data/l/-1}]", "{\"l\": [1], \"a/b\": \"x\"}"},
        {"[{op: remove, path: /data/a~1b}]", "{\"l\": [1, 2]}"},
        {"[{op: move, from: /data/l, path: /data/m}]", "{\"a/b\": \"x\", \"m\": [1, 2]}"},
        {"[{op: copy, from: /data/l/0, path: /data/m}]",
         "{\"l\": [1, 2], \"a/b\": \"x\", \"m\": 1}"},
    };
    File files[] = {
        {"kustomization.yaml", NULL},
        {"a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"
                   "data: {l: [1, 2], a/b: x}\n"},
        {NULL, NULL},
    };
    char text[400];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text,
                 "resources: [a.yaml]\npatches: [{target: {name: a}, patch: '%s'}]\n",
                 cases[i].operations);
        files[0].text = text;
        Fixture f = build(files, "kustomization.yaml");
        assert_string_equal(unit_diags(&f.unit), "");
        assert_string_equal(dump(&f, "data"), cases[i].expected);
        end(&f);
    }
}

/* --- fields of the kustomization --- */

static void fields_change_all_objects(void **state)
{
    static const struct {
        const char *fields;
        const char *path;
        const char *expected;
    } cases[] = {
        {"namespace: prod", "metadata.namespace", "\"prod\""},
        {"namePrefix: a-\nnameSuffix: -z", "metadata.name", "\"a-web-z\""},
        {"images: [{name: example/app, newTag: v2}]", "spec.template.spec.containers.0.image",
         "\"example/app:v2\""},
        {"images: [{name: example/app, newName: other, digest: 'sha256:0'}]",
         "spec.template.spec.containers.0.image", "\"other@sha256:0\""},
        {"images: [{name: app, newTag: v2}]", "spec.template.spec.containers.0.image",
         "\"example/app:1\""},
        {"images: [{name: side, newTag: 3}]", "spec.template.spec.containers.1.image",
         "\"side:3\""},
        {"replicas: [{name: web, count: 4}]", "spec.replicas", "4"},
        {"replicas: [{name: other, count: 4}]", "spec.replicas", "1"},
        {"commonLabels: {t: x}", "spec.selector", "{\"matchLabels\": {\"t\": \"x\"}}"},
        {"labels: [{pairs: {t: x}}]", "spec.selector", "nothing"},
        {"labels: [{pairs: {t: x}}]", "metadata.labels", "{\"t\": \"x\"}"},
        {"labels: [{pairs: {t: x}}]", "spec.template.metadata", "nothing"},
        {"labels: [{pairs: {t: x}, includeTemplates: true}]", "spec.template.metadata",
         "{\"labels\": {\"t\": \"x\"}}"},
        {"labels: [{pairs: {t: x}, includeSelectors: true}]", "spec.selector.matchLabels",
         "{\"t\": \"x\"}"},
        {"labels: [{pairs: {t: x}, fields: [{path: spec/own, create: true}]}]", "spec.own",
         "{\"t\": \"x\"}"},
        {"nameprefix: a-", "metadata.name", "\"a-web\""},
        {"commonAnnotations: {t: x}", "spec.template.metadata.annotations", "{\"t\": \"x\"}"},
        {"replacements: [{sourceValue: '9', targets: [{select: {name: web}, fieldPaths: "
         "[spec.replicas]}]}]",
         "spec.replicas", "9"},
        {"replacements: [{source: {kind: Deployment, fieldPath: metadata.name}, targets: [{select: "
         "{kind: Deployment}, fieldPaths: ['spec.template.spec.containers.[name=app].image'], "
         "options: {delimiter: '/', index: 0}}]}]",
         "spec.template.spec.containers.0.image", "\"web/app:1\""},
        {"replacements: [{sourceValue: x, targets: [{select: {name: web}, fieldPaths: "
         "[metadata.labels.made], options: {create: true}}]}]",
         "metadata.labels", "{\"made\": \"x\"}"},
    };
    File files[] = {{"kustomization.yaml", NULL}, {"web.yaml", WEB}, {NULL, NULL}};
    char text[400];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "resources: [web.yaml]\n%s\n", cases[i].fields);
        files[0].text = text;
        Fixture f = build(files, "kustomization.yaml");
        assert_string_equal(unit_diags(&f.unit), "");
        assert_string_equal(dump(&f, cases[i].path), cases[i].expected);
        end(&f);
    }
}

/* The hashes are those of kustomize v5.7. */
static void generated_objects_are_named_by_their_data(void **state)
{
    static const File files[] = {
        {"kustomization.yaml",
         "resources: [pod.yaml]\n"
         "configMapGenerator:\n- {name: settings, literals: [A=1, 'B=\"two\"'], files: "
         "[app.properties, k=app.properties], envs: [x.env]}\n"
         "secretGenerator:\n- {name: keys, literals: [p=q], options: {disableNameSuffixHash: "
         "true}}\n"},
        {"pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n"
                     "  volumes: [{name: v, configMap: {name: settings}}]\n"
                     "  containers: [{name: c, envFrom: [{secretRef: {name: keys}}]}]\n"},
        {"app.properties", "a=<b>\n"},
        {"x.env", "# note\nX=1\n Y=2=3\n"},
        {NULL, NULL},
    };
    Fixture f = build(files, "kustomization.yaml");
    const Node *data;

    (void)state;
    assert_string_equal(unit_diags(&f.unit), "");
    assert_string_equal(unit_addresses(&f.unit),
                        "Pod/default/a ConfigMap/default/settings-tdhd56khf6 Secret/default/keys");
    data = node_path(&f.unit.resources[1].body, "data");
    assert_string_equal(str_copy_z(f.unit.arena, node_dump(data, false, f.unit.arena)),
                        "{\"X\": \"1\", \"Y\": \"2=3\", \"A\": \"1\", \"B\": \"two\", "
                        "\"app.properties\": \"a=<b>\\u000a\", \"k\": \"a=<b>\\u000a\"}");
    assert_string_equal(dump(&f, "spec.volumes.0.configMap.name"), "\"settings-tdhd56khf6\"");
    end(&f);
}

static void overlays_merge_into_generated_objects(void **state)
{
    static const File files[] = {
        {"base/kustomization.yaml", "configMapGenerator: [{name: c, literals: [A=1, B=1]}]\n"},
        {"over/kustomization.yaml",
         "resources: [../base]\nnamePrefix: x-\ngeneratorOptions: {disableNameSuffixHash: true}\n"
         "configMapGenerator: [{name: c, behavior: merge, literals: [B=2]}]\n"},
        {NULL, NULL},
    };
    Fixture f = build(files, "over/kustomization.yaml");

    (void)state;
    assert_string_equal(unit_diags(&f.unit), "");
    assert_string_equal(unit_addresses(&f.unit), "ConfigMap/default/x-c");
    assert_string_equal(dump(&f, "data"), "{\"B\": \"2\", \"A\": \"1\"}");
    end(&f);
}

static void references_follow_names(void **state)
{
    static const File files[] = {
        {"kustomization.yaml", "resources: [all.yaml]\nnamePrefix: p-\nnamespace: n\n"},
        {"all.yaml",
         "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: b}\n"
         "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: r}\n"
         "subjects: [{kind: ServiceAccount, name: s, namespace: default}, {kind: ServiceAccount, "
         "name: other, namespace: far}]\n"
         "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: r}\n"
         "---\napiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s}\n"
         "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: old}\n"},
        {NULL, NULL},
    };
    Fixture f = build(files, "kustomization.yaml");

    (void)state;
    assert_string_equal(dump(&f, "roleRef.name"), "\"p-r\"");
    assert_string_equal(dump(&f, "subjects"),
                        "[{\"kind\": \"ServiceAccount\", \"name\": \"p-s\", \"namespace\": "
                        "\"n\"}, {\"kind\": \"ServiceAccount\", \"name\": \"other\", "
                        "\"namespace\": \"far\"}]");
    assert_string_equal(unit_addresses(&f.unit),
                        "RoleBinding/n/p-b Role/n/p-r ServiceAccount/n/p-s "
                        "Namespace/default/n");
    assert_true(str_eq(f.unit.resources[0].first_address, STR("RoleBinding/default/b")));
    end(&f);
}

static void configurations_add_fields(void **state)
{
    static const File files[] = {
        {"kustomization.yaml", "resources: [all.yaml]\nnamePrefix: p-\ncommonLabels: {l: x}\n"
                               "configurations: [config.yaml]\n"},
        {"config.yaml", "nameReference: [{kind: Secret, version: v1, fieldSpecs: [{kind: Thing, "
                        "path: spec/secret}]}]\n"
                        "commonLabels: [{kind: Thing, path: spec/labels, create: true}]\n"},
        {"all.yaml", "apiVersion: example.org/v1\nkind: Thing\nmetadata: {name: t}\nspec: {secret: "
                     "s}\n---\napiVersion: v1\nkind: Secret\nmetadata: {name: s}\n"},
        {NULL, NULL},
    };
    Fixture f = build(files, "kustomization.yaml");

    (void)state;
    assert_string_equal(unit_diags(&f.unit), "");
    assert_string_equal(dump(&f, "spec"), "{\"secret\": \"p-s\", \"labels\": {\"l\": \"x\"}}");
    end(&f);
}

static void vars_stand_for_values(void **state)
{
    static const File files[] = {
        {"kustomization.yaml", "resources: [pod.yaml]\nnamePrefix: p-\nvars: [{name: NAME, objref: "
                               "{kind: Pod, name: a, apiVersion: v1}}]\n"},
        {"pod.yaml", "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: "
                     "c, args: ['--x=$(NAME)', '$(OTHER)']}]}\n"},
        {NULL, NULL},
    };
    Fixture f = build(files, "kustomization.yaml");

    (void)state;
    assert_string_equal(dump(&f, "spec.containers.0.args"), "[\"--x=p-a\", \"$(OTHER)\"]");
    end(&f);
}

/* --- several directories --- */

static void components_work_on_what_is_there(void **state)
{
    static const File files[] = {
        {"over/kustomization.yaml", "resources: [../base]\ncomponents: [../part]\n"},
        {"base/kustomization.yml", "bases: []\nresources: [web.yaml]\n"},
        {"base/web.yaml", WEB},
        {"part/Kustomization", "kind: Component\npatches: [{path: p.yaml}]\n"},
        {"part/p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n"
                        "spec: {replicas: 8}\n"},
        {NULL, NULL},
    };
    Fixture f = build(files, "over/kustomization.yaml");

    (void)state;
    assert_string_equal(unit_diags(&f.unit), "");
    assert_string_equal(dump(&f, "spec.replicas"), "8");
    assert_true(f.unit.closed);
    end(&f);
    f = build(files, "part/Kustomization");
    assert_int_equal(f.outcome, KUSTOMIZE_COMPONENT);
    end(&f);
}

static void values_keep_their_places(void **state)
{
    static const File files[] = {
        {"over/kustomization.yaml",
         "resources: [../base]\nnamespace: n\npatches:\n- path: p.yaml\n- patch: |\n"
         "    apiVersion: apps/v1\n    kind: Deployment\n    metadata: {name: web}\n"
         "    spec:\n      paused: true\nimages:\n- {name: side, newTag: a}\n"},
        {"over/p.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
                        "  replicas: 8\n"},
        {"base/kustomization.yaml", "resources: [web.yaml]\n"},
        {"base/web.yaml", WEB},
        {NULL, NULL},
    };
    Fixture f = build(files, "over/kustomization.yaml");

    (void)state;
    assert_string_equal(place(&f, "spec.replicas"), "over/p.yaml:5");
    assert_string_equal(place(&f, "spec.paused"), "over/kustomization.yaml:10");
    assert_string_equal(place(&f, "metadata.namespace"), "over/kustomization.yaml:2");
    assert_string_equal(place(&f, "spec.template.spec.containers.1.image"),
                        "over/kustomization.yaml:12");
    assert_string_equal(place(&f, "spec.template.spec.containers.0.image"), "base/web.yaml:9");
    end(&f);
}

static void mistakes_have_places_and_cost_their_part(void **state)
{
    static const struct {
        const char *fields;
        const char *expected;
        bool closed;
    } cases[] = {
        {"resources: [web.yaml, gone.yaml]",
         "kustomization.yaml:1:23: error[kustomize]: `gone.yaml` is no file, and no directory with "
         "a kustomization\n",
         false},
        {"resources: [web.yaml, 'https://example.org/a?ref=v1']",
         "kustomization.yaml:1:23: note[kustomize]: `https://example.org/a?ref=v1` is not here: "
         "only what this directory holds is judged\n",
         false},
        {"resources: [web.yaml, .]",
         "kustomization.yaml:1:23: error[kustomize]: `.` contains this kustomization itself\n",
         false},
        {"resources: [web.yaml, ../up]",
         "kustomization.yaml:1:23: error[path-escapes]: `../up` lies outside of what this scan may "
         "read (`--root DIR` says up to where that is)\n",
         false},
        {"resources: [web.yaml, web.yaml]",
         "kustomization.yaml:1:23: error[kustomize]: Deployment web is there already\n", true},
        {"resources: [web.yaml]\npatches: [{path: gone.yaml}]",
         "kustomization.yaml:2:18: error[kustomize]: `gone.yaml` cannot be read\n", false},
        {"resources: [web.yaml]\npatches: [{path: other.yaml}]",
         "other.yaml:1:1: error[kustomize]: the kustomization has no such object to patch\n", true},
        {"resources: [web.yaml]\npatches: [{path: web.yaml, target: {name: '('}}]",
         "kustomization.yaml:2:36: error[kustomize]: name is no pattern: missing closing "
         "parenthesis\n",
         true},
        {"resources: [web.yaml]\nconfigMapGenerator: [{name: c, behavior: replace, envs: [gone]}]",
         "kustomization.yaml:2:58: note[kustomize]: `gone` cannot be read: what it holds is not "
         "judged\n",
         false},
        {"resources: [web.yaml]\nhelmCharts: [{name: x}]",
         "kustomization.yaml:2:13: note[kustomize]: `helmCharts` is not carried out: its part is "
         "not judged\n",
         false},
    };
    File files[] = {
        {"kustomization.yaml", NULL},
        {"web.yaml", WEB},
        {"other.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: other}\n"},
        {NULL, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        files[0].text = cases[i].fields;
        Fixture f = build(files, "kustomization.yaml");
        assert_string_equal(unit_diags(&f.unit), cases[i].expected);
        assert_string_equal(unit_addresses(&f.unit), "Deployment/default/web");
        assert_int_equal(f.unit.closed, cases[i].closed);
        end(&f);
    }
}

/* Each directory has the next one twice. */
static void directories_that_double_come_to_an_end(void **state)
{
    enum { LEVELS = 40 };
    static char paths[2 * LEVELS][40], texts[2 * LEVELS][80];
    File files[2 * LEVELS + 1] = {0};

    (void)state;
    for (int i = 0; i < 2 * LEVELS; i++) {
        snprintf(paths[i], sizeof paths[i], "d%d/kustomization.yaml", i);
        snprintf(texts[i], sizeof texts[i], "namePrefix: p%d-\nresources: [../d%d, ../d%d]\n", i,
                 (i / 2 + 1) * 2, (i / 2 + 1) * 2 + 1);
        files[i] = (File){paths[i], texts[i]};
    }
    Fixture f = build_limited(files, "d0/kustomization.yaml", (size_t)1 << 30);
    assert_true(f.unit.diags.errors > 0);
    assert_int_equal(f.unit.resource_count, 0);
    end(&f);
}

/* Each operation copies all that is there. */
static void copies_that_double_come_to_an_end(void **state)
{
    Arena *arena = arena_new((size_t)1 << 24);
    Buf text = buf_new(arena);
    File files[] = {
        {"kustomization.yaml", NULL},
        {"a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: {y: 1}}\n"},
        {NULL, NULL},
    };

    (void)state;
    buf_add_z(&text, "resources: [a.yaml]\npatches:\n- target: {name: a}\n  patch: |\n");
    for (int i = 0; i < 200; i++)
        buf_printf(&text, "    - {op: copy, from: /data, path: /data/x%d}\n", i);
    files[0].text = str_copy_z(arena, buf_str(&text));
    Fixture f = build_limited(files, "kustomization.yaml", (size_t)4 << 30);
    assert_true(f.unit.diags.errors > 0);
    end(&f);
    arena_free(arena);
}

static void short_memory_is_survived(void **state)
{
    static const File files[] = {
        {"kustomization.yaml",
         "resources: [web.yaml]\nnamespace: n\nnamePrefix: p-\ncommonLabels: {a: b}\n"
         "configMapGenerator: [{name: c, literals: [a=b], files: [web.yaml]}]\n"
         "patches: [{target: {name: web}, patch: '[{op: add, path: /a, value: {b: c}}]'}]\n"
         "images: [{name: side, newTag: x}]\nreplicas: [{name: web, count: 2}]\n"
         "replacements: [{source: {kind: Deployment}, targets: [{select: {kind: Deployment}, "
         "fieldPaths: [metadata.labels.a]}]}]\n"},
        {"web.yaml", WEB},
        {NULL, NULL},
    };

    (void)state;
    for (size_t limit = 64; limit < (size_t)1 << 17; limit += limit / 8 + 16) {
        Fixture f = build_limited(files, "kustomization.yaml", limit);
        end(&f);
    }
}

/* --- what it names --- */

static void note_part(void *context, KustomizationPart part, Str path)
{
    static const char letters[] = {'r', 'p', 'd'};

    buf_printf(context, "%c:%.*s ", letters[part], STR_ARG(path));
}

static void a_kustomization_names_its_parts(void **state)
{
    Arena *arena = arena_new((size_t)1 << 22);
    Buf buf = buf_new(arena);

    (void)state;
    kustomization_parts(STR("resources: [a.yaml, ../base, 'https://x/y']\ncomponents: [c]\n"
                            "patches: [{path: p.yaml}, {patch: 'x: y'}]\n"
                            "patchesStrategicMerge: [q.yaml, \"a: b\\nc: d\"]\n"
                            "configMapGenerator: [{files: [f.txt, k=g.txt], envs: [h.env]}]\n"),
                        note_part, &buf, arena);
    assert_string_equal(str_copy_z(arena, buf_str(&buf)),
                        "r:a.yaml r:../base r:c p:p.yaml p:q.yaml d:f.txt d:g.txt d:h.env ");
    arena_free(arena);
}

static void label_selectors_select(void **state)
{
    static const struct {
        const char *selector;
        bool selects;
    } cases[] = {
        {"", true},
        {"app=web", true},
        {"app==web", true},
        {"app!=web", false},
        {"app in (a, web)", true},
        {"app notin (web)", false},
        {"!gone", true},
        {"!app", false},
        {"app", true},
        {"app=web,x", false},
        {"app=web, !gone", true},
        {"gone in (a)", false},
        {"gone!=a", true},
        {"gone notin (web)", true},
        {"app in web", false},
    };
    Entry entry = {.key = "app", .key_size = 3};
    Node labels;

    (void)state;
    entry.value = node_make_string(SPAN_NONE, STR("web"));
    labels = node_make_map(SPAN_NONE, &entry, 1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(kust_selects_labels(str_of(cases[i].selector), &labels), cases[i].selects);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(patches_merge_what_they_name),
        cmocka_unit_test(lists_of_unknown_kinds_are_replaced),
        cmocka_unit_test(json_patches_follow_their_standard),
        cmocka_unit_test(fields_change_all_objects),
        cmocka_unit_test(generated_objects_are_named_by_their_data),
        cmocka_unit_test(overlays_merge_into_generated_objects),
        cmocka_unit_test(references_follow_names),
        cmocka_unit_test(configurations_add_fields),
        cmocka_unit_test(vars_stand_for_values),
        cmocka_unit_test(components_work_on_what_is_there),
        cmocka_unit_test(values_keep_their_places),
        cmocka_unit_test(mistakes_have_places_and_cost_their_part),
        cmocka_unit_test(directories_that_double_come_to_an_end),
        cmocka_unit_test(copies_that_double_come_to_an_end),
        cmocka_unit_test(short_memory_is_survived),
        cmocka_unit_test(a_kustomization_names_its_parts),
        cmocka_unit_test(label_selectors_select),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
