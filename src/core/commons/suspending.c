/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/suspending.h"

#include "arbitration/measure.h"
#include "commons/inactivity.h"
#include "state/clock.h"

static bool suspension_get(const struct commons *commons, struct bytes key, struct ledger_time *expires)
{
	struct bytes record;
	struct text lines;

	if (!state_get(commons->state, key, &record))
		return false;
	lines = record_lines(record);
	*expires = record_time(&lines, "expires");
	return true;
}

bool suspending_holds(const struct commons *commons, struct bytes party)
{
	return suspending_ordered(commons, party) || inactivity_holds(commons, party);
}

bool suspending_ordered(const struct commons *commons, struct bytes party)
{
	struct ledger_time expires;
	struct measure ordered;
	struct record_key key;

	if (measure_get(commons->state, "suspended", party, commons->now, &ordered))
		return true;
	return suspension_get(commons, record_key(&key, "suspension", party, BYTES("")), &expires) &&
	       commons->now.seconds < expires.seconds;
}

void suspending_timer(struct commons *commons, struct bytes key)
{
	struct ledger_time expires;

	if (suspension_get(commons, key, &expires) && expires.seconds <= commons->now.seconds)
		state_delete(commons->state, key);
}

/* Until then, or no more. */
static void suspension_set(struct commons *commons, struct bytes key, const struct ledger_time *until, struct bytes act)
{
	struct ledger_time expires;
	struct writer w;

	if (suspension_get(commons, key, &expires)) {
		timer_clear(commons->state, expires, key);
		state_delete(commons->state, key);
	}
	if (until == NULL)
		return;
	w = record_begin(&commons->scratch, key);
	write_field_time(&w, "expires", *until);
	write_field(&w, "act", act);
	record_put(commons->state, &w);
	timer_set(commons->state, &commons->scratch, *until, key);
}

bool suspend_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes name = act_field(&act->act, "party");
	bool ends = bytes_same(act_field(&act->act, "expires"), BYTES("none"));
	struct ledger_time until, stands;
	struct record_key key;
	struct party party;

	if (!party_get(commons->state, name, &party))
		return refuse_name(refusal, REASON_SUSPENDS_NOBODY, name);
	if (!commons_replaces(commons, &act->act, record_key(&key, "suspension", name, BYTES("")), refusal))
		return false;
	if (ends) {
		if (!suspension_get(commons, record_key(&key, "suspension", name, BYTES("")), &stands))
			return refuse_name(refusal, REASON_NOT_SUSPENDED, name);
	} else {
		until = act_time(&act->act, "expires");
		if (until.seconds <= commons->now.seconds || until.seconds > commons->now.seconds + SUSPENSION_MAX)
			return refuse(refusal, REASON_SUSPENSION);
	}
	suspension_set(commons, record_key(&key, "suspension", name, BYTES("")), ends ? NULL : &until, act_id_text(act));
	return true;
}
