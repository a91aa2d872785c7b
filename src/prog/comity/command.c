/* SPDX-License-Identifier: Apache-2.0 */
#include "prog/comity/command.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/must.h"
#include "base/text.h"
#include "charter/fault.h"
#include "host/file.h"
#include "prog/comity/print.h"

#define ANSWER_MILLISECONDS 30000
#define OPTIONS_MAX         40 /* of one command */

const struct command_row *command_row(const char *noun, const char *verb)
{
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &COMMANDS[i];

		if (strcmp(row->noun, noun) == 0 &&
		    (row->verb == NULL || (verb != NULL && strcmp(row->verb, verb) == 0)))
			return row;
	}
	return NULL;
}

int misuse(const struct command *command, const char *en, const char *zh)
{
	return misuse_of(command, en, zh, NULL);
}

int misuse_of(const struct command *command, const char *en, const char *zh,
              const struct bytes *values)
{
	const struct command_row *row = command->row;

	fail(command, EXIT_MISUSE, en, zh, values);
	if (!command->json)
		fprintf(stderr, "%scomity %s%s%s%s%s\n", say(command, "usage: ", "用法："), row->noun,
		        row->verb == NULL ? "" : " ", row->verb == NULL ? "" : row->verb,
		        row->usage[0] == '\0' ? "" : " ", row->usage);
	return EXIT_MISUSE;
}

/* What getopt_long() did not know: a word of the command line, or a letter of one. */
static void tell_unknown(const struct command *command, char *argv[], const struct option *options)
{
	char letter[3] = {'-', (char)optopt, '\0'};
	const char *word = argv[optind - 1];
	struct nearest nearest = nearest_to(bytes_of(word));
	bool is_long = strncmp(word, "--", 2) == 0;

	misuse_of(command, "no such option: {0}", "没有这个选项：{0}",
	          VALUES(bytes_of(is_long || optopt == 0 ? word : letter)));
	for (const struct option *o = options; is_long && o->name != NULL; o++) {
		struct bytes name = join_text(command, BYTES("--"), bytes_of(o->name));
		nearest_try(&nearest, name);
	}
	if (nearest.best.size > 0)
		next_step(command, "did you mean: {0}", "您是否想用：{0}", VALUES(nearest.best));
}

enum { EVERY_HOME = OPTION_EVERY_FIRST, EVERY_NODE, EVERY_LANG, EVERY_JSON, EVERY_YES };

const struct option EVERY_OPTIONS[] = {
	{"home", required_argument, NULL, EVERY_HOME}, {"node", required_argument, NULL, EVERY_NODE},
	{"lang", required_argument, NULL, EVERY_LANG}, {"json", no_argument, NULL, EVERY_JSON},
	{"yes", no_argument, NULL, EVERY_YES},         {NULL, 0, NULL, 0}};

bool option_of_every(struct command *command, int option)
{
	switch (option) {
	case EVERY_HOME:
		command->home_folder = optarg;
		break;
	case EVERY_NODE:
		command->socket = optarg;
		break;
	case EVERY_JSON:
		command->json = true;
		break;
	case EVERY_YES:
		command->asks = false;
		break;
	default:
		if (strcmp(optarg, "en") != 0 && strcmp(optarg, "zh") != 0) {
			fail(command, EXIT_MISUSE, "--lang: en or zh, not {0}", "--lang：en 或 zh，而非 {0}",
			     VALUES(bytes_of(optarg)));
			next_step(command, "comity help", "comity help", NULL);
			return false;
		}
		command->chinese = strcmp(optarg, "zh") == 0;
	}
	return true;
}

/* The command's own options, then those of every command. */
static void options_join(struct option all[OPTIONS_MAX], const struct option *own)
{
	size_t count = 0;

	for (; own->name != NULL; own++)
		all[count++] = *own;
	must(count + sizeof(EVERY_OPTIONS) / sizeof(EVERY_OPTIONS[0]) <= OPTIONS_MAX);
	memcpy(all + count, EVERY_OPTIONS, sizeof(EVERY_OPTIONS));
}

int option_next(struct command *command, int argc, char *argv[], const char *letters,
                const struct option *options)
{
	struct option all[OPTIONS_MAX];
	int option;

	options_join(all, options);
	while ((option = getopt_long(argc, argv, letters, all, NULL)) >= OPTION_EVERY_FIRST)
		if (!option_of_every(command, option))
			return '?';
	if (option == ':')
		misuse_of(command, "{0} lacks its value", "{0} 缺少取值", VALUES(bytes_of(argv[optind - 1])));
	else if (option == '?')
		tell_unknown(command, argv, all);
	return option == ':' ? '?' : option;
}

bool no_options(struct command *command, int argc, char *argv[], int count)
{
	static const struct option NONE[] = {{NULL, 0, NULL, 0}};

	return option_next(command, argc, argv, ":", NONE) == -1 &&
	       arguments_are(command, argc, argv, count);
}

bool arguments_are(const struct command *command, int argc, char *argv[], int count)
{
	if (argc - optind == count)
		return true;
	if (argc - optind < count)
		misuse(command, "an argument is missing", "缺少参数");
	else
		misuse_of(command, "one argument too many: {0}", "多余的参数：{0}",
		          VALUES(bytes_of(argv[optind + count])));
	return false;
}

bool all_asked(struct command *command, int argc, char *argv[], bool *all)
{
	static const struct option OPTIONS[] = {{"all", no_argument, NULL, 'a'}, {NULL, 0, NULL, 0}};
	int option;

	*all = false;
	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'a')
			return false;
		*all = true;
	}
	return arguments_are(command, argc, argv, 0);
}

bool command_home(struct command *command)
{
	char path[FILE_PATH_MAX];

	if (command->has_home)
		return true;
	if (command->home_folder == NULL) {
		command->instead = EXIT_MISUSE;
		fail(command, EXIT_MISUSE, "whose home? --home DIR, or $COMITY_HOME",
		     "未指定主目录：请用 --home DIR，或设 $COMITY_HOME", NULL);
		return false;
	}
	if (!file_path(path, command->home_folder, "comity.conf") || access(path, R_OK) != 0) {
		fail(command, EXIT_MISHAP, "{0} is not a home: it has no comity.conf that can be read",
		     "{0} 不是主目录：其中没有可读的 comity.conf", VALUES(bytes_of(command->home_folder)));
		next_step(command, "to make one: comity --home DIR key new NAME --kind KIND --origin ORIGIN",
		          "新建：comity --home DIR key new NAME --kind KIND --origin ORIGIN", NULL);
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
		fail(command, EXIT_MISHAP, "{0}: {1}", "{0}：{1}",
		     VALUES(bytes_of(path), bytes_of(strerror(errno))));
		next_step(command,
		          "is comityd running there? start it: comityd --home DIR; a party that uses another "
		          "one's node starts none, and says where that is: socket = PATH in [party] of comity.conf",
		          "那里的 comityd 在运行吗？可启动：comityd --home DIR；使用他方节点的缔约方不必启动，"
		          "只须写明其位置：comity.conf 的 [party] 中 socket = PATH", NULL);
		return false;
	}
	ipc_init(&command->node, s);
	return true;
}

static bool node_say(struct command *command, enum ipc_type question, struct bytes body)
{
	if (!command_node(command))
		return false;
	if (ipc_say(&command->node, question, body) == OK)
		return true;
	fail(command, EXIT_MISHAP, "the node hung up", "节点断开了连接", NULL);
	return false;
}

/* What else comes meanwhile is passed over. The answer is valid until the node is heard again. */
static bool node_hear(struct command *command, enum ipc_type answer, struct bytes *got)
{
	enum ipc_type type;

	do
		if (ipc_wait(&command->node, ANSWER_MILLISECONDS, &type, got) != OK) {
			fail(command, EXIT_MISHAP, "the node does not answer", "节点没有应答", NULL);
			return false;
		}
	while (type != answer);
	return true;
}

bool node_ask(struct command *command, enum ipc_type question, struct bytes body,
              enum ipc_type answer, struct bytes *got)
{
	struct bytes heard;

	if (!node_say(command, question, body) || !node_hear(command, answer, &heard))
		return false;
	*got = arena_copy(&command->memory, heard);
	return true;
}

bool node_list(struct command *command, struct bytes prefix, struct bytes *records)
{
	struct writer w = writer_in(&command->memory);
	struct bytes page;
	bool more = true;

	if (!node_say(command, IPC_LIST, prefix))
		return false;
	while (more) {
		if (!node_hear(command, IPC_RECORDS, &page))
			return false;
		more = ipc_page_goes_on(&page);
		write_bytes(&w, page);
	}
	if (w.full)
		memory_fail(w.size);
	*records = writer_keep(&w, &command->memory);
	return true;
}

struct bytes field_of(struct bytes text, const char *name)
{
	struct text lines = {.rest = text};
	struct bytes line, value;

	while (text_line(&lines, &line))
		if (text_field(line, name, &value))
			return value;
	return BYTES("");
}

bool read_input(struct command *command, const char *path, size_t most, struct bytes *content)
{
	FILE *from = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	struct writer w = writer_in(&command->memory);
	uint8_t piece[65536];
	size_t got = from == NULL ? 0 : fread(piece, 1, sizeof(piece), from);
	bool read;

	for (; got > 0 && w.used <= most; got = fread(piece, 1, sizeof(piece), from))
		write_bytes(&w, (struct bytes){piece, got});
	read = from != NULL && ferror(from) == 0;
	*content = writer_keep(&w, &command->memory);
	if (!read)
		fail(command, EXIT_MISHAP, "{0} cannot be read: {1}", "无法读取 {0}：{1}",
		     VALUES(bytes_of(path), bytes_of(strerror(errno))));
	else if (content->size > most)
		fail(command, EXIT_MISHAP, "{0} is larger than {1} octets", "{0} 超过 {1} 字节",
		     VALUES(bytes_of(path), number_text(command, most)));
	if (from != NULL && from != stdin)
		fclose(from);
	return read && content->size <= most;
}

bool write_output(struct command *command, const char *path, struct bytes content)
{
	if (path != NULL && strcmp(path, "-") != 0)
		return file_write(path, 0644, content, true) == OK;
	if (fwrite(content.at, 1, content.size, stdout) == content.size && fflush(stdout) == 0)
		return true;
	fail(command, EXIT_MISHAP, "standard output: {0}", "标准输出：{0}",
	     VALUES(bytes_of(strerror(errno))));
	return false;
}

const char *string_of(struct command *command, struct bytes text)
{
	char *string = arena_take(&command->memory, text.size + 1);

	if (text.size > 0)
		memcpy(string, text.at, text.size);
	string[text.size] = '\0';
	return string;
}

bool answer_read(char *line, size_t size)
{
	fflush(stdout);
	if (fgets(line, (int)size, stdin) == NULL)
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}
