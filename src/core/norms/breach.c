/* SPDX-License-Identifier: Apache-2.0 */
#include "norms/breach.h"

#include "base/must.h"

static const char *const STATUS[BREACH_STATUSES] = {
	[BREACH_LAPSED] = "lapsed",
	[BREACH_OPEN] = "open",
	[BREACH_CURED] = "cured",
	[BREACH_ENDED] = "ended",
};

const char *breach_status_word(enum breach_status status)
{
	must(status < BREACH_STATUSES);
	return STATUS[status];
}

/* "party/number", or where the number is 0 "party/". */
static struct bytes behind_norm(struct writer *w, struct bytes party, uint32_t paragraph)
{
	write_bytes(w, party);
	write_octet(w, '/');
	if (paragraph > 0)
		write_number(w, paragraph);
	return writer_bytes(w);
}

#define BEHIND_NORM_SIZE 80

struct bytes breach_key(struct record_key *key, struct bytes norm, struct bytes party,
                        uint32_t paragraph)
{
	uint8_t rest[BEHIND_NORM_SIZE];
	struct writer w = {.at = rest, .size = sizeof(rest)};

	return record_key(key, "breach", norm, behind_norm(&w, party, paragraph));
}

static void breach_read(struct bytes record, struct breach *b)
{
	struct bytes key = record_key_part(state_key(record), 1), rest = record_key_part(key, 1), value;
	struct text lines = record_lines(record);
	uint64_t number = 0;
	bool good;

	*b = (struct breach){.norm = bytes_first(key, key.size - rest.size - 1)};
	good = text_number(record_key_part(rest, 1), INT64_MAX, &number);
	must(good);
	b->paragraph = (uint32_t)number;
	b->party = bytes_first(rest, rest.size - record_key_part(rest, 1).size - 1);
	value = record_value(&lines, "status");
	while (!bytes_same(value, bytes_of(breach_status_word(b->status))))
		b->status++;
	b->version = (uint32_t)record_number(&lines, "version");
	b->duty = duty_of_record(record_value(&lines, "duty"));
	b->since = record_time(&lines, "since");
	(void)record_time_or_none(&lines, "opened", &b->opened);
	(void)record_time_or_none(&lines, "until", &b->until);
	b->count = (uint32_t)record_number(&lines, "count");
	b->saw = record_value(&lines, "saw");
	b->contested = record_value(&lines, "contested");
}

bool breach_named(const struct state *state, struct bytes key, struct breach *breach)
{
	struct bytes record;

	if (!bytes_starts(key, BYTES("breach/")) || !state_get(state, key, &record))
		return false;
	breach_read(record, breach);
	return true;
}

bool breach_get(const struct state *state, struct bytes norm, struct bytes party,
                uint32_t paragraph, struct breach *breach)
{
	struct record_key key;

	return breach_named(state, breach_key(&key, norm, party, paragraph), breach);
}

bool breach_next(const struct state *state, size_t *index, struct breach *breach)
{
	struct bytes record;

	if (!state_next(state, BYTES("breach/"), index, &record))
		return false;
	breach_read(record, breach);
	return true;
}

void breach_put(struct state *state, struct arena *arena, const struct breach *b)
{
	struct record_key key;
	struct writer w = record_begin(arena, breach_key(&key, b->norm, b->party, b->paragraph));

	write_field(&w, "status", bytes_of(breach_status_word(b->status)));
	write_field_number(&w, "version", b->version);
	write_text(&w, "duty: ");
	duty_write(&w, &b->duty);
	write_octet(&w, '\n');
	write_field_time(&w, "since", b->since);
	record_write_time_or_none(&w, "opened", b->count > 0, b->opened);
	record_write_time_or_none(&w, "until", !breach_lives(b), b->until);
	write_field_number(&w, "count", b->count);
	write_field(&w, "saw", b->saw);
	write_field(&w, "contested", b->contested);
	record_put(state, &w);
}

void breach_close(struct state *state, struct arena *arena, const struct breach *breach,
                  enum breach_status status, struct ledger_time now)
{
	struct breach b = *breach;
	struct record_key key;

	if (b.count == 0) {
		state_delete(state, breach_key(&key, b.norm, b.party, b.paragraph));
		return;
	}
	b.status = status;
	b.until = now;
	breach_put(state, arena, &b);
}

void breaches_end(struct state *state, struct arena *arena, struct bytes norm, struct bytes party,
                  struct ledger_time now)
{
	struct record_key key;
	struct bytes *record;
	size_t count = record_collect(state, breach_key(&key, norm, party, 0), arena, &record);

	for (size_t i = 0; i < count; i++) {
		struct breach b;

		breach_read(record[i], &b);
		if (breach_lives(&b))
			breach_close(state, arena, &b, BREACH_ENDED, now);
	}
}
