/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/addend.h"

/* 2d, d = -121665/121666 (RFC 8032 section 5.1) */
static const struct fe TWICE_D = {
	{0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};

void addend_make(struct addend *addend, const struct point *point)
{
	fe_add(&addend->y_plus_x, &point->y, &point->x);
	fe_sub(&addend->y_minus_x, &point->y, &point->x);
	fe_add(&addend->z2, &point->z, &point->z);
	fe_mul(&addend->t2d, &point->t, &TWICE_D);
}

void affine_addend_make(struct affine_addend *addend, const struct packed_point *point)
{
	struct fe x, y;

	fe_read(&x, point->x);
	fe_read(&y, point->y);
	fe_add(&addend->y_plus_x, &y, &x);
	fe_sub(&addend->y_minus_x, &y, &x);
	fe_mul(&x, &x, &y);
	fe_mul(&addend->t2d, &x, &TWICE_D);
}

/*
 * A = (y1-x1)(y2-x2), B = (y1+x1)(y2+x2), C = t1 2d t2, D = 2 z1 z2;
 * E = B-A, F = D-C, G = D+C, H = B+A. Taking -P2 for P2 exchanges y2-x2 with
 * y2+x2 and F with G.
 */
static inline void add(struct sum *sum, struct fe *f, struct fe *g, const struct point *a,
                       const struct fe *minus, const struct fe *plus, const struct fe *t2d,
                       const struct fe *d)
{
	struct fe aa, bb, cc;

	fe_sub(&aa, &a->y, &a->x);
	fe_mul(&aa, &aa, minus);
	fe_add(&bb, &a->y, &a->x);
	fe_mul(&bb, &bb, plus);
	fe_mul(&cc, &a->t, t2d);
	fe_sub(&sum->e, &bb, &aa);
	fe_add(&sum->h, &bb, &aa);
	fe_sub(f, d, &cc);
	fe_add(g, d, &cc);
}

void sum_add(struct sum *sum, const struct point *a, const struct addend *b)
{
	struct fe d;

	fe_mul(&d, &a->z, &b->z2);
	add(sum, &sum->f, &sum->g, a, &b->y_minus_x, &b->y_plus_x, &b->t2d, &d);
}

void sum_subtract(struct sum *sum, const struct point *a, const struct addend *b)
{
	struct fe d;

	fe_mul(&d, &a->z, &b->z2);
	add(sum, &sum->g, &sum->f, a, &b->y_plus_x, &b->y_minus_x, &b->t2d, &d);
}

void sum_add_affine(struct sum *sum, const struct point *a, const struct affine_addend *b)
{
	struct fe d;

	fe_add(&d, &a->z, &a->z);
	add(sum, &sum->f, &sum->g, a, &b->y_minus_x, &b->y_plus_x, &b->t2d, &d);
}

void sum_subtract_affine(struct sum *sum, const struct point *a, const struct affine_addend *b)
{
	struct fe d;

	fe_add(&d, &a->z, &a->z);
	add(sum, &sum->g, &sum->f, a, &b->y_plus_x, &b->y_minus_x, &b->t2d, &d);
}

/*
 * A = x^2, B = y^2, C = 2z^2; H = A+B, E = (x+y)^2 - H, G = B-A, F = C-G: the
 * paper's, with all four signs turned, which leaves the point the same.
 */
void sum_double(struct sum *sum, const struct point *a)
{
	struct fe xx, yy, zz2, xy;

	fe_square(&xx, &a->x);
	fe_square(&yy, &a->y);
	fe_square(&zz2, &a->z);
	fe_add(&zz2, &zz2, &zz2);
	fe_add(&xy, &a->x, &a->y);
	fe_square(&xy, &xy);
	fe_add(&sum->h, &xx, &yy);
	fe_sub(&sum->e, &xy, &sum->h);
	fe_sub(&sum->g, &yy, &xx);
	fe_sub_loose(&sum->f, &zz2, &sum->g);
}

void sum_finish(struct point *point, const struct sum *sum)
{
	sum_finish_without_t(point, sum);
	fe_mul(&point->t, &sum->e, &sum->h);
}

void sum_finish_without_t(struct point *point, const struct sum *sum)
{
	fe_mul(&point->x, &sum->f, &sum->e);
	fe_mul(&point->y, &sum->g, &sum->h);
	fe_mul(&point->z, &sum->f, &sum->g);
}
