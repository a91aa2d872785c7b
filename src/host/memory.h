/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_MEMORY_H
#define COMITY_HOST_MEMORY_H

/*
 * memory.h - ranges of zero memory, reserved large and used as far as they are touched.
 */

#include "base/arena.h"
#include "ledger/ledger.h"
#include "signing/custodian.h"

/* A range of zero pages; nothing is used before it is touched. Stops the process when the system
 * has no address space for it. Never given back. */
struct arena memory_reserve(size_t size);

/* Gives the pages behind a range back; it reads as zero again. */
void memory_forget(struct arena *arena);

/*
 * The same for SECRETS: locked as it is touched, left out of core dumps, gone in a forked child. When the system
 * does not let us lock that much, says so on standard error and goes on.
 */
struct arena memory_reserve_secret(size_t size);

/* No core dumps, no tracing by others of the same user: of a process that holds secrets. */
void memory_keep_private(void);

/* A ledger with all it lives in: about 20 MB are touched for the real root. */
void ledger_reserve(struct ledger *ledger);

/* A custodian's memory. */
struct custodian_memory custodian_reserve(void);

#endif
