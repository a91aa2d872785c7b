/* SPDX-License-Identifier: Apache-2.0 */
#include "arbitration/dispute.h"

#include "base/must.h"
#include "state/clock.h"

#define NONE BYTES("none")

static struct bytes dispute_key(struct record_key *key, struct bytes id)
{
	return record_key(key, "dispute", id, BYTES(""));
}

/* Where no line says them they are the defaults. */
static void times_read(struct text *lines, struct charter_times *times)
{
	struct bytes value;

	*times = CHARTER_TIMES_DEFAULT;
	if (record_value_if(lines, "times", &value))
		for (unsigned i = 0; i < CHARTER_TIMES; i++)
			times->seconds[i] = (int64_t)record_word_number(&value);
}

static void times_write(struct writer *w, const struct charter_times *times)
{
	if (memcmp(times, &CHARTER_TIMES_DEFAULT, sizeof(*times)) == 0)
		return;
	write_text(w, "times:");
	for (unsigned i = 0; i < CHARTER_TIMES; i++) {
		write_octet(w, ' ');
		write_number(w, (uint64_t)times->seconds[i]);
	}
	write_octet(w, '\n');
}

static void procedure_read(struct text *lines, struct procedure *p)
{
	struct ledger_time time = {0};
	struct bytes value;

	p->phase = phase_of(record_value(lines, "phase"));
	p->ending = ending_of(record_value(lines, "ending"));
	if (record_time_or_none(lines, "deadline", &time))
		p->deadline = time.seconds;
	p->rest = (int64_t)record_number(lines, "rest");
	p->raise_until = record_time(lines, "raise").seconds;
	value = record_value(lines, "steps");
	p->seats = (uint8_t)record_word_number(&value);
	p->ranked = (uint8_t)record_word_number(&value);
	p->settled = (uint8_t)record_word_number(&value);
	p->raised[0] = (uint8_t)record_word_number(&value);
	p->raised[1] = (uint8_t)record_word_number(&value);
	p->award = remedy_of(record_value(lines, "orders"));
	must(p->phase < PHASES && p->ending < ENDINGS && p->award < REMEDIES);
}

static void draw_read(struct text *lines, struct dispute *d)
{
	struct bytes value;

	if (!record_value_if(lines, "draw", &value))
		return;
	d->procedure.draw = draw_of(record_word(&value));
	d->after = record_word_number(&value);
	must(d->procedure.draw < DRAWS);
}

static void draw_write(struct writer *w, const struct dispute *d)
{
	if (d->procedure.phase != PHASE_DRAW)
		return;
	write_text(w, "draw: ");
	write_text(w, draw_word(d->procedure.draw));
	write_octet(w, ' ');
	write_number(w, d->after);
	write_octet(w, '\n');
}

static void dispute_read(struct bytes record, struct dispute *d)
{
	struct text lines = record_lines(record);
	struct bytes value;

	*d = (struct dispute){.id = record_key_part(state_key(record), 1)};
	procedure_read(&lines, &d->procedure);
	d->opened = record_time(&lines, "opened");
	d->subject = record_value(&lines, "subject");
	d->side[SIDE_CLAIMANT] = record_value(&lines, "claimant");
	d->side[SIDE_RESPONDENT] = record_value(&lines, "respondent");
	d->asked = remedy_of(record_value(&lines, "asked"));
	value = record_value(&lines, "panel");
	for (unsigned i = 0; i < SEATS; i++)
		d->seat[i] = record_word(&value);
	value = record_value(&lines, "challenged");
	d->challenged = record_word(&value);
	d->raiser = record_word(&value);
	d->decider = record_word(&value);
	d->removed = record_value(&lines, "removed");
	d->list = record_value(&lines, "list");
	d->award = record_value(&lines, "award");
	d->reason = (uint32_t)record_number(&lines, "reason");
	draw_read(&lines, d);
	times_read(&lines, &d->times);
	d->text = record_run(&lines, "|");
}

bool dispute_get(const struct state *state, struct bytes id, struct dispute *dispute)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, dispute_key(&key, id), &record))
		return false;
	dispute_read(record, dispute);
	return true;
}

bool dispute_next(const struct state *state, size_t *index, struct dispute *dispute)
{
	struct bytes record;

	if (!state_next(state, BYTES("dispute/"), index, &record))
		return false;
	dispute_read(record, dispute);
	return true;
}

static void write_words(struct writer *w, const char *name, const struct bytes *word, unsigned count)
{
	write_text(w, name);
	write_octet(w, ':');
	for (unsigned i = 0; i < count; i++) {
		write_octet(w, ' ');
		write_bytes(w, word[i]);
	}
	write_octet(w, '\n');
}

static void procedure_write(struct writer *w, const struct procedure *p)
{
	const unsigned steps[] = {p->seats, p->ranked, p->settled, p->raised[0], p->raised[1]};

	write_field(w, "phase", bytes_of(phase_word(p->phase)));
	write_field(w, "ending", bytes_of(ending_word(p->ending)));
	record_write_time_or_none(w, "deadline", procedure_is_timed(p),
	                          (struct ledger_time){p->deadline});
	write_field_number(w, "rest", (uint64_t)p->rest);
	write_field_time(w, "raise", (struct ledger_time){p->raise_until});
	write_text(w, "steps:");
	for (unsigned i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		write_octet(w, ' ');
		write_number(w, steps[i]);
	}
	write_octet(w, '\n');
	write_field(w, "orders", bytes_of(remedy_word(p->award)));
}

static void timer_move(struct state *state, struct arena *arena, const struct dispute *d)
{
	struct record_key name;
	struct bytes what = dispute_key(&name, d->id);
	struct dispute before;

	if (dispute_get(state, d->id, &before) && procedure_is_timed(&before.procedure))
		timer_clear(state, (struct ledger_time){before.procedure.deadline}, what);
	if (procedure_is_timed(&d->procedure))
		timer_set(state, arena, (struct ledger_time){d->procedure.deadline}, what);
}

void dispute_put(struct state *state, struct arena *arena, const struct dispute *d)
{
	const struct bytes challenge[] = {d->challenged, d->raiser, d->decider};
	struct record_key key;
	struct writer w;

	timer_move(state, arena, d);
	w = record_begin(arena, dispute_key(&key, d->id));
	procedure_write(&w, &d->procedure);
	write_field_time(&w, "opened", d->opened);
	write_field(&w, "subject", d->subject);
	write_field(&w, "claimant", d->side[SIDE_CLAIMANT]);
	write_field(&w, "respondent", d->side[SIDE_RESPONDENT]);
	write_field(&w, "asked", bytes_of(remedy_word(d->asked)));
	write_words(&w, "panel", d->seat, SEATS);
	write_words(&w, "challenged", challenge, 3);
	write_field(&w, "removed", d->removed);
	write_field(&w, "list", d->list);
	write_field(&w, "award", d->award);
	write_field_number(&w, "reason", d->reason);
	draw_write(&w, d);
	times_write(&w, &d->times);
	write_bytes(&w, d->text);
	record_put(state, &w);
}

bool dispute_label(const struct dispute *d, struct bytes *label)
{
	*label = record_key_part(d->subject, 1);
	return bytes_starts(d->subject, BYTES("tld/"));
}

bool dispute_side(const struct dispute *d, struct bytes party, enum side *side)
{
	*side = bytes_same(d->side[SIDE_CLAIMANT], party) ? SIDE_CLAIMANT : SIDE_RESPONDENT;
	return bytes_same(d->side[*side], party);
}

bool dispute_sits(const struct dispute *d, struct bytes party)
{
	for (unsigned i = 0; i < SEATS; i++)
		if (bytes_same(d->seat[i], party))
			return true;
	return false;
}

bool dispute_word_among(struct bytes words, struct bytes word)
{
	struct bytes one;

	if (bytes_same(words, NONE))
		return false;
	while (text_word(&words, &one))
		if (bytes_same(one, word))
			return true;
	return false;
}

bool dispute_has(const struct dispute *d, struct bytes party)
{
	enum side side;

	return dispute_side(d, party, &side) || dispute_sits(d, party) || bytes_same(d->decider, party) ||
	       dispute_word_among(d->list, party);
}

bool dispute_needs(const struct state *state, struct bytes party)
{
	struct dispute d;

	for (size_t index = 0; dispute_next(state, &index, &d);)
		if (d.procedure.phase != PHASE_CLOSED && dispute_has(&d, party))
			return true;
	return false;
}

unsigned dispute_agreed(const struct state *state, const struct dispute *d, const char *kind,
                        const struct digest *decision)
{
	unsigned agreed = 0;

	for (unsigned i = 0; i < SEATS; i++) {
		struct record_key key;
		struct bytes record;

		if (!state_get(state, record_key(&key, kind, d->id, d->seat[i]), &record))
			continue;
		struct text lines = record_lines(record);
		struct digest entered = record_digest(&lines, "decision");
		agreed += digest_same(&entered, decision);
	}
	return agreed;
}
