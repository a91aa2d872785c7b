/* SPDX-License-Identifier: Apache-2.0 */
#include "arbitration/measure.h"

#include "arbitration/dispute.h"
#include "state/clock.h"
#include "state/holding.h"

static struct measure measure_read(struct bytes record)
{
	struct text lines = record_lines(record);
	struct measure m = {.dispute = record_key_part(state_key(record), 2)};

	record_value_if(&lines, "operator", &m.operator);
	m.expires = record_time(&lines, "expires");
	return m;
}

/* What a case decides binds its sides. */
static bool binds(const struct state *state, const char *kind, struct bytes name,
                  const struct measure *m)
{
	struct bytes whom = name;
	struct holding holding;
	struct dispute d;
	enum side side;

	if (!bytes_same(bytes_of(kind), BYTES("suspended"))) {
		if (!holding_get(state, name, &holding))
			return false;
		whom = holding.holder;
	}
	return dispute_get(state, m->dispute, &d) && dispute_side(&d, whom, &side);
}

bool measure_get(const struct state *state, const char *kind, struct bytes name,
                 struct ledger_time time, struct measure *measure)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, kind, name, BYTES("")), record;
	bool stands = false;

	for (size_t index = 0; state_next(state, prefix, &index, &record);) {
		struct measure m = measure_read(record);

		/* The name begins so, or is it. */
		if (state_key(record).at[prefix.size] != '/' ||
		    m.expires.seconds <= time.seconds || !binds(state, kind, name, &m) ||
		    (stands && m.expires.seconds <= measure->expires.seconds))
			continue;
		*measure = m;
		stands = true;
	}
	return stands;
}

void measure_put(struct state *state, struct arena *arena, const char *kind, struct bytes name,
                 const struct measure *measure)
{
	struct record_key key;
	struct bytes at = record_key(&key, kind, name, measure->dispute);
	struct writer w;

	measure_lift(state, kind, name, measure->dispute);
	w = record_begin(arena, at);
	if (measure->operator.size > 0)
		write_field(&w, "operator", measure->operator);
	write_field_time(&w, "expires", measure->expires);
	record_put(state, &w);
	timer_set(state, arena, measure->expires, at);
}

void measure_lift(struct state *state, const char *kind, struct bytes name,
                  struct bytes dispute)
{
	struct record_key key;
	struct bytes at = record_key(&key, kind, name, dispute), record;

	if (!state_get(state, at, &record))
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
