/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_SODIUM_VALID_H
#define COMITY_TEST_SODIUM_VALID_H

/* sodium_valid.h - libsodium's opinion on a point, for tests that compare ours with it. */

#include <sodium.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * Is it a point of prime order? Up to 1.0.20, libsodium asks whether L P has x = 0,
 * which the point (0, -1) of order 2 has too (CVE-2025-69277), and so calls points
 * valid that are that much off. So L P itself is asked for: libsodium refuses
 * to give out the identity, and gives out (0, -1).
 */
static inline bool sodium_calls_valid(const uint8_t octets[32])
{
	static const uint8_t L[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a,       0x63,
	                              0x12, 0x58, 0xd6, 0x9c, 0xf7,       0xa2,
	                              0xde, 0xf9, 0xde, 0x14, [31] = 0x10};
	uint8_t product[32];

	return crypto_core_ed25519_is_valid_point(octets) == 1 &&
	       crypto_scalarmult_ed25519_noclamp(product, L, octets) != 0;
}

#endif
