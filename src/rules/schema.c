#include "rules/schema.h"

typedef enum Shape {
    SHAPE_TEXT,  /* a scalar */
    SHAPE_TEXTS, /* a scalar or a list of scalars */
    SHAPE_NAMES, /* the same, of which some may be maps */
    SHAPE_MAP,
    SHAPE_MAPS, /* a list of maps */
    SHAPE_ANY,
} Shape;

typedef struct Key {
    Str name;
    Shape shape;
} Key;

static const Key rule_keys[] = {
#define RULE_FIELD(name, key, shape) {STR_INIT(key), SHAPE_##shape},
#include "rules/fields.def"
#undef RULE_FIELD
};

static const Key case_keys[] = {
    {STR_INIT("if"), SHAPE_TEXT},
    {STR_INIT("severity"), SHAPE_TEXT},
    {STR_INIT("message"), SHAPE_TEXT},
    {STR_INIT("at"), SHAPE_TEXT},
};

static const Key alias_keys[] = {
    {STR_INIT("id"), SHAPE_TEXTS},
    {STR_INIT("for"), SHAPE_TEXTS},
    {STR_INIT("if"), SHAPE_TEXT},
};

static const Key related_keys[] = {
    {STR_INIT("at"), SHAPE_TEXT},
    {STR_INIT("message"), SHAPE_TEXT},
};

static const Key param_keys[] = {
    {STR_INIT("type"), SHAPE_TEXT},
    {STR_INIT("default"), SHAPE_ANY},
    {STR_INIT("title"), SHAPE_TEXT},
};

/* The operations come first, in the order of RuleEditOp. */
static const Key edit_keys[] = {
    {STR_INIT("set"), SHAPE_ANY},      {STR_INIT("remove"), SHAPE_TEXT},
    {STR_INIT("replace"), SHAPE_TEXT}, {STR_INIT("before"), SHAPE_TEXT},
    {STR_INIT("after"), SHAPE_TEXT},   {STR_INIT("above"), SHAPE_TEXT},
    {STR_INIT("each"), SHAPE_TEXT},    {STR_INIT("at"), SHAPE_TEXT},
    {STR_INIT("when"), SHAPE_TEXT},
};

enum {
    EDIT_EACH = RULE_EDIT_OPS,
    EDIT_AT,
    EDIT_WHEN,
    EDIT_KEYS,
};

/* The outcomes come first, in the order of RuleOutcome. */
static const Key test_keys[] = {
    {STR_INIT("fail"), SHAPE_ANY},      {STR_INIT("pass"), SHAPE_ANY},
    {STR_INIT("unknown"), SHAPE_ANY},   {STR_INIT("skip"), SHAPE_ANY},
    {STR_INIT("error"), SHAPE_ANY},     {STR_INIT("files"), SHAPE_MAP},
    {STR_INIT("as"), SHAPE_TEXT},       {STR_INIT("config"), SHAPE_MAP},
    {STR_INIT("severity"), SHAPE_TEXT}, {STR_INIT("resource"), SHAPE_TEXT},
    {STR_INIT("count"), SHAPE_TEXT},    {STR_INIT("at"), SHAPE_TEXT},
    {STR_INIT("note"), SHAPE_TEXT},     {STR_INIT("fixed"), SHAPE_TEXT},
    {STR_INIT("aliases"), SHAPE_TEXTS},
};

enum {
    OUTCOMES = RULE_TEST_ERROR + 1,
    TEST_FILES = OUTCOMES,
    TEST_AS,
    TEST_CONFIG,
    TEST_SEVERITY,
    TEST_RESOURCE,
    TEST_COUNT,
    TEST_AT,
    TEST_NOTE,
    TEST_FIXED,
    TEST_ALIASES,
    TEST_KEYS,
    MOST_KEYS = 32, /* no list of keys is longer */
};

#define KEY_COUNT(keys) (sizeof(keys) / sizeof *(keys))

_Static_assert(KEY_COUNT(test_keys) == TEST_KEYS, "the enum follows the table");
_Static_assert(KEY_COUNT(edit_keys) == EDIT_KEYS, "the enum follows the table");
_Static_assert(KEY_COUNT(rule_keys) <= MOST_KEYS, "see MOST_KEYS");

typedef struct Builder {
    Arena *arena;
    DiagSink *diags;
    RuleFile *file;
} Builder;

const char *rule_outcome_name(RuleOutcome outcome)
{
    return test_keys[outcome].name.data;
}

Str rule_field_key(RuleField field)
{
    return rule_keys[field].name;
}

static bool is_scalar(const Node *node)
{
    return node->kind == NODE_SCALAR || node->kind == NODE_STRING;
}

Str scalar_text(const Node *node)
{
    return node && is_scalar(node) ? node_text(node) : (Str){"", 0};
}

/* A `key:` with nothing after it. */
static bool is_empty(const Node *node)
{
    return node->kind == NODE_NULL ||
           (node->kind == NODE_SCALAR && node->count == 0 && !(node->flags & NODE_QUOTED));
}

Str draft_text(const RuleDraft *draft, RuleField field)
{
    return scalar_text(draft->fields[field]);
}

uint32_t draft_list_count(const RuleDraft *draft, RuleField field)
{
    const Node *node = draft->fields[field];

    if (!node)
        return 0;
    return node->kind == NODE_LIST ? node->count : 1;
}

const Node *draft_list_node(const RuleDraft *draft, RuleField field, uint32_t index)
{
    const Node *node = draft->fields[field];

    return node->kind == NODE_LIST ? &node->as.items[index] : node;
}

Str draft_list_text(const RuleDraft *draft, RuleField field, uint32_t index)
{
    return scalar_text(draft_list_node(draft, field, index));
}

static void mistake(const Builder *b, const Node *node, const char *message)
{
    diag_error(b->diags, DIAG_RULE_FILE, node_span(node), "%s", message);
}

/* A word that is not among `candidates`. */
static void wrong_word(const Builder *b, Span span, const char *what, Str word,
                       const Str *candidates, size_t count)
{
    Str near = str_nearest(word, candidates, count);
    Diag *diag =
        diag_error(b->diags, DIAG_RULE_FILE, span, "%s \"%.*s\" is not known", what, STR_ARG(word));

    if (near.size)
        diag_help(b->diags, diag, "did you mean \"%.*s\"?", STR_ARG(near));
}

static const char *shape_text(Shape shape)
{
    static const char *const texts[] = {"a text",
                                        "a text or a list of texts",
                                        "a text or a list of texts and maps",
                                        "a map",
                                        "a list of maps",
                                        "anything"};

    return texts[shape];
}

static bool all_of(const Node *list, bool (*is)(const Node *))
{
    for (uint32_t i = 0; i < list->count; i++)
        if (!is(&list->as.items[i]))
            return false;
    return true;
}

static bool is_map(const Node *node)
{
    return node->kind == NODE_MAP;
}

static bool is_scalar_or_map(const Node *node)
{
    return is_scalar(node) || is_map(node);
}

static bool has_shape(const Node *node, Shape shape)
{
    switch (shape) {
    case SHAPE_TEXT:
        return is_scalar(node) && !is_empty(node);
    case SHAPE_TEXTS:
        return (is_scalar(node) && !is_empty(node)) ||
               (node->kind == NODE_LIST && all_of(node, is_scalar));
    case SHAPE_NAMES:
        return (is_scalar(node) && !is_empty(node)) ||
               (node->kind == NODE_LIST && all_of(node, is_scalar_or_map));
    case SHAPE_MAP:
        return is_map(node);
    case SHAPE_MAPS:
        return node->kind == NODE_LIST && all_of(node, is_map);
    case SHAPE_ANY:
        return true;
    }
    return false;
}

static void unknown_key(const Builder *b, const Node *map, const Entry *entry, const Key *keys,
                        size_t count)
{
    Str names[MOST_KEYS];
    Span span = {map->source, entry->key_start, entry->key_end};

    for (size_t i = 0; i < count; i++)
        names[i] = keys[i].name;
    wrong_word(b, span, "key", entry_key(entry), names, count);
}

/* Sorts the entries of `map` into `fields` by the keys that it may have. */
static bool take_fields(const Builder *b, const Node *map, const Key *keys, size_t count,
                        const Node **fields)
{
    bool good = true;

    for (uint32_t i = 0; i < map->count; i++) {
        const Entry *entry = &map->as.entries[i];
        size_t k = 0;

        while (k < count && !str_eq(keys[k].name, entry_key(entry)))
            k++;
        if (k == count) {
            unknown_key(b, map, entry, keys, count);
            good = false;
        } else if (!has_shape(&entry->value, keys[k].shape)) {
            diag_error(b->diags, DIAG_RULE_FILE, entry_span(map, entry), "`%.*s` must be %s",
                       STR_ARG(entry_key(entry)), shape_text(keys[k].shape));
            good = false;
        } else {
            fields[k] = &entry->value;
        }
    }
    return good;
}

static bool take_severity(const Builder *b, const Node *node, Severity *severity)
{
    Str words[SEVERITY_CRITICAL + 1];

    if (!node || severity_parse(scalar_text(node), severity))
        return true;
    for (uint32_t i = 0; i <= SEVERITY_CRITICAL; i++)
        words[i] = str_of(severity_name((Severity)i));
    wrong_word(b, node_span(node), "severity", scalar_text(node), words, SEVERITY_CRITICAL + 1);
    return false;
}

static bool take_category(const Builder *b, const Node *node, Category *category)
{
    Str words[CATEGORY_DOCUMENTATION + 1];

    if (!node || category_parse(scalar_text(node), category))
        return true;
    for (uint32_t i = 0; i <= CATEGORY_DOCUMENTATION; i++)
        words[i] = str_of(category_name((Category)i));
    wrong_word(b, node_span(node), "category", scalar_text(node), words,
               CATEGORY_DOCUMENTATION + 1);
    return false;
}

static bool take_default(const Builder *b, const Node *node, RuleDefault *life)
{
    static const Str words[] = {STR_INIT("on"), STR_INIT("off"), STR_INIT("preview")};

    if (!node)
        return true;
    for (uint32_t i = 0; i < 3; i++)
        if (str_eq(scalar_text(node), words[i])) {
            *life = (RuleDefault)i;
            return true;
        }
    wrong_word(b, node_span(node), "default", scalar_text(node), words, 3);
    return false;
}

static bool take_secret(const Builder *b, const Node *node, bool *secret)
{
    static const Str words[] = {STR_INIT("true"), STR_INIT("false")};

    *secret = node && str_eq(scalar_text(node), words[0]);
    if (!node || *secret || str_eq(scalar_text(node), words[1]))
        return true;
    wrong_word(b, node_span(node), "secret", scalar_text(node), words, 2);
    return false;
}

static bool check_id(const Builder *b, const Node *node)
{
    Str id = scalar_text(node);
    bool good = id.size > 0 && id.data[0] >= 'a' && id.data[0] <= 'z';

    for (uint32_t i = 0; i < id.size; i++) {
        char c = id.data[i];
        good = good && ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }
    if (!good)
        mistake(b, node, "an id has lower case letters, digits and hyphens only");
    return good;
}

/* The part of an input that a rule cannot do without. */
static bool check_required(const Builder *b, const RuleDraft *draft)
{
    static const RuleField required[] = {RULE_FIELD_ID, RULE_FIELD_TITLE, RULE_FIELD_SEVERITY,
                                         RULE_FIELD_CATEGORY, RULE_FIELD_FOR};
    Span span =
        node_span(draft->fields[RULE_FIELD_ID] ? draft->fields[RULE_FIELD_ID] : draft->node);
    bool good = true;

    for (size_t i = 0; i < KEY_COUNT(required); i++)
        if (!draft->fields[required[i]]) {
            diag_error(b->diags, DIAG_RULE_FILE, span, "a rule needs `%.*s`",
                       STR_ARG(rule_keys[required[i]].name));
            good = false;
        }
    if (!draft->fields[RULE_FIELD_CHECK] && !draft->fields[RULE_FIELD_CASES]) {
        diag_error(b->diags, DIAG_RULE_FILE, span, "a rule needs `check` or `cases`");
        good = false;
    }
    return good;
}

static bool check_cases(const Builder *b, const Node *cases)
{
    bool good = true;

    for (uint32_t i = 0; cases && i < cases->count; i++) {
        const Node *fields[KEY_COUNT(case_keys)] = {NULL};
        const Node *item = &cases->as.items[i];
        Severity severity;

        if (!take_fields(b, item, case_keys, KEY_COUNT(case_keys), fields) ||
            !take_severity(b, fields[1], &severity)) {
            good = false;
        } else if (!fields[0]) {
            mistake(b, item, "a case needs `if`");
            good = false;
        }
    }
    return good;
}

static bool check_related(const Builder *b, const Node *related)
{
    bool good = true;

    for (uint32_t i = 0; related && i < related->count; i++) {
        const Node *fields[KEY_COUNT(related_keys)] = {NULL};
        const Node *item = &related->as.items[i];

        if (!take_fields(b, item, related_keys, KEY_COUNT(related_keys), fields)) {
            good = false;
        } else if (!fields[0]) {
            mistake(b, item, "a related place needs `at`");
            good = false;
        }
    }
    return good;
}

/* The maps among the aliases of a rule. */
static bool check_aliases(const Builder *b, const Node *aliases)
{
    uint32_t conditions = 0;
    bool good = true;

    for (uint32_t i = 0; aliases && aliases->kind == NODE_LIST && i < aliases->count; i++) {
        const Node *fields[KEY_COUNT(alias_keys)] = {NULL};
        const Node *item = &aliases->as.items[i];

        if (!is_map(item))
            continue;
        if (!take_fields(b, item, alias_keys, KEY_COUNT(alias_keys), fields)) {
            good = false;
        } else if (!fields[0] || (!fields[1] && !fields[2])) {
            mistake(b, item, "an alias is a text, or a map of `id` with `for`, `if` or both");
            good = false;
        } else if (++conditions > ALIAS_CONDITION_LIMIT) {
            mistake(b, item, "too many aliases with conditions");
            return false;
        }
    }
    return good;
}

static bool check_params(const Builder *b, const Node *params)
{
    static const Str types[] = {STR_INIT("bool"), STR_INIT("int"), STR_INIT("double"),
                                STR_INIT("string"), STR_INIT("list")};
    bool good = true;

    for (uint32_t i = 0; params && i < params->count; i++) {
        const Node *fields[KEY_COUNT(param_keys)] = {NULL};
        const Node *param = &params->as.entries[i].value;
        bool known = false;

        if (!is_map(param)) {
            mistake(b, param, "a parameter is a map of `type`, `default` and `title`");
            good = false;
            continue;
        }
        good &= take_fields(b, param, param_keys, KEY_COUNT(param_keys), fields);
        if (!fields[0] || !fields[1]) {
            mistake(b, param, "a parameter needs `type` and `default`");
            good = false;
            continue;
        }
        for (size_t t = 0; t < KEY_COUNT(types); t++)
            known |= str_eq(scalar_text(fields[0]), types[t]);
        if (!known)
            wrong_word(b, node_span(fields[0]), "type", scalar_text(fields[0]), types,
                       KEY_COUNT(types));
        good &= known;
    }
    return good;
}

static bool check_frameworks(const Builder *b, const Node *frameworks)
{
    bool good = true;

    for (uint32_t i = 0; frameworks && i < frameworks->count; i++)
        if (!has_shape(&frameworks->as.entries[i].value, SHAPE_TEXTS)) {
            mistake(b, &frameworks->as.entries[i].value,
                    "a framework's control must be a text or a list of texts");
            good = false;
        }
    return good;
}

static bool take_test_files(const Builder *b, const Node *files, RuleTest *test)
{
    test->files = ARENA_ARRAY(b->arena, RuleTestFile, files->count);
    if (!test->files)
        return false;
    for (uint32_t i = 0; i < files->count; i++) {
        const Entry *entry = &files->as.entries[i];
        if (!is_scalar(&entry->value)) {
            mistake(b, &entry->value, "a file of a test must be a text");
            return false;
        }
        test->files[test->file_count++] = (RuleTestFile){entry_key(entry), &entry->value};
    }
    return true;
}

/* What the outcome's key holds: the text, or a map with `files`, or nothing where `files` stands
 * beside it. */
static bool take_input(const Builder *b, const Node *input, const Node *files, RuleTest *test)
{
    const Node *inside = node_get_named(input, STR("files"));

    if (inside && input->count == 1)
        files = inside;
    if (files && is_map(files) && (inside || is_empty(input)))
        return take_test_files(b, files, test);
    if (files || !is_scalar(input)) {
        mistake(b, input, "a test is a text, or `files: {path: text}`");
        return false;
    }
    test->files = ARENA_NEW(b->arena, RuleTestFile);
    if (!test->files)
        return false;
    test->files[0].text = input;
    test->file_count = 1;
    return true;
}

static bool take_format(const Builder *b, const Node *node, Str *as)
{
    Str words[FORMAT_COUNT];

    *as = scalar_text(node);
    if (!node)
        return true;
    for (uint32_t i = 0; i < FORMAT_COUNT; i++) {
        words[i] = str_of(format_id((Format)i));
        if (str_eq(*as, words[i]))
            return true;
    }
    wrong_word(b, node_span(node), "format", *as, words, FORMAT_COUNT);
    return false;
}

static bool take_count(const Builder *b, const Node *node, RuleTest *test)
{
    Str text = scalar_text(node);

    if (!node)
        return true;
    test->count_given = str_to_number(text, &test->count);
    if (!test->count_given)
        mistake(b, node, "`count` must be a number of findings");
    return test->count_given;
}

static bool take_outcome(const Builder *b, const Node *node, const Node *const *fields,
                         RuleTest *test)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < OUTCOMES; i++)
        if (fields[i]) {
            test->outcome = (RuleOutcome)i;
            found++;
        }
    if (found != 1)
        mistake(b, node, "a test needs one of `fail`, `pass`, `unknown`, `skip`, `error`");
    return found == 1;
}

static bool take_test(const Builder *b, const Node *node, RuleTest *test)
{
    const Node *fields[TEST_KEYS] = {NULL};

    test->span = node_span(node);
    if (!take_fields(b, node, test_keys, TEST_KEYS, fields) ||
        !take_outcome(b, node, fields, test) ||
        !take_input(b, fields[test->outcome], fields[TEST_FILES], test) ||
        !take_format(b, fields[TEST_AS], &test->as) || !take_count(b, fields[TEST_COUNT], test) ||
        !take_severity(b, fields[TEST_SEVERITY], &test->severity))
        return false;
    if (node->count)
        test->span =
            (Span){node->source, node->as.entries[0].key_start, node->as.entries[0].key_end};
    test->severity_given = fields[TEST_SEVERITY] != NULL;
    test->config = fields[TEST_CONFIG];
    test->resource = scalar_text(fields[TEST_RESOURCE]);
    test->at = scalar_text(fields[TEST_AT]);
    test->fixed = fields[TEST_FIXED];
    test->aliases = fields[TEST_ALIASES];
    if (!test->fixed || (test->outcome == RULE_TEST_FAIL && test->file_count == 1))
        return true;
    mistake(b, node, "`fixed` belongs to a test that fails and has one file");
    return false;
}

static bool take_tests(const Builder *b, RuleDraft *draft)
{
    const Node *tests = draft->fields[RULE_FIELD_TESTS];
    bool good = true;

    if (!tests)
        return true;
    draft->tests = ARENA_ARRAY(b->arena, RuleTest, tests->count);
    if (!draft->tests)
        return false;
    for (uint32_t i = 0; i < tests->count; i++)
        if (take_test(b, &tests->as.items[i], &draft->tests[draft->test_count]))
            draft->test_count++;
        else
            good = false;
    return good;
}

static bool take_edit(const Builder *b, const Node *node, RuleEdit *edit)
{
    const Node *fields[EDIT_KEYS] = {NULL};
    uint32_t found = 0;

    if (!is_map(node)) {
        mistake(b, node, "an edit is a map, or a list of maps");
        return false;
    }
    if (!take_fields(b, node, edit_keys, EDIT_KEYS, fields))
        return false;
    for (uint32_t i = 0; i < RULE_EDIT_OPS; i++)
        if (fields[i]) {
            *edit = (RuleEdit){(RuleEditOp)i, fields[EDIT_EACH], fields[EDIT_AT], fields[EDIT_WHEN],
                               fields[i]};
            found++;
        }
    if (found == 1 && edit->op == RULE_EDIT_REMOVE &&
        !str_eq(scalar_text(edit->value), STR("true"))) {
        mistake(b, edit->value, "`remove` can be `true` only");
        return false;
    }
    if (found != 1)
        mistake(b, node,
                "an edit needs one of `set`, `remove`, `replace`, `before`, `after`, `above`");
    return found == 1;
}

static bool take_edits(const Builder *b, RuleDraft *draft)
{
    const Node *edits = draft->fields[RULE_FIELD_EDIT];
    bool good = true;

    if (!edits)
        return true;
    draft->edits = ARENA_ARRAY(b->arena, RuleEdit, draft_list_count(draft, RULE_FIELD_EDIT));
    if (!draft->edits)
        return false;
    for (uint32_t i = 0; i < draft_list_count(draft, RULE_FIELD_EDIT); i++)
        good &= take_edit(b, draft_list_node(draft, RULE_FIELD_EDIT, i),
                          &draft->edits[draft->edit_count++]);
    return good;
}

static bool take_rule(const Builder *b, const Node *node, RuleDraft *draft)
{
    bool good;

    *draft = (RuleDraft){.file = b->file, .node = node};
    if (!is_map(node)) {
        mistake(b, node, "a rule must be a map");
        return false;
    }
    good = take_fields(b, node, rule_keys, RULE_FIELD_COUNT, draft->fields);
    if (!good)
        return false;
    good = check_required(b, draft);
    if (draft->fields[RULE_FIELD_ID])
        good &= check_id(b, draft->fields[RULE_FIELD_ID]);
    good &= take_severity(b, draft->fields[RULE_FIELD_SEVERITY], &draft->severity);
    good &= take_category(b, draft->fields[RULE_FIELD_CATEGORY], &draft->category);
    good &= take_default(b, draft->fields[RULE_FIELD_DEFAULT], &draft->life);
    good &= take_secret(b, draft->fields[RULE_FIELD_SECRET], &draft->secret);
    good &= check_cases(b, draft->fields[RULE_FIELD_CASES]);
    good &= check_related(b, draft->fields[RULE_FIELD_RELATED]);
    good &= check_aliases(b, draft->fields[RULE_FIELD_ALIASES]);
    good &= check_params(b, draft->fields[RULE_FIELD_PARAMS]);
    good &= check_frameworks(b, draft->fields[RULE_FIELD_FRAMEWORKS]);
    good &= take_edits(b, draft);
    return take_tests(b, draft) && good;
}

/* The list of rules of a file that is a map; NULL after a mistake. */
static const Node *take_file_map(const Builder *b, const Node *root)
{
    static const Key keys[] = {{STR_INIT("define"), SHAPE_MAP}, {STR_INIT("rules"), SHAPE_ANY}};
    const Node *fields[2] = {NULL};

    if (!take_fields(b, root, keys, 2, fields))
        return NULL;
    b->file->defines = fields[0];
    if (!fields[1] || fields[1]->kind != NODE_LIST) {
        mistake(b, root, "a rule file is a list of rules, or a map of `define` and `rules`");
        return NULL;
    }
    return fields[1];
}

RuleFile *rule_file_build(Str path, const Node *root, Arena *arena, DiagSink *diags)
{
    Builder b = {arena, diags, ARENA_NEW(arena, RuleFile)};
    const Node *list = root;

    if (!b.file)
        return NULL;
    b.file->path = path;
    if (is_empty(root))
        return b.file;
    if (is_map(root)) {
        list = take_file_map(&b, root);
    } else if (root->kind != NODE_LIST) {
        mistake(&b, root, "a rule file is a list of rules, or a map of `define` and `rules`");
        list = NULL;
    }
    if (!list)
        return b.file;
    b.file->rules = ARENA_ARRAY(arena, RuleDraft, list->count);
    if (!b.file->rules)
        return NULL;
    for (uint32_t i = 0; i < list->count; i++)
        if (take_rule(&b, &list->as.items[i], &b.file->rules[b.file->rule_count]))
            b.file->rule_count++;
    return b.file;
}
