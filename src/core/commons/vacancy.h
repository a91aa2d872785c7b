/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_VACANCY_H
#define COMITY_COMMONS_VACANCY_H

/*
 * vacancy.h - a name that was taken from its holder by an award (comity-arbitration(7), revoke).
 *
 *     vacant/<label>    holder, since, dispute
 *
 * It keeps resolving as last agreed. Its record names the holder it was taken from until a successor has it by a
 * grant, whose records are then those that stand until the successor sets its own. The holder it was taken from
 * may have left by then: no other party ever has its name.
 */

#include "commons/commons.h"

bool vacancy_stands(const struct state *state, struct bytes label);

/* When, and by which dispute, the name was taken; false: it was not. */
bool vacancy_get(const struct state *state, struct bytes label, struct ledger_time *since,
                 struct bytes *dispute);

void vacancy_put(struct commons *commons, const struct holding *holding, struct bytes dispute);

/* It has a holder again. */
void vacancy_end(struct commons *commons, struct bytes label);

#endif
