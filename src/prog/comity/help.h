/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_HELP_H
#define COMITY_COMITY_HELP_H

/* help.h - the table of commands, for people. */

#include <stdio.h>

#include "prog/comity/command.h"

void help_print(const struct command *command, FILE *to);

#endif
