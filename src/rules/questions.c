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

static bool is_own(uint32_t variables)
{
    return (variables & 1u << RULE_VAR_PARAMS) != 0;
}

static uint32_t list_questions(Rule *rules, uint32_t count, Question *list)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < count; i++) {
        Rule *rule = &rules[i];
        bool each_own = !rule->each.size || is_own(rule->each_variables);
        bool when_own = !rule->when.size || is_own(rule->when_variables);

        if (!each_own)
            list[found++] = (Question){rule->each.offset, 0, QUESTION_EACH, &rule->each_shared};
        if (!when_own && !rule->when_each)
            list[found++] = (Question){rule->when.offset, 0, QUESTION_WHEN, &rule->when_shared};
        if (!when_own && rule->when_each && !each_own)
            list[found++] =
                (Question){rule->when.offset, rule->each.offset, QUESTION_WHEN, &rule->when_shared};
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
    Question *list = ARENA_ARRAY(arena, Question, (size_t)count * 2 + 1);
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
