/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_ARENA_H
#define COMITY_BASE_ARENA_H

/*
 * arena.h - memory of one unit of work.
 *
 * The caller owns the range behind an arena and everything taken from it; what
 * was taken is valid until the arena goes back to an earlier mark. Taking never
 * fails: when the range is exhausted, memory_fail() stops the process, because
 * a core that answered "no memory" would make replicas disagree.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

struct arena {
	uint8_t *at;
	size_t size; /* octets behind `at` */
	size_t used; /* octets taken so far; also the mark to go back to */
};

/* Stops the process for lack of memory. Defined by whoever hosts the core. */
_Noreturn void memory_fail(size_t wanted);

/* `size` octets, all zero, aligned for any object. Never NULL, not even for size 0. */
void *arena_take(struct arena *arena, size_t size);

/* `count` objects of `size` octets each, all zero. */
void *arena_take_array(struct arena *arena, size_t count, size_t size);

/* A copy of `from` that lives in the arena. */
struct bytes arena_copy(struct arena *arena, struct bytes from);

/* What is left, as an arena of its own: for writing something of unknown size.
 * Nothing may be taken from `arena` meanwhile; arena_keep() then takes `size`
 * octets from the front of what was left. */
struct arena arena_rest(const struct arena *arena);
void arena_keep(struct arena *arena, const struct arena *rest, size_t size);

#endif
