/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a register: what is read, what is refused and where; what it says on a day; and every example that ships. */
#include "registers/register.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "act/act.h"
#include "base/text.h"
#include "tap.h"

#define DIGEST "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define HEAD   "comity-register/1\nregister iso3166\nversion 3\nsource ISO 3166-1, read on 2026-11-22\ndigest " DIGEST "\n\n"

static struct register_text text;

static bool reads(const char *octets, struct fault *fault)
{
	*fault = (struct fault){.line = 0};
	return register_read(bytes_of(octets), &text, fault);
}

static void whole(void)
{
	struct fault fault;

	ok(reads(HEAD "entry aa aurelia since 1945-10-24\nentry su soviet since 1974-12-15 until 1992-08-30\n", &fault),
	   "a register of two entries");
	ok(bytes_same(text.id, BYTES("iso3166")) && text.version == 3 &&
	           bytes_same(text.source, BYTES("ISO 3166-1, read on 2026-11-22")) && text.digest.octet[1] == 0x23,
	   "its head");
	ok(text.count == 2 && bytes_same(text.entry[1].code, BYTES("su")) && bytes_same(text.entry[1].party, BYTES("soviet")) &&
	           text.entry[0].since == 19451024 && text.entry[0].until == 0 && text.entry[1].until == 19920830,
	   "its entries");
}

static const struct {
	const char *text;
	uint32_t line;
} BAD[] = {
	{"", 1},
	{"comity-register/2\n", 1},
	{"comity-register/1", 1},
	{"comity-register/1\nregister ISO\n", 2},
	{"comity-register/1\nregister 3166\n", 2},
	{"comity-register/1\nregister iso3166\nversion 0\n", 3},
	{"comity-register/1\nregister iso3166\nversion 1\nsource  x\n", 4},
	{"comity-register/1\nregister iso3166\nversion 1\nsource x\ndigest 00\n", 5},
	{"comity-register/1\nregister iso3166\nversion 1\nsource x\ndigest " DIGEST "\nentry aa aurelia since 1974-12-15\n", 6},
	{HEAD, 7},
	{HEAD "entry AA aurelia since 1974-12-15\n", 7},
	{HEAD "entry aa a since 1974-12-15\n", 7},
	{HEAD "entry aa aurelia\n", 7},
	{HEAD "entry aa aurelia since 1974-12-32\n", 7},
	{HEAD "entry aa aurelia since 1974-02-29\n", 7},
	{HEAD "entry aa aurelia since 1974-12-15 \n", 7},
	{HEAD "entry aa aurelia since 1974-12-15 until 1974-12-15\n", 7},
	{HEAD "entry aa aurelia since 1974-12-15 until 1975-12-15 again\n", 7},
	{HEAD "entry bb borealia since 1974-12-15\nentry aa aurelia since 1974-12-15\n", 8},
	{HEAD "entry aa aurelia since 1974-12-15\nentry aa borealia since 1980-01-01\n", 8},
	{HEAD "entry aa aurelia since 1974-12-15 until 1980-01-02\nentry aa borealia since 1980-01-01\n", 8},
	{HEAD "entry aa aurelia since 1974-12-15\n\n", 8},
	{HEAD "entry aa aurelia since 1974-12-15", 7},
};

static void refused(void)
{
	struct fault fault;

	for (size_t i = 0; i < sizeof(BAD) / sizeof(BAD[0]); i++) {
		bool read = reads(BAD[i].text, &fault);

		if (!ok(!read && fault.line == BAD[i].line && fault.why != NULL, fault.why != NULL ? fault.why : BAD[i].text))
			printf("# line %u: %s\n", fault.line, BAD[i].text);
	}
}

static void limits(void)
{
	static char big[REGISTER_SIZE_MAX + 200];
	struct fault fault;
	size_t used;

	for (unsigned count = REGISTER_ENTRIES_MAX; count <= REGISTER_ENTRIES_MAX + 1; count++) {
		used = (size_t)snprintf(big, sizeof(big), "%s", HEAD);
		for (unsigned i = 0; i < count; i++)
			used += (size_t)snprintf(big + used, sizeof(big) - used, "entry c%03u p%03u since 1974-12-15\n", i, i);
		ok(reads(big, &fault) == (count == REGISTER_ENTRIES_MAX), "512 entries, and one more");
	}
	memset(big, 'a', sizeof(big) - 1);
	ok(!reads(big, &fault) && strcmp(fault.why, "longer than 24,576 octets") == 0, "too long");
}

static bool says(const char *code, const char *party, uint32_t day, enum register_says of_code, enum register_says of_party)
{
	const struct register_entry *by;

	return register_of_code(&text, bytes_of(code), day, &by) == of_code && (by == NULL) == (of_code == REGISTER_NEVER) &&
	       register_of_party(&text, bytes_of(party), day, &by) == of_party && (by == NULL) == (of_party == REGISTER_NEVER);
}

static void days(void)
{
	struct fault fault;
	uint32_t next = 0;

	if (!reads(HEAD "entry cs czecho since 1974-12-15 until 1993-06-15\nentry cs serbia since 2003-07-23 until 2006-09-26\n"
	           "entry rs serbia since 2006-09-26\n",
	           &fault))
		bail_out(fault.why);
	ok(says("cs", "czecho", 19741214, REGISTER_NEVER, REGISTER_NEVER), "before the first day");
	ok(says("cs", "czecho", 19741215, REGISTER_LISTED, REGISTER_LISTED), "on it");
	ok(says("cs", "czecho", 19930615, REGISTER_REMOVED, REGISTER_REMOVED), "the day until which it is, it is not");
	ok(says("cs", "serbia", 20030723, REGISTER_LISTED, REGISTER_LISTED), "a code stands for another");
	ok(says("cs", "serbia", 20060926, REGISTER_REMOVED, REGISTER_LISTED), "a party under another code goes on");
	ok(says("cs", "czecho", 20060101, REGISTER_LISTED, REGISTER_REMOVED), "the code is there, for somebody else");
	ok(says("xx", "nobody", 20060101, REGISTER_NEVER, REGISTER_NEVER), "what never was there");
	ok(register_next_day(&text, 19741215, &next) && next == 19930615 && register_next_day(&text, 20030723, &next) &&
	           next == 20060926 && !register_next_day(&text, 20060926, &next),
	   "the days on which something changes");
}

static void examples(void)
{
	static char octets[REGISTER_SIZE_MAX + 1], path[4096];
	const char *source = getenv("COMITY_SOURCE");
	struct dirent **names;
	struct fault fault;
	int count;

	snprintf(path, sizeof(path), "%s/examples/registers", source != NULL ? source : ".");
	count = scandir(path, &names, NULL, alphasort);
	ok(count > 2, "there are examples");
	for (int i = 0; i < count; i++) {
		FILE *file;
		size_t size;

		if (names[i]->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/examples/registers/%s", source != NULL ? source : ".", names[i]->d_name);
		file = fopen(path, "rb");
		size = file == NULL ? 0 : fread(octets, 1, sizeof(octets), file);
		if (file != NULL)
			fclose(file);
		ok(register_read((struct bytes){(uint8_t *)octets, size}, &text, &fault), names[i]->d_name);
	}
}

int main(void)
{
	whole();
	refused();
	limits();
	days();
	examples();
	return done_testing();
}
