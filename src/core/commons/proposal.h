/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMMONS_PROPOSAL_H
#define COMITY_COMMONS_PROPOSAL_H

/*
 * proposal.h - an act that waits for the consent of others.
 *
 *     proposal/<act-id>             what is asked, of whom, until when; how it ended
 *     vote/<act-id>/<party>         a vote
 *     objection/<act-id>/<party>    an objection
 *
 * Members and weights are those of the moment it opened. An act whose rule asks for nobody's
 * vote is never a proposal: its consent is in it, or it is refused.
 */

#include "commons/commons.h"

/* What has not ended keeps its text in the state: of one party, at most so many. */
#define PROPOSALS_OPEN_MAX 128

enum proposal_status {
	PROPOSAL_OPEN,    /* votes or objections are taken */
	PROPOSAL_PASSED,  /* waits for its delay */
	PROPOSAL_DONE,    /* took effect */
	PROPOSAL_FAILED,  /* was not agreed to, or objected to */
	PROPOSAL_REFUSED, /* was agreed to, and could then not take effect */
	PROPOSAL_ABORTED, /* its own rule changed */
	PROPOSAL_STATUSES
};

const char *proposal_status_word(enum proposal_status status);

struct proposal {
	struct bytes id; /* hex of the act-id */
	enum proposal_status status;
	enum reason reason; /* of PROPOSAL_REFUSED; else REASON_NONE */
	struct bytes rule;  /* name */
	uint32_t charter;   /* the version it opened under */
	struct ledger_time opened, vote_until, objection_until, expedited_until, execute_at;
	bool quorum; /* a late quorum has extended the vote */
	struct bytes recipient; /* who signed too, or "none" */
	struct bytes parties;   /* "party" lines: name, kind, weight, parts */
	struct bytes text;      /* the act, embedded lines; gone when it ended */
};

bool proposal_get(const struct state *state, struct bytes id, struct proposal *proposal);
bool proposal_next(const struct state *state, size_t *index, struct proposal *proposal);

/*
 * Whose consent the act takes, and whether it has it. True: it took effect, or a proposal
 * opened. False: refused.
 */
bool proposal_submit(struct commons *commons, const struct signed_act *act,
                     const struct charter_rule *rule, struct refusal *refusal);

/* Looks at an open or passed proposal again: somebody spoke, or time passed. */
void proposal_settle(struct commons *commons, struct bytes id);

/* Aborts the open proposals whose rule is not what it was in `before`. */
void proposals_abort(struct commons *commons, const struct charter *before);

/* The case of an open proposal, as the charter judges it; parties in the arena. */
struct charter_case proposal_case(const struct commons *commons, const struct proposal *proposal,
                                  struct arena *arena);

#endif
