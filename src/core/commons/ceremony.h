/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_CEREMONY_H
#define COMITY_COMMONS_CEREMONY_H

/*
 * ceremony.h - making a key that nobody holds, step by step (comity-custody(7), CEREMONIES).
 *
 *     key -> deal -> confirm -> sign -> done
 *
 * A phase ends as soon as every member has done its part. Whoever has not when its time is over,
 * or is found guilty, is excluded and named, and the ceremony begins anew without it; the
 * threshold is that of all signers and never falls.
 */

#include "commons/commons.h"

/* The end of a block: opens the first ceremonies, moves phases on, excludes who is absent. */
void ceremonies_step(struct commons *commons);

/* Whether one is under way. */
bool ceremonies_are_open(const struct state *state);

/* The new group has signed: it is active. Closes the job. */
void ceremony_confirmed(struct commons *commons, const struct work *work);

/* Opens a ceremony among all signers. */
void ceremony_open(struct commons *commons, enum group_kind kind);

#endif
