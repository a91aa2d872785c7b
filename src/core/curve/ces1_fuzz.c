/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/ces1.h"

#include <sodium.h>
#include <string.h>

#include "fuzz.h"
#include "sodium_valid.h"

/* CES-1 once more, from nothing but libsodium's core functions. */
static bool by_sodium(const uint8_t key[32], struct bytes message, const uint8_t signature[64])
{
	uint8_t wide[64] = {0}, s[32], h[32], sb[32], ha[32], r[32];
	crypto_hash_sha512_state hash;

	memcpy(wide, signature + 32, 32);
	crypto_core_ed25519_scalar_reduce(s, wide);
	if (memcmp(s, signature + 32, 32) != 0 || !sodium_calls_valid(key))
		return false;
	crypto_hash_sha512_init(&hash);
	crypto_hash_sha512_update(&hash, signature, 32);
	crypto_hash_sha512_update(&hash, key, 32);
	crypto_hash_sha512_update(&hash, message.at, message.size);
	crypto_hash_sha512_final(&hash, wide);
	crypto_core_ed25519_scalar_reduce(h, wide);
	/* For zero these two refuse; no hash is zero, and R = -hA is then what is asked. */
	if (crypto_scalarmult_ed25519_noclamp(ha, h, key) != 0)
		return false;
	if (crypto_scalarmult_ed25519_base_noclamp(sb, s) != 0) {
		memcpy(r, ha, 32);
		r[31] ^= 0x80;
	} else {
		crypto_core_ed25519_sub(r, sb, ha);
	}
	return memcmp(r, signature, 32) == 0 && !(r[0] == 1 && sodium_is_zero(r + 1, 31));
}

/*
 * 32 octets of seed, three of what to change, and a message: an honest signature,
 * perhaps with one octet changed. From 96 octets on, key and signature as given too.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t key[32], secret[64], signature[64];
	struct bytes message;
	bool verdict;

	if (size < 35)
		return 0;
	message = (struct bytes){data + 35, size - 35};
	crypto_sign_seed_keypair(key, secret, data);
	crypto_sign_detached(signature, NULL, message.at, message.size, secret);
	*(data[32] % 2 ? &key[data[33] % 32] : &signature[data[33] % 64]) ^= data[34];
	verdict = ces1_verify(key, message, signature);
	must(verdict == by_sodium(key, message, signature));
	must(verdict == (data[34] == 0));

	if (size >= 96) {
		message = (struct bytes){data + 96, size - 96};
		must(ces1_verify(data, message, data + 32) ==
		     by_sodium(data, message, data + 32));
	}
	return 0;
}
