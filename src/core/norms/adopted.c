/* SPDX-License-Identifier: Apache-2.0 */
#include "norms/adopted.h"

#include "base/must.h"

static const char *const STATUS[] = {[NORM_STANDS] = "stands", [NORM_REPEALED] = "repealed"};

struct bytes adopted_key(struct record_key *key, struct bytes id)
{
	return record_key(key, "norm", id, BYTES(""));
}

static void adopted_read(struct bytes record, struct adopted *a)
{
	struct text lines = record_lines(record);

	*a = (struct adopted){.id = record_key_part(state_key(record), 1)};
	a->status = bytes_same(record_value(&lines, "status"), BYTES("stands")) ? NORM_STANDS : NORM_REPEALED;
	a->version = (uint32_t)record_number(&lines, "version");
	a->since = record_time(&lines, "since");
	a->act = record_value(&lines, "act");
}

bool adopted_get(const struct state *state, struct bytes id, struct adopted *adopted)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, adopted_key(&key, id), &record))
		return false;
	adopted_read(record, adopted);
	return true;
}

bool adopted_next(const struct state *state, size_t *index, struct adopted *adopted)
{
	struct bytes record;

	if (!state_next(state, BYTES("norm/"), index, &record))
		return false;
	adopted_read(record, adopted);
	return true;
}

void adopted_put(struct state *state, struct arena *arena, const struct adopted *a)
{
	struct record_key key;
	struct writer w = record_begin(arena, adopted_key(&key, a->id));

	write_field(&w, "status", bytes_of(STATUS[a->status]));
	write_field_number(&w, "version", a->version);
	write_field_time(&w, "since", a->since);
	write_field(&w, "act", a->act);
	record_put(state, &w);
}

static struct bytes text_key(struct record_key *key, struct bytes id, uint32_t version)
{
	uint8_t number[10];
	struct writer w = {.at = number, .size = sizeof(number)};

	write_number(&w, version);
	return record_key(key, "normtext", id, writer_bytes(&w));
}

static void duties_read(struct text *lines, struct norm_text *t)
{
	struct bytes value;

	while (record_value_if(lines, "duty", &value)) {
		struct norm_duty *d = &t->duty[t->duties++];

		must(t->duties <= NORM_DUTIES_MAX);
		d->paragraph = (uint32_t)record_word_number(&value);
		d->duty = duty_of_record(value);
	}
}

bool norm_text_get(const struct state *state, struct bytes id, uint32_t version,
                   struct norm_text *t)
{
	struct record_key key;
	struct bytes record;
	struct text lines;

	if (!state_get(state, text_key(&key, id, version), &record))
		return false;
	lines = record_lines(record);
	*t = (struct norm_text){.id = id, .version = version};
	t->since = record_time(&lines, "since");
	t->act = record_value(&lines, "act");
	t->notice = (int64_t)record_number(&lines, "notice");
	t->paragraphs = (uint32_t)record_number(&lines, "paragraphs");
	duties_read(&lines, t);
	t->embedded = record_run(&lines, "|");
	return true;
}

void norm_text_put(struct state *state, struct arena *arena, const struct norm *norm,
                   struct ledger_time since, struct bytes act, struct bytes embedded)
{
	struct record_key key;
	struct writer w = record_begin(arena, text_key(&key, norm->id, norm->version));

	write_field_time(&w, "since", since);
	write_field(&w, "act", act);
	write_field_number(&w, "notice", (uint64_t)norm->notice);
	write_field_number(&w, "paragraphs", norm->count);
	for (unsigned i = 0; i < norm->count; i++) {
		if (!norm->paragraph[i].has_duty)
			continue;
		write_text(&w, "duty: ");
		write_number(&w, i + 1);
		write_octet(&w, ' ');
		duty_write(&w, &norm->paragraph[i].duty);
		write_octet(&w, '\n');
	}
	write_bytes(&w, embedded);
	record_put(state, &w);
}

void norm_text_delete(struct state *state, struct bytes id, uint32_t version)
{
	struct record_key key;

	state_delete(state, text_key(&key, id, version));
}
