/* SPDX-License-Identifier: Apache-2.0 */
/* The charter that stands: what is refused leaves it as it was, in the state and in memory. */
#include "commons/standing.h"

#include "tap.h"
#include "bare.h"

/* A chamber of all, one of nobody, and an amendment that whoever proposes it has. */
#define CHARTER(version, signers)                                                              \
	"comity-charter/1\nversion " version "\nlanguages en\ntitle en T\n"                    \
	"chamber states of kind state\nchamber moons of kind moon\nsigners " signers "\n\n"    \
	"article 1\nen A\nrule delegate.update holder\nrule delegate.drop-ds holder\n"         \
	"rule party.withdraw holder\nrule charter.amend proposer\n"

static void begin(void)
{
	bare_begin();
	bare_join("aurelia", "state");
	bare_join("borealia", "state");
	bare_join("cascadia", "state");
	bare_charter(BYTES(CHARTER("1", "states")));
	bare_founded();
}

static bool amends(struct bytes text, struct refusal *refusal)
{
	struct act act = {.kind = ACT_CHARTER_AMEND, .field = {BYTES("charter"), bare_slot(BYTES("charter"))}};
	struct writer w = writer_in(&room);
	char id[64];

	act_write_embedded(&w, text);
	act.embed = bare_made(&w);
	return bare_say(&act, BYTES("aurelia"), id, refusal);
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
	char name[20];
	struct signed_act act = {.act = {.kind = ACT_ACCEDE}};

	snprintf(name, sizeof(name), "party-%u", number);
	act.act.by = bytes_of(name);
	act.act.field[0] = BYTES("state");
	act.act.field[1] = BYTES("1");
	act.act.field[2] = BYTES("none");
	act.act.field[3] = bare_key(name, "act", 1);
	return commons_effect(&commons, &act, refusal);
}

static void too_many(void)
{
	struct bytes name[CUSTODY_MEMBERS_MAX + 1];
	struct refusal refusal = {0};

	begin();
	for (unsigned i = 3; i < CUSTODY_MEMBERS_MAX; i++) {
		char signer[20];

		snprintf(signer, sizeof(signer), "signer-%u", i);
		bare_join(signer, "state");
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
