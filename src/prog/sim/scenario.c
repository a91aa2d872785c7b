/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/sim/scenario.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/must.h"
#include "state/clock.h"
#include "zone/derive.h"

#define PARTIES_MAX 64
#define STEPS_MAX   200
#define RECORDS_MAX 4096
#define FILE_MAX    65536

struct step {
	struct bytes name;
	char id[2 * DIGEST_SIZE];
};

struct story {
	struct scenario *scenario;
	const char *source;
	struct arena memory;
	struct step step[STEPS_MAX];
	size_t steps;
	struct bytes before[RECORDS_MAX]; /* the state that was told last */
	size_t befores;
};

bool scenario_file(const char *source, const char *path, struct bytes *content)
{
	struct arena memory = federation_memory(FILE_MAX);
	char full[1000];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", source, path);
	file = fopen(full, "rb");
	if (file == NULL)
		return false;
	*content = (struct bytes){memory.at, fread(memory.at, 1, memory.size, file)};
	fclose(file);
	return true;
}

/* ---- telling ---- */

static const struct step *step_of_id(const struct story *p, struct bytes id)
{
	for (size_t i = 0; i < p->steps; i++)
		if (memcmp(p->step[i].id, id.at, sizeof(p->step[i].id)) == 0)
			return &p->step[i];
	return NULL;
}

/* The text, with "@STEP" for the id of an act. */
static void tell(struct story *p, struct bytes text)
{
	struct writer *w = &p->scenario->told;

	while (text.size > 0) {
		const struct step *step = text.size >= 2 * DIGEST_SIZE ? step_of_id(p, text) : NULL;

		if (step != NULL) {
			write_octet(w, '@');
			write_bytes(w, step->name);
		} else {
			write_octet(w, text.at[0]);
		}
		text = bytes_from(text, step != NULL ? 2 * DIGEST_SIZE : 1);
	}
}

static void tell_record(struct story *p, const char *mark, struct bytes record)
{
	struct text lines = {.rest = record};
	struct bytes line;
	bool first = true;

	while (text_line(&lines, &line)) {
		if (bytes_starts(line, BYTES("|")))
			continue; /* an embedded text is in the act that brought it */
		write_text(&p->scenario->told, first ? mark : "        ");
		tell(p, line);
		write_octet(&p->scenario->told, '\n');
		first = false;
	}
}

static void tell_gone(struct story *p, struct bytes record)
{
	write_text(&p->scenario->told, "    -   ");
	tell(p, state_key(record));
	write_octet(&p->scenario->told, '\n');
}

/* Not told: sentinels, what only says that time passes or an act came in, and the key's matters. */
static bool is_told(struct bytes record)
{
	static const char *const NOT[] = {"!", "~", "seen/", "timer/", "due\n", "ceremony/", "custody\n"};

	for (size_t i = 0; i < sizeof(NOT) / sizeof(NOT[0]); i++)
		if (bytes_starts(record, bytes_of(NOT[i])))
			return false;
	return true;
}

/* The records as they stand now; borrowed from the state. */
static size_t look(const struct story *p, struct bytes now[RECORDS_MAX])
{
	const struct state *state = &p->scenario->f->sequencer.state;
	struct bytes record;
	size_t count = 0;

	for (size_t index = 0; state_next(state, BYTES(""), &index, &record);)
		if (is_told(record)) {
			must(count < RECORDS_MAX);
			now[count++] = record;
		}
	return count;
}

static void keep(struct story *p, const struct bytes *now, size_t count)
{
	p->befores = count;
	for (size_t i = 0; i < count; i++)
		p->before[i] = arena_copy(&p->memory, now[i]);
}

/* Records that went, came, or changed since the last time. */
static void tell_changes(struct story *p)
{
	struct bytes now[RECORDS_MAX];
	size_t count = look(p, now), i = 0, k = 0;

	while (i < p->befores || k < count) {
		int order = i == p->befores ? 1
		            : k == count    ? -1
		                            : bytes_compare(state_key(p->before[i]), state_key(now[k]));
		if (order < 0)
			tell_gone(p, p->before[i++]);
		else if (order > 0 || !bytes_same(p->before[i], now[k]))
			tell_record(p, order > 0 ? "    +   " : "    =   ", now[k]);
		i += order == 0;
		k += order >= 0;
	}
	keep(p, now, count);
}

static void tell_time(struct story *p)
{
	char time[TIME_TEXT_SIZE];

	time_write(time, p->scenario->f->sequencer.time);
	write_text(&p->scenario->told, "    at  ");
	write_bytes(&p->scenario->told, (struct bytes){(uint8_t *)time, sizeof(time)});
	write_octet(&p->scenario->told, '\n');
}

static void tell_receipt(struct story *p, const struct receipt *receipt)
{
	struct writer *w = &p->scenario->told, y;
	uint8_t why[2000];

	for (unsigned zh = 0; receipt->outcome == OUTCOME_REFUSED && zh < 2; zh++) {
		y = (struct writer){.at = why, .size = sizeof(why)};
		refusal_write(&y, &receipt->refusal, zh);
		write_text(w, zh ? "            " : "    no  ");
		tell(p, writer_bytes(&y));
		write_octet(w, '\n');
	}
	if (receipt->outcome == OUTCOME_ALREADY)
		write_text(w, "    ==  has entered before\n");
	if (receipt->outcome == OUTCOME_MALFORMED) {
		write_text(w, "    bad ");
		write_text(w, receipt->fault.why);
		write_octet(w, '\n');
	}
}

/* ---- steps ---- */

static bool cannot(struct story *p, const char *why)
{
	snprintf(p->scenario->why, sizeof(p->scenario->why), "%s", why);
	return false;
}

static const char *terminated(struct story *p, struct bytes text)
{
	char *copy = arena_take(&p->memory, text.size + 1);

	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	return copy;
}

static bool found(struct story *p, struct bytes rest)
{
	static const char *names[PARTIES_MAX], *kinds[PARTIES_MAX];
	struct federation_options options = {
		.seed = 1,
		.names = names,
		.kinds = kinds,
		.start = 1795352400,
		.sequencer_only = true,
	};
	struct bytes word, path;

	if (!text_word(&rest, &path) || !scenario_file(p->source, terminated(p, path), &options.charter))
		return cannot(p, "no such charter");
	while (text_word(&rest, &word) && options.parties < PARTIES_MAX) {
		const uint8_t *colon = memchr(word.at, ':', word.size);

		if (colon == NULL)
			return cannot(p, "a party is NAME:KIND, or NAME:- for who is none yet");
		names[options.parties] = terminated(p, bytes_first(word, (size_t)(colon - word.at)));
		word = bytes_from(word, (size_t)(colon - word.at) + 1);
		kinds[options.parties++] = bytes_same(word, BYTES("-")) ? NULL : terminated(p, word);
	}
	p->scenario->f = federation_found(&options);
	return true;
}

/* Ticks at every moment at which something is due, as a sequencer does, and at the end. */
static bool wait_for(struct story *p, struct bytes span)
{
	struct federation *f = p->scenario->f;
	struct ledger_time due;
	struct bytes what;
	int64_t seconds, end;

	if (!time_span_read(span, &seconds))
		return cannot(p, "a span is 14d, 72h, 30m or 90s");
	end = f->clock / 1000 + seconds;
	while (timer_first(&f->sequencer.state, &due, &what) && due.seconds < end)
		federation_skip(f, due.seconds > f->clock / 1000 ? due.seconds - f->clock / 1000 : 0);
	federation_skip(f, end - f->clock / 1000);
	tell_time(p);
	tell_changes(p);
	return true;
}

/* The NS, DS and addresses of TLDs in the zone that derives. */
static bool tell_zone(struct story *p)
{
	struct arena arena = federation_memory(ZONE_ARENA_SIZE);
	struct zone_plan plan = {0};
	struct zone zone;

	zone_derive(&p->scenario->f->sequencer.state, &plan, &arena, &zone);
	for (size_t i = 0; i < zone.count; i++) {
		const struct rrset *set = &zone.set[i];

		if (bytes_same(set->owner, zone.apex) ||
		    (set->type != TYPE_NS && set->type != TYPE_DS && set->type != TYPE_A &&
		     set->type != TYPE_AAAA))
			continue;
		for (uint32_t k = 0; k < set->count; k++) {
			struct rr rr = {set->owner, set->ttl, set->type, set->rdata[k]};

			write_text(&p->scenario->told, "    ");
			rr_write_text(&p->scenario->told, &rr);
			write_octet(&p->scenario->told, '\n');
		}
	}
	return true;
}

static bool party_of(const struct story *p, struct bytes name, unsigned *party)
{
	const struct federation *f = p->scenario->f;

	for (*party = 0; *party < f->count; (*party)++)
		if (bytes_same(bytes_of(f->node[*party].name), name))
			return true;
	return false;
}

/* The step whose name `text` begins with, and no longer one. */
static const struct step *step_named(const struct story *p, struct bytes text)
{
	const struct step *named = NULL;

	for (size_t i = 0; i < p->steps; i++)
		if (bytes_starts(text, p->step[i].name) &&
		    (named == NULL || p->step[i].name.size > named->name.size))
			named = &p->step[i];
	return named;
}

/* The value with "@STEP" made the id of the act. */
static bool value_of(struct story *p, struct bytes name, struct bytes value, struct bytes *out)
{
	struct writer w = writer_in(&p->memory);

	while (value.size > 0) {
		const struct step *step = value.at[0] == '@' ? step_named(p, bytes_from(value, 1)) : NULL;

		if (value.at[0] == '@' && step == NULL)
			return cannot(p, "no earlier step has this name");
		if (step != NULL)
			write_bytes(&w, (struct bytes){(const uint8_t *)step->id, sizeof(step->id)});
		else
			write_octet(&w, value.at[0]);
		value = bytes_from(value, step != NULL ? 1 + step->name.size : 1);
	}
	*out = writer_keep(&w, &p->memory);
	if (bytes_same(name, BYTES("replaces")))
		*out = federation_slot(p->scenario->f, terminated(p, *out));
	return true;
}

static bool field_set(struct story *p, struct act *act, struct bytes word, int *also)
{
	const uint8_t *equals = memchr(word.at, '=', word.size);
	const struct act_row *row = act_row(act->kind);
	struct bytes name, value;
	uint64_t number;
	unsigned other;

	if (equals == NULL)
		return cannot(p, "a field is NAME=VALUE");
	name = bytes_first(word, (size_t)(equals - word.at));
	if (!value_of(p, name, bytes_from(word, name.size + 1), &value))
		return false;
	if (bytes_same(name, BYTES("charter")) && text_number(value, UINT32_MAX, &number)) {
		act->charter = (uint32_t)number;
		return true;
	}
	if (bytes_same(name, BYTES("also")) && party_of(p, value, &other)) {
		*also = (int)other;
		return true;
	}
	for (unsigned i = 0; i < ACT_FIELDS_MAX && row->field[i].form != FORM_NONE; i++)
		if (row->field[i].form == FORM_KEYS && bytes_same(name, BYTES("key")) && party_of(p, value, &other)) {
			act->field[i] = federation_key_lines(p->scenario->f, other);
			return true;
		} else if (bytes_same(name, bytes_of(row->field[i].name))) {
			act->field[i] = arena_copy(&p->memory, value);
			return true;
		}
	return cannot(p, "the kind has no such field");
}

/* Takes what stands before the mark off `*rest`, and the mark. */
static bool marked(struct bytes *rest, uint8_t mark, struct bytes *taken)
{
	const uint8_t *end = memchr(rest->at, mark, rest->size);

	if (end == NULL)
		return false;
	*taken = bytes_first(*rest, (size_t)(end - rest->at));
	*rest = bytes_from(*rest, taken->size + 1);
	return true;
}

/* "FILE" or "FILE s/OLD/NEW/...", any mark for the slash: the file with what is asked for changed. */
static bool embed(struct story *p, struct bytes rest, struct bytes *lines)
{
	struct writer w;
	struct bytes path, text;

	if (!text_word(&rest, &path) || !scenario_file(p->source, terminated(p, path), &text))
		return cannot(p, "no such file");
	while (rest.size > 0) {
		struct bytes old, new;
		const uint8_t *at;
		uint8_t mark;

		if (rest.size < 2 || rest.at[0] != 's')
			return cannot(p, "a change is s/OLD/NEW/");
		mark = rest.at[1];
		rest = bytes_from(rest, 2);
		if (!marked(&rest, mark, &old) || !marked(&rest, mark, &new))
			return cannot(p, "a change is s/OLD/NEW/");
		at = memmem(text.at, text.size, old.at, old.size);
		if (at == NULL)
			return cannot(p, "nothing to change");
		w = writer_in(&p->memory);
		write_bytes(&w, bytes_first(text, (size_t)(at - text.at)));
		write_bytes(&w, new);
		write_bytes(&w, bytes_from(text, (size_t)(at - text.at) + old.size));
		text = writer_keep(&w, &p->memory);
		rest = bytes_from(rest, rest.size > 0 && rest.at[0] == ' ');
	}
	w = writer_in(&p->memory);
	act_write_embedded(&w, text);
	*lines = writer_keep(&w, &p->memory);
	return true;
}

/* The indented lines of an act. */
static bool lines_take(struct story *p, struct act *act, struct text *lines)
{
	struct writer records = writer_in(&p->memory);
	struct bytes line;

	while (text_peek(lines, &line) && bytes_starts(line, BYTES("  +")) && text_line(lines, &line)) {
		tell(p, line);
		write_octet(&p->scenario->told, '\n');
		write_bytes(&records, bytes_from(line, 2));
		write_octet(&records, '\n');
	}
	act->records = writer_keep(&records, &p->memory);
	if (text_peek(lines, &line) && bytes_starts(line, BYTES("  | ")) && text_line(lines, &line)) {
		tell(p, line);
		write_octet(&p->scenario->told, '\n');
		if (!embed(p, bytes_from(line, 4), &act->embed))
			return false;
	}
	struct writer words = writer_in(&p->memory);
	while (text_peek(lines, &line) && bytes_starts(line, BYTES("  > ")) && text_line(lines, &line)) {
		tell(p, line);
		write_octet(&p->scenario->told, '\n');
		act_write_words(&words, bytes_from(line, 4));
	}
	act->words = writer_keep(&words, &p->memory);
	return true;
}

static struct bytes line_name(struct story *p, uint32_t line)
{
	struct writer w = writer_in(&p->memory);

	write_number(&w, line);
	return writer_keep(&w, &p->memory);
}

static void step_add(struct story *p, struct bytes name, const struct digest *act)
{
	must(p->steps < STEPS_MAX);
	p->step[p->steps].name = name;
	hex_write(p->step[p->steps++].id, digest_bytes(act));
}

static bool say(struct story *p, struct bytes line, struct text *lines)
{
	struct bytes rest = line, first, word, name = BYTES("");
	struct receipt receipt;
	enum act_kind kind;
	unsigned party;
	struct writer w;
	int also = -1;
	struct act act;

	if (!text_word(&rest, &first) || !text_word(&rest, &word))
		return cannot(p, "no step");
	if (bytes_same(word, BYTES("="))) {
		name = first;
		if (!text_word(&rest, &first) || !text_word(&rest, &word))
			return cannot(p, "no act");
	}
	kind = act_kind(word);
	if (!party_of(p, first, &party) || kind == ACT_KINDS)
		return cannot(p, "no such party, or kind of act");
	act = federation_act(p->scenario->f, party, kind);
	while (rest.size > 0)
		if (!text_word(&rest, &word) || !field_set(p, &act, word, &also))
			return p->scenario->why[0] != '\0' ? false : cannot(p, "no field");
	if (!lines_take(p, &act, lines))
		return false;
	w = writer_in(&p->memory);
	act_write(&w, &act);
	federation_submit(p->scenario->f, party, also, writer_keep(&w, &p->memory), &receipt);
	step_add(p, name.size > 0 ? name : line_name(p, lines->line), &receipt.act);
	tell_receipt(p, &receipt);
	federation_tick(p->scenario->f);
	tell_changes(p);
	return true;
}

static bool take_keys(struct story *p, struct bytes rest)
{
	struct bytes name, which;
	unsigned party;

	if (!text_word(&rest, &name) || !text_word(&rest, &which) || !party_of(p, name, &party))
		return cannot(p, "keys PARTY new, or old");
	p->scenario->f->node[party].uses_spare = bytes_same(which, BYTES("new"));
	return true;
}

static bool play(struct story *p, struct bytes line, struct text *lines)
{
	struct bytes rest = line, word;

	if (line.size == 0 || line.at[0] == '#')
		return true;
	(void)text_word(&rest, &word);
	if (bytes_same(word, BYTES("federation"))) {
		struct bytes now[RECORDS_MAX];

		if (!found(p, rest))
			return false;
		keep(p, now, look(p, now));
		return true;
	}
	if (p->scenario->f == NULL)
		return cannot(p, "not founded");
	if (bytes_same(word, BYTES("wait")))
		return wait_for(p, rest);
	if (bytes_same(word, BYTES("keys")))
		return take_keys(p, rest);
	if (bytes_same(line, BYTES("zone")))
		return tell_zone(p);
	return say(p, line, lines);
}

bool scenario_play(struct scenario *scenario, const char *source, struct bytes text)
{
	struct story *p = (struct story *)(void *)federation_memory(sizeof(*p)).at;
	struct text lines = {.rest = text};
	struct bytes line;

	*p = (struct story){.scenario = scenario, .source = source, .memory = federation_memory((size_t)64 << 20)};
	while (text_line(&lines, &line)) {
		tell(p, line);
		write_octet(&scenario->told, '\n');
		if (!play(p, line, &lines)) {
			size_t used = strlen(scenario->why);

			snprintf(scenario->why + used, sizeof(scenario->why) - used, ", line %u", lines.line);
			return false;
		}
	}
	return lines.rest.size == 0 || cannot(p, "the last line has no end");
}
