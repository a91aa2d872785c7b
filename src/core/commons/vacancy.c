/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/vacancy.h"

static struct bytes vacancy_key(struct record_key *key, struct bytes label)
{
	return record_key(key, "vacant", label, BYTES(""));
}

bool vacancy_get(const struct state *state, struct bytes label, struct ledger_time *since,
                 struct bytes *dispute)
{
	struct record_key key;
	struct bytes record;
	struct text lines;

	if (!state_get(state, vacancy_key(&key, label), &record))
		return false;
	lines = record_lines(record);
	record_value(&lines, "holder");
	*since = record_time(&lines, "since");
	*dispute = record_value(&lines, "dispute");
	return true;
}

bool vacancy_stands(const struct state *state, struct bytes label)
{
	struct record_key key;
	struct bytes record;

	return state_get(state, vacancy_key(&key, label), &record);
}

void vacancy_put(struct commons *commons, const struct holding *holding, struct bytes dispute)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, vacancy_key(&key, holding->label));

	write_field(&w, "holder", holding->holder);
	write_field_time(&w, "since", commons->now);
	write_field(&w, "dispute", dispute);
	record_put(commons->state, &w);
}

void vacancy_end(struct commons *commons, struct bytes label)
{
	struct record_key key;

	if (vacancy_stands(commons->state, label))
		state_delete(commons->state, vacancy_key(&key, label));
}
