/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_DISPUTING_H
#define COMITY_COMMONS_DISPUTING_H

/*
 * disputing.h - disputes in the commons: the procedure of arbitration/ with names, records and
 * effects (comity-arbitration(7)).
 */

#include "arbitration/dispute.h"
#include "commons/commons.h"
#include "commons/proposal.h"

#define DISPUTES_MAX 16 /* open ones that one party has brought */
#define EXHIBITS_MAX 64 /* of one party in one dispute */

/* The dispute that the act names; refuses when there is none. */
bool disputing_get(const struct commons *commons, const struct act *act, struct dispute *dispute,
                   struct refusal *refusal);

/* Takes a step of the procedure and does what it leaves to be done; puts the record. */
bool disputing_step(struct commons *commons, struct dispute *dispute, enum step step,
                    enum side side, enum remedy award, struct refusal *refusal);

/*
 * The holding of the name that the dispute is about. Refuses where nobody holds it, and where its holder is no side: nothing
 * of a name is decided without its holder (comity-arbitration(7), THE SIDES).
 */
bool disputing_holding(const struct commons *commons, const struct dispute *dispute,
                       struct bytes label, struct holding *holding, struct refusal *refusal);

/*
 * The name passes from its holder to another, who takes its place as a side of every open dispute about the name.
 * Refuses a recipient that has a part in one of them.
 */
bool disputing_hand(struct commons *commons, struct bytes label, struct bytes from,
                    struct bytes to, struct refusal *refusal);

/* The deadline of the dispute has come. */
void disputing_timer(struct commons *commons, struct bytes id);

/* The release of that job has entered, and is the newest: draws that were called for before the job was opened are made. */
void disputing_released(struct commons *commons, uint64_t job);

/* The proposal of that id has ended: if it is the award of a dispute, that ends as well. */
void disputing_proposal_ended(struct commons *commons, const struct proposal *proposal);

/* Whether the ruling is the award of its dispute, and waits for ratification. */
bool disputing_ratifies(const struct commons *commons, const struct signed_act *ruling);

/* What the panel has entered, "ruling" or "measure", is decided, or to be decided anew: none of it counts again. */
void decisions_forget(struct state *state, const char *kind, struct bytes dispute);

/* What a ruling orders, done. The commons may be half changed when it refuses. */
bool ruling_execute(struct commons *commons, const struct dispute *dispute,
                    const struct signed_act *ruling, struct refusal *refusal);

/* The ruling whose text is in the record of a dispute; in the scratch arena. */
void ruling_of_award(struct commons *commons, const struct dispute *dispute,
                     struct signed_act *ruling);

#endif
