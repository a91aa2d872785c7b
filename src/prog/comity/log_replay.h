/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_LOG_REPLAY_H
#define COMITY_COMITY_LOG_REPLAY_H

/* log_replay.h - the whole public log replayed from a folder (host/replay.h), release after release. */

#include "host/replay.h"
#include "prog/comity/command.h"

struct log_replay {
	struct command *command;
	/* Called for each release once its zone is the published one (ledger.commons.published); may be NULL. */
	void (*release)(void *context, const struct ledger *ledger, const struct release *release);
	void *context;
	/* Filled by log_replay_run(): */
	struct ledger ledger;
	struct replay replay;
	struct note note; /* of the checkpoint */
	struct checkpoint checkpoint;
	uint64_t releases, newest_job;
	uint64_t milliseconds; /* of CPU */
	int64_t last_progress;
};

/* Replays the log of the folder's checkpoint, and shows how far it is where somebody looks. An exit code;
 * any but EXIT_DONE is told. `*replay` is large: static. */
int log_replay_run(struct log_replay *replay, const char *folder);

#endif
