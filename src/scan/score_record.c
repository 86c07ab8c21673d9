#include "scan/score_record.h"

#include <errno.h>
#include <fcntl.h>

#include "base/file.h"
#include "base/limits.h"
#include "syntax/json.h"

static bool refuse(ProblemList *problems, Str path, Str message, Str help)
{
    problem_error(problems, DIAG_SCORE_COMPARE, path, message, help);
    return false;
}

/* --- reading --- */

/* What a category or the overall score comes to; -1 where it is n/a or missing. */
static int32_t value_of(const Node *score)
{
    const Node *value = node_get_named(score, STR("value"));
    bool good =
        value && value->kind == NODE_INT && value->as.integer >= 0 && value->as.integer <= 100;

    return good ? (int32_t)value->as.integer : -1;
}

static Str text_of(const Node *score, const char *key)
{
    return node_string(node_get_named(score, str_of(key)));
}

static void read_score(const Node *score, ScoreRecord *record)
{
    const Node *categories = node_get_named(score, STR("categories"));

    record->version = text_of(score, "version");
    record->ruleset = text_of(score, "ruleset");
    record->selection = text_of(score, "selection");
    record->overall = value_of(node_get_named(score, STR("overall")));
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++) {
        Str name = str_of(category_name((Category)i));
        record->categories[i] = value_of(node_get_named(categories, name));
    }
}

bool score_record_parse(Str path, Str text, Arena *arena, ProblemList *problems,
                        ScoreRecord *record)
{
    static const Str skip[] = {STR_INIT("results"), STR_INIT("warnings"), STR_INIT("ignored")};
    Symbols symbols = {0};
    Sources sources = sources_new(arena);
    DiagSink diags = diags_new(arena);
    const Source *source = sources_add(&sources, path, text);
    const Node *score;
    Node root;

    if (!source)
        return false;
    if (!json_read_partial(source, &symbols, arena, &diags, skip, 3, &root)) {
        problem_add_diags(problems, &diags, &sources);
        return false;
    }
    score = node_get_named(&root, STR("score"));
    if (!score || score->kind != NODE_MAP)
        return refuse(problems, path, STR("this is no report with a score"),
                      STR("`plumb scan -o json=FILE` and `plumb score -f json` write one"));
    read_score(score, record);
    return true;
}

bool score_record_read(Str path, Arena *arena, ProblemList *problems, ScoreRecord *record)
{
    const char *name = str_copy_z(arena, path);
    Str text;
    int error = ENOMEM;

    if (!name || !file_read(AT_FDCWD, name, LIMIT_SOURCE_BYTES, arena, &text, &error))
        return refuse(problems, path, str_format(arena, "it cannot be read: %s", strerror(error)),
                      STR(""));
    return score_record_parse(path, text, arena, problems, record);
}

/* --- comparing --- */

ScoreRecord score_record_of(const Score *score, Str ruleset)
{
    ScoreRecord record = {.version = STR(SCORE_VERSION),
                          .ruleset = ruleset,
                          .selection = str_of(score->selection),
                          .overall = -1};

    if (score->overall.applicable)
        record.overall = (int32_t)score->overall.value;
    for (uint32_t i = 0; i < SCORE_CATEGORIES; i++)
        record.categories[i] =
            score->categories[i].applicable ? (int32_t)score->categories[i].value : -1;
    return record;
}

bool score_record_check(const ScoreRecord *record, Str path, Str ruleset, Str selection,
                        ProblemList *problems)
{
    Str help = STR("scan what it was made of once more, with this plumb and these options");

    if (!str_eq(record->version, STR(SCORE_VERSION)))
        return refuse(problems, path, STR("its score is made by another formula"), help);
    if (!str_eq(record->ruleset, ruleset))
        return refuse(problems, path,
                      str_format(problems->arena,
                                 "its score does not compare: rule set %.*s, and now %.*s",
                                 STR_ARG(record->ruleset), STR_ARG(ruleset)),
                      help);
    if (!str_eq(record->selection, selection))
        return refuse(problems, path,
                      STR("its score does not compare: other rules of the set counted"), help);
    return true;
}

int32_t score_record_value(const ScoreRecord *record, uint32_t category)
{
    return category < SCORE_CATEGORIES ? record->categories[category] : record->overall;
}
