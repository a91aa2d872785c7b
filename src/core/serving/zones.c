/* SPDX-License-Identifier: Apache-2.0 */
#include "serving/zones.h"

#include "dns/dname.h"
#include "dns/type.h"

/* ---- the table ---- */

/* A bit for a label: most names are of none of our few zones, and this tells so at once. */
static uint64_t label_bit(const uint8_t *label)
{
	uint32_t hash = label[0] * 5u + dname_lower(label[1]) + dname_lower(label[label[0]]) * 3u;

	return (uint64_t)1 << hash % 64;
}

void zones_begin(struct zones *zones)
{
	*zones = (struct zones){.count = 0};
}

bool zones_add(struct zones *zones, const struct zone *zone)
{
	unsigned labels = dname_label_count(zone->apex);
	size_t at = zones->count;

	if (at == ZONES_MAX || zones_at(zones, zone->apex) != NULL)
		return false;
	for (; at > 0 && dname_label_count(zones->zone[at - 1]->apex) < labels; at--)
		zones->zone[at] = zones->zone[at - 1];
	zones->zone[at] = zone;
	zones->count++;
	if (labels == 0)
		zones->root = zone;
	else
		zones->last_labels |= label_bit(dname_last(zone->apex, 1).at);
	return true;
}

/* ---- choosing ---- */

const struct zone *zones_at(const struct zones *zones, struct bytes apex)
{
	for (size_t i = 0; i < zones->count; i++)
		if (bytes_same(zones->zone[i]->apex, apex))
			return zones->zone[i];
	return NULL;
}

const struct zone *zones_of(const struct zones *zones, struct bytes name)
{
	for (size_t i = 0; i < zones->count; i++)
		if (dname_in_domain(name, zones->zone[i]->apex))
			return zones->zone[i];
	return NULL;
}

/* True when `name` is a zone cut of an image. */
static bool image_has_cut(const struct image *image, struct bytes name)
{
	uint32_t low = 0, high = image->node_count;

	while (high - low > 1) {
		uint32_t middle = low + (high - low) / 2;

		if (dname_order(image_name(image, &image->node[middle]), name) <= 0)
			low = middle;
		else
			high = middle;
	}
	return image->node[low].kind == IMAGE_CUT &&
	       bytes_same(image_name(image, &image->node[low]), name);
}

static bool has_cut(const struct zone *zone, struct bytes name)
{
	struct ordinary_place place;

	if (zone->image != NULL)
		return image_has_cut(zone->image, name);
	if (zone->ordinary == NULL)
		return false;
	place = ordinary_find(zone->ordinary, name);
	return place.kind == PLACE_CUT &&
	       bytes_same(ordinary_name(zone->ordinary, place.node), name);
}

/* The zone that delegates to `child`; itself when none here does. */
static const struct zone *parent_of(const struct zones *zones, const struct zone *child)
{
	for (size_t i = 0; i < zones->count; i++)
		if (zones->zone[i] != child &&
		    dname_in_domain(child->apex, zones->zone[i]->apex) &&
		    has_cut(zones->zone[i], child->apex))
			return zones->zone[i];
	return child;
}

/* The last label of a name as it stands in a message. */
static const uint8_t *last_label(const uint8_t *name)
{
	while (name[1u + name[0]] != 0)
		name += 1u + name[0];
	return name;
}

const struct zone *zones_choose(const struct zones *zones, const uint8_t *name, uint32_t labels,
                                uint32_t type)
{
	const struct zone *zone;
	struct dname lower;
	size_t taken;

	if (labels == 0 || (zones->last_labels & label_bit(last_label(name))) == 0)
		return zones->root;
	if (dname_read((struct bytes){name, DNAME_SIZE_MAX}, &lower, &taken) != OK)
		return NULL;
	zone = zones_of(zones, dname_bytes(&lower));
	if (type == TYPE_DS && zone != NULL && bytes_same(zone->apex, dname_bytes(&lower)))
		return parent_of(zones, zone);
	return zone;
}
