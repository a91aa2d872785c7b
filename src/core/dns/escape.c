/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/escape.h"

static bool digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The escape at the front, its backslash included. */
static bool undo_one(struct bytes *text, struct writer *writer)
{
	const uint8_t *at = text->at;
	unsigned value;

	if (text->size < 2)
		return false;
	if (!digit(at[1])) {
		write_octet(writer, at[1]);
		*text = bytes_from(*text, 2);
		return true;
	}
	if (text->size < 4 || !digit(at[2]) || !digit(at[3]))
		return false;
	value = (unsigned)(at[1] - '0') * 100 + (unsigned)(at[2] - '0') * 10 +
	        (unsigned)(at[3] - '0');
	if (value > UINT8_MAX)
		return false;
	write_octet(writer, (uint8_t)value);
	*text = bytes_from(*text, 4);
	return true;
}

bool escape_undo(struct bytes text, struct writer *writer)
{
	while (text.size != 0) {
		const uint8_t *escape = memchr(text.at, '\\', text.size);
		size_t plain = escape == NULL ? text.size : (size_t)(escape - text.at);

		write_bytes(writer, bytes_first(text, plain));
		text = bytes_from(text, plain);
		if (text.size != 0 && !undo_one(&text, writer))
			return false;
	}
	return !writer->full;
}

void escape_write_quoted(struct writer *writer, struct bytes octets)
{
	write_octet(writer, '"');
	for (size_t i = 0; i < octets.size; i++) {
		uint8_t c = octets.at[i];

		if (c < 0x20 || c > 0x7e) {
			write_octet(writer, '\\');
			write_octet(writer, (uint8_t)('0' + c / 100));
			write_octet(writer, (uint8_t)('0' + c / 10 % 10));
			write_octet(writer, (uint8_t)('0' + c % 10));
			continue;
		}
		if (c == '"' || c == '\\')
			write_octet(writer, '\\');
		write_octet(writer, c);
	}
	write_octet(writer, '"');
}
