/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_TAP_H
#define COMITY_HOST_NET_TAP_H

/*
 * tap.h - responses on their way to a dnstap collector that listens at a Unix socket.
 *
 * Each worker writes frames into a ring of its own, and one thread hands what is in the rings
 * to the collector. Nobody waits for a collector: what a ring has no room for is counted and
 * lost, and while none listens nothing is written.
 */

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/mishap.h"
#include "serving/dnstap.h"
#include "serving/tally.h"

#define TAP_RING_SIZE ((size_t)4 << 20) /* octets; a power of two, and of whole pages */

struct tap_ring {
	struct dnstap dnstap;   /* the worker's */
	uint8_t *at;            /* the octets, and the same once more behind them */
	unsigned every, passed; /* of so many responses one is told */
	_Atomic size_t written; /* octets, by the worker */
	char apart[64];         /* a cache line each */
	_Atomic size_t taken;   /* octets, by the thread */
	atomic_bool open;       /* a collector listens */
};

struct tap {
	const char *path;
	struct tap_ring *ring; /* one a worker */
	size_t count;
};

/* Makes it, with `count` rings. `path` is kept. */
void tap_make(struct tap *tap, const char *path, size_t count);

/* Makes a ring for responses by `transport`: of `every` one is told. MISHAP_IO, told on
 * standard error. */
enum mishap tap_make_ring(struct tap_ring *ring, enum transport transport,
                          struct bytes identity, struct bytes version, unsigned every) CHECKED;

/* Hands over what the rings have, for ever; connects again when a collector goes away. */
_Noreturn void tap_run(struct tap *tap);

/*
 * The ring to tell of the responses that follow, and their moment, seconds since 1970 and
 * nanoseconds. NULL when there is nobody to tell. Takes NULL.
 */
static inline struct tap_ring *tap_begin(struct tap_ring *ring, uint32_t seconds,
                                         uint32_t nanoseconds)
{
	if (ring == NULL || !atomic_load_explicit(&ring->open, memory_order_relaxed))
		return NULL;
	dnstap_set_time(&ring->dnstap, seconds, nanoseconds);
	return ring;
}

/* Tells of a response, with the ring that tap_begin() gave. */
static inline void tap_tell(struct tap_ring *ring, struct tally *tally, struct bytes address,
                            uint16_t port, struct bytes response)
{
	size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
	size_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);

	if (++ring->passed < ring->every)
		return;
	ring->passed = 0;
	if (TAP_RING_SIZE - (written - taken) < DNSTAP_HEAD_MAX + response.size) {
		tally_one(&tally->counts.dnstap_lost);
		return;
	}
	written += dnstap_put(ring->at + (written & (TAP_RING_SIZE - 1)), &ring->dnstap,
	                      address, port, response);
	atomic_store_explicit(&ring->written, written, memory_order_release);
}

#endif
