/*
 * Runs the tests of the CEL specification: cel-conformance DIR reads DIR/FILE.jsonl (the format is
 * described in its README.md), lists what fails and ends with "N passed, N failed".
 */
#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "cel/library.h"
#include "cel/number.h"
#include "cel/time.h"

#define NAMES_MAX 64

typedef struct Test {
    Arena *arena;
    json_t *json;
    DiagSink diags;
    CelMachine machine;
    CelVariable variables[NAMES_MAX];
    CelValue values[NAMES_MAX];
    uint32_t count;
    CelDeclaration declarations[NAMES_MAX];
    uint32_t declaration_count;
    Symbols symbols;
    char why[512]; /* it fails */
} Test;

static const char *text_of(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

static Str str_of_json(json_t *text)
{
    return (Str){json_string_value(text), (uint32_t)json_string_length(text)};
}

static bool is_true(json_t *object, const char *key)
{
    return json_is_true(json_object_get(object, key));
}

/* Values */

static CelValue value_of(Test *test, json_t *json);

static CelValue double_of(json_t *json)
{
    double value;

    if (json_is_string(json))
        return number_parse_double(str_of_json(json), &value) ? cel_double(value) : cel_null();
    return cel_double(json_number_value(json));
}

static CelValue bytes_of(Test *test, json_t *json)
{
    CelValue text = cel_string(str_of_json(json));

    return cel_fn_base64_decode(&test->machine, &text, 1);
}

static CelValue list_of(Test *test, json_t *json)
{
    CelValue *items, list = cel_new_list(&test->machine, (uint32_t)json_array_size(json), &items);

    for (size_t i = 0; i < json_array_size(json); i++)
        items[i] = value_of(test, json_array_get(json, i));
    return list;
}

static CelValue map_of(Test *test, json_t *json)
{
    CelValue *entries;
    CelValue map = cel_new_map(&test->machine, (uint32_t)json_array_size(json), &entries);

    for (size_t i = 0; i < json_array_size(json); i++) {
        entries[2 * i] = value_of(test, json_array_get(json_array_get(json, i), 0));
        entries[2 * i + 1] = value_of(test, json_array_get(json_array_get(json, i), 1));
    }
    return map;
}

static CelValue time_of(Test *test, Str text, bool timestamp)
{
    CelTime time = {0, 0};

    if (!(timestamp ? cel_timestamp_parse(text, &time) : cel_duration_parse(text, &time)))
        return cel_null();
    return cel_new_time(&test->machine, timestamp ? CEL_TIMESTAMP : CEL_DURATION, time);
}

/* A type is compared by its name. */
static CelValue value_of(Test *test, json_t *json)
{
    const char *kind = json_object_iter_key(json_object_iter(json));
    json_t *value = json_object_iter_value(json_object_iter(json));
    uint64_t number = 0;

    if (strcmp(kind, "int") == 0)
        return cel_int(json_integer_value(value));
    if (strcmp(kind, "uint") == 0)
        return number_parse_uint(str_of_json(value), &number) ? cel_uint(number) : cel_null();
    if (strcmp(kind, "double") == 0)
        return double_of(value);
    if (strcmp(kind, "string") == 0)
        return cel_new_string(&test->machine, str_of_json(value));
    if (strcmp(kind, "bytes") == 0)
        return bytes_of(test, value);
    if (strcmp(kind, "bool") == 0)
        return cel_bool(json_is_true(value));
    if (strcmp(kind, "list") == 0)
        return list_of(test, value);
    if (strcmp(kind, "map") == 0)
        return map_of(test, value);
    if (strcmp(kind, "duration") == 0 || strcmp(kind, "timestamp") == 0)
        return time_of(test, str_of_json(value), kind[0] == 't');
    if (strcmp(kind, "error") == 0)
        return cel_error(&test->machine, "%s", json_string_value(value));
    if (strcmp(kind, "unknown") == 0)
        return cel_unknown(&test->machine, STR("unknown"));
    return cel_null();
}

static bool same(Test *test, CelValue got, json_t *wanted);

static bool same_lists(Test *test, CelValue got, json_t *wanted)
{
    if (cel_count(got) != json_array_size(wanted))
        return false;
    for (uint32_t i = 0; i < cel_count(got); i++)
        if (!same(test, cel_list_item(got, i), json_array_get(wanted, i)))
            return false;
    return true;
}

static bool has_entry(Test *test, CelValue got, json_t *pair)
{
    for (uint32_t i = 0; i < cel_count(got); i++)
        if (same(test, cel_map_key(got, i), json_array_get(pair, 0)) &&
            same(test, cel_map_value(got, i), json_array_get(pair, 1)))
            return true;
    return false;
}

static bool same_maps(Test *test, CelValue got, json_t *wanted)
{
    if (cel_count(got) != json_array_size(wanted))
        return false;
    for (size_t i = 0; i < json_array_size(wanted); i++)
        if (!has_entry(test, got, json_array_get(wanted, i)))
            return false;
    return true;
}

/* The same kind too; NaN is NaN here, and zero keeps its sign. */
static bool same(Test *test, CelValue got, json_t *json)
{
    const char *kind = json_object_iter_key(json_object_iter(json));
    json_t *inner = json_object_iter_value(json_object_iter(json));
    CelValue wanted;

    if (strcmp(kind, "list") == 0)
        return got.kind == CEL_LIST && same_lists(test, got, inner);
    if (strcmp(kind, "map") == 0)
        return got.kind == CEL_MAP && same_maps(test, got, inner);
    if (strcmp(kind, "type") == 0)
        return got.kind == CEL_TYPE && str_eq(cel_value_text(got, test->arena), str_of_json(inner));
    wanted = value_of(test, json);
    if (wanted.kind != got.kind)
        return false;
    if (got.kind == CEL_DOUBLE)
        return (isnan(got.as.number) && isnan(wanted.as.number)) ||
               (got.as.number == wanted.as.number &&
                signbit(got.as.number) == signbit(wanted.as.number));
    return cel_equal(got, wanted).as.boolean;
}

/* Declarations */

static CelVariable *variable_named(Test *test, const char *name)
{
    for (uint32_t i = 0; i < test->count; i++)
        if (str_eq(test->variables[i].name, str_of(name)))
            return &test->variables[i];
    if (test->count == NAMES_MAX)
        abort();
    test->variables[test->count] = (CelVariable){.name = str_of(name)};
    test->values[test->count] = cel_error(&test->machine, "no value for %s", name);
    return &test->variables[test->count++];
}

static const CelType *type_of(Test *test, const char *text)
{
    const CelType *type = cel_type_parse(str_of(text), test->arena);

    if (!type)
        fprintf(stderr, "unreadable type %s\n", text);
    return type;
}

static void declare_overloads(Test *test, const char *name, json_t *overloads)
{
    for (size_t i = 0; i < json_array_size(overloads); i++) {
        json_t *overload = json_array_get(overloads, i),
               *params = json_object_get(overload, "params");
        size_t count = json_array_size(params);
        const CelType **types = (const CelType **)ARENA_ARRAY(test->arena, CelType *, count + 1);

        for (size_t p = 0; p < count; p++)
            types[p] = type_of(test, json_string_value(json_array_get(params, p)));
        test->declarations[test->declaration_count++] =
            (CelDeclaration){.name = str_of(name),
                             .member = is_true(overload, "member"),
                             .params = types,
                             .param_count = (uint32_t)count,
                             .result = type_of(test, text_of(overload, "result"))};
    }
}

static void declare(Test *test)
{
    json_t *list = json_object_get(test->json, "type_env");
    json_t *bindings = json_object_get(test->json, "bindings");
    const char *name;
    json_t *value;

    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *item = json_array_get(list, i), *overloads = json_object_get(item, "overloads");

        if (overloads)
            declare_overloads(test, text_of(item, "name"), overloads);
        else
            variable_named(test, text_of(item, "name"))->type =
                type_of(test, text_of(item, "type"));
    }
    json_object_foreach(bindings, name, value)
    {
        CelVariable *variable = variable_named(test, name);

        test->values[variable - test->variables] = value_of(test, value);
    }
}

/* Running */

typedef enum Outcome { OUTCOME_VALUE, OUTCOME_REFUSED, OUTCOME_BROKEN } Outcome;

static CelExpr *parse_and_check(Test *test, bool *refused)
{
    CelEnv env = {.container = str_of(text_of(test->json, "container")),
                  .variables = test->variables,
                  .variable_count = test->count,
                  .declarations = test->declarations,
                  .declaration_count = test->declaration_count};
    CelParseOptions options = {.no_macros = is_true(test->json, "disable_macros")};
    CelExpr *expr = cel_parse(str_of_json(json_object_get(test->json, "expr")), &options,
                              test->arena, &test->diags);
    bool good;

    *refused = false;
    if (!expr)
        return NULL;
    if (is_true(test->json, "disable_check"))
        good = cel_resolve(expr, &env, test->arena, &test->diags);
    else
        good = cel_check(expr, &env, test->arena, &test->diags);
    *refused = !good;
    return good ? expr : NULL;
}

static CelValue refusal(Test *test)
{
    return cel_error(&test->machine, "refused: %.*s",
                     STR_ARG(test->diags.first ? test->diags.first->message : STR("?")));
}

static CelValue evaluate(Test *test, const CelExpr *expr, SymbolBuilder *builder)
{
    CelCode code;

    if (!cel_compile(expr, builder, test->arena, &test->diags, &code))
        return refusal(test);
    symbols_build(builder, &test->symbols.added);
    test->machine.symbols = &test->symbols;
    test->machine.variables = test->values;
    test->machine.variable_count = test->count;
    return cel_eval(&code, &test->machine);
}

static bool right_type(Test *test, const CelExpr *expr)
{
    const char *wanted = text_of(test->json, "deduced_type");
    Str got = expr->type ? cel_type_text(expr->type, test->arena) : STR("none");

    if (!*wanted || str_eq(got, str_of(wanted)))
        return true;
    snprintf(test->why, sizeof test->why, "type %.*s, expected %s", STR_ARG(got), wanted);
    return false;
}

static bool right_value(Test *test, CelValue got)
{
    json_t *wanted = json_object_get(test->json, "value");
    bool right;

    if (is_true(test->json, "eval_error"))
        right = got.kind == CEL_ERROR;
    else if (is_true(test->json, "unknown"))
        right = got.kind == CEL_UNKNOWN;
    else
        right = got.kind != CEL_ERROR && got.kind != CEL_UNKNOWN && same(test, got, wanted);
    if (!right)
        snprintf(test->why, sizeof test->why, "gave %.*s",
                 STR_ARG(cel_value_text(got, test->arena)));
    return right;
}

static bool run(Test *test)
{
    SymbolBuilder *builder = symbols_builder(test->arena, NULL);
    CelExpr *expr;
    bool refused;

    declare(test);
    expr = parse_and_check(test, &refused);
    if (!expr)
        return right_value(test, refusal(test));
    if (!right_type(test, expr))
        return false;
    return is_true(test->json, "check_only") || right_value(test, evaluate(test, expr, builder));
}

static bool run_line(const char *file, const char *line)
{
    json_error_t error;
    json_t *json = json_loads(line, JSON_ALLOW_NUL, &error);
    Arena *arena = arena_new((size_t)256 << 20);
    Test *test = json && arena ? ARENA_NEW(arena, Test) : NULL;
    bool passed;

    if (!test)
        abort();
    test->arena = arena;
    test->json = json;
    test->diags = diags_new(arena);
    test->machine = (CelMachine){.arena = arena, .symbols = &test->symbols};
    passed = run(test);
    if (!passed)
        printf("%s %s %s: %s\n    %s\n", file, text_of(json, "section"), text_of(json, "name"),
               test->why, text_of(json, "expr"));
    arena_free(arena);
    json_decref(json);
    return passed;
}

static void run_file(const char *folder, const char *name, unsigned *passed, unsigned *failed)
{
    char path[4096];
    char *line = NULL;
    size_t size = 0;
    FILE *file;

    snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "r");
    if (!file)
        return;
    while (getline(&line, &size, file) > 0)
        ++*(run_line(name, line) ? passed : failed);
    free(line);
    fclose(file);
}

static int is_tests(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return size > 6 && strcmp(entry->d_name + size - 6, ".jsonl") == 0;
}

int main(int argc, char **argv)
{
    unsigned passed = 0, failed = 0;
    struct dirent **files;
    int count;

    if (argc != 2) {
        fprintf(stderr, "usage: cel-conformance DIR\n");
        return 2;
    }
    count = scandir(argv[1], &files, is_tests, alphasort);
    for (int i = 0; i < count; i++) {
        run_file(argv[1], files[i]->d_name, &passed, &failed);
        free(files[i]);
    }
    if (count >= 0)
        free(files);
    printf("%u passed, %u failed\n", passed, failed);
    return failed > 0 || passed == 0;
}
