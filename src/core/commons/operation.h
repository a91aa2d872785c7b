/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_OPERATION_H
#define COMITY_COMMONS_OPERATION_H

/*
 * operation.h - who keeps a name whose holder cannot, for a time (comity-charter(7), SUCCESSION).
 *
 *     operation/<label>    operator, holder, ground, from, until, act
 *
 * By rule delegate.operate, or by an award (arbitration/measure.h, interim/<label>/). The operator is in the
 * holder's place where a delegation or its name servers change, and nowhere else; the holder keeps the name. It
 * ends by itself at `until`. The record stays: it says how long the holder was without its name before.
 */

#include "commons/commons.h"

struct operation {
	struct bytes label, operator, holder;
	struct bytes ground;             /* keys-lost, incapacity or contested */
	struct ledger_time from, until;  /* from: of the first of operations that follow on each other */
	struct bytes act;
};

/* The newest operation of the name by the rule, over or not. */
bool operation_get(const struct state *state, struct bytes label, struct operation *operation);

/* Whether it stands at `time`: the name has the same holder, and its time is not over. */
bool operation_stands(const struct state *state, const struct operation *operation,
                      struct ledger_time time);

/* Who keeps the name now in its holder's place, by the rule or by an award. False: nobody. */
bool interim_operator_get(const struct commons *commons, struct bytes label, struct bytes *operator);

#endif
