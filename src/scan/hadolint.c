#include "scan/hadolint.h"

#include <errno.h>

#include "scan/boundary.h"
#include "scan/suppress_marks.h"
#include "syntax/text.h"
#include "syntax/yaml.h"

/* hadolint's words for severities, and ours. */
static const struct {
    Str name;
    Severity severity;
} levels[] = {
    {STR_INIT("error"), SEVERITY_HIGH},
    {STR_INIT("warning"), SEVERITY_MEDIUM},
    {STR_INIT("info"), SEVERITY_LOW},
    {STR_INIT("style"), SEVERITY_INFO},
};
#define LEVEL_COUNT (sizeof levels / sizeof *levels)

static Str text_of(const Node *node)
{
    return node && (node->kind == NODE_SCALAR || node->kind == NODE_STRING) ? node_text(node)
                                                                            : STR("");
}

bool hadolint_is_name(Str path)
{
    Str name = str_from(path, (uint32_t)(str_find_last_char(path, '/') + 1));

    return str_eq(name, STR(".hadolint.yaml")) || str_eq(name, STR(".hadolint.yml"));
}

void hadolint_build(Unit *unit, const Source *source)
{
    static const Symbols none;
    DiagSink diags = diags_new(unit->arena); /* its mistakes do not break the Dockerfile */
    YamlDocument *documents;
    uint32_t count;

    if (!yaml_read(source, &none, unit->arena, &diags, &documents, &count) || count != 1 ||
        documents[0].root.kind != NODE_MAP) {
        diag_warning(&unit->diags, DIAG_CONFIG, (Span){source->number, 0, 0},
                     "this is no configuration of hadolint, and is not taken into account");
        return;
    }
    unit->hadolint = &documents[0].root;
}

void hadolint_read(Unit *unit, const ScanRoot *root, Str path)
{
    const char *name = str_copy_z(unit->arena, path);
    Source *source;
    int error;
    Str text;

    if (!name || !boundary_read(root, name, unit->arena, &text, &error))
        return;
    source = sources_add(&unit->sources, path, text);
    if (source && text_decode(source, unit->arena, &unit->diags))
        hadolint_build(unit, source);
}

void hadolint_marks(const Node *config, Span range, MarkList *list)
{
    const Node *ignored = node_get_named(config, STR("ignored"));

    for (uint32_t i = 0; ignored && ignored->kind == NODE_LIST && i < ignored->count; i++) {
        const Node *item = &ignored->as.items[i];
        Mark mark = {.tool = MARK_CONFIGURED,
                     .scope = MARK_FILE,
                     .name = text_of(item),
                     .reason = STR("ignored by hadolint's configuration"),
                     .until = MARK_FOREVER,
                     .span = node_span(item),
                     .range = range};
        if (mark.name.size)
            mark_add(list, &mark);
    }
}

bool hadolint_has_marks(const Node *config)
{
    return !str_eq_nocase(text_of(node_get_named(config, STR("disable-ignore-pragma"))),
                          STR("true"));
}

static bool names(const Node *list, const Rule *rule)
{
    for (uint32_t i = 0; list && list->kind == NODE_LIST && i < list->count; i++)
        if (rule_matches(rule, text_of(&list->as.items[i])))
            return true;
    return false;
}

Severity hadolint_severity(const Node *config, const Rule *rule, Severity severity)
{
    const Node *override = node_get_named(config, STR("override"));

    for (size_t i = 0; override && i < LEVEL_COUNT; i++)
        if (names(node_get_named(override, levels[i].name), rule))
            return levels[i].severity;
    return severity;
}

bool hadolint_blocks(const Node *config, Severity severity)
{
    Str threshold = text_of(node_get_named(config, STR("failure-threshold")));

    if (str_eq_nocase(text_of(node_get_named(config, STR("no-fail"))), STR("true")) ||
        str_eq(threshold, STR("none")))
        return false;
    for (size_t i = 0; i < LEVEL_COUNT; i++)
        if (str_eq(threshold, levels[i].name))
            return severity >= levels[i].severity;
    return true;
}
