/* SPDX-License-Identifier: Apache-2.0 */
/* withdraw-proposal and cancel, and a proposer that leaves: a proposal is stopped before it takes effect. */
#include "base/must.h"
#include "commons/proposal.h"

/* The proposal that the act is about, while it can be stopped. */
static bool stoppable(const struct commons *commons, const struct signed_act *act,
                      struct proposal *p, struct refusal *refusal)
{
	if (proposal_get(commons->state, act_field(&act->act, "act"), p) && p->status <= PROPOSAL_PASSED)
		return true;
	return refuse(refusal, REASON_PROPOSAL);
}

bool withdraw_proposal_apply(struct commons *commons, const struct signed_act *act,
                             struct refusal *refusal)
{
	struct proposal p;

	if (!stoppable(commons, act, &p, refusal))
		return false;
	if (!proposal_is_by(&p, act->act.by))
		return refuse(refusal, REASON_PROPOSAL);
	proposal_stop(commons, &p, PROPOSAL_WITHDRAWN);
	return true;
}

void proposals_leave(struct commons *commons, struct bytes party, struct bytes but)
{
	struct proposal p;
	size_t index = 0;

	while (proposal_next(commons->state, &index, &p)) {
		if (p.status > PROPOSAL_PASSED || bytes_same(p.id, but) || !proposal_is_by(&p, party))
			continue;
		proposal_stop(commons, &p, PROPOSAL_WITHDRAWN);
		index = proposal_after(commons->state, p.id);
	}
}

/* comity-charter(7), TIMINGS: who may cancel may do so until the sunset of the rule itself. */
static bool is_over(const struct commons *commons, const struct charter_rule *rule)
{
	struct record_key key;
	struct bytes record;
	struct text lines;

	if (rule->sunset == 0 ||
	    !state_get(commons->state, record_key(&key, "rule", rule->name, BYTES("")), &record))
		return false;
	lines = record_lines(record);
	(void)record_number(&lines, "since");
	return commons->now.seconds >= record_time(&lines, "from").seconds + rule->sunset;
}

bool cancel_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, BYTES("emergency.cancel"));
	struct proposal p;

	must(rule != NULL);
	if (is_over(commons, rule))
		return refuse(refusal, REASON_SUNSET);
	if (!stoppable(commons, act, &p, refusal))
		return false;
	if (bytes_same(p.rule, rule->name))
		return refuse(refusal, REASON_PROPOSAL); /* nobody cancels a cancellation */
	proposal_stop(commons, &p, PROPOSAL_CANCELLED);
	return true;
}
