/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the import helper does, without its sandbox: master files, packed files, transfers,
 * trust anchors, and a zone that ldns signs here and that is then changed in every way that
 * matters.
 */
#include <lzma.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "base/text.h"
#include "host/import/anchor.h"
#include "host/import/convert.h"
#include "host/import/master.h"
#include "host/import/transfer.h"
#include "host/import/unpack.h"
#include "host/import/verify.h"

#include "tap.h"

#define SIGNED_AT 1795352400 /* 2026-11-22T13:00:00Z */
#define DAY       86400

static struct fault fault;
static ldns_rdf *root;

static ldns_rr_list *records_of(const char *text, const char *origin)
{
	ldns_rdf *name = ldns_dname_new_frm_str(origin);
	ldns_rr_list *records = ldns_rr_list_new();
	bool good = master_read(bytes_of(text), name, records, &fault);

	ldns_rdf_deep_free(name);
	if (good)
		return records;
	ldns_rr_list_deep_free(records);
	return NULL;
}

/* ---- master files ---- */

static bool is(const ldns_rr_list *records, size_t i, const char *line)
{
	struct arena arena = tap_memory(1 << 16);
	struct writer w = {.at = arena_take(&arena, 4096), .size = 4096};
	const char *why;
	struct rr rr;
	bool same;

	if (records == NULL || i >= ldns_rr_list_rr_count(records) ||
	    !convert_rr(ldns_rr_list_rr(records, i), &arena, &rr, &why))
		return false;
	rr_write_text(&w, &rr);
	same = bytes_same(writer_bytes(&w), bytes_of(line));
	if (!same)
		printf("# %.*s\n", (int)w.used, (const char *)w.at);
	free(arena.at);
	return same;
}

static void master_forms(void)
{
	ldns_rr_list *r =
		records_of("; a comment\n$TTL 300\n"
	                   "@ SOA a B ( 1 ; and one here\n 2 3\n 4 5 )\n"
	                   "  NS a.srv\nFOO 60 NS a.foo\n\tNS b.foo\n"
	                   "$ORIGIN foo.\na A 192.0.2.1\nb 77 IN AAAA 2001:DB8:0:0::1\n"
	                   "  DS 1 8 2 ( AA000000000000000000000000000000\n"
	                   "  000000000000000000000000000000BB )\n",
	                   ".");

	ok(r != NULL && ldns_rr_list_rr_count(r) == 7, "a master file as people write it");
	ok(is(r, 0, ". 300 IN SOA a. b. 1 2 3 4 5"), "parentheses, @, $TTL");
	ok(is(r, 1, ". 300 IN NS a.srv."), "the owner that was left out");
	ok(is(r, 2, "foo. 60 IN NS a.foo.") && is(r, 3, "foo. 300 IN NS b.foo."),
	   "its own TTL, and capitals");
	ok(is(r, 4, "a.foo. 300 IN A 192.0.2.1") && is(r, 5, "b.foo. 77 IN AAAA 2001:db8::1"),
	   "$ORIGIN, and one form of an address");
	ok(is(r, 6,
	      "b.foo. 300 IN DS 1 8 2 aa000000000000000000000000000000"
	      "000000000000000000000000000000bb"),
	   "a digest in pieces");
	r = records_of("a 100 A 192.0.2.1\nb A 192.0.2.2\nc 5 A 192.0.2.3\nd A 192.0.2.4\n",
	               "lab.");
	ok(is(r, 1, "b.lab. 100 IN A 192.0.2.2") && is(r, 3, "d.lab. 5 IN A 192.0.2.4"),
	   "without $TTL, the TTL that was stated last");
}

static bool fails_at(const char *text, const char *origin, uint32_t line)
{
	fault = (struct fault){0};
	if (records_of(text, origin) == NULL && fault.line == line)
		return true;
	printf("# line %u: %s\n", fault.line, fault.why != NULL ? fault.why : "-");
	return false;
}

static void master_faults(void)
{
	ok(fails_at("a 1 A 192.0.2.1\n\n; c\n\nb 1 A 192.0.2\n", ".", 5),
	   "the line of an address");
	ok(fails_at("@ 1 SOA a b ( 1 2\n3 4 5 )\nx 1 A 1.2.3", ".", 3), "behind a long record");
	ok(fails_at("\n\n$INCLUDE /etc/passwd\n", ".", 3), "$INCLUDE");
	ok(fails_at("a 1 CH A 192.0.2.1\n", ".", 1), "another class");
	ok(fails_at("a 1 A 192.0.2.1\nb.x. 1 A 192.0.2.1\n", "lab.", 2), "outside the zone");
	ok(fails_at("a A 192.0.2.1\n", ".", 1), "no TTL at all");
	ok(fails_at("a 1 NOSUCH x\n", ".", 1), "no such type");
}

/* ---- packed ---- */

static enum mishap unpacks(struct bytes packed, struct bytes *content, enum packing *packing)
{
	static struct arena arena;
	char path[] = "/tmp/comity-unpack-XXXXXX";
	int file = mkstemp(path);
	enum mishap m;

	if (arena.at == NULL)
		arena = tap_memory(UNPACK_ARENA_SIZE);
	arena.used = 0;
	unlink(path);
	if (file < 0 || write(file, packed.at, packed.size) != (ssize_t)packed.size ||
	    lseek(file, 0, SEEK_SET) != 0)
		bail_out("temporary file");
	m = unpack(file, &arena, content, packing);
	close(file);
	return m;
}

static struct bytes gzipped(struct bytes content, uint8_t *to, size_t room)
{
	z_stream z = {0};

	deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (Bytef *)(uintptr_t)content.at;
	z.avail_in = (uInt)content.size;
	z.next_out = to;
	z.avail_out = (uInt)room;
	deflate(&z, Z_FINISH);
	deflateEnd(&z);
	return (struct bytes){to, room - z.avail_out};
}

static struct bytes xzed(struct bytes content, uint8_t *to, size_t room)
{
	size_t size = 0;

	lzma_easy_buffer_encode(6, LZMA_CHECK_CRC64, NULL, content.at, content.size, to, &size,
	                        room);
	return (struct bytes){to, size};
}

static void packed(const char *what, struct bytes octets, struct bytes content,
                   enum packing packing)
{
	uint8_t twice[20000];
	struct bytes got = {0};
	enum packing told;
	bool cut = true;

	ok(unpacks(octets, &got, &told) == OK && told == packing && bytes_same(got, content),
	   what);
	for (size_t size = 7; size < octets.size; size += 5)
		cut = cut &&
		      unpacks(bytes_first(octets, size), &got, &told) == MISHAP_MALFORMED;
	ok(cut, "cut short, it is refused");
	memcpy(twice, octets.at, octets.size);
	memcpy(twice + octets.size, octets.at, octets.size);
	ok(unpacks((struct bytes){twice, 2 * octets.size}, &got, &told) == OK &&
	           got.size == 2 * content.size,
	   "two in one file are one");
	twice[octets.size / 2] ^= 1;
	ok(unpacks((struct bytes){twice, octets.size}, &got, &told) == MISHAP_MALFORMED,
	   "a flipped bit is found");
}

static void packings(void)
{
	static char text[20000];
	uint8_t octets[10000];
	struct bytes content, got;
	enum packing told;

	for (size_t i = 0; i + 40 < sizeof(text); i += strlen(text + i))
		snprintf(text + i, 40, "n%zu 172800 IN A 192.0.2.%zu\n", i, i % 256);
	content = bytes_of(text);
	ok(unpacks(content, &got, &told) == OK && told == PACKED_NOT &&
	           bytes_same(got, content),
	   "a file as it is");
	ok(unpacks(BYTES(""), &got, &told) == OK && got.size == 0, "an empty file");
	packed("gzip", gzipped(content, octets, sizeof(octets)), content, PACKED_GZIP);
	packed("xz", xzed(content, octets, sizeof(octets)), content, PACKED_XZ);
}

/* A few octets that would unpack to more than we take. */
static void bombs(void)
{
	size_t size = UNPACK_SIZE_MAX + 1;
	uint8_t *zeros = calloc(1, size), *to = malloc(1 << 20);
	enum packing told;
	struct bytes got;

	if (zeros == NULL || to == NULL)
		bail_out("no memory");
	ok(unpacks(gzipped((struct bytes){zeros, size}, to, 1 << 20), &got, &told) ==
	           MISHAP_LIMIT,
	   "a gzip bomb");
	ok(unpacks(xzed((struct bytes){zeros, size}, to, 1 << 20), &got, &told) == MISHAP_LIMIT,
	   "an xz bomb");
	free(zeros);
	free(to);
}

/* ---- a signed zone ---- */

static const char ZONE[] =
	". 86400 SOA a.roots. h.roots. 7 1800 900 604800 86400\n"
	". 518400 NS a.roots.\na.roots. 518400 A 192.0.2.1\n"
	"aa. 172800 NS ns.aa.\nns.aa. 172800 A 192.0.2.2\nns.aa. 172800 AAAA 2001:db8::2\n"
	"aa. 86400 DS 1 8 2 "
	"0000000000000000000000000000000000000000000000000000000000000000\n"
	"bb. 172800 NS ns.aa.\nbb. 172800 NS bb.\nbb. 172800 A 192.0.2.3\n"
	"cc. 172800 NS ns.bb.\nns.bb. 172800 A 192.0.2.4\n";

struct signing {
	ldns_key *key;
	ldns_rr *dnskey;
	char text[65536]; /* the zone, signed */
	char ds[500], dnskey_text[500];
};

static void key_make(struct signing *s)
{
	char *text;
	ldns_rr *ds;

	s->key = ldns_key_new_frm_algorithm(LDNS_SIGN_ECDSAP256SHA256, 256);
	ldns_key_set_flags(s->key, LDNS_KEY_ZONE_KEY | LDNS_KEY_SEP_KEY);
	ldns_key_set_pubkey_owner(s->key, ldns_rdf_clone(root));
	ldns_key_set_inception(s->key, SIGNED_AT);
	ldns_key_set_expiration(s->key, SIGNED_AT + 14 * DAY);
	s->dnskey = ldns_key2rr(s->key);
	ldns_key_set_keytag(s->key, ldns_calc_keytag(s->dnskey));
	ldns_rr_set_ttl(s->dnskey, 172800);
	text = ldns_rr2str(s->dnskey);
	snprintf(s->dnskey_text, sizeof(s->dnskey_text), "%s", text);
	free(text);
	ds = ldns_key_rr2ds(s->dnskey, LDNS_SHA256);
	text = ldns_rr2str(ds);
	snprintf(s->ds, sizeof(s->ds), "%s", text);
	free(text);
	ldns_rr_free(ds);
}

static void zone_sign(struct signing *s, int flags)
{
	ldns_dnssec_zone *zone = ldns_dnssec_zone_new();
	ldns_rr_list *records = records_of(ZONE, "."), *added = ldns_rr_list_new();
	ldns_key_list *keys = ldns_key_list_new();
	FILE *to = fmemopen(s->text, sizeof(s->text), "w");

	for (size_t i = 0; i < ldns_rr_list_rr_count(records); i++)
		ldns_dnssec_zone_add_rr(zone, ldns_rr_list_rr(records, i));
	ldns_dnssec_zone_add_rr(zone, s->dnskey);
	ldns_key_list_push_key(keys, s->key);
	if (ldns_dnssec_zone_sign_flg(zone, added, keys, ldns_dnssec_default_replace_signatures,
	                              NULL, flags) != LDNS_STATUS_OK)
		bail_out("ldns does not sign");
	ldns_dnssec_zone_print(to, zone);
	fclose(to);
}

static struct telling verified(const char *text, const char *anchor, int64_t at)
{
	struct arena arena = tap_memory(1 << 20);
	ldns_rr_list *records = records_of(text, "."), *anchors = ldns_rr_list_new();
	struct telling t = {.at = {at}};

	if (records == NULL ||
	    !anchor_read(bytes_of(anchor), root, t.at, &arena, anchors, &fault))
		bail_out(fault.why);
	verify_zone(records, root, anchors, &arena, &t);
	return t;
}

/* `text` with the first `from` behind `near` made `to`; without that whole line when `to` is
 * NULL. */
static const char *changed(const char *text, const char *near, const char *from, const char *to)
{
	static char with[65536];
	const char *at = strstr(text, near), *end;

	at = at == NULL ? NULL : strstr(at, from);
	if (at == NULL)
		bail_out(from);
	end = at + strlen(from);
	if (to == NULL) {
		while (at > text && at[-1] != '\n')
			at--;
		end = strchr(at, '\n') + 1;
		to = "";
	}
	snprintf(with, sizeof(with), "%.*s%s%s", (int)(at - text), text, to, end);
	return with;
}

static bool fails(struct telling t, const char *why)
{
	if (t.dnssec == VERDICT_FAILED && t.why.size > 0 &&
	    memmem(t.why.at, t.why.size, why, strlen(why)) != NULL)
		return true;
	printf("# %s: %.*s\n", verdict_word(t.dnssec), (int)t.why.size, (const char *)t.why.at);
	return false;
}

static void good_zone(const struct signing *s)
{
	struct telling t = verified(s->text, s->ds, SIGNED_AT);
	struct ledger_time inception = {0};

	ok(t.dnssec == VERDICT_VERIFIED && t.zonemd == VERDICT_VERIFIED,
	   "a signed zone, by its DS");
	ok(t.signatures == 11, "each set has one signature"); /* and five are of NSEC */
	t = verified(s->text, s->dnskey_text, SIGNED_AT + 14 * DAY);
	ok(t.dnssec == VERDICT_VERIFIED, "and by its DNSKEY, to the last second");
	ok(verify_inception(records_of(s->text, "."), root, &inception) &&
	           inception.seconds == SIGNED_AT,
	   "the SOA's signature tells when it was signed");
	ok(!verify_inception(records_of(ZONE, "."), root, &inception),
	   "an unsigned zone does not");
}

static void bad_time(const struct signing *s)
{
	ok(fails(verified(s->text, s->ds, SIGNED_AT - 1), "DNSKEY"), "before its time");
	ok(fails(verified(s->text, s->ds, SIGNED_AT + 14 * DAY + 1), "expired"), "after it");
}

static void bad_keys(const struct signing *s)
{
	static struct signing other;

	key_make(&other);
	ok(fails(verified(s->text, other.ds, SIGNED_AT), "no key is one"), "another's anchor");
	ok(fails(verified(s->text, "", SIGNED_AT), "no trust anchor"),
	   "no anchor for this zone");
	ok(fails(verified(changed(s->text, "RRSIG\tDNSKEY", "DNSKEY", NULL), s->ds, SIGNED_AT),
	         "DNSKEY"),
	   "keys that nobody signed");
	ok(fails(verified(changed(s->text, "DNSKEY\t257", "257", "385"), s->ds, SIGNED_AT),
	         "DNSKEY"),
	   "a revoked key");
	ok(fails(verified(ZONE, s->ds, SIGNED_AT), "no keys"), "an unsigned zone");
}

static void bad_sets(const struct signing *s)
{
	ok(fails(verified(changed(s->text, "DS\t1 8 2 ", "1 8", "2 8"), s->ds, SIGNED_AT),
	         "aa. DS"),
	   "a changed DS");
	ok(fails(verified(changed(s->text, "RRSIG\tDS", "DS", NULL), s->ds, SIGNED_AT),
	         "aa. DS"),
	   "an unsigned DS");
	ok(fails(verified(changed(s->text, "\tDS\t", "DS", NULL), s->ds, SIGNED_AT),
	         "aa. NSEC"),
	   "a DS that is gone");
	ok(fails(verified(changed(s->text, "bb.\t86400\tIN\tNSEC", "NSEC", NULL), s->ds,
	                  SIGNED_AT),
	         "bb. NSEC"),
	   "a missing NSEC");
	ok(fails(verified(changed(s->text, "\ncc.\t172800", "cc.", "cd."), s->ds, SIGNED_AT),
	         "NSEC"),
	   "a TLD under another name");
}

static void bad_digest(const struct signing *s)
{
	struct telling t =
		verified(changed(s->text, "ns.aa.\t172800\tIN\tA", "192.0.2.2", "192.0.2.9"),
	                 s->ds, SIGNED_AT);

	ok(t.dnssec == VERDICT_VERIFIED && t.zonemd == VERDICT_FAILED,
	   "changed glue, which only ZONEMD covers");
	t = verified(changed(s->text, "\ncc.\t172800", "ns.bb.", "ns.aa."), s->ds, SIGNED_AT);
	ok(t.dnssec == VERDICT_VERIFIED && t.zonemd == VERDICT_FAILED, "a changed name server");
	t = verified(changed(s->text, "ZONEMD\t7 1 1", "7 1 1", "8 1 1"), s->ds, SIGNED_AT);
	ok(t.dnssec == VERDICT_FAILED, "a ZONEMD of another serial");
	t = verified(changed(s->text, "\tZONEMD\t", "ZONEMD", NULL), s->ds, SIGNED_AT);
	ok(t.dnssec == VERDICT_FAILED, "a ZONEMD taken away");
}

static void without_digest(void)
{
	static struct signing s;
	struct telling t;

	key_make(&s);
	zone_sign(&s, 0);
	t = verified(s.text, s.ds, SIGNED_AT);
	ok(t.dnssec == VERDICT_VERIFIED && t.zonemd == VERDICT_ABSENT,
	   "a zone without ZONEMD is told, not refused");
}

/* ---- anchors ---- */

static size_t anchors_at(const char *text, int64_t at)
{
	struct arena arena = tap_memory(1 << 16);
	ldns_rr_list *anchors = ldns_rr_list_new();

	fault = (struct fault){0};
	if (!anchor_read(bytes_of(text), root, (struct ledger_time){at}, &arena, anchors,
	                 &fault))
		return 99;
	return ldns_rr_list_rr_count(anchors);
}

/* As RFC 7958 appendix A and IANA have it, with more of each. */
static const char XML[] =
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	"<TrustAnchor id=\"X\" source=\"http://data.iana.org/root-anchors/root-anchors.xml\">\n"
	"<Zone>.</Zone>\n<!-- <KeyDigest validFrom=\"x\"> -->\n"
	"<KeyDigest id=\"a\" validFrom=\"2010-07-15T00:00:00+00:00\" "
	"validUntil=\"2019-01-11T00:00:00+00:00\">\n"
	"<KeyTag>19036</KeyTag>\n<Algorithm>8</Algorithm>\n<DigestType>2</DigestType>\n"
	"<Digest>49AAC11D7B6F6446702E54A1607371607A1A41855200FD2CE1CDDE32F24E8FB5</Digest>\n"
	"</KeyDigest>\n"
	"<KeyDigest id=\"b\" validFrom=\"2017-02-02T02:00:00+02:00\">\n"
	"<KeyTag>20326</KeyTag>\n<Algorithm>8</Algorithm>\n<DigestType>2</DigestType>\n"
	"<Digest> E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D </Digest>\n"
	"<PublicKey>AwEA</PublicKey><Flags>257</Flags>\n</KeyDigest>\n</TrustAnchor>\n";

#define T2011 1293840000
#define T2017 1485993600 /* 2017-02-02T00:00:00Z */
#define T2019 1547164800 /* 2019-01-11T00:00:00Z */

static void anchors_xml(void)
{
	ok(anchors_at(XML, T2011) == 1, "the anchor of 2011");
	ok(anchors_at(XML, T2017 - 1) == 1 && anchors_at(XML, T2017) == 2, "two, from 2017 on");
	ok(anchors_at(XML, T2019 - 1) == 2 && anchors_at(XML, T2019) == 1, "up to 2019");
	ok(anchors_at(
		   "<!DOCTYPE x [<!ENTITY a \"b\">]><TrustAnchor><Zone>.</Zone></TrustAnchor>",
		   0) == 99,
	   "a document type is refused");
	ok(anchors_at("<TrustAnchor><Zone>&#46;</Zone></TrustAnchor>", 0) == 99,
	   "so is an entity");
	ok(anchors_at("<TrustAnchor><Zone>org.</Zone></TrustAnchor>", 0) == 99,
	   "and another zone");
}

static void anchors_text(void)
{
	ok(anchors_at("; c\n. IN DS 20326 8 2 "
	              "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n"
	              "org. IN DS 1 8 2 "
	              "E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D\n",
	              0) == 1,
	   "DS records of this zone");
	ok(anchors_at(". IN NS a.\n", 0) == 99, "other types are no anchors");
	ok(anchors_at("\n. IN DS x\n", 0) == 99 && fault.line == 2, "a fault has its line");
}

/* ---- transfers ---- */

struct canned {
	ldns_pkt *packet[4];
	unsigned count;
	bool other_id, cut;
};

static ldns_pkt *message(const char *lines, ldns_pkt_rcode rcode)
{
	ldns_pkt *p = ldns_pkt_new();
	ldns_rr_list *records = records_of(lines, ".");

	ldns_pkt_set_qr(p, true);
	ldns_pkt_set_rcode(p, (uint8_t)rcode);
	for (size_t i = 0; records != NULL && i < ldns_rr_list_rr_count(records); i++)
		ldns_pkt_push_rr(p, LDNS_SECTION_ANSWER, ldns_rr_list_rr(records, i));
	return p;
}

static void serve(int socket_, const struct canned *c)
{
	uint8_t query[300], head[2], *wire;
	ssize_t n = read(socket_, query, sizeof(query));
	size_t size;

	if (n < 14)
		_exit(1);
	for (unsigned i = 0; i < c->count; i++) {
		ldns_pkt_set_id(c->packet[i],
		                (uint16_t)((query[2] << 8 | query[3]) ^ (c->other_id ? 1 : 0)));
		ldns_pkt2wire(&wire, c->packet[i], &size);
		head[0] = (uint8_t)(size >> 8);
		head[1] = (uint8_t)size;
		if (write(socket_, head, 2) != 2 ||
		    write(socket_, wire, c->cut ? size / 2 : size) < 0)
			_exit(1);
	}
	_exit(0);
}

/* Records that came, or -1. */
static long transferred(const struct canned *c)
{
	ldns_rr_list *records = ldns_rr_list_new();
	int ends[2];
	bool good;
	pid_t child;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || (child = fork()) < 0)
		bail_out("socketpair");
	if (child == 0) {
		close(ends[0]);
		serve(ends[1], c);
	}
	close(ends[1]);
	fault = (struct fault){0};
	good = transfer_read(ends[0], root, records, &fault);
	close(ends[0]);
	waitpid(child, NULL, 0);
	return good ? (long)ldns_rr_list_rr_count(records) : -1;
}

#define SOA1 ". 1 SOA a. b. 1 1 1 1 1\n"
#define SOA2 ". 1 SOA a. b. 2 1 1 1 1\n"
#define REST ". 1 NS a.\naa. 1 NS ns.aa.\nns.aa. 1 A 192.0.2.1\n"

static void transfers(void)
{
	struct canned c = {{message(SOA1 REST SOA1, 0)}, 1, false, false};

	ok(transferred(&c) == 4, "a zone in one message");
	c = (struct canned){
		{message(SOA1, 0), message(REST, 0), message(SOA1, 0)}, 3, false, false};
	ok(transferred(&c) == 4, "a zone in three");
	c.count = 2;
	ok(transferred(&c) == -1 && fault.line == 3, "one that ends early");
	c.cut = true;
	ok(transferred(&c) == -1, "one that is cut in a message");
	c = (struct canned){{message(SOA1 REST SOA1, 0)}, 1, true, false};
	ok(transferred(&c) == -1, "an answer to another question");
	c = (struct canned){{message("", LDNS_RCODE_REFUSED)}, 1, false, false};
	ok(transferred(&c) == -1 && strstr(fault.why, "refused") != NULL, "a refusal");
	c = (struct canned){{message(REST, 0)}, 1, false, false};
	ok(transferred(&c) == -1, "no SOA first");
	c = (struct canned){{message(SOA1 REST SOA2, 0)}, 1, false, false};
	ok(transferred(&c) == -1, "a zone that changed meanwhile");
	c = (struct canned){{message(SOA1 REST SOA1 REST, 0)}, 1, false, false};
	ok(transferred(&c) == -1, "records behind the end");
}

int main(void)
{
	static struct signing s;

	root = ldns_dname_new_frm_str(".");
	master_forms();
	master_faults();
	packings();
	bombs();
	key_make(&s);
	zone_sign(&s, LDNS_SIGN_WITH_ZONEMD_SIMPLE_SHA384);
	if (getenv("COMITY_VERBOSE") != NULL)
		fputs(s.text, stderr);
	good_zone(&s);
	bad_time(&s);
	bad_keys(&s);
	bad_sets(&s);
	bad_digest(&s);
	without_digest();
	anchors_xml();
	anchors_text();
	transfers();
	return done_testing();
}
