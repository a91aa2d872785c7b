/* SPDX-License-Identifier: Apache-2.0 */
/* Text of RDATA, written and read. */
#include <string.h>

#include "base/base32hex.h"
#include "base/must.h"
#include "base/text.h"
#include "dns/address.h"
#include "dns/apl.h"
#include "dns/dname.h"
#include "dns/escape.h"
#include "dns/loc.h"
#include "dns/nsec.h"
#include "dns/rdata.h"
#include "dns/rdata_form.h"
#include "dns/svcb.h"
#include "dns/ttl.h"
#include "dns/type.h"

/* ---- writing ---- */

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

/* RFC 4025 section 3.1. */
static void write_gateway(struct writer *writer, struct bytes octets)
{
	struct bytes gateway = bytes_from(octets, 2);
	size_t size = octets.at[0] == 1   ? IPV4_SIZE
	              : octets.at[0] == 2 ? IPV6_SIZE
	              : octets.at[0] == 3 ? rdata_field_size('n', gateway)
	                                  : 0;

	write_number(writer, octets.at[0]);
	write_octet(writer, ' ');
	write_number(writer, octets.at[1]);
	write_octet(writer, ' ');
	if (octets.at[0] == 0)
		write_octet(writer, '.');
	else if (octets.at[0] == 1)
		ipv4_write_text(writer, gateway.at);
	else if (octets.at[0] == 2)
		ipv6_write_text(writer, gateway.at);
	else
		dname_write_text(writer, bytes_first(gateway, size));
	if (gateway.size == size)
		return;
	write_octet(writer, ' ');
	write_base64(writer, bytes_from(gateway, size));
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
		write_gateway(writer, octets);
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
		return octets.at[0] != 3 ||
		       names_are_low(bytes_first(bytes_from(octets, 2),
		                                 rdata_field_size('n', bytes_from(octets, 2))));
	case 'K':
		return names_are_low(bytes_from(octets, 4u + octets.at[0] +
		                                                ((size_t)octets.at[2] << 8 |
		                                                 octets.at[3])));
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

/* ---- reading: a field that is one word ---- */

/* What is read at the moment. */
struct reading {
	struct words *words;
	struct bytes origin;
	struct writer *wire;
	const char **why;
};

static bool fault(const struct reading *r, const char *why)
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
static bool read_number(const struct reading *r, struct bytes word, size_t size)
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
		return read_number(r, word, 4);
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
	return read_number(r, word, 1);
}

static int hex_digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = dname_lower(c);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Hex that may go on in the next word; `*half` is the digit that waits for its other one. */
static bool read_hex(struct bytes word, int *half, struct writer *wire)
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
	return read_hex(word, &half, wire) && half < 0 && end_counted(wire, start, 1);
}

static bool read_hash(struct bytes word, struct writer *wire)
{
	size_t start = wire->used;

	write_octet(wire, 0);
	return base32hex_read(word, wire) && end_counted(wire, start, 1);
}

/* A word as one character-string. */
static bool read_string(struct bytes word, struct writer *wire)
{
	size_t start = wire->used;

	write_octet(wire, 0);
	return escape_undo(word, wire) && end_counted(wire, start, 0);
}

static bool read_address(char field, struct bytes word, struct writer *wire)
{
	uint8_t address[IPV6_SIZE];

	if (field == 'a' ? !ipv4_read_text(word, address) : !ipv6_read_text(word, address))
		return false;
	write_bytes(wire, (struct bytes){address, field == 'a' ? IPV4_SIZE : IPV6_SIZE});
	return true;
}

static bool read_name(const struct reading *r, struct bytes word)
{
	struct dname name;
	enum mishap m = r->words->strict ? dname_read_text(word, &name)
	                                 : dname_read_relative(word, r->origin, &name);

	if (m == MISHAP_LIMIT)
		return fault(r, "a name, or a label of it, that is too long");
	if (m != OK && !r->words->strict && r->origin.at == NULL)
		return fault(r, "not a name, or one relative to no origin");
	if (m != OK)
		return fault(r, "not a domain name");
	write_bytes(r->wire, dname_bytes(&name));
	return true;
}

static bool read_type(const struct reading *r, struct bytes word, uint16_t *type)
{
	return r->words->strict ? type_read_text(word, type) : type_read_word(word, type);
}

static bool read_covered(const struct reading *r, struct bytes word)
{
	uint16_t type;

	if (!read_type(r, word, &type))
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

		if (!read_hex(bytes_first(part, digits), &half, wire) || half >= 0 ||
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
		if (!read_hex((struct bytes){digits, 4}, &half, wire))
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
	} TYPES[] = {{1, "PKIX"},  {2, "SPKI"},   {3, "PGP"},     {4, "IPKIX"}, {5, "ISPKI"},
	             {6, "IPGP"},  {7, "ACPKIX"}, {8, "IACPKIX"}, {253, "URI"}, {254, "OID"}};

	for (size_t i = 0; i < sizeof(TYPES) / sizeof(TYPES[0]) && !r->words->strict; i++)
		if (bytes_same(word, bytes_of(TYPES[i].mnemonic))) {
			write_u16(r->wire, TYPES[i].number);
			return true;
		}
	return read_number(r, word, 2);
}

/* What a field should have been. */
static const char *want(char field)
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
		return read_address(field, word, r->wire);
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
		return read_string(word, r->wire);
	case 'e':
	case 'E':
		return read_marked(word, '-', 1, rdata_fixed_size(field), r->wire);
	case 'h':
		return read_groups(word, r->wire);
	case 'C':
		return read_certificate_type(r, word);
	default:
		return read_number(r, word, rdata_fixed_size(field));
	}
}

/* Takes a word; false at the end of the record too. */
static bool take(const struct reading *r, struct bytes *word)
{
	enum words_next next = words_next(r->words, word, r->why);

	return next == WORDS_ONE || (next == WORDS_END && fault(r, "data is missing"));
}

static bool read_word_field(const struct reading *r, char field)
{
	struct bytes word;

	if (!take(r, &word))
		return false;
	if (r->words->quoted && field != 'c' && field != 'g')
		return fault(r, "a quoted string where none belongs");
	if (field == 'n' || field == 'N')
		return read_name(r, word);
	return read_one(r, field, word) || fault(r, want(field));
}

/* ---- reading: a field that goes to the end ---- */

static bool read_strings(const struct reading *r)
{
	struct bytes word;
	enum words_next next;

	if (!take(r, &word))
		return false;
	do {
		if (!read_string(word, r->wire))
			return fault(r, want('c'));
		next = words_next(r->words, &word, r->why);
	} while (next == WORDS_ONE);
	return next == WORDS_END;
}

static bool read_digits(const struct reading *r)
{
	struct bytes word;
	enum words_next next;
	int half = -1;

	if (!take(r, &word))
		return false;
	do {
		if (r->words->quoted || !read_hex(word, &half, r->wire))
			return fault(r, "not hex");
		next = words_next(r->words, &word, r->why);
	} while (next == WORDS_ONE);
	return next == WORDS_END && (half < 0 || fault(r, "an odd number of hex digits"));
}

/* Base64 that may be divided among words anywhere. */
struct base64 {
	uint32_t bits;
	unsigned count; /* characters of the group at hand */
	unsigned padding;
};

/* The digit of a character, or NONE; of = the mark of padding. */
enum { NONE = 64, PAD = 65 };

static uint8_t base64_digit(uint8_t c)
{
	static const uint8_t DIGIT[] = {
		NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
		NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
		NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE,
		NONE, NONE, NONE, NONE, 62,   NONE, NONE, NONE, 63,   52,   53,   54,   55,
		56,   57,   58,   59,   60,   61,   NONE, NONE, NONE, PAD,  NONE, NONE, NONE,
		0,    1,    2,    3,    4,    5,    6,    7,    8,    9,    10,   11,   12,
		13,   14,   15,   16,   17,   18,   19,   20,   21,   22,   23,   24,   25,
		NONE, NONE, NONE, NONE, NONE, NONE, 26,   27,   28,   29,   30,   31,   32,
		33,   34,   35,   36,   37,   38,   39,   40,   41,   42,   43,   44,   45,
		46,   47,   48,   49,   50,   51,   NONE, NONE, NONE, NONE, NONE,
	};

	return c < sizeof(DIGIT) ? DIGIT[c] : NONE;
}

/* The four characters at `at`, none of them padding. */
static bool read_group(const uint8_t *at, struct writer *wire)
{
	unsigned a = base64_digit(at[0]), b = base64_digit(at[1]), c = base64_digit(at[2]),
		 d = base64_digit(at[3]);
	uint8_t octets[3] = {(uint8_t)(a << 2 | b >> 4), (uint8_t)(b << 4 | c >> 2),
	                     (uint8_t)(c << 6 | d)};

	if (((a | b | c | d) & NONE) != 0)
		return false;
	write_bytes(wire, (struct bytes){octets, sizeof(octets)});
	return true;
}

static bool read_base64(struct bytes word, struct base64 *b, struct writer *wire)
{
	for (size_t i = 0; i < word.size; i++) {
		while (b->count == 0 && b->padding == 0 && word.size - i >= 4 && read_group(word.at + i, wire)) {
			i += 4;
			if (i == word.size)
				return true;
		}
		unsigned digit = base64_digit(word.at[i]);
		bool pad = digit == PAD;

		if (digit == NONE || (pad && b->count < 2) || (!pad && b->padding != 0))
			return false;
		b->padding += pad;
		b->bits = b->bits << 6 | (pad ? 0 : digit);
		if (++b->count < 4)
			continue;
		/* RFC 4648 section 3.5: spare bits are zero. */
		if ((b->bits & ((1u << (8 * b->padding)) - 1)) != 0 || b->padding > 2)
			return false;
		write_big_endian(wire, (b->bits & 0xffffff) >> (8 * b->padding),
		                 3 - b->padding);
		b->count = 0;
	}
	return true;
}

static bool read_base64_words(const struct reading *r)
{
	struct base64 b = {0, 0, 0};
	struct bytes word;
	enum words_next next;

	if (!take(r, &word))
		return false;
	do {
		if (r->words->quoted || (b.padding != 0 && b.count == 0) ||
		    !read_base64(word, &b, r->wire))
			return fault(r, "not base64");
		next = words_next(r->words, &word, r->why);
	} while (next == WORDS_ONE);
	return next == WORDS_END && (b.count == 0 || fault(r, "base64 that stops in a group"));
}

#define TYPES_MAX 256 /* in the text of one bitmap */

static bool read_types(const struct reading *r)
{
	uint16_t types[TYPES_MAX];
	size_t count = 0;
	struct bytes word;
	enum words_next next;

	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE) {
		if (count == TYPES_MAX)
			return fault(r, "more types than we take");
		if (r->words->quoted || !read_type(r, word, &types[count]))
			return fault(r, want('T'));
		count++;
	}
	type_bitmap_write(r->wire, types, count);
	return next == WORDS_END;
}

static bool read_params(const struct reading *r)
{
	struct svcb_params params;
	struct bytes word;
	enum words_next next;

	params.count = 0;
	params.used = 0;
	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE)
		if (r->words->quoted || !svcb_add_param(&params, word))
			return fault(r, "not a service parameter");
	return next == WORDS_END && (svcb_write_params(r->wire, &params) ||
	                             fault(r, "service parameters that contradict each other"));
}

static bool read_location(const struct reading *r)
{
	struct bytes words[LOC_WORDS_MAX], word;
	enum words_next next;
	size_t count = 0;

	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE) {
		if (count == LOC_WORDS_MAX || r->words->quoted || word.size == 0)
			return fault(r, "not a location");
		words[count++] = word;
	}
	return next == WORDS_END &&
	       (loc_read_words(words, count, r->wire) || fault(r, "not a location"));
}

static bool read_prefixes(const struct reading *r)
{
	struct bytes word;
	enum words_next next;

	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE)
		if (r->words->quoted || !apl_read_word(word, r->wire))
			return fault(r, "not a prefix as FAMILY:ADDRESS/BITS");
	return next == WORDS_END;
}

/* True, and the end taken, when the record has no more words. */
static bool is_at_end(const struct reading *r)
{
	struct words ahead = *r->words;
	struct bytes word;

	if (words_next(&ahead, &word, r->why) != WORDS_END)
		return false;
	*r->words = ahead;
	return true;
}

/* RFC 4025 section 3.1; the key may be missing. */
static bool read_gateway(const struct reading *r)
{
	struct bytes type, algorithm, gateway;
	uint64_t number;
	bool good;

	if (!take(r, &type) || !text_number(type, 3, &number))
		return fault(r, "not a type of gateway");
	write_octet(r->wire, (uint8_t)number);
	if (!take(r, &algorithm) || !read_number(r, algorithm, 1))
		return fault(r, "not a number that fits");
	if (!take(r, &gateway))
		return false;
	good = number == 0   ? bytes_same(gateway, BYTES("."))
	       : number == 1 ? read_address('a', gateway, r->wire)
	       : number == 2 ? read_address('A', gateway, r->wire)
	                     : read_name(r, gateway);
	if (!good)
		return fault(r, "not a gateway of that type");
	return is_at_end(r) || read_base64_words(r);
}

/* RFC 8005 section 6. */
static bool read_identity(const struct reading *r)
{
	struct bytes algorithm, tag, key, name;
	size_t start = r->wire->used, before;
	struct base64 b = {0, 0, 0};
	enum words_next next;
	int half = -1;

	write_octet(r->wire, 0); /* the size of the tag, ... */
	if (!take(r, &algorithm) || !read_number(r, algorithm, 1))
		return fault(r, "not a number that fits");
	write_u16(r->wire, 0); /* ... and that of the key, when they are known */
	if (!take(r, &tag) || !read_hex(tag, &half, r->wire) || half >= 0 || tag.size > 510)
		return fault(r, "not hex");
	before = r->wire->used;
	if (!take(r, &key) || !read_base64(key, &b, r->wire) || b.count != 0)
		return fault(r, "not base64");
	if (r->wire->full || r->wire->used - before > UINT16_MAX)
		return fault(r, "more data than there is room for");
	r->wire->at[start] = (uint8_t)(tag.size / 2);
	r->wire->at[start + 2] = (uint8_t)((r->wire->used - before) >> 8);
	r->wire->at[start + 3] = (uint8_t)(r->wire->used - before);
	while ((next = words_next(r->words, &name, r->why)) == WORDS_ONE)
		if (r->words->quoted || !read_name(r, name))
			return false;
	return next == WORDS_END;
}

/* The record has no more. */
static bool ends(const struct reading *r)
{
	struct bytes word;
	enum words_next next = words_next(r->words, &word, r->why);

	return next == WORDS_END ||
	       (next == WORDS_ONE && fault(r, "more data than the type has"));
}

static bool read_last(const struct reading *r, char field)
{
	struct bytes word;

	switch (field) {
	case 's':
		return read_strings(r);
	case 'x':
		return read_digits(r);
	case 'b':
		return read_base64_words(r);
	case 'B':
		return read_types(r);
	case 'P':
		return read_params(r);
	case 'L':
		return read_location(r);
	case 'p':
		return read_prefixes(r);
	case 'G':
		return read_gateway(r);
	case 'K':
		return read_identity(r);
	default: /* 'q' */
		return take(r, &word) &&
		       (escape_undo(word, r->wire) || fault(r, "not a string")) && ends(r);
	}
}

static bool goes_to_the_end(char field)
{
	return field == 's' || field == 'x' || field == 'b' || field == 'B' || field == 'P' ||
	       field == 'q' || field == 'L' || field == 'p' || field == 'G' || field == 'K';
}

/* RFC 3597 section 5: behind \# the size and the octets. */
static bool read_opaque(const struct reading *r)
{
	size_t before = r->wire->used;
	struct bytes word;
	uint64_t size;
	enum words_next next;
	int half = -1;

	if (!take(r, &word))
		return false;
	if (r->words->quoted || !text_number(word, RDATA_SIZE_MAX, &size))
		return fault(r, "not the size of data");
	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE)
		if (r->words->quoted || !read_hex(word, &half, r->wire))
			return fault(r, "not hex");
	if (next == WORDS_FAULT)
		return false;
	return (half < 0 && r->wire->used - before == size) ||
	       fault(r, "not as much data as it says");
}

/* True when the data is in the form of unknown types, whose mark is then taken. */
static bool is_opaque(const struct reading *r)
{
	struct words ahead = *r->words;
	const uint8_t *at = ahead.at;
	struct bytes word;

	while (at != ahead.end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == ahead.end || (*at != '\\' && *at != '('))
		return false;
	if (words_next(&ahead, &word, r->why) != WORDS_ONE || ahead.quoted ||
	    !bytes_same(word, BYTES("\\#")))
		return false;
	*r->words = ahead;
	return true;
}

static bool read_fields(const struct reading *r, const char *fields)
{
	for (; *fields != '\0'; fields++) {
		if (goes_to_the_end(*fields))
			return read_last(r, *fields);
		if (!read_word_field(r, *fields))
			return false;
	}
	return ends(r);
}

bool rdata_read_words(uint16_t type, struct words *words, struct bytes origin,
                      struct writer *wire, const char **why)
{
	struct reading r = {words, origin, wire, why};
	const char *fields = rdata_fields(type);
	size_t start = wire->used;
	struct bytes read;

	bool opaque = is_opaque(&r);

	if (opaque) {
		if (!read_opaque(&r))
			return false;
	} else if (fields == NULL) {
		return fault(&r, "a type whose data is read as \\# SIZE HEX only");
	} else if (!read_fields(&r, fields)) {
		return false;
	}
	if (wire->full)
		return fault(&r, "more data than there is room for");
	read = bytes_from(writer_bytes(wire), start);
	if (rdata_check(type, read) != OK)
		return fault(&r, "data of the wrong size for this type");
	if (opaque) /* names that were read as such are in lower case */
		rdata_lower(type, wire->at + start, read.size);
	return true;
}

bool rdata_read_text(uint16_t type, struct bytes text, struct arena *arena, struct bytes *rdata,
                     struct fault *fault)
{
	struct words words = words_over(text, true);
	struct writer wire = writer_in(arena);
	const char *why = NULL;

	if (!rdata_read_words(type, &words, (struct bytes){NULL, 0}, &wire, &why)) {
		*fault = (struct fault){1, words_column(&words), why};
		return false;
	}
	*rdata = writer_keep(&wire, arena);
	return true;
}
