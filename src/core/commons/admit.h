/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_ADMIT_H
#define COMITY_COMMONS_ADMIT_H

/* admit.h - what is asked of every act before its kind is looked at. */

#include "commons/commons.h"

/* Federation, until, not seen before, the speaker, the signature lines. On true, `*signed_act`
 * borrows from `note` and `act`. */
bool admit(struct commons *commons, const struct note *note, const struct act *act,
           struct signed_act *signed_act, struct refusal *refusal);

/* Whether the rule is textually what it was in the charter version that the act names. */
bool admit_charter(const struct commons *commons, const struct act *act,
                   const struct charter_rule *rule, struct refusal *refusal);

/* Lines by the keys of one role in `keys`: exactly `threshold`, each good, no others. Used for
 * founders too. */
bool signed_by(const struct note *note, struct bytes keys, enum key_role role,
               uint32_t threshold, unsigned *count, struct refusal *refusal);

#endif
