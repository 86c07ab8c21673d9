/* words() and flag(): the command line that a container runs. */
#include "base/limits.h"
#include "cel/host.h"

typedef struct Words {
    CelMachine *machine;
    CelValue *items; /* NULL while they are counted */
    uint32_t count;
    const Node *origin; /* of the first that has one */
    bool script;        /* the next word is a script of `sh -c` */
    bool failed;
} Words;

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void add_word(Words *words, CelValue word)
{
    if (!words->origin)
        words->origin = word.origin;
    if (words->items)
        words->items[words->count] = word;
    words->count++;
}

static Str without_quotes(Str word)
{
    char first = word.size > 1 ? word.data[0] : 0;

    if ((first == '"' || first == '\'') && word.data[word.size - 1] == first)
        return str_sub(word, 1, word.size - 2);
    return word;
}

/* The words of a script, split at blanks: enough to see which program gets which flags. The
 * backslash that ends a line is no word. */
static void add_script(Words *words, CelValue script)
{
    Str text = cel_text(script);

    if (!cel_charge(words->machine, text.size / 16)) {
        words->failed = true;
        return;
    }
    for (uint32_t start = 0, end; start < text.size; start = end + 1) {
        Str word;

        for (end = start; end < text.size && !is_blank(text.data[end]);)
            end++;
        word = without_quotes(str_sub(text, start, end - start));
        if (word.size > 0 && !str_eq(word, STR("\\")))
            add_word(words, host_string(word, script));
    }
}

static bool is_script_option(Str word)
{
    return str_eq(word, STR("-c")) || str_eq(word, STR("-ec")) || str_eq(word, STR("-exc")) ||
           str_eq(word, STR("-lc"));
}

/* Lists in lists are one command line. */
static void add_words(Words *words, CelValue value, uint32_t depth)
{
    if (value.kind == CEL_STRING) {
        if (words->script)
            add_script(words, value);
        else
            add_word(words, value);
        words->script = is_script_option(cel_text(value));
    } else if (value.kind == CEL_UNKNOWN || value.kind == CEL_ERROR) {
        add_word(words, value);
        words->script = false;
    } else if (value.kind == CEL_LIST && depth < LIMIT_DEPTH) {
        uint32_t count = cel_count(value);

        if (!cel_charge(words->machine, count)) {
            words->failed = true;
            return;
        }
        for (uint32_t i = 0; !words->failed && i < count; i++)
            add_words(words, cel_list_item(value, i), depth + 1);
    }
}

CelValue cel_host_words(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Words words = {.machine = machine};
    CelValue *items, list;

    (void)count;
    add_words(&words, args[0], 0);
    list = cel_new_list(machine, words.count, &items);
    if (words.failed || list.kind != CEL_LIST)
        return words.failed ? cel_exhausted(machine) : list;
    words = (Words){.machine = machine, .items = items};
    if (words.items)
        add_words(&words, args[0], 0);
    list.origin = words.origin ? words.origin : args[0].origin;
    return list;
}

/* What follows `--name` in a word; -1 when the word is no such flag. `_` counts as `-`. */
static int64_t after_name(Str word, Str name)
{
    uint32_t dashes = 0;

    while (dashes < 2 && dashes < word.size && word.data[dashes] == '-')
        dashes++;
    if (dashes == 0 || word.size < dashes + name.size)
        return -1;
    for (uint32_t i = 0; i < name.size; i++) {
        char c = word.data[dashes + i];

        if (c != name.data[i] && !(c == '_' && name.data[i] == '-'))
            return -1;
    }
    if (word.size > dashes + name.size && word.data[dashes + name.size] != '=')
        return -1;
    return (int64_t)dashes + name.size;
}

/* A flag without `=` takes the next word, unless that is a flag itself. */
static CelValue next_word(CelValue words, uint32_t index, CelValue flag)
{
    CelValue next = cel_null();

    if (index + 1 < cel_count(words))
        next = cel_list_item(words, index + 1);
    if (next.kind == CEL_UNKNOWN)
        return next;
    if (next.kind != CEL_STRING || (next.size > 0 && next.as.text[0] == '-'))
        return host_string(STR("true"), flag);
    return next;
}

/* The last one counts, as for the flags of Go and of getopt. */
CelValue cel_host_flag(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelValue found = host_absent(args[0]);
    uint32_t words;

    (void)count;
    if (args[0].kind == CEL_NULL)
        return args[0];
    if (args[0].kind != CEL_LIST || args[1].kind != CEL_STRING)
        return cel_no_overload(machine);
    words = cel_count(args[0]);
    if (!cel_charge(machine, words))
        return cel_exhausted(machine);
    for (uint32_t i = 0; i < words; i++) {
        CelValue word = cel_list_item(args[0], i);
        int64_t end = word.kind == CEL_STRING ? after_name(cel_text(word), cel_text(args[1])) : -1;

        if (word.kind == CEL_UNKNOWN && found.kind == CEL_NULL)
            found = word;
        else if (end >= 0 && end < word.size)
            found = host_string(str_from(cel_text(word), (uint32_t)end + 1), word);
        else if (end >= 0)
            found = next_word(args[0], i, word);
    }
    return found;
}
