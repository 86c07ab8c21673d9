/*
 * ir/plan_values.h - the values of a resource in a plan, with what is unknown and sensitive
 *
 * `change.after` holds what is known; `after_unknown` and `after_sensitive` mirror its shape, with
 * `true` at a leaf or for a whole subtree. They are laid over the nodes of `after` in place.
 */
#ifndef PLUMB_IR_PLAN_VALUES_H
#define PLUMB_IR_PLAN_VALUES_H

#include "syntax/node.h"

typedef struct PlanValues {
    Arena *arena;
    const Symbols *symbols;
    bool config_known; /* the plan has a configuration, so what it does not set is unset */
    const struct PlanModule *module; /* that the resource stands in */
    const Node *variables;           /* of the root module, as given to the plan */
} PlanValues;

/* Puts unknowns into `*body` where `mask` says so. `expressions`, of the resource's configuration
 * block, may be NULL; it tells the causes, and what the configuration sets. */
void plan_put_unknown(const PlanValues *values, Node *body, const Node *mask,
                      const Node *expressions);

/* For values without a mask (`planned_values`, where unknown and null look the same): arguments
 * given by a reference whose value is missing become unknown. */
void plan_put_referenced(const PlanValues *values, Node *body, const Node *expressions);

/* Flags what `mask` calls sensitive. */
void plan_put_sensitive(const PlanValues *values, Node *body, const Node *mask);

/* The body that a provider's configuration block gives: constants, and unknowns for references. */
Node plan_constants(const PlanValues *values, const Node *expressions, uint32_t depth);

/* Whether what the configuration of a block says in constants is what `body` has. */
bool plan_constants_agree(const Node *config, const Node *body);

/* Of a nested block's configuration (a list of maps, or one), the one that item `index` of `body`'s
 * list was made from; NULL where that is not certain, as with dynamic blocks. */
const Node *plan_block_config(const Node *config, const Node *body, uint32_t index);

#endif
