/*
 * base/sorted.h - where something stands in an array that is sorted
 */
#ifndef PLUMB_BASE_SORTED_H
#define PLUMB_BASE_SORTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How many of `count` items of `size` bytes come before `key`, which is the number of the first
 * that does not. Those for which `is_before` holds must stand before all others. */
static inline uint32_t sorted_before(const void *items, uint32_t count, size_t size,
                                     bool (*is_before)(const void *item, const void *key),
                                     const void *key)
{
    uint32_t low = 0, high = count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (is_before((const char *)items + middle * size, key))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

#endif
