/* SPDX-License-Identifier: Apache-2.0 */
#include "base/digest.h"

#include <string.h>

struct digest sha256(struct bytes data)
{
	struct digest d;

	crypto_hash_sha256(d.octet, data.at, data.size);
	return d;
}

void sha384_init(struct sha384 *hash)
{
	/* FIPS 180-4 section 5.3.4 */
	static const uint64_t first[8] = {
		0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17, 0x152fecd8f70e5939,
		0x67332667ffc00b31, 0x8eb44a8768581511, 0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4,
	};

	crypto_hash_sha512_init(&hash->state);
	memcpy(hash->state.state, first, sizeof(first));
}

void sha384_update(struct sha384 *hash, struct bytes data)
{
	crypto_hash_sha512_update(&hash->state, data.at, data.size);
}

void sha384_final(struct sha384 *hash, uint8_t out[SHA384_SIZE])
{
	uint8_t whole[crypto_hash_sha512_BYTES];

	crypto_hash_sha512_final(&hash->state, whole);
	memcpy(out, whole, SHA384_SIZE);
}
