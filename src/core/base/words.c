/* SPDX-License-Identifier: Apache-2.0 */
#include "base/words.h"

#include "base/must.h"
#include "base/words_table.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* tools/unicode proves that n octets of UTF-8 decompose to at most 3n/2 code points. */
#define POINTS_MAX (WORDS_SIZE_MAX * 3 / 2)
#define STEPS_MAX  4

static const char NOT_ALLOWED[] = "not a letter, mark, number, punctuation or symbol "
				  "of Unicode " WORDS_UNICODE_VERSION;
static const char NOT_COMPOSED[] = "not in Normalization Form C";

/* Code points. In a decomposition the high octet of each holds its combining class. */
struct points {
	size_t count;
	uint32_t at[POINTS_MAX];
};

static void push(struct points *points, uint32_t c)
{
	must(points->count < POINTS_MAX);
	points->at[points->count++] = c;
}

/* How many items of the ascending `table` are at most `most`. */
static size_t steps(const uint32_t *table, size_t count, uint32_t most)
{
	size_t low = 0;

	while (count > 0) {
		size_t half = count / 2;

		if (table[low + half] <= most) {
			low += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return low;
}

static bool allowed(uint32_t c)
{
	return steps(ALLOWED, COUNT(ALLOWED), c) % 2 == 1;
}

static uint32_t class_of(uint32_t c)
{
	size_t n = steps(CLASSES, COUNT(CLASSES), c << 8 | 0xff);

	return n == 0 ? 0 : CLASSES[n - 1] & 0xff;
}

/* Octets of the UTF-8 sequence that `lead` begins, 0 when it begins none. */
static unsigned sequence_size(uint8_t lead)
{
	if (lead < 0x80)
		return 1;
	if (lead < 0xc0 || lead > 0xf7)
		return 0;
	return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

/*
 * The code point that starts at line.at[*at], which then moves past it. False for
 * what RFC 3629 section 4 does not allow: stray or missing continuation, overlong
 * form, surrogate, beyond U+10FFFF.
 */
static bool decode(struct bytes line, size_t *at, uint32_t *point)
{
	static const uint32_t LEAST[] = {0, 0, 0x80, 0x800, 0x10000};
	uint8_t lead = line.at[*at];
	unsigned size = sequence_size(lead);
	uint32_t c = size == 1 ? lead : lead & (0xffu >> (size + 1));

	if (size == 0 || line.size - *at < size)
		return false;
	for (unsigned i = 1; i < size; i++) {
		uint8_t octet = line.at[*at + i];

		if ((octet & 0xc0) != 0x80)
			return false;
		c = c << 6 | (octet & 0x3f);
	}
	if (c < LEAST[size] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return false;
	*at += size;
	*point = c;
	return true;
}

/* UAX #15 and the Unicode Standard, section 3.12: Hangul syllables by arithmetic. */
enum hangul {
	HANGUL_S = 0xac00,
	HANGUL_L = 0x1100,
	HANGUL_V = 0x1161,
	HANGUL_T = 0x11a7, /* one before the first: T 0 is no final consonant */
	HANGUL_LS = 19,
	HANGUL_VS = 21,
	HANGUL_TS = 28,
	HANGUL_SS = HANGUL_LS * HANGUL_VS * HANGUL_TS,
};

static void decompose_hangul(uint32_t s, struct points *out)
{
	push(out, HANGUL_L + s / (HANGUL_VS * HANGUL_TS));
	push(out, HANGUL_V + s / HANGUL_TS % HANGUL_VS);
	if (s % HANGUL_TS != 0)
		push(out, HANGUL_T + s % HANGUL_TS);
}

static const uint32_t *decomposition(uint32_t c)
{
	size_t low = 0, high = COUNT(DECOMPOSED);

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (DECOMPOSED[middle][0] == c)
			return DECOMPOSED[middle];
		if (DECOMPOSED[middle][0] < c)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

/*
 * Appends the full canonical decomposition of `c`, each point with its class. Only the
 * first part of a step decomposes further, at most STEPS_MAX times (tools/unicode proves it).
 */
static void decompose(uint32_t c, struct points *out)
{
	const uint32_t *step;
	uint32_t tail[STEPS_MAX];
	size_t tails = 0;

	if (c - HANGUL_S < HANGUL_SS) {
		decompose_hangul(c - HANGUL_S, out);
		return;
	}
	while ((step = decomposition(c)) != NULL) {
		must(tails < COUNT(tail));
		if (step[2] != 0)
			tail[tails++] = step[2];
		c = step[1];
	}
	push(out, class_of(c) << 24 | c);
	while (tails-- > 0)
		push(out, class_of(tail[tails]) << 24 | tail[tails]);
}

/* The Canonical Ordering Algorithm (section 3.11): marks by class, otherwise as they stand. */
static void order(struct points *points)
{
	for (size_t i = 1; i < points->count; i++) {
		uint32_t mark = points->at[i];
		size_t to = i;

		if (mark >> 24 == 0)
			continue;
		for (; to > 0 && points->at[to - 1] >> 24 > mark >> 24; to--)
			points->at[to] = points->at[to - 1];
		points->at[to] = mark;
	}
}

/* The primary composite of two code points, or 0. */
static uint32_t composite(uint32_t first, uint32_t second)
{
	size_t low = 0, high = COUNT(COMPOSED);

	if (first - HANGUL_L < HANGUL_LS && second - HANGUL_V < HANGUL_VS) {
		uint32_t lv = (first - HANGUL_L) * HANGUL_VS + (second - HANGUL_V);

		return HANGUL_S + lv * HANGUL_TS;
	}
	if (first - HANGUL_S < HANGUL_SS && (first - HANGUL_S) % HANGUL_TS == 0 &&
	    second > HANGUL_T && second - HANGUL_T < HANGUL_TS)
		return first + (second - HANGUL_T);
	while (low < high) {
		size_t middle = (low + high) / 2;
		const uint32_t *row = DECOMPOSED[COMPOSED[middle]];

		if (row[1] == first && row[2] == second)
			return row[0];
		if (row[1] < first || (row[1] == first && row[2] < second))
			low = middle + 1;
		else
			high = middle;
	}
	return 0;
}

/* The Canonical Composition Algorithm (section 3.11), in place. Takes the classes off. */
static void compose(struct points *points)
{
	size_t used = 0, starter = SIZE_MAX;

	for (size_t i = 0; i < points->count; i++) {
		uint32_t c = points->at[i] & 0xffffff, class = points->at[i] >> 24, whole;
		/* What stands between blocks it unless of lower class; the last tells. */
		bool open = starter != SIZE_MAX &&
		            (used == starter + 1 || points->at[used - 1] >> 24 < class);

		whole = open ? composite(points->at[starter], c) : 0;
		if (whole != 0) {
			points->at[starter] = whole;
			continue;
		}
		if (class == 0)
			starter = used;
		points->at[used++] = points->at[i];
	}
	points->count = used;
	for (size_t i = 0; i < used; i++)
		points->at[i] &= 0xffffff;
}

static bool refuse(struct fault *fault, size_t at, const char *why)
{
	*fault = (struct fault){1, (uint32_t)at + 1, why};
	return false;
}

/* Every code point by itself, and the blanks. */
static bool points_valid(struct bytes line, struct points *points, struct fault *fault)
{
	uint32_t c, before = ' ';

	for (size_t at = 0, next = 0; at < line.size; at = next, before = c) {
		if (!decode(line, &next, &c))
			return refuse(fault, at, "not UTF-8");
		if (!allowed(c))
			return refuse(fault, at, NOT_ALLOWED);
		if (c == ' ' && at == 0)
			return refuse(fault, at, "a blank at the start");
		if (c == ' ' && before == ' ')
			return refuse(fault, at, "two blanks together");
		if (c == ' ' && next == line.size)
			return refuse(fault, at, "a blank at the end");
		decompose(c, points);
	}
	return true;
}

/* Whether the line is, code point by code point, what composing its decomposition gives. */
static bool is_composed(struct bytes line, const struct points *composed, struct fault *fault)
{
	size_t index = 0;
	uint32_t c = 0;

	for (size_t at = 0, next = 0; at < line.size; at = next, index++) {
		bool whole = decode(line, &next, &c);

		must(whole);
		if (index >= composed->count || composed->at[index] != c)
			return refuse(fault, at, NOT_COMPOSED);
	}
	return index == composed->count || refuse(fault, line.size - 1, NOT_COMPOSED);
}

bool words_valid(struct bytes line, struct fault *fault)
{
	struct points points;

	points.count = 0;
	if (line.size == 0)
		return refuse(fault, 0, "an empty line");
	if (line.size > WORDS_SIZE_MAX)
		return refuse(fault, WORDS_SIZE_MAX, "longer than 1,000 octets");
	if (!points_valid(line, &points, fault))
		return false;
	order(&points);
	compose(&points);
	return is_composed(line, &points, fault);
}
