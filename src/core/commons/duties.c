/* SPDX-License-Identifier: Apache-2.0 */
/* Whether parties keep the duties of the norms they are bound to: what the state says, once a day. */
#include "commons/duties.h"

#include "arbitration/dispute.h"
#include "charter/judge.h"
#include "commons/inactivity.h"
#include "commons/linking.h"
#include "commons/proposal.h"
#include "commons/technical.h"
#include "norms/breach.h"
#include "state/clock.h"
#include "state/custody.h"

#define NOTHING BYTES("")

/* ---- what the state says; true: kept ---- */

static bool lapsed_since(struct lapse *lapse, struct ledger_time since)
{
	lapse->dated = true;
	lapse->since = since;
	return false;
}

static bool signs(const struct commons *commons, struct bytes party, struct lapse *lapse)
{
	struct signer signer;

	signer_get(commons->state, party, &signer);
	if (!signer.missed)
		return true;
	record_key(&lapse->saw, "signer", party, NOTHING);
	return lapsed_since(lapse, signer.missed_at);
}

static bool pool_is_there(const struct commons *commons, struct bytes party, struct lapse *lapse)
{
	struct signer signer;
	struct pool pool;

	if (!pool_get(commons->state, party, &pool))
		return false;
	record_key(&lapse->saw, "pool", party, NOTHING);
	if (pool.lease.seconds <= commons->now.seconds)
		return lapsed_since(lapse, pool.lease);
	signer_get(commons->state, party, &signer);
	return memcmp(signer.pool, pool.id, sizeof(pool.id)) != 0 || signer.next < pool.count;
}

static bool holds_share(const struct commons *commons, struct bytes party, struct lapse *lapse)
{
	uint8_t number[20];
	struct writer w = {.at = number, .size = sizeof(number)};
	struct custody custody;
	struct group group;

	custody_get(commons->state, &custody);
	if (!group_get(commons->state, GROUP_ZSK, custody.active[GROUP_ZSK], &group))
		return true; /* there is none to hold a share of */
	if (group_member_of(&group, party) != NULL)
		return true;
	write_number(&w, group.number);
	record_key(&lapse->saw, "group", BYTES("zsk"), writer_bytes(&w));
	return lapsed_since(lapse, group.since);
}

static bool has_server(const struct commons *commons, struct bytes party)
{
	struct server server;

	for (size_t index = 0; server_next(commons->state, &index, &server);)
		if (bytes_same(server.owner, party))
			return true;
	return false;
}

/* Of a server whose name is outside the apex the ledger knows no addresses: nothing is said of it. */
static bool has_both(const struct commons *commons, const struct server *server)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct bytes records = server->records;
	bool a = false, aaaa = false;
	struct rr rr;

	while (record_rr(&records, &scratch, &rr)) {
		a = a || rr.type == TYPE_A;
		aaaa = aaaa || rr.type == TYPE_AAAA;
	}
	return server->records.size == 0 || (a && aaaa);
}

static bool servers_have_both(const struct commons *commons, struct bytes party, struct lapse *lapse)
{
	struct server server;

	for (size_t index = 0; server_next(commons->state, &index, &server);)
		if (bytes_same(server.owner, party) && !has_both(commons, &server)) {
			record_key(&lapse->saw, "server", server.name, NOTHING);
			return false;
		}
	return true;
}

/* Whether the rule of the proposal counts what the party says. */
static bool is_asked(const struct charter_rule *rule, const struct proposal *p,
                     const struct charter_party *party)
{
	const struct charter_expression *e =
		p->status == PROPOSAL_RATIFYING ? &rule->ratified : &rule->consent;

	for (size_t i = 0; i < e->count; i++)
		switch (e->clauses[i].kind) {
		case CLAUSE_PARTY:
		case CLAUSE_ALL:
		case CLAUSE_COUNT:
		case CLAUSE_SHARE:
		case CLAUSE_QUORUM:
		case CLAUSE_NO_VETO:
			if (charter_clause_counts(&e->clauses[i], party))
				return true;
			break;
		case CLAUSE_ALL_OF:
		case CLAUSE_ANY_OF:
		case CLAUSE_HOLDER:
		case CLAUSE_RECIPIENT:
		case CLAUSE_PROPOSER:
		case CLAUSE_OBJECTIONS:
		case CLAUSE_CHECKED:
		case CLAUSE_RULING:
		case CLAUSE_RECOGNISED:
		case CLAUSE_REMOVED:
			break;
		}
	return false;
}

/* An objection is an answer too, and so is what a proxy says. */
static bool owes_a_voice(const struct commons *commons, const struct proposal *p, struct bytes party)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, p->rule);
	struct arena scratch = arena_rest(&commons->scratch);
	struct charter_case the_case;

	if (rule == NULL || commons->now.seconds >= p->vote_until.seconds)
		return false;
	the_case = proposal_case(commons, p, &scratch);
	for (size_t i = 0; i < the_case.count; i++) {
		const struct charter_party *as = &the_case.parties[i];

		if (bytes_same(as->name, party))
			return as->vote == VOTE_NONE && as->by_proxy == VOTE_NONE && !as->objects &&
			       is_asked(rule, p, as);
	}
	return false;
}

/* The oldest that waits for the party. */
static bool has_spoken(const struct commons *commons, struct bytes party, struct lapse *lapse)
{
	struct proposal p;
	bool spoken = true;

	for (size_t index = 0; proposal_next(commons->state, &index, &p);) {
		if (!proposal_takes_votes(&p) ||
		    (!spoken && p.opened.seconds >= lapse->since.seconds) || !owes_a_voice(commons, &p, party))
			continue;
		record_key(&lapse->saw, "proposal", p.id, NOTHING);
		spoken = lapsed_since(lapse, p.opened);
	}
	return spoken;
}

static bool delegations_fit(const struct commons *commons, struct bytes party, struct lapse *lapse)
{
	struct holding holding;

	for (size_t index = 0; holding_next(commons->state, &index, &holding);)
		if (bytes_same(holding.holder, party) && holding.records.size > 0 &&
		    technical_fault(commons, holding.label, holding.records) != REASON_NONE) {
			record_key(&lapse->saw, "tld", holding.label, NOTHING);
			return false;
		}
	return true;
}

static bool has_complied(const struct commons *commons, struct bytes party, struct lapse *lapse)
{
	struct dispute d;

	for (size_t index = 0; dispute_next(commons->state, &index, &d);)
		if (d.procedure.phase == PHASE_COMPLY && bytes_same(d.side[SIDE_RESPONDENT], party)) {
			record_key(&lapse->saw, "dispute", d.id, NOTHING);
			return lapsed_since(lapse, (struct ledger_time){d.procedure.deadline -
			                                                d.times.seconds[TIME_COMPLY]});
		}
	return true;
}

bool duty_is_kept(struct commons *commons, struct bytes party, enum duty_kind kind,
                  struct lapse *lapse)
{
	*lapse = (struct lapse){.dated = false};
	switch (kind) {
	case DUTY_SIGNS:
		return signs(commons, party, lapse);
	case DUTY_POOL:
		return pool_is_there(commons, party, lapse);
	case DUTY_SHARE:
		return holds_share(commons, party, lapse);
	case DUTY_SERVER:
		return has_server(commons, party);
	case DUTY_DUAL_STACK:
		return servers_have_both(commons, party, lapse);
	case DUTY_VOTES:
		return has_spoken(commons, party, lapse);
	case DUTY_TECHNICAL:
		return delegations_fit(commons, party, lapse);
	case DUTY_AWARD:
		return has_complied(commons, party, lapse);
	case DUTIES:
		break;
	}
	return true;
}

/* ---- what becomes of it ---- */

static void breach_open(struct commons *commons, struct breach *b, const struct lapse *lapse)
{
	if (b->count == 0 || commons->now.seconds - b->opened.seconds >= BREACH_PERIOD) {
		b->count++;
		b->opened = commons->now;
		b->contested = BYTES("none");
	}
	b->status = BREACH_OPEN;
	b->saw = lapse->saw.size > 0 ? (struct bytes){lapse->saw.at, lapse->saw.size} : BYTES("none");
	breach_put(commons->state, &commons->scratch, b);
}

/* From when on the duty was not kept: not from before the party was bound to it. */
static struct ledger_time not_kept_since(const struct commons *commons, const struct adherence *a,
                                         const struct breach *b, const struct lapse *lapse)
{
	struct ledger_time since = lapse->dated                 ? lapse->since
	                           : b->status == BREACH_LAPSED ? b->since
	                                                        : commons->now;

	return since.seconds < a->since.seconds ? a->since : since;
}

/* What is dated in the state need not be noted before it is a breach. */
static void not_kept(struct commons *commons, const struct adherence *a, struct breach *b,
                     const struct lapse *lapse)
{
	bool noted = b->status == BREACH_LAPSED;

	b->since = not_kept_since(commons, a, b, lapse);
	if (commons->now.seconds - b->since.seconds >= b->duty.within) {
		breach_open(commons, b, lapse);
	} else if (!lapse->dated && !noted) {
		b->status = BREACH_LAPSED;
		breach_put(commons->state, &commons->scratch, b);
	}
}

/* A breach that is over keeps when it opened: broken again within the period, it is the same. */
static void kept(struct commons *commons, const struct breach *b)
{
	if (breach_lives(b))
		breach_close(commons->state, &commons->scratch, b, BREACH_CURED, commons->now);
}

static void duty_look(struct commons *commons, const struct adherence *a, const struct norm_duty *d)
{
	struct breach b = {.status = BREACH_ENDED, .contested = BYTES("none"), .saw = BYTES("none")};
	bool there = breach_get(commons->state, a->norm, a->party, d->paragraph, &b);
	struct lapse lapse;

	if (duty_is_kept(commons, a->party, d->duty.kind, &lapse)) {
		if (there)
			kept(commons, &b);
		return;
	}
	if (b.status == BREACH_OPEN)
		return;
	b.norm = a->norm;
	b.party = a->party;
	b.paragraph = d->paragraph;
	b.version = a->version;
	b.duty = d->duty;
	not_kept(commons, a, &b, &lapse);
}

static void adherence_look(struct commons *commons, const struct adherence *a)
{
	struct norm_text text;

	if (!norm_text_get(commons->state, a->norm, a->version, &text))
		return;
	for (unsigned i = 0; i < text.duties; i++) {
		size_t kept_used = commons->scratch.used;

		if (!adherence_reserves(a->reserved, text.duty[i].paragraph))
			duty_look(commons, a, &text.duty[i]);
		commons->scratch.used = kept_used;
	}
	norms_wake(commons, &text);
}

void norms_look(struct commons *commons)
{
	struct bytes *record;
	size_t count = record_collect(commons->state, BYTES("adherence/"), &commons->scratch, &record);

	for (size_t i = 0; i < count; i++) {
		size_t kept_used = commons->scratch.used;
		struct adherence a;

		adherence_read(record[i], &a);
		if (adherence_binds(&a))
			adherence_look(commons, &a);
		commons->scratch.used = kept_used;
	}
	inactivity_look(commons);
}

void norms_wake(struct commons *commons, const struct norm_text *text)
{
	int64_t day = commons->now.seconds / SECONDS_A_DAY;

	if (text->duties > 0)
		timer_set(commons->state, &commons->scratch, (struct ledger_time){(day + 1) * SECONDS_A_DAY},
		          BYTES("norms"));
}
