/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/point.h"

#include <sodium.h>
#include <string.h>

#include "curve/multiple.h"
#include "fuzz.h"
#include "sodium_valid.h"

/*
 * 32 octets as a point, and 32 more as a scalar: what is read is written back
 * the same; libsodium agrees on what is a valid point, and on the multiple.
 */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t octets[64] = {0}, wide[64] = {0}, again[32], theirs[32];
	struct point point, product;

	memcpy(octets, data, size < 64 ? size : 64);
	must(point_read_prime_order(&point, octets) == sodium_calls_valid(octets));
	if (!point_read(&point, octets))
		return 0;
	point_write(again, &point);
	must(memcmp(octets, again, 32) == 0);

	memcpy(wide, octets + 32, 32);
	struct public_scalar scalar = scalar_reduce(wide);
	if (crypto_scalarmult_ed25519_noclamp(theirs, scalar.octet, octets) == 0 &&
	    point_read_prime_order(&point, octets)) {
		point_multiply(&product, &scalar, &point);
		point_write(again, &product);
		must(memcmp(again, theirs, 32) == 0);
	}
	return 0;
}
