/* SPDX-License-Identifier: Apache-2.0 */
/* comity help: what there is, from the one table; and completion for shells, from the same. */
#include <stdio.h>
#include <string.h>

#include "act/kind.h"
#include "base/text.h"
#include "observing/check.h"
#include "prog/comity/advice.h"
#include "prog/comity/help.h"
#include "prog/comity/json.h"
#include "prog/comity/nouns.h"
#include "prog/comity/print.h"

#define GLOBAL_OPTIONS "--home --node --lang --json --yes --help"

static void row_name(const struct command_row *row, char name[64])
{
	snprintf(name, 64, "%s%s%s", row->noun, row->verb == NULL ? "" : " ",
	         row->verb == NULL ? "" : row->verb);
}

void help_print(const struct command *command, FILE *to)
{
	fputs(say(command,
	          "usage: comity [--home DIR] [--node SOCKET] [--lang en|zh] [--json] [--yes] COMMAND\n\n",
	          "用法：comity [--home DIR] [--node SOCKET] [--lang en|zh] [--json] [--yes] 命令\n\n"),
	      to);
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &COMMANDS[i];
		char name[64];

		row_name(row, name);
		if (i > 0 && strcmp(row->noun, COMMANDS[i - 1].noun) != 0 &&
		    (row->verb != NULL || COMMANDS[i - 1].verb != NULL))
			fputc('\n', to);
		fprintf(to, "  %-20s %s\n", name, say(command, row->en, row->zh));
	}
	fputs(say(command,
	          "\nexit: 0 done, 1 no, 2 misuse, 3 mishap or cannot tell, 4 not yet or stale\n"
	          "more: comity help COMMAND, man comity\n",
	          "\n退出码：0 完成，1 否，2 误用，3 故障或无法判断，4 尚未或过时\n"
	          "详见：comity help 命令，man comity\n"),
	      to);
}

/* Whether the row is of these words; verb NULL: any. */
static bool row_is(const struct command_row *row, const char *noun, const char *verb)
{
	return strcmp(row->noun, noun) == 0 &&
	       (verb == NULL || (row->verb != NULL && strcmp(row->verb, verb) == 0));
}

void help_noun(const struct command *command, const char *noun, FILE *to)
{
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		char name[64];

		if (!row_is(&COMMANDS[i], noun, NULL))
			continue;
		row_name(&COMMANDS[i], name);
		fprintf(to, "  %-20s %s\n", name, say(command, COMMANDS[i].en, COMMANDS[i].zh));
	}
}

static void help_row(struct command *command, const struct command_row *row)
{
	char name[64];

	row_name(row, name);
	if (command->json) {
		json_object(command, NULL);
		json_text(command, "command", bytes_of(name));
		json_text(command, "usage", bytes_of(row->usage));
		json_text(command, "what", bytes_of(say(command, row->en, row->zh)));
		json_close_object(command);
		return;
	}
	printf("comity %s%s%s\n    %s\n", name, row->usage[0] == '\0' ? "" : " ", row->usage,
	       say(command, row->en, row->zh));
}

int help_of(struct command *command, int argc, char *argv[])
{
	const char *noun = argc > 0 ? argv[0] : NULL;
	const char *verb = argc > 1 && argv[1][0] != '-' ? argv[1] : NULL;
	bool found = false;

	if (noun == NULL && !command->json) {
		help_print(command, stdout);
		return EXIT_DONE;
	}
	/* Of a command of one word, what follows are its arguments. */
	if (noun != NULL && command_row(noun, NULL) != NULL)
		verb = NULL;
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		if (noun == NULL || row_is(&COMMANDS[i], noun, verb)) {
			help_row(command, &COMMANDS[i]);
			found = true;
		}
	if (found)
		return EXIT_DONE;
	if (verb == NULL)
		fail(command, EXIT_MISUSE, "no such command: {0}", "没有这个命令：{0}", VALUES(bytes_of(noun)));
	else
		fail(command, EXIT_MISUSE, "no such command: {0} {1}", "没有这个命令：{0} {1}",
		     VALUES(bytes_of(noun), bytes_of(verb)));
	next_step(command, "comity help", "comity help", NULL);
	return EXIT_MISUSE;
}

/* Long options in a usage text: every word that begins with "--", without brackets. */
static void put_options(const char *usage)
{
	for (const char *c = strstr(usage, "--"); c != NULL; c = strstr(c + 1, "--")) {
		size_t size = 2 + strspn(c + 2, "abcdefghijklmnopqrstuvwxyz-");

		printf("%.*s ", (int)size, c);
		c += size - 1;
	}
}

/* Words that a usage text lets one choose from: "yes|no|abstain", all in small letters. */
static void put_choices(const char *usage)
{
	static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz-|";

	while (*usage != '\0') {
		size_t size = strspn(usage, LETTERS), end = strcspn(usage, " []");

		if (size == end && memchr(usage, '|', size) != NULL)
			for (size_t i = 0; i < size; i++)
				putchar(usage[i] == '|' ? ' ' : usage[i]);
		if (size == end && memchr(usage, '|', size) != NULL)
			putchar(' ');
		usage += end + (usage[end] != '\0');
	}
}

/* What `comity explain` knows by a word. */
static void put_explained(void)
{
	enum reason reason = REASON_NONE;

	while ((reason = reason_next(reason)) != REASON_NONE)
		printf("%s ", reason_word(reason));
	for (enum act_kind k = ACT_GENESIS + 1; k < ACT_KINDS; k++)
		printf("%s ", act_row(k)->word);
	for (enum check check = 0; check < CHECKS; check++)
		printf("%s ", check_id(check));
}

/* Whether this row is the first of its noun. */
static bool first_of_noun(unsigned i)
{
	for (unsigned k = 0; k < i; k++)
		if (strcmp(COMMANDS[k].noun, COMMANDS[i].noun) == 0)
			return false;
	return true;
}

static void put_nouns(void)
{
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		if (first_of_noun(i))
			printf("%s ", COMMANDS[i].noun);
}

static void put_verbs(const char *noun)
{
	for (unsigned i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(COMMANDS[i].noun, noun) == 0 && COMMANDS[i].verb != NULL)
			printf("%s ", COMMANDS[i].verb);
}

/* The words that may come, by noun and verb, as cases of a shell: both shells know this form. */
static void put_cases(void)
{
	for (unsigned i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *row = &COMMANDS[i];

		if (row->verb != NULL && first_of_noun(i)) {
			printf("\t\"%s \") choices=\"", row->noun);
			put_verbs(row->noun);
			printf("\" ;;\n");
		}
		printf("\t\"%s %s\"%s) choices=\"", row->noun, row->verb == NULL ? "" : row->verb,
		       row->verb == NULL ? "*" : "");
		put_options(row->usage);
		put_choices(row->usage);
		if (row->run == explain)
			put_explained();
		if (row->run == help)
			put_nouns();
		printf("\" ;;\n");
	}
	printf("\t\"--lang \") choices=\"en zh\" ;;\n");
	printf("\t\" \") choices=\"");
	put_nouns();
	printf(GLOBAL_OPTIONS "\" ;;\n");
}

/* Options before the command take a word of their own; what stands behind "help" is a command. */
#define SCAN                                                                                    \
	"\t\t--home|--node) i=$((i + 1)) ;;\n"                                                  \
	"\t\t--lang) noun=--lang ;;\n"                                                          \
	"\t\t-*) ;;\n"                                                                          \
	"\t\t*) if [[ $noun = --lang ]]; then noun=; elif [[ -z $noun || $noun = help ]]; then noun=$word;\n" \
	"\t\t   elif [[ -z $verb ]]; then verb=$word; fi ;;\n"

static void completion_bash(void)
{
	puts("# bash completion for comity: made by `comity help --completion bash`\n"
	     "_comity() {\n"
	     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} noun= verb= choices= word i\n"
	     "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	     "\t\tword=${COMP_WORDS[i]}\n"
	     "\t\tcase $word in\n" SCAN
	     "\t\tesac\n"
	     "\tdone\n"
	     "\tcase \"$noun $verb\" in");
	put_cases();
	puts("\tesac\n"
	     "\tCOMPREPLY=($(compgen -W \"$choices\" -- \"$cur\"))\n"
	     "}\n"
	     "complete -o default -F _comity comity");
}

static void completion_zsh(void)
{
	puts("#compdef comity\n"
	     "# zsh completion for comity: made by `comity help --completion zsh`\n"
	     "_comity() {\n"
	     "\tlocal noun= verb= choices= word i\n"
	     "\tfor ((i = 2; i < CURRENT; i++)); do\n"
	     "\t\tword=${words[i]}\n"
	     "\t\tcase $word in\n" SCAN
	     "\t\tesac\n"
	     "\tdone\n"
	     "\tcase \"$noun $verb\" in");
	put_cases();
	puts("\tesac\n"
	     "\tcompadd -- ${=choices}\n"
	     "\tif [[ -n $noun ]]; then _files; fi\n"
	     "}\n"
	     "_comity \"$@\"");
}

int help(struct command *command, int argc, char *argv[])
{
	static const struct option OPTIONS[] = {{"completion", required_argument, NULL, 'c'},
	                                        {NULL, 0, NULL, 0}};
	const char *shell = NULL;
	int option;

	while ((option = option_next(command, argc, argv, ":", OPTIONS)) != -1) {
		if (option != 'c')
			return EXIT_MISUSE;
		shell = optarg;
	}
	if (shell != NULL && strcmp(shell, "bash") != 0 && strcmp(shell, "zsh") != 0)
		return misuse(command, "--completion bash, or zsh", "--completion bash 或 zsh");
	if (shell != NULL) {
		(strcmp(shell, "bash") == 0 ? completion_bash : completion_zsh)();
		return EXIT_DONE;
	}
	return help_of(command, argc - optind, argv + optind);
}
