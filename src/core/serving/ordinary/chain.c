/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/chain.h"

#include <string.h>

#include "base/base32hex.h"
#include "dns/dname.h"
#include "dns/nsec.h"
#include "dns/type.h"

/* ---- which ---- */

static bool is_usable(const struct nsec3 *param)
{
	return param->flags == 0 && param->way.algorithm == NSEC3_SHA1 &&
	       param->way.iterations <= ORDINARY_ITERATIONS_MAX;
}

static const struct rrset *first_nsec3(const struct rrset_list *zone)
{
	for (size_t i = 0; i < zone->count; i++)
		if (zone->at[i].type == TYPE_NSEC3)
			return &zone->at[i];
	return NULL;
}

const char *chain_find(const struct rrset_list *zone, struct chain *chain,
                       const struct rrset **about)
{
	struct bytes apex = zone->at[0].owner;
	const struct rrset *params = rrset_find(zone, apex, TYPE_NSEC3PARAM);

	*chain = (struct chain){.by_nsec = rrset_find(zone, apex, TYPE_NSEC) != NULL};
	if (chain->by_nsec)
		return NULL;
	for (uint32_t i = 0; params != NULL && i < params->count; i++) {
		struct nsec3 param = nsec3_read_param(params->rdata[i]);

		if (!is_usable(&param))
			continue;
		*chain = (struct chain){.by_nsec3 = true, .way = param.way};
		return NULL;
	}
	*about = params != NULL ? params : first_nsec3(zone);
	if (*about == NULL)
		return NULL;
	return params == NULL ? "NSEC3 without an NSEC3PARAM at the apex"
	                      : "no NSEC3PARAM with SHA-1 and at most 50 iterations (RFC 9276)";
}

/* ---- by NSEC ---- */

static const struct rrset *set_of(const struct rrset_list *sets, uint16_t type)
{
	for (size_t i = 0; i < sets->count; i++)
		if (sets->at[i].type == type)
			return &sets->at[i];
	return NULL;
}

static bool is_below(struct bytes name, struct bytes top)
{
	return top.size != 0 && dname_in_domain(name, top) && !bytes_same(name, top);
}

/* An NSEC3 is no name of the chain by NSEC. */
static bool is_nsec3_only(const struct rrset_list *sets)
{
	return sets->count == 1 && sets->at[0].type == TYPE_NSEC3;
}

const char *chain_check_nsec(const struct rrset_list *zone, const struct rrset **about)
{
	struct bytes apex = zone->at[0].owner, next = apex, bitmap, cut = {NULL, 0};

	*about = zone->at;
	for (size_t i = 0; i < zone->count;) {
		struct bytes name = zone->at[i].owner;
		struct rrset_list sets = {zone->at + i, 1};
		const struct rrset *nsec;

		while (i + sets.count < zone->count &&
		       bytes_same(sets.at[sets.count].owner, name))
			sets.count++;
		i += sets.count;
		if (is_below(name, cut) || is_nsec3_only(&sets))
			continue;
		if (set_of(&sets, TYPE_NS) != NULL && !bytes_same(name, apex))
			cut = name;
		nsec = set_of(&sets, TYPE_NSEC);
		*about = nsec == NULL ? sets.at : nsec;
		if (nsec == NULL)
			return "no NSEC at a name of a signed zone";
		if (nsec->count != 1 || !bytes_same(next, name))
			return "a broken chain of NSEC";
		nsec_read(nsec->rdata[0], &next, &bitmap);
	}
	return bytes_same(next, apex) ? NULL : "a chain of NSEC that does not end at the apex";
}

/* ---- by NSEC3 ---- */

static bool is_hash(struct bytes label)
{
	uint8_t hash[SHA1_SIZE];
	struct writer to = {.at = hash, .size = sizeof(hash)};

	return label.size == NSEC3_TEXT_SIZE && base32hex_read(label, &to) &&
	       to.used == SHA1_SIZE && !to.full;
}

const char *chain_takes(const struct chain *chain, struct bytes apex, const struct rrset *set,
                        bool *is_of)
{
	*is_of = false;
	for (uint32_t i = 0; chain->by_nsec3 && i < set->count; i++) {
		struct nsec3 nsec3 = nsec3_read(set->rdata[i]);

		*is_of = *is_of || nsec3_way_same(&nsec3.way, &chain->way);
	}
	if (!*is_of)
		return NULL; /* of another chain, that is coming or going */
	if (!is_hash(dname_first_label(set->owner)) ||
	    !bytes_same(dname_parent(set->owner), apex))
		return "an NSEC3 whose name is no hash";
	return set->count == 1 ? NULL : "more than one NSEC3";
}

static struct nsec3 nsec3_at(const struct ordinary *zone, uint32_t nsec3)
{
	struct bytes records = ordinary_records(zone, zone->set + zone->nsec3[nsec3].set);

	return nsec3_read(ordinary_take(&records));
}

/* Every NSEC3 has the hash of the next, the last that of the first. */
static const char *check_ring(const struct ordinary *zone, struct bytes *about)
{
	for (uint32_t i = 0; i < zone->nsec3_count; i++) {
		struct bytes next = ordinary_nsec3_name(zone, (i + 1) % zone->nsec3_count);
		uint8_t text[BASE32HEX_SIZE(UINT8_MAX)];
		struct writer to = {.at = text, .size = sizeof(text)};

		base32hex_write(&to, nsec3_at(zone, i).next);
		*about = ordinary_nsec3_name(zone, i);
		if (!bytes_same(writer_bytes(&to), dname_first_label(next)))
			return "a broken chain of NSEC3";
	}
	return zone->nsec3_count != 0 ? NULL : "no NSEC3 of the chain that NSEC3PARAM names";
}

/* RFC 5155 section 7.1: what may do without an NSEC3 of its own. */
static bool may_be_covered(const struct ordinary *zone, uint32_t node, uint32_t covering)
{
	const struct ordinary_node *n = &zone->node[node];

	return (nsec3_at(zone, covering).flags & NSEC3_OPT_OUT) != 0 &&
	       (n->kind == ORDINARY_EMPTY ||
	        (n->kind == ORDINARY_CUT && ordinary_set_of(zone, node, TYPE_DS) == NULL));
}

/* The NSEC3 that covers "*" below a name; 0 where there is no such name any more. */
static uint32_t covering_star(const struct ordinary *zone, struct bytes name)
{
	struct dname star;

	if (dname_prepend(BYTES("*"), name, &star) != OK)
		return 0;
	return ordinary_nsec3_of(zone, dname_bytes(&star)) + 1;
}

static bool is_owned(const struct ordinary *zone, uint32_t nsec3, struct bytes name)
{
	uint8_t hash[NSEC3_TEXT_SIZE];

	nsec3_hash(&zone->way, name, hash);
	return memcmp(ordinary_nsec3_name(zone, nsec3).at + 1, hash, sizeof(hash)) == 0;
}

static const char *link_node(const struct ordinary *zone, struct ordinary_node *node,
                             uint32_t number)
{
	struct bytes name = ordinary_name(zone, number);
	uint32_t nsec3 = ordinary_nsec3_of(zone, name);

	if (is_owned(zone, nsec3, name))
		node->nsec = nsec3 + 1;
	else
		node->nsec3_covering = nsec3 + 1;
	if (node->kind != ORDINARY_CUT && node->wildcard == 0)
		node->nsec3_star = covering_star(zone, name);
	return node->nsec != 0 || may_be_covered(zone, number, nsec3)
	               ? NULL
	               : "no NSEC3 at a name of a signed zone";
}

const char *chain_link(const struct ordinary *zone, struct ordinary_node *node,
                       struct bytes *about)
{
	const char *why = check_ring(zone, about);
	uint32_t owned = 0;

	for (uint32_t i = 0; i < zone->node_count && why == NULL; i++) {
		if (node[i].kind == ORDINARY_GLUE)
			continue;
		*about = ordinary_name(zone, i);
		why = link_node(zone, &node[i], i);
		owned += node[i].nsec != 0;
	}
	if (why == NULL && owned != zone->nsec3_count) {
		*about = ordinary_name(zone, 0);
		return "an NSEC3 that is of no name";
	}
	return why;
}
