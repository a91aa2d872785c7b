/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_RRSIG_H
#define COMITY_DNS_RRSIG_H

/*
 * rrsig.h - RRSIG RDATA, and the octets that an RRSIG signs (RFC 4034 section 3).
 *
 * Nothing here signs or verifies.
 */

#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "dns/rrset.h"

struct rrsig {
	uint16_t type_covered;
	uint8_t algorithm;
	uint8_t labels; /* rrsig_labels() of the owner */
	uint32_t original_ttl;
	uint32_t expiration; /* seconds since 1970, modulo 2^32 (section 3.1.5) */
	uint32_t inception;
	uint16_t key_tag;
	struct bytes signer;    /* view of a name */
	struct bytes signature; /* empty while there is none yet */
};

/* Takes checked RRSIG RDATA apart; signer and signature are views into it. */
struct rrsig rrsig_read(struct bytes rdata);

/* Writes RRSIG RDATA, the signature included. */
void rrsig_write(struct writer *writer, const struct rrsig *rrsig);

/* The Labels field for an owner: its labels without the root and a first "*" (section 3.1.3).
 */
uint8_t rrsig_labels(struct bytes owner);

/*
 * Writes signed_data of section 3.1.8.1: the RDATA of `rrsig` without its
 * signature, then the records of `set` with the original TTL, and with the
 * wildcard as owner when rrsig->labels says that they were expanded from it.
 * rrsig->labels is at most rrsig_labels(set->owner).
 */
void rrsig_write_signed_data(struct writer *writer, const struct rrsig *rrsig,
                             const struct rrset *set);

#endif
