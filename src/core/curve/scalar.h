/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_SCALAR_H
#define COMITY_CURVE_SCALAR_H

/*
 * scalar.h - PUBLIC integers modulo L, the order of the Ed25519 base point
 * (RFC 8032 section 5.1: L = 2^252 + 27742317777372353535851937790883648493).
 *
 * PUBLIC DATA ONLY: never a key, a share or a nonce. A secret is a uint8_t[32]
 * and goes through frost/secret.h; that the two have different types is what
 * keeps them apart. Little endian; everything here gives values below L, and
 * scalar_read() is the door for octets from outside.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mishap.h"

#define SCALAR_SIZE 32 /* octets */

struct public_scalar {
	uint8_t octet[SCALAR_SIZE];
};

/* Is this below L? */
bool scalar_octets_canonical(const uint8_t octets[SCALAR_SIZE]);

/* False, and `*scalar` untouched, when the octets are not canonical. */
bool scalar_read(struct public_scalar *scalar, const uint8_t octets[SCALAR_SIZE]) CHECKED;

struct public_scalar scalar_of(uint32_t number);

/* 64 little-endian octets, a hash usually, modulo L. */
struct public_scalar scalar_reduce(const uint8_t wide[64]);

struct public_scalar scalar_add(const struct public_scalar *a, const struct public_scalar *b);
struct public_scalar scalar_subtract(const struct public_scalar *a,
                                     const struct public_scalar *b);
struct public_scalar scalar_multiply(const struct public_scalar *a,
                                     const struct public_scalar *b);
struct public_scalar scalar_negate(const struct public_scalar *a);

bool scalar_is_zero(const struct public_scalar *a);

/*
 * Replaces each of `count` scalars, none of them zero, by its inverse: one
 * inversion and 3 * count multiplications. `before` is room for `count` scalars.
 */
void scalars_invert(struct public_scalar *scalars, size_t count, struct public_scalar *before);

#endif
