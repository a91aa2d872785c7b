/* SPDX-License-Identifier: Apache-2.0 */
/* comity tld: who holds what, and acts about it. Editing is in tld_edit.c. */
#include <stdio.h>
#include <string.h>

#include "commons/linking.h"
#include "commons/mandating.h"
#include "commons/technical.h"
#include "prog/comity/draft.h"
#include "prog/comity/history.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/receipt.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/subject.h"
#include "prog/comity/succession.h"
#include "prog/comity/tld.h"
#include "state/mandate.h"

struct bytes tld_label(struct command *command, const char *argument)
{
	struct bytes label = bytes_of(argument);
	struct writer w = writer_in(&command->memory);

	if (label.size > 1 && label.at[0] == '.')
		label = bytes_from(label, 1);
	if (label.size > 1 && label.at[label.size - 1] == '.')
		label.size--;
	for (size_t i = 0; i < label.size; i++)
		write_octet(&w, label.at[i] >= 'A' && label.at[i] <= 'Z' ? label.at[i] + ('a' - 'A') : label.at[i]);
	return writer_keep(&w, &command->memory);
}

bool tld_label_valid(struct bytes label)
{
	static const struct act_field FIELD = {"tld", FORM_LABEL, NULL};

	return field_form_holds(&FIELD, label);
}

static unsigned count_of_type(struct bytes lines, uint16_t type)
{
	uint8_t memory[16384] __attribute__((aligned(16)));
	unsigned count = 0;
	bool more = true;

	while (more) {
		struct arena scratch = {memory, sizeof(memory), 0};
		struct rr rr;

		more = record_rr(&lines, &scratch, &rr);
		count += more && rr.type == type;
	}
	return count;
}

static void json_holding(struct command *command, const struct holding *h)
{
	json_object(command, NULL);
	json_text(command, "tld", h->label);
	json_text(command, "holder", h->holder);
	json_bool(command, "delegated", h->records.size > 0);
	json_number(command, "ns", count_of_type(h->records, TYPE_NS));
	json_number(command, "ds", count_of_type(h->records, TYPE_DS));
	json_text(command, "act", h->act);
	json_close_object(command);
}

static void table_holdings(struct command *command, const struct view *view, struct bytes holder)
{
	struct table t = table_begin(command, 5);
	struct holding h;

	table_head(&t, "TLD", "顶级域");
	table_head(&t, "HOLDER", "持有者");
	table_head(&t, "NS", "NS");
	table_head(&t, "DS", "DS");
	table_head(&t, "ACT", "文书");
	for (size_t index = 0; holding_next(view_state(view), &index, &h);) {
		if (holder.size > 0 && !bytes_same(holder, h.holder))
			continue;
		table_cell(&t, h.label);
		table_cell(&t, h.holder);
		table_cell(&t, number_text(command, count_of_type(h.records, TYPE_NS)));
		table_cell(&t, number_text(command, count_of_type(h.records, TYPE_DS)));
		table_cell(&t, id_text(h.act));
	}
	if (t.cells <= t.columns && holder.size > 0)
		tell(command, "{0} holds no TLD", "{0} 未持有任何顶级域", VALUES(holder));
	else if (t.cells <= t.columns)
		tell(command, "no TLD is held", "没有被持有的顶级域", NULL);
	table_end(&t);
}

int tld_list(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"holder", required_argument, NULL, 'h'},
	                                        {NULL, 0, NULL, 0}};
	struct bytes holder = BYTES("");
	struct holding h;
	struct party party;
	struct view view;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'h')
			return EXIT_MISUSE;
		holder = bytes_of(optarg);
	}
	if (!arguments_are(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (holder.size > 0 && !view_party(command, &view, holder, &party))
		return EXIT_NO;
	if (!command->json) {
		view_head(command, &view);
		table_holdings(command, &view, holder);
		return EXIT_DONE;
	}
	for (size_t index = 0; holding_next(view_state(&view), &index, &h);)
		if (holder.size == 0 || bytes_same(holder, h.holder))
			json_holding(command, &h);
	return EXIT_DONE;
}

bool tld_holding(struct command *command, const struct view *view, struct bytes label,
                 struct holding *holding)
{
	struct refusal refusal;

	if (tld_label_valid(label) && holding_get(view_state(view), label, holding))
		return true;
	refuse_name(&refusal, REASON_HOLDER, label);
	tell_refusal(command, &refusal);
	return false;
}

/* The next waiver of the TLD, from *index on. */
static bool waiver_next(const struct view *view, struct bytes label, size_t *index,
                        struct bytes *rule, struct ledger_time *expires)
{
	struct record_key key;
	struct bytes prefix = record_key(&key, "waiver", label, BYTES("")), record;

	key.at[key.size++] = '/';
	prefix.size++;
	if (!state_next(view_state(view), prefix, index, &record))
		return false;
	struct text lines = record_lines(record);
	*rule = bytes_from(state_key(record), prefix.size);
	*expires = record_time(&lines, "expires");
	return true;
}

/* The next mandate that counts for the TLD: of who keeps it, the holder or an interim operator. */
static bool used_mandate_next(const struct view *view, const struct holding *h, size_t *index,
                              struct mandate *mandate)
{
	struct bytes keeper = h->holder;
	struct mandate own;

	(void)mandating_keeper(&view->ledger.commons, h->label, &keeper);
	while (mandate_next(view_state(view), keeper, index, mandate))
		if (mandate_of(view_state(view), keeper, mandate->operator, h->label, &own) &&
		    bytes_same(own.tld, mandate->tld))
			return true;
	return false;
}

static void tell_mandate(struct command *command, const struct view *view, const struct mandate *m)
{
	struct bytes values[] = {m->operator, m->may, time_text(command, m->expires),
	                         distance_text(command, m->expires, view->now), m->party};

	if (m->expires.seconds <= view->now.seconds)
		tell(command, "the mandate of the operator {0} by {4} expired: {2} ({3})", "{4} 对运营方 {0} 的委任已到期：{2}（{3}）",
		     values);
	else
		tell(command, "a key of the operator {0} may change of it, in the name of {4}: {1}, until {2} ({3})",
		     "运营方 {0} 的一把密钥可代 {4} 更改其：{1}，至 {2}（{3}）", values);
}

/* The next host that the TLD uses. */
static bool used_host_next(const struct view *view, struct bytes label, size_t *index,
                           struct host *host)
{
	while (host_next(view_state(view), index, host))
		if (host_used_by(host, label))
			return true;
	return false;
}

static void json_show(struct command *command, const struct view *view, const struct holding *h,
                      enum reason fault)
{
	struct ledger_time expires;
	struct bytes rule;
	struct mandate m;
	struct host host;

	json_object(command, NULL);
	view_json_head(command, view);
	json_text(command, "tld", h->label);
	json_text(command, "holder", h->holder);
	json_text(command, "act", h->act);
	json_bool(command, "delegated", h->records.size > 0);
	json_records(command, "records", h->records);
	json_array(command, "hosts");
	for (size_t index = 0; used_host_next(view, h->label, &index, &host);) {
		json_object(command, NULL);
		json_text(command, "host", host.name);
		json_text(command, "owner", host.owner);
		json_records(command, "records", host.records);
		json_close_object(command);
	}
	json_close_array(command);
	events_json(command, view, h->label);
	json_array(command, "operators");
	for (size_t index = 0; used_mandate_next(view, h, &index, &m);) {
		json_object(command, NULL);
		json_text(command, "operator", m.operator);
		json_text(command, "party", m.party);
		json_words(command, "may", m.may);
		json_time(command, "expires", m.expires);
		json_bool(command, "expired", m.expires.seconds <= view->now.seconds);
		json_close_object(command);
	}
	json_close_array(command);
	json_array(command, "waivers");
	for (size_t index = 0; waiver_next(view, h->label, &index, &rule, &expires);) {
		json_object(command, NULL);
		json_text(command, "rule", rule);
		json_time(command, "expires", expires);
		json_close_object(command);
	}
	json_close_array(command);
	if (fault == REASON_NONE)
		json_null(command, "fault");
	else
		json_text(command, "fault", bytes_of(reason_word(fault)));
	json_close_object(command);
}

static void tell_show(struct command *command, const struct view *view, const struct holding *h,
                      enum reason fault)
{
	struct ledger_time expires;
	struct event event;
	struct bytes rule;
	struct mandate m;
	struct host host;

	view_head(command, view);
	tell(command, "{0} is held by {1}, {2}", "{0} 由 {1} 持有（{2}）",
	     VALUES(h->label, h->holder, said_text(command, h->act)));
	if (h->records.size == 0)
		tell(command, "it is not delegated: it is not in the zone", "尚未授权：不在区中", NULL);
	for (enum event_sort sort = 0; sort < EVENT_SORTS; sort++)
		if (event_get(view, h->label, sort, &event))
			tell(command, "{0}", "{0}", VALUES(event_text(command, view, &event)));
	print_records(command, h->records);
	for (size_t index = 0; used_host_next(view, h->label, &index, &host);) {
		tell(command, "it uses the host {0} of {1}:", "它使用 {1} 的主机 {0}：",
		     VALUES(host.name, host.owner));
		print_records(command, host.records);
	}
	for (size_t index = 0; used_mandate_next(view, h, &index, &m);)
		tell_mandate(command, view, &m);
	for (size_t index = 0; waiver_next(view, h->label, &index, &rule, &expires);)
		tell(command, "waived from the rule {0} until {1} ({2})", "豁免规则 {0}，至 {1}（{2}）",
		     VALUES(rule, time_text(command, expires), distance_text(command, expires, view->now)));
	if (fault != REASON_NONE)
		tell(command, "!! it would not be accepted today: {0}", "!! 今日将不获接受：{0}",
		     VALUES(bytes_of(reason_text(fault, command->chinese))));
	next_step(command, "why it is so: comity why tld/{0}", "为何如此：comity why tld/{0}",
	          VALUES(h->label));
}

int tld_show(struct command *command, int argc, char *argv[])
{
	struct holding holding;
	enum reason fault;
	struct view view;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!tld_holding(command, &view, tld_label(command, argv[optind]), &holding))
		return EXIT_NO;
	fault = technical_fault(&view.ledger.commons, holding.label, holding.records);
	if (command->json)
		json_show(command, &view, &holding, fault);
	else
		tell_show(command, &view, &holding, fault);
	return EXIT_DONE;
}

static bool is_about_tld(const void *context, const struct entry *entry)
{
	const struct bytes *label = context;

	struct bytes change;

	return entry->kind == ENTRY_ACT && (bytes_same(act_tld(&entry->act), *label) ||
	                                    act_batch_change(&entry->act, *label, &change));
}

int tld_history(struct command *command, int argc, char *argv[])
{
	struct bytes label;
	struct holding h;
	struct view view;
	unsigned count;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	label = tld_label(command, argv[optind]);
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!command->json)
		view_head(command, &view);
	if (!history_tell(command, &view, is_about_tld, &label, UINT32_MAX, &count))
		return EXIT_MISHAP;
	if (count > 0)
		return EXIT_DONE;
	if (tld_label_valid(label) && holding_get(view_state(&view), label, &h)) {
		remark(command, "{0} has stood since the founding; no act has touched it",
		       "{0} 自创立时即存在，尚无文书涉及", VALUES(label));
		return EXIT_DONE;
	}
	return fail(command, EXIT_NO, "the public log holds nothing about {0}",
	            "公开日志中没有关于 {0} 的内容", VALUES(label));
}

/* An act about a TLD, and perhaps one more word; the rest are options. */
static int tld_act(struct command *command, int argc, char *argv[], enum act_kind kind,
                   const char *second)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	struct bytes label;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 ||
	    !arguments_are(command, argc, argv, second == NULL ? 1 : 2))
		return EXIT_MISUSE;
	if (!draft_begin(command, &draft, kind))
		return EXIT_MISHAP;
	label = tld_label(command, argv[optind]);
	if (kind == ACT_WITHDRAW)
		draft_set(&draft, "subject", join_text(command, BYTES("tld/"), label));
	else
		draft_set(&draft, "tld", label);
	if (second != NULL)
		draft_set(&draft, second, bytes_of(argv[optind + 1]));
	return draft_finish(command, &draft);
}

int tld_grant(struct command *command, int argc, char *argv[])
{
	return tld_act(command, argc, argv, ACT_GRANT, "holder");
}

int tld_transfer(struct command *command, int argc, char *argv[])
{
	return tld_act(command, argc, argv, ACT_TRANSFER, "recipient");
}

int tld_withdraw(struct command *command, int argc, char *argv[])
{
	return tld_act(command, argc, argv, ACT_WITHDRAW, NULL);
}

int tld_freeze(struct command *command, int argc, char *argv[])
{
	return tld_act(command, argc, argv, ACT_FREEZE, NULL);
}

int tld_waive(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"expires", required_argument, NULL, OPTION_OWN},
	                                        {NULL, 0, NULL, 0}};
	struct draft draft = {.write = false};
	const char *expires = NULL;
	int option;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &draft)) != -1) {
		if (option != OPTION_OWN)
			return EXIT_MISUSE;
		expires = optarg;
	}
	if (!arguments_are(command, argc, argv, 2))
		return EXIT_MISUSE;
	if (expires == NULL)
		return misuse(command, "until when? --expires TIME", "豁免至何时？--expires 时间");
	if (!draft_begin(command, &draft, ACT_WAIVE))
		return EXIT_MISHAP;
	draft_set(&draft, "tld", tld_label(command, argv[optind]));
	draft_set(&draft, "rule", bytes_of(argv[optind + 1]));
	draft_set(&draft, "expires", bytes_of(expires));
	return draft_finish(command, &draft);
}
