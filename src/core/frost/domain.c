/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/domain.h"

#include <string.h>

#include "base/bytes.h"
#include "base/must.h"

static void hash_label(crypto_hash_sha512_state *hash, const char *label)
{
	struct bytes version = BYTES("comity-keygen/1"), text = bytes_of(label);
	uint8_t size = (uint8_t)text.size;

	must(text.size <= UINT8_MAX);
	crypto_hash_sha512_update(hash, version.at, version.size);
	crypto_hash_sha512_update(hash, &size, 1);
	crypto_hash_sha512_update(hash, text.at, text.size);
}

void domain_begin(crypto_hash_sha512_state *hash, const char *label)
{
	crypto_hash_sha512_init(hash);
	hash_label(hash, label);
}

void domain_number(crypto_hash_sha512_state *hash, uint16_t number)
{
	uint8_t octets[2] = {(uint8_t)(number >> 8), (uint8_t)number};

	crypto_hash_sha512_update(hash, octets, sizeof(octets));
}

void domain_digest_begin(crypto_hash_sha512_state *hash, const char *label)
{
	/* SHA-512/256 is SHA-512 from other initial words (FIPS 180-4 section 5.3.6.2), */
	static const uint64_t FIRST[8] = {
		0x22312194fc2bf72c, 0x9f555fa3c84c64c2, 0x2393b86b6f53b151, 0x963877195940eabd,
		0x96283ee2a88effe3, 0xbe5e1e2553863992, 0x2b0199fc2c85b8aa, 0x0eb72ddc81c52ca2,
	};

	crypto_hash_sha512_init(hash);
	memcpy(hash->state, FIRST, sizeof(FIRST));
	hash_label(hash, label);
}

void domain_digest_end(crypto_hash_sha512_state *hash, uint8_t digest[DOMAIN_DIGEST_SIZE])
{
	uint8_t whole[crypto_hash_sha512_BYTES];

	/* and cut to 256 bits. */
	crypto_hash_sha512_final(hash, whole);
	memcpy(digest, whole, DOMAIN_DIGEST_SIZE);
}
