/* SPDX-License-Identifier: Apache-2.0 */
/* norm, repeal, accept, reserve, denounce, contest: what parties do about norms. */
#include "commons/norming.h"

#include "base/must.h"
#include "commons/duties.h"

#define NONE BYTES("none")

static unsigned standing(const struct commons *commons)
{
	struct adopted a;
	unsigned count = 0;

	for (size_t index = 0; adopted_next(commons->state, &index, &a);)
		count += a.status == NORM_STANDS;
	return count;
}

/* A version that no longer stands goes with the last who is bound to it. */
static void text_forget(struct commons *commons, struct bytes norm, uint32_t version)
{
	struct adopted a;
	bool there = adopted_get(commons->state, norm, &a);

	must(there);
	if ((a.status == NORM_REPEALED || a.version != version) &&
	    !adherence_to_version(commons->state, norm, version))
		norm_text_delete(commons->state, norm, version);
}

bool norm_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes id = act_field(&act->act, "norm");
	struct adopted before = {.version = 0, .status = NORM_REPEALED};
	struct record_key key;
	struct fault fault;
	struct norm norm;
	bool there;

	if (!commons_replaces(commons, &act->act, adopted_key(&key, id), refusal))
		return false;
	if (!norm_read(act_embedded(&act->act, &commons->scratch), &norm, &fault))
		return refuse_fault(refusal, REASON_NORM_TEXT, &fault, &commons->scratch);
	there = adopted_get(commons->state, id, &before);
	if (!bytes_same(norm.id, id) || norm.version != before.version + 1)
		return refuse(refusal, REASON_NORM_VERSION);
	if (before.status == NORM_REPEALED && standing(commons) >= NORMS_MAX)
		return refuse(refusal, REASON_NORMS);
	adopted_put(commons->state, &commons->scratch,
	            &(struct adopted){id, NORM_STANDS, norm.version, commons->now, act_id_text(act)});
	norm_text_put(commons->state, &commons->scratch, &norm, commons->now, act_id_text(act), act->act.embed);
	if (there && before.status == NORM_STANDS)
		text_forget(commons, id, before.version);
	return true;
}

/* Nobody is bound by this record any more. */
static void adherence_end(struct commons *commons, struct adherence *a, struct bytes act)
{
	a->status = ADHERENCE_ENDED;
	a->until = commons->now;
	a->act = act;
	adherence_put(commons->state, &commons->scratch, a);
	breaches_end(commons->state, &commons->scratch, a->norm, a->party, commons->now);
	text_forget(commons, a->norm, a->version);
}

bool repeal_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes id = act_field(&act->act, "norm"), *record;
	struct record_key key;
	struct adopted a;
	size_t count;

	if (!adopted_get(commons->state, id, &a) || a.status != NORM_STANDS)
		return refuse_name(refusal, REASON_NORM, id);
	if (!commons_replaces(commons, &act->act, adopted_key(&key, id), refusal))
		return false;
	a.status = NORM_REPEALED;
	a.since = commons->now;
	a.act = act_id_text(act);
	adopted_put(commons->state, &commons->scratch, &a);
	text_forget(commons, id, a.version);
	count = record_collect(commons->state, BYTES("adherence/"), &commons->scratch, &record);
	for (size_t i = 0; i < count; i++) {
		struct adherence who;

		adherence_read(record[i], &who);
		if (bytes_same(who.norm, id) && adherence_binds(&who))
			adherence_end(commons, &who, act_id_text(act));
	}
	return true;
}

/* The text that may be accepted: of the version that stands. */
static bool offered(const struct commons *commons, const struct act *act, struct norm_text *text,
                    struct refusal *refusal)
{
	struct bytes id = act_field(act, "norm");
	struct adopted a;
	bool there;

	if (!adopted_get(commons->state, id, &a) || a.status != NORM_STANDS)
		return refuse_name(refusal, REASON_NORM, id);
	if (act_number(act, "version") != a.version)
		return refuse_name(refusal, REASON_NORM_VERSION, id);
	there = norm_text_get(commons->state, id, a.version, text);
	must(there);
	return true;
}

/* Puts that the party is bound to this text, but for `reserved`. */
static bool bind(struct commons *commons, const struct signed_act *act, const struct norm_text *text,
                 struct bytes reserved, struct bytes words, struct refusal *refusal)
{
	struct adherence before = {.status = ADHERENCE_ENDED};
	struct record_key key;
	struct adherence a = {
		.norm = text->id,
		.party = act->act.by,
		.version = text->version,
		.since = commons->now,
		.reserved = reserved,
		.act = act_id_text(act),
		.words = words,
	};

	if (!commons_replaces(commons, &act->act, adherence_key(&key, text->id, act->act.by), refusal))
		return false;
	(void)adherence_get(commons->state, text->id, act->act.by, &before);
	if (adherence_binds(&before) && before.version == text->version && bytes_same(before.reserved, reserved))
		a.since = before.since;
	adherence_put(commons->state, &commons->scratch, &a);
	if (adherence_binds(&before) && before.version != text->version) {
		breaches_end(commons->state, &commons->scratch, text->id, act->act.by, commons->now);
		text_forget(commons, text->id, before.version);
	}
	norms_wake(commons, text);
	return true;
}

bool accept_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct norm_text text;

	return offered(commons, &act->act, &text, refusal) &&
	       bind(commons, act, &text, NONE, BYTES(""), refusal);
}

static bool reservation_fits(const struct norm_text *text, const struct act *act)
{
	struct bytes reserved = act_field(act, "paragraphs");
	uint64_t number;

	if (act->words.size == 0 || act->words.size > NORM_WORDS_MAX)
		return false;
	while (text_word_number(&reserved, UINT32_MAX, &number))
		if (number > text->paragraphs)
			return false;
	return true;
}

/* Who is bound to a paragraph does not leave it by a reservation, which takes effect at once. */
static bool widens(const struct commons *commons, const struct norm_text *text, struct bytes party,
                   struct bytes reserved)
{
	struct adherence a;
	uint64_t number;

	if (!adherence_get(commons->state, text->id, party, &a) || !adherence_binds(&a) ||
	    a.version != text->version)
		return false;
	while (text_word_number(&reserved, UINT32_MAX, &number))
		if (!adherence_reserves(a.reserved, (uint32_t)number))
			return true;
	return false;
}

/* Words of an act as embedded lines of a record. */
static struct bytes words_kept(struct commons *commons, struct bytes words)
{
	struct writer w = writer_in(&commons->scratch);
	struct text lines = {.rest = words};
	struct bytes line;

	while (text_line(&lines, &line)) {
		write_text(&w, "| ");
		write_bytes(&w, bytes_from(line, 2));
		write_octet(&w, '\n');
	}
	return writer_keep(&w, &commons->scratch);
}

bool reserve_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes reserved = act_field(&act->act, "paragraphs");
	struct norm_text text;

	if (!offered(commons, &act->act, &text, refusal))
		return false;
	if (!reservation_fits(&text, &act->act))
		return refuse_name(refusal, REASON_RESERVATION, reserved);
	if (widens(commons, &text, act->act.by, reserved))
		return refuse_name(refusal, REASON_RESERVED_LATE, reserved);
	return bind(commons, act, &text, reserved, words_kept(commons, act->act.words), refusal);
}

bool denounce_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes id = act_field(&act->act, "norm");
	struct norm_text text;
	struct record_key key;
	struct adherence a;
	bool there;

	if (!adherence_get(commons->state, id, act->act.by, &a) || a.status != ADHERENCE_ACCEPTED)
		return refuse_name(refusal, REASON_NOT_BOUND, id);
	if (!commons_replaces(commons, &act->act, adherence_key(&key, id, act->act.by), refusal))
		return false;
	there = norm_text_get(commons->state, id, a.version, &text);
	must(there);
	if (text.notice == 0) {
		adherence_end(commons, &a, act_id_text(act));
		return true;
	}
	a.status = ADHERENCE_DENOUNCED;
	a.until.seconds = commons->now.seconds + text.notice;
	a.act = act_id_text(act);
	adherence_put(commons->state, &commons->scratch, &a);
	return true;
}

bool contest_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes id = act_field(&act->act, "norm");
	uint64_t paragraph = act_number(&act->act, "paragraph");
	struct breach b;

	if (paragraph == 0 || paragraph > NORM_PARAGRAPHS_MAX ||
	    !breach_get(commons->state, id, act->act.by, (uint32_t)paragraph, &b) || b.status != BREACH_OPEN)
		return refuse_name(refusal, REASON_BREACH, id);
	if (act->act.words.size == 0 || !bytes_same(b.contested, NONE))
		return refuse(refusal, REASON_CONTESTED);
	b.contested = act_id_text(act);
	breach_put(commons->state, &commons->scratch, &b);
	return true;
}

void adherence_timer(struct commons *commons, struct bytes key)
{
	struct adherence a;
	struct bytes record;

	if (!state_get(commons->state, key, &record))
		return;
	adherence_read(record, &a);
	if (a.status == ADHERENCE_DENOUNCED && a.until.seconds <= commons->now.seconds)
		adherence_end(commons, &a, a.act);
}

void norms_party_left(struct commons *commons, struct bytes party, struct bytes act)
{
	struct bytes *record;
	size_t count = record_collect(commons->state, BYTES("adherence/"), &commons->scratch, &record);

	for (size_t i = 0; i < count; i++) {
		struct adherence a;

		adherence_read(record[i], &a);
		if (bytes_same(a.party, party) && adherence_binds(&a))
			adherence_end(commons, &a, act);
	}
}
