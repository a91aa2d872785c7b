/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/apl.h"

#include <string.h>

#include "base/text.h"
#include "dns/address.h"

#define ITEM_FRONT 4 /* octets: family, bits, negation and size */
#define NEGATED    0x80

enum { FAMILY_IPV4 = 1, FAMILY_IPV6 = 2 };

/* Takes the item at the front; `*address` is what stands of it. */
static const uint8_t *take(struct bytes *rest, struct bytes *address)
{
	const uint8_t *item = rest->at;
	size_t size = ITEM_FRONT + (item[3] & ~(unsigned)NEGATED);

	*address = bytes_from(bytes_first(*rest, size), ITEM_FRONT);
	*rest = bytes_from(*rest, size);
	return item;
}

bool apl_check(struct bytes rdata)
{
	struct bytes address;

	while (rdata.size != 0) {
		if (rdata.size < ITEM_FRONT ||
		    rdata.size - ITEM_FRONT < (rdata.at[3] & ~(unsigned)NEGATED))
			return false;
		take(&rdata, &address);
	}
	return true;
}

static size_t size_of(const uint8_t *item)
{
	if (item[0] != 0)
		return 0;
	return item[1] == FAMILY_IPV4 ? IPV4_SIZE : item[1] == FAMILY_IPV6 ? IPV6_SIZE : 0;
}

bool apl_has_text(struct bytes rdata)
{
	struct bytes address;
	bool any = rdata.size != 0;

	while (rdata.size != 0) {
		const uint8_t *item = take(&rdata, &address);

		if (size_of(item) == 0 || address.size > size_of(item) ||
		    item[2] > 8 * size_of(item) ||
		    (address.size != 0 && address.at[address.size - 1] == 0))
			return false;
	}
	return any;
}

void apl_write_text(struct writer *writer, struct bytes rdata)
{
	for (bool first = true; rdata.size != 0; first = false) {
		uint8_t whole[IPV6_SIZE] = {0};
		struct bytes address;
		const uint8_t *item = take(&rdata, &address);

		if (address.size != 0)
			memcpy(whole, address.at, address.size);
		write_text(writer, first ? "" : " ");
		write_text(writer, (item[3] & NEGATED) != 0 ? "!" : "");
		write_number(writer, item[1]);
		write_octet(writer, ':');
		if (item[1] == FAMILY_IPV4)
			ipv4_write_text(writer, whole);
		else
			ipv6_write_text(writer, whole);
		write_octet(writer, '/');
		write_number(writer, item[2]);
	}
}

/* Divides "FAMILY:ADDRESS/BITS". */
static bool divide(struct bytes word, uint64_t *family, struct bytes *address, uint64_t *bits)
{
	size_t slash = word.size;

	if (word.size < 3 || word.at[1] != ':' || !text_number(bytes_first(word, 1), 2, family))
		return false;
	while (slash > 2 && word.at[slash - 1] != '/')
		slash--;
	if (slash <= 2 || !text_number(bytes_from(word, slash), 8 * IPV6_SIZE, bits))
		return false;
	*address = bytes_from(bytes_first(word, slash - 1), 2);
	return true;
}

bool apl_read_word(struct bytes word, struct writer *wire)
{
	bool negated = word.size != 0 && word.at[0] == '!';
	uint8_t whole[IPV6_SIZE];
	uint64_t family, bits;
	struct bytes address;
	size_t size;

	if (!divide(bytes_from(word, negated), &family, &address, &bits))
		return false;
	size = family == FAMILY_IPV4 ? IPV4_SIZE : IPV6_SIZE;
	if (family == 0 || bits > 8 * size ||
	    (family == FAMILY_IPV4 ? !ipv4_read_text(address, whole)
	                           : !ipv6_read_text(address, whole)))
		return false;
	while (size != 0 && whole[size - 1] == 0) /* section 4: zeros at the end are left out */
		size--;
	write_u16(wire, (uint16_t)family);
	write_octet(wire, (uint8_t)bits);
	write_octet(wire, (uint8_t)(size | (negated ? NEGATED : 0u)));
	write_bytes(wire, (struct bytes){whole, size});
	return true;
}
