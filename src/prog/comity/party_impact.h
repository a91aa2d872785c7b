/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_PARTY_IMPACT_H
#define COMITY_COMITY_PARTY_IMPACT_H

/*
 * party_impact.h - what follows when a party comes, goes, or has its votes suspended, before anybody votes.
 *
 * The charter is checked over the parties of the view, and over those there would be
 * (power/check.h): who counts where, how many carry and stop each rule, whose silence does, who
 * signs, which ceremonies follow.
 */

#include "prog/comity/view.h"

enum impact_change {
	IMPACT_COMES,
	IMPACT_GOES,
	IMPACT_SUSPENDED, /* its votes do not count; what it holds, and its share of the key, stay */
};

struct impact {
	enum impact_change change;
	struct bytes party, kind;
};

/* What the act would change about who is there: its own, or that of the proposal on which it speaks. False: nothing. */
bool impact_of_act(struct command *command, const struct view *view, const struct act *act, struct impact *impact);

/* In sentences and a table, on standard output; or as an object under `key`. */
void tell_impact(struct command *command, const struct view *view, const struct impact *impact);
void json_impact(struct command *command, const char *key, const struct view *view, const struct impact *impact);

#endif
