/* SPDX-License-Identifier: Apache-2.0 */
/* comity register: registers that the parties have taken note of, and what they say of them (comity-register(7)). */
#include <stdio.h>

#include "commons/registering.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

static const struct register_text *text_of(struct command *command, const struct registered *r)
{
	struct register_text *text = arena_take(&command->memory, sizeof(*text));
	struct act embedding = {.embed = r->embedded};
	struct fault fault;

	return register_read(act_embedded(&embedding, &command->memory), text, &fault) ? text : NULL;
}

static void counts(const struct view *view, struct bytes id, unsigned *listed, unsigned *removed)
{
	struct recognition r;

	*listed = *removed = 0;
	for (size_t index = 0; recognition_next(view_state(view), &index, &r);) {
		if (!bytes_same(r.of, id))
			continue;
		*listed += r.listed;
		*removed += !r.listed;
	}
}

static void json_registered(struct command *command, const struct view *view, const struct registered *r)
{
	unsigned listed, removed;

	counts(view, r->id, &listed, &removed);
	json_text(command, "register", r->id);
	json_number(command, "version", r->version);
	json_time(command, "since", r->since);
	json_text(command, "act", r->act);
	json_number(command, "listed", listed);
	json_number(command, "removed", removed);
}

int register_list(struct command *command, int argc, char *argv[])
{
	struct table t = table_begin(command, 5);
	struct registered r;
	struct view view;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	table_head(&t, "REGISTER", "名录");
	table_head(&t, "VERSION", "版本");
	table_head(&t, "SINCE", "自");
	table_head(&t, "PARTIES IN IT", "在录缔约方");
	table_head(&t, "REMOVED", "已删除");
	if (!command->json)
		view_head(command, &view);
	for (size_t index = 0; registered_next(view_state(&view), &index, &r);) {
		unsigned listed, removed;

		if (command->json) {
			json_object(command, NULL);
			json_registered(command, &view, &r);
			json_close_object(command);
			continue;
		}
		counts(&view, r.id, &listed, &removed);
		table_cell(&t, r.id);
		table_cell(&t, number_text(command, r.version));
		table_cell(&t, time_text(command, r.since));
		table_cell(&t, number_text(command, listed));
		table_cell(&t, number_text(command, removed));
	}
	if (!command->json && t.cells == t.columns) {
		tell(command, "no register is adopted", "尚未通过任何名录", NULL);
		next_step(command, "comity register adopt FILE", "comity register adopt FILE", NULL);
	}
	table_end(&t);
	return EXIT_DONE;
}

static void json_parties(struct command *command, const struct view *view, struct bytes id)
{
	struct recognition r;

	json_array(command, "parties");
	for (size_t index = 0; recognition_next(view_state(view), &index, &r);) {
		if (!bytes_same(r.of, id))
			continue;
		json_object(command, NULL);
		json_text(command, "party", r.party);
		json_text(command, "status", r.listed ? BYTES("listed") : BYTES("removed"));
		json_text(command, "code", r.code);
		json_time(command, "since", r.since);
		json_close_object(command);
	}
	json_close_array(command);
}

static void tell_parties(struct command *command, const struct view *view, struct bytes id)
{
	struct recognition r;

	for (size_t index = 0; recognition_next(view_state(view), &index, &r);)
		if (bytes_same(r.of, id))
			tell(command, r.listed ? "{0}: in the register by the code {1}, since {2} here" : "{0}: removed from the register, code {1}, since {2} here; it has lost nothing that is its own",
			     r.listed ? "{0}：以代码 {1} 在名录中，此处自 {2} 起" : "{0}：已从名录中删除，代码 {1}，此处自 {2} 起；属于其自身的一切不变",
			     VALUES(r.party, r.code, time_text(command, r.since)));
}

static void tell_register(struct command *command, const struct view *view, const struct registered *r,
                          const struct register_text *text)
{
	struct writer w = writer_in(&command->memory);
	struct bytes digest;

	write_digest(&w, &text->digest);
	digest = writer_keep(&w, &command->memory);
	view_head(command, view);
	tell(command, "register {0}, version {1}, act {2}", "名录 {0}，第 {1} 版，文书 {2}",
	     VALUES(r->id, number_text(command, r->version), id_text(r->act)));
	tell(command, "from: {0}", "出处：{0}", VALUES(text->source));
	tell(command, "SHA-256 of what was read: {0}", "所读内容的 SHA-256：{0}", VALUES(digest));
	tell(command, "entries: {0}", "条目：{0}", VALUES(number_text(command, text->count)));
	tell_parties(command, view, r->id);
}

int register_show(struct command *command, int argc, char *argv[])
{
	const struct register_text *text;
	struct registered r;
	struct view view;
	struct bytes name;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	name = bytes_of(argv[optind]);
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	if (!party_name_valid(name) || !registered_get(view_state(&view), name, &r)) {
		fail(command, EXIT_NO, "there is no register {0}", "没有名录 {0}", VALUES(name));
		next_step(command, "comity register list", "comity register list", NULL);
		return EXIT_NO;
	}
	text = text_of(command, &r);
	if (!command->json) {
		tell_register(command, &view, &r, text);
		return EXIT_DONE;
	}
	json_object(command, NULL);
	view_json_head(command, &view);
	json_registered(command, &view, &r);
	json_text(command, "text", act_embedded(&(struct act){.embed = r.embedded}, &command->memory));
	json_parties(command, &view, r.id);
	json_close_object(command);
	return EXIT_DONE;
}

int register_adopt(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS, {NULL, 0, NULL, 0}};
	struct register_text *text = arena_take(&command->memory, sizeof(*text));
	struct draft draft = {.write = false};
	struct bytes octets;
	struct fault fault;
	struct writer w;

	if (draft_option_next(command, argc, argv, OPTIONS, &draft) != -1 || !arguments_are(command, argc, argv, 1))
		return EXIT_MISUSE;
	if (!read_input(command, argv[optind], REGISTER_SIZE_MAX, &octets))
		return EXIT_MISHAP;
	if (!register_read(octets, text, &fault))
		return fail(command, EXIT_NO, "{0} is not a register: line {1}: {2}", "{0} 不是名录：第 {1} 行：{2}",
		            VALUES(bytes_of(argv[optind]), number_text(command, fault.line), bytes_of(fault.why)));
	if (!draft_begin(command, &draft, ACT_REGISTER))
		return EXIT_MISHAP;
	draft_set(&draft, "register", text->id);
	w = writer_in(&command->memory);
	act_write_embedded(&w, octets);
	draft.act.embed = writer_keep(&w, &command->memory);
	return draft_finish(command, &draft);
}
