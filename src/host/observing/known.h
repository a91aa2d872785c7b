/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_OBSERVING_KNOWN_H
#define COMITY_HOST_OBSERVING_KNOWN_H

/*
 * known.h - addresses of name servers that the parties hold in common: those a delegation names
 * without giving their addresses, because they are hosts, root servers, or another TLD's.
 */

#include <stdbool.h>

#include "base/arena.h"
#include "base/bytes.h"

/* Gets a record of the state by its key, valid until the next call. False: there is none. */
typedef bool known_get(void *context, struct bytes key, struct bytes *record);

/* "address: NAME ADDRESS" lines (observing/asking.h) for the NS of `records`, in the arena. */
struct bytes known_addresses(known_get *get, void *context, struct bytes records, struct arena *arena);

#endif
