/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ARBITRATION_MEASURE_H
#define COMITY_ARBITRATION_MEASURE_H

/*
 * measure.h - what a panel has ordered to stand for a time.
 *
 *     frozen/<label>/<act-id>       expires              the delegation stays as it is
 *     interim/<label>/<act-id>      operator, expires    that party keeps it in its holder's place
 *     suspended/<party>/<act-id>    expires              its votes do not count
 *
 * Each is of one dispute, whose act-id it has: no case ends or shortens what was ordered in another. It stands while whom it
 * touches, the party or the holder of the name, is a side of that dispute. None of them takes a record out of the zone.
 * Each ends by itself at `expires`.
 */

#include "state/record.h"

struct measure {
	struct ledger_time expires;
	struct bytes dispute;  /* act-id */
	struct bytes operator; /* of interim/; else empty */
};

/* Whether a measure "frozen", "interim" or "suspended" of that name stands at `time`: of several, the one that ends last. */
bool measure_get(const struct state *state, const char *kind, struct bytes name,
                 struct ledger_time time, struct measure *measure);

/* Puts it in place of one of the same dispute, and sets the timer that ends it. */
void measure_put(struct state *state, struct arena *arena, const char *kind, struct bytes name,
                 const struct measure *measure);

/* Ends the one of that dispute, if there is one. */
void measure_lift(struct state *state, const char *kind, struct bytes name,
                  struct bytes dispute);

/* The timer "kind/name/act-id": ends the measure when its time has come. */
void measure_timer(struct state *state, struct bytes key, struct ledger_time now);

#endif
