/* SPDX-License-Identifier: Apache-2.0 */
/* comity proposal, consent, object: what waits for the consent of others, and what is said of it. */
#include <stdio.h>

#include "act/show.h"
#include "prog/comity/attesting.h"
#include "prog/comity/draft.h"
#include "prog/comity/history.h"
#include "prog/comity/party_impact.h"
#include "prog/comity/json.h"
#include "prog/comity/meaning.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/subject.h"
#include "prog/comity/tally.h"

/* What is proposed, in words; what has ended has its text in the log only. */
static struct bytes sentence_of(struct command *command, const struct proposal *p)
{
	struct writer w;
	struct act act;

	if (!proposal_act(command, p, &act))
		return sentence(command, "(ended; see comity act show {0})", "（已结束；见 comity act show {0}）",
		                VALUES(id_text(p->id)));
	w = writer_in(&command->memory);
	act_show(&w, &act, command->chinese);
	return writer_keep(&w, &command->memory);
}

static void json_proposal(struct command *command, const struct view *view,
                          const struct proposal *p)
{
	struct act act;

	json_object(command, NULL);
	json_proposal_standing(command, "proposal", view, p);
	if (proposal_act(command, p, &act)) {
		json_text(command, "kind", bytes_of(act_row(act.kind)->word));
		json_text(command, "by", act.by);
		json_text(command, "sentence", sentence_of(command, p));
	}
	json_close_object(command);
}

static void table_proposal(struct table *t, struct command *command, const struct view *view,
                           const struct proposal *p)
{
	table_cell(t, id_text(p->id));
	table_cell(t, show_word(bytes_of(proposal_status_word(p->status)), command->chinese));
	table_cell(t, proposal_lives(p)
	                      ? distance_text(command, proposal_deadline(p), view->now)
	                      : BYTES("-"));
	table_cell(t, sentence_of(command, p));
}

int proposal_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 4);
	struct proposal p;
	struct view view;
	bool all;

	if (!all_asked(command, argc, argv, &all))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "ID", "编号");
	table_head(&t, "STATUS", "状态");
	table_head(&t, "ENDS", "截止");
	table_head(&t, "WHAT", "内容");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; proposal_next(view_state(&view), &index, &p);) {
		if (!all && !proposal_lives(&p))
			continue;
		if (command->json)
			json_proposal(command, &view, &p);
		else
			table_proposal(&t, command, &view, &p);
	}
	if (!command->json && t.cells == t.columns)
		tell(command, "no proposal is open", "没有待决提案", NULL);
	table_end(&t);
	return EXIT_DONE;
}

static const char *vote_word(const struct charter_party *party)
{
	static const char *const WORDS[] = {[VOTE_NONE] = "-",
	                                    [VOTE_YES] = "yes",
	                                    [VOTE_NO] = "no",
	                                    [VOTE_ABSTAIN] = "abstain"};

	return WORDS[party->vote];
}

/* The parts of a party in the case, in words. */
static struct bytes parts_of(struct command *command, const struct charter_party *p)
{
	const struct {
		bool is;
		const char *en, *zh;
	} parts[] = {{p->proposer, "proposer", "提案方"},
	             {p->holder, "holder", "持有者"},
	             {p->recipient, "recipient", "接收方"},
	             {p->concerned, "concerned", "当事方"},
	             {p->interested, "interested", "利害方"}};
	struct writer w = writer_in(&command->memory);

	for (unsigned i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].is) {
			write_text(&w, w.used > 0 ? " " : "");
			write_text(&w, say(command, parts[i].en, parts[i].zh));
		}
	return writer_keep(&w, &command->memory);
}

static void tell_parties(struct command *command, const struct charter_case *c)
{
	struct table t = table_begin(command, 5);

	table_head(&t, "PARTY", "缔约方");
	table_head(&t, "KIND", "类别");
	table_head(&t, "VOTE", "表决");
	table_head(&t, "OBJECTS", "异议");
	table_head(&t, "PART", "角色");
	for (size_t i = 0; i < c->count; i++) {
		const struct charter_party *p = &c->parties[i];

		table_cell(&t, p->name);
		table_cell(&t, p->kind);
		table_cell(&t, show_word(bytes_of(vote_word(p)), command->chinese));
		table_cell(&t, bytes_of(p->objects ? say(command, "yes", "是") : "-"));
		table_cell(&t, parts_of(command, p));
	}
	table_end(&t);
}

static void json_parties(struct command *command, const struct charter_case *c)
{
	json_array(command, "parties");
	for (size_t i = 0; i < c->count; i++) {
		const struct charter_party *p = &c->parties[i];

		json_object(command, NULL);
		json_text(command, "party", p->name);
		json_text(command, "kind", p->kind);
		json_number(command, "weight", p->weight);
		if (p->vote == VOTE_NONE)
			json_null(command, "vote");
		else
			json_text(command, "vote", bytes_of(vote_word(p)));
		json_bool(command, "objects", p->objects);
		json_close_object(command);
	}
	json_close_array(command);
}

static bool is_about_key(const void *context, const struct entry *entry)
{
	const struct bytes *key = context;

	return entry->kind == ENTRY_ACT && act_is_about(&entry->act, *key);
}

/* What was said about it, from the log: also of what has ended. */
static bool tell_said(struct command *command, const struct view *view, struct bytes id)
{
	struct bytes key = join_text(command, BYTES("proposal/"), id);
	unsigned count;

	return history_tell(command, view, is_about_key, &key, UINT32_MAX, &count);
}

static void tell_show(struct command *command, const struct view *view, const struct proposal *p)
{
	const struct charter_rule *rule = charter_rule(&view->ledger.commons.charter, p->rule);
	struct charter_case c;
	struct impact impact;
	struct act act;

	view_head(command, view);
	tell(command, "proposal {0}: {1}", "提案 {0}：{1}", VALUES(p->id, sentence_of(command, p)));
	if (rule != NULL && proposal_lives(p))
		tell(command, "who decides: {0}", "由谁决定：{0}", VALUES(rule_text(command, view, rule)));
	tell_proposal_standing(command, view, p);
	if (!proposal_act(command, p, &act))
		return;
	c = tally_case(command, view, p);
	tell_parties(command, &c);
	if (impact_of_act(command, view, &act, &impact))
		tell_impact(command, view, &impact);
	tell(command, "the text:", "文本：", NULL);
	print_text(command, act.text);
}

int proposal_show(struct command *command, int argc, char *argv[])
{
	struct bytes id;
	struct proposal p;
	struct view view;
	bool may_vote, may_object;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!view_proposal(command, &view, argv[optind], &p))
		return EXIT_NO;
	id = arena_copy(&command->memory, p.id);
	may_vote = tally_may_vote(command, &view, id);
	may_object = tally_may_object(command, &view, id);
	if (!proposal_get(view_state(&view), id, &p))
		return EXIT_MISHAP;
	if (command->json) {
		struct charter_case c = tally_case(command, &view, &p);
		struct impact impact;
		struct act act;

		json_object(command, NULL);
		view_json_head(command, &view);
		json_proposal_standing(command, "proposal", &view, &p);
		json_parties(command, &c);
		json_checks(command, "checks", &view, id);
		json_bool(command, "may_vote", may_vote);
		json_bool(command, "may_object", may_object);
		if (proposal_act(command, &p, &act)) {
			if (impact_of_act(command, &view, &act, &impact))
				json_impact(command, "impact", &view, &impact);
			json_text(command, "text", act.text);
		}
		json_close_object(command);
		return EXIT_DONE;
	}
	tell_show(command, &view, &p);
	tell_checks(command, &view, id);
	tell(command, "what was said, by the public log:", "公开日志中的发言：", NULL);
	if (!tell_said(command, &view, id))
		return EXIT_MISHAP;
	if (may_vote)
		next_step(command, "comity consent {0} yes|no|abstain", "comity consent {0} yes|no|abstain",
		          VALUES(id_text(id)));
	if (may_object)
		next_step(command, "comity object {0}", "comity object {0}", VALUES(id_text(id)));
	return EXIT_DONE;
}

/* What is said of a proposal is said under the charter version it opened under. A cancellation has a rule of its own. */
static int speak(struct command *command, struct draft *draft, enum act_kind kind, const char *id,
                 const char *vote)
{
	struct proposal p;

	if (!draft_begin(command, draft, kind))
		return EXIT_MISHAP;
	if (!view_proposal(command, &draft->view, id, &p))
		return EXIT_NO;
	if (kind != ACT_CANCEL)
		draft->act.charter = p.charter;
	draft_set(draft, "act", arena_copy(&command->memory, p.id));
	if (vote != NULL)
		draft_set(draft, "vote", bytes_of(vote));
	if (command->asks && !command->json)
		tell(command, "on: {0}", "关于：{0}", VALUES(sentence_of(command, &p)));
	return draft_finish(command, draft);
}

int consent(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 2))
		return EXIT_MISUSE;
	return speak(command, &draft, ACT_CONSENT, argv[optind], argv[optind + 1]);
}

/* A command of one proposal and nothing more. */
static int speak_alone(struct command *command, int argc, char *argv[], enum act_kind kind)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	return speak(command, &draft, kind, argv[optind], NULL);
}

int object(struct command *command, int argc, char *argv[])
{
	return speak_alone(command, argc, argv, ACT_OBJECT);
}

int proposal_comment(struct command *command, int argc, char *argv[])
{
	return speak_alone(command, argc, argv, ACT_COMMENT);
}

int proposal_withdraw(struct command *command, int argc, char *argv[])
{
	return speak_alone(command, argc, argv, ACT_WITHDRAW_PROPOSAL);
}

int proposal_cancel(struct command *command, int argc, char *argv[])
{
	return speak_alone(command, argc, argv, ACT_CANCEL);
}
