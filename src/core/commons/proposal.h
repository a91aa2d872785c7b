/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_PROPOSAL_H
#define COMITY_COMMONS_PROPOSAL_H

/*
 * proposal.h - an act that waits for the consent of others.
 *
 *     proposal/<act-id>             what is asked, of whom, until when; how it ended
 *     vote/<act-id>/<party>         a vote
 *     objection/<act-id>/<party>    an objection
 *     proxy/<party>                 who votes for the party where it is silent (proxy.c)
 *
 * Members and weights are those of the moment it opened. An act whose rule asks for nobody's
 * vote is never a proposal: its consent is in it, or it is refused.
 */

#include "commons/commons.h"

/* What has not ended keeps its text in the state: of one party, at most so many. */
#define PROPOSALS_OPEN_MAX   128
#define PROPOSALS_ACCEDE_MAX 64 /* of all who ask to be parties; each has one */

enum proposal_status {
	PROPOSAL_OPEN,    /* votes or objections are taken */
	PROPOSAL_PASSED,  /* waits for its delay, or for the end of a freeze */
	PROPOSAL_RATIFYING, /* took effect, and votes are taken on whether it stays */
	PROPOSAL_DONE,    /* took effect */
	PROPOSAL_FAILED,  /* was not agreed to, or objected to; or not ratified */
	PROPOSAL_REFUSED, /* was agreed to, and could then not take effect */
	PROPOSAL_ABORTED, /* its own rule changed */
	PROPOSAL_WITHDRAWN, /* by who made it */
	PROPOSAL_CANCELLED, /* by emergency.cancel */
	PROPOSAL_STATUSES
};

const char *proposal_status_word(enum proposal_status status);

struct proposal {
	struct bytes id; /* hex of the act-id */
	enum proposal_status status;
	enum reason reason; /* of PROPOSAL_REFUSED; else REASON_NONE */
	struct bytes rule;  /* name */
	uint32_t charter;   /* the version it opened under */
	struct ledger_time opened, comment_until, vote_until, objection_until, expedited_until, execute_at;
	bool quorum; /* a late quorum has extended the vote */
	struct bytes recipient; /* who signed too, or "none" */
	struct bytes registers; /* "register" lines: what those that the rule asks said when it opened */
	struct bytes parties;   /* "party" lines: name, kind, weight, parts, registers that it does not stand in */
	struct bytes text;      /* the act, embedded lines; gone when it ended */
};

/* Reads a record of that kind, which holds its form (state/form.h). */
void proposal_read(struct bytes record, struct proposal *proposal);

bool proposal_get(const struct state *state, struct bytes id, struct proposal *proposal);
bool proposal_next(const struct state *state, size_t *index, struct proposal *proposal);

/* Where a walk by proposal_next() goes on behind that one, after the state has changed. */
size_t proposal_after(const struct state *state, struct bytes id);

/*
 * Whose consent the act takes, and whether it has it. True: it took effect, or a proposal
 * opened. False: refused.
 */
bool proposal_submit(struct commons *commons, const struct signed_act *act,
                     const struct charter_rule *rule, struct refusal *refusal);

/* Looks at a proposal that has not ended again: somebody spoke, or time passed. */
void proposal_settle(struct commons *commons, struct bytes id);

/* The same of all of that status, by id. */
void proposals_settle(struct commons *commons, enum proposal_status status);

/*
 * An act took effect whose rule has it ratified: opens the case (comity-charter(7), TIMINGS).
 * When it ends otherwise than well, freeze_ratified() is told.
 */
void proposal_ratify(struct commons *commons, const struct signed_act *act, const struct charter_rule *rule);

/* Ends a proposal that has not taken effect, PROPOSAL_WITHDRAWN or PROPOSAL_CANCELLED. */
void proposal_stop(struct commons *commons, struct proposal *proposal, enum proposal_status status);

/* The party leaves: what it proposed and has not taken effect is withdrawn, `but` (an act-id in hex) aside. */
void proposals_leave(struct commons *commons, struct bytes party, struct bytes but);

/* Whether it has not ended. */
static inline bool proposal_lives(const struct proposal *proposal)
{
	return proposal->status <= PROPOSAL_RATIFYING;
}

/* Whether votes are taken. */
static inline bool proposal_takes_votes(const struct proposal *proposal)
{
	return proposal->status == PROPOSAL_OPEN || proposal->status == PROPOSAL_RATIFYING;
}

/* Whether that party made it. Only of one that has not ended. */
bool proposal_is_by(const struct proposal *proposal, struct bytes party);

/* Aborts the open proposals whose rule is not what it was in `before`. */
void proposals_abort(struct commons *commons, const struct charter *before);

/* The case of an open proposal, as the charter judges it; parties in the arena. */
struct charter_case proposal_case(const struct commons *commons, const struct proposal *proposal,
                                  struct arena *arena);

#endif
