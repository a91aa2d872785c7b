/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/proposal.h"

#include "base/hex.h"
#include "base/must.h"
#include "charter/amend.h"
#include "charter/judge.h"
#include "commons/apply.h"
#include "commons/checking.h"
#include "commons/concern.h"
#include "commons/disputing.h"
#include "commons/freeze.h"
#include "commons/operation.h"
#include "commons/registering.h"
#include "commons/suspending.h"
#include "state/clock.h"
#include "state/mandate.h"

static const char *const STATUS_WORDS[PROPOSAL_STATUSES] = {
	[PROPOSAL_OPEN] = "open",       [PROPOSAL_PASSED] = "passed",
	[PROPOSAL_DONE] = "done",       [PROPOSAL_FAILED] = "failed",
	[PROPOSAL_REFUSED] = "refused", [PROPOSAL_ABORTED] = "aborted",
	[PROPOSAL_RATIFYING] = "ratifying", [PROPOSAL_WITHDRAWN] = "withdrawn",
	[PROPOSAL_CANCELLED] = "cancelled",
};

const char *proposal_status_word(enum proposal_status status)
{
	must(status < PROPOSAL_STATUSES);
	return STATUS_WORDS[status];
}

static struct bytes proposal_key(struct record_key *key, struct bytes id)
{
	return record_key(key, "proposal", id, BYTES(""));
}

void proposal_read(struct bytes record, struct proposal *p)
{
	struct text lines = record_lines(record);
	struct bytes status;

	*p = (struct proposal){.id = record_key_part(state_key(record), 1)};
	status = record_value(&lines, "status");
	while (!bytes_same(status, bytes_of(STATUS_WORDS[p->status])))
		p->status++;
	p->reason = (enum reason)record_number(&lines, "reason");
	p->rule = record_value(&lines, "rule");
	p->charter = (uint32_t)record_number(&lines, "charter");
	p->opened = record_time(&lines, "opened");
	p->comment_until = record_time(&lines, "comment");
	p->vote_until = record_time(&lines, "vote");
	p->objection_until = record_time(&lines, "objection");
	p->expedited_until = record_time(&lines, "expedited");
	p->execute_at = record_time(&lines, "execute");
	p->quorum = record_number(&lines, "late-quorum") != 0;
	p->recipient = record_value(&lines, "recipient");
	p->registers = record_run(&lines, "register: ");
	p->parties = record_run(&lines, "party: ");
	p->text = record_run(&lines, "|");
}

static void proposal_put(struct commons *commons, const struct proposal *p)
{
	struct record_key key;
	struct writer w = record_begin(&commons->scratch, proposal_key(&key, p->id));

	write_field(&w, "status", bytes_of(proposal_status_word(p->status)));
	write_field_number(&w, "reason", (uint64_t)p->reason);
	write_field(&w, "rule", p->rule);
	write_field_number(&w, "charter", p->charter);
	write_field_time(&w, "opened", p->opened);
	write_field_time(&w, "comment", p->comment_until);
	write_field_time(&w, "vote", p->vote_until);
	write_field_time(&w, "objection", p->objection_until);
	write_field_time(&w, "expedited", p->expedited_until);
	write_field_time(&w, "execute", p->execute_at);
	write_field_number(&w, "late-quorum", p->quorum);
	write_field(&w, "recipient", p->recipient);
	write_bytes(&w, p->registers);
	write_bytes(&w, p->parties);
	write_bytes(&w, p->text);
	record_put(commons->state, &w);
}

bool proposal_get(const struct state *state, struct bytes id, struct proposal *proposal)
{
	struct record_key key;
	struct bytes record;

	if (!state_get(state, proposal_key(&key, id), &record))
		return false;
	proposal_read(record, proposal);
	return true;
}

bool proposal_next(const struct state *state, size_t *index, struct proposal *proposal)
{
	struct bytes record;

	if (!state_next(state, BYTES("proposal/"), index, &record))
		return false;
	proposal_read(record, proposal);
	return true;
}

/* Parts in a case are letters in one word, "-" for none. */
static const struct {
	char letter;
	enum part part;
} PARTS[] = {{'h', PART_HOLDER},
             {'r', PART_RECIPIENT},
             {'p', PART_PROPOSER},
             {'c', PART_CONCERNED},
             {'i', PART_INTERESTED}};

static void parties_write(struct writer *w, const struct commons *commons, const unsigned *parts_of)
{
	struct party party;
	size_t index = 0;

	while (party_next(commons->state, &index, &party)) {
		unsigned parts = *parts_of++;
		bool suspended = suspending_holds(commons, party.name);

		write_text(w, "party: ");
		write_bytes(w, party.name);
		write_octet(w, ' ');
		write_bytes(w, party.kind);
		write_octet(w, ' ');
		write_number(w, charter_weight(&commons->charter, party.name));
		write_octet(w, ' ');
		for (unsigned i = 0; i < sizeof(PARTS) / sizeof(PARTS[0]); i++)
			if (parts & PARTS[i].part)
				write_octet(w, (uint8_t)PARTS[i].letter);
		if (suspended)
			write_octet(w, 's');
		if (parts == 0 && !suspended)
			write_octet(w, '-');
		registering_write_unlisted(commons, party.name, w);
		write_octet(w, '\n');
	}
}

static void party_of_line(struct bytes line, struct charter_party *party)
{
	struct bytes letters;

	*party = (struct charter_party){.name = record_word(&line), .kind = record_word(&line)};
	party->weight = (uint32_t)record_word_number(&line);
	letters = record_word(&line);
	party->unlisted = line;
	for (size_t i = 0; i < letters.size; i++) {
		party->holder = party->holder || letters.at[i] == 'h';
		party->recipient = party->recipient || letters.at[i] == 'r';
		party->proposer = party->proposer || letters.at[i] == 'p';
		party->concerned = party->concerned || letters.at[i] == 'c';
		party->interested = party->interested || letters.at[i] == 'i';
		party->suspended = party->suspended || letters.at[i] == 's';
	}
}

static enum charter_vote vote_of(const struct state *state, struct bytes id, struct bytes party)
{
	struct record_key key;
	struct bytes record, vote;

	if (!state_get(state, record_key(&key, "vote", id, party), &record))
		return VOTE_NONE;
	struct text lines = record_lines(record);
	vote = record_value(&lines, "vote");
	return bytes_same(vote, BYTES("yes")) ? VOTE_YES
	       : bytes_same(vote, BYTES("no")) ? VOTE_NO
	                                       : VOTE_ABSTAIN;
}

/* By party name: what its proxy says itself. A suspended proxy has no vote to give. */
static enum charter_vote by_proxy(const struct state *state, const struct charter_case *the_case, struct bytes party)
{
	struct record_key key;
	struct bytes record, proxy;
	struct text lines;

	if (!state_get(state, record_key(&key, "proxy", party, BYTES("")), &record))
		return VOTE_NONE;
	lines = record_lines(record);
	proxy = record_value(&lines, "proxy");
	for (size_t i = 0; i < the_case->count; i++)
		if (bytes_same(the_case->parties[i].name, proxy))
			return the_case->parties[i].suspended ? VOTE_NONE : the_case->parties[i].vote;
	return VOTE_NONE;
}

static bool objects(const struct state *state, struct bytes id, struct bytes party)
{
	struct record_key key;
	struct bytes record;

	return state_get(state, record_key(&key, "objection", id, party), &record);
}

static struct charter_case case_of(const struct commons *commons, struct bytes id, struct bytes registers,
                                   struct bytes parties, struct bytes recipient,
                                   struct arena *arena)
{
	struct charter_case the_case = {0};
	struct text lines = {.rest = parties};
	struct charter_party *party;
	struct bytes value;
	size_t count = 0;

	for (size_t i = 0; i < parties.size; i++)
		count += parties.at[i] == '\n';
	party = arena_take_array(arena, count, sizeof(*party));
	while (record_value_if(&lines, "party", &value)) {
		struct charter_party *p = &party[the_case.count++];

		party_of_line(value, p);
		p->vote = vote_of(commons->state, id, p->name);
		/* To propose is to agree, as long as one says nothing else; so is to sign. */
		if (p->vote == VOTE_NONE && (p->proposer || bytes_same(p->name, recipient)))
			p->vote = VOTE_YES;
		p->objects = objects(commons->state, id, p->name);
	}
	the_case.parties = party;
	the_case.listings = registering_listings(registers, arena, &the_case.listing_count);
	for (size_t i = 0; i < the_case.count; i++)
		if (party[i].vote == VOTE_NONE)
			party[i].by_proxy = by_proxy(commons->state, &the_case, party[i].name);
	return the_case;
}

struct charter_case proposal_case(const struct commons *commons, const struct proposal *p,
                                  struct arena *arena)
{
	struct charter_case c = case_of(commons, p->id, p->registers, p->parties, p->recipient, arena);

	c.comment_over = commons->now.seconds >= p->comment_until.seconds;
	c.vote_over = commons->now.seconds >= p->vote_until.seconds;
	c.objection_over = commons->now.seconds >= p->objection_until.seconds;
	c.expedited_over = commons->now.seconds >= p->expedited_until.seconds;
	c.ruling = bytes_same(p->rule, BYTES("delegate.revoke"));
	c.checks = checking_of(commons, p, &c);
	return c;
}

/* Whether the rule asks for votes of parties other than those whose name it is about. */
static bool rule_votes(const struct charter_rule *rule)
{
	for (size_t i = 0; i < rule->consent.count; i++)
		switch (rule->consent.clauses[i].kind) {
		case CLAUSE_PARTY:
		case CLAUSE_ALL:
		case CLAUSE_COUNT:
		case CLAUSE_SHARE:
		case CLAUSE_QUORUM:
		case CLAUSE_NO_VETO:
		case CLAUSE_OBJECTIONS:
			return true;
		case CLAUSE_ALL_OF:
		case CLAUSE_ANY_OF:
		case CLAUSE_HOLDER:
		case CLAUSE_RECIPIENT:
		case CLAUSE_PROPOSER:
		case CLAUSE_CHECKED:
		case CLAUSE_RULING:
		case CLAUSE_RECOGNISED:
		case CLAUSE_REMOVED:
			break;
		}
	return false;
}

/* Whether the act is its holder's, of a name that an interim operator keeps meanwhile. */
static bool is_kept_for(const struct commons *commons, const struct act *act, struct bytes *label)
{
	struct holding holding;
	struct bytes operator;

	return (act->kind == ACT_DELEGATE || act->kind == ACT_DS_DROP) && concern_label(act, label) &&
	       interim_operator_get(commons, *label, &operator) && holding_get(commons->state, *label, &holding) &&
	       bytes_same(holding.holder, act->by);
}

static void refuse_by_rule(struct commons *commons, const struct charter_rule *rule,
                           const struct charter_case *the_case,
                           const struct charter_verdict *verdict, struct refusal *refusal)
{
	*refusal = (struct refusal){
		.reason = verdict->unavailable ? REASON_UNAVAILABLE : REASON_CONSENT,
		.article = rule->article,
		.rule = rule->name,
	};
	for (unsigned zh = 0; zh < 2; zh++) {
		struct writer w = writer_in(&commons->scratch);
		charter_tell(rule, the_case, zh ? CHARTER_ZH : CHARTER_EN, &w);
		refusal->detail[zh] = writer_keep(&w, &commons->scratch);
	}
}

static struct bytes timer_name(struct record_key *name, struct bytes id)
{
	return record_key(name, "proposal", id, BYTES(""));
}

static void wake_at(struct commons *commons, struct bytes id, struct ledger_time time)
{
	struct record_key name;

	if (time.seconds > commons->now.seconds)
		timer_set(commons->state, &commons->scratch, time, timer_name(&name, id));
}

/* The parties of a case that opens now, with their parts in it. */
static struct bytes parties_now(struct commons *commons, const struct signed_act *act)
{
	struct concern concern;
	struct party party;
	struct writer w;
	unsigned *parts;
	size_t count = 0;

	concern_find(commons, act, &commons->scratch, &concern);
	for (size_t index = 0; party_next(commons->state, &index, &party);)
		count++;
	/* Before the writing begins: who is concerned is found out in the same memory. */
	parts = arena_take_array(&commons->scratch, count, sizeof(*parts));
	for (size_t index = 0, i = 0; party_next(commons->state, &index, &party); i++)
		parts[i] = concern_of(commons, &concern, party.name);
	w = writer_in(&commons->scratch);
	parties_write(&w, commons, parts);
	return writer_keep(&w, &commons->scratch);
}

static struct bytes text_kept(struct commons *commons, const struct signed_act *act)
{
	struct writer w = writer_in(&commons->scratch);

	act_write_embedded(&w, act->act.text);
	return writer_keep(&w, &commons->scratch);
}

static void proposal_open(struct commons *commons, const struct signed_act *act,
                          const struct charter_rule *rule, struct bytes registers, struct bytes parties)
{
	int64_t now = commons->now.seconds;
	struct proposal p = {
		.id = act_id_text(act),
		.status = PROPOSAL_OPEN,
		.rule = rule->name,
		.charter = commons->charter.version,
		.opened = commons->now,
		.comment_until = {now + rule->comment},
		.vote_until = {rule_votes(rule) ? now + rule->comment + rule->vote : now},
		.objection_until = {now + rule->objection},
		.expedited_until = {now + rule->expedited},
		.recipient = act->recipient.size > 0 ? act->recipient : BYTES("none"),
		.registers = registers,
		.parties = parties,
		.text = text_kept(commons, act),
	};

	p.execute_at = p.opened;
	proposal_put(commons, &p);
	if (act->operator.name.size > 0)
		agent_put(commons->state, &commons->scratch, p.id, &act->operator);
	wake_at(commons, p.id, p.comment_until);
	wake_at(commons, p.id, p.vote_until);
	wake_at(commons, p.id, p.objection_until);
	wake_at(commons, p.id, p.expedited_until);
}

/* Who asks to be a party: the name is nowhere but in the text, which is "by" that name. */
static struct bytes applicant_of(const struct proposal *p)
{
	struct text lines = {.rest = p->text};
	struct bytes line;

	while (text_line(&lines, &line))
		if (bytes_starts(line, BYTES("| by: ")))
			return bytes_from(line, 6);
	return BYTES("");
}

/* Who is no party yet opens one proposal, and there are not too many of such: each is looked at when votes change. */
static bool may_apply(const struct commons *commons, struct bytes rule, struct bytes applicant, struct refusal *refusal)
{
	unsigned open = 0;
	struct proposal p;

	for (size_t index = 0; proposal_next(commons->state, &index, &p);) {
		if (!proposal_lives(&p) || !bytes_same(p.rule, rule))
			continue;
		if (bytes_same(applicant_of(&p), applicant))
			return refuse_name(refusal, REASON_APPLIES, applicant);
		open++;
	}
	return open < PROPOSALS_ACCEDE_MAX || refuse(refusal, REASON_APPLICATIONS);
}

/* Whether who acts may open one more. */
static bool has_room(const struct commons *commons, const struct act *act, const struct charter_rule *rule,
                     struct refusal *refusal)
{
	unsigned open = 0;
	struct proposal p;
	size_t index = 0;

	if (act->kind == ACT_ACCEDE)
		return may_apply(commons, rule->name, act->by, refusal);
	while (open < PROPOSALS_OPEN_MAX && proposal_next(commons->state, &index, &p))
		open += p.status <= PROPOSAL_PASSED && proposal_is_by(&p, act->by);
	return open < PROPOSALS_OPEN_MAX || refuse_name(refusal, REASON_PROPOSALS, act->by);
}

bool proposal_submit(struct commons *commons, const struct signed_act *act,
                     const struct charter_rule *rule, struct refusal *refusal)
{
	struct charter_verdict verdict;
	struct charter_case the_case;
	struct bytes parties = parties_now(commons, act), registers = registering_lines(commons, &act->act, rule);
	struct state_mark mark;
	struct bytes kept;

	the_case = case_of(commons, act_id_text(act), registers, parties, act->recipient, &commons->scratch);
	the_case.comment_over = rule->comment == 0;
	the_case.vote_over = !rule_votes(rule);
	the_case.objection_over = rule->objection == 0;
	the_case.expedited_over = rule->expedited == 0;
	the_case.ruling = act->act.kind == ACT_RULING;
	the_case.checks = checking_before(commons, act, &the_case);
	charter_judge(rule, &the_case, &verdict);
	if (verdict.outcome == CHARTER_FAILS && is_kept_for(commons, &act->act, &kept))
		return refuse_name(refusal, REASON_OPERATED, kept);
	if (verdict.outcome == CHARTER_FAILS) {
		refuse_by_rule(commons, rule, &the_case, &verdict, refusal);
		return false;
	}
	if (verdict.outcome == CHARTER_HOLDS && (verdict.expedited || rule->delay + rule->cure == 0)) {
		if (!commons_effect(commons, act, refusal))
			return false;
		proposal_settle(commons, act_id_text(act)); /* where it is to be ratified */
		return true;
	}

	if (!has_room(commons, &act->act, rule, refusal)) {
		refusal_cite(refusal, (uint16_t)rule->article, rule->name);
		return false;
	}
	/* What could not take effect now is not worth anybody's vote. */
	mark = state_mark(commons->state);
	bool possible = commons_effect(commons, act, refusal);
	state_undo(commons->state, mark);
	if (act->act.kind == ACT_CHARTER_AMEND)
		commons_load_charter(commons);
	if (!possible)
		return false;
	rule = charter_rule(&commons->charter, bytes_of(concern_rule(commons, act)));
	must(rule != NULL);
	proposal_open(commons, act, rule, registers, parties);
	checking_begin(commons, act, rule, &the_case);
	proposal_settle(commons, act_id_text(act));
	return true;
}

static void voices_sweep(struct commons *commons, struct bytes id)
{
	struct record_key key;

	record_sweep(commons->state, record_key(&key, "vote", id, BYTES("")));
	record_sweep(commons->state, record_key(&key, "objection", id, BYTES("")));
}

/* The proposal ends: its text and its votes go, how it ended stays. */
static void proposal_end(struct commons *commons, struct proposal *p, enum proposal_status status,
                         enum reason reason)
{
	bool ratifying = p->status == PROPOSAL_RATIFYING;

	p->status = status;
	p->reason = reason;
	p->text = (struct bytes){NULL, 0};
	p->registers = (struct bytes){NULL, 0};
	p->parties = (struct bytes){NULL, 0};
	proposal_put(commons, p);
	agent_delete(commons->state, p->id);
	checking_end(commons, p->id);
	voices_sweep(commons, p->id);
	if (ratifying)
		freeze_ratified(commons, p->id, status == PROPOSAL_DONE);
	disputing_proposal_ended(commons, p);
}

void proposal_stop(struct commons *commons, struct proposal *p, enum proposal_status status)
{
	must(p->status <= PROPOSAL_PASSED);
	proposal_end(commons, p, status, REASON_NONE);
}

bool proposal_is_by(const struct proposal *p, struct bytes party)
{
	struct text lines = {.rest = p->parties};
	struct charter_party one;
	struct bytes value;

	while (record_value_if(&lines, "party", &value)) {
		party_of_line(value, &one);
		if (one.proposer && bytes_same(one.name, party))
			return true;
	}
	return false;
}

void proposal_ratify(struct commons *commons, const struct signed_act *act, const struct charter_rule *rule)
{
	struct proposal p = {
		.id = act_id_text(act),
		.status = PROPOSAL_RATIFYING,
		.rule = rule->name,
		.charter = commons->charter.version,
		.opened = commons->now,
		.comment_until = commons->now,
		.vote_until = {commons->now.seconds + rule->ratify},
		.objection_until = commons->now,
		.expedited_until = commons->now,
		.execute_at = commons->now,
		.recipient = BYTES("none"),
		.parties = parties_now(commons, act),
		.text = text_kept(commons, act),
	};

	voices_sweep(commons, p.id);
	proposal_put(commons, &p);
	wake_at(commons, p.id, p.vote_until);
}

static struct bytes unembedded(struct bytes embedded, struct arena *arena)
{
	struct act embedding = {.embed = embedded};

	return act_embedded(&embedding, arena);
}

/* Who kept a name when it asked to change it keeps it still: a change does not outlive the right to make it. */
static bool keeps_still(struct commons *commons, const struct proposal *p, const struct signed_act *act,
                        struct refusal *refusal)
{
	const enum act_kind kind = act->act.kind;
	struct charter_case opened;
	struct concern concern;

	if (kind != ACT_DELEGATE && kind != ACT_DS_DROP && kind != ACT_HOST)
		return true;
	opened = proposal_case(commons, p, &commons->scratch);
	concern_find(commons, act, &commons->scratch, &concern);
	for (size_t i = 0; i < opened.count; i++)
		if (bytes_same(opened.parties[i].name, act->act.by))
			return !opened.parties[i].holder ||
			       (concern_of(commons, &concern, act->act.by) & PART_HOLDER) != 0 ||
			       refuse_name(refusal, REASON_NOT_HOLDER, act->act.by);
	return true;
}

static void proposal_execute(struct commons *commons, struct proposal *p)
{
	struct signed_act act = {0};
	struct refusal refusal = {0};
	struct fault fault;
	struct proposal now;
	struct state_mark mark;
	struct bytes text = unembedded(p->text, &commons->scratch);
	enum mishap read = act_read(text, arena_rest(&commons->scratch), &act.act, &fault);

	must(read == OK);
	act.id = act.act.id;
	hex_write(act.id_text, digest_bytes(&act.id));
	if (!bytes_same(p->recipient, BYTES("none")))
		act.recipient = p->recipient;
	(void)agent_get(commons->state, p->id, &act.operator);
	mark = state_mark(commons->state);
	if (keeps_still(commons, p, &act, &refusal) && commons_effect(commons, &act, &refusal)) {
		bool there = proposal_get(commons->state, act_id_text(&act), &now);
		must(there);
		if (now.status == PROPOSAL_RATIFYING)
			proposal_settle(commons, act_id_text(&act));
		else
			proposal_end(commons, p, PROPOSAL_DONE, REASON_NONE);
		return;
	}
	state_undo(commons->state, mark);
	commons_load_charter(commons);
	if (refusal.reason == REASON_FROZEN)
		return; /* it waits until the freeze is over */
	proposal_end(commons, p, PROPOSAL_REFUSED, refusal.reason);
}

/* A quorum that is reached late gives the others time to answer. */
static void late_quorum(struct commons *commons, struct proposal *p,
                        const struct charter_rule *rule, const struct charter_case *the_case)
{
	if (rule->late_quorum == 0 || p->quorum || !charter_quorum_reached(rule, the_case))
		return;
	p->quorum = true;
	if (p->vote_until.seconds - commons->now.seconds < rule->late_quorum &&
	    p->vote_until.seconds > commons->now.seconds) {
		p->vote_until.seconds = commons->now.seconds + rule->late_quorum;
		wake_at(commons, p->id, p->vote_until);
	}
	proposal_put(commons, p);
}

/* It is not agreed to; or its checks do not hold, and that is said. */
static void fail(struct commons *commons, struct proposal *p, const struct charter_case *the_case,
                 const struct charter_verdict *verdict)
{
	bool checks = verdict->clause != NULL && verdict->clause->kind == CLAUSE_CHECKED && !verdict->unavailable;

	if (checks)
		checking_fail(commons, p, the_case);
	proposal_end(commons, p, PROPOSAL_FAILED, checks ? REASON_CHECKS : REASON_CONSENT);
}

/* It has passed: when its time has come, and its checks have held again. */
static void take_effect(struct commons *commons, struct proposal *p)
{
	struct charter_case the_case = proposal_case(commons, p, &commons->scratch);

	switch (checking_effect(commons, p, &the_case)) {
	case CHARTER_CHECKS_FAILED:
		checking_fail(commons, p, &the_case);
		proposal_end(commons, p, PROPOSAL_REFUSED, REASON_CHECKS);
		return;
	case CHARTER_CHECKS_HELD:
		if (commons->now.seconds >= p->execute_at.seconds)
			proposal_execute(commons, p);
		return;
	case CHARTER_CHECKS_OPEN:
	case CHARTER_CHECKS_NONE:
		return;
	}
}

void proposal_settle(struct commons *commons, struct bytes id)
{
	const struct charter_rule *rule;
	struct charter_verdict verdict;
	struct charter_case the_case;
	struct proposal p;

	if (!proposal_get(commons->state, id, &p))
		return;
	rule = charter_rule(&commons->charter, p.rule);
	must(rule != NULL || !proposal_lives(&p));
	if (p.status == PROPOSAL_RATIFYING) {
		the_case = proposal_case(commons, &p, &commons->scratch);
		charter_judge_ratify(rule, &the_case, &verdict);
		if (verdict.outcome != CHARTER_OPEN)
			proposal_end(commons, &p, verdict.outcome == CHARTER_HOLDS ? PROPOSAL_DONE : PROPOSAL_FAILED,
			             verdict.outcome == CHARTER_HOLDS ? REASON_NONE : REASON_CONSENT);
		return;
	}
	if (p.status == PROPOSAL_OPEN) {
		the_case = proposal_case(commons, &p, &commons->scratch);
		late_quorum(commons, &p, rule, &the_case);
		the_case = proposal_case(commons, &p, &commons->scratch);
		charter_judge(rule, &the_case, &verdict);
		if (verdict.outcome == CHARTER_OPEN)
			return;
		if (verdict.outcome == CHARTER_FAILS) {
			fail(commons, &p, &the_case, &verdict);
			return;
		}
		p.status = PROPOSAL_PASSED;
		p.execute_at.seconds = commons->now.seconds +
		                       (verdict.expedited ? 0 : rule->delay + rule->cure);
		proposal_put(commons, &p);
		wake_at(commons, p.id, p.execute_at);
		checking_passed(commons, &p, &the_case);
	}
	if (p.status == PROPOSAL_PASSED)
		take_effect(commons, &p);
}

size_t proposal_after(const struct state *state, struct bytes id)
{
	struct record_key key;

	return state_after(state, proposal_key(&key, id));
}

void proposals_settle(struct commons *commons, enum proposal_status status)
{
	size_t kept = commons->scratch.used;
	struct proposal p;
	size_t index = 0;

	while (proposal_next(commons->state, &index, &p)) {
		uint8_t id[2 * DIGEST_SIZE];

		if (p.status != status)
			continue;
		must(p.id.size == sizeof(id));
		memcpy(id, p.id.at, sizeof(id));
		proposal_settle(commons, (struct bytes){id, sizeof(id)});
		commons->scratch.used = kept;
		index = proposal_after(commons->state, (struct bytes){id, sizeof(id)});
	}
}

void proposals_abort(struct commons *commons, const struct charter *before)
{
	size_t kept = commons->scratch.used;
	struct proposal p;
	size_t index = 0;

	while (proposal_next(commons->state, &index, &p)) {
		if (!proposal_lives(&p) ||
		    charter_rule_same(before, charter_rule(before, p.rule), &commons->charter,
		                      charter_rule(&commons->charter, p.rule)))
			continue;
		proposal_end(commons, &p, PROPOSAL_ABORTED, REASON_CHARTER);
		commons->scratch.used = kept;
		index = proposal_after(commons->state, p.id);
	}
}
