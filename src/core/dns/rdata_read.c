/* SPDX-License-Identifier: Apache-2.0 */
/* RDATA from text: fields that go to the end, and all of it. */
#include "base/must.h"
#include "base/text.h"
#include "dns/apl.h"
#include "dns/escape.h"
#include "dns/loc.h"
#include "dns/nsec.h"
#include "dns/rdata.h"
#include "dns/rdata_form.h"
#include "dns/rdata_reading.h"
#include "dns/svcb.h"
#include "dns/type.h"

static bool read_strings(const struct reading *r)
{
	struct bytes word;
	enum words_next next;

	if (!reading_take(r, &word))
		return false;
	do {
		if (!reading_string(word, r->wire))
			return reading_fault(r, reading_want('c'));
		next = words_next(r->words, &word, r->why);
	} while (next == WORDS_ONE);
	return next == WORDS_END;
}

static bool read_digits(const struct reading *r)
{
	struct bytes word;
	enum words_next next;
	int half = -1;

	if (!reading_take(r, &word))
		return false;
	do {
		if (r->words->quoted || !reading_hex(word, &half, r->wire))
			return reading_fault(r, "not hex");
		next = words_next(r->words, &word, r->why);
	} while (next == WORDS_ONE);
	return next == WORDS_END &&
	       (half < 0 || reading_fault(r, "an odd number of hex digits"));
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
		while (b->count == 0 && b->padding == 0 && word.size - i >= 4 &&
		       read_group(word.at + i, wire)) {
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
		for (unsigned place = 2; place + 1 > b->padding; place--)
			write_octet(wire, (uint8_t)(b->bits >> 8 * place));
		b->count = 0;
	}
	return true;
}

static bool read_base64_words(const struct reading *r)
{
	struct base64 b = {0, 0, 0};
	struct bytes word;
	enum words_next next;

	if (!reading_take(r, &word))
		return false;
	do {
		if (r->words->quoted || (b.padding != 0 && b.count == 0) ||
		    !read_base64(word, &b, r->wire))
			return reading_fault(r, "not base64");
		next = words_next(r->words, &word, r->why);
	} while (next == WORDS_ONE);
	return next == WORDS_END &&
	       (b.count == 0 || reading_fault(r, "base64 that stops in a group"));
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
			return reading_fault(r, "more types than we take");
		if (r->words->quoted || !reading_type(r, word, &types[count]))
			return reading_fault(r, reading_want('T'));
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
			return reading_fault(r, "not a service parameter");
	return next == WORDS_END &&
	       (svcb_write_params(r->wire, &params) ||
	        reading_fault(r, "service parameters that contradict each other"));
}

static bool read_location(const struct reading *r)
{
	struct bytes words[LOC_WORDS_MAX], word;
	enum words_next next;
	size_t count = 0;

	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE) {
		if (count == LOC_WORDS_MAX || r->words->quoted || word.size == 0)
			return reading_fault(r, "not a location");
		words[count++] = word;
	}
	return next == WORDS_END &&
	       (loc_read_words(words, count, r->wire) || reading_fault(r, "not a location"));
}

static bool read_prefixes(const struct reading *r)
{
	struct bytes word;
	enum words_next next;

	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE)
		if (r->words->quoted || !apl_read_word(word, r->wire))
			return reading_fault(r, "not a prefix as FAMILY:ADDRESS/BITS");
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

/* The record has no more. */
static bool ends(const struct reading *r)
{
	struct bytes word;
	enum words_next next = words_next(r->words, &word, r->why);

	return next == WORDS_END ||
	       (next == WORDS_ONE && reading_fault(r, "more data than the type has"));
}

/* RFC 4025 section 3.1, RFC 8777 section 4.3.1. */
static bool read_gateway(const struct reading *r, uint64_t kind)
{
	struct bytes word;
	bool good;

	if (!reading_take(r, &word))
		return false;
	good = kind == 0   ? bytes_same(word, BYTES("."))
	       : kind == 1 ? reading_address('a', word, r->wire)
	       : kind == 2 ? reading_address('A', word, r->wire)
	                   : reading_name(r, word);
	return good || reading_fault(r, "not a gateway or relay of that type");
}

/* RFC 4025 section 3.1; the key may be missing. */
static bool read_gateway_and_key(const struct reading *r)
{
	struct bytes type, algorithm;
	uint64_t kind;

	if (!reading_take(r, &type) || !text_number(type, 3, &kind))
		return reading_fault(r, "not a type of gateway");
	write_octet(r->wire, (uint8_t)kind);
	if (!reading_take(r, &algorithm) || !reading_number(r, algorithm, 1))
		return reading_fault(r, "not a number that fits");
	return read_gateway(r, kind) && (is_at_end(r) || read_base64_words(r));
}

/* RFC 8777 section 4.3.1. */
static bool read_relay(const struct reading *r)
{
	struct bytes optional, type;
	uint64_t flag, kind;

	if (!reading_take(r, &optional) || !text_number(optional, 1, &flag))
		return reading_fault(r, "neither 0 nor 1");
	if (!reading_take(r, &type) || !text_number(type, 3, &kind))
		return reading_fault(r, "not a type of relay");
	write_octet(r->wire, (uint8_t)(flag << 7 | kind));
	return read_gateway(r, kind) && ends(r);
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
	if (!reading_take(r, &algorithm) || !reading_number(r, algorithm, 1))
		return reading_fault(r, "not a number that fits");
	write_u16(r->wire, 0); /* ... and that of the key, when they are known */
	if (!reading_take(r, &tag) || !reading_hex(tag, &half, r->wire) || half >= 0 ||
	    tag.size > 510)
		return reading_fault(r, "not hex");
	before = r->wire->used;
	if (!reading_take(r, &key) || !read_base64(key, &b, r->wire) || b.count != 0)
		return reading_fault(r, "not base64");
	if (r->wire->full || r->wire->used - before > UINT16_MAX)
		return reading_fault(r, "more data than there is room for");
	r->wire->at[start] = (uint8_t)(tag.size / 2);
	r->wire->at[start + 2] = (uint8_t)((r->wire->used - before) >> 8);
	r->wire->at[start + 3] = (uint8_t)(r->wire->used - before);
	while ((next = words_next(r->words, &name, r->why)) == WORDS_ONE)
		if (r->words->quoted || !reading_name(r, name))
			return false;
	return next == WORDS_END;
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
		return read_gateway_and_key(r);
	case 'R':
		return read_relay(r);
	case 'K':
		return read_identity(r);
	default: /* 'q' */
		return reading_take(r, &word) &&
		       (escape_undo(word, r->wire) || reading_fault(r, "not a string")) &&
		       ends(r);
	}
}

static bool goes_to_the_end(char field)
{
	return field == 's' || field == 'x' || field == 'b' || field == 'B' || field == 'P' ||
	       field == 'q' || field == 'L' || field == 'p' || field == 'G' || field == 'R' ||
	       field == 'K';
}

/* RFC 3597 section 5: behind \# the size and the octets. */
static bool read_opaque(const struct reading *r)
{
	size_t before = r->wire->used;
	struct bytes word;
	uint64_t size;
	enum words_next next;
	int half = -1;

	if (!reading_take(r, &word))
		return false;
	if (r->words->quoted || !text_number(word, RDATA_SIZE_MAX, &size))
		return reading_fault(r, "not the size of data");
	while ((next = words_next(r->words, &word, r->why)) == WORDS_ONE)
		if (r->words->quoted || !reading_hex(word, &half, r->wire))
			return reading_fault(r, "not hex");
	if (next == WORDS_FAULT)
		return false;
	return (half < 0 && r->wire->used - before == size) ||
	       reading_fault(r, "not as much data as it says");
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
		if (!reading_field(r, *fields))
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
		return reading_fault(&r, "a type whose data is read as \\# SIZE HEX only");
	} else if (!read_fields(&r, fields)) {
		return false;
	}
	if (wire->full)
		return reading_fault(&r, "more data than there is room for");
	read = bytes_from(writer_bytes(wire), start);
	if (rdata_check(type, read) != OK)
		return reading_fault(&r, "data of the wrong size for this type");
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
