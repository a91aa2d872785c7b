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
	unsigned every, left;   /* of so many responses one is told; so many until then */
	uint8_t *next, *end;    /* of a round: where its next frame goes, where room ends */
	_Atomic size_t written; /* octets, by the worker, up to its last round */
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

/* Takes what room there is now. */
static inline void tap_look(struct tap_ring *ring)
{
	size_t written = atomic_load_explicit(&ring->written, memory_order_relaxed);
	size_t taken = atomic_load_explicit(&ring->taken, memory_order_acquire);

	ring->next = ring->at + (written & (TAP_RING_SIZE - 1));
	ring->end = ring->next + (TAP_RING_SIZE - (written - taken));
}

/*
 * The ring to tell of the responses of a round, and their moment, seconds since 1970 and
 * nanoseconds. NULL when there is nobody to tell. Takes NULL.
 */
static inline struct tap_ring *tap_begin(struct tap_ring *ring, uint32_t seconds,
                                         uint32_t nanoseconds)
{
	if (ring == NULL || !atomic_load_explicit(&ring->open, memory_order_relaxed))
		return NULL;
	dnstap_set_time(&ring->dnstap, seconds, nanoseconds);
	tap_look(ring);
	return ring;
}

/* Ends the round: its frames may be handed over. Takes what tap_begin() gave, NULL too. */
static inline void tap_end(struct tap_ring *ring)
{
	size_t written;

	if (ring == NULL)
		return;
	written = atomic_load_explicit(&ring->written, memory_order_relaxed);
	written += (size_t)(ring->next - ring->at) - (written & (TAP_RING_SIZE - 1));
	atomic_store_explicit(&ring->written, written, memory_order_release);
}

static inline bool tap_has_room(const struct tap_ring *ring, size_t response_size)
{
	return (size_t)(ring->end - ring->next) >= DNSTAP_HEAD_MAX + response_size;
}

/* The same where a round needs more room than there was: what it has is handed over first. */
bool tap_finds_room(struct tap_ring *ring, size_t response_size);

/* Tells of a response, with the ring that tap_begin() gave. */
static inline void tap_tell(struct tap_ring *ring, struct tally *tally, struct bytes address,
                            uint16_t port, struct bytes response)
{
	if (--ring->left != 0)
		return;
	ring->left = ring->every;
	if (tap_has_room(ring, response.size) || tap_finds_room(ring, response.size))
		ring->next += dnstap_put(ring->next, &ring->dnstap, address, port, response);
	else
		tally_one(&tally->counts.dnstap_lost);
}

#endif
