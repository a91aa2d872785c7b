/* SPDX-License-Identifier: Apache-2.0 */
/* comment, consent and object: a party speaks on a proposal. */
#include "charter/judge.h"
#include "commons/proposal.h"

/* The party as the proposal knew it when it opened; false when it was none. */
static bool may_speak(const struct commons *commons, const struct proposal *p,
                      struct bytes party, struct charter_party *as)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct charter_case the_case = proposal_case(commons, p, &scratch);

	for (size_t i = 0; i < the_case.count; i++)
		if (bytes_same(the_case.parties[i].name, party)) {
			*as = the_case.parties[i];
			return true;
		}
	return false;
}

static bool slot_put(struct commons *commons, const struct signed_act *act, const char *kind,
                     struct bytes vote, struct refusal *refusal)
{
	struct bytes id = act_field(&act->act, "act");
	struct record_key key;
	struct writer w;

	if (!commons_replaces(commons, &act->act, record_key(&key, kind, id, act->act.by), refusal))
		return false;
	w = record_begin(&commons->scratch, record_key(&key, kind, id, act->act.by));
	if (vote.size > 0)
		write_field(&w, "vote", vote);
	write_field(&w, "act", act_id_text(act));
	record_put(commons->state, &w);
	proposal_settle(commons, id);
	return true;
}

bool comment_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct proposal p;

	/* What is said is in the log; nothing of it is judged. */
	if (act->act.words.size == 0)
		return refuse(refusal, REASON_WORDS);
	return (proposal_get(commons->state, act_field(&act->act, "act"), &p) && proposal_lives(&p)) ||
	       refuse(refusal, REASON_PROPOSAL);
}

bool consent_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct charter_party as;
	struct proposal p;

	if (!proposal_get(commons->state, act_field(&act->act, "act"), &p) ||
	    !proposal_takes_votes(&p))
		return refuse(refusal, REASON_PROPOSAL);
	/* A vote is cast on the text as it was put: under the version it opened under. */
	if (act->act.charter != p.charter)
		return refuse(refusal, REASON_CHARTER);
	if (commons->now.seconds >= p.vote_until.seconds || !may_speak(commons, &p, act->act.by, &as))
		return refuse(refusal, REASON_NO_VOTE);
	return slot_put(commons, act, "vote", act_field(&act->act, "vote"), refusal);
}

static bool in_objectors(const struct charter_set *objectors, const struct charter_party *as)
{
	if (objectors == NULL)
		return false;
	if (objectors->kind == SET_INTERESTED)
		return as->interested;
	return charter_set_has(objectors, as->name, as->kind);
}

/* comity-charter(7), TIMINGS and objections: the rule's own time to object hears its set; a clause that counts
 * objections hears whom it counts, in that time or, where there is none, in that of the vote. */
static bool may_object(const struct commons *commons, const struct proposal *p,
                       const struct charter_rule *rule, const struct charter_party *as)
{
	bool ratifying = p->status == PROPOSAL_RATIFYING;
	const struct charter_expression *by = ratifying ? &rule->ratified : &rule->consent;
	struct ledger_time end =
		rule->objection != 0 && !ratifying ? p->objection_until : p->vote_until;

	if (commons->now.seconds >= end.seconds)
		return false;
	if (!ratifying && in_objectors(rule->objectors, as))
		return true;
	for (size_t i = 0; i < by->count; i++)
		if (by->clauses[i].kind == CLAUSE_OBJECTIONS && charter_clause_counts(&by->clauses[i], as))
			return true;
	return false;
}

bool object_apply(struct commons *commons, const struct signed_act *act,
                  struct refusal *refusal)
{
	const struct charter_rule *rule;
	struct charter_party as;
	struct proposal p;

	if (!proposal_get(commons->state, act_field(&act->act, "act"), &p) ||
	    !proposal_takes_votes(&p))
		return refuse(refusal, REASON_PROPOSAL);
	if (act->act.charter != p.charter)
		return refuse(refusal, REASON_CHARTER);
	rule = charter_rule(&commons->charter, p.rule);
	if (rule == NULL || !may_speak(commons, &p, act->act.by, &as) ||
	    !may_object(commons, &p, rule, &as))
		return refuse(refusal, REASON_NO_VOTE);
	return slot_put(commons, act, "objection", BYTES(""), refusal);
}
