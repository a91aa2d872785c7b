/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base32hex.h"

void base32hex_write(struct writer *writer, struct bytes octets)
{
	static const char DIGITS[] = "0123456789abcdefghijklmnopqrstuv";
	uint32_t bits = 0;
	unsigned count = 0;

	for (size_t i = 0; i < octets.size; i++) {
		bits = (bits << 8 | octets.at[i]) & 0xffff;
		for (count += 8; count >= 5; count -= 5)
			write_octet(writer, (uint8_t)DIGITS[bits >> (count - 5) & 31]);
	}
	if (count != 0)
		write_octet(writer, (uint8_t)DIGITS[bits << (5 - count) & 31]);
}

/* 32: not a digit. */
static unsigned value_of(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0' + 0u;
	if (c >= 'a' && c <= 'v')
		return c - 'a' + 10u;
	return c >= 'A' && c <= 'V' ? c - 'A' + 10u : 32;
}

bool base32hex_read(struct bytes text, struct writer *to)
{
	uint32_t bits = 0;
	unsigned count = 0;

	for (size_t i = 0; i < text.size; i++) {
		unsigned digit = value_of(text.at[i]);

		if (digit > 31)
			return false;
		bits = (bits << 5 | digit) & 0xfff;
		count += 5;
		if (count >= 8) {
			count -= 8;
			write_octet(to, (uint8_t)(bits >> count));
		}
	}
	return count < 5 && (bits & ((1u << count) - 1)) == 0;
}
