/*
 * tests/unit/demo_rule.h - one rule that reports in tests are about
 */
#ifndef PLUMB_TESTS_DEMO_RULE_H
#define PLUMB_TESTS_DEMO_RULE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka wants those before it */
#include <cmocka.h>

#include "rules/load.h"

static const char demo_rule[] = "- id: demo-a\n"
                                "  title: Demo\n"
                                "  severity: high\n"
                                "  category: security\n"
                                "  for: Pod\n"
                                "  check: resource.a != 1\n"
                                "  message: a is one\n"
                                "  why: Because.\n"
                                "  fix: |\n"
                                "    Do\n"
                                "    this.\n"
                                "\n"
                                "    Or that.\n"
                                "  tests:\n"
                                "    - fail: |\n"
                                "        {apiVersion: v1, kind: Pod, metadata: {name: a}, a: 1}\n"
                                "    - pass: |\n"
                                "        {apiVersion: v1, kind: Pod, metadata: {name: a}, a: 2}\n";

static RuleContext context;
static RuleSet rules;

/* For the group of all tests. */
static int make_rules(void **state)
{
    RuleTree tree = rule_tree_new();
    CompileOptions options = {0};

    (void)state;
    context = rule_context_new();
    if (!rule_tree_add_text(&tree, STR("demo.yaml"), str_of(demo_rule), &context))
        return -1;
    rule_tree_done(&tree, &context);
    return rules_compile(tree.first, &options, &context, &rules) && ruleset_rule_count(&rules) == 1
               ? 0
               : -1;
}

static int free_rules(void **state)
{
    (void)state;
    rule_context_free(&context);
    return 0;
}

#endif
