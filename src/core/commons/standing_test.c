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
	           bytes_same(record, BYTES("rule/charter.amend\nsince: 1\n")),
	   "and a rule that is the same stays as old as it was");
}

int main(void)
{
	refused_amendment();
	amendment();
	return done_testing();
}
