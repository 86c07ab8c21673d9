/* The table of compiled patterns that the workers of a scan share. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "cel/library.h"

#define BUCKETS 1024u
#define RECENT 512u
/* Patterns that an input makes up, as by x.matches(y), shall not fill the memory. */
#define PATTERNS_MAX 10000u
#define CACHED_SIZE_MAX 4096u

typedef struct Pattern Pattern;
struct Pattern {
    Pattern *next;
    uint64_t hash;
    Regex *regex; /* NULL for a bad one: `error` */
    char error[REGEX_ERROR_SIZE];
    uint32_t size;
    char text[];
};

/* Readers take no lock: a pattern is put at the head of its bucket when it is complete, and stays.
 */
struct CelPatterns {
    _Atomic(Pattern *) buckets[BUCKETS];
    _Atomic(const Pattern *) recent[RECENT]; /* by where its text lay when it was last asked for */
    pthread_mutex_t adding;
    uint32_t count;
};

CelPatterns *cel_patterns_new(void)
{
    CelPatterns *patterns = calloc(1, sizeof *patterns);

    if (patterns && pthread_mutex_init(&patterns->adding, NULL) != 0) {
        free(patterns);
        return NULL;
    }
    return patterns;
}

static void pattern_free(Pattern *pattern)
{
    regex_free(pattern->regex);
    free(pattern);
}

void cel_patterns_free(CelPatterns *patterns)
{
    if (!patterns)
        return;
    for (uint32_t i = 0; i < BUCKETS; i++) {
        Pattern *pattern = atomic_load(&patterns->buckets[i]);

        while (pattern) {
            Pattern *next = pattern->next;

            pattern_free(pattern);
            pattern = next;
        }
    }
    pthread_mutex_destroy(&patterns->adding);
    free(patterns);
}

static const Pattern *find(CelPatterns *patterns, Str text, uint64_t hash)
{
    const Pattern *pattern =
        atomic_load_explicit(&patterns->buckets[hash % BUCKETS], memory_order_acquire);

    for (; pattern; pattern = pattern->next)
        if (pattern->hash == hash && str_eq(text, (Str){pattern->text, pattern->size}))
            return pattern;
    return NULL;
}

/* The patterns of rules are constants, which lie in one place: whether the pattern that was last
 * met at an address is still there costs less to see than to hash it. */
static _Atomic(const Pattern *) *recent_of(CelPatterns *patterns, Str text)
{
    uint64_t place = (uint64_t)(uintptr_t)text.data / 8 * UINT64_C(0x9e3779b97f4a7c15);

    return &patterns->recent[(place >> 32) % RECENT];
}

static const Pattern *find_recent(CelPatterns *patterns, Str text)
{
    const Pattern *pattern = atomic_load_explicit(recent_of(patterns, text), memory_order_acquire);

    return pattern && str_eq(text, (Str){pattern->text, pattern->size}) ? pattern : NULL;
}

static Pattern *compile(Str text, uint64_t hash)
{
    Pattern *pattern = calloc(1, sizeof *pattern + text.size + 1);

    if (!pattern)
        return NULL;
    pattern->hash = hash;
    pattern->size = text.size;
    if (text.size > 0)
        memcpy(pattern->text, text.data, text.size);
    pattern->regex = regex_new(text, pattern->error);
    return pattern;
}

/* Puts a pattern into the table, unless another worker was faster or there is no room. What is in
 * the table then, or NULL. */
static const Pattern *put(CelPatterns *patterns, Pattern *pattern)
{
    _Atomic(Pattern *) *bucket = &patterns->buckets[pattern->hash % BUCKETS];
    const Pattern *known;

    pthread_mutex_lock(&patterns->adding);
    known = find(patterns, (Str){pattern->text, pattern->size}, pattern->hash);
    if (!known && patterns->count < PATTERNS_MAX) {
        pattern->next = atomic_load(bucket);
        atomic_store_explicit(bucket, pattern, memory_order_release);
        patterns->count++;
        known = pattern;
    }
    pthread_mutex_unlock(&patterns->adding);
    return known;
}

/* NULL when the table is full or memory is short. Nobody waits for another one's pattern. */
static const Pattern *add(CelPatterns *patterns, Str text, uint64_t hash)
{
    Pattern *pattern = compile(text, hash);
    const Pattern *known = pattern ? put(patterns, pattern) : NULL;

    if (pattern && known != pattern)
        pattern_free(pattern);
    return known;
}

/* One use of a pattern: from the table, or compiled for this once. */
static const Regex *once(CelMachine *machine, Str text, CelPattern *use, CelValue *failure)
{
    char error[REGEX_ERROR_SIZE];

    use->owned = regex_new(text, error);
    if (!use->owned)
        *failure = cel_error(machine, "%s", error);
    return use->owned;
}

const Regex *cel_pattern_open(CelMachine *machine, Str text, CelPattern *use, CelValue *failure)
{
    const Pattern *pattern;
    uint64_t hash;

    use->owned = NULL;
    if (!cel_charge(machine, text.size / 4)) {
        *failure = cel_exhausted(machine);
        return NULL;
    }
    if (!machine->patterns || text.size > CACHED_SIZE_MAX)
        return once(machine, text, use, failure);
    pattern = find_recent(machine->patterns, text);
    if (!pattern) {
        hash = str_hash(text);
        pattern = find(machine->patterns, text, hash);
        if (!pattern)
            pattern = add(machine->patterns, text, hash);
        if (!pattern)
            return once(machine, text, use, failure);
        atomic_store_explicit(recent_of(machine->patterns, text), pattern, memory_order_release);
    }
    if (!pattern->regex)
        *failure = cel_error(machine, "%s", pattern->error);
    return pattern->regex;
}

void cel_pattern_close(CelPattern *use)
{
    regex_free(use->owned);
}
