/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_OCTETS_H
#define COMITY_SERVING_OCTETS_H

/*
 * octets.h - big-endian numbers at any address, in one load or store each.
 *
 * Only the way of a query through the server needs this: elsewhere writer.h and
 * a few shifts read better.
 */

#include <stdint.h>
#include <string.h>

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define BIG16(x) __builtin_bswap16(x)
#define BIG32(x) __builtin_bswap32(x)
#define BIG64(x) __builtin_bswap64(x)
#else
#define BIG16(x) (x)
#define BIG32(x) (x)
#define BIG64(x) (x)
#endif

static inline uint32_t load16(const uint8_t *at)
{
	uint16_t value;

	memcpy(&value, at, sizeof(value));
	return BIG16(value);
}

static inline uint64_t load64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return BIG64(value);
}

static inline void store16(uint8_t *at, uint32_t value)
{
	uint16_t big = BIG16((uint16_t)value);

	memcpy(at, &big, sizeof(big));
}

static inline void store32(uint8_t *at, uint32_t value)
{
	uint32_t big = BIG32(value);

	memcpy(at, &big, sizeof(big));
}

static inline void store64(uint8_t *at, uint64_t value)
{
	uint64_t big = BIG64(value);

	memcpy(at, &big, sizeof(big));
}

#endif
