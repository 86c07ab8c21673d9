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

/* The number of the last of `count` items, of which there is one, that stands at or before `place`;
 * 0 where none does. Items begin with the uint32_t that they are sorted by. */
static inline uint32_t sorted_last_until(const void *items, uint32_t count, size_t size,
                                         uint32_t place)
{
    uint32_t low = 0, high = count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (*(const uint32_t *)((const char *)items + middle * size) <= place)
            low = middle;
        else
            high = middle;
    }
    return low;
}

#endif
