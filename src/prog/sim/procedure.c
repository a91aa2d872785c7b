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

#include "base/must.h"
#include "commons/freeze.h"
#include "commons/proposal.h"
#include "prog/sim/bare.h"

#define PARTIES_MAX 16

struct player {
	struct bare bare;
	char proposal[64]; /* its id; begins with NUL before there is one */
	char name[PARTIES_MAX][64], kind[PARTIES_MAX][64];
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

static void read_charter(struct player *p, unsigned lines)
{
	static char text[CHARTER_SIZE_MAX + 1];
	struct bare_party party[PARTIES_MAX];
	const char *why = "";
	size_t used = 0, count = 0;

	while (lines-- > 0 && fgets(text + used, (int)(sizeof(text) - used), stdin) != NULL)
		used += strlen(text + used);
	while (count < PARTIES_MAX && scanf(" party %63s %63s", p->name[count], p->kind[count]) == 2) {
		party[count] = (struct bare_party){p->name[count], p->kind[count]};
		count++;
	}
	if (count == 0 || !bare_found(&p->bare, (struct bytes){(uint8_t *)text, used}, party, count, &why))
		misused(why);
}

static struct bytes proposal_of(const struct player *p)
{
	return (struct bytes){(const uint8_t *)p->proposal, p->proposal[0] == '\0' ? 0 : sizeof(p->proposal)};
}

static void answer(const struct player *p, const char *word)
{
	struct holding holding = {.holder = BYTES("-")};
	struct freeze freeze = {.until = {BARE_BEGIN}};
	struct proposal proposal;

	(void)holding_get(&p->bare.state, BYTES("new"), &holding);
	(void)freeze_get(&p->bare.state, BYTES("held"), &freeze);
	printf("%s %s %.*s %" PRId64 "\n", word,
	       proposal_get(&p->bare.state, proposal_of(p), &proposal) ? proposal_status_word(proposal.status) : "none",
	       (int)holding.holder.size, (const char *)holding.holder.at, freeze.until.seconds - BARE_BEGIN);
}

static void say(struct player *p, struct act act, const char *by, bool proposes)
{
	struct refusal refusal;
	char id[64];
	bool decided = bare_say(&p->bare, &act, bytes_of(by), id, &refusal);

	if (proposes)
		memcpy(p->proposal, id, sizeof(id));
	answer(p, decided ? "ok" : reason_word(refusal.reason));
}

/* Of acts that name the proposal alone. */
static enum act_kind kind_alone(const char *word)
{
	return strcmp(word, "withdraw") == 0 ? ACT_WITHDRAW_PROPOSAL
	       : strcmp(word, "cancel") == 0 ? ACT_CANCEL
	                                     : ACT_KINDS;
}

static bool say_of_two(struct player *p, const char *word, const char *by)
{
	struct bytes id = proposal_of(p), other;
	struct record_key key;
	char name[64];

	if (scanf("%63s", name) != 1)
		return false;
	other = bytes_of(name);
	if (strcmp(word, "grant") == 0)
		say(p, (struct act){.kind = ACT_GRANT, .field = {BYTES("new"), other, bare_slot(&p->bare, BYTES("tld/new"))}},
		    by, true);
	else if (strcmp(word, "vote") == 0)
		say(p, (struct act){.kind = ACT_CONSENT,
		                    .field = {id, other, bare_slot(&p->bare, record_key(&key, "vote", id, bytes_of(by)))}},
		    by, false);
	else if (strcmp(word, "proxy") == 0)
		say(p, (struct act){.kind = ACT_PROXY,
		                    .field = {other, bare_slot(&p->bare, record_key(&key, "proxy", bytes_of(by), BYTES("")))}},
		    by, false);
	else
		return false;
	return true;
}

static bool step(struct player *p, const char *word)
{
	struct bytes id = proposal_of(p);
	struct record_key key;
	int64_t seconds;
	char by[64];

	if (strcmp(word, "time") == 0 && scanf("%" SCNd64, &seconds) == 1) {
		bare_wait(&p->bare, seconds);
		answer(p, "ok");
		return true;
	}
	if (scanf("%63s", by) != 1)
		return false;
	if (strcmp(word, "freeze") == 0)
		say(p, (struct act){.kind = ACT_FREEZE, .field = {BYTES("held"), bare_slot(&p->bare, BYTES("freeze/held"))}}, by,
		    true);
	else if (strcmp(word, "object") == 0)
		say(p, (struct act){.kind = ACT_OBJECT,
		                    .field = {id, bare_slot(&p->bare, record_key(&key, "objection", id, bytes_of(by)))}},
		    by, false);
	else if (kind_alone(word) != ACT_KINDS)
		say(p, (struct act){.kind = kind_alone(word), .field = {id}}, by, false);
	else
		return say_of_two(p, word, by);
	return true;
}

int main(void)
{
	static struct player player;
	char word[20];
	unsigned lines;

	while (scanf("%19s", word) == 1)
		if (strcmp(word, "charter") == 0 && scanf(" %u\n", &lines) == 1) {
			read_charter(&player, lines);
		} else if (strcmp(word, "history") == 0) {
			bare_again(&player.bare);
			player.proposal[0] = '\0';
		} else if (!step(&player, word)) {
			misused(word);
		}
	return 0;
}
