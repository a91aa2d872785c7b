/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_CONDUIT_H
#define COMITY_HOST_NET_CONDUIT_H

/*
 * conduit.h - messages to and from one server by TCP, for a client that does one thing at a
 * time.
 *
 * Nothing waits longer than until the conduit's deadline.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/mishap.h"
#include "host/net/listen.h"
#include "host/net/tls.h"

#define CONDUIT_MESSAGE_MAX 65535

struct conduit {
	int descriptor; /* -1: closed */
	const struct tls_library *library;
	struct tls *tls;    /* NULL: none */
	uint64_t deadline;  /* milliseconds of the monotonic clock */
	size_t first, used; /* octets received and not yet taken: [first, used) */
	uint8_t octets[1 << 18];
};

/* Milliseconds of the monotonic clock. */
uint64_t conduit_clock(void);

/* Connects. `*why` says why not; the conduit is closed then. */
bool conduit_open(struct conduit *conduit, const struct listen_address *address,
                  unsigned milliseconds, const char **why) CHECKED;

/* Puts TLS over an open one, with the server of that name; NULL: whoever it is. `*why` says why
 * not; the conduit is closed then. */
bool conduit_secure(struct conduit *conduit, const struct tls_library *library,
                    struct tls_context *context, const char *name, const char **why) CHECKED;
void conduit_close(struct conduit *conduit);

/* Gives the conduit so many milliseconds from now. */
void conduit_allow(struct conduit *conduit, unsigned milliseconds);

/* Sends a message. False: lost, or too late. */
bool conduit_send(struct conduit *conduit, struct bytes message) CHECKED;

/* The next message, valid until the next call. False: the other side ended, or too late. */
bool conduit_receive(struct conduit *conduit, struct bytes *message) CHECKED;

/* True when a message, or a part of one, is here already: a descriptor that is not readable
 * says nothing then. */
bool conduit_has_some(const struct conduit *conduit);

#endif
