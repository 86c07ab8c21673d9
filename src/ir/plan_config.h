/*
 * ir/plan_config.h - the `configuration` of a Terraform plan, ready for look-ups
 *
 * A plan gives each module's configuration once for each call, whatever the number of instances.
 * The tables point into the nodes of the plan and live in the unit's arena.
 */
#ifndef PLUMB_IR_PLAN_CONFIG_H
#define PLUMB_IR_PLAN_CONFIG_H

#include "ir/address.h"
#include "syntax/node.h"

typedef struct PlanModule PlanModule;

/* A module of the configuration. */
struct PlanModule {
    const PlanModule *parent; /* NULL for the root */
    Str name;                 /* of the call in the parent */
    const Node *call; /* expressions, count_expression, for_each_expression; NULL for the root */
    const Node *node; /* resources, module_calls, outputs */
    uint32_t number;
};

typedef struct PlanConfig PlanConfig;

/* Indexes `configuration`, the member of a plan; NULL is a plan without one. `variables` is another
 * member of it, or NULL, and kept. NULL when the arena is spent. */
PlanConfig *plan_config_new(Arena *arena, const Node *configuration, const Node *variables);

/* What the root module's variables were: a map of maps with `value`; or NULL. */
const Node *plan_config_variables(const PlanConfig *config);

/* Whether the plan has a configuration at all: without one nothing is known of who set what. */
bool plan_config_known(const PlanConfig *config);

/* The module at an instance path such as "module.a[0].module.b"; NULL where there is none. */
const PlanModule *plan_config_module(PlanConfig *config, Str path);

/* The module that `parent` calls `name`, or NULL. */
const PlanModule *plan_config_child(const PlanConfig *config, const PlanModule *parent, Str name);

/* The block of a resource by its address inside the module, "aws_x.y" or "data.aws_x.y"; NULL where
 * there is none. `module` may be NULL. */
const Node *plan_config_resource(const PlanConfig *config, const PlanModule *module, Str local);

/* Of an expression of the configuration: the references it lists, NULL where it lists none. */
const Node *plan_expression_references(const Node *expression);

/* Whether an expression of `module` is surely null: a variable that its callers leave unset or pass
 * a null for. `root_variables` is the plan's member `variables`. */
bool plan_expression_is_null(const Node *expression, const PlanModule *module,
                             const Node *root_variables);

/* Whether `node` is one argument's expression and not a nested block. */
bool plan_is_expression(const Node *node);

#endif
