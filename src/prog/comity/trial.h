/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_TRIAL_H
#define COMITY_COMITY_TRIAL_H

/*
 * trial.h - what would become of an act, tried on our copy of the state by the core's own rules.
 *
 * What we refuse is refused with the node's reasons; the node still has the last word, and a moment
 * later it may be another one.
 */

#include "commons/apply.h"
#include "prog/comity/view.h"

/* An act of the home's party: kind and head; one day ahead. */
struct act trial_act(const struct command *command, const struct view *view, enum act_kind kind);

/* What the view holds after the trial; trial_end() takes it back. */
struct trial {
	struct state_mark mark;
	struct bytes id;      /* of the act, in the command's memory */
	bool proposed;        /* it would be a proposal; else it would take effect at once */
	bool with_recipient;  /* only when the recipient signs it too */
};

/*
 * Tries an act that was read, as if it were signed as it must be: by the party itself, or by that key of an
 * operator (NULL: none). False: refused, and the view as it
 * was. Otherwise the view is as it would be, until trial_end().
 */
bool trial_begin(struct command *command, struct view *view, const struct act *act,
                 const struct note_key *operator, struct trial *trial, struct refusal *refusal);
void trial_end(struct view *view, const struct trial *trial);

/* Whether the proposal would take that vote or objection; `replaces` is filled in. */
bool trial_speech(struct command *command, struct view *view, struct act *act,
                  struct refusal *refusal);

/* The slot of a record in the view, for `replaces`: hex, or "none". */
struct bytes slot_of(struct command *command, const struct view *view, struct bytes key);

#endif
