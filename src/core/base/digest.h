/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_BASE_DIGEST_H
#define COMITY_BASE_DIGEST_H

/* digest.h - SHA-256 and SHA-384 (FIPS 180-4). Public data only; nothing is wiped. */

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

#define DIGEST_SIZE 32
#define SHA384_SIZE 48

struct digest {
	uint8_t octet[DIGEST_SIZE];
};

struct digest sha256(struct bytes data);

static inline struct bytes digest_bytes(const struct digest *digest)
{
	return (struct bytes){digest->octet, DIGEST_SIZE};
}

static inline bool digest_same(const struct digest *a, const struct digest *b)
{
	return memcmp(a->octet, b->octet, DIGEST_SIZE) == 0;
}

/* SHA-384 in pieces: SHA-512 with other initial words (section 5.3.4), cut to 48 octets. */
struct sha384 {
	crypto_hash_sha512_state state;
	enum sha384_way {
		SHA384_NOT_ASKED,
		SHA384_NARROW,
		SHA384_WIDE
	} way; /* for large data */
};

void sha384_init(struct sha384 *hash);
void sha384_update(struct sha384 *hash, struct bytes data);
void sha384_final(struct sha384 *hash, uint8_t out[SHA384_SIZE]);

#endif
