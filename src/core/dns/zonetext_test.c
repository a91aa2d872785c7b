/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonetext.h"

#include <string.h>

#include "tap.h"

static uint8_t memory[4 << 20];

static const char ZONE[] =
	". 86400 IN NS a.root-servers.net.\n"
	". 86400 IN SOA a.root-servers.net. x. 1 2 3 4 5\n"
	". 86400 IN RRSIG SOA 15 0 86400 20260101000000 20250101000000 7 . AAAA\n"
	". 86400 IN RRSIG NSEC 15 0 86400 20260101000000 20250101000000 7 . AAAA\n"
	". 86400 IN NSEC cn. NS SOA RRSIG NSEC\n"
	"cn. 172800 IN NS a.dns.cn.\n"
	"cn. 86400 IN RRSIG NSEC 15 1 86400 20260101000000 20250101000000 7 . AAAA\n"
	"cn. 86400 IN NSEC . NS RRSIG NSEC\n"
	"a.dns.cn. 172800 IN A 203.119.25.1\n"
	"a.dns.cn. 172800 IN AAAA 2001:dc7::1\n";

static bool reads(const char *text, struct fault *fault)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct rrset_list zone;

	*fault = (struct fault){0};
	return zone_read_text(bytes_of(text), &arena, &zone, fault);
}

static bool faulty(const char *text, uint32_t line, const char *why)
{
	struct fault fault;

	if (reads(text, &fault))
		return false;
	if (fault.line == line && strcmp(fault.why, why) == 0)
		return true;
	printf("# line %u: %s\n", fault.line, fault.why);
	return false;
}

static void there_and_back(void)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct rrset_list zone = {0};
	struct fault fault;

	ok(zone_read_text(bytes_of(ZONE), &arena, &zone, &fault) && zone.count == 7,
	   "a zone reads");
	ok(rrset_list_records(&zone) == 10 && zone.at[0].rrsig_count == 0 &&
	           zone.at[1].rrsig_count == 1,
	   "its signatures with what they cover");
	struct writer w = writer_in(&arena);
	zone_write_text(&w, &zone);
	ok(bytes_same(writer_bytes(&w), bytes_of(ZONE)), "and writes back octet by octet");
	ok(reads("", &fault), "no text is an empty zone");
}

static void faults(void)
{
	ok(faulty("cn. 1 IN NS a.\n. 1 IN NS a.\n", 2, "not in canonical order"),
	   "order of owners");
	ok(faulty("a. 1 IN NS b.\na. 1 IN NS b.\n", 2, "not in canonical order"),
	   "a record twice");
	ok(faulty("a. 1 IN NS b.\na. 1 IN NS A.\n", 2, "not the one form of this record"),
	   "capital letters");
	ok(faulty("a. 1 IN NS b.\n\n", 2, "not an absolute domain name"), "an empty line");
	ok(faulty("a. 1 IN NS b.\na. 1 IN NS c.", 2, "the last line does not end"),
	   "a text that was cut");
	ok(faulty("a. 1 IN NS b.\na. 2 IN NS c.\n", 2,
	          "another time to live than the rest of its set"),
	   "two TTLs in a set");
	ok(faulty("a. 1 IN NS b.\na. 1 IN RRSIG A 15 1 1 20260101000000 20250101000000 7 . "
	          "AAAA\n",
	          2, "a signature that covers no set of its owner"),
	   "a signature over nothing");
	ok(faulty("; comment\n", 1, "not an absolute domain name"),
	   "comments are for other readers");
}

int main(void)
{
	there_and_back();
	faults();
	return done_testing();
}
