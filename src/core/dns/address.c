/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/address.h"

#include <string.h>

#include "base/text.h"

#define GROUPS 8 /* of 16 bits in an IPv6 address */

bool ipv4_read_text(struct bytes text, uint8_t octets[IPV4_SIZE])
{
	uint8_t read[IPV4_SIZE];

	for (unsigned i = 0; i < IPV4_SIZE; i++) {
		size_t size = 0;
		uint64_t number;

		while (size < text.size && text.at[size] != '.')
			size++;
		if ((size < text.size) != (i < IPV4_SIZE - 1) ||
		    !text_number(bytes_first(text, size), UINT8_MAX, &number))
			return false;
		read[i] = (uint8_t)number;
		text = bytes_from(text, size + 1);
	}
	memcpy(octets, read, IPV4_SIZE);
	return true;
}

void ipv4_write_text(struct writer *writer, const uint8_t octets[IPV4_SIZE])
{
	for (unsigned i = 0; i < IPV4_SIZE; i++) {
		if (i > 0)
			write_octet(writer, '.');
		write_number(writer, octets[i]);
	}
}

/* One to four hex digits off the front; false when there is none or more than four. */
static bool read_group(struct bytes *rest, uint8_t to[2])
{
	unsigned value = 0, digits = 0;

	for (; digits < rest->size; digits++) {
		uint8_t c = rest->at[digits];
		if (c >= '0' && c <= '9')
			value = value << 4 | (unsigned)(c - '0');
		else if ((c | 32) >= 'a' && (c | 32) <= 'f')
			value = value << 4 | (unsigned)((c | 32) - 'a' + 10);
		else
			break;
		if (digits == 4)
			return false;
	}
	if (digits == 0)
		return false;
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
	*rest = bytes_from(*rest, digits);
	return true;
}

/* Groups with colons between, the last two perhaps as an IPv4 address; stops before
 * "::" or at the end. Returns how many groups, or -1. */
static int read_groups(struct bytes *rest, uint8_t *to, int most)
{
	int count = 0;

	while (rest->size != 0 && !bytes_starts(*rest, BYTES("::"))) {
		if (count > 0) {
			if (rest->at[0] != ':')
				return -1;
			*rest = bytes_from(*rest, 1);
		}
		if (count + 2 <= most && ipv4_read_text(*rest, to + 2 * count)) {
			*rest = (struct bytes){NULL, 0};
			return count + 2;
		}
		if (count >= most || !read_group(rest, to + 2 * count))
			return -1;
		count++;
	}
	return count;
}

bool ipv6_read_text(struct bytes text, uint8_t octets[IPV6_SIZE])
{
	uint8_t head[IPV6_SIZE] = {0}, tail[IPV6_SIZE];
	int heads = read_groups(&text, head, GROUPS), tails;

	if (heads < 0)
		return false;
	if ((text.size == 0) != (heads == GROUPS)) /* "::" stands for at least one group */
		return false;
	if (text.size != 0) {
		text = bytes_from(text, 2);
		tails = read_groups(&text, tail, GROUPS - 1 - heads);
		if (tails < 0 || text.size != 0)
			return false;
		memcpy(head + IPV6_SIZE - 2 * tails, tail, 2 * (size_t)tails);
	}
	memcpy(octets, head, IPV6_SIZE);
	return true;
}

/* The first longest run of zero groups, at least two; returns its length, 0 when there is none.
 */
static int zero_run(const uint16_t group[GROUPS], int *first)
{
	int longest = 1;

	for (int i = 0; i < GROUPS; i++) {
		int run = 0;

		while (i + run < GROUPS && group[i + run] == 0)
			run++;
		if (run > longest) {
			longest = run;
			*first = i;
		}
	}
	return longest > 1 ? longest : 0;
}

static void write_group(struct writer *writer, uint16_t group)
{
	bool begun = false;

	for (int shift = 12; shift >= 0; shift -= 4) {
		unsigned digit = (unsigned)group >> shift & 15;
		begun = begun || digit != 0 || shift == 0;
		if (begun)
			write_octet(writer, (uint8_t) "0123456789abcdef"[digit]);
	}
}

void ipv6_write_text(struct writer *writer, const uint8_t octets[IPV6_SIZE])
{
	static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
	uint16_t group[GROUPS];
	int first = GROUPS, run;

	if (memcmp(octets, mapped, sizeof(mapped)) == 0) {
		write_text(writer, "::ffff:");
		ipv4_write_text(writer, octets + sizeof(mapped));
		return;
	}
	for (int i = 0; i < GROUPS; i++)
		group[i] = (uint16_t)(octets[2 * i] << 8 | octets[2 * i + 1]);
	run = zero_run(group, &first);
	for (int i = 0; i < GROUPS; i++) {
		if (i == first) {
			write_text(writer, "::");
			i += run - 1;
			continue;
		}
		if (i > 0 && i != first + run)
			write_octet(writer, ':');
		write_group(writer, group[i]);
	}
}
