/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sort.h"

#include <stdint.h>
#include <string.h>

#include "base/must.h"

#define ITEM_SIZE_MAX 128

static void exchange(uint8_t *a, uint8_t *b, size_t size)
{
	uint8_t kept[ITEM_SIZE_MAX];

	memcpy(kept, a, size);
	memcpy(a, b, size);
	memcpy(b, kept, size);
}

/* Lets the item at `root` sink until neither child is greater. */
static void sink(uint8_t *items, size_t root, size_t count, size_t size, sort_order *order,
                 const void *context)
{
	for (;;) {
		size_t child = 2 * root + 1;

		if (child >= count)
			return;
		if (child + 1 < count &&
		    order(items + child * size, items + (child + 1) * size, context) < 0)
			child++;
		if (order(items + root * size, items + child * size, context) >= 0)
			return;
		exchange(items + root * size, items + child * size, size);
		root = child;
	}
}

void sort(void *items, size_t count, size_t size, sort_order *order, const void *context)
{
	must(size <= ITEM_SIZE_MAX);
	for (size_t i = count / 2; i-- > 0;)
		sink(items, i, count, size, order, context);
	for (size_t end = count; end-- > 1;) {
		exchange(items, (uint8_t *)items + end * size, size);
		sink(items, 0, end, size, order, context);
	}
}

/* Merges the sorted `left` and `right` items that stand one behind the other. */
static void merge(uint8_t *items, uint8_t *scratch, size_t left, size_t right, size_t size,
                  sort_order *order, const void *context)
{
	uint8_t *a = scratch, *b = items + left * size, *to = items;
	uint8_t *a_end = scratch + left * size, *b_end = b + right * size;

	if (order(b - size, b, context) <= 0)
		return;
	memcpy(scratch, items, left * size);
	while (a != a_end && b != b_end) {
		uint8_t **from = order(a, b, context) <= 0 ? &a : &b;

		memcpy(to, *from, size);
		*from += size;
		to += size;
	}
	memcpy(to, a, (size_t)(a_end - a)); /* of the right items the rest is in place */
}

void sort_nearly(void *items, void *scratch, size_t count, size_t size, sort_order *order,
                 const void *context)
{
	for (size_t width = 1; width < count; width *= 2)
		for (size_t at = 0; count - at > width; at += 2 * width) {
			size_t right = count - at - width < width ? count - at - width : width;

			merge((uint8_t *)items + at * size, scratch, width, right, size, order,
			      context);
			if (count - at <= 2 * width)
				break;
		}
}
