/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/ordinary/denial.h"

#include "base/must.h"
#include "dns/dname.h"
#include "dns/type.h"

static void add(struct denial *d, const struct ordinary *zone, struct bytes owner,
                const struct ordinary_set *set)
{
	for (unsigned i = 0; i < d->count; i++)
		if (d->proof[i].set == set)
			return;
	must(d->count < DENIAL_MAX);
	d->proof[d->count++] = (struct proof){zone, owner, set};
}

/* ---- NSEC ---- */

/* The one that matches or covers what stands at `node`. */
static void add_nsec(struct denial *d, const struct ordinary *zone, uint32_t node)
{
	uint32_t nsec = zone->node[node].nsec;

	if (nsec != 0)
		add(d, zone, ordinary_name(zone, nsec - 1),
		    ordinary_set_of(zone, nsec - 1, TYPE_NSEC));
}

/* ---- NSEC3 ---- */

static bool by_nsec3(const struct ordinary *zone)
{
	return zone->nsec3_count != 0;
}

/* Takes the number and 1. */
static void add_nsec3(struct denial *d, const struct ordinary *zone, uint32_t nsec3)
{
	if (nsec3 != 0)
		add(d, zone, ordinary_nsec3_name(zone, nsec3 - 1),
		    zone->set + zone->nsec3[nsec3 - 1].set);
}

/* The name one label longer than that of `node`, at the end of `name`, is not there. */
static void add_next_closer(struct denial *d, const struct ordinary *zone, uint32_t node,
                            struct bytes name)
{
	struct bytes next = dname_last(name, zone->node[node].labels + 1u);

	add_nsec3(d, zone, ordinary_nsec3_of(zone, next) + 1);
}

/*
 * Section 7.2.1 for a node that has no NSEC3 of its own, because one with Opt-Out covers it:
 * the next name above it that has one, and what covers the name below that. Returns that node.
 */
static uint32_t add_provable(struct denial *d, const struct ordinary *zone, uint32_t node)
{
	uint32_t below = node;

	while (node != 0 && zone->node[node].nsec == 0) {
		below = node;
		node = ordinary_before(zone, dname_parent(ordinary_name(zone, node)));
	}
	add_nsec3(d, zone, zone->node[node].nsec);
	add_nsec3(d, zone, zone->node[below].nsec3_covering);
	return node;
}

/* Section 7.2.1: that `node` is the closest encloser of `name`. Returns the closest one that
 * can be proved. */
static uint32_t add_encloser(struct denial *d, const struct ordinary *zone, uint32_t node,
                             struct bytes name)
{
	if (zone->node[node].nsec == 0)
		return add_provable(d, zone, node);
	add_nsec3(d, zone, zone->node[node].nsec);
	add_next_closer(d, zone, node, name);
	return node;
}

/* ---- what is not there ---- */

void denial_of_type(struct denial *d, const struct ordinary *zone, uint32_t node)
{
	if (!by_nsec3(zone))
		add_nsec(d, zone, node);
	else if (zone->node[node].nsec != 0)
		add_nsec3(d, zone, zone->node[node].nsec);
	else
		(void)add_provable(d, zone, node);
}

void denial_of_name(struct denial *d, const struct ordinary *zone,
                    const struct ordinary_place *place, struct bytes name)
{
	uint32_t encloser, wildcard;
	struct dname star;

	if (by_nsec3(zone)) {
		encloser = add_encloser(d, zone, place->node, name);
		wildcard = zone->node[encloser].wildcard;
		add_nsec3(d, zone,
		          wildcard != 0 ? zone->node[wildcard].nsec
		                        : zone->node[encloser].nsec3_star);
		return;
	}
	add_nsec(d, zone, place->before);
	if (dname_prepend(BYTES("*"), ordinary_name(zone, place->node), &star) == OK)
		add_nsec(d, zone, ordinary_before(zone, dname_bytes(&star)));
}

void denial_beside_wildcard(struct denial *d, const struct ordinary *zone,
                            const struct ordinary_place *place, struct bytes name)
{
	if (by_nsec3(zone))
		add_next_closer(d, zone, place->node, name);
	else /* RFC 4035 section 3.1.3.3 */
		add_nsec(d, zone, place->before);
}

void denial_of_wildcard(struct denial *d, const struct ordinary *zone,
                        const struct ordinary_place *place, struct bytes name)
{
	uint32_t wildcard = zone->node[place->node].wildcard;

	if (by_nsec3(zone)) {
		(void)add_encloser(d, zone, place->node, name);
		add_nsec3(d, zone, zone->node[wildcard].nsec);
		return;
	}
	add_nsec(d, zone, place->before);
	add_nsec(d, zone, wildcard);
}
