#include "scan/secret_lines.h"

/* Lines of a file, first and last. */
typedef struct Lines {
    Str file;
    uint32_t first, last;
} Lines;

typedef struct SecretLines {
    Lines *items; /* sorted, none overlaps another one */
    uint32_t count, capacity;
} SecretLines;

static bool is_secret(const Verdict *verdict)
{
    return verdict->status == STATUS_FAIL && rule_is_secret(verdict->rule) &&
           verdict->place.start.line;
}

static void add(SecretLines *secret, const Place *place, Arena *arena)
{
    Lines *last = secret->count ? &secret->items[secret->count - 1] : NULL;
    Lines *grown;

    if (last && str_eq(last->file, place->file) && place->start.line <= last->last) {
        if (last->last < place->end.line)
            last->last = place->end.line;
        return;
    }
    grown = arena_grow(arena, secret->items, secret->count, &secret->capacity, secret->count + 1u,
                       sizeof *grown);
    if (!grown)
        return;
    secret->items = grown;
    grown[secret->count++] = (Lines){place->file, place->start.line, place->end.line};
}

/* An excerpt is the first line of its place. */
static bool has(const SecretLines *secret, const Place *place)
{
    uint32_t low = 0, high = secret->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const Lines *lines = &secret->items[middle];
        int order = str_cmp(lines->file, place->file);
        if (order == 0 && lines->first <= place->start.line && place->start.line <= lines->last)
            return true;
        if (order < 0 || (order == 0 && lines->last < place->start.line))
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

void secret_lines_hide(VerdictSink *sink)
{
    SecretLines secret = {0};

    for (uint32_t i = 0; i < sink->count; i++)
        if (is_secret(&sink->verdicts[i]))
            add(&secret, &sink->verdicts[i].place, sink->arena);
    if (!secret.count)
        return;
    for (uint32_t i = 0; i < sink->count; i++)
        if (has(&secret, &sink->verdicts[i].place))
            sink->verdicts[i].excerpt = (Str){"", 0};
    for (uint32_t i = 0; i < sink->problem_count; i++)
        if (has(&secret, &sink->problems[i].place))
            sink->problems[i].excerpt = (Str){"", 0};
}

/* --- what could not be read --- */

static bool holds(Str text, const Str *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (uint32_t at = 0; at + words[i].size <= text.size; at++)
            if (str_eq_nocase(str_sub(text, at, words[i].size), words[i]))
                return true;
    return false;
}

static bool suspect_line(Str line)
{
    static const Str words[] = {
        STR_INIT("passw"),         STR_INIT("secret"), STR_INIT("token"),  STR_INIT("credential"),
        STR_INIT("_key"),          STR_INIT("-key"),   STR_INIT("apikey"), STR_INIT("accesskey"),
        STR_INIT("authorization"), STR_INIT("bearer")};

    return holds(line, words, sizeof words / sizeof *words);
}

/* Lines of a key, and of a manifest whose values have names of any kind. */
static bool suspect_file(Str text)
{
    return str_find(text, STR("PRIVATE KEY-----")) >= 0 || str_find(text, STR("kind: Secret")) >= 0;
}

bool secret_lines_suspect(SecretSuspect *last, const Unit *unit, Span span)
{
    Span origin = sources_origin(&unit->sources, span);
    Source *source = sources_get(&unit->sources, origin.source);

    if (!source)
        return false;
    if (last->source != source)
        *last = (SecretSuspect){source, suspect_file(source->text)};
    return last->whole ||
           suspect_line(source_line(&unit->sources, source,
                                    source_position(&unit->sources, source, origin.start).line));
}
