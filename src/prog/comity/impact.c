/* SPDX-License-Identifier: Apache-2.0 */
/* comity impact: who falls with a name, and whose referrals change with its addresses. */
#include <string.h>

#include "commons/linking.h"
#include "commons/technical.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/rr_lines.h"
#include "prog/comity/view.h"

/* A delegation, and what it loses. */
struct loss {
	struct holding holding;
	struct bytes *ns; /* wire */
	bool *lost;
	unsigned count, gone; /* name servers; those lost */
	unsigned step;        /* in which the last one was lost; 0: none yet */
};

struct impact {
	struct command *command;
	struct view view;
	struct bytes text; /* the name, with its final dot */
	struct dname name;
	struct loss *loss;
	size_t count;
	unsigned touched, fallen;
};

static void loss_take(struct impact *impact, struct loss *loss)
{
	struct arena *memory = &impact->command->memory;
	struct bytes lines = loss->holding.records;
	size_t most = 0;
	struct rr rr;

	for (size_t i = 0; i < lines.size; i++)
		most += lines.at[i] == '\n';
	loss->ns = arena_take_array(memory, most, sizeof(*loss->ns));
	loss->lost = arena_take_array(memory, most, sizeof(*loss->lost));
	while (record_rr(&lines, memory, &rr))
		if (rr.type == TYPE_NS)
			loss->ns[loss->count++] = rr.rdata;
}

/* Every delegation but that of the name itself. */
static void losses_take(struct impact *impact)
{
	const struct commons *commons = &impact->view.ledger.commons;
	struct holding h;
	size_t count = 0;

	for (size_t index = 0; holding_next(view_state(&impact->view), &index, &h);)
		count++;
	impact->loss = arena_take_array(&impact->command->memory, count, sizeof(*impact->loss));
	for (size_t index = 0; holding_next(view_state(&impact->view), &index, &h);) {
		struct dname tld;

		if (h.records.size == 0 || (commons_tld_name(commons, h.label, &tld) &&
		                            bytes_same(dname_bytes(&tld), dname_bytes(&impact->name))))
			continue;
		impact->loss[impact->count].holding = h;
		loss_take(impact, &impact->loss[impact->count++]);
	}
}

/* Name servers at or below `name` are lost in this step. */
static void name_falls(struct impact *impact, struct bytes name, unsigned step)
{
	for (size_t i = 0; i < impact->count; i++) {
		struct loss *loss = &impact->loss[i];

		for (unsigned k = 0; k < loss->count; k++) {
			if (loss->lost[k] || !dname_in_domain(loss->ns[k], name))
				continue;
			loss->lost[k] = true;
			impact->touched += loss->gone++ == 0;
			loss->step = step;
		}
	}
}

static bool has_fallen(const struct loss *loss)
{
	return loss->count > 0 && loss->gone == loss->count;
}

/* First those whose servers are named there; then, step by step, those whose servers are named below a TLD that has
 * none left. */
static void fall(struct impact *impact)
{
	const struct commons *commons = &impact->view.ledger.commons;
	bool more = true;

	name_falls(impact, dname_bytes(&impact->name), 1);
	for (unsigned step = 1; more; step++) {
		more = false;
		for (size_t i = 0; i < impact->count; i++) {
			struct dname tld;

			if (!has_fallen(&impact->loss[i]) || impact->loss[i].step != step ||
			    !commons_tld_name(commons, impact->loss[i].holding.label, &tld))
				continue;
			impact->fallen++;
			name_falls(impact, dname_bytes(&tld), step + 1);
			more = true;
		}
	}
}

/* Whether the federation knows the name: somebody holds its TLD, or a delegation has a name server at or below it. */
static bool is_known(const struct impact *impact)
{
	struct bytes owner;

	if (link_owner_of(&impact->view.ledger.commons, impact->text, &owner))
		return true;
	for (size_t i = 0; i < impact->count; i++)
		for (unsigned k = 0; k < impact->loss[i].count; k++)
			if (dname_in_domain(impact->loss[i].ns[k], dname_bytes(&impact->name)))
				return true;
	return false;
}

static struct bytes name_text(struct command *command, struct bytes wire)
{
	struct writer w = writer_in(&command->memory);

	dname_write_text(&w, wire);
	return writer_keep(&w, &command->memory);
}

static struct bytes owner_of(const struct impact *impact)
{
	struct bytes owner = BYTES("");

	(void)link_owner_of(&impact->view.ledger.commons, impact->text, &owner);
	return owner;
}

/* Each holder once, with how many of its delegations lose a server, and how many all. */
static bool holder_next(const struct impact *impact, size_t *index, struct bytes *holder, unsigned *touched,
                        unsigned *fallen)
{
	for (; *index < impact->count; (*index)++) {
		const struct loss *first = &impact->loss[*index];
		bool earlier = false;

		for (size_t i = 0; i < *index && !earlier; i++)
			earlier = impact->loss[i].gone > 0 &&
			          bytes_same(impact->loss[i].holding.holder, first->holding.holder);
		if (first->gone == 0 || earlier)
			continue;
		*holder = first->holding.holder;
		*touched = *fallen = 0;
		for (size_t i = *index; i < impact->count; i++) {
			const struct loss *loss = &impact->loss[i];
			bool same = loss->gone > 0 && bytes_same(loss->holding.holder, *holder);

			*touched += same;
			*fallen += same && has_fallen(loss);
		}
		(*index)++;
		return true;
	}
	return false;
}

static void tell_table(struct impact *impact)
{
	struct command *command = impact->command;
	struct table t = table_begin(command, 6);

	table_head(&t, "TLD", "顶级域");
	table_head(&t, "HOLDER", "持有者");
	table_head(&t, "NS", "NS");
	table_head(&t, "LOST", "失去");
	table_head(&t, "LEFT", "剩余");
	table_head(&t, "STEP", "步");
	for (size_t i = 0; i < impact->count; i++) {
		const struct loss *loss = &impact->loss[i];

		if (loss->gone == 0)
			continue;
		table_cell(&t, loss->holding.label);
		table_cell(&t, loss->holding.holder);
		table_cell(&t, number_text(command, loss->count));
		table_cell(&t, number_text(command, loss->gone));
		table_cell(&t, has_fallen(loss) ? painted(command, "31", bytes_of(say(command, "none", "无")))
		                                : number_text(command, loss->count - loss->gone));
		table_cell(&t, number_text(command, loss->step));
	}
	table_end(&t);
}

static void tell_impact(struct impact *impact)
{
	struct command *command = impact->command;
	unsigned touched, fallen;
	struct bytes holder;

	view_head(command, &impact->view);
	if (impact->touched == 0) {
		tell(command, "no other delegation has a name server at or below {0}", "没有其他授权的名称服务器为 {0} 或位于其下",
		     VALUES(impact->text));
		return;
	}
	tell_table(impact);
	tell(command, "delegations that lose name servers without {0}: {1}, and {2} with none left",
	     "若无 {0}，将有 {1} 项授权失去名称服务器，其中 {2} 项一个不剩",
	     VALUES(impact->text, number_text(command, impact->touched), number_text(command, impact->fallen)));
	for (size_t index = 0; holder_next(impact, &index, &holder, &touched, &fallen);)
		tell(command, "of {0}: {1}, and {2} with none left", "{0} 持有：{1} 项，其中 {2} 项一个不剩",
		     VALUES(holder, number_text(command, touched), number_text(command, fallen)));
}

static void json_head(struct impact *impact)
{
	struct command *command = impact->command;
	struct bytes owner = owner_of(impact);

	json_object(command, NULL);
	view_json_head(command, &impact->view);
	json_text(command, "name", impact->text);
	if (owner.size > 0)
		json_text(command, "owner", owner);
	else
		json_null(command, "owner");
}

static void json_impact(struct impact *impact)
{
	struct command *command = impact->command;
	unsigned touched, fallen;
	struct bytes holder;

	json_head(impact);
	json_array(command, "delegations");
	for (size_t i = 0; i < impact->count; i++) {
		const struct loss *loss = &impact->loss[i];

		if (loss->gone == 0)
			continue;
		json_object(command, NULL);
		json_text(command, "tld", loss->holding.label);
		json_text(command, "holder", loss->holding.holder);
		json_number(command, "ns", loss->count);
		json_array(command, "lost");
		for (unsigned k = 0; k < loss->count; k++)
			if (loss->lost[k])
				json_text(command, NULL, name_text(command, loss->ns[k]));
		json_close_array(command);
		json_number(command, "left", loss->count - loss->gone);
		json_number(command, "step", loss->step);
		json_close_object(command);
	}
	json_close_array(command);
	json_array(command, "holders");
	for (size_t index = 0; holder_next(impact, &index, &holder, &touched, &fallen);) {
		json_object(command, NULL);
		json_text(command, "holder", holder);
		json_number(command, "delegations", touched);
		json_number(command, "none_left", fallen);
		json_close_object(command);
	}
	json_close_array(command);
	json_close_object(command);
}

/* ---- other addresses ---- */

static bool names(const struct loss *loss, struct bytes wire)
{
	for (unsigned k = 0; k < loss->count; k++)
		if (bytes_same(loss->ns[k], wire))
			return true;
	return false;
}

/* What the TLD would hold: its own record, where the addresses are part of it, with others. */
static struct bytes records_then(struct impact *impact, const struct loss *loss, struct bytes lines)
{
	struct arena *memory = &impact->command->memory;
	struct bytes rest;

	if (link_lines_of(loss->holding.records, dname_bytes(&impact->name), true, memory).size == 0)
		return loss->holding.records;
	rest = link_lines_of(loss->holding.records, dname_bytes(&impact->name), false, memory);
	return join_text(impact->command, rest, lines);
}

/* Puts the addresses on our copy, where the name is a host's. */
static void host_put_addresses(struct impact *impact, struct bytes lines)
{
	struct record_key key;
	struct writer w;
	struct host host;

	if (!host_get(view_state(&impact->view), impact->text, &host))
		return;
	host.records = lines;
	w = record_begin(&impact->command->memory, host_key(&key, host.name));
	host_write(&w, &host);
	state_put(&impact->view.ledger.state, writer_keep(&w, &impact->command->memory));
}

static bool lines_read(struct impact *impact, int count, char *argv[], struct bytes *lines)
{
	static struct rr_lines set;
	struct command *command = impact->command;

	for (int i = 0; i < count; i++)
		if (!rr_lines_add(command, &set,
		                  join_text(command, bytes_of(strchr(argv[i], ':') != NULL ? "AAAA " : "A "), bytes_of(argv[i])),
		                  impact->text))
			return false;
	*lines = rr_lines_text(command, &set);
	return true;
}

static void tell_referral(struct impact *impact, struct table *t, const struct loss *loss, enum reason fault)
{
	struct command *command = impact->command;

	if (command->json) {
		json_object(command, NULL);
		json_text(command, "tld", loss->holding.label);
		json_text(command, "holder", loss->holding.holder);
		if (fault == REASON_NONE)
			json_null(command, "fault");
		else
			json_text(command, "fault", bytes_of(reason_word(fault)));
		json_close_object(command);
		return;
	}
	table_cell(t, loss->holding.label);
	table_cell(t, loss->holding.holder);
	table_cell(t, fault == REASON_NONE ? bytes_of(say(command, "meets the rules", "符合规则"))
	                                   : bytes_of(reason_text(fault, command->chinese)));
}

/* Which referrals carry the name, and whether they would be accepted with these addresses. */
static int readdressed(struct impact *impact, struct bytes lines)
{
	struct command *command = impact->command;
	struct table t = table_begin(command, 3);
	unsigned changed = 0;

	host_put_addresses(impact, lines);
	table_head(&t, "TLD", "顶级域");
	table_head(&t, "HOLDER", "持有者");
	table_head(&t, "REFERRAL THEN", "届时的引荐应答");
	if (command->json) {
		json_head(impact);
		json_records(command, "records", lines);
		json_array(command, "referrals");
	} else {
		view_head(command, &impact->view);
	}
	for (size_t i = 0; i < impact->count; i++) {
		struct loss *loss = &impact->loss[i];

		if (!names(loss, dname_bytes(&impact->name)))
			continue;
		changed++;
		tell_referral(impact, &t, loss,
		              technical_fault(&impact->view.ledger.commons, loss->holding.label,
		                              records_then(impact, loss, lines)));
	}
	if (command->json) {
		json_close_array(command);
		json_close_object(command);
		return EXIT_DONE;
	}
	table_end(&t);
	tell(command, "delegations whose referrals change with these addresses of {0}: {1}", "{0} 改用这些地址后，将有 {1} 项授权的引荐应答改变",
	     VALUES(impact->text, number_text(command, changed)));
	return EXIT_DONE;
}

int impact_run(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{NULL, 0, NULL, 0}};
	struct impact impact = {.command = command};
	struct bytes lines = BYTES("");
	int addresses;

	if (option_next(command, argc, argv, ":", OPTIONS) != -1)
		return EXIT_MISUSE;
	addresses = argc - optind - 1;
	if (addresses < 0)
		return misuse(command, "of which name?", "请给出名称");
	impact.text = name_argument(command, argv[optind]);
	if (dname_read_strict(impact.text, &impact.name) != OK)
		return misuse(command, "a name is labels with dots between", "名称由标签组成，以点分隔");
	if (!lines_read(&impact, addresses, argv + optind + 1, &lines))
		return EXIT_MISUSE;
	if (!view_take(command, &impact.view))
		return EXIT_MISHAP;
	losses_take(&impact);
	if (!is_known(&impact))
		return fail(command, EXIT_NO, "nobody holds the TLD of {0}, and no delegation has a name server at or below it",
		            "{0} 的顶级域无人持有，也没有授权的名称服务器为该名称或位于其下", VALUES(impact.text));
	if (addresses > 0)
		return readdressed(&impact, lines);
	fall(&impact);
	(command->json ? json_impact : tell_impact)(&impact);
	return EXIT_DONE;
}
