/* SPDX-License-Identifier: Apache-2.0 */
#include "base/store.h"

#include <string.h>

#include "base/arena.h"
#include "base/must.h"

#define SMALLEST 64u

/* Classes grow by quarters of a power of two: at most a quarter of a block is lost. */
static unsigned class_of(size_t size, uint32_t *rounded)
{
	unsigned class = 0;
	uint64_t power = SMALLEST;

	for (;; power *= 2)
		for (unsigned quarter = 4; quarter < 8; quarter++, class++)
			if (size <= power / 4 * quarter) {
				must(class < STORE_CLASSES);
				*rounded = (uint32_t)(power / 4 * quarter);
				return class;
			}
}

void store_init(struct store *store, uint8_t *at, size_t size)
{
	must((uintptr_t)at % 16 == 0);
	*store = (struct store){.at = at, .top = 16};
	store->size = size < UINT32_MAX ? (uint32_t)size : UINT32_MAX;
}

uint32_t store_take(struct store *store, size_t size)
{
	uint32_t rounded, block;

	if (size > store->size)
		memory_fail(size);
	block = store->free_first[class_of(size, &rounded)];
	if (block != 0) {
		memcpy(&store->free_first[class_of(size, &rounded)], store_at(store, block),
		       sizeof(block));
		return block;
	}
	if (rounded > store->size - store->top)
		memory_fail(size);
	block = store->top;
	store->top += rounded;
	return block;
}

void store_give(struct store *store, uint32_t block, size_t size)
{
	uint32_t rounded, *first = &store->free_first[class_of(size, &rounded)];

	must(block != 0 && block < store->top);
	memcpy(store_at(store, block), first, sizeof(*first));
	*first = block;
}
