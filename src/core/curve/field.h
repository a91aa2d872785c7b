/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CURVE_FIELD_H
#define COMITY_CURVE_FIELD_H

/*
 * field.h - integers modulo p = 2^255 - 19 (RFC 8032 section 5.1, RFC 7748).
 *
 * PUBLIC DATA ONLY: nothing in curve/ ever takes a secret. Its time depends on
 * its input, and nothing is wiped. Secrets go through libsodium (frost/secret.h).
 *
 * A field element is five limbs of 51 bits, limb[i] counting 2^(51 i). Limbs may
 * run over, and three words say by how much:
 *
 *   tight     each limb <= 2^51 + 2^13   what fe_mul() and fe_square() give
 *   loose     each limb <  2^53.7        what fe_add() and fe_sub() of tight ones give
 *   wide      each limb <  2^54.4        what fe_sub_loose() gives
 *
 * fe_mul() takes a wide one times a loose one, or better: the worst column is
 * 77 * 2^108.1, whose carry still fits 64 bits. Everything else states what it
 * takes. Nothing here checks; point.c is the only file that has to think of it.
 */

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

__extension__ typedef unsigned __int128 fe_column;

struct fe {
	uint64_t limb[5];
};

#define FE_MASK 0x7ffffffffffffu /* 51 bits */

/* Initializers. */
#define FE_ZERO                                                                                \
	{                                                                                      \
		{                                                                              \
			0, 0, 0, 0, 0                                                          \
		}                                                                              \
	}
#define FE_ONE                                                                                 \
	{                                                                                      \
		{                                                                              \
			1, 0, 0, 0, 0                                                          \
		}                                                                              \
	}

/* Each of these may write where it reads. */

/* tight + tight = loose, below 2^52.1. Written out, because gcc -O2 would keep the loop. */
static inline void fe_add(struct fe *sum, const struct fe *a, const struct fe *b)
{
	sum->limb[0] = a->limb[0] + b->limb[0];
	sum->limb[1] = a->limb[1] + b->limb[1];
	sum->limb[2] = a->limb[2] + b->limb[2];
	sum->limb[3] = a->limb[3] + b->limb[3];
	sum->limb[4] = a->limb[4] + b->limb[4];
}

/* a - b + 4p: both tight, or sums of two tight ones. */
static inline void fe_sub(struct fe *rest, const struct fe *a, const struct fe *b)
{
	rest->limb[0] = a->limb[0] + 0x1fffffffffffb4 - b->limb[0];
	rest->limb[1] = a->limb[1] + 0x1ffffffffffffc - b->limb[1];
	rest->limb[2] = a->limb[2] + 0x1ffffffffffffc - b->limb[2];
	rest->limb[3] = a->limb[3] + 0x1ffffffffffffc - b->limb[3];
	rest->limb[4] = a->limb[4] + 0x1ffffffffffffc - b->limb[4];
}

/* a - b + 8p: `a` a sum of two tight ones, `b` loose. Wide. */
static inline void fe_sub_loose(struct fe *rest, const struct fe *a, const struct fe *b)
{
	rest->limb[0] = a->limb[0] + 0x3fffffffffff68 - b->limb[0];
	rest->limb[1] = a->limb[1] + 0x3ffffffffffff8 - b->limb[1];
	rest->limb[2] = a->limb[2] + 0x3ffffffffffff8 - b->limb[2];
	rest->limb[3] = a->limb[3] + 0x3ffffffffffff8 - b->limb[3];
	rest->limb[4] = a->limb[4] + 0x3ffffffffffff8 - b->limb[4];
}

/* Five columns to a tight element: carry once around, 2^255 = 19. */
static inline void fe_carry(struct fe *out, fe_column c0, fe_column c1, fe_column c2,
                            fe_column c3, fe_column c4)
{
	uint64_t over;

	c1 += (uint64_t)(c0 >> 51);
	c2 += (uint64_t)(c1 >> 51);
	c3 += (uint64_t)(c2 >> 51);
	c4 += (uint64_t)(c3 >> 51);
	over = ((uint64_t)c0 & FE_MASK) + 19 * (uint64_t)(c4 >> 51);
	out->limb[0] = over & FE_MASK;
	out->limb[1] = ((uint64_t)c1 & FE_MASK) + (over >> 51);
	out->limb[2] = (uint64_t)c2 & FE_MASK;
	out->limb[3] = (uint64_t)c3 & FE_MASK;
	out->limb[4] = (uint64_t)c4 & FE_MASK;
}

static inline void fe_mul(struct fe *product, const struct fe *a, const struct fe *b)
{
	uint64_t a0 = a->limb[0], a1 = a->limb[1], a2 = a->limb[2], a3 = a->limb[3],
		 a4 = a->limb[4];
	uint64_t b0 = b->limb[0], b1 = b->limb[1], b2 = b->limb[2], b3 = b->limb[3],
		 b4 = b->limb[4];
	uint64_t r1 = 19 * b1, r2 = 19 * b2, r3 = 19 * b3, r4 = 19 * b4; /* 2^255 = 19 */

#define X(x, y) ((fe_column)(x) * (y))
	fe_carry(product, X(a0, b0) + X(a1, r4) + X(a2, r3) + X(a3, r2) + X(a4, r1),
	         X(a0, b1) + X(a1, b0) + X(a2, r4) + X(a3, r3) + X(a4, r2),
	         X(a0, b2) + X(a1, b1) + X(a2, b0) + X(a3, r4) + X(a4, r3),
	         X(a0, b3) + X(a1, b2) + X(a2, b1) + X(a3, b0) + X(a4, r4),
	         X(a0, b4) + X(a1, b3) + X(a2, b2) + X(a3, b1) + X(a4, b0));
}

/* Of a loose one. */
static inline void fe_square(struct fe *square, const struct fe *a)
{
	uint64_t a0 = a->limb[0], a1 = a->limb[1], a2 = a->limb[2], a3 = a->limb[3],
		 a4 = a->limb[4];
	uint64_t d0 = 2 * a0, d1 = 2 * a1, d2 = 2 * a2, r3 = 19 * a3, r4 = 19 * a4;

	fe_carry(square, X(a0, a0) + X(d1, r4) + X(d2, r3), X(d0, a1) + X(d2, r4) + X(a3, r3),
	         X(d0, a2) + X(a1, a1) + X(2 * a3, r4), X(d0, a3) + X(d1, a2) + X(a4, r4),
	         X(d0, a4) + X(d1, a3) + X(a2, a2));
#undef X
}

/* The 32 little-endian octets of RFC 8032 section 5.1.2. fe_read() ignores the highest
 * bit and takes any y below 2^255; fe_octets_canonical() says whether y < p. */
void fe_read(struct fe *a, const uint8_t octets[32]);
void fe_write(uint8_t octets[32], const struct fe *a);
bool fe_octets_canonical(const uint8_t octets[32]);

/* Of any limbs below 2^63. */
bool fe_is_zero(const struct fe *a);
bool fe_is_odd(const struct fe *a); /* the "sign" of RFC 8032 section 5.1.2 */
bool fe_same(const struct fe *a, const struct fe *b);

/* -a of a loose one; wide. */
void fe_negate(struct fe *minus, const struct fe *a);

/* 1/a of a loose one; 0 for 0. */
void fe_invert(struct fe *inverse, const struct fe *a);

/*
 * RFC 8032 section 5.1.3, steps 2 and 3: a root of u/v, both loose. False, and `*root`
 * undefined, when there is none. Which of the two roots is not specified.
 */
bool fe_root_of_ratio(struct fe *root, const struct fe *u, const struct fe *v);

#endif
