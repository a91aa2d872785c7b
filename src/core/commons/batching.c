/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/batching.h"

#include "act/batch.h"
#include "base/hex.h"
#include "base/must.h"
#include "commons/apply.h"
#include "commons/linking.h"
#include "commons/mandating.h"
#include "commons/proposal.h"
#include "state/clock.h"

static struct bytes results_key(struct record_key *key, struct bytes act)
{
	return record_key(key, "batch", act, BYTES(""));
}

bool batch_results(const struct state *state, struct bytes act, struct bytes *lines)
{
	struct record_key key;
	struct bytes record;
	struct text rest;

	if (!state_get(state, results_key(&key, act), &record))
		return false;
	rest = record_lines(record);
	(void)record_value(&rest, "by");
	*lines = rest.rest;
	return true;
}

bool batch_result_next(struct bytes *lines, struct batch_result *result)
{
	struct text rest = {.rest = *lines};
	struct bytes value;

	if (!record_value_if(&rest, "item", &value))
		return false;
	*lines = rest.rest;
	result->label = record_word(&value);
	result->change = record_word(&value);
	result->reason = (enum reason)record_word_number(&value);
	result->article = (uint16_t)record_word_number(&value);
	return true;
}

/* What stands now, as `replaces` names it; false when it is not what the item names. */
static bool slot_of(const struct commons *commons, const struct batch_item *item, char hex[2 * DIGEST_SIZE],
                    struct bytes *slot)
{
	struct record_key key;
	struct digest leaf;

	if (!state_leaf(commons->state, holding_key(&key, item->label), &leaf)) {
		*slot = BYTES("none");
		return bytes_same(item->slot, *slot);
	}
	hex_write(hex, digest_bytes(&leaf));
	*slot = (struct bytes){(const uint8_t *)hex, 2 * DIGEST_SIZE};
	return bytes_same(item->slot, bytes_first(*slot, BATCH_SLOT_DIGITS));
}

/* The item as an act of its own, its text in the arena. False: no act has such records. */
static bool act_of(const struct act *batch, const struct batch_item *item, struct bytes by, struct bytes slot,
                   struct bytes records, struct arena *arena, struct act *act, struct fault *fault)
{
	struct act made = {
		.kind = item->change == BATCH_DS_DROP ? ACT_DS_DROP : ACT_DELEGATE,
		.origin = batch->origin,
		.charter = batch->charter,
		.by = by,
		.until = batch->until,
		.field = {item->label, slot},
		.records = records,
	};
	struct writer w = writer_in(arena);
	struct bytes text;

	memcpy(made.federation, batch->federation, sizeof(made.federation));
	act_write(&w, &made);
	text = writer_keep(&w, arena);
	return act_read(text, arena_rest(arena), act, fault) == OK;
}

static bool only_ds(struct bytes records, struct arena scratch)
{
	struct rr rr;

	while (record_rr(&records, &scratch, &rr))
		if (rr.type != TYPE_DS)
			return false;
	return true;
}

/* A batch is refused as a whole when one item is not of its form. */
static bool form_holds(struct commons *commons, const struct act *batch, struct bytes document,
                       struct refusal *refusal)
{
	struct batch_item item;
	struct fault fault;
	const char *why;

	if (!batch_holds(document, act_number(batch, "count"), &fault))
		return refuse_name(refusal, REASON_BATCH, bytes_of(fault.why));
	while (batch_next(&document, &item, &why)) {
		struct arena scratch = arena_rest(&commons->scratch);
		struct act act;

		if (!act_of(batch, &item, batch->by, BYTES("none"), item.records, &scratch, &act, &fault))
			return refuse_name(refusal, REASON_BATCH, bytes_of(fault.why));
		if (item.change != BATCH_DELEGATE && !only_ds(item.records, scratch))
			return refuse_name(refusal, REASON_BATCH, item.label);
	}
	return true;
}

/* The records that the TLD is to have. */
static bool records_of(struct commons *commons, const struct batch_item *item, struct bytes *records,
                       struct refusal *refusal)
{
	struct holding holding;

	*records = item->records;
	if (item->change != BATCH_DS)
		return true;
	if (!holding_get(commons->state, item->label, &holding))
		return refuse_name(refusal, REASON_HOLDER, item->label);
	*records = link_records_with_ds(commons, item->label, holding.records, item->records);
	return true;
}

static bool item_decide(struct commons *commons, const struct signed_act *batch, const struct batch_item *item,
                        struct refusal *refusal)
{
	struct signed_act s = *batch;
	char hex[2 * DIGEST_SIZE];
	struct bytes slot, records, by = batch->act.by;
	struct proposal proposal;
	struct fault fault;

	if (batch->operator.name.size > 0 && !mandating_keeper(commons, item->label, &by))
		return refuse_name(refusal, REASON_HOLDER, item->label);
	if (!slot_of(commons, item, hex, &slot))
		return refuse_name(refusal, REASON_STALE, item->label);
	by = arena_copy(&commons->scratch, by);
	if (!records_of(commons, item, &records, refusal))
		return false;
	if (!act_of(&batch->act, item, by, slot, records, &commons->scratch, &s.act, &fault))
		return refuse_name(refusal, REASON_BATCH, bytes_of(fault.why));
	return commons_decide(commons, &s, refusal) &&
	       (!proposal_get(commons->state, act_id_text(batch), &proposal) ||
	        refuse_name(refusal, REASON_BATCH_ALONE, item->label));
}

/* Decides one item, and takes back what a refused one changed. */
static struct batch_result item_enter(struct commons *commons, const struct signed_act *batch,
                                      const struct batch_item *item)
{
	struct state_mark mark = state_mark(commons->state);
	size_t used = commons->scratch.used;
	struct refusal refusal = {0};
	struct batch_result result = {.label = item->label, .change = bytes_of(batch_change_word(item->change))};

	if (!item_decide(commons, batch, item, &refusal)) {
		state_undo(commons->state, mark);
		result.reason = refusal.reason;
		result.article = refusal.article;
	}
	commons->scratch.used = used;
	return result;
}

/* "aur: stale; bor: scope", as many as fit. */
static bool refuse_all(struct commons *commons, const struct batch_result *result, uint64_t count,
                       struct refusal *refusal)
{
	struct writer w = writer_in(&commons->scratch);

	for (uint64_t i = 0; i < count && w.used < ACT_LINE_SIZE_MAX; i++) {
		write_text(&w, i > 0 ? "; " : "");
		write_bytes(&w, result[i].label);
		write_text(&w, ": ");
		write_text(&w, reason_word(result[i].reason));
	}
	return refuse_name(refusal, REASON_BATCH_NOTHING, writer_keep(&w, &commons->scratch));
}

static void results_put(struct commons *commons, const struct signed_act *act, const struct batch_result *result,
                        uint64_t count)
{
	struct record_key key;
	struct bytes name = results_key(&key, act_id_text(act));
	struct writer w = record_begin(&commons->scratch, name);

	write_field(&w, "by", act->act.by);
	for (uint64_t i = 0; i < count; i++) {
		write_text(&w, "item: ");
		write_bytes(&w, result[i].label);
		write_octet(&w, ' ');
		write_bytes(&w, result[i].change);
		write_octet(&w, ' ');
		write_number(&w, (uint64_t)result[i].reason);
		write_octet(&w, ' ');
		write_number(&w, result[i].article);
		write_octet(&w, '\n');
	}
	record_put(commons->state, &w);
	timer_set(commons->state, &commons->scratch, (struct ledger_time){commons->now.seconds + BATCH_KEPT}, name);
}

bool batch_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes document = act_embedded(&act->act, &commons->scratch);
	struct batch_result *result;
	struct batch_item item;
	uint64_t count = 0, entered = 0;
	const char *why;

	if (!form_holds(commons, &act->act, document, refusal))
		return false;
	result = arena_take_array(&commons->scratch, act_number(&act->act, "count"), sizeof(*result));
	while (batch_next(&document, &item, &why)) {
		result[count] = item_enter(commons, act, &item);
		entered += result[count++].reason == REASON_NONE;
	}
	if (entered == 0)
		return refuse_all(commons, result, count, refusal);
	results_put(commons, act, result, count);
	return true;
}
