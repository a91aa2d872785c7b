/* SPDX-License-Identifier: Apache-2.0 */
#include "curve/straus.h"

#include "base/must.h"

/* `width` bits of a number from bit `at` on. */
static int bits(const uint64_t word[6], unsigned at, unsigned width)
{
	uint64_t low = word[at / 64] >> (at % 64);
	uint64_t high = at % 64 == 0 ? 0 : word[at / 64 + 1] << (64 - at % 64);

	return (int)((low | high) & ((1u << width) - 1));
}

void digits_make(struct digits *digits, const uint8_t *octets, size_t size, unsigned width)
{
	uint64_t word[6] = {0};
	int carry = 0;

	must(size <= 32 && width >= 2 && width <= 8);
	for (size_t i = 0; i < size; i++)
		word[i / 8] |= (uint64_t)octets[i] << (8 * (i % 8));
	memset(digits->at, 0, sizeof(digits->at));
	for (unsigned i = 0; i < DIGITS;) {
		int window = bits(word, i, width) + carry;

		if ((window & 1) == 0) {
			i++;
			continue;
		}
		/* An odd window from the upper half is taken as negative, and carries. */
		carry = window >= 1 << (width - 1);
		digits->at[i] = (int8_t)(window - (carry << width));
		i += width;
	}
}

void odd_multiples_make(struct addend odd[ODD_COUNT], const struct point *point)
{
	struct point twice, next;
	struct sum sum;

	sum_double(&sum, point);
	sum_finish(&twice, &sum);
	addend_make(&odd[0], point);
	for (unsigned i = 1; i < ODD_COUNT; i++) {
		sum_add(&sum, &twice, &odd[i - 1]);
		sum_finish(&next, &sum);
		addend_make(&odd[i], &next);
	}
}

static void add_term(struct sum *sum, struct point *at, int digit, const struct addend *odd)
{
	sum_finish(at, sum);
	if (digit > 0)
		sum_add(sum, at, &odd[digit / 2]);
	else
		sum_subtract(sum, at, &odd[-digit / 2]);
}

static void add_base_term(struct sum *sum, struct point *at, int digit,
                          const struct affine_addend *odd)
{
	sum_finish(at, sum);
	if (digit > 0)
		sum_add_affine(sum, at, &odd[digit / 2]);
	else
		sum_subtract_affine(sum, at, &odd[-digit / 2]);
}

static bool column_empty(unsigned i, const struct term *terms, size_t count,
                         const struct base_term *base_terms, size_t base_count)
{
	for (size_t t = 0; t < count; t++)
		if (terms[t].digits.at[i] != 0)
			return false;
	for (size_t t = 0; t < base_count; t++)
		if (base_terms[t].digits.at[i] != 0)
			return false;
	return true;
}

void terms_sum(struct point *out, const struct term *terms, size_t count,
               const struct base_term *base_terms, size_t base_count)
{
	struct point at = POINT_IDENTITY;
	struct sum sum;
	unsigned i = DIGITS;

	while (i > 0 && column_empty(i - 1, terms, count, base_terms, base_count))
		i--;
	sum_double(&sum, &at);
	while (i-- > 0) {
		sum_finish_without_t(&at, &sum);
		sum_double(&sum, &at);
		for (size_t t = 0; t < count; t++)
			if (terms[t].digits.at[i] != 0)
				add_term(&sum, &at, terms[t].digits.at[i], terms[t].odd);
		for (size_t t = 0; t < base_count; t++)
			if (base_terms[t].digits.at[i] != 0)
				add_base_term(&sum, &at, base_terms[t].digits.at[i],
				              base_terms[t].odd);
	}
	sum_finish(out, &sum);
}
