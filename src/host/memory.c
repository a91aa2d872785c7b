/* SPDX-License-Identifier: Apache-2.0 */
#include "host/memory.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#define STATE_SIZE ((size_t)2 << 30)

struct arena memory_reserve(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
	                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return (struct arena){at, size, 0};
}

void memory_forget(struct arena *arena)
{
	if (madvise(arena->at, arena->size, MADV_DONTNEED) != 0)
		memset(arena->at, 0, arena->size);
	arena->used = 0;
}

struct arena memory_reserve_secret(size_t size)
{
	struct arena arena = memory_reserve(size);

	if (mlock2(arena.at, arena.size, MLOCK_ONFAULT) != 0)
		fprintf(stderr, "comity: %zu octets of secrets cannot be locked in memory: %s\n", size,
		        strerror(errno));
	if (madvise(arena.at, arena.size, MADV_DONTDUMP) != 0 ||
	    madvise(arena.at, arena.size, MADV_WIPEONFORK) != 0)
		fprintf(stderr, "comity: secrets are not kept out of dumps and forks: %s\n",
		        strerror(errno));
	return arena;
}

void memory_keep_private(void)
{
	struct rlimit none = {0, 0};

	if (setrlimit(RLIMIT_CORE, &none) != 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0)
		fprintf(stderr, "comity: core dumps cannot be switched off: %s\n", strerror(errno));
}

void ledger_reserve(struct ledger *ledger)
{
	struct commons_memory memory = {
		.scratch = memory_reserve(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE),
		.charter = memory_reserve(COMMONS_CHARTER_SIZE),
		.work = {memory_reserve(ZONE_ARENA_SIZE), memory_reserve(ZONE_ARENA_SIZE)},
	};
	struct arena state = memory_reserve(STATE_SIZE);

	ledger_init(ledger, state.at, state.size, &memory);
}

struct custodian_memory custodian_reserve(void)
{
	return (struct custodian_memory){
		.boards = memory_reserve(CUSTODIAN_BOARDS_SIZE),
		.sessions = memory_reserve(CUSTODIAN_SESSIONS_SIZE),
		.scratch = memory_reserve(CUSTODIAN_SCRATCH_SIZE),
	};
}
