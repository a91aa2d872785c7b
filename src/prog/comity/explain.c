/* SPDX-License-Identifier: Apache-2.0 */
/* comity explain: a reason, a kind of act, a technical check, or where a file is not what it should be. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/genesis.h"
#include "act/show.h"
#include "base/text.h"
#include "charter/charter.h"
#include "norms/norm.h"
#include "note/note.h"
#include "observing/check.h"
#include "prog/comity/advice.h"
#include "prog/comity/form_text.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "registers/register.h"
#include "prog/comity/signature_line.h"

static int explain_reason(struct command *command, enum reason reason)
{
	struct bytes word = bytes_of(reason_word(reason));
	struct bytes text = bytes_of(reason_text(reason, command->chinese));
	struct bytes advice = bytes_of(reason_advice(reason, command->chinese));

	if (command->json) {
		json_object(command, NULL);
		json_text(command, "reason", word);
		json_number(command, "number", (uint64_t)reason);
		json_text(command, "text", text);
		json_text(command, "next", advice);
		json_close_object(command);
		return EXIT_DONE;
	}
	tell(command, "{0} (reason {1}): {2}", "{0}（理由 {1}）：{2}",
	     VALUES(word, number_text(command, (uint64_t)reason), text));
	tell(command, "what to do: {0}", "该怎么做：{0}", VALUES(advice));
	return EXIT_DONE;
}

/* The sentence of the kind with the names of its fields in the holes. */
static struct bytes kind_sentence(struct command *command, const struct act_row *row)
{
	struct bytes name[10] = {{NULL, 0}};
	struct writer w;

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++) {
		w = writer_in(&command->memory);
		for (const char *c = row->field[i].name; *c != '\0'; c++)
			write_octet(&w, (uint8_t)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c));
		name[i] = writer_keep(&w, &command->memory);
	}
	w = writer_in(&command->memory);
	show_template(&w, say(command, row->en, row->zh), name);
	return writer_keep(&w, &command->memory);
}

static void json_kind(struct command *command, const struct act_row *row)
{
	json_object(command, NULL);
	json_text(command, "kind", bytes_of(row->word));
	json_text(command, "sentence", kind_sentence(command, row));
	json_text(command, "role", bytes_of(key_role_word(row->role)));
	json_text(command, "rule", bytes_of(row->rule));
	if (row->rule_new != NULL)
		json_text(command, "rule_new", bytes_of(row->rule_new));
	else
		json_null(command, "rule_new");
	json_array(command, "fields");
	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		json_text(command, NULL, bytes_of(row->field[i].name));
	json_close_array(command);
	json_bool(command, "records", row->records);
	json_bool(command, "embeds", row->embed);
	json_close_object(command);
}

static int explain_kind(struct command *command, enum act_kind kind)
{
	const struct act_row *row = act_row(kind);

	if (command->json) {
		json_kind(command, row);
		return EXIT_DONE;
	}
	tell(command, "{0}: a party {1}", "{0}：缔约方{1}", VALUES(bytes_of(row->word), kind_sentence(command, row)));
	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++)
		tell(command, "  {0}: {1}", "  {0}：{1}",
		     VALUES(bytes_of(row->field[i].name), form_text(command, &row->field[i])));
	if (row->records)
		tell(command, "  then records: '+ NAME NS|DS|A|AAAA DATA'", "  其后为记录：'+ 名称 NS|DS|A|AAAA 数据'", NULL);
	if (row->embed)
		tell(command, "  then a document: --embed FILE", "  其后为文件：--embed FILE", NULL);
	tell(command, "signed by keys of role {0}; rule of the charter: {1}", "由角色为 {0} 的密钥签署；宪章规则：{1}",
	     VALUES(bytes_of(key_role_word(row->role)), bytes_of(row->rule)));
	if (row->rule_new != NULL && strcmp(row->rule_new, "party") == 0)
		tell(command, "or, as far as it is the party's own affair: nobody else is asked", "或（属该方自身事务时）：无须他方同意", NULL);
	else if (row->rule_new != NULL)
		tell(command, "or, for what has no record yet, or for a party: {0}", "或（尚无记录时，或针对缔约方时）：{0}",
		     VALUES(bytes_of(row->rule_new)));
	if (row->role == ROLE_ACT)
		next_step(command, "comity act write {0} FIELD=VALUE...", "comity act write {0} 字段=值...",
		          VALUES(bytes_of(row->word)));
	return EXIT_DONE;
}

static int explain_check(struct command *command, enum check check)
{
	struct bytes id = bytes_of(check_id(check)), title = bytes_of(check_title(check, command->chinese)),
	             why = bytes_of(check_reason(check, command->chinese));

	if (command->json) {
		json_object(command, NULL);
		json_text(command, "check", id);
		json_text(command, "title", title);
		json_text(command, "text", why);
		json_close_object(command);
		return EXIT_DONE;
	}
	tell(command, "{0}: {1}", "{0}：{1}", VALUES(id, title));
	tell(command, "why: {0}", "缘由：{0}", VALUES(why));
	next_step(command, "comity check TLD", "comity check TLD", NULL);
	return EXIT_DONE;
}

/* What a file is, and whether it is whole. */
static int tell_file(struct command *command, const char *path, const char *en, const char *zh,
                     struct bytes fault)
{
	bool good = fault.size == 0;

	if (command->json) {
		json_object(command, NULL);
		json_text(command, "file", bytes_of(path));
		json_text(command, "is", bytes_of(en));
		json_bool(command, "good", good);
		if (good)
			json_null(command, "fault");
		else
			json_text(command, "fault", fault);
		json_close_object(command);
	} else if (good) {
		tell(command, "{0} is {1}, and whole", "{0} 是{1}，完整无误",
		     VALUES(bytes_of(path), bytes_of(say(command, en, zh))));
	} else {
		tell(command, "{0} is {1}, but: {2}", "{0} 是{1}，但有误：{2}",
		     VALUES(bytes_of(path), bytes_of(say(command, en, zh)), fault));
	}
	return good ? EXIT_DONE : EXIT_NO;
}

static struct bytes fault_text(struct command *command, const struct fault *fault)
{
	return sentence(command, "line {0}: {1}", "第 {0} 行：{1}",
	                VALUES(number_text(command, fault->line), bytes_of(fault->why)));
}

static int explain_charter(struct command *command, const char *path, struct bytes content)
{
	struct charter_fault fault;
	struct charter charter;
	struct writer w;

	if (charter_read(content, &command->memory, &charter, &fault) == OK)
		return tell_file(command, path, "a charter", "一份宪章", BYTES(""));
	w = writer_in(&command->memory);
	charter_fault_write(&fault, &w);
	return tell_file(command, path, "a charter", "一份宪章", writer_keep(&w, &command->memory));
}

static int explain_norm(struct command *command, const char *path, struct bytes content)
{
	struct fault fault;
	struct norm norm;

	return tell_file(command, path, "a norm", "一项规范",
	                 norm_read(content, &norm, &fault) ? BYTES("") : fault_text(command, &fault));
}

static int explain_register(struct command *command, const char *path, struct bytes content)
{
	struct register_text *text = arena_take(&command->memory, sizeof(*text));
	struct fault fault;

	return tell_file(command, path, "a register", "一项名录",
	                 register_read(content, text, &fault) ? BYTES("") : fault_text(command, &fault));
}

static int tell_unknown(struct command *command, const char *word)
{
	struct nearest nearest = nearest_to(bytes_of(word));
	enum reason reason = REASON_NONE;

	while ((reason = reason_next(reason)) != REASON_NONE)
		nearest_try(&nearest, bytes_of(reason_word(reason)));
	for (enum act_kind k = 0; k < ACT_KINDS; k++)
		nearest_try(&nearest, bytes_of(act_row(k)->word));
	fail(command, EXIT_NO, "{0} is neither a reason, nor a kind of act, nor a check, nor a file",
	     "{0} 既不是理由，也不是文书类别、检查或文件", VALUES(bytes_of(word)));
	if (nearest.best.size > 0)
		next_step(command, "did you mean: comity explain {0}", "您是否想用：comity explain {0}",
		          VALUES(nearest.best));
	return EXIT_NO;
}

static int explain_file(struct command *command, const char *path)
{
	struct bytes content, text, lines;
	struct fault fault;
	bool good;

	if (strcmp(path, "-") != 0 && access(path, F_OK) != 0)
		return tell_unknown(command, path);
	if (!read_input(command, path, NOTE_SIZE_MAX, &content))
		return EXIT_MISHAP;
	if (bytes_starts(content, BYTES("comity-charter/1\n")))
		return explain_charter(command, path, content);
	if (bytes_starts(content, BYTES("comity-norm/1\n")))
		return explain_norm(command, path, content);
	if (bytes_starts(content, BYTES("comity-register/1\n")))
		return explain_register(command, path, content);
	if (bytes_starts(content, BYTES("comity-invitation/1\n")))
		return tell_file(command, path, "an invitation", "一份邀请", BYTES(""));
	text = note_text(content, &lines);
	good = text_is_ours(command, text, &fault);
	if (bytes_starts(text, BYTES("comity-genesis/1\n")))
		return tell_file(command, path, "a founding text", "一份创始文书",
		                 good ? BYTES("") : fault_text(command, &fault));
	if (bytes_starts(text, BYTES("comity-act/1 ")))
		return tell_file(command, path, "an act", "一份文书",
		                 good ? BYTES("") : fault_text(command, &fault));
	return fail(command, EXIT_NO, "{0} is no text of ours: its first line says what it is not",
	            "{0} 不是本系统的文本：首行不符", VALUES(bytes_of(path)));
}

int explain(struct command *command, int argc, char *argv[])
{
	enum reason reason;
	enum act_kind kind;
	enum check check;

	if (!no_options(command, argc, argv, 1))
		return EXIT_MISUSE;
	reason = reason_of(bytes_of(argv[optind]));
	kind = act_kind(bytes_of(argv[optind]));
	check = check_of(bytes_of(argv[optind]));
	if (reason != REASON_NONE)
		return explain_reason(command, reason);
	if (kind != ACT_KINDS)
		return explain_kind(command, kind);
	if (check != CHECKS)
		return explain_check(command, check);
	return explain_file(command, argv[optind]);
}
