/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base64.h"

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int value(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

void base64_write(char *to, struct bytes from)
{
	for (size_t i = 0; i < from.size; i += 3) {
		size_t left = from.size - i;
		uint32_t v = (uint32_t)from.at[i] << 16;

		if (left > 1)
			v |= (uint32_t)from.at[i + 1] << 8;
		if (left > 2)
			v |= from.at[i + 2];
		*to++ = ALPHABET[v >> 18];
		*to++ = ALPHABET[v >> 12 & 63];
		*to++ = left > 1 ? ALPHABET[v >> 6 & 63] : '=';
		*to++ = left > 2 ? ALPHABET[v & 63] : '=';
	}
}

bool base64_read(struct bytes text, uint8_t *to, size_t room, size_t *size)
{
	size_t padding = 0, taken = 0;

	if (text.size % 4 != 0)
		return false;
	if (text.size != 0 && text.at[text.size - 1] == '=')
		padding = text.at[text.size - 2] == '=' ? 2 : 1;
	if (text.size / 4 * 3 - padding > room)
		return false;
	for (size_t i = 0; i < text.size; i += 4) {
		size_t pads = i + 4 == text.size ? padding : 0;
		uint32_t v = 0;

		for (size_t j = 0; j < 4; j++) {
			int d = j < 4 - pads ? value(text.at[i + j]) : 0;
			if (d < 0)
				return false;
			v = v << 6 | (uint32_t)d;
		}
		if ((pads == 1 && (v & 0xff) != 0) || (pads == 2 && (v & 0xffff) != 0))
			return false;
		for (size_t j = 0; j < 3 - pads; j++)
			to[taken++] = (uint8_t)(v >> (16 - 8 * j));
	}
	*size = taken;
	return true;
}
