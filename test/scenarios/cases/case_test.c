/* SPDX-License-Identifier: Apache-2.0 */
/*
 * case_test CASE CHARTER GOLDEN: plays a case, acts by the door of production, under that charter, and holds what came of
 * each step against the golden file; there an act-id is the label of its step. COMITY_GOLDEN=write writes that file instead.
 *
 *     party: NAME KIND                 founders, by name
 *     tld: LABEL HOLDER, + RECORD      held from the beginning
 *     host: DNAME OWNER USER.., + RECORD
 *
 *     > words                          told
 *     act: LABEL KIND PARTY [PARTY]    the second signs as well; then fields, records, words:
 *     name: value                      @LABEL is the act-id of that step; `replaces` is filled in
 *     wait: SPAN                       ledger time passes, day by day
 *
 * After every step each TLD of the beginning is in the zone, unless its line is "leaves: LABEL" from then on. At the
 * end a second ledger replays the journal, a third the tiles of the log; both hold the same state.
 */
#include <stdlib.h>
#include <string.h>

#include "act/show.h"
#include "base/hex.h"
#include "prog/comity/subject.h"
#include "prog/sim/federation.h"
#include "state/form.h"
#include "tap.h"
#include "tiled.h"
#include "zone/derive.h"

#define START       1795352400 /* 2026-11-22T13:00:00Z */
#define PARTIES_MAX 40
#define TLDS_MAX    16
#define LABELS_MAX  256
#define RECORDS_MAX 4096
#define HEAD        "comity-import/1\napex: .\nsource: " ZEROS "\n"
#define ZEROS       "0000000000000000000000000000000000000000000000000000000000000000"

static struct arena memory;
static struct federation *f;
static struct writer told;

static struct {
	const char *name[PARTIES_MAX], *kind[PARTIES_MAX];
	unsigned count;
} parties;

static struct {
	struct bytes label[TLDS_MAX];
	unsigned count;
} keeps;

static struct {
	struct bytes label[LABELS_MAX], id[LABELS_MAX];
	unsigned count;
} steps;

static struct {
	struct bytes record[RECORDS_MAX];
	size_t count;
} before;

static struct bytes file_read(const char *path)
{
	struct writer w = writer_in(&memory);
	FILE *file = fopen(path, "rb");
	int c;

	if (file == NULL)
		bail_out(path);
	while ((c = fgetc(file)) != EOF)
		write_octet(&w, (uint8_t)c);
	fclose(file);
	return writer_keep(&w, &memory);
}

static const char *string(struct bytes text)
{
	char *s = arena_take(&memory, text.size + 1);

	memcpy(s, text.at, text.size);
	return s;
}

static struct bytes word(struct bytes *rest)
{
	struct bytes w = {NULL, 0};

	if (!text_word(rest, &w))
		bail_out("a word is missing in the script");
	return w;
}

/* The head of the script: who there is, and what they hold. */
static void found(struct text *lines, const char *charter)
{
	struct federation_options options = {.seed = 1, .start = START, .sequencer_only = true};
	static uint8_t of_tlds[16384], of_hosts[16384];
	struct writer manifest = {.at = of_tlds, .size = sizeof(of_tlds)};
	struct bytes line, value;
	struct writer hosts = {.at = of_hosts, .size = sizeof(of_hosts)}, *to = &manifest, all;

	options.charter = file_read(charter);
	write_text(&manifest, HEAD);
	while (text_peek(lines, &line) && !bytes_starts(line, BYTES("act:")) &&
	       !bytes_starts(line, BYTES("> ")) && text_line(lines, &line)) {
		if (text_field(line, "party", &value)) {
			parties.name[parties.count] = string(word(&value));
			parties.kind[parties.count++] = string(word(&value));
		} else if (text_field(line, "tld", &value)) {
			to = &manifest;
			keeps.label[keeps.count] = word(&value);
			write_text(to, "\ntld/");
			write_bytes(to, keeps.label[keeps.count++]);
			write_text(to, "\nholder: ");
			write_bytes(to, word(&value));
			write_text(to, "\nact: genesis\n");
		} else if (text_field(line, "host", &value)) {
			to = &hosts;
			write_text(to, "\nhost/");
			write_bytes(to, word(&value));
			write_text(to, "\nowner: ");
			write_bytes(to, word(&value));
			write_text(to, "\nusers: ");
			write_bytes(to, value);
			write_text(to, "\nact: genesis\n");
		} else if (bytes_starts(line, BYTES("+ "))) {
			write_bytes(to, line);
			write_text(to, "\n");
		} else if (line.size > 0 && line.at[0] != '#') {
			bail_out(string(line));
		}
	}
	/* host/ sorts before tld/. */
	must(!manifest.full && !hosts.full);
	all = writer_in(&memory);
	write_bytes(&all, bytes_first(writer_bytes(&manifest), sizeof(HEAD) - 1));
	write_bytes(&all, writer_bytes(&hosts));
	write_bytes(&all, bytes_from(writer_bytes(&manifest), sizeof(HEAD) - 1));
	options.manifest = writer_keep(&all, &memory);
	options.parties = parties.count;
	options.names = parties.name;
	options.kinds = parties.kind;
	f = federation_found(&options);
}

static unsigned party_number(struct bytes name)
{
	for (unsigned i = 0; i < parties.count; i++)
		if (bytes_same(bytes_of(parties.name[i]), name))
			return i;
	bail_out(string(name));
	return 0;
}

/* "@LABEL" is the id of that step's act. */
static struct bytes resolved(struct bytes value)
{
	if (value.size == 0 || value.at[0] != '@')
		return value;
	for (unsigned i = 0; i < steps.count; i++)
		if (bytes_same(steps.label[i], bytes_from(value, 1)))
			return steps.id[i];
	bail_out(string(value));
	return value;
}

/* What has no part in the story: nobody's machine is up, so ceremonies fail over and over. */
static bool is_quiet(struct bytes key)
{
	return bytes_starts(key, BYTES("seen/")) || bytes_starts(key, BYTES("key/")) ||
	       bytes_starts(key, BYTES("ceremony/"));
}

static void tell_record(char mark, struct bytes record)
{
	struct text lines = {.rest = record};
	struct bytes line;

	if (is_quiet(state_key(record)))
		return;
	while (text_line(&lines, &line) && line.at[0] != '|') {
		write_octet(&told, (uint8_t)mark);
		write_octet(&told, ' ');
		write_bytes(&told, line);
		write_octet(&told, '\n');
		if (mark == '-')
			return; /* its key is enough */
	}
}

/* Records that are other than before this step; and that all have the form of their kind. */
static void tell_changes(void)
{
	const struct state *state = &f->sequencer.state;
	struct arena scratch = arena_rest(&memory);
	size_t old = 0, i = 1;
	bool forms = true;

	while (i + 1 < state->count || old < before.count) {
		struct bytes now = i + 1 < state->count ? state_at(state, i) : BYTES("");
		struct bytes was = old < before.count ? before.record[old] : BYTES("");
		int order = now.size == 0 ? 1 : was.size == 0 ? -1 : bytes_compare(state_key(now), state_key(was));

		if (order > 0)
			tell_record('-', was);
		else if (order < 0 || !bytes_same(now, was))
			tell_record('+', now);
		if (order <= 0)
			forms = forms && record_form_holds(now, scratch);
		i += order <= 0;
		old += order >= 0;
	}
	if (!forms)
		ok(false, "every record has the form of its kind");
}

static void remember(void)
{
	const struct state *state = &f->sequencer.state;

	before.count = 0;
	for (size_t i = 1; i + 1 < state->count && before.count < RECORDS_MAX; i++)
		before.record[before.count++] = arena_copy(&memory, state_at(state, i));
}

/* Whether every TLD that is to be kept is delegated in the zone that derives now. */
static void tell_zone(void)
{
	static struct arena arena;
	struct zone_plan plan = {.serial = {1}};
	struct zone zone;

	if (arena.at == NULL)
		arena = federation_memory(ZONE_ARENA_SIZE);
	arena.used = 0;
	zone_derive(&f->sequencer.state, &plan, &arena, &zone);
	write_text(&told, "in the zone:");
	for (unsigned k = 0; k < keeps.count; k++) {
		bool there = false;

		for (size_t i = 0; i < zone.count; i++) {
			const struct rrset *set = &zone.set[i];
			there = there || (set->type == TYPE_NS && set->owner.size == keeps.label[k].size + 2 &&
			                  memcmp(set->owner.at + 1, keeps.label[k].at, keeps.label[k].size) == 0);
		}
		if (!there && !ok(false, "the name keeps resolving"))
			printf("# %s\n", string(keeps.label[k]));
		write_text(&told, " ");
		write_bytes(&told, keeps.label[k]);
	}
	write_text(&told, "\n");
}

static void step_begin(void)
{
	remember();
}

static void step_end(void)
{
	tell_changes();
	tell_zone();
	write_text(&told, "\n");
}

static struct bytes act_text(struct act *act, struct text *lines)
{
	const struct act_row *row = act_row(act->kind);
	struct bytes line, value;
	struct writer w;
	struct record_key key;

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		if (row->field[i].form == FORM_SLOT && strcmp(row->field[i].name, "replaces") == 0)
			act->field[i] = BYTES("none");
	while (text_peek(lines, &line) && line.size > 0) {
		unsigned i = 0;

		if (bytes_starts(line, BYTES("+ ")) || bytes_starts(line, BYTES("> ")))
			break;
		if (!text_line(lines, &line))
			bail_out("the script ends too early");
		while (row->field[i].form != FORM_NONE && !text_field(line, row->field[i].name, &value))
			i++;
		if (row->field[i].form == FORM_NONE)
			bail_out(string(line));
		act->field[i] = resolved(value);
	}
	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		if (strcmp(row->field[i].name, "replaces") == 0)
			act->field[i] = federation_slot(f, string(act_slot_key(act, &key)));
	act->records = record_run(lines, "+ ");
	act->words = record_run(lines, "> ");
	w = writer_in(&memory);
	act_write(&w, act);
	return writer_keep(&w, &memory);
}

static void tell_act(struct bytes label, struct bytes text)
{
	struct arena scratch = arena_rest(&memory);
	struct fault fault;
	struct act act;
	char id[2 * DIGEST_SIZE];

	write_text(&told, "== ");
	write_bytes(&told, label);
	write_text(&told, "\n");
	if (act_read(text, scratch, &act, &fault) != OK)
		bail_out(fault.why);
	act_show(&told, &act, false);
	write_text(&told, "\n");
	act_show(&told, &act, true);
	write_text(&told, "\n");
	hex_write(id, digest_bytes(&act.id));
	steps.label[steps.count] = label;
	steps.id[steps.count++] = arena_copy(&memory, (struct bytes){(uint8_t *)id, sizeof(id)});
}

static void tell_receipt(const struct receipt *receipt)
{
	switch (receipt->outcome) {
	case OUTCOME_ENTERED:
		write_text(&told, "entered\n");
		return;
	case OUTCOME_REFUSED:
		write_text(&told, "refused: ");
		refusal_write(&told, &receipt->refusal, false);
		write_text(&told, "\n拒绝：");
		refusal_write(&told, &receipt->refusal, true);
		write_text(&told, "\n");
		return;
	case OUTCOME_ALREADY:
	case OUTCOME_MALFORMED:
		break;
	}
	bail_out(receipt->outcome == OUTCOME_MALFORMED ? receipt->fault.why : "an act twice");
}

static void play_act(struct bytes value, struct text *lines)
{
	struct bytes label = word(&value), kind = word(&value), by = word(&value), text;
	unsigned party = party_number(by);
	int also = value.size > 0 ? (int)party_number(value) : -1;
	struct receipt receipt;
	struct act act;

	if (act_kind(kind) == ACT_KINDS)
		bail_out(string(kind));
	act = federation_act(f, party, act_kind(kind));
	step_begin();
	text = act_text(&act, lines);
	tell_act(label, text);
	federation_submit(f, party, also, text, &receipt);
	tell_receipt(&receipt);
	federation_tick(f);
	step_end();
}

static void play_wait(struct bytes value)
{
	int64_t span = 0;

	if (!time_span_read(value, &span))
		bail_out(string(value));
	step_begin();
	for (; span > SECONDS_A_DAY; span -= SECONDS_A_DAY)
		federation_skip(f, SECONDS_A_DAY);
	federation_skip(f, span);
	write_text(&told, "== after ");
	write_bytes(&told, value);
	write_text(&told, ": ");
	write_time(&told, (struct ledger_time){f->clock / 1000});
	write_text(&told, "\n");
	step_end();
}

static void leave(struct bytes label)
{
	for (unsigned i = 0; i < keeps.count; i++)
		if (bytes_same(keeps.label[i], label)) {
			keeps.label[i] = keeps.label[--keeps.count];
			return;
		}
	bail_out("a TLD leaves that was not there");
}

static void play(struct text *lines)
{
	struct bytes line, value;

	while (text_line(lines, &line)) {
		if (line.size == 0 || line.at[0] == '#')
			continue;
		if (bytes_starts(line, BYTES("> "))) {
			write_bytes(&told, line);
			write_text(&told, "\n");
		} else if (text_field(line, "act", &value)) {
			play_act(value, lines);
		} else if (text_field(line, "wait", &value)) {
			play_wait(value);
		} else if (text_field(line, "leaves", &value)) {
			leave(value);
		} else {
			bail_out(string(line));
		}
	}
}

/* Act-ids are told by the labels of their steps: they hang on every octet of the case. */
static struct bytes labelled(struct bytes text)
{
	struct writer w = writer_in(&memory);

	for (size_t i = 0; i < text.size;) {
		unsigned step = 0;

		while (step < steps.count && (text.size - i < SHOW_DIGEST ||
		                              memcmp(text.at + i, steps.id[step].at, SHOW_DIGEST) != 0))
			step++;
		if (step < steps.count) {
			write_text(&w, "@");
			write_bytes(&w, steps.label[step]);
			i += text.size - i >= 64 && memcmp(text.at + i, steps.id[step].at, 64) == 0 ? 64 : SHOW_DIGEST;
		} else {
			write_octet(&w, text.at[i++]);
		}
	}
	return writer_keep(&w, &memory);
}

static void judge(const char *golden)
{
	struct bytes got = labelled(writer_bytes(&told)), want;
	struct text a = {.rest = got}, b;
	struct bytes x = {NULL, 0}, y = {NULL, 0};
	const char *mode = getenv("COMITY_GOLDEN");

	must(!told.full);
	if (mode != NULL && strcmp(mode, "write") == 0) {
		FILE *file = fopen(golden, "wb");
		if (file == NULL || fwrite(got.at, 1, got.size, file) != got.size || fclose(file) != 0)
			bail_out(golden);
	}
	want = file_read(golden);
	if (ok(bytes_same(got, want), "what came of each step is what the golden file says"))
		return;
	b = (struct text){.rest = want};
	while (text_line(&a, &x) && text_line(&b, &y) && bytes_same(x, y))
		;
	printf("# line %u\n# got:  %s\n# want: %s\n", a.line, string(x), string(y));
}

static void replay(void)
{
	struct digest root, own;

	federation_start(f, 0);
	root = state_root(&f->sequencer.state);
	own = state_root(&f->node[0].ledger.state);
	ok(digest_same(&root, &own) && f->node[0].ledger.height == f->sequencer.height,
	   "who replays the journal holds the same state");
	ok(tiled_replays(f, scratch("public")), "and so does who has only the tiles of the log");
}

int main(int argc, char *argv[])
{
	struct text lines;

	if (argc != 4)
		bail_out("case_test CASE CHARTER GOLDEN");
	memory = federation_memory((size_t)1 << 30);
	told = (struct writer){.at = federation_memory((size_t)16 << 20).at, .size = (size_t)16 << 20};
	lines = (struct text){.rest = file_read(argv[1])};
	found(&lines, argv[2]);
	tell_zone();
	play(&lines);
	ok(steps.count > 0, "a script of acts");
	replay();
	judge(argv[3]);
	return done_testing();
}
