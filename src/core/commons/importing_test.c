/* SPDX-License-Identifier: Apache-2.0 */
/* From a foreign zone to a manifest, and from the manifest to a state whose zone is the same.
 */
#include "commons/importing.h"

#include <stdio.h>
#include <stdlib.h>

#include "commons/apply.h"
#include "commons/manifest.h"
#include "commons/standing.h"
#include "dns/dname.h"
#include "zone/derive.h"

#include "tap.h"

#define MEMORY ((size_t)4 << 20)

static uint64_t seed = 20261122;

static unsigned dice(unsigned sides)
{
	uint64_t z = (seed += 0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return (unsigned)((z ^ (z >> 31)) % sides);
}

/* ---- a zone and its import ---- */

struct source {
	struct arena arena;
	struct rr rr[2000];
	size_t count;
	struct dname apex;
	struct rrset_list zone;
};

static void add(struct source *s, const char *line)
{
	struct fault fault;

	if (!rr_read_text(bytes_of(line), &s->arena, &s->rr[s->count++], &fault))
		bail_out(line);
}

static void add_lines(struct source *s, const char *lines)
{
	char line[500];

	for (const char *end; (end = strchr(lines, '\n')) != NULL; lines = end + 1) {
		snprintf(line, sizeof(line), "%.*s", (int)(end - lines), lines);
		add(s, line);
	}
}

static void zone_make(struct source *s)
{
	struct fault fault;

	if (!rrset_list_make(s->rr, s->count, &s->arena, &s->zone, &fault))
		bail_out(fault.why);
}

static bool import(struct source *s, struct arena *arena, struct bytes *manifest,
                   struct imported *imported, struct importing_fault *fault)
{
	const struct importing_share share[] = {
		{BYTES("aa"), BYTES("aurelia")},
		{BYTES("bb"), BYTES("aurelia")},
		{BYTES("cc"), BYTES("borealia")},
		{BYTES("zz"), BYTES("borealia")},
	};
	struct importing importing = {
		.apex = dname_bytes(&s->apex),
		.zone = s->zone,
		.share = share,
		.shares = sizeof(share) / sizeof(share[0]),
		.common = BYTES("commons"),
		.source = sha256(BYTES("")),
		.expires = {1858118400}, /* 2028-11-18 */
	};
	struct arena out = tap_memory((size_t)256 << 10);
	struct writer w = writer_in(&out);

	if (!importing_write(&importing, arena, &w, imported, fault))
		return false;
	*manifest = writer_bytes(&w);
	return !w.full;
}

static struct source *source_of(const char *apex)
{
	struct source *s = calloc(1, sizeof(*s));

	if (s == NULL || dname_read_text(bytes_of(apex), &s->apex) != OK)
		bail_out(apex);
	s->arena = tap_memory((size_t)1 << 20);
	return s;
}

/* ---- as written ---- */

static const char ZONE[] = ". 86400 IN SOA a.roots. nobody.roots. 1 1800 900 604800 86400\n"
			   ". 518400 IN NS a.srv.net.\n"
			   "a.srv.net. 518400 IN A 192.0.2.9\n"
			   "aa. 172800 IN NS ns1.aa.\n"
			   "aa. 172800 IN NS ns.shared.net.\n"
			   "aa. 86400 IN DS 1 13 2 "
			   "0000000000000000000000000000000000000000000000000000000000000001\n"
			   "aa. 86400 IN NSEC bb. NS DS RRSIG NSEC\n"
			   "ns1.aa. 172800 IN A 192.0.2.1\n"
			   "ns1.aa. 172800 IN AAAA 2001:db8::1\n"
			   "bb. 172800 IN NS ns.bb.\n"
			   "bb. 172800 IN NS ns.shared.net.\n"
			   "bb. 86400 IN DS 2 13 1 0000000000000000000000000000000000000002\n"
			   "ns.bb. 172800 IN A 192.0.2.2\n"
			   "cc. 172800 IN NS far.net.\n"
			   "cc. 172800 IN NS ns.bb.\n"
			   "far.net. 172800 IN AAAA 2001:db8::f\n"
			   "net. 172800 IN NS net.\n"
			   "net. 172800 IN A 192.0.2.3\n"
			   "ns.shared.net. 172800 IN A 192.0.2.4\n"
			   "odd. 3600 IN TXT \"no place for this\"\n"
			   "orphan.net. 172800 IN A 192.0.2.5\n";

static const char MANIFEST[] =
	"comity-import/1\n"
	"apex: .\n"
	"source: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n"
	"\nhost/far.net.\nowner: borealia\nusers: cc\nact: genesis\n"
	"+ far.net. 172800 IN AAAA 2001:db8::f\n"
	"\nhost/ns.bb.\nowner: commons\nusers: bb cc\nact: genesis\n"
	"+ ns.bb. 172800 IN A 192.0.2.2\n"
	"\nhost/ns.shared.net.\nowner: aurelia\nusers: aa bb\nact: genesis\n"
	"+ ns.shared.net. 172800 IN A 192.0.2.4\n"
	"\ntld/aa\nholder: aurelia\nact: genesis\n"
	"+ aa. 172800 IN NS ns.shared.net.\n"
	"+ aa. 172800 IN NS ns1.aa.\n"
	"+ aa. 86400 IN DS 1 13 2 "
	"0000000000000000000000000000000000000000000000000000000000000001\n"
	"+ ns1.aa. 172800 IN A 192.0.2.1\n"
	"+ ns1.aa. 172800 IN AAAA 2001:db8::1\n"
	"\ntld/bb\nholder: aurelia\nact: genesis\n"
	"+ bb. 172800 IN NS ns.bb.\n"
	"+ bb. 172800 IN NS ns.shared.net.\n"
	"+ bb. 86400 IN DS 2 13 1 0000000000000000000000000000000000000002\n"
	"\ntld/cc\nholder: borealia\nact: genesis\n"
	"+ cc. 172800 IN NS ns.bb.\n"
	"+ cc. 172800 IN NS far.net.\n"
	"\ntld/net\nholder: commons\nact: genesis\n"
	"+ net. 172800 IN A 192.0.2.3\n"
	"+ net. 172800 IN NS net.\n"
	"\nwaiver/bb/ds-sha1\nexpires: 2028-11-18T00:00:00Z\nact: genesis\n"
	"\nwaiver/bb/ipv6\nexpires: 2028-11-18T00:00:00Z\nact: genesis\n"
	"\nwaiver/net/ipv6\nexpires: 2028-11-18T00:00:00Z\nact: genesis\n"
	"\nwaiver/net/ns-count\nexpires: 2028-11-18T00:00:00Z\nact: genesis\n";

static void as_written(void)
{
	struct source *s = source_of(".");
	struct importing_fault fault = {0};
	struct imported imported;
	struct bytes manifest = {0};

	add_lines(s, ZONE);
	zone_make(s);
	ok(import(s, &s->arena, &manifest, &imported, &fault), "a zone becomes a manifest");
	if (!ok(bytes_same(manifest, bytes_of(MANIFEST)), "and it reads as the page says"))
		printf("%.*s", (int)manifest.size, (const char *)manifest.at);
	ok(imported.tlds == 4 && imported.hosts == 3 && imported.shared == 2 &&
	           imported.mapped == 3 && imported.waivers == 4,
	   "what it holds is counted");
	ok(imported.kept == 15 && imported.apex == 3 && imported.chain == 1 &&
	           imported.others == 2,
	   "and what it leaves behind");
	ok(imported.holders == 3 && bytes_same(imported.holder[0].party, BYTES("aurelia")) &&
	           imported.holder[0].tlds == 2 && imported.holder[1].tlds == 1 &&
	           imported.holder[2].tlds == 1,
	   "who holds how many");
	ok(imported.other_sets == 2 && imported.other[0]->type == TYPE_A &&
	           imported.other[1]->type == TYPE_TXT,
	   "by name where there is no place for it");
}

static void refused(const char *what, const char *lines)
{
	struct source *s = source_of(".");
	struct importing_fault fault = {0};
	struct imported imported;
	struct bytes manifest;

	add_lines(s, lines);
	zone_make(s);
	ok(!import(s, &s->arena, &manifest, &imported, &fault) && fault.why != NULL, what);
}

static void faults(void)
{
	refused("a name server below a name that is not delegated",
	        "aa. 1 IN NS ns.nowhere.\nns.nowhere. 1 IN A 192.0.2.1\n");
	refused("a TLD with an odd name", "a\\(a. 1 IN NS ns.bb.\nbb. 1 IN NS ns.bb.\n");
	refused("a name server with an odd name", "aa. 1 IN NS n\\*s.aa.\n");
}

/* ---- any zone ---- */

static void random_name(char *to, size_t size, const char *apex)
{
	static const char *const LABELS[] = {"aa", "a", "a-b", "bb", "cc", "dd", "xn--e", "zz"};
	const char *below = apex[1] == '\0' ? "" : apex;
	const char *tld = LABELS[dice(8)];

	if (apex[1] != '\0' && dice(5) == 0)
		snprintf(to, size, "ns%u.outside.", dice(4));
	else if (dice(12) == 0)
		snprintf(to, size, "%s.%s", tld, below);
	else
		snprintf(to, size, "ns%u.%s.%s", dice(3), tld, below);
}

static void random_tld(struct source *s, const char *label, const char *apex)
{
	const char *below = apex[1] == '\0' ? "" : apex;
	char name[100], line[300];

	for (unsigned i = dice(dice(9) == 0 ? 16 : 4) + 1; i > 0; i--) {
		random_name(name, sizeof(name), apex);
		snprintf(line, sizeof(line), "%s.%s 172800 IN NS %s", label, below, name);
		add(s, line);
	}
	if (dice(2) == 0) {
		snprintf(line, sizeof(line), "%s.%s 86400 IN DS %u 8 1 %040u", label, below,
		         dice(9), dice(9));
		add(s, line);
	}
	if (dice(9) == 0) {
		snprintf(line, sizeof(line), "%s.%s 86400 IN TXT \"x\"", label, below);
		add(s, line);
	}
}

static void random_addresses(struct source *s, const char *apex)
{
	size_t count = s->count;

	for (size_t i = 0; i < count; i++) {
		char line[400];
		struct writer w = {.at = (uint8_t *)line, .size = sizeof(line) - 1};

		if (s->rr[i].type != TYPE_NS || dice(5) == 0 ||
		    !dname_in_domain(s->rr[i].rdata, dname_bytes(&s->apex)))
			continue;
		dname_write_text(&w, s->rr[i].rdata);
		write_text(&w,
		           dice(2) ? " 172800 IN A 192.0.2." : " 172800 IN AAAA 2001:db8::");
		write_number(&w, dice(90) + 1);
		line[w.used] = '\0';
		add(s, line);
	}
	if (apex[1] == '\0')
		add(s, "lost.bb. 172800 IN A 192.0.2.200");
}

static struct source *random_source(void)
{
	static const char *const LABELS[] = {"aa", "a", "a-b", "bb", "cc", "dd", "xn--e", "zz"};
	const char *apex = dice(3) == 0 ? "lab." : ".";
	struct source *s = source_of(apex);
	char line[200];

	snprintf(line, sizeof(line), "%s 86400 IN SOA a. b. 1 1 1 1 1", apex);
	add(s, line);
	snprintf(line, sizeof(line), "%s 86400 IN NS ns0.aa.%s", apex,
	         apex[1] == '\0' ? "" : apex);
	add(s, line);
	for (unsigned i = 0; i < 8; i++)
		if (dice(20) != 0)
			random_tld(s, LABELS[i], apex);
	random_addresses(s, apex);
	zone_make(s);
	return s;
}

struct nation {
	struct state state;
	struct commons commons;
};

/* A state of three parties and an apex, and nothing else. */
static void nation_make(struct nation *n, struct bytes apex)
{
	static const char *const NAMES[] = {"aurelia", "borealia", "commons"};
	static struct arena memory, scratch, charter;
	struct text lines = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                   "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	const char *why;
	struct apex a;

	if (memory.at == NULL) {
		memory = tap_memory(MEMORY);
		scratch = tap_memory(COMMONS_SCRATCH_SIZE);
		charter = tap_memory(COMMONS_CHARTER_SIZE);
	}
	memset(memory.at, 0, memory.size);
	*n = (struct nation){0};
	state_init(&n->state, memory.at, memory.size);
	commons_init(&n->commons, &n->state, &(struct commons_memory){scratch, charter, {{0}}});
	n->commons.now.seconds = 1795352400;
	for (unsigned i = 0; i < 3; i++) {
		struct party party = {bytes_of(NAMES[i]), BYTES("state"), 1, BYTES(""),
		                      BYTES("genesis")};
		party_put(&n->state, &n->commons.scratch, &party);
	}
	if (!apex_read(&lines, &a, &why))
		bail_out(why);
	a.name = dname_of(apex);
	standing_put_apex(&n->commons, &a, BYTES("genesis"));
}

static bool is_content(uint16_t type)
{
	return type == TYPE_NS || type == TYPE_DS || type == TYPE_A || type == TYPE_AAAA;
}

static bool is_other(const struct imported *imported, const struct rrset *set)
{
	for (size_t i = 0; i < imported->other_sets; i++)
		if (imported->other[i] == set)
			return true;
	return false;
}

/* Every set that was kept is in the zone of the state, and nothing else is. */
static bool same_content(const struct nation *n, const struct source *s,
                         const struct imported *imported)
{
	struct arena arena = tap_memory((size_t)1 << 20);
	struct zone_plan plan = {0};
	struct rrset_list list;
	size_t records = 0;
	struct zone zone;

	zone_derive(&n->state, &plan, &arena, &zone);
	list = zone_list(&zone);
	for (size_t i = 0; i < list.count; i++) {
		const struct rrset *set = &list.at[i];
		const struct rrset *was = rrset_find(&s->zone, set->owner, set->type);

		if (!is_content(set->type))
			continue;
		if (was == NULL || was->count != set->count || was->ttl != set->ttl ||
		    is_other(imported, was))
			return false;
		for (uint32_t k = 0; k < set->count; k++)
			if (!bytes_same(was->rdata[k], set->rdata[k]))
				return false;
		records += set->count;
	}
	free(arena.at);
	return records == imported->kept;
}

static void any_zone(void)
{
	unsigned good = 0, bad = 0;
	bool founded = true, same = true, counted = true;

	for (unsigned round = 0; round < 400; round++) {
		struct source *s = random_source();
		struct importing_fault fault;
		struct refusal refusal = {0};
		struct imported imported;
		struct bytes manifest;
		struct nation n;

		if (!import(s, &s->arena, &manifest, &imported, &fault)) {
			bad++;
			continue;
		}
		good++;
		nation_make(&n, dname_bytes(&s->apex));
		if (!manifest_put(&n.commons, manifest, &refusal)) {
			printf("# round %u: %.*s\n%.*s", round, (int)refusal.detail[0].size,
			       (const char *)refusal.detail[0].at, (int)manifest.size,
			       (const char *)manifest.at);
			founded = false;
			break;
		}
		same = same && same_content(&n, s, &imported);
		counted = counted &&
		          imported.kept + imported.apex + imported.chain + imported.others ==
		                  rrset_list_records(&s->zone);
		free(s->arena.at);
		free(s);
	}
	printf("# %u zones imported, %u refused\n", good, bad);
	ok(good > 50 && bad > 5, "many zones can be imported, and some cannot");
	ok(founded, "a founding takes every manifest");
	ok(same, "and the zone is that of the source");
	ok(counted, "no record is lost from the count");
}

/* Each waiver is needed: without it the founding is refused. */
static void waivers_needed(void)
{
	static const enum reason REASONS[] = {REASON_DS_SHA1, REASON_IPV6, REASON_IPV6,
	                                      REASON_NS_COUNT};
	const char *at = strstr(MANIFEST, "\nwaiver/"), *next;
	bool needed = true;

	for (unsigned i = 0; i < 4; i++, at = next) {
		char text[sizeof(MANIFEST)];
		struct source *s = source_of(".");
		struct refusal refusal = {0};
		struct nation n;

		next = strstr(at + 1, "\nwaiver/");
		next = next != NULL ? next : at + strlen(at);
		snprintf(text, sizeof(text), "%.*s%s", (int)(at - MANIFEST), MANIFEST, next);
		nation_make(&n, dname_bytes(&s->apex));
		needed = needed && !manifest_put(&n.commons, bytes_of(text), &refusal) &&
		         refusal.reason == REASONS[i];
	}
	ok(needed, "no waiver is written that is not needed");
}

int main(void)
{
	as_written();
	waivers_needed();
	faults();
	any_zone();
	return done_testing();
}
