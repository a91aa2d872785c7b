/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/file.h"

#include <stddef.h>
#include <string.h>

#include "base/must.h"
#include "dns/dname.h"
#include "dns/rdata.h"
#include "dns/type.h"
#include "serving/mapped.h"
#include "serving/octets.h"

_Static_assert(sizeof(struct ordinary_header) == 144, "the header has no padding");
_Static_assert(sizeof(struct ordinary_node) == 28, "a node has no padding");
_Static_assert(sizeof(struct ordinary_set) == 16, "a set has no padding");

/* ---- looking up ---- */

static struct bytes name_at(const struct ordinary *zone, uint32_t at)
{
	struct bytes rest = bytes_from(zone->file, at);
	size_t size = 0;

	while (rest.at[size] != 0)
		size += 1u + rest.at[size];
	return bytes_first(rest, size + 1);
}

struct bytes ordinary_name(const struct ordinary *zone, uint32_t node)
{
	return name_at(zone, zone->node[node].name);
}

struct bytes ordinary_nsec3_name(const struct ordinary *zone, uint32_t nsec3)
{
	return name_at(zone, zone->nsec3[nsec3].name);
}

uint32_t ordinary_nsec3_of(const struct ordinary *zone, struct bytes name)
{
	uint8_t hash[NSEC3_TEXT_SIZE];
	uint32_t low = 0, high = zone->nsec3_count;

	nsec3_hash(&zone->way, name, hash);
	while (low < high) { /* the first that stands behind it */
		uint32_t middle = low + (high - low) / 2;

		if (memcmp(ordinary_nsec3_name(zone, middle).at + 1, hash, sizeof(hash)) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return (low == 0 ? zone->nsec3_count : low) - 1; /* the last covers what is before the first */
}

const struct ordinary_set *ordinary_set_of(const struct ordinary *zone, uint32_t node,
                                           uint16_t type)
{
	const struct ordinary_set *set = zone->set + zone->node[node].sets;

	for (uint32_t i = 0; i < zone->node[node].set_count; i++)
		if (set[i].type == type)
			return &set[i];
	return NULL;
}

struct bytes ordinary_records(const struct ordinary *zone, const struct ordinary_set *set)
{
	return bytes_from(zone->file, set->octets);
}

struct bytes ordinary_take(struct bytes *records)
{
	struct bytes rdata = {records->at + 2, load16(records->at)};

	*records = bytes_from(*records, 2 + rdata.size);
	return rdata;
}

/* The last of the nodes from `low` on that is `name` or stands before it; node `low` does. */
static uint32_t last_before(const struct ordinary *zone, struct bytes name, uint32_t low)
{
	uint32_t high = zone->node_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (dname_order(ordinary_name(zone, middle), name) <= 0)
			low = middle;
		else
			high = middle;
	}
	return low;
}

uint32_t ordinary_before(const struct ordinary *zone, struct bytes name)
{
	return last_before(zone, name, 0);
}

struct ordinary_place ordinary_find(const struct ordinary *zone, struct bytes name)
{
	unsigned labels = dname_label_count(name);
	uint32_t node = 0;

	for (unsigned l = zone->node->labels + 1u; l <= labels; l++) {
		struct bytes suffix = dname_last(name, l);
		uint32_t found;

		if (ordinary_set_of(zone, node, TYPE_DNAME) != NULL)
			return (struct ordinary_place){PLACE_DNAME, node, 0};
		found = last_before(zone, suffix, node);
		if (!bytes_same(ordinary_name(zone, found), suffix))
			return (struct ordinary_place){PLACE_NONE, node, found};
		node = found;
		if (zone->node[node].kind == ORDINARY_CUT)
			return (struct ordinary_place){PLACE_CUT, node, 0};
	}
	return (struct ordinary_place){PLACE_NODE, node, 0};
}

/* ---- the door ---- */

MAPPED_BEGINS(struct ordinary_header);

static const struct mapped_kind KIND = {ORDINARY_MAGIC,
                                        ORDINARY_FORMAT,
                                        sizeof(struct ordinary_header),
                                        "too short for an ordinary zone",
                                        "not an ordinary zone",
                                        "a format of another version"};

static const void *entries(struct bytes file, struct image_table table, size_t entry_size)
{
	return mapped_entries(file, sizeof(struct ordinary_header), table, entry_size);
}

/* The octets from `at` to the end of their table; none when it does not begin there. */
static struct bytes octets_from(const struct ordinary *zone, uint32_t at)
{
	const struct image_table *octet = &zone->header->octet;

	if (at < octet->at || at - octet->at > octet->count)
		return (struct bytes){NULL, 0};
	return (struct bytes){zone->file.at + at, octet->count - (at - octet->at)};
}

static bool set_good(const struct ordinary *zone, const struct ordinary_set *set)
{
	struct bytes rest = octets_from(zone, set->octets);

	if (set->count == 0)
		return false;
	for (uint32_t i = 0; i < (uint32_t)set->count + set->rrsig_count; i++) {
		if (rest.size < 2 || rest.size - 2 < load16(rest.at))
			return false;
		if (rdata_check(i < set->count ? set->type : TYPE_RRSIG,
		                ordinary_take(&rest)) != OK)
			return false;
	}
	return true;
}

static bool name_good(const struct ordinary *zone, uint32_t at, unsigned labels)
{
	struct bytes octets = octets_from(zone, at);
	struct dname name;
	size_t taken;

	return dname_read(octets, &name, &taken) == OK &&
	       dname_check(bytes_first(octets, taken)) && dname_labels(&name) == labels;
}

/* The other nodes that a node points to. */
static bool links_good(const struct ordinary *zone, const struct ordinary_node *node)
{
	if (node->wildcard >= zone->node_count || node->nsec3_covering > zone->nsec3_count ||
	    node->nsec3_star > zone->nsec3_count)
		return false;
	if (zone->nsec3_count != 0)
		return node->nsec <= zone->nsec3_count;
	return node->nsec == 0 ||
	       (node->nsec <= zone->node_count &&
	        ordinary_set_of(zone, node->nsec - 1, TYPE_NSEC) != NULL);
}

/* Its sets lie in their table and are good, in ascending order of types. */
static bool sets_good(const struct ordinary *zone, const struct ordinary_node *node)
{
	const struct ordinary_set *set = zone->set + node->sets;
	uint32_t total = zone->header->set.count;

	if (node->sets > total || node->set_count > total - node->sets)
		return false;
	for (uint32_t i = 0; i < node->set_count; i++)
		if (!set_good(zone, &set[i]) || (i != 0 && set[i - 1].type >= set[i].type))
			return false;
	return node->kind != ORDINARY_CUT ||
	       ordinary_set_of(zone, (uint32_t)(node - zone->node), TYPE_NS) != NULL;
}

static bool nodes_good(const struct ordinary *zone)
{
	for (uint32_t i = 0; i < zone->node_count; i++) {
		const struct ordinary_node *node = &zone->node[i];

		if (node->kind > ORDINARY_GLUE || !name_good(zone, node->name, node->labels) ||
		    !sets_good(zone, node))
			return false;
		if (i == 0)
			continue;
		if (!dname_in_domain(ordinary_name(zone, i), ordinary_name(zone, 0)) ||
		    dname_order(ordinary_name(zone, i - 1), ordinary_name(zone, i)) >= 0)
			return false;
	}
	for (uint32_t i = 0; i < zone->node_count; i++)
		if (!links_good(zone, &zone->node[i]))
			return false;
	return true;
}

/* Its owner is a hash right below the apex, and its set is of NSEC3. */
static bool nsec3_good(const struct ordinary *zone, const struct ordinary_nsec3 *nsec3)
{
	const struct ordinary_set *set = zone->set + nsec3->set;
	struct bytes owner;

	if (nsec3->set >= zone->header->set.count ||
	    !name_good(zone, nsec3->name, zone->node->labels + 1u))
		return false;
	owner = name_at(zone, nsec3->name);
	return owner.at[0] == NSEC3_TEXT_SIZE &&
	       bytes_same(dname_parent(owner), ordinary_name(zone, 0)) &&
	       set->type == TYPE_NSEC3 && set_good(zone, set);
}

/* All of them in order; `zone->way` becomes that of the first. */
static bool nsec3s_good(struct ordinary *zone)
{
	struct bytes records;

	for (uint32_t i = 0; i < zone->nsec3_count; i++)
		if (!nsec3_good(zone, &zone->nsec3[i]) ||
		    (i != 0 && dname_order(ordinary_nsec3_name(zone, i - 1),
		                           ordinary_nsec3_name(zone, i)) >= 0))
			return false;
	if (zone->nsec3_count == 0)
		return true;
	records = ordinary_records(zone, zone->set + zone->nsec3[0].set);
	zone->way = nsec3_read(ordinary_take(&records)).way;
	return zone->way.algorithm == NSEC3_SHA1 &&
	       zone->way.iterations <= ORDINARY_ITERATIONS_MAX;
}

const char *ordinary_open(struct bytes file, struct ordinary *zone)
{
	const char *why = mapped_check(file, &KIND);
	const struct ordinary_header *h = (const void *)file.at;
	const struct ordinary_set *soa;
	struct ordinary opened;

	if (why != NULL)
		return why;
	opened = (struct ordinary){.file = file,
	                           .header = h,
	                           .node = entries(file, h->node, sizeof(*opened.node)),
	                           .set = entries(file, h->set, sizeof(*opened.set)),
	                           .node_count = h->node.count,
	                           .nsec3 = entries(file, h->nsec3, sizeof(*opened.nsec3)),
	                           .nsec3_count = h->nsec3.count};
	if (opened.node == NULL || opened.set == NULL || opened.nsec3 == NULL ||
	    entries(file, h->octet, 1) == NULL ||
	    h->node.count == 0)
		return "its tables do not lie in it";
	if (!nodes_good(&opened))
		return "a name or a set of it is out of order";
	if (!nsec3s_good(&opened))
		return "an NSEC3 of it is out of order";
	soa = ordinary_set_of(&opened, 0, TYPE_SOA);
	if (opened.node->kind != ORDINARY_DATA || soa == NULL || soa->count != 1)
		return "no SOA at its apex";
	*zone = opened;
	return NULL;
}
