/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/subgroup.h"

#include <sodium.h>

#include "curve/addend.h"
#include "curve/multiple.h"

bool point_in_subgroup(const struct point *point)
{
	struct point product;

	point_multiply_order(&product, point);
	return point_is_identity(&product);
}

static bool each_in_subgroup(const struct packed_point *points, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct point point = point_unpack(&points[i]);

		if (!point_in_subgroup(&point))
			return false;
	}
	return true;
}

/*
 * L * P depends only on the part of P that has order 1, 2, 4 or 8. In the sum of
 * a random subset, the parts of a list with one bad point or more cancel with
 * probability 1/2 at most: whatever the other choices, one of the two choices
 * for a bad point leaves something. 40 subsets, eight at a time: bit b of an
 * octet of weight says whether a point is in subset b of that round, points of
 * one weight are summed once, and the eight sums are put together from these.
 */
#define ROUNDS  5
#define SUBSETS 8
#define BUCKETS (1u << SUBSETS)

/* Below this, asking for each point is cheaper. */
#define BATCH_MIN 64

struct weights {
	uint8_t of_eight_points[64]; /* eight octets for each, ROUNDS of them used */
};

/* Weights of points 8 * index to 8 * index + 7: SHA-512(seed || index). */
static void weights_make(struct weights *weights, const uint8_t seed[64], size_t index)
{
	uint8_t input[64 + 8];

	memcpy(input, seed, 64);
	for (unsigned i = 0; i < 8; i++)
		input[64 + i] = (uint8_t)((uint64_t)index >> (8 * i));
	crypto_hash_sha512(weights->of_eight_points, input, sizeof(input));
}

static void fill_buckets(struct point bucket[ROUNDS][BUCKETS],
                         const struct packed_point *points, size_t count,
                         const uint8_t seed[64])
{
	struct weights weights;
	struct affine_addend addend;
	struct sum sum;

	for (size_t i = 0; i < count; i++) {
		if (i % 8 == 0)
			weights_make(&weights, seed, i / 8);
		affine_addend_make(&addend, &points[i]);
		for (unsigned r = 0; r < ROUNDS; r++) {
			struct point *to = &bucket[r][weights.of_eight_points[8 * (i % 8) + r]];

			sum_add_affine(&sum, to, &addend);
			sum_finish(to, &sum);
		}
	}
}

/* Sums the buckets whose weight has the highest bit, then folds them into the lower half. */
static bool subset_in_subgroup(struct point *bucket, unsigned half)
{
	struct point subset = POINT_IDENTITY;

	for (unsigned w = 0; w < half; w++) {
		point_add(&subset, &subset, &bucket[half + w]);
		point_add(&bucket[w], &bucket[w], &bucket[half + w]);
	}
	return point_in_subgroup(&subset);
}

bool points_in_subgroup(const struct packed_point *points, size_t count, const uint8_t seed[64],
                        struct arena *scratch)
{
	size_t mark = scratch->used;
	bool good = true;

	if (count < BATCH_MIN)
		return each_in_subgroup(points, count);
	struct point(*bucket)[BUCKETS] = arena_take_array(scratch, ROUNDS, sizeof(*bucket));
	for (unsigned r = 0; r < ROUNDS; r++)
		for (unsigned w = 0; w < BUCKETS; w++)
			bucket[r][w] = POINT_IDENTITY;
	fill_buckets(bucket, points, count, seed);
	for (unsigned r = 0; r < ROUNDS && good; r++)
		for (unsigned half = BUCKETS / 2; half > 0 && good; half /= 2)
			good = subset_in_subgroup(bucket[r], half);
	scratch->used = mark;
	return good;
}
