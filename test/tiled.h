/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_TILED_H
#define COMITY_TEST_TILED_H

/*
 * tiled.h - a history in the simulator, written as everybody gets it: the import and the tiles of the log;
 * and replayed from these files by the auditor's own replay. Include it after tap.h.
 */

#include <stdlib.h>

#include "host/memory.h"
#include "host/replay.h"
#include "host/tiles.h"
#include "ledger/block.h"
#include "prog/sim/federation.h"
#include "scratch.h"

static inline void tiled_add(struct tiles *tiles, struct bytes entry)
{
	if (tiles_add(tiles, entry) != OK)
		bail_out("a tile cannot be written");
}

/* Writes the folder: the founding and its seal, then the acts of each block and the seal that closes it. */
static inline void tiled_write(const struct federation *f, struct tiles *tiles, const char *folder)
{
	char path[SCRATCH_PATH_MAX];

	if (tiles_open(tiles, folder) != OK)
		bail_out("no folder for tiles");
	snprintf(path, sizeof(path), "%s/import", folder);
	scratch_write(path, f->manifest);
	tiled_add(tiles, f->sequencer.genesis);
	tiled_add(tiles, f->seal);
	for (size_t i = 0; i < f->blocks; i++) {
		struct block block;
		struct bytes note;

		if (block_read(f->block[i], &block) != OK)
			bail_out("a block that does not read");
		while (block_note(&block.notes, &note))
			tiled_add(tiles, note);
		if (block.seal.size > 0)
			tiled_add(tiles, block.seal);
	}
	if (tiles_publish(tiles) != OK)
		bail_out("a tile cannot be written");
}

/* Whether who has these files alone arrives at the state of the sequencer. */
static inline bool tiled_replays(struct federation *f, const char *folder)
{
	static struct ledger ledger;
	static struct tiles tiles;
	struct replay replay = {.ledger = &ledger};
	struct digest ours, theirs;
	bool missing;

	tiled_write(f, &tiles, folder);
	ledger_reserve(&ledger);
	replay.size = f->sequencer.log.size; /* what the checkpoint says */
	replay.root = merkle_frontier_root(&f->sequencer.log);
	if (!replay_run(&replay, folder, &missing)) {
		printf("# entry %llu: %s\n", (unsigned long long)replay.failed_at, replay.why);
		return false;
	}
	ours = state_root(&f->sequencer.state);
	theirs = state_root(&ledger.state);
	return digest_same(&ours, &theirs) && replay.entries == replay.size;
}

#endif
