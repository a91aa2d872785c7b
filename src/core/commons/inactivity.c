/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/inactivity.h"

#include "base/must.h"
#include "charter/judge.h"
#include "commons/registering.h"
#include "commons/suspending.h"
#include "norms/breach.h"

static const char *const STATUS[INACTIVE_STATUSES] = {
	[INACTIVE_COUNTING] = "counting",
	[INACTIVE_WARNED] = "warned",
	[INACTIVE_WITHHELD] = "withheld",
	[INACTIVE_SUSPENDED] = "suspended",
};

const char *inactive_status_word(enum inactive_status status)
{
	must(status < INACTIVE_STATUSES);
	return STATUS[status];
}

static struct bytes inactive_key(struct record_key *key, struct bytes party)
{
	return record_key(key, "inactive", party, BYTES(""));
}

static void inactive_read(struct bytes record, struct inactive *i)
{
	struct text lines = record_lines(record);
	struct bytes value = record_value(&lines, "status");

	*i = (struct inactive){.party = record_key_part(state_key(record), 1)};
	while (!bytes_same(value, bytes_of(STATUS[i->status])))
		i->status++;
	(void)record_time_or_none(&lines, "from", &i->from);
	while (record_value_if(&lines, "missed", &value)) {
		struct missed *m = &i->missed[i->count++];
		bool good = time_read(record_word(&value), &m->at);

		must(good && i->count <= CHARTER_MISSED_MAX);
		m->norm = record_word(&value);
		m->paragraph = (uint32_t)record_word_number(&value);
	}
}

bool inactive_get(const struct state *state, struct bytes party, struct inactive *inactive)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, inactive_key(&key, party), &record))
		return false;
	inactive_read(record, inactive);
	return true;
}

bool inactive_next(const struct state *state, size_t *index, struct inactive *inactive)
{
	struct bytes record;

	if (!state_next(state, BYTES("inactive/"), index, &record))
		return false;
	inactive_read(record, inactive);
	return true;
}

static void inactive_put(struct commons *commons, const struct inactive *i)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, inactive_key(&key, i->party));

	write_field(&w, "status", bytes_of(inactive_status_word(i->status)));
	record_write_time_or_none(&w, "from", i->status != INACTIVE_COUNTING, i->from);
	for (unsigned m = 0; m < i->count; m++) {
		char at[TIME_TEXT_SIZE];

		time_write(at, i->missed[m].at);
		write_text(&w, "missed: ");
		write_bytes(&w, (struct bytes){(const uint8_t *)at, sizeof(at)});
		write_octet(&w, ' ');
		write_bytes(&w, i->missed[m].norm);
		write_octet(&w, ' ');
		write_number(&w, i->missed[m].paragraph);
		write_octet(&w, '\n');
	}
	record_put(commons->state, &w);
}

static void inactive_delete(struct commons *commons, struct bytes party)
{
	struct record_key key;
	struct bytes record;

	if (state_get(commons->state, inactive_key(&key, party), &record))
		state_delete(commons->state, inactive_key(&key, party));
}

bool inactivity_holds(const struct commons *commons, struct bytes party)
{
	struct inactive i;

	return commons->charter.inactive_missed != 0 && inactive_get(commons->state, party, &i) &&
	       i.status == INACTIVE_SUSPENDED;
}

void inactivity_acted(struct commons *commons, const struct signed_act *act)
{
	if (act_row(act->act.kind)->role == ROLE_ACT && act->operator.name.size == 0)
		inactive_delete(commons, act->act.by);
}

/* ---- what was missed ---- */

/* What is too long ago, or of a duty that it is not bound to any more, is not counted. Once it was warned, time takes nothing back. */
static void forget(const struct commons *commons, struct inactive *i)
{
	unsigned kept = 0;

	for (unsigned m = 0; m < i->count; m++) {
		const struct missed *missed = &i->missed[m];
		struct breach b;
		bool old = i->status == INACTIVE_COUNTING &&
		           commons->now.seconds - missed->at.seconds > commons->charter.inactive_within;

		if (!old && breach_get(commons->state, missed->norm, i->party, missed->paragraph, &b) && b.status != BREACH_ENDED)
			i->missed[kept++] = *missed;
	}
	i->count = kept;
}

/* Whether this breach was counted less than its period ago. */
static bool is_counted(const struct commons *commons, const struct inactive *i, const struct breach *b)
{
	for (unsigned m = 0; m < i->count; m++)
		if (bytes_same(i->missed[m].norm, b->norm) && i->missed[m].paragraph == b->paragraph &&
		    commons->now.seconds - i->missed[m].at.seconds < BREACH_PERIOD)
			return true;
	return false;
}

static void count(const struct commons *commons, struct inactive *i)
{
	struct breach b;

	for (size_t index = 0; breach_next(commons->state, &index, &b) && i->count < commons->charter.inactive_missed;)
		if (bytes_same(b.party, i->party) && b.status == BREACH_OPEN && bytes_same(b.contested, BYTES("none")) &&
		    !is_counted(commons, i, &b))
			i->missed[i->count++] = (struct missed){commons->now, b.norm, b.paragraph};
}

/* ---- what follows ---- */

/* Whether those that are not among the inactive, all saying yes, carry charter.amend counted among all parties. */
static bool floor_holds(struct commons *commons, struct inactive *const *inactive, size_t count)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, BYTES("charter.amend"));
	size_t kept_used = commons->scratch.used, parties = 0;
	struct charter_case c = {.comment_over = true, .vote_over = true, .objection_over = true, .checks = CHARTER_CHECKS_HELD};
	struct charter_verdict verdict;
	struct charter_party *as;
	struct party party;

	for (size_t index = 0; party_next(commons->state, &index, &party);)
		parties++;
	as = arena_take_array(&commons->scratch, parties, sizeof(*as));
	c.parties = as;
	for (size_t index = 0; party_next(commons->state, &index, &party); c.count++) {
		struct writer w = writer_in(&commons->scratch);

		registering_write_unlisted(commons, party.name, &w);
		as[c.count] = (struct charter_party){
			.name = party.name,
			.kind = party.kind,
			.weight = charter_weight(&commons->charter, party.name),
			.vote = VOTE_YES,
			.proposer = true,
			.suspended = suspending_ordered(commons, party.name),
			.unlisted = writer_keep(&w, &commons->scratch),
		};
		if (as[c.count].unlisted.size > 0)
			as[c.count].unlisted = bytes_from(as[c.count].unlisted, 1);
		for (size_t i = 0; i < count; i++)
			if (bytes_same(inactive[i]->party, party.name)) {
				as[c.count].vote = VOTE_NONE;
				as[c.count].proposer = false;
			}
	}
	charter_judge(rule, &c, &verdict);
	commons->scratch.used = kept_used;
	return verdict.outcome == CHARTER_HOLDS;
}

/* Who was warned first is first; of those, by name, as they stand. */
static void sort(struct inactive **due, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0 && due[j]->from.seconds < due[j - 1]->from.seconds; j--) {
			struct inactive *one = due[j];

			due[j] = due[j - 1];
			due[j - 1] = one;
		}
}

/* Whose time has come does not count, one after the other, as long as enough are left. */
static void suspend(struct commons *commons, struct inactive **due, size_t count)
{
	size_t suspended = 0;

	sort(due, count);
	for (size_t i = 0; i < count; i++) {
		struct inactive *one = due[i];

		due[suspended] = one;
		one->status = floor_holds(commons, due, suspended + 1) ? INACTIVE_SUSPENDED : INACTIVE_WITHHELD;
		suspended += one->status == INACTIVE_SUSPENDED;
	}
}

static void look(struct commons *commons, struct inactive *i)
{
	forget(commons, i);
	count(commons, i);
	if (i->count < commons->charter.inactive_missed) {
		i->status = INACTIVE_COUNTING;
	} else if (i->status == INACTIVE_COUNTING) {
		i->status = INACTIVE_WARNED;
		i->from.seconds = commons->now.seconds + INACTIVITY_NOTICE;
	}
}

static bool same(const struct inactive *a, const struct inactive *b)
{
	return a->status == b->status && a->count == b->count &&
	       (a->count == 0 || a->missed[a->count - 1].at.seconds == b->missed[b->count - 1].at.seconds) &&
	       (a->count == 0 || a->missed[0].at.seconds == b->missed[0].at.seconds);
}

static void settle(struct commons *commons, const struct inactive *i)
{
	struct inactive before;
	bool there = inactive_get(commons->state, i->party, &before);

	if (i->count == 0)
		inactive_delete(commons, i->party);
	else if (!there || !same(&before, i))
		inactive_put(commons, i);
}

void inactivity_look(struct commons *commons)
{
	struct bytes *record;
	size_t parties = record_collect(commons->state, BYTES("party/"), &commons->scratch, &record), dues = 0;
	struct inactive *all = arena_take_array(&commons->scratch, parties, sizeof(*all));
	struct inactive **due = arena_take_array(&commons->scratch, parties, sizeof(struct inactive *));

	for (size_t p = 0; p < parties; p++) {
		struct bytes name = record_key_part(state_key(record[p]), 1);

		if (!inactive_get(commons->state, name, &all[p]))
			all[p] = (struct inactive){.party = name};
		if (commons->charter.inactive_missed == 0)
			all[p].count = 0;
		else
			look(commons, &all[p]);
		if (all[p].status != INACTIVE_COUNTING && all[p].from.seconds <= commons->now.seconds)
			due[dues++] = &all[p];
	}
	suspend(commons, due, dues);
	for (size_t p = 0; p < parties; p++) {
		size_t kept_used = commons->scratch.used;

		settle(commons, &all[p]);
		commons->scratch.used = kept_used;
	}
}
