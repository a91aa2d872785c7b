/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_REPLAY_H
#define COMITY_HOST_REPLAY_H

/*
 * replay.h - the ledger again, from the public files alone: the import, and the entries of the log.
 */

#include "ledger/ledger.h"

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
};

/*
 * Replays `folder` (checkpoint's log: tile/, import). True: every entry was read, every act entered, every
 * seal was ours, and the root over all entries is `root`. Otherwise false, and `why`; `*missing` when
 * something could not be read rather than being wrong.
 */
bool replay_run(struct replay *replay, const char *folder, bool *missing);

#endif
