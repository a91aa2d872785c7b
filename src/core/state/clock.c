/* SPDX-License-Identifier: Apache-2.0 */
#include "state/clock.h"

#include "base/hex.h"
#include "base/must.h"

void timer_set(struct state *state, struct arena *arena, struct ledger_time deadline,
               struct bytes what)
{
	struct record_key key;
	struct writer w = record_begin(arena, record_key_time(&key, "timer", deadline, what));

	record_put(state, &w);
}

void timer_clear(struct state *state, struct ledger_time deadline, struct bytes what)
{
	struct record_key key;

	state_delete(state, record_key_time(&key, "timer", deadline, what));
}

/* "kind/<time>/..." */
static struct ledger_time time_in_key(struct bytes key)
{
	struct ledger_time time = {0};
	bool read = time_read(bytes_first(record_key_part(key, 1), TIME_TEXT_SIZE), &time);

	must(read);
	return time;
}

bool timer_first(const struct state *state, struct ledger_time *deadline, struct bytes *what)
{
	struct bytes record;
	size_t index = 0;

	if (!state_next(state, BYTES("timer/"), &index, &record))
		return false;
	*deadline = time_in_key(state_key(record));
	*what = record_key_part(state_key(record), 2);
	return true;
}

static struct bytes seen_key(struct record_key *key, const struct digest *act,
                             struct ledger_time until)
{
	char hex[2 * DIGEST_SIZE];

	hex_write(hex, digest_bytes(act));
	return record_key_time(key, "seen", until, (struct bytes){(uint8_t *)hex, sizeof(hex)});
}

void seen_put(struct state *state, struct arena *arena, const struct digest *act,
              struct ledger_time until, uint64_t height)
{
	struct record_key key;
	struct writer w = record_begin(arena, seen_key(&key, act, until));

	write_field_number(&w, "height", height);
	record_put(state, &w);
}

bool seen_get(const struct state *state, const struct digest *act, struct ledger_time until,
              uint64_t *height)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, seen_key(&key, act, until), &record))
		return false;
	struct text lines = record_lines(record);
	*height = record_number(&lines, "height");
	return true;
}

void seen_forget(struct state *state, struct ledger_time now)
{
	struct bytes record;

	for (size_t index = 0; state_next(state, BYTES("seen/"), &index, &record); index = 0) {
		if (time_in_key(state_key(record)).seconds >= now.seconds)
			return;
		state_delete(state, state_key(record));
	}
}
