/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/tally.h"

static uint64_t read_one(const struct tally_counts *counts, size_t i)
{
	return __atomic_load_n((const uint64_t *)(const void *)counts + i, __ATOMIC_RELAXED);
}

void tally_add(struct tally_counts *sum, const struct tally_counts *one)
{
	for (size_t i = 0; i < TALLY_COUNTS; i++)
		((uint64_t *)(void *)sum)[i] += read_one(one, i);
}

void tally_subtract(struct tally_counts *sum, const struct tally_counts *earlier)
{
	for (size_t i = 0; i < TALLY_COUNTS; i++)
		((uint64_t *)(void *)sum)[i] -= read_one(earlier, i);
}

void tally_join(struct tally_sources *all, const struct tally_sources *one)
{
	for (unsigned s = 0; s < TALLY_SENDERS; s++)
		for (size_t i = 0; i < TALLY_REGISTERS; i++) {
			uint8_t rank = __atomic_load_n(&one->seen[s][i], __ATOMIC_RELAXED);

			if (all->seen[s][i] < rank)
				all->seen[s][i] = rank;
		}
}

/* ---- how many senders ---- */

__extension__ typedef unsigned __int128 wide;

#define FRACTION 32 /* bits behind the point */

/* The binary logarithm of x, at least 1, with FRACTION bits behind the point: squaring doubles
 * it. */
static uint64_t log2_of(uint64_t x)
{
	unsigned whole = 63 - (unsigned)__builtin_clzll(x);
	uint64_t log = (uint64_t)whole << FRACTION;
	uint64_t at = x << (63 - whole); /* 1.0 to 2.0, 63 bits behind the point */

	for (unsigned bit = FRACTION; bit-- > 0;) {
		wide square = (wide)at * at;

		at = (uint64_t)(square >> 63);
		if (square >> 127 != 0) {
			at = (uint64_t)(square >> 64);
			log |= (uint64_t)1 << bit;
		}
	}
	return log;
}

#define LN2 2977044472u /* the natural logarithm of 2, FRACTION bits behind the point */

/* Linear counting, where many registers are still empty: m * ln(m / empty). */
static uint64_t count_linear(uint64_t empty)
{
	uint64_t log = log2_of(TALLY_REGISTERS) - log2_of(empty);
	wide product = (wide)log * LN2 >> FRACTION;

	return (uint64_t)((product * TALLY_REGISTERS + ((uint64_t)1 << (FRACTION - 1))) >>
	                  FRACTION);
}

/* 0.7213 / (1 + 1.079 / m) * m * m, in the paper's terms, times 2^20. */
#define SCALED_CONSTANT 203014530786924u
#define SUM_BITS        49 /* so that a sum of m times 1 still fits */

uint64_t tally_count_seen(const uint8_t seen[TALLY_REGISTERS])
{
	uint64_t sum = 0, empty = 0, raw;

	for (size_t i = 0; i < TALLY_REGISTERS; i++) {
		empty += seen[i] == 0;
		sum += seen[i] > SUM_BITS ? 0 : (uint64_t)1 << (SUM_BITS - seen[i]);
	}
	if (sum == 0)
		sum = 1;
	raw = (uint64_t)(((wide)SCALED_CONSTANT << (SUM_BITS - 20)) / sum);
	if (empty != 0 && raw <= 5 * TALLY_REGISTERS / 2)
		return count_linear(empty);
	return raw;
}

/* ---- sums ---- */

static uint64_t sum_of(const uint64_t *at, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += at[i];
	return sum;
}

uint64_t tally_requests(const struct tally_channel *channel)
{
	return sum_of(channel->request, TALLY_REQUEST_SIZES);
}

uint64_t tally_responses(const struct tally_channel *channel)
{
	return sum_of(channel->response, TALLY_RESPONSE_SIZES);
}
