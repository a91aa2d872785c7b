/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_SORT_H
#define COMITY_BASE_SORT_H

/*
 * sort.h - sorting in place, without heap and without libc.
 *
 * The order must be total on what is sorted: two items that compare equal may
 * end up either way round, so they must be interchangeable.
 */

#include <stddef.h>

typedef int sort_order(const void *a, const void *b, const void *context);

/* Heap sort: O(n log n) always, no recursion. Items are at most 128 octets each. */
void sort(void *items, size_t count, size_t size, sort_order *order, const void *context);

/* Merge sort, with room for half of the items, rounded up, at `scratch`: few comparisons where much is in
 * order already. */
void sort_nearly(void *items, void *scratch, size_t count, size_t size, sort_order *order,
                 const void *context);

#endif
