/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_OBSERVING_PROBE_H
#define COMITY_HOST_OBSERVING_PROBE_H

/*
 * probe.h - asks the name servers of a delegation what the technical checks need to know
 * (comity-check(7)). Only the sandboxed check helper calls this.
 */

#include "observing/asking.h"
#include "observing/sighting.h"

#define PROBE_ARENA_SIZE ((size_t)16 << 20)

/* Asks them all, and writes what was seen. MISHAP_LIMIT: more than the arena or the sightings hold. */
enum mishap probe(const struct asking *asking, struct arena *arena, struct writer *writer) CHECKED;

#endif
