/*
 * ir/terraform_body.h - a block of Terraform to the body of a resource
 */
#ifndef PLUMB_IR_TERRAFORM_BODY_H
#define PLUMB_IR_TERRAFORM_BODY_H

#include "ir/terraform_world.h"

/* A reference of a body that is being made. */
typedef struct TfPlacedRef {
    Str path; /* with positions: "ingress.0.cidr_blocks.1" */
    Str from; /* without: "ingress.cidr_blocks" */
    TfRef ref;
} TfPlacedRef;

typedef struct TfBody {
    TfWorld *world;
    const TfInstance *instance; /* whose arguments are kept; NULL for other blocks */
    TfPlacedRef *refs;
    uint32_t ref_count;
    uint32_t ref_capacity;
    uint32_t depth;
} TfBody;

/* The body of `block` in the world's present context. */
Node tf_body(TfBody *body, const HclBlock *block);

/* The list of the blocks of `type` among those of `body`, dynamic ones expanded. */
Node tf_block_list(TfBody *out, const HclBody *body, Str type, Str path, Str from);

#endif
