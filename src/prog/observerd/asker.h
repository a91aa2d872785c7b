/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVERD_ASKER_H
#define COMITY_OBSERVERD_ASKER_H

/*
 * asker.h - the process that meets strangers for the one that holds the key: it starts check
 * helpers, reads what they tell, and judges it. It holds nothing, and its answer is of fixed
 * form.
 *
 * Over a socket pair. To it: u32 size, the text of the asking. From it: u32 failed, u32 unable,
 * u32 size and as many octets of sightings; of size 0 when nothing could be asked. All big
 * endian.
 */

#include "base/arena.h"
#include "base/mishap.h"

struct observed {
	unsigned failed, unable; /* sets of checks (act/check.h), disjoint */
	struct bytes seen; /* the sightings: octets of strangers, to be kept and hashed, not to
	                      be read */
};

/* Forks it, without the socket `node`, which is not its affair. The socket to it; -1, told on
 * standard error. It ends when that does. */
int asker_start(int node);

/* Asks it; `seen` is in the arena, which has SIGHTINGS_SIZE_MAX octets left. MISHAP_IO: it is gone.
 * MISHAP_MALFORMED: it could not ask, or its answer is none. `*observed` is then undefined. */
enum mishap asker_ask(int asker, struct bytes asking, struct arena *arena,
                      struct observed *observed) CHECKED;

#endif
