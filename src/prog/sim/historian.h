/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_SIM_HISTORIAN_H
#define COMITY_SIM_HISTORIAN_H

/*
 * historian.h - makes history happen again: what changed from one release of a root zone to the
 * next is said by those whose it is, as acts.
 *
 *     a delegation             delegate by its holder; ds-drop where only DS go
 *     a shared name server     host by its owner
 *     a new TLD                grant, then delegate by the new holder
 *     one that is gone         withdraw by its holder
 *     a root server            server by its party
 *     a broken technical rule  waive by the holder, once the charter has refused
 *
 * Nothing is known but the content before and after, and what the state says; nothing is
 * submitted in another way than a party would.
 */

#include "prog/sim/federation.h"
#include "prog/sim/history.h"

struct historian {
	struct federation *f;
	struct content content;      /* as it should be */
	struct arena scratch;        /* of one release */
	uint64_t entered[ACT_KINDS]; /* acts, by kind */
	uint64_t acts;
	uint64_t later;      /* submitted again because another had to come first */
	uint64_t renumbered; /* hosts of several TLDs, to other addresses */
	char why[2000];      /* the refusal that ended it */
};

/* Which of the parties (index) gets a TLD, at first or when it is new: by its name, and evenly.
 */
unsigned historian_holder(unsigned parties, struct bytes label);

/* Says what has to be said so that the content becomes historian->content; `changes` are the
 * lines by which it differs from what stands. False, and `why` set, when the charter refuses.
 */
bool historian_say(struct historian *historian, struct bytes changes);

#endif
