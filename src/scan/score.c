#include "scan/score.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sha256.h"

/* A rule's weight grows with the resources that it decided, up to so many. */
#define MOST_RESOURCES 10u
/* What a rule loses is kept in millionths of its weight, what a category loses in thousandths of a
 * point: fine enough that a share such as a third adds up again. */
#define WEIGHT_PARTS 1000000u
#define POINT_PARTS 1000u
#define ALL_POINTS (100u * POINT_PARTS)

static const uint32_t severity_weights[] = {
    [SEVERITY_INFO] = 0, [SEVERITY_LOW] = 1,       [SEVERITY_MEDIUM] = 2,
    [SEVERITY_HIGH] = 5, [SEVERITY_CRITICAL] = 10,
};

typedef struct CategoryInfo {
    const char *title;
    uint32_t weight;
} CategoryInfo;

static const CategoryInfo categories[] = {
    [CATEGORY_SECURITY] = {"Security Baseline", 33},
    [CATEGORY_RELIABILITY] = {"Reliability", 20},
    [CATEGORY_AUTOMATION] = {"Infrastructure Automation", 14},
    [CATEGORY_GITOPS] = {"GitOps Maturity", 14},
    [CATEGORY_COST] = {"Cost", 9},
    [CATEGORY_OBSERVABILITY] = {"Observability", 5},
    [CATEGORY_DOCUMENTATION] = {"Documentation", 5},
};

static uint32_t smaller(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

static uint64_t divide(uint64_t a, uint64_t b)
{
    return (a + b / 2) / b;
}

/* --- rules --- */

static uint64_t decided(const RuleTally *tally)
{
    return (uint64_t)tally->passed + tally_failed(tally);
}

static uint32_t weight_of(const RuleScore *rule)
{
    return severity_weights[rule->severity] * smaller(rule->tally.resources, MOST_RESOURCES);
}

/* What a rule loses, in millionths of a weight; not 0 where anything failed. A failure of lower
 * severity than the rule's costs in proportion. */
static uint64_t weight_lost(const RuleScore *rule)
{
    uint64_t failed = 0, lost;

    if (!rule->weight)
        return 0;
    for (int i = SEVERITY_LOW; i <= SEVERITY_CRITICAL; i++)
        failed += (uint64_t)rule->tally.failed[i] *
                  smaller(severity_weights[i], severity_weights[rule->severity]);
    lost = divide(failed * smaller(rule->tally.resources, MOST_RESOURCES) * WEIGHT_PARTS,
                  decided(&rule->tally));
    return failed && !lost ? 1 : lost;
}

/* In thousandths of a point; never 0 for what lost anything, so that only what is met everywhere
 * comes to 100. */
static uint32_t points_lost(uint64_t lost, uint64_t weight)
{
    uint64_t points = weight ? divide(lost * ALL_POINTS, weight * WEIGHT_PARTS) : 0;

    return lost && !points ? 1 : (uint32_t)points;
}

/* --- categories --- */

static int compare_categories(const void *a, const void *b)
{
    const RuleScore *x = a, *y = b;

    return (x->category > y->category) - (x->category < y->category);
}

static int compare_rules(const void *a, const void *b)
{
    const RuleScore *x = a, *y = b;

    if (x->lost != y->lost)
        return x->lost > y->lost ? -1 : 1;
    return str_cmp(x->id, y->id);
}

static void raise_cap(ScoreValue *value, const RuleScore *rule, ScoreCap cap, Severity severity)
{
    const RuleScore *before = value->cap_rule;
    uint32_t failed = rule->tally.failed[severity];

    if (!failed || cap < value->cap)
        return;
    value->cap_rules = cap > value->cap ? 1 : value->cap_rules + 1;
    if (cap > value->cap || failed > before->tally.failed[severity] ||
        (failed == before->tally.failed[severity] && str_cmp(rule->id, before->id) < 0)) {
        value->cap = cap;
        value->cap_rule = rule;
    }
}

static void apply_cap(ScoreValue *value)
{
    if (value->applicable)
        value->value = smaller(value->uncapped, score_cap_limit(value->cap));
}

static void add_rule(ScoreValue *value, const RuleScore *rule)
{
    if (!severity_weights[rule->severity])
        return;
    value->decided += decided(&rule->tally);
    value->undecided += rule->tally.unknown;
    value->rules += rule->weight > 0;
    raise_cap(value, rule, SCORE_CAP_HIGH, SEVERITY_HIGH);
    raise_cap(value, rule, SCORE_CAP_CRITICAL, SEVERITY_CRITICAL);
}

/* Sums of the rules of one category, which follow each other. */
static void compute_category(RuleScore *rules, uint32_t count, bool incomplete, ScoreValue *value)
{
    uint64_t weight = 0, lost = 0;

    for (uint32_t i = 0; i < count; i++) {
        weight += rules[i].weight;
        lost += weight_lost(&rules[i]);
    }
    for (uint32_t i = 0; i < count; i++)
        rules[i].lost = points_lost(weight_lost(&rules[i]), weight);
    if (count)
        qsort(rules, count, sizeof *rules, compare_rules);
    value->lost = rules;
    for (uint32_t i = 0; i < count; i++) {
        value->lost_count += rules[i].lost > 0;
        add_rule(value, &rules[i]);
    }
    value->applicable = weight > 0;
    if (value->applicable)
        value->uncapped = (ALL_POINTS - points_lost(lost, weight)) / POINT_PARTS;
    if (value->cap == SCORE_CAP_NONE && incomplete)
        value->cap = SCORE_CAP_INCOMPLETE;
    apply_cap(value);
}

static void compute_overall(Score *score)
{
    const ScoreValue *security = &score->categories[CATEGORY_SECURITY];
    ScoreValue *overall = &score->overall;
    uint32_t weight = 0, sum = 0;

    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++) {
        const ScoreValue *value = &score->categories[i];
        overall->rules += value->rules;
        overall->decided += value->decided;
        overall->undecided += value->undecided;
        if (!value->applicable)
            continue;
        weight += categories[i].weight;
        sum += categories[i].weight * value->value;
    }
    overall->applicable = weight > 0;
    if (weight)
        overall->uncapped = sum / weight;
    overall->cap = security->cap;
    overall->cap_rule = security->cap_rule;
    overall->cap_rules = security->cap_rules;
    apply_cap(overall);
}

void score_compute(RuleScore *rules, uint32_t count, bool incomplete, Score *score)
{
    *score = (Score){.incomplete = incomplete};
    for (uint32_t i = 0; i < count; i++) {
        rules[i].weight = weight_of(&rules[i]);
        rules[i].lost = 0;
    }
    if (count)
        qsort(rules, count, sizeof *rules, compare_categories);
    for (uint32_t i = 0, first = 0; i < SCORE_CATEGORIES; i++) {
        uint32_t end = first;
        while (end < count && rules[end].category == (Category)i)
            end++;
        compute_category(rules + first, end - first, incomplete, &score->categories[i]);
        first = end;
    }
    compute_overall(score);
}

/* --- a scan --- */

/* Which rules of a set count, a bit for each: the set itself is told by its own hash. */
typedef struct CountedBits {
    Sha256 hash;
    char bytes[256]; /* those in the making */
    uint32_t first;  /* the number of the first of them */
    uint32_t last;   /* of the last one that has a bit */
} CountedBits;

static void add_bit(CountedBits *counted, uint32_t number)
{
    char *byte;

    for (; number / 8 - counted->first >= sizeof counted->bytes;
         counted->first += sizeof counted->bytes) {
        sha256_add(&counted->hash, (Str){counted->bytes, sizeof counted->bytes});
        memset(counted->bytes, 0, sizeof counted->bytes);
    }
    byte = &counted->bytes[number / 8 - counted->first];
    *byte = (char)(*byte | 1 << number % 8);
    counted->last = number / 8;
}

/* Where nothing is said of rules, those count that are on by default. */
static void hash_counted(const EvalOptions *options, CountedBits *counted)
{
    bool plain = !options->first_rule && !options->rules.selected && !options->pin.size;
    uint32_t number = 0;

    for (uint32_t i = 0; i < options->set_count; i++) {
        const RuleSet *set = options->sets[i];
        const uint8_t *lives = ruleset_lives(set);
        uint32_t count = ruleset_rule_count(set);
        for (uint32_t j = 0; j < count; j++, number++)
            if (plain ? lives[j] == RULE_ON
                      : eval_rule_counts(options, ruleset_rule(set, j), (RuleDefault)lives[j],
                                         number))
                add_bit(counted, number);
    }
    sha256_add(&counted->hash, (Str){counted->bytes, counted->last - counted->first + 1});
}

/* What of rules is wanted, where aliases of parts say so. */
static void hash_parts(const EvalOptions *options, Sha256 *hash)
{
    const RuleParts *parts = options->rules.parts;
    uint32_t count = parts ? ruleset_total(options->sets, options->set_count) : 0;
    char text[65];

    for (uint32_t i = 0; i < count; i++) {
        if (!parts[i].only && !parts[i].without)
            continue;
        snprintf(text, sizeof text, "parts %u %u %u ", i, parts[i].only, parts[i].without);
        sha256_add(hash, str_of(text));
    }
}

void score_selection(const EvalOptions *options, char digits[SCORE_HASH_DIGITS + 1])
{
    CountedBits counted = {.hash = sha256_new()};
    Sha256 *hash = &counted.hash;
    char text[65];

    hash_counted(options, &counted);
    hash_parts(options, hash);
    snprintf(text, sizeof text, "pod security %u %u", options->pod_security_level,
             options->pod_security_minor);
    sha256_add(hash, str_of(text));
    sha256_add(hash, options->judgement);
    sha256_hex(hash, text);
    memcpy(digits, text, SCORE_HASH_DIGITS);
    digits[SCORE_HASH_DIGITS] = '\0';
}

/* The rules that said something: the others have no part in the score. Only those that count are
 * tallied. */
static uint32_t add_scores(const EvalOptions *options, const Tallies *tallies, RuleScore *scores)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < tallies->count; i++) {
        const RuleTally *tally = &tallies->items[i];
        const Rule *rule = ruleset_rule_at(options->sets, tally->rule);

        if (tally->resources || tally->unknown)
            scores[count++] =
                (RuleScore){.rule = rule,
                            .id = rule_id(rule),
                            .category = rule_category(rule),
                            .severity = eval_rule_severity(options, rule, tally->rule),
                            .tally = *tally};
    }
    return count;
}

Score *score_of_scan(const EvalOptions *options, const Tallies *tallies, bool incomplete,
                     Arena *arena)
{
    RuleScore *scores = ARENA_ARRAY(arena, RuleScore, tallies->count + (size_t)1);
    Score *score = ARENA_NEW(arena, Score);

    if (!score || !scores)
        return NULL;
    score_compute(scores, add_scores(options, tallies, scores), incomplete, score);
    score_selection(options, score->selection);
    return score;
}

bool score_is_below(const Score *score)
{
    return score->overall.applicable && score->overall.value < score->wanted;
}

/* --- words --- */

const char *score_grade(uint32_t value)
{
    static const struct {
        uint32_t least;
        const char *grade;
    } grades[] = {{97, "A+"}, {93, "A"},  {90, "A-"}, {87, "B+"}, {83, "B"},
                  {80, "B-"}, {77, "C+"}, {73, "C"},  {70, "C-"}, {67, "D+"},
                  {63, "D"},  {60, "D-"}, {0, "F"}};
    uint32_t i = 0;

    while (value < grades[i].least)
        i++;
    return grades[i].grade;
}

const char *score_value_grade(const ScoreValue *value)
{
    return value->applicable ? score_grade(value->value) : "n/a";
}

uint32_t score_coverage(const ScoreValue *value)
{
    uint64_t all = value->decided + value->undecided;

    return all ? (uint32_t)(value->decided * 1000 / all) : 1000;
}

uint32_t score_cap_limit(ScoreCap cap)
{
    static const uint32_t limits[] = {
        [SCORE_CAP_NONE] = 100,
        [SCORE_CAP_INCOMPLETE] = 89,
        [SCORE_CAP_HIGH] = 79,
        [SCORE_CAP_CRITICAL] = 59,
    };

    return limits[cap];
}

const char *score_cap_name(ScoreCap cap)
{
    static const char *const names[] = {
        [SCORE_CAP_NONE] = "none",
        [SCORE_CAP_INCOMPLETE] = "incomplete",
        [SCORE_CAP_HIGH] = "high",
        [SCORE_CAP_CRITICAL] = "critical",
    };

    return names[cap];
}

uint32_t score_category_weight(Category category)
{
    return categories[category].weight;
}

const char *score_category_title(Category category)
{
    return categories[category].title;
}
