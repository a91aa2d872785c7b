/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_MULTIPLE_H
#define COMITY_CURVE_MULTIPLE_H

/*
 * multiple.h - multiples of points of edwards25519, and sums of them.
 *
 * PUBLIC DATA ONLY: time and memory access follow the scalars. All scalars are
 * below L, as curve/scalar.h makes them.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "curve/point.h"
#include "curve/scalar.h"

/* scalar * point */
void point_multiply(struct point *product, const struct public_scalar *scalar,
                    const struct point *point);

/* number * point, for small numbers: an identifier in a polynomial. */
void point_multiply_small(struct point *product, uint32_t number, const struct point *point);

/* L * point */
void point_multiply_order(struct point *product, const struct point *point);

/* scalar * B */
void point_multiply_base(struct point *product, const struct public_scalar *scalar);

/* b * B and the sum of `count` multiples, at most COMBINE_MAX of them; needs no scratch. */
#define COMBINE_MAX 2
void points_combine(struct point *sum, const struct public_scalar *b,
                    const struct public_scalar *scalars, const struct point *points,
                    size_t count);

/*
 * The sum of scalars[i] * points[i]. The scratch arena, MULTIPLE_SCRATCH(count)
 * octets, goes back to where it was.
 */
void points_multiply(struct point *sum, const struct public_scalar *scalars,
                     const struct point *points, size_t count, struct arena *scratch);

/* From so many points on, buckets are cheaper than tables (measured). */
#define PIPPENGER_MIN 300
#define MULTIPLE_SCRATCH(count)                                                                \
	((count) < PIPPENGER_MIN ? 1600 * (size_t)(count) : 256 * (size_t)(count) + 65536)

#endif
