/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_XDP_H
#define COMITY_HOST_NET_XDP_H

/*
 * xdp.h - queries by AF_XDP: frames of an interface that reach us without the kernel's network
 * stack, beside the sockets that get all else.
 *
 * A small program in the kernel picks the frames (xdp.bpf.c). It goes when we go, however we
 * do: it hangs on a descriptor. The library that sets it up, libxdp, stands in a module
 * (module.h).
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "host/net/datagram.h"
#include "host/net/sender.h"

struct xdp; /* an interface, its program and queues */

/* What to receive: UDP datagrams to one of these addresses and ports. */
struct xdp_targets {
	union sender *at; /* any address is those that the machine has */
	size_t count;
};

/* What the module asks back. */
struct xdp_handler {
	void *context;
	void (*begin)(void *context); /* a batch begins, ... */
	void (*end)(void *context);   /* ... and ends: its responses are sent */

	/* As datagram_answer(). */
	size_t (*answer)(void *context, struct bytes address, uint16_t port, uint8_t *message,
	                 size_t size, size_t room);

	/* A frame came that is not answered: it was damaged, or is no query at all. */
	void (*refuse)(void *context);
};

/* What the module offers; its one symbol. */
struct xdp_library {
	/*
	 * Takes over the first `queues` receiving queues of the interface, or as many as it
	 * has. NULL: `*why`, and `*number` an errno or 0; the interface is as it was.
	 */
	struct xdp *(*open)(const char *interface, size_t queues,
	                    const struct xdp_targets *targets, const char **why, int *number);

	size_t (*queues)(const struct xdp *xdp);

	/* Answers what comes to a queue, for ever: up to 64 at once, each in its frame. */
	void (*serve)(struct xdp *xdp, size_t queue, const struct xdp_handler *handler)
		__attribute__((noreturn));
};

#define XDP_SYMBOL "comity_xdp"

/* Loads the module and has it take over the interface. NULL, told on standard error: queries
 * come by sockets alone. `*library` is the module then, or before. */
struct xdp *xdp_open(const char *interface, size_t queues, const struct xdp_targets *targets,
                     const struct xdp_library **library);

/* The worker of one queue. */
struct xdp_worker {
	struct datagram_worker datagram;
	const struct xdp_library *library;
	struct xdp *xdp;
	size_t queue;
};

/* Answers queries on the worker's queue for ever. */
_Noreturn void xdp_serve(const struct xdp_worker *worker);

#endif
