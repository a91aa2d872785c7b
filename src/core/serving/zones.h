/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SERVING_ZONES_H
#define COMITY_SERVING_ZONES_H

/*
 * zones.h - several zones in one server, and which of them a name belongs to.
 *
 * A root-shaped zone is answered from its image, any other the ordinary way. A server of one
 * zone has no such table and never looks here.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "serving/image.h"
#include "serving/ordinary/file.h"

#define ZONES_MAX 64 /* in one server, the main one included */

struct attendant;
struct transfer;

struct zone {
	struct bytes apex;
	const struct image *image;       /* NULL: not root-shaped, or not here yet */
	const struct ordinary *ordinary; /* NULL: root-shaped, or not here yet */
	const struct transfer *transfer; /* NULL: there is none */
	const struct attendant *attendant; /* who may take it, and tell of a new one */
	uint32_t number; /* among those configured; 0: the main zone */
	bool expired;    /* it may no longer be served */
};

struct zones {
	const struct zone *zone[ZONES_MAX]; /* the longest apex first */
	size_t count;
	const struct zone *root; /* the one whose apex is the root; NULL: none */
	uint64_t last_labels;    /* of the others: a bit for each zones_hash() of their last label */
};

/* Begins an empty table, and adds a zone, which stays the caller's and in place. False: there is
 * one of that apex, or no room. */
void zones_begin(struct zones *zones);
bool zones_add(struct zones *zones, const struct zone *zone) CHECKED;

/* True when there is something to answer from. */
static inline bool zone_is_here(const struct zone *zone)
{
	return (zone->image != NULL || zone->ordinary != NULL) && !zone->expired;
}

/* The zone with the longest apex that `name`, a view in lower case, is in-domain of; NULL when it
 * is in none. */
const struct zone *zones_of(const struct zones *zones, struct bytes name);

/*
 * The zone to answer a question from. That is zones_of(), but DS at an apex is asked of the zone
 * above, where that has the delegation (RFC 4035 section 3.1.4.1). `name` is as it stands
 * in a message, uncompressed and in any case.
 */
const struct zone *zones_choose(const struct zones *zones, const uint8_t *name, uint32_t labels,
                                uint32_t type);

/* The zone of exactly this apex; NULL when there is none. */
const struct zone *zones_at(const struct zones *zones, struct bytes apex);

#endif
