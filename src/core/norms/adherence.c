/* SPDX-License-Identifier: Apache-2.0 */
#include "norms/adherence.h"

#include "base/must.h"
#include "state/clock.h"

static const char *const STATUS[ADHERENCE_STATUSES] = {
	[ADHERENCE_ACCEPTED] = "accepted",
	[ADHERENCE_DENOUNCED] = "denounced",
	[ADHERENCE_ENDED] = "ended",
};

const char *adherence_status_word(enum adherence_status status)
{
	must(status < ADHERENCE_STATUSES);
	return STATUS[status];
}

struct bytes adherence_key(struct record_key *key, struct bytes norm, struct bytes party)
{
	return record_key(key, "adherence", norm, party);
}

void adherence_read(struct bytes record, struct adherence *a)
{
	struct bytes key = record_key_part(state_key(record), 1);
	struct text lines = record_lines(record);
	struct bytes status = record_value(&lines, "status");

	*a = (struct adherence){.party = record_key_part(key, 1)};
	a->norm = bytes_first(key, key.size - a->party.size - 1);
	while (!bytes_same(status, bytes_of(adherence_status_word(a->status))))
		a->status++;
	a->version = (uint32_t)record_number(&lines, "version");
	a->since = record_time(&lines, "since");
	(void)record_time_or_none(&lines, "until", &a->until);
	a->reserved = record_value(&lines, "reserved");
	a->act = record_value(&lines, "act");
	a->words = record_run(&lines, "|");
}

bool adherence_get(const struct state *state, struct bytes norm, struct bytes party,
                   struct adherence *adherence)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, adherence_key(&key, norm, party), &record))
		return false;
	adherence_read(record, adherence);
	return true;
}

bool adherence_next(const struct state *state, size_t *index, struct adherence *adherence)
{
	struct bytes record;

	if (!state_next(state, BYTES("adherence/"), index, &record))
		return false;
	adherence_read(record, adherence);
	return true;
}

static void timer_move(struct state *state, struct arena *arena, const struct adherence *a)
{
	struct record_key name;
	struct bytes what = adherence_key(&name, a->norm, a->party);
	struct adherence before;

	if (adherence_get(state, a->norm, a->party, &before) && before.status == ADHERENCE_DENOUNCED)
		timer_clear(state, before.until, what);
	if (a->status == ADHERENCE_DENOUNCED)
		timer_set(state, arena, a->until, what);
}

void adherence_put(struct state *state, struct arena *arena, const struct adherence *a)
{
	struct record_key key;
	struct writer w;

	timer_move(state, arena, a);
	w = record_begin(arena, adherence_key(&key, a->norm, a->party));
	write_field(&w, "status", bytes_of(adherence_status_word(a->status)));
	write_field_number(&w, "version", a->version);
	write_field_time(&w, "since", a->since);
	record_write_time_or_none(&w, "until", a->status != ADHERENCE_ACCEPTED, a->until);
	write_field(&w, "reserved", a->reserved);
	write_field(&w, "act", a->act);
	write_bytes(&w, a->words);
	record_put(state, &w);
}

bool adherence_to_version(const struct state *state, struct bytes norm, uint32_t version)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "adherence", norm, BYTES("")), record;
	struct adherence a;

	/* "adherence/gge-1" begins "adherence/gge-10/..." too. */
	for (size_t index = 0; state_next(state, prefix, &index, &record);) {
		adherence_read(record, &a);
		if (bytes_same(a.norm, norm) && a.version == version && adherence_binds(&a))
			return true;
	}
	return false;
}

bool adherence_reserves(struct bytes reserved, uint32_t paragraph)
{
	uint64_t number;

	while (text_word_number(&reserved, UINT32_MAX, &number))
		if (number == paragraph)
			return true;
	return false;
}
