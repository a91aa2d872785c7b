/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/meaning.h"

#include "act/batch.h"
#include "act/show.h"
#include "charter/amend.h"
#include "commons/concern.h"
#include "commons/proposal.h"
#include "prog/comity/party_impact.h"
#include "prog/comity/print.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/subject.h"
#include "prog/comity/tally.h"

struct bytes in_language(const struct command *command, const struct charter *charter,
                         const struct bytes *texts)
{
	for (size_t i = 0; i < charter->language_count; i++)
		if (bytes_same(charter->languages[i], bytes_of(command->chinese ? "zh" : "en")))
			return texts[i];
	return texts[0];
}

struct bytes rule_text(struct command *command, const struct view *view,
                       const struct charter_rule *rule)
{
	const struct charter *charter = &view->ledger.commons.charter;
	const struct charter_article *article = charter_article(charter, rule->article);
	struct bytes source = rule->source;

	if (bytes_starts(source, BYTES("rule ")))
		source = bytes_from(source, sizeof("rule ") - 1);
	return sentence(command, "article {0} ({1}): {2}", "第 {0} 条（{1}）：{2}",
	                VALUES(number_text(command, rule->article),
	                       in_language(command, charter, article->heading), source));
}

/* The rule that amends the charter into the embedded text. */
static const struct charter_rule *amending_rule(const struct view *view, const struct act *act)
{
	const struct charter *from = &view->ledger.commons.charter;
	struct arena scratch = view->ledger.commons.scratch;
	struct bytes text = act_embedded(act, &scratch);
	struct charter_fault fault;
	struct charter to;

	if (charter_read(text, &scratch, &to, &fault) != OK)
		return charter_rule(from, BYTES("charter.amend"));
	return charter_amending_rule(from, &to);
}

const struct charter_rule *meaning_rule(const struct view *view, const struct act *act)
{
	if (act->kind == ACT_CHARTER_AMEND && bytes_same(act_field(act, "subject"), BYTES("charter")))
		return amending_rule(view, act);
	if (act->kind == ACT_PLAN || act->kind == ACT_RESUME)
		return charter_rule(&view->ledger.commons.charter,
		                    bytes_of(concern_rule(&view->ledger.commons, &(struct signed_act){.act = *act})));
	return charter_rule(&view->ledger.commons.charter, bytes_of(act_rule(act)));
}

static struct bytes lines_that_begin(struct command *command, struct bytes text, const char *mark)
{
	struct writer w = writer_in(&command->memory);
	struct text lines = {.rest = text};
	struct bytes line;

	while (text_line(&lines, &line))
		if (bytes_starts(line, bytes_of(mark))) {
			write_bytes(&w, line);
			write_text(&w, "\n");
		}
	return writer_keep(&w, &command->memory);
}

static struct bytes ds_lines(struct command *command, struct bytes records)
{
	struct writer w = writer_in(&command->memory);
	struct text lines = {.rest = records};
	struct bytes line;

	while (text_line(&lines, &line))
		if (memmem(line.at, line.size, " IN DS ", 7) != NULL) {
			write_bytes(&w, line);
			write_text(&w, "\n");
		}
	return writer_keep(&w, &command->memory);
}

static struct bytes apex_lines(struct command *command, const struct view *view)
{
	struct writer w = writer_in(&command->memory);
	struct apex apex;

	apex_get(view_state(view), &apex);
	apex_write(&w, &apex);
	return writer_keep(&w, &command->memory);
}

/* The act that an item of a batch stands for, as far as its rule goes. */
static struct act item_act(const struct batch_item *item)
{
	return (struct act){.kind = item->change == BATCH_DS_DROP ? ACT_DS_DROP : ACT_DELEGATE,
	                    .field = {item->label, item->slot}};
}

static void tell_item(struct command *command, const struct view *view, const struct batch_item *item)
{
	bool whole = item->change == BATCH_DELEGATE;
	struct holding holding = {.records = BYTES("")};
	struct act act = item_act(item);
	struct bytes head;

	(void)holding_get(view_state(view), item->label, &holding);
	head = sentence(command, "{0} {1} (rule {2})", "{0} {1}（规则 {2}）",
	                VALUES(bytes_of(batch_change_word(item->change)), item->label, bytes_of(act_rule(&act))));
	if (whole && item->records.size == 0)
		tell(command, "  {0}: it leaves the zone", "  {0}：不再在区中", VALUES(head));
	else
		tell(command, "  {0}", "  {0}", VALUES(head));
	tell_difference(command, whole ? holding.records : ds_lines(command, holding.records), item->records, 2);
}

static void tell_items(struct command *command, const struct view *view, const struct act *act)
{
	struct bytes document = act_embedded(act, &command->memory);
	struct batch_item item;
	const char *why;

	while (batch_next(&document, &item, &why))
		tell_item(command, view, &item);
}

/* Lines that go and lines that come, against the record that stands. */
static void tell_changes(struct command *command, const struct view *view, const struct act *act)
{
	const struct act_row *row = act_row(act->kind);
	struct record_key at;
	struct bytes record = BYTES(""), key = act_slot_key(act, &at);

	(void)state_get(view_state(view), key, &record);
	if (act->kind == ACT_BATCH) {
		tell_items(command, view, act);
	} else if (act->kind == ACT_WITHDRAW) {
		tell_difference(command, lines_that_begin(command, record, "+ "), BYTES(""), 2);
	} else if (act->kind == ACT_CHARTER_AMEND) {
		bool apex = bytes_same(act_field(act, "subject"), BYTES("apex"));

		tell_difference(command,
		                apex ? apex_lines(command, view) : view->ledger.commons.charter.text,
		                act_embedded(act, &command->memory), 0);
	} else if (act->kind == ACT_DS_DROP) {
		tell_difference(command, ds_lines(command, record), act->records, 2);
	} else if (row->records) {
		tell_difference(command, lines_that_begin(command, record, "+ "), act->records, 2);
	} else if (act->kind == ACT_ROTATE || act->kind == ACT_ACCEDE || act->kind == ACT_REKEY) {
		tell_difference(command, lines_that_begin(command, record, "key: "), act_field(act, "key"), 5);
	}
}

/* The proposal that the act is about. */
static void tell_about(struct command *command, const struct view *view, const struct act *act)
{
	struct proposal p;
	struct writer w;
	struct act about;

	if (!proposal_get(view_state(view), act_field(act, "act"), &p) ||
	    !proposal_act(command, &p, &about))
		return;
	w = writer_in(&command->memory);
	act_show(&w, &about, command->chinese);
	tell(command, "  that is: {0}", "  即：{0}", VALUES(writer_keep(&w, &command->memory)));
}

/* Each item of a batch has its own rule: those that there are, once. */
static void tell_item_rules(struct command *command, const struct view *view, const struct act *act)
{
	struct bytes document = act_embedded(act, &command->memory);
	const struct charter_rule *told[3]; /* delegate.new, delegate.update, delegate.drop-ds */
	unsigned count = 0, i;
	struct batch_item item;
	const char *why;

	while (batch_next(&document, &item, &why)) {
		struct act one = item_act(&item);
		const struct charter_rule *rule = meaning_rule(view, &one);

		for (i = 0; i < count && told[i] != rule; i++)
			;
		if (rule == NULL || i < count)
			continue;
		told[count++] = rule;
		tell(command, "who decides: {0}", "由谁决定：{0}", VALUES(rule_text(command, view, rule)));
	}
}

static void tell_rule(struct command *command, const struct view *view, const struct act *act)
{
	const struct charter_rule *rule = meaning_rule(view, act);
	struct bytes name = bytes_of(act_rule(act));

	if (rule == NULL && (act->kind == ACT_PLAN || act->kind == ACT_RESUME))
		name = BYTES("party");
	if (rule != NULL)
		tell(command, "who decides: {0}", "由谁决定：{0}", VALUES(rule_text(command, view, rule)));
	else if (bytes_same(name, BYTES("party")))
		tell(command, "who decides: the party itself; nobody else is asked",
		     "由谁决定：本方自主，无须他方同意", NULL);
	else if (bytes_same(name, BYTES("computed")))
		tell(command, "who decides: nobody; every node judges it by computation",
		     "由谁决定：无人；由每个节点计算判定", NULL);
}

void tell_meaning(struct command *command, const struct view *view, const struct act *act)
{
	struct writer w = writer_in(&command->memory);
	struct impact impact;

	act_show(&w, act, command->chinese);
	tell(command, "what it does: {0}", "内容：{0}", VALUES(writer_keep(&w, &command->memory)));
	if (view == NULL)
		return;
	if (act->kind == ACT_CONSENT || act->kind == ACT_OBJECT || act->kind == ACT_COMMENT ||
	    act->kind == ACT_WITHDRAW_PROPOSAL || act->kind == ACT_CANCEL)
		tell_about(command, view, act);
	tell_changes(command, view, act);
	(act->kind == ACT_BATCH ? tell_item_rules : tell_rule)(command, view, act);
	if (impact_of_act(command, view, act, &impact))
		tell_impact(command, view, &impact);
}

static void tell_founders(struct command *command, struct bytes parties)
{
	struct founder founder;

	while (genesis_party(&parties, &founder))
		tell(command, "  founder: {0} ({1}); {2} of its act keys must sign", "  创始方：{0}（{1}）；须由其中 {2} 把文书密钥签署",
		     VALUES(founder.name, founder.kind, number_text(command, founder.threshold)));
}

void tell_founding(struct command *command, const struct genesis *genesis)
{
	struct act embedding = {.embed = genesis->embed};
	struct writer w = writer_in(&command->memory);
	struct charter_fault fault;
	struct charter charter;
	struct bytes apex;

	dname_write_text(&w, dname_bytes(&genesis->apex.name));
	apex = writer_keep(&w, &command->memory);
	tell(command, "what it does: it founds the federation {0}, over the zone {1}",
	     "内容：创立联合体 {0}，共管区 {1}", VALUES(genesis->origin, apex));
	if (charter_read(act_embedded(&embedding, &command->memory), &command->memory, &charter, &fault) == OK)
		tell(command, "  charter: {0}", "  宪章：{0}", VALUES(in_language(command, &charter, charter.titles)));
	tell_founders(command, genesis->parties);
}
