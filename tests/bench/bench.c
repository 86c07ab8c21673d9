/*
 * tests/bench/bench.c - MB/s of each reader over files given, for `make bench`
 *
 * Each file is read once, then turned into nodes again and again for about a quarter of a second.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "base/limits.h"
#include "ir/docker.h"
#include "ir/kubernetes.h"
#include "ir/plan.h"

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

typedef bool BuildFn(Unit *unit, Source *source);

static void measure(const char *path, const char *reader, BuildFn *build)
{
    static const Symbols no_symbols;
    Arena *texts = arena_new(LIMIT_UNIT_BYTES), *arena = arena_new(LIMIT_UNIT_BYTES);
    Str text;
    int error;
    uint32_t resources = 0;
    long rounds = 0;
    double start, took;

    if (!texts || !arena || !file_read(AT_FDCWD, path, LIMIT_SOURCE_BYTES, texts, &text, &error)) {
        printf("%s: cannot be read\n", path);
        goto done;
    }
    start = now();
    do {
        Unit unit;
        Source *source;
        arena_rewind(arena, 0);
        unit = unit_new(arena, &no_symbols, NULL);
        source = sources_add(&unit.sources, str_of(path), text);
        if (source)
            build(&unit, source);
        resources = unit.resource_count;
        rounds++;
        took = now() - start;
    } while (took < 0.25);
    printf("%-11s %8.1f MB/s %7u resources  %s\n", reader,
           (double)text.size * (double)rounds / took / 1e6, resources, path);
done:
    arena_free(texts);
    arena_free(arena);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        const char *name = strrchr(argv[i], '/') ? strrchr(argv[i], '/') + 1 : argv[i];
        if (strstr(name, ".json"))
            measure(argv[i], "plan", plan_build);
        else if (strstr(name, ".yaml") || strstr(name, ".yml"))
            measure(argv[i], "kubernetes", kubernetes_build);
        else if (strncmp(name, "Dockerfile", 10) == 0)
            measure(argv[i], "dockerfile", docker_build);
    }
    return 0;
}
