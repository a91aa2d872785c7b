/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_FREEZE_H
#define COMITY_COMMONS_FREEZE_H

/*
 * freeze.h - nothing of a name changes for a while (comity-charter(7), emergency.freeze).
 *
 *     freeze/<label>    whose it was, until when, and whether that was ratified
 *
 * A frozen name keeps resolving as last agreed. The record stays when the freeze is over: until it
 * is ratified, the rule cannot be used again on the same name of the same holder.
 */

#include "commons/commons.h"

struct freeze {
	struct bytes label, holder;
	struct ledger_time until;
	struct bytes ratified; /* open, yes, no, or none where the rule asks for it not */
	uint32_t charter;      /* the version it was made under */
	struct bytes act;
};

bool freeze_get(const struct state *state, struct bytes label, struct freeze *freeze);

/* Whether the act would change a name that is frozen now. */
bool freeze_holds(const struct commons *commons, const struct signed_act *act);

/* The case that ratifies the freeze of that act is over; when it did not hold, so is the freeze. */
void freeze_ratified(struct commons *commons, struct bytes act, bool held);

#endif
