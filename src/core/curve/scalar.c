/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/scalar.h"

#include <sodium.h>
#include <string.h>

#include "base/must.h"

static const uint8_t L[SCALAR_SIZE] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
                                       0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
                                       0,    0,    0,    0,    0,    0,    0,    0,
                                       0,    0,    0,    0,    0,    0,    0,    0x10};

bool scalar_octets_canonical(const uint8_t octets[SCALAR_SIZE])
{
	for (unsigned i = SCALAR_SIZE; i-- > 0;)
		if (octets[i] != L[i])
			return octets[i] < L[i];
	return false;
}

bool scalar_read(struct public_scalar *scalar, const uint8_t octets[SCALAR_SIZE])
{
	if (!scalar_octets_canonical(octets))
		return false;
	memcpy(scalar->octet, octets, SCALAR_SIZE);
	return true;
}

struct public_scalar scalar_of(uint32_t number)
{
	struct public_scalar scalar = {{0}};

	for (unsigned i = 0; i < 4; i++)
		scalar.octet[i] = (uint8_t)(number >> (8 * i));
	return scalar;
}

struct public_scalar scalar_reduce(const uint8_t wide[64])
{
	struct public_scalar scalar;

	crypto_core_ed25519_scalar_reduce(scalar.octet, wide);
	return scalar;
}

struct public_scalar scalar_add(const struct public_scalar *a, const struct public_scalar *b)
{
	struct public_scalar sum;

	crypto_core_ed25519_scalar_add(sum.octet, a->octet, b->octet);
	return sum;
}

struct public_scalar scalar_subtract(const struct public_scalar *a,
                                     const struct public_scalar *b)
{
	struct public_scalar rest;

	crypto_core_ed25519_scalar_sub(rest.octet, a->octet, b->octet);
	return rest;
}

struct public_scalar scalar_multiply(const struct public_scalar *a,
                                     const struct public_scalar *b)
{
	struct public_scalar product;

	crypto_core_ed25519_scalar_mul(product.octet, a->octet, b->octet);
	return product;
}

struct public_scalar scalar_negate(const struct public_scalar *a)
{
	struct public_scalar minus;

	crypto_core_ed25519_scalar_negate(minus.octet, a->octet);
	return minus;
}

bool scalar_is_zero(const struct public_scalar *a)
{
	static const uint8_t ZERO[SCALAR_SIZE];

	return memcmp(a->octet, ZERO, SCALAR_SIZE) == 0;
}

void scalars_invert(struct public_scalar *scalars, size_t count, struct public_scalar *before)
{
	struct public_scalar all = scalar_of(1), inverse;

	/* before[i] = the product of all that stand before scalars[i] */
	for (size_t i = 0; i < count; i++) {
		must(!scalar_is_zero(&scalars[i]));
		before[i] = all;
		all = scalar_multiply(&all, &scalars[i]);
	}
	if (crypto_core_ed25519_scalar_invert(inverse.octet, all.octet) != 0)
		return; /* only for zero, which it is not */
	for (size_t i = count; i-- > 0;) {
		struct public_scalar next = scalar_multiply(&inverse, &scalars[i]);

		scalars[i] = scalar_multiply(&inverse, &before[i]);
		inverse = next;
	}
}
