/*
 * tests/fuzz/driver.c - feeds files to a fuzz target, for machines without libFuzzer
 *
 * Each file is given whole, then cut at a few places, so that truncated input is tried as well.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LARGEST = 1 << 20, CUTS = 16 };

int main(int argc, char **argv)
{
    uint8_t *data = malloc(LARGEST);

    if (!data)
        return 1;
    for (int i = 1; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        size_t size = file ? fread(data, 1, LARGEST, file) : 0;
        if (file)
            fclose(file);
        for (size_t cut = 0; cut <= CUTS; cut++)
            LLVMFuzzerTestOneInput(data, size * cut / CUTS);
    }
    free(data);
    return 0;
}
