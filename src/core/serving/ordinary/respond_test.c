/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/respond.h"

#include <stdio.h>
#include <string.h>

#include "ordinary_fixture.h"
#include "serving/answer.h"
#include "tap.h"

static struct fixture_zones served;
static struct answerer server = {
	.image = &served.image, .udp_size = 1232, .zones = &served.zones};
static uint8_t message[MESSAGE_SIZE_MAX + ANSWER_SLACK];
static char shown[8192];

static const struct asker by_udp = {
	TRANSPORT_UDP, {(const uint8_t *)"\300\0\2\1", 4}, 1764000000, 0, false};

enum { DO = 1, SMALL = 2 };

/* ---- a query, and its response as text ---- */

static size_t ask(const char *name, uint16_t type, unsigned how)
{
	struct writer w = {.at = message, .size = sizeof(message)};
	struct message_header header = {.id = 0x1234, .count = {1, 0, 0, 1}};
	struct edns edns = {.udp_size = (how & SMALL) != 0 ? 512 : 1232,
	                    .dnssec_ok = (how & DO) != 0};
	struct dname dname;

	if (dname_read_text(bytes_of(name), &dname) != OK)
		bail_out(name);
	message_write_header(&w, &header);
	write_bytes(&w, dname_bytes(&dname));
	write_u16(&w, type);
	write_u16(&w, CLASS_IN);
	edns_write(&w, &edns);
	return answer(&server, &by_udp, message, w.used, sizeof(message)).size;
}

static void show_record(struct writer *to, struct bytes octets, size_t *at)
{
	struct message_rr rr;
	struct dname name;
	size_t rdata;

	if (message_read_rr(octets, at, &rr) != OK)
		bail_out("a record of the response does not read");
	if (rr.type == TYPE_OPT)
		return;
	if (rr.type == TYPE_RRSIG) {
		write_text(to, " sig");
		return;
	}
	write_octet(to, ' ');
	if (rr.type == TYPE_NSEC3) { /* the front of the hash tells which */
		write_bytes(to, bytes_first(dname_first_label(dname_bytes(&rr.owner)), 4));
		return;
	}
	dname_write_text(to, dname_bytes(&rr.owner));
	write_octet(to, '/');
	type_write_text(to, rr.type);
	rdata = *at - rr.rdata.size;
	if (rr.type != TYPE_CNAME)
		return;
	if (message_read_name(octets, &rdata, &name) != OK)
		bail_out("a name of the response does not read");
	write_octet(to, '=');
	dname_write_text(to, dname_bytes(&name));
}

/* "RCODE FLAGS: answer | authority | additional". */
static const char *show(size_t size)
{
	struct writer to = {.at = (uint8_t *)shown, .size = sizeof(shown) - 1};
	struct bytes octets = {message, size};
	struct message_header header;
	struct question question;
	size_t at = MESSAGE_HEADER_SIZE;

	if (message_read_header(octets, &header) != OK ||
	    message_read_question(octets, &at, &question) != OK)
		bail_out("no header or question");
	write_number(&to, MESSAGE_RCODE(header.flags));
	write_text(&to, header.flags & MESSAGE_AA ? " aa" : "");
	write_text(&to, header.flags & MESSAGE_TC ? " tc" : "");
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
	const char *got = show(ask(name, type, how));

	if (strcmp(got, want) == 0)
		return true;
	printf("# got  %s\n# want %s\n", got, want);
	return false;
}

/* ---- what is expected ---- */

static void data(void)
{
	ok(gives("mail.shape.", TYPE_A, 0, "0 aa: mail.shape./A | |"), "a set");
	ok(gives("mail.shape.", TYPE_A, DO, "0 aa: mail.shape./A sig | |"),
	   "with its signature");
	ok(gives("mail.shape.", TYPE_TXT, DO, "0 aa: | shape./SOA sig mail.shape./NSEC sig |"),
	   "no data, proved");
	ok(gives("ent.shape.", TYPE_A, DO, "0 aa: | shape./SOA sig cut.shape./NSEC sig |"),
	   "an empty non-terminal: the NSEC that covers it");
	ok(gives("shape.", TYPE_ANY, 0, "0 aa: shape./SOA | |"), "ANY: one set (RFC 8482)");
	ok(gives("ns.shape.", TYPE_RRSIG, 0, "0 aa: sig sig | |"), "RRSIG: all of the name's");
	ok(gives("shape.", TYPE_MX, 0, "0 aa: shape./MX | | mail.shape./A"),
	   "addresses with an MX");
	ok(gives("no.shape.", TYPE_A, DO,
	         "3 aa: | shape./SOA sig mail.shape./NSEC sig shape./NSEC sig |"),
	   "no name: that it is not there, and that no wildcard is");
}

static void wildcards(void)
{
	ok(gives("x.wild.shape.", TYPE_A, DO,
	         "0 aa: x.wild.shape./A sig | host.wild.shape./NSEC sig |"),
	   "a wildcard answers by the name asked for, and proves that it is not there");
	ok(gives("x.wild.shape.", TYPE_TXT, DO,
	         "0 aa: | shape./SOA sig host.wild.shape./NSEC sig *.wild.shape./NSEC sig |"),
	   "no data of a wildcard");
	ok(gives("x.host.wild.shape.", TYPE_A, 0, "3 aa: | shape./SOA |"),
	   "a name that is there keeps the wildcard from those below it");
	ok(gives("*.wild.shape.", TYPE_A, DO, "0 aa: *.wild.shape./A sig | |"),
	   "the wildcard itself");
	ok(gives("x.went.shape.", TYPE_A, 0, "0 aa: | shape./SOA |"),
	   "a wildcard that is empty: no data, but a name (RFC 4592 section 2.2.2)");
	ok(gives("x.star.shape.", TYPE_A, 0,
	         "0 aa: x.star.shape./CNAME=mail.shape. mail.shape./A | |"),
	   "an alias of a wildcard");
}

static void aliases(void)
{
	ok(gives("alias.shape.", TYPE_A, DO,
	         "0 aa: alias.shape./CNAME=mail.shape. sig mail.shape./A sig | |"),
	   "an alias is followed");
	ok(gives("alias.shape.", TYPE_CNAME, 0, "0 aa: alias.shape./CNAME=mail.shape. | |"),
	   "but not when it is asked for");
	ok(gives("nowhere.shape.", TYPE_A, 0,
	         "3 aa: nowhere.shape./CNAME=missing.shape. | shape./SOA |"),
	   "the RCODE is that of the last name (RFC 6604)");
	ok(gives("out.shape.", TYPE_A, 0, "0 aa: out.shape./CNAME=www.elsewhere. | |"),
	   "an alias out of here ends there");
	ok(gives("toroot.shape.", TYPE_A, 0, "0 aa: toroot.shape./CNAME=cn. | |"),
	   "so does one into an image");
	ok(gives("loop1.shape.", TYPE_A, 0,
	         "0 aa: loop1.shape./CNAME=loop2.shape. loop2.shape./CNAME=loop1.shape. | |"),
	   "a loop is gone around once");
	ok(gives("tochild.shape.", TYPE_A, 0,
	         "0 aa: tochild.shape./CNAME=www.child.shape. www.child.shape./A | |"),
	   "into another zone");
	ok(gives("back.child.shape.", TYPE_A, 0,
	         "0 aa: back.child.shape./CNAME=alias.shape. alias.shape./CNAME=mail.shape. "
	         "mail.shape./A | |"),
	   "and back");
	ok(gives("x.away.shape.", TYPE_A, 0,
	         "0 aa: away.shape./DNAME x.away.shape./CNAME=x.wild.shape. x.wild.shape./A | "
	         "|"),
	   "a DNAME, and the CNAME it makes (RFC 6672)");
	ok(gives("away.shape.", TYPE_DNAME, 0, "0 aa: away.shape./DNAME | |"), "DNAME itself");
	ok(gives("away.shape.", TYPE_A, 0, "0 aa: | shape./SOA |"),
	   "its owner is not below it");
	ok(gives("x2345678901234567890123456789012345678901234567890123456789.yyyyyyy.long."
	         "shape.",
	         TYPE_A, 0, "6 aa: long.shape./DNAME | |"),
	   "a name too long: YXDOMAIN");
}

static void delegations(void)
{
	ok(gives("x.cut.shape.", TYPE_A, DO,
	         "0: | cut.shape./NS cut.shape./NS cut.shape./DS sig | ns.cut.shape./A "
	         "ns.other.shape./A"),
	   "a referral with DS and glue, its own first");
	ok(gives("other.shape.", TYPE_NS, DO,
	         "0: | other.shape./NS other.shape./NSEC sig | ns.other.shape./A"),
	   "without DS: proved");
	ok(gives("cut.shape.", TYPE_DS, DO, "0 aa: cut.shape./DS sig | |"), "DS");
	ok(gives("other.shape.", TYPE_DS, DO, "0 aa: | shape./SOA sig other.shape./NSEC sig |"),
	   "no DS");
	ok(gives("ns.cut.shape.", TYPE_A, 0,
	         "0: | cut.shape./NS cut.shape./NS | ns.cut.shape./A ns.other.shape./A"),
	   "glue is no answer");
}

static void choice(void)
{
	struct zone *child = &served.zone[2], *shape = &served.zone[1];

	ok(gives("www.child.shape.", TYPE_A, 0, "0 aa: www.child.shape./A | |"),
	   "the longest apex answers");
	ok(gives("child.shape.", TYPE_DS, 0, "0 aa: child.shape./DS | |"),
	   "DS at an apex is the parent's");
	ok(gives("shape.", TYPE_DS, 0, "0 aa: | shape./SOA |"),
	   "but where the parent is not here the child says that there is none");
	ok(gives("cn.", TYPE_A, 0, "0: | cn./NS cn./NS | a.cn./A a.cn./AAAA ns.net./A"),
	   "the rest is the root's");
	ok(gives("xshape.", TYPE_A, 0, "3 aa: | ./SOA |"), "labels are compared whole");
	child->expired = true;
	ok(gives("www.child.shape.", TYPE_A, 0, "2: | |"), "a zone that expired: SERVFAIL");
	ok(gives("tochild.shape.", TYPE_A, 0,
	         "0 aa: tochild.shape./CNAME=www.child.shape. | |"),
	   "and no alias leads into it");
	child->expired = false;
	shape->ordinary = NULL;
	ok(gives("mail.shape.", TYPE_A, 0, "2: | |"), "one that is not here yet: SERVFAIL");
	shape->ordinary = &served.shape;
}

/* RFC 5155 section 7.2. 92cr is of the apex, 0ecq of ent, nhoh of wild, sift of *.wild. */
static void hashes(void)
{
	ok(gives("no.hash.", TYPE_A, DO, "3 aa: | hash./SOA 92cr e65r |"),
	   "no name: its encloser, and that neither it nor a wildcard is there");
	ok(gives("x.ent.hash.", TYPE_A, DO, "3 aa: | hash./SOA 0ecq e65r |"),
	   "below an empty non-terminal");
	ok(gives("ent.hash.", TYPE_A, DO, "0 aa: | hash./SOA 0ecq |"), "which is there");
	ok(gives("x.wild.hash.", TYPE_A, DO, "0 aa: x.wild.hash./A | e65r |"),
	   "a wildcard answers: the name is not there");
	ok(gives("x.wild.hash.", TYPE_TXT, DO, "0 aa: | hash./SOA nhoh e65r sift |"),
	   "it has no such data");
	ok(gives("alias.hash.", TYPE_A, DO,
	         "0 aa: alias.hash./CNAME=x.wild.hash. x.wild.hash./A | e65r |"),
	   "behind an alias too");
	ok(gives("open.hash.", TYPE_A, DO, "0: | open.hash./NS 92cr 0ecq |"),
	   "a delegation that Opt-Out covers: the closest that can be proved");
	ok(gives("open.hash.", TYPE_DS, DO, "0 aa: | hash./SOA 92cr 0ecq |"), "it has no DS");
	ok(gives("x.deep.un.hash.", TYPE_A, DO, "0: | deep.un.hash./NS 92cr nhoh |"),
	   "below an empty non-terminal that Opt-Out covers");
	ok(gives("un.hash.", TYPE_A, DO, "0 aa: | hash./SOA 92cr nhoh |"), "which is there");
	ok(gives("x.un.hash.", TYPE_A, DO, "3 aa: | hash./SOA 92cr nhoh |"), "and what is not");
	ok(gives("53b3s86t9ea43g3kfp5usbp5hblrr70l.hash.", TYPE_NSEC3, 0,
	         "3 aa: | hash./SOA |"),
	   "an NSEC3 is no name of the zone (section 7.2.8)");
	ok(gives("hash.", TYPE_NSEC3PARAM, 0, "0 aa: hash./NSEC3PARAM | |"), "NSEC3PARAM is");
	ok(gives("no.hash.", TYPE_A, 0, "3 aa: | hash./SOA |"), "without DO no proof");
}

static bool refuses(const char *text, const char *why)
{
	struct fault fault = {0};
	struct writer to;
	enum mishap m = fixture_make(text, 0, &to, &fault);

	if (m == MISHAP_MALFORMED && strcmp(fault.why, why) == 0)
		return true;
	printf("# got  %s\n", m == OK ? "a zone" : fault.why);
	return false;
}

#define TOP                                                                                    \
	"z. 60 IN NS z.\n"                                                                     \
	"z. 60 IN SOA z. z. 7 1 1 1 1\n"

/* What has no defined meaning here is refused, not served somehow. */
static void refusals(void)
{
	ok(refuses("z. 60 IN NS z.\n", "not one SOA at the first name"), "no SOA");
	ok(refuses(TOP "a.z. 60 IN A 192.0.2.1\na.z. 60 IN CNAME z.\n",
	           "a CNAME that does not stand alone"),
	   "a CNAME beside data");
	ok(refuses(TOP "a.z. 60 IN CNAME b.z.\na.z. 60 IN CNAME z.\n",
	           "a CNAME that does not stand alone"),
	   "two of them");
	ok(refuses(TOP "a.z. 60 IN DNAME z.\nb.a.z. 60 IN A 192.0.2.1\n",
	           "a name below a DNAME"),
	   "below a DNAME");
	ok(refuses(TOP "a.z. 60 IN DNAME b.z.\na.z. 60 IN DNAME z.\n", "more than one DNAME"),
	   "two of them");
	ok(refuses(TOP "*.z. 60 IN DNAME z.\n", "a DNAME at a wildcard"), "at a wildcard");
	ok(refuses(TOP "*.z. 60 IN NS z.\n", "a delegation at a wildcard"), "so a delegation");
	ok(refuses("z. 60 IN NS z.\nz. 60 IN SOA z. z. 7 1 1 1 1\n"
	           "z. 60 IN NSEC z. NS SOA NSEC\na.z. 60 IN A 192.0.2.1\n",
	           "no NSEC at a name of a signed zone"),
	   "a signed zone with a hole");
	ok(refuses("z. 60 IN NS z.\nz. 60 IN SOA z. z. 7 1 1 1 1\n"
	           "z. 60 IN NSEC b.z. NS SOA NSEC\n",
	           "a chain of NSEC that does not end at the apex"),
	   "or a chain that leads nowhere");
	ok(refuses(TOP "zz. 60 IN A 192.0.2.1\n", "a name that is not in the zone"),
	   "out of zone");
}

/* HASH_ZONE with the line that begins so taken out, and another put at the end. */
static const char *hash_zone(const char *without, const char *more)
{
	static char text[sizeof(HASH_ZONE) + 200];
	const char *from = strstr(HASH_ZONE, without), *to = strchr(from, '\n') + 1;

	snprintf(text, sizeof(text), "%.*s%s%s", (int)(from - HASH_ZONE), HASH_ZONE, to, more);
	return text;
}

static void hash_refusals(void)
{
	static char plain[sizeof(HASH_ZONE)];

	ok(refuses(TOP "z. 60 IN NSEC3PARAM 1 0 51 -\n",
	           "no NSEC3PARAM with SHA-1 and at most 50 iterations (RFC 9276)"),
	   "NSEC3 of 51 iterations");
	ok(refuses(TOP "z. 60 IN NSEC3PARAM 1 0 50 -\n",
	           "no NSEC3 of the chain that NSEC3PARAM names"),
	   "or of none");
	ok(refuses(hash_zone("hash. 60 IN NSEC3PARAM", ""),
	           "NSEC3 without an NSEC3PARAM at the apex"),
	   "without NSEC3PARAM");
	ok(refuses(hash_zone("53b3s86t9ea43g3kfp5usbp5hblrr70l.hash.", ""),
	           "a broken chain of NSEC3"),
	   "one that is missing");
	ok(refuses(hash_zone("deep.un", "zz.hash. 60 IN A 192.0.2.9\n"),
	           "no NSEC3 at a name of a signed zone"),
	   "a name without one");
	ok(refuses(hash_zone("a.ent.hash.", ""), "an NSEC3 that is of no name"),
	   "one without a name");
	memcpy(plain, HASH_ZONE, sizeof(plain));
	for (char *at = plain; (at = strstr(at, "NSEC3 1 1")) != NULL;)
		at[8] = '0';
	ok(refuses(plain, "no NSEC3 at a name of a signed zone"),
	   "a delegation that is covered without Opt-Out");
	ok(refuses(hash_zone("deep.un", "zz.hash. 60 IN NSEC3 1 0 1 beef 00000000\n"),
	           "an NSEC3 whose name is no hash"),
	   "another name than a hash");
}

/* An image is refused for what is not root-shaped; what is an image is not an ordinary zone. */
static void files(void)
{
	struct ordinary opened;
	struct image image;
	struct fault fault;
	struct writer to;

	ok(fixture_compile(SHAPE_ZONE, &to, &fault) == MISHAP_MALFORMED,
	   "the image of such a zone is refused");
	if (fixture_make(CHILD_ZONE, 1, &to, &fault) != OK)
		bail_out(fault.why);
	ok(image_open(writer_bytes(&to), &image) != NULL, "its file is no image");
	ordinary_file[1][to.used - 1] ^= 1;
	ok(ordinary_open(writer_bytes(&to), &opened) != NULL, "a bit less: refused");
	ok(ordinary_open((struct bytes){ordinary_file[1], 100}, &opened) != NULL,
	   "torn: refused");
}

int main(void)
{
	if (!fixture_zones(&served))
		bail_out("the zones of the fixture are not good");
	data();
	wildcards();
	aliases();
	delegations();
	choice();
	hashes();
	refusals();
	hash_refusals();
	files();
	return done_testing();
}
