/* SPDX-License-Identifier: Apache-2.0 */
/* The charter that stands: what is refused leaves it as it was, in the state and in memory. */
#include "commons/standing.h"

#include <stdlib.h>

#include "base/hex.h"
#include "commons/apply.h"
#include "tap.h"

#define MEMORY ((size_t)4 << 20)

/* A chamber of all, one of nobody, and an amendment that whoever proposes it has. */
#define CHARTER(version, signers)                                                              \
	"comity-charter/1\nversion " version "\nlanguages en\ntitle en T\n"                    \
	"chamber states of kind state\nchamber moons of kind moon\nsigners " signers "\n\n"    \
	"article 1\nen A\nrule delegate.update holder\nrule delegate.drop-ds holder\n"         \
	"rule party.withdraw holder\nrule charter.amend proposer\n"

static struct state state;
static struct commons commons;

static struct arena memory_of(size_t size)
{
	void *at = calloc(1, size);

	if (at == NULL)
		bail_out("no memory");
	return (struct arena){at, size, 0};
}

static void read_charter(struct bytes text, struct charter *charter)
{
	struct charter_fault fault;

	if (charter_read(text, &commons.scratch, charter, &fault) != OK)
		bail_out(fault.at.why);
}

static void begin(void)
{
	static const char *const NAMES[] = {"aurelia", "borealia", "cascadia"};
	struct arena memory = memory_of(MEMORY);
	struct refusal refusal = {0};
	struct charter charter;

	state_init(&state, memory.at, memory.size);
	commons_init(&commons, &state,
	             &(struct commons_memory){.scratch = memory_of(COMMONS_SCRATCH_SIZE),
	                                      .charter = memory_of(COMMONS_CHARTER_SIZE)});
	commons.origin = BYTES("root.comity.example");
	commons.now.seconds = 1795352400;
	for (unsigned i = 0; i < 3; i++) {
		struct party party = {bytes_of(NAMES[i]), BYTES("state"), 1, BYTES(""),
		                      BYTES("genesis")};
		party_put(&state, &commons.scratch, &party);
	}
	read_charter(BYTES(CHARTER("1", "states")), &charter);
	if (!standing_put_charter(&commons, BYTES(CHARTER("1", "states")), NULL, &charter,
	                          BYTES("genesis"), &refusal))
		bail_out("the first charter");
	state_commit(&state);
}

/* Decides the amendment; takes back what it did when it is refused, as commons_apply() does. */
static bool amends(struct bytes text, struct refusal *refusal)
{
	struct signed_act act = {.act = {.kind = ACT_CHARTER_AMEND,
	                                 .origin = commons.origin,
	                                 .charter = 1,
	                                 .by = BYTES("aurelia"),
	                                 .until = {1795356000}}};
	struct state_mark mark = state_mark(&state);
	struct writer w = writer_in(&commons.scratch);
	struct digest leaf;
	char slot[64];

	act_write_embedded(&w, text);
	act.act.embed = writer_keep(&w, &commons.scratch);
	if (!state_leaf(&state, BYTES("charter"), &leaf))
		bail_out("no charter");
	hex_write(slot, digest_bytes(&leaf));
	act.act.field[0] = BYTES("charter");
	act.act.field[1] = (struct bytes){(uint8_t *)slot, sizeof(slot)};
	if (commons_decide(&commons, &act, refusal))
		return true;
	state_undo(&state, mark);
	return false;
}

static void refused_amendment(void)
{
	struct bytes name[CUSTODY_MEMBERS_MAX + 1];
	struct refusal refusal = {0};

	begin();
	ok(!amends(BYTES(CHARTER("2", "moons")), &refusal) && refusal.reason == REASON_SIGNERS,
	   "a charter that leaves no signers is refused");
	ok(commons.charter.version == 1 && commons_signers(&commons, name) == 3,
	   "and the one that stands is judged by, as before");
	ok(!amends(BYTES(CHARTER("3", "states")), &refusal) && refusal.reason == REASON_VERSION,
	   "so is one that is not the next");
	ok(commons.charter.version == 1, "and that changes nothing either");
}

static void amendment(void)
{
	struct refusal refusal = {0};
	struct record_key key;
	struct bytes record;

	begin();
	ok(amends(BYTES(CHARTER("2", "of {aurelia, borealia}")), &refusal),
	   "a good one takes effect");
	ok(commons.charter.version == 2 &&
	           state_get(&state,
	                     record_key(&key, "rule", BYTES("charter.amend"), BYTES("")),
	                     &record) &&
	           bytes_same(record, BYTES("rule/charter.amend\nsince: 1\nfrom: 2026-11-22T13:00:00Z\n")),
	   "and a rule that is the same stays as old as it was");
}

/* ---- how many can sign ---- */

static bool accedes(unsigned number, struct refusal *refusal)
{
	uint8_t base[32];
	char name[20], key_name[80], line[200];
	struct writer w = {.at = (uint8_t *)line, .size = sizeof(line)};
	struct note_key key;
	struct signed_act act = {.act = {.kind = ACT_ACCEDE}};

	snprintf(name, sizeof(name), "party-%u", number);
	snprintf(key_name, sizeof(key_name), "root.comity.example/p/%s/1", name);
	memset(base, 0x66, sizeof(base));
	base[0] = 0x58; /* RFC 8032 section 5.1: the base point itself */
	key = note_key_make(bytes_of(key_name), NOTE_TYPE_ED25519, base);
	write_text(&w, "key: act ");
	note_key_write(&w, &key);
	write_octet(&w, '\n');
	act.act.by = bytes_of(name);
	act.act.field[0] = BYTES("state");
	act.act.field[1] = BYTES("1");
	act.act.field[2] = BYTES("none");
	act.act.field[3] = writer_bytes(&w);
	return commons_effect(&commons, &act, refusal);
}

static void too_many(void)
{
	struct bytes name[CUSTODY_MEMBERS_MAX + 1];
	struct refusal refusal = {0};

	begin();
	for (unsigned i = 3; i < CUSTODY_MEMBERS_MAX; i++) {
		char text[20];
		struct party party = {
			.kind = BYTES("state"), .threshold = 1, .act = BYTES("genesis")};

		snprintf(text, sizeof(text), "signer-%u", i);
		party.name = bytes_of(text);
		party_put(&state, &commons.scratch, &party);
	}
	ok(commons_signers(&commons, name) == CUSTODY_MEMBERS_MAX,
	   "as many signers as there can be");
	ok(!accedes(65, &refusal) && refusal.reason == REASON_SIGNERS,
	   "one more is not admitted");
}

static void room_for_one(void)
{
	struct bytes name[CUSTODY_MEMBERS_MAX + 1];
	struct refusal refusal = {0};

	begin();
	ok(accedes(4, &refusal) && commons_signers(&commons, name) == 4,
	   "a fourth of three is");
}

int main(void)
{
	too_many();
	room_for_one();
	refused_amendment();
	amendment();
	return done_testing();
}
