/*
 * A module tree of any bytes: the root in native syntax up to the first NUL, then in JSON syntax,
 * then an override file; every call leads to the same files.
 */
#include <stdlib.h>
#include <string.h>

#include "ir/terraform.h"

static const Str names[] = {STR_INIT("a.tf"), STR_INIT("b.tf.json"), STR_INIT("override.tf")};

typedef struct Files {
    Str texts[3];
} Files;

static bool list(void *context, Str dir, Arena *arena, Str **items, uint32_t *count)
{
    (void)context;
    (void)dir;
    *items = ARENA_ARRAY(arena, Str, 3);
    if (!*items)
        return false;
    memcpy(*items, names, sizeof names);
    *count = 3;
    return true;
}

static bool read_text(void *context, Str path, Arena *arena, Str *text)
{
    const Files *files = context;

    (void)arena;
    for (uint32_t i = 0; i < 3; i++) {
        if (str_ends(path, names[i])) {
            *text = files->texts[i];
            return true;
        }
    }
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1);
    Arena *arena = arena_new((size_t)64 << 20);
    const Symbols symbols = {0};
    Files files = {{{"", 0}, {"", 0}, {"", 0}}};
    TerraformFiles access = {.context = &files, .list = list, .read = read_text};
    Str rest, part;
    Unit unit;

    if (copy && arena) {
        memcpy(copy, data, size);
        rest = (Str){copy, (uint32_t)size};
        for (uint32_t i = 0; i < 3 && str_split(&rest, '\0', &part); i++)
            files.texts[i] = part;
        unit = unit_new(arena, &symbols, NULL);
        terraform_build_tree(&unit, STR("."), &access, NULL);
    }
    arena_free(arena);
    free(copy);
    return 0;
}
