/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procedure - plays made-up histories of proposals to the commons, for test/interop/procedure.py, which makes them up
 * and has another opinion on how they end.
 *
 * Lines from standard input; after each that is marked, a line with what became of it:
 *
 *     charter LINES           the text follows; the federation is founded anew
 *     party NAME KIND         of the founding
 *     history                 all that happened since is forgotten, and it is 0 seconds after the founding
 *   * grant BY HOLDER         proposes that a name be granted
 *   * freeze BY               proposes that the name of the first party be frozen
 *   * vote BY yes|no|abstain  on what was proposed last
 *   * object BY
 *   * proxy BY PARTY
 *   * withdraw BY
 *   * cancel BY
 *   * time SECONDS            since the founding; what is due until then happens when it is due
 *
 * The answer: "ok" or the word of the refusal; the status of the proposal, "none" without one; and
 * for whom the name is (or would be: "-"), and until when it is frozen (or 0).
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/hex.h"
#include "base/must.h"
#include "commons/apply.h"
#include "commons/freeze.h"
#include "commons/proposal.h"
#include "commons/standing.h"
#include "state/clock.h"

#define STATE_SIZE ((size_t)64 << 20)
#define BEGIN      1795352400 /* of the federation */

struct player {
	struct state state;
	struct commons commons;
	struct arena memory; /* of one act */
	struct state_mark founded;
	uint64_t height, acts;
	char proposal[64];
	char first[64]; /* the first party: it holds the name */
};

_Noreturn void must_fail(const char *claim, const char *file, int line)
{
	fprintf(stderr, "procedure: bug at %s:%d: must(%s)\n", file, line, claim);
	abort();
}

_Noreturn void memory_fail(size_t wanted)
{
	fprintf(stderr, "procedure: no memory for %zu octets\n", wanted);
	exit(3);
}

static _Noreturn void misused(const char *why)
{
	fprintf(stderr, "procedure: %s\n", why);
	exit(2);
}

static struct arena memory_of(size_t size)
{
	void *at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		memory_fail(size);
	return (struct arena){at, size, 0};
}

static void begin(struct player *p)
{
	static struct commons_memory memory;
	static struct arena state;

	if (state.at == NULL) {
		state = memory_of(STATE_SIZE);
		memory.scratch = memory_of(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE);
		memory.charter = memory_of(COMMONS_CHARTER_SIZE);
		p->memory = memory_of((size_t)1 << 20);
	}
	/* Zero pages again. */
	if (madvise(state.at, state.size, MADV_DONTNEED) != 0)
		misused("no zero pages");
	state_init(&p->state, state.at, state.size);
	commons_init(&p->commons, &p->state, &memory);
	p->commons.origin = BYTES("root.comity.example");
	p->commons.now.seconds = BEGIN;
	p->height = 0;
	p->acts = 0;
	p->first[0] = '\0';
}

static void read_charter(struct player *p, unsigned lines)
{
	static char text[CHARTER_SIZE_MAX + 1];
	struct refusal refusal = {0};
	struct charter_fault fault;
	struct charter charter;
	char name[64], kind[64];
	size_t used = 0;

	begin(p);
	while (lines-- > 0 && fgets(text + used, (int)(sizeof(text) - used), stdin) != NULL)
		used += strlen(text + used);
	while (scanf(" party %63s %63s", name, kind) == 2) {
		struct party party = {bytes_of(name), bytes_of(kind), 1, BYTES(""), BYTES("genesis")};

		if (p->first[0] == '\0')
			memcpy(p->first, name, sizeof(name));
		party_put(&p->state, &p->commons.scratch, &party);
	}
	if (charter_read((struct bytes){(uint8_t *)text, used}, &p->commons.scratch, &charter, &fault) != OK)
		misused(fault.at.why);
	if (!standing_put_charter(&p->commons, (struct bytes){(uint8_t *)text, used}, NULL, &charter, BYTES("genesis"),
	                          &refusal))
		misused(reason_text(refusal.reason, false));
	struct writer w = record_begin(&p->commons.scratch, BYTES("tld/held"));
	write_field(&w, "holder", bytes_of(p->first));
	write_field(&w, "act", BYTES("genesis"));
	record_put(&p->state, &w);
	struct text lines_of_apex = {.rest = BYTES("apex: .\nsoa: a. b. 1 1 1 1\nttl: 1 1 1 1\n"
	                                           "signatures: 21d 14d\nsigning: 2s 20m 1h\n")};
	const char *why;
	struct apex apex;
	if (!apex_read(&lines_of_apex, &apex, &why))
		misused(why);
	standing_put_apex(&p->commons, &apex, BYTES("genesis"));
	struct custody custody = {0};
	custody_put(&p->state, &p->commons.scratch, &custody);
	state_commit(&p->state);
	p->founded = state_mark(&p->state);
}

static void begin_history(struct player *p)
{
	state_undo(&p->state, p->founded);
	p->commons.now.seconds = BEGIN;
	p->proposal[0] = '\0';
}

static struct bytes slot(struct player *p, struct bytes key)
{
	struct digest leaf;
	char *hex;

	if (!state_leaf(&p->state, key, &leaf))
		return BYTES("none");
	hex = arena_take(&p->memory, 2 * DIGEST_SIZE);
	hex_write(hex, digest_bytes(&leaf));
	return (struct bytes){(uint8_t *)hex, 2 * DIGEST_SIZE};
}

static struct bytes proposal_of(const struct player *p)
{
	return (struct bytes){(const uint8_t *)p->proposal, p->proposal[0] == '\0' ? 0 : sizeof(p->proposal)};
}

static void answer(const struct player *p, const char *word)
{
	struct holding holding = {.holder = BYTES("-")};
	struct freeze freeze = {.until = {BEGIN}};
	struct proposal proposal;

	(void)holding_get(&p->state, BYTES("new"), &holding);
	(void)freeze_get(&p->state, BYTES("held"), &freeze);
	printf("%s %s %.*s %" PRId64 "\n", word,
	       proposal_get(&p->state, proposal_of(p), &proposal) ? proposal_status_word(proposal.status) : "none",
	       (int)holding.holder.size, (const char *)holding.holder.at, freeze.until.seconds - BEGIN);
}

/* Decides it as commons_apply() does, but for signatures; the act is written and read, as acts are. */
static void say(struct player *p, struct act *made, const char *by, bool proposes)
{
	struct state_mark mark = state_mark(&p->state);
	struct signed_act act = {.act = {0}};
	struct refusal refusal = {0};
	char words[30];
	struct fault fault;
	struct writer w;

	made->origin = p->commons.origin;
	made->charter = 1;
	made->by = bytes_of(by);
	made->until.seconds = p->commons.now.seconds + SECONDS_A_DAY;
	snprintf(words, sizeof(words), "> %" PRIu64 "\n", p->acts++); /* no two are the same */
	made->words = bytes_of(words);
	w = writer_in(&p->memory);
	act_write(&w, made);
	struct bytes text = writer_keep(&w, &p->memory);
	p->commons.scratch.used = 0;
	if (act_read(text, arena_rest(&p->memory), &act.act, &fault) != OK)
		misused(fault.why);
	act.id = act.act.id;
	hex_write(act.id_text, digest_bytes(&act.id));
	if (proposes)
		memcpy(p->proposal, act.id_text, sizeof(p->proposal));
	if (!commons_decide(&p->commons, &act, &refusal))
		state_undo(&p->state, mark);
	answer(p, refusal.reason == REASON_NONE ? "ok" : reason_word(refusal.reason));
	p->memory.used = 0;
}

static void time_passes(struct player *p, int64_t seconds)
{
	struct ledger_time due, until = {BEGIN + seconds};
	struct bytes what;

	while (timer_first(&p->state, &due, &what) && due.seconds <= until.seconds)
		commons_begin(&p->commons, ++p->height,
		              due.seconds > p->commons.now.seconds ? due : p->commons.now);
	commons_begin(&p->commons, ++p->height, until);
	answer(p, "ok");
}

static void about(struct player *p, enum act_kind kind, const char *by)
{
	struct act act = {.kind = kind, .field = {proposal_of(p)}};
	struct record_key key;

	if (kind == ACT_OBJECT)
		act.field[1] = slot(p, record_key(&key, "objection", proposal_of(p), bytes_of(by)));
	say(p, &act, by, false);
}

static bool step(struct player *p, const char *word)
{
	char by[64], other[64];
	struct record_key key;
	struct act act = {0};
	int64_t seconds;

	if (strcmp(word, "time") == 0 && scanf("%" SCNd64, &seconds) == 1) {
		time_passes(p, seconds);
		return true;
	}
	if (scanf("%63s", by) != 1)
		return false;
	if (strcmp(word, "freeze") == 0) {
		act = (struct act){.kind = ACT_FREEZE, .field = {BYTES("held"), slot(p, BYTES("freeze/held"))}};
		say(p, &act, by, true);
	} else if (strcmp(word, "object") == 0) {
		about(p, ACT_OBJECT, by);
	} else if (strcmp(word, "withdraw") == 0) {
		about(p, ACT_WITHDRAW_PROPOSAL, by);
	} else if (strcmp(word, "cancel") == 0) {
		about(p, ACT_CANCEL, by);
	} else if (scanf("%63s", other) != 1) {
		return false;
	} else if (strcmp(word, "grant") == 0) {
		act = (struct act){.kind = ACT_GRANT, .field = {BYTES("new"), bytes_of(other), slot(p, BYTES("tld/new"))}};
		say(p, &act, by, true);
	} else if (strcmp(word, "vote") == 0) {
		act = (struct act){.kind = ACT_CONSENT,
		                   .field = {proposal_of(p), bytes_of(other),
		                             slot(p, record_key(&key, "vote", proposal_of(p), bytes_of(by)))}};
		say(p, &act, by, false);
	} else if (strcmp(word, "proxy") == 0) {
		act = (struct act){.kind = ACT_PROXY,
		                   .field = {bytes_of(other), slot(p, record_key(&key, "proxy", bytes_of(by), BYTES("")))}};
		say(p, &act, by, false);
	} else {
		return false;
	}
	return true;
}

int main(void)
{
	static struct player player;
	char word[20];
	unsigned lines;

	while (scanf("%19s", word) == 1)
		if (strcmp(word, "charter") == 0 && scanf(" %u\n", &lines) == 1)
			read_charter(&player, lines);
		else if (strcmp(word, "history") == 0)
			begin_history(&player);
		else if (!step(&player, word))
			misused(word);
	return 0;
}
