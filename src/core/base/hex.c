/* SPDX-License-Identifier: Apache-2.0 */
#include "base/hex.h"

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

void hex_write(char *to, struct bytes from)
{
	for (size_t i = 0; i < from.size; i++) {
		to[2 * i] = "0123456789abcdef"[from.at[i] >> 4];
		to[2 * i + 1] = "0123456789abcdef"[from.at[i] & 15];
	}
}

bool hex_read(struct bytes text, uint8_t *to, size_t size)
{
	if (text.size / 2 != size || text.size % 2 != 0)
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (digit(text.at[i]) < 0)
			return false;
	for (size_t i = 0; i < size; i++)
		to[i] = (uint8_t)(digit(text.at[2 * i]) << 4 | digit(text.at[2 * i + 1]));
	return true;
}
