/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BENCH_XDP_QUEUE_H
#define COMITY_BENCH_XDP_QUEUE_H

/*
 * xdp_queue.h - the first queue of an interface by AF_XDP, copied: every frame that comes in is
 * ours while the process lives, so the interface should be one that was made for it.
 *
 * A frame stands in `memory` at its address. Those that are neither with the kernel nor at
 * hand are in `spare`.
 */

#include <stdint.h>
#include <xdp/xsk.h>

#define XDP_FRAMES     8192
#define XDP_FRAME_SIZE 2048
#define XDP_RING       2048

struct xdp_queue {
	struct xsk_umem *umem;
	struct xsk_socket *socket;
	struct xsk_ring_prod fill, out;
	struct xsk_ring_cons done, in;
	uint8_t *memory;
	int descriptor, interface;
	unsigned spare_count, sending; /* `sending`: with the kernel, to be sent */
	uint64_t spare[XDP_FRAMES];
};

/* Opens it; ends the process when that cannot be. The redirection ends with the process. */
void xdp_open(struct xdp_queue *q, const char *interface);

/* Takes back what was sent, and gives the kernel frames to receive into. */
void xdp_turn(struct xdp_queue *q);

/* Has the kernel send what was submitted. */
void xdp_push(struct xdp_queue *q);

#endif
