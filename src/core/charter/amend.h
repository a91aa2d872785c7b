/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_AMEND_H
#define COMITY_CHARTER_AMEND_H

/* amend.h - what changes between two charters (comity-charter(7), AMENDMENT). */

#include "charter/charter.h"

/*
 * Whether a rule is the same in two charters: the same line, the same definitions
 * of the chambers and lists it names, and the same weights where it counts by
 * weight. The number of its article does not matter. `a` is a rule of `of_a`,
 * `b` of `of_b`; NULL is the same as NULL only.
 */
bool charter_rule_same(const struct charter *of_a, const struct charter_rule *a,
                       const struct charter *of_b, const struct charter_rule *b);

/*
 * The rule of `from` that governs amending it into `to`: charter.entrench when
 * `from` has that rule and an entrenched article, or what a rule in it rests on,
 * is changed, taken out, added or freed, when a rule comes that touches what a
 * party holds and that `from` does not have, or when whose votes count changes by
 * `inactive`; otherwise charter.amend.
 */
const struct charter_rule *charter_amending_rule(const struct charter *from,
                                                 const struct charter *to);

#endif
