/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/answer.h"

#include <string.h>

#include "dns/message.h"
#include "dns/rdata.h"
#include "tap.h"
#include "zone_fixture.h"

static struct image image;
static struct answerer server = {.image = &image, .udp_size = 1232};
static uint8_t message[MESSAGE_SIZE_MAX + ANSWER_SLACK];
static char shown[8192];

static const struct asker by_udp = {
	TRANSPORT_UDP, {(const uint8_t *)"\300\0\2\1", 4}, 1764000000, 0, false};
static const struct asker by_tcp = {
	TRANSPORT_TCP, {(const uint8_t *)"\300\0\2\1", 4}, 1764000000, 100, false};

/* Answers the query of that size in `message`; returns the size of the response. */
static size_t answered(const struct asker *asker, size_t size)
{
	return answer(&server, asker, message, size, sizeof(message)).size;
}

enum { DO = 1, NO_EDNS = 2, TCP = 4, NSID = 8 };

static void serve(const char *zone)
{
	struct fault fault = {0};
	struct writer to;

	if (fixture_compile(zone, &to, &fault) != OK)
		bail_out(fault.why);
	if (image_open(writer_bytes(&to), &image) != NULL)
		bail_out("the image does not open");
}

/* Writes a query into `message`; returns its size. `size` is the UDP size told. */
static size_t ask(const char *name, uint16_t type, uint16_t qclass, unsigned how, uint16_t size)
{
	struct writer w = {.at = message, .size = sizeof(message)};
	struct message_header header = {.id = 0x1234,
	                                .flags = MESSAGE_RD | MESSAGE_CD,
	                                .count = {1, 0, 0, (how & NO_EDNS) == 0}};
	struct edns edns = {.udp_size = size,
	                    .dnssec_ok = (how & DO) != 0,
	                    .options = (how & NSID) != 0 ? BYTES("\0\3\0\0") : BYTES("")};
	struct dname dname;

	if (dname_read_text(bytes_of(name), &dname) != OK)
		bail_out(name);
	message_write_header(&w, &header);
	write_bytes(&w, dname_bytes(&dname));
	write_u16(&w, type);
	write_u16(&w, qclass);
	if ((how & NO_EDNS) == 0)
		edns_write(&w, &edns);
	return w.used;
}

static void show_name(struct writer *to, struct bytes octets, size_t at)
{
	struct dname name;

	if (message_read_name(octets, &at, &name) != OK)
		bail_out("a name of the response does not read");
	dname_write_text(to, dname_bytes(&name));
}

/* A record as OWNER TYPE, with the name that NS, MX and NSEC hold. */
static void show_record(struct writer *to, struct bytes octets, size_t *at)
{
	struct message_rr rr;

	if (message_read_rr(octets, at, &rr) != OK)
		bail_out("a record of the response does not read");
	if (rr.type == TYPE_OPT) {
		struct edns edns;
		if (edns_read(&rr, &edns) != OK)
			bail_out("OPT does not read");
		write_text(to, edns.dnssec_ok ? " OPT+DO" : " OPT");
		if (edns.rcode_high != 0)
			write_text(to, " high");
		return;
	}
	write_octet(to, ' ');
	dname_write_text(to, dname_bytes(&rr.owner));
	write_octet(to, '/');
	type_write_text(to, rr.type);
	if (rr.type == TYPE_NS || rr.type == TYPE_MX || rr.type == TYPE_NSEC) {
		write_octet(to, '=');
		show_name(to, octets,
		          (size_t)(rr.rdata.at - octets.at) + (rr.type == TYPE_MX ? 2 : 0));
	}
}

/* The response as text: "RCODE FLAGS: answer | authority | additional". */
static const char *show(size_t size)
{
	struct writer to = {.at = (uint8_t *)shown, .size = sizeof(shown) - 1};
	struct bytes octets = {message, size};
	struct message_header header;
	struct question question;
	size_t at = MESSAGE_HEADER_SIZE;

	if (message_read_header(octets, &header) != OK || header.id != 0x1234)
		bail_out("no header");
	write_number(&to, MESSAGE_RCODE(header.flags));
	write_text(&to, header.flags & MESSAGE_AA ? " aa" : "");
	write_text(&to, header.flags & MESSAGE_TC ? " tc" : "");
	write_text(&to, header.flags & (MESSAGE_RA | MESSAGE_AD | MESSAGE_CD) ? " odd" : "");
	for (unsigned i = 0; i < header.count[SECTION_QUESTION]; i++)
		if (message_read_question(octets, &at, &question) != OK)
			bail_out("the question does not read");
	for (unsigned s = SECTION_ANSWER; s <= SECTION_ADDITIONAL; s++) {
		write_text(&to, s == SECTION_ANSWER ? ":" : " |");
		for (unsigned i = 0; i < header.count[s]; i++)
			show_record(&to, octets, &at);
	}
	if (at != size || to.full)
		bail_out("octets behind the response");
	shown[to.used] = '\0';
	return shown;
}

static bool gives(const char *name, uint16_t type, unsigned how, const char *want)
{
	size_t size = ask(name, type, CLASS_IN, how, 1232);
	const char *got = show(answered(how & TCP ? &by_tcp : &by_udp, size));

	if (strcmp(got, want) == 0)
		return true;
	printf("# got  %s\n# want %s\n", got, want);
	return false;
}

static void referrals(void)
{
	ok(gives("cn.", TYPE_A, NO_EDNS,
	         "0: | cn./NS=a.cn. cn./NS=ns.net. | a.cn./A a.cn./AAAA "
	         "ns.net./A"),
	   "a referral with glue, in-domain first");
	ok(gives("www.example.CN.", TYPE_A, 0,
	         "0: | cn./NS=a.cn. cn./NS=ns.net. | a.cn./A a.cn./AAAA ns.net./A OPT"),
	   "from below the zone cut, with EDNS");
	ok(gives("www.cn.", TYPE_A, DO,
	         "0: | cn./NS=a.cn. cn./NS=ns.net. cn./DS cn./RRSIG | a.cn./A a.cn./AAAA "
	         "ns.net./A "
	         "OPT+DO"),
	   "with DS where there is one");
	ok(gives("net.", TYPE_NS, DO,
	         "0: | net./NS=ns.net. net./NSEC=a.root-servers. net./RRSIG | ns.net./A "
	         "OPT+DO"),
	   "with the NSEC that denies it where there is none");
	ok(gives("x.two.levels.", TYPE_A, DO,
	         "0: | two.levels./NS=ns.net. two.levels./NSEC=net. two.levels./RRSIG | "
	         "ns.net./A "
	         "OPT+DO"),
	   "two labels down");
	ok(gives("a.cn.", TYPE_A, NO_EDNS,
	         "0: | cn./NS=a.cn. cn./NS=ns.net. | a.cn./A a.cn./AAAA "
	         "ns.net./A"),
	   "glue is no answer");
	ok(gives("xn--same-two.", TYPE_A, NO_EDNS,
	         "0: | xn--same-two./NS=ns.net. | ns.net./A") &&
	           gives("xn--same-one.", TYPE_A, NO_EDNS,
	                 "0: | xn--same-one./NS=ns.net. | ns.net./A"),
	   "labels that share eight octets");
}

static void ds(void)
{
	ok(gives("cn.", TYPE_DS, DO, "0 aa: cn./DS cn./RRSIG | | OPT+DO"),
	   "DS is the parent's");
	ok(gives("cn.", TYPE_DS, 0, "0 aa: cn./DS | | OPT"), "without its signature");
	ok(gives("net.", TYPE_DS, DO,
	         "0 aa: | ./SOA ./RRSIG net./NSEC=a.root-servers. net./RRSIG | OPT+DO"),
	   "and its absence too");
	ok(gives("x.cn.", TYPE_DS, 0,
	         "0: | cn./NS=a.cn. cn./NS=ns.net. | a.cn./A a.cn./AAAA ns.net./A OPT"),
	   "but not below the child's apex");
	ok(gives(".", TYPE_DS, DO, "0 aa: | ./SOA ./RRSIG ./NSEC=cn. ./RRSIG | OPT+DO"),
	   "the root has none");
}

static void apex(void)
{
	ok(gives(".", TYPE_NS, DO,
	         "0 aa: ./NS=a.root-servers. ./RRSIG | | a.root-servers./A "
	         "a.root-servers./AAAA "
	         "a.root-servers./RRSIG a.root-servers./RRSIG OPT+DO"),
	   "priming (RFC 9609), addresses before their signatures");
	ok(gives(".", TYPE_SOA, NO_EDNS, "0 aa: ./SOA | |"), "the SOA");
	ok(gives(".", TYPE_NSEC, DO, "0 aa: ./NSEC=cn. ./RRSIG | | OPT+DO"), "the NSEC");
	ok(gives(".", TYPE_ANY, DO, "0 aa: ./SOA ./RRSIG | | OPT+DO"),
	   "ANY: the SOA (RFC 8482)");
	ok(gives(".", TYPE_RRSIG, 0, "0 aa: ./RRSIG ./RRSIG ./RRSIG | | OPT"),
	   "all its signatures");
	ok(gives(".", TYPE_TXT, NO_EDNS, "0 aa: | ./SOA |"), "what it has not");
}

static void names_in_the_zone(void)
{
	ok(gives("a.root-servers.", TYPE_A, DO,
	         "0 aa: a.root-servers./A a.root-servers./RRSIG | | OPT+DO"),
	   "an address of the zone's own");
	ok(gives("a.root-servers.", TYPE_TXT, DO,
	         "0 aa: | ./SOA ./RRSIG a.root-servers./NSEC=xn--same-one. "
	         "a.root-servers./RRSIG | "
	         "OPT+DO"),
	   "a type it has not");
	ok(gives("a.root-servers.", TYPE_ANY, 0, "0 aa: a.root-servers./A | | OPT"), "ANY");
	ok(gives("root-servers.", TYPE_A, DO,
	         "0 aa: | ./SOA ./RRSIG net./NSEC=a.root-servers. net./RRSIG | OPT+DO"),
	   "an empty non-terminal exists and has nothing");
	ok(gives("levels.", TYPE_NS, 0, "0 aa: | ./SOA | OPT"), "so does one above a zone cut");
}

static void no_names(void)
{
	ok(gives("nope.", TYPE_A, NO_EDNS, "3 aa: | ./SOA |"), "a name that is not there");
	ok(gives("com.", TYPE_A, DO,
	         "3 aa: | ./SOA ./RRSIG ./NSEC=cn. ./RRSIG cn./NSEC=two.levels. cn./RRSIG | "
	         "OPT+DO"),
	   "its NSEC, and that of the wildcard");
	ok(gives("a.b.aa.", TYPE_A, DO, "3 aa: | ./SOA ./RRSIG ./NSEC=cn. ./RRSIG | OPT+DO"),
	   "which may be one");
	ok(gives("zz.", TYPE_A, DO,
	         "3 aa: | ./SOA ./RRSIG ./NSEC=cn. ./RRSIG xn--same-two./NSEC=. "
	         "xn--same-two./RRSIG | OPT+DO"),
	   "behind the last name");
	ok(gives("root-serverz.", TYPE_A, DO,
	         "3 aa: | ./SOA ./RRSIG ./NSEC=cn. ./RRSIG a.root-servers./NSEC=xn--same-one. "
	         "a.root-servers./RRSIG | OPT+DO"),
	   "behind a name below an empty non-terminal");
	ok(gives("b.root-servers.", TYPE_A, DO,
	         "3 aa: | ./SOA ./RRSIG a.root-servers./NSEC=xn--same-one. "
	         "a.root-servers./RRSIG "
	         "net./NSEC=a.root-servers. net./RRSIG | OPT+DO"),
	   "below one: the wildcard there is denied by another NSEC");
	ok(gives("x.a.root-servers.", TYPE_A, DO,
	         "3 aa: | ./SOA ./RRSIG a.root-servers./NSEC=xn--same-one. "
	         "a.root-servers./RRSIG | "
	         "OPT+DO"),
	   "below an address");
	ok(gives("xn--same-oned.", TYPE_A, NO_EDNS, "3 aa: | ./SOA |") &&
	           gives("xn--same.", TYPE_A, NO_EDNS, "3 aa: | ./SOA |") &&
	           gives("c.", TYPE_A, NO_EDNS, "3 aa: | ./SOA |") &&
	           gives("\\000.", TYPE_A, NO_EDNS, "3 aa: | ./SOA |") &&
	           gives("\\255\\255\\255\\255\\255\\255\\255\\255.", TYPE_A, NO_EDNS,
	                 "3 aa: | ./SOA |"),
	   "near a name, and at the ends of all labels");
}

static void other_apex(void)
{
	serve(INNER_ZONE);
	ok(gives("inner.example.", TYPE_MX, DO,
	         "0 aa: inner.example./MX=mail.inner.example. | | mail.inner.example./A "
	         "OPT+DO"),
	   "a zone of another apex");
	ok(gives("x.CUT.Inner.example.", TYPE_A, DO,
	         "0: | cut.inner.example./NS=ns.cut.inner.example. | ns.cut.inner.example./A "
	         "OPT+DO"),
	   "its delegations, not signed");
	ok(gives("nope.inner.example.", TYPE_A, DO, "3 aa: | inner.example./SOA | OPT+DO"),
	   "what it has not");
	ok(gives("example.", TYPE_A, 0, "5: | | OPT") &&
	           gives("inner2.example.", TYPE_A, 0, "5: | | OPT") &&
	           gives(".", TYPE_A, 0, "5: | | OPT") &&
	           gives("x.inner.exampla.", TYPE_A, 0, "5: | | OPT"),
	   "and what is not in it is refused");
	serve(ROOT_ZONE);
}

static void negative_ttl(void)
{
	size_t size = ask("nope.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	size_t at = size; /* the SOA stands right behind the question */
	struct message_rr rr = {0};

	size = answered(&by_udp, size);
	ok(message_read_rr((struct bytes){message, size}, &at, &rr) == OK &&
	           rr.type == TYPE_SOA && rr.ttl == 30,
	   "RFC 2308: the TTL of a negative answer is the SOA's minimum");
}

static void question_stays(void)
{
	size_t size = ask("wWw.cN.", TYPE_A, CLASS_IN, NO_EDNS, 0);

	memcpy(message + 12, "\3wWw\2cN\0", 8);
	size = answered(&by_udp, size);
	ok(size > 24 && memcmp(message + 12, "\3wWw\2cN\0\0\1\0\1", 12) == 0,
	   "the question comes back as it was");
	ok((message[2] & 1) == 1 && (message[3] & 0x10) == 0, "RD copied, CD clear");
}

/* Sizes from 512 up: never over, TC exactly when glue in-domain is missing. */
static void sizes(void)
{
	static char zone[8192];
	bool never_over = true, tc_right = true, whole = false;
	int n = snprintf(zone, sizeof(zone),
	                 ". 60 IN NS a.\n. 60 IN SOA a. h. 7 1800 900 604800 30\n");

	for (char c = 'a'; c <= 'p'; c++)
		n += snprintf(zone + n, sizeof(zone) - (size_t)n, "cn. 60 IN NS ns-%c.cn.\n",
		              c);
	n += snprintf(zone + n, sizeof(zone) - (size_t)n, "cn. 60 IN NS other.\n");
	for (char c = 'a'; c <= 'p'; c++)
		n += snprintf(zone + n, sizeof(zone) - (size_t)n,
		              "ns-%c.cn. 60 IN A 192.0.2.1\nns-%c.cn. 60 IN AAAA 2001:db8::1\n",
		              c, c);
	snprintf(zone + n, sizeof(zone) - (size_t)n, "other. 60 IN A 192.0.2.2\n");
	serve(zone);
	for (uint16_t size = 512; size < 1232; size++) {
		size_t query = ask("x.cn.", TYPE_A, CLASS_IN, 0, size), got;
		struct message_header header;

		got = answered(&by_udp, query);
		if (message_read_header((struct bytes){message, got}, &header) != OK)
			bail_out("no header");
		never_over = never_over && got <= size;
		tc_right = tc_right && ((header.flags & MESSAGE_TC) != 0) ==
		                               (header.count[SECTION_ADDITIONAL] - 1 < 32);
		whole = whole || header.count[SECTION_ADDITIONAL] == 34;
	}
	ok(never_over, "no answer is longer than the requester takes");
	ok(tc_right, "RFC 9471: TC exactly when in-domain glue is missing");
	ok(whole, "and all of it where it fits");
	ok(gives("cn.", TYPE_DS, NO_EDNS, "0 aa: | ./SOA |"), "while short answers stay whole");
	size_t got = ask("x.cn.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	got = answered(&by_tcp, got);
	ok(got > 1000 && (message[2] & 2) == 0, "by TCP there is no limit");
	serve(ROOT_ZONE);
}

/* An option of an OPT record, in hex, as the last thing of the query in `message`. */
static size_t with_option(size_t size, struct bytes option)
{
	memcpy(message + size, option.at, option.size);
	message[size - 1] = (uint8_t)(message[size - 1] + option.size);
	return size + option.size;
}

/* The response of that size ends with these octets. */
static bool ends(size_t size, struct bytes octets)
{
	return size > octets.size &&
	       memcmp(message + size - octets.size, octets.at, octets.size) == 0;
}

static void extended_errors(void)
{
	size_t size = ask("cn.", 249, CLASS_IN, 0, 1232);

	size = answered(&by_udp, size);
	ok(ends(size, BYTES("\0\6\0\17\0\2\0\22")), "RFC 8914: what is no data is prohibited");
	size = ask("cn.", TYPE_A, 4, 0, 1232);
	size = answered(&by_udp, size);
	ok(ends(size, BYTES("\0\6\0\17\0\2\0\25")), "a class is not supported");
	size = ask("version.bind.", TYPE_TXT, CLASS_CH, 0, 1232);
	size = answered(&by_udp, size);
	ok(ends(size, BYTES("\0\6\0\17\0\2\0\22")), "what is not told");
	serve(INNER_ZONE);
	size = ask("example.", TYPE_A, CLASS_IN, 0, 1232);
	size = answered(&by_udp, size);
	ok(ends(size, BYTES("\0\6\0\17\0\2\0\24")), "not authoritative for a name");
	serve(ROOT_ZONE);
}

#define CLIENT "\44\144\304\253\317\20\311\127"

/* A query with a cookie: that of the client, and a server's behind it. */
static size_t ask_with_cookie(struct bytes server_cookie)
{
	uint8_t option[64] = "\0\12\0\0" CLIENT;
	size_t size = 8 + server_cookie.size;

	option[3] = (uint8_t)size;
	if (server_cookie.size != 0)
		memcpy(option + 12, server_cookie.at, server_cookie.size);
	return with_option(ask("cn.", TYPE_DS, CLASS_IN, 0, 1232),
	                   (struct bytes){option, 4 + size});
}

static void cookies(void)
{
	static struct cookie_secrets secrets = {.secret = {"a secret of ours"}, .count = 1};
	struct outcome outcome;
	uint8_t cookie[COOKIE_SERVER_SIZE];
	size_t size = ask_with_cookie(BYTES(""));

	outcome = answer(&server, &by_udp, message, size, sizeof(message));
	ok(!outcome.has_cookie && !outcome.known && message[outcome.size - 1] == 0,
	   "without a secret a cookie is ignored");
	server.secrets = &secrets;
	size = ask_with_cookie(BYTES(""));
	outcome = answer(&server, &by_udp, message, size, sizeof(message));
	ok(outcome.has_cookie && !outcome.known && outcome.opt_size == 11 + 28 &&
	           memcmp(message + outcome.size - 28, "\0\12\0\30" CLIENT, 12) == 0,
	   "RFC 7873: a client cookie comes back with one of ours");
	memcpy(cookie, message + outcome.size - 16, sizeof(cookie));
	size = ask_with_cookie((struct bytes){cookie, sizeof(cookie)});
	outcome = answer(&server, &by_udp, message, size, sizeof(message));
	ok(outcome.known && memcmp(message + outcome.size - 16, cookie, 16) == 0,
	   "by which we know it");
	cookie[15] ^= 1;
	size = ask_with_cookie((struct bytes){cookie, sizeof(cookie)});
	outcome = answer(&server, &by_udp, message, size, sizeof(message));
	ok(!outcome.known && outcome.rcode == RCODE_NOERROR && outcome.has_cookie,
	   "one that is not ours gets its answer too");
	answer_withhold(message, &outcome);
	ok(strcmp(show(outcome.size), "7: | | OPT high") == 0 &&
	           outcome.rcode == RCODE_BADCOOKIE && outcome.has_cookie,
	   "unless it is withheld: BADCOOKIE");
	size = ask_with_cookie(BYTES("1234567"));
	ok(strcmp(show(answered(&by_udp, size)), "1: | | OPT") == 0,
	   "a cookie of no size for one: FORMERR");
	size = with_option(ask("cn.", TYPE_DS, CLASS_IN, 0, 1232),
	                   BYTES("\0\12\0\10" CLIENT "\0\12\0\1x"));
	ok(strcmp(show(answered(&by_udp, size)), "1: | | OPT") == 0, "even behind a good one");
	memcpy(message,
	       "\x12\x34\1\0\0\0\0\0\0\0\0\1\0\0\51\4\320\0\0\0\0\0\14"
	       "\0\12\0\10" CLIENT,
	       35);
	ok(strcmp(show(answered(&by_udp, 35)), "0: | | OPT") == 0 && message[5] == 0,
	   "RFC 7873 section 5.4: no question, but for a cookie");
	server.secrets = NULL;
}

static void withheld(void)
{
	size_t size = ask("www.cn.", TYPE_A, CLASS_IN, DO, 1232), query = size;
	struct outcome outcome = answer(&server, &by_udp, message, size, sizeof(message));

	answer_withhold(message, &outcome);
	ok(outcome.size == query && strcmp(show(outcome.size), "0 tc: | | OPT+DO") == 0,
	   "withheld: TC, and no longer than the query");
	size = ask("nope.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	outcome = answer(&server, &by_udp, message, size, sizeof(message));
	answer_withhold(message, &outcome);
	ok(strcmp(show(outcome.size), "0 tc: | |") == 0, "without EDNS too");
	message[2] = OPCODE_UPDATE << 3;
	outcome = answer(&server, &by_udp, message, 12, sizeof(message));
	answer_withhold(message, &outcome);
	ok(outcome.size == 12, "and where there is only a header");
}

static void keepalive(void)
{
	size_t size = with_option(ask("cn.", TYPE_DS, CLASS_IN, 0, 1232), BYTES("\0\13\0\0"));

	ok(ends(answered(&by_tcp, size), BYTES("\0\6\0\13\0\2\0\144")),
	   "RFC 7828: how long an idle connection is kept");
	size = with_option(ask("cn.", TYPE_DS, CLASS_IN, 0, 1232), BYTES("\0\13\0\0"));
	ok(strcmp(show(answered(&by_udp, size)), "0 aa: cn./DS | | OPT") == 0 &&
	           message[size - 1] != 100,
	   "by UDP there is none");
	size = with_option(ask("cn.", TYPE_DS, CLASS_IN, 0, 1232), BYTES("\0\13\0\2\0\1"));
	ok(strcmp(show(answered(&by_tcp, size)), "1: | | OPT") == 0,
	   "and a client does not say it");
}

static void edns(void)
{
	size_t size = ask("cn.", TYPE_DS, CLASS_IN, DO, 100);

	message[size - 5] = 1; /* version */
	ok(strcmp(show(answered(&by_udp, size)), "0: | | OPT high") == 0,
	   "BADVERS for a version we do not know");
	ok(gives("cn.", TYPE_DS, 0, "0 aa: cn./DS | | OPT"), "no NSID without asking");
	server.identity.nsid = BYTES("abc");
	size = ask("cn.", TYPE_DS, CLASS_IN, NSID, 1232);
	size = answered(&by_udp, size);
	ok(memcmp(message + size - 9, "\0\7\0\3\0\3abc", 9) == 0, "NSID when asked");
	server.identity.nsid = (struct bytes){NULL, 0};
	size = ask("cn.", TYPE_DS, CLASS_IN, 0, 1232);
	message[size++] = 0;
	ok(strcmp(show(answered(&by_udp, size)), "1: | | OPT") == 0,
	   "octets behind the message: FORMERR, with OPT");
	size = ask("cn.", TYPE_DS, CLASS_IN, NSID, 1232);
	message[size - 1] = 9; /* the option is longer than its record */
	ok(strcmp(show(answered(&by_udp, size)), "1: | | OPT") == 0,
	   "an option that does not fit its record");
}

/* Replies whose size is the header's, with that RCODE. */
static bool header_only(size_t size, unsigned rcode)
{
	return answered(&by_udp, size) == MESSAGE_HEADER_SIZE && (message[3] & 15u) == rcode &&
	       (message[2] & 0x80) != 0 && memcmp(message + 4, "\0\0\0\0\0\0\0\0", 8) == 0;
}

/* True when the query, its flags or'ed with some, is left to attend(). */
static bool attended_to(const char *name, uint16_t type, uint8_t flags)
{
	uint8_t before[64];
	size_t size = ask(name, type, CLASS_IN, 0, 1232);

	message[2] |= flags;
	memcpy(before, message, size);
	return answered(&by_udp, size) == ANSWER_ATTEND && memcmp(before, message, size) == 0;
}

static void misfits(void)
{
	size_t size = ask("cn.", TYPE_A, CLASS_IN, NO_EDNS, 0);

	message[2] = 0x80;
	ok(answered(&by_udp, size) == 0, "a response gets no response");
	ok(answered(&by_udp, 11) == 0, "nor what has no header");
	size = ask("cn.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	message[2] = OPCODE_UPDATE << 3 | 1;
	ok(header_only(size, RCODE_NOTIMP) && (message[2] & 1) == 0,
	   "UPDATE is not implemented");
	size = ask("cn.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	message[5] = 2;
	ok(header_only(size, RCODE_FORMERR), "RFC 9619: two questions");
	size = ask("cn.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	message[5] = 0;
	ok(header_only(size, RCODE_FORMERR), "and none");
	size = ask("cn.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	ok(header_only(size - 1, RCODE_FORMERR), "half a question");
	size = ask("cn.", TYPE_A, CLASS_IN, NO_EDNS, 0);
	message[12] = 0xc0, message[13] = 12;
	ok(header_only(size, RCODE_FORMERR), "a name that points to itself");
	ok(attended_to("cn.", TYPE_AXFR, 0) && attended_to(".", TYPE_IXFR, 0) &&
	           attended_to(".", TYPE_SOA, OPCODE_NOTIFY << 3),
	   "transfers and NOTIFY are not for us, and stay as they are");
	size = ask("cn.", TYPE_A, CLASS_ANY, NO_EDNS, 0);
	ok(strcmp(show(answered(&by_udp, size)), "5: | |") == 0, "and so is any class but IN");
}

/* The text of the one TXT record that answers a question of class CH; NULL when refused. */
static const char *told(const char *name)
{
	size_t size = ask(name, TYPE_TXT, CLASS_CH, NO_EDNS, 0), end = size;

	size = answered(&by_udp, size);
	if (MESSAGE_RCODE(message[3]) == RCODE_REFUSED && size == end)
		return NULL;
	snprintf(shown, sizeof(shown), "%.*s", (int)(size - end - 13),
	         (char *)message + end + 13);
	return shown;
}

static void chaos(void)
{
	struct status status = {.height = 42, .size = 4711};

	ok(told("version.bind.") == NULL && told("height.ledger.comity.") == NULL,
	   "nothing is told unless the operator wants it");
	server.identity =
		(struct answer_identity){BYTES("one"), BYTES("two"), BYTES("three"), {NULL, 0}};
	server.status = &status;
	ok(strcmp(told("version.bind."), "one") == 0 &&
	           strcmp(told("VERSION.server."), "one") == 0,
	   "version");
	ok(strcmp(told("hostname.bind."), "two") == 0 &&
	           strcmp(told("id.server."), "three") == 0,
	   "hostname and id");
	ok(strcmp(told("height.ledger.comity."), "42") == 0 &&
	           strcmp(told("size.ledger.comity."), "4711") == 0 &&
	           strcmp(told("root.ledger.comity."),
	                  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=") == 0,
	   "and the ledger");
	ok(told("x.ledger.comity.") == NULL && told(".") == NULL, "nothing else");
	server.identity = (struct answer_identity){0};
	server.status = NULL;
}

int main(void)
{
	serve(ROOT_ZONE);
	referrals();
	ds();
	apex();
	names_in_the_zone();
	no_names();
	other_apex();
	negative_ttl();
	question_stays();
	sizes();
	edns();
	extended_errors();
	cookies();
	withheld();
	keepalive();
	misfits();
	chaos();
	return done_testing();
}
