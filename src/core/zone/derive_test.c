/* SPDX-License-Identifier: Apache-2.0 */
/* Zones derived from small states, each record of them known beforehand (comity-zone(5)). */
#include "zone/derive.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "dns/dname.h"
#include "dns/zonetext.h"
#include "state/record.h"
#include "tap.h"

#define STATE_SIZE ((size_t)8 << 20)
#define TEXT_SIZE  ((size_t)1 << 16)

#define APEX(name)                                                                              \
	"apex\napex: " name "\nsoa: a.root-servers. hostmaster.root-servers. 1800 900 604800 3600\n" \
	"ttl: 86400 518400 172800 518400\nsignatures: 21d 14d\nsigning: 2s 20m 1h\nact: genesis\n"

/* A root: names with glue of their own, with a host that two use, with neither; a host that none uses;
 * root servers inside the zone, beside an empty non-terminal; a name that nobody holds any more. */
static const char *const ROOT[] = {
	APEX("."),
	"host/ns.bor.\nowner: commons\nusers: aur bor\nact: genesis\n"
	"+ ns.bor. 172800 IN A 192.0.2.9\n+ ns.bor. 172800 IN AAAA 2001:db8::9\n",
	"host/old.bor.\nowner: commons\nusers: none\nact: genesis\n+ old.bor. 172800 IN A 192.0.2.8\n",
	"server/a.root-servers.\nowner: aurelia\nact: genesis\n"
	"+ a.root-servers. 518400 IN A 198.51.100.1\n+ a.root-servers. 518400 IN AAAA 2001:db8:a::1\n",
	"server/b.root-servers.\nowner: borealia\nact: genesis\n+ b.root-servers. 518400 IN A 198.51.100.2\n",
	"tld/aur\nholder: aurelia\nact: genesis\n"
	"+ aur. 172800 IN NS a.nic.aur.\n+ aur. 172800 IN NS ns.bor.\n+ aur. 86400 IN DS 1 15 9 aa\n"
	"+ a.nic.aur. 172800 IN A 192.0.2.1\n",
	"tld/bor\nholder: borealia\nact: genesis\n+ bor. 172800 IN NS ns.bor.\n",
	"tld/cas\nholder: cascadia\nact: genesis\n",
	"tld/zzz\ngone: genesis\n",
};
#define ROOT_COUNT (sizeof(ROOT) / sizeof(ROOT[0]))

#define KEY_A "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="
#define KEY_B "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="
#define ZEROS "000000000000000000000000000000000000000000000000"

static const char ROOT_ZONE[] =
	". 518400 IN NS a.root-servers.\n"
	". 518400 IN NS b.root-servers.\n"
	". 86400 IN SOA a.root-servers. hostmaster.root-servers. 2026112200 1800 900 604800 3600\n"
	". 3600 IN NSEC aur. NS SOA RRSIG NSEC DNSKEY ZONEMD\n"
	". 172800 IN DNSKEY 256 3 15 " KEY_B "\n"
	". 172800 IN DNSKEY 257 3 15 " KEY_A "\n"
	". 86400 IN ZONEMD 2026112200 1 1 " ZEROS ZEROS "\n"
	"aur. 172800 IN NS a.nic.aur.\n"
	"aur. 172800 IN NS ns.bor.\n"
	"aur. 86400 IN DS 1 15 9 aa\n"
	"aur. 3600 IN NSEC bor. NS DS RRSIG NSEC\n"
	"a.nic.aur. 172800 IN A 192.0.2.1\n"
	"bor. 172800 IN NS ns.bor.\n"
	"bor. 3600 IN NSEC a.root-servers. NS RRSIG NSEC\n"
	"ns.bor. 172800 IN A 192.0.2.9\n"
	"ns.bor. 172800 IN AAAA 2001:db8::9\n"
	"a.root-servers. 518400 IN A 198.51.100.1\n"
	"a.root-servers. 518400 IN AAAA 2001:db8:a::1\n"
	"a.root-servers. 3600 IN NSEC b.root-servers. A AAAA RRSIG NSEC\n"
	"b.root-servers. 518400 IN A 198.51.100.2\n"
	"b.root-servers. 3600 IN NSEC . A RRSIG NSEC\n";

/* A state of these records, put in the order that `first` and `step` give. */
static void state_of(struct state *state, const char *const record[], size_t count, size_t first,
                     size_t step)
{
	static struct arena memory;

	if (memory.at == NULL)
		memory = tap_memory(STATE_SIZE);
	memset(memory.at, 0, STATE_SIZE);
	state_init(state, memory.at, STATE_SIZE);
	for (size_t i = 0; i < count; i++)
		state_put(state, bytes_of(record[(first + i * step) % count]));
	state_commit(state);
}

static const struct zone_plan PLAN = {
	.serial = {2026112200},
	.key_count = 2,
	.key = {{257, {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}},
                {256, {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}}},
};

static struct zone zone;

/* The text of the zone that the state derives; valid until the next. */
static const char *derived(const struct state *state)
{
	static struct arena arena;
	static char text[TEXT_SIZE];
	struct writer w = {.at = (uint8_t *)text, .size = sizeof(text) - 1};
	struct rrset_list list;

	if (arena.at == NULL)
		arena = tap_memory(ZONE_ARENA_SIZE);
	arena.used = 0;
	zone_derive(state, &PLAN, &arena, &zone);
	list = zone_list(&zone);
	zone_write_text(&w, &list);
	if (w.full)
		bail_out("a zone too long");
	text[w.used] = '\0';
	return text;
}

static bool derives(const struct state *state, const char *expected)
{
	const char *text = derived(state);

	if (strcmp(text, expected) == 0)
		return true;
	printf("# derived:\n");
	for (struct text lines = {.rest = bytes_of(text)}; lines.rest.size > 0;) {
		struct bytes line;
		if (!text_line(&lines, &line))
			break;
		printf("# %.*s\n", (int)line.size, (const char *)line.at);
	}
	return false;
}

static void whole_zone(void)
{
	static const size_t STEPS[] = {1, 2, 4, 5, 7, 8}; /* none shares a factor with nine records */
	struct state state;
	bool same = true;

	state_of(&state, ROOT, ROOT_COUNT, 0, 1);
	ok(derives(&state, ROOT_ZONE), "a root, record by record");
	ok(zone.zonemd != NULL && zone.zonemd->type == TYPE_ZONEMD && bytes_same(zone.apex, BYTES("\0")),
	   "its apex and its ZONEMD set are named");
	for (size_t first = 0; first < ROOT_COUNT; first++)
		for (size_t i = 0; i < sizeof(STEPS) / sizeof(STEPS[0]); i++) {
			state_of(&state, ROOT, ROOT_COUNT, first, STEPS[i]);
			same = same && strcmp(derived(&state), ROOT_ZONE) == 0;
		}
	ok(same, "in whatever order its records came to be: the same octets");
}

static bool is_signed(const char *owner, uint16_t type)
{
	struct rrset_list list = zone_list(&zone);
	const struct rrset *set;
	struct dname name;

	if (dname_read_text(bytes_of(owner), &name) != OK)
		bail_out(owner);
	set = rrset_find(&list, dname_bytes(&name), type);
	if (set == NULL)
		bail_out("a set that is not there");
	return zone.authoritative[set - zone.set];
}

/* RFC 4035 section 2.2 */
static void signed_sets(void)
{
	struct state state;
	size_t count = 0;

	state_of(&state, ROOT, ROOT_COUNT, 0, 1);
	derived(&state);
	ok(is_signed(".", TYPE_SOA) && is_signed(".", TYPE_NS) && is_signed(".", TYPE_DNSKEY) &&
	           is_signed(".", TYPE_ZONEMD) && is_signed(".", TYPE_NSEC),
	   "all sets of the apex are signed");
	ok(is_signed("a.root-servers.", TYPE_A) && is_signed("a.root-servers.", TYPE_AAAA),
	   "so are the root servers inside the zone");
	ok(is_signed("aur.", TYPE_DS) && is_signed("aur.", TYPE_NSEC) && is_signed("bor.", TYPE_NSEC),
	   "at a cut DS and NSEC");
	ok(!is_signed("aur.", TYPE_NS) && !is_signed("bor.", TYPE_NS), "not NS");
	ok(!is_signed("a.nic.aur.", TYPE_A) && !is_signed("ns.bor.", TYPE_A) &&
	           !is_signed("ns.bor.", TYPE_AAAA),
	   "and no glue");
	for (size_t i = 0; i < zone.count; i++)
		count += zone.set[i].rrsig_count;
	ok(count == 0, "no signature is there yet");
}

/* While a job is open, it signs what was. */
static void as_the_job_sees_it(void)
{
	const char *record[ROOT_COUNT + 2];
	struct state state;

	memcpy(record, ROOT, sizeof(ROOT));
	record[6] = "tld/bor\nholder: borealia\nact: genesis\n+ bor. 172800 IN NS elsewhere.aur.\n";
	record[7] = "tld/cas\nholder: cascadia\nact: genesis\n+ cas. 172800 IN NS ns.bor.\n";
	record[ROOT_COUNT] = "was/tld/bor\n| tld/bor\n| holder: borealia\n| act: genesis\n"
	                     "| + bor. 172800 IN NS ns.bor.\n";
	record[ROOT_COUNT + 1] = "was/tld/cas\nabsent: yes\n";
	state_of(&state, record, ROOT_COUNT, 0, 1);
	ok(strcmp(derived(&state), ROOT_ZONE) != 0, "content that changed makes another zone");
	state_of(&state, record, ROOT_COUNT + 2, 0, 1);
	ok(derives(&state, ROOT_ZONE), "but not for the job that was open before");
}

#define INNER_AUR                                                                               \
	"tld/aur\nholder: aurelia\nact: genesis\n"                                              \
	"+ aur.top.example. 172800 IN NS aur.top.example.\n+ aur.top.example. 172800 IN A 192.0.2.1\n"

static void other_zones(void)
{
	static const char *const BARE[] = {APEX("."), "server/ns.example.\nowner: aurelia\nact: genesis\n"};
	static const char *const INNER[] = {
		APEX("top.example."),
		"server/ns.top.example.\nowner: aurelia\nact: genesis\n+ ns.top.example. 518400 IN A 198.51.100.1\n",
		INNER_AUR,
	};
	struct state state;

	state_of(&state, BARE, 2, 0, 1);
	ok(derives(&state,
	           ". 518400 IN NS ns.example.\n"
	           ". 86400 IN SOA a.root-servers. hostmaster.root-servers. 2026112200 1800 900 604800 3600\n"
	           ". 3600 IN NSEC . NS SOA RRSIG NSEC DNSKEY ZONEMD\n"
	           ". 172800 IN DNSKEY 256 3 15 " KEY_B "\n. 172800 IN DNSKEY 257 3 15 " KEY_A "\n"
	           ". 86400 IN ZONEMD 2026112200 1 1 " ZEROS ZEROS "\n"),
	   "a zone of its apex alone, whose NSEC points at itself");
	state_of(&state, INNER, 3, 0, 1);
	ok(derives(&state,
	           "top.example. 518400 IN NS ns.top.example.\n"
	           "top.example. 86400 IN SOA a.root-servers. hostmaster.root-servers. 2026112200 1800 900 604800 3600\n"
	           "top.example. 3600 IN NSEC aur.top.example. NS SOA RRSIG NSEC DNSKEY ZONEMD\n"
	           "top.example. 172800 IN DNSKEY 256 3 15 " KEY_B "\n"
	           "top.example. 172800 IN DNSKEY 257 3 15 " KEY_A "\n"
	           "top.example. 86400 IN ZONEMD 2026112200 1 1 " ZEROS ZEROS "\n"
	           "aur.top.example. 172800 IN A 192.0.2.1\n"
	           "aur.top.example. 172800 IN NS aur.top.example.\n"
	           "aur.top.example. 3600 IN NSEC ns.top.example. NS RRSIG NSEC\n"
	           "ns.top.example. 518400 IN A 198.51.100.1\n"
	           "ns.top.example. 3600 IN NSEC top.example. A RRSIG NSEC\n"),
	   "an apex two labels down, and a name that is its own name server");
	ok(!is_signed("aur.top.example.", TYPE_A), "whose address at the cut is glue");
}

int main(void)
{
	whole_zone();
	signed_sets();
	as_the_job_sees_it();
	other_zones();
	return done_testing();
}
