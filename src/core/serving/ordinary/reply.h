/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ORDINARY_REPLY_H
#define COMITY_SERVING_ORDINARY_REPLY_H

/*
 * reply.h - a response put together record by record behind its question, with names
 * compressed (RFC 1035 section 4.1.4).
 *
 * Records go in section by section. A set goes in whole or not at all. Names that
 * were put stay in place until the response is complete.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "dns/message.h"
#include "serving/ordinary/file.h"

#define REPLY_SUFFIX_MAX 192 /* names that may be pointed to */

struct reply {
	uint8_t *message;
	size_t end;      /* octets so far */
	size_t limit;    /* octets at most */
	uint64_t counts; /* IMAGE_COUNTS of its records */
	unsigned suffixes;
	struct reply_suffix {
		struct bytes name;
		uint16_t at; /* in the message */
	} suffix[REPLY_SUFFIX_MAX];
};

/* Begins behind the question, of which `name` is the name in lower case: where a record has that
 * name, it points to the question and so keeps the case that was asked in. */
void reply_begin(struct reply *reply, uint8_t *message, size_t question_end, size_t limit,
                 struct bytes name);

/* Puts the records of a set as those of `owner`, and its signatures with `dnssec_ok`. False, and
 * nothing put, when there is no room for all. */
bool reply_put_set(struct reply *reply, enum section section, struct bytes owner,
                   const struct ordinary *zone, const struct ordinary_set *set, uint32_t ttl,
                   bool dnssec_ok);

/* The signatures alone; there may be none. */
bool reply_put_rrsigs(struct reply *reply, enum section section, struct bytes owner,
                      const struct ordinary *zone, const struct ordinary_set *set,
                      uint32_t ttl);

/* The CNAME that stands for a DNAME (RFC 6672 section 3.1). */
bool reply_put_cname(struct reply *reply, struct bytes owner, struct bytes target,
                     uint32_t ttl);

#endif
