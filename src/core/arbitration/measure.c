/* SPDX-License-Identifier: Apache-2.0 */
#include "arbitration/measure.h"

#include "state/clock.h"

static struct measure measure_read(struct bytes record)
{
	struct text lines = record_lines(record);
	struct measure m = {.operator = {NULL, 0}};

	record_value_if(&lines, "operator", &m.operator);
	m.expires = record_time(&lines, "expires");
	m.dispute = record_value(&lines, "dispute");
	return m;
}

bool measure_get(const struct state *state, const char *kind, struct bytes name,
                 struct ledger_time time, struct measure *measure)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, record_key(&key, kind, name, BYTES("")), &record))
		return false;
	*measure = measure_read(record);
	return time.seconds < measure->expires.seconds;
}

void measure_put(struct state *state, struct arena *arena, const char *kind, struct bytes name,
                 const struct measure *measure)
{
	struct record_key key;
	struct bytes at = record_key(&key, kind, name, BYTES("")), record;
	struct writer w;

	if (state_get(state, at, &record))
		timer_clear(state, measure_read(record).expires, at);
	w = record_begin(arena, at);
	if (measure->operator.size > 0)
		write_field(&w, "operator", measure->operator);
	write_field_time(&w, "expires", measure->expires);
	write_field(&w, "dispute", measure->dispute);
	record_put(state, &w);
	timer_set(state, arena, measure->expires, at);
}

void measure_lift(struct state *state, const char *kind, struct bytes name,
                  struct bytes dispute)
{
	struct record_key key;
	struct bytes at = record_key(&key, kind, name, BYTES("")), record;

	if (!state_get(state, at, &record) || !bytes_same(measure_read(record).dispute, dispute))
		return;
	timer_clear(state, measure_read(record).expires, at);
	state_delete(state, at);
}

void measure_timer(struct state *state, struct bytes key, struct ledger_time now)
{
	struct bytes record;

	if (state_get(state, key, &record) && measure_read(record).expires.seconds <= now.seconds)
		state_delete(state, key);
}
