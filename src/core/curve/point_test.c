/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/point.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "curve/multiple.h"
#include "curve/straus.h"
#include "curve/subgroup.h"
#include "dice.h"
#include "sodium_valid.h"
#include "tap.h"

static struct arena scratch;

static struct public_scalar scalar_random(void)
{
	uint8_t wide[64];

	dice_fill(wide, sizeof(wide));
	return scalar_reduce(wide);
}

static struct point point_random(void)
{
	struct public_scalar scalar = scalar_random();
	struct point point;

	point_multiply_base(&point, &scalar);
	return point;
}

static struct packed_point packed(const struct point *point)
{
	uint8_t octets[32];
	struct point affine;

	point_write(octets, point);
	if (!point_read(&affine, octets))
		bail_out("a point did not survive writing and reading");
	return point_pack(&affine);
}

/* The same element as libsodium's? */
static bool is(const struct point *point, const uint8_t theirs[32])
{
	uint8_t ours[32];

	point_write(ours, point);
	return memcmp(ours, theirs, 32) == 0;
}

/* A point of order 8, and its multiples: all eight points of small order. */
static struct point torsion(unsigned times)
{
	static const uint8_t ORDER_8[32] = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f,
	                                    0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
	                                    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6,
	                                    0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};
	struct point point, product;

	if (!point_read(&point, ORDER_8))
		bail_out("the point of order 8 was not read");
	point_multiply_small(&product, times, &point);
	return product;
}

static void test_field(void)
{
	struct fe a, b, c, d, e;
	uint8_t octets[32], again[32];
	bool same = true, inverted = true, distributed = true;

	for (unsigned i = 0; i < 2000; i++) {
		dice_fill(octets, 32);
		octets[31] &= 0x7f;
		if (i % 4 == 0) /* near 0 and p, where carries run */
			memset(octets + 1, i % 8 == 0 ? 0xff : 0, 30);
		if (i % 8 == 0)
			octets[31] = 0x7f;
		if (!fe_octets_canonical(octets))
			continue;
		fe_read(&a, octets);
		fe_write(again, &a);
		same &= memcmp(octets, again, 32) == 0;

		fe_invert(&b, &a);
		fe_mul(&c, &a, &b);
		fe_write(again, &c);
		inverted &= fe_is_zero(&a) ? fe_is_zero(&c)
		                           : again[0] == 1 && sodium_is_zero(again + 1, 31);

		/* a (b - a) = ab - a^2 */
		fe_sub(&c, &b, &a);
		fe_mul(&c, &c, &a);
		fe_mul(&d, &a, &b);
		fe_square(&e, &a);
		fe_sub(&d, &d, &e);
		distributed &= fe_same(&c, &d);
	}
	ok(same, "field: write(read(x)) = x");
	ok(inverted, "field: a * 1/a = 1, and 1/0 = 0");
	ok(distributed, "field: a (b - a) = ab - a^2");
}

/* The largest limbs that each function promises to take, against the same values, reduced. */
static void test_field_bounds(void)
{
	struct fe wide, loose, product, small_wide, small_loose, want, one = FE_ONE;

	for (unsigned i = 0; i < 5; i++) {
		wide.limb[i] = 0x55000000000000;  /* 2^54.4 */
		loose.limb[i] = 0x34000000000000; /* 2^53.7 */
	}
	fe_mul(&product, &wide, &loose);
	fe_mul(&small_wide, &wide, &one);
	fe_mul(&small_loose, &loose, &one);
	fe_mul(&want, &small_wide, &small_loose);
	ok(fe_same(&product, &want), "field: the worst product does not overflow");
	fe_square(&product, &loose);
	fe_square(&want, &small_loose);
	ok(fe_same(&product, &want), "field: the worst square does not overflow");
	for (unsigned i = 0; i < 5; i++)
		ok(want.limb[i] <= ((uint64_t)1 << 51) + (1 << 13), "field: a square is tight");
}

static void test_canonical(void)
{
	uint8_t octets[32];
	struct point point;
	bool refused = true;

	/* y = p + 0 .. p + 18: the non-canonical forms of 0 .. 18, with either sign */
	for (unsigned i = 0; i < 38; i++) {
		memset(octets, 0xff, 32);
		octets[0] = (uint8_t)(0xed + i / 2);
		octets[31] = i % 2 ? 0xff : 0x7f;
		refused &= !point_read(&point, octets);
	}
	ok(refused, "point: y >= p is refused, all 38 of them");
	for (unsigned i = 0; i < 2; i++) {
		memset(octets, 0, 32);
		octets[0] = 1;
		if (i == 1) {
			memset(octets, 0xff, 32);
			octets[0] = 0xec;
			octets[31] = 0x7f;
		}
		ok(point_read(&point, octets),
		   i ? "point: (0, -1) is read" : "point: (0, 1) is read");
		octets[31] |= 0x80;
		ok(!point_read(&point, octets), "point: x = 0 with sign 1 is refused");
	}
	ok(!scalar_octets_canonical((const uint8_t[32]){
		   0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
		   0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
		   0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10}),
	   "scalar: L is not canonical");
	ok(scalar_octets_canonical((const uint8_t[32]){
		   0xec, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
		   0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
		   0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10}),
	   "scalar: L - 1 is");
	memset(octets, 0xff, 32);
	ok(!scalar_octets_canonical(octets), "scalar: 2^256 - 1 is not");
}

static void test_against_sodium(void)
{
	bool reads = true, adds = true, subtracts = true, bases = true, products = true;
	unsigned points = 0;

	for (unsigned i = 0; i < 500; i++) {
		struct public_scalar s = scalar_random();
		struct point p = point_random(), q = point_random(), r;
		uint8_t pp[32], qq[32], rr[32];

		point_write(pp, &p);
		point_write(qq, &q);
		crypto_core_ed25519_add(rr, pp, qq);
		point_add(&r, &p, &q);
		adds &= is(&r, rr);
		crypto_core_ed25519_sub(rr, pp, qq);
		point_subtract(&r, &p, &q);
		subtracts &= is(&r, rr);
		bases &= crypto_scalarmult_ed25519_base_noclamp(rr, s.octet) == 0;
		point_multiply_base(&r, &s);
		bases &= is(&r, rr);
		products &= crypto_scalarmult_ed25519_noclamp(rr, s.octet, pp) == 0;
		point_multiply(&r, &s, &p);
		products &= is(&r, rr);
	}
	for (unsigned i = 0; i < 3000; i++) {
		struct point p;
		uint8_t octets[32];
		bool ours;

		dice_fill(octets, 32);
		ours = point_read(&p, octets);
		points += ours;
		reads &= !ours || is(&p, octets);
		reads &= point_read_prime_order(&p, octets) == sodium_calls_valid(octets);
	}
	ok(adds && subtracts, "point: sums and differences as libsodium's");
	ok(bases, "multiple: of B as libsodium's");
	ok(products, "multiple: of a point as libsodium's");
	ok(reads && points > 1000,
	   "point: of 3000 random octet strings, the same as libsodium read");
}

static void test_base_table(void)
{
	struct affine_addend addend;
	struct packed_point affine;
	struct point point = POINT_BASE, twice;
	bool good = true;

	for (unsigned high = 0; high < 2; high++) {
		point_double(&twice, &point);
		struct point odd = point;
		for (unsigned i = 0; i < BASE_COUNT; i++) {
			const struct affine_addend *entry =
				high ? &BASE_HIGH_ODD[i] : &BASE_ODD[i];

			affine = packed(&odd);
			affine_addend_make(&addend, &affine);
			good &= fe_same(&addend.y_plus_x, &entry->y_plus_x);
			good &= fe_same(&addend.y_minus_x, &entry->y_minus_x);
			good &= fe_same(&addend.t2d, &entry->t2d);
			point_add(&odd, &odd, &twice);
		}
		for (unsigned i = 0; i < 128; i++)
			point_double(&point, &point);
	}
	ok(good, "base: every entry of both tables is the multiple it says");
}

static void test_laws(void)
{
	struct point p = point_random(), q, r;
	struct public_scalar zero = scalar_of(0), one = scalar_of(1),
			     minus = scalar_negate(&one);
	bool small = true;

	point_negate(&q, &p);
	point_add(&r, &p, &q);
	ok(point_is_identity(&r), "point: P - P is the identity");
	point_multiply(&r, &minus, &p);
	ok(point_same(&r, &q), "multiple: (L - 1) P = -P");
	point_multiply(&r, &zero, &p);
	ok(point_is_identity(&r), "multiple: 0 P is the identity");
	point_multiply_base(&r, &one);
	ok(point_same(&r, &POINT_BASE) && !point_is_identity(&r), "multiple: 1 B = B");
	point_add(&r, &p, &p);
	point_double(&q, &p);
	ok(point_same(&r, &q), "point: P + P = 2 P");
	for (unsigned i = 0; i < 200; i++) {
		uint32_t number = i < 20 ? i : (uint32_t)dice();
		struct public_scalar scalar = scalar_of(number);

		point_multiply_small(&q, number, &p);
		point_multiply(&r, &scalar, &p);
		small &= point_same(&q, &r);
	}
	ok(small, "multiple: small numbers as scalars");
	for (unsigned i = 1; i < 8; i++) {
		q = torsion(i);
		point_multiply_order(&r, &q);
		ok(!point_in_subgroup(&q), "subgroup: a point of small order is not in it");
		point_add(&q, &q, &p);
		ok(!point_in_subgroup(&q), "subgroup: nor is one of mixed order");
	}
	ok(point_in_subgroup(&p), "subgroup: a multiple of B is in it");
	ok(point_in_subgroup(&POINT_IDENTITY), "subgroup: the identity is in it");
}

static void test_sums(void)
{
	static const size_t COUNTS[] = {0, 1, 2, 3, 9, 43, 129, 257, 299, 300, 301, 700};
	static struct public_scalar scalars[700];
	static struct point points[700];

	for (unsigned i = 0; i < 700; i++) {
		scalars[i] = scalar_random();
		points[i] = point_random();
	}
	scalars[5] = scalar_of(0);
	scalars[6] = scalar_of(1);
	scalars[7] = scalar_negate(&scalars[6]);
	points[8] = POINT_IDENTITY;
	points[9] = torsion(1);
	for (unsigned c = 0; c < sizeof(COUNTS) / sizeof(COUNTS[0]); c++) {
		struct point want = POINT_IDENTITY, got, one;

		for (size_t i = 0; i < COUNTS[c]; i++) {
			point_multiply(&one, &scalars[i], &points[i]);
			point_add(&want, &want, &one);
		}
		points_multiply(&got, scalars, points, COUNTS[c], &scratch);
		ok(point_same(&got, &want),
		   "multiple: a sum of multiples is the sum of the multiples");
	}
	struct point sum, base, own;
	points_combine(&sum, &scalars[1], &scalars[2], &points[2], 2);
	point_multiply_base(&base, &scalars[1]);
	for (unsigned i = 2; i < 4; i++) {
		point_multiply(&own, &scalars[i], &points[i]);
		point_add(&base, &base, &own);
	}
	ok(point_same(&sum, &base), "multiple: b B and two multiples");
}

static void test_inverses(void)
{
	struct public_scalar scalars[40], inverses[40], before[40], product;
	bool good = true;

	for (unsigned i = 0; i < 40; i++)
		inverses[i] = scalars[i] = scalar_random();
	scalars_invert(inverses, 40, before);
	for (unsigned i = 0; i < 40; i++) {
		product = scalar_multiply(&scalars[i], &inverses[i]);
		good &= product.octet[0] == 1 && sodium_is_zero(product.octet + 1, 31);
	}
	ok(good, "scalar: forty inverses at once");
}

/* A bad point of every order at many places of long and short lists. */
static void test_batches(void)
{
	static const size_t COUNTS[] = {1, 63, 64, 65, 300};
	static struct packed_point list[300];
	uint8_t seed[64] = {0};
	unsigned missed = 0;
	bool honest = true;

	for (unsigned i = 0; i < 300; i++) {
		struct point p = point_random();
		list[i] = packed(&p);
	}
	for (unsigned c = 0; c < sizeof(COUNTS) / sizeof(COUNTS[0]); c++)
		for (unsigned i = 0; i < 16; i++) {
			size_t place = i == 0   ? 0
			               : i == 1 ? COUNTS[c] - 1
			                        : dice_below(COUNTS[c]);
			struct packed_point kept = list[place];
			struct point bad = point_unpack(&kept), part = torsion(1 + i % 7);

			dice_fill(seed, 64);
			if (i < 4)
				honest &= points_in_subgroup(list, COUNTS[c], seed, &scratch);
			point_add(&bad, &bad, &part);
			list[place] = packed(&bad);
			missed += points_in_subgroup(list, COUNTS[c], seed, &scratch);
			list[place] = kept;
		}
	ok(honest, "subgroup: lists of good points pass");
	ok(missed == 0, "subgroup: one bad point of any order, anywhere, is found");

	/* Bad points whose bad parts cancel in the plain sum. */
	struct point p = point_unpack(&list[0]), q = point_unpack(&list[1]), part = torsion(4);
	point_add(&p, &p, &part);
	point_add(&q, &q, &part);
	list[0] = packed(&p);
	list[1] = packed(&q);
	ok(!points_in_subgroup(list, 300, seed, &scratch),
	   "subgroup: two that cancel are found");
	ok(scratch.used == 0, "subgroup: the scratch arena is back where it was");
}

int main(void)
{
	scratch.size = 4 << 20;
	scratch.at = malloc(scratch.size);
	dice_seed();
	test_field();
	test_field_bounds();
	test_canonical();
	test_base_table();
	test_against_sodium();
	test_laws();
	test_inverses();
	test_sums();
	test_batches();
	free(scratch.at);
	return done_testing();
}
