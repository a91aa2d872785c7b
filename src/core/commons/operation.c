/* SPDX-License-Identifier: Apache-2.0 */
/* operate, resume. */
#include "commons/operation.h"

#include "arbitration/measure.h"
#include "base/must.h"

static struct bytes operation_key(struct record_key *key, struct bytes label)
{
	return record_key(key, "operation", label, BYTES(""));
}

bool operation_get(const struct state *state, struct bytes label, struct operation *operation)
{
	struct record_key key;
	struct bytes record;
	struct text lines;

	if (!state_get(state, operation_key(&key, label), &record))
		return false;
	lines = record_lines(record);
	operation->label = record_key_part(state_key(record), 1);
	operation->operator = record_value(&lines, "operator");
	operation->holder = record_value(&lines, "holder");
	operation->ground = record_value(&lines, "ground");
	operation->from = record_time(&lines, "from");
	operation->until = record_time(&lines, "until");
	operation->act = record_value(&lines, "act");
	return true;
}

static void operation_put(struct commons *commons, const struct operation *operation)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, operation_key(&key, operation->label));

	write_field(&w, "operator", operation->operator);
	write_field(&w, "holder", operation->holder);
	write_field(&w, "ground", operation->ground);
	write_field_time(&w, "from", operation->from);
	write_field_time(&w, "until", operation->until);
	write_field(&w, "act", operation->act);
	record_put(commons->state, &w);
}

bool operation_stands(const struct state *state, const struct operation *operation,
                      struct ledger_time time)
{
	struct holding holding;

	return time.seconds < operation->until.seconds &&
	       holding_get(state, operation->label, &holding) &&
	       bytes_same(holding.holder, operation->holder);
}

bool interim_operator_get(const struct commons *commons, struct bytes label, struct bytes *operator)
{
	struct operation operation;
	struct measure interim;

	if (measure_get(commons->state, "interim", label, commons->now, &interim)) {
		*operator = interim.operator;
		return true;
	}
	if (!operation_get(commons->state, label, &operation) ||
	    !operation_stands(commons->state, &operation, commons->now))
		return false;
	*operator = operation.operator;
	return true;
}

/* How long operations that follow on each other last in all. */
static int64_t longest(const struct charter_rule *rule)
{
	return rule->sunset != 0 && rule->sunset < CHARTER_OPERATE_MAX ? rule->sunset
	                                                               : CHARTER_OPERATE_MAX;
}

/* When the operation that would begin now began: with one before it that is not over for as long as all may last. */
static struct ledger_time first_of(const struct commons *commons, const struct holding *holding,
                                   int64_t most)
{
	struct operation before;

	if (operation_get(commons->state, holding->label, &before) &&
	    bytes_same(before.holder, holding->holder) &&
	    commons->now.seconds < before.from.seconds + 2 * most)
		return before.from;
	return commons->now;
}

bool operate_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, BYTES("delegate.operate"));
	struct operation operation = {
		.label = act_field(&act->act, "tld"),
		.operator = act_field(&act->act, "operator"),
		.ground = act_field(&act->act, "ground"),
		.until = act_time(&act->act, "expires"),
		.act = act_id_text(act),
	};
	struct holding holding;
	struct measure interim;
	struct record_key key;
	struct party party;

	must(rule != NULL);
	if (!holding_get(commons->state, operation.label, &holding))
		return refuse_name(refusal, REASON_HOLDER, operation.label);
	if (!commons_replaces(commons, &act->act, operation_key(&key, operation.label), refusal))
		return false;
	if (act->act.words.size == 0)
		return refuse(refusal, REASON_GROUND);
	if (!party_get(commons->state, operation.operator, &party))
		return refuse_name(refusal, REASON_RECIPIENT, operation.operator);
	if (bytes_same(operation.operator, holding.holder))
		return refuse_name(refusal, REASON_SAME_PARTY, operation.operator);
	if (measure_get(commons->state, "interim", operation.label, commons->now, &interim))
		return refuse_name(refusal, REASON_STILL, operation.label);
	operation.holder = holding.holder;
	operation.from = first_of(commons, &holding, longest(rule));
	if (operation.until.seconds <= commons->now.seconds)
		return refuse(refusal, REASON_EXPIRES);
	if (operation.until.seconds > operation.from.seconds + longest(rule))
		return refuse(refusal, REASON_TERM);
	operation_put(commons, &operation);
	return true;
}

/* The holder is back, the operator gives up, or, where who speaks for the holder is contested, the others agree:
 * which of these it takes is for concern_rule() to say. */
bool resume_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes label = act_field(&act->act, "tld");
	struct operation operation;
	struct record_key key;

	if (!commons_replaces(commons, &act->act, operation_key(&key, label), refusal))
		return false;
	if (!operation_get(commons->state, label, &operation) ||
	    !operation_stands(commons->state, &operation, commons->now))
		return refuse_name(refusal, REASON_NO_OPERATION, label);
	operation.until = commons->now;
	operation.act = act_id_text(act);
	operation_put(commons, &operation);
	return true;
}
