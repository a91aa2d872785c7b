/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_ADDEND_H
#define COMITY_CURVE_ADDEND_H

/*
 * addend.h - the addition law of edwards25519, in the pieces that loops want.
 *
 * PUBLIC DATA ONLY. The formulas are those of Hisil, Wong, Carter and Dawson,
 * "Twisted Edwards Curves Revisited" (2008), for a = -1; complete, so there is
 * no case to forget. For curve/ itself; others use point.h and multiple.h.
 */

#include "curve/point.h"

/* A point prepared to be added to others: y+x, y-x, 2z, 2dt. */
struct addend {
	struct fe y_plus_x, y_minus_x, z2, t2d;
};

/* The same with z = 1. */
struct affine_addend {
	struct fe y_plus_x, y_minus_x, t2d;
};

/* A point before its last multiplications: x = e f, y = g h, z = f g, t = e h. */
struct sum {
	struct fe e, f, g, h;
};

void addend_make(struct addend *addend, const struct point *point);
void affine_addend_make(struct affine_addend *addend, const struct packed_point *point);

void sum_add(struct sum *sum, const struct point *a, const struct addend *b);
void sum_subtract(struct sum *sum, const struct point *a, const struct addend *b);
void sum_add_affine(struct sum *sum, const struct point *a, const struct affine_addend *b);
void sum_subtract_affine(struct sum *sum, const struct point *a, const struct affine_addend *b);

/* Reads x, y and z only. */
void sum_double(struct sum *sum, const struct point *a);

void sum_finish(struct point *point, const struct sum *sum);

/* Leaves t untouched: enough for sum_double() and for writing. */
void sum_finish_without_t(struct point *point, const struct sum *sum);

#endif
