/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/loc.h"

#include "base/text.h"

#define EQUATOR      0x80000000u /* and prime meridian, in thousandths of a second of arc */
#define DEGREE       3600000u    /* the same unit */
#define SEA_LEVEL    10000000    /* centimetres above the base of altitudes */
#define LENGTH_MAX   9000000000u /* centimetres: 9e9 */
#define ALTITUDE_MAX 4284967295u /* centimetres above sea level */

static uint32_t load32(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* ---- writing ---- */

static bool length_good(uint8_t length)
{
	return length >> 4 <= 9 && (length & 15) <= 9 && (length >> 4 != 0 || length == 0);
}

static bool angle_good(uint32_t angle, uint32_t degrees)
{
	return (angle > EQUATOR ? angle - EQUATOR : EQUATOR - angle) <= degrees * DEGREE;
}

bool loc_has_text(struct bytes rdata)
{
	return rdata.size == LOC_SIZE && rdata.at[0] == 0 && length_good(rdata.at[1]) &&
	       length_good(rdata.at[2]) && length_good(rdata.at[3]) &&
	       angle_good(load32(rdata.at + 4), 90) && angle_good(load32(rdata.at + 8), 180);
}

/* With exactly so many digits. */
static void write_digits(struct writer *to, uint32_t value, unsigned digits)
{
	for (uint32_t unit = digits == 3 ? 100 : 10; unit != 0; unit /= 10)
		write_octet(to, (uint8_t)('0' + value / unit % 10));
}

static void write_angle(struct writer *to, uint32_t angle, char after, char before)
{
	uint32_t from = angle >= EQUATOR ? angle - EQUATOR : EQUATOR - angle;

	write_number(to, from / DEGREE);
	write_octet(to, ' ');
	write_number(to, from / 60000 % 60);
	write_octet(to, ' ');
	write_number(to, from / 1000 % 60);
	write_octet(to, '.');
	write_digits(to, from % 1000, 3);
	write_octet(to, ' ');
	write_octet(to, (uint8_t)(angle >= EQUATOR ? after : before));
	write_octet(to, ' ');
}

static void write_metres(struct writer *to, uint64_t centimetres)
{
	write_number(to, centimetres / 100);
	write_octet(to, '.');
	write_digits(to, (uint32_t)(centimetres % 100), 2);
	write_octet(to, 'm');
}

static void write_length(struct writer *to, uint8_t length)
{
	uint64_t centimetres = length >> 4;

	for (unsigned i = length & 15; i != 0; i--)
		centimetres *= 10;
	write_octet(to, ' ');
	write_metres(to, centimetres);
}

void loc_write_text(struct writer *to, struct bytes rdata)
{
	int64_t altitude = (int64_t)load32(rdata.at + 12) - SEA_LEVEL;

	write_angle(to, load32(rdata.at + 4), 'N', 'S');
	write_angle(to, load32(rdata.at + 8), 'E', 'W');
	if (altitude < 0)
		write_octet(to, '-');
	write_metres(to, (uint64_t)(altitude < 0 ? -altitude : altitude));
	for (unsigned i = 1; i <= 3; i++)
		write_length(to, rdata.at[i]);
}

/* ---- reading ---- */

/* A decimal with at most `digits` behind the point, in units of the last of these. */
static bool read_decimal(struct bytes word, unsigned digits, uint64_t most, uint64_t *value)
{
	size_t point = 0, behind;
	uint64_t sum = 0;

	while (point < word.size && word.at[point] != '.')
		point++;
	behind = point < word.size ? word.size - point - 1 : 0;
	if (point == 0 || point > 10 || behind > digits)
		return false;
	for (size_t i = 0; i < word.size; i++) {
		if (i == point)
			continue;
		if (word.at[i] < '0' || word.at[i] > '9')
			return false;
		sum = sum * 10 + (uint64_t)(word.at[i] - '0');
	}
	for (; behind < digits; behind++)
		sum *= 10;
	if (sum > most)
		return false;
	*value = sum;
	return true;
}

/* Takes the words of an angle, up to the letter of its side. */
static bool read_angle(const struct bytes **word, const struct bytes *end, uint32_t degrees,
                       const char *sides, struct writer *wire)
{
	uint64_t part[3] = {0, 0, 0}, angle;
	const uint64_t most[3] = {degrees, 59, 59999};
	unsigned count = 0;

	for (; *word != end && count < 3 && (*word)->at[0] <= '9'; (*word)++, count++)
		if (!read_decimal(**word, count == 2 ? 3 : 0, most[count], &part[count]))
			return false;
	angle = part[0] * DEGREE + part[1] * 60000 + part[2];
	if (count == 0 || *word == end || (*word)->size != 1 ||
	    angle > (uint64_t)degrees * DEGREE)
		return false;
	uint8_t side = (*word)->at[0] & 0xdf; /* in capitals */
	(*word)++;
	if (side != (uint8_t)sides[0] && side != (uint8_t)sides[1])
		return false;
	write_u32(wire, side == (uint8_t)sides[0] ? EQUATOR + (uint32_t)angle
	                                          : EQUATOR - (uint32_t)angle);
	return true;
}

/* Centimetres of a length in metres. */
static bool read_metres(struct bytes word, uint64_t most, uint64_t *centimetres)
{
	if (word.size != 0 && (word.at[word.size - 1] | 0x20) == 'm')
		word.size--;
	return read_decimal(word, 2, most, centimetres);
}

static bool read_altitude(struct bytes word, struct writer *wire)
{
	bool below = word.size != 0 && word.at[0] == '-';
	uint64_t centimetres;

	if (!read_metres(bytes_from(word, below), below ? SEA_LEVEL : ALTITUDE_MAX,
	                 &centimetres))
		return false;
	write_u32(wire, (uint32_t)(below ? SEA_LEVEL - centimetres : SEA_LEVEL + centimetres));
	return true;
}

static bool read_length(struct bytes word, uint8_t *length)
{
	uint64_t centimetres;
	unsigned power = 0;

	if (!read_metres(word, LENGTH_MAX, &centimetres))
		return false;
	for (; centimetres > 9; centimetres /= 10)
		power++;
	*length = (uint8_t)(centimetres << 4 | power);
	return true;
}

bool loc_read_words(const struct bytes *word, size_t count, struct writer *wire)
{
	uint8_t length[3] = {0x12, 0x16, 0x13}; /* section 3: 1 m, 10,000 m and 10 m */
	const struct bytes *end = word + count;
	size_t start = wire->used;

	write_octet(wire, 0);
	write_bytes(wire, (struct bytes){length, sizeof(length)});
	if (!read_angle(&word, end, 90, "NS", wire) ||
	    !read_angle(&word, end, 180, "EW", wire) || word == end ||
	    !read_altitude(*word++, wire))
		return false;
	for (unsigned i = 0; word != end; i++)
		if (i == 3 || !read_length(*word++, &length[i]))
			return false;
	for (unsigned i = 0; i < 3 && !wire->full; i++)
		wire->at[start + 1 + i] = length[i];
	return true;
}
