/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_FROST_SET_H
#define COMITY_FROST_SET_H

/*
 * set.h - which members of a group sign together (the participants of one
 * signature, RFC 9591 section 5).
 *
 * A struct frost_set has at least min_participants members, ascending by
 * identifier, and its interpolating values belong to exactly these members of
 * exactly this group: there is no cache that could mistake one set for another.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/mishap.h"
#include "frost/group.h"
#include "frost/suite.h"

struct frost_set {
	const struct frost_group *group; /* borrowed */
	uint16_t count;
	uint16_t identifier[FROST_PARTICIPANTS_MAX];
	uint16_t member[FROST_PARTICIPANTS_MAX];             /* index in the group */
	struct public_scalar lambda[FROST_PARTICIPANTS_MAX]; /* derive_interpolating_value */
};

/*
 * MISHAP_LIMIT: fewer than min_participants, or more than there are members.
 * MISHAP_MALFORMED: not ascending, or not a member. `*set` is then undefined.
 */
enum mishap frost_set_make(struct frost_set *set, const struct frost_group *group,
                           const uint16_t *identifiers, size_t count) CHECKED;

/* The place of `identifier` in the set; false, and `*index` untouched, if it is not in it. */
bool frost_set_find(const struct frost_set *set, uint16_t identifier, size_t *index);

#endif
