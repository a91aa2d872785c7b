/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_DICE_H
#define COMITY_TEST_DICE_H

/*
 * dice.h - numbers by chance that can be had again: a test prints its seed, and
 * COMITY_SEED=n in the environment repeats it. splitmix64.
 */

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static uint64_t dice_state;

static inline uint64_t dice(void)
{
	uint64_t z = (dice_state += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static inline void dice_seed(void)
{
	const char *seed = getenv("COMITY_SEED");

	dice_state = seed != NULL ? strtoull(seed, NULL, 10) : (uint64_t)time(NULL);
	printf("# COMITY_SEED=%llu\n", (unsigned long long)dice_state);
}

/* From 0 to `below` - 1. */
static inline size_t dice_below(size_t below)
{
	return (size_t)(dice() % below);
}

static inline void dice_fill(uint8_t *octets, size_t size)
{
	for (size_t i = 0; i < size; i++)
		octets[i] = (uint8_t)dice();
}

#endif
