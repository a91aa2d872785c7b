/* SPDX-License-Identifier: Apache-2.0 */
#include "commons/apply.h"

#include "arbitration/measure.h"
#include "base/must.h"
#include "commons/admit.h"
#include "commons/batching.h"
#include "commons/bounds.h"
#include "commons/ceremony.h"
#include "commons/concern.h"
#include "commons/crowding.h"
#include "commons/disputing.h"
#include "commons/duties.h"
#include "commons/freeze.h"
#include "commons/inactivity.h"
#include "commons/mandating.h"
#include "commons/norming.h"
#include "commons/proposal.h"
#include "commons/registering.h"
#include "commons/retirement.h"
#include "commons/roll.h"
#include "commons/suspending.h"
#include "state/clock.h"

static commons_apply_kind *const APPLY[ACT_KINDS] = {
	[ACT_ACCEDE] = accede_apply,
	[ACT_WITHDRAW] = withdraw_apply,
	[ACT_ROTATE] = rotate_apply,
	[ACT_DELEGATE] = delegate_apply,
	[ACT_DS_DROP] = ds_drop_apply,
	[ACT_GRANT] = grant_apply,
	[ACT_TRANSFER] = transfer_apply,
	[ACT_HOST] = host_apply,
	[ACT_SERVER] = server_apply,
	[ACT_CONSENT] = consent_apply,
	[ACT_OBJECT] = object_apply,
	[ACT_CHARTER_AMEND] = charter_amend_apply,
	[ACT_WAIVE] = waive_apply,
	[ACT_COMMENT] = comment_apply,
	[ACT_PROXY] = proxy_apply,
	[ACT_WITHDRAW_PROPOSAL] = withdraw_proposal_apply,
	[ACT_CANCEL] = cancel_apply,
	[ACT_FREEZE] = freeze_apply,
	[ACT_OPEN] = open_apply,
	[ACT_KEY] = key_apply,
	[ACT_DEAL] = deal_apply,
	[ACT_COMPLAIN] = complain_apply,
	[ACT_CONFIRM] = confirm_apply,
	[ACT_POOL] = pool_apply,
	[ACT_ANSWERED] = answered_apply,
	[ACT_ACCUSE] = accuse_apply,
	[ACT_SIGNATURES] = signatures_apply,
	[ACT_RELEASE] = release_apply,
	[ACT_DISPUTE] = dispute_apply,
	[ACT_ANSWER] = answer_apply,
	[ACT_APPOINT] = appoint_apply,
	[ACT_RANK] = rank_apply,
	[ACT_CHALLENGE] = challenge_apply,
	[ACT_EXHIBIT] = exhibit_apply,
	[ACT_INTERIM] = interim_apply,
	[ACT_RULING] = ruling_apply,
	[ACT_CORRECT] = correct_apply,
	[ACT_SETTLE] = settle_apply,
	[ACT_NORM] = norm_apply,
	[ACT_REPEAL] = repeal_apply,
	[ACT_ACCEPT] = accept_apply,
	[ACT_RESERVE] = reserve_apply,
	[ACT_DENOUNCE] = denounce_apply,
	[ACT_CONTEST] = contest_apply,
	[ACT_EMPOWER] = empower_apply,
	[ACT_DISEMPOWER] = disempower_apply,
	[ACT_BATCH] = batch_apply,
	[ACT_RETIRE] = retire_apply,
	[ACT_PLAN] = plan_apply,
	[ACT_OPERATE] = operate_apply,
	[ACT_RESUME] = resume_apply,
	[ACT_REKEY] = rekey_apply,
	[ACT_ATTEST] = attest_apply,
	[ACT_SUSPEND] = suspend_apply,
	[ACT_REGISTER] = register_apply,
};

void commons_init(struct commons *commons, struct state *state,
                  const struct commons_memory *memory)
{
	*commons = (struct commons){
		.state = state,
		.scratch = memory->scratch,
		.charter_memory = memory->charter,
		.cache = {.arena = memory->work[0]},
		.published = {.arena = memory->work[1]},
	};
}

bool commons_effect(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	must(APPLY[act->act.kind] != NULL);
	if (freeze_holds(commons, act))
		return refuse(refusal, REASON_FROZEN);
	if (!mandating_covers(commons, act, refusal))
		return false;
	return APPLY[act->act.kind](commons, act, refusal);
}

static bool apply_ruled(struct commons *commons, const struct signed_act *act,
                        const char *rule_name, struct refusal *refusal)
{
	const struct charter_rule *rule = charter_rule(&commons->charter, bytes_of(rule_name));

	if (rule == NULL)
		return refuse_name(refusal, REASON_NO_RULE, bytes_of(rule_name));
	return admit_charter(commons, &act->act, rule, refusal) &&
	       proposal_submit(commons, act, rule, refusal);
}

/* The rule of the proposal that the act speaks on; NULL where it speaks on none. */
static const struct charter_rule *rule_spoken_on(const struct commons *commons, const struct act *act)
{
	bool speaks = act->kind == ACT_CONSENT || act->kind == ACT_OBJECT || act->kind == ACT_COMMENT ||
	              act->kind == ACT_WITHDRAW_PROPOSAL;
	struct proposal proposal;

	if (!speaks || !proposal_get(commons->state, act_field(act, "act"), &proposal))
		return NULL;
	return charter_rule(&commons->charter, proposal.rule);
}

bool commons_decide(struct commons *commons, const struct signed_act *act,
                    struct refusal *refusal)
{
	const char *name = concern_rule(commons, act);
	bool free = bytes_same(bytes_of(name), BYTES("party")) || bytes_same(bytes_of(name), BYTES("computed"));
	const struct charter_rule *rule = free ? rule_spoken_on(commons, &act->act)
	                                       : charter_rule(&commons->charter, bytes_of(name));
	enum reason fault = bounds_fault(act->act.records);
	bool decided;

	if (fault != REASON_NONE)
		return refuse(refusal, fault);
	decided = free ? admit_charter(commons, &act->act, NULL, refusal) && commons_effect(commons, act, refusal)
	               : apply_ruled(commons, act, name, refusal);
	if (!decided && rule != NULL)
		refusal_cite(refusal, (uint16_t)rule->article, rule->name);
	return decided;
}

static bool apply(struct commons *commons, const struct note *note, const struct act *act,
                  struct refusal *refusal)
{
	struct signed_act s;

	if (!admit(commons, note, act, &s, refusal) || !crowding_takes(commons, &s, refusal))
		return false;
	inactivity_acted(commons, &s);
	if (!commons_decide(commons, &s, refusal))
		return false;
	seen_put(commons->state, &commons->scratch, &s.id, act->until, commons->height);
	return true;
}

bool commons_apply(struct commons *commons, const struct note *note, const struct act *act,
                   struct refusal *refusal)
{
	struct state_mark mark = state_mark(commons->state);
	bool entered;

	commons->scratch.used = 0;
	*refusal = (struct refusal){0};
	entered = apply(commons, note, act, refusal);
	if (!entered) {
		state_undo(commons->state, mark);
		must(refusal->reason != REASON_NONE);
	}
	return entered;
}

static void timer_fire(struct commons *commons, struct bytes what)
{
	commons->scratch.used = 0;
	if (bytes_starts(what, BYTES("proposal/")))
		proposal_settle(commons, record_key_part(what, 1));
	else if (bytes_starts(what, BYTES("dispute/")))
		disputing_timer(commons, record_key_part(what, 1));
	else if (bytes_starts(what, BYTES("frozen/")) || bytes_starts(what, BYTES("interim/")) ||
	         bytes_starts(what, BYTES("suspended/")))
		measure_timer(commons->state, what, commons->now);
	else if (bytes_starts(what, BYTES("retirement/")))
		retirement_timer(commons, record_key_part(what, 1));
	else if (bytes_starts(what, BYTES("freeze/")))
		proposals_settle(commons, PROPOSAL_PASSED);
	else if (bytes_same(what, BYTES("norms")))
		norms_look(commons);
	else if (bytes_starts(what, BYTES("adherence/")))
		adherence_timer(commons, what);
	else if (bytes_starts(what, BYTES("suspension/")))
		suspending_timer(commons, what);
	else if (bytes_starts(what, BYTES("register/")))
		registers_look(commons);
	else if (bytes_starts(what, BYTES("batch/")) || bytes_starts(what, BYTES("batched/")) ||
	         bytes_starts(what, BYTES("spent/")))
		state_delete(commons->state, what);
	else if (bytes_same(what, BYTES("renewal")))
		content_set_due(commons->state, &commons->scratch, commons->now);
	else
		roll_timer(commons, what);
}

void commons_begin(struct commons *commons, uint64_t height, struct ledger_time now)
{
	struct ledger_time deadline;
	struct bytes what;

	must(now.seconds >= commons->now.seconds);
	commons->height = height;
	commons->now = now;
	while (timer_first(commons->state, &deadline, &what) && deadline.seconds <= now.seconds) {
		timer_clear(commons->state, deadline, what);
		timer_fire(commons, what);
	}
}

void commons_end(struct commons *commons)
{
	commons->scratch.used = 0;
	ceremonies_step(commons);
	commons->scratch.used = 0;
	schedule_step(commons->state, &commons->genesis, commons->now,
	              arena_rest(&commons->scratch), &commons->cache);
}

unsigned commons_countersigners(const struct commons *commons,
                                struct bytes name[CUSTODY_MEMBERS_MAX], unsigned *threshold)
{
	struct bytes signer[CUSTODY_MEMBERS_MAX + 1];
	struct custody custody;
	struct group group;
	unsigned count;

	custody_get(commons->state, &custody);
	if (group_get(commons->state, GROUP_ZSK, custody.active[GROUP_ZSK], &group)) {
		for (unsigned i = 0; i < group.count; i++)
			name[i] = group.member[i].party;
		*threshold = group.threshold;
		return group.count;
	}
	count = commons_signers(commons, signer);
	must(count <= CUSTODY_MEMBERS_MAX);
	memcpy(name, signer, count * sizeof(name[0]));
	*threshold = charter_signing_threshold(count);
	return count;
}

bool commons_next_due(const struct commons *commons, struct ledger_time *due)
{
	struct bytes what;

	if (schedule_is_busy(commons->state) || ceremonies_are_open(commons->state)) {
		*due = commons->now;
		return true;
	}
	return timer_first(commons->state, due, &what);
}
