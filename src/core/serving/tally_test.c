/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/tally.h"

#include <string.h>

#include "dice.h"
#include "tap.h"

static struct tally tally, other;
static struct tally_counts sum;

static void see_v4(struct tally *in, uint32_t number)
{
	uint8_t octets[4];

	store16(octets, number >> 16);
	store16(octets + 2, number & 0xffff);
	tally_sender(in, (struct bytes){octets, sizeof(octets)});
}

static void see_v6(uint64_t upper, uint64_t lower)
{
	uint8_t octets[16];

	store64(octets, upper);
	store64(octets + 8, lower);
	tally_sender(&tally, (struct bytes){octets, sizeof(octets)});
}

static bool near(uint64_t got, uint64_t want)
{
	uint64_t off = got > want ? got - want : want - got;

	if (off <= want / 25) /* five times the error we tell */
		return true;
	printf("# got %llu, not about %llu\n", (unsigned long long)got,
	       (unsigned long long)want);
	return false;
}

static void senders(void)
{
	static const uint32_t counts[] = {1, 2, 100, 5000, 20000, 60000, 1000000, 8000000};
	uint32_t seen = 0;
	bool all = true;

	ok(tally_count_seen(tally.sources[0].seen[TALLY_V4]) == 0, "nobody seen is 0");
	for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		for (; seen < counts[i]; seen++)
			see_v4(&tally, seen);
		see_v4(&tally, 0);
		all = all && near(tally_count_seen(tally.sources[0].seen[TALLY_V4]), seen);
	}
	ok(all, "one to eight million, neighbours all");
	for (uint64_t i = 0; i < 100000; i++)
		see_v6(0x20010db800000000 + i % 1000, i);
	ok(near(tally_count_seen(tally.sources[0].seen[TALLY_V6]), 100000) &&
	           near(tally_count_seen(tally.sources[0].seen[TALLY_V6_64]), 1000),
	   "a hundred thousand of IPv6, in a thousand /64");
	for (uint32_t i = 0; i < 8000000; i += 80)
		see_v4(&other, 0x80000000 + i);
	tally_join(&tally.sources[0], &other.sources[0]);
	ok(near(tally_count_seen(tally.sources[0].seen[TALLY_V4]), 8100000),
	   "two tallies joined");
	tally.period = 1;
	see_v4(&tally, 5);
	ok(tally_count_seen(tally.sources[1].seen[TALLY_V4]) == 1, "another period");
	memset(tally.sources[0].seen, 64, sizeof(tally.sources[0].seen));
	ok(tally_count_seen(tally.sources[0].seen[TALLY_V4]) > 8000000,
	   "the most there can be is a number, too");
}

static void counts(void)
{
	struct outcome answered = {.size = 100, .rcode = 3, .has_cookie = true, .known = true};
	struct outcome long_one = {.size = 65535, .rcode = 4095, .has_cookie = true};
	struct bytes v4 = BYTES("1234"), v6 = BYTES("0123456789abcdef");
	const struct tally_channel *udp = tally.counts.channel[TRANSPORT_UDP];
	const struct tally_channel *tcp = tally.counts.channel[TRANSPORT_TCP];
	struct tally_channel *udp_v4 = tally_channel(&tally, TRANSPORT_UDP, v4);
	struct tally_channel *tcp_v6 = tally_channel(&tally, TRANSPORT_TCP, v6);
	struct tally_counts earlier;

	tally_request(&tally, udp_v4, v4, 31);
	tally_request(&tally, udp_v4, v4, 0);
	tally_request(&tally, tcp_v6, v6, 4000);
	tally_response(&tally, udp_v4, &answered);
	tally_response(&tally, tcp_v6, &long_one);
	ok(udp[0].request[1] == 1 && udp[0].request[0] == 1 && tcp[1].request[18] == 1,
	   "sizes of requests, 288 and more the last");
	ok(udp[0].response[6] == 1 && tcp[1].response[256] == 1,
	   "of responses, 4,096 and more the last");
	ok(tally.counts.rcode[3] == 1 && tally.counts.rcode[23] == 1 &&
	           tally.counts.cookie_known == 1 && tally.counts.cookie_other == 1,
	   "RCODEs and cookies");
	ok(tally_requests(&udp[0]) == 2 && tally_responses(&udp[0]) == 1 &&
	           tally_requests(&udp[1]) == 0,
	   "and all of a channel");
	tally_add(&sum, &tally.counts);
	earlier = sum;
	tally_add(&sum, &tally.counts);
	ok(sum.rcode[3] == 2 && sum.channel[1][1].response[256] == 2, "a sum");
	tally_subtract(&sum, &earlier);
	ok(sum.rcode[3] == 1 && sum.channel[1][1].response[256] == 1, "and a difference");
}

int main(void)
{
	dice_seed();
	tally.key = other.key = dice();
	senders();
	counts();
	return done_testing();
}
