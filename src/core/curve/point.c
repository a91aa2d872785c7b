/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/point.h"

#include "curve/addend.h"
#include "curve/subgroup.h"

/* d = -121665/121666 (RFC 8032 section 5.1) */
static const struct fe D = {
	{0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};

const struct point POINT_IDENTITY = {FE_ZERO, FE_ONE, FE_ONE, FE_ZERO};

/* RFC 8032 section 5.1: y = 4/5, x even. */
const struct point POINT_BASE = {
	{{0x62d608f25d51a, 0x412a4b4f6592a, 0x75b7171a4b31d, 0x1ff60527118fe, 0x216936d3cd6e5}},
	{{0x6666666666658, 0x4cccccccccccc, 0x1999999999999, 0x3333333333333, 0x6666666666666}},
	FE_ONE,
	{{0x68ab3a5b7dda3, 0x0eea2a5eadbb, 0x2af8df483c27e, 0x332b375274732, 0x67875f0fd78b7}},
};

bool point_read(struct point *point, const uint8_t octets[POINT_SIZE])
{
	bool sign = octets[31] >> 7;
	struct fe yy, u, v, one = FE_ONE;

	/* RFC 8032 section 5.1.3, step 1: y >= p, decoding fails. */
	if (!fe_octets_canonical(octets))
		return false;
	fe_read(&point->y, octets);

	/* Steps 2 and 3: x^2 = (y^2 - 1) / (d y^2 + 1). */
	fe_square(&yy, &point->y);
	fe_sub(&u, &yy, &one);
	fe_mul(&v, &yy, &D);
	fe_add(&v, &v, &one);
	if (!fe_root_of_ratio(&point->x, &u, &v))
		return false;

	/* Step 4: x = 0 and sign 1, decoding fails; else the root of that sign. */
	if (sign && fe_is_zero(&point->x))
		return false;
	if (fe_is_odd(&point->x) != sign) {
		fe_negate(&point->x, &point->x);
		fe_mul(&point->x, &point->x, &one); /* tight again */
	}
	point->z = one;
	fe_mul(&point->t, &point->x, &point->y);
	return true;
}

bool point_read_prime_order(struct point *point, const uint8_t octets[POINT_SIZE])
{
	return point_read(point, octets) && !point_is_identity(point) &&
	       point_in_subgroup(point);
}

void point_write(uint8_t octets[POINT_SIZE], const struct point *point)
{
	struct fe inverse, x, y;

	fe_invert(&inverse, &point->z);
	fe_mul(&x, &point->x, &inverse);
	fe_mul(&y, &point->y, &inverse);
	fe_write(octets, &y);
	octets[31] = (uint8_t)(octets[31] | (fe_is_odd(&x) ? 0x80 : 0));
}

struct packed_point point_pack(const struct point *point)
{
	struct packed_point packed;

	fe_write(packed.x, &point->x);
	fe_write(packed.y, &point->y);
	return packed;
}

struct point point_unpack(const struct packed_point *packed)
{
	struct point point;

	fe_read(&point.x, packed->x);
	fe_read(&point.y, packed->y);
	point.z = (struct fe)FE_ONE;
	fe_mul(&point.t, &point.x, &point.y);
	return point;
}

void point_packed_write(uint8_t octets[POINT_SIZE], const struct packed_point *packed)
{
	memcpy(octets, packed->y, POINT_SIZE);
	octets[31] = (uint8_t)(octets[31] | (packed->x[0] & 1) << 7);
}

void point_add(struct point *sum, const struct point *a, const struct point *b)
{
	struct addend addend;
	struct sum s;

	addend_make(&addend, b);
	sum_add(&s, a, &addend);
	sum_finish(sum, &s);
}

void point_subtract(struct point *rest, const struct point *a, const struct point *b)
{
	struct addend addend;
	struct sum s;

	addend_make(&addend, b);
	sum_subtract(&s, a, &addend);
	sum_finish(rest, &s);
}

void point_double(struct point *twice, const struct point *a)
{
	struct sum s;

	sum_double(&s, a);
	sum_finish(twice, &s);
}

void point_negate(struct point *minus, const struct point *a)
{
	point_subtract(minus, &POINT_IDENTITY, a);
}

/* x1/z1 = x2/z2 and y1/z1 = y2/z2, without a division. */
bool point_same(const struct point *a, const struct point *b)
{
	struct fe left, right;

	fe_mul(&left, &a->x, &b->z);
	fe_mul(&right, &b->x, &a->z);
	if (!fe_same(&left, &right))
		return false;
	fe_mul(&left, &a->y, &b->z);
	fe_mul(&right, &b->y, &a->z);
	return fe_same(&left, &right);
}

bool point_is_identity(const struct point *a)
{
	return fe_is_zero(&a->x) && fe_same(&a->y, &a->z);
}
