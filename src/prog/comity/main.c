/* SPDX-License-Identifier: Apache-2.0 */
/* comity(1): the command line of a party. One file per subcommand beside this one. */
#include <stdio.h>
#include <string.h>

#include "prog/comity/import.h"

static const struct command {
	const char *name;
	int (*main)(int argc, char *argv[]); /* argv[0] is the name */
} COMMANDS[] = {
	{"import", import_main},
};

int main(int argc, char *argv[])
{
	for (size_t i = 0; argc > 1 && i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++)
		if (strcmp(argv[1], COMMANDS[i].name) == 0)
			return COMMANDS[i].main(argc - 1, argv + 1);
	fputs("usage: comity COMMAND [ARGUMENT]...\ncommands:", stderr);
	for (size_t i = 0; i < sizeof(COMMANDS) / sizeof(COMMANDS[0]); i++)
		fprintf(stderr, " %s", COMMANDS[i].name);
	fputs("\n", stderr);
	return 2;
}
