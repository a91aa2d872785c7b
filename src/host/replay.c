/* SPDX-License-Identifier: Apache-2.0 */
#include "host/replay.h"

#include <stdio.h>

#include "base/must.h"
#include "host/file.h"
#include "host/memory.h"
#include "host/tiles.h"

#define SEAL_HEAD "comity-seal/1\n"

static bool say_wrong(struct replay *r, uint64_t entry, const char *why)
{
	r->wrong = true;
	r->failed_at = entry;
	snprintf(r->why, sizeof(r->why), "%s", why);
	return false;
}

static bool found(struct replay *r, struct bytes note)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)};
	struct receipt receipt;

	/* The ledger keeps it. */
	ledger_found(r->ledger, arena_copy(&r->memory, note), r->manifest, &receipt, &seal);
	return receipt.outcome == OUTCOME_ENTERED ||
	       say_wrong(r, 0, receipt.outcome == OUTCOME_REFUSED
	                               ? reason_text(receipt.refusal.reason, false)
	                               : receipt.fault.why);
}

/* The seal of block 0 stands in the log too: it must be what our founding made. */
static bool first_seal(struct replay *r, struct bytes text)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct sealed sealed;
	struct seal seal;
	bool there = ledger_last_seal(r->ledger, &sealed);

	must(there);
	ledger_seal_of(r->ledger, &sealed, &seal);
	seal_write(&w, &seal);
	return bytes_same(writer_bytes(&w), text) ||
	       say_wrong(r, 1, "the seal of the founding is not ours");
}

static bool block_replay(struct replay *r, uint64_t index, struct bytes text)
{
	struct block block = {.count = r->count, .notes = {r->notes.at, r->notes.used}, .seal = text};
	struct fault fault;
	struct seal seal;
	const char *why;

	if (seal_read(text, &seal, &fault) != OK)
		return say_wrong(r, index, fault.why);
	block.height = seal.height;
	block.time = seal.time;
	if (!ledger_replay(r->ledger, &block, &why))
		return say_wrong(r, index, why);
	r->notes.used = 0;
	r->count = 0;
	return true;
}

bool replay_take(struct replay *r, uint64_t index, struct bytes entry)
{
	struct digest leaf = merkle_leaf(entry);
	bool good;

	if (index >= r->size)
		return true; /* of a larger log: not ours to look at */
	merkle_frontier_add(&r->frontier, &leaf);
	r->entries++;
	if (index == 0)
		return found(r, entry);
	if (!bytes_starts(entry, BYTES(SEAL_HEAD))) {
		block_write_note(&r->notes, entry);
		r->count++;
		r->acts++;
		return !r->notes.full || say_wrong(r, index, "a block larger than any");
	}
	r->seals++;
	good = index == 1 ? first_seal(r, entry) : block_replay(r, index, entry);
	if (good && r->block != NULL && !r->block(r->context, r))
		return say_wrong(r, index, "stopped");
	return good;
}

void replay_begin(struct replay *r, struct bytes manifest, struct arena memory)
{
	r->manifest = manifest;
	r->memory = memory;
	r->notes = (struct writer){.at = arena_take(&r->memory, BLOCK_SIZE_MAX), .size = BLOCK_SIZE_MAX};
}

bool replay_end(struct replay *r)
{
	struct digest root = merkle_frontier_root(&r->frontier);

	if (r->count != 0)
		return say_wrong(r, r->size, "the log does not end with a seal");
	return digest_same(&root, &r->root) ||
	       say_wrong(r, r->size, "the entries are not those of the checkpoint");
}

static bool entry_take(void *context, uint64_t index, struct bytes entry)
{
	return replay_take(context, index, entry);
}

bool replay_run(struct replay *replay, const char *folder, bool *missing)
{
	struct arena memory = memory_reserve((size_t)64 << 20);
	struct bytes manifest = {NULL, 0};
	char path[FILE_PATH_MAX];
	bool none;

	*missing = true;
	if (!file_path(path, folder, "import") ||
	    file_read(path, 32u << 20, &memory, &manifest, &none) != OK)
		return false;
	replay_begin(replay, manifest, memory_reserve(REPLAY_MEMORY_SIZE));
	if (!tiles_read(folder, replay->size, 0, entry_take, replay)) {
		*missing = !replay->wrong;
		return false;
	}
	*missing = false;
	return replay_end(replay);
}
