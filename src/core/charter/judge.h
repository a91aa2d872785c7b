/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_JUDGE_H
#define COMITY_CHARTER_JUDGE_H

/*
 * judge.h - what a rule says of a case (comity-charter(7), JUDGMENT).
 *
 * Exact integer arithmetic, no state: the same rule and case give the same
 * verdict everywhere. A case belongs to the caller and is only read.
 */

#include "base/writer.h"
#include "charter/rule.h"

enum charter_vote {
	VOTE_NONE,
	VOTE_YES,
	VOTE_NO,
	VOTE_ABSTAIN,
};

/* A party as it was when the case opened, and what it has said since. */
struct charter_party {
	struct bytes name;
	struct bytes kind;
	uint32_t weight; /* at least 1 */
	enum charter_vote vote;
	enum charter_vote by_proxy; /* what its proxy has voted, while `vote` is VOTE_NONE */
	bool objects;
	bool holder, recipient, proposer; /* its part in the act */
	bool concerned, interested;
	bool suspended; /* its votes do not count */
	struct bytes unlisted; /* the registers, blanks between, that it does not stand in; usually empty */
};

/* What a register says of whom, or of what, the act is about. */
enum charter_listing_status {
	LISTING_NONE,    /* no such register is adopted */
	LISTING_NEVER,   /* it has no entry there */
	LISTING_LISTED,  /* it stands in the register */
	LISTING_REMOVED, /* it stood there, and does not now */
	LISTING_UNASKED, /* the act only gives back what was taken on that ground */
};

struct charter_listing {
	struct bytes name; /* of the register */
	enum charter_listing_status status;
};

/* What the technical checks of the act say (comity-charter(7), checked). */
enum charter_checks {
	CHARTER_CHECKS_NONE, /* nobody could attest to them, or it is no act that is checked */
	CHARTER_CHECKS_OPEN, /* attestations are waited for */
	CHARTER_CHECKS_FAILED,
	CHARTER_CHECKS_HELD,
};

struct charter_case {
	const struct charter_party *parties; /* each name once */
	size_t count;                        /* at most 2^20 */
	bool comment_over;   /* the time of `comment` is over */
	bool vote_over;      /* the time of `vote`, extended where it was, is over */
	bool objection_over; /* the time of `objection` is over */
	bool expedited_over; /* the time of `expedited` is over */
	bool ruling;         /* an award of arbitrators orders the act */
	enum charter_checks checks;
	const struct charter_listing *listings; /* of the registers that the rule asks; others are LISTING_NONE */
	size_t listing_count;
};

/* In ascending order: & takes the least, | the greatest. */
enum charter_outcome {
	CHARTER_FAILS, /* cannot become satisfied any more */
	CHARTER_OPEN,  /* may still become satisfied, or still fail */
	CHARTER_HOLDS, /* is satisfied, and can no longer fail */
};

/* The count behind a clause, heads or weights; what each means depends on the clause. */
struct charter_tally {
	uint64_t have;   /* agreed, took part, vetoed or objected */
	uint64_t need;   /* from how many it holds (vetoes and objections: fails) */
	uint64_t of;     /* of how many: those who may vote, or the votes cast */
	uint64_t silent; /* of those, who may still speak */
};

struct charter_verdict {
	enum charter_outcome outcome;
	bool expedited;   /* holds by what `expedited` takes: no delay follows */
	bool objected;    /* fails by the rule's `objection`; `clause` is NULL */
	bool unavailable; /* fails by a clause that no vote answers: checked, ruling */
	const struct charter_clause
		*clause;            /* the first that decides; NULL: the objection does, or the comment */
	struct charter_tally tally; /* of that clause */
};

void charter_judge(const struct charter_rule *rule, const struct charter_case *the_case,
                   struct charter_verdict *verdict);

/* The same for the expression of `ratify`, which the rule must have; vote_over is then the
 * end of the time to ratify, and the two other times do not matter. */
void charter_judge_ratify(const struct charter_rule *rule, const struct charter_case *the_case,
                          struct charter_verdict *verdict);

/* One clause by itself, which joins no others; `over`: its votes, or its objections, are. */
enum charter_outcome charter_judge_clause(const struct charter_clause *clause,
                                          const struct charter_case *the_case, bool over,
                                          struct charter_tally *tally);

/* Whether the party is among those the clause is about, and counts there. */
bool charter_clause_counts(const struct charter_clause *clause,
                           const struct charter_party *party);

/* What the register that the clause asks says. */
enum charter_listing_status charter_listing_of(const struct charter_clause *clause,
                                               const struct charter_case *the_case);

/* Whether the rule has a quorum and the case has reached it: the moment from which
 * `late quorum` counts. */
bool charter_quorum_reached(const struct charter_rule *rule,
                            const struct charter_case *the_case);

enum charter_language { CHARTER_EN, CHARTER_ZH };

/*
 * Why, for people, in one line without LF: the clauses that decide, each as it
 * is written in the charter, and what it has and needs. As charter_judge() (or
 * charter_judge_ratify()) judges.
 */
void charter_tell(const struct charter_rule *rule, const struct charter_case *the_case,
                  enum charter_language language, struct writer *writer);
void charter_tell_ratify(const struct charter_rule *rule, const struct charter_case *the_case,
                         enum charter_language language, struct writer *writer);

#endif
