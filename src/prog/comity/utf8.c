/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/utf8.h"

#include <wchar.h>

/* Octets behind a first one, and the least code point that needs so many. */
static const struct {
	uint8_t mask, lead;
	unsigned more;
	uint32_t least;
} FORMS[] = {{0x80, 0x00, 0, 0}, {0xe0, 0xc0, 1, 0x80}, {0xf0, 0xe0, 2, 0x800}, {0xf8, 0xf0, 3, 0x10000}};

/* The code point of form `f` at the front; false when the octets behind the first do not go on. */
static bool point_of(struct bytes text, unsigned f, uint32_t *point)
{
	uint32_t p = text.at[0] & (uint8_t)~FORMS[f].mask;

	for (unsigned i = 1; i <= FORMS[f].more; i++) {
		if (i >= text.size || (text.at[i] & 0xc0) != 0x80)
			return false;
		p = p << 6 | (text.at[i] & 0x3f);
	}
	*point = p;
	return p >= FORMS[f].least && p <= 0x10ffff && (p < 0xd800 || p > 0xdfff);
}

bool utf8_take(struct bytes *rest, uint32_t *point)
{
	for (unsigned f = 0; f < 4; f++)
		if ((rest->at[0] & FORMS[f].mask) == FORMS[f].lead && point_of(*rest, f, point)) {
			*rest = bytes_from(*rest, 1 + FORMS[f].more);
			return true;
		}
	*rest = bytes_from(*rest, 1);
	return false;
}

struct range {
	uint32_t first, last;
};

/* Controls, and format characters (general category Cf) that hide, join or turn text around. */
static const struct range UNSEEN[] = {
	{0x00, 0x09},       {0x0b, 0x1f},       {0x7f, 0x9f},       {0xad, 0xad},
	{0x61c, 0x61c},     {0x180e, 0x180e},   {0x200b, 0x200f},   {0x2028, 0x202e},
	{0x2060, 0x206f},   {0xfeff, 0xfeff},   {0xfff9, 0xfffb},   {0xe0000, 0xe0fff},
};

/* Blocks of scripts that run from right to left. */
static const struct range RIGHT_TO_LEFT[] = {
	{0x590, 0x8ff}, {0xfb1d, 0xfdff}, {0xfe70, 0xfefe}, {0x10800, 0x10fff}, {0x1e800, 0x1efff},
};

static bool in_ranges(const struct range *range, unsigned count, uint32_t point)
{
	for (unsigned i = 0; i < count; i++)
		if (point >= range[i].first && point <= range[i].last)
			return true;
	return false;
}

static bool is_unseen(uint32_t point)
{
	return in_ranges(UNSEEN, sizeof(UNSEEN) / sizeof(UNSEEN[0]), point);
}

static bool runs_right_to_left(struct bytes line)
{
	uint32_t point;

	while (line.size > 0)
		if (utf8_take(&line, &point) &&
		    in_ranges(RIGHT_TO_LEFT, sizeof(RIGHT_TO_LEFT) / sizeof(RIGHT_TO_LEFT[0]), point))
			return true;
	return false;
}

static void write_escape(struct writer *w, uint32_t point)
{
	char digits[8];
	unsigned used = 0;

	do {
		digits[used++] = "0123456789abcdef"[point & 15];
		point >>= 4;
	} while (point != 0 || used < 4);
	write_text(w, "\\u{");
	while (used > 0)
		write_octet(w, (uint8_t)digits[--used]);
	write_text(w, "}");
}

static void line_write_safe(struct writer *w, struct bytes line, bool isolate)
{
	bool isolated = isolate && runs_right_to_left(line);

	if (isolated)
		write_text(w, "\xe2\x81\xa8"); /* U+2068 FIRST STRONG ISOLATE */
	while (line.size > 0) {
		struct bytes before = line;
		uint32_t point;

		if (!utf8_take(&line, &point)) {
			write_text(w, "\\x");
			write_hex(w, bytes_first(before, 1));
		} else if (is_unseen(point)) {
			write_escape(w, point);
		} else {
			write_bytes(w, bytes_first(before, before.size - line.size));
		}
	}
	if (isolated)
		write_text(w, "\xe2\x81\xa9"); /* U+2069 POP DIRECTIONAL ISOLATE */
}

void utf8_write_safe(struct writer *writer, struct bytes text, bool isolate)
{
	while (text.size > 0) {
		const uint8_t *end = memchr(text.at, '\n', text.size);
		struct bytes line = end == NULL ? text : bytes_first(text, (size_t)(end - text.at));

		line_write_safe(writer, line, isolate);
		if (end != NULL)
			write_octet(writer, '\n');
		text = bytes_from(text, line.size + 1);
	}
}

unsigned utf8_width(struct bytes text)
{
	unsigned width = 0;
	uint32_t point;

	while (text.size > 0) {
		int columns = utf8_take(&text, &point) ? wcwidth((wchar_t)point) : 1;

		/* Without a UTF-8 locale the C library knows no width but of ASCII. */
		if (columns < 0)
			columns = point == 0x2068 || point == 0x2069 ? 0 : point >= 0x1100 ? 2 : 1;
		width += (unsigned)columns;
	}
	return width;
}
