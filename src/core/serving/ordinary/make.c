/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/make.h"

#include <stddef.h>
#include <string.h>

#include "base/must.h"
#include "dns/dname.h"
#include "dns/type.h"
#include "dns/zonemd.h"
#include "serving/mapped.h"
#include "serving/octets.h"
#include "serving/ordinary/chain.h"
#include "serving/ordinary/file.h"

/* The tables of the file while it is being made: each full one swallows what does not fit. */
struct making {
	const struct rrset_list *zone;
	struct bytes apex;
	struct chain chain;
	struct writer nodes, sets, nsec3s, octets;
	struct bytes name; /* of the last node */
	uint32_t nsec;     /* the last node with an NSEC, and 1 */
	struct fault *fault;
};

static enum mishap refuse(struct making *m, const struct rrset *set, const char *why)
{
	*m->fault = (struct fault){(uint32_t)(set - m->zone->at) + 1, 0, why};
	return MISHAP_MALFORMED;
}

static struct ordinary_node *node_at(const struct making *m, uint32_t node)
{
	return (struct ordinary_node *)(void *)m->nodes.at + node;
}

static uint32_t node_count(const struct making *m)
{
	return (uint32_t)(m->nodes.used / sizeof(struct ordinary_node));
}

static uint32_t set_count(const struct making *m)
{
	return (uint32_t)(m->sets.used / sizeof(struct ordinary_set));
}

static bool is_full(const struct making *m)
{
	return m->nodes.full || m->sets.full || m->nsec3s.full || m->octets.full;
}

static const struct rrset *set_of(const struct rrset_list *sets, uint16_t type)
{
	for (size_t i = 0; i < sets->count; i++)
		if (sets->at[i].type == type)
			return &sets->at[i];
	return NULL;
}

static bool is_wildcard(struct bytes name)
{
	return name.at[0] == 1 && name.at[1] == '*';
}

/* ---- what may stand where ---- */

static enum mishap check_aliases(struct making *m, const struct rrset_list *sets)
{
	const struct rrset *cname = set_of(sets, TYPE_CNAME), *dname = set_of(sets, TYPE_DNAME);
	size_t beside = sets->count - (set_of(sets, TYPE_NSEC) != NULL);

	if (cname != NULL && (cname->count != 1 || beside != 1))
		return refuse(m, cname, "a CNAME that does not stand alone");
	if (dname == NULL)
		return OK;
	if (dname->count != 1)
		return refuse(m, dname, "more than one DNAME");
	if (is_wildcard(dname->owner))
		return refuse(m, dname, "a DNAME at a wildcard");
	if (set_of(sets, TYPE_NS) != NULL && !bytes_same(dname->owner, m->apex))
		return refuse(m, dname, "a DNAME at a zone cut");
	return OK;
}

/* An owner that is not below a zone cut. */
static enum mishap check_owner(struct making *m, const struct rrset_list *sets)
{
	const struct rrset *ns = set_of(sets, TYPE_NS);

	for (size_t i = 0; i < sets->count; i++) {
		uint16_t type = sets->at[i].type;

		if (type == TYPE_SOA && !bytes_same(sets->at[i].owner, m->apex))
			return refuse(m, &sets->at[i], "a second SOA");
	}
	if (ns != NULL && is_wildcard(ns->owner))
		return refuse(m, ns, "a delegation at a wildcard");
	return check_aliases(m, sets);
}

static enum mishap check_apex(struct making *m)
{
	const struct rrset_list *zone = m->zone;
	const struct rrset *soa, *about = zone->at;
	const char *why;

	if (zone->count == 0) {
		*m->fault = (struct fault){0, 0, "an empty zone"};
		return MISHAP_MALFORMED;
	}
	m->apex = zone->at[0].owner;
	soa = rrset_find(zone, m->apex, TYPE_SOA);
	if (soa == NULL || soa->count != 1)
		return refuse(m, zone->at, "not one SOA at the first name");
	if (rrset_find(zone, m->apex, TYPE_NS) == NULL)
		return refuse(m, zone->at, "no NS at the apex");
	why = chain_find(zone, &m->chain, &about);
	return why == NULL ? OK : refuse(m, about, why);
}

/* ---- tables ---- */

static uint32_t put_octets(struct making *m, struct bytes octets)
{
	uint32_t at = (uint32_t)m->octets.used;

	write_bytes(&m->octets, octets);
	return at;
}

static void put_rdata(struct making *m, const struct bytes *rdata, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		write_u16(&m->octets, (uint16_t)rdata[i].size);
		write_bytes(&m->octets, rdata[i]);
	}
}

static enum mishap put_set(struct making *m, const struct rrset *set)
{
	struct ordinary_set put = {.ttl = set->ttl,
	                           .octets = (uint32_t)m->octets.used,
	                           .type = set->type,
	                           .count = (uint16_t)set->count,
	                           .rrsig_count = set->rrsig_count};

	if (set->count > UINT16_MAX)
		return refuse(m, set, "too large for a message");
	put_rdata(m, set->rdata, set->count);
	put_rdata(m, set->rrsig, set->rrsig_count);
	write_bytes(&m->sets, (struct bytes){(const uint8_t *)&put, sizeof(put)});
	return OK;
}

/* The last node that is `name`'s parent: it stands before it. */
static struct ordinary_node *parent_of(struct making *m, struct bytes name)
{
	struct bytes parent = dname_parent(name);
	uint32_t low = 0, high = node_count(m);

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;
		struct bytes at = {m->octets.at + node_at(m, middle)->name, 0};

		while (at.at[at.size] != 0)
			at.size += 1u + at.at[at.size];
		at.size++;
		if (dname_order(at, parent) <= 0)
			low = middle;
		else
			high = middle;
	}
	return node_at(m, low);
}

static enum mishap put_node(struct making *m, struct bytes name, enum ordinary_kind kind,
                            const struct rrset_list *sets)
{
	struct ordinary_node node = {
		.name = put_octets(m, name),
		.sets = set_count(m),
		.kind = (uint8_t)kind,
		.labels = (uint8_t)dname_label_count(name)};
	uint32_t index = node_count(m);

	for (size_t s = 0; s < sets->count; s++) {
		enum mishap mishap = OK;

		/* RFC 5155 section 7.2.8: it is not asked for by its own name. */
		if (sets->at[s].type != TYPE_NSEC3)
			mishap = put_set(m, &sets->at[s]);
		if (mishap != OK)
			return mishap;
	}
	node.set_count = (uint16_t)(set_count(m) - node.sets);
	if (m->chain.by_nsec && (kind == ORDINARY_DATA || kind == ORDINARY_CUT))
		m->nsec = index + 1;
	node.nsec = m->nsec;
	if (is_full(m))
		return MISHAP_FULL;
	if (index != 0 && is_wildcard(name))
		parent_of(m, name)->wildcard = index;
	write_bytes(&m->nodes, (struct bytes){(const uint8_t *)&node, sizeof(node)});
	m->name = name;
	return m->nodes.full ? MISHAP_FULL : OK;
}

/* How many labels two names share at their ends. */
static unsigned shared_labels(struct bytes a, struct bytes b)
{
	unsigned na = dname_label_count(a), nb = dname_label_count(b), most = na < nb ? na : nb;
	unsigned labels = 0;

	while (labels < most &&
	       bytes_same(dname_last(a, labels + 1), dname_last(b, labels + 1)))
		labels++;
	return labels;
}

/* The empty non-terminals between the last node and `name` (RFC 4592 section 2.2.2). */
static enum mishap put_empty(struct making *m, struct bytes name, enum ordinary_kind kind)
{
	const struct rrset_list none = {NULL, 0};
	unsigned most = dname_label_count(name);
	enum mishap mishap = OK;

	for (unsigned l = shared_labels(m->name, name) + 1; l < most && mishap == OK; l++)
		mishap = put_node(m, dname_last(name, l), kind, &none);
	return mishap;
}

/* All sets of the owner that begins at set `first`. */
static struct rrset_list sets_from(const struct rrset_list *zone, size_t first)
{
	struct rrset_list sets = {&zone->at[first], 1};

	while (first + sets.count < zone->count &&
	       bytes_same(sets.at[0].owner, sets.at[sets.count].owner))
		sets.count++;
	return sets;
}

/* True when `name` is below `top`, which may be none. */
static bool is_below(struct bytes name, struct bytes top)
{
	return top.size != 0 && dname_in_domain(name, top) && !bytes_same(name, top);
}

/* Puts an NSEC3 of the chain that is answered from. */
static enum mishap put_nsec3(struct making *m, const struct rrset *set)
{
	struct ordinary_nsec3 put = {0};
	bool is_of;
	const char *why = chain_takes(&m->chain, m->apex, set, &is_of);

	if (why != NULL)
		return refuse(m, set, why);
	if (!is_of)
		return OK;
	put.name = put_octets(m, set->owner);
	put.set = set_count(m);
	write_bytes(&m->nsec3s, (struct bytes){(const uint8_t *)&put, sizeof(put)});
	return put_set(m, set);
}

static enum mishap put_owner(struct making *m, const struct rrset_list *sets,
                             struct bytes *cut, struct bytes *alias)
{
	struct bytes name = sets->at[0].owner;
	bool below = is_below(name, *cut), at_apex = bytes_same(name, m->apex);
	enum ordinary_kind kind = below ? ORDINARY_GLUE : ORDINARY_DATA;
	enum mishap mishap;

	if (!dname_in_domain(name, m->apex))
		return refuse(m, sets->at, "a name that is not in the zone");
	if (is_below(name, *alias))
		return refuse(m, sets->at, "a name below a DNAME");
	mishap = below ? OK : check_owner(m, sets);
	if (mishap == OK && !below && set_of(sets, TYPE_NSEC3) != NULL) {
		mishap = put_nsec3(m, set_of(sets, TYPE_NSEC3));
		if (sets->count == 1)
			return mishap; /* no name of the zone */
	}
	if (mishap != OK)
		return mishap;
	if (!below && !at_apex && set_of(sets, TYPE_NS) != NULL) {
		kind = ORDINARY_CUT;
		*cut = name;
	}
	if (!below && set_of(sets, TYPE_DNAME) != NULL)
		*alias = name;
	if (!at_apex)
		mishap = put_empty(m, name, below ? ORDINARY_GLUE : ORDINARY_EMPTY);
	return mishap == OK ? put_node(m, name, kind, sets) : mishap;
}

/* ---- putting it together ---- */

/* Offsets were counted from the front of their table. */
static void move_octets(struct making *m, uint32_t by)
{
	struct ordinary_set *set = (struct ordinary_set *)(void *)m->sets.at;

	struct ordinary_nsec3 *nsec3 = (struct ordinary_nsec3 *)(void *)m->nsec3s.at;

	for (uint32_t i = 0; i < node_count(m); i++)
		node_at(m, i)->name += by;
	for (size_t i = 0; i < m->nsec3s.used / sizeof(*nsec3); i++)
		nsec3[i].name += by;
	for (size_t i = 0; i < m->sets.used / sizeof(*set); i++)
		set[i].octets += by;
}

static uint32_t serial_of(const struct making *m)
{
	struct bytes soa = rrset_find(m->zone, m->apex, TYPE_SOA)->rdata[0];
	const uint8_t *numbers = soa.at + soa.size - 20;

	return load16(numbers) << 16 | load16(numbers + 2);
}

/* With everything in its place in the file, at `at`. */
static enum mishap link_nsec3s(struct making *m, uint8_t *at, size_t size)
{
	struct bytes file = {at, size};
	const struct ordinary_header *h = (const void *)at;
	struct ordinary_node *node = (struct ordinary_node *)(void *)(at + h->node.at);
	struct ordinary zone = {.file = file,
	                        .header = h,
	                        .node = node,
	                        .set = (const void *)(file.at + h->set.at),
	                        .node_count = h->node.count,
	                        .nsec3 = (const void *)(file.at + h->nsec3.at),
	                        .nsec3_count = h->nsec3.count,
	                        .way = m->chain.way};
	struct bytes about = m->apex;
	const char *why = m->chain.by_nsec3 ? chain_link(&zone, node, &about) : NULL;

	if (why == NULL)
		return OK;
	/* An empty non-terminal has no set: those below it begin there. */
	return refuse(m, m->zone->at + rrset_list_before(m->zone, about), why);
}

static enum mishap put_together(struct making *m, struct writer *to)
{
	struct ordinary_header header = {.magic = ORDINARY_MAGIC,
	                                 .format = ORDINARY_FORMAT,
	                                 .byte_order = IMAGE_BYTE_ORDER,
	                                 .serial = serial_of(m),
	                                 .records = (uint32_t)rrset_list_records(m->zone)};
	const struct mapped_part parts[] = {
		{&m->nodes, sizeof(struct ordinary_node), &header.node},
		{&m->sets, sizeof(struct ordinary_set), &header.set},
		{&m->nsec3s, sizeof(struct ordinary_nsec3), &header.nsec3},
		{&m->octets, 1, &header.octet},
	};
	size_t start = to->used, count = sizeof(parts) / sizeof(parts[0]);
	enum mishap mishap;

	zonemd_digest(m->zone, m->apex, header.zone);
	header.size = mapped_place(parts, count, sizeof(header));
	move_octets(m, header.octet.at);
	mishap = mapped_write(parts, count, &header, sizeof(header), to);
	if (mishap == OK)
		mishap = link_nsec3s(m, to->at + start, to->used - start);
	if (mishap == OK)
		mapped_seal(to, start);
	return mishap;
}

/* An eighth for nodes, sets, and NSEC3s each, the rest for names and data. */
static void divide(struct making *m, const struct arena *arena)
{
	struct arena rest = arena_rest(arena);
	size_t skip = -(uintptr_t)rest.at % IMAGE_ALIGN;
	size_t part = (rest.size - skip) / 8 / IMAGE_ALIGN * IMAGE_ALIGN;
	uint8_t *at = rest.at + skip;

	must(rest.size >= skip);
	m->nodes = (struct writer){.at = at, .size = part};
	m->sets = (struct writer){.at = at + part, .size = part};
	m->nsec3s = (struct writer){.at = at + 2 * part, .size = part};
	m->octets = (struct writer){.at = at + 3 * part, .size = rest.size - skip - 3 * part};
}

enum mishap ordinary_make(const struct rrset_list *zone, const struct arena *arena,
                          struct writer *to, struct fault *fault)
{
	struct making m = {.zone = zone, .fault = fault};
	struct bytes cut = {NULL, 0}, alias = {NULL, 0};
	enum mishap mishap;

	divide(&m, arena);
	mishap = check_apex(&m);
	for (size_t i = 0; mishap == OK && i < zone->count;) {
		struct rrset_list sets = sets_from(zone, i);

		mishap = put_owner(&m, &sets, &cut, &alias);
		i += sets.count;
	}
	if (mishap == OK && m.chain.by_nsec) {
		const struct rrset *about;
		const char *why = chain_check_nsec(zone, &about);

		mishap = why == NULL ? OK : refuse(&m, about, why);
	}
	return mishap == OK ? put_together(&m, to) : mishap;
}
