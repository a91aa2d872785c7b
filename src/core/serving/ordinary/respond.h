/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ORDINARY_RESPOND_H
#define COMITY_SERVING_ORDINARY_RESPOND_H

/*
 * respond.h - the answer of an ordinary zone (RFC 1034 section 4.3.2): wildcards (RFC
 * 4592), CNAME followed through the ordinary zones of this server, DNAME (RFC 6672), referrals
 * with glue (RFC 9471), and DNSSEC (RFC 4035 section 3.1, RFC 5155 section 7.2).
 */

#include <stddef.h>
#include <stdint.h>

#include "serving/ordinary/file.h"
#include "serving/request.h"
#include "serving/zones.h"

#define ORDINARY_HOPS_MAX 11 /* aliases followed for one question */

struct ordinary_answer {
	size_t end;      /* octets of the response, without OPT */
	uint64_t counts; /* IMAGE_COUNTS of its records */
	uint32_t flags;  /* MESSAGE_AA, MESSAGE_TC */
	uint32_t rcode;
};

/*
 * Puts the answer to the question of `request`, a zone of which is `zone`, behind the question
 * that begins the message: at most up to `limit` octets. What does not fit leaves
 * nothing but TC; glue that is not needed is left out. Aliases are followed as long as
 * they lead into an ordinary zone of `zones`: an image has no answers to a name that was
 * not asked for, and whoever asked asks for it next.
 */
struct ordinary_answer ordinary_respond(const struct zones *zones, const struct ordinary *zone,
                                        const struct request *request, uint8_t *message,
                                        size_t limit);

#endif
