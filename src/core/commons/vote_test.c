/* SPDX-License-Identifier: Apache-2.0 */
/* Who is heard on a proposal, and until when (comity-charter(7)). */
#include "commons/proposal.h"
#include "tap.h"
#include "bare.h"
#include "law.h"

/* Three states and a moon; `amend` is the rule on trial. */
#define CHARTER(version, amend)                                                                \
	"comity-charter/1\nversion " version "\nlanguages en\ntitle en T\n"                    \
	"chamber states of kind state\nchamber moons of kind moon\nsigners states\n\n"         \
	"article 1\nen A\nrule delegate.update holder\nrule delegate.drop-ds holder\n"         \
	"rule party.withdraw holder\nrule charter.amend " amend "\n"

static char id[64];

static void begin(struct bytes text)
{
	static const char *const NAMES[] = {"aurelia", "borealia", "cascadia", "luna"};

	bare_begin();
	for (unsigned i = 0; i < 4; i++)
		bare_join(NAMES[i], i < 3 ? "state" : "moon");
	bare_charter(text);
	bare_founded();
}

/* A party proposes the same charter, as its second version. */
static bool proposes(const char *by, struct bytes text, struct refusal *refusal)
{
	struct act act = {.kind = ACT_CHARTER_AMEND, .field = {BYTES("charter"), bare_slot(BYTES("charter"))}};
	struct writer w = writer_in(&room);

	act_write_embedded(&w, text);
	act.embed = bare_made(&w);
	return bare_say(&act, bytes_of(by), id, refusal);
}

static void propose(struct bytes text)
{
	struct refusal refusal;

	if (!proposes("aurelia", text, &refusal))
		bail_out("it does not open");
}

static bool objects(const char *by, struct refusal *refusal)
{
	struct act act = {.kind = ACT_OBJECT, .field = {{(uint8_t *)id, sizeof(id)}, BYTES("none")}};
	char own[64];

	return bare_say(&act, bytes_of(by), own, refusal);
}

static enum proposal_status status(void)
{
	struct proposal p;

	if (!proposal_get(&state, (struct bytes){(uint8_t *)id, sizeof(id)}, &p))
		bail_out("no proposal");
	return p.status;
}

/* A clause that counts objections, and no time of its own for them. */
static void counted(void)
{
	struct refusal refusal;

	begin(BYTES(CHARTER("1", "states > 1/2 & objections states < 2, vote 10m")));
	propose(BYTES(CHARTER("2", "states > 1/2 & objections states < 2, vote 10m")));
	ok(!objects("luna", &refusal) && refusal.reason == REASON_NO_VOTE,
	   "whom the clause does not count is not heard");
	ok(objects("borealia", &refusal) && status() == PROPOSAL_OPEN, "one objection, of less than two");
	commons.now.seconds += 599;
	ok(objects("cascadia", &refusal) && status() == PROPOSAL_FAILED,
	   "a second one, before the vote is over, ends it");
	ok(law("open until the time to object is over: that of the rule's objection, otherwise that of its vote"),
	   "as the law says");
}

static void too_late(void)
{
	struct refusal refusal;

	begin(BYTES(CHARTER("1", "states > 1/2 & objections states < 2, vote 10m")));
	propose(BYTES(CHARTER("2", "states > 1/2 & objections states < 2, vote 10m")));
	commons.now.seconds += 600;
	ok(!objects("borealia", &refusal) && refusal.reason == REASON_NO_VOTE, "when the vote is over it is too late");
}

/* The rule's own time to object. */
static void timed(void)
{
	struct refusal refusal;

	begin(BYTES(CHARTER("1", "states > 1/2, vote 10m, objection 1m by moons")));
	propose(BYTES(CHARTER("2", "states > 1/2, vote 10m, objection 1m by moons")));
	ok(!objects("borealia", &refusal) && refusal.reason == REASON_NO_VOTE, "who is not of its set is not heard");
	commons.now.seconds += 60;
	ok(!objects("luna", &refusal) && refusal.reason == REASON_NO_VOTE, "nor is anybody when its time is over");
	commons.now.seconds -= 1;
	ok(objects("luna", &refusal) && status() == PROPOSAL_FAILED, "before that, one is enough");
}

/* A party has so many proposals that have not ended; each party its own. */
static void many(void)
{
	struct bytes second = BYTES(CHARTER("2", "states > 1/2, vote 10m"));
	struct refusal refusal;
	unsigned open = 0;

	begin(BYTES(CHARTER("1", "states > 1/2, vote 10m")));
	while (open <= PROPOSALS_OPEN_MAX && proposes("aurelia", second, &refusal))
		open++;
	ok(open == PROPOSALS_OPEN_MAX && refusal.reason == REASON_PROPOSALS && refusal.article == 1 &&
	           bytes_same(refusal.rule, BYTES("charter.amend")),
	   "a party with many open proposals opens no more, and is told the article");
	ok(law("One party has at most 128 proposals that have not ended"), "as the law says");
	ok(proposes("borealia", second, &refusal), "another party is not held up by it");
	bare_pass(600);
	ok(proposes("aurelia", second, &refusal), "those that end by themselves make room");
}

static bool withdraws(const char *by, struct refusal *refusal)
{
	struct act act = {.kind = ACT_WITHDRAW};
	char subject[64], own[64];

	snprintf(subject, sizeof(subject), "party/%s", by);
	act.field[0] = bytes_of(subject);
	act.field[1] = bare_slot(act.field[0]);
	return bare_say(&act, bytes_of(by), own, refusal);
}

/* Who leaves leaves no proposals behind. */
static void left(void)
{
	struct refusal refusal;

	begin(BYTES(CHARTER("1", "states > 1/2, vote 10m")));
	propose(BYTES(CHARTER("2", "states > 1/2, vote 10m")));
	ok(withdraws("borealia", &refusal) && status() == PROPOSAL_OPEN, "another party leaves: the proposal stays");
	ok(withdraws("aurelia", &refusal) && status() == PROPOSAL_WITHDRAWN, "its proposer leaves: it is withdrawn");
	ok(law("What a party proposed and has not taken effect when it leaves is withdrawn"), "as the law says");
}

int main(void)
{
	left();
	counted();
	too_late();
	timed();
	many();
	return done_testing();
}
