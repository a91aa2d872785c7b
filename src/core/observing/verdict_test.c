/* SPDX-License-Identifier: Apache-2.0 */
#include "observing/verdict.h"

#include <stdio.h>

#include "observing/check.h"
#include "observing/special.h"
#include "tap.h"

#define NS   "+ aur. 172800 IN NS a.nic.aur.\n+ aur. 172800 IN NS b.nic.aur.\n"
#define DS   "+ aur. 86400 IN DS 4711 13 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
#define GLUE "+ a.nic.aur. 172800 IN A 9.9.9.9\n+ b.nic.aur. 172800 IN A 149.112.112.9\n"

#define BOTH  "udp: answered\ntcp: answered\n"
#define GOOD  "answer: NOERROR aa - -\n" SOA("7") NSS HOSTS "recursion: closed\n"
#define SOA(serial) "soa: a.nic.aur. h.aur. " serial " 1800 900 604800 86400\n"
#define NSS   "ns: a.nic.aur.\nns: b.nic.aur.\n"
#define HOSTS "host: a.nic.aur.\naddress: 9.9.9.9\nhost: b.nic.aur.\naddress: 149.112.112.9\n"
#define A     "server: a.nic.aur. 9.9.9.9\n"
#define B     "server: b.nic.aur. 149.112.112.9\n"

static uint8_t memory[VERDICT_ARENA_SIZE] __attribute__((aligned(16)));
static struct findings findings;

/* Judges; a text that does not read fails every check. */
static void judge(const char *records, const char *servers)
{
	static char asked[8192], told[8192];
	static struct sightings sightings;
	static uint8_t scratch[16384] __attribute__((aligned(16)));
	struct arena arena = {memory, sizeof(memory), 0};
	static struct asking asking;

	snprintf(asked, sizeof(asked), "comity-asking/1\ntld: aur.\n%s", records);
	snprintf(told, sizeof(told), "comity-sightings/1\ntld: aur.\n%send\n", servers);
	findings = (struct findings){.failed = CHECKS_ALL};
	if (asking_read(bytes_of(asked), (struct arena){scratch, sizeof(scratch), 0}, &asking) == OK &&
	    sightings_read(bytes_of(told), &sightings) == OK)
		verdict_find(&asking, &sightings, &arena, &findings);
}

static void case_of(const char *records, const char *servers, const char *failed, const char *unable,
                    const char *what)
{
	unsigned bad = CHECKS_ALL, unseen = CHECKS_ALL;

	judge(records, servers);
	ok(checks_read(bytes_of(failed), &bad) && checks_read(bytes_of(unable), &unseen) &&
	               findings.failed == bad && findings.unable == unseen,
	       what);
}

static void test_servers(void)
{
	case_of(NS GLUE, A BOTH GOOD B BOTH GOOD, "none", "none", "a good delegation passes");
	case_of("+ aur. 172800 IN NS a.nic.aur.\n+ a.nic.aur. 172800 IN A 9.9.9.9\n",
	        A BOTH "answer: NOERROR aa - -\n" SOA("7") "ns: a.nic.aur.\nhost: a.nic.aur.\naddress: 9.9.9.9\n"
	               "recursion: closed\n",
	        "N1 N5", "none", "N1: one server");
	case_of(NS "+ a.nic.aur. 172800 IN A 9.9.9.9\n+ b.nic.aur. 172800 IN A 9.9.9.9\n",
	        A BOTH "answer: NOERROR aa - -\n" SOA("7") NSS "recursion: closed\n"
	        "server: b.nic.aur. 9.9.9.9\n" BOTH "answer: NOERROR aa - -\n" SOA("7") NSS "recursion: closed\n",
	        "N1 N5", "N6", "N1: two names of one machine");
	case_of("+ aur. 172800 IN NS _a.cas.\n+ aur. 172800 IN NS b.cas.\n",
	        "server: _a.cas. 9.9.9.9\n" BOTH "answer: NOERROR aa - -\n" SOA("7")
	        "ns: _a.cas.\nns: b.cas.\nrecursion: closed\n"
	        "server: b.cas. 149.112.112.9\n" BOTH "answer: NOERROR aa - -\n" SOA("8")
	        "ns: _a.cas.\nns: b.cas.\nrecursion: closed\n",
	        "N2", "none", "N2: an underscore; another serial is no other zone");
	case_of(NS GLUE, A BOTH GOOD B "udp: silent\ntcp: silent\n", "N3", "none", "N3: one is silent");
	case_of(NS GLUE, A BOTH GOOD B "udp: answered\ntcp: silent\n" GOOD, "N3", "none", "N3: no TCP");
	case_of(NS GLUE, A BOTH GOOD B "udp: unroutable\ntcp: unroutable\n", "none", "N3",
	        "N3: what could not be asked is not known");
	case_of(NS GLUE, A "udp: silent\ntcp: silent\n" B "udp: silent\ntcp: silent\n", "N3",
	        "N4 N6 N7 N8 N11 N12", "nobody answers: the rest is not known");
	case_of(NS GLUE, A BOTH GOOD B BOTH "answer: REFUSED - - -\nrecursion: closed\n", "N4 N7 N8", "none",
	        "N4: lame");
	case_of(NS GLUE, A BOTH GOOD B BOTH "answer: NOERROR - - -\n" SOA("7") NSS HOSTS "recursion: closed\n", "N4",
	        "none", "N4: without authority");
	case_of(NS "+ a.nic.aur. 172800 IN A 9.9.9.9\n+ b.nic.aur. 172800 IN A 9.9.9.10\n",
	        A BOTH "answer: NOERROR aa - -\n" SOA("7") NSS
	               "host: a.nic.aur.\naddress: 9.9.9.9\nhost: b.nic.aur.\naddress: 9.9.9.10\nrecursion: closed\n"
	        "server: b.nic.aur. 9.9.9.10\n" BOTH "answer: NOERROR aa - -\n" SOA("7") NSS "recursion: closed\n",
	        "N5", "none", "N5: one network");
	case_of(NS GLUE, A BOTH GOOD B BOTH "answer: NOERROR aa - -\n" SOA("7") NSS
	        "host: b.nic.aur.\naddress: 9.9.9.10\nrecursion: closed\n",
	        "N6", "none", "N6: other glue");
	case_of(NS GLUE, A BOTH "answer: NOERROR aa - -\n" SOA("7") "ns: a.nic.aur.\n" HOSTS "recursion: closed\n"
	        B BOTH "answer: NOERROR aa - -\n" SOA("7") "ns: a.nic.aur.\n" HOSTS "recursion: closed\n",
	        "N7", "none", "N7: the zone names other servers");
	case_of(NS GLUE, A BOTH GOOD B BOTH
	        "answer: NOERROR aa - -\nsoa: b.nic.aur. h.aur. 7 1800 900 604800 86400\n" NSS HOSTS
	        "recursion: closed\n",
	        "N8", "none", "N8: another SOA");
	case_of(NS "+ a.nic.aur. 172800 IN A 10.0.0.1\n+ b.nic.aur. 172800 IN A 149.112.112.9\n",
	        "server: a.nic.aur. 10.0.0.1\n" BOTH "answer: NOERROR aa - -\n" SOA("7") NSS "recursion: closed\n" B BOTH
	        "answer: NOERROR aa - -\n" SOA("7") NSS
	        "host: a.nic.aur.\naddress: 10.0.0.1\nhost: b.nic.aur.\naddress: 149.112.112.9\nrecursion: closed\n",
	        "N10", "none", "N10: a private address");
	case_of(NS GLUE, A BOTH GOOD B BOTH "answer: NOERROR aa - ra\n" SOA("7") NSS HOSTS "recursion: open\n", "N11",
	        "none", "N11: open recursion");
	case_of(NS GLUE, A BOTH GOOD B "udp: elsewhere\ntcp: answered\n" GOOD, "N12", "none",
	        "N12: from another address");
}

/* Thirteen names that share nothing: the referral is too large. */
static void test_referral(void)
{
	char records[4096], servers[8192];
	size_t r = 0, s = 0;

	for (char c = 'a'; c <= 'm'; c++) {
		r += (size_t)snprintf(records + r, sizeof(records) - r,
		                      "+ aur. 172800 IN NS n.a-long-name-of-its-own.%c%c%c.\n", c, c, c);
		s += (size_t)snprintf(servers + s, sizeof(servers) - s,
		                      "server: n.a-long-name-of-its-own.%c%c%c. 9.9.%d.9\n"
		                      "udp: silent\ntcp: silent\n", c, c, c, c);
	}
	case_of(records, servers, "N3 N9", "N4 N7 N8 N11 N12", "N9: a referral over 512 octets");
}

#define KEYED(tail) BOTH "answer: NOERROR aa - -\n" SOA("7") NSS HOSTS "recursion: closed\n" tail

static void test_ds(void)
{
	case_of(NS DS GLUE, A KEYED("ds: 4711 yes\nchain: holds\n") B KEYED("ds: 4711 yes\nchain: holds\n"), "none",
	        "none", "a good DS passes");
	case_of(NS "+ aur. 86400 IN DS 4711 13 9 aaaa\n" GLUE,
	        A KEYED("ds: 4711 no\nchain: no key\n") B KEYED("ds: 4711 no\nchain: no key\n"), "D1 D2 D3 D4", "none",
	        "D1: a digest of no type we know");
	case_of(NS "+ aur. 86400 IN DS 4711 7 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n" GLUE,
	        A KEYED("ds: 4711 yes\nchain: holds\n") B KEYED("ds: 4711 yes\nchain: holds\n"), "D2", "none",
	        "D2: an algorithm of yesterday");
	case_of(NS DS GLUE, A KEYED("ds: 4711 yes\nchain: holds\n") B KEYED("ds: 4711 no\nchain: holds\n"), "D3",
	        "none", "D3: a server without the key");
	case_of(NS DS GLUE, A KEYED("ds: 4711 yes\nchain: holds\n") B KEYED("ds: 4711 yes\nchain: expired\n"), "D4",
	        "none", "D4: a signature that does not hold");
	case_of(NS DS GLUE, A "udp: silent\ntcp: silent\n" B "udp: silent\ntcp: silent\n", "N3",
	        "N4 N6 N7 N8 N11 N12 D3 D4", "nobody answers: nor is the key known");
}

static void test_words(void)
{
	bool all = true;

	for (enum check c = 0; c < CHECKS; c++)
		all = all && check_of(bytes_of(check_id(c))) == c && check_title(c, false)[0] != '\0' &&
		      check_title(c, true)[0] != '\0' && check_reason(c, false)[0] != '\0' &&
		      check_reason(c, true)[0] != '\0';
	ok(all, "every check has an id and its words in two languages");
	for (enum cause c = 0; c < CAUSES && all; c++) {
		const struct finding finding = {.cause = c, .a = BYTES("a"), .b = BYTES("b")};
		uint8_t text[400];
		struct writer en = {.at = text, .size = 200}, zh = {.at = text + 200, .size = 200};

		finding_write(&en, &finding, false);
		finding_write(&zh, &finding, true);
		all = en.used > 0 && !en.full && !zh.full && !bytes_same(writer_bytes(&en), writer_bytes(&zh));
	}
	ok(all, "every cause has its sentence in two languages");
}

static void test_sets(void)
{
	unsigned set = 77;
	uint8_t text[100];
	struct writer w = {.at = text, .size = sizeof(text)};

	checks_write(&w, 1u << CHECK_COUNT | 1u << CHECK_SOURCE | 1u << CHECK_DS_CHAIN);
	ok(bytes_same(writer_bytes(&w), BYTES("N1 N12 D4")) && checks_read(writer_bytes(&w), &set) &&
	               set == (1u | 1u << 11 | 1u << 15),
	       "a set of checks reads as it is written");
	ok(!checks_read(BYTES("N2 N1"), &set) && !checks_read(BYTES("N1 N1"), &set) &&
	               !checks_read(BYTES(""), &set) && !checks_read(BYTES("N1 "), &set) &&
	               !checks_read(BYTES("N13"), &set) && !checks_read(BYTES("none N1"), &set),
	       "in one order, once each");
}

static void test_special(void)
{
	static const struct {
		const char *address;
		bool special;
	} CASES[] = {{"9.9.9.9", false},      {"172.15.0.1", false},   {"172.31.255.255", true},
	             {"100.127.0.1", true},   {"100.128.0.1", false},  {"198.19.1.1", true},
	             {"240.0.0.1", true},     {"2620:fe::9", false},   {"2001:500:1::53", false},
	             {"2001:db8::1", true},   {"2002::1", true},       {"fd00::1", true},
	             {"::1", true},           {"3fff:fff::1", true},   {"2001:1ff::1", true}};
	bool all = true;

	for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++) {
		uint8_t octets[IPV6_SIZE];
		size_t size = address_read(bytes_of(CASES[i].address), octets);

		all = all && size > 0 && address_is_special(octets, size) == CASES[i].special;
	}
	ok(all, "addresses that not everybody can reach");
}

int main(void)
{
	test_servers();
	test_referral();
	test_ds();
	test_words();
	test_sets();
	test_special();
	return done_testing();
}
