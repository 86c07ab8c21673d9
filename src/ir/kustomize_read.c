#include "ir/kustomize_read.h"

#include "ir/terraform_tree.h"
#include "ir/yaml_schema.h"
#include "syntax/text.h"

Str kust_path(const KustDir *dir, Str name)
{
    return str_starts(name, STR("/")) ? name
                                      : tf_path_join(dir->build->unit->arena, dir->path, name);
}

bool kust_leads_out(Str path)
{
    return !path.size || str_starts(path, STR("/")) || tf_path_leads_out(path);
}

static Source *find_source(const KustBuild *build, Str path)
{
    const Sources *sources = &build->unit->sources;

    for (uint32_t i = 0; i < sources->count; i++)
        if (span_is_none(sources->items[i]->origin) && str_eq(sources->items[i]->path, path))
            return sources->items[i];
    return NULL;
}

Source *kust_source(KustBuild *build, Str path)
{
    Unit *unit = build->unit;
    Source *source = find_source(build, path);
    uint32_t *missing;
    Str text;

    if (source || kust_leads_out(path) || str_map_find(&build->missing, path) ||
        !kust_spend(build, unit->sources.count + 1))
        return source;
    if (!build->files->read(build->files->context, path, unit->arena, &text)) {
        missing = str_map_at(&build->missing, path);
        if (missing)
            *missing = 1;
        return NULL;
    }
    source = sources_add(&unit->sources, path, text);
    return source && text_decode(source, unit->arena, &unit->diags) ? source : NULL;
}

/* How many of them are said one by one: a checkout without some directory lacks all that is in it.
 */
#define MISSING_SAID 3u

bool kust_missing(KustBuild *build, const Node *node, Str name, const char *what)
{
    bool again = build->missing_said && build->missing_said->span.source == node->source;

    build->open = true;
    build->missing_count = again ? build->missing_count + 1 : 1;
    if (build->missing_count > MISSING_SAID) {
        build->missing_said->message =
            str_format(build->unit->arena, "%.*s, and %u more are missing",
                       STR_ARG(build->missing_text), build->missing_count - MISSING_SAID);
        return false;
    }
    build->missing_said = diag_error(&build->unit->diags, DIAG_KUSTOMIZE, node_span(node),
                                     "`%.*s` %s", STR_ARG(name), what);
    build->missing_text = build->missing_said ? build->missing_said->message : STR("");
    return false;
}

Source *kust_named_source(const KustDir *dir, const Node *node, Str name)
{
    Str path = kust_path(dir, name);
    bool said = str_map_find(&dir->build->missing, path);
    Source *source = kust_source(dir->build, path);

    if (source)
        return source;
    dir->build->open = true;
    if (!said)
        kust_missing(dir->build, node, name, "cannot be read");
    return NULL;
}

void kust_documents(KustBuild *build, Source *source, YamlDocument **documents, uint32_t *count)
{
    Unit *unit = build->unit;

    *count = 0;
    yaml_read(source, unit->symbols, unit->arena, &unit->diags, documents, count);
    for (uint32_t i = 0; i < *count; i++)
        if (!yaml_schema_apply(YAML_SCHEMA_KUBERNETES, &(*documents)[i].root, unit->arena,
                               &unit->diags))
            *count = i;
}

uint32_t kust_named_documents(const KustDir *dir, const Node *path, YamlDocument **documents)
{
    Source *source = kust_named_source(dir, path, kust_text(dir->build, path));
    uint32_t count = 0;

    if (source)
        kust_documents(dir->build, source, documents, &count);
    return count;
}
