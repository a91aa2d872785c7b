/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/ttl.h"

/* Seconds of a unit; 0 when it is none. */
static uint32_t unit(uint8_t c)
{
	switch (c | 32) {
	case 's':
		return 1;
	case 'm':
		return 60;
	case 'h':
		return 3600;
	case 'd':
		return 86400;
	case 'w':
		return 604800;
	default:
		return 0;
	}
}

bool ttl_read(struct bytes text, uint32_t most, uint32_t *seconds)
{
	uint64_t sum = 0, number = 0;
	bool digits = false, units = false;

	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.at[i];

		if (c >= '0' && c <= '9') {
			number = number * 10 + (uint64_t)(c - '0');
			digits = true;
		} else {
			if (!digits || unit(c) == 0)
				return false;
			sum += number * unit(c);
			number = 0;
			digits = false;
			units = true;
		}
		if (number > most || sum > most)
			return false;
	}
	if (digits == units) /* nothing, or a number without a unit behind one with */
		return false;
	*seconds = (uint32_t)(sum + number);
	return true;
}
