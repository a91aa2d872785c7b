/* SPDX-License-Identifier: Apache-2.0 */
/* comity(1): the command line of a party. One table of commands, one file a noun. */
#include <getopt.h>
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "host/memory.h"
#include "prog/comity/command.h"
#include "prog/comity/nouns.h"

#define MEMORY_SIZE ((size_t)1 << 30)

const struct command_row COMMANDS[] = {
	{"key", "new", key_new, "NAME --kind KIND --origin ORIGIN [--sequencer] [--agent HEX] [--number N --threshold T]",
	 "make a party's home and keys; --sequencer: also the log key", "建立缔约方主目录与密钥；--sequencer：另建日志密钥"},
	{"key", "show", key_show, "", "the public keys of the home, as a genesis or accede lists them",
	 "显示主目录的公钥，格式同创始或加入文书"},
	{"federation", "new", federation_new,
	 "--charter FILE [--import FILE] [--apex NAME] [--time TIME] FOUNDER...",
	 "write the founding text of these founders' homes or key files", "由各创始方的主目录或公钥文件写出创始文书"},
	{"federation", "join", federation_join, "FILE",
	 "sign a founding text, or ask an existing federation to admit the home's party",
	 "签署创始文书，或请求现有联合体接纳本方"},
	{"federation", "invite", federation_invite, "", "what a new party needs to know to join",
	 "新成员加入所需的信息"},
	{"import", NULL, import_run,
	 "[--apex NAME] [--anchor FILE] [--at TIME] [--map FILE] [--parties NAME,...] [--common NAME] "
	 "[--waive-until TIME] [--output FILE] [--verbose] FILE|--from ADDRESS[@PORT]",
	 "turn the zone of another root into a manifest to found a federation on",
	 "把另一个根的区转为清单，供联合体以此创立"},
	{"act", "sign", act_sign, "FILE [--out FILE]", "add the home's signature line to a text or note",
	 "为文本或签名件加上本方签名行"},
	{"act", "send", act_send, "FILE", "submit a signed note", "提交已签名的文书"},
	{"act", "show", act_show, "FILE|ACT-ID", "read an act: what it says, in words, and who signed",
	 "阅读文书：内容、含义与签署者"},
	{"audit", NULL, audit_run, "[--zone FILE] [--out FILE] FOLDER",
	 "replay everything from public files and compare every seal; --zone: and this zone",
	 "由公开文件重放全部历史并核对每个封印；--zone：并核对该区"},
	{"policy", NULL, policy_run, "", "print the policy by which outsiders verify this federation",
	 "打印外部验证本联合体所用的策略"},
	{"prove", NULL, prove_run, "KEY", "print a proof that a record stands, or does not exist",
	 "打印某记录现行有效或不存在的证明"},
	{"verify", NULL, verify_run, "--policy FILE [--zone FILE] PROOF",
	 "check a proof, and the zone it names, without any node", "不依赖节点，核验证明及其所指的区"},
};

const unsigned COMMAND_COUNT = sizeof(COMMANDS) / sizeof(COMMANDS[0]);

static int help(const struct command *command, FILE *to, int code)
{
	fputs(say(command, "usage: comity [--home DIR] [--node SOCKET] [--lang en|zh] [--json] COMMAND\n\n",
	          "用法：comity [--home DIR] [--node SOCKET] [--lang en|zh] [--json] 命令\n\n"),
	      to);
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &COMMANDS[i];
		char name[40];

		snprintf(name, sizeof(name), "%s%s%s", row->noun, row->verb == NULL ? "" : " ",
		         row->verb == NULL ? "" : row->verb);
		fprintf(to, "  %-20s %s\n", name, say(command, row->en, row->zh));
	}
	return code;
}

static bool language_is_chinese(void)
{
	static const char *const NAMES[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

	for (unsigned i = 0; i < 3; i++) {
		const char *value = getenv(NAMES[i]);
		if (value != NULL && value[0] != '\0')
			return strncmp(value, "zh", 2) == 0;
	}
	return false;
}

/* Takes the options that come before the command. How many arguments they were; -1: misuse. */
static int options(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {
		{"home", required_argument, NULL, 'h'}, {"node", required_argument, NULL, 'n'},
		{"lang", required_argument, NULL, 'l'}, {"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, '?'},       {NULL, 0, NULL, 0}};
	int option;

	while ((option = getopt_long(argc, argv, "+", OPTIONS, NULL)) != -1)
		switch (option) {
		case 'h':
			command->home_folder = optarg;
			break;
		case 'n':
			command->socket = optarg;
			break;
		case 'l':
			if (strcmp(optarg, "en") != 0 && strcmp(optarg, "zh") != 0)
				return -1;
			command->chinese = strcmp(optarg, "zh") == 0;
			break;
		case 'j':
			command->json = true;
			break;
		default:
			return -1;
		}
	return optind;
}

static const struct command_row *find(int argc, char *argv[])
{
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		if (argc > 0 && strcmp(argv[0], COMMANDS[i].noun) == 0 &&
		    (COMMANDS[i].verb == NULL || (argc > 1 && strcmp(argv[1], COMMANDS[i].verb) == 0)))
			return &COMMANDS[i];
	return NULL;
}

int main(int argc, char *argv[])
{
	struct command command = {
		.home_folder = getenv("COMITY_HOME"),
		.socket = getenv("COMITY_NODE"),
		.chinese = language_is_chinese(),
		.terminal = isatty(STDOUT_FILENO) != 0,
		.memory = memory_reserve(MEMORY_SIZE),
		.node = {.socket = -1},
	};
	const struct command_row *row;
	int taken;

	signal(SIGPIPE, SIG_DFL);
	command.colour = command.terminal && getenv("NO_COLOR") == NULL &&
	                 (getenv("TERM") == NULL || strcmp(getenv("TERM"), "dumb") != 0);
	if (sodium_init() < 0)
		return fail(&command, EXIT_MISHAP, "libsodium does not start");
	taken = options(&command, argc, argv);
	if (taken < 0)
		return help(&command, stderr, EXIT_MISUSE);
	argc -= taken;
	argv += taken;
	if (argc > 0 && strcmp(argv[0], "help") == 0)
		return help(&command, stdout, EXIT_DONE);
	row = find(argc, argv);
	if (row == NULL)
		return help(&command, stderr, EXIT_MISUSE);
	taken = row->verb == NULL ? 1 : 2;
	/* getopt begins anew (glibc: by 0), behind the command's words. */
	optind = 0;
	argv[taken - 1] = argv[0];
	return row->run(&command, argc - taken + 1, argv + taken - 1);
}
