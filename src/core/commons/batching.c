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

/* What one who signs batches has entered since its first of the day. */
struct day {
	struct ledger_time since;
	uint64_t changes;
};

/* A party by its name, an operator by its key: who has two keys has two days, and each is named by itself. */
static struct bytes day_key(struct record_key *key, const struct signed_act *batch)
{
	char hex[2 * sizeof(batch->operator.public_key)];

	if (batch->operator.name.size == 0)
		return record_key(key, "batched", batch->act.by, BYTES(""));
	hex_write(hex, (struct bytes){batch->operator.public_key, sizeof(batch->operator.public_key)});
	return record_key(key, "batched", (struct bytes){(const uint8_t *)hex, sizeof(hex)}, BYTES(""));
}

/* The record goes when its day is over: no record, and a day begins. */
static struct day day_of(const struct commons *commons, struct bytes key)
{
	struct day day = {.since = commons->now};
	struct bytes record;
	struct text lines;

	if (!state_get(commons->state, key, &record))
		return day;
	lines = record_lines(record);
	day.since = record_time(&lines, "since");
	day.changes = record_number(&lines, "changes");
	return day;
}

static void day_put(struct commons *commons, struct bytes key, const struct day *day)
{
	struct writer w = record_begin(&commons->scratch, key);

	write_field_time(&w, "since", day->since);
	write_field_number(&w, "changes", day->changes);
	record_put(commons->state, &w);
}

/* "7 changes, and 5 more; at most 10 a day: again from 2026-11-25T10:00:00Z" */
static bool refuse_day(struct commons *commons, const struct day *day, uint64_t more, struct refusal *refusal)
{
	static const char *const TEXT[2][4] = {
		{" changes, and ", " more; at most ", " a day: again from ", " a day: one batch has no more"},
		{" 项更改，另加 ", " 项；每日至多 ", " 项：可再提交的时间为 ", " 项：一批不得超过此数"},
	};
	bool ever = more <= commons->charter.batches;

	refuse(refusal, REASON_BATCHES);
	for (unsigned zh = 0; zh < 2; zh++) {
		struct writer w = writer_in(&commons->scratch);
		char again[TIME_TEXT_SIZE];

		write_number(&w, day->changes);
		write_text(&w, TEXT[zh][0]);
		write_number(&w, more);
		write_text(&w, TEXT[zh][1]);
		write_number(&w, commons->charter.batches);
		write_text(&w, TEXT[zh][ever ? 2 : 3]);
		time_write(again, (struct ledger_time){day->since.seconds + SECONDS_A_DAY});
		write_bytes(&w, (struct bytes){(const uint8_t *)again, ever ? TIME_TEXT_SIZE : 0});
		refusal->detail[zh] = writer_keep(&w, &commons->scratch);
	}
	if (commons->charter.batches_article != 0)
		refusal_cite(refusal, commons->charter.batches_article, BYTES("batches"));
	return false;
}

/* How much the batch changes that waits for nobody's leave: to drop DS is never too much. */
static uint64_t changes_of(struct bytes document)
{
	struct batch_item item;
	uint64_t changes = 0;
	const char *why;

	while (batch_next(&document, &item, &why))
		changes += item.change != BATCH_DS_DROP;
	return changes;
}

/* Enters what the batch asks for in the day of who signed it; refused where that is more than the charter allows. */
static bool day_has_room(struct commons *commons, const struct signed_act *batch, struct bytes document,
                         struct refusal *refusal)
{
	uint64_t more = changes_of(document);
	struct record_key at;
	struct bytes key = day_key(&at, batch);
	struct day day = day_of(commons, key);
	bool begins = day.changes == 0;

	if (more == 0)
		return true;
	if (day.changes + more > commons->charter.batches)
		return refuse_day(commons, &day, more, refusal);
	day.changes += more;
	day_put(commons, key, &day);
	if (begins)
		timer_set(commons->state, &commons->scratch,
		          (struct ledger_time){day.since.seconds + SECONDS_A_DAY}, key);
	return true;
}

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

	if (!form_holds(commons, &act->act, document, refusal) ||
	    !day_has_room(commons, act, document, refusal))
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
