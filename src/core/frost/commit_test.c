/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/commit.h"

#include "curve/multiple.h"
#include "dice.h"
#include "tap.h"

#include "dealer.h"

#define COUNT 200

static uint8_t octets[COUNT * FROST_COMMITMENT_SIZE];
static struct frost_commitment list[COUNT];
static struct arena arena;

static enum mishap read_all(size_t count, size_t *bad)
{
	struct bytes wire = {octets, count * FROST_COMMITMENT_SIZE};

	return frost_commitments_read(list, count, wire, bad, &arena);
}

static void test_good(void)
{
	struct bytes wire = {octets, sizeof(octets)};
	uint8_t again[FROST_COMMITMENT_SIZE];
	size_t bad = 12345;
	bool same = true;

	ok(read_all(COUNT, &bad) == OK && bad == 12345, "a pool is read");
	for (size_t i = 0; i < COUNT; i++) {
		frost_commitment_write(again, &list[i]);
		same &= memcmp(again, octets + i * FROST_COMMITMENT_SIZE, sizeof(again)) == 0;
	}
	ok(same, "write(read(x)) = x");
	ok(read_all(0, &bad) == OK, "an empty pool is read");
	ok(frost_commitments_read(list, COUNT, bytes_first(wire, wire.size - 1), &bad,
	                          &arena) == MISHAP_SHORT,
	   "an octet too few is short");
	ok(frost_commitments_read(list, COUNT - 1, bytes_first(wire, wire.size - 1), &bad,
	                          &arena) == MISHAP_TRAILING,
	   "octets too many are trailing");
}

/* Every kind of bad point, as D and as E, in short lists and in long ones. */
static void test_bad(void)
{
	static const size_t COUNTS[] = {1, 5, 31, 32, 33, COUNT};
	static const char *const BAD[] = {
		"0100000000000000000000000000000000000000000000000000000000000000", /* identity
	                                                                             */
		"0000000000000000000000000000000000000000000000000000000000000000", /* order 4
	                                                                             */
		"c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", /* order 8
	                                                                             */
		"ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* order 2
	                                                                             */
		"eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f", /* y = p + 1
	                                                                             */
		"0100000000000000000000000000000000000000000000000000000000000080", /* x = 0,
	                                                                               sign */
		"0200000000000000000000000000000000000000000000000000000000000000", /* off the
	                                                                               curve */
		"cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d", /* mixed
	                                                                               order */
	};
	unsigned found = 0, wanted = 0;

	for (unsigned c = 0; c < sizeof(COUNTS) / sizeof(COUNTS[0]); c++)
		for (unsigned b = 0; b < 2 * sizeof(BAD) / sizeof(BAD[0]); b++) {
			size_t place = dice_below(COUNTS[c]), bad = COUNT;
			uint8_t *at = octets + place * FROST_COMMITMENT_SIZE + b % 2 * 32,
				kept[32];

			memcpy(kept, at, 32);
			sodium_hex2bin(at, 32, BAD[b / 2], 64, NULL, NULL, NULL);
			wanted++;
			found += read_all(COUNTS[c], &bad) == MISHAP_MALFORMED && bad == place;
			memcpy(at, kept, 32);
		}
	ok(found == wanted, "every bad point is found, and in which pair it is");
}

/* The first of several is named, whatever is bad about it. */
static void test_first(void)
{
	size_t bad = 0;

	octets[100 * FROST_COMMITMENT_SIZE] ^= 1;
	while (read_all(COUNT, &bad) == OK ||
	       bad != 100) /* until it is off the curve, or mixed */
		octets[100 * FROST_COMMITMENT_SIZE]++;
	sodium_hex2bin(octets + 50 * FROST_COMMITMENT_SIZE, 32,
	               "cdb267ce40c5cd45306fa5d2f29731459387dbf9eb933b7bd5aed9a765b88d4d", 64,
	               NULL, NULL, NULL);
	ok(read_all(COUNT, &bad) == MISHAP_MALFORMED && bad == 50,
	   "the first bad pair is named");
	ok(arena.used == 0, "the scratch arena is back where it was");
}

int main(void)
{
	uint8_t random[64], share[32];
	struct frost_nonces nonces;

	arena = dealer_arena();
	arena.size = FROST_COMMITMENTS_SCRATCH;
	dice_seed();
	dice_scalar(share);
	for (size_t i = 0; i < COUNT; i++) {
		dice_fill(random, sizeof(random));
		frost_commit(&nonces, random, share);
		memcpy(octets + i * FROST_COMMITMENT_SIZE, nonces.commitment,
		       FROST_COMMITMENT_SIZE);
	}
	test_good();
	test_bad();
	test_first();
	free(arena.at);
	return done_testing();
}
