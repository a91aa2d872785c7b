/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/freeze.h"

#include "base/must.h"
#include "commons/concern.h"
#include "commons/linking.h"
#include "commons/proposal.h"
#include "state/clock.h"

static struct bytes freeze_key(struct record_key *key, struct bytes label)
{
	return record_key(key, "freeze", label, BYTES(""));
}

static void freeze_read(struct bytes record, struct freeze *freeze)
{
	struct text lines = record_lines(record);

	freeze->label = record_key_part(state_key(record), 1);
	freeze->holder = record_value(&lines, "holder");
	freeze->until = record_time(&lines, "until");
	freeze->ratified = record_value(&lines, "ratified");
	freeze->charter = (uint32_t)record_number(&lines, "charter");
	freeze->act = record_value(&lines, "act");
}

static void freeze_put(struct commons *commons, const struct freeze *freeze)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, freeze_key(&key, freeze->label));

	write_field(&w, "holder", freeze->holder);
	write_field_time(&w, "until", freeze->until);
	write_field(&w, "ratified", freeze->ratified);
	write_field_number(&w, "charter", freeze->charter);
	write_field(&w, "act", freeze->act);
	record_put(commons->state, &w);
	timer_set(commons->state, &commons->scratch, freeze->until, freeze_key(&key, freeze->label));
}

bool freeze_get(const struct state *state, struct bytes label, struct freeze *freeze)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, freeze_key(&key, label), &record))
		return false;
	freeze_read(record, freeze);
	return true;
}

static bool is_frozen(const struct commons *commons, struct bytes label)
{
	struct freeze freeze;

	return freeze_get(commons->state, label, &freeze) &&
	       commons->now.seconds < freeze.until.seconds;
}

/* A name server's addresses are part of the name that it is below. */
static bool host_is_frozen(const struct commons *commons, struct bytes host)
{
	struct bytes record;
	struct freeze freeze;

	for (size_t index = 0; state_next(commons->state, BYTES("freeze/"), &index, &record);) {
		freeze_read(record, &freeze);
		if (commons->now.seconds < freeze.until.seconds &&
		    link_host_is_below(commons, host, freeze.label))
			return true;
	}
	return false;
}

/* What is said of a name and changes nothing of what it says. */
static bool leaves_content(enum act_kind kind)
{
	return kind == ACT_WAIVE || kind == ACT_RETIRE || kind == ACT_PLAN || kind == ACT_OPERATE ||
	       kind == ACT_RESUME;
}

bool freeze_holds(const struct commons *commons, const struct signed_act *act)
{
	struct bytes label;

	if (act->act.kind == ACT_HOST)
		return host_is_frozen(commons, act_field(&act->act, "host"));
	return !leaves_content(act->act.kind) && concern_label(&act->act, &label) &&
	       is_frozen(commons, label);
}

/* Whether an earlier freeze keeps the rule from being used again on this name of this holder. */
static bool is_spent(const struct commons *commons, const struct holding *holding,
                     const struct charter_rule *rule)
{
	struct record_key key;
	struct bytes record;
	struct freeze freeze;
	struct text lines;

	if (!freeze_get(commons->state, holding->label, &freeze) ||
	    !bytes_same(freeze.holder, holding->holder) ||
	    bytes_same(freeze.ratified, BYTES("yes")) || bytes_same(freeze.ratified, BYTES("none")))
		return false;
	if (!state_get(commons->state, record_key(&key, "rule", rule->name, BYTES("")), &record))
		return false;
	lines = record_lines(record);
	return record_number(&lines, "since") <= freeze.charter;
}

bool freeze_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, BYTES("emergency.freeze"));
	struct bytes label = act_field(&act->act, "tld");
	struct holding holding;
	struct record_key key;
	struct freeze freeze;

	must(rule != NULL);
	if (!holding_get(commons->state, label, &holding))
		return refuse(refusal, REASON_HOLDER);
	if (!commons_replaces(commons, &act->act, freeze_key(&key, label), refusal))
		return false;
	if (is_spent(commons, &holding, rule))
		return refuse(refusal, REASON_SPENT);
	freeze = (struct freeze){
		.label = label,
		.holder = holding.holder,
		.until = {commons->now.seconds + (rule->sunset != 0 ? rule->sunset : CHARTER_FREEZE_DEFAULT)},
		.ratified = rule->ratify != 0 ? BYTES("open") : BYTES("none"),
		.charter = commons->charter.version,
		.act = act_id_text(act),
	};
	freeze_put(commons, &freeze);
	if (rule->ratify != 0)
		proposal_ratify(commons, act, rule);
	return true;
}

void freeze_ratified(struct commons *commons, struct bytes act, bool held)
{
	struct bytes record;
	struct freeze freeze;

	for (size_t index = 0; state_next(commons->state, BYTES("freeze/"), &index, &record);) {
		freeze_read(record, &freeze);
		if (!bytes_same(freeze.act, act))
			continue;
		freeze.ratified = held ? BYTES("yes") : BYTES("no");
		if (!held && commons->now.seconds < freeze.until.seconds)
			freeze.until = commons->now;
		freeze_put(commons, &freeze);
		return;
	}
}
