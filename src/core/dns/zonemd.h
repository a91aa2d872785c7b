/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_ZONEMD_H
#define COMITY_DNS_ZONEMD_H

/* zonemd.h - the digest of a zone: ZONEMD, scheme SIMPLE, hash SHA-384 (RFC 8976). */

#include <stdint.h>

#include "base/arena.h"
#include "base/bytes.h"
#include "base/digest.h"
#include "base/writer.h"
#include "dns/rrset.h"
#include "dns/serial.h"

#define ZONEMD_SCHEME_SIMPLE 1
#define ZONEMD_HASH_SHA384   1

struct zonemd {
	struct serial serial;
	uint8_t scheme;
	uint8_t hash;
	struct bytes digest;
};

/* Takes checked ZONEMD RDATA apart; the digest is a view into it. */
struct zonemd zonemd_read(struct bytes rdata);

/* Writes ZONEMD RDATA. */
void zonemd_write(struct writer *writer, const struct zonemd *zonemd);

/*
 * The digest of section 3.3 over every record of `zone`, signatures included,
 * without the ZONEMD set at `apex` and its signatures. A placeholder for that
 * set may stand in the list or not: the digest is the same.
 */
void zonemd_digest(const struct rrset_list *zone, struct bytes apex,
                   uint8_t digest[SHA384_SIZE]);

/*
 * A zone as it is hashed, kept so that after changes only the records of names that changed are
 * written anew. Hashed it must be from the front each time: the SOA comes first.
 */
struct zonemd_kept {
	struct bytes octets; /* of all records that count */
	struct zonemd_name { /* the names of the zone, in order */
		struct bytes owner;
		size_t at; /* where its records begin in `octets` */
	} * name;
	size_t names;
	struct bytes apex;
};

/* Octets of an arena that are enough for zonemd_keep(). */
size_t zonemd_kept_size(const struct rrset_list *zone);

/* Keeps `zone`, whose owners stay in place. */
void zonemd_keep(struct zonemd_kept *kept, const struct rrset_list *zone, struct bytes apex,
                 struct arena *arena);

/*
 * The digest of `zone`, which differs from the one that was kept at the names `changed` only:
 * `count` of them, in canonical order, none twice. Names that neither has may be among them.
 */
void zonemd_digest_changed(const struct zonemd_kept *kept, const struct rrset_list *zone,
                           const struct bytes *changed, size_t count,
                           uint8_t digest[SHA384_SIZE]);

#endif
