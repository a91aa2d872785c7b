/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/complaint.h"

#include "curve/multiple.h"
#include "tap.h"

#include "ceremony.h"

#define T      3
#define N      5
#define PADDED (FROST_DEAL_SIZE(T, N) - 32 * N)

static struct ceremony c;
static uint8_t complaint[FROST_COMPLAINT_SIZE + 1];
static const struct bytes WIRE = {complaint, FROST_COMPLAINT_SIZE};

/* All of a new session deal; dealer 2 gives a bad share to member 4. */
static void start(void)
{
	ceremony_open(&c, T, N, 1, 1, NULL);
	for (uint16_t i = 0; i < N; i++)
		ceremony_make(&c, i, (uint16_t)(i + 1), NULL);
	c.octets[1][PADDED + 32 * 3] ^= 1;
	if (!ceremony_check(&c, N))
		bail_out("no deals");
}

static void complain(size_t dealer, size_t member)
{
	frost_complaint_make(complaint, &c.keygen, &c.deal[dealer], member,
	                     c.secret_key[member], c.seed[member]);
}

/* Guilty by what is in `complaint`; 0 when it is not even read. */
static int judged(void)
{
	struct frost_complaint read;

	if (frost_complaint_read(&read, &c.keygen, WIRE) != OK)
		return 0;
	return (int)frost_complaint_judge(&read, &c.keygen, &c.deal[read.dealer - 1]);
}

static void test_verdicts(void)
{
	uint8_t share[32];
	unsigned dealers = 0, complainers = 0, opened = 0;

	start();
	for (size_t i = 0; i < N; i++)
		for (size_t j = 0; j < N; j++) {
			bool good = frost_deal_open(share, &c.keygen, &c.deal[i], j,
			                            c.secret_key[j]);

			opened += good;
			complain(i, j);
			dealers += !good && judged() == (int)FROST_GUILTY_DEALER;
			complainers += good && judged() == (int)FROST_GUILTY_COMPLAINER;
		}
	ok(opened == N * N - 1 && dealers == 1, "a bad share: the dealer is guilty");
	ok(complainers == N * N - 1, "a false accusation: the complainer is, each time");
}

/* What is no proof convicts whoever signed it, though the share was bad. */
static void test_forged(void)
{
	struct point K, part;
	unsigned guilty = 0, refused = 0;

	start();
	complain(1, 3);
	ok(judged() == (int)FROST_GUILTY_DEALER, "the true complaint");
	for (size_t i = 4; i < FROST_COMPLAINT_SIZE; i++) {
		complaint[i] ^= 8;
		guilty += judged() == (int)FROST_GUILTY_COMPLAINER;
		complaint[i] ^= 8;
	}
	ok(guilty == FROST_COMPLAINT_SIZE - 4, "with any octet changed: the complainer");
	for (size_t i = 0; i < 4; i++) {
		complaint[i] ^= 8;
		refused += judged() != (int)FROST_GUILTY_DEALER;
		complaint[i] ^= 8;
	}
	ok(refused == 4, "under another name it is no complaint, or a bad one");

	/* To accuse the honest dealer 1: a K that is not the pad's. */
	complain(0, 3);
	if (!point_read(&K, complaint + 4))
		bail_out("no point");
	point_add(&part, &K, &POINT_BASE);
	point_write(complaint + 4, &part);
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "a K of one's own choice");
	memset(complaint + 4, 0, 32);
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "a K of small order");
	complaint[4] = 1;
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "K the identity");
	frost_complaint_make(complaint, &c.keygen, &c.deal[0], 3, c.secret_key[2], c.seed[3]);
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "K by another key");
	complain(0, 3);
	sodium_add(complaint + 68,
	           (const uint8_t[32]){0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6,
	                               0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, [31] = 0x10},
	           32);
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "z + L");
}

/* The proof is of this session, this dealer and this complainer. */
static void test_replayed(void)
{
	uint8_t kept[FROST_COMPLAINT_SIZE];

	start();
	complain(1, 3);
	memcpy(kept, complaint, sizeof(kept));
	complaint[1] = 1;
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "turned against another dealer");
	memcpy(complaint, kept, sizeof(kept));
	complaint[3] = 5;
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "repeated by another member");
	memcpy(complaint, kept, sizeof(kept));
	start();
	ok(judged() == (int)FROST_GUILTY_COMPLAINER, "replayed in another session");
}

static void test_read(void)
{
	struct frost_complaint read;

	start();
	complain(1, 3);
	ok(frost_complaint_read(&read, &c.keygen, bytes_first(WIRE, 99)) == MISHAP_SHORT,
	   "short");
	ok(frost_complaint_read(&read, &c.keygen, (struct bytes){complaint, 101}) ==
	           MISHAP_TRAILING,
	   "trailing");
	ok(frost_complaint_read(&read, &c.keygen, WIRE) == OK && read.dealer == 2 &&
	           read.complainer == 4,
	   "read");
	complaint[1] = 9;
	ok(frost_complaint_read(&read, &c.keygen, WIRE) == MISHAP_MALFORMED,
	   "about a stranger");
	complaint[1] = 2, complaint[3] = 9;
	ok(frost_complaint_read(&read, &c.keygen, WIRE) == MISHAP_MALFORMED, "by a stranger");
}

int main(void)
{
	dice_seed();
	test_verdicts();
	test_forged();
	test_replayed();
	test_read();
	return done_testing();
}
