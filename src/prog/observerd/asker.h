/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_OBSERVERD_ASKER_H
#define COMITY_OBSERVERD_ASKER_H

/*
 * asker.h - the process that starts check helpers for the one that holds the key, which cannot start any.
 *
 * Over a socket pair, each way: u32 size (big endian), text. Of size 0 is the answer when nothing could be asked.
 */

#include "base/arena.h"
#include "base/mishap.h"

/* Forks it, without the socket `node`, which is not its affair. The socket to it; -1, told on standard error. It
 * ends when that does. */
int asker_start(int node);

/* Asks it: the text of the sightings, in the arena. MISHAP_IO: it is gone. */
enum mishap asker_ask(int asker, struct bytes asking, struct arena *arena, struct bytes *sightings) CHECKED;

#endif
