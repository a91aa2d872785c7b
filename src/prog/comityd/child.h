/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITYD_CHILD_H
#define COMITY_COMITYD_CHILD_H

/*
 * child.h - the processes that comityd starts, and starts again.
 *
 * A signer gets one end of a socket pair as descriptor 3 and nothing else to talk through.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "prog/comityd/config.h"
#include "prog/comityd/program.h"

struct child {
	char path[PROGRAM_PATH_SIZE];
	const char *argument[CONFIG_ARGS_MAX + 1]; /* argv; NULL ends */
	bool piped;               /* gets descriptor 3 */
	const char *awaits;       /* a file without which it has nothing to do; NULL */
	pid_t pid;                /* 0: not running */
	int64_t started, again;   /* monotonic milliseconds */
	int64_t backoff;
};

/* Starts it when its time has come. For a piped one that was started: our end of the pair; -1 otherwise. */
int child_start(struct child *child, int64_t now);

/* Notices that it ended; says so, and when it starts again. */
void child_reap(struct child *child, int64_t now);

/* Asks it to end, and waits a little. */
void child_stop(struct child *child);

#endif
