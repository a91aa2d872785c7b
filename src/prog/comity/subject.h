/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_SUBJECT_H
#define COMITY_COMITY_SUBJECT_H

/* subject.h - which record an act is about. */

#include "act/act.h"
#include "state/record.h"

/* The key of the record whose leaf hash the act's `replaces` names; empty for a kind without one. The
 * act's other fields are set. */
struct bytes act_slot_key(const struct act *act, struct record_key *key);

/* Whether the act is part of the story of the record of that key: it sets it, or it is the
 * proposal, a vote on it, a step of the ceremony, a part of the job. */
bool act_is_about(const struct act *act, struct bytes key);

/* The label of the TLD that the act is about; empty when it is about none. */
struct bytes act_tld(const struct act *act);

/* Whether the act is a batch with an item about that TLD: its change, "ds". */
bool act_batch_change(const struct act *act, struct bytes label, struct bytes *change);

/* The rule of the charter that governed the act, as far as the act itself says: of a charter-amend it
 * may have been charter.entrench. */
const char *act_rule(const struct act *act);

#endif
