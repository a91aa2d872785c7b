/* SPDX-License-Identifier: Apache-2.0 */
/* RDATA as text. */
#include "base/base32hex.h"
#include "base/text.h"
#include "dns/address.h"
#include "dns/apl.h"
#include "dns/dname.h"
#include "dns/escape.h"
#include "dns/loc.h"
#include "dns/nsec.h"
#include "dns/rdata.h"
#include "dns/rdata_form.h"
#include "dns/type.h"

static uint64_t big_endian(struct bytes from)
{
	uint64_t value = 0;

	for (size_t i = 0; i < from.size; i++)
		value = value << 8 | from.at[i];
	return value;
}

/* YYYYMMDDHHmmSS: the digits of a ledger time, without what stands between. */
static void write_moment(struct writer *writer, uint64_t seconds)
{
	char text[TIME_TEXT_SIZE];

	time_write(text, (struct ledger_time){(int64_t)seconds});
	for (size_t i = 0; i < sizeof(text); i++)
		if (text[i] >= '0' && text[i] <= '9')
			write_octet(writer, (uint8_t)text[i]);
}

static void write_strings(struct writer *writer, struct bytes strings)
{
	for (bool first = true; strings.size != 0; first = false) {
		if (!first)
			write_octet(writer, ' ');
		escape_write_quoted(writer, bytes_first(bytes_from(strings, 1), strings.at[0]));
		strings = bytes_from(strings, 1u + strings.at[0]);
	}
}

static void write_types(struct writer *writer, struct bytes bitmap)
{
	for (uint32_t type = 0; type_bitmap_next(bitmap, &type); type++) {
		write_octet(writer, ' ');
		type_write_text(writer, (uint16_t)type);
	}
}

static void write_salt(struct writer *writer, struct bytes salt)
{
	if (salt.size == 0)
		write_octet(writer, '-');
	write_hex(writer, salt);
}

/* RFC 7043: octets in hex, dashes between. */
static void write_eui(struct writer *writer, struct bytes octets)
{
	for (size_t i = 0; i < octets.size; i++) {
		write_text(writer, i == 0 ? "" : "-");
		write_hex(writer, bytes_first(bytes_from(octets, i), 1));
	}
}

/* RFC 6742 section 2.1.2: groups of four digits, colons between. */
static void write_groups(struct writer *writer, struct bytes octets)
{
	for (size_t i = 0; i < octets.size; i += 2) {
		write_text(writer, i == 0 ? "" : ":");
		write_hex(writer, bytes_first(bytes_from(octets, i), 2));
	}
}

/* Octets of a gateway or relay of that kind: nothing, IPv4, IPv6, a name (RFC 4025 section 2.5,
 * RFC 8777 section 4.2). */
static size_t gateway_size(unsigned kind, struct bytes gateway)
{
	return kind == 1   ? IPV4_SIZE
	       : kind == 2 ? IPV6_SIZE
	       : kind == 3 ? rdata_field_size('n', gateway)
	                   : 0;
}

static void write_gateway(struct writer *writer, unsigned kind, struct bytes gateway)
{
	if (kind == 0)
		write_octet(writer, '.');
	else if (kind == 1)
		ipv4_write_text(writer, gateway.at);
	else if (kind == 2)
		ipv6_write_text(writer, gateway.at);
	else
		dname_write_text(writer, bytes_first(gateway, gateway_size(kind, gateway)));
}

/* RFC 4025 section 3.1. */
static void write_gateway_and_key(struct writer *writer, struct bytes octets)
{
	struct bytes gateway = bytes_from(octets, 2);
	size_t size = gateway_size(octets.at[0], gateway);

	write_number(writer, octets.at[0]);
	write_octet(writer, ' ');
	write_number(writer, octets.at[1]);
	write_octet(writer, ' ');
	write_gateway(writer, octets.at[0], gateway);
	if (gateway.size == size)
		return;
	write_octet(writer, ' ');
	write_base64(writer, bytes_from(gateway, size));
}

/* RFC 8777 section 4.3.1: whether it may be found without asking, the type, the relay. */
static void write_relay(struct writer *writer, struct bytes octets)
{
	write_text(writer, octets.at[0] >> 7 != 0 ? "1 " : "0 ");
	write_number(writer, octets.at[0] & 0x7f);
	write_octet(writer, ' ');
	write_gateway(writer, octets.at[0] & 0x7f, bytes_from(octets, 1));
}

/* RFC 8005 section 6. */
static void write_identity(struct writer *writer, struct bytes octets)
{
	size_t tag = octets.at[0], key = (size_t)octets.at[2] << 8 | octets.at[3];
	struct bytes names = bytes_from(octets, 4 + tag + key);

	write_number(writer, octets.at[1]);
	write_octet(writer, ' ');
	write_hex(writer, bytes_first(bytes_from(octets, 4), tag));
	write_octet(writer, ' ');
	write_base64(writer, bytes_first(bytes_from(octets, 4 + tag), key));
	while (names.size != 0) {
		size_t size = rdata_field_size('n', names);

		write_octet(writer, ' ');
		dname_write_text(writer, bytes_first(names, size));
		names = bytes_from(names, size);
	}
}

/* Writes the field that is all of `octets`. */
static void write_field_text(struct writer *writer, char field, struct bytes octets)
{
	switch (field) {
	case 'a':
		ipv4_write_text(writer, octets.at);
		break;
	case 'A':
		ipv6_write_text(writer, octets.at);
		break;
	case 'n':
	case 'N':
		dname_write_text(writer, octets);
		break;
	case 'T':
		type_write_text(writer, (uint16_t)big_endian(octets));
		break;
	case 't':
		write_moment(writer, big_endian(octets));
		break;
	case 's':
	case 'c':
		write_strings(writer, octets);
		break;
	case 'q':
		escape_write_quoted(writer, octets);
		break;
	case 'g':
		write_bytes(writer, bytes_from(octets, 1));
		break;
	case 'S':
		write_salt(writer, bytes_from(octets, 1));
		break;
	case 'H':
		base32hex_write(writer, bytes_from(octets, 1));
		break;
	case 'x':
		write_hex(writer, octets);
		break;
	case 'b':
		write_base64(writer, octets);
		break;
	case 'B':
		write_types(writer, octets); /* brings its own blanks: it may be empty */
		break;
	case 'e':
	case 'E':
		write_eui(writer, octets);
		break;
	case 'h':
		write_groups(writer, octets);
		break;
	case 'L':
		loc_write_text(writer, octets);
		break;
	case 'p':
		apl_write_text(writer, octets);
		break;
	case 'G':
		write_gateway_and_key(writer, octets);
		break;
	case 'R':
		write_relay(writer, octets);
		break;
	case 'K':
		write_identity(writer, octets);
		break;
	default:
		write_number(writer, big_endian(octets));
	}
}

static void write_opaque(struct writer *writer, struct bytes rdata)
{
	write_text(writer, "\\# ");
	write_number(writer, rdata.size);
	if (rdata.size != 0)
		write_octet(writer, ' ');
	write_hex(writer, rdata);
}

/* Names whose case is kept have no text of their own where they have capitals. */
static bool names_are_low(struct bytes names)
{
	for (size_t size; names.size != 0; names = bytes_from(names, size)) {
		size = rdata_field_size('n', names);
		if (!dname_check(bytes_first(names, size)))
			return false;
	}
	return true;
}

static bool name_is_low(struct bytes octets)
{
	return names_are_low(bytes_first(octets, rdata_field_size('n', octets)));
}

static bool field_has_text(char field, struct bytes octets)
{
	switch (field) {
	case 'P': /* service parameters have many */
		return false;
	case 'N':
		return names_are_low(octets);
	case 'L':
		return loc_has_text(octets);
	case 'p':
		return apl_has_text(octets);
	case 'G':
		return octets.at[0] != 3 || name_is_low(bytes_from(octets, 2));
	case 'R': /* a relay of a type to come may be anything */
		return (octets.at[0] & 0x7f) < 3 ||
		       ((octets.at[0] & 0x7f) == 3 && name_is_low(bytes_from(octets, 1)));
	case 'K':
		return names_are_low(
			bytes_from(octets, 4u + octets.at[0] +
		                                   ((size_t)octets.at[2] << 8 | octets.at[3])));
	default:
		return true;
	}
}

/* Whatever has no text but the one for unknown types. */
static bool has_text(const char *fields, struct bytes rdata)
{
	for (; *fields != '\0'; fields++) {
		size_t size = rdata_field_size(*fields, rdata);

		if (!field_has_text(*fields, bytes_first(rdata, size)))
			return false;
		rdata = bytes_from(rdata, size);
	}
	return true;
}

void rdata_write_text(struct writer *writer, uint16_t type, struct bytes rdata)
{
	const char *fields = rdata_fields(type);

	if (fields == NULL || !has_text(fields, rdata)) {
		write_opaque(writer, rdata);
		return;
	}
	for (const char *f = fields; *f != '\0'; f++) {
		size_t size = rdata_field_size(*f, rdata);

		if (f != fields && *f != 'B')
			write_octet(writer, ' ');
		write_field_text(writer, *f, bytes_first(rdata, size));
		rdata = bytes_from(rdata, size);
	}
}
