/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_TEST_ORDINARY_FIXTURE_H
#define COMITY_TEST_ORDINARY_FIXTURE_H

/*
 * ordinary_fixture.h - a zone of every shape that a root has not, signed in form only, a child of
 * it, one that denies by NSEC3, and a server of all beside the root of zone_fixture.h. Include it in one .c file of a test.
 */

#include "serving/ordinary/make.h"
#include "serving/zones.h"
#include "zone_fixture.h"

/* clang-format off */
static const char SHAPE_ZONE[] =
	"shape. 60 IN NS ns.shape.\n"
	"shape. 60 IN SOA ns.shape. h.shape. 7 1800 900 604800 30\n"
	"shape. 60 IN MX 10 mail.shape.\n"
	"shape. 60 IN RRSIG SOA 15 1 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"shape. 60 IN RRSIG NSEC 15 1 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"shape. 60 IN NSEC alias.shape. NS SOA MX RRSIG NSEC\n"
	"alias.shape. 60 IN CNAME mail.shape.\n"
	"alias.shape. 60 IN RRSIG CNAME 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"alias.shape. 60 IN NSEC away.shape. CNAME RRSIG NSEC\n"
	"away.shape. 60 IN DNAME wild.shape.\n"
	"away.shape. 60 IN NSEC child.shape. DNAME RRSIG NSEC\n"
	"child.shape. 60 IN NS ns.child.shape.\n"
	"child.shape. 60 IN DS 2 15 9 bb\n"
	"child.shape. 60 IN NSEC cut.shape. NS DS RRSIG NSEC\n"
	"ns.child.shape. 60 IN A 192.0.2.13\n"
	"cut.shape. 60 IN NS ns.cut.shape.\n"
	"cut.shape. 60 IN NS ns.other.shape.\n"
	"cut.shape. 60 IN DS 1 15 9 aa\n"
	"cut.shape. 60 IN RRSIG DS 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"cut.shape. 60 IN RRSIG NSEC 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"cut.shape. 60 IN NSEC a.ent.shape. NS DS RRSIG NSEC\n"
	"ns.cut.shape. 60 IN A 192.0.2.10\n"
	"a.ent.shape. 60 IN TXT \"below\"\n"
	"a.ent.shape. 60 IN NSEC long.shape. TXT RRSIG NSEC\n"
	"long.shape. 60 IN DNAME llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll.llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll.llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll.shape.\n"
	"long.shape. 60 IN NSEC loop1.shape. DNAME RRSIG NSEC\n"
	"loop1.shape. 60 IN CNAME loop2.shape.\n"
	"loop1.shape. 60 IN NSEC loop2.shape. CNAME RRSIG NSEC\n"
	"loop2.shape. 60 IN CNAME loop1.shape.\n"
	"loop2.shape. 60 IN NSEC mail.shape. CNAME RRSIG NSEC\n"
	"mail.shape. 60 IN A 192.0.2.2\n"
	"mail.shape. 60 IN RRSIG A 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"mail.shape. 60 IN RRSIG NSEC 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"mail.shape. 60 IN NSEC nowhere.shape. A RRSIG NSEC\n"
	"nowhere.shape. 60 IN CNAME missing.shape.\n"
	"nowhere.shape. 60 IN NSEC ns.shape. CNAME RRSIG NSEC\n"
	"ns.shape. 60 IN A 192.0.2.1\n"
	"ns.shape. 60 IN RRSIG A 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"ns.shape. 60 IN RRSIG NSEC 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"ns.shape. 60 IN NSEC other.shape. A RRSIG NSEC\n"
	"other.shape. 60 IN NS ns.other.shape.\n"
	"other.shape. 60 IN RRSIG NSEC 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"other.shape. 60 IN NSEC out.shape. NS RRSIG NSEC\n"
	"ns.other.shape. 60 IN A 192.0.2.12\n"
	"out.shape. 60 IN CNAME www.elsewhere.\n"
	"out.shape. 60 IN NSEC *.star.shape. CNAME RRSIG NSEC\n"
	"*.star.shape. 60 IN CNAME mail.shape.\n"
	"*.star.shape. 60 IN NSEC tochild.shape. CNAME RRSIG NSEC\n"
	"tochild.shape. 60 IN CNAME www.child.shape.\n"
	"tochild.shape. 60 IN NSEC toroot.shape. CNAME RRSIG NSEC\n"
	"toroot.shape. 60 IN CNAME cn.\n"
	"toroot.shape. 60 IN NSEC sub.*.went.shape. CNAME RRSIG NSEC\n"
	"sub.*.went.shape. 60 IN TXT \"x\"\n"
	"sub.*.went.shape. 60 IN NSEC *.wild.shape. TXT RRSIG NSEC\n"
	"*.wild.shape. 60 IN A 192.0.2.3\n"
	"*.wild.shape. 60 IN RRSIG A 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"*.wild.shape. 60 IN RRSIG NSEC 15 2 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"*.wild.shape. 60 IN NSEC host.wild.shape. A RRSIG NSEC\n"
	"host.wild.shape. 60 IN A 192.0.2.4\n"
	"host.wild.shape. 60 IN RRSIG NSEC 15 3 60 20260101000000 20250101000000 7 shape. AAAA\n"
	"host.wild.shape. 60 IN NSEC shape. A RRSIG NSEC\n";

static const char CHILD_ZONE[] =
	"child.shape. 60 IN NS ns.child.shape.\n"
	"child.shape. 60 IN SOA ns.child.shape. h.shape. 9 1 1 1 20\n"
	"back.child.shape. 60 IN CNAME alias.shape.\n"
	"ns.child.shape. 60 IN A 192.0.2.13\n"
	"www.child.shape. 60 IN A 192.0.2.14\n";

/* Denied by NSEC3 with Opt-Out; open.hash. and un.hash. have none of their own. */
static const char HASH_ZONE[] =
	"hash. 60 IN NS ns.hash.\n"
	"hash. 60 IN SOA ns.hash. h.hash. 7 1800 900 604800 30\n"
	"hash. 60 IN NSEC3PARAM 1 0 1 beef\n"
	"0ecqlr2n4jd01og0ivsg699qnp22mjfc.hash. 30 IN NSEC3 1 1 1 beef 53b3s86t9ea43g3kfp5usbp5hblrr70l\n"
	"53b3s86t9ea43g3kfp5usbp5hblrr70l.hash. 30 IN NSEC3 1 1 1 beef 92cr15o4lkpf9dfvdqf850ruigibi89k CNAME RRSIG\n"
	"92cr15o4lkpf9dfvdqf850ruigibi89k.hash. 30 IN NSEC3 1 1 1 beef dm46h02b21qvv05d9g8rnitot62pb0uo NS SOA RRSIG NSEC3PARAM\n"
	"alias.hash. 60 IN CNAME x.wild.hash.\n"
	"cut.hash. 60 IN NS ns.cut.hash.\n"
	"cut.hash. 60 IN DS 1 15 9 aa\n"
	"ns.cut.hash. 60 IN A 192.0.2.2\n"
	"dm46h02b21qvv05d9g8rnitot62pb0uo.hash. 30 IN NSEC3 1 1 1 beef e65r6adrkahskjj8jdkt2e76sob2g16f A RRSIG\n"
	"e65r6adrkahskjj8jdkt2e76sob2g16f.hash. 30 IN NSEC3 1 1 1 beef nhohnmb2a3oe72lhegq9o8cmb1ssf411 NS DS RRSIG\n"
	"a.ent.hash. 60 IN TXT \"x\"\n"
	"nhohnmb2a3oe72lhegq9o8cmb1ssf411.hash. 30 IN NSEC3 1 1 1 beef siftpqoeq9o4nrmi9krs8efquou2ald6\n"
	"ns.hash. 60 IN A 192.0.2.1\n"
	"open.hash. 60 IN NS ns.elsewhere.\n"
	"siftpqoeq9o4nrmi9krs8efquou2ald6.hash. 30 IN NSEC3 1 1 1 beef ss4hk9bhjb2g4id3nrg9cbeu0iff7bvo A RRSIG\n"
	"ss4hk9bhjb2g4id3nrg9cbeu0iff7bvo.hash. 30 IN NSEC3 1 1 1 beef 0ecqlr2n4jd01og0ivsg699qnp22mjfc TXT RRSIG\n"
	"deep.un.hash. 60 IN NS ns.elsewhere.\n"
	"*.wild.hash. 60 IN A 192.0.2.3\n";
/* clang-format on */

#define ORDINARY_ROOM (1u << 19)

static uint8_t ordinary_memory[4 << 20];
static alignas(IMAGE_ALIGN) uint8_t ordinary_file[3][ORDINARY_ROOM];

/* Makes the file of a text in one of three places; MISHAP_MALFORMED with the fault of whichever step
 * failed. */
static inline enum mishap fixture_make(const char *text, unsigned place, struct writer *to,
                                       struct fault *fault)
{
	struct arena arena = {ordinary_memory, sizeof(ordinary_memory), 0};
	struct rrset_list zone;

	*to = (struct writer){.at = ordinary_file[place], .size = ORDINARY_ROOM};
	if (!zone_read_text(bytes_of(text), &arena, &zone, fault))
		return MISHAP_MALFORMED;
	return ordinary_make(&zone, &arena, to, fault);
}

/* Four zones in one server. */
struct fixture_zones {
	struct image image;
	struct ordinary shape, child, hash;
	struct zone zone[4];
	struct zones zones;
};

/* False when one of the zones is not good. */
static inline bool fixture_zones(struct fixture_zones *f)
{
	struct fault fault;
	struct writer to;

	if (fixture_compile(ROOT_ZONE, &to, &fault) != OK ||
	    image_open(writer_bytes(&to), &f->image) != NULL ||
	    fixture_make(SHAPE_ZONE, 0, &to, &fault) != OK ||
	    ordinary_open(writer_bytes(&to), &f->shape) != NULL ||
	    fixture_make(CHILD_ZONE, 1, &to, &fault) != OK ||
	    ordinary_open(writer_bytes(&to), &f->child) != NULL ||
	    fixture_make(HASH_ZONE, 2, &to, &fault) != OK ||
	    ordinary_open(writer_bytes(&to), &f->hash) != NULL)
		return false;
	f->zone[0] = (struct zone){.apex = image_apex(&f->image), .image = &f->image};
	f->zone[1] = (struct zone){
		.apex = ordinary_name(&f->shape, 0), .ordinary = &f->shape, .number = 1};
	f->zone[2] = (struct zone){
		.apex = ordinary_name(&f->child, 0), .ordinary = &f->child, .number = 2};
	f->zone[3] = (struct zone){
		.apex = ordinary_name(&f->hash, 0), .ordinary = &f->hash, .number = 3};
	zones_begin(&f->zones);
	return zones_add(&f->zones, &f->zone[0]) && zones_add(&f->zones, &f->zone[1]) &&
	       zones_add(&f->zones, &f->zone[2]) && zones_add(&f->zones, &f->zone[3]);
}

#endif
