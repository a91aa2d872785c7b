/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_OBSERVING_RUNNER_H
#define COMITY_HOST_OBSERVING_RUNNER_H

/*
 * runner.h - runs the check helper (comity-check-helper, a process of its own, sandboxed) once. The
 * helper gets the question, a pipe and the network, and nothing else: no file, no environment.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/mishap.h"

/*
 * Asks what the text asks (observing/asking.h); `*sightings` is what the helper told, in the arena, which
 * has SIGHTINGS_SIZE_MAX octets left: not yet read, and not to be relied on. `open`: without the
 * sandbox, for debuggers and sanitizers. MISHAP_IO, told on standard error: no helper, or it died.
 */
enum mishap runner_ask(struct bytes asking, bool open, struct arena *arena, struct bytes *sightings) CHECKED;

/* Whether this program was built with a sanitizer, whose helper cannot be confined. */
bool runner_is_open(void);

#endif
