/*
 * ir/terraform_config.h - what the files of one Terraform module declare
 *
 * A table from names to blocks, before anything is evaluated.
 */
#ifndef PLUMB_IR_TERRAFORM_CONFIG_H
#define PLUMB_IR_TERRAFORM_CONFIG_H

#include "ir/str_map.h"
#include "ir/unit.h"
#include "syntax/hcl.h"

typedef enum TfKind {
    TF_RESOURCE,
    TF_DATA,
    TF_VARIABLE,
    TF_LOCAL,
    TF_OUTPUT,
    TF_MODULE,
    TF_PROVIDER,
    TF_TERRAFORM,
} TfKind;

typedef struct TfItem {
    TfKind kind;
    Str type; /* of a resource, a data source, a provider */
    Str name;
    const HclBlock *block; /* NULL for a local value */
    const HclExpr *expr;   /* a local's value */
    Span span;             /* of the name, for messages */
} TfItem;

typedef struct TfConfig {
    Arena *arena;
    Str dir;       /* of its files, relative to the scan's root */
    TfItem *items; /* in the order of the files */
    uint32_t count;
    uint32_t capacity;
    StrMap index;
    bool built; /* its own blocks are resources already, for another call of the module */
} TfConfig;

TfConfig tf_config_new(Arena *arena);

/* Adds what a file declares. What is declared twice is reported; both are kept, and a name means
 * the first. False when the arena is spent. */
bool tf_config_add(TfConfig *config, const HclBody *file, DiagSink *diags);

/* Merges what an override file declares into what is there: arguments take the place of those of
 * the same name, blocks that of all of their type; blocks of `lifecycle` and `required_providers`
 * are merged themselves. What is not there is added. False when the arena is spent. */
bool tf_config_override(TfConfig *config, const HclBody *file, DiagSink *diags);

/* What is declared under a name; `type` is empty for all but resources, data and providers. NULL
 * where nothing is. */
const TfItem *tf_config_find(const TfConfig *config, TfKind kind, Str type, Str name);

/* The value of an attribute in the item's block, or NULL. */
const HclExpr *tf_item_expr(const TfItem *item, const char *name);

/* "aws_s3_bucket.a", "data.aws_ami.x", "var.x", "module.m": as expressions write it. */
Str tf_item_reference(const TfItem *item, Arena *arena);

#endif
