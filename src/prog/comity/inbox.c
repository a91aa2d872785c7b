/* SPDX-License-Identifier: Apache-2.0 */
/* comity inbox: what waits for this party. */
#include <stdio.h>

#include "act/show.h"
#include "arbitration/dispute.h"
#include "commons/batching.h"
#include "commons/inactivity.h"
#include "commons/linking.h"
#include "commons/technical.h"
#include "norms/adherence.h"
#include "norms/breach.h"
#include "prog/comity/json.h"
#include "prog/comity/norms.h"
#include "prog/comity/nouns.h"
#include "prog/comity/operators.h"
#include "prog/comity/print.h"
#include "prog/comity/public_log.h"
#include "prog/comity/succession.h"
#include "prog/comity/tally.h"

#define WAIVER_NOTICE   (30 * SECONDS_A_DAY)
#define OPERATOR_NOTICE (7 * SECONDS_A_DAY)

/* Items that were told. */
struct inbox {
	struct command *command;
	struct view view;
	unsigned items;
};

/* One item: its sort for programs, what it is about, a sentence, and the next command. */
static void item(struct inbox *inbox, const char *sort, struct bytes about, struct bytes sentence_text,
                 struct bytes next)
{
	struct command *command = inbox->command;

	inbox->items++;
	if (!command->json) {
		tell(command, "{0}", "{0}", VALUES(sentence_text));
		next_step(command, "{0}", "{0}", VALUES(next));
		return;
	}
	json_object(command, NULL);
	json_text(command, "item", bytes_of(sort));
	json_text(command, "about", about);
	json_text(command, "sentence", sentence_text);
	json_text(command, "next", next);
	json_close_object(command);
}

/* What the party has said so far; who proposes, or whose consent is in the act, has said yes. */
static void said(const struct inbox *inbox, const struct proposal *p, bool *voted, bool *objected)
{
	struct charter_case c = tally_case(inbox->command, &inbox->view, p);

	*voted = *objected = false;
	for (size_t i = 0; i < c.count; i++)
		if (bytes_same(c.parties[i].name, inbox->view.us)) {
			*voted = c.parties[i].vote != VOTE_NONE;
			*objected = c.parties[i].objects;
		}
}

static struct bytes proposed(struct command *command, const struct proposal *p)
{
	struct writer w = writer_in(&command->memory);
	struct act act;

	if (!proposal_act(command, p, &act))
		return p->id;
	w = writer_in(&command->memory);
	act_show(&w, &act, command->chinese);
	return writer_keep(&w, &command->memory);
}

static void about_proposal(struct inbox *inbox, struct bytes id)
{
	struct command *command = inbox->command;
	bool vote = tally_may_vote(command, &inbox->view, id), voted;
	bool objection = tally_may_object(command, &inbox->view, id), objected;
	struct bytes what, until;
	struct proposal p;

	if (!proposal_get(view_state(&inbox->view), id, &p))
		return;
	said(inbox, &p, &voted, &objected);
	what = proposed(command, &p);
	if (vote && !voted) {
		until = distance_text(command, p.vote_until, inbox->view.now);
		item(inbox, "vote", id,
		     sentence(command, "{0}  {1}; the vote ends {2}; you have not voted; {3}",
		              "{0}  {1}；表决于 {2}截止；您尚未表决；{3}",
		              VALUES(id_text(id), what, until, tally_text(command, &inbox->view, &p))),
		     sentence(command, "comity consent {0} yes|no|abstain", "comity consent {0} yes|no|abstain",
		              VALUES(id_text(id))));
	}
	if (objection && !objected) {
		until = distance_text(command, tally_objection_end(&inbox->view, &p), inbox->view.now);
		item(inbox, "object", id,
		     sentence(command, "{0}  {1}; you may object; the time for it ends {2}",
		              "{0}  {1}；您可以提出异议；于 {2}截止", VALUES(id_text(id), what, until)),
		     sentence(command, "comity object {0}", "comity object {0}", VALUES(id_text(id))));
	}
}

/* Trying a vote changes the state for a moment: ids are copied before the first. */
static void about_proposals(struct inbox *inbox)
{
	struct bytes *id;
	struct proposal p;
	size_t index = 0, count = 0;

	while (proposal_next(view_state(&inbox->view), &index, &p))
		count += proposal_takes_votes(&p);
	id = arena_take_array(&inbox->command->memory, count, sizeof(*id));
	count = 0;
	for (index = 0; proposal_next(view_state(&inbox->view), &index, &p);)
		if (proposal_takes_votes(&p))
			id[count++] = arena_copy(&inbox->command->memory, p.id);
	for (size_t i = 0; i < count; i++)
		about_proposal(inbox, id[i]);
}

static void about_waivers(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct bytes record;
	size_t index = 0;

	while (state_next(view_state(&inbox->view), BYTES("waiver/"), &index, &record)) {
		struct bytes rest = record_key_part(state_key(record), 1), rule = record_key_part(rest, 1);
		struct bytes label = bytes_first(rest, rest.size - rule.size - 1);
		struct text lines = record_lines(record);
		struct ledger_time expires = record_time(&lines, "expires");
		struct holding h;

		if (!holding_get(view_state(&inbox->view), label, &h) ||
		    !bytes_same(h.holder, inbox->view.us) ||
		    expires.seconds > inbox->view.now.seconds + WAIVER_NOTICE)
			continue;
		item(inbox, "waiver", label,
		     sentence(command, "{0}  its waiver from the rule {1} ends {2}", "{0}  对规则 {1} 的豁免于 {2}到期",
		              VALUES(label, rule, distance_text(command, expires, inbox->view.now))),
		     sentence(command, "comity tld waive {0} {1} --expires TIME",
		              "comity tld waive {0} {1} --expires 时间", VALUES(label, rule)));
	}
}

/* What one can do about an event; empty where it is none of this party's. */
static struct bytes event_next(const struct inbox *inbox, const struct holding *h, const struct event *event)
{
	const struct command *command = inbox->command;
	bool holder = bytes_same(h->holder, inbox->view.us);

	switch (event->sort) {
	case EVENT_RETIREMENT:
		if (holder)
			return sentence(command, "comity tld plan {0} TIME", "comity tld plan {0} 时间", VALUES(event->label));
		break;
	case EVENT_OPERATION:
		if (bytes_same(event->party, inbox->view.us))
			return sentence(command, "comity tld edit {0}", "comity tld edit {0}", VALUES(event->label));
		if (holder && event->ground.size > 0)
			return sentence(command, "comity tld resume {0}", "comity tld resume {0}", VALUES(event->label));
		break;
	case EVENT_VACANCY:
		if (!holder)
			return sentence(command, "comity tld grant {0} PARTY", "comity tld grant {0} PARTY", VALUES(event->label));
		break;
	case EVENT_FREEZE:
		if (holder)
			return sentence(command, "comity tld show {0}", "comity tld show {0}", VALUES(event->label));
		break;
	case EVENT_SORTS:
		break;
	}
	return BYTES("");
}

static void about_events(struct inbox *inbox)
{
	struct event event;
	struct holding h;

	for (size_t index = 0; holding_next(view_state(&inbox->view), &index, &h);)
		for (enum event_sort sort = 0; sort < EVENT_SORTS; sort++) {
			struct bytes next;

			if (!event_get(&inbox->view, h.label, sort, &event))
				continue;
			next = event_next(inbox, &h, &event);
			if (next.size > 0)
				item(inbox, event_word(sort), h.label,
				     event_text(inbox->command, &inbox->view, &event), next);
		}
}

/* The draws in its own disputes: there is nothing to do but to sign the zone. */
static void about_draws(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct dispute d;

	for (size_t index = 0; dispute_next(view_state(&inbox->view), &index, &d);)
		if (d.procedure.phase == PHASE_DRAW && dispute_has(&d, inbox->view.us))
			item(inbox, "draw", d.id,
			     sentence(command, "dispute {0} waits for a draw, which the next release decides",
			              "争端 {0} 等待抽签，由下一次发布决定", VALUES(id_text(d.id))),
			     sentence(command, "comity dispute show {0}", "comity dispute show {0}", VALUES(id_text(d.id))));
}

static void about_faults(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct holding h;

	for (size_t index = 0; holding_next(view_state(&inbox->view), &index, &h);) {
		enum reason fault;

		if (!bytes_same(h.holder, inbox->view.us))
			continue;
		fault = technical_fault(&inbox->view.ledger.commons, h.label, h.records);
		if (fault == REASON_NONE)
			continue;
		item(inbox, "fault", h.label,
		     sentence(command, "{0}  it would not be accepted today: {1}", "{0}  今日将不获接受：{1}",
		              VALUES(h.label, bytes_of(reason_text(fault, command->chinese)))),
		     sentence(command, "comity explain {0}", "comity explain {0}",
		              VALUES(bytes_of(reason_word(fault)))));
	}
}

/* The party's own line of the report; false: it holds no share of the active key. */
static bool own_voice(const struct inbox *inbox, struct voice_line *voice)
{
	struct bytes report = inbox->view.report;

	while (voice_next(&report, voice))
		if (bytes_same(voice->party, inbox->view.us))
			return true;
	return false;
}

static bool was_excluded(const struct inbox *inbox, enum group_kind kind)
{
	struct bytes wanted = join_text(inbox->command, inbox->view.us, BYTES(" ")), line;
	struct ceremony c;

	if (!ceremony_get(view_state(&inbox->view), kind, &c))
		return false;
	for (struct text lines = {.rest = c.excluded}; text_line(&lines, &line);)
		if (bytes_starts(bytes_from(line, sizeof("excluded: ") - 1), wanted))
			return true;
	return false;
}

static void about_signer(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct voice_line voice;

	if (!view_signs(&inbox->view, &inbox->view.as))
		return;
	if (!own_voice(inbox, &voice))
		item(inbox, "share", inbox->view.us,
		     sentence(command, "you hold no share of the key yet: you countersign and sign from the next ceremony on",
		              "您尚无密钥份额：自下一次仪式起会签和签名", NULL),
		     sentence(command, "comity-signerd --home DIR --socket PATH; then: comity key open zsk",
		              "comity-signerd --home DIR --socket PATH；然后：comity key open zsk", NULL));
	else if (!voice.attached)
		item(inbox, "signer", inbox->view.us,
		     sentence(command, "your signer is not attached to this node: you countersign and sign nothing",
		              "您的签署程序未连接本节点：无法会签，也无法签名", NULL),
		     sentence(command, "comity-signerd --home DIR --socket PATH",
		              "comity-signerd --home DIR --socket PATH", NULL));
	for (enum group_kind k = 0; k < GROUPS; k++)
		if (was_excluded(inbox, k))
			item(inbox, "excluded", bytes_of(group_word(k)),
			     sentence(command, "you were excluded from a ceremony of the {0}: you hold no share of it",
			              "您被排除出 {0} 的仪式：不持有其份额",
			              VALUES(show_word(bytes_of(group_word(k)), command->chinese))),
			     sentence(command, "comity status; later: comity key open {0}",
			              "comity status；之后可：comity key open {0}", VALUES(bytes_of(group_word(k)))));
}

static void about_key(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct note_key listed;
	struct key key;
	char path[1024];

	home_key_path(&command->home, "act", path);
	if (key_read(&key, path) != OK)
		return;
	key_wipe(&key);
	if (party_key_named(inbox->view.as.keys, ROLE_ACT, key.public.name, &listed) &&
	    memcmp(listed.public_key, key.public.public_key, 32) == 0)
		return;
	item(inbox, "key", key.public.name,
	     sentence(command, "the act key of this home, {0}, is not one of the party's: nothing signed here is taken",
	              "本主目录的文书密钥 {0} 不在缔约方名下：在此签署的内容不被接受", VALUES(key.public.name)),
	     sentence(command, "comity party show {0}", "comity party show {0}", VALUES(inbox->view.us)));
}

/* Norms that stand and that the party has not answered, in this version. */
static void about_norms(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct adopted norm;

	for (size_t index = 0; adopted_next(view_state(&inbox->view), &index, &norm);) {
		struct adherence a;
		bool there = adherence_get(view_state(&inbox->view), norm.id, inbox->view.us, &a);

		if (norm.status != NORM_STANDS || (there && a.version == norm.version))
			continue;
		item(inbox, "norm", norm.id,
		     sentence(command, "{0}  {1}: you are not bound to version {2} of this norm",
		              "{0}  {1}：您不受此规范第 {2} 版约束",
		              VALUES(norm.id, norm_title_of(command, &inbox->view, &norm),
		                     number_text(command, norm.version))),
		     sentence(command, "comity norm show {0}; then: comity norm accept {0}",
		              "comity norm show {0}；然后：comity norm accept {0}", VALUES(norm.id)));
	}
}

/* It is about to lose its voice for a time, or has. */
static void about_inactivity(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct inactive i;

	if (!inactive_get(view_state(&inbox->view), inbox->view.us, &i) || i.status == INACTIVE_COUNTING)
		return;
	item(inbox, "inactive", inbox->view.us,
	     i.status == INACTIVE_SUSPENDED
	             ? sentence(command, "you have missed {0} duties and done nothing since: your votes do not count", "自上次行事以来已有 {0} 项义务未履行：不计您的表决", VALUES(number_text(command, i.count)))
	             : sentence(command, "you have missed {0} duties and done nothing since: your votes do not count from {1} on", "自上次行事以来已有 {0} 项义务未履行：自 {1} 起不计您的表决",
	                        VALUES(number_text(command, i.count), time_text(command, i.from))),
	     sentence(command, "any act of yours ends that: comity inbox says what waits for one", "您的任何一件文书即可终止：comity inbox 列出待办事项", NULL));
}

/* Duties of its own that the party does not keep. */
static void about_breaches(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct breach b;

	for (size_t index = 0; breach_next(view_state(&inbox->view), &index, &b);) {
		bool open = b.status == BREACH_OPEN;
		struct bytes duty = bytes_of(duty_text(b.duty.kind, command->chinese));
		struct bytes paragraph = number_text(command, b.paragraph);

		if (!bytes_same(b.party, inbox->view.us) || !breach_lives(&b))
			continue;
		item(inbox, open ? "breach" : "lapse", b.norm,
		     open ? sentence(command, "{0}  you are in breach of paragraph {1}, opened {2}; it asks: {3}",
		                     "{0}  您违反了第 {1} 款，{2}开启；该款要求：{3}",
		                     VALUES(b.norm, paragraph, distance_text(command, b.opened, inbox->view.now), duty))
		          : sentence(command, "{0}  you do not keep paragraph {1}: a breach {2}; it asks: {3}",
		                     "{0}  您未履行第 {1} 款：{2}构成违反；该款要求：{3}",
		                     VALUES(b.norm, paragraph,
		                            distance_text(command, (struct ledger_time){b.since.seconds + b.duty.within},
		                                          inbox->view.now), duty)),
		     open ? sentence(command, "comity norm show {0}; to contest it: comity norm contest {0} {1} -m WORDS",
		                     "comity norm show {0}；提出异议：comity norm contest {0} {1} -m WORDS",
		                     VALUES(b.norm, paragraph))
		          : sentence(command, "comity norm show {0}", "comity norm show {0}", VALUES(b.norm)));
	}
}

/* ---- what operators did in this party's name ---- */

/* Whether the batch has an item that took effect on a TLD of ours: the first such. */
static bool batch_touches(const struct inbox *inbox, struct bytes id, struct bytes *label)
{
	struct batch_result r;
	struct bytes lines;
	struct holding h;

	if (!batch_results(view_state(&inbox->view), id, &lines))
		return false;
	while (batch_result_next(&lines, &r))
		if (r.reason == REASON_NONE && holding_get(view_state(&inbox->view), r.label, &h) &&
		    bytes_same(h.holder, inbox->view.us)) {
			*label = r.label;
			return true;
		}
	return false;
}

static bool about_entry(void *context, const struct entry *entry)
{
	struct inbox *inbox = context;
	struct command *command = inbox->command;
	struct bytes operator, id, label;
	struct writer w;

	if (entry->kind != ENTRY_ACT || entry->time.seconds < inbox->view.now.seconds - OPERATOR_NOTICE ||
	    !note_operator(&entry->note, &operator))
		return true;
	w = writer_in(&command->memory);
	write_digest(&w, &entry->act.id);
	id = writer_keep(&w, &command->memory);
	if (entry->act.kind == ACT_BATCH ? !batch_touches(inbox, id, &label)
	                                 : !bytes_same(entry->act.by, inbox->view.us))
		return true;
	w = writer_in(&command->memory);
	act_show(&w, &entry->act, command->chinese);
	label = writer_keep(&w, &command->memory);
	item(inbox, "operator", id,
	     sentence(command, "{0}  the operator {1} did this in your name, {2}: {3}", "{0}  运营方 {1} 代您行事（{2}）：{3}",
	              VALUES(id_text(id), operator, distance_text(command, entry->time, inbox->view.now), label)),
	     sentence(command, "comity act show {0}; to end its mandate: comity tld disempower {1}",
	              "comity act show {0}；终止其委任：comity tld disempower {1}", VALUES(id_text(id), operator)));
	return true;
}

static void about_mandates(struct inbox *inbox)
{
	struct command *command = inbox->command;
	struct mandate m;

	for (size_t index = 0; mandate_next(view_state(&inbox->view), inbox->view.us, &index, &m);)
		if (m.expires.seconds > inbox->view.now.seconds &&
		    m.expires.seconds <= inbox->view.now.seconds + WAIVER_NOTICE)
			item(inbox, "mandate", m.operator,
			     sentence(command, "the mandate of the operator {0} ({1}) ends {2}", "运营方 {0} 的委任（{1}）于 {2}到期",
			              VALUES(m.operator, tld_or_every(command, m.tld),
			                     distance_text(command, m.expires, inbox->view.now))),
			     sentence(command, "comity tld empower {0} --tld '{1}' --may '{2}' --expires TIME",
			              "comity tld empower {0} --tld '{1}' --may '{2}' --expires 时间",
			              VALUES(m.operator, m.tld, m.may)));
}

int inbox(struct command *command, int argc, char *argv[])
{
	struct inbox inbox = {.command = command};

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!command_home(command) || !view_take(command, &inbox.view))
		return EXIT_MISHAP;
	if (!command->json)
		view_head(command, &inbox.view);
	if (command->home.operator) {
		fail(command, EXIT_NO, "{0} is an operator, which is no party: nothing waits for it here",
		     "{0} 是运营方，并非缔约方：此处没有等待它的事项", VALUES(inbox.view.us));
		next_step(command, "what it may sign: comity tld operators --operator {0}", "它可签署的：comity tld operators --operator {0}",
		          VALUES(inbox.view.us));
		return EXIT_NO;
	}
	if (!inbox.view.is_party) {
		fail(command, EXIT_NO, "{0} is not a party of this federation", "{0} 不是本联合体的缔约方",
		     VALUES(inbox.view.us));
		next_step(command, "comity federation join INVITATION", "comity federation join INVITATION", NULL);
		return EXIT_NO;
	}
	about_proposals(&inbox);
	about_waivers(&inbox);
	about_events(&inbox);
	about_draws(&inbox);
	about_faults(&inbox);
	about_norms(&inbox);
	about_inactivity(&inbox);
	about_breaches(&inbox);
	about_mandates(&inbox);
	if (!log_walk(command, &inbox.view, about_entry, &inbox))
		return EXIT_MISHAP;
	about_signer(&inbox);
	about_key(&inbox);
	if (inbox.items == 0 && !command->json)
		tell(command, "nothing waits for {0}", "没有等待 {0} 处理的事项", VALUES(inbox.view.us));
	return EXIT_DONE;
}
