/* SPDX-License-Identifier: Apache-2.0 */
#ifndef COMITY_COMITY_HOME_LINES_H
#define COMITY_COMITY_HOME_LINES_H

/* home_lines.h - what a home says about its party, as texts that are signed want it. */

#include "prog/comity/command.h"

/* "party" and "key" lines of a genesis, from a home folder or from a file that holds such lines. */
bool home_founder_lines(struct command *command, const char *path, struct bytes *lines);

/* The "key" lines alone, of the home of the command. */
bool home_key_lines(struct command *command, struct bytes *lines);

#endif
