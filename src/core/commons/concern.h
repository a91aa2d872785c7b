/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_CONCERN_H
#define COMITY_COMMONS_CONCERN_H

/* concern.h - which rule governs an act, and what part each party has in it. */

#include "commons/commons.h"

enum part {
	PART_HOLDER = 1,     /* of the TLD, owner of the host or server, the party itself */
	PART_RECIPIENT = 2,  /* of a grant or transfer */
	PART_PROPOSER = 4,   /* whose act it is */
	PART_CONCERNED = 8,  /* whose own it is about: does not judge where the rule says so */
	PART_INTERESTED = 16 /* holds a TLD that uses a name server at stake, or owns one to be used */
};

/* The name of the rule (comity-act(5), KINDS): "party" and "computed" ask for nobody's consent. */
const char *concern_rule(const struct commons *commons, const struct signed_act *act);

/* The label of the TLD that the act is about; false when it is about none. */
bool concern_label(const struct act *act, struct bytes *label);

/* An act, and whose hosts are at stake in it: found once, asked of each party. */
struct concern {
	const struct signed_act *act;
	const struct stake *stakes;
	struct bytes label; /* of the TLD it is about: other names are interested; empty for none */
	bool founds; /* a TLD that has no record yet: who owns a host it uses is interested */
};

/* Finds them; the concern lives in the arena, and as long as the state does not change. */
void concern_find(const struct commons *commons, const struct signed_act *act,
                  struct arena *arena, struct concern *concern);

/* Parts of that party, or-ed. */
unsigned concern_of(const struct commons *commons, const struct concern *concern,
                    struct bytes party);

#endif
