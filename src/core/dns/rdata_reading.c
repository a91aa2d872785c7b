/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rdata_reading.h"

#include <string.h>

#include "base/base32hex.h"
#include "base/text.h"
#include "base/time.h"
#include "dns/address.h"
#include "dns/dname.h"
#include "dns/escape.h"
#include "dns/rdata_form.h"
#include "dns/ttl.h"
#include "dns/type.h"

bool reading_fault(const struct reading *r, const char *why)
{
	*r->why = why;
	return false;
}

/* Exactly fourteen digits that name a moment of 32 bits. */
static bool read_date(struct bytes word, struct writer *wire)
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

/* RFC 4034 section 3.2: a date, or the seconds since 1970. */
static bool read_moment(const struct reading *r, struct bytes word)
{
	uint64_t seconds;

	if (word.size == 14)
		return read_date(word, r->wire);
	if (r->words->strict || !text_number(word, UINT32_MAX, &seconds))
		return false;
	write_u32(r->wire, (uint32_t)seconds);
	return true;
}

static void write_big_endian(struct writer *wire, uint64_t value, size_t size)
{
	for (size_t i = size; i-- > 0;)
		write_octet(wire, (uint8_t)(value >> (8 * i)));
}

/* A decimal; leading zeros are for other people's files. */
bool reading_number(const struct reading *r, struct bytes word, size_t size)
{
	uint64_t value;

	while (!r->words->strict && word.size > 1 && word.at[0] == '0')
		word = bytes_from(word, 1);
	if (!text_number(word, ((uint64_t)1 << (8 * size)) - 1, &value))
		return false;
	write_big_endian(r->wire, value, size);
	return true;
}

/* A number of an SOA that counts seconds. */
static bool read_span(const struct reading *r, struct bytes word)
{
	uint32_t seconds;

	if (r->words->strict)
		return reading_number(r, word, 4);
	if (!ttl_read(word, UINT32_MAX, &seconds))
		return false;
	write_u32(r->wire, seconds);
	return true;
}

/* RFC 4034 appendix A.1: an algorithm by number or by mnemonic. */
static bool read_algorithm(const struct reading *r, struct bytes word)
{
	static const struct {
		uint8_t number;
		char mnemonic[20];
	} ALGORITHMS[] = {
		{1, "RSAMD5"},
		{2, "DH"},
		{3, "DSA"},
		{5, "RSASHA1"},
		{6, "DSA-NSEC3-SHA1"},
		{7, "RSASHA1-NSEC3-SHA1"},
		{8, "RSASHA256"},
		{10, "RSASHA512"},
		{12, "ECC-GOST"},
		{13, "ECDSAP256SHA256"},
		{14, "ECDSAP384SHA384"},
		{15, "ED25519"},
		{16, "ED448"},
		{252, "INDIRECT"},
		{253, "PRIVATEDNS"},
		{254, "PRIVATEOID"},
	};

	for (size_t i = 0; !r->words->strict && i < sizeof(ALGORITHMS) / sizeof(ALGORITHMS[0]);
	     i++)
		if (bytes_same(word, bytes_of(ALGORITHMS[i].mnemonic))) {
			write_octet(r->wire, ALGORITHMS[i].number);
			return true;
		}
	return reading_number(r, word, 1);
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = dname_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hex that may go on in the next word; `*half` is the digit that waits for its other one. */
bool reading_hex(struct bytes word, int *half, struct writer *wire)
{
	for (size_t i = 0; i < word.size; i++) {
		int digit = hex_digit(word.at[i]);

		if (digit < 0)
			return false;
		if (*half < 0) {
			*half = digit;
			continue;
		}
		write_octet(wire, (uint8_t)(*half << 4 | digit));
		*half = -1;
	}
	return true;
}

/* Writes an octet that says how many follow, once they are there. */
static bool end_counted(struct writer *wire, size_t start, size_t least)
{
	size_t size = wire->used - start - 1;

	if (wire->full || size < least || size > UINT8_MAX)
		return false;
	wire->at[start] = (uint8_t)size;
	return true;
}

static bool read_salt(struct bytes word, struct writer *wire)
{
	size_t start = wire->used;
	int half = -1;

	write_octet(wire, 0);
	if (bytes_same(word, BYTES("-")))
		return true;
	return reading_hex(word, &half, wire) && half < 0 && end_counted(wire, start, 1);
}

static bool read_hash(struct bytes word, struct writer *wire)
{
	size_t start = wire->used;

	write_octet(wire, 0);
	return base32hex_read(word, wire) && end_counted(wire, start, 1);
}

/* A word as one character-string. */
bool reading_string(struct bytes word, struct writer *wire)
{
	size_t start = wire->used;

	write_octet(wire, 0);
	return escape_undo(word, wire) && end_counted(wire, start, 0);
}

bool reading_address(char field, struct bytes word, struct writer *wire)
{
	uint8_t address[IPV6_SIZE];

	if (field == 'a' ? !ipv4_read_text(word, address) : !ipv6_read_text(word, address))
		return false;
	write_bytes(wire, (struct bytes){address, field == 'a' ? IPV4_SIZE : IPV6_SIZE});
	return true;
}

bool reading_name(const struct reading *r, struct bytes word)
{
	struct dname name;
	enum mishap m = r->words->strict ? dname_read_text(word, &name)
	                                 : dname_read_relative(word, r->origin, &name);

	if (m == MISHAP_LIMIT)
		return reading_fault(r, "a name, or a label of it, that is too long");
	if (m != OK && !r->words->strict && r->origin.at == NULL)
		return reading_fault(r, "not a name, or one relative to no origin");
	if (m != OK)
		return reading_fault(r, "not a domain name");
	write_bytes(r->wire, dname_bytes(&name));
	return true;
}

bool reading_type(const struct reading *r, struct bytes word, uint16_t *type)
{
	return r->words->strict ? type_read_text(word, type) : type_read_word(word, type);
}

static bool read_covered(const struct reading *r, struct bytes word)
{
	uint16_t type;

	if (!reading_type(r, word, &type))
		return false;
	write_u16(r->wire, type);
	return true;
}

/* Octets in hex with a mark behind each `group` of them but the last. */
static bool read_marked(struct bytes word, char mark, size_t group, size_t size,
                        struct writer *wire)
{
	size_t digits = 2 * group, groups = size / group;

	if (word.size != groups * digits + groups - 1)
		return false;
	for (size_t i = 0; i < groups; i++) {
		struct bytes part = bytes_from(word, i * (digits + 1));
		int half = -1;

		if (!reading_hex(bytes_first(part, digits), &half, wire) || half >= 0 ||
		    (i + 1 != groups && part.at[digits] != (uint8_t)mark))
			return false;
	}
	return true;
}

/* RFC 6742 section 2.1.2: a group may be written without its leading zeros. */
static bool read_groups(struct bytes word, struct writer *wire)
{
	for (unsigned g = 0; g < 4; g++) {
		uint8_t digits[4] = {'0', '0', '0', '0'};
		size_t size = 0;
		int half = -1;

		while (size < word.size && word.at[size] != ':')
			size++;
		if (size == 0 || size > 4 || (g != 3 && size == word.size) ||
		    (g == 3 && size != word.size))
			return false;
		memcpy(digits + 4 - size, word.at, size);
		if (!reading_hex((struct bytes){digits, 4}, &half, wire))
			return false;
		word = bytes_from(word, g == 3 ? size : size + 1);
	}
	return true;
}

/* RFC 4398 section 2.1: the type of a certificate by number or by mnemonic. */
static bool read_certificate_type(const struct reading *r, struct bytes word)
{
	static const struct {
		uint16_t number;
		char mnemonic[8];
	} TYPES[] = {{1, "PKIX"}, {2, "SPKI"},   {3, "PGP"},     {4, "IPKIX"}, {5, "ISPKI"},
	             {6, "IPGP"}, {7, "ACPKIX"}, {8, "IACPKIX"}, {253, "URI"}, {254, "OID"}};

	for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]) && !r->words->strict; i++)
		if (bytes_same(word, bytes_of(TYPES[i].mnemonic))) {
			write_u16(r->wire, TYPES[i].number);
			return true;
		}
	return reading_number(r, word, 2);
}

/* What a field should have been. */
const char *reading_want(char field)
{
	switch (field) {
	case 'a':
		return "not an IPv4 address";
	case 'A':
		return "not an IPv6 address";
	case 'T':
		return "not a record type";
	case 't':
		return "not a time as YYYYMMDDHHmmSS";
	case 'i':
		return "not a number of seconds";
	case 'm':
		return "not an algorithm";
	case 'S':
		return "not a salt in hex, or -";
	case 'H':
		return "not a hash in base32hex";
	case 'c':
		return "not a string of at most 255 octets";
	case 'g':
		return "not a tag of letters and digits";
	case 'e':
		return "not an EUI-48";
	case 'E':
		return "not an EUI-64";
	case 'h':
		return "not four groups of hex";
	default:
		return "not a number that fits";
	}
}

static bool read_one(const struct reading *r, char field, struct bytes word)
{
	switch (field) {
	case 'a':
	case 'A':
		return reading_address(field, word, r->wire);
	case 'T':
		return read_covered(r, word);
	case 't':
		return read_moment(r, word);
	case 'i':
		return read_span(r, word);
	case 'm':
		return read_algorithm(r, word);
	case 'S':
		return read_salt(word, r->wire);
	case 'H':
		return read_hash(word, r->wire);
	case 'c':
	case 'g':
		return reading_string(word, r->wire);
	case 'e':
	case 'E':
		return read_marked(word, '-', 1, rdata_fixed_size(field), r->wire);
	case 'h':
		return read_groups(word, r->wire);
	case 'C':
		return read_certificate_type(r, word);
	default:
		return reading_number(r, word, rdata_fixed_size(field));
	}
}

/* Takes a word; false at the end of the record too. */
bool reading_take(const struct reading *r, struct bytes *word)
{
	enum words_next next = words_next(r->words, word, r->why);

	return next == WORDS_ONE || (next == WORDS_END && reading_fault(r, "data is missing"));
}

bool reading_field(const struct reading *r, char field)
{
	struct bytes word;

	if (!reading_take(r, &word))
		return false;
	if (r->words->quoted && field != 'c' && field != 'g')
		return reading_fault(r, "a quoted string where none belongs");
	if (field == 'n' || field == 'N')
		return reading_name(r, word);
	return read_one(r, field, word) || reading_fault(r, reading_want(field));
}
