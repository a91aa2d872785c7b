/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/signature_line.h"

#include <stdio.h>

#include "act/genesis.h"
#include "base/sort.h"
#include "note/note.h"
#include "prog/comity/json.h"
#include "prog/comity/meaning.h"
#include "prog/comity/print.h"

bool text_is_ours(struct command *command, struct bytes text, struct fault *fault)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct genesis genesis;
	struct act act;

	if (bytes_starts(text, BYTES("comity-genesis/1\n")))
		return genesis_read(text, &genesis, fault) == OK;
	return act_read(text, scratch, &act, fault) == OK;
}

struct bytes note_text(struct bytes content, struct bytes *lines)
{
	struct fault fault;
	struct note note;

	*lines = BYTES("");
	if (note_read(content, &note, &fault) != OK)
		return content;
	*lines = bytes_from(content, note.text.size + 1);
	return note.text;
}

/* A line with its LF. */
static int by_text(const void *a, const void *b, const void *context)
{
	(void)context;
	return bytes_compare(*(const struct bytes *)a, *(const struct bytes *)b);
}

/* In order, none twice. */
static void note_write(struct writer *w, struct bytes text, struct bytes old_lines,
                       struct bytes own_line)
{
	struct bytes line[NOTE_SIGNATURES_MAX + 1] = {own_line}, next;
	struct text lines = {.rest = old_lines};
	unsigned count = 1;

	while (count <= NOTE_SIGNATURES_MAX && text_line(&lines, &next)) {
		next.size++;
		if (!bytes_same(next, own_line))
			line[count++] = next;
	}
	sort(line, count, sizeof(line[0]), by_text, NULL);
	write_bytes(w, text);
	write_text(w, "\n");
	for (unsigned i = 0; i < count; i++)
		write_bytes(w, line[i]);
}

static bool own_line_make(struct command *command, struct bytes text, const char *role,
                          struct bytes *line)
{
	struct writer w = writer_in(&command->memory);
	struct key key;
	char path[1024];
	bool made;

	home_key_path(&command->home, role, path);
	if (key_read(&key, path) != OK)
		return false;
	made = key_write_line(&w, &key, text) == OK;
	key_wipe(&key);
	*line = writer_keep(&w, &command->memory);
	return made;
}

bool note_sign(struct command *command, struct bytes text, struct bytes lines, const char *key,
               struct bytes *note)
{
	struct bytes own;
	struct writer w;

	if (!own_line_make(command, text, key, &own))
		return false;
	w = writer_in(&command->memory);
	note_write(&w, text, lines, own);
	*note = writer_keep(&w, &command->memory);
	return true;
}

/* What the text means, as far as it says itself. */
static void tell_text(struct command *command, struct bytes text)
{
	struct arena scratch = {arena_take(&command->memory, ACT_SCRATCH_SIZE), ACT_SCRATCH_SIZE, 0};
	struct genesis genesis;
	struct fault fault;
	struct act act;

	if (genesis_read(text, &genesis, &fault) == OK)
		tell_founding(command, &genesis);
	else if (act_read(text, scratch, &act, &fault) == OK)
		tell_meaning(command, NULL, &act);
}

/* What is signed is shown: these octets, nothing else; then what they mean. */
static bool agreed(struct command *command, struct bytes text)
{
	char answer[16];

	if (!command->asks || command->json)
		return true;
	tell(command, "This is what you sign, as {0}:\n", "您将以 {0} 的名义签署以下文本：\n",
	     VALUES(bytes_of(command->home.party)));
	print_text(command, text);
	putchar('\n');
	tell_text(command, text);
	fputs(say(command, "Sign? [y/N] ", "签署？[y/N] "), stdout);
	return answer_read(answer, sizeof(answer)) && (answer[0] == 'y' || answer[0] == 'Y');
}

/* Of a party's act keys, as many as must sign have signed. */
static bool founder_has_signed(const struct note *note, const struct founder *founder)
{
	struct bytes keys = founder->keys;
	enum key_role role;
	struct note_key key;
	uint32_t lines = 0;

	while (act_key(&keys, &role, &key))
		for (unsigned i = 0; role == ROLE_ACT && i < note->count; i++)
			lines += note_signature_holds(&note->signature[i], &key, note->text);
	return lines >= founder->threshold;
}

/* Who has signed the founding text, who has not, and where it goes from here. */
static void tell_founders(struct command *command, struct bytes content, const char *out)
{
	struct writer missing = writer_in(&command->memory);
	unsigned signed_by = 0, count = 0;
	struct genesis genesis;
	struct founder founder;
	struct bytes parties, names;
	struct fault fault;
	struct note note;

	if (note_read(content, &note, &fault) != OK || genesis_read(note.text, &genesis, &fault) != OK)
		return;
	for (parties = genesis.parties; genesis_party(&parties, &founder); count++) {
		if (founder_has_signed(&note, &founder)) {
			signed_by++;
			continue;
		}
		write_text(&missing, missing.used > 0 ? " " : "");
		write_bytes(&missing, founder.name);
	}
	names = writer_keep(&missing, &command->memory);
	const struct bytes *values =
		VALUES(number_text(command, signed_by), number_text(command, count), names,
	               bytes_of(out != NULL ? out : "FILE"));
	if (signed_by < count) {
		remark(command, "{0} of {1} founders have signed; missing: {2}", "{1} 个创始方中已有 {0} 个签署；尚缺：{2}",
		       values);
		next_step(command, "give it to the next one: comity --home DIR federation join {3} --out {3}",
		          "交给下一方：comity --home DIR federation join {3} --out {3}", values);
		return;
	}
	remark(command, "all {1} founders have signed", "{1} 个创始方均已签署", values);
	if (genesis.import)
		next_step(command,
		          "at the party that sequences, copy {3} to HOME/node/genesis.note and the manifest to HOME/node/import; "
		          "then comityd --home HOME",
		          "在定序的一方，将 {3} 复制为 HOME/node/genesis.note，清单复制为 HOME/node/import；然后 comityd --home HOME",
		          values);
	else
		next_step(command,
		          "at the party that sequences, copy {3} to HOME/node/genesis.note; then comityd --home HOME",
		          "在定序的一方，将 {3} 复制为 HOME/node/genesis.note；然后 comityd --home HOME", values);
}

int sign_file(struct command *command, const char *name, struct bytes content, const char *out)
{
	struct bytes lines, text = note_text(content, &lines), note;
	struct fault fault;

	if (!text_is_ours(command, text, &fault)) {
		fail(command, EXIT_NO, "{0}: line {1}: {2}", "{0}：第 {1} 行：{2}",
		     VALUES(bytes_of(name), number_text(command, fault.line), bytes_of(fault.why)));
		next_step(command, "an act key signs acts and founding texts, nothing else",
		          "文书密钥只签署文书与创始文书", NULL);
		return EXIT_NO;
	}
	if (!agreed(command, text))
		return fail(command, EXIT_NO, "nothing was signed", "未签署任何内容", NULL);
	if (!note_sign(command, text, lines, "act", &note) ||
	    ((out != NULL || !command->json) && !write_output(command, out, note)))
		return EXIT_MISHAP;
	if (command->json) {
		json_object(command, NULL);
		json_text(command, "outcome", BYTES("signed"));
		json_file(command, "note", out, note);
		json_close_object(command);
	}
	if (!command->json && bytes_starts(text, BYTES("comity-genesis/1\n")))
		tell_founders(command, note, out);
	if (out != NULL && bytes_starts(text, BYTES("comity-act/1 ")))
		next_step(command, "when all lines are there: comity act send {0}",
		          "签名齐备之后：comity act send {0}", VALUES(bytes_of(out)));
	return EXIT_DONE;
}
