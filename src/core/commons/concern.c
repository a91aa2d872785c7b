/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/concern.h"

#include "charter/amend.h"
#include "commons/disputing.h"
#include "commons/linking.h"
#include "commons/operation.h"
#include "commons/proposal.h"
#include "commons/retirement.h"

bool concern_label(const struct act *act, struct bytes *label)
{
	switch (act->kind) {
	case ACT_DELEGATE:
	case ACT_DS_DROP:
	case ACT_GRANT:
	case ACT_TRANSFER:
	case ACT_WAIVE:
	case ACT_FREEZE:
	case ACT_RETIRE:
	case ACT_PLAN:
	case ACT_OPERATE:
	case ACT_RESUME:
		*label = act_field(act, "tld");
		return true;
	case ACT_WITHDRAW:
		*label = record_key_part(act_field(act, "subject"), 1);
		return bytes_starts(act_field(act, "subject"), BYTES("tld/"));
	default:
		return false;
	}
}

/* The same; an award is about what its dispute is about. */
static bool label_of(const struct commons *commons, const struct act *act, struct bytes *label)
{
	struct dispute dispute;

	if (act->kind == ACT_RULING)
		return dispute_get(commons->state, act_field(act, "dispute"), &dispute) &&
		       dispute_label(&dispute, label);
	return concern_label(act, label);
}

static const char *amending_rule(const struct commons *commons, const struct signed_act *act)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct bytes text = act_embedded(&act->act, &scratch);
	struct charter_fault fault;
	struct charter to;

	if (bytes_same(act_field(&act->act, "subject"), BYTES("charter")) &&
	    charter_read(text, &scratch, &to, &fault) == OK) {
		const struct charter_rule *rule = charter_amending_rule(&commons->charter, &to);
		if (rule != NULL && bytes_same(rule->name, BYTES("charter.entrench")))
			return "charter.entrench";
	}
	return "charter.amend";
}

/* An earlier end of a retirement is the holder's own; a later one takes the rule. */
static bool is_later(const struct commons *commons, const struct act *act)
{
	struct retirement retirement;

	return retirement_get(commons->state, act_field(act, "tld"), &retirement) &&
	       act_time(act, "ends").seconds > retirement.ends.seconds;
}

/* The operator gives up, or the holder is back; but where it is contested who speaks for the holder, that is for the
 * others to say. */
static bool may_resume(const struct commons *commons, const struct act *act)
{
	struct operation operation;
	struct holding holding;
	struct bytes label = act_field(act, "tld");

	if (!operation_get(commons->state, label, &operation) ||
	    bytes_same(operation.operator, act->by))
		return true;
	return !bytes_same(operation.ground, BYTES("contested")) &&
	       holding_get(commons->state, label, &holding) && bytes_same(holding.holder, act->by);
}

const char *concern_rule(const struct commons *commons, const struct signed_act *act)
{
	const struct act_row *row = act_row(act->act.kind);
	struct holding holding;
	struct bytes label;

	if (act->act.kind == ACT_WITHDRAW)
		return concern_label(&act->act, &label) ? row->rule : row->rule_new;
	if (act->act.kind == ACT_DELEGATE &&
	    !holding_get(commons->state, act_field(&act->act, "tld"), &holding))
		return row->rule_new;
	if (act->act.kind == ACT_PLAN && !is_later(commons, &act->act))
		return row->rule_new;
	if (act->act.kind == ACT_RESUME && may_resume(commons, &act->act))
		return row->rule_new;
	if (act->act.kind == ACT_CHARTER_AMEND)
		return amending_rule(commons, act);
	if (act->act.kind == ACT_RULING && disputing_ratifies(commons, act))
		return "delegate.revoke";
	return row->rule;
}

/* Who keeps the delegation: an interim operator in the holder's place, where there is one. */
static bool keeps(const struct commons *commons, const struct act *act, struct bytes label,
                  struct bytes party)
{
	struct holding holding;
	struct bytes operator;

	if ((act->kind == ACT_DELEGATE || act->kind == ACT_DS_DROP) &&
	    interim_operator_get(commons, label, &operator))
		return bytes_same(operator, party);
	return holding_get(commons->state, label, &holding) && bytes_same(holding.holder, party);
}

/* Who keeps the addresses of a name server: its owner, or the interim operator of the name that it is below. */
static bool keeps_host(const struct commons *commons, struct bytes host, struct bytes party)
{
	struct bytes owner, label, operator;
	struct dname wire;

	if (dname_read_strict(host, &wire) == OK &&
	    link_label_of(commons, dname_bytes(&wire), &label) &&
	    interim_operator_get(commons, label, &operator))
		return bytes_same(operator, party);
	return link_owner_of(commons, host, &owner) && bytes_same(owner, party);
}

static bool is_holder(const struct commons *commons, const struct signed_act *act,
                      struct bytes party)
{
	struct bytes label;
	struct server server;

	if (label_of(commons, &act->act, &label))
		return keeps(commons, &act->act, label, party);
	switch (act->act.kind) {
	case ACT_HOST:
		return keeps_host(commons, act_field(&act->act, "host"), party);
	case ACT_REKEY:
		return bytes_same(act_field(&act->act, "party"), party);
	case ACT_SERVER:
		if (!server_get(commons->state, act_field(&act->act, "server"), &server))
			return bytes_same(act->act.by, party);
		return bytes_same(server.owner, party);
	default:
		return act->act.kind == ACT_WITHDRAW && bytes_same(act->act.by, party);
	}
}

static bool is_recipient(const struct commons *commons, const struct signed_act *act,
                         struct bytes party)
{
	struct holding holding;

	switch (act->act.kind) {
	case ACT_GRANT:
		return bytes_same(act_field(&act->act, "holder"), party);
	case ACT_TRANSFER:
		return bytes_same(act_field(&act->act, "recipient"), party);
	case ACT_OPERATE:
		return bytes_same(act_field(&act->act, "operator"), party);
	case ACT_RESUME: /* its name comes back to it */
		return holding_get(commons->state, act_field(&act->act, "tld"), &holding) &&
		       bytes_same(holding.holder, party);
	case ACT_ACCEDE:
		return bytes_same(act->act.by, party);
	default:
		return false;
	}
}

/* Whether the party owns a host that these records of a delegation use. */
static bool owns_used(const struct commons *commons, struct bytes records, struct bytes party)
{
	struct arena scratch = arena_rest(&commons->scratch);
	struct bytes owner;
	struct rr rr;

	while (record_rr(&records, &scratch, &rr)) {
		uint8_t text[DNAME_TEXT_SIZE_MAX];
		struct writer w = {.at = text, .size = sizeof(text)};

		if (rr.type != TYPE_NS)
			continue;
		dname_write_text(&w, rr.rdata);
		if (link_owner_of(commons, writer_bytes(&w), &owner) && bytes_same(owner, party))
			return true;
	}
	return false;
}

/* Who holds a TLD, other than the one that the act is about, that uses a host at stake in it (comity-charter(7),
 * RULES): one of a list, none twice. */
struct stake {
	struct bytes holder;
	const struct stake *next;
};

static bool has_stake(const struct concern *concern, struct bytes party)
{
	for (const struct stake *stake = concern->stakes; stake != NULL; stake = stake->next)
		if (bytes_same(stake->holder, party))
			return true;
	return false;
}

static void stakes_add(const struct commons *commons, struct concern *concern, const struct host *host,
                       struct arena *arena)
{
	struct bytes users = host->users, user;
	struct holding holding;

	if (bytes_same(users, BYTES("none")))
		return;
	while (text_word(&users, &user)) {
		struct stake *stake;

		if (bytes_same(user, concern->label) || !holding_get(commons->state, user, &holding) ||
		    has_stake(concern, holding.holder))
			continue;
		stake = arena_take(arena, sizeof(*stake));
		*stake = (struct stake){holding.holder, concern->stakes};
		concern->stakes = stake;
	}
}

void concern_find(const struct commons *commons, const struct signed_act *act,
                  struct arena *arena, struct concern *concern)
{
	struct bytes label = BYTES("");
	struct holding holding;
	struct host host;
	size_t index = 0;
	bool about = label_of(commons, &act->act, &label);

	*concern = (struct concern){.act = act, .label = label};
	concern->founds = act->act.kind == ACT_DELEGATE && !holding_get(commons->state, label, &holding);
	if (act->act.kind == ACT_HOST &&
	    host_get(commons->state, act_field(&act->act, "host"), &host))
		stakes_add(commons, concern, &host, arena);
	if (act->act.kind != ACT_TRANSFER && act->act.kind != ACT_WITHDRAW && act->act.kind != ACT_RULING &&
	    act->act.kind != ACT_RETIRE)
		return;
	while (host_next(commons->state, &index, &host))
		if (about ? link_host_is_below(commons, host.name, label)
		          : bytes_same(host.owner, act->act.by))
			stakes_add(commons, concern, &host, arena);
}

static bool is_interested(const struct commons *commons, const struct concern *concern,
                          struct bytes party)
{
	if (concern->act->act.kind == ACT_REKEY)
		return bytes_same(act_field(&concern->act->act, "party"), party);
	if (concern->founds)
		return owns_used(commons, concern->act->act.records, party);
	return has_stake(concern, party);
}

/* The sides of the case, those who judged it, and whom the award names. */
static bool is_in_case(const struct commons *commons, const struct act *ruling,
                       struct bytes party)
{
	struct dispute d;
	enum side side;

	return dispute_get(commons->state, act_field(ruling, "dispute"), &d) &&
	       (dispute_side(&d, party, &side) || dispute_sits(&d, party) ||
	        bytes_same(act_field(ruling, "party"), party));
}

/* comity-charter(7), RULES: of what is merely its own, nobody is concerned. */
static bool concerns(enum act_kind kind)
{
	return kind == ACT_TRANSFER || kind == ACT_WAIVE || kind == ACT_FREEZE ||
	       kind == ACT_RULING || kind == ACT_RETIRE || kind == ACT_PLAN ||
	       kind == ACT_OPERATE || kind == ACT_RESUME || kind == ACT_REKEY;
}

/* Whose proposal the cancelled one is. */
static bool is_cancelled_proposer(const struct commons *commons, const struct act *act, struct bytes party)
{
	struct proposal p;

	return act->kind == ACT_CANCEL && proposal_get(commons->state, act_field(act, "act"), &p) &&
	       proposal_is_by(&p, party);
}

unsigned concern_of(const struct commons *commons, const struct concern *concern,
                    struct bytes party)
{
	const struct signed_act *act = concern->act;
	unsigned parts = 0;

	if (is_holder(commons, act, party))
		parts |= PART_HOLDER;
	if (is_recipient(commons, act, party))
		parts |= PART_RECIPIENT;
	if (parts != 0 && concerns(act->act.kind))
		parts |= PART_CONCERNED;
	if (act->act.kind == ACT_SUSPEND && bytes_same(act_field(&act->act, "party"), party))
		parts |= PART_CONCERNED;
	if (is_cancelled_proposer(commons, &act->act, party))
		parts |= PART_CONCERNED;
	if (act->act.kind == ACT_RULING && is_in_case(commons, &act->act, party))
		parts |= PART_CONCERNED;
	else if (bytes_same(act->act.by, party))
		parts |= PART_PROPOSER;
	if (is_interested(commons, concern, party))
		parts |= PART_INTERESTED;
	return parts;
}
