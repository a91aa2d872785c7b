/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ACT_APEX_H
#define COMITY_ACT_APEX_H

/*
 * apex.h - what the parties fixed about the zone as a whole (comity-act(5), THE
 * GENESIS): five lines, the same in the genesis, in the apex record of the state,
 * and in an act that amends it.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "base/writer.h"
#include "dns/dname.h"

struct apex {
	struct dname name; /* of the zone */
	struct dname mname, rname;
	uint32_t refresh, retry, expire, minimum; /* seconds, of the SOA */
	uint32_t ttl_soa, ttl_ns, ttl_dnskey, ttl_server; /* seconds */
	int64_t validity_seconds; /* of an RRSIG */
	int64_t renewal_seconds;  /* an RRSIG with less validity left is renewed */
	int64_t grace_seconds;    /* of a signing session, before members are named missing */
	int64_t lease_seconds;    /* the longest lease of a pool of nonces */
	int64_t phase_seconds;    /* of a key ceremony */
};

/* Reads the five lines. False, `*apex` undefined and `*why` set, when they are not that. */
bool apex_read(struct text *lines, struct apex *apex, const char **why) CHECKED;

void apex_write(struct writer *writer, const struct apex *apex);

#endif
