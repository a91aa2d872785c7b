/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_LAUNCH_H
#define COMITY_HOST_LAUNCH_H

/*
 * launch.h - runs a helper of ours once, a process of its own without an environment, and takes what it
 * tells on its standard output.
 */

#include <stddef.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"

struct launch {
	const char *name;       /* in messages: "the check helper" */
	const char *path;       /* of the program */
	char *const *arguments; /* its own name first, NULL last */
	int input;              /* becomes its standard input; stays the caller's */
	int extra;              /* becomes its descriptor 3; -1: it has none */
};

/*
 * Waits until the helper has ended. `*told` is what it told, in the arena, which has `most` octets left:
 * hostile, and not yet read. One that tells more is not listened to any further, and ends by that.
 * MISHAP_IO, told on standard error: it cannot be started, cannot be heard, or did not end with status 0.
 */
enum mishap launch_hear(const struct launch *launch, size_t most, struct arena *arena, struct bytes *told) CHECKED;

#endif
