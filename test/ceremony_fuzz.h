/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_CEREMONY_FUZZ_H
#define COMITY_TEST_CEREMONY_FUZZ_H

/*
 * ceremony_fuzz.h - for the fuzzers of key generation: one ceremony, always the
 * same, and inputs that are mostly right. Instead of fuzz.h.
 */

#include "fuzz.h"

static inline _Noreturn void bail_out(const char *why)
{
	(void)why;
	abort();
}

#include "ceremony.h"

/* 2 of 3; dealer 2 gives a bad share to member 3. Made once. */
static inline struct ceremony *fuzz_ceremony(void)
{
	static struct ceremony c;

	if (c.deal_count == 0) {
		dice_state = 20261122;
		ceremony_open(&c, 2, 3, 1, 1, NULL);
		for (uint16_t i = 0; i < 3; i++)
			ceremony_make(&c, i, (uint16_t)(i + 1), NULL);
		c.octets[1][ceremony_deal_size(&c) - 32] ^= 1;
		must(ceremony_check(&c, 3));
	}
	return &c;
}

/*
 * The input: an even octet, then edits of the honest message, three octets each,
 * an offset and what to exclusive-or there; or an odd octet, then the message
 * itself. Returns the message, in `room`, or in `data`.
 */
static inline struct bytes fuzz_message(const uint8_t *data, size_t size, const uint8_t *honest,
                                        size_t honest_size, uint8_t *room)
{
	if (size > 0 && data[0] % 2 == 1)
		return (struct bytes){data + 1, size - 1};
	memcpy(room, honest, honest_size);
	for (size_t i = 1; i + 3 <= size; i += 3)
		room[((size_t)data[i] << 8 | data[i + 1]) % honest_size] ^= data[i + 2];
	return (struct bytes){room, honest_size};
}

#endif
