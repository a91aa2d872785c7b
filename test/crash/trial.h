/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_TRIAL_H
#define COMITY_TEST_TRIAL_H

/*
 * trial.h - for tests only: the same work again and again, in a process of its own, interrupted
 * at each call that changes its folder, in each way; and a judge of what a restart finds.
 */

#include <stdbool.h>

#include "crash/crash.h"

struct trial {
	const char *template; /* folder; each run begins with a copy of it */
	void *told;           /* shared with the runs: what left the process; zero at first */
	unsigned told_size;

	/* The work, in `home`, to its end. */
	void (*work)(const char *home);

	/* The work was done without interruption: what the others are held against. */
	void (*learn)(const char *home);

	/* A restart in `home`, behind an interruption; whatever does not hold is told on standard
	 * error. Runs in a process of its own too. */
	bool (*judge)(const char *home, enum crash_way way, enum crash_left left);
};

struct trial_count {
	unsigned calls, runs, failed;
};

/* Memory that a process and those it forks have in common, zero. Stops when there is none. */
void *trial_share(unsigned size);

/*
 * All of it. The folders of the runs are made below `scratch`. Each run that fails is told on standard
 * output. The environment's COMITY_CRASH_EVERY, when greater than 1, leaves out all but each n-th.
 */
struct trial_count trial_all(const struct trial *trial, const char *scratch);

#endif
