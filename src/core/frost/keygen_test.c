/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/keygen.h"

#include "curve/multiple.h"
#include "dice.h"
#include "frost/domain.h"
#include "tap.h"

#include "ceremony.h"
#include "dealer.h"
#include "json.h"

static struct ceremony a, b;
static struct arena arena;

/* `count` members of a ceremony's group sign. */
static bool group_signs(const struct ceremony *c, size_t count)
{
	static struct signing s;
	static struct dealt dealt;
	uint16_t members[FROST_PARTICIPANTS_MAX];
	struct bytes message = BYTES("signed by a key that nobody holds");
	bool good;

	dealt.group = c->group;
	memcpy(dealt.share, c->share, sizeof(c->share));
	dice_members(members, count, &dealt.group);
	if (frost_set_make(&s.set, &dealt.group, members, count) != OK)
		return false;
	signing_commit(&s, &dealt);
	good = signing_open(&s, message, &arena) && signing_sign(&s, &dealt) &&
	       frost_aggregate(s.signature, &s.session, s.sig_share, message, &s.culprits) ==
	               OK &&
	       crypto_sign_verify_detached(s.signature, message.at, message.size,
	                                   c->group.group_public_key.octet) == 0;
	arena.used = 0;
	return good;
}

static bool same_key(const struct ceremony *x, const struct ceremony *y)
{
	return memcmp(x->group.group_public_key.octet, y->group.group_public_key.octet, 32) ==
	       0;
}

static void test_fresh(void)
{
	static const unsigned SIZES[][2] = {{1, 1}, {1, 3}, {2, 2},  {2, 3},  {3, 4},
	                                    {4, 5}, {5, 7}, {9, 13}, {15, 21}};

	for (unsigned i = 0; i < sizeof(SIZES) / sizeof(SIZES[0]); i++) {
		unsigned t = SIZES[i][0], n = SIZES[i][1];

		ok(ceremony_fresh(&a, t, n, 1 + (unsigned)dice_below(5),
		                  1 + (unsigned)dice_below(9), &arena),
		   "a key is made, and everybody confirms");
		ok(group_signs(&a, t) && group_signs(&a, n), "t of them sign, and all of them");
	}
}

/* Any t of any n hand a key on to any other t of n, a few times in a row. */
static void test_any(void)
{
	unsigned good = 0;

	for (unsigned i = 0; i < 10; i++) {
		unsigned n = 1 + (unsigned)dice_below(9), t = 1 + (unsigned)dice_below(n),
			 least, most;

		good += ceremony_fresh(&a, t, n, 1 + (unsigned)dice_below(60000), 1, &arena) &&
		        group_signs(&a, t);
		n = 1 + (unsigned)dice_below(9);
		least = a.group.min_participants, most = a.group.max_participants;
		good += ceremony_reshare(&b, &a, 1 + (unsigned)dice_below(n), n,
		                         1 + (unsigned)dice_below(100),
		                         1 + (unsigned)dice_below(1000),
		                         least + dice_below(most - least + 1u), &arena) &&
		        group_signs(&b, b.group.min_participants) && same_key(&a, &b);
	}
	ok(good == 20, "ten keys for any t of n, each handed on to any other t of n");
}

/* 5 -> 7 -> 13 -> 5 members: one key, and no share that fits another epoch. */
static void test_reshare(void)
{
	static const unsigned STEPS[][3] = {{5, 7, 1}, {9, 13, 4}, {4, 5, 100}};
	unsigned strangers = 0;

	ok(ceremony_fresh(&a, 4, 5, 1, 1, &arena), "4 of 5");
	for (unsigned i = 0; i < 3; i++) {
		unsigned t = STEPS[i][0], n = STEPS[i][1];
		size_t dealers =
			a.group.min_participants +
			dice_below(a.group.max_participants - a.group.min_participants + 1u);

		ok(ceremony_reshare(&b, &a, t, n, STEPS[i][2], 1 + i, dealers, &arena),
		   "reshared to other members");
		ok(same_key(&a, &b) && group_signs(&b, t), "the same key, and t of them sign");
		for (unsigned j = 0; j < n; j++) {
			uint8_t point[32];
			size_t index;

			if (!frost_group_find(&a.group, b.group.identifier[j], &index))
				continue;
			secret_multiply_base(point, a.share[index]);
			strangers += memcmp(point, b.group.verification_share[j], 32) == 0;
		}
		a = b;
		a.keygen.member = a.member;
	}
	ok(strangers == 0, "a share of one epoch is none in the next");

	/* Refresh and repair are the same thing again. */
	ok(ceremony_reshare(&b, &a, 4, 5, 100, 3, 4, &arena) && same_key(&a, &b) &&
	           memcmp(a.share[0], b.share[0], 32) != 0,
	   "refreshed: the same members, other shares");
}

static void test_reshare_refused(void)
{
	size_t count;

	ok(ceremony_fresh(&a, 3, 4, 1, 1, &arena), "3 of 4");
	ceremony_open(&b, 2, 3, 7, 1, &a.group);
	for (uint16_t i = 0; i < 4; i++)
		ceremony_make(&b, i, (uint16_t)(i + 1), a.share[i]);
	ok(ceremony_check(&b, 4), "four holders deal");
	ok(frost_keygen_group(&b.group, &b.keygen, b.deal, 2, &arena) == MISHAP_LIMIT,
	   "t - 1 deals make no group");
	for (count = 3; count <= 4; count++)
		ok(frost_keygen_group(&b.group, &b.keygen, b.deal, count, &arena) == OK &&
		           same_key(&a, &b),
		   "t deals, or more, make the same key");

	ceremony_make(&b, 0, 1, a.share[1]);
	ok(frost_deal_check(&b.deal[0], &b.keygen, ceremony_deal(&b, 0)) == MISHAP_MALFORMED,
	   "a holder that deals what is not its share is refused");
}

/* Every field of a session is in its sid. */
static void test_sid(void)
{
	struct frost_keygen k;
	struct frost_member kept;
	unsigned changed = 0;

	if (!ceremony_fresh(&b, 2, 3, 1, 1, &arena))
		bail_out("no group");
	ceremony_open(&a, 2, 3, 1, 1, NULL);
	k = a.keygen;
	ok(frost_keygen_open(&k) == OK && memcmp(k.sid, a.keygen.sid, 32) == 0, "the same sid");
#define DIFFERS(change)                                                                        \
	do {                                                                                   \
		k = a.keygen;                                                                  \
		kept = a.member[1];                                                            \
		change;                                                                        \
		changed += frost_keygen_open(&k) == OK &&                                      \
		           memcmp(k.sid, a.keygen.sid, FROST_SID_SIZE) != 0;                   \
		a.member[1] = kept;                                                            \
	} while (0)
	DIFFERS(k.federation = BYTES("root.comity.exampl"));
	DIFFERS(k.opening[31] ^= 1);
	DIFFERS((k.kind = FROST_KEYGEN_RESHARE, k.old = &b.group));
	DIFFERS(k.min_participants = 3);
	DIFFERS(k.member_count = 2);
	DIFFERS(a.member[1].identity_key[0] ^= 1);
	DIFFERS(memcpy(a.member[1].encryption_key, b.member[0].encryption_key, 32));
	DIFFERS((k.member_count = 2, a.member[1].identifier = 9));
	ok(changed == 8, "and another for each thing that is another");

	k = a.keygen;
	k.min_participants = 4;
	ok(frost_keygen_open(&k) == MISHAP_LIMIT, "t > n");
	k.min_participants = 0;
	ok(frost_keygen_open(&k) == MISHAP_LIMIT, "t = 0");
	k = a.keygen;
	a.member[1].identifier = 3;
	ok(frost_keygen_open(&k) == MISHAP_MALFORMED, "an identifier twice");
	a.member[1].identifier = 2;
	memset(a.member[1].encryption_key, 0, 32);
	ok(frost_keygen_open(&k) == MISHAP_MALFORMED, "an encryption key of small order");
}

/* What a crashed signer says again is the same, octet for octet. */
static void test_derived(void)
{
	uint8_t again[sizeof(a.octets[0])], key[32], secret_key[32];

	ceremony_open(&a, 3, 4, 1, 1, NULL);
	ceremony_make(&a, 1, 2, NULL);
	frost_deal_make(again, &a.keygen, 2, a.seed[1], NULL);
	ok(memcmp(again, a.octets[1], ceremony_deal_size(&a)) == 0,
	   "a deal is derived from its seed");
	frost_encryption_key_derive(secret_key, key, a.seed[1], a.keygen.opening, 2);
	ok(memcmp(key, a.member[1].encryption_key, 32) == 0, "and so is the encryption key");
	a.keygen.sid[0] ^= 1;
	frost_deal_make(again, &a.keygen, 2, a.seed[1], NULL);
	ok(memcmp(again + 36, a.octets[1] + 36, 32) != 0,
	   "in another session, another polynomial");
}

/* Fewer deals than members make no fresh key: nobody is left out of one. */
static void test_absent(void)
{
	ceremony_open(&a, 2, 4, 1, 1, NULL);
	for (uint16_t i = 0; i < 4; i++)
		ceremony_make(&a, i, (uint16_t)(i + 1), NULL);
	ok(ceremony_check(&a, 4) &&
	           frost_keygen_group(&a.group, &a.keygen, a.deal, 3, &arena) == MISHAP_LIMIT,
	   "an absent dealer ends a fresh session");
}

static void test_share(void)
{
	uint8_t share[32];

	if (!ceremony_fresh(&a, 3, 4, 1, 1, &arena))
		bail_out("no group");
	ok(frost_keygen_share(share, &a.keygen, &a.group, a.deal, 4, a.partial[0], 2) ==
	                   MISHAP_MALFORMED &&
	           sodium_is_zero(share, 32),
	   "partial shares of another member make no share");
	ok(frost_keygen_share(share, &a.keygen, &a.group, a.deal, 4, a.partial[0], 77) ==
	           MISHAP_MALFORMED,
	   "nor does a stranger have one");
}

static void test_confirm(void)
{
	uint8_t octets[FROST_CONFIRMATION_SIZE + 1], other[32];
	struct bytes wire = {octets, FROST_CONFIRMATION_SIZE};
	unsigned refused = 0;

	if (!ceremony_fresh(&a, 3, 4, 1, 1, &arena))
		bail_out("no group");
	frost_confirm_make(octets, a.transcript, &a.group, 2, a.share[1], a.seed[1]);
	ok(frost_confirm_check(wire, a.transcript, &a.group, 2) == OK, "a confirmation");
	ok(frost_confirm_check(wire, a.transcript, &a.group, 3) == MISHAP_MALFORMED,
	   "is nobody else's");
	ok(frost_confirm_check(wire, a.transcript, &a.group, 9) == MISHAP_MALFORMED,
	   "and no stranger's");
	ok(frost_confirm_check(bytes_first(wire, wire.size - 1), a.transcript, &a.group, 2) ==
	           MISHAP_SHORT,
	   "short");
	ok(frost_confirm_check((struct bytes){octets, sizeof(octets)}, a.transcript, &a.group,
	                       2) == MISHAP_TRAILING,
	   "trailing");
	memcpy(other, a.transcript, 32);
	other[0] ^= 1;
	ok(frost_confirm_check(wire, other, &a.group, 2) == MISHAP_MALFORMED,
	   "another transcript");
	memcpy(octets, other, 32);
	ok(frost_confirm_check(wire, other, &a.group, 2) == MISHAP_MALFORMED,
	   "and the proof is bound to it");
	memcpy(octets, a.transcript, 32);
	for (size_t i = 0; i < wire.size; i++) {
		octets[i] ^= 0x40;
		refused += frost_confirm_check(wire, a.transcript, &a.group, 2) != OK;
		octets[i] ^= 0x40;
	}
	ok(refused == wire.size, "any octet changed");
	frost_confirm_make(octets, a.transcript, &a.group, 2, a.share[2], a.seed[1]);
	ok(frost_confirm_check(wire, a.transcript, &a.group, 2) == MISHAP_MALFORMED,
	   "somebody else's share");
	uint8_t digest[32];
	memcpy(digest, a.transcript, 32);
	frost_transcript(a.transcript, &a.keygen, a.deal, 3, &a.group);
	ok(memcmp(digest, a.transcript, 32) != 0, "the transcript is of these deals");
}

/* The arithmetic of ZF FROST's key generation; its proofs and messages are its own. */
static void test_zf(void)
{
	struct json file = json_shared("data/vectors/frost-ed25519.json");
	struct json dkg = json_get(file, "zf_dkg"), inputs = json_get(dkg, "inputs");
	uint8_t coefficient[3][64], want[64], got[64], sum[32];
	struct point key = POINT_IDENTITY, A0, Y, A;
	bool commitments = true, values = true, shares = true, proofs = true;

	if (file.at == NULL) {
		skip("ZF's key generation");
		return;
	}
	for (unsigned i = 0; i < 3; i++) {
		char name[2] = {(char)('1' + i), 0};
		struct json p = json_get(inputs, name);

		json_octets(json_get(p, "signing_key"), coefficient[i], 32);
		json_octets(json_get(p, "coefficient"), coefficient[i] + 32, 32);
		polynomial_commit(got, coefficient[i], 2);
		for (unsigned k = 0; k < 2; k++) {
			json_octets(json_item(json_get(p, "vss_commitments"), k), want, 32);
			commitments &= memcmp(want, got + 32 * k, 32) == 0;
		}
		commitments &= point_read_prime_order(&A0, got);
		point_add(&key, &key, &A0);

		/* Theirs: z B = R + c A_0, c = H(contextString || "dkg" || id || A_0 || R) */
		crypto_hash_sha512_state hash;
		struct public_scalar z, c, id = scalar_of(i + 1);
		json_octets(json_get(p, "proof_of_knowledge"), want, 64);
		frost_hash_begin(&hash, "dkg");
		crypto_hash_sha512_update(&hash, id.octet, 32);
		crypto_hash_sha512_update(&hash, got, 32);
		crypto_hash_sha512_update(&hash, want, 32);
		c = frost_hash_scalar(&hash);
		c = scalar_negate(&c);
		proofs &= scalar_read(&z, want + 32);
		points_combine(&A, &z, &c, &A0, 1);
		point_write(got, &A);
		proofs &= memcmp(got, want, 32) == 0;
	}
	for (uint16_t j = 1; j <= 3; j++) {
		char to[2] = {(char)('0' + j), 0};

		memset(sum, 0, 32);
		Y = POINT_IDENTITY;
		for (unsigned i = 0; i < 3; i++) {
			char from[2] = {(char)('1' + i), 0};
			struct json given = json_get(json_get(inputs, to), "signing_shares");
			struct point value = POINT_IDENTITY;

			polynomial_evaluate(got, coefficient[i], 2, j);
			if (i + 1u != j) {
				json_octets(json_get(given, from), want, 32);
				values &= memcmp(want, got, 32) == 0;
			}
			secret_add(sum, sum, got);
			polynomial_commit(want, coefficient[i], 2);
			for (unsigned k = 2; k-- > 0;) {
				values &= point_read(&A, want + 32 * k);
				polynomial_commitment_step(&value, j, &A);
			}
			point_add(&Y, &Y, &value);
		}
		json_octets(json_get(json_get(inputs, to), "signing_share"), want, 32);
		shares &= memcmp(want, sum, 32) == 0;
		json_octets(json_get(json_get(inputs, to), "verifying_share"), want, 32);
		point_write(got, &Y);
		shares &= memcmp(want, got, 32) == 0;
	}
	json_octets(json_get(inputs, "verifying_key"), want, 32);
	point_write(got, &key);
	ok(commitments, "ZF's key generation: commitments");
	ok(proofs, "ZF's key generation: proofs of knowledge, by our arithmetic");
	ok(values, "ZF's key generation: values of the polynomials");
	ok(shares, "ZF's key generation: shares and verification shares");
	ok(memcmp(want, got, 32) == 0, "ZF's key generation: the key");
}

static void test_zf_samples(void)
{
	struct json file = json_shared("data/vectors/frost-ed25519.json");
	struct json samples = json_get(file, "zf_samples");
	struct public_scalar scalar;
	struct point point;
	uint8_t octets[64];

	if (file.at == NULL) {
		skip("ZF's samples");
		return;
	}
	for (unsigned i = 1; i <= 2; i++) {
		char name[16];

		snprintf(name, sizeof(name), "element%u", i);
		json_octets(json_get(samples, name), octets, 32);
		ok(point_read_prime_order(&point, octets), "ZF's samples: an element");
	}
	json_octets(json_get(samples, "scalar1"), octets, 32);
	ok(scalar_read(&scalar, octets), "ZF's samples: a scalar");
	json_octets(json_get(samples, "identifier"), octets, 32);
	scalar = scalar_of(42);
	ok(memcmp(octets, scalar.octet, 32) == 0, "ZF's samples: identifier 42");
	json_octets(json_get(json_get(json_get(file, "zf_elements"), "elements"),
	                     "invalid_element"),
	            octets, 32);
	ok(!point_read_prime_order(&point, octets), "ZF's samples: no element");
}

/* FIPS 180-4's SHA-512/256, as openssl has it for the same octets. */
static void test_digest(void)
{
	static const char WANT[] =
		"626850161588252885e98555bde7511f4c308dbd3efef9d9836857168bc02f2f";
	crypto_hash_sha512_state hash;
	uint8_t digest[32], want[32];

	domain_digest_begin(&hash, "test");
	domain_number(&hash, 258);
	domain_digest_end(&hash, digest);
	sodium_hex2bin(want, 32, WANT, 64, NULL, NULL, NULL);
	ok(memcmp(digest, want, 32) == 0, "SHA-512/256 of comity-keygen/1, 4, test, 1, 2");
}

int main(void)
{
	arena = dealer_arena();
	dice_seed();
	test_digest();
	test_fresh();
	test_any();
	test_reshare();
	test_reshare_refused();
	test_sid();
	test_derived();
	test_absent();
	test_share();
	test_confirm();
	test_zf();
	test_zf_samples();
	free(arena.at);
	return done_testing();
}
