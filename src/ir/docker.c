#include "ir/docker.h"

#include <stdlib.h>

#include "base/buf.h"
#include "ir/docker_parts.h"

/* An instruction, or one of ONBUILD, as the resource that it becomes. */
typedef struct Piece {
    const DockerInstr *instr;
    Node body;
    uint32_t stage; /* DOCKER_NO_STAGE above the first FROM */
} Piece;

typedef struct Pieces {
    Piece *items;
    uint32_t count;
    uint32_t capacity;
} Pieces;

static Str lower(Arena *arena, Str text)
{
    Buf buf = buf_new(arena);

    for (uint32_t i = 0; i < text.size; i++)
        buf_add_char(&buf, text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] + 32)
                                                                      : text.data[i]);
    return buf_str(&buf);
}

static Symbol intern(DockerBuild *build, Str name)
{
    return name.size ? symbols_intern(build->names, lower(build->arena, name)) : SYMBOL_NONE;
}

uint32_t docker_find_stage(const DockerBuild *build, Str name, uint32_t before, bool by_number)
{
    Symbol symbol = build->named ? intern((DockerBuild *)build, name) : SYMBOL_NONE;
    uint32_t number;

    if (symbol != SYMBOL_NONE && symbol < build->named_capacity &&
        build->named[symbol] != DOCKER_NO_STAGE && build->named[symbol] < before)
        return build->named[symbol];
    if (by_number && str_to_number(name, &number) && number < before)
        return number;
    return DOCKER_NO_STAGE;
}

static void name_stage(DockerBuild *build, const DockerStage *stage)
{
    Symbol symbol = intern(build, stage->name);
    uint32_t before = build->named_capacity;
    uint32_t *named;

    if (symbol == SYMBOL_NONE)
        return;
    named = arena_grow(build->arena, build->named, before, &build->named_capacity, symbol + 1u,
                       sizeof *named);
    if (!named)
        return;
    build->named = named;
    for (uint32_t i = before; i < build->named_capacity; i++)
        named[i] = DOCKER_NO_STAGE;
    named[symbol] = stage->index;
}

/* FROM [--platform=P] IMAGE [AS NAME] */
static void read_from(DockerBuild *build, DockerStage *stage)
{
    const DockerInstr *instr = stage->from;
    const DockerWord *image = &instr->words[0];

    stage->image = docker_value_node(docker_expand(&build->global, image->text), image->span);
    stage->platform = node_make_null(instr->line);
    for (uint32_t i = 0; i < instr->flag_count; i++)
        if (str_eq(instr->flags[i].name, STR("platform")) && instr->flags[i].has_value)
            stage->platform = docker_value_node(
                docker_expand(&build->global, instr->flags[i].value), instr->flags[i].value_span);
    if (instr->word_count == 3 && str_eq_nocase(instr->words[1].text, STR("as"))) {
        stage->name = instr->words[2].text;
        stage->name_span = instr->words[2].span;
    } else if (instr->word_count > 1) {
        diag_error(&build->unit->diags, DIAG_DOCKER_SYNTAX, instr->line,
                   "FROM needs an image, or an image AS a name");
    }
    stage->base = docker_find_stage(build, node_string(&stage->image), stage->index, false);
    stage->name_taken =
        docker_find_stage(build, stage->name, stage->index, false) != DOCKER_NO_STAGE;
}

/* Images of Windows start with cmd, which is not read. */
static bool is_windows(Str image)
{
    return str_find(image, STR("nanoserver")) >= 0 || str_find(image, STR("servercore")) >= 0 ||
           str_find(image, STR("microsoft.com/windows")) >= 0;
}

static void start_state(DockerBuild *build, DockerStage *stage)
{
    Node none = node_make_null(stage->from->line);

    stage->scope = (DockerScope){.arena = build->arena,
                                 .escape = build->file->escape,
                                 .work = build->work,
                                 .base_open = !str_eq(node_string(&stage->image), STR("scratch"))};
    stage->shell = build->shell;
    if (is_windows(node_string(&stage->image)))
        stage->shell = docker_shell_named(STR("cmd"));
    stage->user = stage->group = stage->workdir = none;
    stage->healthcheck = stage->entrypoint = stage->cmd = stage->previous = none;
}

/* What an image hands down to the one built from it. */
static void inherit_state(DockerStage *stage, const DockerStage *base)
{
    stage->scope = docker_scope_inherit(&base->scope);
    stage->shell = base->shell;
    stage->user = base->user;
    stage->group = base->group;
    stage->workdir = base->workdir;
    stage->healthcheck = base->healthcheck;
    stage->entrypoint = base->entrypoint;
    stage->cmd = base->cmd;
    stage->labels = base->labels;
    stage->labels_shared = true;
    stage->ports = base->ports;
    stage->ports_shared = true;
}

static DockerStage *add_stage(DockerBuild *build, const DockerInstr *from)
{
    DockerStage *stages =
        arena_grow(build->arena, build->stages, build->stage_count, &build->stage_capacity,
                   build->stage_count + 1u, sizeof *stages);
    DockerStage *stage;

    if (!stages)
        return NULL;
    build->stages = stages;
    stage = &stages[build->stage_count];
    *stage = (DockerStage){.from = from, .index = build->stage_count};
    read_from(build, stage);
    start_state(build, stage);
    if (stage->base != DOCKER_NO_STAGE)
        inherit_state(stage, &stages[stage->base]);
    build->stage_count++;
    name_stage(build, stage);
    return stage;
}

static void add_piece(DockerBuild *build, Pieces *pieces, Piece piece)
{
    Piece *items = arena_grow(build->arena, pieces->items, pieces->count, &pieces->capacity,
                              pieces->count + 1u, sizeof *items);

    if (!items)
        return;
    pieces->items = items;
    items[pieces->count++] = piece;
}

static const Node *nested_body(const Node *body)
{
    return node_get_named(body, STR("build"));
}

static void read_instructions(DockerBuild *build, Pieces *pieces)
{
    for (const DockerInstr *instr = build->file->first; instr; instr = instr->next) {
        DockerStage *stage = build->stage_count ? &build->stages[build->stage_count - 1] : NULL;
        Piece piece;
        if (instr->op == DOCKER_FROM) {
            stage = add_stage(build, instr);
            if (!stage)
                return;
        }
        piece = (Piece){instr, docker_instr_body(build, stage, instr, false),
                        stage ? stage->index : DOCKER_NO_STAGE};
        add_piece(build, pieces, piece);
        while (piece.instr->nested && nested_body(&piece.body)) {
            piece.body = *nested_body(&piece.body);
            piece.instr = piece.instr->nested;
            add_piece(build, pieces, piece);
        }
        build->index++;
    }
}

/* The last stage and those that it begins with. */
static void mark_shipped(DockerBuild *build)
{
    for (uint32_t i = build->stage_count ? build->stage_count - 1 : DOCKER_NO_STAGE;
         i != DOCKER_NO_STAGE; i = build->stages[i].base)
        build->stages[i].ships = true;
}

/* Marks what the last stage is made of. A stage only ever uses earlier ones, so that one way
 * through the list, backwards, is enough. */
static void mark_needed(DockerBuild *build)
{
    if (build->stage_count)
        build->stages[build->stage_count - 1].needed = true;
    for (uint32_t i = build->stage_count; i > 0; i--) {
        const DockerStage *stage = &build->stages[i - 1];
        if (!stage->needed)
            continue;
        if (stage->base != DOCKER_NO_STAGE)
            build->stages[stage->base].needed = true;
        for (uint32_t k = 0; k < stage->use_count; k++)
            build->stages[stage->uses[k]].needed = true;
    }
}

static void put_if(Fields *fields, DockerKey key, Node node)
{
    if (node.kind != NODE_NULL)
        docker_put(fields, key, node);
}

static Node env_node(const DockerBuild *build, const DockerStage *stage)
{
    const DockerScope *scope = &stage->scope;
    Entry *entries = ARENA_ARRAY(build->arena, Entry, scope->count);
    uint32_t count = 0;

    for (uint32_t i = 0; entries && i < scope->count; i++) {
        const DockerVariable *variable = &scope->variables[i];
        if (!variable->env)
            continue;
        entries[count++] = (Entry){.key = variable->name.data,
                                   .key_size = variable->name.size,
                                   .symbol = symbols_find(build->unit->symbols, variable->name),
                                   .key_start = variable->span.start,
                                   .key_end = variable->span.end,
                                   .value = docker_value_node(variable->value, variable->span)};
    }
    return node_make_map(stage->from->line, entries, count);
}

/* What an instruction shows of its stage: nothing whose size the file decides, as every instruction
 * has it. */
static void put_summary(DockerBuild *build, const DockerStage *stage, Fields *fields)
{
    Span at = stage->from->line;

    if (stage->name.size)
        docker_put_text(fields, DOCKER_KEY_name, stage->name_span, stage->name);
    docker_put_int(fields, DOCKER_KEY_index, at, stage->index);
    docker_put_bool(fields, DOCKER_KEY_final, at, stage->index + 1 == build->stage_count);
    docker_put_bool(fields, DOCKER_KEY_needed, at, stage->needed);
    docker_put_bool(fields, DOCKER_KEY_ships, at, stage->ships);
    docker_put(fields, DOCKER_KEY_from, stage->image);
    if (stage->base != DOCKER_NO_STAGE)
        docker_put_int(fields, DOCKER_KEY_base_stage, node_span(&stage->image), stage->base);
    docker_put_bool(fields, DOCKER_KEY_scratch, node_span(&stage->image),
                    str_eq(node_string(&stage->image), STR("scratch")));
    put_if(fields, DOCKER_KEY_platform, stage->platform);
    put_if(fields, DOCKER_KEY_user, stage->user);
    put_if(fields, DOCKER_KEY_group, stage->group);
    put_if(fields, DOCKER_KEY_workdir, stage->workdir);
    docker_put_text(fields, DOCKER_KEY_shell, at, stage->shell.name);
    docker_put(fields, DOCKER_KEY_labels,
               node_make_map(at, stage->labels.items, stage->labels.count));
    docker_put(fields, DOCKER_KEY_env, env_node(build, stage));
}

static void summarize_stages(DockerBuild *build)
{
    for (uint32_t i = 0; i < build->stage_count; i++) {
        Fields fields;
        docker_begin(&fields, build);
        put_summary(build, &build->stages[i], &fields);
        build->stages[i].summary = docker_map(&fields, build->stages[i].from->line);
    }
}

/* Instructions were built before their stage was complete; now it can stand in them. */
static void fill_in_stages(DockerBuild *build, const Pieces *pieces)
{
    for (uint32_t i = 0; i < pieces->count; i++) {
        Piece *piece = &pieces->items[i];
        if (piece->stage == DOCKER_NO_STAGE || piece->body.count == 0)
            continue;
        piece->body.as.entries[piece->body.count - 1].value = build->stages[piece->stage].summary;
    }
}

static Node stage_body(DockerBuild *build, const DockerStage *stage)
{
    Fields fields;

    docker_begin(&fields, build);
    for (uint32_t i = 0; i < stage->summary.count; i++)
        fields.items[fields.count++] = stage->summary.as.entries[i];
    put_if(&fields, DOCKER_KEY_healthcheck, stage->healthcheck);
    put_if(&fields, DOCKER_KEY_entrypoint, stage->entrypoint);
    put_if(&fields, DOCKER_KEY_cmd, stage->cmd);
    docker_put(&fields, DOCKER_KEY_ports, docker_list(&stage->ports, stage->from->line));
    docker_put(&fields, DOCKER_KEY_copies_from,
               docker_list(&stage->copies_from, stage->from->line));
    docker_put(&fields, DOCKER_KEY_instructions,
               docker_list(&stage->instructions, stage->from->line));
    docker_put(&fields, DOCKER_KEY_copies, docker_list(&stage->copies, stage->from->line));
    docker_put(&fields, DOCKER_KEY_programs,
               docker_programs(build, &stage->programs, stage->from->line));
    return docker_map(&fields, stage->from->line);
}

static Node comments_node(const DockerBuild *build, Span at)
{
    NodeList list = {0};

    for (uint32_t i = 0; i < build->file->comment_count; i++)
        docker_add(build, &list,
                   node_make_string(build->file->comments[i].span, build->file->comments[i].text));
    return docker_list(&list, at);
}

static Node file_body(DockerBuild *build, const Pieces *pieces, Span at)
{
    Fields fields;
    NodeList stages = {0}, instructions = {0}, copies = {0}, args = {0};

    docker_begin(&fields, build);
    for (uint32_t i = 0; i < build->stage_count; i++)
        docker_add(build, &stages, stage_body(build, &build->stages[i]));
    for (uint32_t i = 0; i < pieces->count; i++) {
        const Piece *piece = &pieces->items[i];
        if (i && piece->instr == pieces->items[i - 1].instr->nested)
            continue;
        docker_add(build, &instructions, piece->body);
        if (docker_copies(piece->instr))
            docker_add(build, &copies, piece->body);
        if (piece->instr->op == DOCKER_ARG && piece->stage == DOCKER_NO_STAGE)
            docker_add(build, &args, piece->body);
    }
    docker_put(&fields, DOCKER_KEY_stages, docker_list(&stages, at));
    docker_put(&fields, DOCKER_KEY_instructions, docker_list(&instructions, at));
    docker_put(&fields, DOCKER_KEY_copies, docker_list(&copies, at));
    docker_put(&fields, DOCKER_KEY_args, docker_list(&args, at));
    docker_put(&fields, DOCKER_KEY_comments, comments_node(build, at));
    docker_put_text(&fields, DOCKER_KEY_escape, at, (Str){&build->file->escape, 1});
    if (build->unit->hadolint)
        docker_put(&fields, DOCKER_KEY_lint, docker_lint_node(build, build->unit->hadolint));
    if (build->file->syntax.text.size)
        docker_put_text(&fields, DOCKER_KEY_syntax, build->file->syntax.span,
                        build->file->syntax.text);
    return docker_map(&fields, at);
}

static Resource *add_resource(DockerBuild *build, Str type, Symbol symbol, Str address, Node body)
{
    Resource *resource = unit_add_resource(build->unit);

    if (!resource)
        return NULL;
    resource->type_name = type;
    resource->type = symbol;
    resource->address = address;
    resource->name = address;
    resource->body = body;
    resource->header = node_span(&body);
    return resource;
}

static Str file_name(Str path)
{
    int64_t slash = str_find_last_char(path, '/');

    return slash < 0 ? path : str_from(path, (uint32_t)slash + 1);
}

static Str stage_address(const DockerBuild *build, const DockerStage *stage)
{
    char digits[STR_DIGITS];

    return str_join(build->arena, STR("stage "),
                    stage->name.size ? stage->name : str_number(stage->index, digits));
}

static Str instr_address(const DockerBuild *build, const DockerInstr *instr)
{
    if (instr->op == DOCKER_FROM)
        return str_join(build->arena, STR("FROM "), instr->words[0].text);
    return docker_op_name(instr->op);
}

static Symbol symbol_of(const DockerBuild *build, Str type)
{
    return symbols_find(build->unit->symbols, type);
}

/* The file, then each stage before its instructions. */
static void add_resources(DockerBuild *build, const Pieces *pieces, Span at)
{
    const Node file = file_body(build, pieces, at);
    const Node *stages = node_get_named(&file, STR("stages"));
    uint32_t stage = DOCKER_NO_STAGE;

    add_resource(build, STR("dockerfile"), symbol_of(build, STR("dockerfile")),
                 file_name(build->source->path), file);
    for (uint32_t i = 0; i < pieces->count; i++) {
        const Piece *piece = &pieces->items[i];
        if (piece->stage != stage && stages && piece->stage < stages->count) {
            const DockerStage *begun = &build->stages[stage = piece->stage];
            Resource *resource = add_resource(build, STR("stage"), symbol_of(build, STR("stage")),
                                              stage_address(build, begun), stages->as.items[stage]);
            if (resource && begun->name.size)
                resource->name = begun->name;
        }
        add_resource(build, docker_op_name(piece->instr->op), build->types[piece->instr->op],
                     instr_address(build, piece->instr), piece->body);
    }
}

/* Pointers between resources hold only now that all are there. */
static void link_parents(Unit *unit, uint32_t first)
{
    const Resource *stage = NULL;

    for (uint32_t i = first + 1; i < unit->resource_count; i++) {
        Resource *resource = &unit->resources[i];
        if (str_eq(resource->type_name, STR("stage")))
            stage = resource;
        resource->parent = stage && resource != stage ? stage : &unit->resources[first];
    }
}

/* `# hadolint shell=NAME` says what the base image's shell is. */
static DockerShell first_shell(const Dockerfile *file)
{
    for (uint32_t i = 0; i < file->comment_count; i++) {
        Str text = str_trim(str_from(file->comments[i].text, 1));
        if (!str_starts(text, STR("hadolint shell=")))
            continue;
        return docker_shell_named(str_trim(str_from(text, 15)));
    }
    return docker_shell_named(file->escape == '`' ? STR("cmd") : STR("/bin/sh"));
}

struct DockerKeys {
    bool known;
    Symbol fields[DOCKER_KEY_COUNT];
    Symbol types[DOCKER_OP_COUNT]; /* of instructions */
};

struct DockerKeys *docker_keys_new(void)
{
    return calloc(1, sizeof(struct DockerKeys));
}

/* The symbols of names that all files have; NULL when the arena is spent. */
static const struct DockerKeys *find_keys(const Unit *unit)
{
    struct DockerKeys *keys =
        unit->docker_keys ? unit->docker_keys : ARENA_NEW(unit->arena, struct DockerKeys);

    if (!keys || keys->known)
        return keys;
    for (uint32_t i = 0; i < DOCKER_KEY_COUNT; i++)
        keys->fields[i] = symbols_find(unit->symbols, docker_key_names[i]);
    for (uint32_t i = 0; i < DOCKER_OP_COUNT; i++)
        keys->types[i] = symbols_find(unit->symbols, docker_op_name((DockerOp)i));
    keys->known = true;
    return keys;
}

static DockerBuild new_build(Unit *unit, const Source *source, const Dockerfile *file)
{
    DockerBuild build = {.unit = unit, .arena = unit->arena, .file = file, .source = source};
    const struct DockerKeys *keys = find_keys(unit);

    build.symbols = keys ? keys->fields : NULL;
    build.types = keys ? keys->types : NULL;
    build.work = ARENA_NEW(unit->arena, uint32_t);
    build.global = (DockerScope){
        .arena = unit->arena, .escape = file->escape, .global = true, .work = build.work};
    build.shell = first_shell(file);
    build.names = symbols_builder(unit->arena, NULL);
    return build;
}

bool docker_build(Unit *unit, Source *source)
{
    Dockerfile *file = dockerfile_read(source, unit->arena, &unit->diags);
    uint32_t first = unit->resource_count;
    Pieces pieces = {0};
    DockerBuild build;
    Span at;

    unit->format = FORMAT_DOCKERFILE;
    unit->closed = true;
    if (!file)
        return false;
    build = new_build(unit, source, file);
    if (!build.names || !build.work || !build.symbols)
        return false;
    read_instructions(&build, &pieces);
    mark_needed(&build);
    mark_shipped(&build);
    summarize_stages(&build);
    fill_in_stages(&build, &pieces);
    at = (Span){source->number, 0, 0};
    if (build.stage_count)
        at = build.stages[build.stage_count - 1].from->line;
    else if (file->first)
        at = file->first->line;
    if (file->first)
        add_resources(&build, &pieces, at);
    else if (unit->diags.errors == 0)
        diag_error(&unit->diags, DIAG_DOCKER_SYNTAX, at, "there is no instruction in this file");
    link_parents(unit, first);
    return !arena_spent(unit->arena);
}
