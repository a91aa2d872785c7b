/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_STORE_H
#define COMITY_BASE_STORE_H

/*
 * store.h - blocks of memory in one range, named by 32-bit offsets.
 *
 * The host reserves a large range of zero pages; the store grows into it and keeps
 * lists of what was given back, by size class. Taking never fails: when the range is
 * exhausted, memory_fail() stops the process. Offset 0 names no block.
 */

#include <stddef.h>
#include <stdint.h>

#define STORE_CLASSES 96

struct store {
	uint8_t *at;
	uint32_t size; /* octets behind `at`, at most 4 GiB - 1 */
	uint32_t top;  /* first octet never taken */
	uint32_t free_first[STORE_CLASSES]; /* offset of a given-back block, or 0 */
};

/* `at` is aligned to 16 octets. */
void store_init(struct store *store, uint8_t *at, size_t size);

/* A block of `size` octets, aligned to 16, its content undefined. */
uint32_t store_take(struct store *store, size_t size);

/* Gives back a block that was taken with this size. */
void store_give(struct store *store, uint32_t block, size_t size);

/* Where a block lies. */
static inline void *store_at(const struct store *store, uint32_t block)
{
	return store->at + block;
}

#endif
