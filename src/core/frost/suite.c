/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/suite.h"

#include "base/bytes.h"

void frost_hash_begin(crypto_hash_sha512_state *hash, const char *tag)
{
	struct bytes context = BYTES("FROST-ED25519-SHA512-v1"), t = bytes_of(tag);

	crypto_hash_sha512_init(hash);
	crypto_hash_sha512_update(hash, context.at, context.size);
	crypto_hash_sha512_update(hash, t.at, t.size);
}

struct public_scalar frost_hash_scalar(crypto_hash_sha512_state *hash)
{
	uint8_t wide[crypto_hash_sha512_BYTES];

	crypto_hash_sha512_final(hash, wide);
	return scalar_reduce(wide);
}
