/* SPDX-License-Identifier: Apache-2.0 */
/* Verdicts in words. Each piece stands in English and in Chinese, side by side. */
#include "charter/judging.h"

#define NAMED_MAX 5 /* parties named before the rest are "others" */

/* What is being told: to whom in which language, and about what. */
struct telling {
	struct writer *writer;
	enum charter_language language;
	const struct charter_case *the_case;
};

static void say(const struct telling *t, const char *english, const char *chinese)
{
	write_text(t->writer, t->language == CHARTER_ZH ? chinese : english);
}

static void say_number(const struct telling *t, const char *english, const char *chinese,
                       uint64_t number)
{
	say(t, english, chinese);
	write_number(t->writer, number);
}

typedef bool party_is(const struct charter_party *party);

static bool has_not_agreed(const struct charter_party *party)
{
	return party->vote != VOTE_YES;
}

static bool has_said_no(const struct charter_party *party)
{
	return party->vote == VOTE_NO || (party->vote == VOTE_NONE && party->by_proxy == VOTE_NO);
}

static bool has_objected(const struct charter_party *party)
{
	return party->objects;
}

/* The names of those the clause counts who are so. */
static void say_names(const struct telling *t, const struct charter_clause *clause,
                      party_is *is)
{
	size_t named = 0;

	for (size_t i = 0; i < t->the_case->count && named <= NAMED_MAX; i++) {
		const struct charter_party *party = &t->the_case->parties[i];

		if (!charter_clause_counts(clause, party) || !is(party))
			continue;
		if (named == NAMED_MAX)
			say(t, " and others", "等");
		else if (named != 0)
			say(t, ", ", "、");
		if (named < NAMED_MAX)
			write_bytes(t->writer, party->name);
		named++;
	}
}

/* holder, recipient, proposer, party NAME, all */
static void tell_consent(const struct telling *t, const struct charter_clause *clause,
                         enum charter_outcome outcome, const struct charter_tally *tally)
{
	if (tally->of == 0) {
		say(t, "there is none", "没有这一方");
		return;
	}
	switch (outcome) {
	case CHARTER_HOLDS:
		say(t, "agreed", "已同意");
		return;
	case CHARTER_OPEN:
		say(t, "waiting for ", "等待 ");
		break;
	case CHARTER_FAILS:
		say(t, "not agreed by ", "未同意者 ");
		break;
	}
	say_names(t, clause, has_not_agreed);
}

/* "3 of 7, needs 5". */
static void say_count(const struct telling *t, const struct charter_clause *clause,
                      const struct charter_tally *tally)
{
	if (clause->by_weight)
		say(t, "weight ", "按权重 ");
	if (t->language == CHARTER_ZH) {
		write_text(t->writer, clause->of_votes_cast ? "已投 " : "");
		write_number(t->writer, tally->of);
		write_text(t->writer, clause->of_votes_cast ? "，其中有 " : " 中有 ");
		write_number(t->writer, tally->have);
	} else {
		write_number(t->writer, tally->have);
		write_text(t->writer, " of ");
		write_number(t->writer, tally->of);
		write_text(t->writer, clause->of_votes_cast ? " cast" : "");
	}
	if (clause->kind == CLAUSE_QUORUM)
		say(t, " took part", " 参加");
	say_number(t, ", needs ", "，需 ", tally->need);
}

/* K of SET, SET > p/q, quorum: the count, and who may still speak. */
static void tell_votes(const struct telling *t, const struct charter_clause *clause,
                       enum charter_outcome outcome, const struct charter_tally *tally)
{
	if (tally->of != 0)
		say_count(t, clause, tally);
	else if (clause->of_votes_cast)
		say(t, "no vote is cast", "无人投票");
	else
		say(t, "nobody here may vote", "无人可以表决");
	if (outcome == CHARTER_OPEN)
		say_number(t, ", still silent ", "，尚未表态 ", tally->silent);
}

static void tell_veto(const struct telling *t, const struct charter_clause *clause,
                      enum charter_outcome outcome)
{
	if (outcome == CHARTER_FAILS) {
		say(t, "vetoed by ", "被否决，否决者 ");
		say_names(t, clause, has_said_no);
	} else if (outcome == CHARTER_OPEN) {
		say(t, "a veto may still come", "仍可能被否决");
	} else {
		say(t, "no veto", "无人否决");
	}
}

static void tell_objections(const struct telling *t, const struct charter_clause *clause,
                            enum charter_outcome outcome, const struct charter_tally *tally)
{
	say_number(t, "objections ", "异议 ", tally->have);
	if (tally->have != 0) {
		say(t, " by ", "，提出者 ");
		say_names(t, clause, has_objected);
	}
	if (outcome == CHARTER_OPEN)
		say(t, ", more may come", "，仍可能增加");
}

static void tell_checks(const struct telling *t)
{
	switch (t->the_case->checks) {
	case CHARTER_CHECKS_NONE:
		say(t, "there are no attesters here", "此处没有证明方");
		return;
	case CHARTER_CHECKS_OPEN:
		say(t, "waiting for attestations", "等待检查证明");
		return;
	case CHARTER_CHECKS_FAILED:
		say(t, "the checks fail", "检查不合格");
		return;
	case CHARTER_CHECKS_HELD:
		say(t, "the checks hold", "检查合格");
		return;
	}
}

static void tell_listing(const struct telling *t, const struct charter_clause *clause)
{
	switch (charter_listing_of(clause, t->the_case)) {
	case LISTING_NONE:
		say(t, "no such register is adopted", "尚未通过该名录");
		return;
	case LISTING_NEVER:
		say(t, "not in the register", "不在名录中");
		return;
	case LISTING_LISTED:
		say(t, "in the register", "在名录中");
		return;
	case LISTING_REMOVED:
		say(t, "removed from the register", "已从名录中删除");
		return;
	case LISTING_UNASKED:
		say(t, "not asked, it gives back what was taken", "无须依据名录，予以恢复");
		return;
	}
}

static void tell_clause(const struct telling *t, const struct charter_clause *clause, bool over)
{
	struct charter_tally tally;
	enum charter_outcome outcome = charter_judge_clause(clause, t->the_case, over, &tally);

	write_bytes(t->writer, clause->source);
	say(t, ": ", "：");
	switch (clause->kind) {
	case CLAUSE_COUNT:
	case CLAUSE_SHARE:
	case CLAUSE_QUORUM:
		tell_votes(t, clause, outcome, &tally);
		return;
	case CLAUSE_NO_VETO:
		tell_veto(t, clause, outcome);
		return;
	case CLAUSE_OBJECTIONS:
		tell_objections(t, clause, outcome, &tally);
		return;
	case CLAUSE_CHECKED:
		tell_checks(t);
		return;
	case CLAUSE_RECOGNISED:
	case CLAUSE_REMOVED:
		tell_listing(t, clause);
		return;
	case CLAUSE_RULING:
		say(t, outcome == CHARTER_HOLDS ? "an award orders this" : "no award orders this",
		    outcome == CHARTER_HOLDS ? "由仲裁裁决所定" : "没有仲裁裁决");
		return;
	default:
		tell_consent(t, clause, outcome, &tally);
		return;
	}
}

/* Of what is joined, the parts that make the outcome what it is. */
static void tell_part(const struct telling *t, const struct charter_clause *clause,
                      const struct judging *judging)
{
	const struct charter_clause *end = clause + clause->span, *by;
	enum charter_outcome outcome = judge_part(clause, judging, &by);
	bool first = true;

	if (!charter_clause_joins(clause)) {
		tell_clause(t, clause, clause_over(clause, judging));
		return;
	}
	for (const struct charter_clause *part = clause + 1; part < end; part += part->span) {
		if (judge_part(part, judging, &by) != outcome)
			continue;
		if (!first && clause->kind == CLAUSE_ANY_OF)
			say(t, "; or ", "；或者 ");
		else if (!first)
			say(t, "; ", "；");
		tell_part(t, part, judging);
		first = false;
	}
}

/* The rule's `objection`. */
static void tell_window(const struct telling *t, const struct charter_rule *rule,
                        enum charter_outcome outcome)
{
	/* As the clause "objections" of the same set, which counts the same parties. */
	struct charter_clause clause = {
		.kind = CLAUSE_OBJECTIONS,
		.set = rule->objectors,
	};

	write_bytes(t->writer, rule->objection_source);
	if (outcome == CHARTER_FAILS) {
		say(t, ": objection by ", "：提出异议者 ");
		say_names(t, &clause, has_objected);
	} else if (outcome == CHARTER_OPEN) {
		say(t, ": an objection may still come", "：仍可能有异议");
	} else {
		say(t, ": no objection", "：无异议");
	}
}

static void tell(const struct charter_rule *rule, const struct judged *judged,
                 const struct telling *t)
{
	if (judged->expression != NULL)
		tell_part(t, judged->expression->clauses, &judged->judging);
	if (judged->comment) {
		write_bytes(t->writer, rule->comment_source);
		say(t, ": comments may still come", "：仍在征求意见");
	}
	if (!judged->window)
		return;
	if (judged->expression != NULL || judged->comment)
		say(t, "; ", "；");
	tell_window(t, rule, judged->verdict.outcome);
}

void charter_tell(const struct charter_rule *rule, const struct charter_case *the_case,
                  enum charter_language language, struct writer *writer)
{
	struct telling t = {writer, language, the_case};
	struct judged judged;

	judge_rule(rule, the_case, &judged);
	tell(rule, &judged, &t);
}

void charter_tell_ratify(const struct charter_rule *rule, const struct charter_case *the_case,
                         enum charter_language language, struct writer *writer)
{
	struct telling t = {writer, language, the_case};
	struct judged judged;

	judge_ratify(rule, the_case, &judged);
	tell(rule, &judged, &t);
}
