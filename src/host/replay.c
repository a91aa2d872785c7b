/* SPDX-License-Identifier: Apache-2.0 */
#include "host/replay.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/must.h"
#include "host/file.h"
#include "host/memory.h"
#include "host/tiles.h"

#define SEAL_HEAD "comity-seal/1\n"

struct gathering {
	struct replay *replay;
	struct merkle_frontier frontier;
	struct bytes manifest;
	struct writer notes; /* of the block that its seal will close */
	uint32_t count;
	bool wrong; /* rather than missing */
};

static bool say_wrong(struct gathering *g, uint64_t entry, const char *why)
{
	g->wrong = true;
	g->replay->failed_at = entry;
	snprintf(g->replay->why, sizeof(g->replay->why), "%s", why);
	return false;
}

static bool found(struct gathering *g, struct bytes note)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer seal = {.at = octets, .size = sizeof(octets)};
	struct receipt receipt;
	uint8_t *copy = malloc(note.size);

	if (copy == NULL)
		memory_fail(note.size);
	memcpy(copy, note.at, note.size); /* the ledger keeps it */
	ledger_found(g->replay->ledger, (struct bytes){copy, note.size}, g->manifest, &receipt, &seal);
	if (receipt.outcome == OUTCOME_ENTERED)
		return true;
	free(copy);
	return say_wrong(g, 0, receipt.outcome == OUTCOME_REFUSED
	                               ? reason_text(receipt.refusal.reason, false)
	                               : receipt.fault.why);
}

/* The seal of block 0 stands in the log too: it must be what our founding made. */
static bool first_seal(struct gathering *g, struct bytes text)
{
	uint8_t octets[SEAL_SIZE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)};
	struct sealed sealed;
	struct seal seal;
	bool there = ledger_last_seal(g->replay->ledger, &sealed);

	must(there);
	ledger_seal_of(g->replay->ledger, &sealed, &seal);
	seal_write(&w, &seal);
	return bytes_same(writer_bytes(&w), text) ||
	       say_wrong(g, 1, "the seal of the founding is not ours");
}

static bool block_replay(struct gathering *g, uint64_t index, struct bytes text)
{
	struct block block = {.count = g->count, .notes = {g->notes.at, g->notes.used}, .seal = text};
	struct fault fault;
	struct seal seal;
	const char *why;

	if (seal_read(text, &seal, &fault) != OK)
		return say_wrong(g, index, fault.why);
	block.height = seal.height;
	block.time = seal.time;
	if (!ledger_replay(g->replay->ledger, &block, &why))
		return say_wrong(g, index, why);
	g->notes.used = 0;
	g->count = 0;
	return true;
}

static bool entry_take(void *context, uint64_t index, struct bytes entry)
{
	struct gathering *g = context;
	struct digest leaf = merkle_leaf(entry);
	bool good;

	if (index >= g->replay->size)
		return true; /* of a larger log: not ours to look at */
	merkle_frontier_add(&g->frontier, &leaf);
	g->replay->entries++;
	if (index == 0)
		return found(g, entry);
	if (!bytes_starts(entry, BYTES(SEAL_HEAD))) {
		block_write_note(&g->notes, entry);
		g->count++;
		g->replay->acts++;
		return !g->notes.full || say_wrong(g, index, "a block larger than any");
	}
	g->replay->seals++;
	good = index == 1 ? first_seal(g, entry) : block_replay(g, index, entry);
	if (good && g->replay->block != NULL && !g->replay->block(g->replay->context, g->replay))
		return say_wrong(g, index, "stopped");
	return good;
}

bool replay_run(struct replay *replay, const char *folder, bool *missing)
{
	struct arena memory = memory_reserve((size_t)64 << 20), notes = memory_reserve(BLOCK_SIZE_MAX);
	struct gathering g = {.replay = replay};
	char path[FILE_PATH_MAX];
	struct digest root;
	bool none;

	*missing = true;
	g.notes = (struct writer){.at = notes.at, .size = notes.size};
	if (!file_path(path, folder, "import") ||
	    file_read(path, 32u << 20, &memory, &g.manifest, &none) != OK)
		return false;
	if (!tiles_read(folder, replay->size, 0, entry_take, &g)) {
		*missing = !g.wrong;
		return false;
	}
	*missing = false;
	root = merkle_frontier_root(&g.frontier);
	if (g.count != 0)
		return say_wrong(&g, replay->size, "the log does not end with a seal");
	return digest_same(&root, &replay->root) ||
	       say_wrong(&g, replay->size, "the entries are not those of the checkpoint");
}
