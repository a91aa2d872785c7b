/* SPDX-License-Identifier: Apache-2.0 */
#include "base/arena.h"

#include <string.h>

#include "base/must.h"

#define ALIGN 16u

void *arena_take(struct arena *arena, size_t size)
{
	size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;
	uint8_t *at;

	if (rounded < size || rounded > arena->size - arena->used)
		memory_fail(size);
	at = arena->at + arena->used;
	arena->used += rounded;
	memset(at, 0, rounded);
	return at;
}

void *arena_take_array(struct arena *arena, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / 2 / size)
		memory_fail(SIZE_MAX);
	return arena_take(arena, count * size);
}

struct bytes arena_copy(struct arena *arena, struct bytes from)
{
	uint8_t *to = arena_take(arena, from.size);

	if (from.size != 0)
		memcpy(to, from.at, from.size);
	return (struct bytes){to, from.size};
}

struct arena arena_rest(const struct arena *arena)
{
	return (struct arena){arena->at + arena->used, arena->size - arena->used, 0};
}

void arena_keep(struct arena *arena, const struct arena *rest, size_t size)
{
	size_t rounded = (size + ALIGN - 1) / ALIGN * ALIGN;

	must(rest->at == arena->at + arena->used && size <= rest->size);
	if (rounded > rest->size)
		memory_fail(size);
	arena->used += rounded;
}
