/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every charter of examples/charters, played over its own membership: what `comity charter check` says that the smallest
 * coalition carries, it carries, and without any one of it nothing happens; a freeze that nobody ratifies ends; and
 * through all of it a name that nobody decided on stays as it is. What the check says of retirement and of interim
 * operation against a holder's will happens, and the name resolves on.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "commons/freeze.h"
#include "commons/operation.h"
#include "commons/proposal.h"
#include "commons/registering.h"
#include "commons/retirement.h"
#include "power/check.h"
#include "power/members.h"
#include "tap.h"
#include "bare.h"

#define FILE_MAX  65536
#define LONG_TIME (400 * (int64_t)SECONDS_A_DAY)

struct template {
	char name[100];
	struct bytes text;
	struct charter charter;
	struct charter_party *parties;
	const char *name_of[GAME_PARTIES_MAX], *kind_of[GAME_PARTIES_MAX];
	size_t count;
	struct check check;
};

static struct bytes file(const char *name, const char *end)
{
	const char *source = getenv("COMITY_SOURCE");
	char path[4096], *text = malloc(FILE_MAX);
	size_t size;
	FILE *from;

	snprintf(path, sizeof(path), "%s/examples/charters/%s%s", source == NULL ? "." : source, name, end);
	from = fopen(path, "re");
	if (from == NULL || text == NULL)
		bail_out(path);
	size = fread(text, 1, FILE_MAX, from);
	fclose(from);
	return (struct bytes){(const uint8_t *)text, size};
}

static const char *terminated(struct bytes text)
{
	char *copy = calloc(1, text.size + 1);

	if (copy == NULL)
		bail_out("no memory");
	memcpy(copy, text.at, text.size);
	return copy;
}

static void write_entry(struct writer *w, struct bytes code, const char *until)
{
	write_text(w, "entry ");
	write_bytes(w, code);
	write_octet(w, ' ');
	write_bytes(w, code);
	write_text(w, " since 1974-12-15");
	write_text(w, until);
	write_octet(w, '\n');
}

/* The register of that name, as if it had been adopted: all parties stand in it, and the code of the name has left it. */
static void register_give(const struct template *t, struct bytes name)
{
	static uint8_t text[REGISTER_SIZE_MAX], embedded[REGISTER_SIZE_MAX * 2];
	struct writer w = {.at = text, .size = sizeof(text)}, e = {.at = embedded, .size = sizeof(embedded)};
	struct digest digest = sha256(name);
	struct bytes held = BYTES("held");
	bool written = false;

	write_text(&w, "comity-register/1\nregister ");
	write_bytes(&w, name);
	write_text(&w, "\nversion 1\nsource Made up\ndigest ");
	write_digest(&w, &digest);
	write_text(&w, "\n\n");
	for (size_t i = 0; i < t->count; i++) {
		if (!written && bytes_compare(held, t->parties[i].name) < 0) {
			write_entry(&w, held, " until 1992-08-30");
			written = true;
		}
		write_entry(&w, t->parties[i].name, "");
	}
	if (!written)
		write_entry(&w, held, " until 1992-08-30");
	act_write_embedded(&e, writer_bytes(&w));
	registered_put(&state, &commons.scratch,
	               &(struct registered){name, 1, commons.now, BYTES("genesis"), writer_bytes(&e)});
	registers_look(&commons);
}

/* Founded anew: an amendment leaves nothing of what was. The name "held" is the first party's. */
static void found(const struct template *t)
{
	char held[200];

	bare_begin();
	for (size_t i = 0; i < t->count; i++)
		bare_join(t->name_of[i], t->kind_of[i]);
	bare_charter(t->text);
	snprintf(held, sizeof(held), "tld/held\nholder: %s\nact: genesis\n", t->name_of[0]);
	bare_put(held);
	bare_founded();
	for (size_t i = 0; i < commons.charter.register_count; i++)
		register_give(t, commons.charter.registers[i]);
}

static void take(struct template *t, struct arena *memory)
{
	struct charter_fault fault;

	t->text = file(t->name, ".charter");
	if (charter_read(t->text, memory, &t->charter, &fault) != OK ||
	    members_read(file(t->name, ".members"), &t->charter, memory, &t->parties, &t->count, &fault) != OK)
		bail_out(fault.at.why);
	check_charter(&t->charter, t->parties, t->count, memory, &t->check);
	for (size_t i = 0; i < t->count; i++) {
		t->name_of[i] = terminated(t->parties[i].name);
		t->kind_of[i] = terminated(t->parties[i].kind);
	}
}

/* ---- what is said ---- */

static struct act grant(struct template *t)
{
	return (struct act){.kind = ACT_GRANT,
	                    .field = {BYTES("new"), t->parties[0].name, bare_slot(BYTES("tld/new"))}};
}

/* The same charter, as its second version. */
static struct act amendment(struct template *t)
{
	static uint8_t octets[2 * FILE_MAX], text[FILE_MAX];
	struct writer w = {.at = octets, .size = sizeof(octets)}, y = {.at = text, .size = sizeof(text)};
	static const char FIRST[] = "\nversion 1\n";
	const uint8_t *at = memmem(t->text.at, t->text.size, FIRST, sizeof(FIRST) - 1);
	size_t before = (size_t)(at - t->text.at);

	must(at != NULL);
	write_bytes(&y, bytes_first(t->text, before));
	write_text(&y, "\nversion 2\n");
	write_bytes(&y, bytes_from(t->text, before + sizeof(FIRST) - 1));
	act_write_embedded(&w, writer_bytes(&y));
	return (struct act){.kind = ACT_CHARTER_AMEND,
	                    .field = {BYTES("charter"), bare_slot(BYTES("charter"))},
	                    .embed = writer_bytes(&w)};
}

static void speak(struct template *t, const char id[64], size_t party, bool yes)
{
	struct bytes act = {(const uint8_t *)id, 64}, by = t->parties[party].name;
	struct act vote = {.kind = ACT_CONSENT, .field = {act, yes ? BYTES("yes") : BYTES("no"), BYTES("none")}},
		   objection = {.kind = ACT_OBJECT, .field = {act, BYTES("none")}};
	struct refusal refusal;
	char own[64];

	/* Who is not heard, or comes too late, is refused; what counts is how it ends. */
	if (!yes)
		(void)bare_say(&objection, by, own, &refusal);
	(void)bare_say(&vote, by, own, &refusal);
}

/* The coalition proposes and says yes, the others say no and object. */
static void play(struct template *t, struct act act, const bool *in)
{
	struct refusal refusal;
	size_t first = 0;
	char id[64];

	while (first < t->count && !in[first])
		first++;
	if (first == t->count || !bare_say(&act, t->parties[first].name, id, &refusal))
		return;
	for (size_t i = 0; i < t->count; i++)
		if (!in[i])
			speak(t, id, i, false);
	for (size_t i = 0; i < t->count; i++)
		if (in[i] && i != first)
			speak(t, id, i, true);
	bare_wait(LONG_TIME);
}

static bool took_effect(const struct act *act)
{
	struct holding holding;

	if (act->kind == ACT_CHARTER_AMEND)
		return commons.charter.version == 2;
	return holding_get(&state, BYTES("new"), &holding);
}

/* Founded anew: an amendment leaves nothing of what was. */
static bool carries(struct template *t, struct act (*propose)(struct template *t), const bool *in)
{
	struct act act;

	found(t);
	act = propose(t);
	play(t, act, in);
	return took_effect(&act);
}

/* ---- what must become of it ---- */

static const struct rule_report *report_of(const struct template *t, const char *rule)
{
	for (size_t i = 0; i < t->check.rule_count; i++)
		if (bytes_same(t->check.rules[i].rule->name, bytes_of(rule)))
			return &t->check.rules[i];
	return NULL;
}

/* The parties of the smallest coalition. False: a part in the case is in it, which is no party. */
static bool coalition(const struct template *t, const struct rule_report *report, bool *in)
{
	const struct game *game = &report->game;
	uint16_t left[GAME_SEATS_MAX];

	if (!report->smallest.found)
		return false;
	memcpy(left, report->smallest.taken, game->classes * sizeof(*left));
	memset(in, 0, GAME_SEATS_MAX * sizeof(*in));
	for (size_t i = 0; i < game->seats; i++)
		if (left[game->class_of[i]] > 0) {
			left[game->class_of[i]]--;
			in[i] = true;
		}
	for (size_t i = t->count; i < game->seats; i++)
		if (in[i])
			return false;
	return true;
}

static void rule_holds(struct template *t, const char *rule, struct act (*propose)(struct template *t))
{
	const struct rule_report *report = report_of(t, rule);
	bool in[GAME_SEATS_MAX], least = true;
	char what[200];

	snprintf(what, sizeof(what), "%s: %s has a coalition of parties", t->name, rule);
	if (!ok(report != NULL && coalition(t, report, in), what))
		return;
	snprintf(what, sizeof(what), "%s: %zu of %zu carry %s against all others", t->name, report->smallest.count, t->count,
	         rule);
	ok(carries(t, propose, in), what);
	for (size_t i = 0; i < t->count; i++) {
		if (!in[i])
			continue;
		in[i] = false;
		least = least && !carries(t, propose, in);
		in[i] = true;
	}
	snprintf(what, sizeof(what), "%s: %s is not carried without any one of them", t->name, rule);
	ok(least, what);
}

/* ---- what is done against a holder's will ---- */

static struct act retire(struct template *t, size_t operator)
{
	(void)t, (void)operator;
	return (struct act){.kind = ACT_RETIRE,
	                    .field = {BYTES("held"), BYTES("code-removed"), bare_slot(BYTES("retirement/held"))},
	                    .words = BYTES("> The code is gone.\n")};
}

static struct act operate(struct template *t, size_t operator)
{
	static char text[TIME_TEXT_SIZE];

	time_write(text, (struct ledger_time){BARE_BEGIN + 5 * (int64_t)SECONDS_A_DAY});
	return (struct act){.kind = ACT_OPERATE,
	                    .field = {BYTES("held"), t->parties[operator].name, BYTES("incapacity"),
	                              {(const uint8_t *)text, TIME_TEXT_SIZE}, bare_slot(BYTES("operation/held"))},
	                    .words = BYTES("> It is silent.\n")};
}

static const struct path *path_of(const struct template *t, enum path_kind kind)
{
	const struct peril *peril = &t->check.perils[0];

	for (size_t i = 0; i < peril->count; i++)
		if (peril->path[i].kind == kind && !peril->path[i].ruling)
			return &peril->path[i];
	return NULL;
}

/* Whether those of them who say yes carry it; some of them may be the operator. */
static bool imposed(struct template *t, struct act (*propose)(struct template *t, size_t operator), const bool *in)
{
	for (size_t i = 0; i < t->count; i++) {
		struct retirement retirement;
		struct operation operation;
		struct holding holding;
		struct act act;

		if (!in[i])
			continue;
		found(t);
		act = propose(t, i);
		play(t, act, in);
		if (act.kind == ACT_OPERATE && operation_get(&state, BYTES("held"), &operation))
			return holding_get(&state, BYTES("held"), &holding) &&
			       bytes_same(holding.holder, t->parties[0].name) &&
			       !operation_stands(&state, &operation, commons.now);
		if (act.kind == ACT_RETIRE)
			return retirement_get(&state, BYTES("held"), &retirement) !=
			       !holding_get(&state, BYTES("held"), &holding);
	}
	return false;
}

static void path_holds(struct template *t, enum path_kind kind, const char *name,
                       struct act (*propose)(struct template *t, size_t operator))
{
	const struct path *path = path_of(t, kind);
	bool in[GAME_SEATS_MAX] = {false}, least = true;
	char what[200];

	snprintf(what, sizeof(what), "%s: %s can be imposed on a holder", t->name, name);
	if (!ok(t->check.perils[0].holder == 0 && path != NULL && path->seat != NULL, what))
		return;
	for (size_t i = 0; i < path->count; i++)
		in[path->seat[i]] = true;
	snprintf(what, sizeof(what), "%s: by %zu of %zu, against all others", t->name, path->count, t->count);
	ok(imposed(t, propose, in), what);
	for (size_t i = 0; i < path->count; i++) {
		in[path->seat[i]] = false;
		least = least && !imposed(t, propose, in);
		in[path->seat[i]] = true;
	}
	snprintf(what, sizeof(what), "%s: and not without any one of them", t->name);
	ok(least, what);
}

/* All but the holder freeze its name; then they say nothing. */
static void freeze_ends(struct template *t)
{
	struct act act = {.kind = ACT_FREEZE, .field = {BYTES("held"), BYTES("none")}};
	struct freeze freeze;
	struct holding after;
	struct refusal refusal;
	char id[64], what[200];
	bool opened, frozen;

	found(t);
	opened = bare_say(&act, t->parties[1].name, id, &refusal);
	for (size_t i = 2; i < t->count && !freeze_get(&state, BYTES("held"), &freeze); i++)
		speak(t, id, i, true);
	frozen = freeze_get(&state, BYTES("held"), &freeze) &&
	         freeze.until.seconds > commons.now.seconds;
	snprintf(what, sizeof(what), "%s: a name can be frozen without its holder", t->name);
	if (!ok(opened && frozen, what))
		return;
	bare_wait(LONG_TIME);
	snprintf(what, sizeof(what), "%s: and when the others are silent that ends, and is the last time", t->name);
	act.field[1] = bare_slot(BYTES("freeze/held"));
	ok(freeze_get(&state, BYTES("held"), &freeze) && bytes_same(freeze.ratified, BYTES("no")) &&
	           freeze.until.seconds <= commons.now.seconds &&
	           !bare_say(&act, t->parties[1].name, id, &refusal) && refusal.reason == REASON_SPENT,
	   what);
	snprintf(what, sizeof(what), "%s: the name is its holder's, as before", t->name);
	ok(holding_get(&state, BYTES("held"), &after) && bytes_same(after.holder, t->parties[0].name), what);
}

static int is_charter(const struct dirent *entry)
{
	const char *end = strrchr(entry->d_name, '.');

	return end != NULL && strcmp(end, ".charter") == 0;
}

int main(void)
{
	static struct template t;
	const char *source = getenv("COMITY_SOURCE");
	struct arena memory = {malloc(CHECK_MEMORY + FILE_MAX), CHECK_MEMORY + FILE_MAX, 0};
	struct dirent **names;
	char folder[4096];
	int count;

	snprintf(folder, sizeof(folder), "%s/examples/charters", source == NULL ? "." : source);
	count = scandir(folder, &names, is_charter, alphasort);
	if (count < 11 || memory.at == NULL)
		bail_out(folder);
	for (int i = 0; i < count; i++) {
		memory.used = 0;
		snprintf(t.name, sizeof(t.name), "%.*s", (int)(strlen(names[i]->d_name) - strlen(".charter")),
		         names[i]->d_name);
		take(&t, &memory);
		rule_holds(&t, "delegate.grant", grant);
		rule_holds(&t, "charter.amend", amendment);
		path_holds(&t, PATH_RETIRE, "retirement", retire);
		path_holds(&t, PATH_OPERATE, "interim operation", operate);
		freeze_ends(&t);
	}
	return done_testing();
}
