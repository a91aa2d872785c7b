/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_POINT_H
#define COMITY_CURVE_POINT_H

/*
 * point.h - points of edwards25519 (RFC 8032 section 5.1), variable time.
 *
 * PUBLIC DATA ONLY: NOTHING HERE EVER TAKES A SECRET. Multiples take struct
 * public_scalar; secret scalars are octets and belong to frost/secret.h, which
 * asks libsodium.
 *
 * A struct point is on the curve: point_read() is the only door in, and the
 * addition law is complete. It need not be in the subgroup of prime order;
 * whoever needs that asks for it (point_read_prime_order(), curve/subgroup.h).
 */

#include <stdbool.h>
#include <stdint.h>

#include "base/mishap.h"
#include "curve/field.h"
#include "curve/scalar.h"

#define POINT_SIZE 32 /* octets of an encoding, RFC 8032 section 5.1.2 */

/* Extended coordinates: (x/z, y/z), t = xy/z; all limbs tight (curve/field.h). */
struct point {
	struct fe x, y, z, t;
};

/*
 * A point as it is kept in large numbers: canonical x and y, and no square root
 * left to take. Never read one from outside; point_unpack() does not check.
 */
struct packed_point {
	uint8_t x[32], y[32];
};

extern const struct point POINT_IDENTITY; /* (0, 1) */
extern const struct point POINT_BASE;     /* B */

/*
 * RFC 8032 section 5.1.3, strictly: false, and `*point` undefined, when y >= p,
 * when no x fits, and when x = 0 comes with sign 1. So every point has exactly
 * one accepted encoding. Points of small and mixed order are accepted.
 */
bool point_read(struct point *point, const uint8_t octets[POINT_SIZE]) CHECKED;

/* DeserializeElement of RFC 9591 section 6.1: also false for the identity and for whatever
 * is outside the subgroup of prime order. */
bool point_read_prime_order(struct point *point, const uint8_t octets[POINT_SIZE]) CHECKED;

void point_write(uint8_t octets[POINT_SIZE], const struct point *point);

/* A point that is in affine form already, z = 1, as point_read() gives it. */
struct packed_point point_pack(const struct point *point);
struct point point_unpack(const struct packed_point *packed);
void point_packed_write(uint8_t octets[POINT_SIZE], const struct packed_point *packed);

/* Each of these may write where it reads. */
void point_add(struct point *sum, const struct point *a, const struct point *b);
void point_subtract(struct point *rest, const struct point *a, const struct point *b);
void point_double(struct point *twice, const struct point *a);
void point_negate(struct point *minus, const struct point *a);

bool point_same(const struct point *a, const struct point *b);
bool point_is_identity(const struct point *a);

#endif
