/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/crowding.h"

#include "state/clock.h"

/* Whether the state has that part, in halves, of what it takes. */
static bool has_halves(const struct state *state, unsigned halves)
{
	return state->count >= CROWDING_RECORDS / 2 * halves || state->octets >= CROWDING_OCTETS / 2 * halves;
}

static bool keeps_going(enum act_kind kind)
{
	switch (kind) {
	case ACT_OPEN:
	case ACT_KEY:
	case ACT_DEAL:
	case ACT_COMPLAIN:
	case ACT_CONFIRM:
	case ACT_POOL:
	case ACT_ANSWERED:
	case ACT_ACCUSE:
	case ACT_SIGNATURES:
	case ACT_RELEASE:
	case ACT_CONSENT:
	case ACT_OBJECT:
	case ACT_WITHDRAW:
	case ACT_WITHDRAW_PROPOSAL:
	case ACT_DS_DROP:
	case ACT_ROTATE:
	case ACT_DISEMPOWER:
	case ACT_CANCEL:
	case ACT_FREEZE:
	case ACT_SUSPEND:
	case ACT_CHARTER_AMEND:
		return true;
	default:
		return false;
	}
}

/* Days that the act is remembered, begun ones whole. */
static uint64_t days_of(const struct commons *commons, const struct act *act)
{
	return (uint64_t)((act->until.seconds - commons->now.seconds) / SECONDS_A_DAY) + 1;
}

static bool spend(struct commons *commons, const struct act *act, struct refusal *refusal)
{
	struct ledger_time since = commons->now;
	struct record_key at;
	struct bytes key = record_key(&at, "spent", act->by, BYTES("")), record;
	uint64_t days = days_of(commons, act);
	bool begins = !state_get(commons->state, key, &record);
	struct writer w;

	if (!begins) {
		struct text lines = record_lines(record);

		since = record_time(&lines, "since");
		days += record_number(&lines, "days");
	}
	if (days > CROWDING_DAYS)
		return refuse_name(refusal, REASON_CROWDED, act->by);
	w = record_begin(&commons->scratch, key);
	write_field_time(&w, "since", since);
	write_field_number(&w, "days", days);
	record_put(commons->state, &w);
	if (begins)
		timer_set(commons->state, &commons->scratch, (struct ledger_time){since.seconds + SECONDS_A_DAY}, key);
	return true;
}

bool crowding_takes(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	if (has_halves(commons->state, 2) && !keeps_going(act->act.kind))
		return refuse(refusal, REASON_FULL);
	return !has_halves(commons->state, 1) || spend(commons, &act->act, refusal);
}
