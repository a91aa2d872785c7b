/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_HELD_H
#define COMITY_HOST_NET_HELD_H

/*
 * held.h - a transfer file in memory, kept as long as somebody sends it.
 *
 * What is served changes between two queries; a transfer under way goes on with the zone it
 * began with.
 */

#include <stdatomic.h>

#include "base/bytes.h"
#include "serving/transfer.h"

struct held {
	struct transfer transfer; /* first: held_of() */
	struct bytes file;        /* pages of our own */
	atomic_uint holders;
};

/* The one that an answerer's transfer is part of. */
static inline struct held *held_of(const struct transfer *transfer)
{
	return (struct held *)(uintptr_t)transfer;
}

/* Makes one with one holder: the caller. The pages of `file`, to which `transfer` points,
 * become its own. */
struct held *held_make(const struct transfer *transfer, struct bytes file);

void held_take(struct held *held);

/* Ends holding; the last one frees it. Takes NULL. */
void held_give(struct held *held);

#endif
