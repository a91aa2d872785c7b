/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_OBSERVING_CHAIN_H
#define COMITY_HOST_OBSERVING_CHAIN_H

/*
 * chain.h - from the DS of a delegation to the signatures of its zone (RFC 4035 section 5), by ldns,
 * as one server answers. Only the sandboxed check helper calls this.
 */

#include <ldns/ldns.h>
#include <stdbool.h>
#include <time.h>

/* Whether an answer for DNSKEY has the key of that DS. The answer may be NULL. */
bool chain_has_key(const ldns_pkt *keys, const ldns_rdf *zone, const ldns_rr *ds);

/* "holds", or why not: some DS has its key, that key's signature over the DNSKEY set holds, and a
 * signature by one of the set over the SOA. */
const char *chain_holds(const ldns_pkt *keys, const ldns_pkt *soa, const ldns_rdf *zone,
                        const ldns_rr_list *ds, time_t at);

#endif
