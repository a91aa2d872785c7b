/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_RATE_H
#define COMITY_SERVING_RATE_H

/*
 * rate.h - response rate limiting: a server answers a forged sender no more often than is
 * useful to a true one, so that it is no weapon against whoever really has the address.
 *
 * Senders are told apart by network (an IPv4 /24, an IPv6 /56) and kind of answer. Each such
 * pair has two cells of a table, chosen by two secret hashes. A cell is one number: the moment
 * up to which its answers are paid for, at 1/per_second each; a pair is over its limit when
 * both its cells are paid for more than a second ahead. So the memory is constant, nothing is
 * evicted, nobody can push anybody's count out, and who shares one cell with an attacker has
 * another. The table may be shared by threads: a count that two threads lose is lost in the
 * sender's favour.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "dns/message.h"
#include "serving/octets.h"

#define RATE_CELLS_BITS 16
#define RATE_CELLS      ((size_t)1 << RATE_CELLS_BITS)
#define RATE_BURST      1000000 /* microseconds that an answer may be paid for ahead */

struct rate_table {
	uint64_t key[2]; /* SECRET random, odd */
	uint64_t cost;   /* microseconds an answer takes: 1,000,000 / per_second, at least 1 */
	uint64_t cell[RATE_CELLS]; /* microseconds; all 0 at the start */
};

/* What an answer is about. A number for each of these and for each family. */
enum rate_kind { RATE_DATA, RATE_REFERRAL, RATE_NO_DATA, RATE_NO_NAME, RATE_ERROR };

/* Told by the first 12 octets of a response. */
static inline enum rate_kind rate_kind_of(const uint8_t *header)
{
	uint32_t flags = load16(header + 2);

	if (MESSAGE_RCODE(flags) != RCODE_NOERROR)
		return MESSAGE_RCODE(flags) == RCODE_NXDOMAIN ? RATE_NO_NAME : RATE_ERROR;
	if ((flags & MESSAGE_AA) == 0)
		return RATE_REFERRAL;
	return load16(header + 6) != 0 ? RATE_DATA : RATE_NO_DATA;
}

/* `random` is 16 octets nobody else knows; `per_second` is at least 1. The table is all zero.
 */
static inline void rate_begin(struct rate_table *table, const uint8_t random[16],
                              uint32_t per_second)
{
	table->key[0] = load64(random) | 1;
	table->key[1] = load64(random + 8) | 1;
	table->cost = per_second >= RATE_BURST ? 1 : RATE_BURST / per_second;
}

/* Network and kind as one number. */
static inline uint64_t rate_pair(struct bytes address, enum rate_kind kind)
{
	uint64_t network = address.size == 4 ? load16(address.at) << 8 | address.at[2]
	                                     : load64(address.at) >> 8 | (uint64_t)1 << 56;

	return network | (uint64_t)kind << 57;
}

/*
 * True when an answer of that kind to that address at `now`, microseconds of a clock that does
 * not go back, may be sent; it is then paid for.
 */
static inline bool rate_allows(struct rate_table *table, struct bytes address,
                               enum rate_kind kind, uint64_t now)
{
	uint64_t pair = rate_pair(address, kind), paid;
	/* The upper bits of such a product are a universal hash (Dietzfelbinger and others). */
	uint64_t *a = &table->cell[pair * table->key[0] >> (64 - RATE_CELLS_BITS)];
	uint64_t *b = &table->cell[pair * table->key[1] >> (64 - RATE_CELLS_BITS)];
	uint64_t in_a = __atomic_load_n(a, __ATOMIC_RELAXED);
	uint64_t in_b = __atomic_load_n(b, __ATOMIC_RELAXED);

	paid = in_a < in_b ? in_a : in_b;
	if (paid < now)
		paid = now;
	paid += table->cost;
	if (paid > now + RATE_BURST)
		return false;
	if (in_a < paid)
		__atomic_store_n(a, paid, __ATOMIC_RELAXED);
	if (in_b < paid)
		__atomic_store_n(b, paid, __ATOMIC_RELAXED);
	return true;
}

#endif
