/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/tally.h"

#include "act/show.h"
#include "prog/comity/advice.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"
#include "prog/comity/trial.h"

struct charter_case tally_case(struct command *command, const struct view *view,
                               const struct proposal *proposal)
{
	return proposal_case(&view->ledger.commons, proposal, &command->memory);
}

static const struct charter_rule *rule_of(const struct view *view, const struct proposal *p)
{
	return charter_rule(&view->ledger.commons.charter, p->rule);
}

struct bytes tally_text(struct command *command, const struct view *view,
                        const struct proposal *proposal)
{
	struct charter_case c = tally_case(command, view, proposal);
	struct writer w = writer_in(&command->memory);

	(proposal->status == PROPOSAL_RATIFYING ? charter_tell_ratify : charter_tell)(
		rule_of(view, proposal), &c, command->chinese ? CHARTER_ZH : CHARTER_EN, &w);
	return writer_keep(&w, &command->memory);
}

/* Whether a clause counts the party. */
static bool counts(const struct charter_expression *expression, const struct charter_party *party)
{
	for (size_t i = 0; i < expression->count; i++)
		if (!charter_clause_joins(&expression->clauses[i]) &&
		    charter_clause_counts(&expression->clauses[i], party))
			return true;
	return false;
}

static bool speaks(struct command *command, struct view *view, struct bytes id,
                   enum act_kind kind)
{
	struct refusal refusal;
	struct proposal p;
	struct act act;

	if (!view->is_party || !proposal_get(view_state(view), id, &p) || !proposal_takes_votes(&p))
		return false;
	act = trial_act(command, view, kind);
	act.charter = p.charter;
	act.field[0] = id;
	act.field[1] = BYTES("abstain"); /* of a vote; what it says does not matter here */
	return trial_speech(command, view, &act, &refusal);
}

bool tally_may_vote(struct command *command, struct view *view, struct bytes id)
{
	struct charter_case c;
	struct proposal p;

	if (!speaks(command, view, id, ACT_CONSENT) || !proposal_get(view_state(view), id, &p))
		return false;
	c = tally_case(command, view, &p);
	for (size_t i = 0; i < c.count; i++)
		if (bytes_same(c.parties[i].name, view->us))
			return counts(p.status == PROPOSAL_RATIFYING ? &rule_of(view, &p)->ratified
			                                             : &rule_of(view, &p)->consent,
			              &c.parties[i]);
	return false;
}

bool tally_may_object(struct command *command, struct view *view, struct bytes id)
{
	return speaks(command, view, id, ACT_OBJECT);
}

bool proposal_act(struct command *command, const struct proposal *proposal, struct act *act)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct act embedding = {.embed = proposal->text};
	struct fault fault;

	return proposal->text.size > 0 &&
	       act_read(act_embedded(&embedding, &command->memory), scratch, act, &fault) == OK;
}

struct ledger_time tally_objection_end(const struct view *view, const struct proposal *proposal)
{
	return proposal->status == PROPOSAL_OPEN && rule_of(view, proposal)->objection != 0
	               ? proposal->objection_until
	               : proposal->vote_until;
}

static struct ledger_time later(struct ledger_time a, struct ledger_time b)
{
	return a.seconds > b.seconds ? a : b;
}

struct ledger_time proposal_deadline(const struct proposal *proposal)
{
	return proposal_takes_votes(proposal)
	               ? later(proposal->vote_until, proposal->objection_until)
	               : proposal->execute_at;
}

static void tell_open(struct command *command, const struct view *view, const struct proposal *p)
{
	struct ledger_time end = proposal_deadline(p);

	tell(command, "it is a proposal, and waits: {0}", "这是一项提案，等待中：{0}",
	     VALUES(tally_text(command, view, p)));
	tell(command, "it ends {0}, at {1}", "截止：{0}（{1}）",
	     VALUES(distance_text(command, end, view->now), time_text(command, end)));
}

void tell_proposal_standing(struct command *command, const struct view *view,
                            const struct proposal *p)
{
	struct bytes at = time_text(command, p->execute_at);
	struct bytes distance = distance_text(command, p->execute_at, view->now);

	switch (p->status) {
	case PROPOSAL_OPEN:
		tell_open(command, view, p);
		break;
	case PROPOSAL_PASSED:
		tell(command, "it was agreed to; it takes effect {0}, at {1}", "已获同意；{0}生效（{1}）",
		     VALUES(distance, at));
		break;
	case PROPOSAL_RATIFYING:
		tell(command, "it took effect, and ends unless it is ratified by {0}: {1}",
		     "已生效，须在 {0} 之前获得追认，否则终止：{1}",
		     VALUES(time_text(command, p->vote_until), tally_text(command, view, p)));
		break;
	case PROPOSAL_DONE:
		tell(command, "it was agreed to, and took effect {0}, at {1}", "已获同意，并于 {0}生效（{1}）",
		     VALUES(distance, at));
		break;
	case PROPOSAL_FAILED:
		tell(command, "it was not agreed to, and is closed", "未获同意，已结束", NULL);
		break;
	case PROPOSAL_REFUSED:
		tell(command, "it was agreed to, and could then not take effect: {0}",
		     "已获同意，但随后无法生效：{0}",
		     VALUES(bytes_of(reason_known(p->reason) ? reason_text(p->reason, command->chinese)
		                                             : "?")));
		break;
	case PROPOSAL_ABORTED:
		tell(command, "it ended when the rule that governs it was amended",
		     "适用于它的规则已被修订，故告终止", NULL);
		break;
	case PROPOSAL_WITHDRAWN:
		tell(command, "who made it withdrew it", "提案方已将其撤回", NULL);
		break;
	case PROPOSAL_CANCELLED:
		tell(command, "it was cancelled before it took effect", "在生效之前已被取消", NULL);
		break;
	case PROPOSAL_STATUSES:
		break;
	}
}

void json_proposal_standing(struct command *command, const char *key, const struct view *view,
                            const struct proposal *p)
{
	json_object(command, key);
	json_text(command, "act", p->id);
	json_text(command, "status", bytes_of(proposal_status_word(p->status)));
	json_text(command, "rule", p->rule);
	json_number(command, "charter", p->charter);
	json_time(command, "opened", p->opened);
	if (proposal_takes_votes(p)) {
		json_time(command, "comment_until", p->comment_until);
		json_time(command, "vote_until", p->vote_until);
		json_time(command, "objection_until", tally_objection_end(view, p));
		json_text(command, "tally", tally_text(command, view, p));
	} else if (p->status <= PROPOSAL_DONE) {
		json_time(command, "effect", p->execute_at);
	}
	json_close_object(command);
}
