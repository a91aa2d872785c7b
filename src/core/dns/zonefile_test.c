/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonefile.h"

#include <string.h>

#include "dns/zonetext.h"
#include "tap.h"

static uint8_t memory[16 << 20];

#define EXAMPLE BYTES("\7example\0")

/* The canonical text of what `text` reads as; none when it is refused. */
static struct bytes canonical(const char *text, struct bytes origin, struct arena *arena,
                              struct fault *fault)
{
	struct rrset_list zone;

	*arena = (struct arena){memory, sizeof(memory), 0};
	*fault = (struct fault){0};
	if (!zone_file_read(bytes_of(text), origin, arena, &zone, fault))
		return (struct bytes){NULL, 0};
	struct writer w = writer_in(arena);
	zone_write_text(&w, &zone);
	return writer_keep(&w, arena);
}

static bool reads(const char *text, const char *want)
{
	struct arena arena;
	struct fault fault;
	struct bytes got = canonical(text, EXAMPLE, &arena, &fault);

	if (got.at == NULL)
		printf("# %u:%u: %s\n", fault.line, fault.column, fault.why);
	else if (!bytes_same(got, bytes_of(want)))
		printf("# got: %.*s\n", (int)got.size, (const char *)got.at);
	return got.at != NULL && bytes_same(got, bytes_of(want));
}

/* True when `text` is refused at that place for that reason. */
static bool refused(const char *text, uint32_t line, uint32_t column, const char *why)
{
	struct arena arena;
	struct fault fault;
	struct bytes got = canonical(text, EXAMPLE, &arena, &fault);

	if (got.at == NULL && fault.line == line && fault.column == column &&
	    strcmp(fault.why, why) == 0)
		return true;
	if (got.at == NULL)
		printf("# %u:%u: %s\n", fault.line, fault.column, fault.why);
	return false;
}

/* RFC 1035 section 5.3, with classes as we serve them. */
static void the_example_of_the_rfc(void)
{
	ok(reads("@   IN  SOA     VENERA      Action\\.domains (\n"
	         "                                 20     ; SERIAL\n"
	         "                                 7200   ; REFRESH\n"
	         "                                 600    ; RETRY\n"
	         "                                 3600000; EXPIRE\n"
	         "                                 60)    ; MINIMUM\n"
	         "\n"
	         "        NS      A.ISI.EDU.\n"
	         "        NS      VENERA\n"
	         "        MX      10      VENERA\n"
	         "\n"
	         "A       A       26.3.0.103\n"
	         "\n"
	         "VENERA  A       10.1.0.52\n"
	         "        A       128.9.0.32\n",
	         "") == false &&
	           refused("@ IN SOA a b 1 2 3 4 5\n", 1, 6,
	                   "no time to live, neither here nor before"),
	   "a TTL must come from somewhere");
	ok(reads("$TTL 1d\n"
	         "@   IN  SOA     VENERA      Action\\.domains (\n"
	         "                                 20     ; SERIAL\n"
	         "                                 2h     ; REFRESH\n"
	         "                                 600    ; RETRY\n"
	         "                                 3600000; EXPIRE\n"
	         "                                 60)    ; MINIMUM\n"
	         "\n"
	         "        NS      A.ISI.EDU.\n"
	         "        NS      VENERA\n"
	         "        MX      10      VENERA\n"
	         "\n"
	         "A       A       26.3.0.103\n"
	         "\n"
	         "VENERA  A       10.1.0.52\n"
	         "        A       128.9.0.32",
	         "example. 86400 IN NS a.isi.edu.\n"
	         "example. 86400 IN NS venera.example.\n"
	         "example. 86400 IN SOA venera.example. action\\046domains.example. 20 7200 "
	         "600 "
	         "3600000 60\n"
	         "example. 86400 IN MX 10 venera.example.\n"
	         "a.example. 86400 IN A 26.3.0.103\n"
	         "venera.example. 86400 IN A 10.1.0.52\n"
	         "venera.example. 86400 IN A 128.9.0.32\n"),
	   "the example of RFC 1035 section 5.3");
}

static void heads(void)
{
	static const char WANT[] = "a.example. 5400 IN A 192.0.2.1\n";

	ok(reads("a 5400 IN A 192.0.2.1\n", WANT) && reads("a IN 5400 A 192.0.2.1\n", WANT) &&
	           reads("A\t1h30M\ta\t192.0.2.1\r\n", WANT) &&
	           reads("a.EXAMPLE. class1 90m type1 \\# 4 c0 000 201\n", WANT),
	   "TTL, class and type in any order and spelling");
	ok(reads("$TTL 1h30m\na A 192.0.2.1 ; a comment\n", WANT) &&
	           reads("$ttl 5400\n$origin A\n@ A 192.0.2.1\n", WANT) &&
	           reads("$TTL 5400\n$ORIGIN .\n$ORIGIN example\na A (192.0.2.1)\n", WANT),
	   "$TTL and $ORIGIN");
	ok(reads("a 5 A 192.0.2.1\n A 192.0.2.2\na A 192.0.2.1\n",
	         "a.example. 5 IN A 192.0.2.1\na.example. 5 IN A 192.0.2.2\n"),
	   "the last owner and TTL go on; what is there twice is there once");
	ok(reads("$TTL 7\na 5 A 192.0.2.1\nb A 192.0.2.2\n",
	         "a.example. 5 IN A 192.0.2.1\nb.example. 7 IN A 192.0.2.2\n"),
	   "$TTL goes before the last TTL");
	ok(reads("", "") && reads("; nothing\n\n   \n\t; at all", "") && reads("()\n", ""),
	   "nothing is no record");
	ok(reads("b 5 A 192.0.2.1\na.b 5 A 192.0.2.1\n5 5 A 192.0.2.1\n",
	         "5.example. 5 IN A 192.0.2.1\nb.example. 5 IN A 192.0.2.1\n"
	         "a.b.example. 5 IN A 192.0.2.1\n"),
	   "any order comes out in canonical order");
	ok(reads("A 5 NS NS\nNS 5 NS ns\nin 5 IN NS in.\n",
	         "a.example. 5 IN NS ns.example.\nin.example. 5 IN NS in.\n"
	         "ns.example. 5 IN NS ns.example.\n"),
	   "an owner may be called like a type or a class");
}

static void data(void)
{
	ok(reads("t 5 TXT a \"b c\" \"d;\\\"\\\\\\065\" e\\ f ( \n g ) \"\"\n",
	         "t.example. 5 IN TXT \"a\" \"b c\" \"d;\\\"\\\\A\" \"e f\" \"g\" \"\"\n"),
	   "strings");
	ok(reads("\\065\\.b 5 NS \\@\n", "a\\046b.example. 5 IN NS \\064.example.\n"),
	   "escapes in names");
	ok(reads("a 5 DS 1 ED25519 2 ( AA 0102030405060708090a0b0c0d0e0f\n"
	         "\t101112131415161718191a1b1c1d1e1F )\n",
	         "a.example. 5 IN DS 1 15 2 "
	         "aa0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n"),
	   "hex in pieces, an algorithm by its mnemonic");
	ok(reads("@ 5 DNSKEY 257 3 15 l02W oi0iS8Aa25FQkUd9RMz (\nZHJpBoRQwAQEX1SxZJA4 = )\n",
	         "example. 5 IN DNSKEY 257 3 15 "
	         "l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=\n"),
	   "base64 in pieces");
	ok(reads("@ 5 NS a\n@ 5 RRSIG NS 15 1 5 1767225600 20250101000000 7 @ AAAA\n",
	         "example. 5 IN NS a.example.\n"
	         "example. 5 IN RRSIG NS 15 1 5 20260101000000 20250101000000 7 example. "
	         "AAAA\n"),
	   "times in seconds");
	ok(reads("@ 5 NSEC b TYPE1234 nsec TYPE2 A\n",
	         "example. 5 IN NSEC b.example. A NS NSEC TYPE1234\n"),
	   "bitmaps");
	ok(reads("@ 5 TYPE65280 \\# 3 (00 \n 01 02)\n",
	         "example. 5 IN TYPE65280 \\# 3 000102\n") &&
	           reads("@ 5 TYPE65280 \\# 0\n", "example. 5 IN TYPE65280 \\# 0\n"),
	   "unknown types");
}

static void types(void)
{
	/* RFC 5155 appendix A */
	ok(reads("0p9mhaveqvm6t7vbl5lop2u3t2rp3tom 5 NSEC3 1 1 12 aabbccdd "
	         "2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG\n"
	         "@ 5 NSEC3PARAM 1 0 12 -\n",
	         "example. 5 IN NSEC3PARAM 1 0 12 -\n"
	         "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. 5 IN NSEC3 1 1 12 aabbccdd "
	         "2t7b4g4vsa5smi47k61mv5bv1a22bojr NS SOA MX RRSIG DNSKEY NSEC3PARAM\n"),
	   "NSEC3 and NSEC3PARAM");
	ok(reads("_sip._udp 5 SRV 1 2 5060 SIP\nc 5 CNAME d\nd 5 PTR e\ne 5 DNAME F.\n",
	         "_sip._udp.example. 5 IN SRV 1 2 5060 sip.example.\n"
	         "c.example. 5 IN CNAME d.example.\nd.example. 5 IN PTR e.example.\n"
	         "e.example. 5 IN DNAME f.\n"),
	   "SRV, CNAME, PTR, DNAME");
	ok(reads("@ 5 CAA 0 issue \"ca.example; x=y\"\n@ 5 URI 1 2 \"https://a/\"\n"
	         "@ 5 NAPTR 1 2 u \"E2U+sip\" !^.*$!sip:a@b! .\n@ 5 HINFO \"a b\" c\n",
	         "example. 5 IN HINFO \"a b\" \"c\"\n"
	         "example. 5 IN NAPTR 1 2 \"u\" \"E2U+sip\" \"!^.*$!sip:a@b!\" .\n"
	         "example. 5 IN URI 1 2 \"https://a/\"\n"
	         "example. 5 IN CAA 0 issue \"ca.example; x=y\"\n"),
	   "CAA, URI, NAPTR, HINFO");
	ok(reads("_443._tcp 5 TLSA 3 1 1 AAbb cc\na 5 SSHFP 4 2 0aFF\n@ 5 CSYNC 66 3 NS A "
	         "AAAA\n"
	         "@ 5 CDS 0 0 0 00\n@ 5 CDNSKEY 0 3 0 AA==\n",
	         "example. 5 IN CDS 0 0 0 00\nexample. 5 IN CDNSKEY 0 3 0 AA==\n"
	         "example. 5 IN CSYNC 66 3 A NS AAAA\n"
	         "_443._tcp.example. 5 IN TLSA 3 1 1 aabbcc\n"
	         "a.example. 5 IN SSHFP 4 2 0aff\n"),
	   "TLSA, SSHFP, CSYNC, CDS, CDNSKEY");
}

/* RFC 9460 appendix D.2. */
static void service_bindings(void)
{
	ok(reads("@ 5 HTTPS 0 foo.example.com.\n",
	         "example. 5 IN HTTPS \\# 19 000003666f6f076578616d706c6503636f6d00\n"),
	   "figure 2: alias mode");
	ok(reads("@ 5 SVCB 16 foo.example.com. port=53\n",
	         "example. 5 IN SVCB \\# 25 "
	         "001003666f6f076578616d706c6503636f6d00000300020035\n"),
	   "figure 4: a port");
	ok(reads("@ 5 SVCB 1 foo.example.com. key667=\"hello\\210qoo\"\n",
	         "example. 5 IN SVCB \\# 32 "
	         "000103666f6f076578616d706c6503636f6d00029b000968656c6c6fd2716f6f\n"),
	   "figure 6: a generic key with a quoted value");
	ok(reads("@ 5 SVCB 1 foo.example.com. ipv6hint=\"2001:db8::1,2001:db8::53:1\"\n",
	         "example. 5 IN SVCB \\# 55 "
	         "000103666f6f076578616d706c6503636f6d0000060020"
	         "20010db800000000000000000000000120010db8000000000000000000530001\n"),
	   "figure 7: two IPv6 hints");
	ok(reads("@ 5 SVCB 16 foo.example.org. ( alpn=h2,h3-19 mandatory=ipv4hint,alpn\n"
	         "                             ipv4hint=192.0.2.1 )\n",
	         "example. 5 IN SVCB \\# 48 "
	         "001003666f6f076578616d706c65036f7267000000000400010004"
	         "000100090268320568332d3139"
	         "00040004c0000201\n"),
	   "figure 9: keys in any order");
	ok(reads("@ 5 SVCB 16 foo.example.org. alpn=\"f\\\\\\\\oo\\\\,bar,h2\"\n",
	         "example. 5 IN SVCB \\# 35 "
	         "001003666f6f076578616d706c65036f726700000100"
	         "0c08665c6f6f2c626172026832\n"),
	   "figure 10: escapes in a list");
	ok(refused("@ 5 SVCB 1 a key123=abc key123=def\n", 1, 25,
	           "service parameters that contradict each other") &&
	           refused("@ 5 SVCB 1 a mandatory\n", 1, 14, "not a service parameter") &&
	           refused("@ 5 SVCB 1 a no-default-alpn=abc\n", 1, 14,
	                   "service parameters that contradict each other"),
	   "and what is none");
}

static void faults(void)
{
	ok(refused("a 5 A 192.0.2.1\nb 5 A 192.0.2\n", 2, 7, "not an IPv4 address"),
	   "an address");
	ok(refused("a 5 A (\n192.0.2.1\n", 3, 1, "a parenthesis that is not closed"),
	   "an open parenthesis");
	ok(refused("a 5 A 192.0.2.1 )\n", 1, 17, "a parenthesis that was not opened"),
	   "a closed one");
	ok(refused("a 5 TXT \"abc\n", 1, 9, "a string that does not end in its line"),
	   "an open string");
	ok(refused("a 5 TXT \"a\"b\n", 1, 12, "no blank behind a string"),
	   "a string too close");
	ok(refused(" 5 A 192.0.2.1\n", 1, 2, "no owner, and none before"), "no owner");
	ok(refused("a 5 A 192.0.2.1 1\n", 1, 17, "more data than the type has"), "too much");
	ok(refused("a 5 MX 10\n", 1, 8, "data is missing"), "too little");
	ok(refused("a 5 CH A 192.0.2.1\n", 1, 5, "a class besides IN"), "another class");
	ok(refused("a 5 FOO 192.0.2.1\n", 1, 5, "not a record type"), "another type");
	ok(refused("a 5 TYPE65280 52 N\n", 1, 8, "a type whose data is read as \\# SIZE HEX only") ||
	           refused("a 5 TYPE65280 52 N\n", 1, 5,
	                   "a type whose data is read as \\# SIZE HEX only"),
	   "a type that we do not read");
	ok(refused("a 2147483648 A 192.0.2.1\n", 1, 3, "not a time to live") &&
	           refused("a 1x A 192.0.2.1\n", 1, 3, "not a time to live") &&
	           refused("a 1h1 A 192.0.2.1\n", 1, 3, "not a time to live"),
	   "no TTL");
	ok(refused("$INCLUDE other\n", 1, 1, "$INCLUDE: put the file in its place") &&
	           refused("$GENERATE 1-2 a A 1.2.3.$\n", 1, 1,
	                   "a directive that is not read here") &&
	           refused("$TTL\n", 1, 1, "no time behind $TTL") &&
	           refused("$ORIGIN a b\n", 1, 11, "a word too many"),
	   "directives");
	ok(refused("a..b 5 A 192.0.2.1\n", 1, 1, "not a domain name") &&
	           refused("a 5 NS b\\\n", 1, 9, "an escape of nothing") &&
	           refused("a 5 NS b\\25\n", 1, 8, "not a domain name") &&
	           refused("a 5 NS \"b\"\n", 1, 8, "a quoted string where none belongs"),
	   "names");
	ok(refused("a 5 DS 1 15 2 aabb\n", 1, 15, "data of the wrong size for this type") &&
	           refused("a 5 DS 1 15 9 aab\n", 1, 15, "an odd number of hex digits") &&
	           refused("a 5 TYPE65280 \\# 2 aa\n", 1, 20, "not as much data as it says") &&
	           refused("@ 5 DNSKEY 1 3 15 AAA\n", 1, 19, "base64 that stops in a group") &&
	           refused("@ 5 DNSKEY 1 3 15 AAF=\n", 1, 19, "not base64") &&
	           refused("@ 5 DNSKEY 1 3 15 AA==AAAA\n", 1, 19, "not base64") &&
	           refused("@ 5 DNSKEY 1 3 15 AA== AAAA\n", 1, 24, "not base64"),
	   "octets");
	ok(refused("a 5 A 192.0.2.1\n\nb 5 A 192.0.2.1\na 6 A 192.0.2.2\n", 4, 0,
	           "another time to live than the rest of its set"),
	   "two TTLs of one set are told by line");
	ok(refused("a 5 A 192.0.2.1\na 5 RRSIG (\nNS 15 1 5 20260101000000 20250101000000 7 @ "
	           "AAAA )\n",
	           2, 0, "a signature that covers no set of its owner"),
	   "so is a signature over nothing");
	ok(refused("a\001 5 A 192.0.2.1\n", 1, 2, "a control character"), "control characters");
	ok(refused("a 5 TYPE41 \\# 0\n", 1, 5, "a type that no zone has") &&
	           refused("a 5 TYPE252 \\# 0\n", 1, 5, "a type that no zone has"),
	   "types of questions");
}

static void no_origin(void)
{
	struct bytes none = {NULL, 0};
	struct arena arena;
	struct fault fault;

	ok(canonical("$TTL 5\n$ORIGIN a.\n@ NS b\n", none, &arena, &fault).size != 0,
	   "an origin may be in the text alone");
	ok(canonical("a 5 NS b.\n", none, &arena, &fault).at == NULL && fault.column == 1 &&
	           canonical("a. 5 NS b\n", none, &arena, &fault).at == NULL &&
	           fault.column == 9,
	   "without any, names are absolute");
}

int main(void)
{
	the_example_of_the_rfc();
	heads();
	data();
	types();
	service_bindings();
	faults();
	no_origin();
	return done_testing();
}
