/* Functions that take a pattern in RE2 syntax. */
#include "cel/library.h"
#include "cel/matches.h"

static CelValue match_error(CelMachine *machine)
{
    return cel_error(machine, "the pattern needs too much work on this text");
}

CelValue cel_fn_matches(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelPattern use;
    const Regex *regex;
    CelValue result;
    RegexResult found;

    if (!cel_args_are(args, count, "ss"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, 8 + args[0].size / 8))
        return cel_exhausted(machine);
    regex = cel_pattern_open(machine, cel_text(args[1]), &use, &result);
    if (regex) {
        found = cel_matches_find(use.owned ? NULL : machine->matches, regex, cel_text(args[0]),
                                 machine->arena);
        result = found == REGEX_FAILED ? match_error(machine) : cel_bool(found == REGEX_FOUND);
    }
    cel_pattern_close(&use);
    return result;
}

static CelValue find_first(CelMachine *machine, const Regex *regex, Str text)
{
    RegexSpan span;

    switch (regex_find(regex, text, 0, machine->arena, &span, 1)) {
    case REGEX_FOUND:
        return cel_string(str_sub(text, span.start, span.end - span.start));
    case REGEX_NONE:
        return cel_string(STR(""));
    default:
        return match_error(machine);
    }
}

CelValue cel_fn_find(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelPattern use;
    const Regex *regex;
    CelValue result;

    if (!cel_args_are(args, count, "ss"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, 8 + args[0].size / 8))
        return cel_exhausted(machine);
    regex = cel_pattern_open(machine, cel_text(args[1]), &use, &result);
    if (regex)
        result = find_first(machine, regex, cel_text(args[0]));
    cel_pattern_close(&use);
    return result;
}

/* Matches that do not overlap; an empty one right behind another does not count (RE2). */
static CelValue find_all(CelMachine *machine, const Regex *regex, Str text, int64_t limit)
{
    uint32_t capacity = 0, used = 0, from = 0, previous = UINT32_MAX;
    CelValue *items = NULL, result;
    CelList *list;

    while (from <= text.size && (limit < 0 || used < limit)) {
        RegexSpan span;
        RegexResult found = regex_find(regex, text, from, machine->arena, &span, 1);

        if (found == REGEX_FAILED || !cel_charge(machine, 8 + (text.size - from) / 256))
            return found == REGEX_FAILED ? match_error(machine) : cel_exhausted(machine);
        if (found == REGEX_NONE)
            break;
        from = span.end;
        if (span.end == span.start && from < text.size)
            utf8_next(text, &from);
        else if (span.end == span.start)
            from++;
        if (span.end == span.start && span.start == previous)
            continue;
        previous = span.end;
        items = arena_grow(machine->arena, items, used, &capacity, (size_t)used + 1, sizeof *items);
        if (!items)
            return cel_spent();
        items[used++] = cel_string(str_sub(text, span.start, span.end - span.start));
    }
    list = ARENA_NEW(machine->arena, CelList);
    if (!list)
        return cel_spent();
    *list = (CelList){used, items};
    result = (CelValue){.kind = CEL_LIST};
    result.as.list = list;
    return result;
}

CelValue cel_fn_find_all(CelMachine *machine, const CelValue *args, uint32_t count)
{
    CelPattern use;
    const Regex *regex;
    CelValue result;

    if (!cel_args_are(args, count, "ss") && !cel_args_are(args, count, "ssi"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, 8 + args[0].size / 8))
        return cel_exhausted(machine);
    regex = cel_pattern_open(machine, cel_text(args[1]), &use, &result);
    if (regex)
        result = find_all(machine, regex, cel_text(args[0]), count == 3 ? args[2].as.integer : -1);
    cel_pattern_close(&use);
    return result;
}
