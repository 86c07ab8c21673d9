/* Versions: semver() as https://semver.org/spec/v2.0.0.html says, versionCompare() for any. */
#include "base/buf.h"
#include "cel/host.h"

typedef struct Semver {
    CelOpaque head;
    uint64_t numbers[3];
    Str prerelease; /* empty when there is none */
    Str build;
} Semver;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool all_digits(Str text)
{
    for (uint32_t i = 0; i < text.size; i++)
        if (!is_digit(text.data[i]))
            return false;
    return text.size > 0;
}

/* order */

static Str without_zeros(Str digits)
{
    while (digits.size > 1 && digits.data[0] == '0')
        digits = str_from(digits, 1);
    return digits;
}

/* Runs of digits of any length by value. */
static int compare_digits(Str a, Str b)
{
    a = without_zeros(a);
    b = without_zeros(b);
    if (a.size != b.size)
        return a.size < b.size ? -1 : 1;
    return str_cmp(a, b);
}

static int sign_of(int n)
{
    return n < 0 ? -1 : n > 0;
}

static int compare_identifiers(Str a, Str b)
{
    bool number_a = all_digits(a), number_b = all_digits(b);

    if (number_a != number_b)
        return number_a ? -1 : 1;
    return number_a ? compare_digits(a, b) : str_cmp(a, b);
}

static int compare_prereleases(Str a, Str b)
{
    Str part_a, part_b;

    if (a.size == 0 || b.size == 0)
        return (a.size == 0) - (b.size == 0);
    for (;;) {
        bool more_a = str_split(&a, '.', &part_a), more_b = str_split(&b, '.', &part_b);
        int result;

        if (!more_a || !more_b)
            return (int)more_a - (int)more_b;
        result = compare_identifiers(part_a, part_b);
        if (result)
            return sign_of(result);
    }
}

static int order(const CelOpaque *a, const CelOpaque *b)
{
    const Semver *x = (const Semver *)a, *y = (const Semver *)b;

    for (int i = 0; i < 3; i++)
        if (x->numbers[i] != y->numbers[i])
            return x->numbers[i] < y->numbers[i] ? -1 : 1;
    return compare_prereleases(x->prerelease, y->prerelease);
}

static bool equal(const CelOpaque *a, const CelOpaque *b)
{
    return order(a, b) == 0;
}

static Str text_of(const CelOpaque *value, Arena *arena)
{
    const Semver *v = (const Semver *)value;
    Buf out = buf_new(arena);

    buf_printf(&out, "%llu.%llu.%llu", (unsigned long long)v->numbers[0],
               (unsigned long long)v->numbers[1], (unsigned long long)v->numbers[2]);
    if (v->prerelease.size)
        buf_printf(&out, "-%.*s", STR_ARG(v->prerelease));
    if (v->build.size)
        buf_printf(&out, "+%.*s", STR_ARG(v->build));
    return buf_str(&out);
}

static const CelOpaqueKind semver_kind = {"kubernetes.Semver", equal, order, text_of};

/* reading */

static bool read_number(Str digits, bool normalize, uint64_t *number)
{
    if (!all_digits(digits) || (!normalize && digits.size > 1 && digits.data[0] == '0'))
        return false;
    *number = 0;
    for (uint32_t i = 0; i < digits.size; i++) {
        uint64_t digit = (uint64_t)(digits.data[i] - '0');

        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return true;
}

static bool read_core(Str core, bool normalize, uint64_t numbers[3])
{
    uint32_t count = 0;
    Str part;

    if (core.size == 0 || core.data[core.size - 1] == '.')
        return false;
    for (; str_split(&core, '.', &part); count++)
        if (count == 3 || !read_number(part, normalize, &numbers[count]))
            return false;
    return count == 3 || normalize;
}

/* Parts between dots, of letters, digits and `-`; without zeros in front where `strict`. */
static bool are_identifiers(Str text, bool strict)
{
    Str part;

    if (text.size == 0 || text.data[text.size - 1] == '.')
        return false;
    while (str_split(&text, '.', &part)) {
        if (part.size == 0 || (strict && part.size > 1 && part.data[0] == '0' && all_digits(part)))
            return false;
        for (uint32_t i = 0; i < part.size; i++) {
            char c = part.data[i];

            if (!is_digit(c) && c != '-' && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z'))
                return false;
        }
    }
    return true;
}

/* Takes what follows the first `mark` off the end. */
static bool take_end(Str *rest, char mark, Str *end)
{
    int64_t at = str_find_char(*rest, mark);

    if (at < 0)
        return false;
    *end = str_from(*rest, (uint32_t)at + 1);
    *rest = str_sub(*rest, 0, (uint32_t)at);
    return true;
}

static bool read_semver(Str text, bool normalize, Semver *version)
{
    *version = (Semver){.head = {&semver_kind}};
    if (normalize && text.size > 0 && (text.data[0] == 'v' || text.data[0] == 'V'))
        text = str_from(text, 1);
    if (take_end(&text, '+', &version->build) && !are_identifiers(version->build, false))
        return false;
    if (take_end(&text, '-', &version->prerelease) && !are_identifiers(version->prerelease, true))
        return false;
    return read_core(text, normalize, version->numbers);
}

/* functions */

static bool wants_normal(const CelValue *args, uint32_t count)
{
    return count > 1 && args[1].kind == CEL_BOOL && args[1].as.boolean;
}

CelValue cel_host_semver(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Semver *version;
    CelValue result;
    Str text;

    if (host_settled(machine, args, &text, &result))
        return result;
    if (count > 1 && args[1].kind != CEL_BOOL)
        return cel_no_overload(machine);
    version = ARENA_NEW(machine->arena, Semver);
    if (!version)
        return cel_spent();
    if (!read_semver(text, wants_normal(args, count), version))
        return cel_error(machine, "this is no semantic version");
    return cel_new_opaque(&version->head);
}

CelValue cel_host_is_semver(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Semver version;

    if (args[0].kind != CEL_STRING || (count > 1 && args[1].kind != CEL_BOOL))
        return cel_no_overload(machine);
    return cel_bool(read_semver(cel_text(args[0]), wants_normal(args, count), &version));
}

static CelValue number(CelMachine *machine, const CelValue *args, int index)
{
    if (args[0].kind != CEL_OPAQUE || args[0].as.opaque->kind != &semver_kind)
        return cel_no_overload(machine);
    return cel_int((int64_t)((const Semver *)args[0].as.opaque)->numbers[index]);
}

CelValue cel_host_semver_major(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return number(machine, args, 0);
}

CelValue cel_host_semver_minor(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return number(machine, args, 1);
}

CelValue cel_host_semver_patch(CelMachine *machine, const CelValue *args, uint32_t count)
{
    (void)count;
    return number(machine, args, 2);
}

/* versions of any make */

/* The next run of digits or of letters; everything else only separates. Empty at the end. */
static Str next_part(Str *rest)
{
    uint32_t n = 0;
    Str part;

    while (rest->size > 0 && !is_digit(rest->data[0]) &&
           !(rest->data[0] >= 'a' && rest->data[0] <= 'z') &&
           !(rest->data[0] >= 'A' && rest->data[0] <= 'Z'))
        *rest = str_from(*rest, 1);
    if (rest->size == 0)
        return STR("");
    while (n < rest->size && is_digit(rest->data[n]) == is_digit(rest->data[0]) &&
           (is_digit(rest->data[n]) || (rest->data[n] | 0x20) >= 'a') &&
           (is_digit(rest->data[n]) || (rest->data[n] | 0x20) <= 'z'))
        n++;
    part = str_sub(*rest, 0, n);
    *rest = str_from(*rest, n);
    return part;
}

/* A number is more than nothing, letters (rc1, beta) are less; a zero is as good as nothing. */
static int rank_alone(Str part)
{
    if (part.size == 0)
        return 0;
    if (!is_digit(part.data[0]))
        return -1;
    return str_eq(without_zeros(part), STR("0")) ? 0 : 1;
}

static int compare_parts(Str a, Str b)
{
    if (a.size == 0 || b.size == 0)
        return a.size == 0 ? -rank_alone(b) : rank_alone(a);
    if (is_digit(a.data[0]) != is_digit(b.data[0]))
        return is_digit(a.data[0]) ? 1 : -1;
    return sign_of(is_digit(a.data[0]) ? compare_digits(a, b) : str_cmp(a, b));
}

static Str without_v(Str version)
{
    bool v = version.size > 1 && (version.data[0] | 0x20) == 'v' && is_digit(version.data[1]);

    return v ? str_from(version, 1) : version;
}

CelValue cel_host_version_compare(CelMachine *machine, const CelValue *args, uint32_t count)
{
    Str a, b;

    (void)count;
    if (args[0].kind == CEL_NULL)
        return args[0];
    if (args[0].kind != CEL_STRING || args[1].kind != CEL_STRING)
        return cel_no_overload(machine);
    a = without_v(cel_text(args[0]));
    b = without_v(cel_text(args[1]));
    while (a.size > 0 || b.size > 0) {
        Str part_a = next_part(&a), part_b = next_part(&b);
        int result = compare_parts(part_a, part_b);

        if (result)
            return cel_int(result);
    }
    return cel_int(0);
}
