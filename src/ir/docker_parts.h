/*
 * ir/docker_parts.h - what the front end of Dockerfiles is put together from
 *
 * Of ir/docker.c and its halves only: docker_body.c makes the bodies of instructions, and
 * docker_commands.c what shells are told in them; docker_lint.c reads hadolint's configuration,
 * docker_marks.c what is in a script besides.
 */
#ifndef PLUMB_IR_DOCKER_PARTS_H
#define PLUMB_IR_DOCKER_PARTS_H

#include <assert.h>

#include "ir/docker_expand.h"
#include "ir/unit.h"
#include "syntax/dockerfile.h"
#include "syntax/shell.h"

typedef enum DockerKey {
#define KEY(name) DOCKER_KEY_##name,
#include "ir/docker_keys.def"
#undef KEY
    DOCKER_KEY_COUNT
} DockerKey;

/* A list of nodes, or of entries, that grows. */
typedef struct NodeList {
    Node *items;
    uint32_t count;
    uint32_t capacity;
} NodeList;

typedef struct EntryList {
    Entry *items;
    uint32_t count;
    uint32_t capacity;
} EntryList;

/* How the commands of a stage are run. */
typedef struct DockerShell {
    Str path;             /* as SHELL names it, or a `#!` line: there it may be that of env */
    Str name;             /* "sh", "bash", "powershell"; without path and ".exe" */
    bool posix;           /* its scripts can be read */
    ShellOptions options; /* given in SHELL */
    Node words;           /* of SHELL; NODE_NULL without one */
} DockerShell;

#define DOCKER_NO_STAGE UINT32_MAX

typedef struct DockerStage {
    const DockerInstr *from;
    uint32_t index;
    Str name; /* empty where it has none */
    Span name_span;
    Node image;
    Node platform;
    uint32_t base; /* number of the stage that FROM names, or DOCKER_NO_STAGE */
    DockerScope scope;
    DockerScope later; /* what ONBUILD sees, from where it sets a variable; before, no arena */
    DockerShell shell;
    Node user, group, workdir, healthcheck, entrypoint, cmd; /* in force; NODE_NULL without one */
    EntryList labels;
    bool labels_shared; /* still those of the base */
    NodeList ports;
    bool ports_shared; /* the same */
    NodeList copies, copies_from, instructions;
    NodeList programs; /* of each RUN */
    uint32_t *uses;    /* stages that it copies or mounts from */
    uint32_t use_count;
    uint32_t use_capacity;
    uint32_t seen[DOCKER_OP_COUNT]; /* instructions of each kind so far */
    Entry *latest[DOCKER_OP_COUNT]; /* the field `last` of the latest of each kind */
    Node summary;                   /* what an instruction shows as `stage` */
    bool needed;                    /* the last stage depends on it */
    bool ships;                     /* it is the last stage, or a base of it */
    bool name_taken;                /* an earlier stage has its name */
    Node previous;                  /* of its latest instruction, what the next one shows */
} DockerStage;

typedef struct DockerBuild {
    Unit *unit;
    Arena *arena;
    const Dockerfile *file;
    const Source *source;
    const Symbol *symbols; /* of field names */
    const Symbol *types;   /* of instructions, by DockerOp */
    DockerScope global;    /* what FROM sees */
    DockerShell shell;     /* that stages start with */
    DockerStage *stages;
    uint32_t stage_count;
    uint32_t stage_capacity;
    SymbolBuilder *names; /* of stages, in lower case */
    uint32_t *named;      /* stage of each such name */
    uint32_t named_capacity;
    uint32_t *work;   /* done so far for the patterns of expansions */
    uint32_t index;   /* of the instruction that is built */
    uint32_t comment; /* the first one that no instruction has taken yet */
} DockerBuild;

/* No map of docs/rules-docker-view.md has more fields. */
enum { DOCKER_FIELDS_MAX = 40 };

/* A map under construction, whose keys are those of docker_keys.def, each put once. It is put
 * together outside the arena, where the values go meanwhile. */
typedef struct Fields {
    const DockerBuild *build;
    uint32_t count;
    Entry items[DOCKER_FIELDS_MAX];
} Fields;

static inline void docker_begin(Fields *fields, const DockerBuild *build)
{
    fields->build = build;
    fields->count = 0;
}

extern const Str docker_key_names[];

/* The key of a derived field is nowhere in the file: the value's place stands for both. */
static inline void docker_put(Fields *fields, DockerKey key, Node value)
{
    assert(fields->count < DOCKER_FIELDS_MAX);
    fields->items[fields->count++] = (Entry){.key = docker_key_names[key].data,
                                             .key_size = docker_key_names[key].size,
                                             .symbol = fields->build->symbols[key],
                                             .key_start = value.start,
                                             .key_end = value.end,
                                             .value = value};
}

static inline void docker_put_bool(Fields *fields, DockerKey key, Span at, bool value)
{
    docker_put(fields, key, node_make_bool(at, value));
}

static inline void docker_put_int(Fields *fields, DockerKey key, Span at, uint32_t value)
{
    docker_put(fields, key, node_make_int(at, value));
}

static inline void docker_put_text(Fields *fields, DockerKey key, Span at, Str text)
{
    docker_put(fields, key, node_make_string(at, text));
}

Node docker_map(const Fields *fields, Span at);

/* An entry under a name of the file's own, such as a label. A name given twice keeps its place and
 * takes the new value; past a few hundred names no more are taken. */
void docker_put_named(const DockerBuild *build, EntryList *list, Str name, Span at, Node value);

/* An empty list with room for `count` nodes. */
NodeList docker_list_for(const DockerBuild *build, uint32_t count);
void docker_add(const DockerBuild *build, NodeList *list, Node node);
Node docker_list(const NodeList *list, Span at);

/* The last part of a path, and without ".exe". */
Str docker_program(Str path);

/* The stage that a name or, if `by_number`, a number means to an instruction of stage `before` (or
 * to FROM that begins it), else DOCKER_NO_STAGE. */
uint32_t docker_find_stage(const DockerBuild *build, Str name, uint32_t before, bool by_number);

/* The body of an instruction. `stage` is the one that it stands in, or NULL above the first; its
 * state (user, labels, variables, ...) moves on, unless the instruction is one of ONBUILD. */
Node docker_instr_body(DockerBuild *build, DockerStage *stage, const DockerInstr *instr,
                       bool onbuild);

/* Whether it is COPY or ADD. */
static inline bool docker_copies(const DockerInstr *instr)
{
    return instr->op == DOCKER_COPY || instr->op == DOCKER_ADD;
}

/* What the commands of an instruction come to: fields `size` and `programs`. */
typedef struct DockerCommands {
    uint32_t size;
    Node programs;
} DockerCommands;

/* Fields exec_form, words, text and commands of RUN, CMD, ENTRYPOINT and HEALTHCHECK, and what
 * comes of them. */
DockerCommands docker_put_command(DockerBuild *build, const DockerShell *shell,
                                  const DockerScope *scope, const DockerInstr *instr,
                                  Fields *fields);

/* One map of several `programs`. */
Node docker_programs(const DockerBuild *build, const NodeList *maps, Span at);

/* The field `lint`: what hadolint's configuration says that rules ask for. */
Node docker_lint_node(const DockerBuild *build, const Node *config);

/* What the script of a RUN holds besides its commands (syntax/shell_marks.def): fields unquoted,
 * undefined, unused, substitutions and constructs. `numbers` says which of the
 * instruction's commands each of the script's is. */
void docker_put_marks(const DockerBuild *build, const DockerScope *scope, const ShellScript *script,
                      const MappedText *text, const uint32_t *numbers, Fields *fields);

/* The variables of a script as far as it, or the Dockerfile, says what they are. */
typedef struct DockerLocals DockerLocals;

/* NULL where nothing in the script is expanded, and when the arena is spent. */
DockerLocals *docker_locals_new(const DockerBuild *build, const DockerScope *scope,
                                const ShellScript *script);

/* The command with each word replaced that is one known variable and nothing else. */
ShellCommand docker_locals_resolve(DockerLocals *locals, const ShellCommand *command);

/* Takes note of what a command sets, for those after it. */
void docker_locals_note(DockerLocals *locals, const ShellCommand *command);

/* What SHELL says; `before` is in force where its words cannot be known. */
DockerShell docker_shell_read(const DockerBuild *build, const DockerInstr *instr);
DockerShell docker_shell_named(Str path);

/* The one that runs the instruction: of a script in a heredoc that begins with `#!`, the one named
 * there. */
DockerShell docker_shell_of(const DockerInstr *instr, const DockerShell *shell);

#endif
