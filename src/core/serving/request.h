/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_REQUEST_H
#define COMITY_SERVING_REQUEST_H

/*
 * request.h - what a query asks, taken out of its octets.
 *
 * Two readers: request_read_plain() for what nearly every query looks like - one
 * question, perhaps one OPT, nothing else - in a few dozen steps, and
 * request_read_any() for the rest, which gives every message its RCODE.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "dns/type.h"
#include "serving/octets.h"

struct request {
	uint64_t trail;        /* where the last labels begin in the name: request_offset() */
	uint32_t label_count;  /* of the name, without the root */
	uint32_t question_end; /* octets of header and question; 0: there is no question to
	                          repeat */
	uint32_t type, qclass;
	uint32_t udp_size;     /* octets the requester takes; 512 without EDNS */
	uint32_t rcode;        /* RCODE_NOERROR, or why there is no answer */
	const uint8_t *cookie; /* in the message: client cookie, then perhaps a server cookie */
	uint32_t cookie_size;  /* octets of both; 0: none */
	bool edns;             /* the query had an OPT record, so has the response */
	bool dnssec_ok;
	bool has_options; /* any of these: */
	bool wants_nsid;
	bool attend;          /* NOTIFY, or under TSIG: attend.h */
	bool wants_keepalive; /* it has an edns-tcp-keepalive option (RFC 7828) */
	bool has_question;    /* false only where a cookie is all that is asked for */
	bool is_for_zone;     /* no error, class IN, and not a type that means a transfer */
};

/* Where the last `labels` labels of the name begin in it: at most 7, and at most as many as
 * it has. For 0 it is the root label. */
static inline uint32_t request_offset(const struct request *request, uint32_t labels)
{
	return request->trail >> 8 * labels & 255;
}

/* Types of 249 to 252 are no data: TKEY, TSIG, IXFR, AXFR (RFC 6895 section 3.1). */
static inline bool request_is_for_zone(uint32_t type, uint32_t qclass)
{
	return qclass == CLASS_IN && type - 249 > TYPE_AXFR - 249;
}

/* Client cookies have 8 octets, server cookies 8 to 32 (RFC 7873 section 4). */
static inline bool request_is_cookie(size_t size)
{
	return size == 8 || (size >= 16 && size <= 40);
}

/*
 * Options of an OPT record of `size` octets; what we do not know is passed over (RFC 6891
 * section 6.1.2). False when they do not fill it, or when one we know is not as it must be: a
 * cookie of no size for one (RFC 7873 section 5.2.2), a timeout that a client
 * sends (RFC 7828 section 3.2.1).
 */
static inline bool request_read_options(const uint8_t *at, size_t size, struct request *request)
{
	while (size >= 4) {
		uint32_t code = load16(at);
		size_t value = load16(at + 2);

		if (4 + value > size)
			return false;
		if (code == EDNS_COOKIE) {
			if (!request_is_cookie(value))
				return false;
			if (request->cookie_size == 0) { /* of several the first counts */
				request->cookie = at + 4;
				request->cookie_size = (uint32_t)value;
				request->has_options = true;
			}
		} else if (code == EDNS_NSID) {
			request->wants_nsid = request->has_options = true;
		} else if (code == EDNS_TCP_KEEPALIVE) {
			if (value != 0)
				return false;
			request->wants_keepalive = request->has_options = true;
		}
		at += 4 + value;
		size -= 4 + value;
	}
	return size == 0;
}

/*
 * Reads a query of the usual shape: at least a header, QR clear. False for any
 * other; `*request` is then undefined.
 */
static inline bool request_read_plain(const uint8_t *message, size_t size,
                                      struct request *request)
{
	const uint8_t *name = message + MESSAGE_HEADER_SIZE, *end;
	size_t at = 0, last = size - (MESSAGE_HEADER_SIZE + 5);
	uint64_t trail = 0, counts;
	uint32_t labels = 0;

	if (size < MESSAGE_HEADER_SIZE + 5 || (message[2] & 0xf8) != 0) /* opcode QUERY */
		return false;
	counts = load64(message + 4); /* one question, no records but perhaps one additional */
	if ((counts & ~(uint64_t)1) != (uint64_t)1 << 48)
		return false;
	if (last > DNAME_SIZE_MAX - 1)
		last = DNAME_SIZE_MAX - 1;
	while (name[at] != 0) {
		if (name[at] > DNAME_LABEL_MAX)
			return false;
		trail = (trail | at) << 8;
		labels++;
		at += 1u + name[at];
		if (at > last)
			return false;
	}
	end = name + at + 5;
	*request = (struct request){
		.trail = trail | at,
		.label_count = labels,
		.question_end = (uint32_t)(MESSAGE_HEADER_SIZE + at + 5),
		.type = load16(end - 4),
		.qclass = load16(end - 2),
		.udp_size = MESSAGE_UDP_SIZE,
		.has_question = true,
	};
	request->is_for_zone = request_is_for_zone(request->type, request->qclass);
	size -= request->question_end;
	if ((counts & 1) == 0)
		return size == 0;
	/* RFC 6891 section 6.1.2: owner, type, size, upper RCODE, version 0, flags, options. */
	if (size < 11 || end[0] != 0 || load16(end + 1) != TYPE_OPT || end[6] != 0 ||
	    size - 11 != load16(end + 9))
		return false;
	request->udp_size = load16(end + 3);
	request->edns = true;
	request->dnssec_ok = end[7] >> 7;
	return request_read_options(end + 11, size - 11, request);
}

/*
 * Reads any query: at least a header, QR clear. Total: `*request` is complete,
 * and request->rcode says what is wrong with it, if something is.
 */
void request_read_any(struct bytes message, struct request *request);

#endif
