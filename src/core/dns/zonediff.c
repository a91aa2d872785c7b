/* SPDX-License-Identifier: Apache-2.0 */
#include "dns/zonediff.h"

static void step_old(struct zone_diff *diff)
{
	diff->old_left = rr_walk_next(&diff->old_walk, &diff->old_rr);
}

static void step_new(struct zone_diff *diff)
{
	diff->new_left = rr_walk_next(&diff->new_walk, &diff->new_rr);
}

struct zone_diff zone_diff_over(const struct rrset_list *old, const struct rrset_list *new)
{
	struct zone_diff diff = {.old_walk = rr_walk_over(old), .new_walk = rr_walk_over(new)};

	step_old(&diff);
	step_new(&diff);
	return diff;
}

/* How the next of the old zone stands to the next of the new one; a zone that has ended stands behind. */
static int order(const struct zone_diff *diff)
{
	if (!diff->old_left || !diff->new_left)
		return diff->old_left ? -1 : 1;
	return rr_compare(&diff->old_rr, &diff->new_rr);
}

bool zone_diff_next(struct zone_diff *diff, struct zone_change *change)
{
	while (diff->old_left || diff->new_left) {
		int d = order(diff);

		if (d == 0 && diff->old_rr.ttl == diff->new_rr.ttl) {
			step_old(diff);
			step_new(diff);
			continue;
		}
		if (d > 0) {
			*change = (struct zone_change){true, diff->new_rr};
			step_new(diff);
		} else {
			*change = (struct zone_change){false, diff->old_rr};
			step_old(diff);
		}
		return true;
	}
	return false;
}

void zone_diff_write_text(struct writer *writer, const struct rrset_list *old,
                          const struct rrset_list *new)
{
	struct zone_diff diff = zone_diff_over(old, new);
	struct zone_change change;

	while (zone_diff_next(&diff, &change)) {
		write_text(writer, change.added ? "+ " : "- ");
		rr_write_text(writer, &change.rr);
		write_octet(writer, '\n');
	}
}
