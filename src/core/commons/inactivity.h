/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_INACTIVITY_H
#define COMITY_COMMONS_INACTIVITY_H

/*
 * inactivity.h - whose votes do not count because it misses its duties and does nothing
 * (comity-charter(7), INACTIVITY).
 *
 *     inactive/<party>    status, from, missed...
 *
 *     counting     fewer than the charter says
 *     warned       from `from` on its votes do not count
 *     withheld     that time has come; too few would be left
 *     suspended    its votes do not count
 *
 * Missed duties are breaches (norms/breach.h). Nothing but votes is touched, and any act of its own ends it.
 */

#include "commons/commons.h"

#define INACTIVITY_NOTICE (7 * SECONDS_A_DAY) /* seconds, between the warning and its effect */

enum inactive_status { INACTIVE_COUNTING, INACTIVE_WARNED, INACTIVE_WITHHELD, INACTIVE_SUSPENDED, INACTIVE_STATUSES };

struct missed {
	struct ledger_time at;
	struct bytes norm;
	uint32_t paragraph;
};

struct inactive {
	struct bytes party;
	enum inactive_status status;
	struct ledger_time from; /* but while COUNTING */
	unsigned count;
	struct missed missed[CHARTER_MISSED_MAX]; /* as they came */
};

const char *inactive_status_word(enum inactive_status status);

/* Borrowed from the state. */
bool inactive_get(const struct state *state, struct bytes party, struct inactive *inactive);
bool inactive_next(const struct state *state, size_t *index, struct inactive *inactive);

/* Whether the party's votes do not count now, for that reason. */
bool inactivity_holds(const struct commons *commons, struct bytes party);

/* Once a day, after the duties were looked at. */
void inactivity_look(struct commons *commons);

/* The party does something, by itself: all of that is over. */
void inactivity_acted(struct commons *commons, const struct signed_act *act);

#endif
