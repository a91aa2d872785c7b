/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_SUSPENDING_H
#define COMITY_COMMONS_SUSPENDING_H

/*
 * suspending.h - whose votes do not count for a time (comity-charter(7), party.suspend).
 *
 *     suspension/<party>    expires, act
 *
 * By the rule party.suspend; an award can do the same (arbitration/measure.h), and neither lifts the
 * other. Nothing but votes is touched: what the party holds, and its share of the key, stay. It ends by
 * itself at `expires`. A case that is open keeps the votes that it opened with.
 */

#include "commons/commons.h"

#define SUSPENSION_MAX ((int64_t)180 * SECONDS_A_DAY) /* seconds, at most, from when it takes effect */

/* Whether the party's votes do not count now: by the rule or by an award, or because it is inactive. */
bool suspending_holds(const struct commons *commons, struct bytes party);

/* The same, by the rule or by an award. */
bool suspending_ordered(const struct commons *commons, struct bytes party);

/* The timer "suspension/party". */
void suspending_timer(struct commons *commons, struct bytes key);

#endif
