/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_STATE_CLOCK_H
#define COMITY_STATE_CLOCK_H

/*
 * clock.h - what happens because time passes.
 *
 *     timer/<deadline>/<what>    fires at the first block at or after the deadline
 *     seen/<until>/<act-id>      an act that entered, until it is dead anyway
 *
 * Both sort by time, so what is due stands first.
 */

#include "state/record.h"

void timer_set(struct state *state, struct arena *arena, struct ledger_time deadline,
               struct bytes what);
void timer_clear(struct state *state, struct ledger_time deadline, struct bytes what);

/* The timer that fires first, if any. `*what` is borrowed from the state. */
bool timer_first(const struct state *state, struct ledger_time *deadline, struct bytes *what);

void seen_put(struct state *state, struct arena *arena, const struct digest *act,
              struct ledger_time until, uint64_t height);

/* Whether the act has entered; `*height` is then its block. */
bool seen_get(const struct state *state, const struct digest *act, struct ledger_time until,
              uint64_t *height);

/* Forgets acts that are dead at `now`. */
void seen_forget(struct state *state, struct ledger_time now);

#endif
