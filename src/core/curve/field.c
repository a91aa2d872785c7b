/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/field.h"

/* 2^((p-1)/4), a root of -1 (RFC 8032 section 5.1.3). */
static const struct fe ROOT_OF_MINUS_ONE = {
	{0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};

static uint64_t load(const uint8_t octets[8])
{
	uint64_t word = 0;

	for (unsigned i = 0; i < 8; i++)
		word |= (uint64_t)octets[i] << (8 * i);
	return word;
}

void fe_read(struct fe *a, const uint8_t octets[32])
{
	a->limb[0] = load(octets) & FE_MASK;
	a->limb[1] = load(octets + 6) >> 3 & FE_MASK;
	a->limb[2] = load(octets + 12) >> 6 & FE_MASK;
	a->limb[3] = load(octets + 19) >> 1 & FE_MASK;
	a->limb[4] = load(octets + 24) >> 12 & FE_MASK;
}

bool fe_octets_canonical(const uint8_t octets[32])
{
	if ((octets[31] & 0x7f) != 0x7f || octets[0] < 0xed)
		return true;
	for (unsigned i = 1; i < 31; i++)
		if (octets[i] != 0xff)
			return true;
	return false;
}

/* Carries until every limb has 51 bits; the value is then below 2p. */
static void settle(uint64_t limb[5])
{
	for (unsigned round = 0; round < 3; round++) {
		for (unsigned i = 0; i < 4; i++) {
			limb[i + 1] += limb[i] >> 51;
			limb[i] &= FE_MASK;
		}
		limb[0] += 19 * (limb[4] >> 51);
		limb[4] &= FE_MASK;
	}
}

void fe_write(uint8_t octets[32], const struct fe *a)
{
	uint64_t limb[5], word;

	memcpy(limb, a->limb, sizeof(limb));
	settle(limb);
	/* The value is p or more exactly when adding 19 carries out of 255 bits. */
	word = 19;
	for (unsigned i = 0; i < 5; i++)
		word = (limb[i] + word) >> 51;
	limb[0] += 19 * word;
	for (unsigned i = 0; i < 4; i++) {
		limb[i + 1] += limb[i] >> 51;
		limb[i] &= FE_MASK;
	}
	limb[4] &= FE_MASK;
	for (unsigned i = 0; i < 4; i++) {
		word = limb[i] >> (13 * i) | limb[i + 1] << (51 - 13 * i);
		for (unsigned j = 0; j < 8; j++)
			octets[8 * i + j] = (uint8_t)(word >> (8 * j));
	}
}

bool fe_is_zero(const struct fe *a)
{
	static const uint8_t ZERO[32];
	uint8_t octets[32];

	fe_write(octets, a);
	return memcmp(octets, ZERO, 32) == 0;
}

bool fe_is_odd(const struct fe *a)
{
	uint8_t octets[32];

	fe_write(octets, a);
	return octets[0] & 1;
}

bool fe_same(const struct fe *a, const struct fe *b)
{
	uint8_t x[32], y[32];

	fe_write(x, a);
	fe_write(y, b);
	return memcmp(x, y, 32) == 0;
}

void fe_negate(struct fe *minus, const struct fe *a)
{
	struct fe zero = FE_ZERO;

	fe_sub_loose(minus, &zero, a);
}

/* a^(2^times) */
static void square_times(struct fe *out, const struct fe *a, unsigned times)
{
	fe_square(out, a);
	while (--times > 0)
		fe_square(out, out);
}

/* a^(2^250 - 1), and a^11 on the way: the common trunk of both powers below. */
static void power_trunk(struct fe *trunk, struct fe *eleven, const struct fe *a)
{
	struct fe t, five, ten, twenty, fifty, hundred;

	fe_square(&t, a);            /* 2 */
	square_times(eleven, &t, 2); /* 8 */
	fe_mul(&five, eleven, a);    /* 9 */
	fe_mul(eleven, &five, &t);   /* 11 */
	fe_square(&t, eleven);       /* 22 */
	fe_mul(&five, &five, &t);    /* 31 = 2^5 - 1 */
	square_times(&t, &five, 5);
	fe_mul(&ten, &t, &five); /* 2^10 - 1 */
	square_times(&t, &ten, 10);
	fe_mul(&twenty, &t, &ten); /* 2^20 - 1 */
	square_times(&t, &twenty, 20);
	fe_mul(&t, &t, &twenty); /* 2^40 - 1 */
	square_times(&t, &t, 10);
	fe_mul(&fifty, &t, &ten); /* 2^50 - 1 */
	square_times(&t, &fifty, 50);
	fe_mul(&hundred, &t, &fifty); /* 2^100 - 1 */
	square_times(&t, &hundred, 100);
	fe_mul(&t, &t, &hundred); /* 2^200 - 1 */
	square_times(&t, &t, 50);
	fe_mul(trunk, &t, &fifty); /* 2^250 - 1 */
}

void fe_invert(struct fe *inverse, const struct fe *a)
{
	struct fe trunk, eleven;

	/* Fermat: a^(p-2), p - 2 = 2^255 - 21 = (2^250 - 1) 2^5 + 11. */
	power_trunk(&trunk, &eleven, a);
	square_times(&trunk, &trunk, 5);
	fe_mul(inverse, &trunk, &eleven);
}

/* a^((p-5)/8), (p-5)/8 = 2^252 - 3 = (2^250 - 1) 2^2 + 1. */
static void power_for_root(struct fe *power, const struct fe *a)
{
	struct fe trunk, eleven;

	power_trunk(&trunk, &eleven, a);
	square_times(&trunk, &trunk, 2);
	fe_mul(power, &trunk, a);
}

bool fe_root_of_ratio(struct fe *root, const struct fe *u, const struct fe *v)
{
	struct fe v3, t, check, minus_u;

	/* x = u v^3 (u v^7)^((p-5)/8) */
	fe_square(&v3, v);
	fe_mul(&v3, &v3, v);
	fe_square(&t, &v3);
	fe_mul(&t, &t, v);
	fe_mul(&t, &t, u);
	power_for_root(&t, &t);
	fe_mul(&t, &t, &v3);
	fe_mul(root, &t, u);

	/* v x^2 = u: x is a root. v x^2 = -u: x times a root of -1 is. Else there is none. */
	fe_square(&check, root);
	fe_mul(&check, &check, v);
	if (fe_same(&check, u))
		return true;
	fe_negate(&minus_u, u);
	if (!fe_same(&check, &minus_u))
		return false;
	fe_mul(root, root, &ROOT_OF_MINUS_ONE);
	return true;
}
