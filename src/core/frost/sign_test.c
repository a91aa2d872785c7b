/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/sign.h"

#include "dice.h"
#include "tap.h"

#include "dealer.h"
#include "json.h"

/* RFC 9591 appendix E.1, FROST(Ed25519, SHA-512), here in any case; ' for ". */
/* clang-format off */
static char RFC_E1[] =
	"{'inputs':{'participant_list':[1,3],'group_secret_key':'7b1c33d3f5291d85de664833beb1"
	"ad469f7fb6025a0ec78b3a790c6e13a98304','group_public_key':'15d21ccd7ee42959562fc8aa63"
	"224c8851fb3ec85a3faf66040d380fb9738673','message':'74657374','share_polynomial_coeff"
	"icients':['178199860edd8c62f5212ee91eff1295d0d670ab4ed4506866bae57e7030b204'],'parti"
	"cipant_shares':[{'identifier':1,'participant_share':'929dcc590407aae7d388761cddb0c0d"
	"b6f5627aea8e217f4a033f2ec83d93509'},{'identifier':2,'participant_share':'a91e66e012e"
	"4364ac9aaa405fcafd370402d9859f7b6685c07eed76bf409e80d'},{'identifier':3,'participant"
	"_share':'d3cb090a075eb154e82fdb4b3cb507f110040905468bb9c46da8bdea643a9a02'}]},'round"
	"_one_outputs':{'outputs':[{'identifier':1,'hiding_nonce_randomness':'0fd2e39e111cdc2"
	"66f6c0f4d0fd45c947761f1f5d3cb583dfcb9bbaf8d4c9fec','binding_nonce_randomness':'69cd8"
	"5f631d5f7f2721ed5e40519b1366f340a87c2f6856363dbdcda348a7501','hiding_nonce':'812d610"
	"4142944d5a55924de6d49940956206909f2acaeedecda2b726e630407','binding_nonce':'b1110165"
	"fc2334149750b28dd813a39244f315cff14d4e89e6142f262ed83301','hiding_nonce_commitment':"
	"'b5aa8ab305882a6fc69cbee9327e5a45e54c08af61ae77cb8207be3d2ce13de3','binding_nonce_co"
	"mmitment':'67e98ab55aa310c3120418e5050c9cf76cf387cb20ac9e4b6fdb6f82a469f932','bindin"
	"g_factor':'f2cb9d7dd9beff688da6fcc83fa89046b3479417f47f55600b106760eb3b5603'},{'iden"
	"tifier':3,'hiding_nonce_randomness':'86d64a260059e495d0fb4fcc17ea3da7452391baa494d4b"
	"00321098ed2a0062f','binding_nonce_randomness':'13e6b25afb2eba51716a9a7d44130c0dbae00"
	"04a9ef8d7b5550c8a0e07c61775','hiding_nonce':'c256de65476204095ebdc01bd11dc10e57b36bc"
	"96284595b8215222374f99c0e','binding_nonce':'243d71944d929063bc51205714ae3c2218bd3451"
	"d0214dfb5aeec2a90c35180d','hiding_nonce_commitment':'cfbdb165bd8aad6eb79deb8d287bcc0"
	"ab6658ae57fdcc98ed12c0669e90aec91','binding_nonce_commitment':'7487bc41a6e712eea2f2a"
	"f24681b58b1cf1da278ea11fe4e8b78398965f13552','binding_factor':'b087686bf35a13f3dc78e"
	"780a34b0fe8a77fef1b9938c563f5573d71d8d7890f'}]},'round_two_outputs':{'outputs':[{'id"
	"entifier':1,'sig_share':'001719ab5a53ee1a12095cd088fd149702c0720ce5fd2f29dbecf24b728"
	"1b603'},{'identifier':3,'sig_share':'bd86125de990acc5e1f13781d8e32c03a9bbd4c53539bbc"
	"106058bfd14326007'}]},'final_output':{'sig':'36282629c383bb820a88b71cae937d41f2f2adf"
	"cc3d02e55507e2fb9e2dd3cbebd9d2b0844e49ae0f3fa935161e1419aab7b47d21a37ebeae1f17d4987b"
	"3160b'}}";
/* clang-format on */

static struct dealt dealt;
static struct signing s;
static struct arena arena;

static bool same(struct json value, const uint8_t *octets, size_t size)
{
	uint8_t want[64];

	json_octets(value, want, size);
	return memcmp(want, octets, size) == 0;
}

/* The dealer's polynomial gives the shares of all participants. */
static bool deal_vector(struct json inputs)
{
	struct json list = json_get(inputs, "participant_list");
	struct json shares = json_get(inputs, "participant_shares");
	struct json higher = json_get(inputs, "share_polynomial_coefficients");
	unsigned t = (unsigned)json_count(higher) + 1, n = (unsigned)json_count(list);
	uint16_t identifiers[FROST_PARTICIPANTS_MAX];
	bool good = true;

	json_octets(json_get(inputs, "group_secret_key"), dealt.coefficient[0], 32);
	for (unsigned k = 1; k < t; k++)
		json_octets(json_item(higher, k - 1), dealt.coefficient[k], 32);
	for (size_t i = 0; i < json_count(shares); i++) {
		struct json share = json_item(shares, i);
		uint8_t value[32];

		polynomial_evaluate(value, dealt.coefficient[0], t,
		                    (uint16_t)json_number(json_get(share, "identifier")));
		good &= same(json_get(share, "participant_share"), value, 32);
	}
	for (unsigned i = 0; i < n; i++)
		identifiers[i] = (uint16_t)json_number(json_item(list, i));
	dealer_share(&dealt, t, n, identifiers);
	return good && frost_group_consistent(&dealt.group, &arena) &&
	       frost_set_make(&s.set, &dealt.group, identifiers, n) == OK;
}

static bool commit_vector(struct json outputs)
{
	uint8_t random[64];
	bool good = true;

	for (size_t i = 0; i < s.set.count; i++) {
		struct json out = json_item(outputs, i);
		struct frost_nonces *nonces = &s.nonces[i];

		json_octets(json_get(out, "hiding_nonce_randomness"), random, 32);
		json_octets(json_get(out, "binding_nonce_randomness"), random + 32, 32);
		frost_commit(nonces, random, dealt.share[i]);
		good &= same(json_get(out, "hiding_nonce"), nonces->hiding_nonce, 32) &&
		        same(json_get(out, "binding_nonce"), nonces->binding_nonce, 32) &&
		        same(json_get(out, "hiding_nonce_commitment"), nonces->commitment,
		             32) &&
		        same(json_get(out, "binding_nonce_commitment"), nonces->commitment + 32,
		             32);
		memcpy(s.octets + i * 64, nonces->commitment, 64);
	}
	return good;
}

static void test_vector(struct json vector, const char *name)
{
	struct json inputs = json_get(vector, "inputs");
	struct json one = json_get(json_get(vector, "round_one_outputs"), "outputs");
	struct json two = json_get(json_get(vector, "round_two_outputs"), "outputs");
	uint8_t octets[64];
	struct bytes message = {octets, json_hex(json_get(inputs, "message"), octets, 64)};
	bool factors = true, shares = true;

	printf("# %s\n", name);
	ok(deal_vector(inputs), "shares as in the vector");
	ok(commit_vector(one), "nonces and commitments as in the vector");
	if (!ok(signing_open(&s, message, &arena), "a session opens"))
		return;
	for (size_t i = 0; i < s.set.count; i++)
		factors &= same(json_get(json_item(one, i), "binding_factor"),
		                s.session.binding_factor[i].octet, 32);
	ok(factors, "binding factors as in the vector");
	ok(signing_sign(&s, &dealt), "everybody signs");
	for (size_t i = 0; i < s.set.count; i++)
		shares &= same(json_get(json_item(two, i), "sig_share"), s.sig_share + i * 32,
		               32) &&
		          frost_verify_signature_share(&s.session, i, s.sig_share + i * 32);
	ok(shares, "signature shares as in the vector, and they verify");
	ok(frost_aggregate(s.signature, &s.session, s.sig_share, message, &s.culprits) == OK &&
	           same(json_get(json_get(vector, "final_output"), "sig"), s.signature, 64),
	   "signature as in the vector");
	arena.used = 0;
}

static void test_vectors(void)
{
	static const char *const NAMES[] = {"rfc9591_dealer", "zf_dealer",
	                                    "zf_dealer_big_identifier"};
	struct json vectors = json_shared("data/vectors/frost-ed25519.json");

	for (char *c = RFC_E1; *c != '\0'; c++)
		if (*c == '\'')
			*c = '"';
	test_vector((struct json){RFC_E1}, "RFC 9591 appendix E.1");
	for (unsigned i = 0; i < 3; i++)
		if (vectors.at == NULL)
			skip(NAMES[i]);
		else
			test_vector(json_get(vectors, NAMES[i]), NAMES[i]);
}

/* Any t of any n sign anything, and every verifier takes it for one signer's signature. */
static void test_any(void)
{
	unsigned good = 0, sodium = 0, rounds = 60;

	for (unsigned round = 0; round < rounds; round++) {
		unsigned n = 1 + (unsigned)dice_below(round % 10 == 0 ? 60 : 12);
		unsigned t = 1 + (unsigned)dice_below(n);
		size_t k = t + dice_below(n - t + 1);
		uint16_t members[FROST_PARTICIPANTS_MAX];
		uint8_t octets[300];
		struct bytes message = {octets, dice_below(sizeof(octets))};

		dice_fill(octets, sizeof(octets));
		dealer_deal(&dealt, t, n);
		dice_members(members, k, &dealt.group);
		if (frost_set_make(&s.set, &dealt.group, members, k) != OK)
			continue;
		signing_commit(&s, &dealt);
		good += signing_open(&s, message, &arena) && signing_sign(&s, &dealt) &&
		        frost_aggregate(s.signature, &s.session, s.sig_share, message,
		                        &s.culprits) == OK;
		sodium += crypto_sign_verify_detached(s.signature, message.at, message.size,
		                                      dealt.group.group_public_key.octet) == 0;
		arena.used = 0;
	}
	ok(good == rounds, "60 times, t by chance of n by chance sign");
	ok(sodium == rounds, "and libsodium verifies it");
}

static void test_nonces(void)
{
	static const struct frost_nonces NOTHING;
	struct frost_nonces kept;
	uint16_t members[] = {1, 2, 4};
	uint8_t share[32];

	dealer_deal(&dealt, 3, 5);
	ok(frost_set_make(&s.set, &dealt.group, members, 3) == OK, "a set");
	signing_commit(&s, &dealt);
	ok(signing_open(&s, BYTES("m"), &arena), "a session");
	kept = s.nonces[0];
	ok(frost_sign(share, &s.nonces[0], dealt.share[0], &s.session, 0) == OK, "nonces sign");
	ok(memcmp(&s.nonces[0], &NOTHING, sizeof(NOTHING)) == 0, "and are wiped");
	ok(frost_sign(share, &s.nonces[0], dealt.share[0], &s.session, 0) == MISHAP_MALFORMED,
	   "used nonces are refused");
	ok(sodium_is_zero(share, 32), "and no share comes out");

	ok(frost_sign(share, &s.nonces[1], dealt.share[0], &s.session, 0) == MISHAP_MALFORMED,
	   "nonces that are not those in the list are refused");
	ok(memcmp(&s.nonces[1], &NOTHING, sizeof(NOTHING)) == 0, "and wiped all the same");

	/* Half of the pair replaced by somebody else's. */
	s.list[0].binding = s.list[1].binding;
	ok(frost_sign(share, &kept, dealt.share[0], &s.session, 0) == MISHAP_MALFORMED,
	   "one altered commitment of ours in the list is refused");
	ok(memcmp(&kept, &NOTHING, sizeof(NOTHING)) == 0, "and the nonces are gone");
	arena.used = 0;
}

/* frost_commit() of the same randomness and share is the same; of another share, another. */
static void test_hedged(void)
{
	uint8_t random[64] = {7}, one[32] = {1}, two[32] = {2};
	struct frost_nonces a, b, c;

	frost_commit(&a, random, one);
	frost_commit(&b, random, one);
	frost_commit(&c, random, two);
	ok(memcmp(&a, &b, sizeof(a)) == 0, "commit is a function of its arguments");
	ok(memcmp(a.hiding_nonce, c.hiding_nonce, 32) != 0, "the share hedges the randomness");
	ok(memcmp(a.hiding_nonce, a.binding_nonce, 32) != 0, "two nonces are two");
}

int main(void)
{
	arena = dealer_arena();
	dice_seed();
	test_vectors();
	test_any();
	test_nonces();
	test_hedged();
	free(arena.at);
	return done_testing();
}
