/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/multiple.h"

#include "base/must.h"
#include "curve/straus.h"

void point_multiply(struct point *product, const struct public_scalar *scalar,
                    const struct point *point)
{
	struct addend odd[ODD_COUNT];
	struct term term;

	term.odd = odd;
	odd_multiples_make(odd, point);
	digits_make(&term.digits, scalar->octet, SCALAR_SIZE, ODD_WIDTH);
	terms_sum(product, &term, 1, NULL, 0);
}

void point_multiply_small(struct point *product, uint32_t number, const struct point *point)
{
	struct point at = POINT_IDENTITY;
	struct addend addend;
	struct sum sum;

	addend_make(&addend, point);
	for (uint32_t bit = (uint32_t)1 << 31; bit != 0; bit >>= 1) {
		if (number < bit)
			continue;
		sum_double(&sum, &at);
		sum_finish(&at, &sum);
		if ((number & bit) == 0)
			continue;
		sum_add(&sum, &at, &addend);
		sum_finish(&at, &sum);
	}
	*product = at;
}

void point_multiply_order(struct point *product, const struct point *point)
{
	static const struct public_scalar ORDER = {
		{0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7,
	         0xa2, 0xde, 0xf9, 0xde, 0x14, 0,    0,    0,    0,    0,    0,
	         0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10}};

	point_multiply(product, &ORDER, point);
}

/* scalar = low + 2^128 high: half the doublings. */
void point_multiply_base(struct point *product, const struct public_scalar *scalar)
{
	struct base_term half[2];

	half[0].odd = BASE_ODD;
	half[1].odd = BASE_HIGH_ODD;
	digits_make(&half[0].digits, scalar->octet, 16, BASE_WIDTH);
	digits_make(&half[1].digits, scalar->octet + 16, 16, BASE_WIDTH);
	terms_sum(product, NULL, 0, half, 2);
}

/* Tables and digits of a sum: `odd` has ODD_COUNT entries for each point. */
static void terms_make(struct term *terms, struct addend *odd,
                       const struct public_scalar *scalars, const struct point *points,
                       size_t count)
{
	for (size_t i = 0; i < count; i++) {
		digits_make(&terms[i].digits, scalars[i].octet, SCALAR_SIZE, ODD_WIDTH);
		terms[i].odd = odd + i * ODD_COUNT;
		odd_multiples_make(odd + i * ODD_COUNT, &points[i]);
	}
}

void points_combine(struct point *sum, const struct public_scalar *b,
                    const struct public_scalar *scalars, const struct point *points,
                    size_t count)
{
	struct addend odd[COMBINE_MAX * ODD_COUNT];
	struct term terms[COMBINE_MAX];
	struct base_term base;

	must(count <= COMBINE_MAX);
	base.odd = BASE_ODD;
	digits_make(&base.digits, b->octet, SCALAR_SIZE, BASE_WIDTH);
	terms_make(terms, odd, scalars, points, count);
	terms_sum(sum, terms, count, &base, 1);
}

static void straus(struct point *sum, const struct public_scalar *scalars,
                   const struct point *points, size_t count, struct arena *scratch)
{
	struct term *terms = arena_take_array(scratch, count, sizeof(*terms));
	struct addend *odd = arena_take_array(scratch, count * ODD_COUNT, sizeof(*odd));

	terms_make(terms, odd, scalars, points, count);
	terms_sum(sum, terms, count, NULL, 0);
}

/*
 * Pippenger: scalars are cut into windows of `width` bits; in each window, points
 * of one digit are summed first. To make digits signed without carrying, every
 * scalar gets 2^(width-1) added in each window, which each digit then gives back.
 */
#define WIDTH_MIN    4
#define WIDTH_MAX    9
#define SCALAR_BITS  254
#define BIASED_WORDS 5

struct biased {
	uint64_t word[BIASED_WORDS];
};

static unsigned windows_of(unsigned width)
{
	return (SCALAR_BITS + width) / width; /* one bit more than the scalar has */
}

/* The width with the fewest additions: one a point and two a bucket, in each window. */
static unsigned width_best(size_t count)
{
	unsigned best = WIDTH_MIN;

	for (unsigned width = WIDTH_MIN + 1; width <= WIDTH_MAX; width++)
		if (windows_of(width) * (count + (1u << width)) <
		    windows_of(best) * (count + (1u << best)))
			best = width;
	return best;
}

static struct biased biased_make(const struct public_scalar *scalar, unsigned width)
{
	struct biased biased = {{0}};
	fe_column sum = 0;

	for (unsigned w = 0; w < windows_of(width); w++) {
		unsigned bit = w * width + width - 1;

		biased.word[bit / 64] |= (uint64_t)1 << (bit % 64);
	}
	for (unsigned i = 0; i < BIASED_WORDS; i++) {
		for (unsigned j = 0; i < 4 && j < 8; j++)
			sum += (fe_column)scalar->octet[8 * i + j] << (8 * j);
		sum += biased.word[i];
		biased.word[i] = (uint64_t)sum;
		sum >>= 64;
	}
	return biased;
}

static int biased_digit(const struct biased *biased, unsigned window, unsigned width)
{
	unsigned at = window * width;
	uint64_t bits = biased->word[at / 64] >> (at % 64);

	if (at % 64 + width > 64)
		bits |= biased->word[at / 64 + 1] << (64 - at % 64);
	return (int)(bits & ((1u << width) - 1)) - (1 << (width - 1));
}

/* 1 * bucket[1] + 2 * bucket[2] + .. : the sum of the running sums from the top. */
static void buckets_sum(struct point *sum, const struct point *bucket, unsigned highest)
{
	struct point running = POINT_IDENTITY;

	*sum = POINT_IDENTITY;
	for (unsigned b = highest; b > 0; b--) {
		point_add(&running, &running, &bucket[b]);
		point_add(sum, sum, &running);
	}
}

static void window_sum(struct point *out, struct point *bucket, unsigned window, unsigned width,
                       const struct biased *biased, const struct addend *addends, size_t count)
{
	struct sum sum;

	for (unsigned b = 0; b <= 1u << (width - 1); b++)
		bucket[b] = POINT_IDENTITY;
	for (size_t i = 0; i < count; i++) {
		int digit = biased_digit(&biased[i], window, width);

		if (digit > 0)
			sum_add(&sum, &bucket[digit], &addends[i]);
		else if (digit < 0)
			sum_subtract(&sum, &bucket[-digit], &addends[i]);
		if (digit != 0)
			sum_finish(&bucket[digit < 0 ? -digit : digit], &sum);
	}
	buckets_sum(out, bucket, 1u << (width - 1));
}

static void pippenger(struct point *sum, const struct public_scalar *scalars,
                      const struct point *points, size_t count, struct arena *scratch)
{
	unsigned width = width_best(count);
	struct point *bucket =
		arena_take_array(scratch, (1u << (width - 1)) + 1, sizeof(*bucket));
	struct biased *biased = arena_take_array(scratch, count, sizeof(*biased));
	struct addend *addends = arena_take_array(scratch, count, sizeof(*addends));
	struct point of_window;

	for (size_t i = 0; i < count; i++) {
		biased[i] = biased_make(&scalars[i], width);
		addend_make(&addends[i], &points[i]);
	}
	*sum = POINT_IDENTITY;
	for (unsigned window = windows_of(width); window-- > 0;) {
		for (unsigned i = 0; i < width; i++)
			point_double(sum, sum);
		window_sum(&of_window, bucket, window, width, biased, addends, count);
		point_add(sum, sum, &of_window);
	}
}

void points_multiply(struct point *sum, const struct public_scalar *scalars,
                     const struct point *points, size_t count, struct arena *scratch)
{
	size_t mark = scratch->used;

	if (count < PIPPENGER_MIN)
		straus(sum, scalars, points, count, scratch);
	else
		pippenger(sum, scalars, points, count, scratch);
	must(scratch->used - mark <= MULTIPLE_SCRATCH(count));
	scratch->used = mark;
}
