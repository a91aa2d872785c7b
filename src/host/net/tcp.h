/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_TCP_H
#define COMITY_HOST_NET_TCP_H

/*
 * tcp.h - queries by TCP (RFC 7766).
 *
 * A connection may carry any number of queries, one behind the other without
 * waiting; answers go back in their order, those of one read in one write. A
 * connection on which nothing was asked for a while is closed, and so is the
 * one idle for longest when a new one comes and there is no room; one of a
 * source that has its share already is not taken (RFC 9210 section 4.1). Who
 * does not read its answers is not read, and holds the rest of one of them.
 */

#include <stddef.h>

#include "host/net/served.h"
#include "host/net/tap.h"
#include "host/net/tls.h"

struct tcp_worker {
	struct served *served;
	size_t worker;        /* its slot in `served` */
	const int *listeners; /* descriptors of listening sockets, not blocking */
	size_t listener_count;
	size_t connections_max; /* at least 1 */
	size_t per_source_max;  /* connections of one IPv4 address, or one IPv6 /64 */
	unsigned idle_seconds;  /* 1..3600 */
	struct tally *tally;
	struct tap_ring *tap; /* NULL: nobody is told */
	const struct tls_library *tls; /* NULL: no TLS; else all connections are under it, ... */
	struct tls_context *context;   /* ... with this certificate */
};

/* Answers queries on the worker's listeners for ever. */
_Noreturn void tcp_serve(const struct tcp_worker *worker);

#endif
