/*
 * tools/embed.c - files as constants of a C program
 *
 * embed HEADER NAME=FILE...: writes, to standard output, a C file that includes HEADER and defines
 * a `const Str NAME` for each file. Run by the build, so that what a report carries along (its
 * styles, its script) stands in the tree as what it is.
 */
#include <stdio.h>
#include <string.h>

#define COLUMNS 24

static int fail(const char *what)
{
    perror(what);
    return 1;
}

static unsigned long write_bytes(FILE *file)
{
    unsigned long count = 0;

    for (int byte; (byte = getc(file)) != EOF; count++)
        printf("%s%d,", count % COLUMNS ? "" : "\n    ", byte);
    return count;
}

static int embed(const char *name, int size, const char *path)
{
    FILE *file = fopen(path, "rb");
    unsigned long count;
    int bad;

    if (!file)
        return fail(path);
    printf("\nstatic const unsigned char bytes_of_%.*s[] = {", size, name);
    count = write_bytes(file);
    bad = ferror(file);
    fclose(file);
    printf("\n    0};\nconst Str %.*s = {(const char *)bytes_of_%.*s, %lu};\n", size, name, size,
           name, count);
    return bad ? fail(path) : 0;
}

int main(int argc, char **argv)
{
    int status = argc > 1 ? 0 : 1;

    if (argc > 1)
        printf("#include \"%s\"\n", argv[1]);
    for (int i = 2; i < argc && status == 0; i++) {
        const char *equals = strchr(argv[i], '=');
        status = equals ? embed(argv[i], (int)(equals - argv[i]), equals + 1) : 1;
    }
    return fflush(stdout) == 0 ? status : fail("embed");
}
