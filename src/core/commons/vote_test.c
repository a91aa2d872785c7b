/* SPDX-License-Identifier: Apache-2.0 */
/* Who is heard on a proposal, and until when (comity-charter(7)). */
#include <stdlib.h>

#include "base/hex.h"
#include "commons/apply.h"
#include "commons/proposal.h"
#include "commons/standing.h"
#include "tap.h"
#include "law.h"

#define MEMORY ((size_t)4 << 20)
#define BEGIN  1795352400

/* Three states and a moon; `amend` is the rule on trial. */
#define CHARTER(version, amend)                                                                \
	"comity-charter/1\nversion " version "\nlanguages en\ntitle en T\n"                    \
	"chamber states of kind state\nchamber moons of kind moon\nsigners states\n\n"         \
	"article 1\nen A\nrule delegate.update holder\nrule delegate.drop-ds holder\n"         \
	"rule party.withdraw holder\nrule charter.amend " amend "\n"

static struct state state;
static struct commons commons;
static char id[64];

static struct arena memory_of(size_t size)
{
	void *at = calloc(1, size);

	if (at == NULL)
		bail_out("no memory");
	return (struct arena){at, size, 0};
}

static void begin(struct bytes text)
{
	static const char *const NAMES[] = {"aurelia", "borealia", "cascadia", "luna"};
	struct arena memory = memory_of(MEMORY);
	struct refusal refusal = {0};
	struct charter_fault fault;
	struct charter charter;

	state_init(&state, memory.at, memory.size);
	commons_init(&commons, &state,
	             &(struct commons_memory){.scratch = memory_of(COMMONS_SCRATCH_SIZE + ACT_SCRATCH_SIZE),
	                                      .charter = memory_of(COMMONS_CHARTER_SIZE)});
	commons.origin = BYTES("root.comity.example");
	commons.now.seconds = BEGIN;
	for (unsigned i = 0; i < 4; i++) {
		struct party party = {bytes_of(NAMES[i]), i < 3 ? BYTES("state") : BYTES("moon"), 1,
		                      BYTES(""), BYTES("genesis")};
		party_put(&state, &commons.scratch, &party);
	}
	if (charter_read(text, &commons.scratch, &charter, &fault) != OK)
		bail_out(fault.at.why);
	if (!standing_put_charter(&commons, text, NULL, &charter, BYTES("genesis"), &refusal))
		bail_out("the first charter");
	state_commit(&state);
}

/* Decides an act of that kind; takes back what a refused one did. */
static bool decides(struct act *made, const char *by, char id_text[64], struct refusal *refusal)
{
	struct arena room = memory_of(ACT_TEXT_SIZE_MAX + ACT_SCRATCH_SIZE);
	struct writer w = writer_in(&room);
	struct state_mark mark = state_mark(&state);
	struct signed_act act = {.act = {0}};
	struct fault fault;
	struct bytes text;

	made->origin = commons.origin;
	made->charter = 1;
	made->by = bytes_of(by);
	if (made->until.seconds == 0)
		made->until.seconds = BEGIN + 3600;
	act_write(&w, made);
	text = writer_keep(&w, &room);
	if (act_read(text, arena_rest(&room), &act.act, &fault) != OK)
		bail_out(fault.why);
	act.id = act.act.id;
	hex_write(act.id_text, digest_bytes(&act.id));
	memcpy(id_text, act.id_text, 64);
	*refusal = (struct refusal){0};
	if (commons_decide(&commons, &act, refusal))
		return true;
	state_undo(&state, mark);
	return false;
}

/* A party proposes the same charter, as its second version, in an act that lives so long. */
static bool proposes(const char *by, struct bytes text, int64_t seconds, struct refusal *refusal)
{
	struct act act = {.kind = ACT_CHARTER_AMEND, .until = {BEGIN + seconds}};
	struct arena room = memory_of(ACT_TEXT_SIZE_MAX);
	struct writer w = writer_in(&room);
	struct digest leaf;
	bool opens;
	char slot[64];

	act_write_embedded(&w, text);
	act.embed = writer_keep(&w, &room);
	if (!state_leaf(&state, BYTES("charter"), &leaf))
		bail_out("no charter");
	hex_write(slot, digest_bytes(&leaf));
	act.field[0] = BYTES("charter");
	act.field[1] = (struct bytes){(uint8_t *)slot, sizeof(slot)};
	opens = decides(&act, by, id, refusal);
	free(room.at);
	return opens;
}

static void propose(struct bytes text)
{
	struct refusal refusal;

	if (!proposes("aurelia", text, 3600, &refusal))
		bail_out("it does not open");
}

static bool objects(const char *by, struct refusal *refusal)
{
	struct act act = {.kind = ACT_OBJECT, .field = {{(uint8_t *)id, sizeof(id)}, BYTES("none")}};
	char own[64];

	return decides(&act, by, own, refusal);
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
	while (open <= PROPOSALS_OPEN_MAX && proposes("aurelia", second, 3600 + open, &refusal))
		open++;
	ok(open == PROPOSALS_OPEN_MAX && refusal.reason == REASON_PROPOSALS && refusal.article == 1 &&
	           bytes_same(refusal.rule, BYTES("charter.amend")),
	   "a party with many open proposals opens no more, and is told the article");
	ok(law("One party has at most 128 proposals that have not ended"), "as the law says");
	ok(proposes("borealia", second, 3600, &refusal), "another party is not held up by it");
	commons_begin(&commons, 1, (struct ledger_time){commons.now.seconds + 600});
	ok(proposes("aurelia", second, 7200, &refusal), "those that end by themselves make room");
}

static bool withdraws(const char *by, struct refusal *refusal)
{
	struct act act = {.kind = ACT_WITHDRAW};
	struct digest leaf;
	char subject[64] = "party/", slot[64], own[64];
	size_t size = strlen(by);

	memcpy(subject + 6, by, size + 1);
	if (!state_leaf(&state, bytes_of(subject), &leaf))
		bail_out("no such party");
	hex_write(slot, digest_bytes(&leaf));
	act.field[0] = bytes_of(subject);
	act.field[1] = (struct bytes){(uint8_t *)slot, sizeof(slot)};
	return decides(&act, by, own, refusal);
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
