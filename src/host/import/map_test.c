/* SPDX-License-Identifier: Apache-2.0 */
/* The map of TLDs to parties: its grammar, its faults with their lines, and the one of
 * countries. */
#include "host/import/map.h"

#include <string.h>

#include "tap.h"

#define MEMORY (1 << 20)

static struct map map;
static struct fault fault;

static bool reads(const char *text, const char *parties)
{
	static uint8_t memory[MEMORY] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};

	fault = (struct fault){0};
	return map_read(bytes_of(text), bytes_of(parties), &arena, &map, &fault);
}

static bool holds(const char *label, const char *party)
{
	for (size_t i = 0; i < map.count; i++)
		if (bytes_same(map.share[i].label, bytes_of(label)))
			return bytes_same(map.share[i].party, bytes_of(party));
	return false;
}

static bool sorted(void)
{
	for (size_t i = 1; i < map.count; i++)
		if (importing_share_order(&map.share[i - 1], &map.share[i], NULL) >= 0)
			return false;
	return true;
}

static void forms(void)
{
	ok(reads("", "") && map.count == 0, "an empty map");
	ok(reads("# nothing\n\n   \t\n", "") && map.count == 0, "nothing but comments");
	ok(reads("aurelia  zz\taa # two\nborealia bb xn--p1ai", "") && map.count == 4 &&
	           sorted() && holds("aa", "aurelia") && holds("zz", "aurelia") &&
	           holds("bb", "borealia") && holds("xn--p1ai", "borealia"),
	   "any blanks, comments behind, no LF at the end");
	ok(reads("aurelia aa\naurelia bb\n", "aurelia borealia") && map.count == 2,
	   "a party on several lines");
}

static void faults(void)
{
	ok(!reads("aurelia aa\n\nborealia aa\n", "") && fault.line == 3, "a TLD twice");
	ok(!reads("aurelia aa aa\n", "") && fault.line == 1, "a TLD twice on one line");
	ok(!reads("aurelia aa\ngalatia bb\n", "aurelia borealia") && fault.line == 2,
	   "an unknown party");
	ok(!reads("aurelia\n", "") && fault.line == 1, "a party without TLDs");
	ok(!reads("aurelia aa.\n", "") && fault.line == 1, "a TLD with a dot");
	ok(!reads("aurelia AA\n", "") && fault.line == 1, "a TLD in capitals");
	ok(!reads("aurelia \xe4\xb8\xad\n", "") && fault.line == 1, "a TLD that is no A-label");
	ok(!reads("\n\nAurelia aa\n", "") && fault.line == 3, "not the name of a party");
}

static void countries(void)
{
	static uint8_t memory[MEMORY] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};

	map_of_countries(BYTES("cn commons gb in sh"), &arena, &map);
	ok(sorted() && holds("cn", "cn") && holds("xn--fiqs8s", "cn") &&
	           holds("xn--h2brj9c", "in") && holds("uk", "gb") && holds("ac", "sh"),
	   "a party named by a country's code holds its TLDs");
	ok(!holds("xn--p1ai", "ru") && !holds("commons", "commons"), "and nobody else any");
	map_of_countries(BYTES(""), &arena, &map);
	ok(map.count == 0, "without parties, nothing");
}

static void example(void)
{
	static char text[65536];
	const char *source = getenv("COMITY_SOURCE");
	char path[1000];
	FILE *file;

	snprintf(path, sizeof(path), "%s/examples/seven-states/map",
	         source != NULL ? source : ".");
	file = fopen(path, "rb");
	if (file == NULL)
		bail_out(path);
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	ok(reads(text, "aurelia borealia cascadia commons delmare estoria fjordland galatia") &&
	           map.count == 309,
	   "the example gives 309 TLDs to seven states");
	ok(holds("uk", "cascadia") && holds("xn--j1amh", "galatia"),
	   "by the codes of countries");
}

int main(void)
{
	forms();
	faults();
	countries();
	example();
	return done_testing();
}
