/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ATTEND_H
#define COMITY_SERVING_ATTEND_H

/*
 * attend.h - messages that take more than the image: requests for a transfer (RFC 5936, RFC
 * 1995), NOTIFY (RFC 1996), and whatever is under TSIG (RFC 8945). answer() hands them here.
 *
 * Who may take the zone, and who may say that there is a new one, is told by address, by key,
 * or by both.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dns/tsig.h"
#include "serving/answer.h"
#include "serving/sending.h"
#include "serving/transfer.h"

#define ADDRESS_SIZE 16 /* octets: IPv6, or IPv4 as ::ffff:0:0/96 */

/* Whoever sends from these addresses, under this key. */
struct permit {
	uint8_t address[ADDRESS_SIZE];
	uint8_t prefix_size;        /* bits of it that count, 0..128 */
	bool tls_only;              /* RFC 9103: by TLS only */
	const struct tsig_key *key; /* NULL: any or none */
};

/* What an operator set up for a zone; all of it stays as it is while serving. Keys are the same for
 * all zones. */
struct attendant {
	const struct tsig_key *key;
	size_t key_count;
	const struct permit *take; /* may ask for a transfer */
	size_t take_count;
	const struct permit *notify; /* may send NOTIFY */
	size_t notify_count;
};

struct attended {
	size_t size;   /* octets of the response that stands in place of the message; 0: none */
	bool sending;  /* no response: the transfer goes out by what was begun in `*sending` */
	bool notified; /* a permitted NOTIFY for a zone of ours came in, ... */
	uint32_t zone; /* ... the one of this number (zones.h), ... */
	bool has_serial;
	struct serial serial;  /* ... with this serial in it */
	bool authentic;        /* the message was signed by one of our keys */
	uint16_t question_end; /* octets of header and question of the response */
};

/*
 * Attends to the message for which answer() told ANSWER_ATTEND: the first `size` of `room`
 * octets at `message`, as for answer(). When a transfer shall go out, `*sending` is begun with
 * the transfer file of its zone; it is untouched otherwise. NULL: there is no place for one
 * more, and whoever asks for one is told SERVFAIL. By UDP there are responses only.
 */
struct attended attend(const struct answerer *server, const struct asker *asker,
                       uint8_t *message, size_t size, size_t room, struct sending *sending);

/* What a response that attend() wrote was, for those who count and limit: under TSIG its sender
 * is who it says, and its OPT record may not stand alone. */
static inline struct outcome attend_outcome(const struct attended *attended,
                                            const uint8_t *message)
{
	return (struct outcome){.size = (uint32_t)attended->size,
	                        .question_end = attended->question_end,
	                        .rcode = attended->size == 0 ? 0 : message[3] & 15u,
	                        .known = attended->authentic};
}

/* True when one of the permits is for this asker, whose message was signed by `key` (NULL: by
 * none). */
bool permitted(const struct permit *permits, size_t count, const struct asker *asker,
               const struct tsig_key *key);

/* An address of 4 or 16 octets as permits have it. */
void permit_address(struct bytes address, uint8_t octets[ADDRESS_SIZE]);

#endif
