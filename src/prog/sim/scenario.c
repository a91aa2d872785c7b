/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/sim/scenario.h"

#include <stdio.h>
#include <string.h>

#include "act/show.h"
#include "base/hex.h"
#include "base/must.h"
#include "prog/comity/subject.h"
#include "state/clock.h"
#include "state/form.h"
#include "zone/derive.h"

#define PARTIES_MAX  64
#define STEPS_MAX    200
#define TLDS_MAX     16
#define RECORDS_MAX  4096
#define FILE_MAX     65536
#define MANIFEST_MAX 32768
#define HEAD         "comity-import/1\napex: .\nsource: " ZEROS "\n"
#define ZEROS        "0000000000000000000000000000000000000000000000000000000000000000"

struct step {
	struct bytes name;
	char id[2 * DIGEST_SIZE];
};

struct story {
	struct scenario *scenario;
	const char *source, *charter;
	struct arena memory;
	struct step step[STEPS_MAX];
	size_t steps;
	struct bytes before[RECORDS_MAX]; /* the state that was told last */
	size_t befores;
	struct bytes tld[TLDS_MAX]; /* that were there from the beginning, and have not left */
	size_t tlds;
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

/* The step whose id the text begins with, in whole or as a sentence shows it; how much of the text that is. */
static const struct step *step_of_id(const struct story *p, struct bytes text, size_t *size)
{
	for (size_t i = 0; i < p->steps; i++) {
		struct bytes id = {(const uint8_t *)p->step[i].id, sizeof(p->step[i].id)};

		*size = bytes_starts(text, id) ? id.size : SHOW_DIGEST;
		if (bytes_starts(text, bytes_first(id, SHOW_DIGEST)))
			return &p->step[i];
	}
	*size = 1;
	return NULL;
}

/* The text, with "@STEP" for the id of an act: it hangs on every octet of the story. */
static void tell(struct story *p, struct bytes text)
{
	struct writer *w = &p->scenario->told;

	while (text.size > 0) {
		size_t size;
		const struct step *step = step_of_id(p, text, &size);

		if (step != NULL) {
			write_octet(w, '@');
			write_bytes(w, step->name);
		} else {
			write_octet(w, text.at[0]);
		}
		text = bytes_from(text, size);
	}
}

static void tell_line(struct story *p, struct bytes line)
{
	tell(p, line);
	write_octet(&p->scenario->told, '\n');
}

/* The next line, where it is indented: it belongs to the one before. */
static bool more(struct story *p, struct text *lines, const char *begins, struct bytes *line)
{
	if (!text_peek(lines, line) || !bytes_starts(*line, bytes_of(begins)))
		return false;
	(void)text_line(lines, line);
	tell_line(p, *line);
	*line = bytes_from(*line, 2);
	return true;
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
		tell_line(p, line);
		first = false;
	}
}

static void tell_gone(struct story *p, struct bytes record)
{
	write_text(&p->scenario->told, "    -   ");
	tell_line(p, state_key(record));
}

/* Not told: sentinels, what only says that time passes or an act came in, and the key's matters: nobody's machine
 * is up, so ceremonies fail over and over. */
static bool is_told(struct bytes record)
{
	static const char *const NOT[] = {"!", "~", "seen/", "due\n", "ceremony/", "custody\n"};

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

/* ---- what holds after every step ---- */

static bool cannot(struct story *p, const char *why)
{
	snprintf(p->scenario->why, sizeof(p->scenario->why), "%s", why);
	return false;
}

static void derive(const struct story *p, struct arena *arena, struct zone *zone)
{
	struct zone_plan plan = {0};

	if (arena->at == NULL)
		*arena = federation_memory(ZONE_ARENA_SIZE);
	arena->used = 0;
	zone_derive(&p->scenario->f->sequencer.state, &plan, arena, zone);
}

static bool is_delegated(const struct zone *zone, struct bytes label)
{
	for (size_t i = 0; i < zone->count; i++) {
		const struct rrset *set = &zone->set[i];

		if (set->type == TYPE_NS && set->owner.size == label.size + 2 &&
		    bytes_same(bytes_first(bytes_from(set->owner, 1), label.size), label))
			return true;
	}
	return false;
}

/* Every name of the beginning keeps resolving, and every record has the form of its kind. */
static bool holds(struct story *p)
{
	static struct arena arena;
	const struct state *state = &p->scenario->f->sequencer.state;
	struct zone zone;

	for (size_t i = 1; i + 1 < state->count; i++)
		if (!record_form_holds(state_at(state, i), arena_rest(&p->memory)))
			return cannot(p, "a record has not the form of its kind");
	if (p->tlds > 0)
		derive(p, &arena, &zone);
	for (size_t i = 0; i < p->tlds; i++)
		if (!is_delegated(&zone, p->tld[i]))
			return cannot(p, "a name of the beginning is not in the zone");
	return true;
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
		tell_line(p, writer_bytes(&y));
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

static const char *terminated(struct story *p, struct bytes text)
{
	char *copy = arena_take(&p->memory, text.size + 1);

	memcpy(copy, text.at, text.size);
	copy[text.size] = '\0';
	return copy;
}

/* Who there is, and what they hold. */
struct founding {
	const char *name[PARTIES_MAX], *kind[PARTIES_MAX];
	unsigned parties;
	struct writer tlds, hosts;
};

/* "tld LABEL HOLDER", or "host DNAME OWNER USER...": the head of a record whose lines follow. */
static bool found_record(struct story *p, struct founding *founding, struct bytes kind, struct bytes rest)
{
	bool tld = bytes_same(kind, BYTES("tld"));
	struct writer *w = tld ? &founding->tlds : &founding->hosts;
	struct bytes name, owner;

	if (!text_word(&rest, &name) || !text_word(&rest, &owner) || p->tlds == TLDS_MAX)
		return cannot(p, "tld LABEL HOLDER, or host DNAME OWNER USER...");
	if (tld)
		p->tld[p->tlds++] = name;
	write_text(w, tld ? "\ntld/" : "\nhost/");
	write_bytes(w, name);
	write_text(w, tld ? "\nholder: " : "\nowner: ");
	write_bytes(w, owner);
	if (!tld) {
		write_text(w, "\nusers: ");
		write_bytes(w, rest);
	}
	write_text(w, "\nact: genesis\n");
	return true;
}

static bool found_parties(struct story *p, struct founding *founding, struct bytes rest)
{
	struct bytes word;

	while (text_word(&rest, &word) && founding->parties < PARTIES_MAX) {
		const uint8_t *colon = memchr(word.at, ':', word.size);

		if (colon == NULL)
			return cannot(p, "a party is NAME:KIND, or NAME:- for who is none yet");
		founding->name[founding->parties] = terminated(p, bytes_first(word, (size_t)(colon - word.at)));
		word = bytes_from(word, (size_t)(colon - word.at) + 1);
		founding->kind[founding->parties++] = bytes_same(word, BYTES("-")) ? NULL : terminated(p, word);
	}
	return true;
}

/* The indented lines of the founding. */
static bool found_more(struct story *p, struct founding *founding, struct text *lines)
{
	struct writer *to = NULL;
	struct bytes line, rest, word;

	while (more(p, lines, "  ", &line)) {
		rest = line;
		if (!text_word(&rest, &word))
			return cannot(p, "nothing is founded");
		if (bytes_same(word, BYTES("tld")) || bytes_same(word, BYTES("host"))) {
			to = bytes_same(word, BYTES("tld")) ? &founding->tlds : &founding->hosts;
			if (!found_record(p, founding, word, rest))
				return false;
		} else if (bytes_same(word, BYTES("+")) && to != NULL) {
			write_bytes(to, line);
			write_octet(to, '\n');
		} else if (!found_parties(p, founding, line)) {
			return false;
		}
	}
	return true;
}

static struct bytes manifest_of(struct story *p, const struct founding *founding)
{
	struct writer w = writer_in(&p->memory);

	must(!founding->tlds.full && !founding->hosts.full);
	if (founding->tlds.used == 0)
		return BYTES("");
	write_text(&w, HEAD);
	write_bytes(&w, writer_bytes(&founding->hosts)); /* "host/" sorts before "tld/" */
	write_bytes(&w, writer_bytes(&founding->tlds));
	return writer_keep(&w, &p->memory);
}

static bool found(struct story *p, struct bytes rest, struct text *lines)
{
	struct federation_options options = {.seed = 1, .start = 1795352400, .sequencer_only = true};
	struct founding *founding = arena_take(&p->memory, sizeof(*founding));
	struct bytes path;

	*founding = (struct founding){
		.tlds = {.at = arena_take(&p->memory, MANIFEST_MAX), .size = MANIFEST_MAX},
		.hosts = {.at = arena_take(&p->memory, MANIFEST_MAX), .size = MANIFEST_MAX},
	};
	if (!text_word(&rest, &path))
		return cannot(p, "federation CHARTER NAME:KIND...");
	if (!bytes_same(path, BYTES("-")))
		p->charter = terminated(p, path);
	if (p->charter == NULL || !scenario_file(p->source, p->charter, &options.charter))
		return cannot(p, "no such charter");
	if (!found_parties(p, founding, rest) || !found_more(p, founding, lines))
		return false;
	options.parties = founding->parties;
	options.names = founding->name;
	options.kinds = founding->kind;
	options.manifest = manifest_of(p, founding);
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
	return holds(p);
}

/* The NS, DS and addresses of TLDs in the zone that derives. */
static bool tell_zone(struct story *p)
{
	static struct arena arena;
	struct zone zone;

	derive(p, &arena, &zone);
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
static bool value_of(struct story *p, struct bytes value, struct bytes *out)
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
	if (!value_of(p, bytes_from(word, name.size + 1), &value))
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
			act->field[i] = row->field[i].form == FORM_SLOT ? federation_slot(p->scenario->f, terminated(p, value))
			                                                : arena_copy(&p->memory, value);
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
	struct writer w = writer_in(&p->memory);
	struct bytes line;

	while (more(p, lines, "  +", &line)) {
		write_bytes(&w, line);
		write_octet(&w, '\n');
	}
	act->records = writer_keep(&w, &p->memory);
	if (more(p, lines, "  | ", &line) && !embed(p, bytes_from(line, 2), &act->embed))
		return false;
	w = writer_in(&p->memory);
	while (more(p, lines, "  > ", &line))
		act_write_words(&w, bytes_from(line, 2));
	act->words = writer_keep(&w, &p->memory);
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

/* A field: NAME=VALUE, and the words behind it that name no other. */
static bool field_word(struct bytes *rest, struct bytes *field)
{
	struct bytes word, behind;

	if (!text_word(rest, field))
		return false;
	for (behind = *rest; text_word(&behind, &word) && memchr(word.at, '=', word.size) == NULL; *rest = behind)
		field->size = (size_t)(word.at + word.size - field->at);
	return true;
}

static bool fields_take(struct story *p, struct act *act, struct bytes rest, int *also)
{
	const struct act_row *row = act_row(act->kind);
	struct record_key key;
	struct bytes field;

	while (rest.size > 0)
		if (!field_word(&rest, &field))
			return cannot(p, "no field");
		else if (!field_set(p, act, field, also))
			return false;
	for (unsigned i = 0; i < ACT_FIELDS_MAX && row->field[i].form != FORM_NONE; i++)
		if (row->field[i].form == FORM_SLOT && act->field[i].size == 0)
			act->field[i] = federation_slot(p->scenario->f, terminated(p, act_slot_key(act, &key)));
	return true;
}

/* What the act says, in both languages; nothing of what is no act. */
static void tell_act(struct story *p, struct bytes text)
{
	uint8_t said[2000];
	struct fault fault;
	struct act act;

	if (act_read(text, arena_rest(&p->memory), &act, &fault) != OK)
		return;
	for (unsigned zh = 0; zh < 2; zh++) {
		struct writer w = {.at = said, .size = sizeof(said)};

		act_show(&w, &act, zh);
		write_text(&p->scenario->told, zh ? "    zh  " : "    en  ");
		tell_line(p, writer_bytes(&w));
	}
}

static bool say(struct story *p, struct bytes line, struct text *lines)
{
	struct bytes rest = line, first, word, text, name = line_name(p, lines->line);
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
	if (!fields_take(p, &act, rest, &also) || !lines_take(p, &act, lines))
		return false;
	w = writer_in(&p->memory);
	act_write(&w, &act);
	text = writer_keep(&w, &p->memory);
	federation_submit(p->scenario->f, party, also, text, &receipt);
	step_add(p, name, &receipt.act);
	tell_act(p, text);
	tell_receipt(p, &receipt);
	federation_tick(p->scenario->f);
	tell_changes(p);
	return holds(p);
}

/* From now on the name need not be in the zone. */
static bool leave(struct story *p, struct bytes label)
{
	for (size_t i = 0; i < p->tlds; i++)
		if (bytes_same(p->tld[i], label)) {
			p->tld[i] = p->tld[--p->tlds];
			return true;
		}
	return cannot(p, "no such name is there from the beginning");
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

static bool begin(struct story *p, struct bytes rest, struct text *lines)
{
	struct bytes now[RECORDS_MAX];

	if (!found(p, rest, lines))
		return false;
	keep(p, now, look(p, now));
	return holds(p);
}

static bool play(struct story *p, struct bytes line, struct text *lines)
{
	struct bytes rest = line, word;

	if (line.size == 0 || line.at[0] == '#')
		return true;
	(void)text_word(&rest, &word);
	if (bytes_same(word, BYTES("federation")))
		return begin(p, rest, lines);
	if (p->scenario->f == NULL)
		return cannot(p, "not founded");
	if (bytes_same(word, BYTES("wait")))
		return wait_for(p, rest);
	if (bytes_same(word, BYTES("keys")))
		return take_keys(p, rest);
	if (bytes_same(word, BYTES("leaves")))
		return leave(p, rest);
	if (bytes_same(line, BYTES("zone")))
		return tell_zone(p);
	return say(p, line, lines);
}

bool scenario_play(struct scenario *scenario, const char *source, const char *charter, struct bytes text)
{
	struct story *p = (struct story *)(void *)federation_memory(sizeof(*p)).at;
	struct text lines = {.rest = text};
	struct bytes line;

	*p = (struct story){.scenario = scenario,
	                    .source = source,
	                    .charter = charter,
	                    .memory = federation_memory((size_t)1 << 30)};
	while (text_line(&lines, &line)) {
		tell_line(p, line);
		if (!play(p, line, &lines)) {
			size_t used = strlen(scenario->why);

			snprintf(scenario->why + used, sizeof(scenario->why) - used, ", line %u", lines.line);
			return false;
		}
	}
	return lines.rest.size == 0 || cannot(p, "the last line has no end");
}
