/* SPDX-License-Identifier: Apache-2.0 */
/* retire, plan; and what time does. */
#include "commons/holding.h"
#include "commons/retirement.h"

#include "arbitration/measure.h"
#include "base/must.h"
#include "commons/freeze.h"
#include "commons/linking.h"
#include "commons/mandating.h"
#include "commons/vacancy.h"
#include "state/clock.h"

#define PUT_OFF ((int64_t)30 * SECONDS_A_DAY) /* while name servers of others live below the name */

static struct bytes retirement_key(struct record_key *key, struct bytes label)
{
	return record_key(key, "retirement", label, BYTES(""));
}

static void retirement_read(struct bytes record, struct retirement *r)
{
	struct text lines = record_lines(record);

	r->label = record_key_part(state_key(record), 1);
	r->holder = record_value(&lines, "holder");
	r->ground = record_value(&lines, "ground");
	r->notice = record_time(&lines, "notice");
	r->ends = record_time(&lines, "ends");
	r->latest = record_time(&lines, "latest");
	r->act = record_value(&lines, "act");
}

/* Puts the record, and its timer in place of that of the record before. */
static void retirement_put(struct commons *commons, const struct retirement *r)
{
	struct retirement before;
	struct record_key key;
	struct bytes at = retirement_key(&key, r->label);
	struct writer w;

	if (retirement_get(commons->state, r->label, &before))
		timer_clear(commons->state, before.ends, at);
	w = record_begin(&commons->scratch, at);
	write_field(&w, "holder", r->holder);
	write_field(&w, "ground", r->ground);
	write_field_time(&w, "notice", r->notice);
	write_field_time(&w, "ends", r->ends);
	write_field_time(&w, "latest", r->latest);
	write_field(&w, "act", r->act);
	record_put(commons->state, &w);
	timer_set(commons->state, &commons->scratch, r->ends, at);
}

bool retirement_get(const struct state *state, struct bytes label, struct retirement *retirement)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, retirement_key(&key, label), &record))
		return false;
	retirement_read(record, retirement);
	return true;
}

bool retirement_next(const struct state *state, size_t *index, struct retirement *retirement)
{
	struct bytes record;

	if (!state_next(state, BYTES("retirement/"), index, &record))
		return false;
	retirement_read(record, retirement);
	return true;
}

void retirement_end(struct commons *commons, struct bytes label)
{
	struct retirement r;
	struct record_key key;
	struct bytes at = retirement_key(&key, label);

	if (!retirement_get(commons->state, label, &r))
		return;
	timer_clear(commons->state, r.ends, at);
	state_delete(commons->state, at);
}

bool retire_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, BYTES("delegate.retire"));
	struct bytes label = act_field(&act->act, "tld"), ground = act_field(&act->act, "ground");
	struct retirement r;
	struct holding holding;
	struct record_key key;
	int64_t span;
	bool restored = bytes_same(ground, BYTES("code-restored"));

	must(rule != NULL);
	if (!holding_get(commons->state, label, &holding))
		return refuse_name(refusal, REASON_HOLDER, label);
	if (!commons_replaces(commons, &act->act, retirement_key(&key, label), refusal))
		return false;
	if (act->act.words.size == 0)
		return refuse(refusal, REASON_GROUND);
	if (restored != retirement_get(commons->state, label, &r))
		return refuse_name(refusal, restored ? REASON_RETIREMENT : REASON_TWICE, label);
	if (restored) {
		retirement_end(commons, label);
		return true;
	}
	span = rule->sunset != 0 ? rule->sunset : CHARTER_RETIRE_DEFAULT;
	r = (struct retirement){
		.label = label,
		.holder = holding.holder,
		.ground = ground,
		.notice = commons->now,
		.ends = {commons->now.seconds + span},
		.latest = {commons->now.seconds + 2 * span},
		.act = act_id_text(act),
	};
	retirement_put(commons, &r);
	return true;
}

/* An earlier end, the holder's alone; or a later one, by the rule: concern_rule() says which. */
bool plan_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes label = act_field(&act->act, "tld");
	struct ledger_time ends = act_time(&act->act, "ends");
	struct holding holding;
	struct record_key key;
	struct retirement r;

	if (!commons_replaces(commons, &act->act, retirement_key(&key, label), refusal))
		return false;
	if (!retirement_get(commons->state, label, &r) ||
	    !holding_get(commons->state, label, &holding))
		return refuse_name(refusal, REASON_RETIREMENT, label);
	if (!bytes_same(holding.holder, act->act.by))
		return refuse_name(refusal, REASON_NOT_HOLDER, label);
	if (ends.seconds <= commons->now.seconds || ends.seconds == r.ends.seconds ||
	    ends.seconds > r.latest.seconds)
		return refuse(refusal, REASON_ENDS);
	if (ends.seconds > r.ends.seconds && act->act.words.size == 0)
		return refuse(refusal, REASON_GROUND);
	if (ends.seconds < r.ends.seconds && !holding_may_change(commons, label, true, refusal))
		return false;
	r.ends = ends;
	r.act = act_id_text(act);
	retirement_put(commons, &r);
	return true;
}

/* Until when the name is frozen; now where it is not. */
static struct ledger_time frozen_until(const struct commons *commons, struct bytes label)
{
	struct ledger_time until = commons->now;
	struct measure measure;
	struct freeze freeze;

	if (measure_get(commons->state, "frozen", label, commons->now, &measure))
		until = measure.expires;
	if (freeze_get(commons->state, label, &freeze) && freeze.until.seconds > until.seconds)
		until = freeze.until;
	return until;
}

/* The name is in nobody's hands and not in the zone any more. False: others' name servers live below it. */
static bool leave(struct commons *commons, const struct holding *holding, struct bytes act_id)
{
	struct state_mark mark = state_mark(commons->state);
	struct signed_act act = {.act = {.kind = ACT_RETIRE, .by = holding->holder}};
	struct refusal refusal;
	struct record_key key;

	must(act_id.size == sizeof(act.id_text));
	memcpy(act.id_text, act_id.at, act_id.size);
	if (!link_change(commons, holding->label, holding->holder, holding->records, BYTES(""), &act,
	                 &refusal)) {
		state_undo(commons->state, mark);
		return false;
	}
	mandates_end_tld(commons, holding->holder, holding->label, act_id);
	commons_bury_content(commons, holding_key(&key, holding->label), act_id);
	vacancy_end(commons, holding->label);
	return true;
}

static struct retirement copied(struct commons *commons, struct retirement r)
{
	r.label = arena_copy(&commons->scratch, r.label);
	r.holder = arena_copy(&commons->scratch, r.holder);
	r.ground = arena_copy(&commons->scratch, r.ground);
	r.act = arena_copy(&commons->scratch, r.act);
	return r;
}

void retirement_timer(struct commons *commons, struct bytes label)
{
	struct holding holding;
	struct retirement r;

	/* The timer goes with the end; where that was moved, there is another. */
	if (!retirement_get(commons->state, label, &r) || r.ends.seconds > commons->now.seconds)
		return;
	r = copied(commons, r);
	if (!holding_get(commons->state, r.label, &holding)) {
		retirement_end(commons, r.label);
		return;
	}
	r.ends = frozen_until(commons, r.label);
	if (r.ends.seconds == commons->now.seconds) {
		if (leave(commons, &holding, r.act)) {
			retirement_end(commons, r.label);
			return;
		}
		r.ends.seconds += PUT_OFF;
	}
	retirement_put(commons, &r);
}
