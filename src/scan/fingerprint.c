#include "scan/fingerprint.h"

#include <stdlib.h>

#include "base/sha256.h"

static void add_part(Sha256 *hash, Str part)
{
    sha256_add(hash, part);
    sha256_add(hash, (Str){"", 1});
}

/* The path with [] for [12]: positions move when something is put before. */
static void add_attribute(Sha256 *hash, Str path)
{
    uint32_t from = 0;

    for (uint32_t i = 0; i < path.size; i++) {
        uint32_t end = i + 1;
        if (path.data[i] != '[')
            continue;
        while (end < path.size && path.data[end] >= '0' && path.data[end] <= '9')
            end++;
        if (end == i + 1 || end == path.size || path.data[end] != ']')
            continue;
        sha256_add(hash, str_sub(path, from, i + 1 - from));
        from = end;
    }
    add_part(hash, str_from(path, from));
}

/* What is hashed after the path. */
static void add_finding(Sha256 *hash, const Verdict *verdict, Str address)
{
    add_part(hash, address);
    add_attribute(hash, verdict->attribute);
    add_part(hash, verdict->element);
}

void fingerprint_moved(const Verdict *verdict, char moved[65])
{
    Sha256 hash = sha256_new();

    add_part(&hash, rule_id(verdict->rule));
    add_finding(&hash, verdict, verdict->resource);
    sha256_hex(&hash, moved);
}

void fingerprint_set(Verdict *verdict, Str address, Str prefix, Str label)
{
    Sha256 hash = sha256_new();

    add_part(&hash, rule_id(verdict->rule));
    sha256_add(&hash, prefix);
    sha256_add(&hash, verdict->place.path.size ? verdict->place.path : verdict->place.file);
    if (label.size) {
        sha256_add(&hash, STR("#"));
        sha256_add(&hash, label);
    }
    sha256_add(&hash, (Str){"", 1});
    add_finding(&hash, verdict, address);
    sha256_hex(&hash, verdict->fingerprint);
}

typedef struct Numbered {
    Verdict *verdict;
    uint32_t number; /* position in the report */
} Numbered;

/* Verdicts that only some reports ask for come last, so that they change the number of no other. */
static int rank(const Verdict *verdict)
{
    static const int ranks[] = {
        [STATUS_FAIL] = 0,
        [STATUS_UNKNOWN] = 1,
        [STATUS_SUPPRESSED] = 2,
        [STATUS_PASS] = 3,
    };

    return ranks[verdict->status];
}

static int compare(const void *a, const void *b)
{
    const Numbered *x = a, *y = b;
    int order = memcmp(x->verdict->fingerprint, y->verdict->fingerprint, 64);

    if (!order)
        order = rank(x->verdict) - rank(y->verdict);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

void fingerprint_label(Verdict *verdict, Str label)
{
    Sha256 hash = sha256_new();

    add_part(&hash, (Str){verdict->fingerprint, 64});
    add_part(&hash, label);
    sha256_hex(&hash, verdict->fingerprint);
}

static void add_number(Verdict *verdict, uint32_t number)
{
    char digits[STR_DIGITS];

    fingerprint_label(verdict, str_number(number, digits));
}

void fingerprints_finish(Verdict *verdicts, uint32_t count)
{
    Numbered *order = count > 1 ? calloc(count, sizeof *order) : NULL;
    char last[65] = "";
    uint32_t same = 0;

    if (!order)
        return;
    for (uint32_t i = 0; i < count; i++)
        order[i] = (Numbered){&verdicts[i], i};
    qsort(order, count, sizeof *order, compare);
    for (uint32_t i = 0; i < count; i++) {
        Verdict *verdict = order[i].verdict;
        same = memcmp(last, verdict->fingerprint, 64) == 0 ? same + 1 : 0;
        memcpy(last, verdict->fingerprint, sizeof last);
        if (same)
            add_number(verdict, same + 1);
    }
    free(order);
}
