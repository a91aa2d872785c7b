/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonemd.h"

#include <string.h>

#include "base/hex.h"
#include "base/text.h"
#include "dns/dname.h"
#include "dns/zonetext.h"
#include "tap.h"

static uint8_t memory[1 << 20];

/* The zones of RFC 8976 appendix A, one record a line, in the order the appendix has them. */
static const char SIMPLE[] =
	"example. 86400 IN SOA ns1.example. admin.example. 2018031900 1800 900 604800 86400\n"
	"example. 86400 IN NS ns1.example.\n"
	"example. 86400 IN NS ns2.example.\n"
	"example. 86400 IN ZONEMD 2018031900 1 1 c68090d90a7aed716bc459f9340e3d7c"
	"1370d4d24b7e2fc3a1ddc0b9a87153b9a9713b3c9ae5cc27777f98b8e730044c\n"
	"ns1.example. 3600 IN A 203.0.113.63\n"
	"ns2.example. 3600 IN AAAA 2001:db8::63\n";

/* Without foo.test., which is outside the zone and no record of it. */
static const char COMPLEX[] =
	"example. 86400 IN SOA ns1.example. admin.example. 2018031900 1800 900 604800 86400\n"
	"example. 86400 IN NS ns1.example.\n"
	"example. 86400 IN NS ns2.example.\n"
	"example. 86400 IN ZONEMD 2018031900 1 1 a3b69bad980a3504e1cffcb0fd6397f9"
	"3848071c93151f552ae2f6b1711d4bd2d8b39808226d7b9db71e34b72077f8fe\n"
	"ns1.example. 3600 IN A 203.0.113.63\n"
	"NS2.example. 3600 IN AAAA 2001:db8::63\n"
	"occluded.sub.example. 7200 IN TXT \"I'm occluded but must be digested\"\n"
	"sub.example. 7200 IN NS ns1.example.\n"
	"duplicate.example. 300 IN TXT \"I must be digested just once\"\n"
	"duplicate.example. 300 IN TXT \"I must be digested just once\"\n"
	"UPPERCASE.example. 3600 IN TXT \"canonicalize uppercase owner names\"\n"
	"*.example. 777 IN PTR dont-forget-about-wildcards.example.\n"
	"mail.example. 3600 IN MX 20 MAIL1.example.\n"
	"mail.example. 3600 IN MX 10 Mail2.Example.\n"
	"sortme.example. 3600 IN AAAA 2001:db8::5:61\n"
	"sortme.example. 3600 IN AAAA 2001:db8::3:62\n"
	"sortme.example. 3600 IN AAAA 2001:db8::4:63\n"
	"sortme.example. 3600 IN AAAA 2001:db8::1:65\n"
	"sortme.example. 3600 IN AAAA 2001:db8::2:64\n"
	"non-apex.example. 900 IN ZONEMD 2018031900 1 1 616c6c6f776564206275742069676e6f"
	"7265642e20616c6c6f776564206275742069676e6f7265642e20616c6c6f7765\n";

static const char MULTIPLE[] =
	"example. 86400 IN SOA ns1.example. admin.example. 2018031900 1800 900 604800 86400\n"
	"example. 86400 IN NS ns1.example.\n"
	"example. 86400 IN NS ns2.example.\n"
	"example. 86400 IN ZONEMD 2018031900 1 1 62e6cf51b02e54b9b5f967d547ce4313"
	"6792901f9f88e637493daaf401c92c279dd10f0edb1c56f8080211f8480ee306\n"
	"example. 86400 IN ZONEMD 2018031900 1 2 08cfa1115c7b948c4163a901270395ea"
	"226a930cd2cbcf2fa9a5e6eb85f37c8a4e114d884e66f176eab121cb02db7d65"
	"2e0cc4827e7a3204f166b47e5613fd27\n"
	"example. 86400 IN ZONEMD 2018031900 1 240 e2d523f654b9422a96c5a8f44607bbee\n"
	"example. 86400 IN ZONEMD 2018031900 241 1 e1846540e33a9e4189792d18d5d131f6"
	"05fc283eaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
	"ns1.example. 3600 IN A 203.0.113.63\n"
	"ns2.example. 86400 IN TXT \"This example has multiple digests\"\n"
	"NS2.EXAMPLE. 3600 IN AAAA 2001:db8::63\n";

#define RECORDS_MAX 32

static struct rrset_list list_of(const char *text, struct arena *arena)
{
	struct text rest = {.rest = bytes_of(text)};
	struct rrset_list list = {0};
	struct rr rr[RECORDS_MAX];
	struct fault fault;
	struct bytes line;
	size_t count = 0;

	while (count < RECORDS_MAX && text_line(&rest, &line))
		if (!rr_read_text(line, arena, &rr[count++], &fault))
			bail_out(fault.why);
	if (!rrset_list_make(rr, count, arena, &list, &fault))
		bail_out(fault.why);
	return list;
}

static void appendix_a(const char *text, const char *what)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct rrset_list list = list_of(text, &arena);
	struct bytes apex = BYTES("\7example\0");
	const struct rrset *set = rrset_find(&list, apex, TYPE_ZONEMD);
	struct zonemd first = zonemd_read(set->rdata[0]);
	uint8_t digest[SHA384_SIZE], octets[100];
	struct writer w = {.at = octets, .size = sizeof(octets)};

	zonemd_digest(&list, apex, digest);
	ok(first.serial.value == 2018031900 && first.scheme == ZONEMD_SCHEME_SIMPLE &&
	           first.hash == ZONEMD_HASH_SHA384 &&
	           bytes_same(first.digest, (struct bytes){digest, sizeof(digest)}),
	   what);
	zonemd_write(&w, &first);
	ok(bytes_same(writer_bytes(&w), set->rdata[0]), "and the RDATA writes back");
}

/* What RFC 8976 section 3.3.1 leaves out, and what it does not. */
static void left_out(void)
{
	static const char a[] = ". 1 IN SOA . . 1 1 1 1 1\n";
	static const char b[] =
		". 1 IN SOA . . 1 1 1 1 1\n"
		". 1 IN ZONEMD 1 1 1 000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000\n"
		". 1 IN RRSIG ZONEMD 15 0 1 20260101000000 20250101000000 7 . AAAA\n";
	static const char c[] =
		". 1 IN SOA . . 1 1 1 1 1\n"
		". 1 IN RRSIG SOA 15 0 1 20260101000000 20250101000000 7 . AAAA\n";
	struct arena arena = {memory, sizeof(memory), 0};
	struct rrset_list one = list_of(a, &arena), two = list_of(b, &arena);
	struct rrset_list three = list_of(c, &arena);
	uint8_t digest[3][SHA384_SIZE];

	zonemd_digest(&one, BYTES("\0"), digest[0]);
	zonemd_digest(&two, BYTES("\0"), digest[1]);
	zonemd_digest(&three, BYTES("\0"), digest[2]);
	ok(memcmp(digest[0], digest[1], SHA384_SIZE) == 0, "the apex ZONEMD and its signature");
	ok(memcmp(digest[0], digest[2], SHA384_SIZE) != 0, "but no other signature");
}

/* Records larger than the hashing chunk, and many: the pieces do not matter. */
static void large_records(void)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct bytes rdata[40], first = {NULL, 0};
	struct rr rr[40];
	struct rrset_list list = {0};
	struct fault fault;
	struct sha384 hash;
	uint8_t digest[SHA384_SIZE], want[SHA384_SIZE];

	sha384_init(&hash);
	for (size_t i = 0; i < 40; i++) {
		size_t size = i == 20 ? 40000 : 900;
		uint8_t *at = arena_take(&arena, size);
		uint8_t frame[] = {1, 'a', 0, 4, 210, 0, 1, 0, 0, 0, 9, 0, 0};
		memset(at, (int)i, size);
		rdata[i] = (struct bytes){at, size};
		rr[i] = (struct rr){BYTES("\1a\0"), 9, 1234, rdata[i]};
		frame[11] = (uint8_t)(size >> 8), frame[12] = (uint8_t)size;
		sha384_update(&hash, (struct bytes){frame, sizeof(frame)});
		sha384_update(&hash, rdata[i]);
		first = rdata[0];
	}
	sha384_final(&hash, want);
	ok(rrset_list_make(rr, 40, &arena, &list, &fault) && list.count == 1 &&
	           bytes_same(list.at[0].rdata[0], first),
	   "forty large records");
	zonemd_digest(&list, BYTES("\0"), digest);
	ok(memcmp(digest, want, sizeof(digest)) == 0, "hash as their octets in a row");
}

/* The names of either list where they differ, and one that is in neither. */
static size_t names_changed(const struct rrset_list *lists[2],
                            struct bytes changed[RECORDS_MAX])
{
	static const char neither[] = "nowhere. 1 IN A 192.0.2.1\n";
	static uint8_t room[4096];
	struct arena arena = {room, sizeof(room), 0};
	struct rrset_list other = list_of(neither, &arena);
	size_t count = 0;

	changed[count++] = other.at[0].owner;
	for (unsigned l = 0; l < 2; l++)
		for (size_t i = 0; i < lists[l]->count; i++) {
			size_t at = 0;

			while (at < count &&
			       dname_order(changed[at], lists[l]->at[i].owner) < 0)
				at++;
			if (at < count && bytes_same(changed[at], lists[l]->at[i].owner))
				continue;
			memmove(changed + at + 1, changed + at,
			        (count++ - at) * sizeof(*changed));
			changed[at] = lists[l]->at[i].owner;
		}
	return count;
}

static bool same_after_changes(const char *before, const char *after, size_t leave_out)
{
	struct arena arena = {memory, sizeof(memory), 0};
	struct rrset_list old = list_of(before, &arena), new = list_of(after, &arena);
	const struct rrset_list *lists[2] = {&old, &new};
	struct bytes changed[RECORDS_MAX];
	uint8_t got[SHA384_SIZE], want[SHA384_SIZE];
	size_t count = names_changed(lists, changed), size = zonemd_kept_size(&old),
	       used = arena.used;
	struct zonemd_kept kept;

	zonemd_keep(&kept, &old, BYTES("\0"), &arena);
	if (leave_out < count) /* a name whose records are those of before */
		memmove(changed + leave_out, changed + leave_out + 1,
		        (--count - leave_out) * sizeof(*changed));
	zonemd_digest_changed(&kept, &new, changed, count, got);
	zonemd_digest(&new, BYTES("\0"), want);
	return arena.used - used <= size && memcmp(got, want, sizeof(got)) == 0;
}

static void after_changes(void)
{
	static const char old[] = ". 1 IN SOA . . 1 1 1 1 1\n"
				  ". 1 IN NS a.\n"
				  "a. 1 IN A 192.0.2.1\n"
				  "b. 1 IN NS a.\n"
				  "z. 1 IN NS a.\n";
	static const char new[] =
		". 1 IN SOA . . 2 1 1 1 1\n"
		". 1 IN ZONEMD 2 1 1 000000000000000000000000000000000000000000000000"
		"000000000000000000000000000000000000000000000000\n"
		". 1 IN NS a.\n"
		"0. 1 IN NS a.\n"
		"a. 1 IN A 192.0.2.1\n"
		"x.b. 1 IN A 192.0.2.2\n"
		"z. 1 IN NS a.\n"
		"z. 1 IN NS b.\n"
		"zz. 1 IN NS b.\n";

	ok(same_after_changes(old, new, RECORDS_MAX),
	   "after changes the digest is that of the new zone");
	ok(same_after_changes(new, old, RECORDS_MAX), "and back");
	ok(same_after_changes(old, new, 2), "names that did not change need not be told");
	ok(same_after_changes(old, old, 0), "nor any when none did");
}

int main(void)
{
	appendix_a(SIMPLE, "RFC 8976 appendix A.1");
	appendix_a(COMPLEX, "RFC 8976 appendix A.2");
	appendix_a(MULTIPLE, "RFC 8976 appendix A.3");
	left_out();
	large_records();
	after_changes();
	return done_testing();
}
