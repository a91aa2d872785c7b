/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_MANDATING_H
#define COMITY_COMMONS_MANDATING_H

/*
 * mandating.h - acts that the key of an operator signs in a party's name (state/mandate.h).
 *
 * Such an act is the party's: its `by` is the party, the same rule governs it, and the party's consent is
 * in it. Two questions are asked besides: whether a mandate of the party names this key, and whether it
 * covers exactly what changes. The second is asked when the act takes effect, so that a proposal of an
 * operator dies with its mandate.
 */

#include "commons/commons.h"
#include "state/mandate.h"

/* Live mandates of one party, at most. */
#define MANDATES_MAX 256

/* How far ahead a mandate may expire, in seconds. */
#define MANDATE_MAX ((int64_t)731 * SECONDS_A_DAY)

/* Whether acts of that kind may be signed by an operator's key at all. */
bool mandating_signs(enum act_kind kind);

/* Whether the note is signed by one line, and that by a key named as an operator's. */
bool mandating_is_operators(const struct note *note);

/*
 * Such a note: the line is by a key that a mandate of `by` names - of a batch in the operator's own name,
 * a mandate of who keeps one of its TLDs - and holds. On true, s->operator is set.
 */
bool mandating_admits(struct commons *commons, const struct note *note, struct signed_act *s,
                      struct refusal *refusal);

/* Whether the mandate of the key that signed covers what the act changes. True where a party signed itself. */
bool mandating_covers(struct commons *commons, const struct signed_act *act, struct refusal *refusal);

/* Who keeps the delegation of a TLD: an interim operator in the holder's place, where there is one. It borrows from the state.
 * False: nobody holds the TLD. */
bool mandating_keeper(const struct commons *commons, struct bytes label, struct bytes *party);

/* The mandates of the party for that very TLD end; all of the party. */
void mandates_end_tld(struct commons *commons, struct bytes party, struct bytes label, struct bytes act);
void mandates_end_all(struct commons *commons, struct bytes party, struct bytes act);

#endif
