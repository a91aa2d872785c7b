/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/special.h"

#include "base/must.h"
#include "dns/address.h"

struct prefix {
	uint8_t octets[4];
	unsigned bits; /* at most 32 */
};

static const struct prefix IPV4[] = {
	{{0, 0, 0, 0}, 8},      /* this network (RFC 791) */
	{{10, 0, 0, 0}, 8},     /* private (RFC 1918) */
	{{100, 64, 0, 0}, 10},  /* shared (RFC 6598) */
	{{127, 0, 0, 0}, 8},    /* loopback (RFC 1122) */
	{{169, 254, 0, 0}, 16}, /* link local (RFC 3927) */
	{{172, 16, 0, 0}, 12},  /* private */
	{{192, 0, 0, 0}, 24},   /* protocol assignments (RFC 6890) */
	{{192, 0, 2, 0}, 24},   /* documentation (RFC 5737) */
	{{192, 88, 99, 0}, 24}, /* 6to4 relays, no more (RFC 7526) */
	{{192, 168, 0, 0}, 16}, /* private */
	{{198, 18, 0, 0}, 15},  /* benchmarks (RFC 2544) */
	{{198, 51, 100, 0}, 24}, /* documentation */
	{{203, 0, 113, 0}, 24}, /* documentation */
	{{224, 0, 0, 0}, 4},    /* multicast (RFC 5771) */
	{{240, 0, 0, 0}, 4},    /* reserved, and broadcast */
};

/* Of 2000::/3, outside which no global unicast address lies (RFC 4291 section 2.4). */
static const struct prefix IPV6[] = {
	{{0x20, 0x01, 0x00, 0x00}, 23}, /* protocol assignments: Teredo, ORCHID, benchmarks (RFC 2928) */
	{{0x20, 0x01, 0x0d, 0xb8}, 32}, /* documentation (RFC 3849) */
	{{0x20, 0x02, 0x00, 0x00}, 16}, /* 6to4 (RFC 3056) */
	{{0x3f, 0xff, 0x00, 0x00}, 20}, /* documentation (RFC 9637) */
};

static uint32_t first_bits(const uint8_t *octets, unsigned bits)
{
	uint32_t value = (uint32_t)octets[0] << 24 | (uint32_t)octets[1] << 16 |
	                 (uint32_t)octets[2] << 8 | octets[3];

	return value >> (32 - bits);
}

static bool is_within(const uint8_t *octets, const struct prefix *prefixes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (first_bits(octets, prefixes[i].bits) == first_bits(prefixes[i].octets, prefixes[i].bits))
			return true;
	return false;
}

bool address_is_special(const uint8_t *octets, size_t size)
{
	must(size == IPV4_SIZE || size == IPV6_SIZE);
	if (size == IPV4_SIZE)
		return is_within(octets, IPV4, sizeof(IPV4) / sizeof(IPV4[0]));
	return first_bits(octets, 3) != 1 || is_within(octets, IPV6, sizeof(IPV6) / sizeof(IPV6[0]));
}
