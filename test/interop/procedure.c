/* SPDX-License-Identifier: Apache-2.0 */
/*
 * procedure - plays made-up histories to the commons, for test/interop/procedure.py, which makes them up and has
 * another opinion on what becomes of them.
 *
 * Lines from standard input; after each that is marked, a line with what became of it:
 *
 *     charter LINES             the text follows; the federation is founded anew
 *     party NAME KIND ROLE      of the founding; one of role duty has such a key as well
 *     entry CODE PARTY SINCE UNTIL    of the register "codes", in order; UNTIL may be "-"; after the parties
 *     history                   all that happened since is forgotten, and it is 0 seconds after the founding
 *   * grant BY HOLDER           asks for the name "new"; all others are about "held", which the first party holds
 *   * freeze BY
 *   * delegate BY N             sets the N-th of the delegations below
 *   * retire BY GROUND
 *   * plan BY SECONDS           when the name is to end, since the founding
 *   * operate BY OPERATOR GROUND SECONDS
 *   * resume BY
 *   * rekey BY PARTY
 *   * rotate BY
 *   * vote BY yes|no|abstain    on what was proposed last
 *   * object BY
 *   * withdraw BY
 *   * cancel BY
 *   * attest BY RUN SECONDS VANTAGE FAILED UNABLE    so long ago; checks are joined by commas
 *   * proxy BY PARTY
 *   * time SECONDS              since the founding; what is due until then happens when it is due
 *
 * The answer: "ok" or the word of the refusal; the status of the proposal, "none" without one; for whom "new" is ("-");
 * until when "held" is frozen (0); whose it is, its delegation, when it ends and may end at the latest, who operates it;
 * and how many keys each party has had.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "commons/freeze.h"
#include "commons/operation.h"
#include "commons/proposal.h"
#include "commons/registering.h"
#include "commons/retirement.h"
#include "tap.h"
#include "bare.h"

#define PARTIES_MAX 16
#define WORDS_MAX   8
#define DUTY_KEY    100 /* its number: above all act keys */

#define NS    "+ held. 172800 IN NS a.nic.held.\n+ held. 172800 IN NS b.nic.held.\n"
#define DS_1  "+ held. 86400 IN DS 1 13 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
#define DS_2  "+ held. 86400 IN DS 2 13 2 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
#define GLUE  "+ a.nic.held. 172800 IN A 9.9.9.9\n+ a.nic.held. 172800 IN AAAA 2620:fe::9\n"
#define OLD_B "+ b.nic.held. 172800 IN A 149.112.112.9\n"
#define NEW_B "+ b.nic.held. 172800 IN A 149.112.112.10\n"

/* None; two sets of servers, and each with no, one, the other, and both DS. */
static const char *const DELEGATIONS[] = {
	"",
	NS GLUE OLD_B,
	NS DS_1 GLUE OLD_B,
	NS DS_2 GLUE OLD_B,
	NS DS_1 DS_2 GLUE OLD_B,
	NS GLUE NEW_B,
	NS DS_1 GLUE NEW_B,
	NS DS_2 GLUE NEW_B,
	NS DS_1 DS_2 GLUE NEW_B,
};
#define DELEGATION_COUNT (sizeof(DELEGATIONS) / sizeof(DELEGATIONS[0]))

static struct {
	char name[64], kind[64];
	bool attests;
} parties[PARTIES_MAX];
static size_t party_count;
static char proposal[64]; /* the id of the last; zeros before there is one */

/* ---- founding ---- */

static struct bytes keys_of(const char *party, bool attests, unsigned number)
{
	struct writer w = writer_in(&commons.scratch);

	write_bytes(&w, bare_key(party, "act", number));
	if (attests)
		write_bytes(&w, bare_key(party, "duty", DUTY_KEY));
	return writer_keep(&w, &commons.scratch);
}

/* The register "codes" with those entries, if there are any. */
static void read_register(void)
{
	static char record[REGISTER_SIZE_MAX + 1];
	char code[64], party[64], since[16], until[16];
	size_t head = (size_t)snprintf(record, sizeof(record),
	                               "register/codes\nversion: 1\nsince: 2026-11-22T13:00:00Z\nact: genesis\n"
	                               "| comity-register/1\n| register codes\n| version 1\n| source Made up\n| digest %064d\n|\n",
	                               0),
	       used = head;

	while (scanf(" entry %63s %63s %15s %15s", code, party, since, until) == 4)
		used += (size_t)snprintf(record + used, sizeof(record) - used, "| entry %s %s since %s%s%s\n", code, party, since,
		                         until[0] == '-' ? "" : " until ", until[0] == '-' ? "" : until);
	if (used == head)
		return;
	bare_put(record);
	registers_look(&commons);
}

static void read_charter(unsigned lines)
{
	static char text[CHARTER_SIZE_MAX + 1];
	char held[1000], role[20];
	size_t used = 0;

	while (lines-- > 0 && fgets(text + used, (int)(sizeof(text) - used), stdin) != NULL)
		used += strlen(text + used);
	bare_begin();
	for (party_count = 0; party_count < PARTIES_MAX; party_count++) {
		char *name = parties[party_count].name, *kind = parties[party_count].kind;

		if (scanf(" party %63s %63s %19s", name, kind, role) != 3)
			break;
		parties[party_count].attests = strcmp(role, "duty") == 0;
		bare_join_with(name, kind, keys_of(name, parties[party_count].attests, 1));
	}
	bare_charter((struct bytes){(uint8_t *)text, used});
	snprintf(held, sizeof(held), "tld/held\nholder: %s\nact: genesis\n%s", parties[0].name, DELEGATIONS[1]);
	bare_put(held);
	read_register();
	bare_founded();
}

/* ---- what became of it ---- */

static struct bytes proposal_id(void)
{
	return (struct bytes){(const uint8_t *)proposal, sizeof(proposal)};
}

static size_t delegation_of(struct bytes records)
{
	size_t i = 0;

	while (i < DELEGATION_COUNT && !bytes_same(records, bytes_of(DELEGATIONS[i])))
		i++;
	return i;
}

/* The number of the party's act key, which stands first: it is one more with every new one. Reading the key itself takes
 * its time. */
static unsigned key_number(const char *name)
{
	char begins[200];
	const uint8_t *at = NULL;
	struct party party;
	int size = snprintf(begins, sizeof(begins), "key: act " BARE_ORIGIN "/p/%s/", name);

	if (party_get(&state, bytes_of(name), &party))
		at = memmem(party.keys.at, party.keys.size, begins, (size_t)size);
	if (at == NULL)
		bail_out("a party without a key");
	return (unsigned)strtoul((const char *)at + size, NULL, 10);
}

static int64_t since_founding(struct ledger_time time)
{
	return time.seconds - BARE_BEGIN;
}

static void answer(const char *word)
{
	struct holding new = {.holder = BYTES("-")}, held = {.holder = BYTES("-")};
	struct retirement retirement = {.ends = {BARE_BEGIN}, .latest = {BARE_BEGIN}};
	struct freeze freeze = {.until = {BARE_BEGIN}};
	struct bytes label = BYTES("held"), operator = BYTES("-");
	struct proposal p;

	(void)holding_get(&state, BYTES("new"), &new);
	(void)holding_get(&state, label, &held);
	(void)freeze_get(&state, label, &freeze);
	(void)retirement_get(&state, label, &retirement);
	(void)interim_operator_get(&commons, label, &operator);
	printf("%s %s %.*s %" PRId64 " %.*s %zu %" PRId64 " %" PRId64 " %.*s ", word,
	       proposal_get(&state, proposal_id(), &p) ? proposal_status_word(p.status) : "none", (int)new.holder.size,
	       (const char *)new.holder.at, since_founding(freeze.until), (int)held.holder.size,
	       (const char *)held.holder.at, delegation_of(held.records), since_founding(retirement.ends),
	       since_founding(retirement.latest), (int)operator.size, (const char *)operator.at);
	for (size_t i = 0; i < party_count; i++)
		printf("%u", key_number(parties[i].name));
	printf("\n");
}

/* ---- saying it ---- */

struct row {
	const char *word;
	size_t words; /* of the line, with this one and the party's */
	enum act_kind kind;
	bool proposes;
};

static const struct row ROWS[] = {
	{"grant", 3, ACT_GRANT, true},       {"freeze", 2, ACT_FREEZE, true},
	{"delegate", 3, ACT_DELEGATE, true}, {"retire", 3, ACT_RETIRE, true},
	{"plan", 3, ACT_PLAN, true},         {"operate", 5, ACT_OPERATE, true},
	{"resume", 2, ACT_RESUME, true},     {"rekey", 3, ACT_REKEY, true},
	{"rotate", 2, ACT_ROTATE, false},    {"vote", 3, ACT_CONSENT, false},
	{"object", 2, ACT_OBJECT, false},    {"withdraw", 2, ACT_WITHDRAW_PROPOSAL, false},
	{"cancel", 2, ACT_CANCEL, false},    {"attest", 7, ACT_ATTEST, false},
	{"proxy", 3, ACT_PROXY, false},
};

static struct bytes seconds_of(const char *word)
{
	return bare_time(BARE_BEGIN + strtoll(word, NULL, 10));
}

/* Checks joined by commas, as an act has them. */
static struct bytes checks_of(char *word)
{
	for (char *c = word; *c != '\0'; c++)
		if (*c == ',')
			*c = ' ';
	return bytes_of(word);
}

/* The keys that the party is to have next. */
static struct bytes next_keys(const char *name)
{
	size_t i = 0;

	while (i < party_count && strcmp(parties[i].name, name) != 0)
		i++;
	if (i == party_count)
		bail_out(name);
	return arena_copy(&room, keys_of(name, parties[i].attests, key_number(name) + 1));
}

/* The fields of an act about "held", and of a party's keys. */
static void fields_set(struct act *act, char *const word[])
{
	act->field[0] = BYTES("held");
	switch (act->kind) {
	case ACT_DELEGATE:
		act->field[1] = bare_slot(BYTES("tld/held"));
		act->records = bytes_of(DELEGATIONS[strtoul(word[2], NULL, 10) % DELEGATION_COUNT]);
		break;
	case ACT_RETIRE:
		act->field[1] = bytes_of(word[2]);
		act->field[2] = bare_slot(BYTES("retirement/held"));
		break;
	case ACT_PLAN:
		act->field[1] = seconds_of(word[2]);
		act->field[2] = bare_slot(BYTES("retirement/held"));
		break;
	case ACT_OPERATE:
		act->field[1] = bytes_of(word[2]);
		act->field[2] = bytes_of(word[3]);
		act->field[3] = seconds_of(word[4]);
		act->field[4] = bare_slot(BYTES("operation/held"));
		break;
	case ACT_RESUME:
		act->field[1] = bare_slot(BYTES("operation/held"));
		break;
	case ACT_REKEY:
		act->field[0] = bytes_of(word[2]);
		act->field[1] = BYTES("1");
		act->field[2] = bare_slot_of("party", bytes_of(word[2]), BYTES(""));
		act->field[3] = next_keys(word[2]);
		break;
	case ACT_ROTATE:
		act->field[0] = BYTES("1");
		act->field[1] = bare_slot_of("party", bytes_of(word[1]), BYTES(""));
		act->field[2] = next_keys(word[1]);
		break;
	default: /* ACT_FREEZE */
		act->field[1] = bare_slot(BYTES("freeze/held"));
	}
}

/* The same of an act on what was proposed, and of those about something else. */
static bool fields_set_elsewhere(struct act *act, char *const word[])
{
	struct bytes id = proposal_id(), by = bytes_of(word[1]);

	act->field[0] = id;
	switch (act->kind) {
	case ACT_GRANT:
		act->field[0] = BYTES("new");
		act->field[1] = bytes_of(word[2]);
		act->field[2] = bare_slot(BYTES("tld/new"));
		return true;
	case ACT_PROXY:
		act->field[0] = bytes_of(word[2]);
		act->field[1] = bare_slot_of("proxy", by, BYTES(""));
		return true;
	case ACT_CONSENT:
		act->field[1] = bytes_of(word[2]);
		act->field[2] = bare_slot_of("vote", id, by);
		return true;
	case ACT_OBJECT:
		act->field[1] = bare_slot_of("objection", id, by);
		return true;
	case ACT_ATTEST:
		act->field[1] = bytes_of(word[2]);
		act->field[2] = bare_time(commons.now.seconds - strtoll(word[3], NULL, 10));
		act->field[3] = bytes_of(word[4]);
		act->field[4] = checks_of(word[5]);
		act->field[5] = checks_of(word[6]);
		act->field[6] = BYTES("100 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
		return true;
	default:
		return act->kind == ACT_WITHDRAW_PROPOSAL || act->kind == ACT_CANCEL;
	}
}

static bool has_words(enum act_kind kind)
{
	return kind == ACT_RETIRE || kind == ACT_PLAN || kind == ACT_OPERATE || kind == ACT_RESUME || kind == ACT_REKEY;
}

static void say(const struct row *row, char *const word[])
{
	struct act act = {.kind = row->kind, .words = has_words(row->kind) ? BYTES("> So it is.\n") : BYTES("")};
	struct refusal refusal;
	struct proposal p;
	bool decided;
	char id[64];

	if (!fields_set_elsewhere(&act, word))
		fields_set(&act, word);
	decided = bare_say(&act, bytes_of(word[1]), id, &refusal);
	if (decided && row->proposes && proposal_get(&state, (struct bytes){(uint8_t *)id, sizeof(id)}, &p))
		memcpy(proposal, id, sizeof(id));
	answer(decided ? "ok" : reason_word(refusal.reason));
}

static bool step(char *const word[], size_t words)
{
	if (strcmp(word[0], "time") == 0 && words == 2) {
		bare_wait(strtoll(word[1], NULL, 10));
		answer("ok");
		return true;
	}
	for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++)
		if (strcmp(word[0], ROWS[i].word) == 0 && words == ROWS[i].words) {
			say(&ROWS[i], word);
			return true;
		}
	return false;
}

int main(void)
{
	char line[1000], *word[WORDS_MAX], *rest;
	size_t words;

	while (fgets(line, sizeof(line), stdin) != NULL) {
		words = 0;
		for (char *w = strtok_r(line, " \n", &rest); w != NULL && words < WORDS_MAX; w = strtok_r(NULL, " \n", &rest))
			word[words++] = w;
		if (words == 2 && strcmp(word[0], "charter") == 0) {
			read_charter((unsigned)strtoul(word[1], NULL, 10));
		} else if (words == 1 && strcmp(word[0], "history") == 0) {
			bare_again();
			memset(proposal, '0', sizeof(proposal));
		} else if (words > 0 && !step(word, words)) {
			bail_out(word[0]);
		}
	}
	return 0;
}
