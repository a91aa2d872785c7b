/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_CHARTER_JUDGING_H
#define COMITY_CHARTER_JUDGING_H

/* judging.h - what the verdict and its words share. For charter/ only. */

#include "charter/judge.h"

/* What an expression is judged by. */
struct judging {
	const struct charter_case *the_case;
	bool vote_over;
	bool objection_over; /* for the clause `objections` */
};

struct judged {
	struct charter_verdict verdict;
	struct judging judging;
	const struct charter_expression *expression; /* NULL: it has no part in the outcome */
	bool comment; /* nothing but the rule's `comment` keeps it open */
	bool window; /* the rule's `objection` has a part in the outcome */
};

/* What charter_judge() and charter_judge_ratify() say, and by what. */
void judge_rule(const struct charter_rule *rule, const struct charter_case *the_case,
                struct judged *judged);
void judge_ratify(const struct charter_rule *rule, const struct charter_case *the_case,
                  struct judged *judged);

/* A clause, or what it joins. `*decides`: the first clause that joins nothing and makes the
 * outcome what it is. */
enum charter_outcome judge_part(const struct charter_clause *clause,
                                const struct judging *judging,
                                const struct charter_clause **decides);

/* What the party has said to the clause: where votes are counted, its proxy speaks for it. */
enum charter_vote clause_said(const struct charter_clause *clause, const struct charter_party *party);

/* Whether no more votes, or objections, can come that the clause counts. */
bool clause_over(const struct charter_clause *clause, const struct judging *judging);

#endif
