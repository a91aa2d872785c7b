/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_HELP_H
#define COMITY_COMITY_HELP_H

/* help.h - the table of commands, for people. */

#include <stdio.h>

#include "prog/comity/command.h"

/* All of it, with what holds for every command. */
void help_print(const struct command *command, FILE *to);

/* The commands of one noun. */
void help_noun(const struct command *command, const char *noun, FILE *to);

/* Usage of the command of these words, of all commands of a noun, or of everything. An exit code. */
int help_of(struct command *command, int argc, char *argv[]);

#endif
