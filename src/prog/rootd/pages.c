/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/rootd/pages.h"

#include <sys/mman.h>

struct arena pages_reserve(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return (struct arena){at, size, 0};
}

void pages_release(struct arena *arena)
{
	if (arena->at != NULL)
		munmap(arena->at, arena->size);
	*arena = (struct arena){0};
}
