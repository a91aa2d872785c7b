/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/secret.h"

#include <string.h>
#include <ucontext.h>

#include "frost/domain.h"
#include "tap.h"

#include "ceremony.h"
#include "json.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define OWN_STACK false /* the sanitizer has stacks of its own */
#else
#define OWN_STACK true
#endif

static void test_zero(void)
{
	uint8_t element[32], zero[32] = {0}, identity[32] = {1};

	memset(element, 0xaa, 32);
	secret_multiply_base(element, zero);
	ok(memcmp(element, identity, 32) == 0, "0 B is written as the identity");
}

static void test_hash(void)
{
	crypto_hash_sha512_state hash;
	uint8_t a[32], b[32], wide[64];

	crypto_hash_sha512_init(&hash);
	crypto_hash_sha512_update(&hash, (const uint8_t *)"abc", 3);
	secret_of_hash(a, &hash);
	ok(sodium_is_zero((const uint8_t *)&hash, sizeof(hash)), "a hash of a secret is wiped");
	crypto_hash_sha512(wide, (const uint8_t *)"abc", 3);
	crypto_core_ed25519_scalar_reduce(b, wide);
	ok(memcmp(a, b, 32) == 0, "and is the digest modulo L");
}

/* The sums of ZF's repair vectors: plain arithmetic modulo L, by another implementation. */
static void test_sums(void)
{
	static const struct {
		const char *of, *name, *sum;
		unsigned count;
	} SUMS[] = {{"scalar_generation", "random_scalar_", "random_scalar_sum", 3},
	            {"sigma_generation", "sigma_", "sigma_sum", 4}};
	struct json file = json_shared("data/vectors/frost-ed25519.json");
	struct json repair = json_get(file, "zf_repair");

	for (unsigned v = 0; v < 2; v++) {
		struct json object = json_get(repair, SUMS[v].of);
		uint8_t sum[32] = {0}, term[32], want[32];

		if (file.at == NULL) {
			skip(SUMS[v].of);
			continue;
		}
		for (unsigned i = 1; i <= SUMS[v].count; i++) {
			char name[64];

			snprintf(name, sizeof(name), "%s%u", SUMS[v].name, i);
			json_octets(json_get(object, name), term, 32);
			secret_add(sum, sum, term);
		}
		json_octets(json_get(object, SUMS[v].sum), want, 32);
		ok(memcmp(sum, want, 32) == 0, SUMS[v].of);
		secret_subtract(sum, sum, want);
		ok(sodium_is_zero(sum, 32), "and back to zero");
	}
}

/* Operations on secrets, run on a stack of their own, which is searched afterwards. */
static uint8_t stack[256 << 10];
static ucontext_t back, there;
static struct ceremony c;
static struct dealt dealt;
static struct signing s;
static struct arena arena;
static uint8_t random_octets[64], share[32];

static void run_commit(void)
{
	frost_commit(&s.nonces[0], random_octets, dealt.share[0]);
}

static void run_sign(void)
{
	if (frost_sign(s.sig_share, &s.nonces[0], dealt.share[0], &s.session, 0) != OK)
		abort();
}

static void run_key(void)
{
	frost_encryption_key_derive(c.secret_key[0], c.member[0].encryption_key, c.seed[0],
	                            c.keygen.opening, c.member[0].identifier);
}

static void run_make(void)
{
	frost_deal_make(c.octets[0], &c.keygen, 1, c.seed[0], NULL);
}

static void run_open(void)
{
	if (!frost_deal_open(c.partial[0], &c.keygen, &c.deal[0], 0, c.secret_key[0]))
		abort();
}

static void run_complain(void)
{
	uint8_t octets[FROST_COMPLAINT_SIZE];

	frost_complaint_make(octets, &c.keygen, &c.deal[0], 0, c.secret_key[0], c.seed[0]);
}

static void run_share(void)
{
	if (frost_keygen_share(share, &c.keygen, &c.group, c.deal, 3, c.partial[0], 1) != OK)
		abort();
}

static void run_confirm(void)
{
	uint8_t octets[FROST_CONFIRMATION_SIZE];

	frost_confirm_make(octets, c.transcript, &c.group, 1, c.share[0], c.seed[0]);
}

/* Is any half of the secret on that stack after the operation? */
static bool forgets(void (*operation)(void), const uint8_t secret[32])
{
	uint8_t kept[32];

	memcpy(kept, secret, 32); /* the operation may wipe it */
	memset(stack, 0xa5, sizeof(stack));
	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &back;
	makecontext(&there, operation, 0);
	swapcontext(&back, &there);
	for (size_t i = 0; i + 16 <= sizeof(stack); i++)
		if (memcmp(stack + i, kept, 16) == 0 || memcmp(stack + i, kept + 16, 16) == 0)
			return false;
	return true;
}

/* Many times, for what comes after it may overwrite some. */
static void leave(void)
{
	volatile uint8_t left[4096];

	for (unsigned i = 0; i < sizeof(left); i++)
		left[i] = dealt.share[0][i % 32];
	(void)left[0];
}

static void test_forgotten(void)
{
	const uint16_t members[] = {1, 2};
	struct bytes message = BYTES("m");

	if (!OWN_STACK) {
		printf("ok %d - secrets leave nothing on the stack # SKIP under a sanitizer\n",
		       ++tap_run);
		return;
	}
	arena = dealer_arena();
	dealer_deal(&dealt, 2, 3);
	dice_fill(random_octets, 64);
	ok(!forgets(leave, dealt.share[0]), "a secret that is left on the stack is found");
	ok(forgets(run_commit, dealt.share[0]), "commit forgets the share");
	ok(forgets(run_commit, random_octets), "commit forgets the randomness");
	ok(forgets(run_commit, s.nonces[0].hiding_nonce), "commit forgets the hiding nonce");
	ok(forgets(run_commit, s.nonces[0].binding_nonce), "commit forgets the binding nonce");

	for (unsigned i = 0; i < 4; i++) {
		uint8_t product[32]; /* with it, whoever knows lambda and c has the share */

		if (frost_set_make(&s.set, &dealt.group, members, 2) != OK)
			bail_out("no set");
		signing_commit(&s, &dealt);
		if (!signing_open(&s, message, &arena))
			bail_out("no session");
		secret_multiply(product, s.set.lambda[0].octet, s.session.challenge.octet);
		secret_multiply(product, product, dealt.share[0]);
		const uint8_t *secrets[] = {dealt.share[0], s.nonces[0].hiding_nonce,
		                            s.nonces[0].binding_nonce, product};
		ok(forgets(run_sign, secrets[i]),
		   "sign forgets share, nonces and their products");
	}

	if (!ceremony_fresh(&c, 2, 3, 1, 1, &arena))
		bail_out("no group");
	ok(forgets(run_key, c.secret_key[0]) && forgets(run_key, c.seed[0]), "key forgets");
	uint8_t a[32];
	crypto_hash_sha512_state hash;
	domain_begin(&hash, "coefficient");
	crypto_hash_sha512_update(&hash, c.seed[0], 32);
	crypto_hash_sha512_update(&hash, c.keygen.sid, 32);
	domain_number(&hash, 1);
	domain_number(&hash, 1);
	secret_of_hash(a, &hash);
	ok(forgets(run_make, c.seed[0]) && forgets(run_make, a) &&
	           forgets(run_make, c.partial[0]),
	   "deal make forgets the seed, a coefficient and a share");
	ok(forgets(run_open, c.secret_key[0]) && forgets(run_open, c.partial[0]),
	   "deal open forgets the key and the share");
	ok(forgets(run_complain, c.secret_key[0]) && forgets(run_complain, c.seed[0]),
	   "complaint make forgets the key");
	ok(forgets(run_share, c.share[0]) && forgets(run_share, c.partial[0] + 32),
	   "keygen share forgets the shares");
	ok(forgets(run_confirm, c.share[0]) && forgets(run_confirm, c.seed[0]),
	   "confirm make forgets the share");
	free(arena.at);
}

int main(void)
{
	dice_seed();
	test_forgotten();
	test_zero();
	test_hash();
	test_sums();
	return done_testing();
}
