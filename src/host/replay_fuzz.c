/* SPDX-License-Identifier: Apache-2.0 */
#include "host/replay.h"

#include "fuzz.h"
#include "host/memory.h"
#include "ledger/state_proof.h"

/* A ledger with nothing in it; memory is taken once, and given back when something was put in. */
static struct ledger *ledger_empty(void)
{
	static struct ledger ledger;
	static struct arena state;
	static struct commons_memory memory;

	if (state.at == NULL) {
		memory = (struct commons_memory){
			.scratch = memory_reserve(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE),
			.charter = memory_reserve(COMMONS_CHARTER_SIZE),
			.work = {memory_reserve(ZONE_ARENA_SIZE), memory_reserve(ZONE_ARENA_SIZE)},
		};
		state = memory_reserve((size_t)256 << 20);
	}
	memory_forget(&state);
	ledger = (struct ledger){.founded = false};
	ledger_init(&ledger, state.at, state.size, &memory);
	return &ledger;
}

/* The bundle of a log, as an auditor reads it who trusts nothing of it. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t memory[REPLAY_MEMORY_SIZE] __attribute__((aligned(16)));
	struct replay replay = {.ledger = ledger_empty(), .size = TILE_WIDTH};
	struct bytes rest = {data, size}, entry;
	bool good = true;

	replay_begin(&replay, (struct bytes){NULL, 0}, (struct arena){memory, sizeof(memory), 0});
	for (uint64_t index = 0; good && tile_take_entry(&rest, &entry); index++) {
		good = replay_take(&replay, index, entry);
		must(good || (replay.wrong && replay.why[0] != '\0' && replay.failed_at == index));
	}
	if (!good)
		return 0;
	must(replay.count > 0 || replay.ledger->log.size == replay.entries);
	replay.root = merkle_frontier_root(&replay.frontier);
	must(replay_end(&replay) == (replay.count == 0));
	return 0;
}
