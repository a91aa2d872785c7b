/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_ARBITRATION_DISPUTE_H
#define COMITY_ARBITRATION_DISPUTE_H

/*
 * dispute.h - a dispute and what was said in it, as records of the state (comity-state(5)).
 *
 *     dispute/<act-id>                   how it stands; | the act of the award
 *     rank/<act-id>/<party>              ranks, act
 *     ruling/<act-id>/<arbitrator>       decision, act
 *     measure/<act-id>/<arbitrator>      decision, act
 *     exhibit/<act-id>/<digest>          party, size, act
 *
 * A closed dispute keeps its own record and its exhibits; ranks, rulings and measures go.
 */

#include "arbitration/panel.h"
#include "arbitration/procedure.h"
#include "state/record.h"

struct dispute {
	struct bytes id;
	struct procedure procedure;
	struct ledger_time opened;
	struct charter_times times; /* those of the charter it was opened under */
	struct bytes subject; /* "tld/label", "party/name" or "breach/norm/party/paragraph" */
	struct bytes side[SIDES];
	enum remedy asked;
	struct bytes seat[SEATS]; /* "none" while it is empty */
	struct bytes challenged, raiser, decider; /* of a challenge; otherwise "none" */
	struct bytes removed; /* arbitrators who were replaced, blanks between; or "none" */
	struct bytes list;    /* among whom is drawn; for the chair, who is ranked; sorted; or "none" */
	uint64_t after;       /* DRAW: the newest job when the draw was called for; a release of a later one decides it */
	struct bytes award;   /* act-id of the ruling that completed it, or "none" */
	uint32_t reason;      /* number of the refusal that ended it; 0 for none */
	struct bytes text;    /* that ruling, as "|" lines; empty when there is none, or closed */
};

/* Borrowed from the state. */
bool dispute_get(const struct state *state, struct bytes id, struct dispute *dispute);
bool dispute_next(const struct state *state, size_t *index, struct dispute *dispute);

/* Puts the record and sets the timer of its deadline, in place of the one before. */
void dispute_put(struct state *state, struct arena *arena, const struct dispute *dispute);

/* The label of the TLD that it is about; false when it is about a party. */
bool dispute_label(const struct dispute *dispute, struct bytes *label);

/* The side of a party; false when it is neither. */
bool dispute_side(const struct dispute *dispute, struct bytes party, enum side *side);

/* Whether the party sits on the panel. */
bool dispute_sits(const struct dispute *dispute, struct bytes party);

/* Whether the party has a part in it: as a side, on the panel or on its list, or to decide a challenge. */
bool dispute_has(const struct dispute *dispute, struct bytes party);

/* Whether an open dispute needs the party to stay: as a side, on the panel or on its list. */
bool dispute_needs(const struct state *state, struct bytes party);

/*
 * Arbitrators of the slots "kind/<act-id>/": how many of those who sit have entered that
 * decision.
 */
unsigned dispute_agreed(const struct state *state, const struct dispute *dispute,
                        const char *kind, const struct digest *decision);

/* Whether the word is among words with blanks between; "none" holds nobody. */
bool dispute_word_among(struct bytes words, struct bytes word);

#endif
