/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/checking.h"

#include "base/must.h"
#include "state/clock.h"

static const char *const RUN_WORDS[CHECKING_RUNS] = {
	[RUN_SUBMISSION] = "submission",
	[RUN_PUBLICATION] = "publication",
	[RUN_OVER] = "over",
	[RUN_FAILED] = "failed",
};

const char *checking_run_word(enum checking_run run)
{
	must(run < CHECKING_RUNS);
	return RUN_WORDS[run];
}

/* ---- records ---- */

static unsigned record_checks(struct text *lines, const char *name)
{
	unsigned checks = 0;
	bool read = checks_read(record_value(lines, name), &checks);

	must(read);
	return checks;
}

static void write_checks(struct writer *w, const char *name, unsigned checks)
{
	write_text(w, name);
	write_text(w, ": ");
	checks_write(w, checks);
	write_octet(w, '\n');
}

void checking_read(struct bytes record, struct checking *c)
{
	struct text lines = record_lines(record);
	struct bytes run;

	*c = (struct checking){.id = record_key_part(state_key(record), 1)};
	c->label = record_value(&lines, "tld");
	run = record_value(&lines, "run");
	while (!bytes_same(run, bytes_of(RUN_WORDS[c->run])))
		c->run++;
	c->since = record_time(&lines, "since");
	c->until = record_time(&lines, "until");
	c->needs = record_checks(&lines, "needs");
	c->quorum = (unsigned)record_number(&lines, "quorum");
	c->held = record_time_or_none(&lines, "held", &c->held_at);
	c->failed = record_checks(&lines, "failed");
}

static struct bytes checking_key(struct record_key *key, struct bytes id)
{
	return record_key(key, "checking", id, BYTES(""));
}

static void checking_put(struct commons *commons, const struct checking *c)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, checking_key(&key, c->id));

	write_field(&w, "tld", c->label);
	write_field(&w, "run", bytes_of(checking_run_word(c->run)));
	write_field_time(&w, "since", c->since);
	write_field_time(&w, "until", c->until);
	write_checks(&w, "needs", c->needs);
	write_field_number(&w, "quorum", c->quorum);
	record_write_time_or_none(&w, "held", c->held, c->held_at);
	write_checks(&w, "failed", c->failed);
	record_put(commons->state, &w);
}

bool checking_get(const struct state *state, struct bytes id, struct checking *checking)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, checking_key(&key, id), &record))
		return false;
	checking_read(record, checking);
	return true;
}

bool checking_next(const struct state *state, size_t *index, struct checking *checking)
{
	struct bytes record;

	if (!state_next(state, BYTES("checking/"), index, &record))
		return false;
	checking_read(record, checking);
	return true;
}

struct attestation {
	struct bytes party, vantage;
	unsigned passed; /* set of checks */
};

static bool attestation_next(const struct state *state, struct bytes id, size_t *index, struct attestation *a)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "attestation", id, BYTES("")), record;
	unsigned failed, unable;
	struct text lines;

	key.at[key.size++] = '/';
	prefix.size++;
	if (!state_next(state, prefix, index, &record))
		return false;
	lines = record_lines(record);
	a->party = bytes_from(state_key(record), prefix.size);
	record_value(&lines, "at");
	a->vantage = record_value(&lines, "vantage");
	failed = record_checks(&lines, "failed");
	unable = record_checks(&lines, "unable");
	a->passed = CHECKS_ALL & ~(failed | unable);
	return true;
}

/* ---- what is needed ---- */

/* Takes the next line off `*lines` and its type. */
static bool line_next(const struct commons *commons, struct bytes *lines, struct bytes *line, uint16_t *type)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct bytes before = *lines;
	struct rr rr;

	if (!record_rr(lines, &scratch, &rr))
		return false;
	*line = bytes_first(before, before.size - lines->size);
	*type = rr.type;
	return true;
}

static bool has_line(struct bytes lines, struct bytes line)
{
	struct text text = {.rest = lines};
	struct bytes one;

	while (text_line(&text, &one))
		if (bytes_same((struct bytes){one.at, one.size + 1}, line))
			return true;
	return false;
}

/* Whether `now` has a line, of DS or of all else, that `before` has not. */
static bool adds(const struct commons *commons, struct bytes before, struct bytes now, bool ds)
{
	struct bytes line;
	uint16_t type;

	while (line_next(commons, &now, &line, &type))
		if ((type == TYPE_DS) == ds && !has_line(before, line))
			return true;
	return false;
}

/* What is to be checked: all, where name servers or their addresses change; of DS alone, where some come;
 * nothing, where DS only go, or the delegation ends. */
static unsigned needs_of(const struct commons *commons, const struct act *act)
{
	struct holding holding = {.records = {NULL, 0}};

	(void)holding_get(commons->state, act_field(act, "tld"), &holding);
	if (act->records.size == 0)
		return 0;
	if (adds(commons, holding.records, act->records, false) ||
	    adds(commons, act->records, holding.records, false))
		return CHECKS_ALL;
	return adds(commons, holding.records, act->records, true) ? CHECKS_OF_DS : 0;
}

/* The words by which a waiver names a check: of what the ledger sees by itself, the old ones. */
static struct bytes waiver_word(enum check check)
{
	return check == CHECK_COUNT      ? BYTES("ns-count")
	       : check == CHECK_REFERRAL ? BYTES("referral-size")
	                                 : bytes_of(check_id(check));
}

static unsigned without_waived(const struct commons *commons, struct bytes label, unsigned checks)
{
	for (enum check c = 0; c < CHECKS; c++)
		if ((checks & 1u << c) != 0 &&
		    waiver_stands(commons->state, label, waiver_word(c), commons->now))
			checks &= ~(1u << c);
	return checks;
}

/* ---- who attests ---- */

/* One more than may be faulty: of n signers, n less the threshold. */
static unsigned quorum_now(const struct commons *commons)
{
	struct bytes name[CUSTODY_MEMBERS_MAX + 1];
	unsigned count = commons_signers(commons, name);
	unsigned faulty = count > 0 ? count - charter_signing_threshold(count) : 0;

	return faulty + 1 > CHECKING_LEAST ? faulty + 1 : CHECKING_LEAST;
}

/* Whether the party, as the case knows it, may attest: not on what is its own. */
static bool may_attest(const struct charter_case *the_case, struct bytes name)
{
	for (size_t i = 0; i < the_case->count; i++)
		if (bytes_same(the_case->parties[i].name, name))
			return !the_case->parties[i].holder && !the_case->parties[i].proposer;
	return false;
}

static bool has_attested(const struct state *state, struct bytes id, struct bytes party)
{
	struct record_key key;
	struct bytes record;

	return state_get(state, record_key(&key, "attestation", id, party), &record);
}

/* How many could still attest: they have a key for it, and have not. */
static unsigned silent_count(const struct commons *commons, struct bytes id,
                             const struct charter_case *the_case)
{
	unsigned count = 0;

	for (size_t i = 0; i < the_case->count; i++) {
		struct bytes name = the_case->parties[i].name;
		struct note_key key;
		struct party party;

		count += may_attest(the_case, name) && party_get(commons->state, name, &party) &&
		         party_key_of_role(party.keys, ROLE_DUTY, &key) &&
		         !has_attested(commons->state, id, name);
	}
	return count;
}

/* From how many networks the check is attested: one network counts once. */
static unsigned attested(const struct state *state, struct bytes id, enum check check)
{
	struct attestation a, other;
	unsigned count = 0;

	for (size_t index = 0; attestation_next(state, id, &index, &a);) {
		bool counted = (a.passed & 1u << check) == 0;

		for (size_t before = 0; !counted && attestation_next(state, id, &before, &other);) {
			if (bytes_same(other.party, a.party))
				break;
			counted = (other.passed & 1u << check) != 0 && bytes_same(other.vantage, a.vantage);
		}
		count += !counted;
	}
	return count;
}

/* The run that is on; `*failed`: the checks that can no longer be attested by enough, when its time is over all
 * that are not. */
static enum charter_checks run_says(const struct commons *commons, const struct checking *c,
                                    const struct charter_case *the_case, unsigned *failed)
{
	bool over = commons->now.seconds >= c->until.seconds, lacks = false;
	unsigned silent = over ? 0 : silent_count(commons, c->id, the_case);
	unsigned needs = without_waived(commons, c->label, c->needs);

	*failed = 0;
	for (enum check check = 0; check < CHECKS; check++) {
		unsigned have = (needs & 1u << check) != 0 ? attested(commons->state, c->id, check) : c->quorum;

		lacks = lacks || have < c->quorum;
		if (have + silent < c->quorum)
			*failed |= 1u << check;
	}
	return *failed != 0 ? CHARTER_CHECKS_FAILED : lacks ? CHARTER_CHECKS_OPEN : CHARTER_CHECKS_HELD;
}

/* ---- the life of a proposal ---- */

enum charter_checks checking_before(struct commons *commons, const struct signed_act *act,
                                    const struct charter_case *the_case)
{
	unsigned needs;

	if (act->act.kind != ACT_DELEGATE)
		return CHARTER_CHECKS_NONE;
	needs = needs_of(commons, &act->act);
	if (without_waived(commons, act_field(&act->act, "tld"), needs) == 0)
		return CHARTER_CHECKS_HELD;
	return silent_count(commons, act_id_text(act), the_case) >= quorum_now(commons) ? CHARTER_CHECKS_OPEN
	                                                                               : CHARTER_CHECKS_NONE;
}

static void wake_at(struct commons *commons, struct bytes id, struct ledger_time time)
{
	struct record_key name;

	if (time.seconds > commons->now.seconds)
		timer_set(commons->state, &commons->scratch, time, record_key(&name, "proposal", id, BYTES("")));
}

static void run_begin(struct commons *commons, struct checking *c, enum checking_run run, int64_t since)
{
	c->run = run;
	c->since.seconds = since;
	c->until.seconds = since + CHECKING_WINDOW;
	c->held = false;
	checking_put(commons, c);
	wake_at(commons, c->id, c->since);
	wake_at(commons, c->id, c->until);
}

static bool has_checked(const struct charter_expression *expression)
{
	for (size_t i = 0; i < expression->count; i++)
		if (expression->clauses[i].kind == CLAUSE_CHECKED)
			return true;
	return false;
}

void checking_begin(struct commons *commons, const struct signed_act *act, const struct charter_rule *rule,
                    const struct charter_case *the_case)
{
	struct checking c = {
		.id = act_id_text(act),
		.run = RUN_OVER,
		.since = commons->now,
		.until = commons->now,
		.quorum = quorum_now(commons),
	};

	if (the_case->checks == CHARTER_CHECKS_NONE || (!has_checked(&rule->consent) && !has_checked(&rule->fast)))
		return;
	c.label = act_field(&act->act, "tld");
	c.needs = needs_of(commons, &act->act);
	if (the_case->checks == CHARTER_CHECKS_HELD) /* for whoever judges it later: nothing is waited for */
		checking_put(commons, &c);
	else
		run_begin(commons, &c, RUN_SUBMISSION, commons->now.seconds);
}

/* The record as it is, its words in the arena: it will be put again. */
static bool checking_take(struct commons *commons, struct bytes id, struct checking *c)
{
	if (!checking_get(commons->state, id, c))
		return false;
	c->id = arena_copy(&commons->scratch, c->id);
	c->label = arena_copy(&commons->scratch, c->label);
	return true;
}

enum charter_checks checking_of(const struct commons *commons, const struct proposal *proposal,
                                const struct charter_case *the_case)
{
	struct checking c;
	unsigned failed;

	if (!checking_get(commons->state, proposal->id, &c))
		return CHARTER_CHECKS_NONE;
	if (c.run == RUN_SUBMISSION)
		return run_says(commons, &c, the_case, &failed);
	return c.run == RUN_FAILED ? CHARTER_CHECKS_FAILED : CHARTER_CHECKS_HELD;
}

static void attestations_sweep(struct commons *commons, struct bytes id)
{
	struct record_key key;

	record_sweep(commons->state, record_key(&key, "attestation", id, BYTES("")));
}

void checking_passed(struct commons *commons, const struct proposal *proposal,
                     const struct charter_case *the_case)
{
	int64_t since = proposal->execute_at.seconds - CHECKING_FRESH;
	struct checking c;
	unsigned failed;
	bool held;

	if (!checking_take(commons, proposal->id, &c))
		return;
	held = run_says(commons, &c, the_case, &failed) == CHARTER_CHECKS_HELD;
	attestations_sweep(commons, c.id);
	if (held && (c.needs & CHECKS_OF_SERVERS) != 0) {
		run_begin(commons, &c, RUN_PUBLICATION, since > commons->now.seconds ? since : commons->now.seconds);
		return;
	}
	c.run = RUN_OVER;
	checking_put(commons, &c);
}

enum charter_checks checking_effect(struct commons *commons, const struct proposal *proposal,
                                    const struct charter_case *the_case)
{
	enum charter_checks says;
	struct checking c;
	unsigned failed;

	if (!checking_take(commons, proposal->id, &c) || c.run == RUN_OVER)
		return CHARTER_CHECKS_HELD;
	if (c.held && commons->now.seconds - c.held_at.seconds <= CHECKING_FRESH)
		return CHARTER_CHECKS_HELD;
	if (c.held) { /* what was seen is old by now: a freeze kept it from taking effect */
		attestations_sweep(commons, c.id);
		run_begin(commons, &c, RUN_PUBLICATION, commons->now.seconds);
	}
	says = run_says(commons, &c, the_case, &failed);
	if (says == CHARTER_CHECKS_HELD) {
		c.held = true;
		c.held_at = commons->now;
		checking_put(commons, &c);
	}
	return says;
}

void checking_fail(struct commons *commons, const struct proposal *proposal,
                   const struct charter_case *the_case)
{
	struct checking c;

	if (!checking_take(commons, proposal->id, &c))
		return;
	(void)run_says(commons, &c, the_case, &c.failed);
	c.run = RUN_FAILED;
	checking_put(commons, &c);
}

void checking_end(struct commons *commons, struct bytes id)
{
	struct record_key key;
	struct checking c;

	if (!checking_get(commons->state, id, &c))
		return;
	attestations_sweep(commons, id);
	if (c.run != RUN_FAILED)
		state_delete(commons->state, checking_key(&key, id));
}

/* ---- attest ---- */

static bool attest_check(const struct commons *commons, const struct act *act, const struct checking *c,
                         const struct charter_case *the_case, struct refusal *refusal)
{
	struct ledger_time at = act_time(act, "at");

	if (!bytes_same(act_field(act, "run"), bytes_of(checking_run_word(c->run))) || c->held)
		return refuse(refusal, REASON_NO_CHECKS);
	if (!may_attest(the_case, act->by))
		return refuse(refusal, REASON_ATTESTER);
	if (has_attested(commons->state, c->id, act->by))
		return refuse(refusal, REASON_TWICE);
	if (at.seconds < c->since.seconds || at.seconds > commons->now.seconds)
		return refuse(refusal, REASON_ATTEST_TIME);
	return true;
}

bool attest_apply(struct commons *commons, const struct signed_act *act, struct refusal *refusal)
{
	struct bytes id = act_field(&act->act, "act");
	struct charter_case the_case;
	struct record_key key;
	struct checking c;
	struct proposal p;
	struct writer w;

	if (!proposal_get(commons->state, id, &p) || !proposal_lives(&p) ||
	    !checking_get(commons->state, id, &c))
		return refuse(refusal, REASON_NO_CHECKS);
	the_case = proposal_case(commons, &p, &commons->scratch);
	if (!attest_check(commons, &act->act, &c, &the_case, refusal))
		return false;
	w = record_begin(&commons->scratch, record_key(&key, "attestation", id, act->act.by));
	write_field(&w, "at", act_field(&act->act, "at"));
	write_field(&w, "vantage", act_field(&act->act, "vantage"));
	write_field(&w, "failed", act_field(&act->act, "failed"));
	write_field(&w, "unable", act_field(&act->act, "unable"));
	write_field(&w, "seen", act_field(&act->act, "seen"));
	write_field(&w, "act", act_id_text(act));
	record_put(commons->state, &w);
	proposal_settle(commons, id);
	return true;
}
