/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What arbitrators cannot do to those who are not in the case: each an attack, told as a story, and refused.
 */
#include "commons/disputing.h"

#include "arbitration/measure.h"
#include "commons/suspending.h"
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

int main(void)
{
	static void (*const STORIES[])(void) = {awards_against_others, cases_without_the_holder, the_name_passes_on,
	                                        a_holder_who_was_not_heard, a_sham_case, what_was_said_before};

	if (sodium_init() < 0)
		bail_out("no libsodium");
	begin();
	for (unsigned i = 0; i < sizeof(STORIES) / sizeof(STORIES[0]); i++) {
		bare_again();
		STORIES[i]();
	}
	return done_testing();
}
