/* SPDX-License-Identifier: Apache-2.0 */
#include "state/content.h"

#include "base/must.h"

static struct bytes was_key(struct record_key *at, struct bytes key)
{
	return record_key(at, "was", key, BYTES(""));
}

bool content_is_due(const struct state *state)
{
	struct bytes record;

	return state_get(state, BYTES("due"), &record);
}

void content_set_due(struct state *state, struct arena *arena, struct ledger_time time)
{
	struct writer w;

	if (content_is_due(state))
		return;
	w = record_begin(arena, BYTES("due"));
	write_field_time(&w, "since", time);
	record_put(state, &w);
}

void content_clear_due(struct state *state)
{
	state_delete(state, BYTES("due"));
}

static void keep(struct state *state, struct arena *arena, struct bytes key)
{
	struct record_key at;
	struct bytes record, line;
	struct writer w;

	if (state_get(state, was_key(&at, key), &record))
		return;
	w = record_begin(arena, was_key(&at, key));
	if (record_get(state, key, &record)) {
		struct text lines = {.rest = record};
		while (text_line(&lines, &line)) {
			write_text(&w, "| ");
			write_bytes(&w, line);
			write_octet(&w, '\n');
		}
	} else {
		write_field(&w, "absent", BYTES("yes"));
	}
	record_put(state, &w);
}

void content_put(struct state *state, struct arena *arena, bool job_open,
                 struct ledger_time time, struct bytes record)
{
	struct arena rest = *arena;

	/* A record that was just written stands where the next thing would be taken. */
	if (record.at == arena->at + arena->used) {
		struct arena after = arena_rest(arena);
		arena_keep(&rest, &after, record.size);
	}
	if (job_open)
		keep(state, &rest, state_key(record));
	state_put(state, record);
	content_set_due(state, &rest, time);
}

void content_bury(struct state *state, struct arena *arena, bool job_open,
                  struct ledger_time time, struct bytes key, struct bytes act)
{
	if (job_open)
		keep(state, arena, key);
	record_bury(state, arena, key, act);
	content_set_due(state, arena, time);
}

void content_forget(struct state *state)
{
	struct bytes record;

	for (size_t index = 0; state_next(state, BYTES("was/"), &index, &record); index = 0)
		state_delete(state, state_key(record));
}

/* What was kept of a record, without the marks. False when there was none. */
static bool was_record(struct bytes was, struct arena *arena, struct bytes *record)
{
	struct text lines = record_lines(was);
	struct writer w = writer_in(arena);
	struct bytes line;

	while (text_line(&lines, &line) && bytes_starts(line, BYTES("| "))) {
		write_bytes(&w, bytes_from(line, 2));
		write_octet(&w, '\n');
	}
	if (w.used == 0)
		return false;
	*record = writer_keep(&w, arena);
	return true;
}

bool content_get(const struct state *state, struct bytes key, struct arena *arena,
                 struct bytes *record)
{
	struct record_key at;
	struct bytes was;

	if (state_get(state, was_key(&at, key), &was))
		return was_record(was, arena, record);
	return record_get(state, key, record);
}

bool content_next(const struct state *state, struct bytes prefix, size_t *index,
                  struct arena *arena, struct bytes *record)
{
	size_t first = 0;
	struct bytes any;
	bool kept = state_next(state, BYTES("was/"), &first, &any);

	/* A content record never vanishes (it leaves a tombstone), so the walk over what
	 * is now passes every key that was. */
	while (state_next(state, prefix, index, record)) {
		struct record_key at;
		struct bytes was;

		if (kept && state_get(state, was_key(&at, state_key(*record)), &was)) {
			if (was_record(was, arena, record))
				return true;
		} else if (!record_is_tombstone(*record)) {
			return true;
		}
	}
	return false;
}
