/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/ces1.h"

#include <sodium.h>

#include "curve/multiple.h"

#define HALF_SIZE 16 /* octets of half a scalar */

bool ces1_key_read(struct ces1_key *key, const uint8_t octets[CES1_KEY_SIZE])
{
	struct point point;

	if (!point_read_prime_order(&point, octets))
		return false;
	memcpy(key->octet, octets, CES1_KEY_SIZE);
	point_negate(&point, &point);
	odd_multiples_make(key->odd, &point);
	for (unsigned i = 0; i < 8 * HALF_SIZE; i++)
		point_double(&point, &point);
	odd_multiples_make(key->high_odd, &point);
	return true;
}

/* h = SHA-512(R || A || M) modulo L */
static struct public_scalar challenge(const uint8_t signature[CES1_SIGNATURE_SIZE],
                                      const uint8_t key[CES1_KEY_SIZE], struct bytes message)
{
	crypto_hash_sha512_state hash;
	uint8_t wide[crypto_hash_sha512_BYTES];

	crypto_hash_sha512_init(&hash);
	crypto_hash_sha512_update(&hash, signature, POINT_SIZE);
	crypto_hash_sha512_update(&hash, key, CES1_KEY_SIZE);
	if (message.size != 0)
		crypto_hash_sha512_update(&hash, message.at, message.size);
	crypto_hash_sha512_final(&hash, wide);
	return scalar_reduce(wide);
}

/*
 * [S]B - [h]A is an encoding that point_write() makes, so equality with it also
 * says that R is canonical. The identity (y = 1, sign 0) has to be asked for.
 */
static bool is_commitment(const uint8_t R[POINT_SIZE], const struct point *point)
{
	uint8_t octets[POINT_SIZE];

	if (point_is_identity(point))
		return false;
	point_write(octets, point);
	return memcmp(octets, R, POINT_SIZE) == 0;
}

bool ces1_key_verify(const struct ces1_key *key, struct bytes message,
                     const uint8_t signature[CES1_SIGNATURE_SIZE])
{
	struct public_scalar S, h;
	struct base_term base[2];
	struct term term[2];
	struct point sum;

	if (!scalar_read(&S, signature + POINT_SIZE))
		return false;
	h = challenge(signature, key->octet, message);

	/* Both scalars in halves, low + 2^128 high: half the doublings. */
	base[0].odd = BASE_ODD;
	base[1].odd = BASE_HIGH_ODD;
	term[0].odd = key->odd;
	term[1].odd = key->high_odd;
	for (unsigned half = 0; half < 2; half++) {
		digits_make(&base[half].digits, S.octet + HALF_SIZE * half, HALF_SIZE,
		            BASE_WIDTH);
		digits_make(&term[half].digits, h.octet + HALF_SIZE * half, HALF_SIZE,
		            ODD_WIDTH);
	}
	terms_sum(&sum, term, 2, base, 2);
	return is_commitment(signature, &sum);
}

bool ces1_public_key_valid(const uint8_t key[CES1_KEY_SIZE])
{
	struct point point;

	return point_read_prime_order(&point, key);
}

bool ces1_verify(const uint8_t key[CES1_KEY_SIZE], struct bytes message,
                 const uint8_t signature[CES1_SIGNATURE_SIZE])
{
	struct public_scalar S, h;
	struct point point;

	if (!scalar_read(&S, signature + POINT_SIZE) || !point_read_prime_order(&point, key))
		return false;
	h = challenge(signature, key, message);
	point_negate(&point, &point);
	points_combine(&point, &S, &h, &point, 1);
	return is_commitment(signature, &point);
}
