/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_REPLAY_H
#define COMITY_HOST_REPLAY_H

/*
 * replay.h - the ledger again, from the public files alone: the import, and the entries of the log.
 */

#include "ledger/block.h"
#include "ledger/ledger.h"
#include "note/tile.h"

#define REPLAY_MEMORY_SIZE (BLOCK_SIZE_MAX + TILE_ENTRY_MAX + 64) /* octets */

struct replay {
	struct ledger *ledger;  /* empty; filled by the replay */
	uint64_t size;          /* entries of the log to replay */
	struct digest root;     /* must be that of the log of this size */
	uint64_t entries, acts, seals; /* so far */
	/* Called behind each block; may be NULL. False stops. */
	bool (*block)(void *context, const struct replay *replay);
	void *context;
	char why[200];          /* of a failure */
	uint64_t failed_at;     /* entry */
	/* Of a replay that goes on: */
	struct merkle_frontier frontier;
	struct arena memory;
	struct bytes manifest;
	struct writer notes; /* of the block that its seal will close */
	uint32_t count;
	bool wrong;          /* rather than missing */
};

/*
 * The same without files, entry by entry: begin with the import, which is borrowed, and REPLAY_MEMORY_SIZE
 * octets that last as long as the ledger; take every entry in order; end. False: it is wrong, and `why`; nothing more is taken.
 */
void replay_begin(struct replay *replay, struct bytes manifest, struct arena memory);
bool replay_take(struct replay *replay, uint64_t index, struct bytes entry) CHECKED;
bool replay_end(struct replay *replay) CHECKED;

/*
 * Replays `folder` (checkpoint's log: tile/, import). True: every entry was read, every act entered, every
 * seal was ours, and the root over all entries is `root`. Otherwise false, and `why`; `*missing` when
 * something could not be read rather than being wrong.
 */
bool replay_run(struct replay *replay, const char *folder, bool *missing);

#endif
