/* The strings extension, but for format(). Positions count code points. */
#include "base/buf.h"
#include "cel/library.h"

static CelValue out_of_range(CelMachine *machine, int64_t index)
{
    return cel_error(machine, "index out of range: %lld", (long long)index);
}

/* Charges for texts that are read through. */
static bool charge_texts(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint64_t bytes = 0;

    for (uint32_t i = 0; i < count; i++)
        bytes += args[i].kind == CEL_STRING ? args[i].size : 0;
    return cel_charge(machine, bytes / 8);
}

static CelValue finish(CelMachine *machine, const Buf *buf)
{
    return arena_spent(machine->arena) ? cel_spent() : cel_string(buf_str(buf));
}

CelValue cel_fn_char_at(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint32_t start, end;
    Str text;

    if (!cel_args_are(args, count, "si"))
        return cel_no_overload(machine);
    if (!charge_texts(machine, args, count))
        return cel_exhausted(machine);
    text = cel_text(args[0]);
    start = args[1].as.integer < 0 ? UINT32_MAX : utf8_offset(text, (uint64_t)args[1].as.integer);
    if (start == UINT32_MAX)
        return out_of_range(machine, args[1].as.integer);
    end = start;
    if (end < text.size)
        utf8_next(text, &end);
    return cel_string(str_sub(text, start, end - start));
}

/* Position of `part` in a text at or after byte `from`, in code points, or -1. */
static int64_t position_from(Str text, Str part, uint32_t from)
{
    int64_t at = part.size == 0 ? 0 : str_find(str_from(text, from), part);

    return at < 0 ? -1 : (int64_t)utf8_length(str_sub(text, 0, from + (uint32_t)at));
}

/* The position of the first or last element that is equal, -1 for none. */
static CelValue list_position(CelMachine *machine, CelValue list, CelValue wanted, bool last)
{
    uint32_t count = cel_count(list);

    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = last ? count - 1 - i : i;
        CelValue same;

        if (!cel_charge(machine, 1))
            return cel_exhausted(machine);
        same = cel_machine_equal(machine, cel_list_item(list, at), wanted);
        if (same.kind != CEL_BOOL)
            return same;
        if (same.as.boolean)
            return cel_int(at);
    }
    return cel_int(-1);
}

CelValue cel_fn_index_of(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint32_t from = 0;

    if (count == 2 && args[0].kind == CEL_LIST)
        return list_position(machine, args[0], args[1], false);
    if (!cel_args_are(args, count, "ss") && !cel_args_are(args, count, "ssi"))
        return cel_no_overload(machine);
    if (!charge_texts(machine, args, count))
        return cel_exhausted(machine);
    if (count == 3) {
        int64_t wanted = args[2].as.integer;

        from = wanted < 0 ? UINT32_MAX : utf8_offset(cel_text(args[0]), (uint64_t)wanted);
        if (from == UINT32_MAX)
            return out_of_range(machine, wanted);
    }
    return cel_int(position_from(cel_text(args[0]), cel_text(args[1]), from));
}

/* The last place at or before byte `from` where `part` begins, in code points, or -1. */
static int64_t position_until(Str text, Str part, uint32_t from)
{
    if (part.size > text.size)
        return -1;
    if (from > text.size - part.size)
        from = text.size - part.size;
    for (uint32_t at = from + 1; at-- > 0;)
        if (memcmp(text.data + at, part.data, part.size) == 0)
            return utf8_length(str_sub(text, 0, at));
    return -1;
}

CelValue cel_fn_last_index_of(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint32_t from;

    if (count == 2 && args[0].kind == CEL_LIST)
        return list_position(machine, args[0], args[1], true);
    if (!cel_args_are(args, count, "ss") && !cel_args_are(args, count, "ssi"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, (uint64_t)args[0].size * (args[1].size / 64 + 1) / 8))
        return cel_exhausted(machine);
    from = args[0].size;
    if (count == 3) {
        int64_t wanted = args[2].as.integer;

        from = wanted < 0 ? UINT32_MAX : utf8_offset(cel_text(args[0]), (uint64_t)wanted);
        if (from == UINT32_MAX)
            return out_of_range(machine, wanted);
        if (args[1].size == 0)
            return args[2];
    }
    if (args[0].size == 0 && args[1].size == 0)
        return cel_int(0);
    return cel_int(position_until(cel_text(args[0]), cel_text(args[1]), from));
}

static CelValue change_case(CelMachine *machine, const CelValue *args, uint32_t count, char first,
                            char last)
{
    Str text;
    char *out;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    if (!charge_texts(machine, args, count))
        return cel_exhausted(machine);
    text = cel_text(args[0]);
    out = arena_raw(machine->arena, (size_t)text.size + 1, 1);
    if (!out)
        return cel_spent();
    for (uint32_t i = 0; i < text.size; i++) {
        bool letter = text.data[i] >= first && text.data[i] <= last;

        out[i] = letter ? (char)(text.data[i] ^ 0x20) : text.data[i];
    }
    return cel_string((Str){out, text.size});
}

CelValue cel_fn_lower_ascii(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return change_case(machine, args, count, 'A', 'Z');
}

CelValue cel_fn_upper_ascii(CelMachine *machine, const CelValue *args, uint32_t count)
{
    return change_case(machine, args, count, 'a', 'z');
}

/* An empty text stands before each code point and at the end. */
static void replace_empty(Buf *out, Str text, Str with, int64_t limit)
{
    uint32_t at = 0, from;

    for (;;) {
        if (limit-- != 0)
            buf_add(out, with);
        else
            limit = 0;
        if (at == text.size)
            return;
        from = at;
        utf8_next(text, &at);
        buf_add(out, str_sub(text, from, at - from));
    }
}

static void replace(Buf *out, Str text, Str what, Str with, int64_t limit)
{
    int64_t at;

    while (limit-- != 0 && (at = str_find(text, what)) >= 0) {
        buf_add(out, str_sub(text, 0, (uint32_t)at));
        buf_add(out, with);
        text = str_from(text, (uint32_t)at + what.size);
    }
    buf_add(out, text);
}

CelValue cel_fn_replace(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Buf out = buf_new(machine->arena);
    int64_t limit;
    uint64_t most;

    if (!cel_args_are(args, count, "sss") && !cel_args_are(args, count, "sssi"))
        return cel_no_overload(machine);
    limit = count == 4 ? args[3].as.integer : -1;
    if (limit < 0)
        limit = -1;
    /* the text may grow at each place where `what` fits */
    most = args[0].size +
           ((uint64_t)args[0].size / (args[1].size ? args[1].size : 1) + 1) * args[2].size;
    if (!cel_charge(machine, most / 8))
        return cel_exhausted(machine);
    if (args[1].size == 0)
        replace_empty(&out, cel_text(args[0]), cel_text(args[2]), limit);
    else
        replace(&out, cel_text(args[0]), cel_text(args[1]), cel_text(args[2]), limit);
    return finish(machine, &out);
}

/* The length of the first part of a text before `separator`, and what to leave out after it. */
static bool next_part(Str text, Str separator, uint32_t *size, uint32_t *skip)
{
    int64_t at;

    *skip = separator.size;
    if (separator.size == 0) {
        *size = 0;
        if (text.size > 0)
            utf8_next(text, size);
        return *size < text.size;
    }
    at = str_find(text, separator);
    *size = at < 0 ? text.size : (uint32_t)at;
    return at >= 0;
}

static CelValue split(CelMachine *machine, Str text, Str separator, int64_t limit)
{
    uint32_t size, skip, used = 0, parts = 1;
    Str rest = text;
    CelValue *items, result;

    if (limit == 0 || (text.size == 0 && separator.size == 0))
        return cel_new_list(machine, 0, &items);
    while ((limit < 0 || parts < limit) && next_part(rest, separator, &size, &skip)) {
        rest = str_from(rest, size + skip);
        parts++;
    }
    result = cel_new_list(machine, parts, &items);
    if (result.kind == CEL_ERROR)
        return result;
    for (rest = text; used + 1 < parts; rest = str_from(rest, size + skip)) {
        next_part(rest, separator, &size, &skip);
        items[used++] = cel_string(str_sub(rest, 0, size));
    }
    items[used] = cel_string(rest);
    return result;
}

CelValue cel_fn_split(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "ss") && !cel_args_are(args, count, "ssi"))
        return cel_no_overload(machine);
    if (!cel_charge(machine, args[0].size))
        return cel_exhausted(machine);
    return split(machine, cel_text(args[0]), cel_text(args[1]),
                 count == 3 ? args[2].as.integer : -1);
}

CelValue cel_fn_substring(CelMachine *machine, const CelValue *args, uint32_t count)
{
    uint32_t start, end;
    Str text;

    if (!cel_args_are(args, count, "si") && !cel_args_are(args, count, "sii"))
        return cel_no_overload(machine);
    if (!charge_texts(machine, args, count))
        return cel_exhausted(machine);
    text = cel_text(args[0]);
    start = args[1].as.integer < 0 ? UINT32_MAX : utf8_offset(text, (uint64_t)args[1].as.integer);
    if (start == UINT32_MAX)
        return out_of_range(machine, args[1].as.integer);
    if (count == 2)
        return cel_string(str_from(text, start));
    end = args[2].as.integer < 0 ? UINT32_MAX : utf8_offset(text, (uint64_t)args[2].as.integer);
    if (end == UINT32_MAX)
        return out_of_range(machine, args[2].as.integer);
    if (end < start)
        return cel_error(machine, "invalid substring range. start: %lld, end: %lld",
                         (long long)args[1].as.integer, (long long)args[2].as.integer);
    return cel_string(str_sub(text, start, end - start));
}

/* Unicode's property White_Space. */
static bool is_space(uint32_t c)
{
    return (c >= 0x09 && c <= 0x0d) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

/* Without the blanks at its front. */
static Str trim_front(Str text)
{
    uint32_t next = 0;

    while (text.size && is_space(utf8_next(text, &next))) {
        text = str_from(text, next);
        next = 0;
    }
    return text;
}

static Str trim_back(Str text)
{
    while (text.size) {
        uint32_t last = text.size - 1, next;
        while (last && ((unsigned char)text.data[last] & 0xc0) == 0x80)
            last--;
        next = last;
        if (!is_space(utf8_next(text, &next)) || next != text.size)
            break;
        text.size = last;
    }
    return text;
}

CelValue cel_fn_trim(CelMachine *machine, const CelValue *args, uint32_t count)
{
    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    if (!charge_texts(machine, args, count))
        return cel_exhausted(machine);
    return cel_string(trim_back(trim_front(cel_text(args[0]))));
}

CelValue cel_fn_join(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Buf out = buf_new(machine->arena);
    CelValue obstacle;

    if (!cel_args_are(args, count, "l") && !cel_args_are(args, count, "ls"))
        return cel_no_overload(machine);
    if (cel_list_obstacle(args[0], &obstacle))
        return obstacle;
    for (uint32_t i = 0; i < cel_count(args[0]); i++) {
        CelValue item = cel_list_item(args[0], i);

        if (item.kind != CEL_STRING)
            return cel_no_overload(machine);
        if (!cel_charge(machine, 1 + item.size / 8 + (count == 2 ? args[1].size / 8 : 0)))
            return cel_exhausted(machine);
        if (i > 0 && count == 2)
            buf_add(&out, cel_text(args[1]));
        buf_add(&out, cel_text(item));
    }
    return finish(machine, &out);
}

static void quote_codepoint(Buf *out, uint32_t c)
{
    static const char plain[] = "abfnrtv";
    static const char codes[] = "\a\b\f\n\r\t\v";
    const char *found = c != 0 && c < 0x80 ? strchr(codes, (int)c) : NULL;

    if (found) {
        buf_add_char(out, '\\');
        buf_add_char(out, plain[found - codes]);
        return;
    }
    if (c == '"' || c == '\\')
        buf_add_char(out, '\\');
    buf_add_codepoint(out, c);
}

CelValue cel_fn_quote(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Buf out = buf_new(machine->arena);
    Str text;

    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    if (!charge_texts(machine, args, count))
        return cel_exhausted(machine);
    text = cel_text(args[0]);
    buf_add_char(&out, '"');
    for (uint32_t at = 0; at < text.size;)
        quote_codepoint(&out, utf8_next(text, &at));
    buf_add_char(&out, '"');
    return finish(machine, &out);
}

static CelValue reverse_list(CelMachine *machine, CelValue list)
{
    uint32_t size = cel_count(list);
    CelValue *items, result;

    if (!cel_charge(machine, size))
        return cel_exhausted(machine);
    result = cel_new_list(machine, size, &items);
    for (uint32_t i = 0; result.kind == CEL_LIST && i < size; i++)
        items[i] = cel_list_item(list, size - 1 - i);
    return result;
}

CelValue cel_fn_reverse(CelMachine *machine, const CelValue *args, uint32_t count)
{
    char *out;
    Str text;

    if (cel_args_are(args, count, "l"))
        return reverse_list(machine, args[0]);
    if (!cel_args_are(args, count, "s"))
        return cel_no_overload(machine);
    if (!charge_texts(machine, args, count))
        return cel_exhausted(machine);
    text = cel_text(args[0]);
    out = arena_raw(machine->arena, (size_t)text.size + 1, 1);
    if (!out)
        return cel_spent();
    for (uint32_t at = 0; at < text.size;) {
        uint32_t from = at;

        utf8_next(text, &at);
        memcpy(out + text.size - at, text.data + from, at - from);
    }
    return cel_string((Str){out, text.size});
}
