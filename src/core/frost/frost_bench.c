/* SPDX-License-Identifier: Apache-2.0 */
/*
 * frost_bench.c - what FROST costs here: microseconds of CPU time per operation,
 * best of several runs. A program to look at, not a test:
 *
 *     cc -O2 -D_GNU_SOURCE -Isrc/core -Itest src/core/frost/frost_bench.c \
 *             build/src/core/libcore.a -lsodium -o frost_bench && ./frost_bench
 */
#include <time.h>

#include "tap.h"

#include "ceremony.h"

#define POOL 4096
#define RUNS 5

static struct dealt dealt;
static struct signing s;
static struct arena arena;
static uint8_t pool[POOL * FROST_COMMITMENT_SIZE];
static struct frost_commitment list[POOL];

static double cpu(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The best mean of RUNS runs of `count` times `code`, `each` things at a time. */
#define MEASURE(name, count, each, code)                                                       \
	do {                                                                                   \
		double best = 1e300;                                                           \
		for (int run = 0; run < RUNS; run++) {                                         \
			double start = cpu();                                                  \
			for (int i_ = 0; i_ < (count); i_++) {                                 \
				code;                                                          \
			}                                                                      \
			double mean = (cpu() - start) / (count) / (each);                      \
			best = mean < best ? mean : best;                                      \
		}                                                                              \
		printf("  %-40s %10.2f\n", (name), best);                                      \
	} while (0)

static void check(bool good)
{
	if (!good)
		bail_out("a measured operation failed");
}

static void bench_pool(void)
{
	uint8_t random[64], share[32];
	struct frost_nonces nonces;
	struct bytes octets = {pool, sizeof(pool)};
	size_t bad;

	dice_scalar(share);
	dice_fill(random, sizeof(random));
	printf("any t\n");
	MEASURE("commit", 200, 1, frost_commit(&nonces, random, share));
	for (size_t i = 0; i < POOL; i++) {
		dice_fill(random, sizeof(random));
		frost_commit(&nonces, random, share);
		memcpy(pool + i * FROST_COMMITMENT_SIZE, nonces.commitment,
		       FROST_COMMITMENT_SIZE);
	}
	MEASURE("read a commitment, 4096 at a time", 1, POOL,
	        check(frost_commitments_read(list, POOL, octets, &bad, &arena) == OK));
	MEASURE("read a commitment, alone", 200, 1,
	        check(frost_commitments_read(list, 1, bytes_first(octets, 64), &bad, &arena) ==
	              OK));
}

static void bench_signing(unsigned n, unsigned t)
{
	uint8_t octets[150] = {0};
	struct bytes message = {octets, sizeof(octets)};
	uint16_t members[FROST_PARTICIPANTS_MAX];
	struct frost_nonces kept;
	size_t mark;

	for (unsigned i = 0; i < t; i++)
		members[i] = (uint16_t)(n - t + 1 + i);
	dealer_deal(&dealt, t, n);
	printf("t = %u of n = %u\n", t, n);
	MEASURE("group check", 3, 1, check(frost_group_consistent(&dealt.group, &arena)));
	MEASURE("set", 10, 1, check(frost_set_make(&s.set, &dealt.group, members, t) == OK));
	signing_commit(&s, &dealt);
	check(signing_open(&s, message, &arena));
	mark = arena.used;
	MEASURE("session: binding factors, R, challenge", 200, 1, {
		check(frost_session_open(&s.session, &s.set, s.list, message, &arena) == OK);
		arena.used = mark;
	});
	kept = s.nonces[0];
	MEASURE("sign", 2000, 1, {
		s.nonces[0] = kept; /* in a measurement only */
		check(frost_sign(s.sig_share, &s.nonces[0], dealt.share[s.set.member[0]],
		                 &s.session, 0) == OK);
	});
	s.nonces[0] = kept;
	check(signing_sign(&s, &dealt));
	MEASURE("aggregate and verify", 200, 1,
	        check(frost_aggregate(s.signature, &s.session, s.sig_share, message,
	                              &s.culprits) == OK));
	MEASURE("verify one share", 200, 1,
	        check(frost_verify_signature_share(&s.session, 0, s.sig_share)));
	arena.used = 0;
}

static void bench_keygen(unsigned n, unsigned t)
{
	static struct ceremony c;
	uint8_t share[32], complaint[FROST_COMPLAINT_SIZE],
		confirmation[FROST_CONFIRMATION_SIZE];
	struct frost_complaint read;

	check(ceremony_fresh(&c, t, n, 1, 1, &arena));
	printf("key generation, t = %u of n = %u\n", t, n);
	MEASURE("deal make", 3, 1, ceremony_make(&c, 0, 1, NULL));
	MEASURE("deal check", 3, 1,
	        check(frost_deal_check(&c.deal[0], &c.keygen, ceremony_deal(&c, 0)) == OK));
	MEASURE("deal open", 10, 1,
	        check(frost_deal_open(share, &c.keygen, &c.deal[0], 0, c.secret_key[0])));
	MEASURE("group of all deals", 2, 1,
	        check(frost_keygen_group(&c.group, &c.keygen, c.deal, n, &arena) == OK));
	MEASURE("complaint make", 10, 1,
	        frost_complaint_make(complaint, &c.keygen, &c.deal[0], 0, c.secret_key[0],
	                             c.seed[0]));
	check(frost_complaint_read(&read, &c.keygen,
	                           (struct bytes){complaint, sizeof(complaint)}) == OK);
	MEASURE("complaint judge", 10, 1,
	        check(frost_complaint_judge(&read, &c.keygen, &c.deal[0]) ==
	              FROST_GUILTY_COMPLAINER));
	MEASURE("confirm make", 10, 1,
	        frost_confirm_make(confirmation, c.transcript, &c.group, 1, c.share[0],
	                           c.seed[0]));
	MEASURE("all of a party: make, check, open, group", 1, 1, {
		ceremony_make(&c, 0, 1, NULL);
		check(ceremony_check(&c, n));
		for (unsigned i = 0; i < n; i++)
			check(frost_deal_open(share, &c.keygen, &c.deal[i], 0,
			                      c.secret_key[0]));
		check(frost_keygen_group(&c.group, &c.keygen, c.deal, n, &arena) == OK);
	});
}

int main(void)
{
	static const unsigned SIZES[][2] = {{7, 5}, {13, 9}, {64, 43}, {193, 129}};

	arena = dealer_arena();
	printf("microseconds of CPU time, best of %d\n", RUNS);
	bench_pool();
	for (unsigned i = 0; i < 4; i++)
		bench_signing(SIZES[i][0], SIZES[i][1]);
	for (unsigned i = 0; i < 3; i++)
		bench_keygen(SIZES[i][0], SIZES[i][1]);
	free(arena.at);
	return 0;
}
