/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/deal.h"

#include "curve/multiple.h"
#include "frost/domain.h"
#include "tap.h"

#include "ceremony.h"

#define T 3
#define N 5

static struct ceremony c;
static struct arena arena;
static uint8_t octets[FROST_DEAL_SIZE(T, N) + 64];
static struct frost_deal deal;

/* Offsets in a deal, as deal.h has them. */
enum {
	SID = 0,
	DEALER = 32,
	THRESHOLD = 34,
	A = 36,
	PROOF = A + 32 * T,
	E = PROOF + 64,
	E_PROOF = E + 32,
	PADDED = E_PROOF + 64
};

static enum mishap check(size_t size)
{
	return frost_deal_check(&deal, &c.keygen, (struct bytes){octets, size});
}

static bool accepted(void)
{
	return check(FROST_DEAL_SIZE(T, N)) == OK;
}

/* Dealer 2 of a new session deals honestly. */
static void start(void)
{
	ceremony_open(&c, T, N, 1, 1, NULL);
	ceremony_make(&c, 1, 2, NULL);
	memcpy(octets, c.octets[1], FROST_DEAL_SIZE(T, N));
}

static void number_write(uint8_t *at, unsigned number)
{
	at[0] = (uint8_t)(number >> 8);
	at[1] = (uint8_t)number;
}

/* pad_j as deal.h describes it, made a second time from the description. */
static void pad(uint8_t out[32], unsigned dealer, size_t j, const uint8_t e[32])
{
	uint8_t text[1024], wide[64], K[32];
	size_t size = 0;

	memcpy(text, "comity-keygen/1\003pad", 19);
	memcpy(text + 19, c.keygen.sid, 32);
	number_write(text + 51, dealer);
	number_write(text + 53, c.member[j].identifier);
	secret_multiply_base(text + 55, e);
	secret_multiply_element(K, e, c.member[j].encryption_key);
	memcpy(text + 87, K, 32);
	size = 119;
	crypto_hash_sha512(wide, text, size);
	crypto_core_ed25519_scalar_reduce(out, wide);
}

/* A deal by dealer 2 out of any coefficients, `t` of them, with proofs where there can be. */
static void deal_from(const uint8_t *coefficients, size_t t)
{
	uint8_t e[32], share[32], p[32], seed[32];
	uint8_t *proof = octets + A + 32 * t;
	struct bytes context = {octets, 34};

	dice_scalar(e);
	dice_fill(seed, 32);
	memcpy(octets + SID, c.keygen.sid, 32);
	number_write(octets + DEALER, 2);
	number_write(octets + THRESHOLD, (unsigned)t);
	polynomial_commit(octets + A, coefficients, t);
	proof_make(proof, "deal", context, octets + A, coefficients, seed);
	secret_multiply_base(proof + 64, e);
	proof_make(proof + 96, "ephemeral", context, proof + 64, e, seed);
	for (size_t j = 0; j < N; j++) {
		polynomial_evaluate(share, coefficients, t, c.member[j].identifier);
		pad(p, 2, j, e);
		secret_add(proof + 160 + 32 * j, share, p);
	}
}

static void torsion_add(uint8_t element[32], unsigned times)
{
	static const uint8_t ORDER_8[32] = {0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f,
	                                    0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f,
	                                    0x2a, 0x20, 0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6,
	                                    0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a};
	struct point point, part;

	if (!point_read(&point, element) || !point_read(&part, ORDER_8))
		bail_out("no point");
	point_multiply_small(&part, times, &part);
	point_add(&point, &point, &part);
	point_write(element, &point);
}

static void test_honest(void)
{
	uint8_t coefficients[32 * T], share[32], want[32];
	bool opened = true;

	start();
	ok(accepted() && deal.dealer == 2, "an honest deal is accepted");
	for (unsigned k = 0; k < T; k++)
		dice_scalar(coefficients + 32 * k);
	deal_from(coefficients, T);
	ok(accepted(), "so is one put together after the description in deal.h");
	for (size_t j = 0; j < N; j++) {
		polynomial_evaluate(want, coefficients, T, c.member[j].identifier);
		opened &= frost_deal_open(share, &c.keygen, &deal, j, c.secret_key[j]) &&
		          memcmp(share, want, 32) == 0;
	}
	ok(opened, "and everybody opens the value of the polynomial");
	ok(!frost_deal_open(share, &c.keygen, &deal, 0, c.secret_key[1]) &&
	           sodium_is_zero(share, 32),
	   "somebody else's key opens nothing");
}

static void test_sizes(void)
{
	uint8_t coefficients[32 * (T + 1)];

	start();
	for (size_t size = 0; size < FROST_DEAL_SIZE(T, N); size++)
		if (check(size) != MISHAP_SHORT)
			bail_out("a short deal was not short");
	ok(check(FROST_DEAL_SIZE(T, N) + 1) == MISHAP_TRAILING, "an octet too many");
	ok(check(FROST_DEAL_SIZE(T, N) - 1) == MISHAP_SHORT, "an octet too few");

	/* A polynomial of higher degree would raise the threshold, a lower one lower it. */
	for (unsigned k = 0; k <= T; k++)
		dice_scalar(coefficients + 32 * k);
	deal_from(coefficients, T + 1);
	ok(check(FROST_DEAL_SIZE(T + 1, N)) == MISHAP_TRAILING, "a coefficient too many");
	ok(check(FROST_DEAL_SIZE(T + 1, N - 1)) == MISHAP_MALFORMED,
	   "even where a padded share is left out for it");
	number_write(octets + THRESHOLD, T);
	ok(check(FROST_DEAL_SIZE(T + 1, N - 1)) == MISHAP_MALFORMED, "and the number is a lie");
	deal_from(coefficients, T - 1);
	ok(check(FROST_DEAL_SIZE(T - 1, N)) == MISHAP_SHORT, "a coefficient too few");
	memset(coefficients + 32 * (T - 1), 0, 32);
	deal_from(coefficients, T);
	ok(check(FROST_DEAL_SIZE(T, N)) == MISHAP_MALFORMED, "a last coefficient of zero");
	memset(coefficients, 0, 32);
	dice_scalar(coefficients + 32 * (T - 1));
	deal_from(coefficients, T);
	ok(check(FROST_DEAL_SIZE(T, N)) == MISHAP_MALFORMED, "a first coefficient of zero");
	dice_scalar(coefficients);
	memset(coefficients + 32, 0, 32);
	deal_from(coefficients, T);
	ok(check(FROST_DEAL_SIZE(T, N)) == OK, "one of zero between them is fine");
}

/*
 * Every octet in front of the padded shares is checked, and these as numbers below L.
 * Only a higher coefficient may turn into another good point; then no share fits.
 */
static void test_any_octet(void)
{
	unsigned refused = 0, padded = 0;
	uint8_t share[32];

	start();
	for (size_t i = 0; i < FROST_DEAL_SIZE(T, N); i++) {
		octets[i] ^= 0x20;
		if (i >= PADDED)
			padded += accepted() == (i % 32 != (PADDED + 31) % 32);
		else if (i >= A + 32 && i < PROOF)
			refused += !accepted() || !frost_deal_open(share, &c.keygen, &deal, 0,
			                                           c.secret_key[0]);
		else
			refused += !accepted();
		octets[i] ^= 0x20;
	}
	ok(refused == PADDED, "a change of any octet of the public part is found");
	ok(padded == 32 * N, "and of a padded share when it is not below L any more");
}

/* Points outside the subgroup, everywhere; the proofs are made to hold where they can. */
static void test_torsion(void)
{
	struct bytes context = {octets, 34};

	for (unsigned times = 1; times < 8; times++) {
		for (unsigned k = 0; k < T; k++) {
			bool holds = false;

			for (unsigned trial = 0; trial < 200 && !holds; trial++) {
				start();
				torsion_add(octets + A + 32 * k, times);
				/* c T vanishes for some c: try until the proof says yes, */
				holds = proof_check(octets + PROOF, "deal", context,
				                    octets + A);
				if (k == 0 && !holds) {
					uint8_t a0[32], seed[32];

					dice_scalar(a0);
					dice_fill(seed, 32);
					secret_multiply_base(octets + A, a0);
					torsion_add(octets + A, times);
					proof_make(octets + PROOF, "deal", context, octets + A,
					           a0, seed);
					holds = proof_check(octets + PROOF, "deal", context,
					                    octets + A);
				}
			}
			ok(holds && !accepted(), "A with a part of small order is refused");
		}
		bool holds = false;
		for (unsigned trial = 0; trial < 200 && !holds; trial++) {
			uint8_t e[32], seed[32];

			start();
			dice_scalar(e);
			dice_fill(seed, 32);
			secret_multiply_base(octets + E, e);
			torsion_add(octets + E, times);
			proof_make(octets + E_PROOF, "ephemeral", context, octets + E, e, seed);
			holds = proof_check(octets + E_PROOF, "ephemeral", context, octets + E);
		}
		ok(holds && !accepted(), "E with a part of small order is refused");
	}
	start();
	memset(octets + E, 0, 32);
	octets[E] = 1;
	ok(!accepted(), "E the identity is refused");
}

static void test_copies(void)
{
	uint8_t other[FROST_DEAL_SIZE(T, N)];

	start();
	number_write(octets + DEALER, 3);
	ok(!accepted(), "a deal copied by another dealer is refused: its proof is not hers");
	number_write(octets + DEALER, 77);
	ok(!accepted(), "so is a stranger's");

	start();
	memcpy(other, octets, sizeof(other));
	start();
	memcpy(octets + A, other + A, PROOF + 64 - A);
	ok(!accepted(), "a polynomial and proof of an earlier session are refused");
	memcpy(octets, other, sizeof(other));
	ok(!accepted(), "and so is the whole deal");
	memcpy(octets, c.keygen.sid, 32);
	ok(!accepted(), "even under the new sid");

	/* The attack on honest pads: a bad deal under another dealer's E. */
	start();
	ceremony_make(&c, 2, 3, NULL);
	memcpy(octets + E, c.octets[2] + E, 96);
	ok(!accepted(), "another dealer's E, with its proof, is refused");
}

static void test_padded(void)
{
	start();
	memset(octets + PADDED + 32, 0xff, 32);
	ok(!accepted(), "a padded share over L is refused");
}

/* A dealer may hit zero, by chance or from malice; it is a share like any other. */
static void test_share_of_zero(void)
{
	uint8_t coefficients[32 * T], value[32], share[32], complaint[FROST_COMPLAINT_SIZE];
	struct frost_complaint read;

	start();
	for (unsigned k = 0; k < T; k++)
		dice_scalar(coefficients + 32 * k);
	polynomial_evaluate(value, coefficients, T, c.member[3].identifier);
	secret_subtract(coefficients, coefficients, value); /* f - f(x_4) */
	deal_from(coefficients, T);
	ok(accepted() && frost_deal_open(share, &c.keygen, &deal, 3, c.secret_key[3]) &&
	           sodium_is_zero(share, 32),
	   "a share of zero is opened");
	frost_complaint_make(complaint, &c.keygen, &deal, 3, c.secret_key[3], c.seed[3]);
	ok(frost_complaint_read(&read, &c.keygen,
	                        (struct bytes){complaint, sizeof(complaint)}) == OK &&
	           frost_complaint_judge(&read, &c.keygen, &deal) == FROST_GUILTY_COMPLAINER,
	   "and the judge sees it the same way");
}

static void test_reshare(void)
{
	static struct ceremony old;
	static const uint8_t one[32] = {1};
	uint8_t other[32];

	if (!ceremony_fresh(&old, 2, 3, 1, 1, &arena))
		bail_out("no group");
	ceremony_open(&c, T, N, 4, 1, &old.group);
	ceremony_make(&c, 0, 2, old.share[1]);
	memcpy(octets, c.octets[0], FROST_DEAL_SIZE(T, N));
	ok(accepted(), "a holder deals its share");
	secret_add(other, old.share[1], one);
	ceremony_make(&c, 0, 2, other);
	memcpy(octets, c.octets[0], FROST_DEAL_SIZE(T, N));
	ok(!accepted(), "and nothing else");
	ceremony_make(&c, 0, 2, old.share[1]);
	memcpy(octets, c.octets[0], FROST_DEAL_SIZE(T, N));
	number_write(octets + DEALER, 4);
	ok(!accepted(), "a new member does not deal");
}

int main(void)
{
	arena = dealer_arena();
	dice_seed();
	test_honest();
	test_sizes();
	test_any_octet();
	test_torsion();
	test_copies();
	test_padded();
	test_share_of_zero();
	test_reshare();
	free(arena.at);
	return done_testing();
}
