#include "scan/detect.h"

/* How far into a JSON text its first key may stand. */
#define PLAN_HEAD_BYTES 4096u
/* A text has no NUL; a binary file shows one soon. */
#define BINARY_HEAD_BYTES 8192u

/* `Dockerfile.go` may be one for Go, and dockerfile.go what reads them. */
static bool is_source_name(Str name)
{
    static const Str endings[] = {
        STR_INIT("adoc"),  STR_INIT("c"),     STR_INIT("cc"),   STR_INIT("cpp"), STR_INIT("cs"),
        STR_INIT("css"),   STR_INIT("dart"),  STR_INIT("el"),   STR_INIT("erl"), STR_INIT("ex"),
        STR_INIT("exs"),   STR_INIT("go"),    STR_INIT("h"),    STR_INIT("hpp"), STR_INIT("hs"),
        STR_INIT("html"),  STR_INIT("java"),  STR_INIT("js"),   STR_INIT("jsx"), STR_INIT("kt"),
        STR_INIT("lua"),   STR_INIT("md"),    STR_INIT("mjs"),  STR_INIT("ml"),  STR_INIT("nix"),
        STR_INIT("php"),   STR_INIT("pl"),    STR_INIT("py"),   STR_INIT("rb"),  STR_INIT("rs"),
        STR_INIT("rst"),   STR_INIT("scala"), STR_INIT("scss"), STR_INIT("sh"),  STR_INIT("svg"),
        STR_INIT("swift"), STR_INIT("toml"),  STR_INIT("ts"),   STR_INIT("tsx"), STR_INIT("txt"),
        STR_INIT("vim"),   STR_INIT("xml"),   STR_INIT("zig"),
    };
    Str ending = str_from(name, (uint32_t)(str_find_last_char(name, '.') + 1));

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_eq_nocase(ending, endings[i]))
            return true;
    return false;
}

static bool is_dockerfile_name(Str name)
{
    static const Str starts[] = {STR_INIT("dockerfile"), STR_INIT("containerfile")};

    /* Dockerfile.prod.dockerignore lists paths. */
    if (str_ends(name, STR(".dockerignore")) || str_ends(name, STR(".containerignore")))
        return false;
    for (size_t i = 0; i < 2; i++) {
        Str head = str_sub(name, 0, starts[i].size);
        Str rest = str_from(name, starts[i].size);
        if (str_eq_nocase(head, starts[i]) && (rest.size == 0 || rest.data[0] == '.'))
            return true;
    }
    return (name.size > 11 && str_eq_nocase(str_from(name, name.size - 11), STR(".dockerfile"))) ||
           str_ends(name, STR(".containerfile"));
}

/* Dockerfile-alpine, dockerfile_dev, web-Dockerfile: also what reads them may be named so. */
static bool is_like_dockerfile(Str name)
{
    Str head = str_sub(name, 0, 10), end = name.size > 11 ? str_from(name, name.size - 11) : name;

    return (name.size > 10 && str_eq_nocase(head, STR("dockerfile")) &&
            (name.data[10] == '-' || name.data[10] == '_')) ||
           str_eq_nocase(end, STR("-dockerfile")) || str_eq_nocase(end, STR("_dockerfile"));
}

static NameKind yaml_name(Str path, Str name)
{
    static const Str compose[] = {STR_INIT("docker-compose.yaml"), STR_INIT("docker-compose.yml"),
                                  STR_INIT("compose.yaml"), STR_INIT("compose.yml")};
    static const Str kustomize[] = {STR_INIT("kustomization.yaml"), STR_INIT("kustomization.yml")};
    /* What configures tools, plumb itself among them, and charts. */
    static const Str others[] = {STR_INIT("plumb.yaml"), STR_INIT(".plumb.yaml"),
                                 STR_INIT("values.yaml")};
    Str folder = str_sub(path, 0, path.size - name.size);

    if (str_eq(folder, STR(".github/workflows/")) || str_ends(folder, STR("/.github/workflows/")))
        return NAME_WORKFLOW;
    if (STR_IS_ANY(name, compose))
        return NAME_COMPOSE;
    if (STR_IS_ANY(name, kustomize))
        return NAME_KUSTOMIZATION;
    if (str_eq(name, STR("Chart.yaml")))
        return NAME_CHART;
    return STR_IS_ANY(name, others) ? NAME_OTHER : NAME_YAML;
}

NameKind detect_name(Str path)
{
    Str name = str_from(path, (uint32_t)(str_find_last_char(path, '/') + 1));

    if (str_ends(name, STR(".yaml")) || str_ends(name, STR(".yml")))
        return yaml_name(path, name);
    if (str_ends(name, STR(".tf")) || str_ends(name, STR(".tofu")) ||
        str_ends(name, STR(".tf.json")) || str_ends(name, STR(".tofu.json")))
        return NAME_TERRAFORM;
    if (str_eq(name, STR("terragrunt.hcl")))
        return NAME_TERRAGRUNT;
    if (str_eq(name, STR("terraform.tfvars")) || str_ends(name, STR(".auto.tfvars")) ||
        str_eq(name, STR("terraform.tfvars.json")) || str_ends(name, STR(".auto.tfvars.json")))
        return NAME_TFVARS;
    if (str_ends(name, STR(".json")))
        return NAME_JSON;
    if (str_eq(name, STR("Kustomization")))
        return NAME_KUSTOMIZATION;
    if (str_eq(name, STR("tfplan")) || str_ends(name, STR(".tfplan")) ||
        str_starts(name, STR("tfplan.")) || str_eq(name, STR("plan.out")))
        return NAME_PLAN;
    if (is_like_dockerfile(name))
        return NAME_ANY;
    if (!is_dockerfile_name(name))
        return NAME_OTHER;
    return is_source_name(name) ? NAME_ANY : NAME_DOCKERFILE;
}

bool detect_may_be_manifest(NameKind name)
{
    return name == NAME_YAML || name == NAME_JSON;
}

bool detect_goes_together(NameKind a, NameKind b)
{
    return a == NAME_WORKFLOW ? b == NAME_WORKFLOW
                              : detect_may_be_manifest(a) && detect_may_be_manifest(b);
}

bool detect_makes_manifests(Str path)
{
    static const Str templates[] = {STR_INIT("tmpl"),  STR_INIT("tpl"),     STR_INIT("j2"),
                                    STR_INIT("jinja"), STR_INIT("jinja2"),  STR_INIT("gotmpl"),
                                    STR_INIT("erb"),   STR_INIT("template")};
    static const Str programs[] = {STR_INIT("jsonnet"), STR_INIT("libsonnet"), STR_INIT("cue"),
                                   STR_INIT("dhall")};
    int64_t dot = str_find_last_char(path, '.');
    Str ending = str_from(path, (uint32_t)(dot + 1));
    Str before = str_sub(path, 0, dot < 0 ? 0 : (uint32_t)dot);

    if (STR_IS_ANY(ending, templates))
        return str_ends(before, STR(".yaml")) || str_ends(before, STR(".yml")) ||
               str_ends(before, STR(".json"));
    return STR_IS_ANY(ending, programs);
}

bool detect_makes_objects(Str text)
{
    return str_find(text, STR("kubernetes_")) >= 0 || str_find(text, STR("kubectl_")) >= 0;
}

/* --- content --- */

static bool is_utf16(Str text)
{
    return str_starts(text, STR("\xff\xfe")) || str_starts(text, STR("\xfe\xff"));
}

static Str skip_bom(Str text)
{
    return str_starts(text, STR("\xef\xbb\xbf")) ? str_from(text, 3) : text;
}

static bool is_binary(Str text)
{
    return !is_utf16(text) && str_find_char(str_sub(text, 0, BINARY_HEAD_BYTES), '\0') >= 0;
}

/* Whether `text` is `key:`, the key quoted or not. */
static bool is_key(Str text, Str key)
{
    char quote = text.size && (text.data[0] == '"' || text.data[0] == '\'') ? text.data[0] : '\0';

    if (quote)
        text = str_from(text, 1);
    if (!str_starts(text, key))
        return false;
    text = str_from(text, key.size);
    if (quote) {
        if (!text.size || text.data[0] != quote)
            return false;
        text = str_from(text, 1);
    }
    while (text.size && (text.data[0] == ' ' || text.data[0] == '\t'))
        text = str_from(text, 1);
    return text.size && text.data[0] == ':';
}

static uint32_t indent_of(Str line)
{
    uint32_t indent = 0;

    while (indent < line.size && line.data[indent] == ' ')
        indent++;
    return indent;
}

/* Looks through the documents of a YAML stream for one with both keys at its top level, which is
 * the indentation of its first line. */
typedef struct ObjectScan {
    bool begun;
    bool flow; /* the document is `{...}` */
    uint32_t top;
    bool version;
    bool kind;
} ObjectScan;

static bool scan_line(ObjectScan *scan, Str line)
{
    uint32_t indent;
    Str rest;

    if (str_starts(line, STR("---"))) {
        *scan = (ObjectScan){0};
        line = str_from(line, 3);
    }
    indent = indent_of(line);
    rest = str_from(line, indent);
    if (rest.size == 0 || rest.data[0] == '#' || rest.data[0] == '\r' || rest.data[0] == '%')
        return false;
    if (!scan->begun) {
        scan->begun = true;
        scan->top = indent;
        scan->flow = rest.data[0] == '{' || rest.data[0] == '[';
    }
    if (scan->flow) {
        scan->version |= str_find(rest, STR("apiVersion")) >= 0;
        scan->kind |= str_find(rest, STR("kind")) >= 0;
    } else if (indent == scan->top) {
        scan->version |= is_key(rest, STR("apiVersion"));
        scan->kind |= is_key(rest, STR("kind"));
    }
    return scan->version && scan->kind;
}

static bool has_object(Str text)
{
    ObjectScan scan = {0};
    Str line;

    text = skip_bom(text);
    /* Most YAML that is no manifest ends here, at the speed of memory. */
    if (str_find(text, STR("apiVersion")) < 0 || str_find(text, STR("kind")) < 0)
        return false;
    while (str_split(&text, '\n', &line))
        if (scan_line(&scan, line))
            return true;
    return false;
}

/* UTF-16 text of ASCII words, whatever its byte order: enough to see both words. */
static bool has_wide_object(Str text)
{
    return str_find(text, (Str){"a\0p\0i\0V\0e\0r\0s\0i\0o\0n", 19}) >= 0 &&
           str_find(text, (Str){"k\0i\0n\0d", 7}) >= 0;
}

static bool has_json_key(Str text, Str quoted_key)
{
    while (text.size) {
        int64_t at = str_find(text, quoted_key);
        if (at < 0)
            return false;
        text = str_from(text, (uint32_t)at + quoted_key.size);
        while (text.size && strchr(" \t\r\n", text.data[0]))
            text = str_from(text, 1);
        if (text.size && text.data[0] == ':')
            return true;
    }
    return false;
}

static bool begins_with(Str text, char c)
{
    text = str_trim(skip_bom(text));
    return text.size && text.data[0] == c;
}

static bool is_plan(Str text)
{
    if (!begins_with(text, '{') || !has_json_key(text, STR("\"format_version\"")))
        return false;
    return has_json_key(str_sub(text, 0, PLAN_HEAD_BYTES), STR("\"terraform_version\"")) ||
           has_json_key(text, STR("\"planned_values\"")) ||
           has_json_key(text, STR("\"resource_changes\"")) ||
           has_json_key(text, STR("\"terraform_version\""));
}

/* A zip archive with a file of that name among its first. */
static bool is_saved_plan(Str text)
{
    return str_starts(text, STR("PK\x03\x04")) && str_find(text, STR("tfconfig/modules.json")) >= 0;
}

/* How OpenTofu writes a state or a saved plan that it encrypts. */
static bool is_encrypted_plan(Str text)
{
    return begins_with(text, '{') && has_json_key(text, STR("\"encrypted_data\"")) &&
           has_json_key(text, STR("\"encryption_version\""));
}

/* A plan in any of its forms. */
static InputKind plan_kind(Str text)
{
    if (is_plan(text))
        return INPUT_PLAN;
    if (is_saved_plan(text))
        return INPUT_SAVED_PLAN;
    return is_encrypted_plan(text) ? INPUT_ENCRYPTED_PLAN : INPUT_NONE;
}

static bool is_json_object(Str text)
{
    return (begins_with(text, '{') || begins_with(text, '[')) &&
           has_json_key(text, STR("\"apiVersion\"")) && has_json_key(text, STR("\"kind\""));
}

static bool is_yaml_object(Str text)
{
    return is_utf16(text) ? has_wide_object(text) : has_object(text);
}

/* `from MODULE import NAME` of Python. */
static bool is_import(Str line)
{
    Str rest = str_trim(str_from(line, 5));
    int64_t blank = str_find_char(rest, ' ');

    return blank >= 0 && str_starts(str_trim(str_from(rest, (uint32_t)blank)), STR("import "));
}

/* The first instruction of a Dockerfile is FROM or an ARG before it. */
static bool is_dockerfile(Str text)
{
    Str line;

    text = skip_bom(text);
    while (str_split(&text, '\n', &line)) {
        line = str_trim(line);
        if (line.size == 0 || line.data[0] == '#')
            continue;
        if (str_eq_nocase(str_sub(line, 0, 5), STR("FROM ")))
            return !is_import(line);
        if (!str_eq_nocase(str_sub(line, 0, 4), STR("ARG ")))
            return false;
    }
    return false;
}

InputKind detect_content(NameKind name, Str text)
{
    InputKind plan;

    switch (name) {
    case NAME_DOCKERFILE:
        return is_binary(text) ? INPUT_BINARY : INPUT_DOCKERFILE;
    case NAME_YAML:
        return is_yaml_object(text) ? INPUT_KUBERNETES : INPUT_NONE;
    case NAME_JSON:
        plan = plan_kind(text);
        if (plan != INPUT_NONE)
            return plan;
        return is_json_object(text) ? INPUT_KUBERNETES : INPUT_NONE;
    case NAME_PLAN:
        return plan_kind(text);
    case NAME_ANY:
        plan = plan_kind(text);
        if (plan != INPUT_NONE)
            return plan;
        if (is_yaml_object(text))
            return INPUT_KUBERNETES;
        return is_dockerfile(text) ? INPUT_DOCKERFILE : INPUT_NONE;
    case NAME_TERRAFORM:
    case NAME_TERRAGRUNT:
        return INPUT_TERRAFORM;
    case NAME_COMPOSE:
        return INPUT_COMPOSE;
    case NAME_WORKFLOW:
        return INPUT_WORKFLOW;
    case NAME_OTHER:
    case NAME_TFVARS:
    case NAME_KUSTOMIZATION:
    case NAME_CHART:
        break;
    }
    return INPUT_NONE;
}

bool detect_template_mark(Str text)
{
    return str_find(text, STR("{{")) >= 0 || str_find(text, STR("{%")) >= 0 ||
           str_find(text, STR("<%")) >= 0 || str_find(text, STR("%%")) >= 0;
}

bool detect_template(Str text)
{
    Str line;

    while (str_split(&text, '\n', &line)) {
        int64_t at = str_find(line, STR("{{"));
        Str before;
        if (at < 0)
            continue;
        before = str_trim(str_sub(line, 0, (uint32_t)at));
        if (before.size == 0 || str_ends(before, STR(":")) || str_ends(before, STR("-")) ||
            str_eq(before, STR("#")))
            return true;
    }
    return false;
}
