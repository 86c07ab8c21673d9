/*
 * ir/plan_source.h - where a plan's resources stand in the configuration that it was made of
 *
 * A plan has no positions. Its addresses lead through the module calls of the .tf files to a
 * resource's block, and the path of an attribute leads on to the argument inside of it. Nothing is
 * evaluated: instances of count and for_each share their block.
 */
#ifndef PLUMB_IR_PLAN_SOURCE_H
#define PLUMB_IR_PLAN_SOURCE_H

#include "ir/terraform.h"

typedef struct PlanSource PlanSource;

/* The configuration whose root module lies in `dir`, with all modules that are here. Its sources go
 * to `unit`, one after the other; mistakes in it are the source scan's to report. `files` is kept.
 * NULL where `dir` has no module, and when the arena is spent. */
PlanSource *plan_source_new(Unit *unit, Str dir, const TerraformFiles *files);

/* Whether the configuration declares some of the root module's resources and calls in the plan of
 * `unit`, so that it is the one that the plan was made of, this version of it or another. */
bool plan_source_fits(PlanSource *source);

typedef struct PlanPlace {
    Span header; /* of the block */
    Span call;   /* of the module call that it was made by; SPAN_NONE in the root module */
    Span at;     /* of the argument or nested block, as deep as the path can be followed; the header
                    where it stands nowhere */
} PlanPlace;

/* Where `attribute` of `resource`, a path such as "ingress[0].cidr_blocks", stands; empty for the
 * resource itself. False where the configuration has no such block. */
bool plan_source_find(PlanSource *source, const Resource *resource, Str attribute,
                      PlanPlace *place);

#endif
