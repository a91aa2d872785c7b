/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/aggregate.h"

#include "curve/multiple.h"
#include "dice.h"
#include "tap.h"

#include "dealer.h"

static struct dealt dealt;
static struct signing s;
static struct arena arena;
static const struct bytes MESSAGE = {(const uint8_t *)"the root", 8};

static const uint8_t ORDER_8[32] = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f,
                                    0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
                                    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6,
                                    0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};
static const uint8_t L[32] = {0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,       0xd6,
                              0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10};

static const uint16_t FIRST[] = {1, 2, 3, 4, 5};

/* A 3-of-5 group and a session of its first `count` members, signed by all. */
static void start(size_t count)
{
	arena.used = 0;
	dealer_deal(&dealt, 3, 5);
	if (frost_set_make(&s.set, &dealt.group, FIRST, count) != OK)
		bail_out("no set");
	signing_commit(&s, &dealt);
	if (!signing_open(&s, MESSAGE, &arena) || !signing_sign(&s, &dealt))
		bail_out("no session");
}

static enum mishap aggregate(void)
{
	return frost_aggregate(s.signature, &s.session, s.sig_share, MESSAGE, &s.culprits);
}

static bool blamed(unsigned count, uint16_t first)
{
	return s.culprits.count == count && s.culprits.index[0] == first &&
	       sodium_is_zero(s.signature, 64);
}

static void test_bad_shares(void)
{
	for (uint16_t i = 0; i < 4; i++) {
		start(4);
		s.sig_share[i * 32 + dice_below(31)] ^= 4;
		ok(aggregate() == MISHAP_MALFORMED && blamed(1, i), "a changed share is found");
		start(4);
		sodium_add(s.sig_share + i * 32, L, 32);
		ok(aggregate() == MISHAP_MALFORMED && blamed(1, i),
		   "a share of z + L is refused, though it says the same");
	}
	start(4);
	sodium_add(s.sig_share, L, 32);
	memset(s.sig_share + 96, 0, 32);
	ok(aggregate() == MISHAP_MALFORMED && blamed(2, 0) && s.culprits.index[1] == 3,
	   "two culprits are both named");
	start(4);
	ok(aggregate() == OK, "without culprits there is a signature");

	/* Two that lie by the same amount, in opposite directions. */
	const uint8_t one[32] = {1};
	secret_add(s.sig_share, s.sig_share, one);
	secret_subtract(s.sig_share + 32, s.sig_share + 32, one);
	ok(aggregate() == OK, "lies that cancel give the same signature");
	ok(!frost_verify_signature_share(&s.session, 0, s.sig_share) &&
	           !frost_verify_signature_share(&s.session, 1, s.sig_share + 32),
	   "and are lies");
}

/* t - 1 members: each share is good for their set, the whole is worth nothing. */
static void test_too_few(void)
{
	struct frost_set *set = &s.set;

	dealer_deal(&dealt, 3, 5);
	ok(frost_set_make(set, &dealt.group, FIRST, 2) == MISHAP_LIMIT,
	   "t - 1 are refused as a set");
	ok(frost_set_make(set, &dealt.group, FIRST, 0) == MISHAP_LIMIT, "and nobody");

	dealt.group.min_participants = 2; /* as a liar would have it */
	ok(!frost_group_consistent(&dealt.group, &arena),
	   "a group with a lower t is inconsistent");
	ok(frost_set_make(set, &dealt.group, FIRST, 2) == OK, "if all the same they try");
	signing_commit(&s, &dealt);
	ok(signing_open(&s, MESSAGE, &arena) && signing_sign(&s, &dealt), "they sign");
	ok(aggregate() == MISHAP_MALFORMED && s.culprits.count == 0,
	   "every share verifies and there is no signature");
}

static void test_sets(void)
{
	static const uint16_t LISTS[][5] = {
		{1, 1, 2}, {2, 1, 3}, {0, 1, 2}, {1, 2, 6}, {3, 4, 65535}};
	const uint16_t six[] = {1, 2, 3, 4, 5, 6};

	dealer_deal(&dealt, 3, 5);
	for (unsigned i = 0; i < 5; i++)
		ok(frost_set_make(&s.set, &dealt.group, LISTS[i], 3) == MISHAP_MALFORMED,
		   "double, unsorted, zero or foreign identifiers are refused");
	ok(frost_set_make(&s.set, &dealt.group, six, 6) == MISHAP_LIMIT,
	   "more than n are refused");
	ok(frost_set_make(&s.set, &dealt.group, FIRST, 5) == OK, "all n are a set");
}

/* One signer adds a point of small order to D: for some validators only, the signature holds.
 */
static void test_torsion(void)
{
	struct point part, hiding;
	size_t bad;

	for (unsigned order = 1; order < 8; order++) {
		start(3);
		signing_commit(&s, &dealt);
		if (!point_read(&part, ORDER_8) || !point_read(&hiding, s.octets + 64))
			bail_out("no point");
		point_multiply_small(&part, order, &part);
		point_add(&hiding, &hiding, &part);
		point_write(s.octets + 64, &hiding);
		memcpy(s.nonces[1].commitment, s.octets + 64, 32);
		ok(frost_commitments_read(s.list, 3, (struct bytes){s.octets, 192}, &bad,
		                          &arena) == MISHAP_MALFORMED &&
		           bad == 1,
		   "D with a part of small order is refused, and whose it is");

		/* If nobody had looked: read without asking for the subgroup. */
		if (!point_read(&hiding, s.octets + 64))
			bail_out("no point");
		s.list[1].hiding = point_pack(&hiding);
		for (unsigned i = 0; i < 3; i += 2) {
			if (!point_read(&hiding, s.octets + i * 64) ||
			    !point_read(&part, s.octets + i * 64 + 32))
				bail_out("no point");
			s.list[i].hiding = point_pack(&hiding);
			s.list[i].binding = point_pack(&part);
		}
		if (!point_read(&part, s.octets + 96))
			bail_out("no point");
		s.list[1].binding = point_pack(&part);
		ok(frost_session_open(&s.session, &s.set, s.list, MESSAGE, &arena) == OK &&
		           signing_sign(&s, &dealt),
		   "had nobody looked, they would sign");
		ok(aggregate() == MISHAP_MALFORMED && blamed(1, 1),
		   "the strict check refuses it, and the right one is blamed");
	}
}

/* Another message, key, set or epoch: shares of one session are worth nothing in another. */
static void test_other_sessions(void)
{
	static struct signing other;
	static struct dealt epoch;

	start(3);
	other = s;
	other.session.set = &other.set;
	ok(frost_session_open(&other.session, &s.set, s.list, BYTES("another"), &arena) == OK,
	   "the same list, another message");
	for (size_t i = 0; i < 3; i++)
		ok(!frost_verify_signature_share(&other.session, i, s.sig_share + 32 * i),
		   "a share for one message is none for another");

	/* The same key, shared anew: what resharing does. */
	epoch = dealt;
	for (unsigned k = 1; k < 3; k++)
		dice_scalar(epoch.coefficient[k]);
	dealer_share(&epoch, 3, 5, NULL);
	ok(memcmp(epoch.group.group_public_key.octet, dealt.group.group_public_key.octet, 32) ==
	                   0 &&
	           frost_set_make(&other.set, &epoch.group, FIRST, 3) == OK &&
	           frost_session_open(&other.session, &other.set, s.list, MESSAGE, &arena) ==
	                   OK,
	   "the next epoch of the same key");
	ok(memcmp(other.session.group_commitment, s.session.group_commitment, 32) == 0,
	   "the same session in both");
	for (size_t i = 0; i < 3; i++)
		ok(!frost_verify_signature_share(&other.session, i, s.sig_share + 32 * i),
		   "a share of one epoch is none in the next");
}

/* Commitments that sum to the identity, by force: with E = 0 and D_3 = -(D_1 + D_2). */
static void test_identity(void)
{
	struct point d0, d1, d2;
	uint8_t octets[32];
	size_t mark;

	start(3);
	mark = arena.used;
	s.list[0].binding = s.list[1].binding = s.list[2].binding = point_pack(&POINT_IDENTITY);
	d0 = point_unpack(&s.list[0].hiding);
	d1 = point_unpack(&s.list[1].hiding);
	point_add(&d2, &d0, &d1);
	point_negate(&d2, &d2);
	point_write(octets, &d2);
	if (!point_read(&d2, octets))
		bail_out("no point");
	s.list[2].hiding = point_pack(&d2);
	ok(frost_session_open(&s.session, &s.set, s.list, MESSAGE, &arena) == MISHAP_MALFORMED,
	   "a group commitment that is the identity opens no session");
	ok(arena.used == mark, "and the arena is as before");
}

int main(void)
{
	arena = dealer_arena();
	dice_seed();
	test_bad_shares();
	test_too_few();
	test_sets();
	test_torsion();
	test_other_sessions();
	test_identity();
	free(arena.at);
	return done_testing();
}
