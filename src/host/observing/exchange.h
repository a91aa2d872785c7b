/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_OBSERVING_EXCHANGE_H
#define COMITY_HOST_OBSERVING_EXCHANGE_H

/*
 * exchange.h - one question to a name server and its answer, by ldns. Only the sandboxed check
 * helper calls this.
 */

#include <ldns/ldns.h>
#include <stdbool.h>
#include <stdint.h>

#include "observing/sighting.h"

#define EXCHANGE_TRIES   2    /* by UDP */
#define EXCHANGE_TIMEOUT 2000 /* milliseconds, each */
#define EXCHANGE_PORT    53

struct question {
	const ldns_rdf *name;
	ldns_rr_type type;
	bool recursive; /* RD */
};

/* Asks at an address of 4 or 16 octets. On REACH_ANSWERED the answer is the caller's, to free with
 * ldns_pkt_free(); otherwise it is NULL. An answer from another address is told and dropped. */
enum reach exchange_udp(const uint8_t *octets, size_t size, const struct question *question,
                        ldns_pkt **answer);
enum reach exchange_tcp(const uint8_t *octets, size_t size, const struct question *question,
                        ldns_pkt **answer);

#endif
