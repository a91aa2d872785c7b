/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_UDP_H
#define COMITY_HOST_NET_UDP_H

/* udp.h - queries by UDP, in batches. */

#include <stdbool.h>

#include "host/net/datagram.h"

struct udp_worker {
	struct datagram_worker datagram;
	int descriptor; /* of a bound socket, blocking */
	bool wildcard;  /* it receives packet information (listen.h) */
};

/*
 * Answers queries on the worker's socket for ever: receives up to 64 at once, answers
 * each in place, sends all at once, each from the address that was asked.
 */
_Noreturn void udp_serve(const struct udp_worker *worker);

#endif
