/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/receipt.h"

#include "commons/proposal.h"
#include "note/note.h"
#include "prog/comity/advice.h"
#include "prog/comity/json.h"
#include "prog/comity/operators.h"
#include "prog/comity/print.h"
#include "prog/comity/tally.h"

/* What the receipt of a refusal says, and what we add. */
struct refused {
	struct bytes act; /* empty when there is no receipt */
	enum reason reason;
	uint64_t article;
	struct bytes text; /* in the reader's language */
};

/* Where it is written: the charter, or what every charter rests on. */
static struct bytes law_text(struct command *command, const struct refused *r)
{
	if (r->article != 0 && reason_is_of_rule(r->reason))
		return sentence(command, "charter, article {0}", "宪章第 {0} 条", VALUES(number_text(command, r->article)));
	return sentence(command, "comity-act(5), REFUSED {0}", "comity-act(5)，REFUSED {0}",
	                VALUES(number_text(command, (uint64_t)r->reason)));
}

static int tell_refused(struct command *command, const struct refused *r)
{
	struct bytes word = bytes_of(r->reason == REASON_NONE ? "unknown" : reason_word(r->reason));

	if (command->json) {
		json_object(command, NULL);
		json_text(command, "outcome", BYTES("refused"));
		if (r->act.size > 0)
			json_text(command, "act", r->act);
		else
			json_null(command, "act");
		json_text(command, "reason", word);
		json_number(command, "number", (uint64_t)r->reason);
		if (r->article != 0)
			json_number(command, "article", r->article);
		else
			json_null(command, "article");
		json_text(command, "law", law_text(command, r));
		json_text(command, "text", r->text);
		json_close_object(command);
		return EXIT_NO;
	}
	fail(command, EXIT_NO, "refused ({0}): {1}", "被拒绝（{0}）：{1}", VALUES(word, r->text));
	if (r->reason != REASON_NONE)
		next_step(command, reason_advice(r->reason, false), reason_advice(r->reason, true), NULL);
	return EXIT_NO;
}

int tell_refusal(struct command *command, const struct refusal *refusal)
{
	struct writer w = writer_in(&command->memory);
	struct refused r = {BYTES(""), refusal->reason, refusal->article, BYTES("")};

	refusal_write(&w, refusal, command->chinese);
	r.text = writer_keep(&w, &command->memory);
	return tell_refused(command, &r);
}

static int tell_malformed(struct command *command, struct bytes receipt)
{
	struct bytes line = field_of(receipt, "line"), why = field_of(receipt, "why");
	uint64_t number = 0;

	(void)text_number(line, UINT32_MAX, &number);
	if (command->json) {
		json_object(command, NULL);
		json_text(command, "outcome", BYTES("malformed"));
		json_number(command, "line", number);
		json_text(command, "why", why);
		json_close_object(command);
		return EXIT_NO;
	}
	fail(command, EXIT_NO, "not an act: line {0}: {1}", "不是文书：第 {0} 行：{1}", VALUES(line, why));
	next_step(command, "man comity-act, GRAMMAR", "见 man comity-act 的 GRAMMAR 一节", NULL);
	return EXIT_NO;
}

/* The proposal that the act is, or that it speaks on; empty for neither. */
static struct bytes proposal_of(struct command *command, const struct act *act)
{
	struct writer w = writer_in(&command->memory);

	if (act->kind == ACT_CONSENT || act->kind == ACT_OBJECT)
		return act_field(act, "act");
	write_digest(&w, &act->id);
	return writer_keep(&w, &command->memory);
}

static bool is_content(enum act_kind kind)
{
	return kind == ACT_DELEGATE || kind == ACT_DS_DROP || kind == ACT_HOST || kind == ACT_SERVER;
}

void tell_outcome(struct command *command, const struct view *view, const struct act *act, bool now)
{
	struct proposal p;

	if (act->kind == ACT_BATCH && tell_batch(command, view, proposal_of(command, act)))
		return;
	if (proposal_get(view_state(view), proposal_of(command, act), &p))
		tell_proposal_standing(command, view, &p);
	else if (now && is_content(act->kind))
		tell(command, "it took effect; the next release of the zone carries it",
		     "已生效；将由区的下一次发布带出", NULL);
	else
		tell(command, "it took effect", "已生效", NULL);
}

static void tell_entered(struct command *command, struct bytes receipt, bool before)
{
	struct bytes act = field_of(receipt, "act"), height = field_of(receipt, "height");

	if (before)
		tell(command, "entered before: {0}, block {1}", "此前已登记：{0}，区块 {1}",
		     VALUES(act, height));
	else
		tell(command, "entered: {0}, block {1}", "已登记：{0}，区块 {1}", VALUES(act, height));
}

static void json_entered(struct command *command, const struct view *view,
                         const struct act *act, struct bytes receipt)
{
	struct bytes id = field_of(receipt, "act");
	uint64_t number;
	struct proposal p;

	json_object(command, NULL);
	json_text(command, "outcome", field_of(receipt, "outcome"));
	json_text(command, "act", id);
	if (text_number(field_of(receipt, "height"), INT64_MAX, &number))
		json_number(command, "height", number);
	if (text_number(field_of(receipt, "index"), INT64_MAX, &number))
		json_number(command, "index", number);
	if (proposal_get(view_state(view), proposal_of(command, act), &p))
		json_proposal_standing(command, "proposal", view, &p);
	else
		json_null(command, "proposal");
	if (act->kind == ACT_BATCH && !json_batch(command, view, id))
		json_null(command, "items");
	json_close_object(command);
}

static int tell_receipt(struct command *command, const struct act *act, struct bytes receipt)
{
	struct bytes outcome = field_of(receipt, "outcome");
	bool before = bytes_same(outcome, BYTES("already"));
	struct view view;

	if (bytes_same(outcome, BYTES("refused"))) {
		struct refused r = {field_of(receipt, "act"), reason_of(field_of(receipt, "reason")), 0,
		                    field_of(receipt, command->chinese ? "zh" : "en")};
		(void)text_number(field_of(receipt, "article"), UINT16_MAX, &r.article);
		return tell_refused(command, &r);
	}
	if (!before && !bytes_same(outcome, BYTES("entered")))
		return tell_malformed(command, receipt);
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (command->json) {
		json_entered(command, &view, act, receipt);
		return EXIT_DONE;
	}
	tell_entered(command, receipt, before);
	tell_outcome(command, &view, act, true);
	next_step(command, "comity watch --act {0}", "comity watch --act {0}",
	          VALUES(id_text(field_of(receipt, "act"))));
	return EXIT_DONE;
}

int note_submit(struct command *command, struct bytes octets)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct bytes receipt;
	struct fault fault;
	struct note note;
	struct act act;

	if (!node_ask(command, IPC_SUBMIT, octets, IPC_RECEIPT, &receipt))
		return EXIT_MISHAP;
	/* What does not read is what the node says is malformed. */
	if (note_read(octets, &note, &fault) != OK ||
	    act_read(note.text, scratch, &act, &fault) != OK)
		return tell_malformed(command, receipt);
	return tell_receipt(command, &act, receipt);
}
