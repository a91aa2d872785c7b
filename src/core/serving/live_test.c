/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/live.h"

#include <string.h>

#include "dns/message.h"
#include "dns/zonemd.h"
#include "serving/answer.h"
#include "serving/transfer_make.h"
#include "tap.h"
#include "zone_fixture.h"

#define ROOM (64u << 20)

static uint8_t zone_memory[2][1 << 20], compile_memory[ROOM], live_memory[192u << 20];
static alignas(IMAGE_ALIGN) uint8_t fresh_file[1 << 20];
static alignas(IMAGE_ALIGN) uint8_t live_file[(1 << 20) + LIVE_PAGE + LIVE_ROOM];
static uint8_t octets[1 << 20];
static struct live live;
static struct image fresh;
static struct rrset_list zone, before;
static char text[sizeof(ROOT_ZONE) + 1024];
static unsigned turn;

static void read_zone(void)
{
	struct arena arena = {zone_memory[turn], sizeof(zone_memory[turn]), 0};
	struct fault fault;

	before = zone;
	turn = !turn;
	if (!zone_read_text(bytes_of(text), &arena, &zone, &fault)) {
		printf("# line %u: %s\n", fault.line, fault.why);
		bail_out("the changed zone does not read");
	}
}

static struct bytes compile(uint8_t *file)
{
	struct arena arena = {compile_memory, sizeof(compile_memory), 0};
	struct writer to = {.at = file, .size = 1 << 20};
	struct fault fault;

	if (image_compile(&zone, &arena, &to, &fault) != OK)
		bail_out("the changed zone does not compile");
	return writer_bytes(&to);
}

/* Begins with the fixture's zone. */
static void begin(const char *from)
{
	static uint8_t kept[1 << 20];
	struct image image;

	strcpy(text, from);
	turn = 0;
	read_zone();
	if (image_open(compile(live_file), &image) != NULL)
		bail_out("no image");
	/* The live zone looks into its first zone for ever: not where the next one is read. */
	struct arena arena = {kept, sizeof(kept), 0};
	struct rrset_list first;
	struct fault fault;
	if (!zone_read_text(bytes_of(text), &arena, &first, &fault))
		bail_out(fault.why);
	live_begin(&live, &image, &first, &(struct arena){live_memory, sizeof(live_memory), 0});
}

static void change(const char *from, const char *to)
{
	char *at = strstr(text, from), rest[sizeof(text)];

	if (at == NULL)
		bail_out(from);
	strcpy(rest, at + strlen(from));
	strcpy(at, to);
	strcat(at, rest);
}

/* True when the names that are told to have changed are enough to hash the zone anew. */
static bool tells_what_changed(const struct zonemd_kept *kept)
{
	static struct bytes changed[LIVE_CHANGES_MAX];
	struct rrset_list now = live_zone(&live);
	uint8_t digest[SHA384_SIZE];

	zonemd_digest_changed(kept, &now, changed, live_changed(&live, changed), digest);
	return memcmp(digest, fresh.header->zone, sizeof(digest)) == 0;
}

/* Applies what was changed; NULL when it has to be compiled anew. */
static const struct image *apply(const char **why)
{
	static uint8_t kept_memory[1 << 20];
	struct arena arena = {kept_memory, sizeof(kept_memory), 0};
	struct writer delta = {.at = octets, .size = sizeof(octets)};
	struct rrset_list old = live_zone(&live);
	const struct image *image;
	struct zonemd_kept kept;

	read_zone();
	delta_write(&before, &zone, &delta);
	if (image_open(compile(fresh_file), &fresh) != NULL)
		bail_out("no image");
	zonemd_keep(&kept, &old, BYTES("\0"), &arena);
	image = live_apply(&live, writer_bytes(&delta), fresh.header->zone, why);
	if (image != NULL && !tells_what_changed(&kept))
		bail_out("a change that is not told");
	return image;
}

static size_t ask(const struct image *image, struct bytes prefix, struct bytes name,
                  uint16_t type, uint16_t udp_size, bool dnssec_ok, uint8_t *message)
{
	struct answerer server = {.image = image, .udp_size = 1232};
	struct asker asker = {TRANSPORT_UDP, BYTES("\300\0\2\1"), 1764000000, 0, false};
	struct writer w = {.at = message, .size = 4096};
	struct edns edns = {.udp_size = udp_size, .dnssec_ok = dnssec_ok};

	message_write_header(&w, &(struct message_header){.count = {1, 0, 0, 1}});
	write_bytes(&w, prefix);
	write_bytes(&w, name);
	write_u16(&w, type);
	write_u16(&w, CLASS_IN);
	edns_write(&w, &edns);
	return answer(&server, &asker, message, w.used, 4096).size;
}

/* True when both images answer alike, octet by octet: for every name, below and beside it. */
static bool answer_alike(const struct image *a, const struct image *b)
{
	static const uint16_t types[] = {TYPE_A,  TYPE_AAAA, TYPE_NS,    TYPE_DS,     TYPE_SOA,
	                                 TYPE_MX, TYPE_NSEC, TYPE_RRSIG, TYPE_DNSKEY, TYPE_ANY};
	static const struct bytes prefixes[] = {{(const uint8_t *)"", 0},
	                                        {(const uint8_t *)"\3www", 4}};
	uint8_t ma[4096], mb[4096];

	if (a->node_count != b->node_count || a->header->serial != b->header->serial ||
	    a->header->records != b->header->records)
		return false;
	for (uint32_t q = 0; q < b->node_count * 10 * 2 * 4; q++) {
		struct bytes name = image_name(b, &b->node[q / 80]),
			     prefix = prefixes[q / 4 % 2];
		uint16_t type = types[q / 8 % 10], room = q % 4 < 2 ? 512 : 1232;
		size_t sa = ask(a, prefix, name, type, room, q % 2 == 1, ma);
		size_t sb = ask(b, prefix, name, type, room, q % 2 == 1, mb);

		if (sa != sb || memcmp(ma, mb, sa) != 0) {
			printf("# node %u type %u\n", q / 80, type);
			return false;
		}
	}
	return true;
}

static bool follows(void)
{
	const char *why;
	const struct image *image = apply(&why);

	if (image == NULL)
		printf("# %s\n", why);
	return image != NULL && answer_alike(image, &fresh);
}

static bool declines(const char *reason)
{
	const char *why;
	const struct image *image = apply(&why);

	if (image == NULL && strcmp(why, reason) != 0)
		printf("# %s\n", why);
	return image == NULL && strcmp(why, reason) == 0;
}

static void changes(void)
{
	char next[32], after[32];

	begin(ROOT_ZONE);
	change("h. 7 1800", "h. 8 1800");
	ok(follows(), "a new serial");
	change("h. 8 1800", "h. 9 1800");
	change("cn. 60 IN DS 1 15 9 aa", "cn. 60 IN DS 1 15 9 bb");
	ok(follows(), "a DS");
	change("h. 9 1800", "h. 10 1800");
	change("a.cn. 60 IN A 192.0.2.1\n",
	       "a.cn. 60 IN A 192.0.2.77\na.cn. 60 IN A 192.0.2.78\n");
	ok(follows(), "glue in-domain");
	change("h. 10 1800", "h. 11 1800");
	change("ns.net. 60 IN A 192.0.2.2\n", "ns.net. 60 IN A 192.0.2.9\n");
	ok(follows(), "glue that several delegations share");
	change("h. 11 1800", "h. 12 1800");
	change("cn. 60 IN NS ns.net.\n", "");
	ok(follows(), "a name server less");
	change("h. 12 1800", "h. 13 1800");
	change("a.root-servers. 60 IN A 192.0.2.3\n", "a.root-servers. 60 IN A 192.0.2.33\n");
	ok(follows(), "an address that is authoritative, and glue, and of the apex");
	change("h. 13 1800", "h. 14 1800");
	change("cn. 60 IN DS 1 15 9 bb\ncn. 60" SIG("DS", "1"), "");
	change("two.levels. NS DS RRSIG NSEC", "two.levels. NS RRSIG NSEC");
	ok(follows(), "a DS that goes, and with it its bit in the NSEC");
	for (unsigned serial = 15; serial < 60; serial++) {
		snprintf(next, sizeof(next), "h. %u 1800", serial - 1);
		snprintf(after, sizeof(after), "h. %u 1800", serial);
		change(next, after);
		if (!follows())
			bail_out("a serial among many");
	}
	ok(true, "many one after the other");
}

static void declined(void)
{
	const char *why;

	begin(ROOT_ZONE);
	change("h. 7 1800", "h. 8 1800");
	change("xn--same-one. 60 IN NS ns.net.\n", "xn--same-one. 60 IN A 192.0.2.1\n");
	change("xn--same-two. NS RRSIG NSEC", "xn--same-two. A RRSIG NSEC");
	ok(declines("a name that becomes of another kind"), "a delegation that becomes data");
	ok(live_apply(&live, BYTES(""), fresh.header->zone, &why) == NULL,
	   "and nothing any more");
	begin(ROOT_ZONE);
	ok(live_apply(&live, BYTES("x"), fresh.header->zone, &why) == NULL,
	   "octets that are no records");
	begin(ROOT_ZONE);
	ok(live_apply(&live, BYTES("\2cn\0\0\2\0\1\0\0\0\74\0\3\1a\0"), fresh.header->zone,
	              &why) == NULL,
	   "records that are no delta");
}

int main(void)
{
	changes();
	declined();
	return done_testing();
}
