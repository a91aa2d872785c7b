/* SPDX-License-Identifier: Apache-2.0 */
#include "base/sha1.h"

#include <string.h>

#define BLOCK 64

static uint32_t rotate(uint32_t value, unsigned by)
{
	return value << by | value >> (32 - by);
}

/* FIPS 180-4 section 6.1.2 step 1. */
static void schedule(uint32_t w[80], const uint8_t block[BLOCK])
{
	for (unsigned t = 0; t < 16; t++)
		w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
		       (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
	for (unsigned t = 16; t < 80; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
}

/* Section 4.1.1 and 4.2.1: the function of round t, and its constant. */
static uint32_t mix(unsigned t, const uint32_t h[5])
{
	if (t < 20)
		return ((h[1] & h[2]) ^ (~h[1] & h[3])) + 0x5a827999;
	if (t < 40)
		return (h[1] ^ h[2] ^ h[3]) + 0x6ed9eba1;
	if (t < 60)
		return ((h[1] & h[2]) ^ (h[1] & h[3]) ^ (h[2] & h[3])) + 0x8f1bbcdc;
	return (h[1] ^ h[2] ^ h[3]) + 0xca62c1d6;
}

static void take_block(uint32_t state[5], const uint8_t block[BLOCK])
{
	uint32_t w[80], h[5];

	schedule(w, block);
	memcpy(h, state, sizeof(h));
	for (unsigned t = 0; t < 80; t++) {
		uint32_t next = rotate(h[0], 5) + mix(t, h) + h[4] + w[t];

		h[4] = h[3];
		h[3] = h[2];
		h[2] = rotate(h[1], 30);
		h[1] = h[0];
		h[0] = next;
	}
	for (unsigned i = 0; i < 5; i++)
		state[i] += h[i];
}

void sha1(struct bytes data, uint8_t out[SHA1_SIZE])
{
	uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	uint8_t tail[2 * BLOCK] = {0};
	uint64_t bits = (uint64_t)data.size * 8;
	size_t blocks;

	for (; data.size >= BLOCK; data = bytes_from(data, BLOCK))
		take_block(state, data.at);
	/* Section 5.1.1: a bit, zeros and the size. */
	if (data.size != 0)
		memcpy(tail, data.at, data.size);
	tail[data.size] = 0x80;
	blocks = data.size + 9 > BLOCK ? 2 : 1;
	for (size_t i = 0; i < 8; i++)
		tail[blocks * BLOCK - 1 - i] = (uint8_t)(bits >> 8 * i);
	for (size_t b = 0; b < blocks; b++)
		take_block(state, tail + b * BLOCK);
	for (unsigned i = 0; i < SHA1_SIZE; i++)
		out[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
}
