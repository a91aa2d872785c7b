/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/rate.h"

#include <string.h>

#include "dice.h"
#include "tap.h"

#define SECOND 1000000u

static struct rate_table table;

static void begin(uint32_t per_second)
{
	memset(&table, 0, sizeof(table));
	rate_begin(&table, (const uint8_t *)"sixteen of these", per_second);
}

static struct bytes v4(uint32_t number)
{
	static uint8_t octets[4];

	for (unsigned i = 0; i < 4; i++)
		octets[i] = (uint8_t)(number >> (24 - 8 * i));
	return (struct bytes){octets, sizeof(octets)};
}

static struct bytes v6(uint64_t upper, uint64_t lower)
{
	static uint8_t octets[16];

	store64(octets, upper);
	store64(octets + 8, lower);
	return (struct bytes){octets, sizeof(octets)};
}

/* How many of so many answers at that moment are allowed. */
static unsigned allowed(struct bytes address, enum rate_kind kind, uint64_t now, unsigned of)
{
	unsigned count = 0;

	for (unsigned i = 0; i < of; i++)
		count += rate_allows(&table, address, kind, now);
	return count;
}

static void one_sender(void)
{
	uint64_t now = 77 * SECOND;
	unsigned count = 0;

	begin(100);
	ok(allowed(v4(0xc0000201), RATE_REFERRAL, now, 1000) == 100,
	   "a hundred at once for a rate of a hundred");
	ok(allowed(v4(0xc00002fe), RATE_REFERRAL, now, 10) == 0,
	   "none then for another address of its /24");
	ok(allowed(v4(0xc0000301), RATE_REFERRAL, now, 10) == 10 &&
	           allowed(v4(0xc0000201), RATE_NO_NAME, now, 10) == 10,
	   "but for one of another /24, and for another kind of answer");
	for (unsigned i = 0; i < 10000; i++) /* 1,000 a second, ten seconds long */
		count += rate_allows(&table, v4(0xc0000201), RATE_REFERRAL,
		                     now += SECOND / 1000);
	ok(count >= 999 && count <= 1001, "a hundred a second from then on");
	ok(allowed(v4(0xc0000201), RATE_REFERRAL, now + SECOND, 1000) == 100,
	   "and after a second of silence a hundred at once");
	ok(allowed(v6(0x20010db800000001, 5), RATE_DATA, now, 200) == 100 &&
	           allowed(v6(0x20010db8000000ff, 6), RATE_DATA, now, 10) == 0 &&
	           allowed(v6(0x20010db800000100, 5), RATE_DATA, now, 10) == 10,
	   "IPv6 by the /56");
	begin(5000000);
	ok(allowed(v4(1), RATE_DATA, now, 2 * SECOND) == SECOND, "never more than a million");
}

static void kinds(void)
{
	static const struct {
		uint8_t header[12];
		enum rate_kind kind;
	} all[] = {
		{{0, 0, 0x84, 0, 0, 1, 0, 1}, RATE_DATA},
		{{0, 0, 0x80, 0, 0, 1, 0, 0}, RATE_REFERRAL},
		{{0, 0, 0x85, 0, 0, 1, 0, 0}, RATE_NO_DATA},
		{{0, 0, 0x84, 3, 0, 1, 0, 0}, RATE_NO_NAME},
		{{0, 0, 0x80, 5, 0, 1, 0, 0}, RATE_ERROR},
		{{0, 0, 0x80, 1, 0, 0, 0, 0}, RATE_ERROR},
	};
	bool same = true;

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		same = same && rate_kind_of(all[i].header) == all[i].kind;
	ok(same, "kinds of answers");
}

/* While a flood from everywhere fills the table, a sender below the limit loses nothing, and
 * one above it stays limited. */
static void flood(void)
{
	unsigned honest = 0, greedy = 0, asked = 0;
	uint64_t now = SECOND;

	begin(200);
	for (unsigned i = 0; i < 3000000; i++) { /* 300,000 a second, ten seconds long */
		if (i % 30 == 0)
			now += 100;
		(void)rate_allows(&table, v4((uint32_t)dice()), RATE_NO_NAME, now);
		if (i % 6000 == 0) { /* fifty a second */
			asked++;
			honest += rate_allows(&table, v4(0xc0000201), RATE_REFERRAL, now);
		}
		if (i % 100 == 0) /* three thousand a second */
			greedy += rate_allows(&table, v4(0xc6336401), RATE_REFERRAL, now);
	}
	ok(honest == asked, "a flood from everywhere costs an honest sender nothing");
	ok(greedy > 2000 && greedy < 2250, "and hides no greedy one");
}

int main(void)
{
	dice_seed();
	one_sender();
	kinds();
	flood();
	return done_testing();
}
