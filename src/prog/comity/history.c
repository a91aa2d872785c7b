/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/history.h"

#include "act/show.h"
#include "commons/proposal.h"
#include "prog/comity/json.h"
#include "prog/comity/print.h"

static struct bytes id_of(struct command *command, const struct entry *entry)
{
	struct writer w = writer_in(&command->memory);

	write_digest(&w, entry->kind == ENTRY_ACT ? &entry->act.id : &entry->genesis.id);
	return writer_keep(&w, &command->memory);
}

static struct bytes sentence_of(struct command *command, const struct entry *entry)
{
	struct writer w = writer_in(&command->memory);

	if (entry->kind == ENTRY_GENESIS)
		return bytes_of(say(command, "the founders found the federation", "创始各方创立联合体"));
	act_show(&w, &entry->act, command->chinese);
	return writer_keep(&w, &command->memory);
}

void tell_entry(struct command *command, const struct view *view, const struct entry *entry)
{
	struct bytes id = id_of(command, entry), ended = BYTES("");
	struct proposal p;

	if (entry->kind == ENTRY_SEAL)
		return;
	if (proposal_get(view_state(view), id, &p))
		ended = sentence(command, "  [proposal: {0}]", "  [提案：{0}]",
		                 VALUES(show_word(bytes_of(proposal_status_word(p.status)),
		                                  command->chinese)));
	tell(command, "{0}  block {1}  {2}  {3}{4}", "{0}  区块 {1}  {2}  {3}{4}",
	     VALUES(time_text(command, entry->time), number_text(command, entry->height), id_text(id),
	            sentence_of(command, entry), ended));
}

void json_entry(struct command *command, const char *key, const struct view *view,
                const struct entry *entry)
{
	struct bytes id = id_of(command, entry);
	bool act = entry->kind == ENTRY_ACT;
	struct proposal p;

	json_object(command, key);
	json_number(command, "index", entry->index);
	json_number(command, "height", entry->height);
	json_time(command, "time", entry->time);
	json_text(command, "act", id);
	json_text(command, "kind", bytes_of(act_row(act ? entry->act.kind : ACT_GENESIS)->word));
	if (act)
		json_text(command, "by", entry->act.by);
	else
		json_null(command, "by");
	json_text(command, "sentence", sentence_of(command, entry));
	if (proposal_get(view_state(view), id, &p))
		json_text(command, "proposal", bytes_of(proposal_status_word(p.status)));
	else
		json_null(command, "proposal");
	json_close_object(command);
}

struct telling {
	struct command *command;
	const struct view *view;
	bool (*wanted)(const void *context, const struct entry *entry);
	const void *context;
	unsigned count, skip;
};

static bool count_one(void *context, const struct entry *entry)
{
	struct telling *t = context;

	t->count += entry->kind != ENTRY_SEAL && t->wanted(t->context, entry);
	return true;
}

static bool tell_one(void *context, const struct entry *entry)
{
	struct telling *t = context;

	if (entry->kind == ENTRY_SEAL || !t->wanted(t->context, entry))
		return true;
	if (t->skip > 0) {
		t->skip--;
		return true;
	}
	if (t->command->json)
		json_entry(t->command, NULL, t->view, entry);
	else
		tell_entry(t->command, t->view, entry);
	t->count++;
	return true;
}

bool history_tell(struct command *command, const struct view *view,
                  bool (*wanted)(const void *context, const struct entry *entry),
                  const void *context, unsigned most, unsigned *count)
{
	struct telling t = {command, view, wanted, context, 0, 0};

	if (!log_walk(command, view, count_one, &t))
		return false;
	t.skip = t.count > most ? t.count - most : 0;
	t.count = 0;
	if (!log_walk(command, view, tell_one, &t))
		return false;
	*count = t.count;
	return true;
}
