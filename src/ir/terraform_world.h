/*
 * ir/terraform_world.h - what names mean inside a Terraform module, evaluated when asked for
 *
 * Nothing has to be sorted: a local value, an argument of a resource, an output is evaluated when
 * the first expression wants it, and kept. One that is wanted while it is being evaluated is a
 * cycle.
 */
#ifndef PLUMB_IR_TERRAFORM_WORLD_H
#define PLUMB_IR_TERRAFORM_WORLD_H

#include "ir/hcl_eval.h"
#include "ir/terraform.h"
#include "ir/terraform_config.h"

typedef struct TfModule TfModule;
typedef struct TfInstance TfInstance;

/* Something that an expression referred to while it was evaluated. */
typedef struct TfRef {
    Str target; /* address; with instance key where it is certain */
    Str attribute;
    const TfInstance *to; /* or NULL */
} TfRef;

typedef struct TfRefs {
    TfRef *items;
    uint32_t count;
    uint32_t capacity;
} TfRefs;

/* A value that is evaluated once. */
typedef struct TfSlot {
    enum { TF_SLOT_NEW, TF_SLOT_RUNNING, TF_SLOT_DONE } state;
    Node value;
    TfRefs refs; /* what it referred to, itself or through others */
} TfSlot;

typedef enum TfExpansion {
    TF_SINGLE,
    TF_COUNT,
    TF_EACH,
    TF_OPEN, /* how many there are is unknown: one instance stands for all */
} TfExpansion;

/* A resource, data source or module call with its key: count.index, each.key. */
struct TfInstance {
    TfModule *module;
    const TfItem *item;
    TfExpansion expansion;
    Node key;
    Node each_value;
    Str address;
    TfSlot *attributes;         /* as many as the block has; NULL before the first is wanted */
    TfModule *child;            /* of a module call, where its files are known */
    bool child_missing;         /* they were looked for and are not there */
    uint32_t same;              /* how many it stands for (ir/terraform_groups.h) */
    uint32_t number;            /* of its Resource in the unit + 1 */
    const TfInstance **targets; /* of the resource's refs, one for one */
};

/* What a module's item has become. */
typedef struct TfObject {
    TfSlot slot; /* of a variable, local or output its value; of a resource or call its instances */
    TfExpansion expansion;
    TfInstance *instances;
    uint32_t count;
    bool grouped; /* some stand for several */
} TfObject;

/* A module with its inputs: the root, or one instance of a call. */
struct TfModule {
    const TfConfig *config;
    Str path; /* "module.vpc[0]"; empty for the root */
    Str dir;  /* path.module */
    TfModule *parent;
    const TfInstance *call; /* in the parent; NULL for the root */
    TfObject *objects;      /* one for each item of the config */
};

typedef struct TfWorld {
    Unit *unit;
    HclEval eval;
    HclWorld hcl;
    const TerraformOptions *options;
    StrMap missing; /* names that are not declared, with the directory that lacks them */
    StrMap values;  /* of root variables: number in `given` + 1 */
    Node *given;
    uint32_t given_count;
    uint32_t given_capacity;
    uint32_t instance_count;
    TfModule *module;           /* whose names are looked up */
    const TfInstance *instance; /* whose each, count and self hold; or NULL */
    TfRefs *refs;               /* where references are noted; or NULL */
    Str last_provider;          /* the last answer of tf_provider_address() */
    /* Makes the module that an instance of a call stands for; NULL where modules are not read. */
    TfModule *(*child)(struct TfWorld *world, TfInstance *call);
    void *child_context;
} TfWorld;

static inline Arena *tf_arena(const TfWorld *world)
{
    return world->unit->arena;
}

/* Sets up `*world`, which must not move from then on. */
void tf_world_init(TfWorld *world, Unit *unit, const TerraformOptions *options);

/* A module that declares `config`; NULL when the arena is spent. */
TfModule *tf_module_new(TfWorld *world, const TfConfig *config, Str path, Str dir);

/* Where expressions are evaluated; restored in the reverse order. */
typedef struct TfContext {
    TfModule *module;
    const TfInstance *instance;
    TfRefs *refs;
    const HclScope *scope;
    const Node *splat_item;
    uint32_t quiet;
    bool failed;
} TfContext;

TfContext tf_enter(TfWorld *world, TfModule *module, const TfInstance *instance, TfRefs *refs);
void tf_leave(TfWorld *world, const TfContext *context);

/* The value of an argument that stands in the block of `instance`, and what it refers to. */
const TfSlot *tf_argument(TfWorld *world, const TfInstance *instance, uint32_t number);

/* What the configuration gives `instance` under a name: an argument that is not null, or blocks.
 * False where it gives nothing. */
bool tf_given(TfWorld *world, const TfInstance *instance, Str name, Node *value);

/* The value of `expr` in the present context, its references added to `*refs`. */
Node tf_evaluate(TfWorld *world, const HclExpr *expr, TfRefs *refs);

/* The value of a variable, local value or output. */
const TfSlot *tf_value(TfWorld *world, TfModule *module, const TfItem *item);

/* The blocks of a type in `body` as a list of maps, dynamic ones included; null where there are
 * none. In the present context. */
Node tf_blocks(TfWorld *world, const HclBody *body, Str type);

/* Begins to evaluate a slot; false where it is done, or is being evaluated. */
bool tf_slot_begin(TfSlot *slot);

/* Ends a slot that is wanted while it is being evaluated: it is never known, which is reported. */
void tf_slot_cycle(TfWorld *world, TfSlot *slot, Str name, Span at);

/* Keeps the value, unless a cycle has ended the slot meanwhile. */
void tf_slot_end(TfSlot *slot, Node value);

/* Notes a reference, once. */
void tf_refs_add(TfWorld *world, TfRefs *refs, TfRef ref);
void tf_refs_join(TfWorld *world, TfRefs *refs, const TfRefs *more);

#endif
