/* SPDX-License-Identifier: Apache-2.0 */
/* delegate, ds-drop, grant, transfer, waive, and the TLD's half of withdraw. */
#include "commons/holding.h"

#include "arbitration/measure.h"
#include "base/must.h"
#include "commons/disputing.h"
#include "commons/importing.h"
#include "commons/linking.h"
#include "commons/mandating.h"
#include "commons/operation.h"
#include "commons/party.h"
#include "commons/retirement.h"
#include "commons/technical.h"
#include "commons/vacancy.h"
#include "dns/dname.h"

#define WAIVER_MAX ((int64_t)731 * SECONDS_A_DAY)

static void holding_put(struct commons *commons, const struct holding *holding)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, holding_key(&key, holding->label));

	holding_write(&w, holding);
	commons_put_content(commons, &w);
}

bool holding_may_change(const struct commons *commons, struct bytes label, bool hands, struct refusal *refusal)
{
	struct measure measure;
	struct bytes operator;
	bool operated = interim_operator_get(commons, label, &operator);

	if (measure_get(commons->state, "frozen", label, commons->now, &measure))
		return refuse_name(refusal, REASON_STILL, label);
	if (hands && operated)
		return refuse_name(refusal, REASON_OPERATED, label);
	if (!operated && vacancy_stands(commons->state, label))
		return refuse_name(refusal, REASON_VACANT, label);
	return true;
}

/* An interim operator keeps the name in the zone. */
static bool may_empty(const struct commons *commons, struct bytes label, struct refusal *refusal)
{
	struct bytes operator;

	return !interim_operator_get(commons, label, &operator) || refuse_name(refusal, REASON_KEEP, label);
}

static bool label_free(const struct commons *commons, struct bytes label,
                       struct refusal *refusal)
{
	return !link_has_servers(commons, label) || refuse_name(refusal, REASON_RESERVED, label);
}

/* Whether one more name can be signed with all the others. */
static bool has_room(const struct commons *commons, struct refusal *refusal)
{
	struct holding holding;
	unsigned count = 0;

	for (size_t index = 0; holding_next(commons->state, &index, &holding);)
		count++;
	return count < IMPORTING_TLDS_MAX || refuse(refusal, REASON_TLDS);
}

bool delegate_apply(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	struct bytes label = act_field(&act->act, "tld");
	struct holding holding = {.label = label, .holder = act->act.by};
	struct record_key key;
	enum reason fault;

	if (!commons_replaces(commons, &act->act, holding_key(&key, label), refusal))
		return false;
	if (!holding_get(commons->state, label, &holding) &&
	    (!label_free(commons, label, refusal) || !has_room(commons, refusal)))
		return false;
	if (!holding_may_change(commons, label, false, refusal) ||
	    (act->act.records.size == 0 && !may_empty(commons, label, refusal)) ||
	    !link_change(commons, label, holding.holder, holding.records, act->act.records, act,
	                 refusal))
		return false;
	holding.records = act->act.records;
	holding.act = act_id_text(act);
	holding_put(commons, &holding);
	fault = technical_fault(commons, label, holding.records);
	return fault == REASON_NONE || refuse_name(refusal, fault, label);
}

/* Whether `part`, lines of DS records, is part of `whole`. */
static bool is_part(struct bytes part, struct bytes whole)
{
	struct text lines = {.rest = part};
	struct bytes line, other;

	while (text_line(&lines, &line)) {
		struct text others = {.rest = whole};
		bool found = false;

		while (!found && text_line(&others, &other))
			found = bytes_same(line, other);
		if (!found)
			return false;
	}
	return true;
}

bool ds_drop_apply(struct commons *commons, const struct signed_act *act,
                   struct refusal *refusal)
{
	struct bytes label = act_field(&act->act, "tld"), standing;
	struct holding holding;
	struct record_key key;
	struct bytes operator;

	if (!commons_replaces(commons, &act->act, holding_key(&key, label), refusal))
		return false;
	if (!holding_get(commons->state, label, &holding))
		return refuse_name(refusal, REASON_HOLDER, label);
	if (vacancy_stands(commons->state, label) && !interim_operator_get(commons, label, &operator))
		return refuse_name(refusal, REASON_VACANT, label);
	standing = link_ds_of(holding.records, &commons->scratch);
	if (!is_part(act->act.records, standing))
		return refuse_name(refusal, REASON_NOT_A_SUBSET, label);
	holding.records = link_records_with_ds(commons, label, holding.records, act->act.records);
	holding.act = act_id_text(act);
	holding_put(commons, &holding);
	return true;
}

/* A successor has the name that was taken from another; what stands stays until it sets its own. */
static bool succeed(struct commons *commons, const struct signed_act *act, struct bytes label,
                    struct refusal *refusal)
{
	struct bytes to = act_field(&act->act, "holder"), from;
	struct holding holding;
	struct party party;
	bool held = holding_get(commons->state, label, &holding);

	must(held);
	if (!party_get(commons->state, to, &party))
		return refuse_name(refusal, REASON_RECIPIENT, to);
	if (bytes_same(to, holding.holder))
		return refuse_name(refusal, REASON_SAME_PARTY, to);
	from = holding.holder;
	holding.holder = to;
	holding.act = act_id_text(act);
	holding_put(commons, &holding);
	link_change_owner(commons, label, from, to);
	mandates_end_tld(commons, from, label, holding.act);
	vacancy_end(commons, label);
	return true;
}

bool grant_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes label = act_field(&act->act, "tld");
	struct holding holding;
	struct record_key key;
	struct dname name;
	struct party party;

	if (!commons_replaces(commons, &act->act, holding_key(&key, label), refusal))
		return false;
	if (vacancy_stands(commons->state, label))
		return succeed(commons, act, label, refusal);
	if (holding_get(commons->state, label, &holding))
		return refuse_name(refusal, REASON_HELD, label);
	if (!party_get(commons->state, act_field(&act->act, "holder"), &party))
		return refuse_name(refusal, REASON_RECIPIENT, act_field(&act->act, "holder"));
	if (!commons_tld_name(commons, label, &name))
		return refuse_name(refusal, REASON_OUTSIDE, label);
	if (!label_free(commons, label, refusal) || !has_room(commons, refusal))
		return false;
	holding = (struct holding){.label = label,
	                           .holder = act_field(&act->act, "holder"),
	                           .act = act_id_text(act)};
	holding_put(commons, &holding);
	return true;
}

bool transfer_apply(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	struct bytes label = act_field(&act->act, "tld"), from;
	struct bytes to = act_field(&act->act, "recipient");
	struct holding holding;
	struct record_key key;
	struct party party;

	if (!commons_replaces(commons, &act->act, holding_key(&key, label), refusal))
		return false;
	if (!holding_get(commons->state, label, &holding))
		return refuse_name(refusal, REASON_HOLDER, label);
	if (!party_get(commons->state, to, &party))
		return refuse_name(refusal, REASON_RECIPIENT, to);
	from = holding.holder;
	if (!holding_may_change(commons, label, true, refusal) || !disputing_hand(commons, label, from, to, refusal))
		return false;
	holding.holder = to;
	holding.act = act_id_text(act);
	holding_put(commons, &holding);
	link_change_owner(commons, label, from, to);
	mandates_end_tld(commons, from, label, holding.act);
	return true;
}

static bool holding_withdraw(struct commons *commons, const struct signed_act *act,
                             struct refusal *refusal)
{
	struct bytes label = record_key_part(act_field(&act->act, "subject"), 1);
	struct holding holding;
	struct record_key key;

	if (!commons_replaces(commons, &act->act, holding_key(&key, label), refusal))
		return false;
	if (!holding_get(commons->state, label, &holding))
		return refuse_name(refusal, REASON_HOLDER, label);
	if (!holding_may_change(commons, label, true, refusal) ||
	    !link_change(commons, label, holding.holder, holding.records, BYTES(""), act, refusal))
		return false;
	mandates_end_tld(commons, holding.holder, label, act_id_text(act));
	commons_bury_content(commons, holding_key(&key, label), act_id_text(act));
	retirement_end(commons, label);
	return true;
}

bool withdraw_apply(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	return bytes_starts(act_field(&act->act, "subject"), BYTES("tld/"))
	               ? holding_withdraw(commons, act, refusal)
	               : party_withdraw(commons, act, refusal);
}

bool waive_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes label = act_field(&act->act, "tld"), rule = act_field(&act->act, "rule");
	struct ledger_time expires = act_time(&act->act, "expires");
	struct holding holding;
	struct record_key key;
	struct writer w;

	if (!commons_replaces(commons, &act->act, waiver_key(&key, label, rule), refusal))
		return false;
	if (!holding_get(commons->state, label, &holding))
		return refuse_name(refusal, REASON_HOLDER, label);
	if (expires.seconds <= commons->now.seconds ||
	    expires.seconds > commons->now.seconds + WAIVER_MAX)
		return refuse(refusal, REASON_EXPIRES);
	w = record_begin(&commons->scratch, waiver_key(&key, label, rule));
	write_field_time(&w, "expires", expires);
	write_field(&w, "act", act_id_text(act));
	record_put(commons->state, &w);
	return true;
}
