/* SPDX-License-Identifier: Apache-2.0 */
#include "charter/judging.h"

#include "base/must.h"
#include "base/text.h"

static bool in_set(const struct charter_set *set, const struct charter_party *party)
{
	if (set->kind == SET_INTERESTED)
		return party->interested;
	return charter_set_has(set, party->name, party->kind);
}

/* What a register says touches votes only: who does not stand in it still objects. */
static bool stands_in(const struct charter_set *set, const struct charter_party *party)
{
	struct bytes unlisted = party->unlisted, name;

	while (set->recognised_by.size > 0 && text_word(&unlisted, &name))
		if (bytes_same(name, set->recognised_by))
			return false;
	return true;
}

bool charter_clause_counts(const struct charter_clause *clause,
                           const struct charter_party *party)
{
	if (clause->excluding_concerned && party->concerned)
		return false;
	switch (clause->kind) {
	case CLAUSE_HOLDER:
		return party->holder;
	case CLAUSE_RECIPIENT:
		return party->recipient;
	case CLAUSE_PROPOSER:
		return party->proposer;
	case CLAUSE_PARTY:
		return bytes_same(party->name, clause->party);
	case CLAUSE_ALL:
		return true;
	case CLAUSE_COUNT:
	case CLAUSE_SHARE:
	case CLAUSE_QUORUM:
	case CLAUSE_NO_VETO:
		return !party->suspended && in_set(clause->set, party) && stands_in(clause->set, party);
	case CLAUSE_OBJECTIONS:
		return in_set(clause->set, party);
	case CLAUSE_ALL_OF:
	case CLAUSE_ANY_OF:
	case CLAUSE_CHECKED:
	case CLAUSE_RULING:
	case CLAUSE_RECOGNISED:
	case CLAUSE_REMOVED:
		break;
	}
	return false;
}

/* Heads, or weights where the clause counts by weight. */
struct count {
	uint64_t vote[VOTE_ABSTAIN + 1]; /* by enum charter_vote */
	uint64_t total;
	uint64_t objecting;
};

enum charter_vote clause_said(const struct charter_clause *clause, const struct charter_party *party)
{
	if (party->vote != VOTE_NONE)
		return party->vote;
	switch (clause->kind) {
	case CLAUSE_COUNT:
	case CLAUSE_SHARE:
	case CLAUSE_QUORUM:
	case CLAUSE_NO_VETO:
		return party->by_proxy;
	default:
		return VOTE_NONE; /* what is a party's own it says itself */
	}
}

static struct count count(const struct charter_clause *clause,
                          const struct charter_case *the_case)
{
	struct count c = {0};

	for (size_t i = 0; i < the_case->count; i++) {
		const struct charter_party *party = &the_case->parties[i];
		uint64_t weight = clause->by_weight ? party->weight : 1;

		if (!charter_clause_counts(clause, party))
			continue;
		c.vote[clause_said(clause, party)] += weight;
		c.total += weight;
		c.objecting += party->objects ? weight : 0;
	}
	return c;
}

/* From how many out of `of` the clause's p/q is reached. No overflow: 2^20 parties of weight
 * 2^32 and a p of 2^10 are less than 2^63. */
static uint64_t share(const struct charter_clause *clause, uint64_t of)
{
	if (clause->more_than)
		return clause->p * of / clause->q + 1;
	return (clause->p * of + clause->q - 1u) / clause->q;
}

/* What silent parties may still add decides between open and lost. Nobody agrees to nothing. */
static enum charter_outcome reached(const struct charter_tally *tally)
{
	if (tally->of == 0 || tally->have + tally->silent < tally->need)
		return CHARTER_FAILS;
	return tally->have >= tally->need ? CHARTER_HOLDS : CHARTER_OPEN;
}

/* What fails once there are enough of something, and holds once no more can come. */
static enum charter_outcome spared(const struct charter_tally *tally, bool over)
{
	if (tally->have >= tally->need)
		return CHARTER_FAILS;
	return over ? CHARTER_HOLDS : CHARTER_OPEN;
}

/* A share of votes cast: the worst that may come is that every silent party says no. */
static enum charter_outcome judge_cast(const struct charter_clause *clause, uint64_t yes,
                                       uint64_t no, struct charter_tally *tally)
{
	uint64_t silent = tally->silent, most = yes + no + silent;

	tally->have = yes;
	tally->of = yes + no;
	tally->need = share(clause, tally->of);
	if (most == 0 || yes + silent < share(clause, most))
		return CHARTER_FAILS;
	return yes >= share(clause, most) ? CHARTER_HOLDS : CHARTER_OPEN;
}

static enum charter_outcome judge_share(const struct charter_clause *clause,
                                        const struct count *c, struct charter_tally *tally)
{
	if (clause->of_votes_cast)
		return judge_cast(clause, c->vote[VOTE_YES], c->vote[VOTE_NO], tally);
	tally->need = share(clause, c->total);
	return reached(tally);
}

enum charter_listing_status charter_listing_of(const struct charter_clause *clause,
                                               const struct charter_case *the_case)
{
	for (size_t i = 0; i < the_case->listing_count; i++)
		if (bytes_same(the_case->listings[i].name, clause->party))
			return the_case->listings[i].status;
	return LISTING_NONE;
}

/* What does not change while the case lasts. */
static enum charter_outcome given(bool holds)
{
	return holds ? CHARTER_HOLDS : CHARTER_FAILS;
}

static enum charter_outcome judge_listing(const struct charter_clause *clause, enum charter_listing_status says)
{
	return given(says == LISTING_UNASKED ||
	             says == (clause->kind == CLAUSE_RECOGNISED ? LISTING_LISTED : LISTING_REMOVED));
}

enum charter_outcome charter_judge_clause(const struct charter_clause *clause,
                                          const struct charter_case *the_case, bool over,
                                          struct charter_tally *tally)
{
	struct count c = count(clause, the_case);

	*tally = (struct charter_tally){
		.have = c.vote[VOTE_YES],
		.need = c.total,
		.of = c.total,
		.silent = over ? 0 : c.vote[VOTE_NONE],
	};
	switch (clause->kind) {
	case CLAUSE_HOLDER:
	case CLAUSE_RECIPIENT:
	case CLAUSE_PROPOSER:
	case CLAUSE_PARTY:
	case CLAUSE_ALL:
		return reached(tally);
	case CLAUSE_COUNT:
		tally->need = clause->number;
		return reached(tally);
	case CLAUSE_SHARE:
		return judge_share(clause, &c, tally);
	case CLAUSE_QUORUM:
		tally->have = c.total - c.vote[VOTE_NONE];
		tally->need = share(clause, c.total);
		return reached(tally);
	case CLAUSE_NO_VETO:
		tally->have = c.vote[VOTE_NO];
		tally->need = 1;
		return spared(tally, over);
	case CLAUSE_OBJECTIONS:
		tally->have = c.objecting;
		tally->need = clause->number;
		return spared(tally, over);
	case CLAUSE_RULING:
		return given(the_case->ruling);
	case CLAUSE_RECOGNISED:
	case CLAUSE_REMOVED:
		return judge_listing(clause, charter_listing_of(clause, the_case));
	case CLAUSE_CHECKED:
		return the_case->checks == CHARTER_CHECKS_HELD   ? CHARTER_HOLDS
		       : the_case->checks == CHARTER_CHECKS_OPEN ? CHARTER_OPEN
		                                                 : CHARTER_FAILS;
	case CLAUSE_ALL_OF:
	case CLAUSE_ANY_OF:
		break;
	}
	must(!charter_clause_joins(clause));
	return CHARTER_FAILS;
}

bool clause_over(const struct charter_clause *clause, const struct judging *judging)
{
	return clause->kind == CLAUSE_OBJECTIONS ? judging->objection_over : judging->vote_over;
}

static enum charter_outcome judge_joined(const struct charter_clause *joint,
                                         const struct judging *judging,
                                         const struct charter_clause **decides)
{
	const struct charter_clause *end = joint + joint->span, *part = joint + 1, *by;
	enum charter_outcome outcome = judge_part(part, judging, decides), one;

	for (part += part->span; part < end; part += part->span) {
		one = judge_part(part, judging, &by);
		if (joint->kind == CLAUSE_ALL_OF ? one < outcome : one > outcome) {
			outcome = one;
			*decides = by;
		}
	}
	return outcome;
}

enum charter_outcome judge_part(const struct charter_clause *clause,
                                const struct judging *judging,
                                const struct charter_clause **decides)
{
	struct charter_tally tally;

	if (charter_clause_joins(clause))
		return judge_joined(clause, judging, decides);
	*decides = clause;
	return charter_judge_clause(clause, judging->the_case, clause_over(clause, judging),
	                            &tally);
}

/* Judges one expression into `*judged`, whose `judging` is set. */
static void judge_expression(const struct charter_expression *expression, struct judged *judged)
{
	struct charter_verdict *verdict = &judged->verdict;
	const struct judging *by = &judged->judging;

	judged->expression = expression;
	verdict->outcome = judge_part(expression->clauses, by, &verdict->clause);
	charter_judge_clause(verdict->clause, by->the_case, clause_over(verdict->clause, by),
	                     &verdict->tally);
	verdict->unavailable =
		verdict->outcome == CHARTER_FAILS &&
		(verdict->clause->kind == CLAUSE_RULING ||
	         (verdict->clause->kind == CLAUSE_CHECKED && by->the_case->checks == CHARTER_CHECKS_NONE));
}

static bool objected(const struct charter_set *objectors, const struct charter_case *the_case)
{
	for (size_t i = 0; i < the_case->count; i++)
		if (the_case->parties[i].objects && in_set(objectors, &the_case->parties[i]))
			return true;
	return false;
}

/* The rule's own expression, or what is expedited where that is better. */
static void judge_ways(const struct charter_rule *rule, const struct charter_case *the_case,
                       struct judged *judged)
{
	struct judged fast = {.judging = {the_case, false, false}};

	judged->judging = (struct judging){
		.the_case = the_case,
		.vote_over = the_case->vote_over,
		.objection_over =
			rule->objection != 0 ? the_case->objection_over : the_case->vote_over,
	};
	judge_expression(&rule->consent, judged);
	if (rule->comment != 0 && !the_case->comment_over && judged->verdict.outcome == CHARTER_HOLDS) {
		judged->comment = true;
		judged->expression = NULL;
		judged->verdict = (struct charter_verdict){.outcome = CHARTER_OPEN};
	}
	if (rule->expedited == 0 || the_case->expedited_over)
		return;
	judge_expression(&rule->fast, &fast);
	if (fast.verdict.outcome < judged->verdict.outcome ||
	    (fast.verdict.outcome == judged->verdict.outcome &&
	     fast.verdict.outcome != CHARTER_HOLDS))
		return;
	*judged = fast;
	judged->verdict.expedited = fast.verdict.outcome == CHARTER_HOLDS;
}

void judge_rule(const struct charter_rule *rule, const struct charter_case *the_case,
                struct judged *judged)
{
	struct charter_verdict *verdict = &judged->verdict;
	enum charter_outcome window = the_case->objection_over ? CHARTER_HOLDS : CHARTER_OPEN;

	*judged = (struct judged){0};
	judge_ways(rule, the_case, judged);
	if (rule->objection == 0 || verdict->outcome == CHARTER_FAILS)
		return;
	if (objected(rule->objectors, the_case))
		window = CHARTER_FAILS;
	judged->window = window <= verdict->outcome;
	if (window >= verdict->outcome)
		return;
	judged->expression = NULL;
	judged->comment = false;
	*verdict = (struct charter_verdict){
		.outcome = window,
		.objected = window == CHARTER_FAILS,
	};
}

void judge_ratify(const struct charter_rule *rule, const struct charter_case *the_case,
                  struct judged *judged)
{
	must(rule->ratify != 0);
	*judged = (struct judged){
		.judging = {the_case, the_case->vote_over, the_case->vote_over},
	};
	judge_expression(&rule->ratified, judged);
}

void charter_judge(const struct charter_rule *rule, const struct charter_case *the_case,
                   struct charter_verdict *verdict)
{
	struct judged judged;

	judge_rule(rule, the_case, &judged);
	*verdict = judged.verdict;
}

void charter_judge_ratify(const struct charter_rule *rule, const struct charter_case *the_case,
                          struct charter_verdict *verdict)
{
	struct judged judged;

	judge_ratify(rule, the_case, &judged);
	*verdict = judged.verdict;
}

bool charter_quorum_reached(const struct charter_rule *rule,
                            const struct charter_case *the_case)
{
	struct charter_tally tally;
	bool any = false;

	for (size_t i = 0; i < rule->consent.count; i++) {
		const struct charter_clause *clause = &rule->consent.clauses[i];

		if (clause->kind != CLAUSE_QUORUM)
			continue;
		if (charter_judge_clause(clause, the_case, false, &tally) != CHARTER_HOLDS)
			return false;
		any = true;
	}
	return any;
}
