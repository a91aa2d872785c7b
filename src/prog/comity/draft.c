/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/draft.h"

#include <stdio.h>
#include <string.h>

#include "act/show.h"
#include "commons/proposal.h"
#include "commons/linking.h"
#include "commons/mandating.h"
#include "host/key.h"
#include "note/note.h"
#include "prog/comity/form_text.h"
#include "prog/comity/json.h"
#include "prog/comity/lines.h"
#include "prog/comity/meaning.h"
#include "prog/comity/operators.h"
#include "prog/comity/print.h"
#include "prog/comity/receipt.h"
#include "prog/comity/signature_line.h"
#include "prog/comity/subject.h"
#include "prog/comity/tally.h"

static int words_add(struct command *command, struct draft *draft, const char *words)
{
	if (draft->words_count == DRAFT_WORDS_MAX) {
		misuse(command, "at most 16 lines of words", "说明文字至多 16 行");
		return '?';
	}
	draft->words[draft->words_count++] = words;
	return 0;
}

/* 0: taken; '?': misuse, told; the option itself: not one of ours. */
static int option_take(struct command *command, struct draft *draft, int option)
{
	switch (option) {
	case OPTION_WRITE:
		draft->write = true;
		return 0;
	case OPTION_DRY_RUN:
		draft->dry_run = true;
		return 0;
	case OPTION_OUT:
		draft->out = optarg;
		return 0;
	case OPTION_UNTIL:
		draft->has_until = time_read(bytes_of(optarg), &draft->until);
		if (draft->has_until)
			return 0;
		misuse(command, "--until: a time is 2026-11-22T13:00:00Z",
		       "--until：时间的写法是 2026-11-22T13:00:00Z");
		return '?';
	case 'm':
	case OPTION_WORDS:
		return words_add(command, draft, optarg);
	default:
		return option;
	}
}

int draft_option_next(struct command *command, int argc, char *argv[],
                      const struct option *options, struct draft *draft)
{
	int option;

	do {
		option = option_next(command, argc, argv, ":m:", options);
		if (option == -1 || option == '?')
			return option;
		option = option_take(command, draft, option);
	} while (option == 0);
	return option;
}

bool draft_begin(struct command *command, struct draft *draft, enum act_kind kind)
{
	struct commons *commons = &draft->view.ledger.commons;

	if (!command_home(command) || !view_take(command, &draft->view))
		return false;
	if (!bytes_same(commons->origin, bytes_of(command->home.origin))) {
		command->instead = EXIT_NO;
		fail(command, EXIT_NO, "the node is of {0}, the home of {1}",
		     "节点属于 {0}，主目录属于 {1}",
		     VALUES(commons->origin, bytes_of(command->home.origin)));
		return false;
	}
	draft->act = trial_act(command, &draft->view, kind);
	if (command->home.operator && !operator_key(command, &draft->operator))
		return false;
	if (draft->has_until)
		draft->act.until = draft->until;
	return true;
}

/* An operator speaks in the name of the party whose delegation or host it is. What it does for several, a batch,
 * and whom it names, which is asked of it, say so themselves. */
static bool speaker_find(struct command *command, struct draft *draft)
{
	struct commons *commons = &draft->view.ledger.commons;
	struct bytes label = act_tld(&draft->act);

	if (draft->operator.name.size == 0)
		return true;
	if (draft->act.kind == ACT_HOST
	            ? link_owner_of(commons, act_field(&draft->act, "host"), &draft->act.by)
	            : label.size == 0 || mandating_keeper(commons, label, &draft->act.by))
		return true;
	fail(command, EXIT_NO, "nobody holds {0}", "{0} 无人持有",
	     VALUES(label.size > 0 ? label : act_field(&draft->act, "host")));
	return false;
}

void draft_set(struct draft *draft, const char *name, struct bytes value)
{
	const struct act_row *row = act_row(draft->act.kind);
	unsigned i = 0;

	while (strcmp(row->field[i].name, name) != 0)
		i++;
	draft->act.field[i] = value;
}

bool draft_fields_hold(struct command *command, const struct draft *draft)
{
	const struct act_row *row = act_row(draft->act.kind);

	for (unsigned i = 0; row->field[i].form != FORM_NONE; i++) {
		const struct act_field *field = &row->field[i];

		/* Lines of keys, and the slot that is not said, are made by us. */
		if (field->form == FORM_KEYS ||
		    (strcmp(field->name, "replaces") == 0 && draft->act.field[i].size == 0) ||
		    field_form_holds(field, draft->act.field[i]))
			continue;
		fail(command, EXIT_MISUSE, "not a value for {0}: {1}", "不是 {0} 的合法取值：{1}",
		     VALUES(bytes_of(field->name), draft->act.field[i]));
		next_step(command, "{0}: {1}", "{0}：{1}", VALUES(bytes_of(field->name), form_text(command, field)));
		return false;
	}
	return true;
}

void draft_replace(struct command *command, struct draft *draft)
{
	struct record_key at;
	struct bytes key = act_slot_key(&draft->act, &at);

	if (key.size > 0)
		draft_set(draft, "replaces", slot_of(command, &draft->view, key));
}

/* The text as it will be signed, read again: the one way in. */
static int text_make(struct command *command, struct draft *draft)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct writer w = writer_in(&command->memory);
	struct fault fault;
	struct bytes text;

	for (unsigned i = 0; i < draft->words_count; i++)
		act_write_words(&w, bytes_of(draft->words[i]));
	if (draft->words_count > 0)
		draft->act.words = writer_keep(&w, &command->memory);
	w = writer_in(&command->memory);
	act_write(&w, &draft->act);
	text = writer_keep(&w, &command->memory);
	if (act_read(text, scratch, &draft->act, &fault) == OK)
		return EXIT_DONE;
	fail(command, EXIT_MISUSE, "line {0} of the text: {1}", "文本第 {0} 行：{1}",
	     VALUES(number_text(command, fault.line), bytes_of(fault.why)));
	print_text(command, text);
	return EXIT_MISUSE;
}

static int write_text_out(struct command *command, struct bytes text)
{
	if (!command->json)
		return write_output(command, NULL, text) ? EXIT_DONE : EXIT_MISHAP;
	json_object(command, NULL);
	json_text(command, "text", text);
	json_close_object(command);
	return EXIT_DONE;
}

static void json_trial(struct command *command, const struct draft *draft, const struct trial *trial)
{
	struct writer w = writer_in(&command->memory);
	struct proposal p;

	act_show(&w, &draft->act, command->chinese);
	json_object(command, NULL);
	json_text(command, "outcome", BYTES("would-enter"));
	json_text(command, "act", trial->id);
	json_text(command, "kind", bytes_of(act_row(draft->act.kind)->word));
	json_text(command, "sentence", writer_keep(&w, &command->memory));
	json_text(command, "text", draft->act.text);
	if (trial->proposed && proposal_get(view_state(&draft->view), trial->id, &p))
		json_proposal_standing(command, "proposal", &draft->view, &p);
	else
		json_null(command, "proposal");
	if (draft->act.kind == ACT_BATCH && !json_batch(command, &draft->view, trial->id))
		json_null(command, "items");
	json_close_object(command);
}

/* What would become of it, in words. */
static void tell_trial(struct command *command, const struct draft *draft, const struct trial *trial)
{
	struct proposal p;

	if (trial->with_recipient)
		tell(command, "it takes the lines of {0} as well", "还须 {0} 签署",
		     VALUES(act_field(&draft->act, "recipient")));
	if (draft->act.kind == ACT_BATCH && tell_batch(command, &draft->view, trial->id))
		return;
	if (trial->proposed && proposal_get(view_state(&draft->view), trial->id, &p))
		tell_proposal_standing(command, &draft->view, &p);
	else
		tell(command, "it would take effect at once", "将即时生效", NULL);
}

/* A person sits there, who agrees or does not. */
static bool asks(const struct command *command)
{
	return command->asks && !command->json;
}

/* What is signed is shown: these octets, nothing else; then what they mean. */
static void show_text(struct command *command, const struct draft *draft)
{
	if (!draft->dry_run && draft->operator.name.size > 0)
		tell(command, "This is what you sign as the operator {0}, in the name of {1}:\n",
		     "您将以运营方 {0} 的身份、代 {1} 签署以下文本：\n",
		     VALUES(bytes_of(command->home.party), draft->act.by));
	else if (!draft->dry_run)
		tell(command, "This is what you sign, as {0}:\n", "您将以 {0} 的名义签署以下文本：\n",
		     VALUES(draft->act.by));
	print_text(command, draft->act.text);
	putchar('\n');
	tell_meaning(command, &draft->view, &draft->act);
}

static bool agreed(struct command *command, const struct draft *draft, const struct trial *trial)
{
	char answer[16];

	tell_trial(command, draft, trial);
	fputs(draft->out == NULL ? say(command, "Sign and send? [y/N] ", "签署并发送？[y/N] ")
	                         : say(command, "Sign? [y/N] ", "签署？[y/N] "),
	      stdout);
	return answer_read(answer, sizeof(answer)) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* The home's act key is one the party has, or introduces with this act. */
static bool key_is_listed(struct command *command, const struct draft *draft)
{
	struct bytes keys = draft->act.kind == ACT_ACCEDE ? act_field(&draft->act, "key")
	                                                   : draft->view.as.keys;
	struct note_key listed;
	struct key key;
	char path[1024];
	bool is;

	home_key_path(&command->home, "act", path);
	if (key_read(&key, path) != OK)
		return false;
	key_wipe(&key);
	is = party_key_named(keys, ROLE_ACT, key.public.name, &listed) &&
	     memcmp(listed.public_key, key.public.public_key, 32) == 0;
	if (!is) {
		fail(command, EXIT_NO, "the act key of this home ({0}) is not one of the party's",
		     "本主目录的文书密钥（{0}）不在缔约方名下", VALUES(key.public.name));
		next_step(command, "which keys it has: comity party show {0}",
		          "现有密钥：comity party show {0}", VALUES(draft->act.by));
	}
	return is;
}

static unsigned line_count(struct bytes note)
{
	struct fault fault;
	struct note n;

	return note_read(note, &n, &fault) == OK ? n.count : 0;
}

static void json_signed(struct command *command, const struct draft *draft, struct bytes note,
                        unsigned there, unsigned needed)
{
	struct writer w = writer_in(&command->memory);

	write_digest(&w, &draft->act.id);
	json_object(command, NULL);
	json_text(command, "outcome", BYTES("signed"));
	json_text(command, "act", writer_keep(&w, &command->memory));
	json_number(command, "lines", there);
	json_number(command, "needed", needed);
	json_file(command, "note", draft->out, note);
	json_close_object(command);
}

/* A note that lacks lines goes from hand to hand until it has them. */
static int pass_on(struct command *command, const struct draft *draft, struct bytes note,
                   unsigned needed)
{
	const char *file = draft->out != NULL ? draft->out : "FILE";
	unsigned there = line_count(note);

	if ((draft->out != NULL || !command->json) && !write_output(command, draft->out, note))
		return EXIT_MISHAP;
	if (command->json) {
		json_signed(command, draft, note, there, needed);
		return there >= needed ? EXIT_DONE : EXIT_NOT_YET;
	}
	if (draft->out != NULL && there >= needed) {
		next_step(command, "comity act send {0}", "comity act send {0}", VALUES(bytes_of(file)));
		return EXIT_DONE;
	}
	remark(command, "signed, and not sent: it has {0} of {1} signature lines",
	       "已签署，未发送：共需 {1} 行签名，现有 {0} 行",
	       VALUES(number_text(command, there), number_text(command, needed)));
	next_step(command, "the others add theirs: comity act sign --out {0} {0}; then: comity act send {0}",
	          "其余签署者各加一行：comity act sign --out {0} {0}；然后：comity act send {0}",
	          VALUES(bytes_of(file)));
	return EXIT_NOT_YET;
}

static int sign_and_send(struct command *command, const struct draft *draft, unsigned needed)
{
	struct bytes note;

	if (!note_sign(command, draft->act.text, BYTES(""), "act", &note))
		return EXIT_MISHAP;
	if (draft->sign_next) {
		struct bytes lines, text = note_text(note, &lines);
		if (!note_sign(command, text, lines, "act.next", &note))
			return EXIT_MISHAP;
	}
	if (draft->out != NULL || line_count(note) < needed)
		return pass_on(command, draft, note, needed);
	return note_submit(command, note);
}

int draft_finish_as_is(struct command *command, struct draft *draft)
{
	struct refusal refusal;
	struct trial trial;
	unsigned needed;
	bool yes;
	int code = text_make(command, draft);

	if (code != EXIT_DONE)
		return code;
	if (draft->write)
		return write_text_out(command, draft->act.text);
	if (asks(command) || (draft->dry_run && !command->json))
		show_text(command, draft);
	needed = draft->operator.name.size > 0 ? 1 : lines_needed(&draft->view, &draft->act);
	if (!trial_begin(command, &draft->view, &draft->act,
	                 draft->operator.name.size > 0 ? &draft->operator : NULL, &trial, &refusal))
		return tell_refusal(command, &refusal);
	if (trial.with_recipient)
		needed += lines_of_party(&draft->view, act_field(&draft->act, "recipient"));
	if (draft->dry_run)
		(command->json ? json_trial : tell_trial)(command, draft, &trial);
	yes = draft->dry_run || !asks(command) || agreed(command, draft, &trial);
	trial_end(&draft->view, &trial);
	if (draft->dry_run)
		return EXIT_DONE;
	if (!yes)
		return fail(command, EXIT_NO, "nothing was signed", "未签署任何内容", NULL);
	return draft->operator.name.size > 0 || key_is_listed(command, draft) ? sign_and_send(command, draft, needed) : EXIT_NO;
}

int draft_finish(struct command *command, struct draft *draft)
{
	if (!draft_fields_hold(command, draft))
		return EXIT_MISUSE;
	if (!speaker_find(command, draft))
		return EXIT_NO;
	draft_replace(command, draft);
	return draft_finish_as_is(command, draft);
}
