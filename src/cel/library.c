#include "cel/library.h"

#include "cel/time.h"

CelValue cel_new_time(CelMachine *machine, CelKind kind, CelTime time)
{
    CelValue value = {.kind = (uint8_t)kind};
    CelTime *copy;

    if (kind == CEL_TIMESTAMP ? !cel_timestamp_in_range(time) : !cel_duration_in_range(time))
        return cel_error(machine, "range");
    copy = ARENA_NEW(machine->arena, CelTime);
    if (!copy)
        return cel_spent();
    *copy = time;
    value.as.time = copy;
    return value;
}

static bool is_kind(CelValue value, char letter)
{
    static const char letters[] = {
        [CEL_NULL] = 'n',     [CEL_BOOL] = 'B',     [CEL_INT] = 'i',       [CEL_UINT] = 'u',
        [CEL_DOUBLE] = 'd',   [CEL_STRING] = 's',   [CEL_BYTES] = 'b',     [CEL_LIST] = 'l',
        [CEL_MAP] = 'm',      [CEL_DURATION] = 'D', [CEL_TIMESTAMP] = 't', [CEL_TYPE] = 'T',
        [CEL_OPTIONAL] = 'o', [CEL_OPAQUE] = 'O',   [CEL_RESOURCE] = 'm',  [CEL_UNKNOWN] = '-',
        [CEL_ERROR] = '-',
    };

    return letter == '*' || letters[value.kind] == letter;
}

bool cel_args_are(const CelValue *args, uint32_t count, const char *kinds)
{
    for (uint32_t i = 0; i < count; i++)
        if (!kinds[i] || !is_kind(args[i], kinds[i]))
            return false;
    return kinds[count] == '\0';
}

bool cel_list_obstacle(CelValue list, CelValue *element)
{
    bool found = false;

    for (uint32_t i = 0; i < cel_count(list); i++) {
        CelValue item = cel_list_item(list, i);

        if (item.kind == CEL_UNKNOWN) {
            *element = item;
            return true;
        }
        if (item.kind == CEL_ERROR && !found) {
            *element = item;
            found = true;
        }
    }
    return found;
}

/* UTF-8 */

/* Bytes of the sequence at `at`, 0 for a malformed one (RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF). */
static uint32_t sequence_size(Str text, uint32_t at)
{
    const unsigned char *p = (const unsigned char *)text.data + at;
    uint32_t size = p[0] < 0x80 ? 1 : p[0] < 0xc2 ? 0 : p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;

    if (p[0] > 0xf4 || size == 0 || size > text.size - at)
        return 0;
    for (uint32_t i = 1; i < size; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((p[0] == 0xe0 && p[1] < 0xa0) || (p[0] == 0xed && p[1] > 0x9f) ||
        (p[0] == 0xf0 && p[1] < 0x90) || (p[0] == 0xf4 && p[1] > 0x8f))
        return 0;
    return size;
}

uint32_t utf8_next(Str text, uint32_t *at)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    uint32_t size = sequence_size(text, *at), codepoint;

    if (size == 0) {
        ++*at;
        return 0xfffd;
    }
    codepoint = (unsigned char)text.data[*at] & masks[size];
    for (uint32_t i = 1; i < size; i++)
        codepoint = codepoint << 6 | ((unsigned char)text.data[*at + i] & 0x3f);
    *at += size;
    return codepoint;
}

uint32_t utf8_length(Str text)
{
    uint32_t length = 0;

    for (uint32_t at = 0; at < text.size; length++) {
        uint32_t size = (unsigned char)text.data[at] < 0x80 ? 1 : sequence_size(text, at);

        at += size ? size : 1;
    }
    return length;
}

uint32_t utf8_offset(Str text, uint64_t codepoint)
{
    uint32_t at = 0;

    if (codepoint > text.size)
        return UINT32_MAX;
    for (; codepoint > 0 && at < text.size; codepoint--)
        utf8_next(text, &at);
    return codepoint == 0 ? at : UINT32_MAX;
}

bool utf8_valid(Str text)
{
    for (uint32_t at = 0; at < text.size;) {
        uint32_t size = sequence_size(text, at);

        if (size == 0)
            return false;
        at += size;
    }
    return true;
}
