/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_HOST_IMPORT_MAP_H
#define COMITY_HOST_IMPORT_MAP_H

/*
 * map.h - which party will hold which TLD (comity-import(1), THE MAP).
 *
 *     # a comment
 *     PARTY TLD...
 *
 * Or, without a map: a party that is named by the two letters of a country (ISO 3166-1) holds
 * the TLDs of that country.
 */

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/fault.h"
#include "base/mishap.h"
#include "commons/importing.h"

struct map {
	struct importing_share *share; /* sorted by label, none twice */
	size_t count;
};

/* Octets of arena that a map of that many octets may take. */
#define MAP_ARENA_SIZE(size) (64 * (size) + 4096)

/*
 * Reads all of `text`, from which the shares borrow. `parties` are words with single blanks between; where it
 * is not empty, a party that is not one of them is a fault. False, and `*fault` set with the
 * line, when it is not a map, or names a TLD twice.
 */
bool map_read(struct bytes text, struct bytes parties, struct arena *arena, struct map *map,
              struct fault *fault) CHECKED;

/* The map of countries, for those `parties` that are named by one. */
void map_of_countries(struct bytes parties, struct arena *arena, struct map *map);

/* Whether `name` may be the name of a party. */
bool map_party_valid(struct bytes name);

#endif
