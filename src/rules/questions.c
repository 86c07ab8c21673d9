#include "rules/questions.h"

#include <stdlib.h>

#include "rules/ruleset.h"

typedef struct Question {
    uint32_t code; /* offsets of code */
    uint32_t each; /* 0 where it is about the resource */
    uint32_t kind; /* `when` and `each` are answered differently */
    uint32_t *number;
} Question;

enum {
    QUESTION_WHEN,
    QUESTION_EACH,
};

/* Whether an expression that reads these variables is the rule's own: what they are depends on it.
 */
static bool is_own(uint32_t variables)
{
    const uint32_t own = 1u << RULE_VAR_PARAMS | 1u << RULE_VAR_OBJECT | 1u << RULE_VAR_OLD_OBJECT |
                         1u << RULE_VAR_REQUEST;

    return (variables & own) != 0;
}

/* Adds the question that a condition is, unless it is the rule's own or has none. */
static uint32_t list_condition(const Rule *rule, BlobCondition *condition, Question *list)
{
    bool each_own = !rule->each.size || is_own(rule->each_variables);

    if (!condition->code.size || is_own(condition->variables) || (condition->each && each_own))
        return 0;
    *list = (Question){condition->code.offset, condition->each ? rule->each.offset : 0,
                       QUESTION_WHEN, &condition->shared};
    return 1;
}

static uint32_t list_questions(Rule *rules, uint32_t count, Question *list)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < count; i++) {
        Rule *rule = &rules[i];
        if (rule->each.size && !is_own(rule->each_variables))
            list[found++] = (Question){rule->each.offset, 0, QUESTION_EACH, &rule->each_shared};
        found += list_condition(rule, &rule->when, list + found);
        found += list_condition(rule, &rule->guard, list + found);
    }
    return found;
}

static int compare_numbers(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

static int compare(const void *a, const void *b)
{
    const Question *x = a, *y = b;
    int order = compare_numbers(x->code, y->code);

    if (order == 0)
        order = compare_numbers(x->each, y->each);
    return order ? order : compare_numbers(x->kind, y->kind);
}

uint32_t questions_share(Rule *rules, uint32_t count, Arena *arena)
{
    Question *list = ARENA_ARRAY(arena, Question, (size_t)count * 3 + 1);
    uint32_t found, number = 0;

    if (!list || !count)
        return 0;
    found = list_questions(rules, count, list);
    qsort(list, found, sizeof *list, compare);
    for (uint32_t i = 1; i < found; i++) {
        if (compare(&list[i - 1], &list[i]) != 0)
            continue;
        if (*list[i - 1].number == 0)
            *list[i - 1].number = ++number;
        *list[i].number = number;
    }
    return number;
}
