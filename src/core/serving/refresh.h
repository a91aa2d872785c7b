/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_REFRESH_H
#define COMITY_SERVING_REFRESH_H

/*
 * refresh.h - when a secondary asks its primaries: REFRESH, RETRY and EXPIRE of the SOA (RFC
 * 1034 section 4.3.5), and NOTIFY (RFC 1996). The clock is the caller's, in seconds that do not
 * go back.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "dns/serial.h"

#define REFRESH_LEAST 2     /* seconds between two rounds at least, whatever the SOA says */
#define REFRESH_MOST  86400 /* and at most */

/* The numbers of an SOA. */
struct soa_numbers {
	struct serial serial;
	uint32_t refresh, retry, expire; /* seconds */
};

/* Takes them out of checked SOA RDATA, or out of a whole SOA record: they stand before its last
 * four octets. */
struct soa_numbers soa_numbers_read(struct bytes octets);

struct refresh {
	bool has_zone;
	struct soa_numbers soa; /* with has_zone */
	uint64_t confirmed;     /* when a primary last said what the zone is */
	uint64_t due;           /* when the primaries are asked next */
	bool notified;          /* because of a NOTIFY */
	unsigned failures;      /* rounds in a row in which no primary answered */
};

/* Begins: the primaries are asked at once. `soa` is NULL when there is no zone yet. */
void refresh_begin(struct refresh *refresh, uint64_t now, const struct soa_numbers *soa);

/* A NOTIFY came. False when it tells of nothing newer than what is here: it changes nothing
 * then. */
bool refresh_notified(struct refresh *refresh, uint64_t now, bool has_serial,
                      struct serial serial);

/* A primary answered: the zone now has this SOA. */
void refresh_confirmed(struct refresh *refresh, uint64_t now, const struct soa_numbers *soa);

/* A round in which no primary answered, or none had a zone that we take. */
void refresh_failed(struct refresh *refresh, uint64_t now);

/* True when nobody confirmed the zone for as long as it may be served. */
bool refresh_expired(const struct refresh *refresh, uint64_t now);

#endif
