/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/group.h"

#include <sodium.h>

#include "frost/secret.h"

#include "dice.h"
#include "tap.h"

#include "dealer.h"

static struct dealt dealt;
static struct frost_group group;
static struct arena arena;
static uint8_t octets[FROST_GROUP_SIZE(FROST_PARTICIPANTS_MAX) + 1];

static struct bytes written(void)
{
	struct writer writer = {.at = octets, .size = sizeof(octets)};

	frost_group_write(&writer, &dealt.group);
	return writer_bytes(&writer);
}

static void test_round_trip(void)
{
	unsigned good = 0;

	for (unsigned i = 0; i < 30; i++) {
		unsigned n = i == 0 ? FROST_PARTICIPANTS_MAX : 1 + (unsigned)dice_below(20);
		struct bytes wire;

		dealer_deal(&dealt, 1 + (unsigned)dice_below(n), n);
		wire = written();
		good += wire.size == FROST_GROUP_SIZE(n) &&
		        frost_group_read(&group, wire, &arena) == OK &&
		        group.min_participants == dealt.group.min_participants &&
		        memcmp(group.verification_share, dealt.group.verification_share,
		               n * 32) == 0 &&
		        memcmp(&group.group_public_key, &dealt.group.group_public_key,
		               sizeof(group.group_public_key)) == 0;
	}
	ok(good == 30, "read(write(group)) = group, for any t of n");
}

static void test_refused(void)
{
	struct bytes wire;
	unsigned refused = 0, shares = 0;

	dealer_deal(&dealt, 4, 7);
	wire = written();
	ok(frost_group_read(&group, bytes_first(wire, wire.size - 1), &arena) == MISHAP_SHORT &&
	           frost_group_read(&group, bytes_first(wire, 35), &arena) == MISHAP_SHORT,
	   "short");
	ok(frost_group_read(&group, (struct bytes){wire.at, wire.size + 1}, &arena) ==
	           MISHAP_TRAILING,
	   "trailing");
	for (size_t i = 0; i < wire.size; i++) {
		octets[i] ^= 1;
		refused += frost_group_read(&group, wire, &arena) != OK;
		octets[i] ^= 1;
	}
	ok(refused == wire.size, "a bit changed in any octet is refused");
	for (unsigned i = 0; i < 7; i++) { /* good points, on no common polynomial */
		uint8_t kept[32];

		memcpy(kept, dealt.group.verification_share[i], 32);
		memcpy(dealt.group.verification_share[i],
		       dealt.group.verification_share[(i + 1) % 7], 32);
		shares += !frost_group_consistent(&dealt.group, &arena);
		memcpy(dealt.group.verification_share[i], kept, 32);
	}
	ok(shares == 7, "a share that is not on the polynomial is refused");
	dealt.group.min_participants = 5;
	ok(!frost_group_consistent(&dealt.group, &arena), "t higher than the polynomial has");
	dealt.group.min_participants = 3;
	ok(!frost_group_consistent(&dealt.group, &arena), "t lower than the polynomial has");
	dealt.group.min_participants = 0;
	ok(!frost_group_consistent(&dealt.group, &arena), "t = 0");
	dealt.group.min_participants = 8;
	ok(!frost_group_consistent(&dealt.group, &arena), "t > n");
}

/* Who deals last and knows what the others dealt it can make its own share zero. The group is a
 * good one. */
static void test_share_of_zero(void)
{
	static const int64_t SHARE[] = {-1, 0, 1}; /* f(x) = x - 2 */
	struct bytes wire;

	dealer_deal(&dealt, 2, 3);
	for (unsigned i = 0; i < 3; i++) {
		uint8_t one[32] = {1}, scalar[32] = {0};

		if (SHARE[i] < 0)
			crypto_core_ed25519_scalar_negate(scalar, one);
		if (SHARE[i] > 0)
			memcpy(scalar, one, sizeof(one));
		dealt.group.identifier[i] = (uint16_t)(i + 1);
		secret_multiply_base(dealt.group.verification_share[i], scalar);
	}
	uint8_t two[32] = {2}, minus_two[32], key[32];
	crypto_core_ed25519_scalar_negate(minus_two, two);
	secret_multiply_base(key, minus_two);
	wire = written();
	memcpy(octets + 4, key, 32);
	ok(frost_group_read(&group, wire, &arena) == OK, "a group one of whose shares is zero");
}

int main(void)
{
	arena = dealer_arena();
	arena.size = FROST_GROUP_SCRATCH;
	dice_seed();
	test_round_trip();
	test_refused();
	test_share_of_zero();
	free(arena.at);
	return done_testing();
}
