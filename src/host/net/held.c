/* SPDX-License-Identifier: Apache-2.0 */
#include "host/net/held.h"

#include <stdlib.h>
#include <sys/mman.h>

#include "base/arena.h"

struct held *held_make(const struct transfer *transfer, struct bytes file)
{
	struct held *held = malloc(sizeof(*held));

	if (held == NULL)
		memory_fail(sizeof(*held));
	held->transfer = *transfer;
	held->file = file;
	atomic_init(&held->holders, 1);
	return held;
}

void held_take(struct held *held)
{
	atomic_fetch_add(&held->holders, 1);
}

void held_give(struct held *held)
{
	if (held == NULL || atomic_fetch_sub(&held->holders, 1) != 1)
		return;
	munmap((void *)(uintptr_t)held->file.at, held->file.size);
	free(held);
}
