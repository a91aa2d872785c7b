/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ANSWER_H
#define COMITY_SERVING_ANSWER_H

/*
 * answer.h - from a query to its response, out of a zone image.
 *
 * Authoritative service of one zone: referrals with their glue (RFC 1034 section
 * 4.3.2, RFC 9471), DNSSEC with NSEC (RFC 4035 section 3.1), negative answers
 * (RFC 2308), EDNS (RFC 6891), truncation, one question a message (RFC 9619), one
 * set for QTYPE ANY (RFC 8482), and the CHAOS names by which a server tells who it
 * is. No memory, no clock, no state: two servers with one image and one identity
 * answer alike, octet by octet.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "serving/image.h"
#include "serving/status.h"

#define ANSWER_ROOM_MIN     512  /* octets: room of the smallest buffer */
#define ANSWER_SLACK        8    /* octets that must be readable behind a query */
#define ANSWER_IDENTITY_MAX 128  /* octets of each of the texts below */
#define ANSWER_UDP_SIZE     1232 /* octets: what avoids fragments nearly everywhere */
#define ANSWER_ATTEND       SIZE_MAX

enum transport { TRANSPORT_UDP, TRANSPORT_TCP };

/* Who answers. An empty text is not told: its name is refused. */
struct answer_identity {
	struct bytes version;  /* version.bind. and version.server. CH TXT */
	struct bytes hostname; /* hostname.bind. CH TXT */
	struct bytes id;       /* id.server. CH TXT (RFC 4892) */
	struct bytes nsid;     /* EDNS option NSID (RFC 5001), any octets */
};

struct attendant;
struct transfer;

struct answerer {
	const struct image *image;
	const struct status *status; /* for *.ledger.comity. CH TXT; NULL: refused */
	struct answer_identity identity;
	uint16_t udp_size; /* octets we send and take in a UDP message, at least 512 */
	const struct attendant *attendant; /* not looked at here: for attend() */
	const struct transfer *transfer;   /* likewise; NULL: there is none */
};

/*
 * Answers the query that is the first `size` of `room` octets at `message`,
 * in place. `room` is at least ANSWER_ROOM_MIN and size + ANSWER_SLACK; all of it
 * may be read and written. Returns the size of the response, 0 when there shall be none
 * (no header, or no query), and ANSWER_ATTEND, the message as it was, when it takes more than
 * the image: attend().
 */
size_t answer(const struct answerer *server, enum transport transport, uint8_t *message,
              size_t size, size_t room);

#endif
