/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_ZONEMD_H
#define COMITY_DNS_ZONEMD_H

/* zonemd.h - the digest of a zone: ZONEMD, scheme SIMPLE, hash SHA-384 (RFC 8976). */

#include <stdint.h>

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

#endif
