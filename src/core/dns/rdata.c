/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rdata.h"

#include <string.h>

#include "base/base64.h"
#include "base/hex.h"
#include "base/must.h"
#include "base/text.h"
#include "dns/address.h"
#include "dns/dname.h"
#include "dns/message.h"
#include "dns/nsec.h"
#include "dns/type.h"

/*
 * The RDATA of each type as a row of fields, one letter each:
 *
 *   1 2 4  unsigned decimal of as many octets    n  name
 *   a A    IPv4, IPv6 address                    T  type covered
 *   t      time (RFC 4034 section 3.2)           s  character-strings, to the end
 *   x b    hex, base64, to the end, not empty    B  type bitmap, to the end
 */
static const struct form {
	uint16_t type;
	char fields[10];
} FORMS[] = {
	{TYPE_A, "a"},             /* RFC 1035 section 3.4.1 */
	{TYPE_NS, "n"},            /* RFC 1035 section 3.3.11 */
	{TYPE_CNAME, "n"},         /* RFC 1035 section 3.3.1 */
	{TYPE_SOA, "nn44444"},     /* RFC 1035 section 3.3.13 */
	{TYPE_PTR, "n"},           /* RFC 1035 section 3.3.12 */
	{TYPE_MX, "2n"},           /* RFC 1035 section 3.3.9 */
	{TYPE_TXT, "s"},           /* RFC 1035 section 3.3.14 */
	{TYPE_AAAA, "A"},          /* RFC 3596 section 2.2 */
	{TYPE_DS, "211x"},         /* RFC 4034 section 5 */
	{TYPE_RRSIG, "T114tt2nb"}, /* RFC 4034 section 3 */
	{TYPE_NSEC, "nB"},         /* RFC 4034 section 4 */
	{TYPE_DNSKEY, "211b"},     /* RFC 4034 section 2 */
	{TYPE_ZONEMD, "411x"},     /* RFC 8976 section 2 */
};

static const char *fields_of(uint16_t type)
{
	for (size_t i = 0; i < sizeof(FORMS) / sizeof(FORMS[0]); i++)
		if (FORMS[i].type == type)
			return FORMS[i].fields;
	return NULL;
}

/* Octets of a field whose size does not depend on what it holds; 0 for the others. */
static size_t fixed_size(char field)
{
	switch (field) {
	case '1':
		return 1;
	case '2':
	case 'T':
		return 2;
	case '4':
	case 't':
	case 'a':
		return 4;
	case 'A':
		return IPV6_SIZE;
	default:
		return 0;
	}
}

/* The size of the name at the front of checked RDATA. */
static size_t name_size(struct bytes rdata)
{
	size_t size = 0;

	while (rdata.at[size] != 0)
		size += 1u + rdata.at[size];
	must(size < rdata.size);
	return size + 1;
}

/* ---- wire ---- */

static enum mishap check_strings(struct bytes wire)
{
	if (wire.size == 0)
		return MISHAP_SHORT;
	while (wire.size != 0) {
		if (wire.size < 1u + wire.at[0])
			return MISHAP_SHORT;
		wire = bytes_from(wire, 1u + wire.at[0]);
	}
	return OK;
}

/* Checks the field at the front of `wire`; `*taken` is its size. */
static enum mishap check_field(char field, struct bytes wire, size_t *taken)
{
	struct dname name;

	*taken = fixed_size(field);
	if (*taken != 0)
		return wire.size < *taken ? MISHAP_SHORT : OK;
	if (field == 'n')
		return dname_read(wire, &name, taken);
	*taken = wire.size;
	if (field == 'B')
		return type_bitmap_check(wire) ? OK : MISHAP_MALFORMED;
	if (field == 's')
		return check_strings(wire);
	return wire.size == 0 ? MISHAP_SHORT : OK;
}

/* Digest sizes of DS (RFC 4509, 6605; SHA-1 of RFC 4034) and ZONEMD (RFC 8976 section 2.2.3)
 * where we know the algorithm; an unknown one may have any size. */
static enum mishap check_digest(uint16_t type, struct bytes wire)
{
	static const uint8_t ds_size[] = {[1] = 20, [2] = 32, [4] = 48};
	static const uint8_t zonemd_size[] = {[1] = 48, [2] = 64};
	uint8_t want = 0;

	if (type == TYPE_DS && wire.at[3] < sizeof(ds_size))
		want = ds_size[wire.at[3]];
	if (type == TYPE_ZONEMD && wire.at[5] < sizeof(zonemd_size))
		want = zonemd_size[wire.at[5]];
	if (type == TYPE_ZONEMD && wire.size - 6 < 12) /* RFC 8976 section 2.2.4 */
		return MISHAP_MALFORMED;
	size_t size = wire.size - (type == TYPE_DS ? 4 : 6);
	return want == 0 || size == want ? OK : MISHAP_MALFORMED;
}

enum mishap rdata_check(uint16_t type, struct bytes wire)
{
	const char *fields = fields_of(type);
	struct bytes rest = wire;

	if (wire.size > RDATA_SIZE_MAX)
		return MISHAP_LIMIT;
	if (fields == NULL)
		return OK;
	for (; *fields != '\0'; fields++) {
		size_t taken;
		enum mishap m = check_field(*fields, rest, &taken);

		if (m != OK)
			return m;
		rest = bytes_from(rest, taken);
	}
	if (rest.size != 0)
		return MISHAP_TRAILING;
	return type == TYPE_DS || type == TYPE_ZONEMD ? check_digest(type, wire) : OK;
}

/* Copies fields up to the end or to the one that takes the rest, names without compression. */
static enum mishap expand(const char *fields, struct bytes message, size_t *at, size_t end,
                          struct writer *to)
{
	for (; *fields != '\0'; fields++) {
		size_t size = fixed_size(*fields);
		struct dname name;

		if (*fields == 'n') {
			enum mishap m = message_read_name(bytes_first(message, end), at, &name);
			if (m != OK)
				return m;
			write_bytes(to, dname_bytes(&name));
			continue;
		}
		if (size == 0)
			break;
		if (end - *at < size)
			return MISHAP_SHORT;
		write_bytes(to, bytes_first(bytes_from(message, *at), size));
		*at += size;
	}
	return OK;
}

enum mishap rdata_read_message(uint16_t type, struct bytes message, size_t at, size_t size,
                               struct writer *to)
{
	const char *fields = fields_of(type);
	size_t start = to->used, end = at + size;
	enum mishap m = OK;

	must(at <= message.size && size <= message.size - at);
	if (fields != NULL)
		m = expand(fields, message, &at, end, to);
	if (m != OK)
		return m;
	write_bytes(to, bytes_first(bytes_from(message, at), end - at));
	if (to->full)
		return MISHAP_FULL;
	return rdata_check(type, bytes_from(writer_bytes(to), start));
}

unsigned rdata_names(uint16_t type, struct bytes rdata, struct bytes names[RDATA_NAMES_MAX])
{
	const char *fields = fields_of(type);
	unsigned count = 0;

	for (; fields != NULL && *fields != '\0'; fields++) {
		size_t size = fixed_size(*fields);

		if (*fields == 'n') {
			size = name_size(rdata);
			must(count < RDATA_NAMES_MAX);
			names[count++] = bytes_first(rdata, size);
		}
		if (size == 0) /* a field that goes to the end */
			break;
		rdata = bytes_from(rdata, size);
	}
	return count;
}

void rdata_lower(uint16_t type, uint8_t *wire, size_t size)
{
	struct bytes names[RDATA_NAMES_MAX];
	unsigned count = rdata_names(type, (struct bytes){wire, size}, names);

	for (unsigned n = 0; n < count; n++) {
		uint8_t *at = wire + (names[n].at - wire);
		for (size_t i = 0; i < names[n].size; i++)
			at[i] = dname_lower(at[i]);
	}
}

/* ---- writing text ---- */

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

static void write_string(struct writer *writer, struct bytes string)
{
	write_octet(writer, '"');
	for (size_t i = 0; i < string.size; i++) {
		uint8_t c = string.at[i];

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

static void write_strings(struct writer *writer, struct bytes strings)
{
	for (bool first = true; strings.size != 0; first = false) {
		if (!first)
			write_octet(writer, ' ');
		write_string(writer, bytes_first(bytes_from(strings, 1), strings.at[0]));
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
		dname_write_text(writer, octets);
		break;
	case 'T':
		type_write_text(writer, (uint16_t)big_endian(octets));
		break;
	case 't':
		write_moment(writer, big_endian(octets));
		break;
	case 's':
		write_strings(writer, octets);
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

void rdata_write_text(struct writer *writer, uint16_t type, struct bytes rdata)
{
	const char *fields = fields_of(type);

	if (fields == NULL) {
		write_opaque(writer, rdata);
		return;
	}
	for (const char *f = fields; *f != '\0'; f++) {
		size_t size = *f == 'n' ? name_size(rdata) : fixed_size(*f);

		if (size == 0)
			size = rdata.size;
		if (f != fields && *f != 'B')
			write_octet(writer, ' ');
		write_field_text(writer, *f, bytes_first(rdata, size));
		rdata = bytes_from(rdata, size);
	}
}

/* ---- reading text ---- */

/* Exactly fourteen digits that name a moment of 32 bits. */
static bool read_moment(struct bytes word, struct writer *wire)
{
	static const uint8_t place[14] = {0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18};
	uint8_t text[TIME_TEXT_SIZE] = "0000-00-00T00:00:00Z";
	struct ledger_time time;

	if (word.size != sizeof(place))
		return false;
	for (size_t i = 0; i < sizeof(place); i++)
		text[place[i]] = word.at[i];
	if (!time_read((struct bytes){text, sizeof(text)}, &time) || time.seconds > UINT32_MAX)
		return false;
	write_u32(wire, (uint32_t)time.seconds);
	return true;
}

static bool read_number(struct bytes word, size_t size, struct writer *wire)
{
	uint64_t value;

	if (!text_number(word, ((uint64_t)1 << (8 * size)) - 1, &value))
		return false;
	for (size_t i = size; i-- > 0;)
		write_octet(wire, (uint8_t)(value >> (8 * i)));
	return true;
}

static bool read_hex(struct bytes word, struct writer *wire)
{
	if (word.size % 2 != 0)
		return false;
	for (size_t i = 0; i < word.size; i += 2) {
		uint8_t pair[2] = {dname_lower(word.at[i]), dname_lower(word.at[i + 1])}, octet;

		if (!hex_read((struct bytes){pair, 2}, &octet, 1))
			return false;
		write_octet(wire, octet);
	}
	return true;
}

static bool read_base64(struct bytes word, struct writer *wire)
{
	for (; word.size != 0; word = bytes_from(word, 4)) {
		uint8_t octets[3];
		size_t size;

		if (!base64_read(bytes_first(word, 4), octets, sizeof(octets), &size) ||
		    (size < 3 && word.size > 4))
			return false;
		write_bytes(wire, (struct bytes){octets, size});
	}
	return true;
}

/* One field that is a word. */
static bool read_word_field(char field, struct bytes word, struct writer *wire)
{
	uint8_t address[IPV6_SIZE];
	struct dname name;
	uint16_t type;

	switch (field) {
	case 'a':
		if (!ipv4_read_text(word, address))
			return false;
		write_bytes(wire, (struct bytes){address, IPV4_SIZE});
		return true;
	case 'A':
		if (!ipv6_read_text(word, address))
			return false;
		write_bytes(wire, (struct bytes){address, IPV6_SIZE});
		return true;
	case 'n':
		if (dname_read_text(word, &name) != OK)
			return false;
		write_bytes(wire, dname_bytes(&name));
		return true;
	case 'T':
		if (!type_read_text(word, &type))
			return false;
		write_u16(wire, type);
		return true;
	case 't':
		return read_moment(word, wire);
	case 'x':
		return read_hex(word, wire);
	case 'b':
		return read_base64(word, wire);
	default:
		return read_number(word, fixed_size(field), wire);
	}
}

/* One octet of a string, escapes undone. */
static bool read_string_octet(struct bytes *rest, uint8_t *octet)
{
	size_t taken = 1;
	uint64_t value = 0;

	*octet = rest->at[0];
	if (*octet == '\\') {
		if (rest->size < 2)
			return false;
		*octet = rest->at[1];
		taken = 2;
		if (*octet >= '0' && *octet <= '9') {
			if (rest->size < 4)
				return false;
			for (size_t i = 1; i < 4; i++) {
				if (rest->at[i] < '0' || rest->at[i] > '9')
					return false;
				value = value * 10 + (uint64_t)(rest->at[i] - '0');
			}
			if (value > UINT8_MAX)
				return false;
			*octet = (uint8_t)value;
			taken = 4;
		}
	}
	*rest = bytes_from(*rest, taken);
	return true;
}

/* One character-string, quoted or not, off the front. */
static bool read_string(struct bytes *rest, struct writer *wire)
{
	bool quoted = rest->at[0] == '"';
	uint8_t end = quoted ? '"' : ' ', octets[UINT8_MAX];
	size_t size = 0;

	if (quoted)
		*rest = bytes_from(*rest, 1);
	while (rest->size != 0 && rest->at[0] != end) {
		if (size == sizeof(octets) || (!quoted && rest->at[0] == '"') ||
		    !read_string_octet(rest, &octets[size]))
			return false;
		size++;
	}
	if (quoted) {
		if (rest->size == 0)
			return false;
		*rest = bytes_from(*rest, 1);
	}
	write_octet(wire, (uint8_t)size);
	write_bytes(wire, (struct bytes){octets, size});
	return quoted || size != 0;
}

static bool read_strings(struct bytes text, struct writer *wire)
{
	for (;;) {
		if (text.size == 0 || !read_string(&text, wire))
			return false;
		if (text.size == 0)
			return true;
		if (text.at[0] != ' ')
			return false;
		text = bytes_from(text, 1);
	}
}

#define TYPES_MAX 256 /* in the text of one bitmap */

static bool read_types(struct bytes text, struct writer *wire)
{
	uint16_t types[TYPES_MAX];
	size_t count = 0;
	struct bytes word;

	while (text.size != 0) {
		if (count == TYPES_MAX || !text_word(&text, &word) ||
		    !type_read_text(word, &types[count]))
			return false;
		count++;
	}
	type_bitmap_write(wire, types, count);
	return true;
}

static bool read_opaque(struct bytes text, struct writer *wire)
{
	struct bytes word;
	uint64_t size;
	size_t before = wire->used;

	if (!text_word(&text, &word) || !text_word_number(&text, RDATA_SIZE_MAX, &size))
		return false;
	while (text.size != 0)
		if (!text_word(&text, &word) || !read_hex(word, wire))
			return false;
	return wire->used - before == size;
}

/* The fields in turn; `*rest` stands before the field that failed. */
static bool read_fields(const char *fields, struct bytes *rest, struct writer *wire)
{
	for (; *fields != '\0'; fields++) {
		struct bytes word, after = *rest;

		if (*fields == 's' || *fields == 'B')
			return *fields == 's' ? read_strings(*rest, wire)
			                      : read_types(*rest, wire);
		if (!text_word(&after, &word) || !read_word_field(*fields, word, wire))
			return false;
		*rest = after;
	}
	return rest->size == 0;
}

bool rdata_read_text(uint16_t type, struct bytes text, struct arena *arena, struct bytes *rdata,
                     struct fault *fault)
{
	const char *fields = fields_of(type);
	struct writer wire = writer_in(arena);
	struct bytes rest = text, read;
	bool good;

	if (fields == NULL || bytes_starts(text, BYTES("\\# ")))
		good = bytes_starts(text, BYTES("\\# ")) && read_opaque(text, &wire);
	else
		good = read_fields(fields, &rest, &wire);
	if (!good) {
		uint32_t column = (uint32_t)(text.size - rest.size) + 1;
		*fault = (struct fault){1, column, "not the data of this type"};
		return false;
	}
	read = writer_keep(&wire, arena);
	if (rdata_check(type, read) != OK) {
		*fault = (struct fault){1, 1, "data of the wrong size for this type"};
		return false;
	}
	rdata_lower(type, arena->at + (read.at - arena->at), read.size);
	*rdata = read;
	return true;
}
