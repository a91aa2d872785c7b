/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/dnskey.h"

#include <sodium.h>

#include "base/must.h"

#define PROTOCOL 3 /* RFC 4034 section 2.1.2 */

void dnskey_write_ed25519(struct writer *writer, uint16_t flags,
                          const uint8_t key[DNSKEY_ED25519_SIZE])
{
	write_u16(writer, flags);
	write_octet(writer, PROTOCOL);
	write_octet(writer, DNSKEY_ALGORITHM_ED25519);
	write_bytes(writer, (struct bytes){key, DNSKEY_ED25519_SIZE});
}

uint16_t dnskey_key_tag(struct bytes dnskey)
{
	uint32_t sum = 0; /* at most 32,768 * 65,280: no overflow */

	for (size_t i = 0; i < dnskey.size; i++)
		sum += i % 2 == 0 ? (uint32_t)dnskey.at[i] << 8 : dnskey.at[i];
	return (uint16_t)(sum + (sum >> 16));
}

void ds_write_sha256(struct writer *writer, struct bytes owner, struct bytes dnskey)
{
	crypto_hash_sha256_state state;
	uint8_t digest[crypto_hash_sha256_BYTES];

	must(dnskey.size > 4);
	crypto_hash_sha256_init(&state);
	crypto_hash_sha256_update(&state, owner.at, owner.size);
	crypto_hash_sha256_update(&state, dnskey.at, dnskey.size);
	crypto_hash_sha256_final(&state, digest);
	write_u16(writer, dnskey_key_tag(dnskey));
	write_octet(writer, dnskey.at[3]);
	write_octet(writer, DS_DIGEST_SHA256);
	write_bytes(writer, (struct bytes){digest, sizeof(digest)});
}
