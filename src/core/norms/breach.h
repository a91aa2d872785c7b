/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NORMS_BREACH_H
#define COMITY_NORMS_BREACH_H

/*
 * breach.h - a duty of a norm that a party does not keep.
 *
 *     breach/<norm>/<party>/<paragraph>    status, version, duty, since, opened, until, count, saw,
 *                                          contested
 *
 *     lapsed    the duty is not kept, not yet for longer than it allows
 *     open      it is broken: everybody is told
 *     cured     it is kept again
 *     ended     the party is not bound to it any more
 *
 * A breach says something; it changes nothing, and never a delegation.
 */

#include "norms/duty.h"
#include "state/record.h"

#define BREACH_PERIOD (30 * SECONDS_A_DAY) /* seconds, within which a duty broken again is the same breach */

enum breach_status { BREACH_LAPSED, BREACH_OPEN, BREACH_CURED, BREACH_ENDED, BREACH_STATUSES };

struct breach {
	struct bytes norm, party;
	uint32_t paragraph;
	enum breach_status status;
	uint32_t version;
	struct duty duty;
	struct ledger_time since;  /* from when on the duty was not kept */
	struct ledger_time opened; /* when the breach opened; while `count` is not 0 */
	struct ledger_time until;  /* CURED and ENDED: when it was over */
	uint32_t count;            /* breaches so far, this one too; 0: it only lapsed */
	struct bytes saw;          /* key of the record that showed it, or "none" */
	struct bytes contested;    /* the act by which the party contests it, or "none" */
};

const char *breach_status_word(enum breach_status status);

/* Borrowed from the state. */
bool breach_get(const struct state *state, struct bytes norm, struct bytes party,
                uint32_t paragraph, struct breach *breach);
bool breach_next(const struct state *state, size_t *index, struct breach *breach);
void breach_put(struct state *state, struct arena *arena, const struct breach *breach);
struct bytes breach_key(struct record_key *key, struct bytes norm, struct bytes party,
                        uint32_t paragraph);

/* The breach of that key, "breach/...", as an act names it. */
bool breach_named(const struct state *state, struct bytes key, struct breach *breach);

/* It is over, in that way (CURED or ENDED), at `now`. What only lapsed leaves nothing. */
void breach_close(struct state *state, struct arena *arena, const struct breach *breach,
                  enum breach_status status, struct ledger_time now);

/* The same of every breach of the party of that norm that is not over. */
void breaches_end(struct state *state, struct arena *arena, struct bytes norm, struct bytes party,
                  struct ledger_time now);

static inline bool breach_lives(const struct breach *breach)
{
	return breach->status <= BREACH_OPEN;
}

#endif
