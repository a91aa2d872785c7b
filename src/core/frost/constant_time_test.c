/* SPDX-License-Identifier: Apache-2.0 */
/*
 * constant_time_test.c - no branch and no index depends on a secret: the program
 * runs itself again under valgrind, with secrets marked undefined, which valgrind
 * then follows through every instruction, libsodium's too.
 */
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#include "ceremony.h"

#ifndef __has_feature
#define __has_feature(x) 0
#endif
#ifndef __has_include
#define __has_include(x) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define WHY "under a sanitizer"
#elif defined(__clang__)
#define WHY "valgrind 3.19 does not read what clang 14 writes for debuggers"
#elif __has_include(<valgrind/memcheck.h>)
#include <valgrind/memcheck.h>
#else
#define WHY "valgrind's headers are not here"
#endif

#ifdef WHY
int main(void)
{
	printf("1..0 # SKIP %s\n", WHY);
	return 0;
}
#else

static struct ceremony c;
static struct dealt dealt;
static struct signing s;
static struct arena arena;

static void hide(void *secret, size_t size)
{
	VALGRIND_MAKE_MEM_UNDEFINED(secret, size);
}

static void show(void *octets, size_t size)
{
	VALGRIND_MAKE_MEM_DEFINED(octets, size);
}

/* Did `operation` leave valgrind without complaints? */
static bool silent(void (*operation)(void))
{
	unsigned before = VALGRIND_COUNT_ERRORS;

	operation();
	return VALGRIND_COUNT_ERRORS == before;
}

/* So that silence means something. */
static void leak(void)
{
	static volatile int seen;

	hide(dealt.share[0], 32);
	if (dealt.share[0][7] & 1)
		seen++;
	show(dealt.share[0], 32);
}

/* No multiple of a point in here, and no complaint of any kind. */
static void run_sign(void)
{
	hide(&s.nonces[0], 2 * FROST_SCALAR_SIZE);
	hide(dealt.share[0], 32);
	enum mishap mishap =
		frost_sign(s.sig_share, &s.nonces[0], dealt.share[0], &s.session, 0);
	show(dealt.share[0], 32);
	show(s.sig_share, 32);
	if (mishap != OK)
		bail_out("nobody signed");
}

/* From here on libsodium's look at zero is expected (test/secrets.supp). */
static void multiplies_in_commit(void)
{
	uint8_t random[64];

	dice_fill(random, 64);
	hide(random, 64);
	hide(dealt.share[0], 32);
	frost_commit(&s.nonces[1], random, dealt.share[0]);
	show(dealt.share[0], 32);
}

static void multiplies_in_make(void)
{
	hide(c.seed[0], 32);
	frost_deal_make(c.octets[0], &c.keygen, 1, c.seed[0], NULL);
	show(c.seed[0], 32);
	show(c.octets[0], sizeof(c.octets[0]));
}

static void multiplies_in_open(void)
{
	hide(c.secret_key[0], 32);
	bool good = frost_deal_open(c.partial[0], &c.keygen, &c.deal[0], 0, c.secret_key[0]);
	show(&good, sizeof(good));
	show(c.secret_key[0], 32);
	show(c.partial[0], 32);
	if (!good)
		bail_out("a share was not opened");
}

static void multiplies_in_share(void)
{
	uint8_t share[32];

	hide(c.partial[0], sizeof(c.partial[0]));
	enum mishap mishap =
		frost_keygen_share(share, &c.keygen, &c.group, c.deal, 3, c.partial[0], 1);
	show(&mishap, sizeof(mishap));
	show(c.partial[0], sizeof(c.partial[0]));
	if (mishap != OK)
		bail_out("no share");
}

static void multiplies_in_prove(void)
{
	uint8_t complaint[FROST_COMPLAINT_SIZE], confirmation[FROST_CONFIRMATION_SIZE];

	hide(c.secret_key[0], 32);
	hide(c.seed[0], 32);
	hide(c.share[0], 32);
	frost_complaint_make(complaint, &c.keygen, &c.deal[0], 0, c.secret_key[0], c.seed[0]);
	frost_confirm_make(confirmation, c.transcript, &c.group, 1, c.share[0], c.seed[0]);
	show(c.secret_key[0], 32);
	show(c.seed[0], 32);
	show(c.share[0], 32);
}

static void prepare(void)
{
	const uint16_t members[] = {1, 2};

	arena = dealer_arena();
	dealer_deal(&dealt, 2, 3);
	if (frost_set_make(&s.set, &dealt.group, members, 2) != OK)
		bail_out("no set");
	signing_commit(&s, &dealt);
	if (!signing_open(&s, BYTES("m"), &arena) || !ceremony_fresh(&c, 2, 3, 1, 1, &arena))
		bail_out("no session");
}

int main(int argc, char *argv[])
{
	const char *source = getenv("COMITY_SOURCE");
	char suppressions[4096];

	(void)argc;
	if (!RUNNING_ON_VALGRIND) {
		snprintf(suppressions, sizeof(suppressions),
		         "--suppressions=%s/test/secrets.supp", source != NULL ? source : ".");
		execlp("valgrind", "valgrind", "-q", suppressions, argv[0], (char *)NULL);
		printf("1..0 # SKIP valgrind is not here\n");
		return 0;
	}
	dice_state = 1;
	prepare();
	ok(!silent(leak), "a branch on a secret is seen (valgrind reports this one)");
	ok(silent(run_sign), "sign");
	ok(silent(multiplies_in_commit), "commit");
	ok(silent(multiplies_in_make), "deal make");
	ok(silent(multiplies_in_open), "deal open");
	ok(silent(multiplies_in_share), "keygen share");
	ok(silent(multiplies_in_prove), "complaint and confirm make");
	free(arena.at);
	return done_testing();
}
#endif
