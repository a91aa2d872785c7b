/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ARBITRATION_MEASURE_H
#define COMITY_ARBITRATION_MEASURE_H

/*
 * measure.h - what a panel has ordered to stand for a time.
 *
 *     frozen/<label>       expires, dispute              the delegation stays as it is
 *     interim/<label>      operator, expires, dispute    that party keeps it in its holder's place
 *     suspended/<party>    expires, dispute              its votes do not count
 *
 * None of them takes a record out of the zone. Each ends by itself at `expires`.
 */

#include "state/record.h"

struct measure {
	struct ledger_time expires;
	struct bytes dispute;  /* act-id */
	struct bytes operator; /* of interim/; else empty */
};

/* The measure "frozen", "interim" or "suspended" of that name, if it stands at `time`. */
bool measure_get(const struct state *state, const char *kind, struct bytes name,
                 struct ledger_time time, struct measure *measure);

/* Puts it in place of one that may stand, and sets the timer that ends it. */
void measure_put(struct state *state, struct arena *arena, const char *kind, struct bytes name,
                 const struct measure *measure);

/* Ends it, if it is of that dispute. */
void measure_lift(struct state *state, const char *kind, struct bytes name,
                  struct bytes dispute);

/* The timer "kind/name": ends the measure when its time has come. */
void measure_timer(struct state *state, struct bytes key, struct ledger_time now);

#endif
