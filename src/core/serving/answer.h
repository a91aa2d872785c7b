/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ANSWER_H
#define COMITY_SERVING_ANSWER_H

/*
 * answer.h - from a query to its response, out of a zone image.
 *
 * Authoritative service of a zone, or of several (zones.h): referrals with their glue (RFC 1034 section
 * 4.3.2, RFC 9471), DNSSEC with NSEC (RFC 4035 section 3.1), negative answers
 * (RFC 2308), EDNS (RFC 6891), cookies (RFC 7873, RFC 9018), extended errors (RFC
 * 8914), truncation, one question a message (RFC 9619), one set for QTYPE ANY (RFC
 * 8482), and the CHAOS names by which a server tells who it is. No memory, no clock,
 * no state: two servers with one image, identity and secret answer alike, octet by
 * octet.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "serving/cookie.h"
#include "serving/image.h"
#include "serving/status.h"

#define ANSWER_ROOM_MIN     512  /* octets: room of the smallest buffer */
#define ANSWER_SLACK        8    /* octets that must be readable behind a query */
#define ANSWER_IDENTITY_MAX 128  /* octets of each of the texts below */
#define ANSWER_UDP_SIZE     1232 /* octets: what avoids fragments nearly everywhere */
#define ANSWER_ATTEND       UINT32_MAX /* no size of a response */

enum transport { TRANSPORT_UDP, TRANSPORT_TCP };

/* Who asks, how and when. */
struct asker {
	enum transport transport;
	struct bytes address; /* of the sender: 4 or 16 octets */
	uint32_t now;         /* seconds since 1970 */
	uint16_t keepalive;   /* TCP: how long an idle connection is kept, in units of 100 ms
	                         (RFC 7828) */
	bool tls;             /* TCP: under TLS (RFC 7858) */
};

/* What became of a query. Too large for two registers: it is written where it is looked at, and
 * nobody packs and unpacks it. */
struct outcome {
	uint32_t size;         /* octets of the response; 0: there shall be none */
	uint16_t question_end; /* of these, header and question ... */
	uint16_t opt_size;     /* ... and, at the end, the OPT record */
	uint32_t rcode;        /* of EDNS: 12 bits (RFC 6891 section 6.1.3) */
	uint32_t zone;         /* number of the zone it is from; 0: the main one, or none */
	bool has_cookie;       /* the response has a cookie, ... */
	bool known; /* ... and the query had one of ours: its sender is who it says */
};

/* Who answers. An empty text is not told: its name is refused. */
struct answer_identity {
	struct bytes version;  /* version.bind. and version.server. CH TXT */
	struct bytes hostname; /* hostname.bind. CH TXT */
	struct bytes id;       /* id.server. CH TXT (RFC 4892) */
	struct bytes nsid;     /* EDNS option NSID (RFC 5001), any octets */
};

struct attendant;
struct transfer;
struct zones;

struct answerer {
	const struct image *image;
	const struct status *status; /* for *.ledger.comity. CH TXT; NULL: refused */
	struct answer_identity identity;
	const struct cookie_secrets *secrets; /* NULL: cookies are ignored */
	uint16_t udp_size; /* octets we send and take in a UDP message, at least 512 */
	const struct attendant *attendant; /* not looked at here: for attend() */
	const struct transfer *transfer;   /* likewise; NULL: there is none */
	bool expired; /* the zone may no longer be served: answer_expired() */
	const struct zones *zones; /* all zones, where there is more than one, this one as number 0;
	                              NULL: only this one */
};

/*
 * Answers the query that is the first `size` of `room` octets at `message`,
 * in place. `room` is at least ANSWER_ROOM_MIN and size + ANSWER_SLACK; all of it
 * may be read and written. There is no response to what has no header, or is no query; and its
 * size is ANSWER_ATTEND, the message as it was, when it takes more than the image: attend().
 */
struct outcome answer(const struct answerer *server, const struct asker *asker,
                      uint8_t *message, size_t size, size_t room);

/* The same when no primary has confirmed the zone in time (RFC 1034 section 4.3.5): SERVFAIL; but of
 * several zones each is as its own `expired` says. */
struct outcome answer_expired(const struct answerer *server, const struct asker *asker,
                              uint8_t *message, size_t size, size_t room);

/*
 * Makes a response that answer() wrote by UDP into one that carries nothing: TC, so that
 * whoever is at that address comes by TCP; or BADCOOKIE with a cookie to come again with, where
 * the query asked for one (RFC 7873 section 5.2.3). Never longer than the query but for that
 * cookie.
 */
void answer_withhold(uint8_t *message, struct outcome *outcome);

#endif
