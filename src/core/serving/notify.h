/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_NOTIFY_H
#define COMITY_SERVING_NOTIFY_H

/*
 * notify.h - telling one secondary of a new zone, until it says that it heard (RFC 1996), by
 * UDP. The clock is the caller's.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/writer.h"
#include "dns/tsig.h"

#define NOTIFY_TRIES 8    /* waiting 1, 2, 4 ... 60 seconds: about three minutes in all */
#define NOTIFY_WAIT  60   /* seconds at most between two tries (section 3.6) */
#define NOTIFY_ROOM  1400 /* octets that a NOTIFY takes at most */

struct notify {
	const struct tsig_key *key; /* NULL: none */
	bool pending;
	unsigned tries;
	uint64_t due; /* seconds */
	uint16_t id;
	uint8_t mac[TSIG_MAC_MAX];
	size_t mac_size;
};

/* There is a new zone: the secondary shall hear of it now. */
void notify_begin(struct notify *notify, uint64_t now);

/*
 * Writes the message when it is time for one, with the SOA in it (section 3.7), as a record
 * whose owner may be a pointer to the question. `seconds` is the clock that `due` is by, `now`
 * that of TSIG. False when there is nothing to send; after the last try notify->pending falls.
 */
bool notify_write(struct notify *notify, struct bytes apex, struct bytes soa, uint16_t id,
                  uint64_t seconds, uint64_t now, struct writer *to);

/* Takes a message that came from the secondary. True when it is the answer: nothing is pending
 * then. An answer with an error counts as heard, too (section 3.12 wants no more); `*rcode`
 * tells it. */
bool notify_answered(struct notify *notify, struct bytes message, uint64_t now,
                     uint16_t *rcode);

#endif
