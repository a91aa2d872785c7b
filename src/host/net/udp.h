/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_NET_UDP_H
#define COMITY_HOST_NET_UDP_H

/* udp.h - queries by UDP, in batches. */

#include <stdbool.h>
#include <stddef.h>

#include "host/net/served.h"
#include "host/net/tap.h"
#include "serving/rate.h"
#include "serving/tally.h"

struct udp_worker {
	struct served *served;
	size_t worker;  /* its slot in `served` */
	int descriptor; /* of a bound socket, blocking */
	bool wildcard;  /* it receives packet information (listen.h) */
	struct tally *tally;
	struct tap_ring *tap;    /* NULL: nobody is told */
	struct rate_table *rate; /* NULL: no limit; may be shared by workers */
	unsigned slip; /* of so many answers over the limit one goes out withheld; 0: none */
};

/*
 * Answers queries on the worker's socket for ever: receives up to 64 at once, answers
 * each in place, sends all at once, each from the address that was asked. Who is over the
 * limit, and has no cookie of ours, gets none.
 */
_Noreturn void udp_serve(const struct udp_worker *worker);

#endif
