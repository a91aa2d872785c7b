/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/file.h"

#include <stddef.h>

#include "base/must.h"
#include "dns/dname.h"
#include "dns/rdata.h"
#include "dns/type.h"
#include "serving/mapped.h"
#include "serving/octets.h"

_Static_assert(sizeof(struct ordinary_header) == 136, "the header has no padding");
_Static_assert(sizeof(struct ordinary_node) == 20, "a node has no padding");
_Static_assert(sizeof(struct ordinary_set) == 16, "a set has no padding");

/* ---- looking up ---- */

struct bytes ordinary_name(const struct ordinary *zone, uint32_t node)
{
	struct bytes rest = bytes_from(zone->file, zone->node[node].name);
	size_t size = 0;

	while (rest.at[size] != 0)
		size += 1u + rest.at[size];
	return bytes_first(rest, size + 1);
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

static bool name_good(const struct ordinary *zone, const struct ordinary_node *node)
{
	struct bytes octets = octets_from(zone, node->name);
	struct dname name;
	size_t taken;

	return dname_read(octets, &name, &taken) == OK &&
	       dname_check(bytes_first(octets, taken)) && dname_labels(&name) == node->labels;
}

/* The other nodes that a node points to. */
static bool links_good(const struct ordinary *zone, const struct ordinary_node *node)
{
	return node->wildcard < zone->node_count &&
	       (node->nsec == 0 ||
	        (node->nsec <= zone->node_count &&
	         ordinary_set_of(zone, node->nsec - 1, TYPE_NSEC) != NULL));
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

		if (node->kind > ORDINARY_GLUE || !name_good(zone, node) ||
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
	                           .node_count = h->node.count};
	if (opened.node == NULL || opened.set == NULL || entries(file, h->octet, 1) == NULL ||
	    h->node.count == 0)
		return "its tables do not lie in it";
	if (!nodes_good(&opened))
		return "a name or a set of it is out of order";
	soa = ordinary_set_of(&opened, 0, TYPE_SOA);
	if (opened.node->kind != ORDINARY_DATA || soa == NULL || soa->count != 1)
		return "no SOA at its apex";
	*zone = opened;
	return NULL;
}
