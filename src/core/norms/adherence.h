/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_NORMS_ADHERENCE_H
#define COMITY_NORMS_ADHERENCE_H

/*
 * adherence.h - who is bound to which norm, in which version, and to what of it.
 *
 *     adherence/<norm>/<party>    status, version, since, until, reserved, act, | words
 *
 * A party is bound, and to just this, from `since` until the record is "ended"; a denunciation ends
 * it at `until`. It is not bound to the paragraphs it reserved. The record stays, so that "none" is not true twice.
 */

#include "state/record.h"

enum adherence_status { ADHERENCE_ACCEPTED, ADHERENCE_DENOUNCED, ADHERENCE_ENDED, ADHERENCE_STATUSES };

struct adherence {
	struct bytes norm, party;
	enum adherence_status status;
	uint32_t version;
	struct ledger_time since;
	struct ledger_time until; /* DENOUNCED: when it ends; ENDED: when it did */
	struct bytes reserved;    /* paragraphs, rising, blanks between; or "none" */
	struct bytes act;         /* the party's last; of a repeal, or a leaving, that one */
	struct bytes words;       /* of the reservation, "|" lines; may be empty */
};

const char *adherence_status_word(enum adherence_status status);

/* Borrowed from the state. */
bool adherence_get(const struct state *state, struct bytes norm, struct bytes party,
                   struct adherence *adherence);
bool adherence_next(const struct state *state, size_t *index, struct adherence *adherence);
void adherence_read(struct bytes record, struct adherence *adherence);
struct bytes adherence_key(struct record_key *key, struct bytes norm, struct bytes party);

/* Puts the record, and sets or clears the timer of a denunciation. */
void adherence_put(struct state *state, struct arena *arena, const struct adherence *adherence);

/* Whether somebody is bound to that version. */
bool adherence_to_version(const struct state *state, struct bytes norm, uint32_t version);

/* Whether the paragraph is among those reserved. */
bool adherence_reserves(struct bytes reserved, uint32_t paragraph);

static inline bool adherence_binds(const struct adherence *adherence)
{
	return adherence->status != ADHERENCE_ENDED;
}

#endif
