/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of text for people: the traps by name, and python3's unicodedata as second opinion. */
#include "base/words.h"

#include <string.h>

#include "base/hex.h"
#include "tap.h"

#define POINTS 0x110000

struct trap {
	const char *name;
	struct bytes line;
	bool valid;
};

/* clang-format off */
#define LINE(literal) {(const uint8_t *)(literal), sizeof(literal) - 1}
/* clang-format on */

/* What a C2SP note lets through and we do not, and what we do let through. */
static const struct trap TRAPS[] = {
	{"DEL", LINE("a\x7f"), false},
	{"U+0085, next line", LINE("a\xc2\x85"), false},
	{"U+2028, line separator", LINE("a\xe2\x80\xa8z"), false},
	{"U+2029, paragraph separator", LINE("a\xe2\x80\xa9z"), false},
	{"U+202E, right-to-left override", LINE("a\xe2\x80\xaez"), false},
	{"U+2066, left-to-right isolate", LINE("a\xe2\x81\xa6z"), false},
	{"U+200B, zero width space", LINE("a\xe2\x80\x8bz"), false},
	{"U+200D, zero width joiner", LINE("a\xe2\x80\x8dz"), false},
	{"U+FEFF, byte order mark", LINE("\xef\xbb\xbfz"), false},
	{"e and U+0301, not composed", LINE("e\xcc\x81"), false},
	{"the same, composed", LINE("\xc3\xa9"), true},
	{"U+00AD, soft hyphen", LINE("a\xc2\xadz"), false},
	{"U+E0041, tag", LINE("a\xf3\xa0\x81\x81"), false},
	{"U+0378, unassigned", LINE("a\xcd\xb8"), false},
	{"U+E000, private use", LINE("a\xee\x80\x80"), false},
	{"U+FFFF, no character", LINE("a\xef\xbf\xbf"), false},
	{"a blank at the end", LINE("a "), false},
	{"a blank at the start", LINE(" a"), false},
	{"two blanks", LINE("a  b"), false},
	{"a blank alone", LINE(" "), false},
	{"an empty line", LINE(""), false},
	{"TAB", LINE("a\tb"), false},
	{"CR", LINE("a\r"), false},
	{"LF", LINE("a\nb"), false},
	{"NUL", LINE("a\0b"), false},
	{"U+00A0, no-break space", LINE("a\xc2\xa0z"), false},
	{"U+3000, ideographic space", LINE("a\xe3\x80\x80z"), false},
	{"U+212A, kelvin sign, decomposes to K", LINE("\xe2\x84\xaa"), false},
	{"U+0958, excluded from composition", LINE("\xe0\xa5\x98"), false},
	{"U+0061 in Cyrillic is a letter", LINE("\xd0\xb0"), true},
	{"a full-width colon is punctuation", LINE("\xe6\xb3\xa8\xef\xbc\x9a"), true},
	{"a line like a signature", LINE("\xe2\x80\x94 root.comity.example iJjW="), true},
	{"Chinese", LINE("\xe6\xa0\xb9\xe5\x9f\x9f"), true},
	{"an emoji without joiners", LINE("\xf0\x9f\x8c\x8d"), true},
	{"Hangul jamo, not composed", LINE("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"), false},
	{"the same, composed", LINE("\xed\x95\x9c"), true},
	{"marks out of order", LINE("x\xcc\x81\xcc\xa3"), false},
	{"marks in order", LINE("x\xcc\xa3\xcc\x81"), true},
	{"overlong", LINE("\xc1\x81"), false},
	{"a surrogate", LINE("\xed\xa0\x80"), false},
	{"beyond U+10FFFF", LINE("\xf4\x90\x80\x80"), false},
	{"cut in the middle", LINE("a\xe6\xa0"), false},
	{"a stray continuation", LINE("a\x80"), false},
	{"an octet that never starts", LINE("\xf8\x88\x80\x80\x80"), false},
};

static void traps(void)
{
	for (size_t i = 0; i < sizeof(TRAPS) / sizeof(TRAPS[0]); i++) {
		struct fault fault = {7, 7, "untouched"};
		bool valid = words_valid(TRAPS[i].line, &fault);

		ok(valid == TRAPS[i].valid && valid == (fault.line == 7 && fault.column == 7),
		   TRAPS[i].name);
	}
}

static void where(void)
{
	struct fault fault = {0};

	ok(!words_valid(BYTES("caf\xc3\xa9 \xe6\xa0\xb9\x7f"), &fault) && fault.line == 1 &&
	           fault.column == 10,
	   "the column counts octets");
	ok(!words_valid(BYTES("cafe\xcc\x81 et"), &fault) && fault.column == 4,
	   "what is not composed is found where it starts");
	ok(!words_valid(BYTES("a  b"), &fault) && fault.column == 3,
	   "the second blank is the fault");
}

static void lengths(void)
{
	static uint8_t line[WORDS_SIZE_MAX + 1];
	struct fault fault = {0};

	memset(line, 'a', sizeof(line));
	ok(words_valid((struct bytes){line, WORDS_SIZE_MAX}, &fault), "1,000 octets");
	ok(!words_valid((struct bytes){line, WORDS_SIZE_MAX + 1}, &fault) &&
	           fault.column == 1001,
	   "and not one more");
	/* U+0390 has two octets and decomposes to three code points. */
	for (size_t i = 0; i < WORDS_SIZE_MAX; i += 2)
		memcpy(line + i, "\xce\x90", 2);
	ok(words_valid((struct bytes){line, WORDS_SIZE_MAX}, &fault),
	   "the longest decomposition");
	/* Class 230, then 220, again and again. */
	for (size_t i = 0; i < WORDS_SIZE_MAX; i += 2)
		memcpy(line + i, i % 4 == 0 ? "\xcc\x80" : "\xcc\xa3", 2);
	ok(!words_valid((struct bytes){line, WORDS_SIZE_MAX}, &fault),
	   "500 marks out of order");
}

/* U+0000..U+10FFFF in UTF-8, surrogates too. */
static struct bytes encode(uint32_t c, uint8_t to[4])
{
	if (c < 0x80) {
		to[0] = (uint8_t)c;
		return (struct bytes){to, 1};
	}
	if (c < 0x800) {
		to[0] = (uint8_t)(0xc0 | c >> 6);
		to[1] = (uint8_t)(0x80 | (c & 0x3f));
		return (struct bytes){to, 2};
	}
	if (c < 0x10000) {
		to[0] = (uint8_t)(0xe0 | c >> 12);
		to[1] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
		to[2] = (uint8_t)(0x80 | (c & 0x3f));
		return (struct bytes){to, 3};
	}
	to[0] = (uint8_t)(0xf0 | c >> 18);
	to[1] = (uint8_t)(0x80 | (c >> 12 & 0x3f));
	to[2] = (uint8_t)(0x80 | (c >> 6 & 0x3f));
	to[3] = (uint8_t)(0x80 | (c & 0x3f));
	return (struct bytes){to, 4};
}

static void every_code_point(FILE *from)
{
	static char said[POINTS + 2];
	struct fault fault;
	uint8_t octets[4];
	unsigned differ = 0, count = 0;

	if (fgets(said, sizeof(said), from) == NULL || strlen(said) != POINTS + 1)
		bail_out("words_data.py said too little");
	for (uint32_t c = 0; c < POINTS; c++) {
		bool valid = words_valid(encode(c, octets), &fault);

		count += valid;
		if (valid != (said[c] == '1')) {
			printf("# U+%04X: we say %d\n", (unsigned)c, valid);
			differ++;
		}
	}
	printf("# %u code points are valid alone\n", count);
	ok(differ == 0 && count > 100000, "every code point as unicodedata has it");
}

static void many_lines(FILE *from)
{
	static char text[8 * WORDS_SIZE_MAX];
	static uint8_t octets[4 * WORDS_SIZE_MAX];
	struct fault fault;
	unsigned differ = 0, valid = 0, invalid = 0;

	while (fgets(text, sizeof(text), from) != NULL) {
		size_t size = strlen(text) / 2 - 1;
		bool said = text[0] == '1', we;

		if (!hex_read((struct bytes){(uint8_t *)text + 2, 2 * size}, octets, size))
			bail_out("words_data.py speaks another language");
		we = words_valid((struct bytes){octets, size}, &fault);
		if (we != said) {
			printf("# we say %d, it says %s", we, text);
			differ++;
		}
		if (said)
			valid++;
		else
			invalid++;
	}
	printf("# %u valid, %u not\n", valid, invalid);
	ok(differ == 0 && valid > 1000 && invalid > 1000, "many lines as unicodedata has them");
}

static FILE *python(const char *script, const char *more)
{
	const char *source = getenv("COMITY_SOURCE");
	char command[4096];

	if (source == NULL)
		return NULL;
	snprintf(command, sizeof(command), "python3 '%s/%s' %s", source, script, more);
	return popen(command, "r");
}

static bool has_pinned_python(void)
{
	char version[32] = "";
	FILE *from =
		popen("python3 -c 'import unicodedata as u; print(u.unidata_version)'", "r");

	if (from == NULL)
		return false;
	if (fgets(version, sizeof(version), from) == NULL)
		version[0] = 0;
	return pclose(from) == 0 && strcmp(version, "14.0.0\n") == 0;
}

static void second_opinion(void)
{
	char version[32];
	FILE *from;

	if (getenv("COMITY_SOURCE") == NULL || !has_pinned_python()) {
		ok(true, "unicodedata # SKIP no COMITY_SOURCE or no python3 with 14.0.0");
		return;
	}
	from = python("test/interop/words_data.py", "20261122");
	if (from == NULL || fgets(version, sizeof(version), from) == NULL)
		bail_out("words_data.py does not run");
	every_code_point(from);
	many_lines(from);
	ok(pclose(from) == 0, "words_data.py ended well");
	from = python("tools/unicode",
	              "| cmp - \"$COMITY_SOURCE/src/core/base/words_table.h\"");
	ok(from != NULL && pclose(from) == 0, "words_table.h is what tools/unicode makes");
}

int main(void)
{
	traps();
	where();
	lengths();
	second_opinion();
	return done_testing();
}
