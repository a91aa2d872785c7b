/* SPDX-License-Identifier: Apache-2.0 */
/* The state has bounds, and a reserve (comity-act(5), BOUNDS). */
#include <stdio.h>

#include "commons/crowding.h"
#include "tap.h"

#include "bare.h"

#define CHARTER                                                                                    \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n"     \
	"signers states\n\narticle 1\nen A\nrule delegate.update holder\n"                             \
	"rule delegate.drop-ds holder\nrule party.withdraw holder\nrule charter.amend states > 2/3\n"

static struct refusal refusal;

/* As if so many octets more were in the state. */
static void grow(size_t octets)
{
	state.octets += octets;
}

static bool takes(enum act_kind kind, const char *by, int64_t days)
{
	struct signed_act act = {.act = {.kind = kind, .by = bytes_of(by), .until = {commons.now.seconds + days * BARE_DAY - 1}}};

	commons.scratch.used = 0;
	return crowding_takes(&commons, &act, &refusal);
}

static unsigned taken(const char *by, int64_t days)
{
	unsigned count = 0;

	while (count <= CROWDING_DAYS && takes(ACT_DELEGATE, by, days))
		count++;
	return count;
}

static size_t octets_of_records(void)
{
	size_t octets = 0;

	for (size_t i = 0; i < state.count; i++)
		octets += state_at(&state, i).size;
	return octets;
}

static void test_octets(void)
{
	struct state_mark mark = state_mark(&state);

	bare_put("tld/aur\nholder: aurelia\nact: genesis\n");
	bare_put("tld/aur\nholder: borealia\nact: genesis\n+ aur. 1 IN NS a.bor.\n");
	bare_put("tld/bor\nholder: borealia\nact: genesis\n");
	state_delete(&state, BYTES("tld/bor"));
	ok(state.octets == octets_of_records(), "the octets of the state are those of its records");
	state_undo(&state, mark);
	ok(state.octets == octets_of_records(), "and when something is taken back");
}

int main(void)
{
	struct bytes record;

	bare_begin();
	bare_join("aurelia", "state");
	bare_join("borealia", "state");
	bare_charter(BYTES(CHARTER));
	bare_founded();
	test_octets();

	ok(taken("aurelia", 90) > CROWDING_DAYS && !state_get(&state, BYTES("spent/aurelia"), &record),
	   "a state that is small takes what comes, and counts nothing");
	grow(CROWDING_OCTETS / 2);
	ok(taken("aurelia", 90) == CROWDING_DAYS / 90 && refusal.reason == REASON_CROWDED,
	   "half full, it takes few that live for 90 days");
	ok(taken("borealia", 1) == CROWDING_DAYS, "and more that live for one; each party has its own");
	ok(bare_holds(), "records of their form");
	bare_wait(BARE_DAY);
	ok(takes(ACT_DELEGATE, "borealia", 1) && taken("aurelia", 90) > 0, "the next day again");
	grow(CROWDING_OCTETS / 2);
	ok(!takes(ACT_DELEGATE, "borealia", 1) && refusal.reason == REASON_FULL &&
	           !takes(ACT_ACCEDE, "cascadia", 1) && refusal.reason == REASON_FULL, "full, it takes no more of these");
	ok(takes(ACT_CONSENT, "borealia", 1) && takes(ACT_SIGNATURES, "borealia", 1) && takes(ACT_WITHDRAW, "borealia", 1) &&
	           takes(ACT_SUSPEND, "borealia", 1), "but votes, custody, withdrawals, and who is to be suspended");
	bare_wait(2 * BARE_DAY);
	ok(!state_get(&state, BYTES("spent/borealia"), &record), "time goes on");
	return done_testing();
}
