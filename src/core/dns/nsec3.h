/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_DNS_NSEC3_H
#define COMITY_DNS_NSEC3_H

/* nsec3.h - NSEC3 RDATA and the hash of a name (RFC 5155 sections 3 and 5). */

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/sha1.h"

#define NSEC3_SHA1      1 /* the one hash algorithm there is (RFC 5155 section 11) */
#define NSEC3_OPT_OUT   0x01
#define NSEC3_SALT_MAX  255
#define NSEC3_TEXT_SIZE 32 /* characters of a hash in base32hex: the first label of an owner   \
	                    */

/* How a chain hashes. */
struct nsec3_way {
	uint8_t algorithm;
	uint16_t iterations; /* more, besides the first */
	struct bytes salt;
};

/* A record taken apart: views into it. */
struct nsec3 {
	struct nsec3_way way;
	uint8_t flags;
	struct bytes next; /* the next hash, in octets; none in NSEC3PARAM */
};

/* Takes checked RDATA of NSEC3 or, without `next`, of NSEC3PARAM apart. */
struct nsec3 nsec3_read(struct bytes rdata);
struct nsec3 nsec3_read_param(struct bytes rdata);

bool nsec3_way_same(const struct nsec3_way *a, const struct nsec3_way *b);

/* The hash of a name as the first label of its NSEC3 has it, in lower case. `way` hashes with
 * NSEC3_SHA1. */
void nsec3_hash(const struct nsec3_way *way, struct bytes name, uint8_t text[NSEC3_TEXT_SIZE]);

#endif
