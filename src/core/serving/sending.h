/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_SENDING_H
#define COMITY_SERVING_SENDING_H

/*
 * sending.h - one zone on its way to a secondary: AXFR (RFC 5936) and IXFR (RFC 1995), under
 * TSIG when the request was.
 *
 * Messages come out one by one as a few parts: a head and a tail made for this requester, and
 * octets of the transfer file between, which nobody copies.
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "dns/message.h"
#include "dns/tsig.h"
#include "serving/transfer.h"

/* What a request for a transfer asked. */
struct transfer_request {
	uint16_t id;
	bool recursion_desired; /* RD is copied (RFC 5936 section 2.2.1) */
	bool edns;              /* the first message has an OPT record (section 2.2.5) */
	bool dnssec_ok;
	bool has_serial; /* IXFR: the zone that the requester has is this one */
	struct serial serial;
	uint16_t udp_size; /* that we tell in OPT */
	struct bytes
		question; /* as it was asked, at most SENDING_QUESTION_MAX octets; copied */
	const struct tsig_key *key; /* NULL: no TSIG */
	uint8_t mac[TSIG_MAC_MAX];  /* of the request */
	size_t mac_size;
};

#define SENDING_QUESTION_MAX (DNAME_SIZE_MAX + 4)

enum sending_style {
	SENDING_SOA, /* the SOA only: the requester has this zone, or a newer one, or asked by
	                UDP */
	SENDING_CHANGES, /* deltas */
	SENDING_ZONE,    /* all of it */
};

struct sending {
	const struct transfer *transfer;
	enum sending_style style;
	struct transfer_request request;
	uint8_t question[SENDING_QUESTION_MAX];
	struct tsig_chain chain; /* with request.key */
	uint32_t next_message;   /* SENDING_ZONE */
	struct bytes rest;       /* SENDING_CHANGES */
	bool begun, ended;
};

#define SENDING_PARTS    5
#define SENDING_HEAD_MAX (2 + MESSAGE_HEADER_SIZE + SENDING_QUESTION_MAX)
#define SENDING_TAIL_MAX (11 + TSIG_ROOM)

/* The next message with the two octets of its size in front. Parts point into it, or into the
 * transfer file: it must stay where it is. */
struct sending_message {
	struct bytes part[SENDING_PARTS];
	unsigned part_count;
	size_t size; /* octets of all parts */
	uint8_t head[SENDING_HEAD_MAX];
	uint8_t tail[SENDING_TAIL_MAX];
};

/*
 * Begins to send. `transfer`, and the key of the request, stay the caller's and in place until
 * the last message is out, and so does `*sending`. An IXFR becomes an AXFR where the deltas do
 * not reach back, or are larger than the zone and a mebibyte (RFC 1995 section 4 leaves us
 * that).
 */
void sending_begin(struct sending *sending, const struct transfer *transfer,
                   const struct transfer_request *request);

/* Makes the next message, signed at `now`; false when there is none. */
bool sending_next(struct sending *sending, uint64_t now, struct sending_message *message);

#endif
