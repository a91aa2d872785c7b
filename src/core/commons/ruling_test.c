/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What arbitrators cannot do to those who are not in the case: each an attack, told as a story, and refused.
 */
#include "commons/disputing.h"

#include "arbitration/measure.h"
#include "commons/suspending.h"
#include "state/content.h"
#include "state/job.h"
#include "tap.h"
#include "bare.h"

#define CHARTER                                                                                 \
	"comity-charter/1\nversion 1\nlanguages en\ntitle en T\nchamber states of kind state\n"   \
	"list arbitrators\nsigners states\n\narticle 1\nen A\n"                                   \
	"rule delegate.update holder\nrule delegate.drop-ds holder\n"                             \
	"rule delegate.transfer holder & recipient\n"                                             \
	"rule delegate.withdraw holder\nrule party.withdraw holder\n"                             \
	"rule delegate.grant states > 1/2, vote 4d\n"                                             \
	"rule delegate.revoke ruling & states > 1/2 excluding concerned, vote 4d, cure 9d\n"      \
	"rule waiver.grant states > 1/2, vote 4d\n"                                               \
	"rule charter.amend states > 2/3\n"

#define FOREVER BYTES("2027-06-01T00:00:00Z")

static struct refusal refusal;
static struct bytes said; /* id of the last act */

static void begin(void)
{
	static const char *const ARBITRATORS[] = {"arb-a", "arb-b", "arb-c", "arb-d", "arb-e", "arb-f"};
	static const char *const STATES[] = {"aurelia", "borealia", "cascadia", "doria", "elysia"};

	bare_begin();
	for (unsigned i = 0; i < sizeof(ARBITRATORS) / sizeof(ARBITRATORS[0]); i++)
		bare_join(ARBITRATORS[i], "arbitrator");
	for (unsigned i = 0; i < sizeof(STATES) / sizeof(STATES[0]); i++)
		bare_join(STATES[i], "state");
	bare_charter(BYTES(CHARTER));
	bare_put("tld/aur\nholder: aurelia\nact: genesis\n+ aur. 172800 IN NS ns.else.\n+ aur. 172800 IN NS ns2.else.\n");
	bare_founded();
}

/* What somebody does, by the fields of the act in their order. */
static bool does(const char *by, enum act_kind kind, const struct bytes field[6])
{
	static char id[64];
	struct act act = {.kind = kind};
	bool is;

	for (unsigned i = 0; i < 6; i++)
		act.field[i] = field[i];
	is = bare_say(&act, bytes_of(by), id, &refusal);
	said = arena_copy(&room, (struct bytes){(const uint8_t *)id, sizeof(id)});
	return is;
}

#define DOES(by, kind, ...) does(by, kind, (const struct bytes[6]){__VA_ARGS__})

static struct dispute of(struct bytes id)
{
	struct dispute d;

	if (!dispute_get(&state, id, &d))
		bail_out("no such dispute");
	return d;
}

/* On to the next phase by time alone. */
static void wait_phase(struct bytes id)
{
	bare_wait(of(id).procedure.deadline - BARE_BEGIN);
}

/* Opens a case and names its panel: who the two sides choose. */
static struct bytes opens(const char *claimant, const char *respondent, const char *subject, const char *remedy,
                          const char *one, const char *two)
{
	struct bytes id, list;

	if (!DOES(claimant, ACT_DISPUTE, bytes_of(subject), bytes_of(respondent), bytes_of(remedy)))
		return BYTES("");
	id = said;
	if (!DOES(respondent, ACT_ANSWER, id) || !DOES(claimant, ACT_APPOINT, id, bytes_of(one)) ||
	    !DOES(respondent, ACT_APPOINT, id, bytes_of(two)))
		bail_out("no panel");
	list = arena_copy(&room, of(id).list);
	if (!DOES(claimant, ACT_RANK, id, list) || !DOES(respondent, ACT_RANK, id, list))
		bail_out("no chair");
	return id;
}

static bool rules(const char *by, struct bytes id, const char *remedy, const char *party, struct bytes until)
{
	return DOES(by, ACT_RULING, id, bytes_of(remedy), bytes_of(party), BYTES("none"), until,
	            bare_slot_of("ruling", id, bytes_of(by)));
}

static bool freezes(const char *by, struct bytes id, const char *measure, struct bytes until)
{
	return DOES(by, ACT_INTERIM, id, bytes_of(measure), until, bare_slot_of("measure", id, bytes_of(by)));
}

static bool is_refused(bool did, enum reason reason)
{
	if (!did && refusal.reason != reason)
		printf("# refused for %s\n", reason_word(refusal.reason));
	return !did && refusal.reason == reason;
}

/* Two who agree, and arbitrators of theirs, judge a third. */
static void awards_against_others(void)
{
	struct bytes id = opens("cascadia", "doria", "party/doria", "suspend", "arb-a", "arb-b");

	wait_phase(id);
	ok(is_refused(rules("arb-a", id, "suspend", "aurelia", FOREVER), REASON_AWARD_PARTY),
	   "an award does not suspend one who is not in the case");
	ok(is_refused(rules("arb-a", id, "suspend", "cascadia", FOREVER), REASON_AWARD_PARTY), "nor the claimant");
	ok(is_refused(rules("arb-a", id, "breach", "aurelia", BYTES("none")), REASON_AWARD_PARTY) &&
	           is_refused(rules("arb-a", id, "costs", "aurelia", BYTES("none")), REASON_AWARD_PARTY),
	   "nor declares anything of a third");
	ok(rules("arb-b", id, "costs", "cascadia", BYTES("none")), "the costs can be the claimant's");
	ok(rules("arb-a", id, "suspend", "doria", FOREVER) && rules("arb-b", id, "suspend", "doria", FOREVER),
	   "it suspends the respondent");
	wait_phase(id);
	wait_phase(id);
	ok(of(id).procedure.ending == ENDING_EXECUTED && suspending_holds(&commons, BYTES("doria")) &&
	           !suspending_holds(&commons, BYTES("aurelia")),
	   "and nobody else");
}

/* Its holder hands aur on; both have signed. */
static bool hands_to(const char *from, const char *to)
{
	struct act made = {.kind = ACT_TRANSFER,
	                   .by = bytes_of(from),
	                   .field = {BYTES("aur"), bytes_of(to), bare_slot(BYTES("tld/aur"))}};
	struct signed_act act;

	if (!bare_read(&made, &act))
		bail_out("an act that does not read");
	act.recipient = act_field(&act.act, "recipient");
	return bare_decide(&act, &refusal);
}

static bool holds(const char *party)
{
	struct holding holding;

	return holding_get(&state, BYTES("aur"), &holding) && bytes_same(holding.holder, bytes_of(party));
}

/* Two who do not hold a name have it judged. */
static void cases_without_the_holder(void)
{
	ok(is_refused(DOES("cascadia", ACT_DISPUTE, BYTES("tld/aur"), BYTES("doria"), BYTES("freeze")), REASON_HOLDER_SIDE),
	   "a name is in dispute with its holder, or by it");
	ok(opens("cascadia", "aurelia", "tld/aur", "transfer", "arb-a", "arb-b").size > 0, "as here");
}

/* A holder does not escape the case by handing the name on, nor does one who gets it by a grant answer for another. */
static void the_name_passes_on(void)
{
	struct bytes id = opens("cascadia", "aurelia", "tld/aur", "freeze", "arb-a", "arb-b");

	ok(is_refused(hands_to("aurelia", "arb-b"), REASON_IN_CASE) && is_refused(hands_to("aurelia", "cascadia"), REASON_IN_CASE),
	   "while it is in dispute a name passes to nobody on the panel, nor to the other side");
	ok(hands_to("aurelia", "doria") && holds("doria") &&
	           bytes_same(of(id).side[SIDE_RESPONDENT], BYTES("doria")),
	   "who takes it takes its holder's place in the case");
	wait_phase(id);
	ok(rules("arb-a", id, "freeze", "none", FOREVER) && rules("arb-b", id, "freeze", "none", FOREVER), "the award is made");
	ok(DOES("doria", ACT_WITHDRAW, BYTES("tld/aur"), bare_slot(BYTES("tld/aur"))), "the name is given up");
	ok(DOES("elysia", ACT_GRANT, BYTES("aur"), BYTES("elysia"), bare_slot(BYTES("tld/aur"))), "another asks for it");
	id = arena_copy(&room, id);
	struct bytes grant = said;
	ok(DOES("aurelia", ACT_CONSENT, grant, BYTES("yes"), BYTES("none")) &&
	           DOES("borealia", ACT_CONSENT, grant, BYTES("yes"), BYTES("none")) && holds("elysia"),
	   "and gets it");
	wait_phase(id);
	wait_phase(id);
	ok(of(id).procedure.ending == ENDING_IMPOSSIBLE && of(id).reason == REASON_HOLDER_SIDE,
	   "whom the award does not bind: it cannot be carried out");
}

/* The same before there is an award. */
static void a_holder_who_was_not_heard(void)
{
	struct bytes id = opens("cascadia", "aurelia", "tld/aur", "freeze", "arb-a", "arb-b");

	bare_put("tld/aur\nholder: elysia\nact: genesis\n");
	ok(is_refused(freezes("arb-a", id, "freeze", FOREVER), REASON_HOLDER_SIDE), "no measure of the name");
	wait_phase(id);
	ok(is_refused(rules("arb-a", id, "freeze", "none", FOREVER), REASON_HOLDER_SIDE), "and no award");
}

static bool is_frozen(int64_t days)
{
	struct measure m;

	return measure_get(&state, "frozen", BYTES("aur"), (struct ledger_time){BARE_BEGIN + days * BARE_DAY}, &m);
}

/* A holder opens a case with a friend to be rid of what another case ordered. */
static void a_sham_case(void)
{
	struct bytes id = opens("cascadia", "aurelia", "tld/aur", "freeze", "arb-a", "arb-b"), sham;

	wait_phase(id);
	ok(rules("arb-a", id, "freeze", "none", FOREVER) && rules("arb-b", id, "freeze", "none", FOREVER), "an award");
	wait_phase(id);
	wait_phase(id);
	ok(is_frozen(190), "freezes a name to a day");
	sham = opens("aurelia", "elysia", "tld/aur", "breach", "arb-c", "arb-d");
	ok(freezes("arb-c", sham, "freeze", bare_time(commons.now.seconds + 1)) &&
	           freezes("arb-d", sham, "freeze", bare_time(commons.now.seconds + 1)),
	   "another panel freezes it for a second");
	bare_pass(2);
	ok(is_frozen(190), "it is frozen to its day all the same");
	ok(freezes("arb-c", sham, "lift", FOREVER) && freezes("arb-d", sham, "lift", FOREVER) && is_frozen(190),
	   "nor does that panel lift it");
	ok(DOES("aurelia", ACT_SETTLE, sham) && DOES("elysia", ACT_SETTLE, sham) && is_frozen(190), "nor does the end of its case");
	ok(!is_frozen(191), "it ends at its day");
	bare_put("tld/aur\nholder: elysia\nact: genesis\n");
	ok(!is_frozen(190), "and does not bind a holder who was no side");
}

/* What an arbitrator said before does not count again. */
static void what_was_said_before(void)
{
	struct bytes id = opens("cascadia", "aurelia", "tld/aur", "transfer", "arb-a", "arb-b");
	struct bytes chair = arena_copy(&room, of(id).seat[SEAT_CHAIR]);
	char name[32];

	snprintf(name, sizeof(name), "%.*s", (int)chair.size, (const char *)chair.at);
	ok(freezes("arb-a", id, "freeze", FOREVER) && freezes("arb-b", id, "freeze", FOREVER) && is_frozen(0), "two freeze");
	ok(freezes("arb-a", id, "lift", FOREVER) && freezes(name, id, "lift", FOREVER) && !is_frozen(0), "two lift");
	ok(freezes("arb-a", id, "freeze", FOREVER) && !is_frozen(0), "and one who freezes again is one");
	wait_phase(id);
	ok(rules("arb-a", id, "dismiss", "none", BYTES("none")) && rules("arb-b", id, "transfer", "cascadia", BYTES("none")) &&
	           rules(name, id, "transfer", "cascadia", BYTES("none")),
	   "one dismisses, two transfer");
	wait_phase(id);
	wait_phase(id);
	ok(of(id).procedure.phase == PHASE_RATIFY, "the award is put to the others");
	ok(rules("arb-b", id, "dismiss", "none", BYTES("none")) && of(id).procedure.phase == PHASE_RATIFY,
	   "that it is cured takes two to find, after the award");
	ok(rules(name, id, "dismiss", "none", BYTES("none")) && of(id).procedure.ending == ENDING_CURED, "as it then does");
}

/* A job is opened. Its number. */
static uint64_t opens_job(void)
{
	struct custody custody;

	custody_get(&state, &custody);
	custody.jobs++;
	custody_put(&state, &commons.scratch, &custody);
	return custody.jobs;
}

/* The release of a job enters; what t of n have signed is never the same. */
static void releases(uint64_t job)
{
	static uint8_t signed_as;
	struct release release = {.serial = (uint32_t)job,
	                          .job = job,
	                          .zone.octet = {++signed_as},
	                          .entered = commons.now,
	                          .act = BYTES("genesis")};

	release_put(&state, &commons.scratch, &release);
	release_set_current(&state, &commons.scratch, &release);
	disputing_released(&commons, job);
}

static bool waits_for(struct bytes id, enum draw draw)
{
	struct dispute d = of(id);

	return d.procedure.phase == PHASE_DRAW && d.procedure.draw == draw;
}

/* Who knew the draw would choose the moment. */
static void the_draw(void)
{
	uint64_t open;
	struct bytes id, decider;
	struct dispute d;
	char name[32];

	releases(opens_job());
	open = opens_job(); /* it is being signed; a signer may know its release */
	id = opens("cascadia", "aurelia", "tld/aur", "freeze", "arb-a", "arb-b");
	ok(waits_for(id, DRAW_CHAIR) && content_is_due(&state), "a draw is waited for, and a release with it");
	releases(open);
	ok(waits_for(id, DRAW_CHAIR), "a release that was under way does not decide it");
	releases(opens_job());
	ok(of(id).procedure.phase == PHASE_PLEAD && !bytes_same(of(id).seat[SEAT_CHAIR], BYTES("none")), "the next one does");
	ok(DOES("cascadia", ACT_CHALLENGE, id, BYTES("arb-b"), BYTES("raise")) && waits_for(id, DRAW_DECIDER) &&
	           bytes_same(of(id).decider, BYTES("none")),
	   "who raises a challenge does not know who decides it");
	ok(is_refused(DOES("arb-c", ACT_WITHDRAW, BYTES("party/arb-c"), bare_slot(BYTES("party/arb-c"))), REASON_IN_DISPUTE),
	   "nor does anybody on the list leave, and so change it");
	releases(opens_job());
	decider = arena_copy(&room, of(id).decider);
	snprintf(name, sizeof(name), "%.*s", (int)decider.size, (const char *)decider.at);
	ok(DOES(name, ACT_CHALLENGE, id, BYTES("arb-b"), BYTES("uphold")) && waits_for(id, DRAW_SUBSTITUTE),
	   "who upholds it does not know who is drawn in its place");
	ok(!dispute_word_among(of(id).list, decider) && !dispute_word_among(of(id).list, BYTES("arb-b")), "and is not drawn");
	releases(opens_job());
	d = of(id);
	ok(d.procedure.phase == PHASE_PLEAD && !dispute_sits(&d, decider) && !dispute_sits(&d, BYTES("arb-b")) &&
	           !bytes_same(d.seat[SIDE_RESPONDENT], BYTES("none")),
	   "somebody else is");
}

/* Nobody appoints; both are drawn, and the others are the list. */
static void nobody_appoints(void)
{
	struct bytes id;
	struct dispute d;

	releases(opens_job());
	if (!DOES("cascadia", ACT_DISPUTE, BYTES("tld/aur"), BYTES("aurelia"), BYTES("freeze")))
		bail_out("no dispute");
	id = said;
	wait_phase(id);
	wait_phase(id);
	ok(waits_for(id, DRAW_SEATS), "both arbitrators are to be drawn");
	ok(is_refused(DOES("aurelia", ACT_APPOINT, id, BYTES("arb-a")), REASON_DISPUTE), "it is too late to appoint");
	releases(opens_job());
	d = of(id);
	ok(d.procedure.phase == PHASE_RANK && !bytes_same(d.seat[0], BYTES("none")) && !bytes_same(d.seat[0], d.seat[1]) &&
	           !dispute_word_among(d.list, d.seat[0]) && !dispute_word_among(d.list, d.seat[1]),
	   "the others are the list for the chair");
	wait_phase(id);
	bare_pass(DRAW_TIME);
	ok(of(id).procedure.ending == ENDING_LAPSED, "without a release for thirty days nothing changes");
}

int main(void)
{
	static void (*const STORIES[])(void) = {awards_against_others, cases_without_the_holder, the_name_passes_on,
	                                        a_holder_who_was_not_heard, a_sham_case, what_was_said_before,
	                                        the_draw, nobody_appoints};

	if (sodium_init() < 0)
		bail_out("no libsodium");
	begin();
	for (unsigned i = 0; i < sizeof(STORIES) / sizeof(STORIES[0]); i++) {
		bare_again();
		STORIES[i]();
	}
	return done_testing();
}
