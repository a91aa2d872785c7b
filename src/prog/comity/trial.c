/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/trial.h"

#include "base/hex.h"
#include "commons/mandating.h"
#include "commons/proposal.h"
#include "prog/comity/subject.h"
#include "state/clock.h"

struct act trial_act(const struct command *command, const struct view *view, enum act_kind kind)
{
	const struct commons *commons = &view->ledger.commons;
	struct act act = {.kind = kind,
	                  .origin = commons->origin,
	                  .charter = commons->charter.version,
	                  .by = bytes_of(command->home.party),
	                  .until = {view->now.seconds + ACT_UNTIL_DEFAULT}};

	memcpy(act.federation, commons->genesis.octet, ACT_FEDERATION_SIZE);
	return act;
}

struct bytes slot_of(struct command *command, const struct view *view, struct bytes key)
{
	struct digest leaf;
	struct bytes record;
	char *hex;

	if (!state_get(view_state(view), key, &record))
		return BYTES("none");
	leaf = merkle_leaf(record);
	hex = arena_take(&command->memory, 2 * DIGEST_SIZE);
	hex_write(hex, digest_bytes(&leaf));
	return (struct bytes){(uint8_t *)hex, 2 * DIGEST_SIZE};
}

static bool decide(struct view *view, struct signed_act *act, struct refusal *refusal)
{
	struct commons *commons = &view->ledger.commons;
	struct party party;
	uint64_t height;

	commons->scratch.used = 0;
	*refusal = (struct refusal){.reason = REASON_NONE};
	if (act->act.until.seconds < commons->now.seconds)
		return refuse(refusal, REASON_EXPIRED);
	if (act->act.until.seconds > commons->now.seconds + ACT_UNTIL_MAX)
		return refuse(refusal, REASON_UNTIL_FAR);
	if (seen_get(view_state(view), &act->id, act->act.until, &height))
		return refuse(refusal, REASON_SEEN);
	if (act->act.kind == ACT_SEAL_SIGN)
		return refuse(refusal, REASON_NOT_AN_ACT);
	if (act->operator.name.size > 0 && !mandating_signs(act->act.kind))
		return refuse(refusal, REASON_OPERATOR_KIND);
	if (act->act.kind != ACT_ACCEDE && !party_get(view_state(view), act->act.by, &party) &&
	    !(act->act.kind == ACT_BATCH && act->operator.name.size > 0))
		return refuse(refusal, REASON_PARTY);
	return commons_decide(commons, act, refusal);
}

static void take_back(struct view *view, struct state_mark mark)
{
	state_undo(&view->ledger.state, mark);
	commons_load_charter(&view->ledger.commons);
}

/* What a refusal tells lives in the scratch arena, which the next decision takes anew. */
static void refusal_keep(struct command *command, struct refusal *refusal)
{
	for (unsigned i = 0; i < 2; i++)
		refusal->detail[i] = arena_copy(&command->memory, refusal->detail[i]);
	refusal->rule = arena_copy(&command->memory, refusal->rule);
}

bool trial_begin(struct command *command, struct view *view, const struct act *act,
                 const struct note_key *operator, struct trial *trial, struct refusal *refusal)
{
	struct signed_act s = {.act = *act, .id = act->id};
	struct proposal p;
	bool decided;

	if (operator != NULL)
		s.operator = *operator;
	hex_write(s.id_text, digest_bytes(&s.id));
	*trial = (struct trial){.mark = state_mark(view_state(view)),
	                        .id = arena_copy(&command->memory, act_id_text(&s))};
	decided = decide(view, &s, refusal);
	refusal_keep(command, refusal);
	if (!decided && act->kind == ACT_TRANSFER && refusal->reason == REASON_CONSENT) {
		struct refusal with;

		take_back(view, trial->mark);
		s.recipient = act_field(act, "recipient");
		trial->with_recipient = decided = decide(view, &s, &with);
	}
	if (!decided) {
		take_back(view, trial->mark);
		return false;
	}
	trial->proposed = proposal_get(view_state(view), trial->id, &p) && p.status <= PROPOSAL_PASSED;
	return true;
}

void trial_end(struct view *view, const struct trial *trial)
{
	take_back(view, trial->mark);
}

bool trial_speech(struct command *command, struct view *view, struct act *act,
                  struct refusal *refusal)
{
	struct signed_act s;
	struct record_key key;
	struct state_mark mark = state_mark(view_state(view));
	bool decided;

	act->field[act->kind == ACT_CONSENT ? 2 : 1] =
		slot_of(command, view, act_slot_key(act, &key));
	s = (struct signed_act){.act = *act};
	decided = decide(view, &s, refusal);
	take_back(view, mark);
	return decided;
}
