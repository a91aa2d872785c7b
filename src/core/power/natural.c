/* SPDX-License-Identifier: Apache-2.0 */
#include "power/natural.h"

#include "base/must.h"

__extension__ typedef unsigned __int128 double_limb;

struct natural natural_of(uint64_t value)
{
	return (struct natural){{value}};
}

struct natural natural_two_to(unsigned exponent)
{
	struct natural a = {{0}};

	must(exponent < 64 * NATURAL_LIMBS);
	a.limb[exponent / 64] = (uint64_t)1 << exponent % 64;
	return a;
}

bool natural_zero(const struct natural *a)
{
	for (unsigned i = 0; i < NATURAL_LIMBS; i++)
		if (a->limb[i] != 0)
			return false;
	return true;
}

int natural_compare(const struct natural *a, const struct natural *b)
{
	for (unsigned i = NATURAL_LIMBS; i-- > 0;)
		if (a->limb[i] != b->limb[i])
			return a->limb[i] < b->limb[i] ? -1 : 1;
	return 0;
}

void natural_add(struct natural *to, const struct natural *a)
{
	double_limb carry = 0;

	for (unsigned i = 0; i < NATURAL_LIMBS; i++) {
		carry += (double_limb)to->limb[i] + a->limb[i];
		to->limb[i] = (uint64_t)carry;
		carry >>= 64;
	}
	must(carry == 0);
}

void natural_subtract(struct natural *from, const struct natural *a)
{
	uint64_t borrow = 0;

	for (unsigned i = 0; i < NATURAL_LIMBS; i++) {
		double_limb d = (double_limb)from->limb[i] - a->limb[i] - borrow;

		from->limb[i] = (uint64_t)d;
		borrow = (uint64_t)(d >> 64) & 1;
	}
	must(borrow == 0);
}

static unsigned limbs_of(const struct natural *a)
{
	unsigned count = NATURAL_LIMBS;

	while (count > 0 && a->limb[count - 1] == 0)
		count--;
	return count;
}

struct natural natural_times(const struct natural *a, const struct natural *b)
{
	unsigned of_a = limbs_of(a), of_b = limbs_of(b);
	struct natural product = {{0}};

	for (unsigned i = 0; i < of_a; i++) {
		double_limb carry = 0;

		for (unsigned j = 0; j < of_b || carry != 0; j++) {
			must(i + j < NATURAL_LIMBS);
			carry += product.limb[i + j];
			if (j < of_b)
				carry += (double_limb)a->limb[i] * b->limb[j];
			product.limb[i + j] = (uint64_t)carry;
			carry >>= 64;
		}
	}
	return product;
}

void natural_scale(struct natural *a, uint64_t by)
{
	struct natural factor = natural_of(by);

	*a = natural_times(a, &factor);
}

/* Divides, and gives the remainder back. */
static uint64_t divide(struct natural *a, uint64_t by)
{
	uint64_t rest = 0;

	for (unsigned i = NATURAL_LIMBS; i-- > 0;) {
		/* By halves, so that 64-bit division is enough; `by` is below 2^32. */
		uint64_t high = rest << 32 | a->limb[i] >> 32, low;

		low = (high % by) << 32 | (a->limb[i] & 0xffffffff);
		a->limb[i] = high / by << 32 | low / by;
		rest = low % by;
	}
	return rest;
}

void natural_divide(struct natural *a, uint64_t by)
{
	must(by > 0 && by >> 32 == 0);
	divide(a, by);
}

struct natural natural_choose(unsigned n, unsigned k)
{
	struct natural a = natural_of(1);

	must(k <= n && n <= 512);
	if (k > n - k)
		k = n - k;
	for (unsigned i = 1; i <= k; i++) {
		natural_scale(&a, n - k + i);
		natural_divide(&a, i);
	}
	return a;
}

static void twice(struct natural *a)
{
	must(a->limb[NATURAL_LIMBS - 1] >> 63 == 0);
	for (unsigned i = NATURAL_LIMBS; i-- > 1;)
		a->limb[i] = a->limb[i] << 1 | a->limb[i - 1] >> 63;
	a->limb[0] <<= 1;
}

uint64_t natural_ratio(const struct natural *a, const struct natural *b)
{
	struct natural rest = *a;
	uint64_t ratio = 0;

	must(!natural_zero(b) && natural_compare(a, b) <= 0);
	if (natural_compare(a, b) == 0)
		return NATURAL_ONE;
	for (unsigned i = 0; i < 60; i++) {
		twice(&rest);
		ratio <<= 1;
		if (natural_compare(&rest, b) >= 0) {
			natural_subtract(&rest, b);
			ratio |= 1;
		}
	}
	return ratio;
}

void natural_write(struct writer *writer, const struct natural *a)
{
	struct natural rest = *a;
	uint8_t digits[NATURAL_TEXT];
	unsigned count = 0;

	do {
		digits[count++] = (uint8_t)('0' + divide(&rest, 10));
	} while (!natural_zero(&rest));
	while (count > 0)
		write_octet(writer, digits[--count]);
}
