/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/rdata.h"

#include <string.h>

#include "dns/address.h"
#include "dns/type.h"
#include "tap.h"

static uint8_t memory[1 << 20];

/* Reads `text` as data of `type` and prints it; false when that is not `want`. */
static bool prints(uint16_t type, const char *text, const char *want)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct fault fault;
	struct bytes rdata;

	if (!rdata_read_text(type, bytes_of(text), &arena, &rdata, &fault))
		return false;
	if (rdata_check(type, rdata) != OK)
		return false;
	struct writer w = writer_in(&arena);
	rdata_write_text(&w, type, rdata);
	return !w.full && bytes_same(writer_bytes(&w), bytes_of(want));
}

static bool same(uint16_t type, const char *text)
{
	return prints(type, text, text);
}

static bool refused(uint16_t type, const char *text)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct fault fault = {0};
	struct bytes rdata;

	return !rdata_read_text(type, bytes_of(text), &arena, &rdata, &fault) &&
	       fault.why != NULL && fault.column >= 1 && fault.column <= strlen(text) + 1;
}

/* Whatever fills the room of a field, at its ends. */
static void seldom(void)
{
	ok(prints(TYPE_LOC, "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000m 10m",
	          "52 22 23.000 N 4 53 32.000 E -2.00m 0.00m 10000.00m 10.00m") &&
	           prints(TYPE_LOC, "1 S 2 3 W 5",
	                  "1 0 0.000 S 2 3 0.000 W 5.00m 1.00m 10000.00m 10.00m"),
	   "LOC, with its defaults (RFC 1876 section 3)");
	ok(same(TYPE_LOC, "90 0 0.000 N 180 0 0.000 W 42849672.95m 90000000.00m 0.00m 0.09m") &&
	           same(TYPE_LOC, "90 0 0.000 S 180 0 0.000 E -100000.00m 0.01m 1.00m 1.00m"),
	   "at its ends");
	ok(refused(TYPE_LOC, "90 0 0.001 N 0 E 0m") && refused(TYPE_LOC, "1 N 1 E 42849672.96m") &&
	           refused(TYPE_LOC, "1 N 1 E -100000.01m") && refused(TYPE_LOC, "1 N 1 E 1.001m") &&
	           refused(TYPE_LOC, "1 N 1 E") && refused(TYPE_LOC, "N 1 E 1m") &&
	           refused(TYPE_LOC, "1 N 1 E 0m 90000000.01m"),
	   "and beyond them");
	ok(same(TYPE_LOC, "\\# 2 0100") && refused(TYPE_LOC, "\\# 2 0000") &&
	           same(TYPE_LOC, "\\# 16 001213a7800000008000000000989680"),
	   "another version, and what has no text");
	ok(same(TYPE_CAA, "0 issue \"\""), "CAA of no value (RFC 8659 section 4.2)");
	ok(same(TYPE_APL, "1:192.168.32.0/21 !1:192.168.38.0/28 2:ff00::/8 1:0.0.0.0/0") &&
	           prints(TYPE_APL, "", "\\# 0") && same(TYPE_APL, "\\# 0") && same(TYPE_APL, "\\# 5 0003080141") &&
	           same(TYPE_APL, "\\# 4 41610000"),
	   "APL, of families we do not know too");
	ok(refused(TYPE_APL, "1:192.0.2.0/33") && refused(TYPE_APL, "3:1/1") &&
	           refused(TYPE_APL, "1:192.0.2.0") && refused(TYPE_APL, "\\# 5 0001080241"),
	   "what is no prefix");
	ok(same(TYPE_IPSECKEY, "10 1 2 192.0.2.38 AQID") && same(TYPE_IPSECKEY, "10 0 0 .") &&
	           same(TYPE_IPSECKEY, "10 3 2 gate.example. AQID") &&
	           same(TYPE_IPSECKEY, "10 2 2 2001:db8::1 AQID") &&
	           refused(TYPE_IPSECKEY, "10 4 2 . AQID") &&
	           same(TYPE_IPSECKEY, "\\# 6 0a0302014100"),
	   "IPSECKEY; a gateway with capitals has no text");
	ok(same(TYPE_AMTRELAY, "10 0 1 203.0.113.15") && same(TYPE_AMTRELAY, "128 1 3 amtrelays.example.com.") &&
	           same(TYPE_AMTRELAY, "10 0 2 2001:db8::15") && same(TYPE_AMTRELAY, "255 1 0 .") &&
	           same(TYPE_AMTRELAY, "\\# 3 0a0701") && same(TYPE_AMTRELAY, "\\# 5 0a83014100") &&
	           refused(TYPE_AMTRELAY, "10 2 1 203.0.113.15") && refused(TYPE_AMTRELAY, "10 0 4 .") &&
	           refused(TYPE_AMTRELAY, "10 0 0 . x") && refused(TYPE_AMTRELAY, "\\# 7 0a01cb00710f00"),
	   "AMTRELAY; a relay of a type to come, or with capitals, has no text");
	ok(refused(TYPE_APL, "3:192.0.2.0/24") && refused(TYPE_APL, "9:2001:db8::/32"), "APL of another family has no text");
	ok(same(TYPE_AVC, "\"app-name:WOLFGANG|app-class:OAM\" \"x\""), "AVC");
	ok(same(TYPE_HIP, "2 200100107b1a74df AQID rvs.example. other.") &&
	           refused(TYPE_HIP, "2 0 AQID") && refused(TYPE_HIP, "2 20"),
	   "HIP");
	ok(same(TYPE_EUI48, "00-00-5e-00-53-2a") && same(TYPE_EUI64, "00-00-5e-ef-10-00-00-2a") &&
	           refused(TYPE_EUI48, "00-00-5e-00-53-2a-") && refused(TYPE_EUI64, "0-0-0-0-0-0-0-0"),
	   "EUI48 and EUI64");
	ok(prints(TYPE_NID, "10 14:4FFF:ff20:ee64", "10 0014:4fff:ff20:ee64") &&
	           refused(TYPE_NID, "10 14:4fff:ff20") && refused(TYPE_NID, "10 1:2:3:4:5") &&
	           same(TYPE_L32, "10 10.1.2.0") && same(TYPE_LP, "10 l64.example."),
	   "NID, L32 and LP");
	ok(same(TYPE_CERT, "1 12345 8 AQID") && refused(TYPE_CERT, "PKIX 12345 8 AQID"),
	   "CERT; its mnemonics are for other people's files");
}

/* RFC 5952 sections 4 and 5, and RFC 4291 section 2.2. */
static void addresses(void)
{
	static const char *const pair[][2] = {
		{"2001:0DB8:0:0:0:0:2:1", "2001:db8::2:1"},
		{"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
		{"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
		{"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
		{"0:0:0:0:0:0:0:0", "::"},
		{"0:0:0:0:0:0:0:1", "::1"},
		{"1:0:0:0:0:0:0:0", "1::"},
		{"::ffff:192.0.2.1", "::ffff:192.0.2.1"},
		{"::FFFF:c000:201", "::ffff:192.0.2.1"},
		{"64:ff9b::192.0.2.33", "64:ff9b::c000:221"},
		{"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
		{"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
	};
	static const char *const bad[] = {
		"",
		":",
		":::",
		"1::2::3",
		"1:2:3:4:5:6:7",
		"12345::",
		"1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7:8::",
		"::g",
		"1:2:",
		":1:2:3:4:5:6:7:8",
		"::1.2.3",
		"::1.2.3.4:5",
		"::1.2.3.04",
		"1::2:3:4:5:6:7:8",
		"fe80::1%eth0",
	};
	bool all = true, none = false;

	for (size_t i = 0; i < sizeof(pair) / sizeof(pair[0]); i++)
		all = all && ok(prints(TYPE_AAAA, pair[i][0], pair[i][1]), pair[i][0]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		none = none || !refused(TYPE_AAAA, bad[i]);
	ok(all && !none, "IPv6 addresses have one form, and nothing else is one");
	ok(same(TYPE_A, "0.0.0.0") && same(TYPE_A, "255.255.255.255"), "IPv4 addresses");
	ok(refused(TYPE_A, "1.2.3") && refused(TYPE_A, "1.2.3.4.5") &&
	           refused(TYPE_A, "1.2.3.256") && refused(TYPE_A, "01.2.3.4") &&
	           refused(TYPE_A, "1.2.3.") && refused(TYPE_A, ""),
	   "and nothing else is one");
}

static void forms(void)
{
	ok(same(TYPE_NS, "a.root-servers.net."), "NS");
	ok(prints(TYPE_NS, "A.ROOT-servers.net.", "a.root-servers.net."), "names are lowered");
	ok(refused(TYPE_NS, "a.root-servers.net") && refused(TYPE_NS, "a. b."),
	   "one absolute name");
	ok(same(TYPE_SOA,
	        "a.root-servers.net. nstld.verisign-grs.com. 2026010500 1800 900 604800 "
	        "86400"),
	   "SOA");
	ok(refused(TYPE_SOA, "a. b. 1 2 3 4") && refused(TYPE_SOA, "a. b. 1 2 3 4 4294967296"),
	   "five numbers of 32 bits");
	ok(same(TYPE_MX, "10 mail.example.") && same(TYPE_PTR, "x.") && same(TYPE_CNAME, "y."),
	   "MX, PTR, CNAME");
	ok(same(TYPE_DS, "20326 8 2 "
	                 "e06d44b80b8f1d39a95c0b0d7c65d08458e880409bbc683457104237c7f8ec8d"),
	   "DS");
	ok(refused(TYPE_DS, "1 8 2 e06d44b80b8f1d39a95c0b0d7c65d084") &&
	           refused(TYPE_DS, "1 8 2 zz") && refused(TYPE_DS, "65536 8 9 aa") &&
	           refused(TYPE_DS, "1 8 9"),
	   "a SHA-256 digest has 32 octets");
	ok(prints(TYPE_DS, "1 8 9 AAbb", "1 8 9 aabb"), "an unknown digest may have any size");
	ok(same(TYPE_DNSKEY, "257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4="),
	   "DNSKEY");
	ok(refused(TYPE_DNSKEY, "257 3 15 l02=Woi0") && refused(TYPE_DNSKEY, "257 3 15 l02"),
	   "base64 is strict");
	ok(same(TYPE_RRSIG,
	        "MX 15 2 3600 20150819220000 20150729220000 3613 example.com. oL9k"),
	   "RRSIG");
	ok(refused(TYPE_RRSIG, "MX 15 2 3600 20150231220000 20150729220000 3613 e. oL9k") &&
	           refused(TYPE_RRSIG,
	                   "MX 15 2 3600 21060207062816 20150729220000 3613 e. oL9k"),
	   "a day that is none, and a second past 32 bits");
	ok(same(TYPE_ZONEMD, "2018031900 1 1 "
	                     "c68090d90a7aed716bc459f9340e3d7c1370d4d24b7e2fc3"
	                     "a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730044c"),
	   "ZONEMD");
	ok(refused(TYPE_ZONEMD, "1 1 1 c680") &&
	           refused(TYPE_ZONEMD, "1 1 240 0102030405060708090a0b"),
	   "RFC 8976 section 2.2.4: at least 12 octets, and those of the algorithm");
}

static void texts(void)
{
	ok(same(TYPE_TXT, "\"a b\" \"\" \"\\\"\\\\;\\000\\255\""), "TXT");
	ok(prints(TYPE_TXT, "plain \\119ord", "\"plain\" \"word\""), "unquoted strings");
	ok(refused(TYPE_TXT, "") && refused(TYPE_TXT, "\"open") &&
	           refused(TYPE_TXT, "\"a\"b") && refused(TYPE_TXT, "a  b") &&
	           refused(TYPE_TXT, "\"\\2\"") && refused(TYPE_TXT, "a ") &&
	           refused(TYPE_TXT, "\"\\256\""),
	   "and what is none");
	ok(same(1234, "\\# 3 0a0b0c") && same(1234, "\\# 0"), "RFC 3597: unknown types");
	ok(prints(1234, "\\# 3 0A 0b0C", "\\# 3 0a0b0c"), "hex in several words");
	ok(refused(1234, "\\# 2 0a0b0c") && refused(1234, "abc") && refused(1234, "\\#"),
	   "of the size announced");
	ok(prints(TYPE_A, "\\# 4 c0000201", "192.0.2.1"),
	   "a known type in the form of unknown ones");
	ok(refused(TYPE_A, "\\# 3 c00002"), "is still checked");
	ok(prints(TYPE_NS, "\\# 3 014100", "a."), "and lowered");
}

/* RFC 4034 section 4.3. */
static void nsec(void)
{
	static const uint8_t want[] =
		"\4host\7example\3com\0\0\6\x40\1\0\0\0\3\4\x1b"
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x20";
	struct arena arena = {memory, sizeof(memory), 0};
	struct fault fault;
	struct bytes rdata = {NULL, 0};

	ok(rdata_read_text(TYPE_NSEC, BYTES("host.example.com. TYPE1234 A MX RRSIG NSEC"),
	                   &arena, &rdata, &fault) &&
	           bytes_same(rdata, (struct bytes){want, sizeof(want) - 1}),
	   "the NSEC of RFC 4034 section 4.3");
	ok(prints(TYPE_NSEC, "h. TYPE1234 NSEC A A", "h. A NSEC TYPE1234"), "types in order");
	ok(refused(TYPE_NSEC, "h. TYPE1") && refused(TYPE_NSEC, "h. FOO") &&
	           refused(TYPE_NSEC, "h. TYPE65536"),
	   "a known type has one word");
	ok(same(TYPE_NSEC, "."), "no types at all");
}

static void wire(void)
{
	ok(rdata_check(TYPE_NS, BYTES("\1a\300\14")) == MISHAP_MALFORMED, "no pointers");
	ok(rdata_check(TYPE_NS, BYTES("\1a\0x")) == MISHAP_TRAILING, "no more than the fields");
	ok(rdata_check(TYPE_SOA, BYTES("\0\0\1")) == MISHAP_SHORT, "no less");
	ok(rdata_check(TYPE_TXT, BYTES("\2a")) == MISHAP_SHORT, "strings fill it");
	ok(rdata_check(TYPE_NSEC, BYTES("\0\1\1\x40\0\1\x40")) == MISHAP_MALFORMED,
	   "windows ascend");
	ok(rdata_check(TYPE_NSEC, BYTES("\0\0\2\x40\0")) == MISHAP_MALFORMED,
	   "no trailing zeros in a window");
	uint8_t soa[] = "\1A\0\1B\0aaaabbbbccccddddeeee";
	struct bytes names[RDATA_NAMES_MAX];
	ok(rdata_names(TYPE_SOA, (struct bytes){soa, sizeof(soa) - 1}, names) == 2 &&
	           bytes_same(names[1], BYTES("\1B\0")),
	   "the two names of an SOA");
	rdata_lower(TYPE_SOA, soa, sizeof(soa) - 1);
	ok(memcmp(soa, "\1a\0\1b\0aaaa", 10) == 0, "are lowered in place");
}

int main(void)
{
	seldom();
	addresses();
	forms();
	texts();
	nsec();
	wire();
	return done_testing();
}
