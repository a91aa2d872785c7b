/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_RETIREMENT_H
#define COMITY_COMMONS_RETIREMENT_H

/*
 * retirement.h - a name whose end has a date (comity-charter(7), SUCCESSION).
 *
 *     retirement/<label>    holder, ground, notice, ends, latest, act
 *
 * It keeps resolving to the end. The rule delegate.retire gives notice, and agrees to a later end; an earlier one
 * is the holder's.
 */

#include "commons/commons.h"

struct retirement {
	struct bytes label, holder;
	struct bytes ground; /* code-removed or code-changed */
	struct ledger_time notice, ends, latest;
	struct bytes act;    /* the newest that set the end */
};

/* That of the TLD; false: it does not end. Of all, the next, from *index = 0 on. They borrow from the state. */
bool retirement_get(const struct state *state, struct bytes label, struct retirement *retirement);
bool retirement_next(const struct state *state, size_t *index, struct retirement *retirement);

/* Nothing retires the name any more: it was withdrawn, or a ruling restored it. */
void retirement_end(struct commons *commons, struct bytes label);

/* The end has come: the name leaves the zone. While it is frozen, or name servers of others live below it, it
 * stays, and its end is put off. */
void retirement_timer(struct commons *commons, struct bytes label);

#endif
