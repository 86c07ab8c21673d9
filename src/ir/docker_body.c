/* Bodies of instructions, and what each does to its stage; see ir/docker_parts.h. */
#include "ir/docker_parts.h"

/* Labels of an image that are told apart. */
enum { NAMES_MAX = 256 };

const Str docker_key_names[] = {
#define KEY(name) STR_INIT(#name),
#include "ir/docker_keys.def"
#undef KEY
};

Node docker_map(const Fields *fields, Span at)
{
    Entry *entries = arena_raw(fields->build->arena, fields->count, sizeof *entries);

    if (!entries)
        return node_make_map(at, NULL, 0);
    memcpy(entries, fields->items, fields->count * sizeof *entries);
    return node_make_map(at, entries, fields->count);
}

void docker_put_named(const DockerBuild *build, EntryList *list, Str name, Span at, Node value)
{
    Entry entry = {.key = name.data,
                   .key_size = name.size,
                   .symbol = symbols_find(build->unit->symbols, name),
                   .key_start = at.start,
                   .key_end = at.end,
                   .value = value};
    Entry *items;

    for (uint32_t i = 0; i < list->count; i++) {
        if (str_eq(entry_key(&list->items[i]), name)) {
            list->items[i] = entry;
            return;
        }
    }
    if (list->count >= NAMES_MAX)
        return;
    items = arena_grow(build->arena, list->items, list->count, &list->capacity, list->count + 1u,
                       sizeof *items);
    if (!items)
        return;
    list->items = items;
    items[list->count++] = entry;
}

NodeList docker_list_for(const DockerBuild *build, uint32_t count)
{
    NodeList list = {0};

    if (count)
        list.items = arena_raw(build->arena, count, sizeof *list.items);
    list.capacity = list.items ? count : 0;
    return list;
}

void docker_add(const DockerBuild *build, NodeList *list, Node node)
{
    Node *items = list->items;

    if (list->count == list->capacity)
        items = arena_grow(build->arena, items, list->count, &list->capacity, list->count + 1u,
                           sizeof *items);
    if (!items)
        return;
    list->items = items;
    items[list->count++] = node;
}

Node docker_list(const NodeList *list, Span at)
{
    return node_make_list(at, list->items, list->count);
}

/* What an instruction is built in. */
typedef struct Body {
    DockerBuild *build;
    DockerStage *stage; /* NULL above the first FROM */
    const DockerScope *scope;
    const DockerShell *shell;
    const DockerInstr *instr;
    bool onbuild; /* it changes nothing here, only in the images made from this one */
    Node flags;
    DockerCommands commands;
    Fields fields;
} Body;

static DockerValue expand(const Body *b, Str written)
{
    return docker_expand(b->scope, written);
}

static Node expand_word(const Body *b, const DockerWord *word)
{
    return docker_value_node(expand(b, word->text), word->span);
}

static void put_flags(Body *b)
{
    EntryList flags = {0};

    for (uint32_t i = 0; i < b->instr->flag_count; i++) {
        const DockerFlag *flag = &b->instr->flags[i];
        Node value = flag->has_value ? docker_value_node(expand(b, flag->value), flag->value_span)
                                     : node_make_bool(flag->span, true);
        docker_put_named(b->build, &flags, flag->name, flag->span, value);
    }
    b->flags = node_make_map(b->instr->line, flags.items, flags.count);
    docker_put(&b->fields, DOCKER_KEY_flags, b->flags);
}

static const DockerFlag *find_flag(const Body *b, Str name)
{
    for (uint32_t i = b->instr->flag_count; i > 0; i--)
        if (str_eq(b->instr->flags[i - 1].name, name) && b->instr->flags[i - 1].has_value)
            return &b->instr->flags[i - 1];
    return NULL;
}

static Node flag_node(const Body *b, Str name)
{
    const DockerFlag *flag = find_flag(b, name);

    return flag ? docker_value_node(expand(b, flag->value), flag->value_span)
                : node_make_null(b->instr->line);
}

/* Puts what is there; absent fields read as null anyway. */
static void put_if(Body *b, DockerKey key, Node node)
{
    if (node.kind != NODE_NULL)
        docker_put(&b->fields, key, node);
}

/* Notes that the stage takes files from what `from` names. */
static uint32_t add_use(Body *b, Node from)
{
    DockerStage *stage = b->stage;
    uint32_t *uses, used;

    if (!stage || from.kind == NODE_NULL)
        return DOCKER_NO_STAGE;
    if (!b->onbuild)
        docker_add(b->build, &stage->copies_from, from);
    used = docker_find_stage(b->build, node_string(&from), stage->index, true);
    if (used == DOCKER_NO_STAGE || b->onbuild)
        return used;
    uses = arena_grow(b->build->arena, stage->uses, stage->use_count, &stage->use_capacity,
                      stage->use_count + 1u, sizeof *uses);
    if (!uses)
        return used;
    stage->uses = uses;
    uses[stage->use_count++] = used;
    return used;
}

static void put_from(Body *b, Fields *fields, Node from)
{
    uint32_t used = add_use(b, from);

    if (from.kind == NODE_NULL)
        return;
    docker_put(fields, DOCKER_KEY_from, from);
    if (used != DOCKER_NO_STAGE)
        docker_put(fields, DOCKER_KEY_from_stage, node_make_int(node_span(&from), used));
}

static void put_heredocs(Body *b)
{
    NodeList list = {0};

    for (uint32_t i = 0; i < b->instr->heredoc_count; i++) {
        const DockerHeredoc *doc = &b->instr->heredocs[i];
        Fields entry;
        docker_begin(&entry, b->build);
        docker_put_text(&entry, DOCKER_KEY_name, doc->mark.span, doc->name);
        docker_put_text(&entry, DOCKER_KEY_text, doc->body.whole, doc->body.text);
        docker_put_bool(&entry, DOCKER_KEY_expands, doc->mark.span, doc->expands);
        docker_add(b->build, &list, docker_map(&entry, doc->mark.span));
    }
    if (list.count)
        docker_put(&b->fields, DOCKER_KEY_heredocs, docker_list(&list, b->instr->line));
}

/* Heredocs stand in the order of the words: `*next` is the first that was not met yet. */
static bool is_heredoc(const Body *b, const DockerWord *word, uint32_t *next)
{
    if (*next >= b->instr->heredoc_count ||
        b->instr->heredocs[*next].mark.span.start != word->span.start)
        return false;
    (*next)++;
    return true;
}

static void put_state(Body *b)
{
    if (!b->stage)
        return;
    put_if(b, DOCKER_KEY_user, b->stage->user);
    put_if(b, DOCKER_KEY_workdir, b->stage->workdir);
}

static void build_copy(Body *b)
{
    NodeList sources = {0};
    uint32_t last = b->instr->word_count - 1, next = 0;

    for (uint32_t i = 0; i < last; i++)
        if (!is_heredoc(b, &b->instr->words[i], &next))
            docker_add(b->build, &sources, expand_word(b, &b->instr->words[i]));
    docker_put(&b->fields, DOCKER_KEY_sources, docker_list(&sources, b->instr->line));
    docker_put(&b->fields, DOCKER_KEY_destination, expand_word(b, &b->instr->words[last]));
    docker_put_bool(&b->fields, DOCKER_KEY_exec_form, b->instr->line, b->instr->exec_form);
    put_from(b, &b->fields, flag_node(b, STR("from")));
    put_if(b, DOCKER_KEY_chown, flag_node(b, STR("chown")));
    put_if(b, DOCKER_KEY_chmod, flag_node(b, STR("chmod")));
    put_heredocs(b);
    put_state(b);
}

static Str mount_key(Str key)
{
    if (str_eq(key, STR("dst")) || str_eq(key, STR("destination")))
        return STR("target");
    if (str_eq(key, STR("src")))
        return STR("source");
    if (str_eq(key, STR("ro")))
        return STR("readonly");
    return key;
}

/* --mount=type=cache,target=/x,readonly: fields between commas, the long names. */
static Node mount_node(Body *b, const DockerFlag *flag)
{
    EntryList entries = {0};
    Str rest = flag->value, field;
    Node from = node_make_null(flag->span);

    docker_put_named(b->build, &entries, STR("type"), flag->span,
                     node_make_string(flag->span, STR("bind")));
    while (str_split(&rest, ',', &field)) {
        int64_t equals = str_find_char(field, '=');
        Str key = mount_key(equals < 0 ? field : str_sub(field, 0, (uint32_t)equals));
        Node value = equals < 0
                         ? node_make_bool(flag->span, true)
                         : docker_value_node(expand(b, str_from(field, (uint32_t)equals + 1)),
                                             flag->value_span);
        docker_put_named(b->build, &entries, key, flag->span, value);
        if (str_eq(key, STR("from")))
            from = value;
    }
    add_use(b, from);
    return node_make_map(flag->span, entries.items, entries.count);
}

static void build_run(Body *b)
{
    NodeList mounts = {0};
    DockerShell shell = docker_shell_of(b->instr, b->shell);

    for (uint32_t i = 0; i < b->instr->flag_count; i++)
        if (str_eq(b->instr->flags[i].name, STR("mount")))
            docker_add(b->build, &mounts, mount_node(b, &b->instr->flags[i]));
    docker_put(&b->fields, DOCKER_KEY_mounts, docker_list(&mounts, b->instr->line));
    docker_put_text(&b->fields, DOCKER_KEY_shell, b->instr->line, shell.name);
    docker_put_text(&b->fields, DOCKER_KEY_shell_path, b->instr->line, shell.path);
    b->commands = docker_put_command(b->build, &shell, b->scope, b->instr, &b->fields);
    if (b->stage && !b->onbuild)
        docker_add(b->build, &b->stage->programs, b->commands.programs);
    put_heredocs(b);
    put_state(b);
}

static void build_start(Body *b)
{
    b->commands = docker_put_command(b->build, b->shell, b->scope, b->instr, &b->fields);
    put_state(b);
}

static Node pair_node(Body *b, const DockerPair *pair, Node name, Node value)
{
    Fields entry;

    docker_begin(&entry, b->build);
    docker_put(&entry, DOCKER_KEY_name, name);
    if (pair->has_value)
        docker_put(&entry, DOCKER_KEY_value, value);
    if (pair->has_value)
        docker_put_text(&entry, DOCKER_KEY_text, pair->value.span, pair->value.text);
    return docker_map(
        &entry, span_join(pair->name.span, pair->has_value ? pair->value.span : pair->name.span));
}

/* What `ARG NAME` without a default stands for: the global ARG of that name, or a platform. */
static DockerValue inherited_arg(const Body *b, Str name)
{
    const DockerVariable *global = b->stage ? docker_scope_find(&b->build->global, name) : NULL;
    DockerValue value;

    if (global)
        return global->value;
    if (docker_platform(b->build->arena, name, &value))
        return value;
    return docker_unset(b->build->arena, name);
}

static void set_variable(Body *b, Str name, DockerValue value, bool env, Span span)
{
    DockerStage *stage = b->stage;

    if (!b->onbuild)
        docker_scope_set(stage ? &stage->scope : &b->build->global, name, value, env, span);
    if (!stage)
        return;
    if (b->onbuild && !stage->later.arena)
        stage->later = docker_scope_inherit(&stage->scope);
    if (stage->later.arena)
        docker_scope_set(&stage->later, name, value, env, span);
}

/* Each ARG of an instruction sees those before it. */
static void build_arg(Body *b)
{
    NodeList pairs = {0};

    for (uint32_t i = 0; i < b->instr->pair_count; i++) {
        const DockerPair *pair = &b->instr->pairs[i];
        DockerValue value =
            pair->has_value ? expand(b, pair->value.text) : inherited_arg(b, pair->name.text);
        Node node = docker_value_node(value, pair->value.span);
        docker_add(b->build, &pairs, pair_node(b, pair, expand_word(b, &pair->name), node));
        set_variable(b, pair->name.text, value, false, pair->value.span);
    }
    docker_put(&b->fields, DOCKER_KEY_pairs, docker_list(&pairs, b->instr->line));
}

/* Whether this ENV is the first to set `name`: a reference to it in the same ENV finds nothing. */
static bool sets_first(const Body *b, Str name)
{
    if (docker_scope_find(b->scope, name))
        return false;
    for (uint32_t i = 0; i < b->instr->pair_count && i < NAMES_MAX; i++)
        if (str_eq(b->instr->pairs[i].name.text, name))
            return true;
    return false;
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* The variable named after the dollar sign at `*at`, which is moved past it. Empty for one that has
 * a default. */
static Str referred_name(Str text, uint32_t *at)
{
    uint32_t start = *at + 1, end;
    bool braces = start < text.size && text.data[start] == '{';

    start += braces;
    for (end = start; end < text.size && is_name(text.data[end]); end++)
        ;
    *at = end;
    if (braces && end < text.size && text.data[end] != '}')
        return (Str){"", 0};
    return str_sub(text, start, end - start);
}

/* The names of variables that the value needs and that nothing sets before this ENV does. */
static Node refers_to_node(Body *b, const DockerPair *pair)
{
    Str text = pair->value.text;
    NodeList names = {0};

    for (uint32_t at = 0; at < text.size;) {
        Str name;
        if (text.data[at] != '$' || (at && text.data[at - 1] == b->scope->escape)) {
            at++;
            continue;
        }
        name = referred_name(text, &at);
        if (name.size && !str_eq(name, pair->name.text) && sets_first(b, name))
            docker_add(b->build, &names, node_make_string(pair->value.span, name));
    }
    return docker_list(&names, pair->value.span);
}

static Node env_pair_node(Body *b, const DockerPair *pair, DockerValue value)
{
    Node name = expand_word(b, &pair->name);
    Node node = pair_node(b, pair, name, docker_value_node(value, pair->value.span));
    Fields fields;

    docker_begin(&fields, b->build);
    for (uint32_t i = 0; i < node.count; i++)
        fields.items[fields.count++] = node.as.entries[i];
    docker_put(&fields, DOCKER_KEY_refers_to, refers_to_node(b, pair));
    return docker_map(&fields, node_span(&node));
}

/* All pairs of an ENV see the variables as they were before it. */
static void build_env(Body *b)
{
    DockerValue *values = ARENA_ARRAY(b->build->arena, DockerValue, b->instr->pair_count);
    NodeList pairs = {0};

    if (!values)
        return;
    for (uint32_t i = 0; i < b->instr->pair_count; i++) {
        const DockerPair *pair = &b->instr->pairs[i];
        values[i] = expand(b, pair->value.text);
        docker_add(b->build, &pairs, env_pair_node(b, pair, values[i]));
    }
    for (uint32_t i = 0; i < b->instr->pair_count; i++)
        set_variable(b, b->instr->pairs[i].name.text, values[i], true,
                     b->instr->pairs[i].value.span);
    docker_put(&b->fields, DOCKER_KEY_pairs, docker_list(&pairs, b->instr->line));
}

static void own_labels(const DockerBuild *build, DockerStage *stage)
{
    EntryList copy = {0};

    if (!stage->labels_shared)
        return;
    stage->labels_shared = false;
    copy.items = arena_raw(build->arena, stage->labels.count + 8u, sizeof *copy.items);
    if (copy.items) {
        copy.count = stage->labels.count;
        copy.capacity = copy.count + 8u;
        if (copy.count)
            memcpy(copy.items, stage->labels.items, copy.count * sizeof *copy.items);
    }
    stage->labels = copy;
}

static void build_label(Body *b)
{
    NodeList pairs = {0};

    if (b->stage && !b->onbuild)
        own_labels(b->build, b->stage);
    for (uint32_t i = 0; i < b->instr->pair_count; i++) {
        const DockerPair *pair = &b->instr->pairs[i];
        Node name = expand_word(b, &pair->name), value = expand_word(b, &pair->value);
        docker_add(b->build, &pairs, pair_node(b, pair, name, value));
        if (b->stage && !b->onbuild && name.kind == NODE_STRING)
            docker_put_named(b->build, &b->stage->labels, node_text(&name), pair->name.span, value);
    }
    docker_put(&b->fields, DOCKER_KEY_pairs, docker_list(&pairs, b->instr->line));
}

/* `user:group`, where the user is known to end; the group may still be unknown. */
static void build_user(Body *b)
{
    const DockerWord *word = &b->instr->words[0];
    DockerValue value = expand(b, word->text), rest = value;
    Str text = value.unknown ? value.unknown->prefix : value.text;
    Node user = docker_value_node(value, word->span), group = node_make_null(word->span);
    int64_t colon = str_find_char(text, ':');

    if (colon >= 0) {
        rest.text = str_from(text, (uint32_t)colon + 1);
        group = docker_value_node(rest, word->span);
        user = node_make_string(word->span, str_sub(text, 0, (uint32_t)colon));
    }
    docker_put(&b->fields, DOCKER_KEY_user, user);
    put_if(b, DOCKER_KEY_group, group);
    if (!b->stage || b->onbuild)
        return;
    b->stage->user = user;
    b->stage->group = group;
}

/* PORT, FIRST-LAST, each with /PROTOCOL or not. */
static void put_port(Fields *entry, Span at, Str text)
{
    int64_t slash = str_find_char(text, '/');
    Str range = slash < 0 ? text : str_sub(text, 0, (uint32_t)slash);
    int64_t dash = str_find_char(range, '-');
    uint32_t port;

    docker_put_text(entry, DOCKER_KEY_protocol, at,
                    slash < 0 ? STR("tcp") : str_from(text, (uint32_t)slash + 1));
    if (str_to_number(dash < 0 ? range : str_sub(range, 0, (uint32_t)dash), &port))
        docker_put_int(entry, DOCKER_KEY_port, at, port);
    if (str_to_number(dash < 0 ? range : str_from(range, (uint32_t)dash + 1), &port))
        docker_put_int(entry, DOCKER_KEY_last_port, at, port);
}

static void own_ports(const DockerBuild *build, DockerStage *stage)
{
    NodeList copy;

    if (!stage->ports_shared)
        return;
    stage->ports_shared = false;
    copy = docker_list_for(build, stage->ports.count);
    if (copy.items) {
        copy.count = stage->ports.count;
        memcpy(copy.items, stage->ports.items, copy.count * sizeof *copy.items);
    }
    stage->ports = copy;
}

static void build_expose(Body *b)
{
    NodeList ports = {0};

    if (b->stage && !b->onbuild)
        own_ports(b->build, b->stage);
    for (uint32_t i = 0; i < b->instr->word_count; i++) {
        const DockerWord *word = &b->instr->words[i];
        Fields entry;
        Node value = expand_word(b, word), node;
        docker_begin(&entry, b->build);
        docker_put_text(&entry, DOCKER_KEY_text, word->span, word->text);
        if (value.kind == NODE_STRING)
            put_port(&entry, word->span, node_text(&value));
        else
            docker_put(&entry, DOCKER_KEY_port, value);
        node = docker_map(&entry, word->span);
        docker_add(b->build, &ports, node);
        if (b->stage && !b->onbuild)
            docker_add(b->build, &b->stage->ports, node);
    }
    docker_put(&b->fields, DOCKER_KEY_ports, docker_list(&ports, b->instr->line));
}

static void build_volume(Body *b)
{
    NodeList paths = {0};

    for (uint32_t i = 0; i < b->instr->word_count; i++)
        docker_add(b->build, &paths, expand_word(b, &b->instr->words[i]));
    docker_put(&b->fields, DOCKER_KEY_paths, docker_list(&paths, b->instr->line));
}

static void build_workdir(Body *b)
{
    Node path = expand_word(b, &b->instr->words[0]);

    put_state(b);
    docker_put(&b->fields, DOCKER_KEY_path, path);
    if (b->stage && !b->onbuild)
        b->stage->workdir = path;
}

static void build_health(Body *b)
{
    bool none = str_eq_nocase(b->instr->health.text, STR("NONE"));

    docker_put_bool(&b->fields, DOCKER_KEY_none, b->instr->health.span, none);
    if (!none)
        b->commands = docker_put_command(b->build, b->shell, b->scope, b->instr, &b->fields);
}

static void build_shell(Body *b)
{
    DockerShell shell = docker_shell_read(b->build, b->instr);

    docker_put(&b->fields, DOCKER_KEY_words, shell.words);
    docker_put_text(&b->fields, DOCKER_KEY_name, b->instr->line, shell.name);
    docker_put_bool(&b->fields, DOCKER_KEY_pipefail, b->instr->line, shell.options.pipefail);
    if (b->stage && !b->onbuild)
        b->stage->shell = shell;
}

static void build_from(Body *b)
{
    DockerStage *stage = b->stage;

    if (!stage || b->onbuild) {
        docker_put(&b->fields, DOCKER_KEY_image, expand_word(b, &b->instr->words[0]));
        return;
    }
    docker_put(&b->fields, DOCKER_KEY_image, stage->image);
    docker_put_text(&b->fields, DOCKER_KEY_text, b->instr->words[0].span, b->instr->words[0].text);
    if (stage->name.size)
        docker_put_text(&b->fields, DOCKER_KEY_name, stage->name_span, stage->name);
    if (stage->name_taken)
        docker_put_bool(&b->fields, DOCKER_KEY_name_taken, stage->name_span, true);
    put_if(b, DOCKER_KEY_platform, stage->platform);
    if (find_flag(b, STR("platform")))
        docker_put_text(&b->fields, DOCKER_KEY_platform_written, node_span(&stage->platform),
                        find_flag(b, STR("platform"))->value);
    if (stage->base != DOCKER_NO_STAGE)
        docker_put(&b->fields, DOCKER_KEY_base_stage,
                   node_make_int(node_span(&stage->image), stage->base));
}

static void build_maintainer(Body *b)
{
    const DockerWord *name = &b->instr->words[0];

    docker_put_text(&b->fields, DOCKER_KEY_name, name->span, name->text);
}

static void build_stop_signal(Body *b)
{
    docker_put(&b->fields, DOCKER_KEY_signal, expand_word(b, &b->instr->words[0]));
}

static void build_onbuild(Body *b)
{
    docker_put(&b->fields, DOCKER_KEY_build,
               docker_instr_body(b->build, b->stage, b->instr->nested, true));
}

static void build_arguments(Body *b)
{
    static void (*const builders[DOCKER_OP_COUNT])(Body * b) = {
        [DOCKER_ADD] = build_copy,
        [DOCKER_ARG] = build_arg,
        [DOCKER_CMD] = build_start,
        [DOCKER_COPY] = build_copy,
        [DOCKER_ENTRYPOINT] = build_start,
        [DOCKER_ENV] = build_env,
        [DOCKER_EXPOSE] = build_expose,
        [DOCKER_FROM] = build_from,
        [DOCKER_HEALTHCHECK] = build_health,
        [DOCKER_LABEL] = build_label,
        [DOCKER_MAINTAINER] = build_maintainer,
        [DOCKER_ONBUILD] = build_onbuild,
        [DOCKER_RUN] = build_run,
        [DOCKER_SHELL] = build_shell,
        [DOCKER_STOPSIGNAL] = build_stop_signal,
        [DOCKER_USER] = build_user,
        [DOCKER_VOLUME] = build_volume,
        [DOCKER_WORKDIR] = build_workdir,
    };

    if (builders[b->instr->op])
        builders[b->instr->op](b);
}

/* `nth` and `last` among the instructions of its kind in the stage. The entry of `last` is set to
 * false when another one comes. */
static void put_order(Body *b)
{
    DockerStage *stage = b->stage;
    DockerOp op = b->instr->op;

    if (!stage || b->onbuild)
        return;
    docker_put_int(&b->fields, DOCKER_KEY_nth, b->instr->line, stage->seen[op]);
    if (stage->latest[op])
        stage->latest[op]->value.as.boolean = false;
    stage->seen[op]++;
}

/* The comments that stand above the instruction, below the one before it. */
static void put_comments(Body *b)
{
    DockerBuild *build = b->build;
    NodeList list = {0};

    for (; build->comment < build->file->comment_count; build->comment++) {
        const DockerComment *comment = &build->file->comments[build->comment];
        if (comment->span.start >= b->instr->span.start)
            break;
        docker_add(build, &list, node_make_string(comment->span, comment->text));
    }
    docker_put(&b->fields, DOCKER_KEY_comments, docker_list(&list, b->instr->line));
}

/* What an instruction shows of the one before it in its stage; not all, for that would hold
 * another one in turn. */
static void put_previous(Body *b)
{
    if (b->stage && !b->onbuild)
        put_if(b, DOCKER_KEY_previous, b->stage->previous);
}

static void keep_previous(Body *b)
{
    Fields fields;

    docker_begin(&fields, b->build);
    docker_put_text(&fields, DOCKER_KEY_instruction, b->instr->line, docker_op_name(b->instr->op));
    docker_put_int(&fields, DOCKER_KEY_size, b->instr->line, b->commands.size);
    docker_put(&fields, DOCKER_KEY_flags, b->flags);
    b->stage->previous = docker_map(&fields, b->instr->line);
}

static void keep_in_force(Body *b, Node body)
{
    if (!b->stage || b->onbuild || body.count == 0)
        return;
    docker_add(b->build, &b->stage->instructions, body);
    if (docker_copies(b->instr))
        docker_add(b->build, &b->stage->copies, body);
    keep_previous(b);
    /* Without the field `stage`, or the stage would be part of itself. */
    body.count--;
    if (b->instr->op == DOCKER_CMD)
        b->stage->cmd = body;
    else if (b->instr->op == DOCKER_ENTRYPOINT)
        b->stage->entrypoint = body;
    else if (b->instr->op == DOCKER_HEALTHCHECK)
        b->stage->healthcheck = body;
}

static const DockerScope *scope_of(const DockerBuild *build, const DockerStage *stage, bool onbuild)
{
    if (!stage)
        return &build->global;
    return onbuild && stage->later.arena ? &stage->later : &stage->scope;
}

Node docker_instr_body(DockerBuild *build, DockerStage *stage, const DockerInstr *instr,
                       bool onbuild)
{
    Body b = {.build = build,
              .stage = stage,
              .scope = scope_of(build, stage, onbuild),
              .shell = stage ? &stage->shell : &build->shell,
              .instr = instr,
              .onbuild = onbuild};
    Node body;

    docker_begin(&b.fields, build);
    /* The first field and the last one are filled in when stage and file are read to their ends. */
    docker_put_bool(&b.fields, DOCKER_KEY_last, instr->line, true);
    docker_put_text(&b.fields, DOCKER_KEY_instruction, instr->keyword_span,
                    docker_op_name(instr->op));
    docker_put_text(&b.fields, DOCKER_KEY_keyword, instr->keyword_span, instr->keyword);
    docker_put_int(&b.fields, DOCKER_KEY_index, instr->line, build->index);
    docker_put_bool(&b.fields, DOCKER_KEY_onbuild, instr->line, onbuild);
    if (instr->op != DOCKER_FROM)
        docker_put_text(&b.fields, DOCKER_KEY_text, instr->line, instr->text.text);
    put_order(&b);
    put_comments(&b);
    put_previous(&b);
    put_flags(&b);
    build_arguments(&b);
    docker_put(&b.fields, DOCKER_KEY_stage, node_make_null(instr->line));
    body = docker_map(&b.fields, instr->line);
    if (stage && !onbuild && body.count > 1)
        stage->latest[instr->op] = &body.as.entries[0];
    keep_in_force(&b, body);
    return body;
}
