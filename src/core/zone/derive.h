/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ZONE_DERIVE_H
#define COMITY_ZONE_DERIVE_H

/*
 * derive.h - from the state to the zone: the same octets for every party.
 *
 * The zone is SOA, apex NS, DNSKEY, ZONEMD, the NSEC chain, and what the content
 * records hold: delegations with NS, DS and glue, hosts, root servers. It has no
 * signatures yet, and its ZONEMD record is a placeholder of the right size: both come
 * from the signers (signing/work.h).
 */

#include "base/arena.h"
#include "dns/rrset.h"
#include "dns/serial.h"
#include "state/state.h"

#define ZONE_KEYS_MAX 6

struct zone_key {
	uint16_t flags; /* of the DNSKEY (RFC 4034 section 2.1.1) */
	uint8_t public_key[32];
};

/* What the job decided, and the content does not say. */
struct zone_plan {
	struct serial serial;
	unsigned key_count;
	struct zone_key key[ZONE_KEYS_MAX];
};

struct zone {
	struct bytes apex;    /* wire */
	struct rrset *set;    /* in canonical order */
	bool *authoritative;  /* [i]: set[i] is signed; glue and NS at a cut are not */
	size_t count;
	struct rrset *zonemd; /* the one of type ZONEMD */
};

/* The list form of the same sets. */
static inline struct rrset_list zone_list(const struct zone *zone)
{
	return (struct rrset_list){zone->set, zone->count};
}

/* Octets of arena that deriving and signing take at most, touched as needed: 20,000 ordinary TLDs take more than 64 MiB;
 * as many as there may be, each with all records that it may have, 3.3 GB (test/largest_test.c). */
#define ZONE_ARENA_SIZE ((size_t)4 << 30)

/*
 * Derives the zone of the content as the open job sees it (state/content.h). Everything is
 * taken from the arena.
 */
void zone_derive(const struct state *state, const struct zone_plan *plan, struct arena *arena,
                 struct zone *zone);

#endif
