/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/image.h"

#include <string.h>

#include "dns/zonemd.h"
#include "tap.h"
#include "zone_fixture.h"

static void compiling(void)
{
	static uint8_t first[sizeof(fixture_image)];
	struct fault fault = {0};
	struct image image = {0};
	struct writer to;

	ok(fixture_compile(ROOT_ZONE, &to, &fault) == OK, "a root zone compiles");
	memcpy(first, to.at, to.used);
	size_t size = to.used;
	ok(fixture_compile(ROOT_ZONE, &to, &fault) == OK && to.used == size &&
	           memcmp(first, to.at, size) == 0,
	   "always to the same octets");
	ok(image_open(writer_bytes(&to), &image) == NULL, "and opens");
	ok(image_serial(&image).value == 7 && bytes_same(image_apex(&image), BYTES("\0")) &&
	           image.header->records == 33,
	   "with its serial, apex and number of records");
	ok(image.node_count == 9 && image.child_count == 6,
	   "seven names and two empty non-terminals, six of them below the apex");
	ok(fixture_compile(INNER_ZONE, &to, &fault) == OK &&
	           image_open(writer_bytes(&to), &image) == NULL && image.apex_labels == 2 &&
	           image.header->wildcard_nsec == 0,
	   "an unsigned zone of another apex");
}

static void zone_digest(void)
{
	struct arena arena = {fixture_memory, sizeof(fixture_memory), 0};
	struct rrset_list zone = {0};
	struct image image = {0};
	struct fault fault;
	struct writer to;
	uint8_t digest[SHA384_SIZE];

	if (!zone_read_text(bytes_of(ROOT_ZONE), &arena, &zone, &fault))
		bail_out(fault.why);
	zonemd_digest(&zone, BYTES("\0"), digest);
	if (fixture_compile(ROOT_ZONE, &to, &fault) != OK ||
	    image_open(writer_bytes(&to), &image) != NULL)
		bail_out("no image");
	ok(memcmp(image.header->zone, digest, sizeof(digest)) == 0, "the digest of RFC 8976");
}

/* Compiles a zone with one line replaced by others; true when it is refused for that reason,
 * or, when `why` is NULL, accepted. */
static bool compiles(const char *zone, const char *line, const char *by, const char *why)
{
	static char text[sizeof(ROOT_ZONE) + 1000];
	const char *at = strstr(zone, line);
	struct fault fault = {0};
	struct writer to;
	enum mishap m;

	if (at == NULL)
		bail_out(line);
	snprintf(text, sizeof(text), "%.*s%s%s", (int)(at - zone), zone, by, at + strlen(line));
	m = fixture_compile(text, &to, &fault);
	if (why == NULL ? m == OK : m == MISHAP_MALFORMED && strcmp(fault.why, why) == 0)
		return true;
	printf("# %s: %s\n", mishap_text(m), fault.why == NULL ? "" : fault.why);
	return false;
}

static void shapes(void)
{
	struct fault fault = {0};
	struct writer to;

	ok(fixture_compile("", &to, &fault) == MISHAP_MALFORMED &&
	           strcmp(fault.why, "an empty zone") == 0,
	   "an empty zone is refused");
	ok(compiles(INNER_ZONE,
	            "inner.example. 60 IN SOA ns.inner.example. h.inner.example. 9 1 1 1 90\n",
	            "", "not one SOA at the first name"),
	   "no SOA");
	ok(compiles(INNER_ZONE, "inner.example. 60 IN NS ns.inner.example.\n", "",
	            "no NS at the apex"),
	   "no NS");
	ok(compiles(INNER_ZONE, "cut.inner.example. 60 IN NS",
	            "other.example. 60 IN A 192.0.2.1\ncut.inner.example. 60 IN NS",
	            "not in canonical order"),
	   "a zone out of order does not read");
	ok(compiles(INNER_ZONE, "ns.inner.example. 60 IN A 192.0.2.3\n",
	            "ns.inner.example. 60 IN A 192.0.2.3\nother.example. 60 IN A 192.0.2.1\n",
	            "a name outside the zone"),
	   "a name outside the zone");
	ok(compiles(INNER_ZONE, "mail.inner.example. 60 IN A 192.0.2.2\n",
	            "mail.inner.example. 60 IN SOA a. b. 1 1 1 1 1\n", "a second SOA"),
	   "a second SOA");
}

static void what_is_not_served(void)
{
	ok(compiles(ROOT_ZONE, "a.root-servers. 60 IN AAAA 2001:db8::3\n",
	            "a.root-servers. 60 IN CNAME cn.\na.root-servers. 60 IN AAAA 2001:db8::3\n",
	            "an alias: this server has none"),
	   "an alias");
	ok(compiles(ROOT_ZONE, "a.cn. 60 IN AAAA 2001:db8::1\n",
	            "a.cn. 60 IN CNAME cn.\na.cn. 60 IN AAAA 2001:db8::1\n", NULL),
	   "but not one below a zone cut, which is not ours");
	ok(compiles(INNER_ZONE, "cut.inner.example. 60 IN NS",
	            "*.inner.example. 60 IN A 192.0.2.9\ncut.inner.example. 60 IN NS",
	            "a wildcard: this server has none"),
	   "a wildcard");
	ok(compiles(INNER_ZONE, "cut.inner.example. 60 IN NS",
	            "x.*.inner.example. 60 IN A 192.0.2.9\ncut.inner.example. 60 IN NS",
	            "a name below a wildcard: this server has none"),
	   "a name below one");
	ok(compiles(INNER_ZONE, "mail.inner.example. 60 IN A 192.0.2.2\n",
	            "mail.inner.example. 60 IN NSEC3 1 0 0 - 00 A\n",
	            "NSEC3: this server knows NSEC only"),
	   "NSEC3");
}

static void chains(void)
{
	ok(compiles(ROOT_ZONE, "two.levels. 60 IN NSEC net.",
	            "two.levels. 60 IN NSEC xn--same-one.", "a broken chain of NSEC"),
	   "an NSEC that leaves a name out");
	ok(compiles(ROOT_ZONE, "xn--same-two. 60 IN NSEC . ", "xn--same-two. 60 IN NSEC cn. ",
	            "a chain of NSEC that does not end at the apex"),
	   "a chain that bends back");
	ok(compiles(ROOT_ZONE,
	            "xn--same-one. 60" SIG(
			    "NSEC",
			    "1") "xn--same-one. 60 IN NSEC xn--same-two. NS RRSIG NSEC\n",
	            "", "no NSEC at a name of a signed zone"),
	   "a name without NSEC");
}

/* 300 TXT records of 250 octets at the apex are more than a message holds; 100 are not. */
static void large_sets(void)
{
	static char text[200000];
	struct fault fault = {0};
	struct writer to;
	enum mishap m[2];

	for (int i = 0; i < 2; i++) {
		int n = snprintf(text, sizeof(text),
		                 "x. 60 IN NS ns.x.\nx. 60 IN SOA ns.x. h.x. 9 1 1 1 90\n");
		for (int r = 0; r < (i == 0 ? 100 : 300); r++)
			n += snprintf(text + n, sizeof(text) - (size_t)n,
			              "x. 60 IN TXT \"%03d%0247d\"\n", r, 0);
		m[i] = fixture_compile(text, &to, &fault);
	}
	ok(m[0] == OK, "a set of 25,000 octets");
	ok(m[1] == MISHAP_LIMIT && fault.line == 3, "one of 75,000 is too large, and named");
}

/* Every octet of an image is under its digest, and every shorter file is refused. */
static void damage(void)
{
	struct fault fault = {0};
	struct image image;
	struct writer to;
	bool all = true;

	if (fixture_compile(ROOT_ZONE, &to, &fault) != OK)
		bail_out("no image");
	for (size_t i = 0; i < to.used; i++) {
		to.at[i] ^= 0x10;
		all = all && image_open(writer_bytes(&to), &image) != NULL;
		to.at[i] ^= 0x10;
	}
	ok(all, "an image with any octet changed is refused");
	all = true;
	for (size_t size = 0; size < to.used; size += 7)
		all = all && image_open((struct bytes){to.at, size}, &image) != NULL;
	ok(all, "and one that was cut");
	ok(image_open(writer_bytes(&to), &image) == NULL, "while the whole one opens");
}

static void small_rooms(void)
{
	struct arena arena = {fixture_memory, sizeof(fixture_memory), 0};
	struct rrset_list zone = {0};
	struct fault fault;
	bool full = true;

	if (!zone_read_text(bytes_of(ROOT_ZONE), &arena, &zone, &fault))
		bail_out(fault.why);
	for (size_t size = 0; size < 4096; size += 128) {
		struct writer to = {.at = fixture_image, .size = size};
		full = full && image_compile(&zone, &arena, &to, &fault) == MISHAP_FULL;
	}
	ok(full, "a buffer that is too small is told");
	arena.size = arena.used + (200 << 10);
	struct writer to = {.at = fixture_image, .size = sizeof(fixture_image)};
	ok(image_compile(&zone, &arena, &to, &fault) != MISHAP_MALFORMED,
	   "and so is an arena that is");
}

static void keys(void)
{
	const uint8_t upper[] = "COMPUTERS", lower[] = "computers",
		      other[] = "@[`{\xc1\xda\x80z";

	ok(image_label_key(upper, 9) == image_label_key(lower, 9), "letters of either case");
	ok(image_label_key(lower, 3) == (uint64_t)0x636f6d << 40, "short labels end in zeros");
	ok(image_label_key(other, 8) == 0x405b607bc1da807a, "what is no letter stays");
}

int main(void)
{
	compiling();
	zone_digest();
	shapes();
	what_is_not_served();
	chains();
	large_sets();
	damage();
	small_rooms();
	keys();
	return done_testing();
}
