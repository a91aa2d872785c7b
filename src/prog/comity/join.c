/* SPDX-License-Identifier: Apache-2.0 */
/* comity federation invite, comity federation join: how a party comes to a federation that stands. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/hex.h"
#include "base/text.h"
#include "host/file.h"
#include "prog/comity/draft.h"
#include "prog/comity/json.h"
#include "prog/comity/key_lines.h"
#include "prog/comity/meaning.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"
#include "prog/comity/signature_line.h"

#define FIRST_LINE "comity-invitation/1"

/* SHA-256 of the genesis text in the node's public folder; empty when it cannot be read. */
static struct bytes genesis_of(struct command *command, const struct view *view)
{
	char path[FILE_PATH_MAX];
	struct writer w;
	struct bytes content;
	struct digest digest;
	struct fault fault;
	struct note note;
	bool missing = false;

	if (!file_path(path, string_of(command, view->public), "genesis.note") ||
	    file_read(path, NOTE_SIZE_MAX, &command->memory, &content, &missing) != OK || missing ||
	    note_read(content, &note, &fault) != OK)
		return BYTES("");
	digest = sha256(note.text);
	w = writer_in(&command->memory);
	write_digest(&w, &digest);
	return writer_keep(&w, &command->memory);
}

static struct bytes charter_digest(struct command *command, const struct view *view)
{
	struct digest digest = sha256(view->ledger.commons.charter.text);
	struct writer w = writer_in(&command->memory);

	write_number(&w, view->ledger.commons.charter.version);
	write_octet(&w, ' ');
	write_digest(&w, &digest);
	return writer_keep(&w, &command->memory);
}

/* The node's socket by an absolute path, though it may not be there yet: an invitation travels. */
static struct bytes socket_path(struct command *command)
{
	const char *path = command->socket != NULL ? command->socket : command->home.socket;
	char *there = realpath(path, NULL), *here = path[0] == '/' ? NULL : getcwd(NULL, 0);
	struct writer w = writer_in(&command->memory);

	if (there == NULL && here != NULL) {
		write_text(&w, here);
		write_text(&w, "/");
	}
	write_text(&w, there != NULL ? there : path);
	free(there);
	free(here);
	return writer_keep(&w, &command->memory);
}

int federation_invite(struct command *command, int argc, char *argv[])
{
	struct writer w;
	struct bytes genesis, text;
	struct view view;

	if (!no_options(command, argc, argv, 0))
		return EXIT_MISUSE;
	if (!view_take(command, &view))
		return EXIT_MISHAP;
	genesis = genesis_of(command, &view);
	if (genesis.size == 0)
		return fail(command, EXIT_NOT_YET, "nothing is published yet in {0}", "{0} 中尚未公布任何内容",
		            VALUES(view.public));
	text = charter_digest(command, &view);
	struct bytes socket = socket_path(command);
	w = writer_in(&command->memory);
	write_text(&w, FIRST_LINE "\n");
	write_field(&w, "federation", view.federation);
	write_field(&w, "genesis", genesis);
	write_field(&w, "charter", text);
	write_field(&w, "node", socket);
	write_field(&w, "public", view.public);
	text = writer_keep(&w, &command->memory);
	if (command->json) {
		json_object(command, NULL);
		view_json_head(command, &view);
		json_text(command, "genesis", genesis);
		json_text(command, "text", text);
		json_close_object(command);
	} else {
		print_text(command, text);
	}
	next_step(command,
	          "give this text to the new party, and read it the genesis over another channel; it "
	          "runs: comity --home DIR federation join FILE",
	          "将此文本交给新的一方，并经另一渠道核对 genesis；对方执行：comity --home DIR federation join FILE",
	          NULL);
	return EXIT_DONE;
}

/* What an invitation says, and what the node says, are one. */
static bool invitation_holds(struct command *command, const struct view *view, struct bytes text)
{
	struct bytes genesis = genesis_of(command, view), wanted = field_of(text, "genesis");

	if (!bytes_same(field_of(text, "federation"), view->federation) ||
	    !bytes_starts(wanted, bytes_from(view->federation,
	                                     view->ledger.commons.origin.size + 1)) ||
	    (genesis.size > 0 && !bytes_same(genesis, wanted))) {
		fail(command, EXIT_NO, "the node is of another federation than the invitation: {0}",
		     "节点与邀请不属于同一联合体：{0}", VALUES(view->federation));
		return false;
	}
	if (!bytes_same(field_of(text, "charter"), charter_digest(command, view)))
		remark(command, "the charter was amended since the invitation: it is now {0}",
		       "邀请发出之后宪章已修订，现为 {0}", VALUES(charter_digest(command, view)));
	return true;
}

static void tell_charter(struct command *command, const struct view *view)
{
	const struct charter *charter = &view->ledger.commons.charter;
	const struct charter_rule *rule = charter_rule(charter, BYTES("party.admit"));

	if (command->json)
		return;
	remark(command, "charter {0}: {1}", "宪章第 {0} 版：{1}",
	       VALUES(number_text(command, charter->version),
	              in_language(command, charter, charter->titles)));
	if (rule != NULL)
		remark(command, "who is admitted: {0}", "由谁决定接纳：{0}",
		       VALUES(rule_text(command, view, rule)));
}

/* From now on the home knows its federation and, if one was named, the node it talks to. */
static bool home_pin(struct command *command, struct bytes genesis)
{
	struct writer w = writer_in(&command->memory);
	char path[FILE_PATH_MAX];
	struct bytes old;

	if (command->home.genesis_known)
		return true;
	if (!file_path(path, command->home.folder, "comity.conf") ||
	    file_read(path, 65536, &command->memory, &old, NULL) != OK)
		return false;
	struct bytes socket = command->socket != NULL ? socket_path(command) : BYTES("");
	w = writer_in(&command->memory);
	write_bytes(&w, old);
	write_text(&w, "\n[party]\ngenesis = ");
	write_bytes(&w, genesis);
	write_text(&w, "\n");
	if (socket.size > 0) {
		write_text(&w, "socket = ");
		write_bytes(&w, socket);
		write_text(&w, "\n");
	}
	return file_write(path, 0640, writer_keep(&w, &command->memory), true) == OK;
}

/* What an accede says: kind, threshold and keys of the home, and of the officers that were named. */
struct joining {
	struct draft draft;
	const char *add[PARTY_KEYS_MAX];
	unsigned adds;
	uint64_t threshold;
};

static int accede(struct command *command, struct joining *j, struct bytes text)
{
	struct key_list list = {.count = 0};
	struct bytes lines, genesis = field_of(text, "genesis");
	uint8_t octets[DIGEST_SIZE];
	int code;

	if (!hex_read(genesis, octets, DIGEST_SIZE))
		return fail(command, EXIT_NO, "the invitation names no genesis", "邀请中没有 genesis", NULL);
	if (command->socket == NULL && field_of(text, "node").size > 0 && !command->home.genesis_known)
		command->socket = string_of(command, field_of(text, "node"));
	if (!draft_begin(command, &j->draft, ACT_ACCEDE))
		return EXIT_MISHAP;
	if (!invitation_holds(command, &j->draft.view, text))
		return EXIT_NO;
	if (!home_key_lines(command, &lines) || !key_list_add(command, &list, lines))
		return EXIT_MISHAP;
	for (unsigned i = 0; i < j->adds; i++)
		if (!read_input(command, j->add[i], 16384, &lines) || !key_list_add(command, &list, lines))
			return EXIT_MISHAP;
	tell_charter(command, &j->draft.view);
	draft_set(&j->draft, "kind", bytes_of(command->home.kind));
	draft_set(&j->draft, "threshold", number_text(command, j->threshold));
	draft_set(&j->draft, "key", key_list_text(command, &list));
	code = draft_finish(command, &j->draft);
	if ((code == EXIT_DONE || code == EXIT_NOT_YET) && !j->draft.write && !j->draft.dry_run &&
	    !home_pin(command, genesis))
		return EXIT_MISHAP;
	return code;
}

static int options_read(struct command *command, int argc, char *argv[], struct joining *j)
{
	static const struct option OPTIONS[] = {DRAFT_OPTIONS,
	                                        {"add", required_argument, NULL, OPTION_OWN},
	                                        {"threshold", required_argument, NULL, OPTION_OWN + 1},
	                                        {NULL, 0, NULL, 0}};
	int option;

	while ((option = draft_option_next(command, argc, argv, OPTIONS, &j->draft)) != -1) {
		if (option == '?')
			return EXIT_MISUSE;
		if (option == OPTION_OWN && j->adds < PARTY_KEYS_MAX)
			j->add[j->adds++] = optarg;
		else if (option == OPTION_OWN ||
		         !text_number(bytes_of(optarg), PARTY_KEYS_MAX, &j->threshold))
			return misuse_of(command, "a party has at most 16 keys: {0}", "缔约方至多有 16 把密钥：{0}",
			                 VALUES(bytes_of(optarg)));
	}
	return arguments_are(command, argc, argv, 1) ? EXIT_DONE : EXIT_MISUSE;
}

/* A founder signs the founding text; that is its federation, and its signer takes part in no other. */
static int found(struct command *command, const char *name, struct bytes content, const char *out)
{
	struct bytes lines, text = note_text(content, &lines), id;
	struct digest digest = sha256(text);
	struct writer w = writer_in(&command->memory);
	int code;

	write_digest(&w, &digest);
	id = writer_keep(&w, &command->memory);
	if (command->home.genesis_known && !digest_same(&command->home.genesis, &digest)) {
		fail(command, EXIT_NO, "the home is of another federation than {0}: its comity.conf names another genesis",
		     "主目录不属于 {0} 所创立的联合体：其 comity.conf 指定了另一 genesis", VALUES(bytes_of(name)));
		next_step(command, "if that one was never founded, take the line genesis = out of comity.conf",
		          "若那个联合体从未创立，请删去 comity.conf 中的 genesis = 一行", NULL);
		return EXIT_NO;
	}
	code = sign_file(command, name, content, out);
	if (code == EXIT_DONE && !home_pin(command, id))
		return EXIT_MISHAP;
	return code;
}

int federation_join(struct command *command, int argc, char *argv[])
{
	struct joining j = {.threshold = 1};
	struct bytes content;
	int code = options_read(command, argc, argv, &j);

	if (code != EXIT_DONE)
		return code;
	if (!command_home(command) || !read_input(command, argv[optind], NOTE_SIZE_MAX, &content))
		return EXIT_MISHAP;
	if (bytes_starts(content, BYTES(FIRST_LINE "\n")))
		return accede(command, &j, content);
	if (bytes_starts(content, BYTES("comity-genesis/1\n")))
		return found(command, argv[optind], content, j.draft.out);
	fail(command, EXIT_NO, "{0} is neither an invitation nor a founding text",
	     "{0} 既不是邀请，也不是创始文书", VALUES(bytes_of(argv[optind])));
	next_step(command, "a party prints one: comity federation invite",
	          "由缔约方生成邀请：comity federation invite", NULL);
	return EXIT_NO;
}
