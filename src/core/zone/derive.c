/* SPDX-License-Identifier: Apache-2.0 */
#include "zone/derive.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/dnskey.h"
#include "dns/nsec.h"
#include "dns/zonemd.h"
#include "state/content.h"
#include "state/holding.h"

/* Records of the zone on their way into a list. They lie one behind another in an arena of
 * their own, so that they are an array. */
struct pile {
	struct rr *rr;
	size_t count, room;
	struct arena *arena; /* for owners and RDATA */
};

static void pile_add(struct pile *pile, struct rr rr)
{
	if (pile->count == pile->room)
		memory_fail(pile->room);
	pile->rr[pile->count++] = rr;
}

/* Lines of all content: no fewer than its records of the zone. */
static size_t content_lines(const struct state *state)
{
	static const char *const PREFIXES[] = {"tld/", "host/", "server/", "was/"};
	struct bytes record;
	size_t lines = 0;

	for (unsigned p = 0; p < sizeof(PREFIXES) / sizeof(PREFIXES[0]); p++)
		for (size_t index = 0; state_next(state, bytes_of(PREFIXES[p]), &index, &record);)
			for (size_t i = 0; i < record.size; i++)
				lines += record.at[i] == '\n';
	return lines;
}

static void pile_add_lines(struct pile *pile, struct bytes records)
{
	struct rr rr;

	while (record_rr(&records, pile->arena, &rr))
		pile_add(pile, rr);
}

static struct bytes apex_record(const struct state *state, struct arena *arena)
{
	struct bytes record = {NULL, 0};
	bool there = content_get(state, BYTES("apex"), arena, &record);

	must(there);
	return record;
}

static void apex_of_job(const struct state *state, struct arena *arena, struct apex *apex)
{
	struct text lines = record_lines(apex_record(state, arena));
	const char *why;
	bool read = apex_read(&lines, apex, &why);

	must(read);
}

static struct bytes soa_rdata(const struct apex *apex, struct serial serial, struct arena *arena)
{
	struct writer w = writer_in(arena);

	/* RFC 1035 section 3.3.13 */
	write_bytes(&w, dname_bytes(&apex->mname));
	write_bytes(&w, dname_bytes(&apex->rname));
	write_u32(&w, serial.value);
	write_u32(&w, apex->refresh);
	write_u32(&w, apex->retry);
	write_u32(&w, apex->expire);
	write_u32(&w, apex->minimum);
	return writer_keep(&w, arena);
}

static struct bytes dnskey_rdata(const struct zone_key *key, struct arena *arena)
{
	struct writer w = writer_in(arena);

	dnskey_write_ed25519(&w, key->flags, key->public_key);
	return writer_keep(&w, arena);
}

static struct bytes zonemd_placeholder(struct serial serial, struct arena *arena)
{
	static const uint8_t zeros[SHA384_SIZE];
	struct zonemd zonemd = {serial, ZONEMD_SCHEME_SIMPLE, ZONEMD_HASH_SHA384,
	                        {zeros, sizeof(zeros)}};
	struct writer w = writer_in(arena);

	zonemd_write(&w, &zonemd);
	return writer_keep(&w, arena);
}

static void pile_apex(struct pile *pile, const struct apex *apex, const struct zone_plan *plan,
                      struct bytes name)
{
	pile_add(pile, (struct rr){name, apex->ttl_soa, TYPE_SOA,
	                           soa_rdata(apex, plan->serial, pile->arena)});
	pile_add(pile, (struct rr){name, apex->ttl_soa, TYPE_ZONEMD,
	                           zonemd_placeholder(plan->serial, pile->arena)});
	for (unsigned i = 0; i < plan->key_count; i++)
		pile_add(pile, (struct rr){name, apex->ttl_dnskey, TYPE_DNSKEY,
		                           dnskey_rdata(&plan->key[i], pile->arena)});
}

static void pile_servers(struct pile *pile, const struct state *state, const struct apex *apex,
                         struct bytes name)
{
	struct bytes record;
	size_t index = 0;

	while (content_next(state, BYTES("server/"), &index, pile->arena, &record)) {
		struct server server;
		struct dname target;

		server_read(record, &server);
		enum mishap read = dname_read_strict(server.name, &target);
		must(read == OK);
		pile_add(pile, (struct rr){name, apex->ttl_ns, TYPE_NS,
		                           arena_copy(pile->arena, dname_bytes(&target))});
		pile_add_lines(pile, server.records);
	}
}

static void pile_holdings(struct pile *pile, const struct state *state)
{
	struct bytes record;
	size_t index = 0;

	while (content_next(state, BYTES("tld/"), &index, pile->arena, &record)) {
		struct holding holding;

		holding_read(record, &holding);
		pile_add_lines(pile, holding.records);
	}
}

static void pile_hosts(struct pile *pile, const struct state *state)
{
	struct bytes record;
	size_t index = 0;

	while (content_next(state, BYTES("host/"), &index, pile->arena, &record)) {
		struct host host;

		host_read(record, &host);
		if (!bytes_same(host.users, BYTES("none")))
			pile_add_lines(pile, host.records);
	}
}

/* The sets of one owner: [first, end). */
struct owner {
	size_t first, end;
	bool cut;  /* it is delegated from here */
	bool glue; /* it lies below a cut */
};

/* The owner that begins at `first`; `*cut` is the cut passed last, and is kept up to date. */
static struct owner owner_at(const struct rrset_list *list, size_t first, struct bytes apex,
                             struct bytes *cut)
{
	struct owner o = {.first = first, .end = first};
	struct bytes name = list->at[first].owner;

	while (o.end < list->count && dname_order(list->at[o.end].owner, name) == 0) {
		o.cut = o.cut || (list->at[o.end].type == TYPE_NS && !bytes_same(name, apex));
		o.end++;
	}
	if (cut->size > 0 && !bytes_same(name, *cut) && dname_in_domain(name, *cut)) {
		o.glue = true;
		o.cut = false;
	} else if (o.cut) {
		*cut = name;
	}
	return o;
}

/* RFC 4035 section 2.2: at a cut only DS and NSEC are ours to sign. */
static bool signed_type(const struct owner *owner, uint16_t type)
{
	return !owner->glue && (!owner->cut || type == TYPE_DS || type == TYPE_NSEC);
}

/* RFC 4035 section 2.3: the bitmap of a cut names NS and DS, not what is glue. */
static struct bytes nsec_rdata(const struct rrset_list *list, const struct owner *owner,
                               struct bytes next, struct arena *arena)
{
	uint16_t types[16] = {TYPE_RRSIG, TYPE_NSEC};
	size_t count = 2;
	struct writer w = writer_in(arena);

	for (size_t i = owner->first; i < owner->end; i++)
		if (!owner->cut || list->at[i].type == TYPE_NS || list->at[i].type == TYPE_DS) {
			must(count < sizeof(types) / sizeof(types[0]));
			types[count++] = list->at[i].type;
		}
	nsec_write(&w, next, types, count);
	return writer_keep(&w, arena);
}

static void zone_add(struct zone *zone, const struct rrset *set, bool authoritative)
{
	zone->authoritative[zone->count] = authoritative;
	if (set->type == TYPE_ZONEMD)
		zone->zonemd = &zone->set[zone->count];
	zone->set[zone->count++] = *set;
}

/* Copies the sets of one owner, the NSEC at its place among the types. */
static void zone_add_owner(struct zone *zone, const struct rrset_list *list,
                           const struct owner *owner, const struct rrset *nsec)
{
	bool chained = owner->glue;

	for (size_t i = owner->first; i < owner->end; i++) {
		if (!chained && list->at[i].type > TYPE_NSEC) {
			zone_add(zone, nsec, true);
			chained = true;
		}
		zone_add(zone, &list->at[i], signed_type(owner, list->at[i].type));
	}
	if (!chained)
		zone_add(zone, nsec, true);
}

/* RFC 4034 section 6.1: each owner that is not glue points at the next such; the last, at
 * the apex. */
static void chain(struct zone *zone, const struct rrset_list *list, uint32_t ttl,
                  struct arena *arena)
{
	struct owner *owner = arena_take_array(arena, list->count, sizeof(*owner));
	struct bytes cut = {NULL, 0};
	size_t owners = 0, next;

	for (size_t first = 0; first < list->count; first = owner[owners++].end)
		owner[owners] = owner_at(list, first, zone->apex, &cut);
	for (size_t i = 0; i < owners; i++) {
		struct rrset nsec = {list->at[owner[i].first].owner, TYPE_NSEC, 0, ttl, 1, NULL, NULL};
		struct bytes *rdata = arena_take(arena, sizeof(*rdata));

		for (next = i + 1; next < owners && owner[next].glue;)
			next++;
		if (next == owners)
			next = 0;
		*rdata = nsec_rdata(list, &owner[i], list->at[owner[next].first].owner, arena);
		nsec.rdata = rdata;
		zone_add_owner(zone, list, &owner[i], &nsec);
	}
}

void zone_derive(const struct state *state, const struct zone_plan *plan, struct arena *arena,
                 struct zone *zone)
{
	size_t room = content_lines(state) + 2 + ZONE_KEYS_MAX;
	struct pile pile = {.room = room, .arena = arena};
	struct rrset_list list;
	struct fault fault;
	struct apex apex;
	struct dname *name = arena_take(arena, sizeof(*name));

	apex_of_job(state, arena, &apex);
	*name = apex.name;
	pile.rr = arena_take_array(arena, room, sizeof(*pile.rr));
	pile_apex(&pile, &apex, plan, dname_bytes(name));
	pile_servers(&pile, state, &apex, dname_bytes(name));
	pile_holdings(&pile, state);
	pile_hosts(&pile, state);
	bool made = rrset_list_make(pile.rr, pile.count, arena, &list, &fault);
	must(made);

	*zone = (struct zone){.apex = dname_bytes(name)};
	zone->set = arena_take_array(arena, 2 * list.count, sizeof(*zone->set));
	zone->authoritative = arena_take_array(arena, 2 * list.count, sizeof(*zone->authoritative));
	/* RFC 9077: the TTL of NSEC is the lesser of the SOA's own and its minimum. */
	chain(zone, &list, apex.ttl_soa < apex.minimum ? apex.ttl_soa : apex.minimum, arena);
}
