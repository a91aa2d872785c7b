/* SPDX-License-Identifier: Apache-2.0 */
/* The largest content that parties can enter (comity-act(5), BOUNDS) becomes a zone, an image, and answers. */
#include <stdarg.h>
#include <stdio.h>

#include "commons/bounds.h"
#include "commons/importing.h"
#include "dns/message.h"
#include "dns/rrsig.h"
#include "serving/answer.h"
#include "serving/compile.h"
#include "serving/layout.h"
#include "tap.h"
#include "zone/derive.h"

#include "bare.h"

_Static_assert(BOUNDS_REFERRAL_SIZE <= LAYOUT_SIZE_MAX && BOUNDS_REFERRAL_SIZE == 43773, "comity-act(5), BOUNDS");
_Static_assert(BOUNDS_PRIMING_SIZE <= LAYOUT_SIZE_MAX && BOUNDS_PRIMING_SIZE == 53345, "comity-act(5), BOUNDS");

#define TLDS      60 /* of each sort */
#define IMAGE_MAX ((size_t)4 << 30) /* prog/comityd/node.c: half of node->image */

static struct rrset_list zone;
static struct image image;
static struct answerer server = {.image = &image, .udp_size = ANSWER_UDP_SIZE};
static uint8_t message[MESSAGE_SIZE_MAX + ANSWER_SLACK];
static size_t derived; /* octets of arena */

static void line(struct writer *w, const char *form, ...)
{
	char text[1100];
	va_list a;

	va_start(a, form);
	vsnprintf(text, sizeof(text), form, a);
	va_end(a);
	write_text(w, text);
	write_octet(w, '\n');
}

/* A name of 255 octets and 127 labels below `last`, of two octets, that shares no other end with those of other numbers. */
static const char *deep(unsigned number, const char *last)
{
	static char text[DNAME_TEXT_SIZE_MAX];
	size_t used = 0;

	for (unsigned i = 0; i < 126 - (strlen(last) == 2); i++) {
		text[used++] = (char)('a' + (i % 2 == 0 ? number / 26 : number % 26));
		text[used++] = '.';
	}
	snprintf(text + used, sizeof(text) - used, "%s.", last);
	return text;
}

static void put_addresses(struct writer *w, const char *name)
{
	for (unsigned i = 0; i < BOUNDS_ADDRESSES; i++)
		line(w, "+ %s 1 IN A 192.0.2.%u", name, i);
	for (unsigned i = 0; i < BOUNDS_ADDRESSES; i++)
		line(w, "+ %s 1 IN AAAA 2001:db8::%x", name, i + 1);
}

/* A TLD whose every name server is a deep name below `last`: a host, or a root server. */
static void put_tld(const char *label, unsigned first, const char *last)
{
	struct writer w = writer_in(&room);

	line(&w, "tld/%s\nholder: aurelia\nact: genesis", label);
	for (unsigned i = 0; i < BOUNDS_NS; i++)
		line(&w, "+ %s. 1 IN NS %s", label, deep(first + i, last));
	for (unsigned i = 0; i < BOUNDS_DS; i++)
		line(&w, "+ %s. 1 IN DS %u 13 9 %0*x", label, i, 2 * BOUNDS_DS_DIGEST, i);
	state_put(&state, writer_bytes(&w));
}

/* A TLD that fills a text with records: addresses of as many name servers of its own. */
static void put_wide_tld(unsigned number)
{
	struct writer w = writer_in(&room);
	char name[40];

	line(&w, "tld/w%u\nholder: aurelia\nact: genesis", number);
	for (unsigned i = 0; i < BOUNDS_NS; i++)
		line(&w, "+ w%u. 1 IN NS n%02u.w%u.", number, i, number);
	for (unsigned i = 0; i < BOUNDS_DS; i++)
		line(&w, "+ w%u. 1 IN DS %u 13 9 %0*x", number, i, 2 * BOUNDS_DS_DIGEST, i);
	for (unsigned i = 0; i < BOUNDS_NS; i++) {
		snprintf(name, sizeof(name), "n%02u.w%u.", i, number);
		put_addresses(&w, name);
	}
	if (w.used > ACT_TEXT_SIZE_MAX)
		bail_out("no act is that long");
	state_put(&state, writer_bytes(&w));
}

static void put_all(void)
{
	char label[64];
	struct writer w;

	for (unsigned i = 0; i < BOUNDS_NS; i++) {
		w = writer_in(&room);
		line(&w, "host/%s\nowner: aurelia\nusers: h\nact: genesis", deep(i, "h"));
		put_addresses(&w, deep(i, "h"));
		state_put(&state, writer_bytes(&w));
	}
	for (unsigned i = 0; i < BOUNDS_SERVERS; i++) {
		w = writer_in(&room);
		line(&w, "server/%s\nowner: p%u\nact: genesis", deep(i, "s"), i / BOUNDS_PARTY_SERVERS);
		put_addresses(&w, deep(i, "s"));
		state_put(&state, writer_bytes(&w));
	}
	put_tld("h", 0, "h");
	for (unsigned i = 0; i < TLDS; i++) {
		snprintf(label, sizeof(label), "t%062u", i);
		put_tld(label, 0, i % 2 == 0 ? "s" : "h");
		put_wide_tld(i);
	}
	state_commit(&state);
}

static void derive_and_sign(void)
{
	static struct zone_plan plan = {.serial = {2026112200}};
	struct arena arena = bare_memory((size_t)1 << 30);
	static uint8_t signature[64];
	static struct zone made;

	zone_derive(&state, &plan, &arena, &made);
	derived = arena.used;
	for (size_t i = 0; i < made.count; i++) {
		struct rrsig rrsig = {made.set[i].type, 15, rrsig_labels(made.set[i].owner), 1, 2, 1, 1, made.apex,
		                      {signature, sizeof(signature)}};
		struct bytes *rdata = arena_take(&arena, sizeof(*rdata));
		struct writer w = writer_in(&arena);

		if (!made.authoritative[i])
			continue;
		rrsig_write(&w, &rrsig);
		*rdata = writer_keep(&w, &arena);
		made.set[i].rrsig = rdata;
		made.set[i].rrsig_count = 1;
	}
	zone = zone_list(&made);
}

static size_t larger(size_t a, size_t b)
{
	return a > b ? a : b;
}

static size_t largest_piece(void)
{
	size_t largest = 0;

	for (uint32_t i = 0; i < image.header->piece.count; i++)
		largest = larger(largest, image.piece[i].size);
	return largest;
}

/* Octets of the pieces of the TLD that takes the most. */
static size_t largest_tld(void)
{
	size_t largest = 0;

	for (uint32_t i = 0; i < image.node_count; i++) {
		const struct image_node *n = &image.node[i];

		if (n->kind == IMAGE_CUT)
			largest = larger(largest, (size_t)image.piece[n->nsec].size + image.piece[n->referral].size +
			                                  image.piece[n->referral + 1].size + image.piece[n->ds].size +
			                                  image.piece[n->ds + 1].size + DNAME_SIZE_MAX);
	}
	return largest;
}

static void test_image(void)
{
	struct arena work = bare_memory(IMAGE_MAX);
	struct writer to = {.at = bare_memory(IMAGE_MAX).at, .size = IMAGE_MAX};
	struct fault fault = {0};
	enum mishap m;

	m = image_compile(&zone, &work, &to, &fault);
	if (m != OK)
		printf("# %s\n", fault.why);
	ok(m == OK && image_open(writer_bytes(&to), &image) == NULL, "the image of the largest content");
	printf("# derived: %zu octets of each two TLDs; the largest piece: %zu, all of a TLD: %zu\n", derived / TLDS,
	       largest_piece(), largest_tld());
	ok(largest_piece() > 30000 && largest_piece() <= BOUNDS_PRIMING_SIZE, "its largest piece is within the bound");
	ok(largest_tld() * IMPORTING_TLDS_MAX < IMAGE_MAX / 16 * 6, "as many TLDs as there may be, all like that, have room");
	ok(derived / TLDS * IMPORTING_TLDS_MAX < ZONE_ARENA_SIZE, "and can be derived");
}

static struct message_header ask(const char *name, enum transport transport, size_t *size)
{
	struct asker asker = {transport, {(const uint8_t *)"\300\0\2\1", 4}, 1764000000, 100, false};
	struct writer w = {.at = message, .size = sizeof(message)};
	struct message_header header = {.id = 1, .count = {1, 0, 0, 1}};
	struct edns edns = {.udp_size = ANSWER_UDP_SIZE, .dnssec_ok = true};
	struct dname dname;

	if (dname_read_text(bytes_of(name), &dname) != OK)
		bail_out(name);
	message_write_header(&w, &header);
	write_bytes(&w, dname_bytes(&dname));
	write_u16(&w, TYPE_NS);
	write_u16(&w, CLASS_IN);
	edns_write(&w, &edns);
	*size = answer(&server, &asker, message, w.used, sizeof(message)).size;
	if (message_read_header((struct bytes){message, *size}, &header) != OK)
		bail_out("no answer");
	return header;
}

static void test_answers(void)
{
	struct message_header h;
	char label[70];
	size_t size;

	h = ask(".", TRANSPORT_TCP, &size);
	printf("# priming: %zu octets\n", size);
	ok(h.count[1] == BOUNDS_SERVERS + 1 && h.count[3] == BOUNDS_SERVERS * 2 * (BOUNDS_ADDRESSES + 1) + 1 &&
	           (h.flags & MESSAGE_TC) == 0, "priming by TCP: all root servers, addresses and signatures");
	h = ask(".", TRANSPORT_UDP, &size);
	ok(size <= ANSWER_UDP_SIZE && (h.flags & MESSAGE_TC) != 0, "and by UDP: come by TCP");
	snprintf(label, sizeof(label), "t%062u.", 0);
	h = ask(label, TRANSPORT_TCP, &size);
	printf("# referral: %zu octets\n", size);
	ok(h.count[2] == BOUNDS_NS + BOUNDS_DS + 1 && h.count[3] == BOUNDS_NS * 2 * (BOUNDS_ADDRESSES + 1) + 1,
	   "a referral by TCP, the same");
}

int main(void)
{
	bare_begin();
	put_all();
	derive_and_sign();
	test_image();
	test_answers();
	return done_testing();
}
