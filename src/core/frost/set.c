/* SPDX-License-Identifier: Apache-2.0 */
#include "frost/set.h"

#include "frost/interpolate.h"

enum mishap frost_set_make(struct frost_set *set, const struct frost_group *group,
                           const uint16_t *identifiers, size_t count)
{
	/* RFC 9591 section 5: MIN_PARTICIPANTS <= NUM_PARTICIPANTS <= MAX_PARTICIPANTS. */
	if (count < group->min_participants || count > group->max_participants)
		return MISHAP_LIMIT;
	if (!frost_identifiers_ascending(identifiers, count))
		return MISHAP_MALFORMED;
	set->group = group;
	set->count = (uint16_t)count;
	for (size_t i = 0; i < count; i++) {
		size_t member;

		if (!frost_group_find(group, identifiers[i], &member))
			return MISHAP_MALFORMED;
		set->identifier[i] = identifiers[i];
		set->member[i] = (uint16_t)member;
	}
	frost_interpolating_values(set->lambda, identifiers, count);
	return OK;
}

bool frost_set_find(const struct frost_set *set, uint16_t identifier, size_t *index)
{
	for (size_t i = 0; i < set->count; i++)
		if (set->identifier[i] == identifier) {
			*index = i;
			return true;
		}
	return false;
}
