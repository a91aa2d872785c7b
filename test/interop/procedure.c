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
#include <string.h>

#include "commons/freeze.h"
#include "commons/proposal.h"
#include "tap.h"
#include "bare.h"

static char proposal[64]; /* its id; begins with NUL before there is one */

static void read_charter(unsigned lines)
{
	static char text[CHARTER_SIZE_MAX + 1];
	char name[64], kind[64], held[200];
	size_t used = 0, count = 0;

	while (lines-- > 0 && fgets(text + used, (int)(sizeof(text) - used), stdin) != NULL)
		used += strlen(text + used);
	bare_begin();
	while (scanf(" party %63s %63s", name, kind) == 2) {
		bare_join(name, kind);
		if (count++ == 0)
			snprintf(held, sizeof(held), "tld/held\nholder: %s\nact: genesis\n", name);
	}
	bare_charter((struct bytes){(uint8_t *)text, used});
	bare_put(held);
	bare_founded();
}

static struct bytes proposal_of(void)
{
	return (struct bytes){(const uint8_t *)proposal, proposal[0] == '\0' ? 0 : sizeof(proposal)};
}

static void answer(const char *word)
{
	struct holding holding = {.holder = BYTES("-")};
	struct freeze freeze = {.until = {BARE_BEGIN}};
	struct proposal p;

	(void)holding_get(&state, BYTES("new"), &holding);
	(void)freeze_get(&state, BYTES("held"), &freeze);
	printf("%s %s %.*s %" PRId64 "\n", word,
	       proposal_get(&state, proposal_of(), &p) ? proposal_status_word(p.status) : "none",
	       (int)holding.holder.size, (const char *)holding.holder.at, freeze.until.seconds - BARE_BEGIN);
}

static void say(struct act act, const char *by, bool proposes)
{
	struct refusal refusal;
	char id[64];
	bool decided = bare_say(&act, bytes_of(by), id, &refusal);

	if (proposes)
		memcpy(proposal, id, sizeof(id));
	answer(decided ? "ok" : reason_word(refusal.reason));
}

/* Of acts that name the proposal alone. */
static enum act_kind kind_alone(const char *word)
{
	return strcmp(word, "withdraw") == 0 ? ACT_WITHDRAW_PROPOSAL
	       : strcmp(word, "cancel") == 0 ? ACT_CANCEL
	                                     : ACT_KINDS;
}

static bool say_of_two(const char *word, const char *by)
{
	struct bytes id = proposal_of(), other;
	struct record_key key;
	char name[64];

	if (scanf("%63s", name) != 1)
		return false;
	other = bytes_of(name);
	if (strcmp(word, "grant") == 0)
		say((struct act){.kind = ACT_GRANT, .field = {BYTES("new"), other, bare_slot(BYTES("tld/new"))}},
		    by, true);
	else if (strcmp(word, "vote") == 0)
		say((struct act){.kind = ACT_CONSENT,
		                    .field = {id, other, bare_slot(record_key(&key, "vote", id, bytes_of(by)))}},
		    by, false);
	else if (strcmp(word, "proxy") == 0)
		say((struct act){.kind = ACT_PROXY,
		                    .field = {other, bare_slot(record_key(&key, "proxy", bytes_of(by), BYTES("")))}},
		    by, false);
	else
		return false;
	return true;
}

static bool step(const char *word)
{
	struct bytes id = proposal_of();
	struct record_key key;
	int64_t seconds;
	char by[64];

	if (strcmp(word, "time") == 0 && scanf("%" SCNd64, &seconds) == 1) {
		bare_wait(seconds);
		answer("ok");
		return true;
	}
	if (scanf("%63s", by) != 1)
		return false;
	if (strcmp(word, "freeze") == 0)
		say((struct act){.kind = ACT_FREEZE, .field = {BYTES("held"), bare_slot(BYTES("freeze/held"))}}, by,
		    true);
	else if (strcmp(word, "object") == 0)
		say((struct act){.kind = ACT_OBJECT,
		                    .field = {id, bare_slot(record_key(&key, "objection", id, bytes_of(by)))}},
		    by, false);
	else if (kind_alone(word) != ACT_KINDS)
		say((struct act){.kind = kind_alone(word), .field = {id}}, by, false);
	else
		return say_of_two(word, by);
	return true;
}

int main(void)
{
	char word[20];
	unsigned lines;

	while (scanf("%19s", word) == 1)
		if (strcmp(word, "charter") == 0 && scanf(" %u\n", &lines) == 1) {
			read_charter(lines);
		} else if (strcmp(word, "history") == 0) {
			bare_again();
			proposal[0] = '\0';
		} else if (!step(word)) {
			bail_out(word);
		}
	return 0;
}
