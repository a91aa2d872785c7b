/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/addresses.h"

#include <string.h>

#include "dns/type.h"

/* FNV-1a, eight octets a step. Whoever makes names collide makes his own delegations slow to
 * compile, by less than he would with more of them. */
static uint32_t hash(struct bytes name)
{
	uint64_t h = 0xcbf29ce484222325;
	size_t at = 0;

	for (; name.size - at >= 8; at += 8) {
		uint64_t eight;

		memcpy(&eight, name.at + at, 8);
		h = (h ^ eight) * 0x9e3779b97f4a7c15;
		h ^= h >> 29;
	}
	for (; at < name.size; at++)
		h = (h ^ name.at[at]) * 0x100000001b3;
	return (uint32_t)(h ^ h >> 32);
}

static bool is_address(const struct rrset *set)
{
	return set->type == TYPE_A || set->type == TYPE_AAAA;
}

/* True when the set before is an address set of the same name. */
static bool goes_on(const struct rrset_list *zone, size_t i)
{
	return i != 0 && is_address(&zone->at[i - 1]) &&
	       bytes_same(zone->at[i - 1].owner, zone->at[i].owner);
}

static void note(struct addresses *a, uint32_t set)
{
	uint32_t i = hash(a->zone->at[set].owner) & a->mask;

	while (a->slot[i] != 0) {
		if (bytes_same(a->zone->at[a->slot[i] - 1].owner, a->zone->at[set].owner))
			return; /* others stand between its address sets */
		i = (i + 1) & a->mask;
	}
	a->slot[i] = set + 1;
}

void addresses_note(struct addresses *a, const struct rrset_list *zone, struct arena *arena)
{
	size_t names = 0, slots = 16;

	for (size_t i = 0; i < zone->count; i++)
		names += is_address(&zone->at[i]) && !goes_on(zone, i);
	while (slots < 2 * names)
		slots *= 2;
	*a = (struct addresses){zone, arena_take_array(arena, slots, sizeof(*a->slot)),
	                        (uint32_t)(slots - 1)};
	for (size_t i = 0; i < zone->count; i++)
		if (is_address(&zone->at[i]) && !goes_on(zone, i))
			note(a, (uint32_t)i);
}

struct rrset_list addresses_of(const struct addresses *a, struct bytes owner)
{
	const struct rrset *first;
	size_t count = 0, left;

	for (uint32_t i = hash(owner) & a->mask; a->slot[i] != 0; i = (i + 1) & a->mask) {
		first = &a->zone->at[a->slot[i] - 1];
		if (!bytes_same(first->owner, owner))
			continue;
		left = a->zone->count - (a->slot[i] - 1);
		while (count < left && bytes_same(first[count].owner, owner))
			count++;
		return (struct rrset_list){first, count};
	}
	return (struct rrset_list){NULL, 0};
}
