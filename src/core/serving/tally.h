/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_TALLY_H
#define COMITY_SERVING_TALLY_H

/*
 * tally.h - what a server counts, and how many senders it has seen (RSSAC002).
 *
 * Each thread has a tally of its own and is the only one to count in it; any other may read
 * it meanwhile, and finds every number whole. Senders are counted by HyperLogLog
 * (Flajolet and others, 2007): 16,384 small numbers whose error is 0.8 %, whatever the count.
 */

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "serving/answer.h"
#include "serving/octets.h"
#include "serving/zones.h"

#define TALLY_REQUEST_SIZES  19  /* steps of 16 octets, the last open: 288 and more */
#define TALLY_RESPONSE_SIZES 257 /* the same: 4,096 and more */
#define TALLY_RCODES         24  /* the last: RCODE_BADCOOKIE and above */
#define TALLY_TRANSPORTS     2
#define TALLY_FAMILIES       2 /* IPv4, IPv6 */

enum tally_transfer { TALLY_WHOLE, TALLY_CHANGES, TALLY_TRANSFERS };

struct tally_counts {
	struct tally_channel {
		uint64_t request[TALLY_REQUEST_SIZES];
		uint64_t response[TALLY_RESPONSE_SIZES];
	} channel[TALLY_TRANSPORTS][TALLY_FAMILIES]; /* by enum transport */
	uint64_t rcode[TALLY_RCODES];                /* of responses sent */
	uint64_t zone_rcode[ZONES_MAX][TALLY_RCODES]; /* of these, those of zones beside the main one */
	uint64_t zone_transfer[ZONES_MAX][TALLY_TRANSFERS]; /* begun, of every zone */
	uint64_t cookie_known;                       /* queries with a cookie of ours */
	uint64_t cookie_other;                       /* with another, or a client's alone */
	uint64_t rate_slipped;                       /* responses withheld: TC or BADCOOKIE */
	uint64_t rate_dropped;                       /* and not sent at all */
	uint64_t tcp_accepted;                       /* connections */
	uint64_t tcp_refused; /* closed at once: too many of that sender */
	uint64_t tcp_evicted; /* closed to make room for another */
	uint64_t dnstap_lost; /* messages dnstap had no room for */
	uint64_t xdp_received; /* of those by UDP: through AF_XDP */
	uint64_t xdp_refused;  /* frames besides that were damaged, or no query at all */
};

#define TALLY_COUNTS (sizeof(struct tally_counts) / sizeof(uint64_t))

enum tally_senders { TALLY_V4, TALLY_V6, TALLY_V6_64, TALLY_SENDERS };

#define TALLY_REGISTERS_BITS 14
#define TALLY_REGISTERS      ((size_t)1 << TALLY_REGISTERS_BITS)

struct tally_sources {
	uint8_t seen[TALLY_SENDERS][TALLY_REGISTERS];
};

struct tally {
	struct tally_counts counts;
	uint64_t key;    /* SECRET random, the same for all that are added up */
	uint32_t period; /* which of the two below: one is read, the other fills */
	struct tally_sources sources[2]; /* all 0 at the start of a period */
};

static inline void tally_one(uint64_t *counter)
{
	__atomic_store_n(counter, __atomic_load_n(counter, __ATOMIC_RELAXED) + 1,
	                 __ATOMIC_RELAXED);
}

/* A hash whose upper bits are good. */
static inline uint64_t tally_mix(uint64_t x)
{
	x *= 0xd6e8feb86659fd93;
	return (x ^ x >> 32) * 0xd6e8feb86659fd93;
}

static inline void tally_see(uint8_t *seen, uint64_t hash)
{
	uint8_t *at = &seen[hash >> (64 - TALLY_REGISTERS_BITS)];
	uint64_t rest = hash << TALLY_REGISTERS_BITS | (uint64_t)1
	                                                       << (TALLY_REGISTERS_BITS - 1);
	uint8_t rank = (uint8_t)(1 + __builtin_clzll(rest));

	if (__atomic_load_n(at, __ATOMIC_RELAXED) < rank)
		__atomic_store_n(at, rank, __ATOMIC_RELAXED);
}

/* Sees a sender: 4 or 16 octets. */
static inline void tally_sender(struct tally *tally, struct bytes address)
{
	struct tally_sources *sources =
		&tally->sources[__atomic_load_n(&tally->period, __ATOMIC_RELAXED) & 1];
	uint64_t hash;

	if (address.size == 4) {
		tally_see(sources->seen[TALLY_V4],
		          tally_mix((load16(address.at) << 16 | load16(address.at + 2)) ^
		                    tally->key));
		return;
	}
	hash = tally_mix(load64(address.at) ^ tally->key);
	tally_see(sources->seen[TALLY_V6_64], hash);
	tally_see(sources->seen[TALLY_V6], tally_mix(hash ^ load64(address.at + 8)));
}

/* Where messages by that transport from that address are counted. */
static inline struct tally_channel *tally_channel(struct tally *tally, enum transport transport,
                                                  struct bytes address)
{
	return &tally->counts.channel[transport][address.size != 4];
}

/* Counts a message that came: `size` octets, whatever they are. */
static inline void tally_request(struct tally *tally, struct tally_channel *channel,
                                 struct bytes address, size_t size)
{
	size_t step = size / 16;

	if (step >= TALLY_REQUEST_SIZES)
		step = TALLY_REQUEST_SIZES - 1;
	tally_one(&channel->request[step]);
	tally_sender(tally, address);
}

/* Counts a response that was made. */
static inline void tally_response(struct tally *tally, struct tally_channel *channel,
                                  const struct outcome *outcome)
{
	size_t step = outcome->size / 16, rcode = outcome->rcode;

	if (step >= TALLY_RESPONSE_SIZES)
		step = TALLY_RESPONSE_SIZES - 1;
	if (rcode >= TALLY_RCODES)
		rcode = TALLY_RCODES - 1;
	tally_one(&channel->response[step]);
	tally_one(&tally->counts.rcode[rcode]);
	if (outcome->zone != 0)
		tally_one(&tally->counts.zone_rcode[outcome->zone][rcode]);
	if (outcome->has_cookie)
		tally_one(outcome->known ? &tally->counts.cookie_known
		                         : &tally->counts.cookie_other);
}

/* Adds the counts of a tally, which may be counting, to a sum. */
void tally_add(struct tally_counts *sum, const struct tally_counts *one);

/* Takes the counts of `earlier` off; both were summed of the same tallies. */
void tally_subtract(struct tally_counts *sum, const struct tally_counts *earlier);

/* Joins what a tally has seen in a period to what others have. */
void tally_join(struct tally_sources *all, const struct tally_sources *one);

/* How many senders were seen, about. */
uint64_t tally_count_seen(const uint8_t seen[TALLY_REGISTERS]);

/* Messages received and sent. */
uint64_t tally_requests(const struct tally_channel *channel);
uint64_t tally_responses(const struct tally_channel *channel);

#endif
