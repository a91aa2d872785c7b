/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_SERVED_H
#define COMITY_HOST_NET_SERVED_H

/*
 * served.h - what is being served, exchanged under running workers.
 *
 * A worker takes the answerer before a batch of queries and gives it back after; the one who
 * exchanges it waits until nobody holds the old one. No lock stands in a query's way, and
 * no query is lost.
 */

#include <stdatomic.h>
#include <stddef.h>

#include "serving/answer.h"
#include "serving/attend.h"
#include "serving/zones.h"

#define SERVED_WORKERS_MAX 1024

struct served {
	_Atomic(const struct answerer *) current;
	/* Where a NOTIFY for the zone of a number is told: the writing end of a pipe that does not
	 * block; or -1. */
	int notified[ZONES_MAX];
	size_t worker_count;
	struct served_slot {
		_Atomic(const struct answerer *) held; /* NULL between batches */
		char apart[56]; /* a cache line each: workers write them all the time */
	} slot[SERVED_WORKERS_MAX];
};

/* What a worker tells of a NOTIFY that it took. */
struct served_notify {
	uint32_t has_serial;
	uint32_t serial;
};

/* Tells of a NOTIFY. One that finds the pipe full is lost: there is one before it. */
void served_tell(const struct served *served, const struct attended *attended);

/* What worker `worker` shall answer from until it gives it back. */
const struct answerer *served_take(struct served *served, size_t worker);
void served_give(struct served *served, size_t worker);

/* Makes `next` the current one and returns when no worker holds another. */
void served_exchange(struct served *served, const struct answerer *next);

#endif
