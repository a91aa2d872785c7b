/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_VERIFY_H
#define COMITY_HOST_IMPORT_VERIFY_H

/*
 * verify.h - whether a zone is what its keys say, by ldns.
 *
 * From the anchors to the DNSKEY set; from it to a signature that holds over every authoritative
 * set (RFC 4035 section 5.3); the NSEC chain, complete and true (RFC 4035 section 2.3); the digest
 * of the whole zone (RFC 8976 section 4). Only the sandboxed helper calls this.
 */

#include <ldns/ldns.h>
#include <stdbool.h>

#include "base/arena.h"
#include "host/import/telling.h"

/*
 * When the SOA's signature begins to hold: the moment at which the zone was signed, or the last
 * such when it has several. False: the SOA has no signature.
 */
bool verify_inception(const ldns_rr_list *records, const ldns_rdf *apex,
                      struct ledger_time *inception);

/*
 * Verifies `records`, a whole zone, at telling->at. Fills in dnssec, zonemd, signatures and why,
 * which lives in the arena. A zone without ZONEMD, and one whose ZONEMD we do not know how to
 * compute, is told and does not fail.
 */
void verify_zone(ldns_rr_list *records, const ldns_rdf *apex, const ldns_rr_list *anchors,
                 struct arena *arena, struct telling *telling);

#endif
