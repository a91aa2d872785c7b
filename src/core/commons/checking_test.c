/* SPDX-License-Identifier: Apache-2.0 */
/* Technical checks as attestations (comity-charter(7), checked; comity-act(5), attest). */
#include "commons/checking.h"
#include "tap.h"
#include "bare.h"
#include "law.h"

#define PARTIES 6 /* of which the first holds aur, and luna has no key for it */

#define CHARTER(update)                                                                            \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\n"                                  \
	"chamber states of kind state\nsigners states\n\n"                                         \
	"article 1\nen A\nrule delegate.update " update "\nrule delegate.drop-ds holder\n"         \
	"rule party.withdraw holder\nrule charter.amend states > 1/2\n"

#define NS   "+ aur. 172800 IN NS a.nic.aur.\n+ aur. 172800 IN NS b.nic.aur.\n"
#define GLUE "+ a.nic.aur. 172800 IN A 9.9.9.9\n+ a.nic.aur. 172800 IN AAAA 2620:fe::9\n"
#define OLD  NS DS_A GLUE "+ b.nic.aur. 172800 IN A 149.112.112.9\n"
#define NEW  NS DS_A GLUE "+ b.nic.aur. 172800 IN A 149.112.112.10\n"
#define DS_A "+ aur. 86400 IN DS 1 13 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"
#define DS_B "+ aur. 86400 IN DS 2 13 2 bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\n"
#define ROLL NS DS_A DS_B GLUE "+ b.nic.aur. 172800 IN A 149.112.112.9\n"
#define DROP NS GLUE "+ b.nic.aur. 172800 IN A 149.112.112.9\n"

static const char *const NAMES[PARTIES] = {"aurelia", "borealia", "cascadia", "delmare", "estoria", "luna"};
static char id[64];

static struct bytes id_of(void)
{
	return (struct bytes){(uint8_t *)id, sizeof(id)};
}

static struct bytes keys_of(const char *party, bool attests)
{
	struct writer w = writer_in(&commons.scratch);

	write_bytes(&w, bare_key(party, "act", 1));
	if (attests)
		write_bytes(&w, bare_key(party, "duty", 4));
	return writer_keep(&w, &commons.scratch);
}

static void begin(const char *text, unsigned attesters)
{
	bare_begin();
	for (unsigned i = 0; i < PARTIES; i++)
		bare_join_with(NAMES[i], "state", keys_of(NAMES[i], i <= attesters));
	bare_charter(bytes_of(text));
	bare_put("tld/aur\nholder: aurelia\nact: genesis\n" OLD);
	bare_founded();
}

static bool delegates(const char *records, struct refusal *refusal)
{
	struct act act = {.kind = ACT_DELEGATE,
	                  .field = {BYTES("aur"), bare_slot(BYTES("tld/aur"))},
	                  .records = bytes_of(records)};

	return bare_say(&act, BYTES("aurelia"), id, refusal);
}

static void propose(const char *records)
{
	struct refusal refusal;

	if (!delegates(records, &refusal))
		bail_out(reason_word(refusal.reason));
}

/* An attestation of the proposal, made so long ago. */
static bool attests_at(const char *by, const char *run, const char *vantage, const char *failed,
                       int64_t ago, struct refusal *refusal)
{
	struct act act = {.kind = ACT_ATTEST,
	                  .field = {id_of(), bytes_of(run), bare_time(commons.now.seconds - ago), bytes_of(vantage),
	                            bytes_of(failed), BYTES("none"),
	                            BYTES("100 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")}};
	char own[64];

	return bare_say(&act, bytes_of(by), own, refusal);
}

static bool attests(const char *by, const char *run, const char *vantage, const char *failed)
{
	struct refusal refusal;

	return attests_at(by, run, vantage, failed, 0, &refusal);
}

/* All three say so, from networks of their own. */
static void all_attest(const char *run, const char *failed)
{
	static const char *const NETWORKS[] = {"as1", "as2", "as3"};

	for (unsigned i = 0; i < 3; i++)
		if (!attests(NAMES[i + 1], run, NETWORKS[i], failed))
			bail_out("an attestation is refused");
}

static struct proposal proposal(void)
{
	struct proposal p;

	if (!proposal_get(&state, id_of(), &p))
		bail_out("no proposal");
	return p;
}

static enum proposal_status status(void)
{
	return proposal().status;
}

/* The checks that failed, as the record says; CHECKS_ALL + 1 when there is none. */
static unsigned failed(void)
{
	struct checking c;

	return checking_get(&state, id_of(), &c) ? c.failed : CHECKS_ALL + 1;
}

static bool stands(const char *records)
{
	struct holding holding;

	return holding_get(&state, BYTES("aur"), &holding) && bytes_same(holding.records, bytes_of(records));
}

static void nobody(void)
{
	struct refusal refusal;

	begin(CHARTER("holder & checked"), 2);
	ok(!delegates(NEW, &refusal) && refusal.reason == REASON_UNAVAILABLE,
	   "two attesters are too few: refused, as unavailable");
	ok(law("Where fewer parties could attest than it takes, the act is refused with that reason"), "as the law says");
	ok(delegates(DROP, &refusal) && stands(DROP), "dropping DS takes no checks, by whatever act");
}

static void good(void)
{
	struct refusal refusal;

	begin(CHARTER("holder & checked"), 3);
	propose(NEW);
	ok(status() == PROPOSAL_OPEN && stands(OLD), "a change of servers waits");
	ok(!attests_at("aurelia", "submission", "as9", "none", 0, &refusal) && refusal.reason == REASON_ATTESTER,
	   "its holder does not attest it");
	ok(!attests_at("borealia", "publication", "as9", "none", 0, &refusal) && refusal.reason == REASON_NO_CHECKS,
	   "nor does anybody attest another run");
	ok(!attests_at("borealia", "submission", "as9", "none", 1, &refusal) && refusal.reason == REASON_ATTEST_TIME,
	   "nor what was seen before it was asked for");
	ok(!attests_at("borealia", "submission", "as9", "none", -1, &refusal) && refusal.reason == REASON_ATTEST_TIME,
	   "nor what will be");
	all_attest("submission", "none");
	ok(status() == PROPOSAL_PASSED && stands(OLD), "three attest: it passes, and waits for the second run");
	ok(law("NS and addresses are checked twice"), "as the law says");
	bare_pass(10);
	ok(attests("borealia", "publication", "as1", "none") && attests("cascadia", "publication", "as2", "none") &&
	           stands(OLD),
	   "two attest again: not yet");
	ok(!attests_at("cascadia", "publication", "as5", "none", 0, &refusal) && refusal.reason == REASON_TWICE,
	   "nobody attests twice in a run");
	ok(attests("delmare", "publication", "as3", "none") && status() == PROPOSAL_DONE && stands(NEW),
	   "the third: it takes effect");
	ok(failed() == CHECKS_ALL + 1, "and what was attested is in the log alone");
	ok(!attests_at("estoria", "publication", "as5", "none", 0, &refusal) && refusal.reason == REASON_NO_CHECKS,
	   "afterwards there is nothing to attest");
}

static void lame(void)
{
	begin(CHARTER("holder & checked"), 4);
	propose(NEW);
	ok(attests("borealia", "submission", "as1", "N4 N7") && status() == PROPOSAL_OPEN,
	   "one of four says that it is lame: three others may still attest it");
	ok(attests("cascadia", "submission", "as2", "N4") && status() == PROPOSAL_FAILED &&
	           proposal().reason == REASON_CHECKS && stands(OLD),
	   "a second one: it cannot hold any more, and fails at once");
	ok(failed() == 1u << CHECK_AUTHORITATIVE, "and the record says what failed: N4; of N7 one said so");
	begin(CHARTER("holder & checked"), 3);
	propose(NEW);
	ok(attests("borealia", "submission", "as1", "none") && attests("cascadia", "submission", "as2", "none") &&
	           attests("delmare", "submission", "as3", "N3 D4") && status() == PROPOSAL_FAILED,
	   "of three each is needed");
	ok(failed() == (1u << CHECK_REACHABLE | 1u << CHECK_DS_CHAIN), "and the record says what failed: N3 D4");
	begin(CHARTER("holder & checked"), 3);
	propose(NEW);
	all_attest("submission", "none");
	bare_pass(60);
	ok(attests("borealia", "publication", "as1", "N3") && status() == PROPOSAL_REFUSED && stands(OLD) &&
	           proposal().reason == REASON_CHECKS,
	   "what holds at first and not before publication does not take effect");
}

static void networks(void)
{
	begin(CHARTER("holder & checked"), 4);
	propose(NEW);
	ok(attests("borealia", "submission", "as1", "none") && attests("cascadia", "submission", "as1", "none") &&
	           attests("delmare", "submission", "as2", "none") && status() == PROPOSAL_OPEN,
	   "three from two networks are two");
	ok(attests("estoria", "submission", "as3", "none") && status() == PROPOSAL_PASSED, "the fourth is the third");
}

static void silence(void)
{
	begin(CHARTER("holder & checked"), 4);
	propose(NEW);
	ok(attests("borealia", "submission", "as1", "none") && attests("cascadia", "submission", "as2", "none"),
	   "two attest");
	bare_pass(BARE_DAY - 1);
	ok(status() == PROPOSAL_OPEN, "a day less a second: it waits");
	bare_pass(1);
	ok(status() == PROPOSAL_FAILED && proposal().reason == REASON_CHECKS, "a day: it fails by itself");
}

static void later(void)
{
	struct refusal refusal;

	begin(CHARTER("holder & checked, delay 3d"), 3);
	propose(NEW);
	all_attest("submission", "none");
	bare_pass(2 * BARE_DAY - 1);
	ok(!attests_at("borealia", "publication", "as1", "none", 0, &refusal) && refusal.reason == REASON_ATTEST_TIME,
	   "the second run begins a day before it is to take effect");
	bare_pass(1);
	all_attest("publication", "none");
	ok(status() == PROPOSAL_PASSED && stands(OLD), "it has held, and the delay is not over");
	bare_pass(BARE_DAY);
	ok(status() == PROPOSAL_DONE && stands(NEW), "when the delay is over, it takes effect");
}

static void ds(void)
{
	begin(CHARTER("holder & checked"), 3);
	propose(ROLL);
	ok(attests("borealia", "submission", "as1", "N3 N5") && attests("cascadia", "submission", "as2", "none") &&
	           status() == PROPOSAL_OPEN,
	   "a DS alone is judged by D1 to D4");
	ok(attests("delmare", "submission", "as3", "N1") && status() == PROPOSAL_DONE && stands(ROLL),
	   "and checked once");
}

static void waived(void)
{
	begin(CHARTER("holder & checked"), 3);
	bare_put("waiver/aur/N5\nexpires: 2026-11-23T13:00:00Z\nact: genesis\n");
	propose(NEW);
	all_attest("submission", "N5");
	ok(status() == PROPOSAL_PASSED, "a waiver covers its check");
	ok(attests("borealia", "publication", "as1", "N5 N6"), "one of three finds other addresses");
	ok(status() == PROPOSAL_REFUSED && failed() == 1u << CHECK_GLUE, "and no other");
}

static void other_ways(void)
{
	begin(CHARTER("holder & (checked | 2 of states), vote 2d"), 3);
	propose(NEW);
	bare_pass(BARE_DAY);
	ok(status() == PROPOSAL_OPEN, "where the checks failed, the votes may still carry it");
	struct act vote = {.kind = ACT_CONSENT, .field = {id_of(), BYTES("yes"), BYTES("none")}};
	struct refusal refusal;
	char own[64];
	ok(bare_say(&vote, BYTES("borealia"), own, &refusal) && status() == PROPOSAL_DONE && stands(NEW),
	   "and then no second run is waited for");
}

/* Where nothing is to be checked the clause holds, also of what waits for something else (test/bug/checked-nothing). */
static void nothing(void)
{
	begin(CHARTER("holder & checked, objection 2d by states"), 3);
	propose(DROP);
	ok(status() == PROPOSAL_OPEN, "DS only go: what waits for objections waits");
	ok(law("where DS only go, or the delegation ends, by none, and the clause holds"), "as the law says");
	bare_pass(2 * BARE_DAY);
	ok(status() == PROPOSAL_DONE && stands(DROP), "and takes effect when nobody objects");
}

/* A rule that does not ask for checks has none (test/bug/checks-unasked). */
static void unasked(void)
{
	struct act vote = {.kind = ACT_CONSENT};
	struct refusal refusal;
	char own[64];

	begin(CHARTER("holder & 2 of states, vote 2d"), 3);
	propose(NEW);
	ok(!attests_at("borealia", "submission", "as1", "none", 0, &refusal) && refusal.reason == REASON_NO_CHECKS,
	   "where the charter asks for no checks, nobody attests");
	vote.field[0] = id_of();
	vote.field[1] = BYTES("yes");
	vote.field[2] = BYTES("none");
	ok(bare_say(&vote, BYTES("borealia"), own, &refusal) && status() == PROPOSAL_DONE && stands(NEW),
	   "and nobody can hold up what is agreed to");
}

int main(void)
{
	nobody();
	good();
	lame();
	networks();
	silence();
	later();
	ds();
	waived();
	other_ways();
	nothing();
	unasked();
	return done_testing();
}
