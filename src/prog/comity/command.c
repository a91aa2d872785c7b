/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "act/act.h"
#include "base/hex.h"
#include "base/text.h"
#include "host/file.h"
#include "note/merkle.h"

#define ANSWER_MILLISECONDS 30000

const char *say(const struct command *command, const char *en, const char *zh)
{
	return command->chinese ? zh : en;
}

int fail(const struct command *command, int code, const char *format, ...)
{
	va_list arguments;

	(void)command;
	fputs("comity: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	return code;
}

int misuse(const struct command *command, const char *noun, const char *verb, const char *why)
{
	fprintf(stderr, "comity: %s\n", why);
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &COMMANDS[i];
		bool same = strcmp(row->noun, noun) == 0 &&
		            (verb == NULL || row->verb == NULL || strcmp(row->verb, verb) == 0);
		if (same)
			fprintf(stderr, "%s comity %s%s%s %s\n", say(command, "usage:", "用法："), row->noun,
			        row->verb == NULL ? "" : " ", row->verb == NULL ? "" : row->verb,
			        row->usage);
	}
	return EXIT_MISUSE;
}

bool command_home(struct command *command)
{
	if (command->has_home)
		return true;
	if (command->home_folder == NULL) {
		fail(command, EXIT_MISUSE, "%s",
		     say(command, "whose home? --home DIR, or $COMITY_HOME",
		         "未指定主目录：请用 --home DIR 或 $COMITY_HOME"));
		return false;
	}
	command->has_home = home_read(&command->home, command->home_folder) == OK;
	return command->has_home;
}

bool command_node(struct command *command)
{
	const char *path = command->socket;
	int s;

	if (command->node.socket >= 0)
		return true;
	if (path == NULL) {
		if (!command_home(command))
			return false;
		path = command->home.socket;
	}
	s = ipc_connect(path);
	if (s < 0) {
		fail(command, EXIT_MISHAP, "%s: %s; %s", path, strerror(errno),
		     say(command, "is comityd running? (comityd --home DIR)",
		         "comityd 在运行吗？（comityd --home DIR）"));
		return false;
	}
	ipc_init(&command->node, s);
	return true;
}

/* One question, one answer; what else comes meanwhile is passed over. */
static bool ask(struct command *command, enum ipc_type question, struct bytes body,
                enum ipc_type answer, struct bytes *got)
{
	enum ipc_type type;
	struct bytes b;

	if (!command_node(command))
		return false;
	if (ipc_say(&command->node, question, body) != OK) {
		fail(command, EXIT_MISHAP, "%s", say(command, "the node hung up", "节点断开了连接"));
		return false;
	}
	do
		if (ipc_wait(&command->node, ANSWER_MILLISECONDS, &type, &b) != OK) {
			fail(command, EXIT_MISHAP, "%s", say(command, "the node does not answer", "节点没有应答"));
			return false;
		}
	while (type != answer);
	*got = arena_copy(&command->memory, b);
	return true;
}

bool records_next(struct bytes *records, struct bytes *record)
{
	size_t size;

	if (records->size < 4)
		return false;
	size = (size_t)records->at[0] << 24 | (size_t)records->at[1] << 16 |
	       (size_t)records->at[2] << 8 | records->at[3];
	if (size > records->size - 4)
		return false;
	*record = (struct bytes){records->at + 4, size};
	*records = bytes_from(*records, 4 + size);
	return true;
}

bool node_get(struct command *command, const char *key, struct bytes *record, bool *found)
{
	struct bytes records;

	if (!ask(command, IPC_GET, bytes_of(key), IPC_RECORDS, &records))
		return false;
	*found = records_next(&records, record);
	return true;
}

bool node_list(struct command *command, const char *prefix, struct bytes *records)
{
	return ask(command, IPC_LIST, bytes_of(prefix), IPC_RECORDS, records);
}

bool node_status(struct command *command, struct bytes *report)
{
	return ask(command, IPC_STATUS, BYTES(""), IPC_REPORT, report);
}

bool node_prove(struct command *command, const char *key, struct bytes *proof)
{
	return ask(command, IPC_PROVE, bytes_of(key), IPC_PROOF, proof);
}

struct bytes field_of(struct bytes text, const char *name)
{
	struct text lines = {.rest = text};
	struct bytes line, value;

	while (text_line(&lines, &line))
		if (text_field(line, name, &value))
			return value;
	return (struct bytes){NULL, 0};
}

bool read_input(struct command *command, const char *path, size_t most, struct bytes *content)
{
	if (strcmp(path, "-") != 0)
		return file_read(path, most, &command->memory, content, NULL) == OK;
	uint8_t *at = arena_take(&command->memory, most);
	size_t used = fread(at, 1, most, stdin);

	*content = (struct bytes){at, used};
	return true;
}

static void print_bytes(FILE *to, struct bytes text)
{
	fwrite(text.at, 1, text.size, to);
}

/* What the node says of an act, for a person or a program. */
static int tell_receipt(const struct command *command, struct bytes receipt)
{
	struct bytes outcome = field_of(receipt, "outcome"), act = field_of(receipt, "act");

	if (command->json) {
		struct text lines = {.rest = receipt};
		struct bytes line, rest;
		bool first = true;

		(void)text_line(&lines, &line);
		putchar('{');
		while (text_line(&lines, &line)) {
			const uint8_t *colon = memchr(line.at, ':', line.size);
			if (colon == NULL)
				continue;
			rest = bytes_from(line, (size_t)(colon - line.at) + 2);
			printf("%s", first ? "" : ",");
			json_string(bytes_first(line, (size_t)(colon - line.at)));
			putchar(':');
			json_string(rest);
			first = false;
		}
		puts("}");
	}
	if (bytes_same(outcome, BYTES("entered")) || bytes_same(outcome, BYTES("already"))) {
		if (!command->json) {
			printf("%s ", say(command,
			                  bytes_same(outcome, BYTES("entered")) ? "entered:" : "entered before:",
			                  bytes_same(outcome, BYTES("entered")) ? "已登记：" : "此前已登记："));
			print_bytes(stdout, act);
			fputs(say(command, ", block ", "，区块 "), stdout);
			print_bytes(stdout, field_of(receipt, "height"));
			putchar('\n');
		}
		return EXIT_DONE;
	}
	fputs("comity: ", stderr);
	fputs(bytes_same(outcome, BYTES("refused")) ? say(command, "refused: ", "被拒绝：")
	                                            : say(command, "not an act: line ", "不是文书：第 "),
	      stderr);
	if (bytes_same(outcome, BYTES("refused"))) {
		print_bytes(stderr, field_of(receipt, command->chinese ? "zh" : "en"));
	} else {
		print_bytes(stderr, field_of(receipt, "line"));
		fputs(say(command, ": ", " 行："), stderr);
		print_bytes(stderr, field_of(receipt, "why"));
	}
	fputc('\n', stderr);
	return EXIT_NO;
}

int submit_note(struct command *command, struct bytes note)
{
	struct bytes receipt;

	if (!ask(command, IPC_SUBMIT, note, IPC_RECEIPT, &receipt))
		return EXIT_MISHAP;
	return tell_receipt(command, receipt);
}

bool slot_of(struct command *command, const char *key, struct bytes *slot)
{
	struct bytes record;
	struct digest leaf;
	bool found;
	char *hex;

	if (!node_get(command, key, &record, &found))
		return false;
	*slot = BYTES("none");
	if (!found)
		return true;
	leaf = merkle_leaf(record);
	hex = arena_take(&command->memory, 64);
	hex_write(hex, digest_bytes(&leaf));
	*slot = (struct bytes){(uint8_t *)hex, 64};
	return true;
}

bool act_begin(struct command *command, int kind, struct act *act)
{
	struct bytes report, federation, charter, version;
	struct ledger_time now;
	uint64_t number;
	bool found;

	if (!command_home(command) || !node_status(command, &report) ||
	    !node_get(command, "charter", &charter, &found))
		return false;
	federation = field_of(report, "federation");
	version = field_of(charter, "version");
	*act = (struct act){.kind = (enum act_kind)kind, .by = bytes_of(command->home.party)};
	if (!text_word(&federation, &act->origin) ||
	    !hex_read(federation, act->federation, ACT_FEDERATION_SIZE) ||
	    !text_number(version, UINT32_MAX, &number) ||
	    !time_read(field_of(report, "clock"), &now)) {
		fail(command, EXIT_MISHAP, "%s", say(command, "the node's report does not read",
		                                     "无法读取节点报告"));
		return false;
	}
	if (!bytes_same(act->origin, bytes_of(command->home.origin))) {
		fail(command, EXIT_NO, "%s",
		     say(command, "the node is of another federation than the home",
		         "节点与主目录不属于同一联合体"));
		return false;
	}
	act->charter = (uint32_t)number;
	act->until.seconds = now.seconds + ACT_UNTIL_DEFAULT;
	return true;
}

/* The text with one signature line, by the home's act key. */
static bool sign(struct command *command, struct bytes text, struct bytes *note)
{
	struct writer w = writer_in(&command->memory);
	struct key key;
	char path[1024];
	bool made;

	home_key_path(&command->home, "act", path);
	if (key_read(&key, path) != OK)
		return false;
	write_bytes(&w, text);
	write_text(&w, "\n");
	made = key_write_line(&w, &key, text) == OK;
	key_wipe(&key);
	*note = writer_keep(&w, &command->memory);
	return made;
}

int act_finish(struct command *command, const struct act *act, bool only_write)
{
	struct writer w = writer_in(&command->memory);
	struct arena scratch = {.size = ACT_SCRATCH_SIZE};
	struct fault fault;
	struct act read;
	struct bytes text, note;

	act_write(&w, act);
	text = writer_keep(&w, &command->memory);
	scratch.at = arena_take(&command->memory, scratch.size);
	if (act_read(text, scratch, &read, &fault) != OK)
		return fail(command, EXIT_MISUSE, "%s %u: %s", say(command, "line", "行"), fault.line,
		            fault.why);
	if (only_write) {
		print_bytes(stdout, text);
		return EXIT_DONE;
	}
	/* What is signed is shown: these octets, nothing else. */
	if (command->terminal && !command->json)
		print_text(text);
	return sign(command, text, &note) ? submit_note(command, note) : EXIT_MISHAP;
}

void json_string(struct bytes text)
{
	putchar('"');
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.at[i];
		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < ' ' || c == 0x7f)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

void print_text(struct bytes text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.at[i];
		if ((c < ' ' && c != '\n') || c == 0x7f)
			printf("\\x%02x", c);
		else
			putchar(c);
	}
}
